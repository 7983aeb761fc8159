"""Who took part in which held meeting, and when: in arrays of numbers, in the order of time.

At 300,000 meetings with seven people each that is about 20 MB, and 30 MB of names.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

UNKNOWN: Final = 0
"""The first day of a meeting that may have begun at any time: it comes before all others."""


@dataclass(frozen=True)
class Meeting:
    """A held meeting: its first and last possible day, and who took part. Without a last day it never helps."""

    iri: str
    earliest: date | None
    latest: date
    people: list[str]


class Lists:
    """Lists of numbers, one after the other in one array."""

    def __init__(self, lists: Iterable[Iterable[int]]) -> None:
        self._numbers = array("I")
        self._starts = array("I", [0])
        for each in lists:
            self._numbers.extend(each)
            self._starts.append(len(self._numbers))

    def __getitem__(self, place: int) -> "array[int]":
        return self._numbers[self._starts[place] : self._starts[place + 1]]


class Contacts:
    """The meetings by number, in the order of their first possible days, and the people by number."""

    def __init__(self, meetings: Iterable[Meeting]) -> None:
        ordered = sorted(meetings, key=lambda each: (_first(each), each.latest, each.iri))
        self.meetings = [each.iri for each in ordered]
        self.starts = array("i", map(_first, ordered))
        self.ends = array("i", (each.latest.toordinal() for each in ordered))
        self.people = sorted({person for each in ordered for person in each.people})
        self.number = {person: number for number, person in enumerate(self.people)}
        self.members = Lists(sorted({self.number[person] for person in each.people}) for each in ordered)
        attended: list[list[int]] = [[] for _ in self.people]
        for number in range(len(ordered)):
            for person in self.members[number]:
                attended[person].append(number)
        self.attended = Lists(attended)

    def later(self, person: int, day: int) -> "array[int]":
        """The meetings of a person that certainly begin after a day."""
        attended = self.attended[person]
        return attended[bisect_left(attended, bisect_right(self.starts, day)) :]

    def earlier(self, person: int, day: int) -> "array[int]":
        """The meetings of a person that may begin before a day."""
        attended = self.attended[person]
        return attended[: bisect_left(attended, bisect_left(self.starts, day))]


def _first(meeting: Meeting) -> int:
    return meeting.earliest.toordinal() if meeting.earliest else UNKNOWN
