"""Reading what is sent: batches of reconciliation queries, and data extension queries, as JSON.

The shapes are those of the specification's JSON Schemas (0.2, appendix A). Anything else raises 400 (413 where there
is too much) with what and where; a key that is misspelt is an error, for it must not go unheard.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Never

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

MOST_CANDIDATES: Final = 50
"""Nobody looks through more; a larger ``limit`` is answered with these."""
MOST_CHARACTERS: Final = 500
"""A longer text is no name; comparing costs the product of two lengths."""
MOST_CONDITIONS: Final = 10
MOST_COLUMNS: Final = 100
"""Each column is asked of the engine by itself."""
DEFAULT_LIMIT: Final = 10
STRICTNESS: Final = ("any", "all", "should")
CONTENTS: Final = ("entity", "literal", "id")
_QUERY_KEYS: Final = frozenset({"query", "type", "limit", "properties", "type_strict"})
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Wanted:
    """A value that a property should have: a text, or an entity that is named by its identifier."""

    text: str
    is_id: bool = False


@dataclass(frozen=True)
class Condition:
    """A property, and the values of which it should have one: what was sent together are alternatives."""

    pid: str
    values: tuple[Wanted, ...]


@dataclass(frozen=True)
class Query:
    """One reconciliation query; no text where only properties are given."""

    text: str | None
    types: tuple[str, ...] = ()
    strict: str = "any"
    limit: int = DEFAULT_LIMIT
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Column:
    """A property whose values are asked for; at most ``limit`` of them (0: all), and how an entity is told."""

    pid: str
    limit: int = 0
    content: str = CONTENTS[0]


@dataclass(frozen=True)
class Extension:
    """A data extension query."""

    ids: tuple[str, ...]
    columns: tuple[Column, ...]


def read_batch(text: str, most: int) -> dict[str, Query]:
    """The queries of a batch by their keys; raises 400, or 413 for more than ``most``."""
    batch = _object(_parsed(text, "queries"), "queries")
    if len(batch) > most:
        raise RequestEntityTooLarge(f"queries: {len(batch)} in one batch, and at most {most} are answered at once")
    return {key: _query(value, f"queries, '{key}'") for key, value in batch.items()}


def read_extension(text: str, most: int) -> Extension:
    """A data extension query; raises 400, also for too many columns; 413 for more than ``most`` cells."""
    given = _object(_parsed(text, "extend"), "extend")
    _only(given, {"ids", "properties"}, "extend")
    ids = tuple(_text(each, "extend, ids") for each in _list(given.get("ids"), "extend, ids"))
    listed = _list(given.get("properties"), "extend, properties")
    if len(listed) > MOST_COLUMNS:
        raise BadRequest(f"extend: {len(listed)} properties, and at most {MOST_COLUMNS} are filled in at once")
    columns = tuple(_column(each, f"extend, properties, {n}") for n, each in enumerate(listed, 1))
    _refuse_repeated(columns)
    if len(ids) * max(len(columns), 1) > most:
        raise RequestEntityTooLarge(
            f"extend: {len(ids)} ids and {len(columns)} properties make too many cells: at most {most:,} are filled"
        )
    return Extension(tuple(dict.fromkeys(ids)), columns)


def _refuse_repeated(columns: Iterable[Column]) -> None:
    """A row has one place for a property: of two columns with one, whatever their settings, one would be lost."""
    for pid, number in Counter(column.pid for column in columns).items():
        if number > 1:
            raise BadRequest(f"extend: the property '{pid}' is asked for {number} times, and has one place in a row")


def _parsed(text: str, place: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            ((key, number),) = Counter(name for name, _ in pairs).most_common(1)
            raise BadRequest(f"{place}: the key {key!r} stands {number} times in one object, and has one place")
        return found

    try:
        found = json.loads(text, parse_constant=_no_number, object_pairs_hook=unique)
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise BadRequest(f"{place}: it has half of a surrogate pair, which is no character") from error
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{place}: not JSON: {error}") from error
    return found


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is no number in JSON")


def _query(value: object, place: str) -> Query:
    given = _object(value, place)
    _only(given, _QUERY_KEYS, place)
    text = _text(given["query"], f"{place}, query") if "query" in given else None
    conditions = _conditions(given.get("properties", []), f"{place}, properties")
    if text is None and not conditions:
        raise BadRequest(f"{place}: give 'query', or 'properties' with at least one property")
    strict = given.get("type_strict", STRICTNESS[0])
    if strict not in STRICTNESS:
        raise BadRequest(f"{place}, type_strict: expected one of {', '.join(STRICTNESS)}")
    limit = min(_limit(given["limit"], f"{place}, limit", 1), MOST_CANDIDATES) if "limit" in given else DEFAULT_LIMIT
    return Query(text, _types(given.get("type", []), f"{place}, type"), strict, limit, conditions)


def _types(value: object, place: str) -> tuple[str, ...]:
    return tuple(_text(each, place) for each in ([value] if isinstance(value, str) else _list(value, place)))


def _conditions(value: object, place: str) -> tuple[Condition, ...]:
    """The conditions, one for each property sent: two of one property must both hold."""
    listed = _list(value, place)
    if len(listed) > MOST_CONDITIONS:
        raise RequestEntityTooLarge(f"{place}: {len(listed)} are given, and at most {MOST_CONDITIONS} are compared")
    found = (_condition(each, f"{place}, {number}") for number, each in enumerate(listed, 1))
    return tuple(dict.fromkeys(found))


def _condition(value: object, place: str) -> Condition:
    given = _object(value, place)
    _only(given, {"pid", "v"}, place)
    if not given.keys() >= {"pid", "v"}:
        raise BadRequest(f"{place}: a property has 'pid' and 'v'")
    values = given["v"] if isinstance(given["v"], list) else [given["v"]]
    if len(values) > MOST_CONDITIONS:
        raise RequestEntityTooLarge(f"{place}, v: {len(values)} values, and at most {MOST_CONDITIONS} are compared")
    wanted = dict.fromkeys(_wanted(one, f"{place}, v") for one in values)
    return Condition(_text(given["pid"], f"{place}, pid"), tuple(wanted))


def _wanted(value: object, place: str) -> Wanted:
    match value:
        case bool():
            return Wanted("true" if value else "false")
        case int() | float():
            return Wanted(str(value))
        case dict():
            if "id" not in value:
                raise BadRequest(f"{place}: an entity has an 'id'")
            return Wanted(_text(value["id"], f"{place}, id"), is_id=True)
    return Wanted(_text(value, place))


def _column(value: object, place: str) -> Column:
    given = _object(value, place)
    _only(given, {"id", "settings", "name"}, place)
    settings = _object(given.get("settings", {}), f"{place}, settings")
    _only(settings, {"limit", "content"}, f"{place}, settings")
    content = settings.get("content", CONTENTS[0])
    if content not in CONTENTS:
        raise BadRequest(f"{place}, settings, content: expected one of {', '.join(CONTENTS)}")
    limit = _limit(settings.get("limit", 0), f"{place}, settings, limit", 0)
    return Column(_text(given.get("id"), f"{place}, id"), limit, content)


def _limit(value: object, place: str, least: int) -> int:
    """A whole number, also as a text, which forms send."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not _NUMBER.fullmatch(text) or int(text) < least:
        raise BadRequest(f"{place}: a whole number from {least} on is expected")
    return int(text)


def _object(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRequest(f"{place}: a JSON object is expected")
    return value


def _list(value: object, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadRequest(f"{place}: a JSON array is expected")
    return value


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise BadRequest(f"{place}: a text is expected")
    if len(value) > MOST_CHARACTERS:
        raise BadRequest(f"{place}: it has {len(value):,} characters, and a name has at most {MOST_CHARACTERS:,}")
    return value


def _only(given: Mapping[str, Any], names: Iterable[str], place: str) -> None:
    unknown = sorted(given.keys() - set(names))
    if unknown:
        raise BadRequest(f"{place}: there is no key '{unknown[0]}'; there are: {', '.join(sorted(names))}")
