"""Oxigraph's query API: a query is checked, evaluated and serialised, and its errors become ours."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import IO, Final

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
)

from graph.engine import GraphNameError, QueryEvaluationError, UnwritableError
from graph.engine.functions import query as ask
from graph.engine.text.complexity import refuse_complexity
from graph.engine.text.grammar import refuse_lax
from graph.engine.text.guard import refuse_service
from graph.limits import Limits

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

_LONGEST_KEPT: Final = 16 * 1024
_MOST_KEPT: Final = 256

Results = QuerySolutions | QueryBoolean | QueryTriples


@contextmanager
def evaluation_errors() -> Iterator[None]:
    """Oxigraph's errors while it evaluates, as :class:`graph.engine.QueryEvaluationError`."""
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


def evaluate(
    store: Store, limits: Limits, query: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
) -> Results:
    """Check, parse and plan; graphs given are the whole dataset, and none given is the store's own.

    Raises the errors of :mod:`graph.engine`. The results are evaluated as they are read.
    """
    (_checked if len(query) <= _LONGEST_KEPT else _check)(query, limits)
    default: list[NamedNode | BlankNode | DefaultGraph] = [_graph_name(iri) for iri in default_graphs]
    named: list[NamedNode | BlankNode] = [_graph_name(iri) for iri in named_graphs]
    try:
        with evaluation_errors():
            if not (default or named):
                return ask(store, query)
            return ask(store, query, default_graph=default, named_graphs=named)
    except SyntaxError as error:
        # Only what cannot be read needs it, and a worker should start soon.
        from graph.engine.text.faults import syntax_error  # noqa: PLC0415

        raise syntax_error(query, error) from error


def _check(query: str, limits: Limits) -> None:
    refuse_complexity(query, limits)
    refuse_service(query)
    refuse_lax(query)


# A text that has passed need not be read again; one that has not is not remembered.
_checked = lru_cache(_MOST_KEPT)(_check)


def serialise(results: Results, media_type: str, output: IO[bytes]) -> None:
    """Write the results as they come; raises the errors of :mod:`graph.engine` and those of the output."""
    with evaluation_errors(), _writing_errors(media_type):
        results.serialize(output, _SERIALISATIONS[media_type])  # type: ignore[arg-type]


def _graph_name(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise GraphNameError(f"'{iri}' cannot name a graph: {error}") from error
