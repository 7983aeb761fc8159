"""The engine on any SPARQL 1.1 endpoint: the same protocol, for graphs that outgrow one machine.

What the endpoint is trusted with: to answer, in its own time up to the limit, what it is asked. It is not trusted to
end an answer well, to keep to a format, or to refuse what reaches out: see ``conversion``, ``guard``, ``extensions``.

The data version is what :mod:`graph.publish` has written into the store after everything else. While there is none
(a store that is being loaded, or was loaded by other means) the version is empty, and nothing may be cached.
"""

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final, Self

from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from graph.engine import Body, Cancellation, GraphNameError, Response, Solutions
from graph.engine.answers import Answers
from graph.engine.remote.complaints import RemoteFailedError
from graph.engine.remote.conversion import ACCEPT
from graph.engine.remote.cut import PROBE, cuts_off, is_suspect, refuse_beyond
from graph.engine.remote.endpoint import Endpoint, endpoint
from graph.engine.remote.errand import Errand, Question, in_memory
from graph.engine.remote.extensions import refuse_declared, refuse_extensions, refuse_functions
from graph.engine.remote.held import VERSION_SECONDS, Held, State
from graph.engine.remote.merged import Addressed, addressed
from graph.engine.remote.transfer import Connections, Transfer
from graph.engine.spool import Account, Spool
from graph.engine.text.complexity import refuse_complexity
from graph.engine.text.guard import refuse_service
from graph.engine.text.lexer import query_form
from graph.engine.text.normal import is_volatile
from graph.engine.workers.line import Line
from graph.engine.workers.pool import OUTCOMES
from graph.limits import Limits
from graph.namespaces import GRAPH_MERGED

Tell = Callable[[str, float], None]

# Queries that one store is asked at once, where ``workers`` does not say; each holds a thread and a connection here.
_QUERIES: Final = 32
# What a store has to say about itself; longer, and it counts as not answering.
_SECONDS_TO_SAY: Final = 5.0
_JSON: Final = "application/sparql-results+json"


class RemoteChangedError(RemoteFailedError):
    """The data of the store were replaced while it answered, so that the answer may be of neither version."""


