"""Ask the graph: one small protocol, whatever store stands behind it.

:func:`open_engine` opens a built folder. Everything else in the program talks to :class:`Engine`; only this
package knows Oxigraph's query API. An engine reports what went wrong by its own errors and knows no HTTP.
"""

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.limits import Limits

if TYPE_CHECKING:
    from graph.engine.workers.pool import Pool

Term = NamedNode | BlankNode | Literal | Triple

asker: ContextVar[str] = ContextVar("asker", default="")
"""Who asks, as far as is known: those who wait for a worker take turns by it."""

SOLUTION_FORMATS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
GRAPH_FORMATS = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")


class QuerySyntaxError(ValueError):
    """The text is not a SPARQL query; ``line`` and ``column`` count from 1 and are None where unknown.

    The excerpt is the line with a caret under the place; it ends the message.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None, excerpt: str = "") -> None:
        place = f"line {line}, column {column}: " if line else ""
        super().__init__(place + message + ("\n" + excerpt if excerpt else ""))
        self.line = line
        self.column = column


class QueryEvaluationError(ValueError):
    """The query is well formed, yet the engine cannot evaluate it (an unknown function, for one)."""


class UnwritableError(ValueError):
    """The answer holds something that the format asked for cannot express, and others can."""


class ServiceRefusedError(ValueError):
    """The query asks this service to fetch from another one (``SERVICE``), which it does not do."""


class GraphNameError(ValueError):
    """What should name a graph of the dataset is no IRI."""


class QueryTimeoutError(ValueError):
    """The query ran for longer than is allowed; it was stopped."""


class QueryMemoryError(ValueError):
    """The query asked for more memory than is allowed; it was stopped."""


class QueryCrashError(QueryEvaluationError):
    """The engine's process ended over the query, for another reason than its limits."""


class ResultTooLargeError(ValueError):
    """The answer has more bytes than is allowed."""


class SpoolFullError(RuntimeError):
    """There is no room on the disk for an answer to wait for its reader."""


class EngineBusyError(RuntimeError):
    """Too many queries are running and waiting already; it can be asked again later."""


class EngineDownError(RuntimeError):
    """No engine can be reached, or started, at present."""


class CancelledError(RuntimeError):
    """Nobody waits for the answer any more."""


class Cancellation:
    """A promise to tell when the one who asked has gone; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: list[Callable[[], None]] = []
        self.cancelled = False

    def cancel(self) -> None:
        """Tell every listener, once."""
        with self._lock:
            self.cancelled = True
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def on_cancel(self, listener: Callable[[], None]) -> None:
        """Call the listener on cancellation: at once if that has already happened."""
        with self._lock:
            if not self.cancelled:
                self._listeners.append(listener)
                return
        listener()


@dataclass(frozen=True)
class Solutions:
    """The answer to a SELECT query, in memory."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


class Body(Protocol):
    """The bytes of an answer as they come; closing it stops the query, unless others read the same answer."""

    @property
    def whole(self) -> bytes | None:
        """All of it, if it has ended without an error and is small; None otherwise. Reads nothing off the body."""

    def __iter__(self) -> Iterator[bytes]: ...

    def __next__(self) -> bytes: ...

    def poll(self, on_change: Callable[[], None]) -> bytes | None:
        """The next block; empty at the end, None if it has not come yet. Raises what iterating raises; never waits.

        After None, ``on_change`` is called once, from any thread, when it is time to ask again.
        """

    def close(self) -> None:
        """Stop the query and forget what it has produced."""


@dataclass(frozen=True)
class Federated:
    """What answered for another service that a query names.

    ``source`` is ``live`` for the service itself, ``cache`` for an answer of it that was kept, both with the ``date``
    on which it was given (ISO 8601, UTC); ``slices`` for what is recorded of it here, with the ``version`` of the
    data; and ``none`` for a failure that is to be silent. ``reason`` says why one that may be asked did not answer.
    """

    service: str
    source: str
    date: str = ""
    version: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Response:
    """A serialised answer: what it is, and its bytes. An error midway is raised from the body.

    ``source`` is ``evaluated``, ``cached``, or ``shared`` with an identical query that was running. A ``volatile``
    answer may differ the next time on the same data (``NOW()``): it must not be cached. ``federated`` says what
    answered for other services, in the order in which the query names them.
    """

    media_type: str
    version: str
    body: Body
    source: str = "evaluated"
    volatile: bool = False
    federated: tuple[Federated, ...] = ()


class Engine(Protocol):
    """Something that answers SPARQL queries on one version of the data."""

    @property
    def version(self) -> str:
        """The data version: the same for the same bytes of data."""

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""

    def construct(self, query: str) -> Iterator[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""

    def form(self, query: str) -> str:
        """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``; raises :class:`QuerySyntaxError` for none of them."""

    def formats(self, query: str) -> tuple[str, ...]:
        """The media types in which the answer to this query can be had, the preferred one first."""

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        """Answer in one of :meth:`formats`; returns once the first bytes, or an error, are there.

        Graphs given replace the query's own dataset; an IRI with no graph in the store is an empty graph.
        """


def open_engine(folder: Path) -> Engine:
    """The engine on a built folder, in this process, without limits of time or memory.

    Raises :class:`graph.store.NoStoreError`.
    """
    from graph.engine.embedded import Embedded  # noqa: PLC0415 - it needs the names above

    return Embedded(folder)


def open_pool(folder: Path, limits: Limits | None = None, tell: Callable[[str, float], None] | None = None) -> "Pool":
    """The engine in worker processes, which are being started in the background, on what a folder holds now.

    ``tell`` gets the outcome and the seconds of each query. Raises :class:`graph.store.NoStoreError`.
    """
    from graph.engine.workers.pool import Pool  # noqa: PLC0415 - it needs the names above
    from graph.store import current  # noqa: PLC0415 - what a worker of the pool does not need

    return Pool(current(folder), limits or Limits(), tell)
