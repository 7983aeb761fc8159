"""The generated world is as a build would have made it: what it writes as entailed is what the rules derive."""

from collections import defaultdict
from collections.abc import Iterable

import pytest
from benchmarks.world import World
from benchmarks.writing import Sink
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple, parse

from graph.admission import PREMISE
from graph.dataset import Dataset
from graph.dates import bounds
from graph.index import index
from graph.namespaces import (
    GRAPH_AUTHORITY,
    GRAPH_ENTAILED,
    GRAPH_INDEX,
    GRAPH_MERGED,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    cq,
    slug,
)
from graph.outer_bounds import outer_bounds
from graph.rules import entail
from graph.validation import validate_assertion_graphs, validate_merged

Graphs = dict[NamedNode | DefaultGraph, set[Triple]]


def lines(meetings: int, seed: int = 1) -> str:
    written: list[str] = []
    World(meetings, Sink(written.append), seed).write()
    return "".join(written)


@pytest.fixture(scope="module")
def graphs() -> Graphs:
    found: Graphs = defaultdict(set)
    for quad in parse(lines(500), format=RdfFormat.N_QUADS):
        assert isinstance(quad.graph_name, NamedNode | DefaultGraph)
        found[quad.graph_name].add(quad.triple)
    return found


@pytest.fixture(scope="module")
def dataset(graphs: Graphs) -> Dataset:
    """The same as a build holds it, with the rules' own conclusions."""
    named = (
        GRAPH_AUTHORITY,
        GRAPH_ENTAILED,
        GRAPH_INDEX,
        GRAPH_MERGED,
        GRAPH_ONTOLOGY,
        GRAPH_PROVENANCE,
        DefaultGraph(),
    )
    made = Dataset(
        assertions={g: found for g, found in graphs.items() if g not in named and isinstance(g, NamedNode)},
        authority=graphs[GRAPH_AUTHORITY],
        provenance=graphs[GRAPH_PROVENANCE],
        ontology=graphs[GRAPH_ONTOLOGY],
    )
    made.admitted = {t.subject: slug(t.object.value) for t in made.provenance if t.predicate == cq("admission")}  # type: ignore[misc,union-attr]
    made.entailed = entail(made.premises()) | outer_bounds(made)
    made.index = index(made)
    return made


def short(triples: Iterable[Triple]) -> list[str]:
    return sorted(map(str, triples))[:5]


def test_what_is_written_as_entailed_is_what_the_rules_derive(graphs: Graphs, dataset: Dataset) -> None:
    assert short(dataset.entailed - graphs[GRAPH_ENTAILED]) == []
    assert short(graphs[GRAPH_ENTAILED] - dataset.entailed) == []


def test_merged_is_what_a_build_merges_and_the_default_graph_is_its_copy(graphs: Graphs, dataset: Dataset) -> None:
    merged = dataset.merged()
    assert short(merged ^ graphs[GRAPH_MERGED]) == []
    assert graphs[DefaultGraph()] == merged


def test_the_index_is_what_a_build_makes(graphs: Graphs, dataset: Dataset) -> None:
    assert short(dataset.index - graphs[GRAPH_INDEX]) == []
    assert short(graphs[GRAPH_INDEX] - dataset.index) == []


def test_it_breaks_no_shape(dataset: Dataset) -> None:
    validate_assertion_graphs({name.value: graph for name, graph in dataset.assertions.items()})
    validate_merged(dataset.merged())


def test_dates_have_the_bounds_that_we_read_in_them(graphs: Graphs) -> None:
    read = 0
    for name, graph in graphs.items():
        facts: dict[object, dict[NamedNode, str]] = defaultdict(dict)
        for t in graph if str(name) != str(GRAPH_MERGED) and name != DefaultGraph() else ():
            facts[t.subject][t.predicate] = getattr(t.object, "value", "")
        for found in (found for found in facts.values() if cq("when") in found):
            days = bounds(found[cq("when")])
            expected = (days.start_earliest, days.start_latest, days.end_earliest, days.end_latest)
            names = ("startEarliest", "startLatest", "endEarliest", "endLatest")
            assert [found[cq(each)] for each in names] == [str(day) for day in expected]
            read += 1
    assert read > 500


def test_it_has_all_that_is_asked_for(graphs: Graphs, dataset: Dataset) -> None:
    types = {slug(t.object.value) for t in graphs[GRAPH_MERGED] if slug(t.predicate.value) == "type"}  # type: ignore[union-attr]
    assert types >= {
        "Agreement", "Deployment", "Dispute", "Encounter", "FormatChange", "Incumbency", "Label", "Meeting",
        "Proposal", "Series", "Statement", "Territory", "TerritorialClaim", "Visit",
    }  # fmt: skip
    statuses = {slug(t.object.value) for t in graphs[GRAPH_MERGED] if t.predicate == cq("status")}  # type: ignore[union-attr]
    assert statuses >= {"Held", "Planned", "Cancelled"}
    assert set(dataset.admitted.values()) > {PREMISE, "Admitted"}


def test_the_seed_decides() -> None:
    assert lines(30) == lines(30)
    assert lines(30) != lines(30, seed=2)
