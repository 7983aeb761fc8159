"""Bounds → EDTF: the plainest text that means these days and no others.

Several texts may mean the same days; a mark or a season is used only where nothing plainer will do, for what a text
*said* cannot be known from days. An end of an interval is one date, so not all bounds can be told: then there is
:func:`edtf_around`, for what is wider.
"""

import calendar
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import product
from typing import Final

from graph.dates.reading import Bounds, OpenSpan, bounds
from graph.dates.spans import DAYS_AROUND, MONTHS, DateError, Span, add_months, span

_QUARTERS: Final = ("33", "34", "35", "36")

Fits = Callable[[Span], bool]


def edtf_of(found: Bounds) -> str:
    """The EDTF text that has these bounds; raises :class:`DateError` where there is none."""
    text = _some_time(found) if _is_some_time(found) else _lasting(found, _start_fits(found), _end_fits(found))
    if text is None or _bounds(text) != found:
        raise DateError(f"no EDTF date means just {_described(found)}")
    return text


def edtf_around(found: Bounds) -> str:
    """The EDTF text that has these bounds, else one that allows more; raises :class:`DateError` if all is open."""
    with suppress(DateError):
        return edtf_of(found)

    def around(first: date | None, last: date | None) -> Fits:
        return lambda each: (first is None or each[0] <= first) and (last is None or each[1] >= last)

    starts, ends = around(found.start_earliest, found.start_latest), around(found.end_earliest, found.end_latest)
    for text in (
        _lasting(found, starts, ends),
        _some_time(Bounds.some_time_in(found.start_earliest, found.end_latest)),
    ):
        if text and (wider := _bounds(text)) and wider.contains(found):
            return text
    raise DateError(f"no EDTF date allows {_described(found)}")


def _bounds(text: str) -> Bounds | None:
    with suppress(DateError):
        return bounds(text)
    return None


def _is_some_time(found: Bounds) -> bool:
    return (found.start_earliest, found.start_latest) == (found.end_earliest, found.end_latest)


def _some_time(found: Bounds) -> str | None:
    first, last = found.start_earliest, found.start_latest
    if first is None and last is None:
        return None
    if first and last:
        plain = _first(_plain(first), lambda each: each == (first, last))
        if plain:
            return plain
    return f"[{first or ''}..{last or ''}]"


def _lasting(found: Bounds, starts: Fits, ends: Fits) -> str | None:
    """An interval between two dates that fit."""
    first, last = _end_of_interval(found.start_earliest, starts), _end_of_interval(found.end_latest, ends)
    return f"{first}/{last}" if first and last and not first == last == ".." else None


def _end_of_interval(day: date | None, fits: Fits) -> str | None:
    return _first(_dates(day), fits) if day else ".."


def _start_fits(found: Bounds) -> Fits:
    """An interval's start is cut where the interval ends, so it may be told by a date that goes on beyond."""

    def fits(each: Span) -> bool:
        cut = found.end_latest is not None and found.start_latest == found.end_latest <= each[1]
        return each[0] == found.start_earliest and (each[1] == found.start_latest or cut)

    return fits


def _end_fits(found: Bounds) -> Fits:
    def fits(each: Span) -> bool:
        cut = found.start_earliest is not None and found.end_earliest == found.start_earliest >= each[0]
        return each[1] == found.end_latest and (each[0] == found.end_earliest or cut)

    return fits


def _first(texts: Iterator[str], fits: Fits) -> str | None:
    return next((text for text in texts if (days := _meant(text)) and fits(days)), None)


def _meant(text: str) -> Span | None:
    with suppress(DateError):
        return span(text, text)
    return None


def _dates(day: date) -> Iterator[str]:
    """The dates, plain ones first, that may begin or end on a day: it lies in them, or a mark widens them to it."""
    for periods in (_plain, _masks):
        yield from periods(day)
        for days, place in _unwidened(day):
            yield from (
                _mark(parts, place) for parts in (text.split("-") for text in periods(days)) if place < len(parts)
            )


def _unwidened(day: date) -> Iterator[tuple[date, int]]:
    """The days that a mark widens to this one, each with the place of what is marked: year 0, month 1, day 2."""
    for days in (DAYS_AROUND, -DAYS_AROUND):
        with suppress(OverflowError):
            yield day + timedelta(days), 2
    for months, place in ((1, 1), (-1, 1), (12, 0), (-12, 0)):
        with suppress(OverflowError):
            month = add_months(day, months)
            length = calendar.monthrange(month.year, month.month)[1]
            others = (month.replace(day=number) for number in range(1, length + 1))
            yield from ((other, place) for other in others if add_months(other, -months) == day)


def _mark(parts: list[str], place: int) -> str:
    """One part marked as approximate."""
    marked = f"{parts[place]}~" if place == len(parts) - 1 else f"~{parts[place]}"
    return "-".join([*parts[:place], marked, *parts[place + 1 :]])


def _plain(day: date) -> Iterator[str]:
    """The periods of the calendar around a day."""
    text = day.isoformat()
    yield from (text, text[:7])
    yield from (f"{text[:4]}-{code}" for code in _QUARTERS)
    yield from (text[:4], f"{text[:3]}X", f"{text[:2]}XX")


def _masks(day: date) -> Iterator[str]:
    """A day, month or year in which any digits are not specified, and seasons: a winter may be the last year's."""
    text = day.isoformat()
    for form in (text[:4], text[:7], text):
        yield from map("".join, product(*(f"{sign}X" if sign.isdigit() else sign for sign in form)))
    yield from (f"{year:04d}-{code}" for year in (day.year, max(day.year - 1, 1)) for code in MONTHS)


def _described(found: Bounds) -> str:
    def days(held: OpenSpan) -> str:
        first, last = held
        return f"{first or 'any day'} to {last or 'any day'}"

    starts, ends = (found.start_earliest, found.start_latest), (found.end_earliest, found.end_latest)
    return f"a start from {days(starts)} and an end from {days(ends)}"
