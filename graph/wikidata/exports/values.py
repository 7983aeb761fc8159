"""Our terms as snaks: with a property of Wikidata where one means the same, else with one of our own.

Until identifiers are given out (:mod:`graph.wikidata.exports.numbering`), items go by their IRIs, and properties of
our own by the compact IRI of the term with the datatype after it, for a property of Wikibase has one datatype.
"""

from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.documents import fold
from graph.namespaces import PREFIXES, is_minted, shorten, slug
from graph.wikidata.model import DAY, Item, Monolingual, Quantity, Snak, Text, Time, Value

ITEM: Final = "wikibase-item"
ALIGNED: Final = {
    "dcterms:creator": "P50",
    "dcterms:publisher": "P123",
    "dcterms:title": "P1476",
    "org:member": "P39",
    "rdf:type": "P31",
}
"""Terms of ours for which Wikidata has a property that means the same wherever we use them."""
CLASSES: Final = {"foaf:Person": "Q5"}
"""Classes of ours whose every member is one of the class of Wikidata, and which are verified."""


def snak_of(name: str, value: NamedNode | Literal, property_: str = "") -> Snak:
    """A term of ours with its value; by a property of Wikidata if one is given or aligned, else by one of our own."""
    found, datatype = value_of(value)
    return Snak(property_ or ALIGNED.get(name) or local(name, datatype), found, datatype=datatype)


def local(name: str, datatype: str) -> str:
    """What a property of our own goes by."""
    return f"{name} {datatype}"


def item(iri: str) -> Item:
    """A thing of ours, a class, or an entity of Wikidata."""
    if iri.startswith(PREFIXES["wd"]):
        return Item(slug(iri))
    return Item(CLASSES.get(shorten(iri), iri))


def value_of(value: NamedNode | Literal) -> tuple[Value, str]:
    """The value of a snak, and its datatype."""
    if isinstance(value, NamedNode):
        return (item(value.value), ITEM) if _is_item(value.value) else (Text(value.value), "url")
    if value.language:
        return Monolingual(fold(value.value), value.language), "monolingualtext"
    match shorten(value.datatype.value):
        case "xsd:integer":
            return Quantity(f"{int(value.value):+d}"), "quantity"
        case "xsd:date":
            return Time(f"+{value.value}T00:00:00Z", DAY), "time"
    return Text(fold(value.value)), "string"


def _is_item(iri: str) -> bool:
    return is_minted(iri) or any(iri.startswith(PREFIXES[name]) for name in ("foaf", "org", "skos", "skosxl", "wd"))
