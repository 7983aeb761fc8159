"""The first and last day that a single EDTF date may mean."""

import calendar
import re
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, timedelta
from itertools import product
from typing import Final

EXPECTED: Final = (
    "a date such as 2017-03-20, 2017-03, 2017, 2017-03~, 2017-03-2X, 2017-21 (spring), 2017-33 (first quarter), "
    "[2017-04-21..2017-04-30] (one day within), [2017-03,2017-05] (one of them), "
    "2017-04-27/2017-04-28 (lasting) or 2017-03-30/.. (open)"
)
MONTHS: Final = {
    **{"21": (3, 5), "22": (6, 8), "23": (9, 11), "24": (12, 14)},
    **{"25": (3, 5), "26": (6, 8), "27": (9, 11), "28": (12, 14)},
    **{"29": (9, 11), "30": (12, 14), "31": (3, 5), "32": (6, 8)},
    **{"33": (1, 3), "34": (4, 6), "35": (7, 9), "36": (10, 12)},
    **{"37": (1, 4), "38": (5, 8), "39": (9, 12), "40": (1, 6), "41": (7, 12)},
}
"""Seasons, quarters, thirds and halves: the first and last month, counted from January of their year."""
DAYS_AROUND: Final = 3

_MARK = r"[~?%]?"
_DATE = re.compile(
    rf"({_MARK})([0-9X]{{4}})({_MARK})(?:-({_MARK})([0-9X]{{2}})({_MARK})(?:-({_MARK})([0-9X]{{2}})({_MARK}))?)?"
)
_APPROXIMATE = "~%"
_MEANINGLESS: Final = (
    (re.compile(r"\{.*\}"), "it says all of several dates: give each event its own"),
    (re.compile(r"[0-9-]{8,10}T.*"), "it has a time of day: write the day alone"),
    (re.compile(r"Y-?[0-9E]+(S[0-9]+)?"), "years here have four digits, from 0001 to 9999"),
    (re.compile(r"-[0-9X]{4}.*|0000.*"), "years here begin with 0001"),
    (re.compile(r"[0-9]{4}S[0-9]+"), "for significant digits write which are not known, such as 195X"),
)

Span = tuple[date, date]


class DateError(ValueError):
    """A text is not a date that we can compare, or days are none that EDTF can tell."""


def span(part: str, text: str) -> Span:
    """The days of one date, which stands in a text; raises :class:`DateError`."""
    match = _DATE.fullmatch(part)
    if match is None:
        raise refusal(text, part)
    _, year, _, _, month, _, _, day, _ = match.groups()
    if month in MONTHS and day:
        raise refusal(text)
    try:
        found = _season(year, month) if month in MONTHS else _masked(year, month or "XX", day or "XX")
        return _widen(found, match)
    except (OverflowError, StopIteration, ValueError) as error:
        raise refusal(text, part) from error


def refusal(text: str, part: str = "") -> DateError:
    """Why a text is no date: what the part that cannot be read is known to be, or what is expected."""
    reason = next((reason for pattern, reason in _MEANINGLESS if pattern.fullmatch(part)), None)
    return DateError(f"'{text}' is not a date we can compare; {reason or f'write {EXPECTED}'}")


def add_months(day: date, months: int) -> date:
    """The same day so many months on; one that a month lacks becomes its last. Raises OverflowError."""
    years, index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, index + 1
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(year)
    length = calendar.monthrange(year, month)[1]
    was_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month, length if was_last and months > 0 else min(day.day, length))


def months_of(year: int, first: int, last: int) -> Span:
    """From the first day of one month to the last of another, both counted from January of the year."""
    return add_months(date(year, 1, 1), first - 1), add_months(date(year, 1, 31), last - 1)


def _season(year: str, code: str) -> Span:
    first, last = (next(_numbers(year, MINYEAR, MAXYEAR, order)) for order in (1, -1))
    return months_of(first, *MONTHS[code])[0], months_of(last, *MONTHS[code])[1]


def _masked(year: str, month: str, day: str) -> Span:
    if "X" not in year + month + day:
        only = date(int(year), int(month), int(day))
        return only, only
    return next(_days(year, month, day, 1)), next(_days(year, month, day, -1))


def _days(year: str, month: str, day: str, order: int) -> Iterator[date]:
    """The days that fit a mask, from the first on (order 1) or from the last back (order -1)."""
    for y in _numbers(year, MINYEAR, MAXYEAR, order):
        for m in _numbers(month, 1, 12, order):
            for d in _numbers(day, 1, calendar.monthrange(y, m)[1], order):
                yield date(y, m, d)


def _numbers(mask: str, lowest: int, highest: int, order: int) -> Iterator[int]:
    choices = ("0123456789"[::order] if sign == "X" else sign for sign in mask)
    numbers = (int("".join(digits)) for digits in product(*choices))
    return (number for number in numbers if lowest <= number <= highest)


def _widen(found: Span, match: re.Match[str]) -> Span:
    marked = [_is_approximate(match, part) for part in (1, 4, 7)]
    if marked[0]:
        return add_months(found[0], -12), add_months(found[1], 12)
    if marked[1]:
        return add_months(found[0], -1), add_months(found[1], 1)
    around = timedelta(DAYS_AROUND if marked[2] else 0)
    return found[0] - around, found[1] + around


def _is_approximate(match: re.Match[str], part: int) -> bool:
    return any(mark and mark in _APPROXIMATE for mark in (match[part], match[part + 2]))
