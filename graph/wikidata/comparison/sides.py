"""Both sides together, and what hinders a comparison before it begins: no link, no item, no slice."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.dataset import Dataset
from graph.dates import Bounds
from graph.wikidata.comparison.intervals import covers
from graph.wikidata.comparison.ours import Ours
from graph.wikidata.comparison.theirs import Holding, Theirs, item_iri
from graph.wikidata.comparison.verdicts import Verdict
from graph.wikidata.model import Entity

Answer = tuple[Verdict, str]
"""A verdict, and what Wikidata says or does not say, as the second half of a sentence."""


@dataclass(frozen=True)
class Sides:
    """What documents say, and what Wikidata says."""

    ours: Ours
    theirs: Theirs

    @classmethod
    def of(cls, dataset: Dataset) -> "Sides":
        """Those of a dataset."""
        return cls(Ours(dataset), Theirs.of(dataset))

    def name(self, item: str) -> str:
        """What a person or office of Wikidata is called here: by our name if it is linked."""
        ours = self.theirs.ours.get(item)
        return self.ours.name(ours) if ours else self.theirs.name(item)

    def iri(self, item: str) -> str:
        """The IRI under which an item is spoken of: ours if it is linked."""
        return self.theirs.ours.get(item) or item_iri(item)

    def hindrance(self, *things: str) -> Answer | None:
        """Why nothing can be compared about things of ours; None where all are linked and the first has a slice."""
        for thing in things:
            if self.theirs.has_no_item(thing) and thing not in self.theirs.items:
                return "silent", f"Wikidata has no item for {self.ours.name(thing)}, as far as anybody has found"
        for thing in things:
            if thing not in self.theirs.items:
                return "not-linked", f"{self.ours.name(thing)} is not linked to an item of Wikidata"
        if self.theirs.entity(things[0]) is None:
            item = self.theirs.items[things[0]]
            return "not-retrieved", f"there is no slice of {item}, the item of {self.ours.name(things[0])}, here"
        return None

    def unlinked_office(self, person: Entity, office: str, days: Bounds) -> Answer | None:
        """Silence on an office that is not linked: no office that the person's item gives can be that one then."""
        held = [holding for holding in self.theirs.offices_of(person) if self._may_be(holding, office, days)]
        if held:
            return None
        here = " in the slice here" if person.partial else ""
        words = f"Wikidata's item {person.id} says nothing of that office: none of its statements on offices{here}"
        return "silent", f"{words} can mean it"

    def _may_be(self, holding: Holding, office: str, days: Bounds) -> bool:
        """Whether the office of a statement could be this one of ours: judged no other, and not at another time."""
        known = holding.office in self.theirs.ours or self.theirs.is_rejected(office, holding.office)
        return not known and (holding.bounds is None or covers(holding.bounds, days) in ("certainly", "maybe"))


def slices(entities: Iterable[Entity | None]) -> tuple[str, ...]:
    """The slices of entities."""
    return tuple(sorted({entity.graph for entity in entities if entity and entity.graph}))
