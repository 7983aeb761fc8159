"""Wikidata's side: who it says held which office, and when, in statements of every rank but the deprecated.

The best rank (``wdt:``) is never used: of a president's offices it knows the present one, and no other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from graph.dataset import Dataset
from graph.dates import Bounds
from graph.namespaces import expand
from graph.wikidata.comparison.intervals import is_contradictory, is_undated, lasting_until
from graph.wikidata.comparison.verdicts import Mention
from graph.wikidata.entities import Entities, entities
from graph.wikidata.links import Link, accepted, exact, links_in
from graph.wikidata.model import Entity, Statement
from graph.wikidata.times import tenure_bounds

POSITION_HELD: Final = "P39"
START: Final = "P580"
END: Final = "P582"
REPLACES: Final = "P1365"
REPLACED_BY: Final = "P1366"


@dataclass(frozen=True)
class Holding(Mention):
    """A statement that a person held an office (both by their items); ``bounds`` is None where it is not dated."""

    person: str
    office: str
    bounds: Bounds | None

    @property
    def counts(self) -> bool:
        """Whether it is not deprecated; of a rank that the source did not tell, it counts."""
        return self.statement.rank != "deprecated"


@dataclass(frozen=True)
class Theirs:
    """The newest slices by identifier, and the links to them."""

    entities: Entities
    links: tuple[Link, ...]

    @classmethod
    def of(cls, dataset: Dataset, known: Entities | None = None) -> "Theirs":
        """Those of a dataset."""
        read = entities(dataset.wikidata, dataset.retrieved) if known is None else known
        return cls(read, links_in(dataset.links))

    @cached_property
    def items(self) -> Mapping[str, str]:
        """The item that each thing of ours is; where the item was merged into another, that one."""
        return {ours: self.current(item) for ours, item in exact(self.links).items()}

    @cached_property
    def ours(self) -> Mapping[str, str]:
        """The thing of ours that each item is."""
        return {item: ours for ours, item in self.items.items()}

    @cached_property
    def accepted(self) -> tuple[Link, ...]:
        """The links that hold, exact or not."""
        return tuple(accepted(self.links))

    @cached_property
    def redirects(self) -> Mapping[str, str]:
        """The item into which each item that is no more was merged."""
        return {gone: entity.id for entity in self.entities.values() for gone in entity.redirects}

    def current(self, item: str) -> str:
        """The item itself, or the one into which it was merged."""
        return self.redirects.get(item, item)

    def entity(self, ours: str) -> Entity | None:
        """What slices tell of the item that a thing of ours is."""
        return self.entities.get(self.items.get(ours, ""))

    def has_no_item(self, ours: str) -> bool:
        """Whether somebody has judged that Wikidata has no item for a thing of ours."""
        return ours in self._without_item

    def is_rejected(self, ours: str, item: str) -> bool:
        """Whether somebody has judged that an item is not this thing of ours."""
        return self.rejection(ours, item) is not None

    def rejection(self, ours: str, item: str) -> Link | None:
        """The judgement that an item is not this thing of ours, if there is one."""
        return self._rejected.get((ours, item))

    @cached_property
    def _without_item(self) -> frozenset[str]:
        return frozenset(link.subject for link in self.links if link.status == "no-item")

    @cached_property
    def _rejected(self) -> Mapping[tuple[str, str], Link]:
        return {link.pair: link for link in self.links if link.status == "rejected"}

    @cached_property
    def _holdings(self) -> Mapping[str, tuple[Holding, ...]]:
        found: dict[str, list[Holding]] = defaultdict(list)
        for entity in self.entities.values():
            for holding in self._held_by(entity):
                found[holding.office].append(holding)
        return {office: tuple(sorted(held, key=_order)) for office, held in found.items()}

    def _held_by(self, entity: Entity) -> Iterator[Holding]:
        for statement in entity.of(POSITION_HELD):
            if statement.item:
                office = self.current(statement.item)
                yield Holding(statement, entity, entity.id, office, bounds_of(statement, entity))

    def holders(self, office: str) -> tuple[Holding, ...]:
        """All statements, of every rank, that somebody held an office, in the order of time."""
        return self._holdings.get(office, ())

    def offices_of(self, entity: Entity) -> tuple[Holding, ...]:
        """All statements, of every rank, on offices of one person."""
        return tuple(sorted(self._held_by(entity), key=_order))

    def name(self, item: str) -> str:
        """What an item is called: in English, else in any language, else by its identifier."""
        labels = self.entities[item].labels if item in self.entities else {}
        return labels.get("en") or next((labels[each] for each in sorted(labels)), item)


def bounds_of(statement: Statement, entity: Entity) -> Bounds | None:
    """When a statement says that it was; an open end lasts to the day of reading.

    None where it has no dates, or where its end lies before its start.
    """
    text = statement.retrieved or entity.retrieved
    read = date.fromisoformat(text) if text else None
    start, finish = statement.qualifier(START), statement.qualifier(END)
    found = tenure_bounds(start, finish, read)
    if is_undated(found) or is_contradictory(found):
        return None
    has_end = found.end_latest or any(snak.kind == "value" for snak in finish)
    return found if finish and has_end else lasting_until(found, read)


def item_iri(item: str) -> str:
    """The IRI of an item."""
    return expand(f"wd:{item}")


def _order(holding: Holding) -> tuple[str, str, str]:
    bounds = holding.bounds
    start = bounds.start_earliest if bounds else None
    finish = bounds.end_latest if bounds else None
    return (start.isoformat() if start else "", finish.isoformat() if finish else "9", holding.statement.iri)
