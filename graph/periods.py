"""Periods by which things are listed: months; years for what lasts longer; for ever, and undated."""

from bisect import bisect_left
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MOST_MONTHS: Final = 24
MOST_YEARS: Final = 30
EVER: Final = "ever"
UNDATED: Final = "undated"

Span = tuple[str | None, str | None]
"""The first and the last day of something, as in ``2017-03-20``; one that is open is None."""


def periods(span: Span) -> Iterator[str]:
    """The months that a span touches; its years if that were many; ``ever`` if it is open, ``undated`` if wholly."""
    first, last = span
    if first is None or last is None:
        yield UNDATED if first is last else EVER
        return
    if first[:7] == last[:7]:
        yield first[:7]
        return
    years = range(int(first[:4]), int(last[:4]) + 1)
    months = range(_month(first), _month(last) + 1)
    if len(months) <= MOST_MONTHS:
        yield from (f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months)
    elif len(years) <= MOST_YEARS:
        yield from (f"{year:04d}" for year in years)
    else:
        yield EVER


def _month(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7]) - 1


def limits(period: str) -> tuple[str, str]:
    """The first and last day of a period that has them."""
    if period == EVER:
        return "0001-01-01", "9999-12-31"
    if "-" not in period:
        return f"{period}-01-01", f"{period}-12-31"
    year, month = map(int, period.split("-"))
    return f"{period}-01", f"{period}-{monthrange(year, month)[1]:02d}"


@dataclass
class Lists:
    """Things listed under one heading, by period."""

    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    starts: list[str] = field(default_factory=list)

    def add(self, item: str, span: Span) -> None:
        """List a thing in each period that it touches."""
        for period in periods(span):
            self.members[period].add(item)
        if span[0]:
            self.starts.append(span[0])

    def positions(self, *, undated_last: bool = False) -> dict[str, int]:
        """By period: how many things stand before its own in the order of time, the undated first or last."""
        starts = sorted(self.starts)
        undated = len(starts) if undated_last else 0
        return {
            period: undated if period == UNDATED else bisect_left(starts, limits(period)[0])
            for period in self.members
        }
