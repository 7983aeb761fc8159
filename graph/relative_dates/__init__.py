"""Dates as English texts say them, relative to the day on which the text was written, → EDTF.

What is said of a period ("late April", "last December") is read by the table in :mod:`graph.relative_dates.periods`;
what is said by it ("by", "since", "from … to …") by the one here. A period without a year is the nearest one: the
words do not tell whether it is past or to come, and texts seldom mean one more than half a year away.

A text that was itself written on some day of several is read for each of them, and the answer allows whatever any of
them would mean: so "last March" in a text of late March or April 2017 is that of 2016 or of 2017.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from graph.dates import Bounds, DateError, bounds, edtf_around
from graph.dates.spans import DAYS_AROUND, Span
from graph.relative_dates.periods import PERIODS, Period, PeriodError, period, plain_words

__all__ = ["FRAMES", "PERIODS", "Frame", "Period", "RelativeDateError", "relative_date"]

_MOST_DAYS: Final = 3660
_DAY: Final = timedelta(1)


class RelativeDateError(ValueError):
    """A phrase is none that is understood, or the document's date does not tell what it is relative to."""


@dataclass(frozen=True)
class Frame:
    """A way to say something by one period, or two: an example, what it means, and how it is read."""

    example: str
    meaning: str
    expression: str
    read: Callable[..., Bounds]


def _since(one: Span) -> Bounds:
    return Bounds(one[0], one[1], one[0], None)


def _until(one: Span) -> Bounds:
    return Bounds(None, one[1], one[0], one[1])


def _lasting(one: Span, other: Span) -> Bounds:
    if one[0] > other[1]:
        raise PeriodError("the second date lies before the first")
    return Bounds(one[0], min(one[1], other[1]), max(other[0], one[0]), other[1])


def _around(one: Span) -> Bounds:
    around = one[1] - one[0] if one[0] != one[1] else DAYS_AROUND * _DAY
    return Bounds.some_time_in(one[0] - around, one[1] + around)


FRAMES: Final = (
    Frame("between March 18 and April 2", "some time from the one to the other", "between (.+) and (.+)",
          lambda one, other: Bounds.some_time_in(one[0], max(one[1], other[1]))),
    Frame("from March 18 to April 2", "lasting from the one to the other", "(?:from )?(.+) (?:to|till|until) (.+)",
          _lasting),
    Frame("by the end of the year", "on its last day or before", "(?:no later than|by) (.+)",
          lambda one: Bounds.some_time_in(None, one[1])),
    Frame("before April", "before it begins", "before (.+)", lambda one: Bounds.some_time_in(None, one[0] - _DAY)),
    Frame("after April", "after it ends", "after (.+)", lambda one: Bounds.some_time_in(one[1] + _DAY, None)),
    Frame("since 2014", "lasting from some time in it on", "(?:ever )?since (.+)", _since),
    Frame("until April", "lasting to some time in it", "(?:until|till|up to) (.+)", _until),
    Frame("around March 20", "within three days of the day, or a period's length of the period",
          "(?:around|about|circa|approximately) (.+)", _around),
    Frame("March 20", "some time in the period", "(.+)", lambda one: Bounds.some_time_in(*one)),
)  # fmt: skip


def relative_date(phrase: str, written: Bounds) -> str:
    """What a phrase means in a text written on that date, as EDTF; raises :class:`RelativeDateError`.

    The answer allows every day that the phrase may mean, and where EDTF cannot tell these days alone, a few more.
    """
    found = [_read(phrase, day) for day in _days(written)]
    return edtf_around(
        Bounds(
            _outermost(min, [each.start_earliest for each in found]),
            _outermost(max, [each.start_latest for each in found]),
            _outermost(min, [each.end_earliest for each in found]),
            _outermost(max, [each.end_latest for each in found]),
        )
    )


def _days(written: Bounds) -> list[date]:
    first, last = written.start_earliest, written.end_latest
    if first is None or last is None:
        raise RelativeDateError("the document's date is open: give the first and the last day on which it may lie")
    if (last - first).days > _MOST_DAYS:
        raise RelativeDateError(f"the document's date may lie anywhere from {first} to {last}, which is too wide")
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def _outermost(choose: Callable[[list[date]], date], days: list[date | None]) -> date | None:
    known = [day for day in days if day is not None]
    return choose(known) if len(known) == len(days) else None


def _read(phrase: str, day: date) -> Bounds:
    """What it means on one day: as EDTF, or by the first frame in which all is understood."""
    with suppress(DateError):
        return bounds(phrase.strip())
    words = plain_words(phrase)
    try:
        for frame in FRAMES:
            if match := re.fullmatch(frame.expression, words):
                spans = [period(each, day) for each in _dated(match.groups())]
                if None not in spans:
                    return frame.read(*spans)
    except (PeriodError, OverflowError) as error:
        raise RelativeDateError(f"'{phrase}' cannot be: {error}") from error
    raise RelativeDateError(f"'{phrase}' is not understood; {_understood()}")


def _dated(parts: Sequence[str]) -> Sequence[str]:
    """The two periods of a frame, the first in the year of the second if that alone has one."""
    year = re.search(r" [0-9]{4}$", parts[-1])
    return (
        [parts[0] + year[0], parts[1]] if len(parts) > 1 and year and not re.search("[0-9]{4}", parts[0]) else parts
    )


def _understood() -> str:
    examples = ", ".join(f"'{each.example}'" for each in (*PERIODS, *FRAMES[:-1]))
    return f"understood are EDTF dates, and phrases such as {examples}"
