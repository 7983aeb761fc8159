"""How long proofs, explanations of rows and connections take on a built store: percentiles of single questions."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from pyoxigraph import NamedNode, Triple

from graph.engine import Engine, Term
from graph.namespaces import GRAPH_ENTAILED, term
from graph.proofs import ProofLimitError, why
from graph.proofs.rows import CannotExplainError, Query, explain_rows, read_query
from graph.saved_query import Names, answer, catalogue

from .asked import asked
from .questions import Asker

PROVED = (
    "cq:met",
    "cq:tookPartIn",
    "cq:settledStatus",
    "cq:representing",
    "cq:participant",
    "cq:hostState",
    "cq:inSeries",
)
_SEED = 11


@dataclass(frozen=True)
class Timed:
    """Questions of one kind: how many, their percentiles in seconds, and how many were cut short by a bound."""

    size: str
    kind: str
    what: str
    count: int
    p50: float
    p95: float
    worst: float
    cut: int


def _timed(size: str, kind: str, what: str, questions: Sequence[Callable[[], bool]]) -> Timed | None:
    """Ask each once; each tells whether its answer was cut."""
    if not questions:
        return None
    seconds, cut = [], 0
    for ask in questions:
        began = time.perf_counter()
        cut += ask()
        seconds.append(time.perf_counter() - began)
    seconds.sort()
    return Timed(size, kind, what, len(questions), _at(seconds, 0.5), _at(seconds, 0.95), seconds[-1], cut)


def _at(ordered: list[float], part: float) -> float:
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def proofs(size: str, engine: Engine, count: int) -> Iterator[Timed]:
    """Why entailed triples hold, by property; all minimal supports within the usual bound."""
    random = Random(_SEED)
    for name in PROVED:
        triples = _sample(engine, term(name), count, random)
        found = _timed(size, "proof", name, [lambda t=t: _why(engine, t) for t in triples])  # type: ignore[misc]
        if found:
            yield found


def _why(engine: Engine, triple: Triple) -> bool:
    try:
        return bool(why(engine, triple).cut)
    except ProofLimitError:
        return True


def _sample(engine: Engine, predicate: NamedNode, count: int, random: Random) -> list[Triple]:
    """Entailed triples of a property, anywhere among them."""
    where = f"WHERE {{ GRAPH {GRAPH_ENTAILED} {{ ?s {predicate} ?o }} }}"
    (held,) = engine.select(f"SELECT (COUNT(*) AS ?n) {where}").rows[0]
    most = int(held.value) if held and not isinstance(held, Triple) else 0
    rows = engine.select(f"SELECT ?s ?o {where}").rows if most else ()
    return [Triple(s, predicate, o) for s, o in random.sample(rows, min(count, most))]  # type: ignore[arg-type]


def rows(size: str, engine: Engine, meetings: int | None, count: int) -> Iterator[Timed]:
    """Why the first row of the answers of saved queries is there, of those that can be explained."""
    kinds: dict[str, list[Callable[[], bool]]] = {}
    for each in asked(meetings):
        for text in each.texts[:count]:
            try:
                query = read_query(text)
            except CannotExplainError:
                continue
            found = engine.select(text)
            for row in found.rows[:1]:
                cells = dict(zip(found.variables, row, strict=True))
                kinds.setdefault(each.query, []).append(lambda q=query, c=cells: _explained(engine, q, c))  # type: ignore[misc]
    for name, questions in kinds.items():
        if found_times := _timed(size, "row", name, questions):
            yield found_times


def _explained(engine: Engine, query: Query, row: dict[str, Term | None]) -> bool:
    return any(explanation.cut for explanation in explain_rows(engine, query, [row]))


def connections(size: str, engine: Engine, meetings: int, count: int) -> Iterator[Timed]:
    """How a word could have passed between two who hold office at one time; the first time is told by itself."""
    asker, names = Asker(meetings), Names(engine)
    query = catalogue()["connection"]

    def ask() -> bool:
        answer(query, asker.chain(), engine, names)
        return False

    for what, times in (("the first, which gathers who met", 1), ("once gathered", count)):
        if found := _timed(size, "connection", what, [ask] * times):
            yield found
