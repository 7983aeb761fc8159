"""The graph of the two documents as a whole: consistent, and each of its IRIs answers."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from graph.consistency import check
from graph.dataset import read_ontology
from graph.namespaces import BASE, GRAPH_MERGED, kind, prologue
from graph.store import read_manifest


@pytest.fixture(scope="module")
def merged(built):
    quads = parse((built / read_manifest(built).dataset).read_bytes(), format=RdfFormat.N_QUADS)
    return {quad.triple for quad in quads if quad.graph_name == GRAPH_MERGED}


def test_the_graph_is_consistent_with_the_ontology(merged) -> None:
    assert check(read_ontology(), merged).consistent


def test_a_contradiction_in_it_would_be_found(merged) -> None:
    turtle = prologue("cq", "meeting") + "meeting:ru-jp-2plus2-2017-03-20 a cq:Visit ."
    (planted,) = {quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)}
    (contradiction,) = check(read_ontology(), merged | {planted}).contradictions
    assert contradiction.minimal
    assert planted in contradiction.members


def minted(merged) -> set[str]:
    """The IRIs of ours, without fragments, that stand anywhere in the merged graph."""
    nodes = {node for t in merged for node in (t.subject, t.predicate, t.object) if isinstance(node, NamedNode)}
    return {node.value.split("#")[0] for node in nodes if node.value.startswith(BASE)}


def test_every_minted_iri_answers_with_data(merged, corpus_client) -> None:
    iris = minted(merged)
    assert len(iris) > 1000
    answers = {
        iri: corpus_client.get("/" + iri.removeprefix(BASE), headers={"Accept": "application/n-triples"})
        for iri in iris
    }
    assert not [iri for iri, answer in answers.items() if answer.status_code != 200 or not answer.get_data()]


def test_every_kind_of_thing_has_a_page(merged, corpus_client) -> None:
    by_kind = {kind(iri): iri for iri in sorted(minted(merged))}
    assert len(by_kind) > 25
    for iri in by_kind.values():
        page = corpus_client.get("/" + iri.removeprefix(BASE), headers={"Accept": "text/html"})
        assert page.status_code == 200, iri
        assert "<h1>" in page.get_data(as_text=True), iri
