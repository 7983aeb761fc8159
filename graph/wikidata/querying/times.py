"""Times as the query service reads them: a date without a time is that day's midnight, and without a zone it is UTC.

After ``WikibaseDate`` of the service's source. The engine takes a literal as XML Schema has it: a date that is typed
as a time is no time there, and one without zone is neither before nor after one with: it compares with nothing.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator
from typing import Final

from graph.engine.text.rewriting import Edit
from graph.engine.text.structure import Structure
from graph.wikidata.querying.names import decoded, iri_of, refusal
from graph.wikidata.querying.prefixes import PRESET

_TIME: Final = PRESET["xsd"] + "dateTime"
_DURATION: Final = PRESET["xsd"] + "duration"
_WRITTEN: Final = re.compile(
    r"([-+]?[0-9]{1,16})-(0?[0-9]|1[0-2])-(0?[0-9]|[12][0-9]|3[01])"
    r"(?:T([01]?[0-9]|2[0-3]):([0-5]?[0-9])(?::([0-5]?[0-9])(?:\.[0-9]+)?)?)?(?:Z|[-+]00:00)?"
)
_WITH_ZONE: Final = re.compile(
    r"-?[0-9]{4,16}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T"
    r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00)(?:Z|[-+][01][0-9]:[0-5][0-9])"
)
_LASTING: Final = re.compile(r"-?P([0-9]+Y)?([0-9]+M)?(.*)")
_LEAP, _PLAIN = 2000, 2001
# A mark stands between what was found and what is put behind it: "$1T" would be another name for a group.
_BEFORE: Final = "REPLACE(REPLACE(REPLACE(STR("
_AFTER: Final = (
    '), "^([-+]?[0-9]+-[0-9]+-[0-9]+)(Z|[-+]00:00)?$", "$1~T00:00:00Z"), "(T[0-9:.]+)$", "$1~Z"), "^[+]|~", "")'
)


def spelt_out(structure: Structure, numbers: Iterable[int]) -> Iterator[Edit]:
    """Literals, and what is made into times, in full; raises :class:`UntranslatableError` for a literal that is none.

    ``numbers`` are those of the tokens that are read.
    """
    for number in numbers:
        token = structure.tokens[number]
        if token.kind == "string":
            yield from _literal(structure, number)
        elif structure.is_sign(number + 1, "(") and number + 1 in structure.ends:
            if iri_of(structure, token) == _TIME:
                yield from _wrapped(structure, number + 1, structure.ends[number + 1])
            elif structure.is_word(number, "strdt"):
                yield from _typed(structure, number + 1)


def _literal(structure: Structure, number: int) -> Iterator[Edit]:
    """A literal of a time, with its time and zone, or of a duration that is of months only, by its own datatype."""
    named = structure.tokens[number + 3] if _is_typed(structure, number) else None
    datatype = iri_of(structure, named) if named else None
    token = structure.tokens[number]
    if datatype == _TIME:
        text = decoded(structure, number)
        full = _full(text)
        if full is None and not _WITH_ZONE.fullmatch(text):
            raise refusal(structure, number, f"{token.text} is no time: write 2017-03-20T00:00:00Z, or 2017-03-20")
        if full not in (None, text):
            yield Edit(token.start, token.end, f'"{full}"')
    elif datatype == _DURATION and named:
        years, months, rest = _parts(decoded(structure, number))
        if (years or months) and rest:
            raise refusal(structure, number, 'add months and days one by one: "P1M"^^xsd:duration')
        if years or months:
            yield Edit(named.start, named.end, f"<{PRESET['xsd']}yearMonthDuration>")


def _parts(duration: str) -> tuple[str | None, ...]:
    """The years, the months and the rest of a duration; nothing of what is none."""
    found = _LASTING.fullmatch(duration)
    return found.groups() if found else (None, None, None)


def _is_typed(structure: Structure, number: int) -> bool:
    return (
        structure.is_sign(number + 1, "^")
        and structure.is_sign(number + 2, "^")
        and number + 3 < len(structure.tokens)
    )


def _full(text: str) -> str | None:
    """The time as the service keeps it, with months and days of 0 as 1, and days too many as it counts them on."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return None
    year, month, day, hour, minute, second = (int(each or 0) for each in written.groups())
    month, day, sign = max(month, 1), max(day, 1), "-" if year < 0 else ""
    length = monthrange(_LEAP if isleap(year) else _PLAIN, month)[1]
    if day > length:
        month, day = month + 1, day - length + 1
    return f"{sign}{abs(year):04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"


def _wrapped(structure: Structure, opening: int, end: int) -> Iterator[Edit]:
    """An argument, from the bracket or comma before it to the one after it, spelt out when it is known."""
    yield Edit(structure.tokens[opening].end, structure.tokens[opening].end, _BEFORE)
    yield Edit(structure.tokens[end].start, structure.tokens[end].start, _AFTER)


def _typed(structure: Structure, opening: int) -> Iterator[Edit]:
    """``STRDT(…, xsd:dateTime)``: its first argument."""
    closing = structure.ends[opening]
    named, comma = structure.tokens[closing - 1], closing - 2
    if iri_of(structure, named) == _TIME and structure.is_sign(comma, ","):
        yield from _wrapped(structure, opening, comma)
