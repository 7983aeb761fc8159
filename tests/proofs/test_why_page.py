"""``/why`` as a page, in JSON and in RDF; the link beside what is inferred; and ``communique why``."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from graph.engine import Engine
from graph.limits import Limits
from graph.namespaces import term
from server.app import create_app
from server.cli import main
from server.why_terms import address

MET = "/why?subject=person:lavrov&predicate=cq:met&object=person:inada"
NAMED = "/why?subject=Lavrov&predicate=met&object=稲田朋美"
HTML, JSON, TURTLE = ({"Accept": name} for name in ("text/html", "application/json", "text/turtle"))
PROV = "http://www.w3.org/ns/prov#"


def test_the_page_shows_rule_premises_and_words(corpus_client: FlaskClient) -> None:
    page = corpus_client.get(MET, headers=HTML)
    text = page.text
    assert page.status_code == 200
    assert "Sergei Lavrov met Tomomi Inada" in text
    assert "who took part for different states in one held meeting has met" in text
    assert "rule settled-held" in text
    assert "held a 2+2 format meeting there on March 20" in text
    assert "On March 20, a 2 + 2 meeting was held" in text
    assert "Nothing is known that fits" in text
    assert text.count("<h2") == 8 + 1


def test_names_in_any_language_and_iris_ask_for_the_same(corpus_client: FlaskClient) -> None:
    first, second = (corpus_client.get(url, headers=JSON).get_json() for url in (MET, NAMED))
    assert first == second


def test_json_has_every_support_and_a_tree_down_to_quotes(corpus_client: FlaskClient) -> None:
    found = corpus_client.get(MET, headers=JSON).get_json()
    assert found["statement"] == "Sergei Lavrov met Tomomi Inada"
    assert (found["cut"], len(found["proofs"])) == ([], 8)
    root = found["proofs"][0]["proof"]
    assert (root["kind"], root["rule"]) == ("step", "met")
    assert root["sentence"].endswith("(rule met).")
    assert {node["kind"] for node in root["premises"]} == {"quote", "step", "authority"}
    assert [node["kind"] for node in root["absent"]] == ["absence"]
    quote = next(node for node in root["premises"] if node["kind"] == "quote")["quotes"][0]
    assert set(quote) == {
        *(
            "exact",
            "start",
            "end",
            "document",
            "title",
            "sentence",
            "assertion",
            "attribution",
            "modality",
            "passage",
        ),
    }
    assert len(found["proofs"][0]["support"]) == len({json.dumps(t) for t in found["proofs"][0]["support"]})


def test_turtle_is_prov_without_blank_nodes_and_the_same_each_time(corpus_client: FlaskClient) -> None:
    first, second = (corpus_client.get(MET, headers=TURTLE).data for _ in range(2))
    assert first == second
    triples = {quad.triple for quad in parse(first, format=RdfFormat.TURTLE)}
    assert not [t for t in triples if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)]
    by = {name: [t for t in triples if t.predicate.value == PROV + name] for name in PREDICATES}
    assert all(by.values())
    generated = {t.subject for t in by["wasGeneratedBy"]}
    assert len(generated) == len(by["wasGeneratedBy"]), "an entity is generated once"
    assert {t.subject for t in by["used"]} <= {t.object for t in by["wasGeneratedBy"]}
    assert any("passage/" in str(t.object) for t in by["wasDerivedFrom"])


PREDICATES = ("used", "wasGeneratedBy", "wasDerivedFrom", "specializationOf")


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        ("/why?subject=person:lavrov&predicate=cq:met&object=person:shoigu", 404, "is not in the graph"),
        ("/why?subject=person:lavrov&predicate=cq:met", 400, "nothing is given"),
        ("/why?subject=Nobody-at-all&predicate=cq:met&object=person:inada", 400, "nothing here is called"),
        ("/why?subject=person:lavrov&predicate=cq:met&object=%22x", 400, "is no literal"),
        (
            "/why?subject=person:lavrov&predicate=cq:met&object=%22x%22%20.%20%3Curn:a%3E%20a%20%22y%22",
            400,
            "is no lit",
        ),
        ("/why?subject=https://[&predicate=cq:met&object=person:inada", 400, "is no IRI"),
        (MET + "&subject=person:kishida", 400, "more than once"),
    ],
)
def test_what_cannot_be_answered_is_told(corpus_client: FlaskClient, url: str, status: int, words: str) -> None:
    answer = corpus_client.get(url, headers=JSON)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert words in answer.get_json()["detail"]
    assert corpus_client.get(url, headers=HTML).status_code == status


def test_the_page_without_parameters_is_a_form(corpus_client: FlaskClient) -> None:
    page = corpus_client.get("/why", headers=HTML)
    assert (page.status_code, page.text.count("<input")) == (200, 3)


def test_answers_are_kept_by_their_version(corpus_client: FlaskClient) -> None:
    for headers in (HTML, JSON, TURTLE):
        answer = corpus_client.get(MET, headers=headers)
        assert answer.headers["ETag"] == corpus_client.get(MET, headers=headers).headers["ETag"]
        assert answer.headers["Vary"] == "Accept"


def test_an_answer_that_time_cut_is_not_kept_and_says_so(corpus_engine: Engine) -> None:
    client = create_app(corpus_engine, Limits(proof_seconds=1e-9)).test_client()
    page = client.get(MET, headers=HTML)
    assert page.headers["Cache-Control"] == "no-store"
    assert "cut by its bound on seconds" in page.text
    few = create_app(corpus_engine, Limits(proof_supports=3)).test_client().get(MET, headers=JSON).get_json()
    assert (few["cut"], len(few["proofs"])) == (["supports"], 3)


def test_suffixes_ask_for_one_representation(corpus_client: FlaskClient) -> None:
    found = {
        name: corpus_client.get(MET.replace("/why", f"/why.{name}")).mimetype for name in ("html", "json", "ttl")
    }
    assert found == {"html": "text/html", "json": "application/json", "ttl": "text/turtle"}


def test_beside_what_is_inferred_stands_why(corpus_client: FlaskClient) -> None:
    page = corpus_client.get("/id/person/lavrov", headers=HTML).text
    link = address(Triple(term("person:lavrov"), term("cq:met"), term("person:inada")))
    assert f'href="{link.replace("&", "&amp;")}"' in page
    assert corpus_client.get(link, headers=HTML).status_code == 200
    assert "why?subject=person%3Alavrov&amp;predicate=rdf%3Atype&amp;object=foaf%3APerson" not in page


def test_every_such_link_leads_to_a_proof(corpus_client: FlaskClient) -> None:
    """Literals with dates and languages among them."""
    for path in ("meeting/ru-jp-2plus2-2017-03-20", "dispute/southern-kurils"):
        page = corpus_client.get(f"/id/{path}", headers=HTML).text
        links = [
            part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:] if part.startswith("/why?")
        ]
        assert links
        for link in links:
            assert corpus_client.get(link, headers=JSON).get_json()["proofs"], link


def ask(store: Path, *arguments: str) -> str:
    done = CliRunner().invoke(main, ["why", *arguments, "--store", str(store)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_prints_a_tree_and_the_words(built: Path) -> None:
    text = ask(built, "Лавров", "met", "Inada")
    assert text.startswith("Proof 1 of 8, from ")
    assert "Sergei Lavrov met Tomomi Inada: who took part for different states in one held meeting has met" in text
    assert "└── Nothing is known that fits" in text
    assert "“held a 2+2 format meeting there on March 20”" in text
    assert "Proof 8 of 8" in ask(built, "Лавров", "met", "Inada", "--all")


def test_the_command_prints_json_and_turtle(built: Path) -> None:
    found = json.loads(ask(built, "ru-jp-2plus2-2017-03-20", "cq:earliest", "2017-03-20", "--format", "json"))
    assert [proof["proof"]["rule"] for proof in found["proofs"]] == ["outer-bounds"]
    turtle = ask(built, "person:lavrov", "cq:met", "person:inada", "--format", "turtle")
    assert list(parse(turtle.encode(), format=RdfFormat.TURTLE))


def test_the_command_tells_what_is_wrong(built: Path) -> None:
    for arguments, words in (
        (("person:lavrov", "cq:met", "person:shoigu"), "is not in the graph"),
        (("Nobody", "cq:met", "person:shoigu"), "nothing here is called 'Nobody'"),
    ):
        done = CliRunner().invoke(main, ["why", *arguments, "--store", str(built)])
        assert done.exit_code != 0
        assert words in done.stderr
