"""Dates and statements in plain English, as sentences of comparisons use them."""

import re
from calendar import month_name, monthrange
from collections.abc import Iterable
from datetime import date
from typing import Final

from graph.dates import Bounds
from graph.wikidata.comparison.intervals import is_contradictory, is_lasting
from graph.wikidata.comparison.theirs import END, START, Holding
from graph.wikidata.comparison.verdicts import Mention
from graph.wikidata.model import DAY, GREGORIAN, JULIAN, MONTH, YEAR, Entity, Item, Snak, Statement, Time
from graph.wikidata.terms import guid_of, identifier_of
from graph.wikidata.times import span_of, tenure_bounds

_TIME: Final = re.compile(r"(?P<sign>[-+])(?P<year>[0-9]+)-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})T")
_DECADE: Final = 8
_CENTURY: Final = 7


def on_days(days: Bounds) -> str:
    """The days of a question: ``on 20 March 2017``, ``in December 2016``, ``between … and …``, ``from … to …``."""
    if is_lasting(days):
        return lasting(days)
    first, last = days.start_earliest, days.end_latest
    if first and last:
        return _within(first, last)
    return f"by {in_words(last)}" if last else f"from {in_words(first)} on" if first else "on an unknown day"


def _within(first: date, last: date) -> str:
    if first == last:
        return f"on {in_words(first)}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"in {first.year}" if first.year == last.year else f"between {first.year} and {last.year}"
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) and last.day == _length(last):
        return f"in {month_name[first.month]} {first.year}"
    return f"between {in_words(first)} and {in_words(last)}"


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def in_words(day: date | None) -> str:
    """A day: ``20 March 2017``."""
    return f"{day.day} {month_name[day.month]} {day.year}" if day else "an unknown day"


def lasting(days: Bounds) -> str:
    """A time from start to end by its bounds, as our own tenures have it."""
    start = _some_day(days.start_earliest, days.start_latest)
    if days.end_latest is None:
        return f"from {start} on"
    return f"from {start} to {_some_day(days.end_earliest, days.end_latest)}"


def _some_day(first: date | None, last: date | None) -> str:
    found = on_days(Bounds.some_time_in(first, last))
    return found.removeprefix("on ").removeprefix("in ").replace("between", "a day between")


def span(statement: Statement, by: str = "") -> str:
    """From when to when a statement says that it was, as precisely as it says it; what is open, ``by`` which day."""
    start, finish = statement.qualifier(START), statement.qualifier(END)
    if not start and not finish:
        return "without any date"
    until = f"to {_either(finish)}" if _has_value(finish) else _open_end(finish, by)
    if is_contradictory(tenure_bounds(start, finish)):
        until += ", dates that contradict each other"
    return f"from {_either(start)} {until}" if start else f"{until}, with no start given"


def span_as_read(mention: Mention) -> str:
    """The same, with the day of reading where no end is given: it may have ended since."""
    return span(mention.statement, f" by {in_words(date.fromisoformat(mention.read))}" if mention.read else "")


def read_on(mention: Mention) -> str:
    """On which day a statement was read: ``read on 2 August 2022``."""
    return f"read on {in_words(date.fromisoformat(mention.read)) if mention.read else 'an unknown day'}"


def _open_end(finish: tuple[Snak, ...], by: str) -> str:
    if not finish:
        return f"on, with no end given{by}"
    return "to a day that is not known" if finish[0].kind == "somevalue" else f"on, without an end{by}"


def _has_value(snaks: tuple[Snak, ...]) -> bool:
    return any(snak.kind == "value" for snak in snaks)


def _either(snaks: Iterable[Snak]) -> str:
    return " or ".join(dict.fromkeys(time_in_words(snak) for snak in snaks))


def time_in_words(snak: Snak) -> str:
    """A time as precisely as Wikidata has it: ``28 July 2017``, ``July 2017``, ``2017``."""
    if not isinstance(snak.value, Time):
        return "no day" if snak.kind == "novalue" else "a day that is not known"
    match = _TIME.match(snak.value.time)
    if match is None or int(match["month"]) not in range(13):
        return snak.value.time
    return f"{_as_written(match, snak.value.precision)}{_calendar(snak.value)}"


def _calendar(time: Time) -> str:
    """Which calendar a time is of, if it is not ours; with the day in ours where it is a day."""
    if time.calendar == GREGORIAN:
        return ""
    if time.calendar != JULIAN:
        return " (of another calendar)"
    day = span_of(time)[0] if time.precision >= DAY else None
    return f" (Julian, {in_words(day)} in the Gregorian calendar)" if day else " (Julian)"


def _as_written(match: re.Match[str], precision: int) -> str:
    shown = f"{int(match['year'])}{' BCE' if match['sign'] == '-' else ''}"
    month = month_name[int(match["month"])]
    if precision >= DAY:
        return f"{int(match['day'])} {month} {shown}"
    if precision == MONTH:
        return f"{month} {shown}"
    return shown if precision == YEAR else f"about {shown} (to the {_UNITS.get(precision, 'thousand years or more')})"


_UNITS: Final = {_DECADE: "decade", _CENTURY: "century"}


def called(mention: Mention) -> str:
    """A statement by its GUID; one from a query's answer that gave none, by its item."""
    guid = mention.statement.guid
    return f"statement {guid}" if guid else f"item {mention.statement.subject}"


def source_called(iri: str) -> str:
    """The same of a source by its IRI: a statement by its GUID, an item by its identifier."""
    guid = guid_of(iri)
    return f"statement {guid}" if guid else f"item {identifier_of(iri)}"


def told(holding: Holding) -> str:
    """A statement, and its time."""
    return f"{called(holding)}, {span_as_read(holding)}"


def has(holding: Holding, name: str) -> str:
    """What a statement said of a person, whose office has been named, on the day on which it was read."""
    return f"Wikidata's {called(holding)}, as {read_on(holding)}, has {name} in that office {span(holding.statement)}"


def as_read(entity: Entity) -> str:
    """Which state of an item was looked at: its revision, and the day of reading."""
    told = (
        f"revision {entity.revision}" if entity.revision else "",
        f"read on {in_words(date.fromisoformat(entity.retrieved))}" if entity.retrieved else "",
    )
    return ", ".join(filter(None, told)) or "read on an unknown day"


def verb(authors: str, one: str, many: str) -> str:
    """The verb that fits one author or several."""
    return f"{authors} {many if ' and ' in authors else one}"


def qualifier(snak: Snak) -> str:
    """A qualifier in short: ``P580 2016-08-03``."""
    value = snak.value
    if isinstance(value, Time):
        length = {DAY: 10, MONTH: 7}.get(min(value.precision, DAY), 4)
        return f"{snak.property} {value.time.lstrip('+')[:length]}{_calendar(value)}"
    if isinstance(value, Item):
        return f"{snak.property} {value.id}"
    text = getattr(value, "text", None) or getattr(value, "amount", None)
    return f"{snak.property} {text or snak.kind}"
