"""The snaks of a statement or a reference, from RDF."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.namespaces import WIKIDATA, term
from graph.wikidata.model import Coordinate, Item, Monolingual, Quantity, Snak, Text, Time, Value
from graph.wikidata.shape.dates import imported
from graph.wikidata.shape.iris import text_of
from graph.wikidata.terms import GENID, NO_UNIT, PROPERTY, identifier_of, wikibase

Term = NamedNode | Literal
Node = Mapping[str, Sequence[Term]]

_WITHOUT_ITEMS: Final = ("url", "string", "external-id", "commonsMedia", "geo-shape", "tabular-data", "math")
_TYPE: Final = term("rdf:type").value
_STRING, _MOMENT = term("xsd:string"), term("xsd:dateTime")


class ShapeError(ValueError):
    """Triples are not in the shape of Wikidata's RDF."""


def snaks_of(node: Node, role: str, view: Mapping[str, Node], datatypes: Mapping[str, str]) -> list[Snak]:
    """The snaks in a role: ``ps``, ``pq`` or ``pr``; raises ShapeError.

    That a node has no value of a property does not say in which role: it is told here as if it were a qualifier's.
    """
    found: list[Snak] = []
    for predicate, objects in node.items():
        property_ = predicate.removeprefix(WIKIDATA[role])
        if property_ != predicate and PROPERTY.fullmatch(property_):
            nodes = node.get(WIKIDATA[f"{role}v"] + property_, ())
            found += _of_property(property_, objects, nodes, view, datatypes.get(property_, ""))
    if role != "ps":
        found += [Snak(each, None, "novalue", datatypes.get(each, "")) for each in _without(node)]
    return found


def _without(node: Node) -> Iterator[str]:
    for each in node.get(_TYPE, ()):
        if each.value.startswith(WIKIDATA["wdno"]):
            yield each.value.removeprefix(WIKIDATA["wdno"])


def _of_property(
    property_: str, objects: Sequence[Term], nodes: Sequence[Term], view: Mapping[str, Node], datatype: str
) -> Iterator[Snak]:
    unknown = [each for each in objects if isinstance(each, NamedNode) and each.value.startswith(GENID)]
    yield from (Snak(property_, None, "somevalue", datatype) for _ in unknown)
    for each in nodes:
        yield Snak(property_, _whole(each.value, view.get(each.value, {})), "value", datatype)
    for each in () if nodes else objects:
        if each not in unknown:
            yield _simple(property_, each, datatype)


def _simple(property_: str, found: Term, datatype: str) -> Snak:
    if isinstance(found, NamedNode):
        item = "" if datatype in _WITHOUT_ITEMS else identifier_of(found.value)
        text, told = text_of(found.value)
        return Snak(property_, Item(item) if item else Text(text), "value", datatype or ("" if item else told))
    if found.language:
        return Snak(property_, Monolingual(found.value, found.language), "value", datatype)
    if found.datatype == _STRING:
        return Snak(property_, Text(found.value), "value", datatype)
    raise ShapeError(f"{property_}: {found} has no value node, which would tell its precision, unit or globe")


def _whole(iri: str, node: Node) -> Value:
    types = node.get(_TYPE, ())
    try:
        if wikibase("TimeValue") in types:
            return _time(node)
        if wikibase("QuantityValue") in types:
            return _quantity(node)
        if wikibase("GlobecoordinateValue") in types:
            return _coordinate(node)
    except (KeyError, ValueError) as error:
        raise ShapeError(f"<{iri}>: its value lacks {error}") from error
    raise ShapeError(f"<{iri}> is no value that is known")


def _one(node: Node, name: str) -> str:
    return node[wikibase(name).value][0].value


def _time(node: Node) -> Time:
    written = node[wikibase("timeValue").value][0]
    told = (
        int(_one(node, "timePrecision")),
        _one(node, "timeCalendarModel"),
        int(_one(node, "timeTimezone")),
    )
    is_date = isinstance(written, Literal) and written.datatype == _MOMENT
    return imported(written.value, *told) if is_date else Time(written.value, *told)


def _quantity(node: Node) -> Quantity:
    unit = _one(node, "quantityUnit")
    bounds = (
        _signed(_one(node, name)) if wikibase(name).value in node else None
        for name in ("quantityUpperBound", "quantityLowerBound")
    )
    return Quantity(_signed(_one(node, "quantityAmount")), "1" if unit == NO_UNIT else unit, *bounds)


def _signed(number: str) -> str:
    """A number with its sign, which stores of triples leave out."""
    return number if number[0] in "+-" else f"+{number}"


def _coordinate(node: Node) -> Coordinate:
    guessed = wikibase("GeoAutoPrecision") in node.get(_TYPE, ())
    return Coordinate(
        float(_one(node, "geoLatitude")),
        float(_one(node, "geoLongitude")),
        None if guessed else float(_one(node, "geoPrecision")),
        _one(node, "geoGlobe"),
    )
