"""``explain=true`` over HTTP and ``--explain`` in the shell: on the tiny store and on the corpus, by hand."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from graph.engine import Engine
from graph.limits import Limits
from graph.namespaces import expand, prologue
from graph.proofs.rows import CannotExplainError, read_query
from graph.saved_query import catalogue
from server.app import create_app
from server.cli import main

JSON = "application/sparql-results+json"
TOO_LONG = {"first-since", "never-met", "not-met-since"}
"""Rewritten, their plain texts have more words than an engine takes: their rows say so."""
HELD = "SELECT ?m { ?m cq:status cq:Held ; a cq:Meeting }"


def asked(client: FlaskClient, query: str, status: int = 200, **given: str) -> Any:
    given = {"query": prologue("cq", "person", "meeting") + query, "explain": "true", "format": "json", **given}
    answer = client.get(f"/sparql?{urlencode(given)}")
    assert answer.status_code == status, answer.text
    return answer.get_json(force=True)


def saved(client: FlaskClient, name: str, status: int = 200, **given: str) -> Any:
    answer = client.get(f"/queries/{name}.json?{urlencode({'explain': 'true', **given})}")
    assert answer.status_code == status, answer.text
    return answer.get_json(force=True)


def words(explanation: dict[str, Any]) -> set[str]:
    return {quote["exact"] for quote in explanation["quotes"]}


def documents(explanation: dict[str, Any]) -> set[str]:
    return {quote["document"].rpartition("/")[2] for quote in explanation["quotes"]}


class TestSparql:
    def test_a_row_rests_on_the_words_of_both_documents(self, client: FlaskClient) -> None:
        answer = asked(client, HELD)
        assert [row["m"]["value"] for row in answer["results"]["bindings"]] == [expand("meeting:talks-2017")]
        (only,) = answer["explanations"]
        assert words(only) == {"a 2 + 2 meeting <b>was</b> held", "the ministers met"}
        (support,) = only["supports"]
        assert [triple["kind"] for triple in support["triples"]] == ["quote", "quote"]
        assert (only["cut"], support["absences"], answer["cut"]) == ([], [], False)

    def test_a_named_graph_rests_on_its_own_words_only(self, client: FlaskClient) -> None:
        answer = asked(client, "SELECT ?m ?g { GRAPH ?g { ?m cq:status cq:Held ; a cq:Meeting } }")
        told = {
            row["g"]["value"]: words(why)
            for row, why in zip(answer["results"]["bindings"], answer["explanations"], strict=True)
        }
        assert told[expand("a:second-held")] == {"the ministers met"}

    def test_what_is_inferred_leads_to_its_proof(self, client: FlaskClient) -> None:
        answer = asked(client, "SELECT ?x { person:lavrov cq:met ?x }")
        (triple,) = answer["explanations"][0]["supports"][0]["triples"]
        assert triple["kind"] == "entailed"
        assert triple["why"] == "/why?subject=person%3Alavrov&predicate=cq%3Amet&object=person%3Akishida"

    def test_ask(self, client: FlaskClient) -> None:
        yes, no = asked(client, "ASK { ?m cq:status cq:Planned }"), asked(client, "ASK { ?m cq:status cq:Cancelled }")
        assert (yes["boolean"], words(yes["explanations"][0])) == (True, {"scheduled in Russia"})
        assert (no["boolean"], no["explanations"]) == (False, [])

    def test_at_most_so_many_rows_and_it_is_told(self, engine: Engine) -> None:
        client = create_app(engine, limits=Limits(explained_rows=2)).test_client()
        answer = asked(client, "SELECT ?s { ?s ?p ?o }")
        assert (len(answer["results"]["bindings"]), len(answer["explanations"]), answer["cut"]) == (2, 2, True)

    def test_what_cannot_be_explained_is_told_and_the_plain_answer_stays(self, client: FlaskClient) -> None:
        problem = asked(client, "SELECT (RAND() AS ?x) {}", status=422)
        assert problem["detail"].startswith("cannot explain: NOW, RAND")
        query = urlencode({"query": "SELECT (RAND() * 0 AS ?x) {}", "explain": "true"})
        page = client.get(f"/sparql?{query}", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "Cannot explain: NOW, RAND" in page.text
        assert "1 row" in page.text

    def test_what_is_no_query_is_told_first(self, client: FlaskClient) -> None:
        assert asked(client, "SELECT ?x { ?x ", status=400)["title"] == "Not a SPARQL query"

    def test_the_protocols_dataset_holds(self, client: FlaskClient) -> None:
        answer = asked(client, HELD, **{"default-graph-uri": expand("a:second-held")})
        assert len(answer["explanations"]) == 1
        assert answer["explanations"][0]["supports"]

    def test_another_value_than_true_is_refused(self, client: FlaskClient) -> None:
        assert "explain" in asked(client, HELD, status=400, explain="yes")["detail"]

    def test_the_page_shows_the_quotes_under_each_row(self, client: FlaskClient) -> None:
        query = urlencode({"query": prologue("cq") + HELD, "explain": "true"})
        page = client.get(f"/sparql?{query}", headers={"Accept": "text/html"}).text
        assert "<summary>Why: 2 quotes of 2 documents</summary>" in page
        assert "a 2 + 2 meeting &lt;b&gt;was&lt;/b&gt; held" in page


class TestSavedQueries:
    def test_lavrov_and_inada_rest_on_both_documents(self, corpus_client: FlaskClient) -> None:
        answer = saved(corpus_client, "who-met-whom", person="lavrov")
        rows = zip(answer["results"]["bindings"], answer["explanations"], strict=True)
        told = [why for row, why in rows if row["other"]["value"] == expand("person:inada")]
        assert len(told) == 2
        for why in told:
            assert documents(why) == {"kistanov-2plus2-2017", "streltsov-new-friends-2017"}
            assert {"On March 20, a 2 + 2 meeting was held", "held a 2+2 format meeting there on March 20"} <= words(
                why
            )
            assert all(triple["kind"] != "look-up" for support in why["supports"] for triple in support["triples"])

    @pytest.mark.parametrize("name", catalogue())
    def test_every_row_of_every_query_has_a_support(self, name: str, corpus_client: FlaskClient) -> None:
        query = catalogue()[name]
        given = {
            "resource": "lavrov", "format": "2plus2", "person": "lavrov", "other": "inada", "territory": "kurils",
            "meeting": "ru-jp-2plus2-2017-03-20", "about": "2plus2", "who": "lavrov",
            "thing": "lavrov", "from-person": "lavrov", "to-person": "inada", "before": "2018-01-01",
            "date": "2017-03-25",
            "from": "2013-01-01", "to": "2018-01-01", "since": "2013-11-02", "office": "ru-foreign-minister",
        }  # fmt: skip
        needed = {p.name: given[p.name] for p in query.parameters if p.required and p.name in given}
        if query.computed:
            with pytest.raises(AssertionError, match="422"):
                saved(corpus_client, name, **needed)
            return
        answer = saved(corpus_client, name, **needed)
        assert len(answer["explanations"]) == len(answer["results"]["bindings"])
        for why in answer["explanations"]:
            too_long = name in TOO_LONG and "words and signs" in why["cut"][0]
            assert why["supports"] or too_long, why["cut"]

    def test_csv_has_no_place_for_it(self, client: FlaskClient) -> None:
        answer = client.get("/queries/sources.csv?explain=true")
        assert answer.status_code == 400
        assert "CSV" in answer.text

    def test_pages_lead_to_explained_pages(self, engine: Engine) -> None:
        client = create_app(engine, limits=Limits(explained_rows=1)).test_client()
        answer = client.get("/queries/sources.json?explain=true")
        assert len(answer.get_json(force=True)["explanations"]) == 1
        assert 'explain=true&limit=1&offset=1>; rel="next"' in " ".join(answer.headers.getlist("Link"))
        assert client.get("/queries/sources.json?explain=true&limit=2").status_code == 400

    def test_the_page_has_the_quotes_and_the_way_to_them(self, client: FlaskClient) -> None:
        plain = client.get("/queries/meetings", headers={"Accept": "text/html"}).text
        assert 'href="/queries/meetings?explain=true"' in plain
        explained = client.get("/queries/meetings?explain=true", headers={"Accept": "text/html"}).text
        assert "the ministers met" in explained
        assert 'class="why"' in explained


class TestShell:
    def test_a_saved_query(self, runner: CliRunner, built: Path) -> None:
        result = runner.invoke(
            main, ["ask", "who-met-whom", "--person", "lavrov", "--explain", "--store", str(built)]
        )
        assert result.exit_code == 0, result.output
        assert "“held a 2+2 format meeting there on March 20” (characters 725–768)" in result.stdout

    def test_a_query_in_json(self, runner: CliRunner, small_store: Path) -> None:
        given = ["query", "-", "--explain", "--format", "json", "--store", str(small_store)]
        result = runner.invoke(main, given, input=prologue("cq") + HELD)
        assert result.exit_code == 0, result.output
        assert '"exact": "the ministers met"' in result.stdout

    def test_what_cannot_be_explained(self, runner: CliRunner, small_store: Path) -> None:
        result = runner.invoke(
            main, ["query", "-", "--explain", "--store", str(small_store)], input="DESCRIBE <urn:x>"
        )
        assert result.exit_code == 1
        assert "cannot explain: only rows of SELECT" in result.stderr


def test_plain_texts_can_be_explained() -> None:
    for query in catalogue().values():
        if not query.computed:
            assert read_query(query.plain).form == "SELECT"
    with pytest.raises(CannotExplainError):
        read_query("SELECT ?x { ?x <urn:p> ?y LATERAL {} }")
