"""``/queries``: the catalogue, forms with tables, and the API page by page."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from graph.saved_query import Page, catalogue
from server.saved import Asked, links

BROWSER = {"Accept": "text/html"}


def test_the_catalogue_in_three_forms(client: FlaskClient) -> None:
    names = set(catalogue())
    listed = client.get("/queries.json").json
    assert {query["name"] for query in listed} == names
    assert client.get("/queries", headers={"Accept": "application/json"}).json == listed
    triples = list(parse(client.get("/queries.ttl").data, format=RdfFormat.TURTLE))
    assert {
        str(t.subject).rpartition("/")[2].rstrip(">") for t in triples if "SPARQLSelect" in str(t.object)
    } == names
    page = client.get("/queries", headers=BROWSER).text
    assert all(f'href="/queries/{name}"' in page for name in names)


def test_an_answer_as_sparql_json(client: FlaskClient) -> None:
    response = client.get("/queries/meetings.json")
    assert response.content_type == "application/sparql-results+json"
    columns = response.json["head"]["vars"]
    assert columns[:3] == ["meeting", "meetingLabel", "format"]
    (row,) = response.json["results"]["bindings"]
    assert row["meeting"] == {"type": "uri", "value": "https://w3id.org/communique/id/meeting/talks-2017"}
    assert row["earliest"]["datatype"].endswith("#date")


def test_an_answer_as_csv(client: FlaskClient) -> None:
    response = client.get("/queries/meetings", headers={"Accept": "text/csv"})
    assert response.content_type == "text/csv; charset=utf-8"
    header, row = csv.reader(io.StringIO(response.text, newline=""))
    assert row[header.index("status")].endswith("#Held")
    assert 'filename="meetings.csv"' in response.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["2plus2", "format:2plus2", "2+2", "https://w3id.org/communique/id/format/2plus2"])
def test_a_thing_goes_by_any_of_its_names(client: FlaskClient, name: str) -> None:
    response = client.get("/queries/meetings.json", query_string={"format": name})
    assert len(response.json["results"]["bindings"]) == 1


@pytest.mark.parametrize(
    ("query", "arguments", "parameter"),
    [
        ("meetings", {"state": "atlantis"}, "state"),
        ("meetings", {"from": "yesterday"}, "from"),
        ("meetings", {"colour": "red"}, "colour"),
        ("meetings", {"limit": "0"}, "limit"),
        ("meetings", {"limit": "many"}, "limit"),
        ("meetings", {"limit": "99999999999999999999"}, "limit"),
        ("meetings", {"offset": "-1"}, "offset"),
        ("meetings", {"offset": "١"}, "offset"),
        ("meetings", {"state": ["japan", "russia"]}, "state"),
        ("participants", {}, "meeting"),
        ("meetings", {"state": "japan> } DROP ALL"}, "state"),
    ],
)
def test_a_wrong_argument_says_what_is_expected(
    client: FlaskClient, query: str, arguments: dict[str, str], parameter: str
) -> None:
    response = client.get(f"/queries/{query}.json", query_string=arguments)
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert response.json["parameter"] == parameter
    assert response.json["expected"]


def test_candidates_are_offered(client: FlaskClient) -> None:
    problem = client.get("/queries/meetings.json", query_string={"state": "Japann"}).json
    assert problem["candidates"] == [{"iri": "https://w3id.org/communique/id/state/japan", "label": "Japan"}]


def test_unknown_queries_and_forms_are_not_found(client: FlaskClient) -> None:
    for path in ("/queries/none", "/queries/none.json", "/queries/meetings.xml", "/queries/"):
        assert client.get(path).status_code == 404


def test_pages_are_linked(client: FlaskClient) -> None:
    first = client.get("/queries/timeline.json?limit=1")
    assert '</queries/timeline.json?limit=1&offset=1>; rel="next"' in first.headers.getlist("Link")
    second = client.get("/queries/timeline.json?limit=1&offset=1")
    relations = {link.rpartition('rel="')[2].rstrip('"') for link in second.headers.getlist("Link")}
    assert {"first", "prev"} <= relations
    assert first.json["results"] != second.json["results"]


def test_following_next_comes_to_an_end(client: FlaskClient) -> None:
    whole = client.get("/queries/timeline.json").json["results"]["bindings"]
    path: str | None = "/queries/timeline.json?limit=1"
    gathered = []
    while path:
        response = client.get(path)
        gathered += response.json["results"]["bindings"]
        following = [link for link in response.headers.getlist("Link") if link.endswith('rel="next"')]
        path = following[0][1:].partition(">")[0] if following else None
    assert gathered == whole


def test_past_the_end_is_not_found(client: FlaskClient) -> None:
    response = client.get("/queries/meetings.json?offset=100")
    assert (response.status_code, response.content_type) == (404, "application/problem+json")
    assert client.get("/queries/meetings?offset=100", headers=BROWSER).status_code == 404


def test_links_keep_the_arguments() -> None:
    related = links("/queries/x", Asked({"state": "日本 & co"}, 10, 15), Page((), (), 10, 15, True))
    assert related["prev"] == "/queries/x?state=%E6%97%A5%E6%9C%AC+%26+co&limit=10&offset=5"
    assert set(related) == {"first", "prev", "next"}
    assert links("/queries/x", Asked({}, 10, 0), Page((), (), 10, 0, False)).keys() == {"first", "last"}


def test_the_form_and_its_table(client: FlaskClient) -> None:
    page = client.get("/queries/meetings?format=2plus2", headers=BROWSER).text
    assert '<a href="/id/format/2plus2">2+2</a>' in page
    assert 'name="other-state"' in page
    assert 'value="2plus2"' in page
    assert "/queries/meetings.csv?format=2plus2" in page


def test_a_required_argument_is_asked_for_before_it_is_missed(client: FlaskClient) -> None:
    response = client.get("/queries/participants", headers=BROWSER)
    assert response.status_code == 200
    assert "required" in response.text
    assert "<table" not in response.text


def test_a_fault_stands_beside_its_field(client: FlaskClient) -> None:
    response = client.get("/queries/meetings?state=Japann%3Cb%3E", headers=BROWSER)
    assert response.status_code == 400
    assert 'id="fault-state"' in response.text
    assert "<b>" not in response.text


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_form_opens(client: FlaskClient, name: str) -> None:
    assert client.get(f"/queries/{name}", headers=BROWSER).status_code == 200


def test_a_candidate_is_a_link_that_fills_it_in(client: FlaskClient) -> None:
    page = client.get("/queries/meetings?state=Japann&format=2plus2&offset=5", headers=BROWSER).text
    assert '<a href="/queries/meetings?format=2plus2&amp;state=state%3Ajapan">Japan</a>' in page
    assert client.get("/queries/meetings?format=2plus2&state=state%3Ajapan", headers=BROWSER).status_code == 200
