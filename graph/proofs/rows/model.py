"""What an explanation of a row is made of: facts, supports, and what was absent."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from graph.engine import Term

Row = Mapping[str, Term | None]
"""A row of an answer: the term of each variable, None or nothing where it is unbound."""


class CannotExplainError(ValueError):
    """A query has something of which its rows cannot be explained; its plain answer can be had all the same."""

    def __init__(self, what: str) -> None:
        super().__init__(f"cannot explain: {what}")


@dataclass(frozen=True)
class Fact:
    """A triple that the query read, and the named graph in which it read it; None is the default graph."""

    triple: Triple
    graph: NamedNode | None = None


@dataclass(frozen=True)
class Support:
    """Facts that, together with what is absent, make the row.

    ``absences`` are parts of the query that had to find nothing, or found nothing, with the row's terms filled in:
    ``MINUS { … }``, ``NOT EXISTS { … }``, ``OPTIONAL { … }``.
    """

    facts: frozenset[Fact] = frozenset()
    absences: frozenset[str] = frozenset()

    def __or__(self, other: "Support") -> "Support":
        return Support(self.facts | other.facts, self.absences | other.absences)


@dataclass(frozen=True)
class RowExplanation:
    """The minimal supports of one row, the smallest first.

    ``cut`` says in words what was left out: each support is one still, yet there may be others.
    """

    supports: tuple[Support, ...]
    cut: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowBound:
    """How far to look.

    Supports kept of a row, solutions of one pattern, members of a group, steps along a path; queries and seconds are
    those for all rows together.
    """

    supports: int = 20
    solutions: int = 500
    members: int = 200
    steps: int = 16
    queries: int = 2000
    seconds: float = 10.0
