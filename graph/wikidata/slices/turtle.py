"""Dumps in Turtle or N-Triples, cut into the entities that they are of; the triples stay as they are.

What belongs to an entity is reached from its document (``data:Q42``): the entity, its statements with their
references and values, the pages on it, and the properties it uses where the file describes them without a document of
their own. Blank nodes, which older dumps have for unknown values, become IRIs (RDF 1.1, 3.5), named by the record and
by their order in it: the same bytes give the same, and labels that two dumps happen to share do not meet. The
document tells how many statements and pages there are: with fewer, or where it does not tell of statements, or if
references or values are mentioned of which nothing is said, the slice is partial.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from graph.namespaces import WIKIDATA, slice_graph, term
from graph.wikidata.reading.checks import is_of
from graph.wikidata.slices.description import Slice
from graph.wikidata.slices.faults import SliceError
from graph.wikidata.terms import (
    DATA,
    ENTITY,
    GENID,
    PROPERTY,
    REVISION,
    data_node,
    entity_node,
    guid_of,
    identifier_of,
    schema,
    wikibase,
)

Nodes = Mapping[str, list[Triple]]
_SAME = term("owl:sameAs")
_DESCRIBED = (WIKIDATA["wdref"], WIKIDATA["wdv"])
_FOLLOWED = (WIKIDATA["wds"], *_DESCRIBED)


def entities_in(data: bytes, media_type: str, source: Slice, place: str) -> Iterator[tuple[Slice, set[Triple]]]:
    """The slices of a dump; raises SliceError."""
    nodes = _by_subject(_parsed(data, media_type, "".join(sorted(source.sha256)), place))
    documents = {name for name in map(_document, nodes) if name}
    if not documents:
        raise SliceError(f"{place}: no document ({DATA}Q…) says which entity and revision this is of")
    pages, redirects = _pages(nodes), _redirects(nodes)
    for own in sorted(documents):
        yield _slice(own, {*redirects[own], *_belonging(own, nodes, pages[own], documents)}, source, place)


def _document(subject: str) -> str:
    """The entity whose document a node is; empty for other nodes."""
    name = subject.removeprefix(DATA)
    return name if name != subject and ENTITY.fullmatch(name) else ""


def _parsed(data: bytes, media_type: str, record: str, place: str) -> Iterator[Triple]:
    named = _Named(record, place)
    rdf_format = RdfFormat.N_TRIPLES if media_type == "application/n-triples" else RdfFormat.TURTLE
    try:
        for quad in parse(data, format=rdf_format):
            found = quad.object if isinstance(quad.object, Literal) else named.node(quad.object)
            yield Triple(named.node(quad.subject), quad.predicate, found)
    except SyntaxError as error:
        raise SliceError(f"{place}: it cannot be read as {rdf_format.name}: {error}") from error


class _Named:
    """IRIs for the blank nodes of a record, by the order in which they come."""

    def __init__(self, record: str, place: str) -> None:
        self._record, self._place = record, place
        self._numbers: dict[str, int] = {}

    def node(self, found: NamedNode | BlankNode | Triple) -> NamedNode:
        """The node, or the IRI of a blank one; raises SliceError for a quoted triple."""
        if isinstance(found, Triple):
            raise SliceError(f"{self._place}: a quoted triple stands in it: {str(found)[:200]}")
        if isinstance(found, NamedNode):
            return found
        number = self._numbers.setdefault(found.value, len(self._numbers))
        return NamedNode(GENID + sha256(f"{self._record} {number}".encode()).hexdigest()[:32])


def _by_subject(triples: Iterable[Triple]) -> Nodes:
    nodes: dict[str, list[Triple]] = defaultdict(list)
    for each in triples:
        nodes[_value(each.subject)].append(each)
    return nodes


def _value(node: object) -> str:
    return node.value if isinstance(node, NamedNode | Literal) else ""


def _pages(nodes: Nodes) -> dict[str, list[str]]:
    pages: dict[str, list[str]] = defaultdict(list)
    for subject, said in nodes.items():
        found = {each.predicate: each.object for each in said}
        if found.get(term("rdf:type")) == schema("Article"):
            pages[identifier_of(_value(found.get(schema("about"))))].append(subject)
    return pages


def _redirects(nodes: Nodes) -> dict[str, list[Triple]]:
    redirects: dict[str, list[Triple]] = defaultdict(list)
    for said in nodes.values():
        for each in said:
            if each.predicate == _SAME:
                redirects[identifier_of(_value(each.object))].append(each)
    return redirects


def _belonging(own: str, nodes: Nodes, pages: Iterable[str], documents: Container[str]) -> Iterator[Triple]:
    waiting = [data_node(own).value, entity_node(own).value, *pages]
    seen: set[str] = set()
    while waiting:
        subject = waiting.pop()
        if subject not in seen:
            seen.add(subject)
            for each in nodes.get(subject, ()):
                yield each
                waiting += _next(each, documents)


def _next(triple: Triple, documents: Container[str]) -> Iterator[str]:
    """The nodes that belong to an entity because something of it mentions them."""
    found = _value(triple.object)
    if found.startswith(_FOLLOWED) or triple.predicate == schema("isPartOf"):
        yield found
    property_ = triple.predicate.value.rpartition("/")[2]
    if PROPERTY.fullmatch(property_) and property_ not in documents:
        yield entity_node(property_).value


def _slice(own: str, triples: set[Triple], source: Slice, place: str) -> tuple[Slice, set[Triple]]:
    told = {each.predicate: _value(each.object) for each in triples if each.subject == data_node(own)}
    statements = {
        _value(each.object)
        for each in triples
        if each.subject == entity_node(own) and _value(each.object).startswith(WIKIDATA["wds"])
    }
    revision = told.get(schema("version"), "")
    if not REVISION.fullmatch(revision):
        raise SliceError(f"{place}: '{revision[:40]}' is no revision of {own}")
    for each in statements:
        if not is_of(guid_of(each), own):
            raise SliceError(f"{place}: <{each}>, which {own} has, is no statement of it")
    is_partial = told.get(wikibase("statements")) != str(len(statements)) or _lacks_nodes(own, triples, told)
    found = replace(
        source,
        graph=slice_graph(own, revision or source.retrieved).value,
        entity=own,
        revision=revision,
        modified=told.get(schema("dateModified"), ""),
        partial=is_partial,
        statements=frozenset(statements) if is_partial else frozenset(),
    )
    return found, triples


def _lacks_nodes(own: str, triples: Iterable[Triple], told: Mapping[NamedNode, str]) -> bool:
    """Whether there are fewer pages than are counted, or references or values of which nothing is said."""
    pages: set[str] = set()
    mentioned: set[str] = set()
    described: set[str] = set()
    for each in triples:
        subject, found = _value(each.subject), _value(each.object)
        described.add(subject)
        if found.startswith(_DESCRIBED):
            mentioned.add(found)
        if (each.predicate, each.object) == (schema("about"), entity_node(own)) and each.subject != data_node(own):
            pages.add(subject)
    return not mentioned <= described or told.get(wikibase("sitelinks"), str(len(pages))) != str(len(pages))
