"""HermiT finds ontology and corpus consistent, and explains what is planted by the set that is known by hand."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, parse
from small_corpus import HELD, SmallCorpus
from small_store import quads

from graph import consistency
from graph.build import build
from graph.consistency import NoOntologyError, TooMuchToCheckError, Verdict, check, check_store
from graph.consistency.chains import plainest
from graph.consistency.hermit import is_consistent
from graph.consistency.shrinking import shrink
from graph.dataset import read_ontology
from graph.engine import Engine, open_engine
from graph.namespaces import GRAPH_ONTOLOGY, PREFIXES, shorten
from graph.sources import SOURCES, default_authority
from graph.store import write
from server.cli import main

ONTOLOGY = sorted(read_ontology(), key=str)


def triples(turtle: str) -> list[Triple]:
    prologue = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return [quad.triple for quad in parse(prologue + turtle, format=RdfFormat.TURTLE)]


def explained(verdict: Verdict) -> set[Triple]:
    """The members of the only contradiction."""
    (found,) = verdict.contradictions
    assert found.minimal
    assert len(set(found.members)) == len(found.members)
    return set(found.members)


# Each plant, and the axioms that make a contradiction of it; of the plant, all.
VISIT = ("visit:x a cq:Visit , cq:Meeting .", "cq:Meeting owl:disjointWith cq:Visit .")
PERSON = ("person:lavrov a foaf:Person , cq:State .", "foaf:Person owl:disjointWith cq:State .")
HIMSELF = ("person:lavrov cq:met person:lavrov .", "cq:met a owl:IrreflexiveProperty .")
ABE = (
    "person:abe cq:met state:x . state:x a cq:State .",
    "foaf:Person owl:disjointWith cq:State . cq:met rdfs:range foaf:Person .",
)
FORMAT = (
    "format:x a cq:Format , cq:Meeting .",
    """cq:Format rdfs:subClassOf skos:Concept . cq:Meeting rdfs:subClassOf cq:Event .
       cq:Event owl:disjointWith skos:Concept .""",
)
SPEAKS = (
    "cq:mourned rdfs:subPropertyOf cq:hasParticipation . claim:x a cq:TerritorialClaim ; cq:mourned voice:x .",
    "cq:hasParticipation rdfs:domain cq:Event . cq:Event owl:disjointWith cq:TerritorialClaim .",
)
DECLARED = triples("cq:mourned a owl:ObjectProperty .")


def test_a_built_store_is_consistent_with_its_ontology(corpus_engine: Engine) -> None:
    verdict = check_store(corpus_engine)
    assert (verdict.consistent, verdict.asked) == (True, 1)
    (merged,) = corpus_engine.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").rows[0]
    assert verdict.triples == len(ONTOLOGY) + int(merged.value)  # type: ignore[union-attr]


def test_differing_sources_are_consistent() -> None:
    verdict = check(
        ONTOLOGY,
        triples("""
            meeting:x a cq:Meeting ; cq:status cq:Held , cq:Planned ; schema:location place:tokyo , place:bonn ;
                cq:when "2017-03-20"^^edtf:EDTF , "2017-03-21"^^edtf:EDTF ;
                cq:startEarliest "2017-03-20"^^xsd:date , "2017-03-21"^^xsd:date .
        """),
    )
    assert verdict.consistent


@pytest.mark.parametrize("plant", [VISIT, PERSON, HIMSELF, ABE, FORMAT, SPEAKS])
def test_a_contradiction_is_explained_by_just_what_makes_it(plant: tuple[str, str]) -> None:
    verdict = check([*ONTOLOGY, *DECLARED], triples(plant[0]))
    assert explained(verdict) == {*triples(plant[0]), *triples(plant[1])}
    assert not verdict.consistent


@settings(max_examples=3, derandomize=True, deadline=None, phases=[Phase.generate], database=None)
@given(st.sets(st.sampled_from([VISIT, PERSON, HIMSELF, FORMAT]), min_size=2, max_size=2))
def test_of_several_contradictions_one_is_explained_and_no_member_can_be_spared(plants: set[tuple[str, str]]) -> None:
    found = explained(check(ONTOLOGY, triples(" ".join(sorted(data for data, _ in plants)))))
    assert found in [{*triples(data), *triples(axioms)} for data, axioms in plants]
    declared = triples("cq:met a owl:ObjectProperty .")
    assert not is_consistent([*declared, *found])
    assert all(is_consistent([*declared, *(found - {each})]) for each in found)


def test_a_class_without_possible_members_is_explained() -> None:
    planted = triples("cq:StateVisit a owl:Class ; rdfs:subClassOf cq:Visit , cq:Meeting .")
    verdict = check([*ONTOLOGY, *planted])
    assert not verdict.consistent
    assert [shorten(each.impossible.value) for each in verdict.contradictions if each.impossible] == ["cq:StateVisit"]
    assert explained(verdict) == {*planted[1:], *triples("cq:Meeting owl:disjointWith cq:Visit .")}


SMALL = triples("""
    cq:perSide a owl:DatatypeProperty ; rdfs:range xsd:integer ; rdfs:domain cq:Slot . cq:Slot a owl:Class .
    skos:prefLabel a owl:AnnotationProperty .
    slot:x cq:perSide "many" ; skos:prefLabel "X" . slot:y cq:perSide 2 . slot:z a cq:Slot .
