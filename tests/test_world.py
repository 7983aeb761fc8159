"""The generated world is as a build would have made it: it keeps the shapes; the program derives the rest."""

from collections import defaultdict

import pytest
from benchmarks.world import make_world, quads
from pyoxigraph import DefaultGraph, NamedNode, Quad

from graph.admission import PREMISE
from graph.dataset import Dataset
from graph.dates import bounds
from graph.namespaces import GRAPH_MERGED, cq, slug
from graph.validation import validate_assertion_graphs, validate_merged


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_world(500)


def test_it_breaks_no_shape(dataset: Dataset) -> None:
    validate_assertion_graphs({name.value: graph for name, graph in dataset.assertions.items()})
    validate_merged(dataset.merged())


def test_the_default_graph_is_a_copy_of_the_merged_one(dataset: Dataset) -> None:
    graphs = defaultdict(set)
    for quad in quads(dataset):
        graphs[quad.graph_name].add(quad.triple)
    assert graphs[DefaultGraph()] == graphs[GRAPH_MERGED] == dataset.merged()


def test_each_assertion_is_granted_what_its_record_says(dataset: Dataset) -> None:
    recorded = {t.subject: slug(t.object.value) for t in dataset.provenance if t.predicate == cq("admission")}  # type: ignore[union-attr]
    assert recorded == dataset.admitted
    assert set(dataset.assertions) == set(dataset.admitted)
    assert set(dataset.admitted.values()) == {PREMISE, "Admitted", "StatementOnly"}


def test_dates_have_the_bounds_that_we_read_in_them(dataset: Dataset) -> None:
    read = 0
    for graph in (dataset.authority, dataset.provenance, *dataset.assertions.values()):
        facts: dict[object, dict[NamedNode, str]] = defaultdict(dict)
        for t in graph:
            facts[t.subject][t.predicate] = getattr(t.object, "value", "")
        for found in (found for found in facts.values() if cq("when") in found):
            days = bounds(found[cq("when")])
            expected = (days.start_earliest, days.start_latest, days.end_earliest, days.end_latest)
            names = ("startEarliest", "startLatest", "endEarliest", "endLatest")
            assert [found[cq(each)] for each in names] == [str(day) for day in expected]
            read += 1
    assert read > 500


def test_it_has_all_that_is_asked_for(dataset: Dataset) -> None:
    merged = dataset.merged()
    types = {slug(t.object.value) for t in merged if slug(t.predicate.value) == "type"}  # type: ignore[union-attr]
    assert types >= {
        "Account", "Agreement", "Coverage", "Deployment", "Dispute", "Encounter", "FormatChange", "Incumbency",
        "Label", "Meeting", "Membership", "Proposal", "Series", "Statement", "Territory", "TerritorialClaim",
        "Vacancy", "Visit",
    }  # fmt: skip
    values = defaultdict(set)
    for t in merged:
        values[slug(t.predicate.value)].add(slug(getattr(t.object, "value", "")))
    assert values["status"] >= {"Held", "Planned", "Cancelled"}
    assert values["settledStatus"] >= {"Held", "Planned", "Cancelled", "Contested"}
    assert values["unnamed"] == {"true"}
    concluded = {slug(t.predicate.value) for t in dataset.entailed}
    assert concluded >= {
        "coversDateOf", "earliest", "hostState", "inFormat", "inSeries", "met", "missesDateOf", "participant",
        "representing", "sfWithin", "tookPartIn", "type",
    }  # fmt: skip


def test_the_seed_decides() -> None:
    def told(seed: int) -> set[Quad]:
        return set(make_world(30, seed).quads())

    assert told(1) == told(1)
    assert told(1) != told(2)
