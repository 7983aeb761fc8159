"""``/.well-known/void``: what the data are, in the Vocabulary of Interlinked Datasets, counted and not claimed.

The whole is one data set; each graph in it is a part, whose name here is its address for the Graph Store Protocol.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode, Triple

from graph.engine import GRAPH_FORMATS, Engine
from graph.namespaces import GRAPH_WIKIDATA, expand
from server import clock
from server.addresses import VOID as PATH
from server.addresses import WIKIDATA_SPARQL, graph_url, site
from server.delivery import keep_answers
from server.negotiation import choose
from server.rdf import VOID, describe
from server.statistics import GraphSize, Part, classes, examples, graph_sizes, licences, properties, space

_TYPE: Final = NamedNode(expand("rdf:type"))

blueprint = Blueprint("void", __name__)
keep_answers(blueprint)


@blueprint.get(PATH)
def dataset() -> Response:
    """The description of the data in RDF; of an empty store too."""
    media_type = choose(GRAPH_FORMATS)
    engine = clock.engine()
    return describe(_triples(engine, site()), media_type)


def _triples(engine: Engine, root: str) -> Iterator[Triple]:
    whole = NamedNode(f"{root}{PATH}#dataset")
    sizes, of_classes, of_properties = graph_sizes(engine), classes(engine), properties(engine)
    yield Triple(whole, _TYPE, _void("Dataset"))
    yield Triple(whole, _void("sparqlEndpoint"), NamedNode(f"{root}/sparql"))
    yield Triple(whole, NamedNode(expand("owl:versionInfo")), Literal(engine.version))
    yield Triple(whole, _void("triples"), Literal(sum(size.triples for size in sizes)))
    yield from _about(engine, whole, of_classes)
    for name in sorted({_namespace(part.term) for part in of_classes + of_properties}):
        yield Triple(whole, _void("vocabulary"), NamedNode(name))
    for size in sizes:
        yield Triple(whole, _void("subset"), graph_url(root, size.name))
        yield from _graph(root, size)
    for part in of_classes:
        yield from _class_partition(root, part)
    for part in of_properties:
        yield from _property_partition(root, part)


def _about(engine: Engine, whole: NamedNode, of_classes: list[Part]) -> Iterator[Triple]:
    """What the IRIs of the data look like, with examples; and under which licence they are, where they say so."""
    if found := space(engine):
        yield Triple(whole, _void("uriSpace"), Literal(found.prefix))
        yield Triple(whole, _void("entities"), Literal(found.subjects))
    for example in examples(engine, of_classes):
        yield Triple(whole, _void("exampleResource"), NamedNode(example))
    for licence in licences(engine):
        yield Triple(whole, NamedNode(expand("dcterms:license")), NamedNode(licence))


def _graph(root: str, size: GraphSize) -> Iterator[Triple]:
    node = graph_url(root, size.name)
    yield Triple(node, _TYPE, _void("Dataset"))
    yield Triple(node, _void("dataDump"), node)
    if size.name == GRAPH_WIKIDATA.value:
        yield Triple(node, _void("sparqlEndpoint"), NamedNode(f"{root}{WIKIDATA_SPARQL}"))
    yield from _numbers(node, triples=size.triples, distinctSubjects=size.subjects, distinctObjects=size.objects)


def _class_partition(root: str, part: Part) -> Iterator[Triple]:
    node = _partition(root, part, "class")
    yield Triple(graph_url(root, part.graph), _void("classPartition"), node)
    yield Triple(node, _void("class"), NamedNode(part.term))
    yield from _numbers(node, entities=part.subjects)


def _property_partition(root: str, part: Part) -> Iterator[Triple]:
    node = _partition(root, part, "property")
    yield Triple(graph_url(root, part.graph), _void("propertyPartition"), node)
    yield Triple(node, _void("property"), NamedNode(part.term))
    yield from _numbers(node, triples=part.triples, distinctSubjects=part.subjects, distinctObjects=part.objects)


def _partition(root: str, part: Part, kind: str) -> NamedNode:
    return NamedNode(f"{graph_url(root, part.graph).value}#{kind}={quote(part.term, safe='')}")


def _numbers(node: NamedNode, **counted: int) -> Iterator[Triple]:
    for name, number in counted.items():
        yield Triple(node, _void(name), Literal(number))


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1]


def _void(name: str) -> NamedNode:
    return NamedNode(VOID + name)
