"""The service description of ``/sparql`` (SPARQL 1.1 Service Description): what the service really can.

Languages and functions are found out by asking the engine; graphs and their sizes come from the data. The endpoint
has the address under which it was asked, and is itself the subject: so Comunica looks for it.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from flask import Response, current_app, request
from pyoxigraph import Literal, NamedNode, Triple

from graph.engine import GRAPH_FORMATS, SOLUTION_FORMATS, Engine, QueryEvaluationError, QuerySyntaxError
from graph.namespaces import expand
from graph.reach.allowed import Reach
from server import clock
from server.addresses import VOID as VOID_PATH
from server.addresses import graph_url, here, site
from server.rdf import SD, VOID, describe
from server.statistics import GraphSize, graph_sizes

_FORMATS: Final = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF_XML",
}
_TYPE: Final = NamedNode(expand("rdf:type"))
_GEOF: Final = "http://www.opengis.net/def/function/geosparql/"
_WKT: Final = "<http://www.opengis.net/ont/geosparql#wktLiteral>"
_SHAPE: Final = f"'POLYGON((0 0, 0 2, 2 2, 2 0, 0 0))'^^{_WKT}"
_OTHER: Final = f"'POLYGON((1 1, 1 3, 3 3, 3 1, 1 1))'^^{_WKT}"
_METRE: Final = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
_CASTS: Final = {
    "date": "2000-01-01",
    "time": "00:00:00",
    "gYear": "2000",
    "gYearMonth": "2000-01",
    "gMonth": "--01",
    "gMonthDay": "--01-01",
    "gDay": "---01",
    "duration": "P1D",
    "dayTimeDuration": "P1D",
    "yearMonthDuration": "P1Y",
    "anyURI": "http://example.org/",
}
_SPATIAL: Final = {
    _SHAPE: "boundary convexHull envelope getSRID",
    f"{_SHAPE}, {_OTHER}": (
        "difference intersection symDifference union sfContains sfCrosses sfDisjoint sfEquals sfIntersects sfOverlaps"
        " sfTouches sfWithin ehContains ehCoveredBy ehCovers ehDisjoint ehEquals ehInside ehMeet ehOverlap"
        " rcc8dc rcc8ec rcc8eq rcc8ntpp rcc8ntppi rcc8po rcc8tpp rcc8tppi"
    ),
    f"'POINT(0 0)'^^{_WKT}, 'POINT(1 1)'^^{_WKT}, {_METRE}": "distance",
    f"{_SHAPE}, 1, {_METRE}": "buffer",
    f"{_SHAPE}, {_OTHER}, 'T*F**FFF*'": "relate",
}
# Functions beyond SPARQL's own that an engine may have, with arguments for which it then has a value.
_CANDIDATES: Final = {
    **{expand(f"xsd:{name}"): f"'{value}'" for name, value in _CASTS.items()},
    **{_GEOF + name: arguments for arguments, names in _SPATIAL.items() for name in names.split()},
}
_TRIPLE_TERMS: Final = "ASK { BIND(<<( <urn:s> <urn:p> <urn:o> )>> AS ?term) FILTER(isTRIPLE(?term)) }"
_FOUND: Final = "found of the engine"


def describe_service(media_type: str, graph: NamedNode | None = None) -> Response:
    """The service description, in an RDF format; of an endpoint for one graph, where it is given."""
    engine = clock.engine()
    response = describe(_triples(engine, graph), media_type)
    response.cache_control.no_cache = True
    response.add_etag()
    response.make_conditional(request)
    return response


def _triples(engine: Engine, graph: NamedNode | None) -> Iterator[Triple]:
    service, root = NamedNode(here()), site()
    languages, functions = _found(engine)
    yield from _service(service, ["SPARQL11Query", *languages])
    for media_type in (*SOLUTION_FORMATS, *GRAPH_FORMATS):
        yield Triple(service, _sd("resultFormat"), _format(media_type))
    for function in functions:
        yield Triple(service, _sd("extensionFunction"), NamedNode(function))
        yield Triple(NamedNode(function), _TYPE, _sd("Function"))
    reach: Reach | None = current_app.extensions.get("reach")
    if reach and reach.services:
        yield Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))
    yield from _dataset(engine, service, root) if graph is None else _one_graph(service, root, graph)


def _dataset(engine: Engine, service: NamedNode, root: str) -> Iterator[Triple]:
    """The whole, with its default graph and its named graphs."""
    whole = NamedNode(f"{root}{VOID_PATH}#dataset")
    yield Triple(service, _sd("defaultDataset"), whole)
    yield Triple(whole, _TYPE, _sd("Dataset"))
    yield from _updating(root, service, whole)
    for size in graph_sizes(engine, distinct=False):
        yield from _graph(root, whole, size)


def _one_graph(service: NamedNode, root: str, graph: NamedNode) -> Iterator[Triple]:
    """A dataset with one of the named graphs as its default graph, and no others."""
    dataset, node = NamedNode(f"{service.value}#dataset"), graph_url(root, graph.value)
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), node)
    yield Triple(node, _TYPE, _sd("Graph"))


def _service(service: NamedNode, languages: list[str]) -> Iterator[Triple]:
    yield Triple(service, _TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), service)
    for language in languages:
        yield Triple(service, _sd("supportedLanguage"), _sd(language))


def _updating(root: str, service: NamedNode, whole: NamedNode) -> Iterator[Triple]:
    """A plain store keeps graphs that are empty; where it may be written, ``/update`` is a service too."""
    if not current_app.extensions.get("plain"):
        return
    yield Triple(service, _sd("feature"), _sd("EmptyGraphs"))
    if current_app.extensions.get("updates"):
        update = NamedNode(f"{root}/update")
        yield from _service(update, ["SPARQL11Update"])
        yield Triple(update, _sd("feature"), _sd("EmptyGraphs"))
        yield Triple(update, _sd("defaultDataset"), whole)
        for media_type in GRAPH_FORMATS:
            yield Triple(update, _sd("inputFormat"), _format(media_type))


def _graph(root: str, whole: NamedNode, size: GraphSize) -> Iterator[Triple]:
    node = graph_url(root, size.name)
    yield Triple(node, _TYPE, _sd("Graph"))
    yield Triple(node, NamedNode(VOID + "triples"), Literal(size.triples))
    if size.name is None:
        yield Triple(whole, _sd("defaultGraph"), node)
        return
    named = NamedNode(f"{whole.value}-{sha256(size.name.encode()).hexdigest()[:16]}")
    yield Triple(whole, _sd("namedGraph"), named)
    yield Triple(named, _TYPE, _sd("NamedGraph"))
    yield Triple(named, _sd("name"), NamedNode(size.name))
    yield Triple(named, _sd("graph"), node)


def _found(engine: Engine) -> tuple[list[str], list[str]]:
    """The languages beyond SPARQL 1.1 and the functions that the engine has; asked once."""
    held = current_app.extensions
    if _FOUND not in held:
        languages = ["SPARQL12Query"] if _runs(engine, _TRIPLE_TERMS) else []
        held[_FOUND] = languages, [name for name, arguments in _CANDIDATES.items() if _has(engine, name, arguments)]
    found: tuple[list[str], list[str]] = held[_FOUND]
    return found


def _has(engine: Engine, function: str, arguments: str) -> bool:
    return _runs(engine, f"ASK {{ BIND(<{function}>({arguments}) AS ?value) FILTER(BOUND(?value)) }}")


def _runs(engine: Engine, query: str) -> bool:
    """Whether the engine takes the question, and says yes."""
    try:
        return engine.ask(query)
    except (QuerySyntaxError, QueryEvaluationError):
        return False


def _format(media_type: str) -> NamedNode:
    return NamedNode(f"http://www.w3.org/ns/formats/{_FORMATS[media_type]}")


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
