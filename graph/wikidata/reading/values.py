"""The values of snaks, from JSON, in the form in which the RDF export writes them."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Final

from pyoxigraph import Literal

from graph.wikidata.model import Coordinate, Item, Monolingual, Quantity, Text, Time, Value
from graph.wikidata.reading.checks import EntityError, Json, as_map, as_matching, as_text
from graph.wikidata.shape.dates import settled
from graph.wikidata.shape.iris import encoded, is_iri
from graph.wikidata.terms import ENTITY, NO_UNIT

_LETTERS: Final = {"item": "Q", "property": "P", "lexeme": "L", "entity-schema": "E"}
_AMOUNT: Final = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_TIME: Final = re.compile(r"[-+][0-9]{1,16}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_FINEST = 14


def value_of(given: Json, datatype: str, where: str) -> Value:
    """A ``datavalue``; raises EntityError."""
    kind = as_text(given.get("type"), where, "the value's type")
    if kind not in _READERS:
        raise EntityError(f"{where}: values of type '{kind[:40]}' are not known")
    return _READERS[kind](given.get("value"), datatype, where)


def as_language(given: object, where: str) -> str:
    """A language code that RDF can have as a tag, in lower case; raises EntityError."""
    code = as_text(given, where, "the language").lower()
    try:
        Literal("", language=code)
    except ValueError as error:
        raise EntityError(f"{where}: '{code[:40]}' is no code of a language: {error}") from error
    return code


def _item(given: object, _datatype: str, where: str) -> Item:
    value = as_map(given, where)
    if "id" in value:
        return Item(as_matching(ENTITY, value["id"], where, "id"))
    letter = _LETTERS.get(as_text(value.get("entity-type"), where, "entity-type"), "")
    return Item(as_matching(ENTITY, f"{letter}{value.get('numeric-id')}", where, "numeric-id"))


def _text(given: object, datatype: str, where: str) -> Text:
    text = as_text(given, where, "value")
    return Text(encoded(text) if datatype == "url" else text)


def _monolingual(given: object, _datatype: str, where: str) -> Monolingual:
    value = as_map(given, where)
    language = as_language(value.get("language"), where)
    return Monolingual(as_text(value.get("text"), where, "text"), language)


def _time(given: object, _datatype: str, where: str) -> Time:
    value = as_map(given, where)
    precision = _whole(value, "precision", where)
    if not 0 <= precision <= _FINEST:
        raise EntityError(
            f"{where}: precision is {precision}, not one from 0 (a billion years) to {_FINEST} (a second)"
        )
    return settled(
        Time(
            as_matching(_TIME, value.get("time"), where, "time"),
            precision,
            _as_iri(value.get("calendarmodel"), where, "calendarmodel"),
            _whole(value, "timezone", where),
        )
    )


def _quantity(given: object, _datatype: str, where: str) -> Quantity:
    value = as_map(given, where)
    unit = value.get("unit")
    return Quantity(
        amount=_amount(value.get("amount"), where, "amount"),
        unit="1" if unit in ("1", NO_UNIT) else _as_iri(unit, where, "unit"),
        upper=_amount(value["upperBound"], where, "upperBound") if "upperBound" in value else None,
        lower=_amount(value["lowerBound"], where, "lowerBound") if "lowerBound" in value else None,
    )


def _amount(given: object, where: str, name: str) -> str:
    text = as_matching(_AMOUNT, given, where, name)
    return text if text[0] in "+-" else f"+{text}"


def _coordinate(given: object, _datatype: str, where: str) -> Coordinate:
    value = as_map(given, where)
    precision = value.get("precision")
    return Coordinate(
        _number(value.get("latitude"), where, "latitude"),
        _number(value.get("longitude"), where, "longitude"),
        None if precision is None else _number(precision, where, "precision"),
        _as_iri(value.get("globe"), where, "globe"),
    )


def _as_iri(given: object, where: str, name: str) -> str:
    iri = as_text(given, where, name)
    if not is_iri(iri):
        raise EntityError(f"{where}: {name} is '{iri[:80]}', which is no IRI")
    return iri


def _number(given: object, where: str, name: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise EntityError(f"{where}: {name} is {str(given)[:40]!r}, not a number")
    try:
        number = float(given)
    except OverflowError as error:
        raise EntityError(f"{where}: {name} is too large a number") from error
    if not math.isfinite(number):
        raise EntityError(f"{where}: {name} is not finite")
    return number


def _whole(value: Json, name: str, where: str) -> int:
    number = value.get(name, 0)
    if type(number) is not int or abs(number) > 10**6:
        raise EntityError(f"{where}: {name} is {str(number)[:40]!r}, not a whole number")
    return number


_READERS: Final[Mapping[str, Callable[[object, str, str], Value]]] = {
    "wikibase-entityid": _item,
    "string": _text,
    "monolingualtext": _monolingual,
    "time": _time,
    "quantity": _quantity,
    "globecoordinate": _coordinate,
}
