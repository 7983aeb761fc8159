"""What a pair is seen against: the entities at hand, how they use each other, and what was judged so far."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from graph.wikidata.links import Link, accepted, exact
from graph.wikidata.model import Entity
from graph.wikidata.reconciliation.profiles import POSITION, label

_OF_STATES: Final = ("P17", "P27")


@dataclass(frozen=True)
class Ground:
    """The entities at hand, the items that are linked by our IRI, and the pairs that were rejected.

    ``related`` are the items to which a thing of ours is linked in any way.
    """

    entities: Mapping[str, Entity] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    rejected: frozenset[tuple[str, str]] = frozenset()
    related: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def things(self) -> Mapping[str, str]:
        """Our IRI of each item that is linked."""
        return {item: iri for iri, item in self.items.items()}

    @cached_property
    def uses(self) -> frozenset[tuple[str, str]]:
        """Kinds and the items that Wikidata uses as such: who holds a position, what is held, whose citizen one is.

        Rows of its query service tell no classes. By its own constraints a position is held by a person.
        """
        return frozenset(use for entity in self.entities.values() for use in _uses(entity))

    def label(self, item: str) -> str:
        """An item by name and identifier."""
        entity = self.entities.get(item)
        return f"{label(entity)} ({item})" if entity else item


def _uses(entity: Entity) -> Iterator[tuple[str, str]]:
    held = entity.items(POSITION)
    yield from (("person", entity.id) for _ in held)
    yield from (("office", item) for item in held)
    yield from (("state", item) for property_ in _OF_STATES for item in entity.items(property_))


def ground_of(entities: Mapping[str, Entity], links: Iterable[Link]) -> Ground:
    """The ground of some entities and judgements."""
    held = [*links]
    related: dict[str, frozenset[str]] = {}
    for link in accepted(held):
        related[link.subject] = related.get(link.subject, frozenset()) | {link.object}
    rejected = frozenset(link.pair for link in held if link.status == "rejected")
    return Ground(entities, exact(held), rejected, related)
