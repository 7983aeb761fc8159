"""The gaps between held meetings of a series that certainly followed each other, and how many days they lasted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate, pairwise

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from graph.namespaces import cq, mint, slug, term
from graph.rules.facts import main
from graph.rules.pattern import ANY, Term, TriplesOf, as_term

_TYPE, _SERIES, _SETTLED = term("rdf:type"), cq("inSeries"), cq("settledStatus")
_BOUNDS = ((cq("startEarliest"), min), (cq("startLatest"), max), (cq("endEarliest"), min), (cq("endLatest"), max))
_ASKED = frozenset({_TYPE, _SERIES, _SETTLED, *(name for name, _ in _BOUNDS)})
_OF = cq("gapOf")
_CONCLUDED = frozenset({_OF, *map(cq, ("gapAfter", "gapBefore", "leastDays", "mostDays"))})


@dataclass(frozen=True)
class Occurrence:
    """A held meeting of a series: what says so, and the facts that give the outermost four bounds of its date."""

    meeting: NamedNode
    said: frozenset[Triple]
    bounds: tuple[Triple, ...]

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The first and the last day on which it may have begun, and on which it may have ended."""
        return tuple(date.fromisoformat(_value(fact)) for fact in self.bounds)

    def is_before(self, other: "Occurrence") -> bool:
        """Whether it was certainly over before the other began."""
        return self.days[3] < other.days[0]


@dataclass(frozen=True)
class Gaps:
    """The rule; it keeps what it concludes series by series."""

    name: str = "gap"
    title: str = "Between meetings of a series that certainly followed each other lies a gap"
    concludes: str = "a gap (cq:Gap) of a series, after one meeting and before another, and how many days it lasted"
    sound_because: str = (
        "both meetings are settled as held, and the first was certainly over before the second began; every other "
        "meeting of the series that is settled as held was certainly over before the first began, or began after "
        "the second was over, and one without a date leaves no gap certain. The days are those between the outermost "
        "bounds that premises give. It says that none is known between, not that there was none. The gap's IRI is "
        "minted from the two meetings, which stand in the conclusion"
    )

    def conclusions(self, facts: Iterable[Triple]) -> set[Triple]:
        """The gaps of all series."""
        store = Store()
        store.extend(Quad(t.subject, t.predicate, t.object) for t in facts if t.predicate in _ASKED)
        triples_of = main(store).match
        return self.of_series({t.object for t in triples_of(ANY, _SERIES, ANY)}, triples_of)

    def of_series(self, series: Iterable[object], triples_of: TriplesOf) -> set[Triple]:
        """The gaps of some series."""
        return {
            triple
            for each in series
            if isinstance(each, NamedNode)
            for first, second in _following(_occurrences(each, triples_of))
            for triple in _gap(each, first, second)
        }

    def premises_of(self, triple: Triple, triples_of: TriplesOf) -> list[frozenset[Triple]]:
        """For each series whose gap it is: what makes each of the two a dated, held meeting of that series."""
        series = sorted({t.object for t in triples_of(as_term(triple.subject), _OF, ANY)}, key=str)
        return [
            first.said.union(second.said, first.bounds, second.bounds)
            for each in series
            if isinstance(each, NamedNode)
            for first, second in _following(_occurrences(each, triples_of))
            if triple in set(_gap(each, first, second))
        ]

    def touched(self, facts: Iterable[Triple], triples_of: TriplesOf) -> tuple[set[Term], set[Triple]]:
        """The series whose gaps some facts may make or end, and everything said of the gaps that they have so far."""
        about = [t for t in facts if t.predicate in _ASKED | _CONCLUDED]
        of = (
            t
            for s in {as_term(t.subject) for t in about}
            for name in (_SERIES, _OF)
            for t in triples_of(s, name, ANY)
        )
        series = {as_term(t.object) for t in (*about, *of) if t.predicate in (_SERIES, _OF)}
        gaps = {as_term(t.subject) for each in series for t in triples_of(ANY, _OF, each)}
        said = {t for gap in gaps for t in triples_of(gap, ANY, ANY)}
        return series.union(as_term(t.object) for t in said if t.predicate == _OF), said


def _occurrences(series: NamedNode, triples_of: TriplesOf) -> list[Occurrence]:
    """The held meetings of a series, in the order of their beginning; none if one has no date, or contrary ones."""
    found = []
    for member in triples_of(ANY, _SERIES, series):
        meeting = member.subject
        held = Triple(meeting, _SETTLED, cq("Held")), Triple(meeting, _TYPE, cq("Meeting"))
        if not isinstance(meeting, NamedNode) or not all(list(triples_of(*fact)) for fact in held):
            continue
        given = [(list(triples_of(meeting, name, ANY)), outermost) for name, outermost in _BOUNDS]
        if not all(facts for facts, _ in given):
            return []
        outer = tuple(outermost(facts, key=_value) for facts, outermost in given)
        if _contradict(given[0][0], given[-1][0], outer):
            return []
        found.append(Occurrence(meeting, frozenset({member, *held}), outer))
    return sorted(found, key=lambda each: (each.days, each.meeting.value))


def _contradict(starts: list[Triple], ends: list[Triple], outer: Sequence[Triple]) -> bool:
    """Whether a source with an open end puts it after all that the others allow, or before."""
    return max(map(_value, starts)) > _value(outer[-1]) or min(map(_value, ends)) < _value(outer[0])


def _value(fact: Triple) -> str:
    return fact.object.value if isinstance(fact.object, Literal) else ""


def _following(found: Sequence[Occurrence]) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Those that certainly followed each other, with every other certainly before or after both."""
    over = list(accumulate((each.days[3] for each in found), max))
    for place, (first, second) in enumerate(pairwise(found)):
        alone_before = not place or over[place - 1] < first.days[0]
        alone_after = place + 2 == len(found) or second.is_before(found[place + 2])
        if first.is_before(second) and alone_before and alone_after:
            yield first, second


def _gap(series: NamedNode, first: Occurrence, second: Occurrence) -> Iterator[Triple]:
    gap = mint("gap", slug(first.meeting.value), slug(second.meeting.value))
    yield Triple(gap, _TYPE, cq("Gap"))
    yield Triple(gap, _OF, series)
    yield Triple(gap, cq("gapAfter"), first.meeting)
    yield Triple(gap, cq("gapBefore"), second.meeting)
    yield Triple(gap, cq("leastDays"), _number((second.days[0] - first.days[3]).days))
    yield Triple(gap, cq("mostDays"), _number((second.days[1] - first.days[2]).days))


def _number(days: int) -> Literal:
    return Literal(str(days), datatype=term("xsd:integer"))
