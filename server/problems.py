"""Errors as answers: RFC 9457 problem documents for programs, a page for readers.

This is the only place that gives an error of ``graph`` its HTTP status.
"""

import logging
from typing import Any, Final

from flask import Flask, Response, g, json, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from graph.engine import (
    CancelledError,
    GraphNameError,
    QueryEvaluationError,
    QuerySyntaxError,
    ServiceRefusedError,
    UnwritableError,
)
from graph.saved_query import ArgumentError, PageError
from server.negotiation import prefers_html

PROBLEM: Final = "application/problem+json"
_STATUS: Final[dict[type[Exception], int]] = {
    QuerySyntaxError: 400,
    QueryEvaluationError: 400,
    GraphNameError: 400,
    ArgumentError: 400,
    ServiceRefusedError: 403,
    UnwritableError: 406,
    PageError: 404,
}
_TITLES: Final[dict[type[Exception], str]] = {
    QuerySyntaxError: "Not a SPARQL query",
    QueryEvaluationError: "The query cannot be evaluated",
    GraphNameError: "A graph is not named by an IRI",
    ArgumentError: "An argument is not what is expected",
    UnwritableError: "The format cannot express the answer",
    ServiceRefusedError: "The query would send requests to another service",
    PageError: "There is no such page",
}

logger = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Let the application answer with problems."""
    app.register_error_handler(HTTPException, http_problem)
    for error in _STATUS:
        app.register_error_handler(error, graph_problem)
    app.register_error_handler(Exception, unexpected)


def http_problem(error: Exception) -> Response:
    """The problem for an HTTP error, with the headers that belong to it (``Allow`` for 405)."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for no other
    if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004
        return error.get_response()  # type: ignore[return-value]
    kept = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    response = problem(error.code, error.name, error.description or "")
    response.headers.extend(kept)
    return response


def graph_problem(error: Exception) -> Response:
    """The problem for an error that a query or an argument caused."""
    kind = next(known for known in _STATUS if isinstance(error, known))
    return problem(_STATUS[kind], _TITLES[kind], str(error), **_details(error))


def unexpected(error: Exception) -> Response:
    """Our own fault: logged in full, told in brief; a client that has gone is told nothing."""
    if isinstance(error, CancelledError):
        raise error
    logger.exception("%s %s failed", request.method, request.path)
    return problem(500, InternalServerError().name, "the server failed; the fault has been logged")


def problem(status: int, title: str, detail: str, **members: Any) -> Response:
    """An error answer in the form that the request prefers."""
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    if prefers_html():
        page = render_template("problem.html", problem=document, query=g.get("query", ""))
        response = Response(page, status, mimetype="text/html")
    else:
        response = Response(json.dumps(document), status, mimetype=PROBLEM)
    response.vary.add("Accept")
    return response


def _details(error: Exception) -> dict[str, Any]:
    if isinstance(error, QuerySyntaxError) and error.line:
        return {"line": error.line, "column": error.column}
    if isinstance(error, ArgumentError):
        candidates = [{"iri": iri, "label": label} for iri, label in error.candidates]
        return {"parameter": error.parameter, "expected": error.expected, "candidates": candidates}
    return {}
