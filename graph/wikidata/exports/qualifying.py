"""Whether a tenure's start or end may be added to a statement: only if nothing that we have lies outside of it then.

A person may hold an office more than once, and a statement may mean a longer time than one tenure of ours, or
another one. So a qualifier is doubtful where the statement is told imprecisely, where more than one tenure of ours
answers to it, and where we have the person in the office before the start or after the end that it would have.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graph.dataset import Dataset
from graph.dates import Bounds
from graph.wikidata.comparison import Finding
from graph.wikidata.comparison.ours import Ours
from graph.wikidata.comparison.words import on_days
from graph.wikidata.exports.times import EARLIEST, END, LATEST, START
from graph.wikidata.model import DAY, Snak, Statement, Time
from graph.wikidata.times import tenure_bounds

_IMPRECISE: Final = ("P8554", "P8555", EARLIEST, LATEST)
Held = tuple[str, ...]
"""A person and an office, by our IRIs."""


@dataclass(frozen=True)
class Terms:
    """When somebody held an office by any tenure or document of ours, and how many tenures answer to a statement."""

    told: Mapping[Held, tuple[Bounds, ...]]
    answering: Mapping[str, int]

    @classmethod
    def of(cls, dataset: Dataset, found: Iterable[Finding], tenures: Iterable[str]) -> "Terms":
        """Those of a dataset, with its findings, and the IRIs of its tenures."""
        ours, known, told = Ours(dataset), frozenset(tenures), defaultdict[Held, list[Bounds]](list)
        for said in ours.offices():
            told[said.things].append(said.days)
        for tenure in ours.tenures():
            told[tenure.person, tenure.office].append(tenure.days)
        named = (each for each in found if not known.isdisjoint(each.nodes))
        answering = Counter(mention.statement.iri for each in named for mention in each.mentions)
        return cls({things: tuple(days) for things, days in told.items()}, answering)

    def doubts(self, held: Held, statement: Statement, added: tuple[Snak, ...]) -> Iterator[str]:
        """Why qualifiers must not be added to a statement on somebody in an office, in words."""
        names = " and ".join(each.property for each in added)
        if self.answering.get(statement.iri, 0) > 1:
            yield f"{names}: more than one tenure of ours answers to the statement"
        bounds = [*statement.qualifier(START), *statement.qualifier(END)]
        if not all(_is_a_day(each) for each in bounds):
            yield f"{names}: a date that the statement has is less precise than a day"
        if rough := sorted({each.property for each in statement.qualifiers if each.property in _IMPRECISE}):
            yield f"{names}: the statement has {' and '.join(rough)}"
        together = _together(statement, added)
        for days in dict.fromkeys(each for each in self.told.get(held, ()) if _reaches_beyond(each, together)):
            yield f"{names}: we have the person in the office {on_days(days)}, too, which lies outside"


def _is_a_day(snak: Snak) -> bool:
    return isinstance(snak.value, Time) and snak.value.precision >= DAY


def _together(statement: Statement, added: Iterable[Snak]) -> Bounds:
    """The time that the statement would have."""
    every = (*statement.qualifiers, *added)
    starts, ends = ([each for each in every if each.property == name] for name in (START, END))
    return tenure_bounds(starts, ends)


def _reaches_beyond(told: Bounds, other: Bounds) -> bool:
    """Whether a time certainly begins before another, or certainly ends after it."""
    earlier = told.start_latest and other.start_earliest and told.start_latest < other.start_earliest
    later = told.end_earliest and other.end_latest and told.end_earliest > other.end_latest
    return bool(earlier or later)
