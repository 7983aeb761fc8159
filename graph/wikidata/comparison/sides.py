"""Both sides together, and what hinders a comparison before it begins: no link, no item, no slice."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.dataset import Dataset
from graph.dates import Bounds
from graph.wikidata.comparison.intervals import covers
from graph.wikidata.comparison.ours import Ours
from graph.wikidata.comparison.theirs import POSITION_HELD, Holding, Theirs, item_iri
from graph.wikidata.comparison.verdicts import Mention, Verdict
from graph.wikidata.entities import Entities
from graph.wikidata.model import Entity

Answer = tuple[Verdict, str]
"""A verdict, and what Wikidata says or does not say, as the second half of a sentence."""


@dataclass(frozen=True)
class Sides:
    """What documents say, and what Wikidata says."""

    ours: Ours
    theirs: Theirs

    @classmethod
    def of(cls, dataset: Dataset, known: Entities | None = None) -> "Sides":
        """Those of a dataset."""
        return cls(Ours(dataset), Theirs.of(dataset, known))

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
        if not self.theirs.offices_of(person):
            return "silent", says_nothing(person, "that office")
        here = " in the slice here" if person.partial else ""
        words = f"Wikidata's item {person.id} says nothing of that office: none of its statements on offices{here}"
        return "silent", f"{words} can mean it"

    def _may_be(self, holding: Holding, office: str, days: Bounds) -> bool:
        """Whether the office of a statement could be this one of ours: judged no other, and not at another time."""
        known = holding.office in self.theirs.ours or self.theirs.is_rejected(office, holding.office)
        return not known and (holding.bounds is None or covers(holding.bounds, days) in ("certainly", "maybe"))


def says_nothing(person: Entity, of: str) -> str:
    """That an item has nothing of an office, or of a term, as far as its slices tell."""
    item = f"Wikidata's item {person.id}"
    if not person.partial:
        return f"{item} says nothing of {of}"
    if not any(person.of(POSITION_HELD)):
        return f"no statement of {item} on any office is here, as the slice has only some of its statements"
    return f"{item} says nothing of {of} in the slice here, which has only some of its statements"


def looked_into(mentions: Iterable[Mention], *entities: Entity | None) -> tuple[str, ...]:
    """The slices in which statements stand; of an entity of which none is mentioned, all that tell of it."""
    shown = [*mentions]
    others = [each for each in entities if each and each.id not in {mention.entity.id for mention in shown}]
    stands = {mention.graph for mention in shown}
    told = {graph for each in others for graph in (each.graph, *(part.graph for part in each.statements))}
    return tuple(sorted((stands | told) - {""}))
