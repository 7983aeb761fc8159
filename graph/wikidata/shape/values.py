"""The values of snaks in RDF: the simple value, and the node that says all of it.

Wikibase names value nodes by an MD5 hash over PHP's serialisation of the value, which is not followed here. Ours are
named by a hash of what they say, so that equal values have one node here too, with another name than Wikidata's.
Normalised values (``psn:``, ``wdtn:``, ``quantityNormalized``) need Wikidata's table of units and of URI patterns and
are not made; a formula (``math``) is its text, where the export has MathML.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import md5

from pyoxigraph import Literal, NamedNode, Triple

from graph.namespaces import WIKIDATA, term
from graph.wikidata.model import Coordinate, Item, Monolingual, Quantity, Snak, Text, Time, Value
from graph.wikidata.shape.dates import exported
from graph.wikidata.shape.iris import iri_of
from graph.wikidata.terms import NO_UNIT, entity_node, wikibase

Simple = NamedNode | Literal
Whole = Time | Quantity | Coordinate
EARTH = WIKIDATA["wd"] + "Q2"
# What the export writes for a precision that is not known.
_ARC_SECOND = 1 / 3600
_DATETIME, _DECIMAL, _DOUBLE, _INTEGER = (
    term(f"xsd:{name}") for name in ("dateTime", "decimal", "double", "integer")
)
_WKT, _TYPE = term("geo:wktLiteral"), term("rdf:type")


def simple_value(snak: Snak) -> Simple:
    """The value as ``ps:``, ``pq:``, ``pr:`` and ``wdt:`` have it."""
    value = snak.value
    if isinstance(value, Item):
        return entity_node(value.id)
    if isinstance(value, Text):
        iri = iri_of(value.text, snak.datatype)
        return NamedNode(iri) if iri else Literal(value.text)
    if isinstance(value, Monolingual):
        return Literal(value.text, language=value.language)
    if isinstance(value, Time):
        return _date(value)
    if isinstance(value, Quantity):
        return Literal(value.amount, datatype=_DECIMAL)
    if value is None:
        raise ValueError(f"{snak} has no value")
    globe = "" if value.globe == EARTH else f"<{value.globe}> "
    return Literal(f"{globe}Point({php_float(value.longitude)} {php_float(value.latitude)})", datatype=_WKT)


def value_node(value: Value | None) -> NamedNode | None:
    """The node of a time, a quantity or a coordinate; None for other values."""
    return _node(value)[0] if isinstance(value, Whole) else None


def value_triples(value: Value | None) -> tuple[Triple, ...]:
    """What the node of a value says."""
    return _node(value)[1] if isinstance(value, Whole) else ()


@lru_cache(maxsize=4096)
def _node(value: Whole) -> tuple[NamedNode, tuple[Triple, ...]]:
    parts = [*_parts(value)]
    said = "\n".join(f"{name} {part}" for name, part in parts)
    node = NamedNode(WIKIDATA["wdv"] + md5(said.encode(), usedforsecurity=False).hexdigest())
    return node, tuple(Triple(node, _TYPE if name == "a" else wikibase(name), part) for name, part in parts)


def _parts(value: Whole) -> Iterator[tuple[str, Simple]]:
    if isinstance(value, Time):
        return _time(value)
    return _quantity(value) if isinstance(value, Quantity) else _coordinate(value)


def _time(value: Time) -> Iterator[tuple[str, Simple]]:
    yield "a", wikibase("TimeValue")
    yield "timeValue", _date(value)
    yield "timePrecision", Literal(str(value.precision), datatype=_INTEGER)
    yield "timeTimezone", Literal(str(value.timezone), datatype=_INTEGER)
    yield "timeCalendarModel", NamedNode(value.calendar)


def _date(value: Time) -> Literal:
    date = exported(value)
    return Literal(value.time) if date is None else Literal(date, datatype=_DATETIME)


def _quantity(value: Quantity) -> Iterator[tuple[str, Simple]]:
    yield "a", wikibase("QuantityValue")
    yield "quantityAmount", Literal(value.amount, datatype=_DECIMAL)
    for name, bound in (("quantityUpperBound", value.upper), ("quantityLowerBound", value.lower)):
        if bound is not None:
            yield name, Literal(bound, datatype=_DECIMAL)
    yield "quantityUnit", NamedNode(NO_UNIT if value.unit == "1" else value.unit)


def _coordinate(value: Coordinate) -> Iterator[tuple[str, Simple]]:
    precision = _ARC_SECOND if value.precision is None else value.precision
    yield "a", wikibase("GlobecoordinateValue")
    if value.precision is None:
        yield "a", wikibase("GeoAutoPrecision")
    yield "geoLatitude", Literal(php_float(value.latitude), datatype=_DOUBLE)
    yield "geoLongitude", Literal(php_float(value.longitude), datatype=_DOUBLE)
    yield "geoPrecision", Literal(php_float(precision), datatype=_DOUBLE)
    yield "geoGlobe", NamedNode(value.globe)


def php_float(number: float) -> str:
    """A number as PHP writes it: fourteen digits, and ``2.7777777777778E-5`` for what is small."""
    mantissa, _, exponent = f"{number:.14G}".partition("E")
    if not exponent:
        return mantissa
    return f"{mantissa}{'' if '.' in mantissa else '.0'}E{int(exponent):+}"
