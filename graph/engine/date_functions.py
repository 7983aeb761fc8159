"""Functions on dates in queries: ``cqf:before(?a, ?b)`` and the rest of Allen's relations, and the days of a date.

An argument is an EDTF date, as a literal of that type or a plain string, or an ``xsd:date``, ``xsd:gYearMonth``,
``xsd:gYear`` or ``xsd:dateTime``, of which the day counts that is written: a time zone changes nothing.

SPARQL's logic has a third value, the error, and that is what "unknown" is: no value. A FILTER drops the row, and so
does its negation; ``COALESCE(cqf:before(?a, ?b), "unknown")`` tells it; ``||`` and ``&&`` go on where the other side
decides. What is no date, or too few or many arguments, has no value either.

``cqf:days(?later - ?earlier)`` is a duration as a number of days; any other literal stays as it is.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.allen import RELATIONS, UNIONS, RelationError, holds
from graph.dates import Bounds, DateError, bounds
from graph.namespaces import expand

_BOOLEAN, _DAY = NamedNode(expand("xsd:boolean")), NamedNode(expand("xsd:date"))
_DATES: Final = frozenset(map(expand, ("edtf:EDTF", "xsd:string")))
_TIMES: Final = frozenset(map(expand, ("xsd:date", "xsd:gYearMonth", "xsd:gYear", "xsd:dateTime")))
_TIME: Final = re.compile(r"([0-9]{4}(?:-[0-9]{2}){0,2})(?:T.*)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_DURATION: Final = NamedNode(expand("xsd:dayTimeDuration"))
_LASTING: Final = re.compile(r"(-?)P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9.]+)S)?)?")
_TWO: Final = 2

Value = NamedNode | BlankNode | Literal | Triple
Function = Callable[..., Literal | None]


def _relation(name: str, *values: Value) -> Literal | None:
    """Whether the relation holds between two dates; None is unknown."""
    found = [_bounds(value) for value in values]
    if len(found) != _TWO or not (found[0] and found[1]):
        return None
    try:
        held = holds(name, found[0], found[1])
    except RelationError:
        return None
    return None if held is None else Literal(str(held).lower(), datatype=_BOOLEAN)


def _earliest(*values: Value) -> Literal | None:
    """The first day on which it may have started; None if that is open."""
    found = _bounds(values[0]) if len(values) == 1 else None
    return Literal(found.start_earliest.isoformat(), datatype=_DAY) if found and found.start_earliest else None


def _latest(*values: Value) -> Literal | None:
    """The last day on which it may have ended; None if that is open."""
    found = _bounds(values[0]) if len(values) == 1 else None
    return Literal(found.end_latest.isoformat(), datatype=_DAY) if found and found.end_latest else None


def _days(*values: Value) -> Literal | None:
    """A duration of days and less as a number of days; any other literal as it is."""
    value = values[0] if len(values) == 1 else None
    if not isinstance(value, Literal) or value.datatype != _DURATION:
        return value if isinstance(value, Literal) else None
    found = _LASTING.fullmatch(value.value)
    if found is None:
        return None
    days, hours, minutes, seconds = (float(each or 0) for each in found.groups()[1:])
    total = (days * 86_400 + hours * 3600 + minutes * 60 + seconds) / 86_400
    return Literal(-total if found[1] else total)


def _bounds(value: Value) -> Bounds | None:
    text = _text(value) if isinstance(value, Literal) and not value.language else None
    try:
        return bounds(text) if text else None
    except DateError:
        return None


def _text(value: Literal) -> str | None:
    if value.datatype.value in _DATES:
        return value.value
    written = _TIME.fullmatch(value.value) if value.datatype.value in _TIMES else None
    return written[1] if written else None


DATE_FUNCTIONS: Final[dict[str, Function]] = {
    **{name: partial(_relation, name) for name in (*RELATIONS, *UNIONS)},
    "earliest": _earliest,
    "latest": _latest,
    "days": _days,
}
"""The functions by local name."""
