"""The periods that English phrases name, seen from a day: one table, of which the first line that fits counts."""

import calendar
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from graph.dates import bounds
from graph.dates.spans import MONTHS, Span, months_of

Match = re.Match[str]

_MONTH_NAMES: Final = [name.casefold() for name in calendar.month_name]
_WEEKDAYS: Final = [name.casefold() for name in calendar.day_name]
_SEASONS: Final = {"spring": "21", "summer": "22", "autumn": "23", "fall": "23", "winter": "24"}
_NUMBERS: Final = ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NEAR_DAYS: Final = {"day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2}
_STEPS: Final = {
    **dict.fromkeys(("last", "past", "previous"), -1),
    **dict.fromkeys(("this", "current"), 0),
    **dict.fromkeys(("next", "coming"), 1),
}
_ORDINALS: Final = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_PARTS: Final = {
    **dict.fromkeys(("early", "beginning", "start"), 0),
    **dict.fromkeys(("mid", "middle"), 1),
    **dict.fromkeys(("late", "end"), 2),
}
_DAYS_OF_PARTS: Final = ((1, 10), (11, 20), (21, 31))
_MONTHS_OF_PARTS: Final = ((1, 3), (4, 9), (10, 12))

_STEP: Final = f"({'|'.join(_STEPS)})"
_NUMBER: Final = f"([0-9]{{1,3}}|{'|'.join(_NUMBERS)})"
_UNIT: Final = "(day|week|month|year)"
_MONTH: Final = "(" + "|".join(f"{name[:3]}(?:{name[3:]}|t)?" for name in _MONTH_NAMES[1:]) + ")"
_DAY: Final = "([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = rf"(?: ([0-9]{{4}}|{'|'.join(_STEPS)})(?: year)?)?"
_SEASON: Final = f"({'|'.join(_SEASONS)})"
_LEADING: Final = re.compile(r"(?:on|in|at|during|near|towards?) ")
_REWRITTEN: Final = (
    (r"['’]s\b|[,.](?=\s|$)", ""),
    (r"[–—]", "-"),
    (r"\b(?:the|of|an?(?= (?:day|week|month|year)))\b", lambda word: "a" if word[0][0] == "a" else " "),
    (r"\bmid-", "mid "),
    (rf"\b{_MONTH} +{_DAY} ?- ?{_DAY}( [0-9]{{4}})?\b", r"\1 \2\4 to \1 \3\4"),
    (rf"\b{_DAY} ?- ?{_DAY} +{_MONTH}( [0-9]{{4}})?\b", r"\1 \3\4 to \2 \3\4"),
    (r" - |(?<=[0-9]{4})-(?=[0-9]{4})", " to "),
)


class PeriodError(ValueError):
    """A phrase is understood, and there are no such days."""


@dataclass(frozen=True)
class Period:
    """A way to name a period: an example, which days it names, and how it is read (None: not all is understood)."""

    example: str
    meaning: str
    expression: str
    read: Callable[[Match, date], Span | None]


def plain_words(phrase: str) -> str:
    """The phrase in lower case, without articles, "of", possessive endings and signs, with "to" for a dash."""
    words = phrase.casefold()
    for pattern, instead in _REWRITTEN:
        words = re.sub(pattern, instead, words)
    return " ".join(words.split())


def period(words: str, day: date) -> Span | None:
    """The first and last day that the words name, seen from a day; None if they are not understood.

    Raises :class:`PeriodError` for days that do not exist.
    """
    for each in dict.fromkeys((words, _LEADING.sub("", words, count=1))):
        for known in PERIODS:
            if match := re.fullmatch(known.expression, each):
                try:
                    return known.read(match, day)
                except (ValueError, OverflowError) as error:
                    raise PeriodError(f"there is no such time as '{each}'") from error
    return None


def _unit(unit: str, away: int, day: date) -> Span:
    """The calendar's day, week (from Monday on), month or year that lies so many of them away."""
    if unit in ("day", "week"):
        days = 1 if unit == "day" else 7
        first = day + timedelta(days * away - day.weekday() * (days > 1))
        return first, first + timedelta(days - 1)
    if unit == "month":
        return months_of(day.year, day.month + away, day.month + away)
    return months_of(day.year + away, 1, 12)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else max(1, _NUMBERS.index(text))


def _rest(match: Match, day: date) -> Span:
    first, last = _unit(match[2], 0, day)
    return (first, day) if match[1] == "earlier" else (day, last)


def _part(match: Match, day: date) -> Span | None:
    """The early, middle or late part of a month or a year; other periods have none."""
    part = _PARTS[match[1]]
    whole = _unit(match[2], 0, day) if match[2] in ("month", "year") else period(match[2], day)
    if whole == (year := months_of(day.year if whole is None else whole[0].year, 1, 12)):
        return months_of(year[0].year, *_MONTHS_OF_PARTS[part])
    if whole is None or whole != months_of(whole[0].year, whole[0].month, whole[0].month):
        return None
    first, last = _DAYS_OF_PARTS[part]
    return whole[0].replace(day=first), min(whole[0].replace(day=min(last, whole[1].day)), whole[1])


def _share(match: Match, day: date) -> Span | None:
    """A half or a quarter of a year."""
    whole = _unit("year", 0, day) if match[3] == "year" else period(match[3], day)
    months = 6 if match[2] == "half" else 3
    if whole is None or whole != months_of(whole[0].year, 1, 12):
        return None
    number = range(12 // months)[_ORDINALS[match[1]]]
    return months_of(whole[0].year, number * months + 1, (number + 1) * months)


def _recurring(name: str) -> Callable[[int], Span]:
    """A month or season in any year."""
    if name in _SEASONS:
        return lambda year: months_of(year, *MONTHS[_SEASONS[name]])
    number = next(number for number, each in enumerate(_MONTH_NAMES) if each and each[:3] == name[:3])
    return lambda year: months_of(year, number, number)


def _day_of_month(month: str, number: str, year: str | None, day: date) -> Span:
    def of_year(each: int) -> Span:
        found = _recurring(month)(each)[0].replace(day=int(number))
        return found, found

    return _placed(year, day, of_year)


def _placed(year: str | None, day: date, of_year: Callable[[int], Span]) -> Span:
    """What recurs each year in the year that is named; where none is, the nearest to the day."""
    if year:
        return of_year(day.year + _STEPS[year] if year in _STEPS else int(year))
    return min(_around(day, of_year), key=lambda span: max((span[0] - day).days, (day - span[1]).days, 0))


def _around(day: date, of_year: Callable[[int], Span]) -> Iterator[Span]:
    """In the years around; a 29 February in those that have one."""
    for year in (day.year - 1, day.year, day.year + 1):
        with suppress(ValueError):
            yield of_year(year)


def _last_or_next(match: Match, day: date) -> Span:
    """The last that was over before the day, this week's or year's, or the next that begins after the day."""
    step, name = _STEPS[match[1]], match[2]
    if name in _WEEKDAYS:
        monday = day - timedelta(day.weekday())
        days = [monday + timedelta(7 * weeks + _WEEKDAYS.index(name)) for weeks in (-1, 0, 1)]
        spans = [(each, each) for each in days]
    else:
        spans = [_recurring(name)(day.year + years) for years in range(-2, 3)]
    if step == 0:
        return spans[len(spans) // 2]
    return max(each for each in spans if each[1] < day) if step < 0 else min(each for each in spans if each[0] > day)


def _written(match: Match, day: date) -> Span | None:  # noqa: ARG001 - as all readings are called
    found = bounds(match[0].upper())
    return (found.start_earliest, found.end_latest) if found.start_earliest and found.end_latest else None


PERIODS: Final = (
    Period("yesterday", "that day; or today, tomorrow, the day before yesterday", f"({'|'.join(_NEAR_DAYS)})",
           lambda match, day: _unit("day", _NEAR_DAYS[match[1]], day)),
    Period("last month", "the calendar's; or this, next; day, week (from Monday), year", f"{_STEP} {_UNIT}",
           lambda match, day: _unit(match[2], _STEPS[match[1]], day)),
    Period("two weeks ago", "that day, or that week, month or year of the calendar", f"{_NUMBER} {_UNIT}s? ago",
           lambda match, day: _unit(match[2], -_number(match[1]), day)),
    Period("in three days", "the same to come", f"in {_NUMBER} {_UNIT}s?",
           lambda match, day: _unit(match[2], _number(match[1]), day)),
    Period("later this month", "from the day on to its end; earlier, up to the day",
           "(earlier|later) this (week|month|year)", _rest),
    Period("late April", "from the 21st; early, to the 10th; mid; of a year, its last, first quarter or middle half",
           f"({'|'.join(_PARTS)}) (.+)", _part),
    Period("the second half of 2017", "a half or a quarter", f"({'|'.join(_ORDINALS)}) (half|quarter) (.+)", _share),
    Period("last December", "the last that was over, this year's, the next that begins; a season, a weekday",
           f"{_STEP} ({_MONTH}|{_SEASON}|{'|'.join(_WEEKDAYS)})", _last_or_next),
    Period("March 18", "of the year named, this or last year, else the nearest", f"{_MONTH} {_DAY}{_YEAR}",
           lambda match, day: _day_of_month(match[1], match[2], match[3], day)),
    Period("18 March 2017", "the same", f"{_DAY} {_MONTH}{_YEAR}",
           lambda match, day: _day_of_month(match[2], match[1], match[3], day)),
    Period("February", "of the year named, else the nearest", f"{_MONTH}{_YEAR}",
           lambda match, day: _placed(match[2], day, _recurring(match[1]))),
    Period("the spring of 2017", "March to May; a winter begins in December of its year", f"{_SEASON}{_YEAR}",
           lambda match, day: _placed(match[2], day, _recurring(match[1]))),
    Period("the 2010s", "the ten years", "([0-9]{3})0s",
           lambda match, _: (date(int(f"{match[1]}0"), 1, 1), date(int(f"{match[1]}9"), 12, 31))),
    Period("in 2013", "the year, or what else is one date in EDTF", "[0-9x]{4}(?:-[0-9x]{2}){0,2}", _written),
)  # fmt: skip
"""Each way to name a period."""
