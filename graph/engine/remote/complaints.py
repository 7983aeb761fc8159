"""What a remote store says when it does not answer, as one of our own errors, with what it said.

A store tells what is wrong in its own words. Where these hold a line and a column they become ours; of the rest the
first words are kept, without the query that some stores repeat.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final

from graph.engine import EngineBusyError, EngineDownError, QueryEvaluationError, QuerySyntaxError, QueryTimeoutError
from graph.engine.text.faults import excerpt, syntax_error

# What of a store's complaint is read, and what of it is told.
MOST_READ: Final = 64 * 1024
_MOST_TOLD: Final = 500
_OXIGRAPH: Final = re.compile(r"error at \d+:\d+: expected ")
_PLACES: Final = (
    re.compile(r"line (\d+),? *(?:and )?col(?:umn)?:? *(\d+)", re.IGNORECASE),
    re.compile(r"\bat (\d+):(\d+)"),
)
_LINE: Final = re.compile(r"SP030: SPARQL compiler, line (\d+)")
_SYNTAX: Final = re.compile(r"syntax error|parse error|lexical error|malformed|encountered|SP030", re.IGNORECASE)
_TOO_LONG: Final = re.compile(r"S1T00|timed? ?out|has been cancelled|operation cancelled", re.IGNORECASE)
_CANNOT: Final = re.compile(
    r"function .* is not supported|Undefined procedure|SP031|SR353|compiler error|not implemented", re.IGNORECASE
)
_REPEATED: Final = re.compile(r"\n\s*SPARQL query:.*", re.DOTALL)


class RemoteUnreachableError(EngineDownError):
    """No connection to the remote store can be made."""


class RemoteFailedError(EngineDownError):
    """The remote store failed, or answered what is no answer."""


_BY_STATUS: Final[Mapping[int, Callable[[str], Exception]]] = {
    401: lambda said: RemoteFailedError(f"the store wants to know who asks, or does not know us: {said}"),
    403: lambda said: RemoteFailedError(f"the store does not let us ask: {said}"),
    404: lambda said: RemoteFailedError(f"the store has no SPARQL endpoint at its URL: {said}"),
    408: lambda said: QueryTimeoutError(f"the store took too long over the query: {said}"),
    429: lambda said: EngineBusyError(f"the store is busy: {said}"),
    503: lambda said: EngineBusyError(f"the store is busy: {said}"),
    504: lambda said: QueryTimeoutError(f"the store took too long over the query: {said}"),
}


def complaint(query: str, status: int, content_type: str, body: bytes) -> Exception:
    """The error that an answer other than 200 stands for."""
    said = told(content_type, body)
    if _TOO_LONG.search(said):
        return QueryTimeoutError(f"the store stopped the query: {said}")
    if status in _BY_STATUS:
        return _BY_STATUS[status](said or f"status {status}")
    if status == 400:  # noqa: PLR2004 - Bad Request
        return _bad_request(query, said)
    if _CANNOT.search(said):
        return QueryEvaluationError(f"the store cannot evaluate the query: {said}")
    return RemoteFailedError(f"the store failed with status {status}" + (f": {said}" if said else ""))


def told(content_type: str, body: bytes) -> str:
    """What a store says in its answer, in one paragraph; a page of HTML says nothing that helps."""
    kind = content_type.partition(";")[0].strip().casefold()
    text = body.decode("utf-8", "replace")
    if kind.endswith("json"):
        text = _detail(text)
    elif kind not in ("text/plain", ""):
        return ""
    plain = re.sub(r"[\x00-\x1f\x7f\s]+", " ", _REPEATED.sub("", text)).strip()
    return plain if len(plain) <= _MOST_TOLD else plain[:_MOST_TOLD] + " …"


def _detail(text: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return ""
    keys = ("detail", "message", "title", "error")
    return next((str(found[key]) for key in keys if key in found), "") if isinstance(found, dict) else ""


def _bad_request(query: str, said: str) -> Exception:
    if _OXIGRAPH.search(said):
        return syntax_error(query, SyntaxError(said))
    for pattern in _PLACES:
        if found := pattern.search(said):
            return _placed(query, said, int(found[1]), int(found[2]))
    if _SYNTAX.search(said):
        error = QuerySyntaxError(f"the store cannot read the query: {said}")
        line = _LINE.search(said)
        error.line = int(line[1]) if line else None
        return error
    return QueryEvaluationError(f"the store refuses the query: {said}")


def _placed(query: str, said: str, line: int, column: int) -> QuerySyntaxError:
    """The error with the line shown, if there is such a line."""
    there = 1 <= line <= query.count("\n") + 1 and column >= 1
    return QuerySyntaxError(said, line, column, excerpt(query, line, column) if there else "")
