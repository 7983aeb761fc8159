"""The engine inside this process, for the shell: Oxigraph, read-only, on a built folder.

A query runs in a thread of its own. It stops at the next bytes that it would write once its body is closed or
its cancellation is called; while it has produced nothing, Oxigraph cannot be interrupted, so nobody waits for
it, and it ends by itself. What serves strangers is the pool, whose workers can be killed.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

from graph.engine import GRAPH_FORMATS, SOLUTION_FORMATS, Cancellation, QuerySyntaxError, Response, Solutions
from graph.engine.evaluation import Results, evaluate, evaluation_errors, serialise
from graph.engine.stream import Stream
from graph.engine.text.lexer import query_form
from graph.engine.xml import Checked
from graph.limits import Limits
from graph.store import Snapshot, current


class Embedded:
    """An engine on the current version of a folder, or on one snapshot."""

    def __init__(self, place: Path | Snapshot) -> None:
        snapshot = place if isinstance(place, Snapshot) else current(place)
        self._limits = Limits()
        self._store = Store.read_only(str(snapshot.path))
        self._version = snapshot.version

    @property
    def version(self) -> str:
        """The hash of the data."""
        return self._version

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""
        results = self._evaluate(query)
        if not isinstance(results, QuerySolutions):
            raise QuerySyntaxError("expected a SELECT query")
        names = tuple(variable.value for variable in results.variables)
        with evaluation_errors():
            return Solutions(names, tuple(tuple(row[name] for name in names) for row in results))

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""
        results = self._evaluate(query)
        if not isinstance(results, QueryBoolean):
            raise QuerySyntaxError("expected an ASK query")
        return bool(results)

    def construct(self, query: str) -> Iterator[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""
        results = self._evaluate(query)
        if not isinstance(results, QueryTriples):
            raise QuerySyntaxError("expected a CONSTRUCT or DESCRIBE query")
        with evaluation_errors():
            yield from results

    def form(self, query: str) -> str:
        """What kind of query it is."""
        return query_form(query)

    def formats(self, query: str) -> tuple[str, ...]:
        """Results formats for SELECT and ASK, RDF formats for CONSTRUCT and DESCRIBE."""
        return SOLUTION_FORMATS if query_form(query) in ("SELECT", "ASK") else GRAPH_FORMATS

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        """Run the query in its own thread and stream what it serialises."""

        def write(output: IO[bytes]) -> None:
            serialise(self._evaluate(query, default_graphs, named_graphs), media_type, output)

        check = Checked() if media_type.endswith("xml") else None
        return Response(media_type, self.version, Stream(write, cancellation or Cancellation(), check))

    def _evaluate(self, query: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()) -> Results:
        return evaluate(self._store, self._limits, query, default_graphs, named_graphs)
