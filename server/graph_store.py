"""``/graphs``: the SPARQL 1.1 Graph Store Protocol. Graphs are read from any store, and written on a plain one.

A graph is named by ``?graph=IRI`` or ``?default``; or directly, where its IRI lies below ``/graphs/`` of this server.
"""

import re
from typing import Final
from urllib.parse import urljoin
from uuid import uuid4

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, NotFound

from graph.engine import GRAPH_FORMATS, Engine, QueryEvaluationError, QuerySyntaxError
from server import clock
from server.addresses import GRAPHS as PATH
from server.addresses import here
from server.delivery import deliver
from server.exchange import exchange_of
from server.negotiation import EXTENSION_OF, choose, content_type
from server.parameters import Fields, fields, once
from server.uploads import uploads
from server.writing import condition, store_for, written

SCOPE: Final = "graph-store"
DIRECT: Final = f"{PATH}/<path:name>"
_DEFAULT: Final = "default"
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_NOT_IN_A_FILE_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")

blueprint = Blueprint("graph_store", __name__)


@blueprint.get(PATH)
@blueprint.get(DIRECT)
def read(name: str | None = None) -> Response:
    """The graph in the RDF format that the request prefers; 404 where the store has none of that name."""
    graph = _graph(name)
    engine = clock.engine()
    media_type = choose(GRAPH_FORMATS)
    if graph is not None and not _exists(engine, graph):
        raise NotFound(f"there is no graph {graph}")
    pattern = "?s ?p ?o" if graph is None else f"GRAPH {graph} {{ ?s ?p ?o }}"
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
    exchange = exchange_of(request.environ)
    exchange.asks(query)
    answer = engine.respond(query, media_type, cancellation=exchange.cancellation)
    return deliver(answer, content_type(media_type), f"{_file_name(graph)}.{EXTENSION_OF[media_type]}")


@blueprint.put(PATH)
@blueprint.put(DIRECT)
def replace(name: str | None = None) -> Response:
    """Make the graph what the request brings: 201 where there was none, 204 where there was one."""
    return _put(_graph(name), replace_it=True)


@blueprint.post(PATH)
@blueprint.post(DIRECT)
def merge(name: str | None = None) -> Response:
    """Add what the request brings to the graph; without a name, to a new one, which ``Location`` tells."""
    if name is not None or fields(request.query_string):
        return _put(_graph(name), replace_it=False)
    graph = _node(f"{here()}/{uuid4()}")
    response = _put(graph, replace_it=False)
    response.headers["Location"] = graph.value
    return response


@blueprint.delete(PATH)
@blueprint.delete(DIRECT)
def remove(name: str | None = None) -> Response:
    """Remove the graph, or empty the default graph; 404 where the store has none of that name."""
    store, graph = store_for(SCOPE), _graph(name)
    return written(store.delete(graph.value if graph else None, condition()).version)


def _exists(engine: Engine, graph: NamedNode) -> bool:
    """Whether the graph is there, be it empty; an engine that takes no empty pattern (Virtuoso) has none of these."""
    if engine.ask(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}"):
        return True
    try:
        return engine.ask(f"ASK {{ GRAPH {graph} {{}} }}")
    except (QueryEvaluationError, QuerySyntaxError):
        return False


def _put(graph: NamedNode | None, replace_it: bool) -> Response:
    store = store_for(SCOPE)
    name = graph.value if graph else None
    done = store.put(name, uploads(name or here()), replace_it, condition())
    return written(done.version, 201 if done.created else 204)


def _graph(name: str | None) -> NamedNode | None:
    """The graph that the request is about, None for the default graph; raises 400 unless it names exactly one."""
    given = fields(request.query_string)
    if name is not None:
        if given:
            raise BadRequest(f"the address names the graph, and takes no parameters: ask {PATH} with them")
        return _node(here())
    return _indirect(given)


def _indirect(given: Fields) -> NamedNode | None:
    graph, default = once(given, "graph"), once(given, _DEFAULT)
    if (graph is None) == (default is None):
        raise BadRequest(f"name one graph: {PATH}?graph=IRI, or {PATH}?default")
    if graph is None:
        if default:
            raise BadRequest("'default' has no value: for a graph of some name use 'graph'")
        return None
    if not graph:
        raise BadRequest("'graph' is empty; the default graph is named by 'default'")
    return _node(graph if _ABSOLUTE.match(graph) else urljoin(here(), graph))


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise BadRequest(f"'{iri}' cannot name a graph: {error}") from error


def _file_name(graph: NamedNode | None) -> str:
    """The last part of the graph's IRI, as far as it can stand in a file name."""
    last = re.split(r"[/#:]", graph.value.rstrip("/#:"))[-1] if graph else "default"
    stem = re.sub(r"\.(?:ttl|nt|rdf|jsonld)$", "", last)
    return _NOT_IN_A_FILE_NAME.sub("-", stem).strip("-.")[:80] or "graph"
