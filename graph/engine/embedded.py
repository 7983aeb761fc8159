"""The engine inside this process: Oxigraph, read-only, on a built folder.

A query runs in a thread of its own. It stops at the next bytes that it would write once its body is closed or
its cancellation is called; while it has produced nothing, Oxigraph cannot be interrupted, so nobody waits for
it, and it ends by itself.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
)

from graph.engine import (
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    Cancellation,
    GraphNameError,
    QueryEvaluationError,
    QuerySyntaxError,
    Response,
    Solutions,
    UnwritableError,
)
from graph.engine.complexity import refuse_complexity
from graph.engine.faults import syntax_error
from graph.engine.guard import refuse_service
from graph.engine.lexer import query_form
from graph.engine.stream import Stream
from graph.engine.xml import Checked
from graph.store import read_manifest

_SERIALISATIONS: dict[str, QueryResultsFormat | RdfFormat] = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}

Results = QuerySolutions | QueryBoolean | QueryTriples


@contextmanager
def _evaluation_errors() -> Iterator[None]:
    """Oxigraph's errors while it evaluates, as ours."""
    try:
        yield
    except RuntimeError as error:
        raise QueryEvaluationError(str(error)) from error


@contextmanager
def _writing_errors(media_type: str) -> Iterator[None]:
    """Oxigraph's errors while it serialises, as ours: RDF/XML has no place for some predicates."""
    try:
        yield
    except OSError as error:
        raise UnwritableError(f"{media_type} cannot express this answer: {error}") from error


def _graph_name(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise GraphNameError(f"'{iri}' cannot name a graph: {error}") from error


class Embedded:
    """An engine on the Oxigraph store of one folder."""

    def __init__(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        self._store = Store.read_only(str(folder / manifest.store))
        self._version = manifest.version

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
        with _evaluation_errors():
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
        with _evaluation_errors():
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
            results = self._evaluate(query, default_graphs, named_graphs)
            with _evaluation_errors(), _writing_errors(media_type):
                results.serialize(output, _SERIALISATIONS[media_type])  # type: ignore[arg-type]

        check = Checked() if media_type.endswith("xml") else None
        return Response(media_type, self.version, Stream(write, cancellation or Cancellation(), check))

    def _evaluate(self, query: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()) -> Results:
        """Parse and plan; graphs given are the whole dataset, and none given is the store's own."""
        refuse_complexity(query)
        refuse_service(query)
        given = bool(default_graphs or named_graphs)
        default: list[NamedNode | BlankNode | DefaultGraph] = [_graph_name(iri) for iri in default_graphs]
        named: list[NamedNode | BlankNode] = [_graph_name(iri) for iri in named_graphs]
        try:
            with _evaluation_errors():
                if not given:
                    return self._store.query(query)
                return self._store.query(query, default_graph=default, named_graphs=named)
        except SyntaxError as error:
            raise syntax_error(query, error) from error
