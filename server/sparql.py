"""``/sparql``: queries by the SPARQL 1.1 Protocol, answered as they come; a form for readers.

Without parameters it describes itself: as a form for readers, as a service description for programs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, Response, current_app, g, json, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest

from graph.engine import GRAPH_FORMATS, Engine, QueryEvaluationError, QuerySyntaxError, ServiceRefusedError
from graph.engine import Response as Answer
from graph.engine.text.rewriting import with_base
from graph.limits import Limits
from graph.proofs.rows import CannotExplainError, Query, read_query
from server import clock, explaining
from server.addresses import here
from server.delivery import deliver, stamp
from server.description import describe_service
from server.exchange import exchange_of
from server.federated import tell_federated
from server.negotiation import EXTENSION_OF, EXTENSIONS, HTML, choose, content_type
from server.parameters import Fields, every, fields, once, operation_fields, refuse, refuse_long

DIRECT: Final = "application/sparql-query"
JSON: Final = "application/sparql-results+json"
TSV: Final = "text/tab-separated-values"
ROWS_SHOWN: Final = 1000
BYTES_SHOWN: Final = 2_000_000
CHARACTERS_SHOWN: Final = 10_000
_OF_UPDATES: Final = ("update", "using-graph-uri", "using-named-graph-uri")

blueprint = Blueprint("sparql", __name__)
tell_federated(blueprint)


@dataclass(frozen=True)
class Operation:
    """A query with the dataset that the request names."""

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    extension: str | None = None
    explain: bool = False

    def read(self) -> Query:
        """The query taken apart, to be explained; raises :class:`CannotExplainError`."""
        query = read_query(with_base(self.query, here()).text)
        named = [f"FROM NAMED {NamedNode(iri)}" for iri in self.named_graphs]
        dataset = " ".join([*(f"FROM {NamedNode(iri)}" for iri in self.default_graphs), *named])
        return replace(query, dataset=dataset) if dataset else query


@blueprint.get("/sparql")
def query_by_get() -> Response:
    """``query=`` in the URL; without any parameter, the form or the service description."""
    given = fields(request.query_string)
    if clock.without(given):
        return answer(clock.engine(), read_operation(given))
    return form_or_description()


@blueprint.post("/sparql")
def query_by_post() -> Response:
    """A form, or the query itself as the body; the graphs may be named in the URL."""
    given = operation_fields("query", DIRECT)
    clock.take(given)
    return answer(clock.engine(), read_operation(given))


def form_or_description(graph: NamedNode | None = None) -> Response:
    """What the endpoint is, whose default graph may be one by itself: a form for readers, RDF for programs."""
    media_type = choose((*GRAPH_FORMATS, HTML))
    if media_type != HTML:
        return describe_service(media_type, graph)
    response = Response(render_template("sparql.html", query=""), content_type=content_type(HTML))
    response.vary.add("Accept")
    return response


def answer(engine: Engine, operation: Operation) -> Response:
    """Ask the engine in the form that the request prefers, and stream what it says."""
    exchange_of(request.environ).asks(operation.query)
    g.query = operation.query
    if operation.explain:
        return _explained(engine, operation)
    offers = (*engine.formats(operation.query), HTML)
    media_type = _wanted(operation.extension, offers) or choose(offers)
    if media_type == HTML:
        return _page(engine, operation, offers)
    asked = _ask(engine, operation, media_type)
    return deliver(asked, content_type(media_type), f"answer.{EXTENSION_OF[media_type]}")


def _ask(engine: Engine, operation: Operation, media_type: str) -> Answer:
    """Ask the engine; where an error stands is told in the text as it was sent."""
    made = with_base(operation.query, here())
    graphs = operation.default_graphs, operation.named_graphs
    try:
        return engine.respond(made.text, media_type, *graphs, exchange_of(request.environ).cancellation)
    except (QuerySyntaxError, QueryEvaluationError, ServiceRefusedError) as error:
        raise made.as_sent(error) from error.__cause__


def _wanted(extension: str | None, offers: tuple[str, ...]) -> str | None:
    """The media type that ``format=`` names, for links and forms, which cannot set Accept."""
    if extension is None:
        return None
    names = [EXTENSION_OF[offer] for offer in offers]
    if extension not in names:
        raise BadRequest(f"format={extension}: expected one of {', '.join(names)} for this query")
    return EXTENSIONS[extension]


def _page(engine: Engine, operation: Operation, offers: tuple[str, ...], refused: str = "") -> Response:
    """The answer as a page: the first rows as a table, or the first lines of a graph."""
    tabular = TSV in offers
    lines, cut = _read(engine, operation, ROWS_SHOWN, TSV if tabular else "text/turtle")
    page = _rendered(operation, offers, lines, cut=cut, tabular=tabular, refused=refused)
    return stamp(Response(page, content_type=content_type(HTML)))


def _rendered(
    operation: Operation, offers: Sequence[str], lines: list[str], *, cut: bool, tabular: bool, **explained: Any
) -> str:
    shown = [_short(line, tabular) for line in lines]
    return render_template(
        "sparql.html",
        query=operation.query,
        operation=operation,
        extensions=[EXTENSION_OF[offer] for offer in offers if offer != HTML],
        lines=shown,
        tabular=tabular,
        cut=cut,
        longest=CHARACTERS_SHOWN if shown != lines else 0,
        **explained,
    )


def _explained(engine: Engine, operation: Operation) -> Response:
    """The first rows of the answer, each with its supports: as a page or in JSON, which has more members then."""
    offers = (JSON, HTML)
    media_type = _wanted(operation.extension, offers) or choose(offers)
    try:
        query = operation.read()
    except CannotExplainError as error:
        if media_type == HTML:
            return _page(engine, operation, (*engine.formats(operation.query), HTML), str(error))
        if engine.form(operation.query) in ("SELECT", "ASK"):
            _read(engine, operation, 0)  # what is no SPARQL at all is told so
        raise
    limits: Limits = current_app.extensions.get("limits") or Limits()
    lines, cut = _read(engine, operation, limits.explained_rows)
    rows = explaining.read_rows(lines)
    told = explaining.explain(engine, query, rows, limits)
    if explaining.may_differ(told):
        exchange_of(request.environ).storable = False
    if media_type == JSON:
        names, truth = explaining.names_of(lines), explaining.truth_of(lines)
        document = explaining.answer_document(names, rows, told, truth=truth, cut=cut)
        return stamp(Response(json.dumps(document), content_type=JSON))
    shown = explaining.as_page(engine, told)
    page = _rendered(operation, (JSON,), lines, cut=cut, tabular=True, explained=shown)
    return stamp(Response(page, content_type=content_type(HTML)))


def _read(engine: Engine, operation: Operation, most: int, media_type: str = TSV) -> tuple[list[str], bool]:
    """The first lines of the answer, and whether there is more."""
    asked = _ask(engine, operation, media_type)
    exchange_of(request.environ).answered(asked)
    try:
        return _lines(asked.body, most)
    finally:
        asked.body.close()


def _lines(blocks: Iterator[bytes], most: int = ROWS_SHOWN) -> tuple[list[str], bool]:
    """The lines at the beginning of an answer, and whether there is more; no more is read than a page shows."""
    read, ends = bytearray(), 0
    for block in blocks:
        part = block[: BYTES_SHOWN + 1 - len(read)]
        read += part
        ends += part.count(b"\n")
        if len(read) > BYTES_SHOWN or ends > most + 1:
            break
    lines = read[:BYTES_SHOWN].decode("utf-8", "ignore").removesuffix("\n").split("\n") if read else []
    return lines[: most + 1], len(read) > BYTES_SHOWN or len(lines) > most + 1


def _short(line: str, tabular: bool) -> str:
    """A line of which no cell, or of a graph the line itself, is too long to be looked at."""
    if len(line) <= CHARACTERS_SHOWN:
        return line
    cells = line.split("\t") if tabular else [line]
    return "\t".join(cell if len(cell) <= CHARACTERS_SHOWN else cell[:CHARACTERS_SHOWN] + "…" for cell in cells)


def read_operation(given: Fields) -> Operation:
    """The one query among the parameters; raises 400 where it is missing, repeated, or an update."""
    refuse(given, _OF_UPDATES, "this is a place for queries")
    query = once(given, "query")
    if query is None:
        raise BadRequest("a request needs the parameter 'query'")
    refuse_long(query)
    return Operation(
        query,
        every(given, "default-graph-uri"),
        every(given, "named-graph-uri"),
        once(given, "format") or None,
        explaining.wanted(given),
    )