class Remote(Answers):
    """An engine on the SPARQL endpoint at a URL, which may hold ``user:password@``.

    ``default_graph`` is the IRI of the graph that is queried where a query names none, for a store whose default
    graph is the union of all graphs. Without it that is found out, if the store was loaded by :mod:`graph.publish`.
    ``tell`` gets the outcome and the seconds of each query, as with :class:`graph.engine.workers.pool.Pool`.
    """

    def __init__(
        self, url: str | Endpoint, limits: Limits, default_graph: str | None = None, tell: Tell | None = None
    ) -> None:
        """Raises :class:`graph.engine.remote.endpoint.EndpointError`; the store need not be up yet."""
        self._limits = limits
        self._default_graph = default_graph
        self._tell = tell or _nobody
        self._account = Account(limits.spool_bytes)
        self.workers = limits.workers or _QUERIES
        self._line: Line[int] = Line(limits.waiting, limits.waiting_seconds)
        for number in range(self.workers):
            self._line.add(number)
        place = url if isinstance(url, Endpoint) else endpoint(url)
        self._connections = Connections(place, self.workers + 1)
        self._held = Held(self._ask)
        self._server = ""
        self._most_rows: int | None = None
        self._probing = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def version(self) -> str:
        """The version that the store says it holds, a few seconds old; empty where it says none, or nothing.

        Asking for it waits for the store the first time only.
        """
        return self._held.known().version

    @property
    def ready(self) -> bool:
        """Whether the store answers; known for a few seconds."""
        return self._held.known().answers

    @property
    def default_graph(self) -> str | None:
        """The graph that is named where a query names none; None where the store has a default graph of its own."""
        return self._default_graph or (GRAPH_MERGED.value if self._held.known().union else None)

    @property
    def busy(self) -> int:
        """How many queries the store is being asked."""
        return self.workers - self._line.free

    @property
    def waiting(self) -> int:
        """How many queries wait to be sent."""
        return self._line.waiting

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        """Have the store answer; returns once the first bytes, or an error, are there.

        Raises the errors of :mod:`graph.engine` and of :mod:`graph.engine.remote.complaints`; after the first bytes
        they are raised from the body.
        """
        started = time.monotonic()
        cancellation = cancellation or Cancellation()
        try:
            question = self._question(query, default_graphs, named_graphs)
            permit = self._line.take(cancellation)
        except Exception as error:
            self._tell(_outcome(error), time.monotonic() - started)
            raise
        body = self._answer(question, media_type, cancellation, permit, started)
        return Response(media_type, question.version, body, volatile=not question.version or is_volatile(query))

    def refresh(self) -> State:
        """What the store says of itself just now."""
        return self._held.again()

    def close(self) -> None:
        """End what is being asked, and close the connections."""
        self._held.close()
        self._line.close("the engine has been closed")
        self._connections.close()

    def _question(self, query: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> Question:
        """What is sent; raises our errors for what is not."""
        for iri in (*default_graphs, *named_graphs):
            _refuse_graph_name(iri)
        form = query_form(query)
        refuse_complexity(query, self._limits)
        refuse_service(query)
        refuse_extensions(query)
        refuse_functions(query)
        state = self._held.now()
        refuse_declared(query, self._server)
        merged = self._default_graph or (GRAPH_MERGED.value if state.union else None)
        if form in ("CONSTRUCT", "DESCRIBE"):
            refuse_beyond(query, self._rows_given())
        if merged:
            return Question(query, form, addressed(query, default_graphs, named_graphs, merged), state.version)
        return Question(query, form, Addressed(query, tuple(default_graphs), tuple(named_graphs)), state.version)

    def _answer(
        self, question: Question, media_type: str, cancellation: Cancellation, permit: int, started: float
    ) -> Body:
        transfer = self._transfer(question, self._limits.query_seconds)
        spool = Spool(self._limits, transfer.stop, self._account)
        body = spool.reader(cancellation)

        def ended(error: Exception | None) -> Exception | None:
            self._line.add(permit)
            error = error or self._changed(question, started)
            self._tell(_outcome(error), time.monotonic() - started)
            return error

        Errand(transfer, question, media_type).go(spool, ended)
        return body

    def _transfer(self, question: Question, seconds: float) -> Transfer:
        sent = question.sent
        form: dict[str, str | Sequence[str]] = {"query": sent.text}
        if sent.default_graphs:
            form["default-graph-uri"] = sent.default_graphs
        if sent.named_graphs:
            form["named-graph-uri"] = sent.named_graphs
        return Transfer(self._connections, form, ACCEPT[question.form in ("SELECT", "ASK")], seconds)

    def _ask(self, query: str) -> Solutions:
        """A question of our own to the store, as it is: about itself."""
        question = Question(query, "SELECT", Addressed(query), "")
        transfer = self._transfer(question, min(_SECONDS_TO_SAY, self._limits.query_seconds))
        found = parse_query_results(in_memory(transfer, question, _JSON), format=QueryResultsFormat.JSON)
        assert isinstance(found, QuerySolutions)  # noqa: S101 - a SELECT query
        self._server = transfer.head().headers.get("Server", "")
        names = tuple(variable.value for variable in found.variables)
        return Solutions(names, tuple(tuple(row[name] for name in names) for row in found))

    def _changed(self, question: Question, started: float) -> RemoteChangedError | None:
        """An error for an answer in whose time the data may have been replaced.

        In a short time they cannot have been: who replaces them takes the version away before, and waits.
        """
        if not question.version or time.monotonic() - started < VERSION_SECONDS:
            return None
        if self._held.again().version == question.version:
            return None
        return RemoteChangedError("the data were replaced while the store answered: ask again")

    def _rows_given(self) -> int:
        """After how many rows the store cuts answers off without saying so; 0 if it does not. Found out once."""
        if not is_suspect(self._server):
            return 0
        with self._probing:
            if self._most_rows is None:
                transfer = Transfer(self._connections, {"query": PROBE}, "text/csv", self._limits.query_seconds)
                try:
                    self._most_rows = cuts_off(transfer.head().headers)
                finally:
                    transfer.stop()
            return self._most_rows


def _refuse_graph_name(iri: str) -> None:
    try:
        NamedNode(iri)
    except ValueError as error:
        raise GraphNameError(f"'{iri}' cannot name a graph: {error}") from error


def _outcome(error: Exception | None) -> str:
    """What is told of an error; a kind of ours counts as what it is a kind of."""
    kinds = type(error).__mro__ if error else ()
    return next((OUTCOMES[kind] for kind in kinds if kind in OUTCOMES), "evaluation" if error else "ok")


def _nobody(outcome: str, seconds: float) -> None:
    """Nobody wants to be told."""
