"""The saved queries on a small invented world, merged and entailed as a build does it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse

from graph.accounts import accounts
from graph.dataset import Dataset, read_ontology
from graph.dates import bounds
from graph.engine import Solutions
from graph.index import index
from graph.names import Names
from graph.namespaces import (
    GRAPH_AUTHORITY,
    GRAPH_ENTAILED,
    GRAPH_INDEX,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    cq,
    kind,
    prologue,
    shorten,
    slug,
    term,
)
from graph.outer_bounds import outer_bounds
from graph.rules import entail
from graph.saved_query import answer, catalogue

WORLD = Path(__file__).with_name("small.trig")
TURTLE_PREFIXES = prologue() + "PREFIX p: <https://w3id.org/communique/id/participation/>\n"
_WORLDS = count()
BOUNDS = ("startEarliest", "startLatest", "endEarliest", "endLatest")

Row = tuple[str | int | None, ...]
Ask = Callable[..., list[Row]]


@dataclass
class StoreEngine:
    """An engine on a store in memory."""

    store: Store
    version: str = field(default_factory=lambda: f"small {next(_WORLDS)}")

    def select(self, query: str) -> Solutions:
        results = self.store.query(query)
        assert isinstance(results, QuerySolutions)
        names = tuple(variable.value for variable in results.variables)
        return Solutions(names, tuple(tuple(row[name] for name in names) for row in results))


def dated(triple: Triple) -> Iterator[Triple]:
    """A triple, and the four bounds if it gives a date."""
    yield triple
    if triple.predicate == cq("when") and isinstance(triple.object, Literal):
        found = bounds(triple.object.value)
        days = (found.start_earliest, found.start_latest, found.end_earliest, found.end_latest)
        for name, day in zip(BOUNDS, days, strict=True):
            if day:
                yield Triple(triple.subject, cq(name), Literal(day.isoformat(), datatype=term("xsd:date")))


def read_world(more: str | None = None) -> Dataset:
    """The small world; or, if other graphs are given as TriG, its authority file and those graphs."""
    world = Dataset()
    parts = {GRAPH_AUTHORITY: world.authority, GRAPH_PROVENANCE: world.provenance}
    quads = list(parse(WORLD.read_bytes(), format=RdfFormat.TRIG))
    if more is not None:
        quads = [quad for quad in quads if quad.graph_name == GRAPH_AUTHORITY]
        quads += parse(TURTLE_PREFIXES + more, format=RdfFormat.TRIG)
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        known = parts.get(quad.graph_name)
        graph = world.assertions.setdefault(quad.graph_name, set()) if known is None else known
        graph.update(dated(quad.triple))
    for triple in world.provenance:
        if triple.predicate == cq("admission"):
            assert isinstance(triple.subject, NamedNode)
            assert isinstance(triple.object, NamedNode)
            world.admitted[triple.subject] = slug(triple.object.value)
    world.provenance |= accounts(world.assertions, world.admitted, world.provenance)
    world.ontology = read_ontology()
    world.entailed = entail(world.premises()) | outer_bounds(world)
    world.index = index(world)
    return world


def load(world: Dataset) -> Store:
    store = Store()
    graphs = {
        GRAPH_AUTHORITY: world.authority,
        GRAPH_PROVENANCE: world.provenance,
        GRAPH_ONTOLOGY: world.ontology,
        GRAPH_ENTAILED: world.entailed,
        GRAPH_INDEX: world.index,
        **world.assertions,
    }
    for name, triples in graphs.items():
        store.bulk_extend(Quad(t.subject, t.predicate, t.object, name) for t in triples)
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in world.merged())
    return store


@pytest.fixture(scope="session")
def engine() -> StoreEngine:
    return StoreEngine(load(read_world()))


@pytest.fixture(scope="session")
def names(engine: StoreEngine) -> Names:
    return Names(engine)


def plain(cell: object) -> str | int | None:
    """A cell as a test writes it: a compact IRI without our own kinds' prefixes, a number, or text."""
    if isinstance(cell, NamedNode):
        return slug(cell.value) if kind(cell.value) or cell.value.startswith(cq("").value) else shorten(cell.value)
    if isinstance(cell, Literal):
        return int(cell.value) if cell.datatype == term("xsd:integer") else cell.value
    assert cell is None
    return None


def asker(engine: StoreEngine, names: Names) -> Ask:
    """Asks for the rows of a saved query, all columns but the labels, or those named by ``columns``."""

    def asked(name: str, columns: str = "", **arguments: str) -> list[Row]:
        query = catalogue()[name]
        given = {key.rstrip("_").replace("_", "-"): value for key, value in arguments.items()}
        page = answer(query, given, engine, names)
        wanted = columns.split() or [column.name for column in query.columns]
        places = [page.columns.index(column) for column in wanted]
        return [tuple(plain(row[place]) for place in places) for row in page.rows]

    return asked


@pytest.fixture(scope="session")
def ask(engine: StoreEngine, names: Names) -> Ask:
    """Asks the small world."""
    return asker(engine, names)


@pytest.fixture(scope="session")
def ask_world() -> Callable[..., Ask]:
    """Asks a world made of what some assertions tell."""

    def made(*told: str) -> Ask:
        engine = StoreEngine(load(read_world("\n".join(told))))
        return asker(engine, Names(engine))

    return made
