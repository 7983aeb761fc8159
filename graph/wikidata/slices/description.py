"""Where each slice comes from: the graph of slices, written and read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from graph.namespaces import cq, term
from graph.wikidata.terms import entity_node, identifier_of

_TYPE = term("rdf:type")


@dataclass(frozen=True)
class Slice:
    """What a source says of one entity at one revision: its graph, and where and when that was retrieved.

    ``revision`` and ``modified`` are empty where the source did not tell; ``sha256`` is that of the record, or of
    each table. A partial slice names its ``statements``, so that each can be traced to its day.
    """

    graph: str
    entity: str
    revision: str = ""
    modified: str = ""
    retrieved: str = ""
    urls: frozenset[str] = frozenset()
    sha256: frozenset[str] = frozenset()
    partial: bool = False
    statements: frozenset[str] = frozenset()

    def age(self) -> tuple[int, str, str]:
        """What slices of one entity are compared by: the revision, then the day, then the graph's name."""
        return int(self.revision or 0), self.retrieved, self.graph


def source_of(retrieved: str, url: str, sha256: str) -> Slice:
    """What is the same for all slices from one source."""
    return Slice("", "", retrieved=retrieved, urls=frozenset({url}), sha256=frozenset({sha256}))


def triples_about(found: Slice) -> Iterator[Triple]:
    """The description of a slice."""
    node = NamedNode(found.graph)
    yield Triple(node, _TYPE, cq("Slice"))
    yield Triple(node, cq("sliceOf"), entity_node(found.entity))
    yield Triple(node, cq("isPartial"), Literal(str(found.partial).lower(), datatype=term("xsd:boolean")))
    for name, text, datatype in (
        ("revision", found.revision, "xsd:string"),
        ("modified", found.modified, "xsd:dateTime"),
        ("recordedOn", found.retrieved, "xsd:date"),
    ):
        if text:
            yield Triple(node, cq(name), Literal(text, datatype=term(datatype)))
    for url in found.urls:
        yield Triple(node, cq("retrievedFrom"), NamedNode(url))
    for digest in found.sha256:
        yield Triple(node, cq("sha256"), Literal(digest))
    for statement in found.statements:
        yield Triple(node, cq("hasWikidataStatement"), NamedNode(statement))


def described(retrieved: Iterable[Triple]) -> dict[str, tuple[Slice, ...]]:
    """The slices that a graph of slices describes, by entity, the oldest first."""
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in retrieved:
        if isinstance(each.subject, NamedNode) and isinstance(each.object, NamedNode | Literal):
            told[each.subject.value][each.predicate.value].add(each.object.value)
    found: dict[str, list[Slice]] = defaultdict(list)
    for graph, said in told.items():
        if cq("sliceOf").value in said:
            held = _slice(graph, said)
            found[held.entity].append(held)
    return {entity: tuple(sorted(slices, key=Slice.age)) for entity, slices in found.items()}


def _slice(graph: str, said: dict[str, set[str]]) -> Slice:
    def one(name: str) -> str:
        return max(said[cq(name).value], default="")

    return Slice(
        graph=graph,
        entity=identifier_of(one("sliceOf")),
        revision=one("revision"),
        modified=one("modified"),
        retrieved=one("recordedOn"),
        urls=frozenset(said[cq("retrievedFrom").value]),
        sha256=frozenset(said[cq("sha256").value]),
        partial=one("isPartial") in ("true", "1"),
        statements=frozenset(said[cq("hasWikidataStatement").value]),
    )
