"""Answers that join the certain and the possible view: each row with what it is.

A row that both views have is certain; one that only one of them has is possible. That may be the certain view: what
is concluded from an absence (not met, a gap, a settled status, a vacancy) may be false once more documents count.
Both answers stand in the order of the query, so one merge keeps it; a page is cut from the whole, so pages fit
together. Rows are compared as the query gives them, before labels: where a count differs between the views, there
are two rows, both of them possible.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from pyoxigraph import Literal

from graph.engine import Engine, Solutions, Term
from graph.names import ArgumentError, Names
from graph.saved_query import LIMIT, Page, PageError, SavedQuery, labelled, solutions
from graph.views.clocks import Certainty

MOST_JOINED: Final = 10_000
"""Rows of one view that are joined; more would have to be held in memory."""
Row = tuple[Term | None, ...]


def column_of(columns: Iterable[str]) -> str:
    """The name of the column that tells certain from possible: one that the query has not."""
    return "viewCertainty" if "certainty" in columns else "certainty"


def marked(page: Page, certainty: Certainty) -> Page:
    """A page of one view, with the column that says which one."""
    rows = tuple((*row, Literal(certainty)) for row in page.rows)
    return replace(page, columns=(*page.columns, column_of(page.columns)), rows=rows)


def answer_joined(  # noqa: PLR0917
    query: SavedQuery,
    arguments: Mapping[str, str],
    certain: Engine,
    possible: Engine,
    names: Names,
    limit: int = LIMIT,
    offset: int = 0,
    *,
    shared_only: bool = False,
) -> Page:
    """One page of the joined answer of two views, or of the rows that both have, with the names of one of them.

    Raises ArgumentError, also for more rows than can be joined, and PageError past the end.
    """
    sure, open_ = (
        _bounded(query, solutions(query, arguments, view, names, MOST_JOINED)) for view in (certain, possible)
    )
    rows = [each for each in joined(sure.rows, open_.rows) if not shared_only or each[1] == "certain"]
    if offset and offset >= len(rows):
        raise PageError(f"{query.name} has no row {offset + 1}: the answer ends before it")
    shown = rows[offset : offset + limit]
    cells = labelled(query, Solutions(sure.variables, tuple(row for row, _ in shown)), names)
    marks = (Literal(certainty) for _, certainty in shown)
    columns = (*query.header, column_of(query.header))
    shown_rows = tuple((*row, mark) for row, mark in zip(cells, marks, strict=True))
    return Page(columns, shown_rows, limit, offset, len(rows) > offset + limit)


def _bounded(query: SavedQuery, found: Solutions) -> Solutions:
    if len(found.rows) > MOST_JOINED:
        raise ArgumentError(
            "certainty",
            f"{query.name} has more than {MOST_JOINED} rows, too many to tell the certain from the possible",
            "narrower arguments",
        )
    return found


def joined(certain: Sequence[Row], possible: Sequence[Row]) -> Iterator[tuple[Row, Certainty]]:
    """The rows of both, those that both have once, in an order that both agree on."""
    shared = Counter(certain) & Counter(possible)
    left = iter([*_shared(certain, shared)])
    for row, is_shared in _shared(possible, shared):
        if is_shared:
            yield from ((each, "possible") for each, _ in takewhile(lambda pair: not pair[1], left))
        yield row, "certain" if is_shared else "possible"
    yield from ((each, "possible") for each, is_shared in left if not is_shared)


def _shared(rows: Iterable[Row], shared: "Counter[Row]") -> Iterator[tuple[Row, bool]]:
    """Each row with whether the other view has it, too: as often as both have it."""
    left = Counter(shared)
    for row in rows:
        left[row] -= 1
        yield row, left[row] >= 0
