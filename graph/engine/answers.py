"""What any engine can do that can respond: solutions, truth and triples are read from its serialised answers."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from io import BytesIO

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from graph.engine import GRAPH_FORMATS, SOLUTION_FORMATS, Cancellation, QuerySyntaxError, Response, Solutions
from graph.engine.text.lexer import query_form


class Answers(ABC):
    """The part of :class:`graph.engine.Engine` that follows from :meth:`respond`."""

    @property
    @abstractmethod
    def version(self) -> str:
        """The data version."""

    @abstractmethod
    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        """Answer in one of :meth:`formats`."""

    def form(self, query: str) -> str:
        """What kind of query it is."""
        return query_form(query)

    def formats(self, query: str) -> tuple[str, ...]:
        """Results formats for SELECT and ASK, RDF formats for CONSTRUCT and DESCRIBE."""
        return SOLUTION_FORMATS if query_form(query) in ("SELECT", "ASK") else GRAPH_FORMATS

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query, in memory."""
        found = self._results(query, "SELECT")
        if not isinstance(found, QuerySolutions):
            raise QuerySyntaxError("expected a SELECT query")
        names = tuple(variable.value for variable in found.variables)
        return Solutions(names, tuple(tuple(row[name] for name in names) for row in found))

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""
        found = self._results(query, "ASK")
        if not isinstance(found, QueryBoolean):
            raise QuerySyntaxError("expected an ASK query")
        return bool(found)

    def construct(self, query: str) -> Iterator[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""
        if query_form(query) not in ("CONSTRUCT", "DESCRIBE"):
            raise QuerySyntaxError("expected a CONSTRUCT or DESCRIBE query")
        data = _read(self.respond(query, "application/n-triples"))
        for quad in parse(BytesIO(data), format=RdfFormat.N_TRIPLES):
            yield quad.triple

    def _results(self, query: str, form: str) -> QuerySolutions | QueryBoolean:
        if query_form(query) != form:
            raise QuerySyntaxError(f"expected {'an' if form == 'ASK' else 'a'} {form} query")
        data = _read(self.respond(query, "application/sparql-results+json"))
        return parse_query_results(data, format=QueryResultsFormat.JSON)


def _read(response: Response) -> bytes:
    whole = response.body.whole
    return whole if whole is not None else b"".join(response.body)
