"""Errors as answers: RFC 9457 problem documents for programs, a page for readers; never kept by a cache."""

import logging
from typing import Any, Final

from flask import Flask, Response, g, json, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from server.exchange import exchange_of
from server.faults import FAULTS, details, fault_of, told
from server.negotiation import prefers_html

PROBLEM: Final = "application/problem+json"
_LEAST_FAULT: Final = 400

logger = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Let the application answer with problems."""
    app.register_error_handler(HTTPException, http_problem)
    for error in FAULTS:
        app.register_error_handler(error, graph_problem)
    app.register_error_handler(Exception, unexpected)


def http_problem(error: Exception) -> Response:
    """The problem for an HTTP error, with the headers that belong to it (``Allow`` for 405)."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for no other
    if error.response is not None or error.code is None or error.code < _LEAST_FAULT:
        return error.get_response()  # type: ignore[return-value]
    kept = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    response = problem(error.code, error.name, error.description or "")
    response.headers.extend(kept)
    return response


def graph_problem(error: Exception) -> Response:
    """The problem for an error that a query, a write or an argument caused, or that asking later may mend."""
    fault = fault_of(error)
    exchange_of(request.environ).outcome = fault.outcome
    response = problem(fault.status, fault.title, told(error), hint=fault.hint, **details(error))
    if fault.retry:
        response.headers["Retry-After"] = str(fault.retry)
    return response


def unexpected(error: Exception) -> Response:  # noqa: ARG001 - Flask gives it; the log takes it from where it is
    """Our own fault: logged in full, told in brief."""
    name = exchange_of(request.environ).request_id
    logger.exception("request %s: %s %s failed", name, request.method, request.path, extra={"request_id": name})
    return problem(
        500, InternalServerError().name, f"the server failed; the fault has been logged as that of request {name}"
    )


def problem(status: int, title: str, detail: str, **members: Any) -> Response:
    """An error answer in the form that the request prefers."""
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    if prefers_html():
        page = render_template("problem.html", problem=document, query=g.get("query", ""))
        response = Response(page, status, mimetype="text/html")
    else:
        response = Response(json.dumps(document), status, mimetype=PROBLEM)
    response.vary.add("Accept")
    response.cache_control.no_store = True
    return response
