"""``/wikidata/sparql``, and what SERVICE for Wikidata says of itself at ``/sparql``."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store
from small_wikidata import store_with, world

from graph.engine import Engine, Federated, open_engine
from graph.limits import Limits
from graph.reach.allowed import Reach
from graph.reach.client import Client
from server.app import create_app
from server.cli import main
from server.federated import federating, line

JSON = "application/sparql-results+json"
LABELS = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],mul,en". }'
CATS = f"SELECT ?item ?itemLabel WHERE {{ ?item wdt:P31 wd:Q146. {LABELS} }} ORDER BY ?item"
NAMES = "PREFIX wdt: <http://www.wikidata.org/prop/direct/> PREFIX wd: <http://www.wikidata.org/entity/> "
FEDERATED = f"{NAMES} SELECT ?x {{ SERVICE <https://query.wikidata.org/sparql> {{ ?x wdt:P31 wd:Q726 }} }}"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store_with(tmp_path_factory.mktemp("served"), world())


@pytest.fixture(scope="module")
def served(folder: Path) -> Flask:
    return create_app(federating(open_engine(folder), Reach(Client(Limits()))))


@pytest.fixture
def client(served: Flask) -> Iterator[FlaskClient]:
    with served.test_client() as found:
        yield found


def get(client: FlaskClient, query: str, accept: str = "text/csv", path: str = "/wikidata/sparql", **more: str):  # type: ignore[no-untyped-def]
    return client.get(f"{path}?{urlencode({'query': query, **more})}", headers={"Accept": accept})


def test_a_query_for_the_query_service(client: FlaskClient) -> None:
    response = get(client, CATS)
    assert response.status_code == 200
    rows = [row.partition(",") for row in response.text.split()]
    assert [(item.rpartition("/")[2], label) for item, _, label in rows] == [
        ("item", "itemLabel"), ("Q901", "Tibs"), ("Q902", "Felix"), ("Q903", "Q903"),
    ]  # fmt: skip
    assert "Federated" not in response.headers


def test_by_post_and_in_every_format(client: FlaskClient) -> None:
    form = client.post("/wikidata/sparql", data={"query": CATS})
    direct = client.post("/wikidata/sparql", data=CATS, content_type="application/sparql-query")
    assert form.json == direct.json == get(client, CATS, JSON).json
    assert get(client, CATS, "text/tab-separated-values").text.split("\n")[1].endswith('"Tibs"@en')
    assert get(client, CATS, "application/sparql-results+xml").text.startswith("<?xml")
    graph = get(client, "CONSTRUCT { ?s wdt:P1 ?sLabel } { ?s wdt:P31 wd:Q726 " + LABELS + " }", "text/turtle")
    assert '"Bucephalus"@en' in graph.text


def test_an_answer_is_as_stable_as_the_data(client: FlaskClient) -> None:
    response = get(client, CATS)
    assert response.headers["ETag"]
    assert response.headers["Cache-Control"] == "no-cache"


def test_graphs_of_the_request_or_the_query_go_before(client: FlaskClient) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    authority = "https://w3id.org/communique/graph/authority"
    said = get(client, count).text
    assert said.split()[1] == str(len(world()))
    named = get(client, count, **{"default-graph-uri": authority}).text
    assert named == get(client, count.replace("{ ?s", f"FROM <{authority}> {{ ?s")).text
    assert named != said


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT * {\n ?x foo:P31 ?y }", 400, "line 2, column 5"),
        ("SELECT * { SERVICE wikibase:mwapi { bd:serviceParam wikibase:api 'Search' } }", 400, "Wikidata's own"),
        ("SELECT * { SERVICE wikibase:label { } }", 400, "needs a language"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", 403, "line 1, column 12"),
        ("SELECT * { SERVICE wikibase:label }", 403, "SERVICE"),
        ("INSERT DATA { wd:Q1 wdt:P1 1 }", 400, "update"),
        ("LOAD <http://127.0.0.1:9/>", 400, "update"),
    ],
)
def test_faults(client: FlaskClient, query: str, status: int, said: str) -> None:
    response = get(client, query)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert said in response.json["detail"]


def test_parameters_that_are_missing_or_for_others(client: FlaskClient) -> None:
    assert client.get("/wikidata/sparql?format=json").status_code == 400
    assert client.get("/wikidata/sparql?update=CLEAR+ALL").status_code == 400
    assert get(client, CATS, explain="true").status_code == 400
    assert client.put("/wikidata/sparql", data="x").status_code == 405


def test_a_store_without_slices_says_so(small_store: Path) -> None:
    client = create_app(open_engine(small_store)).test_client()
    response = get(client, CATS)
    assert (response.status_code, response.json["title"]) == (404, "Nothing is known of Wikidata here")


def test_the_page(client: FlaskClient) -> None:
    form = client.get("/wikidata/sparql", headers={"Accept": BROWSER}).text
    assert 'action="/wikidata/sparql"' in form
    assert "wikibase:label" in form
    page = get(client, CATS, BROWSER).text
    assert "Tibs" in page
    assert 'action="/sparql"' not in page
    assert "Why each of these rows" not in page
    assert 'action="/sparql"' in get(client, "ASK {}", BROWSER, "/sparql").text


def test_it_describes_itself(client: FlaskClient) -> None:
    store = Store()
    described = client.get("/wikidata/sparql", headers={"Accept": "application/n-triples"}).data
    store.load(described, format=RdfFormat.N_TRIPLES)
    assert store.query(
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> ASK { ?s a sd:Service ; sd:endpoint ?s ;"
        " sd:defaultDataset/sd:defaultGraph <http://localhost/graphs?graph=https%3A%2F%2Fw3id.org%2Fcommunique%2Fgraph"
        "%2Fwikidata> FILTER(?s = <http://localhost/wikidata/sparql>) }"
    )
    void = client.get("/.well-known/void", headers={"Accept": "application/n-triples"}).text
    assert "<http://rdfs.org/ns/void#sparqlEndpoint> <http://localhost/wikidata/sparql>" in void


def test_service_is_answered_from_the_slices_and_says_so(client: FlaskClient) -> None:
    response = get(client, FEDERATED, path="/sparql")
    assert response.text.split()[1:] == ["http://www.wikidata.org/entity/Q911"]
    version = client.application.extensions["engine"].version
    told = f'<https://query.wikidata.org/sparql>; source=slices; version="{version}"'
    assert response.headers.getlist("Federated") == [told]
    assert response.headers["ETag"]
    assert told in get(client, FEDERATED, BROWSER, "/sparql").headers.getlist("Federated")
    assert "Federated" in response.headers["Access-Control-Expose-Headers"]


def test_a_store_without_slices_refuses_service(small_store: Path) -> None:
    client = create_app(federating(open_engine(small_store), Reach(Client(Limits())))).test_client()
    assert get(client, FEDERATED, path="/sparql").status_code == 403


def test_what_answered_is_told_in_ascii() -> None:
    told = Federated("https://a.example/", "slices", version="abc", reason='it said "é\r\nX: y" ' + "x" * 300)
    written = line(told)
    assert written.startswith('<https://a.example/>; source=slices; version="abc"; reason="it said ???')
    assert written.isascii()
    assert written.isprintable()
    assert len(written) < 300
    assert line(Federated("s", "live", "2017-07-14T02:40:00Z")) == '<s>; source=live; date="2017-07-14T02:40:00Z"'


def test_in_the_shell(folder: Path, runner: CliRunner) -> None:
    run = runner.invoke(main, ["wikidata", "query", "-", "--store", str(folder), "--format", "csv"], input=CATS)
    assert run.exit_code == 0, run.output
    assert run.stdout.split()[1] == "http://www.wikidata.org/entity/Q901,Tibs"
    run = runner.invoke(main, ["query", "-", "--store", str(folder), "--format", "csv"], input=FEDERATED)
    assert run.stdout.split() == ["x", "http://www.wikidata.org/entity/Q911"]
    assert "Federated: <https://query.wikidata.org/sparql>; source=slices" in run.stderr


def test_whom_wikimedia_may_turn_to(folder: Path, runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMMUNIQUE_CONTACT", raising=False)
    options = ["serve", "--read-only", "--store", str(folder), "--allow-service"]
    run = runner.invoke(main, [*options, "https://query.wikidata.org/sparql"])
    assert (run.exit_code, "COMMUNIQUE_CONTACT" in run.output) == (1, True)
    run = runner.invoke(main, [*options, "https://a.example/sparql", "--contact", "nobody (at all)"])
    assert (run.exit_code, "no e-mail address" in run.output) == (1, True)


OFFICE = "wd:Q6500838"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (f"SELECT ?who {{ ?who wdt:P39 {OFFICE} }}", "wdt:P39"),
        (f"SELECT ?who {{ ?who p:P39/ps:P39 {OFFICE} }}", None),
        ("SELECT ?who { ?who wdt:P4000 ?anything }", None),
        (f"SELECT ?who FROM <https://example.org/other> {{ ?who wdt:P39 {OFFICE} }}", None),
    ],
)
def test_what_wdt_may_miss_is_told(corpus_engine: Engine, query: str, told: str | None) -> None:
    """Shipped facts are parts: nobody knows which statements on this office are of the best rank."""
    response = get(create_app(corpus_engine).test_client(), query)
    assert (response.status_code, response.headers.get("Incomplete")) == (200, told)


def test_the_shell_tells_it_beside_the_answer(built: Path, runner: CliRunner) -> None:
    asked = f"SELECT ?who {{ ?who wdt:P39 {OFFICE} }}"
    result = runner.invoke(main, ["wikidata", "query", "-", "--store", str(built), "--format", "csv"], input=asked)
    assert result.stdout.split() == ["who"]
    assert result.stderr == (
        "wdt:P39 may miss values here: parts of entities do not tell the best rank: ask by p:P39/ps:P39\n"
    )
