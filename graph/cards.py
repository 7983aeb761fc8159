"""Cards: what lists show of meetings and documents, put together once.

Of a meeting its status, format, place, states and number of documents; of a document its number in the order of IRIs
and that of its assertions.

Of several statuses the one that settles most, of several formats the first, of several places the innermost.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.dataset import TYPE
from graph.facts import Known, follow, nodes
from graph.namespaces import GRAPH_INDEX, cq, term

STATUS, FORMAT, PLACE, STATES, DOCUMENTS, ASSERTIONS, NUMBER = (
    NamedNode(f"{GRAPH_INDEX.value}#{name}")
    for name in ("status", "format", "place", "states", "documents", "assertions", "number")
)
SETTLING: Final = tuple(cq(name) for name in ("Held", "Cancelled", "Postponed", "Suspended", "Planned"))
_ANNOUNCED: Final = frozenset(cq(name) for name in ("Visit", "Call"))
_INTEGER = term("xsd:integer")


def cards(facts: Mapping[NamedNode, Known]) -> Iterator[Triple]:
    """The cards of all meetings among merged facts, the states of visits and calls, and documents."""
    read = Counter(document for about in facts.values() for document in nodes(about, "cq:inDocument"))
    documents = sorted((item for item, about in facts.items() if cq("Document") in about.get(TYPE, ())), key=_iri)
    for number, document in enumerate(documents):
        yield from numbered(document, number, read[document])
    for item, about in facts.items():
        types = set(about.get(TYPE, ()))
        if cq("Meeting") in types:
            told_by = set(follow(facts, nodes(about, "cq:statedIn"), "cq:inDocument"))
            places = innermost(facts, set(nodes(about, "schema:location")))
            formats = {*nodes(about, "cq:inFormat"), *follow(facts, nodes(about, "cq:inSeries"), "cq:ofFormat")}
            yield from card(item, set(nodes(about, "cq:status")), formats, places, len(told_by))
        if types & _ANNOUNCED or cq("Meeting") in types:
            yield from states(
                item, _names(facts, follow(facts, nodes(about, "cq:hasParticipation"), "cq:representing"))
            )


def numbered(document: NamedNode, number: int, assertions: int) -> Iterator[Triple]:
    """Which document it is in the order of IRIs, from 0, and how many assertions were read from it."""
    yield Triple(document, NUMBER, Literal(str(number), datatype=_INTEGER))
    yield Triple(document, ASSERTIONS, Literal(str(assertions), datatype=_INTEGER))


def card(
    item: NamedNode,
    statuses: set[NamedNode],
    formats: Iterable[NamedNode],
    places: Iterable[NamedNode],
    documents: int,
) -> Iterator[Triple]:
    """One card."""
    settled = next((each for each in SETTLING if each in statuses), None)
    first = min(formats, key=_iri, default=None)
    place = min(places, key=_iri, default=None)
    for name, value in ((STATUS, settled), (FORMAT, first), (PLACE, place)):
        if value is not None:
            yield Triple(item, name, value)
    yield Triple(item, DOCUMENTS, Literal(str(documents), datatype=_INTEGER))


def states(item: NamedNode, names: Iterable[str]) -> Iterator[Triple]:
    """The states represented, in words."""
    listed = "; ".join(sorted(set(names)))
    if listed:
        yield Triple(item, STATES, Literal(listed))


def innermost(facts: Mapping[NamedNode, Known], places: set[NamedNode]) -> set[NamedNode]:
    """The places in which none of the others lies."""
    return places - set(follow(facts, places, "geo:sfWithin"))


def _names(facts: Mapping[NamedNode, Known], parties: Iterable[NamedNode]) -> Iterator[str]:
    """The English names of those that are states; the IRI of one that has none."""
    for party in set(parties):
        about = facts.get(party, {})
        if cq("State") in about.get(TYPE, ()):
            labels = about.get(term("skos:prefLabel"), ())
            english = [each.value for each in labels if isinstance(each, Literal) and each.language == "en"]
            yield from english or [party.value]


def _iri(node: NamedNode) -> str:
    return node.value