""")


def test_what_is_not_plain_is_searched_everywhere() -> None:
    assert plainest(SMALL) == ()
    assert explained(check(SMALL)) == set(triples('cq:perSide rdfs:range xsd:integer . slot:x cq:perSide "many" .'))


def test_a_bound_on_questions_leaves_a_contradiction_that_may_be_too_large() -> None:
    verdict = check(SMALL, most_asked=1)
    (found,) = verdict.contradictions
    assert not found.minimal
    assert verdict.asked == 2
    assert set(triples('cq:perSide rdfs:range xsd:integer . slot:x cq:perSide "many" .')) < set(found.members)


@settings(derandomize=True)
@given(
    st.integers(1, 60),
    st.lists(st.sets(st.integers(0, 59), max_size=6), min_size=1, max_size=4),
    st.none() | st.just(1),
    st.integers(0, 200),
)
def test_what_is_left_of_a_set_contradicts_itself_and_is_minimal(
    size: int, causes: list[set[int]], piece: int | None, most: int
) -> None:
    causes = [{each % size for each in cause} for cause in causes]
    questions: list[Sequence[int]] = []

    def contradicts(members: Sequence[int]) -> bool:
        questions.append(members)
        return any(cause <= set(members) for cause in causes)

    found = shrink(range(size), contradicts, piece, most)
    assert found.asked == len(questions) <= most
    assert any(cause <= set(found.members) for cause in causes)
    assert set(found.members) in causes or not found.minimal
    assert found.minimal or found.asked == most


def test_more_than_hermit_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consistency, "MOST_TRIPLES", 3)
    with pytest.raises(TooMuchToCheckError, match="3 triples at the most"):
        check(SMALL)


def test_a_store_without_an_ontology_is_refused(tmp_path: Path) -> None:
    with_data = [quad for quad in quads() if quad.graph_name != GRAPH_ONTOLOGY]
    write(tmp_path, with_data, inputs="by hand", counts={}, sources=dict.fromkeys(SOURCES))
    with pytest.raises(NoOntologyError):
        check_store(open_engine(tmp_path))


@pytest.fixture(scope="module")
def contradictory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose authority file calls a visit what a document calls a meeting."""
    folder = tmp_path_factory.mktemp("contradictory")
    corpus = SmallCorpus(folder, assertions=[HELD]).write()
    shutil.copytree(default_authority(), folder / "authority")
    planted = f"<{PREFIXES['meeting']}small-bonn> a <{PREFIXES['cq']}Visit> ."
    (folder / "authority" / "planted.ttl").write_text(planted, encoding="utf-8")
    build(folder / "store", corpus=corpus.corpus, authority=folder / "authority")
    return folder / "store"


QUOTE = "Foreign ministers Sergei Lavrov and Fumio Kishida met in Bonn on 17 February 2017"


def test_the_command_shows_the_quotes(runner: CliRunner, contradictory: Path) -> None:
    result = runner.invoke(main, ["check", "--store", str(contradictory)])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "These cannot all be true; without any one of the 3, they could:",
        "",
        "  1. Meeting of the foreign ministers, Bonn is a meeting  (quoted)",
        "     meeting:small-bonn rdf:type cq:Meeting",
        "     Dmitry Streltsov in The Moscow Times, “Talks in Bonn” (a:small-held):",
        f"       15–96 “{QUOTE}”",
        "",
        "  2. Meeting of the foreign ministers, Bonn is a visit  (the authority file)",
        "     meeting:small-bonn rdf:type cq:Visit",
        "",
        "  3. meeting is never a visit  (an axiom of the ontology)",
        "     cq:Meeting owl:disjointWith cq:Visit",
        "",
        result.output.splitlines()[-1],
    ]
    assert result.output.splitlines()[-1].startswith("Not consistent: ")


def test_the_command_prints_json(runner: CliRunner, contradictory: Path) -> None:
    result = runner.invoke(main, ["check", "--store", str(contradictory), "--format", "json"])
    told = json.loads(result.stdout)
    (contradiction,) = told["contradictions"]
    assert (result.exit_code, told["consistent"], contradiction["minimal"]) == (1, False, True)
    assert [each["kind"] for each in contradiction["members"]] == ["quote", "authority", "axiom"]
    (quote,) = contradiction["members"][0]["quotes"]
    assert (quote["exact"], quote["start"], quote["end"]) == (QUOTE, 15, 96)


def test_the_command_is_content_with_the_corpus(runner: CliRunner, built: Path) -> None:
    result = runner.invoke(main, ["check", "--store", str(built)])
    assert result.exit_code == 0
    assert result.output.startswith("Consistent; each class can have members: ")
    assert result.output.endswith("triples checked, HermiT asked once.\n")
