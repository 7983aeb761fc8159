"""Small graphs and queries of letters, and the rows of their answers with what each rests on, as a test writes them.

``a p b`` is a triple of the default graph, ``a p b @g`` one of the graph ``g``; a support is a set of them.
"""

from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from graph.engine import Solutions
from graph.proofs.rows import Fact, RowExplanation, explain_rows, read_query

BASE = "urn:x:"
PREFIX = f"PREFIX : <{BASE}>\n"


@dataclass
class Memory:
    """An engine on a store in memory, which counts what it is asked."""

    store: Store
    asked: int = 0
    version: str = "letters"

    def select(self, query: str) -> Solutions:
        self.asked += 1
        results = self.store.query(query)
        assert isinstance(results, QuerySolutions)
        names = tuple(variable.value for variable in results.variables)
        return Solutions(names, tuple(tuple(row) for row in results))


def graph_of(text: str) -> Store:
    """The store of quads, one to a line or set apart by ``.``."""
    return store_of(quad_of(line) for line in text.replace(".", "\n").splitlines() if line.strip())


def store_of(quads: object) -> Store:
    store = Store()
    store.extend(quads)  # type: ignore[arg-type]
    return store


def quad_of(line: str) -> Quad:
    words = line.split()
    graph = NamedNode(BASE + words[3][1:]) if len(words) > 3 else DefaultGraph()
    subject, predicate, object_ = (term_of(word) for word in words[:3])
    return Quad(subject, predicate, object_, graph)  # type: ignore[arg-type]


def term_of(word: str) -> NamedNode | Literal:
    return Literal(int(word)) if word.isdigit() else NamedNode(BASE + word)


def word_of(term: object) -> str:
    return str(getattr(term, "value", term)).removeprefix(BASE)


def written(fact: Fact) -> str:
    words = [word_of(term) for term in fact.triple]
    return " ".join([*words, f"@{word_of(fact.graph)}"] if fact.graph else words)


@dataclass
class Explained:
    """A row, its supports as sets of what a test writes, and what was absent in each."""

    row: tuple[str | None, ...]
    supports: list[set[str]]
    absences: list[list[str]]
    cut: tuple[str, ...]


def explained(text: str, query: str) -> list[Explained]:
    """Each row of a query on a graph, with what it rests on; the whole is sorted."""
    engine = Memory(graph_of(text))
    rows = engine.select(PREFIX + query)
    cells = [dict(zip(rows.variables, row, strict=True)) for row in rows.rows]
    told = explain_rows(engine, read_query(PREFIX + query), cells)  # type: ignore[arg-type]
    found = [_explained(row, each) for row, each in zip(rows.rows, told, strict=True)]
    return sorted(found, key=lambda each: [cell or "" for cell in each.row])


def _explained(row: tuple[object, ...], told: RowExplanation) -> Explained:
    supports = [{written(fact) for fact in support.facts} for support in told.supports]
    absences = [sorted(support.absences) for support in told.supports]
    return Explained(tuple(None if c is None else word_of(c) for c in row), supports, absences, told.cut)


def supports(text: str, query: str) -> list[set[str]]:
    """The supports of the only row."""
    (only,) = explained(text, query)
    assert only.cut == ()
    return only.supports
