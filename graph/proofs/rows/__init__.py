"""Why this row: the triples on which each row of an answer rests, in minimal supports.

:func:`read_query` takes a SELECT or ASK query apart, :func:`explain_rows` asks it again for each row, rewritten so
that every variable inside shows (:mod:`graph.proofs.rows.writing`), and names the triples of the patterns on the ways
that were taken. It works on any engine, and changes none.
"""

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Variable

from graph.engine import Engine, QueryEvaluationError, QueryMemoryError, QueryTimeoutError, Term
from graph.proofs.rows.model import CannotExplainError, Fact, Row, RowBound, RowExplanation, Support
from graph.proofs.rows.parts import filled
from graph.proofs.rows.patterns import Pattern
from graph.proofs.rows.reading import Query, read_query
from graph.proofs.rows.search import OutOfBoundError, Search

__all__ = [
    "CannotExplainError",
    "Fact",
    "Query",
    "Row",
    "RowBound",
    "RowExplanation",
    "Support",
    "explain_rows",
    "read_query",
]

_BOUND = RowBound()
_STOPPED = (OutOfBoundError, QueryEvaluationError, QueryMemoryError, QueryTimeoutError)


def explain_rows(
    engine: Engine,
    query: Query,
    rows: Sequence[Row],
    arguments: Mapping[str, Term] | None = None,
    bound: RowBound = _BOUND,
) -> Iterator[RowExplanation]:
    """The explanation of each row of a query's answer; that of ASK has one row without cells, if it is true.

    ``arguments`` fill the rows of UNDEF of a saved query. A row for which the bound does not suffice says so. Raises
    :class:`CannotExplainError` for a cell that no query can hold.
    """
    search = Search(engine, query.dataset, bound)
    pattern = filled(query.select.pattern, arguments) if arguments else query.select.pattern
    return (_explain(search, pattern, row) for row in rows)


def _explain(search: Search, pattern: Pattern, row: Row) -> RowExplanation:
    search.cut = set()
    cells = {Variable(name): term for name, term in row.items()}
    try:
        supports = search.of_row(pattern, cells)
    except _STOPPED as error:
        return RowExplanation((), (f"stopped: {error}",))
    if not supports:
        search.cut.add("no way was found by which the query makes this row")
    return RowExplanation(tuple(supports), tuple(sorted(search.cut)))
