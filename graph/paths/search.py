"""Chains of meetings that time allows: the one with the fewest hops, and the one that arrives first.

H. Wu et al., "Path Problems in Temporal Graphs", PVLDB 7(9), 2014, 721–732: their one pass over contacts in the order
of time for the earliest arrival (algorithm 1), with a meeting for a contact: it brings the word to all who were there
at once. For the fewest hops a search hop by hop from both ends: how soon the word can be with somebody after so many
hops, and how late it may be with somebody so many hops before its end, until the one comes before the other. Each
meeting is looked at once from either end: whoever comes to it first brings the word to the same people on the same
day. So the work is bounded by the participations, and ends as soon as either end has nowhere left to go.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import NamedTuple

from graph.paths.contacts import UNKNOWN, Contacts


class Hop(NamedTuple):
    """At a meeting the word passes from one person to another; all three by number."""

    person: int
    meeting: int
    other: int


Route = tuple[Hop, ...]


@dataclass(frozen=True)
class Question:
    """From whom to whom, at meetings that begin on a day or later (UNKNOWN: whenever) and end before another."""

    source: int
    target: int
    since: int
    before: int


class _Known(NamedTuple):
    """Somebody has the word on a day, by a meeting with somebody else; who begins the chain has it from nobody."""

    day: int
    person: int
    meeting: int = -1
    via: "_Known | None" = None


def routes(contacts: Contacts, asked: Question) -> tuple[Route, Route] | None:
    """The chain that arrives on the earliest day and the one with the fewest hops; one and the same where it can be.

    None where there is no chain.
    """
    short = fewest(contacts, asked)
    if short is None:
        return None
    arrival = contacts.ends[short[-1].meeting]
    return earliest(contacts, replace(asked, before=arrival)) or short, short


def earliest(contacts: Contacts, asked: Question) -> Route | None:
    """The chain by which the word has certainly arrived on the earliest day, if there is one."""
    before = asked.before
    known = {asked.source: _Known(UNKNOWN - 1, asked.source)}
    ready, waiting = {asked.source}, list[tuple[int, int]]()
    for meeting in _while_it_helps(contacts, asked):
        start, end = contacts.starts[meeting], contacts.ends[meeting]
        if start >= before:
            break
        while waiting and waiting[0][0] < start:
            ready.add(heappop(waiting)[1])
        members = contacts.members[meeting]
        if end >= before or ready.isdisjoint(members) or ready.issuperset(members):
            continue
        giver = min(known[each] for each in members if each in ready)
        for person in members:
            if person not in ready and (person not in known or end < known[person].day):
                known[person] = _Known(end, person, meeting, giver)
                heappush(waiting, (end, person))
        if asked.target in known:
            before = known[asked.target].day
    return _onwards(known[asked.target]) if asked.target in known else None


def _while_it_helps(contacts: Contacts, asked: Question) -> range:
    """From the first meeting at which the word can set out to the last at which it can arrive."""
    outset = contacts.later(asked.source, asked.since - 1)
    arrival = contacts.attended[asked.target]
    return range(outset[0], arrival[-1] + 1) if outset and arrival else range(0)


def fewest(contacts: Contacts, asked: Question) -> Route | None:
    """A chain of the fewest hops; None if there is none."""
    ahead, back = _Ahead(contacts, asked), _Back(contacts, asked)
    while ahead.newly and back.newly:
        nearer, farther = (ahead, back) if ahead.work <= back.work else (back, ahead)
        for found in nearer.go_on():
            other = farther.known.get(found.person)
            # The one is with them on a day of time, the other, counted back from the end, on a day below zero.
            if other and found.day + other.day < 0:
                there, thence = (found, other) if nearer is ahead else (other, found)
                return _onwards(there) + _backwards(thence)
    return None


class _Side(ABC):
    """With whom the word is how soon, after some hops from one end of the chain."""

    def __init__(self, contacts: Contacts, person: int, day: int) -> None:
        self.contacts = contacts
        self.newly = [_Known(day, person)]
        self.known = {person: self.newly[0]}
        self._seen: set[int] = set()

    @property
    def work(self) -> int:
        """How many meetings one more hop looks at, at most."""
        return sum(len(self.contacts.attended[each.person]) for each in self.newly)

    def go_on(self) -> Iterator[_Known]:
        """One hop more: whoever has the word by it, or has it sooner."""
        found: dict[int, _Known] = {}
        for giver in sorted(self.newly):
            for meeting, day in self.meetings(giver):
                if meeting not in self._seen:
                    self._seen.add(meeting)
                    for person in self.contacts.members[meeting]:
                        known = found.get(person) or self.known.get(person)
                        if known is None or day < known.day:
                            found[person] = _Known(day, person, meeting, giver)
                            yield found[person]
        self.newly = list(found.values())
        self.known.update(found)

    @abstractmethod
    def meetings(self, giver: _Known) -> Iterator[tuple[int, int]]:
        """Where one who has the word hands it on, and the day on which it is then handed on for certain."""


class _Ahead(_Side):
    """From the source on; days are days of time."""

    def __init__(self, contacts: Contacts, asked: Question) -> None:
        super().__init__(contacts, asked.source, asked.since - 1)
        self._before = asked.before

    def meetings(self, giver: _Known) -> Iterator[tuple[int, int]]:
        """The meetings that begin after the day."""
        ends = self.contacts.ends
        return (
            (each, ends[each]) for each in self.contacts.later(giver.person, giver.day) if ends[each] < self._before
        )


class _Back(_Side):
    """From the target back; days are below zero, so that sooner from this end is later in time."""

    def __init__(self, contacts: Contacts, asked: Question) -> None:
        super().__init__(contacts, asked.target, -asked.before)
        self._since = asked.since

    def meetings(self, giver: _Known) -> Iterator[tuple[int, int]]:
        """The meetings that end before the day."""
        starts, ends = self.contacts.starts, self.contacts.ends
        earlier = self.contacts.earlier(giver.person, -giver.day)
        return ((each, -starts[each]) for each in earlier if ends[each] < -giver.day and starts[each] >= self._since)


def _onwards(known: _Known) -> Route:
    """The hops from the source to here."""
    return tuple(Hop(giver.person, each.meeting, each.person) for each, giver in _chain(known))[::-1]


def _backwards(known: _Known) -> Route:
    """The hops from here to the target."""
    return tuple(Hop(each.person, each.meeting, taker.person) for each, taker in _chain(known))


def _chain(known: _Known) -> Iterator[tuple[_Known, _Known]]:
    """From here to the end, each with the one from whom it has the word."""
    while known.via is not None:
        yield known, known.via
        known = known.via
