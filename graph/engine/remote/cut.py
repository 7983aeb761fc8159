"""Answers that a store has cut off after so many rows (Virtuoso's ``ResultSetMaxRows``, 10,000 in its example file).

With rows it says so in a header, and only then. Of a graph it cuts off what it is made of and says nothing, so that
such a store is asked once how many rows it gives, before the first graph is taken from it.
"""

from collections.abc import Mapping
from typing import Final

from graph.engine import QueryTimeoutError, ResultTooLargeError
from graph.engine.text.lexer import tokens

_MOST_ROWS: Final = "X-SPARQL-MaxRows"
_PARTIAL: Final = "X-SQL-State"
_SIDE: Final = 60
_NUMBERS: Final = " ".join(map(str, range(_SIDE)))
# 216,000 short rows, in 0.6 s; a store that cuts off later than that is not found out.
PROBE: Final = (
    f"SELECT (1 AS ?x) {{ VALUES ?a {{ {_NUMBERS} }} VALUES ?b {{ {_NUMBERS} }} VALUES ?c {{ {_NUMBERS} }} }}"
)


def cuts_off(headers: Mapping[str, str]) -> int:
    """After how many rows the answer was cut off, or could have been; 0 if it was not."""
    most = headers.get(_MOST_ROWS, "")
    return int(most) if most.isdigit() else 0


def is_suspect(server: str) -> bool:
    """Whether a store that calls itself so is of the kind that cuts graphs off."""
    return "virtuoso" in server.casefold()


def refuse_cut(query: str, headers: Mapping[str, str]) -> None:
    """Refuse an answer that may be a part.

    Raises :class:`graph.engine.ResultTooLargeError` where there may be more than the store gives, and
    :class:`graph.engine.QueryTimeoutError` for what the store had found when its time was over.
    """
    if headers.get(_PARTIAL):
        raise QueryTimeoutError("the store gave a part of the answer only: its time was over")
    refuse_beyond(query, cuts_off(headers))


def refuse_beyond(query: str, most: int) -> None:
    """Raise :class:`graph.engine.ResultTooLargeError` unless a query asks for at most so many rows; 0 is no bound."""
    if most and not 0 <= outer_limit(query) <= most:
        raise ResultTooLargeError(
            f"the store cuts answers off after {most} rows: use LIMIT, or set its ResultSetMaxRows to 0"
        )


def outer_limit(query: str) -> int:
    """The LIMIT of the query itself, -1 where it has none."""
    depth, last, found = 0, "", -1
    for token in tokens(query):
        if token.kind == "sign":
            depth += (token.text in "({[") - (token.text in ")}]")
        if last == "limit" and not depth and token.text.isdigit():
            found = int(token.text)
        last = token.text.casefold()
    return found
