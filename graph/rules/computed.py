"""Computed rules: what follows by reckoning, which no CONSTRUCT can do; documented and proved like the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import Literal, Triple

from graph.dates import bounds
from graph.namespaces import cq, term
from graph.outer_bounds import bounds_of
from graph.rules.gaps import Gaps
from graph.rules.pattern import ANY, TriplesOf, as_term


class Computed(Protocol):
    """A step that concludes as a rule does: with a name, and its title, conclusion and reason of soundness."""

    @property
    def name(self) -> str: ...  # noqa: D102 - as the class says
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def concludes(self) -> str: ...  # noqa: D102
    @property
    def sound_because(self) -> str: ...  # noqa: D102

    def conclusions(self, facts: Iterable[Triple]) -> set[Triple]:
        """Everything that it concludes from these facts."""

    def premises_of(self, triple: Triple, triples_of: TriplesOf) -> list[frozenset[Triple]]:
        """The minimal sets of facts from which it concludes a triple; none if it does not."""


@dataclass(frozen=True)
class OuterBounds:
    """The step of ``graph.outer_bounds``; facts that come without their sources are taken for those of one."""

    name: str = "outer-bounds"
    title: str = "What sources date has a first and a last day"
    concludes: str = "the first day on which a thing may have begun, and the last on which it may have ended"
    sound_because: str = (
        "the day is the outermost that a source gives, of those that say that the thing came about, or of all that "
        "are admitted if none of those dates it; so the dates of a plan never become those of what was held"
    )

    def conclusions(self, facts: Iterable[Triple]) -> set[Triple]:
        """The bounds of everything that the facts date."""
        return bounds_of([facts])

    def premises_of(self, triple: Triple, triples_of: TriplesOf) -> list[frozenset[Triple]]:
        """For each date whose bound is the day: that date, and the bound."""
        stated, bound = _STATED.get(triple.predicate, (None, ""))
        days = list(triples_of(as_term(triple.subject), stated, as_term(triple.object))) if stated else []
        dates = triples_of(as_term(triple.subject), cq("when"), ANY) if days else ()
        return [frozenset({date, *days}) for date in dates if _bound(date, bound) == triple.object]


_STATED = {
    cq("earliest"): (cq("startEarliest"), "start_earliest"),
    cq("latest"): (cq("endLatest"), "end_latest"),
}


def _bound(date: Triple, bound: str) -> Literal | None:
    """One of the bounds of a date that a triple gives, as a day."""
    if not isinstance(date.object, Literal):
        return None
    return Literal(str(getattr(bounds(date.object.value), bound)), datatype=_DAY)


_DAY = term("xsd:date")

COMPUTED: tuple[Computed, ...] = (Gaps(), OuterBounds())
