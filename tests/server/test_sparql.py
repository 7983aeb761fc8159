"""``/sparql`` by the SPARQL 1.1 Protocol: requests, formats, faults."""

import json
import time
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from graph.limits import Limits
from graph.namespaces import GRAPH_AUTHORITY

JSON = "application/sparql-results+json"
ONE = "SELECT (1 AS ?x) {}"
GRAPH = "CONSTRUCT { <http://s/> <http://p/q> 1 } WHERE {}"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def get(client: FlaskClient, query: str, accept: str | None = None, **more: str):  # type: ignore[no-untyped-def]
    headers = {"Accept": accept} if accept is not None else {}
    return client.get(f"/sparql?{urlencode({'query': query, **more})}", headers=headers)


def test_get_answers_in_json_by_default(client: FlaskClient) -> None:
    response = get(client, ONE)
    assert (response.status_code, response.content_type) == (200, JSON)
    assert response.json["results"]["bindings"][0]["x"]["value"] == "1"
    assert response.headers["Vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", JSON),
        ("", JSON),
        ("text/csv;q=2, */*;q=nan", JSON),
        ("nonsense;q=x", JSON),
        ("application/json", JSON),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/*;q=0.9, text/csv;q=0.5", "text/tab-separated-values; charset=utf-8"),
        (
            "application/sparql-results+json;q=0.1, application/sparql-results+xml;q=0.9",
            "application/sparql-results+xml",
        ),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0.2, application/json, text/csv;q=0.5", "text/csv; charset=utf-8"),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"),
        (BROWSER, "text/html; charset=utf-8"),
    ],
)
def test_solutions_are_negotiated(client: FlaskClient, accept: str, content_type: str) -> None:
    response = get(client, ONE, accept)
    assert (response.status_code, response.content_type) == (200, content_type)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/n-triples", "application/n-triples"),
        ("application/ld+json", "application/ld+json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.4", "application/rdf+xml"),
        ("application/ld+json;q=0.2, application/json;q=0.9, text/turtle;q=0.5", "text/turtle; charset=utf-8"),
        ("application/json;q=0.9, text/turtle;q=0.5", "application/ld+json"),
    ],
)
def test_graphs_are_negotiated(client: FlaskClient, accept: str, content_type: str) -> None:
    for query in (GRAPH, "DESCRIBE <http://s/>"):
        assert get(client, query, accept).content_type == content_type


@pytest.mark.parametrize(("query", "accept"), [(ONE, "text/turtle"), (GRAPH, "text/csv"), (ONE, "image/png")])
def test_what_is_not_offered_gets_406_with_what_is(client: FlaskClient, query: str, accept: str) -> None:
    response = get(client, query, accept)
    assert (response.status_code, response.content_type) == (406, "application/problem+json")
    assert accept in response.json["detail"]
    assert "application/" in response.json["detail"]


def test_format_serves_links_and_forms(client: FlaskClient) -> None:
    assert get(client, ONE, BROWSER, format="csv").content_type == "text/csv; charset=utf-8"
    refused = get(client, ONE, format="ttl")
    assert refused.status_code == 400
    assert "csv" in refused.json["detail"]


@pytest.mark.parametrize("text", ["%2B+%20", "+ &=", "日本 %", "a%26b"])
def test_a_form_is_decoded_exactly_once(client: FlaskClient, text: str) -> None:
    query = f"SELECT ('{text}' AS ?x) {{}}"
    for response in (client.post("/sparql", data={"query": query}), get(client, query)):
        assert response.json["results"]["bindings"][0]["x"]["value"] == text


def test_direct_post(client: FlaskClient) -> None:
    path = f"/sparql?default-graph-uri={quote(GRAPH_AUTHORITY.value)}"
    query = "ASK { ?document a <https://w3id.org/communique/vocab#Document> }"
    for url, found in (("/sparql", True), (path, False)):
        response = client.post(url, data=query, content_type="application/sparql-query; charset=UTF-8")
        assert response.json["boolean"] is found


def test_a_form_may_name_its_graphs_in_the_address(client: FlaskClient) -> None:
    query = "ASK { ?document a <https://w3id.org/communique/vocab#Document> }"
    url = f"/sparql?default-graph-uri={quote(GRAPH_AUTHORITY.value)}"
    assert client.post(url, data={"query": query}).json["boolean"] is False
    assert client.post(f"{url}&query=ASK%7B%7D", data={"query": query}).status_code == 400


def test_a_query_over_the_limit_is_refused(client: FlaskClient) -> None:
    client.application.extensions["limits"] = replace(Limits(), query_bytes=50)
    assert get(client, ONE).status_code == 200
    response = get(client, f"{ONE} # {'日' * 20}")
    assert (response.status_code, response.content_type) == (413, "application/problem+json")
    assert "50 bytes" in response.json["detail"]


def test_graphs_of_the_request_are_the_dataset(client: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    whole = get(client, query).json
    part = get(client, query, **{"default-graph-uri": GRAPH_AUTHORITY.value}).json
    none = client.post("/sparql", data={"query": query, "named-graph-uri": GRAPH_AUTHORITY.value}).json
    counts = [int(answer["results"]["bindings"][0]["n"]["value"]) for answer in (whole, part, none)]
    assert counts[0] > counts[1] > counts[2] == 0


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/sparql?format=json", 400, "'query'"),
        ("/sparql?default-graph-uri=http://g/", 400, "'query'"),
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400, "2 times"),
        ("/sparql?update=CLEAR+ALL", 400, "update"),
        ("/sparql?query=ASK%7B%7D&using-graph-uri=http://g/", 400, "using-graph-uri"),
        ("/sparql?query=ASK%7B%7D&using-named-graph-uri=http://g/", 400, "using-named-graph-uri"),
        ("/sparql?query=CLEAR+ALL", 400, "update"),
        ("/sparql?query=%FF", 400, "decoded"),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=a+b", 400, "a b"),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=", 400, "graph"),
        ("/sparql?query=ASK%7B%7D&named-graph-uri=", 400, "graph"),
        ("/sparql?query=SELECT+*+%7BSERVICE+%3Chttp://127.0.0.1:9/%3E%7B%7D%7D", 403, "SERVICE"),
    ],
)
def test_faults_of_a_request(client: FlaskClient, path: str, status: int, said: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert response.json["status"] == status
    assert said in response.json["detail"]


def test_relative_iris_are_resolved_against_the_address(client: FlaskClient) -> None:
    query = "SELECT (<x> AS ?x) (IRI('#y') AS ?y) {}"
    found = get(client, query).json["results"]["bindings"][0]
    assert [found[name]["value"] for name in "xy"] == ["http://localhost/x", "http://localhost/sparql#y"]
    based = get(client, f"BASE <http://b/> {query}").json["results"]["bindings"][0]
    assert based["x"]["value"] == "http://b/x"


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT * { <x> ?p }", (1, 20)),
        ("SELECT *\n{ <x> ?p }", (2, 11)),
        ("SELECT * { <x> ?p ?o . ?s foo:b ?o }", (1, 27)),
        ("SELECT * { <x> ?p ?o SERVICE <http://127.0.0.1:9/> {} }", (1, 22)),
    ],
)
def test_an_error_beside_a_relative_iri_is_told_where_it_is(
    client: FlaskClient, query: str, place: tuple[int, int]
) -> None:
    response = get(client, query)
    assert response.status_code in (400, 403)
    assert f"line {place[0]}, column {place[1]}" in response.json["detail"]
    if response.status_code == 400:
        assert (response.json["line"], response.json["column"]) == place


def test_an_unknown_function_is_no_fault_of_the_server(client: FlaskClient) -> None:
    assert get(client, "SELECT (<http://f/>(1) AS ?x) {}").status_code in (200, 400)


def test_a_syntax_error_has_line_and_column(client: FlaskClient) -> None:
    response = get(client, "SELECT *\n{ ?s ?p }")
    assert response.status_code == 400
    assert (response.json["line"], response.json["column"]) == (2, 10)


def test_a_syntax_error_shows_the_line_with_a_caret(client: FlaskClient) -> None:
    detail = get(client, "SELECT *\n{ ?s foo:b ?o }").json["detail"]
    assert detail.split("\n")[1:] == ["{ ?s foo:b ?o }", "     ^"]
    assert "PREFIX foo: <" in detail


def test_what_xml_cannot_express_is_not_acceptable(client: FlaskClient) -> None:
    response = get(client, "SELECT ('\\u0001' AS ?x) {}", "application/sparql-results+xml")
    assert (response.status_code, response.content_type) == (406, "application/problem+json")
    assert "control character" in response.json["detail"]
    assert get(client, "CONSTRUCT { <a:b> <http://p/> 1 } {}", "application/rdf+xml").status_code == 406


def test_scripts_of_other_sites_may_ask(client: FlaskClient) -> None:
    asked = {"Origin": "http://o", "Access-Control-Request-Method": "POST"}
    headers = client.options("/sparql", headers=asked).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert {"Accept", "Content-Type"} <= set(headers["Access-Control-Allow-Headers"].split(", "))
    assert {"GET", "POST"} <= set(headers["Access-Control-Allow-Methods"].split(", "))


def test_a_syntax_error_is_pointed_at_on_the_page(client: FlaskClient) -> None:
    response = get(client, "SELECT *\n{ ?s <b>&lt; }", BROWSER)
    assert response.status_code == 400
    assert "<mark>{ ?s &lt;b&gt;&amp;lt; }</mark>" in response.text


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", b"ASK{}", 415),
        ("application/sparql-update", b"CLEAR ALL", 415),
        ("application/sparql-query; charset=utf-16", b"ASK{}", 415),
        ("application/sparql-query", b"\xff", 400),
        ("application/x-www-form-urlencoded", b"query=%FF", 400),
        ("", b"ASK{}", 415),
    ],
)
def test_faults_of_a_body(client: FlaskClient, content_type: str, body: bytes, status: int) -> None:
    response = client.post("/sparql", data=body, content_type=content_type)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")


def test_other_methods_get_405_with_what_is_allowed(client: FlaskClient) -> None:
    response = client.put("/sparql", data="x")
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_head_has_the_headers_of_get(client: FlaskClient) -> None:
    response = client.head(f"/sparql?{urlencode({'query': ONE})}")
    assert (response.status_code, response.content_type, response.data) == (200, JSON, b"")


def test_pages_carry_safe_headers(client: FlaskClient) -> None:
    headers = get(client, ONE, BROWSER).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_shows_rows_and_says_where_it_ends(client: FlaskClient) -> None:
    few = get(client, "SELECT ?x { VALUES ?x { <https://w3id.org/communique/id/state/japan> '<b>' } }", BROWSER).text
    assert 'href="/id/state/japan"' in few
    assert "&lt;b&gt;" in few
    many = get(client, f"SELECT * {{ VALUES ?x {{ {' '.join(map(str, range(1500)))} }} }}", BROWSER).text
    assert "first 1000 rows" in many
    assert many.count("<tr>") == 1001


def test_the_page_shows_yes_and_graphs(client: FlaskClient) -> None:
    assert "Yes" in get(client, "ASK {}", BROWSER).text
    assert "http://p/q" in get(client, GRAPH, BROWSER).text
    assert "<form" in client.get("/sparql", headers={"Accept": BROWSER}).text


def test_a_file_has_a_sensible_name(client: FlaskClient) -> None:
    assert 'filename="answer.csv"' in get(client, ONE, "text/csv").headers["Content-Disposition"]


def test_json_is_json(client: FlaskClient) -> None:
    assert json.loads(get(client, ONE).data)["head"]["vars"] == ["x"]


def long(doublings: int) -> str:
    """An expression for a literal of ten characters, doubled so often."""
    query = "BIND('0123456789' AS ?x0) "
    for number in range(doublings):
        query += f"BIND(CONCAT(?x{number}, ?x{number}) AS ?x{number + 1}) "
    return query


@pytest.mark.parametrize("form", ["SELECT ?x22", "CONSTRUCT { <http://s/> <http://p/> ?x22 }"])
def test_a_long_literal_makes_no_long_page(client: FlaskClient, form: str) -> None:
    began = time.monotonic()
    page = get(client, f"{form} WHERE {{ {long(22)} }}", BROWSER)
    assert time.monotonic() - began < 5
    assert page.status_code == 200
    assert "cut after 10000 characters" in page.text
    assert "0123456789" * 900 in page.text
    assert len(page.text) < 40_000
    assert 'href="#format"' in page.text


def test_many_long_values_are_cut_on_the_page(client: FlaskClient) -> None:
    page = get(client, f"SELECT ?x11 {{ {long(11)} VALUES ?n {{ {' '.join(map(str, range(900)))} }} }}", BROWSER).text
    assert "These are the first" in page
    assert len(page) < 3_000_000
    few = get(client, f"SELECT (STRLEN(?x11) AS ?n) {{ {long(11)} }}", BROWSER).text
    assert "20480" in few
    assert "cut" not in few


@pytest.mark.parametrize("host", ["a/b", "a b", "x, x", ""])
def test_a_host_that_is_none_names_nothing(client: FlaskClient, host: str) -> None:
    query = f"/sparql?{urlencode({'query': 'SELECT (<x> AS ?x) {}'})}"
    response = client.get(query, headers={"Host": host})
    assert (response.status_code, "Host" in response.json["detail"]) == (400, True)
