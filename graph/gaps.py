"""Gaps: for a held meeting, the days since the last one before it, of its format and company, had ended.

Only certain days count: on which the meeting began, by all who say that it was held, and on which the other ended.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from pyoxigraph import Literal, NamedNode, Triple

from graph.dataset import TYPE
from graph.facts import Known, day, follow, known, nodes
from graph.namespaces import GRAPH_INDEX, cq, term

GAP_DAYS = NamedNode(f"{GRAPH_INDEX.value}#gapDays")

Company = tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """A held meeting: the day on which it certainly began, if any, and the bounds of its end, if given."""

    meeting: NamedNode
    began: str | None
    end: tuple[str, str] | None


def gaps(facts: Mapping[NamedNode, Known], assertions: Mapping[NamedNode, set[Triple]]) -> set[Triple]:
    """For each meeting that has one before it, how many days lie between."""
    groups: dict[tuple[Company, NamedNode], list[Session]] = defaultdict(list)
    for meeting, about in facts.items():
        if cq("Meeting") in about.get(TYPE, ()):
            session = _session(meeting, about, assertions)
            for key in _groups(facts, about):
                groups[key].append(session)
    return {gap(session, day_before) for session, day_before in ended(groups)}


def gap(session: Session, day_before: str) -> Triple:
    """That a meeting began so many days after the last one before it had ended."""
    days = date.fromisoformat(session.began or day_before) - date.fromisoformat(day_before)
    return Triple(session.meeting, GAP_DAYS, Literal(str(days.days), datatype=term("xsd:integer")))


def _session(meeting: NamedNode, about: Known, assertions: Mapping[NamedNode, set[Triple]]) -> Session:
    reports = (known(t for t in assertions[each] if t.subject == meeting) for each in nodes(about, "cq:statedIn"))
    held = [said[meeting] for said in reports if cq("Held") in said[meeting][cq("status")]]
    begins = [(day(said, "startEarliest"), day(said, "startLatest")) for said in held]
    ends = [(day(said, "endEarliest"), day(said, "endLatest")) for said in held]
    starts = [(first, last) for first, last in begins if first and last]
    closes = [(first, last) for first, last in ends if first and last]
    first = min((each for each, _ in starts), default=None)
    certain = first == max((last for _, last in starts), default=None)
    end = (min(each for each, _ in closes), max(last for _, last in closes)) if closes else None
    return Session(meeting, first if certain else None, end)


def _groups(facts: Mapping[NamedNode, Known], about: Known) -> Iterator[tuple[Company, NamedNode]]:
    """The formats of a meeting, each with who was there, or between whom its series is."""
    series = nodes(about, "cq:inSeries")
    sides = follow(facts, nodes(about, "cq:hasParticipation"), "cq:representing") + follow(
        facts, series, "cq:between"
    )
    company = tuple(sorted({side.value for side in sides}))
    if company:
        formats = {*nodes(about, "cq:inFormat"), *follow(facts, series, "cq:ofFormat")}
        yield from ((company, form) for form in formats)


def ended(groups: Mapping[tuple[Company, NamedNode], list[Session]]) -> Iterator[tuple[Session, str]]:
    """For each meeting the last end before it, of all its formats, where that is certain."""
    before: dict[Session, list[tuple[str, str]]] = defaultdict(list)
    for sessions in groups.values():
        ends = sorted((session.end, session.meeting.value) for session in sessions if session.end)
        latest = list(accumulate((last for (_, last), _ in ends), max))
        for session in sessions:
            if session.began:
                before[session] += _last(session, ends, latest)
    for session, found in before.items():
        if found:
            first, last = max(each for each, _ in found), max(each for _, each in found)
            if first == last:
                yield session, last


def _last(session: Session, ends: list[tuple[tuple[str, str], str]], latest: list[str]) -> Iterator[tuple[str, str]]:
    """The greatest bounds of ends by the day on which a session began, its own left out."""
    place = bisect_right(ends, session.began or "", key=lambda each: each[0][0])
    others = (
        [end for end, meeting in ends[:place] if meeting != session.meeting.value] if _is_among(session) else None
    )
    if others is None and place:
        yield ends[place - 1][0][0], latest[place - 1]
    elif others:
        yield max(first for first, _ in others), max(last for _, last in others)


def _is_among(session: Session) -> bool:
    """Whether a session ended on the day on which it began, so that it stands among those before itself."""
    return bool(session.began and session.end and session.end[0] <= session.began)
