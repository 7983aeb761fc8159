"""Times beside each other: which were over before others began, what was surely held, and which age is none."""

from datetime import date
from typing import Final

from graph.dates import Bounds
from graph.wikidata.reconciliation.profiles import Held

YOUNGEST: Final = 15
OLDEST: Final = 110
"""The ages, in years, from and up to which people are taken to hold posts and to take part in things."""
LONGEST_OPEN: Final = 60
"""How many years an office without an end is taken to be held still: after that, the end may simply be missing."""


def before(one: Bounds, other: Bounds) -> bool:
    """Whether the one was over before the other began, for certain."""
    return one.end_latest is not None and other.start_earliest is not None and one.end_latest < other.start_earliest


def apart(one: Bounds, other: Bounds) -> bool:
    """Whether no day can be in both."""
    return before(one, other) or before(other, one)


def covers(held: Held, when: Bounds) -> bool:
    """Whether the office was held on every day that is meant; for some decades, without an end, it is held still."""
    if held.when is None or held.when.start_latest is None or when.start_earliest is None:
        return False
    until, last = held.when.end_earliest, when.end_latest
    ends_later = last is not None and until is not None and last <= until
    is_still = held.is_open and _later(held.when.start_latest, LONGEST_OPEN) >= _later(when.start_earliest)
    return held.when.start_latest <= when.start_earliest and (is_still or ends_later)


def is_no_age(birth: Bounds, seen: Bounds) -> bool:
    """Whether whoever was born then was too young or too old at that time, for certain."""
    return _is_too_young(birth, seen) or _is_too_old(birth, seen)


def _is_too_young(birth: Bounds, seen: Bounds) -> bool:
    first, last = birth.start_earliest, seen.end_latest
    return first is not None and last is not None and _later(first, YOUNGEST) > _later(last)


def _is_too_old(birth: Bounds, seen: Bounds) -> bool:
    last, first = birth.end_latest, seen.start_earliest
    return last is not None and first is not None and _later(last, OLDEST) < _later(first)


def _later(day: date, years: int = 0) -> tuple[int, int, int]:
    """The day some years later, to compare; not every year has a 29 February."""
    return day.year + years, day.month, day.day


def days(when: Bounds | None) -> str:
    """Bounds for people to read: ``2012-12-26 to 2017-08-03``, with what is open left out."""
    if when is None:
        return "without a date"
    start, end = _span(when.start_earliest, when.start_latest), _span(when.end_earliest, when.end_latest)
    if start == end:
        return start
    return f"from {start}" if when.end_latest is None else f"{start} to {end}"


def _span(first: date | None, last: date | None) -> str:
    return f"{first or ''}" if first == last else f"{first or ''}..{last or ''}"
