"""What went wrong, as an answer: the only place that gives an error of ``graph`` its HTTP status.

Each has a title, a hint what to do about it, and the word by which the log and the metrics count it.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from graph.engine import (
    CancelledError,
    EngineBusyError,
    EngineDownError,
    GraphNameError,
    QueryCrashError,
    QueryEvaluationError,
    QueryMemoryError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
    ServiceRefusedError,
    SpoolFullError,
    UnwritableError,
)
from graph.engine.remote.complaints import RemoteFailedError
from graph.engine.text.dataset_clause import DatasetConflictError
from graph.engine.text.guard import LoadRefusedError
from graph.proofs.rows import CannotExplainError
from graph.reach.load import LoadFailedError
from graph.reach.solutions import ServiceFailedError
from graph.saved_query import ArgumentError, PageError
from graph.store.faults import (
    DiskError,
    GraphIriError,
    MediaTypeError,
    NoGraphError,
    UpdateEvaluationError,
    UpdateMemoryError,
    UpdateSyntaxError,
    UpdateTimeoutError,
    UploadSyntaxError,
    WriterGoneError,
)
from graph.store.files import StoreBusyError
from graph.views.clocks import ClockError, MergedError
from graph.views.makers import ViewBusyError, ViewFailedError
from graph.wikidata.querying.engine import NoSlicesError
from server.asgi import RefusedError


@dataclass(frozen=True)
class Fault:
    """How an error is answered; ``retry`` is in seconds, 0 where asking again would not help."""

    status: int
    title: str
    hint: str
    outcome: str
    retry: int = 0


_OURS: Final = Fault(500, "Internal Server Error", "", "failed")
_LESS: Final = "Ask for less: add a LIMIT, or patterns that select more."
_LATER: Final = "Ask again a little later."
_SHORTER: Final = "Divide the update, or upload the data to /graphs."

FAULTS: Final[dict[type[Exception], Fault]] = {
    QuerySyntaxError: Fault(400, "Not a SPARQL query", "Mend the query at the place named.", "syntax"),
    QueryCrashError: Fault(
        500, "The query ended the engine's process", "Write it in another way; the fault has been logged.", "crash"
    ),
    QueryEvaluationError: Fault(
        400, "The query cannot be evaluated", "Replace what the engine does not know.", "evaluation"
    ),
    GraphNameError: Fault(400, "A graph is not named by an IRI", "Name graphs by absolute IRIs.", "refused"),
    DatasetConflictError: Fault(
        400, "The graphs are named twice", "Name them in the update or in the parameters.", "refused"
    ),
    ArgumentError: Fault(400, "An argument is not what is expected", "Send what is expected.", "refused"),
    NoSlicesError: Fault(
        404, "Nothing is known of Wikidata here", "Build the store with slices; see communique wikidata.", "refused"
    ),
    ServiceRefusedError: Fault(
        403, "The query would ask a service that is not allowed", "Leave SERVICE out; ask that one itself.", "refused"
    ),
    LoadRefusedError: Fault(
        403, "The update would fetch what is not allowed", "Fetch it yourself, and upload it to /graphs.", "refused"
    ),
    ServiceFailedError: Fault(
        502, "The other service gave no answer", "Ask that one itself, or write SERVICE SILENT.", "service"
    ),
    LoadFailedError: Fault(
        502, "The document could not be fetched", "Fetch it yourself, and upload it to /graphs.", "service"
    ),
    UnwritableError: Fault(
        406, "The format cannot express the answer", "Ask for another format in Accept.", "unwritable"
    ),
    MergedError: Fault(400, "The view is not said clearly", "Write merged=true, once, or leave it out.", "refused"),
    ClockError: Fault(400, "A clock is not set to a day or time", "Set each clock once, or leave it out.", "refused"),
    ViewBusyError: Fault(503, "What was known then is being gathered", _LATER, "busy", 5),
    ViewFailedError: Fault(
        500, "What was known then cannot be gathered", "Ask without clocks; tell the operator.", "failed"
    ),
    CannotExplainError: Fault(
        422, "The rows cannot be explained", "Ask without explain for the plain answer.", "refused"
    ),
    PageError: Fault(404, "There is no such page", "Begin at the first page.", "refused"),
    QueryTimeoutError: Fault(504, "The query took too long", _LESS, "timeout"),
    QueryMemoryError: Fault(507, "The query needs too much memory", _LESS, "memory"),
    ResultTooLargeError: Fault(507, "The answer is too large", _LESS, "too-large"),
    SpoolFullError: Fault(503, "There is no room for the answer now", _LATER, "busy", 5),
    EngineBusyError: Fault(503, "Too many queries at the same time", _LATER, "busy", 2),
    EngineDownError: Fault(503, "The engine cannot be reached", _LATER, "down", 5),
    RemoteFailedError: Fault(502, "The store behind this service failed", _LATER, "down", 5),
    UpdateSyntaxError: Fault(400, "Not a SPARQL update", "Mend the update at the place named.", "syntax"),
    UpdateEvaluationError: Fault(
        400, "The update cannot be carried out", "Nothing was changed; mend it and send it again.", "evaluation"
    ),
    UploadSyntaxError: Fault(
        400, "Not RDF of its media type", "Nothing was changed; mend the data, or name their type.", "syntax"
    ),
    MediaTypeError: Fault(415, "The media type cannot be read", "Send one of the RDF formats.", "refused"),
    GraphIriError: Fault(400, "A graph is not named by an IRI", "Name it by an absolute IRI.", "refused"),
    NoGraphError: Fault(404, "There is no such graph", "Nothing was changed.", "refused"),
    UpdateTimeoutError: Fault(504, "The update took too long", f"Nothing was changed. {_SHORTER}", "timeout"),
    UpdateMemoryError: Fault(507, "The update needs too much memory", f"Nothing was changed. {_SHORTER}", "memory"),
    DiskError: Fault(507, "The disk did not take the data", "Nothing was changed; tell the operator.", "disk"),
    WriterGoneError: Fault(503, "The write was interrupted", "Nothing was changed; send it again.", "crash", 1),
    StoreBusyError: Fault(503, "Another process writes this store", _LATER, "busy", 5),
    CancelledError: Fault(503, "The answer was cut off", "Ask again.", "cancelled"),
}


# Their messages may be those of the system, which name files in full. They have no words of a request.
_OF_THE_MACHINE: Final = (DiskError, StoreBusyError, ViewFailedError, WriterGoneError)
_PLACE: Final = re.compile(r"'/(?:[^'\n]*/)?([^'/\n]+)/?'|(?<![\w./:])/(?:[^\s/:]+/)*([^\s/:]+)")


def fault_of(error: Exception) -> Fault:
    """The fault of the nearest class that has one; any other error is our own."""
    return next((FAULTS[kind] for kind in type(error).__mro__ if kind in FAULTS), _OURS)


def told(error: Exception) -> str:
    """What an error says, with the names of files and not where on this machine they are."""
    text = str(error)
    return _PLACE.sub(r"\1\2", text) if isinstance(error, _OF_THE_MACHINE) else text


def refusal(error: Exception) -> RefusedError:
    """The same for the front, where no view answers: what is our own fault is told in brief."""
    fault = fault_of(error)
    detail = ". ".join(filter(None, ("the fault has been logged" if fault is _OURS else told(error), fault.hint)))
    more = {"Retry-After": str(fault.retry)} if fault.retry else {}
    return RefusedError(HTTPStatus(fault.status), detail, fault.outcome, more)


def details(error: Exception) -> dict[str, Any]:
    """What else is known: the place of a fault of syntax, or what would have been accepted."""
    if getattr(error, "line", None):
        return {"line": error.line, "column": error.column}  # type: ignore[attr-defined]
    if isinstance(error, ArgumentError):
        candidates = [{"iri": iri, "label": label} for iri, label in error.candidates]
        return {"parameter": error.parameter, "expected": error.expected, "candidates": candidates}
    return {}
