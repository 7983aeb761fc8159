"""Our dates (EDTF) as Wikidata's times, where one says no more and no less than the other."""

import re
from datetime import date
from typing import Final

from graph.dates import Bounds, DateError, bounds
from graph.wikidata.model import DAY, MONTH, YEAR, Snak, Time

_PLAIN: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_LASTING: Final = re.compile(r"([^/]+)/([^/]+)")
_OPEN: Final = ("..", "")
START, END, POINT, EARLIEST, LATEST = "P580", "P582", "P585", "P1319", "P1326"


def time_of(edtf: str) -> Time | None:
    """The time that a plain day, month or year is; None for an interval, a set, or anything approximate."""
    match = _PLAIN.fullmatch(edtf)
    if not match or _bounds(edtf) is None:
        return None
    year, month, day = match.groups()
    precision = DAY if day else MONTH if month else YEAR
    return Time(f"+{year}-{month or '00'}-{day or '00'}T00:00:00Z", precision)


def lasting(edtf: str) -> tuple[Time | None, Time | None] | None:
    """Start and end of ``a/b`` or ``a/..``, where each is a plain date or open; None for any other date."""
    match = _LASTING.fullmatch(edtf)
    if not match or _bounds(edtf) is None:
        return None
    start, end = (None if part in _OPEN else time_of(part) for part in match.groups())
    told = all(part in _OPEN or time_of(part) for part in match.groups())
    return (start, end) if told and (start or end) else None


def main_snaks(edtf: str) -> list[tuple[Snak, tuple[Snak, ...]]]:
    """What says when something was: main snaks with their qualifiers (P585; P580 and P582; or bounds of a day)."""
    time, span = time_of(edtf), lasting(edtf)
    if time:
        return [(_snak(POINT, time), ())]
    if span:
        return [(snak, ()) for snak in _spanned(span)]
    return [(Snak(POINT, None, "somevalue", "time"), tuple(_bounded(edtf)))]


def qualifiers(edtf: str) -> list[Snak]:
    """The same as qualifiers of something that held at that time, or from a time to another."""
    time, span = time_of(edtf), lasting(edtf)
    if time:
        return [_snak(POINT, time)]
    return _spanned(span) if span else list(_bounded(edtf))


def _spanned(span: tuple[Time | None, Time | None]) -> list[Snak]:
    return [_snak(name, time) for name, time in zip((START, END), span, strict=True) if time]


def _bounded(edtf: str) -> list[Snak]:
    """The earliest and the latest day, as far as there are any."""
    found = _bounds(edtf)
    days = (found.start_earliest, found.end_latest) if found else (None, None)
    return [_snak(name, day_time(day)) for name, day in zip((EARLIEST, LATEST), days, strict=True) if day]


def day_time(day: date) -> Time:
    """A day as a time."""
    return Time(f"+{day.isoformat()}T00:00:00Z", DAY)


def _snak(name: str, time: Time) -> Snak:
    return Snak(name, time, datatype="time")


def _bounds(edtf: str) -> Bounds | None:
    try:
        return bounds(edtf)
    except DateError:
        return None
