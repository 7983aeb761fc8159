"""``/sparql``: queries by the SPARQL 1.1 Protocol, answered as they come; a form for readers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from flask import Blueprint, Response, current_app, g, render_template, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from graph.engine import Engine
from graph.engine import Response as Answer
from server.front import cancellation_of
from server.negotiation import EXTENSION_OF, EXTENSIONS, HTML, choose, content_type, prefers_html
from server.parameters import Fields, fields, once

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
ROWS_SHOWN: Final = 1000

blueprint = Blueprint("sparql", __name__)


@dataclass(frozen=True)
class Operation:
    """A query with the dataset that the request names."""

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    extension: str | None = None


@blueprint.get("/sparql")
def query_by_get() -> Response | str:
    """``query=`` in the URL; without it, the form."""
    given = fields(request.query_string)
    if not given and prefers_html():
        return render_template("sparql.html", query="")
    return answer(_operation(given))


@blueprint.post("/sparql")
def query_by_post() -> Response | str:
    """A form, or the query itself as the body."""
    if request.mimetype == FORM:
        return answer(_operation(fields(_utf8_body())))
    if request.mimetype == DIRECT:
        return answer(_operation([*fields(request.query_string), ("query", _utf8_body().decode())]))
    raise UnsupportedMediaType(f"send {FORM} or {DIRECT}, not '{request.content_type or 'nothing'}'")


def answer(operation: Operation) -> Response | str:
    """Ask the engine in the form that the request prefers, and stream what it says."""
    engine: Engine = current_app.extensions["engine"]
    g.query = operation.query
    offers = (*engine.formats(operation.query), HTML)
    media_type = _wanted(operation.extension, offers) or choose(offers)
    if media_type == HTML:
        return _page(engine, operation, offers)
    response = Response(_ask(engine, operation, media_type).body, content_type=content_type(media_type))
    response.vary.add("Accept")
    response.headers["Content-Disposition"] = f'inline; filename="answer.{EXTENSION_OF[media_type]}"'
    return response


def _ask(engine: Engine, operation: Operation, media_type: str) -> Answer:
    return engine.respond(
        operation.query,
        media_type,
        operation.default_graphs,
        operation.named_graphs,
        cancellation_of(request.environ),
    )


def _wanted(extension: str | None, offers: tuple[str, ...]) -> str | None:
    """The media type that ``format=`` names, for links and forms, which cannot set Accept."""
    if extension is None:
        return None
    names = [EXTENSION_OF[offer] for offer in offers]
    if extension not in names:
        raise BadRequest(f"format={extension}: expected one of {', '.join(names)} for this query")
    return EXTENSIONS[extension]


def _page(engine: Engine, operation: Operation, offers: tuple[str, ...]) -> str:
    """The answer as a page: the first rows as a table, or the first lines of a graph."""
    tabular = "text/tab-separated-values" in offers
    body = _ask(engine, operation, "text/tab-separated-values" if tabular else "text/turtle").body
    try:
        lines = list(islice(_lines(body), ROWS_SHOWN + 2))
    finally:
        body.close()
    return render_template(
        "sparql.html",
        query=operation.query,
        operation=operation,
        extensions=[EXTENSION_OF[offer] for offer in offers if offer != HTML],
        lines=lines[: ROWS_SHOWN + 1],
        tabular=tabular,
        cut=len(lines) > ROWS_SHOWN + 1,
    )


def _lines(blocks: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        yield from (line.decode() for line in lines)
    if rest:
        yield rest.decode()


def _operation(given: Fields) -> Operation:
    """The one query among the parameters; raises 400 where it is missing, repeated, or an update."""
    if once(given, "update") is not None:
        raise BadRequest("this is a place for queries: send 'query', not 'update'")
    query = once(given, "query")
    if query is None:
        raise BadRequest("a request needs the parameter 'query'")
    return Operation(
        query,
        tuple(value for name, value in given if name == "default-graph-uri"),
        tuple(value for name, value in given if name == "named-graph-uri"),
        once(given, "format") or None,
    )


def _utf8_body() -> bytes:
    """The request's body, which is UTF-8 whether it says so or not."""
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"the charset is '{charset}': send UTF-8")
    body = request.get_data(cache=False)
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"the body is not UTF-8: {error}") from error
    return body
