"""Asking the engine within a bound on queries and seconds."""

import time
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple, Variable

from graph.engine import Engine, Solutions, Term
from graph.namespaces import (
    GRAPH_AUTHORITY,
    GRAPH_ENTAILED,
    GRAPH_LINKS,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    GRAPH_TENURES,
    cq,
    kind,
)
from graph.proofs.model import Bound
from graph.rules import Slot

_OF_VIEW: Final = (GRAPH_TENURES, GRAPH_LINKS)
_SEEN: Final = frozenset(graph.value for graph in (GRAPH_AUTHORITY, GRAPH_ENTAILED, GRAPH_ONTOLOGY, *_OF_VIEW))


class ExhaustedError(ValueError):
    """A bound is reached; the message is its name. It stays within this package."""


class Asking:
    """An engine that stops answering at the bound on queries or seconds."""

    def __init__(self, engine: Engine, bound: Bound) -> None:
        self._engine = engine
        self._queries = bound.queries
        self._until = time.monotonic() + bound.seconds
        self.version = engine.version

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query; raises :class:`ExhaustedError`."""
        if self._queries <= 0:
            raise ExhaustedError("queries")
        if time.monotonic() > self._until:
            raise ExhaustedError("seconds")
        self._queries -= 1
        return self._engine.select(query)

    def merged(self, *places: Slot) -> Iterator[Triple]:
        """The triples of the merged view that fit a pattern; every variable is another one."""
        return (triple for triple, *_ in self._fitting("{0}", places))

    def seen(self, *places: Slot) -> Iterator[Triple]:
        """Those that rules see: premises, and conclusions; tenures of Wikidata and links if the view has them."""
        pattern = (
            f"GRAPH ?in {{{{ {{0}} }}}} OPTIONAL {{{{ ?in {cq('admission')} ?granted }}}} "
            f"FILTER (?in NOT IN ({', '.join(map(str, _OF_VIEW))}) || EXISTS {{{{ {{0}} }}}})"
        )
        return iter(dict.fromkeys(each[0] for each in self._fitting(pattern, places) if is_seen(*each)))

    def _fitting(self, pattern: str, places: tuple[Slot, ...]) -> Iterator[tuple[Triple, str, str]]:
        """The triples that fit, with the graph in which each stands and what that is granted."""
        slots = [
            f"?{name}" if isinstance(slot, Variable) else str(slot) for name, slot in zip("spo", places, strict=True)
        ]
        query = f"SELECT ?s ?p ?o ?in ?granted WHERE {{ {pattern.format(' '.join(slots))} }}"
        for row in self.select(query).rows:
            s, p, o = (found or slot for found, slot in zip(row[:3], places, strict=True))
            if isinstance(s, NamedNode) and isinstance(p, NamedNode) and isinstance(o, NamedNode | Literal):
                yield Triple(s, p, o), _text(row[3]), _text(row[4])


def is_seen(triple: Triple, graph: str, granted: str) -> bool:
    """Whether rules see a triple because it stands in that graph, which is granted that."""
    if graph == GRAPH_PROVENANCE.value:
        return kind(_text(triple.subject)) == "account"
    return granted == cq("Premise").value or graph in _SEEN


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
