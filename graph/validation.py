"""SHACL over what assertions say, over merged data and over the ontology itself.

Cardinality is checked within each assertion, since one source does not contradict itself; on merged data only
structure is checked, since sources may differ. The shapes stand in ``ontology/shapes.ttl``, told apart by class.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib import RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.term import Node

from graph.dataset import ONTOLOGY_FILES
from graph.namespaces import cq, shorten, term

rdflib.NORMALIZE_LITERALS = False  # else "2017-03"^^xsd:date becomes the first of March before a shape sees it

_SHOWN: Final = 20
_IRI: Final = re.compile(r"https?://[^\s<>\"]+")
_STRING: Final = term("xsd:string")
_STATED_IN: Final = URIRef(cq("statedIn").value)


@dataclass(frozen=True, order=True)
class Violation:
    """What a shape found: at which node, what is wrong, with which value, and where that is written."""

    focus: str
    message: str
    path: str = ""
    value: str = ""
    place: str = ""

    def __str__(self) -> str:
        """One line for a reader: file and line, node, what is wrong, the offending value."""
        where = f"{self.place}: " if self.place else ""
        found = " ".join(part for part in (self.path, self.value) if part)
        return f"{where}{self.focus}: {self.message}" + (f" (found: {found})" if found else "")


@dataclass(frozen=True, order=True)
class EmptySlot:
    """A seat of a held meeting's format that nobody of one side is named to have taken."""

    meeting: str
    slot: str
    message: str


class InvalidDataError(ValueError):
    """Data break a shape; ``violations`` has all of them, the message the first twenty."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(sorted(violations))
        lines = [str(violation) for violation in self.violations[:_SHOWN]]
        more = len(self.violations) - len(lines)
        super().__init__("\n".join([*lines, f"… and {more} more"] if more else lines))


class ShapesError(ValueError):
    """The shapes themselves cannot be evaluated."""


class _Origin(NamedTuple):
    """Which node is copied, and where the assertion is written that describes it."""

    node: Node
    place: str


class _Result(NamedTuple):
    """A validation result in RDF terms."""

    focus: Node
    path: Node | None
    value: Node | None
    message: str


def validate_assertion_graph(triples: Iterable[Triple], place: str = "") -> None:
    """Check what one assertion says; raises :class:`InvalidDataError`, which names ``place`` (file and line)."""
    validate_assertion_graphs({"": triples}, {"": place})


def validate_assertion_graphs(
    graphs: Mapping[str, Iterable[Triple]], places: Mapping[str, str] | None = None
) -> None:
    """Check what each assertion says, apart from the others; raises :class:`InvalidDataError`.

    ``graphs`` has the triples by assertion IRI, ``places`` the file and line by assertion IRI. One run checks all:
    in it, each graph has its own copy of each node that it describes.
    """
    data: list[Triple] = []
    origins: dict[Node, _Origin] = {}
    found: list[Violation] = []
    for number, (assertion, triples) in enumerate(graphs.items()):
        said, place = list(triples), (places or {}).get(assertion, _text_of(assertion))
        copies = _copies(said, number)
        data += _apart(said, copies)
        found += _blank_nodes(said, place)
        origins |= {URIRef(copy.value): _Origin(URIRef(iri), place) for iri, copy in copies.items()}
    whole = _with_vocabulary(data)
    for group in ("AssertionShape", "BoundShape"):
        found += [_at_origin(result, origins) for result in _results(whole, "shapes.ttl", group)]
        _raise_if(found)


def validate_merged(triples: Iterable[Triple], places: Mapping[str, str] | None = None) -> None:
    """Check the structure of the merged graph; raises :class:`InvalidDataError`.

    ``places`` has the file and line by the IRI of an assertion or of any other resource.
    """
    merged = list(triples)
    data = _with_vocabulary(merged)
    found = _blank_nodes(merged)
    for result in _results(data, "shapes.ttl", "MergedShape"):
        found.append(_violation(result, _place(result.focus, data, places or {})))
    _raise_if(found)


def empty_slots(triples: Iterable[Triple]) -> list[EmptySlot]:
    """Which seats of the formats of held meetings nobody is named to have taken, in a stable order."""
    found = [_violation(result) for result in _results(_with_vocabulary(triples), "shapes.ttl", "SlotShape")]
    return sorted(EmptySlot(one.focus, one.value, one.message) for one in found)


def validate_style(triples: Iterable[Triple]) -> None:
    """Check that an ontology is written in our style; raises :class:`InvalidDataError`."""
    _raise_if([_violation(result) for result in _results(_parsed(triples), "style.ttl")])


def _raise_if(found: list[Violation]) -> None:
    if found:
        raise InvalidDataError(found)


def _results(data: Graph, name: str, group: str | None = None) -> Iterator[_Result]:
    """Run the shapes of a file, or those of one group of it, over data."""
    shapes = _group(name, group) if group else _ontology_file(name)
    _, report, text = pyshacl.validate(data, shacl_graph=shapes, advanced=False, inplace=True)
    if not isinstance(report, Graph):
        raise ShapesError(f"ontology/{name} cannot be evaluated: {text}")
    for result in report.objects(None, SH.result):
        focus, value = report.value(result, SH.focusNode), report.value(result, SH.value)
        message = report.value(result, SH.resultMessage)
        if focus is not None:
            yield _Result(focus, report.value(result, SH.resultPath), value, str(message))


def _at_origin(result: _Result, origins: Mapping[Node, _Origin]) -> Violation:
    """A result on copies, told of the nodes that were copied."""
    focus, place = origins.get(result.focus, _Origin(result.focus, ""))
    value = origins[result.value].node if result.value and result.value in origins else result.value
    return _violation(result._replace(focus=focus, value=value), place)


def _violation(result: _Result, place: str = "") -> Violation:
    path = _term(result.path) if isinstance(result.path, URIRef) else ""
    value = _term(result.value) if result.value and result.value != result.focus else ""
    return Violation(_term(result.focus), _text_of(result.message), path, value, place)


def _term(node: Node) -> str:
    """A node for a reader; an IRI that is none of the web's, as a misspelt prefix makes, stands in <>."""
    text = _text_of(str(node))
    return f"<{text}>" if isinstance(node, URIRef) and text == str(node) else text


