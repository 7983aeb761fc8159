"""The facts that rules work on, in an in-memory store with two views.

Rules see the *main* facts. Those of the last stratum, if they conclude whatever class or property the data name, put
their conclusions *apart* and alone see them: so nothing earlier rests on what was concluded later.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    Variable,
)

from graph.rules.pattern import Slot, Term

Row = tuple[Term | None, ...]
Graph = NamedNode | BlankNode | DefaultGraph

_MAIN = DefaultGraph()
_APART = NamedNode("urn:apart")
_GONE = NamedNode("urn:gone")


@dataclass(frozen=True)
class View:
    """What some rules see (``seen``), and the graph that holds their own conclusions."""

    store: Store
    own: Graph
    seen: list[Graph]

    def add(self, triples: Iterable[Triple]) -> None:
        """Put facts among its own. Among the main facts, they stand apart no more."""
        held = list(triples)
        self.store.extend(Quad(t.subject, t.predicate, t.object, self.own) for t in held)
        if self.own == _MAIN and self.store.contains_named_graph(_APART):
            apart(self.store).remove(held)

    def remove(self, triples: Iterable[Triple]) -> None:
        """Take facts out of its own."""
        for t in triples:
            self.store.remove(Quad(t.subject, t.predicate, t.object, self.own))

    def owns(self, triple: Triple) -> bool:
        """Whether a triple is among its own facts."""
        return Quad(triple.subject, triple.predicate, triple.object, self.own) in self.store

    def knows(self, triple: Triple) -> bool:
        """Whether a triple is among the facts that it sees."""
        return any(Quad(triple.subject, triple.predicate, triple.object, graph) in self.store for graph in self.seen)

    def match(self, subject: Slot, predicate: Slot, value: Slot) -> Iterator[Triple]:
        """The facts seen that are of a pattern; a variable stands for anything."""
        if isinstance(subject, Literal) or isinstance(predicate, Literal):
            return
        s, p = (None if isinstance(slot, Variable) else slot for slot in (subject, predicate))
        o = None if isinstance(value, Variable) else value
        for graph in self.seen:
            yield from (quad.triple for quad in self.store.quads_for_pattern(s, p, o, graph))

    def has(self, subject: Term | None, predicate: Term | None, value: Term | None) -> bool:
        """Whether it sees a fact of these terms; None stands for anything."""
        if isinstance(subject, Literal) or isinstance(predicate, Literal):
            return False
        return any(
            next(self.store.quads_for_pattern(subject, predicate, value, graph), None) is not None
            for graph in self.seen
        )

    def rows(self, query: str) -> set[Row]:
        """The solutions of a SELECT, each once."""
        found = cast(QuerySolutions, self.store.query(query, default_graph=self.seen))
        return {cast(Row, tuple(solution)) for solution in found}

    def triples(self, query: str) -> set[Triple]:
        """The triples of a CONSTRUCT."""
        return set(cast(QueryTriples, self.store.query(query, default_graph=self.seen)))

    def before(self) -> "View":
        """It sees what is gone as well."""
        return View(self.store, self.own, [*self.seen, _GONE])


def main(store: Store) -> View:
    """What all rules see."""
    return View(store, _MAIN, [_MAIN])


def apart(store: Store) -> View:
    """What the last rules see, with what they conclude."""
    return View(store, _APART, [_MAIN, _APART])


def gone(store: Store) -> View:
    """What is gone, kept while its consequences are looked for."""
    return View(store, _GONE, [_GONE])
