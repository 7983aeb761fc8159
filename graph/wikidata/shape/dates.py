"""Times as Wikidata's RDF export writes them, and back.

Wikibase writes ``xsd:dateTime`` in the proleptic Gregorian calendar with XSD 1.1's years (0 is 1 BCE):

- parts finer than the precision are 01; a month or day 0 is 1, a day that its month lacks is the month's last;
- a Julian date that is known to the day is converted; a less precise one cannot be, and stands as it is;
- years before 1 CE move by one, but not those known to a decade or less;
- a time that has no such form (year 0, another calendar) is a plain literal with the text as it is.

After Wikibase's *DateTimeValueCleaner* and *JulianDateTimeValueCleaner*, but with exact numbers where those round
years beyond 2^53.
"""

import re
from calendar import isleap
from typing import Final

from graph.wikidata.model import DAY, GREGORIAN, JULIAN, MONTH, YEAR, Time

_WRITTEN: Final = re.compile(r"([-+])([0-9]+)-([0-9]+)-([0-9]+)T(.+)")
_LITERAL: Final = re.compile(r"(-?)([0-9]{4,})-([0-9]{2})-([0-9]{2})T(.+)")
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# PHP converts no Julian year outside of these.
_FIRST_JULIAN, _LAST_JULIAN = -4713, 1465072

Day = tuple[int, int, int]


def exported(time: Time) -> str | None:
    """The ``xsd:dateTime`` of a time; None where it has none."""
    match = _WRITTEN.fullmatch(time.time)
    if match is None or not int(match[2]):
        return None
    month, day = min(max(int(match[3]), 1), 12), max(int(match[4]), 1)
    written = (int(match[1] + match[2]), month, day)
    if time.precision >= DAY and time.calendar == JULIAN:
        found = _converted(written) or _cleaned(written, time.precision)
    elif time.precision < DAY or time.calendar == GREGORIAN:
        found = _cleaned(written, time.precision)
    else:
        return None
    return f"{_year(found[0])}-{found[1]:02}-{found[2]:02}T{match[5]}"


def imported(literal: str, precision: int, calendar: str, timezone: int = 0) -> Time:
    """The time that is exported as this date; one with the text as it is where there is none."""
    match = _LITERAL.fullmatch(literal)
    if match is None:
        return Time(literal, precision, calendar, timezone)
    day = (int(match[1] + match[2]), int(match[3]), int(match[4]))
    if calendar == JULIAN and precision >= DAY:
        julian = _written(_from_number(_gregorian_number(day), julian=True), match[5], precision)
        found = Time(julian, precision, calendar, timezone)
        if exported(found) == literal:
            return found
    return Time(_written(day, match[5], precision), precision, calendar, timezone)


def settled(time: Time) -> Time:
    """The time as it comes back from RDF: in its own calendar, without what its precision does not tell."""
    literal = exported(time)
    return time if literal is None else imported(literal, time.precision, time.calendar, time.timezone)


def to_gregorian(year: int, month: int, day: int) -> Day:
    """The proleptic Gregorian date of a Julian one, with astronomical years (0 is 1 BCE) in both."""
    return _from_number(_julian_number((year, month, day)), julian=False)


def _cleaned(written: Day, precision: int) -> Day:
    year, month, day = written
    if precision <= YEAR:
        month = day = 1
    elif precision == MONTH:
        day = 1
    leap = isleap(max(_astronomical(year), -4712))
    return (
        _astronomical(year) if precision >= YEAR else year,
        month,
        min(day, _LENGTHS[month - 1] + (month == 2 and leap)),  # noqa: PLR2004
    )


def _converted(written: Day) -> Day | None:
    year, month, day = written
    if not _FIRST_JULIAN <= year <= _LAST_JULIAN:
        return None
    number = _julian_number((_astronomical(year), month, day))
    return _from_number(number, julian=False) if number > 0 else None


def _astronomical(year: int) -> int:
    return year + 1 if year < 0 else year


def _year(year: int) -> str:
    return f"{'-' * (year < 0)}{abs(year):04}"


def _written(day: Day, time_of_day: str, precision: int) -> str:
    year = day[0] - 1 if day[0] <= 0 and precision >= YEAR else day[0]
    return f"{'-' if year < 0 else '+'}{abs(year):04}-{day[1]:02}-{day[2]:02}T{time_of_day}"


def _julian_number(date: Day) -> int:
    """The Julian day number of a Julian date (Richards 1998), years astronomical; a day too many runs on."""
    year, month, day = date
    shift = (14 - month) // 12
    years, months = year + 4800 - shift, month + 12 * shift - 3
    return day + (153 * months + 2) // 5 + 365 * years + years // 4 - 32083


def _gregorian_number(date: Day) -> int:
    year, month, day = date
    shift = (14 - month) // 12
    years, months = year + 4800 - shift, month + 12 * shift - 3
    return day + (153 * months + 2) // 5 + 365 * years + years // 4 - years // 100 + years // 400 - 32045


def _from_number(number: int, *, julian: bool) -> Day:
    """The date that has a Julian day number (Richards 1998), in the one calendar or the other."""
    shifted = number + 1401
    if not julian:
        shifted += (4 * number + 274277) // 146097 * 3 // 4 - 38
    quarter_days = 4 * shifted + 3
    fifth_days = 5 * (quarter_days % 1461 // 4) + 2
    day, month = fifth_days % 153 // 5 + 1, (fifth_days // 153 + 2) % 12 + 1
    return quarter_days // 1461 - 4716 + (14 - month) // 12, month, day
