"""A link: one judgement on whether a thing of ours and an item of Wikidata are the same (SSSOM's *mapping*)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

Status = Literal["accepted", "rejected", "no-item", "candidate", "stale"]
STATUSES: Final[tuple[Status, ...]] = ("accepted", "rejected", "no-item", "candidate", "stale")
EXACT: Final = "skos:exactMatch"
PREDICATES: Final = (EXACT, "skos:closeMatch", "skos:broadMatch")


class LinkError(ValueError):
    """A link cannot be read, or cannot stand beside the others; the message says which one and what to do."""


@dataclass(frozen=True)
class Link:
    """One judgement.

    ``subject`` is our IRI, ``object`` the item (``Q7747``), empty if there is none. ``revision`` is the revision of
    the item that was seen, or the day on which it was recorded; ``agreed`` the independent facts that agreed, in
    words. ``date`` is the day of the judgement, ``confidence`` a number from 0 to 1, or empty. ``place`` is where the
    link stands: file and line.
    """

    subject: str
    predicate: str
    object: str
    status: Status
    justification: str
    author: str
    date: str
    subject_label: str = ""
    object_label: str = ""
    revision: str = ""
    agreed: tuple[str, ...] = ()
    confidence: str = ""
    comment: str = ""
    place: str = field(default="", compare=False)

    @property
    def pair(self) -> tuple[str, str]:
        """What is judged."""
        return self.subject, self.object


def accepted(links: Iterable[Link]) -> list[Link]:
    """The links that are published: whoever judged has found that they hold."""
    return [link for link in links if link.status == "accepted"]


def exact(links: Iterable[Link]) -> dict[str, str]:
    """The item that each thing of ours is, by our IRI: accepted exact matches only."""
    return {link.subject: link.object for link in accepted(links) if link.predicate == EXACT}
