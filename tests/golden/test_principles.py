"""The design's principles, on the graph of the two documents: each test fails when its principle is broken."""

import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from graph.anchors import read_lock
from graph.assertions import read_corpus
from graph.build import build
from graph.documents import texts_by_hash
from graph.namespaces import (
    GRAPH_AUTHORITY,
    GRAPH_ENTAILED,
    GRAPH_ENTAILED_WITH_WIKIDATA,
    GRAPH_LINKS,
    GRAPH_MERGED,
    GRAPH_PROVENANCE,
    GRAPH_WITH_WIKIDATA,
    kind,
    term,
)
from graph.sources import default_corpus
from graph.store import read_manifest

ROOT = Path(__file__).parents[2]
TEXTS = ROOT.parent / "shared" / "seeds"
LONGEST_STRETCH = 300

needs_texts = [
    pytest.mark.shared,
    pytest.mark.skipif(not TEXTS.is_dir(), reason=f"the documents' texts are not there: {TEXTS}"),
]


@pytest.fixture(scope="module")
def homes(built):
    """In which graphs each triple stands."""
    found = defaultdict(set)
    for quad in parse((built / read_manifest(built).dataset).read_bytes(), format=RdfFormat.N_QUADS):
        found[quad.triple].add(quad.graph_name)
    return found


def test_1_no_triple_without_a_ground(homes) -> None:
    resting = {t.subject for t in homes if t.predicate == term("cq:restsOn")}
    for triple, graphs in homes.items():
        if GRAPH_MERGED not in graphs:
            continue
        assertions = {graph for graph in graphs if kind(graph.value) == "assertion"}
        if triple.predicate == term("cq:statedIn"):
            assertions = {triple.object}
        assert assertions or graphs & {GRAPH_AUTHORITY, GRAPH_PROVENANCE, GRAPH_ENTAILED, GRAPH_LINKS}, triple
        assert assertions <= resting, triple


def test_1_every_assertion_names_its_document_passage_and_how_it_is_said(homes) -> None:
    facts = defaultdict(set)
    for triple, graphs in homes.items():
        if GRAPH_PROVENANCE in graphs:
            facts[triple.subject].add(triple.predicate)
    assertions = [s for s in facts if isinstance(s, NamedNode) and kind(s.value) == "assertion"]
    assert len(assertions) > 150
    for assertion in assertions:
        assert {term("cq:inDocument"), term("cq:restsOn"), term("cq:recordedOn")} <= facts[assertion]
        said = term("cq:modality") in facts[assertion]
        for name in ("cq:hasVoice", "cq:attribution", "cq:admission"):
            assert said == (term(name) in facts[assertion])
        assert said or term("cq:flag") in facts[assertion]


def test_2_planned_is_not_held(holds) -> None:
    assert holds("?event cq:status cq:Planned")
    assert not holds(
        "?person cq:tookPartIn ?event . ?event cq:status cq:Planned . MINUS { ?event cq:status cq:Held }"
    )
    assert not holds("?participation a cq:Participation ; cq:status cq:Planned, cq:Held")


def test_3_a_claim_is_not_a_fact(holds) -> None:
    assert holds("?claim a cq:TerritorialClaim ; cq:territory ?territory")
    assert not holds(
        "?claim cq:territory ?place . ?inside geo:sfWithin* ?place . ?inside geo:sfWithin+ ?s . ?s a cq:State"
    )


def test_4_three_clocks(holds) -> None:
    assert holds(
        "meeting:ru-jp-2plus2-2013-11-02 cq:startEarliest ?happened ; cq:statedIn ?assertion ."
        "?assertion cq:inDocument/cq:startEarliest ?said ; cq:recordedOn ?recorded ."
        "FILTER (?happened < ?said && ?said < ?recorded)"
    )


def test_5_sources_merge_and_occurrences_do_not(holds) -> None:
    talks = "meeting:ru-jp-2plus2-2017-03-20"
    assert holds(f"{talks} cq:statedIn ?a, ?b . ?a cq:inDocument ?c . ?b cq:inDocument ?d . FILTER (?c != ?d)")
    assert holds("?one cq:inSeries ?s . ?two cq:inSeries ?s . FILTER (?one != ?two)")
    assert not holds(
        '?meeting a cq:Meeting ; cq:startEarliest "2017-03-20"^^xsd:date . FILTER (?meeting != ' + talks + ")"
    )


def test_6_absence_is_honest(corpus_client) -> None:
    page = corpus_client.get("/queries/who-met-whom?person=Oreshkin").get_data(as_text=True)
    assert "The documents have nothing on this, which is not to say that nothing happened." in page


def test_7_what_is_inferred_is_marked_and_never_said(homes) -> None:
    entailed = [graphs for graphs in homes.values() if GRAPH_ENTAILED in graphs]
    assert entailed
    assert all(graphs <= {GRAPH_ENTAILED, GRAPH_MERGED, GRAPH_WITH_WIKIDATA} for graphs in entailed)
    with_wikidata = [graphs for graphs in homes.values() if GRAPH_ENTAILED_WITH_WIKIDATA in graphs]
    assert with_wikidata
    assert all(graphs == {GRAPH_ENTAILED_WITH_WIKIDATA, GRAPH_WITH_WIKIDATA} for graphs in with_wikidata)


def test_8_no_query_reaches_another_host(corpus_client) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    assert corpus_client.get("/sparql", query_string={"query": query}).status_code == 403


def test_9_the_same_input_builds_the_same_bytes(built, tmp_path) -> None:
    again = tmp_path / "again"
    build(again, corpus=Path(shutil.copytree(default_corpus(), tmp_path / "corpus")))
    first, second = (folder / read_manifest(folder).dataset for folder in (built, again))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("file", read_corpus(default_corpus()), ids=lambda file: file.name)
def test_10_quotes_are_less_than_half_of_a_text(file) -> None:
    points = {n for quote in read_lock(file).quotes for n in range(quote.start, quote.end)}
    assert len(points) < file.document.length / 2


@pytest.mark.parametrize("mark", [pytest.param(None, marks=needs_texts)])
def test_10_every_quote_stands_in_its_text_code_point_by_code_point(homes, mark) -> None:
    texts = texts_by_hash(TEXTS)
    value = {}
    for triple in homes:
        value.setdefault((triple.subject, triple.predicate), triple.object)
    passages = [t.subject for t in homes if t.predicate == term("oa:hasSource")]
    assert len(passages) > 200
    for passage in passages:
        quote, position = NamedNode(passage.value + "#quote"), NamedNode(passage.value + "#position")
        text = texts[value[value[passage, term("oa:hasSource")], term("cq:sha256")].value]
        start, end = (int(value[position, term(name)].value) for name in ("oa:start", "oa:end"))
        assert text[start:end] == value[quote, term("oa:exact")].value


@pytest.mark.source
@pytest.mark.parametrize("mark", [pytest.param(None, marks=needs_texts)])
def test_10_no_file_carries_a_long_stretch_of_a_text(mark) -> None:
    folders = ("ontology", "graph", "server", "queries", "tests", "docs")
    files = [
        p
        for folder in folders
        for p in (ROOT / folder).rglob("*")
        if p.suffix in {".yaml", ".json", ".ttl", ".md", ".py"}
    ]
    carried = [" ".join(path.read_text(encoding="utf-8").split()) for path in files]
    for text in texts_by_hash(TEXTS).values():
        folded = " ".join(text.split())
        stretches = (folded[n : n + LONGEST_STRETCH] for n in range(0, len(folded) - LONGEST_STRETCH, 20))
        assert not [s for s in stretches if any(s in file for file in carried)]
