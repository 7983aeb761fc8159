"""What Wikidata's times mean in days: the bounds that dates are compared by.

=============  =================================================================================================
precision      a time with it means
=============  =================================================================================================
11, and finer  that day (an hour, minute or second is not told by days)
10, 9          some day in the month, in the year; what else the text says, often ``01-01``, means nothing
8              some day in the decade from the year that ends in 0: ``+1995`` is 1990 to 1999
7, 6           some day in the century, the millennium, counted from 1: ``+1995``, ``+2000`` are both in 1901 to 2000
5 … 0          nothing that days can tell: the years 1 to 9999 lie within one such span
=============  =================================================================================================

A time in the Julian calendar is converted to the proleptic Gregorian one, its first day and its last. Days before
the year 1 and after 9999 cannot be told: a time that lies before is "by 0001-01-01", one after is "from 9999-12-31
on". The year 0, and any calendar but these two, say nothing.
"""

import re
from calendar import isleap
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from graph.dates import Bounds
from graph.wikidata.model import DAY, GREGORIAN, JULIAN, MONTH, YEAR, Snak, Time
from graph.wikidata.shape.dates import to_gregorian

DECADE: Final = 8
CENTURY: Final = 7
MILLENNIUM: Final = 6

_TIME: Final = re.compile(r"([-+][0-9]+)-([0-9]{2})-([0-9]{2})T.*")
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY: Final = 2
# Within these every Julian year has days that Python can tell; a little more on both sides does no harm.
_YEARS: Final = range(-1, 10001)

Day = tuple[int, int, int]
Span = tuple[date | None, date | None]
OPEN: Final[Span] = (None, None)


def bounds_of(time: Time) -> Bounds:
    """The days on which something may have been that happened at a time."""
    return Bounds.some_time_in(*span_of(time))


def span_of(time: Time) -> Span:
    """The first and the last day that a time may mean; None is open."""
    match = _TIME.fullmatch(time.time)
    if match is None or not int(match[1]) or time.calendar not in (GREGORIAN, JULIAN):
        return OPEN
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if year < 0:
        year += 1
    return _between(*_days(year, month, day, time), julian=time.calendar == JULIAN)


def tenure_bounds(starts: Sequence[Snak], ends: Sequence[Snak], retrieved: date | None = None) -> Bounds:
    """The bounds of what lasts from a start to an end, each as qualifiers tell it.

    Of several values any may be right. Where nothing is said, and where the start is unknown, the bound is open. An
    end that is unknown (somevalue) is one by the day of retrieval; that there is none (novalue) was true on that day;
    both are open if no day is given. Contradiction shows: where all ends lie before all starts, so do the bounds.
    """
    kinds = {each.kind for each in ends}
    first, latest_start = OPEN if any(each.value is None for each in starts) else _any_of(starts)
    earliest_end, last = _any_of(ends)
    if "somevalue" in kinds:
        known = last or not any(each.value for each in ends)
        earliest_end, last = None, max(last or retrieved, retrieved) if known and retrieved else None
    if "novalue" in kinds:
        earliest_end, last = earliest_end or retrieved, None
    if first and last and first > last:
        return Bounds(first, latest_start, earliest_end, last)
    narrowed = min((day for day in (latest_start, last) if day), default=None)
    widened = max((day for day in (earliest_end, first) if day), default=None)
    return Bounds(first, narrowed, widened, last)


def _any_of(snaks: Iterable[Snak]) -> Span:
    spans = [span_of(each.value) for each in snaks if isinstance(each.value, Time)]
    firsts, lasts = [first for first, _ in spans if first], [last for _, last in spans if last]
    return (
        min(firsts) if firsts and len(firsts) == len(spans) else None,
        max(lasts) if lasts and len(lasts) == len(spans) else None,
    )


def _days(year: int, month: int, day: int, time: Time) -> tuple[Day, Day]:
    """The first and the last day, in the time's own calendar and with astronomical years."""
    month = min(max(month, 1), 12)
    if time.precision >= DAY:
        only = (year, month, max(day, 1))
        return only, only
    if time.precision == MONTH:
        return (year, month, 1), (year, month, _length(year, month, julian=time.calendar == JULIAN))
    first, last = _years(year, time.precision)
    return (first, 1, 1), (last, 12, 31)


def _length(year: int, month: int, *, julian: bool) -> int:
    leap = year % 4 == 0 if julian else isleap(year)
    return _LENGTHS[month - 1] + (month == _FEBRUARY and leap)


def _years(year: int, precision: int) -> tuple[int, int]:
    if precision == YEAR:
        return year, year
    if precision == DECADE:
        return year - year % 10, year - year % 10 + 9
    if precision in (CENTURY, MILLENNIUM):
        length = 100 if precision == CENTURY else 1000
        first = (year - 1) // length * length + 1
        return first, first + length - 1
    length = 10 ** (YEAR - precision)
    first = (year - 1) // length * length + 1
    return first, first + length - 1


def _between(first: Day, last: Day, *, julian: bool) -> Span:
    begin, end = (_told(day, julian=julian) for day in (first, last))
    if isinstance(begin, date) and isinstance(end, date):
        return begin, end
    return (
        date.max if begin == "after" else begin if isinstance(begin, date) else None,
        date.min if end == "before" else end if isinstance(end, date) else None,
    )


def _told(day: Day, *, julian: bool) -> date | str:
    """A day as Python can tell it; else whether it lies before the year 1 or after 9999."""
    year, month, number = to_gregorian(*day) if julian and day[0] in _YEARS else day
    if not date.min.year <= year <= date.max.year:
        return "before" if year < date.min.year else "after"
    return date(year, month, min(number, _length(year, month, julian=False)))
