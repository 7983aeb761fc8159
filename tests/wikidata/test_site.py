"""The stand-in of Wikidata answers as the real site does, by Wikibase's source and MediaWiki's manuals."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from small_entities import MINISTER, OFFICE, OLD_OFFICE, small_entities
from stand_in_site import Holdings, StandIn, broken_off, busy, is_generic, serving

AGENT = {"User-Agent": "communique-tests/1 (test@example.org)"}
DATA = "/wiki/Special:EntityData"


@pytest.fixture
def site() -> Iterator[StandIn]:
    holdings = Holdings()
    for entity in small_entities():
        holdings.add(entity)
    holdings.merge(OLD_OFFICE, OFFICE, 31)
    with serving(StandIn(holdings)) as site:
        yield site


CLIENT = httpx.Client(trust_env=False)


def get(site: StandIn, path: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return CLIENT.get(site.url + path, headers={**AGENT, **named})


def call(site: StandIn, **parameters: Any) -> Any:
    given = {"action": "wbgetentities", "format": "json", **parameters}
    answer = CLIENT.post(f"{site.url}/w/api.php", data=given, headers=AGENT)
    assert answer.status_code == 200
    assert answer.json() == CLIENT.get(f"{site.url}/w/api.php", params=given, headers=AGENT).json()
    return answer.json()


@pytest.mark.parametrize(
    ("path", "accept", "status", "location"),
    [
        (f"/entity/{MINISTER}", "*/*", 303, f"{DATA}/{MINISTER}"),
        (f"/entity/{MINISTER}.ttl", "*/*", 303, f"{DATA}/{MINISTER}.ttl"),
        (f"{DATA}/{MINISTER}", "text/turtle", 303, f"{DATA}/{MINISTER}.ttl"),
        (f"{DATA}/{MINISTER}", "application/rdf+xml;q=0.5, application/json", 303, f"{DATA}/{MINISTER}.json"),
        (f"{DATA}/{MINISTER}?revision=11", "application/n-triples", 303, f"{DATA}/{MINISTER}.nt?revision=11"),
        (f"{DATA}/{MINISTER}", "text/html", 303, f"/wiki/{MINISTER}"),
        (f"{DATA}/{MINISTER}", "image/png", 406, None),
        (f"{DATA}/{MINISTER.lower()}.json", "*/*", 301, f"{DATA}/{MINISTER}.json"),
        (f"{DATA}/{MINISTER}.html", "*/*", 303, f"/wiki/{MINISTER}"),
        (f"{DATA}/{MINISTER}.json", "*/*", 200, None),
        (f"{DATA}/{MINISTER}.xlsx", "*/*", 415, None),
        (f"{DATA}/Putin.json", "*/*", 400, None),
        (f"{DATA}/Q99999999999.json", "*/*", 400, None),
        (f"{DATA}/Q7.json", "*/*", 404, None),
        (f"{DATA}/{MINISTER}.json?revision=999", "*/*", 404, None),
        (f"{DATA}/{OLD_OFFICE}.json?revision=31", "*/*", 400, None),
    ],
)
def test_entity_data_is_negotiated(site: StandIn, path: str, accept: str, status: int, location: str | None) -> None:
    answer = get(site, path, Accept=accept)
    assert (answer.status_code, answer.headers.get("Location")) == (status, location)


def test_entity_data_has_the_latest_revision_or_the_one_that_is_asked_for(site: StandIn) -> None:
    latest = get(site, f"{DATA}/{MINISTER}.json").json()["entities"][MINISTER]
    former = get(site, f"{DATA}/{MINISTER}.json?revision=11").json()["entities"][MINISTER]
    assert (latest["lastrevid"], former["lastrevid"]) == (12, 11)


def test_a_redirected_entity_is_answered_with_its_target(site: StandIn) -> None:
    assert list(get(site, f"{DATA}/{OLD_OFFICE}.json").json()["entities"]) == [OFFICE]


def test_what_is_not_modified_is_not_sent_again(site: StandIn) -> None:
    first = get(site, f"{DATA}/{MINISTER}.json")
    assert first.headers["Last-Modified"] == "Mon, 13 May 2024 12:00:00 GMT"
    again = get(site, f"{DATA}/{MINISTER}.json", If_Modified_Since=first.headers["Last-Modified"])
    assert (again.status_code, again.content) == (304, b"")
    assert get(site, f"{DATA}/{MINISTER}.json", If_None_Match=first.headers["ETag"]).status_code == 304
    before = get(site, f"{DATA}/{MINISTER}.json", If_Modified_Since="Mon, 13 May 2024 11:59:59 GMT")
    assert before.status_code == 200


def test_the_formats_of_rdf_hold_the_same_triples(site: StandIn) -> None:
    turtle = b"<http://www.wikidata.org/entity/Q9000002> <http://schema.org/version> 21 ."
    site.holdings.rdf[OFFICE] = turtle
    answer = get(site, f"{DATA}/{OFFICE}.nt")
    assert answer.headers["Content-Type"] == "application/n-triples; charset=UTF-8"
    assert answer.text.strip() == (
        "<http://www.wikidata.org/entity/Q9000002> <http://schema.org/version>"
        ' "21"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    )
    assert "schema.org" in get(site, f"{DATA}/{OFFICE}.rdf").text


def test_where_no_rdf_is_given_it_is_made_of_the_json(site: StandIn) -> None:
    best = f"<http://www.wikidata.org/prop/direct/P39> <http://www.wikidata.org/entity/{OFFICE}>"
    assert best in get(site, f"{DATA}/{MINISTER}.nt").text
    assert best not in get(site, f"{DATA}/{MINISTER}.nt?revision=11").text


def test_the_api_tells_of_many(site: StandIn) -> None:
    answer = call(site, ids=f"{MINISTER.lower()}|{OLD_OFFICE}|Q7", props="info")
    assert list(answer["entities"]) == [MINISTER, OLD_OFFICE, "Q7"]
    assert answer["entities"][MINISTER]["lastrevid"] == 12
    assert "claims" not in answer["entities"][MINISTER]
    assert answer["entities"][OLD_OFFICE]["redirects"] == {"from": OLD_OFFICE, "to": OFFICE}
    assert answer["entities"]["Q7"] == {"id": "Q7", "missing": ""}
    assert "claims" in call(site, ids=MINISTER)["entities"][MINISTER]
    assert "missing" in call(site, ids=OLD_OFFICE, redirects="no")["entities"][OLD_OFFICE]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ids": "|".join(f"Q{n}" for n in range(1, 52))}, "toomanyvalues"),
        ({"ids": f"{MINISTER}|Q99999999999"}, "no-such-entity"),
        ({"ids": ""}, "param-missing"),
        ({"action": "wbgetunicorns"}, "badvalue"),
        ({"ids": MINISTER, "maxlag": 5}, "maxlag"),
    ],
)
def test_errors_of_the_api_come_as_200(site: StandIn, given: dict[str, Any], code: str) -> None:
    site.lag = 7.5
    assert call(site, **given)["error"]["code"] == code
    assert "docref" in call(site, **given, formatversion=2)["error"]


def test_fifty_are_not_too_many_and_lag_within_what_is_allowed_is_none(site: StandIn) -> None:
    site.lag = 5
    answer = call(site, ids="|".join(f"Q{n}" for n in range(1, 51)), maxlag=5)
    assert len(answer["entities"]) == 50


def test_a_lag_tells_when_to_come_back(site: StandIn) -> None:
    site.lag = 7.5
    answer = get(site, "/w/api.php?action=wbgetentities&format=json&maxlag=5&ids=Q1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (200, "5")
    assert answer.json()["error"]["lag"] == 7.5


@pytest.mark.parametrize("agent", ["", "python-requests/2.32", "curl/8.5.0", "Java/17.0.1", "Wget/1.21"])
def test_a_generic_agent_is_refused_everywhere(site: StandIn, agent: str) -> None:
    assert is_generic(agent)
    for path in (f"{DATA}/{MINISTER}.json", "/w/api.php", "/sparql?query=ASK%7B%7D"):
        assert get(site, path, User_Agent=agent).status_code == 403
    assert not is_generic("communique/1.0 (me@example.org) httpx/0.28.1")


def test_the_query_service_answers_with_its_prefixes_declared(site: StandIn) -> None:
    from pyoxigraph import NamedNode, Triple

    wd, wdt = "http://www.wikidata.org/entity/", "http://www.wikidata.org/prop/direct/"
    site.queries.add([Triple(NamedNode(wd + MINISTER), NamedNode(wdt + "P39"), NamedNode(wd + OFFICE))])
    query = f"SELECT ?office {{ wd:{MINISTER} wdt:P39 ?office }}"
    answer = CLIENT.post(
        f"{site.url}/sparql", data={"query": query}, headers={**AGENT, "Accept": "application/sparql-results+json"}
    )
    assert [row["office"]["value"] for row in answer.json()["results"]["bindings"]] == [wd + OFFICE]
    assert "sparql-results+xml" in get(site, "/sparql?query=ASK%7B%7D").headers["Content-Type"]
    assert get(site, "/sparql?query=SELECT").status_code == 400


def test_faults_come_in_the_order_in_which_they_were_ordered(site: StandIn) -> None:
    site.fail("/sparql", busy("5"), broken_off())
    told = [get(site, "/sparql?query=ASK%7B%7D&format=json") for _ in range(3)]
    assert [each.status_code for each in told] == [429, 200, 200]
    assert told[0].headers["Retry-After"] == "5"
    assert "TimeoutException" in told[1].text
    assert told[1].headers["Content-Type"] == told[2].headers["Content-Type"]
    assert told[2].json() == {"head": {}, "boolean": True}
    assert [each.agent for each in site.on("/sparql")] == [AGENT["User-Agent"]] * 3
