"""Linked data: every IRI of ours answers, with a page for readers and with RDF for programs.

``/id/<kind>/<slug>`` is a resource, ``/vocab`` the vocabulary, ``/graph/<path>`` a named graph. A suffix (``.html``,
``.ttl``, ``.jsonld``, ``.nt``) asks for one representation, ``Accept`` for any.
"""

from typing import Final

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize
from werkzeug.exceptions import NotFound

from graph.namespaces import (
    BASE,
    GRAPH_COMPARISONS,
    GRAPH_LINKS,
    GRAPH_MERGED,
    GRAPH_ONTOLOGY,
    GRAPH_WIKIDATA,
    GRAPHS,
    PREFIXES,
    kind,
    slug,
)
from server.clock import engine
from server.compared import is_compared
from server.delivery import deliver, keep_answers
from server.exchange import cancellation_of
from server.negotiation import EXTENSION_OF, EXTENSIONS, HTML, choose, content_type, split_suffix
from server.said import Said, said_in
from server.statements import describe, evidence_of
from server.vocabulary import terms

# What has its say of a resource, and is no part of the default graph.
_BESIDE: Final = f"{GRAPH_ONTOLOGY} {GRAPH_LINKS} {GRAPH_COMPARISONS} {GRAPH_WIKIDATA}"
OFFERS: Final = (HTML, "text/turtle", "application/ld+json", "application/n-triples")
SUFFIXES: Final = ("html", "ttl", "jsonld", "nt")
_FORMATS: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES,
}

blueprint = Blueprint("resources", __name__)
keep_answers(blueprint)


@blueprint.get("/id/<path:path>")
def resource(path: str) -> Response:
    """A thing, a person, a meeting, an assertion, a passage."""
    stem, media_type = split_suffix(path, SUFFIXES)
    node = _node("id/" + stem)
    media_type = media_type or choose(OFFERS)
    return _represented(_page(node) if media_type == HTML else _triples(node, media_type), media_type)


@blueprint.get("/vocab")
@blueprint.get("/vocab.<any(html, ttl, jsonld, nt):suffix>")
def vocabulary(suffix: str | None = None) -> Response:
    """The terms: as a page with an anchor for each, or the whole ontology."""
    media_type = EXTENSIONS[suffix] if suffix else choose(OFFERS)
    if media_type == HTML:
        return _represented(render_template("vocabulary.html", sections=terms(engine())), HTML)
    return _whole_graph(GRAPH_ONTOLOGY, media_type)


@blueprint.get("/graph/<path:name>")
def graph(name: str) -> Response:
    """A named graph: how large it is, or all of it."""
    stem, media_type = split_suffix(name, SUFFIXES)
    node = _node("graph/" + stem)
    media_type = media_type or choose(OFFERS)
    if media_type != HTML and _size(node):
        return _whole_graph(node, media_type)
    size = _size(node)
    if not size:
        raise NotFound(f"there is no graph {node.value}")
    page = render_template("graph.html", iri=GRAPHS + stem, name=stem, size=size, extensions=SUFFIXES[1:])
    return _represented(page, media_type)


def _node(path: str) -> NamedNode:
    try:
        return NamedNode(BASE + path)
    except ValueError as error:
        raise NotFound(f"'{path}' cannot name anything") from error


def _page(node: NamedNode) -> str:
    description = describe(engine(), node)
    if description is None:
        raise NotFound(f"the graph does not know {node.value}")
    is_assertion = kind(node.value) == "assertion"
    return render_template(
        "resource.html",
        described=description,
        slug=slug(node.value),
        kind=kind(node.value),
        evidence=evidence_of(engine(), [node.value]).get(node.value) if is_assertion else None,
        said=_said(node) if is_assertion else [],
        extensions=SUFFIXES[1:],
        is_compared=is_compared(engine(), node),
    )


def _said(assertion: NamedNode) -> list[Said]:
    return said_in(engine(), f"VALUES ?assertion {{ {assertion} }}").get(assertion.value, [])


def _triples(node: NamedNode, media_type: str) -> bytes:
    """What is said of the node and with it, as one small graph in a stable order."""
    query = (
        f"CONSTRUCT {{ {node} ?p ?o . ?s ?q {node} . ?a ?b ?c }} WHERE {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }}"
        f" UNION {{ GRAPH ?beside {{ {node} ?p ?o }} VALUES ?beside {{ {_BESIDE} }} }}"
        f" UNION {{ GRAPH {node} {{ ?a ?b ?c }} }} }}"
    )
    found = sorted(set(engine().construct(query)), key=str)
    if not found:
        raise NotFound(f"the graph does not know {node.value}")
    return serialize(found, format=_FORMATS[media_type], prefixes=_used(found)) or b""


def _used(triples: list[Triple]) -> dict[str, str]:
    """The prefixes that shorten something in the triples."""
    text = "\n".join(map(str, triples))
    return {name: namespace for name, namespace in PREFIXES.items() if f"<{namespace}" in text}


def _size(node: NamedNode) -> int:
    rows = engine().select(f"SELECT (COUNT(*) AS ?n) {{ {_pattern(node)} }}").rows
    return int(getattr(rows[0][0], "value", 0))


def _pattern(node: NamedNode) -> str:
    return "?s ?p ?o" if node == GRAPH_MERGED else f"GRAPH {node} {{ ?s ?p ?o }}"


def _whole_graph(node: NamedNode, media_type: str) -> Response:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_pattern(node)} }}"
    answer = engine().respond(query, media_type, cancellation=cancellation_of(request.environ))
    return deliver(answer, content_type(media_type), f"{slug(node.value)}.{EXTENSION_OF[media_type]}")


def _represented(body: str | bytes, media_type: str) -> Response:
    response = Response(body, content_type=content_type(media_type))
    response.vary.add("Accept")
    return response