def _text_of(text: str) -> str:
    """A text with each IRI in it made compact."""
    return _IRI.sub(lambda match: shorten(match[0]), text)


def _blank_nodes(triples: Iterable[Triple], place: str = "") -> list[Violation]:
    """A violation for each triple with a blank node, whose name differs from run to run."""
    return [
        Violation(
            _text_of(str(triple.subject)),
            "data have no blank nodes: give this an IRI",
            value=str(triple),
            place=place,
        )
        for triple in triples
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)
    ]


def _copies(triples: Iterable[Triple], number: int) -> dict[str, NamedNode]:
    """A node of its own, in the graph of that number, for each node that the graph describes."""
    described = {triple.subject.value for triple in triples if isinstance(triple.subject, NamedNode)}
    return {iri: NamedNode(f"{iri}?graph={number}") for iri in described}


def _apart(triples: Iterable[Triple], copies: Mapping[str, NamedNode]) -> Iterator[Triple]:
    """The triples with each node that they describe replaced by its copy."""
    for triple in triples:
        subject, target = triple.subject, triple.object
        yield Triple(
            copies.get(subject.value, subject) if isinstance(subject, NamedNode) else subject,
            triple.predicate,
            copies.get(target.value, target) if isinstance(target, NamedNode) else target,
        )


def _place(focus: Node, data: Graph, places: Mapping[str, str]) -> str:
    """Where a node is written: its own place, else that of the first assertion that states it."""
    assertions = sorted(str(assertion) for assertion in data.objects(focus, _STATED_IN))
    return next((places[iri] for iri in (str(focus), *assertions) if iri in places), "")


def _parsed(triples: Iterable[Triple]) -> Graph:
    """The triples as rdflib has them, term by term: by way of N-Triples it takes three times as long."""
    graph, nodes = Graph(), _Nodes()
    for each in triples:
        graph.add((nodes[each.subject], nodes[each.predicate], nodes[each.object]))
    return graph


class _Nodes(dict[object, Node]):
    """Terms of rdflib by those of pyoxigraph, each made once."""

    def __missing__(self, found: object) -> Node:
        self[found] = node = _node(found)
        return node


def _node(found: object) -> Node:
    if isinstance(found, NamedNode):
        return URIRef(found.value)
    if isinstance(found, Literal):
        kind = None if found.language or found.datatype == _STRING else URIRef(found.datatype.value)
        return rdflib.Literal(found.value, found.language, kind)
    if isinstance(found, BlankNode):
        return BNode(found.value)
    raise ShapesError(f"{found}: a triple within a triple cannot be checked")


def _with_vocabulary(triples: Iterable[Triple]) -> Graph:
    """Data with the vocabulary's class hierarchy and its individuals, for shapes that ask for a class."""
    data = _parsed(triples)
    for name in ONTOLOGY_FILES:
        vocabulary = _ontology_file(name)
        for triple in (
            *vocabulary.triples((None, RDF.type, None)),
            *vocabulary.triples((None, RDFS.subClassOf, None)),
        ):
            data.add(triple)
    return data


@cache
def _ontology_file(name: str) -> Graph:
    return Graph().parse(data=files("ontology").joinpath(name).read_text("utf-8"), format="turtle")


@cache
def _group(name: str, group: str) -> Graph:
    """The shapes of a file, of which only those of one group have targets."""
    shapes = Graph() + _ontology_file(name)
    chosen = set(shapes.subjects(RDF.type, URIRef(cq(group).value)))
    for target in (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf):
        for shape in set(shapes.subjects(target)) - chosen:
            shapes.remove((shape, target, None))
    return shapes
