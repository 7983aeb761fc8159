"""The catalogue of saved queries for programs: JSON, and Turtle in terms of SHACL."""

from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from graph.namespaces import BASE, PREFIXES, expand
from graph.saved_query import Parameter, SavedQuery

_BOOLEAN = NamedNode(expand("xsd:boolean"))


def catalogue_as_json(queries: Iterable[SavedQuery]) -> list[dict[str, Any]]:
    """Name, title, question, parameters and columns of each query, and where it answers."""
    return [
        {
            "name": query.name,
            "title": query.title,
            "description": query.description,
            "question": query.question,
            "url": f"/queries/{query.name}",
            "parameters": [_parameter(parameter) for parameter in query.parameters],
            "columns": list(query.header),
        }
        for query in queries
    ]


def catalogue_as_turtle(queries: Iterable[SavedQuery]) -> bytes:
    """The same as RDF: each query is a ``sh:SPARQLSelectExecutable`` with its text."""
    triples = [triple for query in queries for triple in _triples(query)]
    return serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "description": parameter.description,
        "expected": parameter.expected,
        "required": parameter.required,
        "default": parameter.default,
        "choices": list(parameter.choices),
    }


def _triples(query: SavedQuery) -> Iterator[Triple]:
    node = NamedNode(f"{BASE}queries/{query.name}")
    yield Triple(node, _term("rdf:type"), _term("sh:SPARQLSelectExecutable"))
    yield Triple(node, _term("dcterms:title"), Literal(query.title, language="en"))
    yield Triple(node, _term("dcterms:description"), Literal(query.description, language="en"))
    yield Triple(node, _term("rdfs:comment"), Literal(query.question, language="en"))
    yield Triple(node, _term("sh:select"), Literal(query.text))
    for number, parameter in enumerate(query.parameters):
        about = NamedNode(f"{node.value}#{parameter.name}")
        yield Triple(node, _term("sh:parameter"), about)
        yield from _parameter_triples(about, parameter, number)


def _parameter_triples(node: NamedNode, parameter: Parameter, number: int) -> Iterator[Triple]:
    optional = "false" if parameter.required else "true"
    yield Triple(node, _term("rdf:type"), _term("sh:Parameter"))
    yield Triple(node, _term("sh:name"), Literal(parameter.name))
    yield Triple(node, _term("sh:description"), Literal(parameter.description, language="en"))
    yield Triple(node, _term("sh:optional"), Literal(optional, datatype=_BOOLEAN))
    yield Triple(node, _term("sh:order"), Literal(number))


def _term(curie: str) -> NamedNode:
    return NamedNode(expand(curie))
