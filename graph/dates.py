"""What a document says about a date (EDTF), as the four bounds that dates are compared by.

The `edtf` package parses a single date; what a date *may* mean in days is decided here:

==========================  ==============================================================================
written                     means
==========================  ==============================================================================
``2017-03-20``              that day: it starts and ends on it
``2017-03``, ``2017``       some time in it: start and end each lie anywhere in the month or year
``2017-03-2X``, ``2017-XX`` as the period from the first to the last day that the mask allows
``2017-21`` … ``2017-24``   spring (March to May), summer, autumn, winter (December to the next February)
``2017-33`` … ``2017-36``   the quarters of the year; ``37``–``39`` thirds, ``40`` and ``41`` halves
``[2017-04-21..2017-04-30]`` some one day within; ``[..a]`` by then, ``[a..]`` from then on, ``[a,b]`` either
``2017-04-27/2017-04-28``   lasting from the one to the other; ``a/..``, ``../a``, ``a/`` and ``/a`` are open
==========================  ==============================================================================

``~`` and ``%`` (approximate) widen both ways by one unit of the part that they mark: a year by one year, a
month or season by one month, a day by three days. ``?`` (uncertain) widens nothing: it doubts the statement
and does not make it less precise. A bound that is open is None.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from typing import Final

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

EXPECTED: Final = (
    "a date such as 2017-03-20, 2017-03, 2017, 2017-03~, 2017-03-2X, 2017-21 (spring), 2017-33 (first quarter), "
    "[2017-04-21..2017-04-30] (one day within), [2017-03,2017-05] (one of them), "
    "2017-04-27/2017-04-28 (lasting) or 2017-03-30/.. (open)"
)

_MARK = r"[~?%]?"
_DATE = re.compile(
    rf"({_MARK})([0-9X]{{4}})({_MARK})(?:-({_MARK})([0-9X]{{2}})({_MARK})(?:-({_MARK})([0-9X]{{2}})({_MARK}))?)?"
)
_APPROXIMATE = "~%"
_DAYS_AROUND: Final = 3
_MONTHS: Final = {
    **{"21": (3, 5), "22": (6, 8), "23": (9, 11), "24": (12, 14)},
    **{"33": (1, 3), "34": (4, 6), "35": (7, 9), "36": (10, 12)},
    **{"37": (1, 4), "38": (5, 8), "39": (9, 12), "40": (1, 6), "41": (7, 12)},
}

Span = tuple[date, date]
OpenSpan = tuple[date | None, date | None]


class DateError(ValueError):
    """A text is not a date that we can compare."""


@dataclass(frozen=True)
class Bounds:
    """The first and last day on which something may have started, and may have ended; None is open."""

    start_earliest: date | None
    start_latest: date | None
    end_earliest: date | None
    end_latest: date | None

    def contains(self, other: "Bounds") -> bool:
        """Whether every day that the other allows is allowed by this one, for start and end alike."""
        return (
            _no_later(self.start_earliest, other.start_earliest)
            and _no_later(self.end_earliest, other.end_earliest)
            and _no_earlier(self.start_latest, other.start_latest)
            and _no_earlier(self.end_latest, other.end_latest)
        )


def _no_later(first: date | None, second: date | None) -> bool:
    return first is None or (second is not None and first <= second)


def _no_earlier(first: date | None, second: date | None) -> bool:
    return first is None or (second is not None and first >= second)


@lru_cache(maxsize=4096)
def bounds(text: str) -> Bounds:
    """The four bounds of an EDTF date; raises :class:`DateError` for any other text."""
    if text.startswith("[") and text.endswith("]"):
        return _some_time_in(*_set(text))
    first, slash, last = text.partition("/")
    if slash:
        return _lasting(first, last, text)
    return _some_time_in(*_span(text, text))


def _some_time_in(first: date | None, last: date | None) -> Bounds:
    return Bounds(first, last, first, last)


def _lasting(first: str, last: str, text: str) -> Bounds:
    starts, ends = _end_of_interval(first, text), _end_of_interval(last, text)
    if starts == ends == (None, None):
        raise DateError(f"'{text}' says neither when it starts nor when it ends: leave the date out")
    if starts[0] and ends[1] and starts[0] > ends[1]:
        raise DateError(f"'{text}' ends before it starts: put the earlier date first")
    return Bounds(starts[0], _earlier(starts[1], ends[1]), _later(ends[0], starts[0]), ends[1])


def _end_of_interval(part: str, text: str) -> OpenSpan:
    return (None, None) if part in ("", "..") else _span(part, text)


def _earlier(first: date | None, second: date | None) -> date | None:
    return min(first, second) if first and second else first or second


def _later(first: date | None, second: date | None) -> date | None:
    return max(first, second) if first and second else first or second


def _set(text: str) -> OpenSpan:
    members = [_member(member.strip(), text) for member in text[1:-1].split(",")]
    firsts = [first for first, _ in members if first]
    lasts = [last for _, last in members if last]
    count = len(members)
    return min(firsts) if len(firsts) == count else None, max(lasts) if len(lasts) == count else None


def _member(member: str, text: str) -> OpenSpan:
    first, dots, last = member.partition("..")
    if not dots:
        return _span(member, text)
    if not first and not last:
        raise _refusal(text)
    begin = _span(first, text)[0] if first else None
    end = _span(last, text)[1] if last else None
    if begin and end and begin > end:
        raise DateError(f"'{text}' ends before it starts: put the earlier date first")
    return begin, end


def _span(part: str, text: str) -> Span:
    """The first and last day that one date may mean."""
    match = _DATE.fullmatch(part)
    if match is None or not _parses(part):
        raise _refusal(text)
    _, year, _, _, month, _, _, day, _ = match.groups()
    try:
        span = _season(year, month) if month in _MONTHS else _masked(year, month or "XX", day or "XX")
        return _widen(span, match)
    except (OverflowError, StopIteration) as error:
        raise _refusal(text) from error


def _refusal(text: str) -> DateError:
    return DateError(f"'{text}' is not a date we can compare; write {EXPECTED}")


def _parses(part: str) -> bool:
    try:
        parse_edtf(part)
    except (EDTFParseException, ValueError):
        return False
    return True


def _season(year: str, code: str) -> Span:
    first, last = _MONTHS[code]
    lowest, highest = (list(_numbers(year, MINYEAR, MAXYEAR, order)) for order in (1, -1))
    return _month_start(lowest[0], first), _month_end(highest[0], last)


def _masked(year: str, month: str, day: str) -> Span:
    return next(_days(year, month, day, 1)), next(_days(year, month, day, -1))


def _days(year: str, month: str, day: str, order: int) -> Iterator[date]:
    """The days that fit a mask, from the first on (order 1) or from the last back (order -1)."""
    for y in _numbers(year, MINYEAR, MAXYEAR, order):
        for m in _numbers(month, 1, 12, order):
            for d in _numbers(day, 1, calendar.monthrange(y, m)[1], order):
                yield date(y, m, d)


def _numbers(mask: str, lowest: int, highest: int, order: int) -> Iterator[int]:
    pattern = re.compile(mask.replace("X", "[0-9]"))
    numbers = range(lowest, highest + 1)[::order] if "X" in mask else (int(mask),)
    return (
        number for number in numbers if lowest <= number <= highest and pattern.fullmatch(f"{number:0{len(mask)}}")
    )


def _widen(span: Span, match: re.Match[str]) -> Span:
    marked = [_is_approximate(match, part) for part in (1, 4, 7)]
    if marked[0]:
        return _shift_months(span, 12)
    if marked[1]:
        return _shift_months(span, 1)
    around = timedelta(_DAYS_AROUND if marked[2] else 0)
    return span[0] - around, span[1] + around


def _is_approximate(match: re.Match[str], part: int) -> bool:
    return any(mark and mark in _APPROXIMATE for mark in (match[part], match[part + 2]))


def _shift_months(span: Span, months: int) -> Span:
    """The span widened by whole months; a day that a month lacks becomes that month's last."""
    return _add_months(span[0], -months), _add_months(span[1], months)


def _add_months(day: date, months: int) -> date:
    years, index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, index + 1
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(year)
    length = calendar.monthrange(year, month)[1]
    was_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month, length if was_last and months > 0 else min(day.day, length))


def _month_start(year: int, month: int) -> date:
    return _add_months(date(year, 1, 1), month - 1)


def _month_end(year: int, month: int) -> date:
    return _add_months(date(year, 1, 31), month - 1)
