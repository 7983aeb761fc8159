"""Reconciliation over the graph of the two documents: true answers, worked out from the authority file and the texts.

The last test does what OpenRefine does with a new service, step by step, by the addresses of the manifest alone.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, Quad
from reconciled import Asker, features
from small_store import quads
from view_making import make_here

from graph.engine import Engine, open_engine
from graph.engine.embedded import Embedded
from graph.limits import Limits
from graph.namespaces import GRAPH_MERGED, GRAPH_PROVENANCE, cq, term
from graph.sources import SOURCES
from graph.store import write
from graph.views import FOLDER, Views
from server.app import create_app


@pytest.fixture(scope="module")
def asks(corpus_engine: Engine) -> Asker:
    return Asker(create_app(corpus_engine).test_client())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Sergei Shoigu", "person/shoigu"),
        ("Сергей Шойгу", "person/shoigu"),
        ("сергей шойгу", "person/shoigu"),
        ("セルゲイ・ラブロフ", "person/lavrov"),
        ("岸田文雄", "person/kishida"),
        ("いなだ ともみ", "person/inada"),
        ("岸田 文雄", "person/kishida"),
        ("Abe Shinzō", "person/abe"),
        ("Lavrov, Sergei Viktorovich", "person/lavrov"),
        ("Russian defence minister", "office/ru-defence-minister"),
        ("Министр обороны РФ", "office/ru-defence-minister"),
        ("2+2", "format/2plus2"),
        ("2 + 2", "format/2plus2"),
        ("РФ", "state/russia"),
        ("日本", "state/japan"),
        ("EastRussia", "organisation/eastrussia"),
        ("22", None),
        ("Ministry", None),
        ("Foreign Ministry", None),
        ("Sergei", None),
        ("Valery Ivanov", None),
        ("Shoygoo", None),
        ("Russia-Japan 2+2", None),  # the series, and the title of a document
    ],
)
def test_what_a_name_means(asks: Asker, text: str, meant: str | None) -> None:
    assert asks.match(text) == meant


@pytest.mark.parametrize(
    ("surname", "person"),
    [
        ("Shoigu", "shoigu"),
        ("abe", "abe"),
        ("ラブロフ", "lavrov"),
        ("Лавров", "lavrov"),
        ("岸田", "kishida"),
        ("小野寺", "onodera"),
    ],
)
def test_a_surname_shows_the_person_and_is_no_match_by_itself(asks: Asker, surname: str, person: str) -> None:
    for type_ in ({}, {"type": "foaf:Person"}):
        found = asks.candidates(surname, **type_)[0]
        assert (found["id"], found["score"], found["match"]) == (f"person/{person}", 100, False)
        assert (features(found)["name_exact"], features(found)["name_whole"]) == (True, False)


def test_with_a_surname_the_office_or_the_item_decides_and_another_name_does_not(asks: Asker) -> None:
    def match(pid: str, value: str) -> str | None:
        return asks.match("Shoigu", properties=[{"pid": pid, "v": value}])

    assert match("held-post", "Defense Minister of Russia") == "person/shoigu"
    assert match("skos:exactMatch", "Q32024") == "person/shoigu"
    assert match("skos:altLabel@en", "Shoigu") is None
    assert match("skos:prefLabel@en", "Sergei Shoigu") is None


def test_a_title_that_is_also_a_series_is_told_apart_by_its_type(asks: Asker) -> None:
    assert asks.match("Russia-Japan 2+2", type="cq:Series") == "series/ru-jp-2plus2"
    assert asks.match("Russia-Japan 2+2", type="cq:Document") == "document/kistanov-2plus2-2017"


def test_a_ministry_may_be_any_of_them(asks: Asker) -> None:
    found = {each["id"] for each in asks.candidates("Ministry", type="cq:Organisation")}
    assert found >= {"organisation/ru-foreign-ministry", "organisation/jp-foreign-ministry"}


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("Kunashir", "“Kunashir”: a name used by Russia"),
        ("Kunashiri", "“Kunashiri”: a name used by Japan"),
        ("国後島", "“国後島”: a name used by Japan"),
        ("Кунашир", "“Кунашир”: a name used by"),
    ],
)
def test_a_disputed_place_is_found_by_every_name_with_the_party_that_uses_it(
    asks: Asker, text: str, used: str
) -> None:
    found = asks.candidates(text)[0]
    assert (found["id"], found["name"], found["match"]) == ("place/kunashir", "Kunashir / Kunashiri", True)
    assert used in found["description"]


def test_no_disputed_territory_is_given_a_sovereign(asks: Asker) -> None:
    islands = ["territory/southern-kurils", "place/kunashir", "place/iturup", "territory/crimea"]
    properties = [each["id"] for each in asks.get("/extend/propose", type="cq:Territory")["properties"]]
    rows = asks.extend(islands, *properties)["rows"]
    assert {each["name"] for each in rows["territory/southern-kurils"]["claimant"]} == {"Japan", "Russia"}
    states = {
        (island, pid)
        for island in islands
        for pid, cells in rows[island].items()
        for cell in cells
        if cell.get("id", "").startswith("state/")
    }
    assert {pid for _, pid in states} <= {"claimant", "named-by"}
    assert "state" not in str([rows[island].get("geo:sfWithin") for island in islands])


def test_a_plus_survives_the_form_and_the_url(asks: Asker) -> None:
    for found in (asks.post(queries='{"q": {"query": "2+2"}}'), asks.get(queries='{"q": {"query": "2+2"}}')):
        assert found["q"]["result"][0]["id"] == "format/2plus2"
    body = "queries=%7B%22q%22%3A%7B%22query%22%3A%222%2B2%22%7D%7D"
    told = asks.client.post("/reconcile", data=body, content_type="application/x-www-form-urlencoded; charset=UTF-8")
    assert told.json["q"]["result"][0]["match"]


def test_properties_weigh_and_are_shown(asks: Asker) -> None:
    defence = {"pid": "held-post", "v": "Defense Minister of Russia"}
    assert asks.match("Shoigu", type="foaf:Person", properties=[defence]) == "person/shoigu"
    found = asks.candidates("Lavrov", type="foaf:Person", properties=[defence])[0]
    assert (found["id"], found["match"], features(found)["property:held-post"]) == ("person/lavrov", False, 0)
    office = asks.candidates("Defence minister", type="org:Post", properties=[{"pid": "org:postIn", "v": "日本"}])[0]
    assert office["id"] == "office/jp-defence-minister"
    assert features(office)["property:org:postIn"] == 100


def test_a_meeting_is_found_by_format_and_day(asks: Asker) -> None:
    held = [{"pid": "cq:inFormat", "v": "2+2"}, {"pid": "cq:earliest", "v": "2017-03-20"}]
    found = asks.candidates(type="cq:Meeting", properties=held)
    assert (found[0]["id"], found[0]["score"]) == ("meeting/ru-jp-2plus2-2017-03-20", 100)
    rows = asks.extend([found[0]["id"]], "participant", "represented", "cq:earliest", "cq:settledStatus")["rows"]
    meeting = rows[found[0]["id"]]
    assert [each["name"] for each in meeting["participant"]] == [
        "Fumio Kishida", "Sergei Lavrov", "Sergei Shoigu", "Tomomi Inada",
    ]  # fmt: skip
    assert [each["id"] for each in meeting["represented"]] == ["state/japan", "state/russia"]
    assert meeting["cq:earliest"] == [{"date": "2017-03-20T00:00:00Z"}]
    assert meeting["cq:settledStatus"] == [{"str": "held"}]


def test_the_item_of_wikidata_is_an_entity_of_its_own_service(asks: Asker) -> None:
    found = asks.extend(["person/lavrov", "person/kistanov"], "skos:exactMatch")
    assert [each["id"] for each in found["rows"]["person/lavrov"]["skos:exactMatch"]] == ["Q58217"]
    assert found["rows"]["person/kistanov"]["skos:exactMatch"] == []
    assert found["meta"][0]["service"].startswith("https://")
    assert asks.match(properties=[{"pid": "skos:exactMatch", "v": "Q58217"}]) == "person/lavrov"


@pytest.fixture
def with_clocks(tmp_path: Path) -> Iterator[FlaskClient]:
    """A client on the tiny store, whose two texts appeared on the day after the talks: its views are soon made."""
    dated = [
        Quad(term(f"document:{name}"), cq(bound), Literal("2017-03-21", datatype=term("xsd:date")), graph)
        for name in ("first", "second")
        for bound in ("startEarliest", "startLatest", "endEarliest", "endLatest")
        for graph in (GRAPH_PROVENANCE, GRAPH_MERGED)
    ]
    named = [
        Quad(term("meeting:talks-2017"), term("skos:prefLabel"), Literal("Talks of 2017", language="en"), graph)
        for graph in (term("a:first-held"), GRAPH_MERGED)
    ]
    write(tmp_path, [*quads(), *dated, *named], inputs="by hand", counts={}, sources=dict.fromkeys(SOURCES))
    views = Views(tmp_path, Limits(view_waiting_seconds=120), Embedded)
    make_here(views, tmp_path, tmp_path / FOLDER, known_at="2017-03-20")
    yield create_app(open_engine(tmp_path), views=views).test_client()
    views.close()


def test_before_the_documents_nobody_had_met(with_clocks: FlaskClient) -> None:
    asks = Asker(with_clocks, **{"known-at": "2017-03-20"})
    manifest = asks.get()
    places = [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]
    paths = [place["service_path"] for place in places] + [manifest[name]["url"] for name in ("view", "preview")]
    assert all("known-at=2017-03-20" in path for path in paths)
    assert "known-at 2017-03-20" in manifest["name"]
    assert asks.match("Sergey Lavrov") == "person/lavrov"
    assert asks.match("Talks of 2017") is None
    for later in (Asker(with_clocks), Asker(with_clocks, **{"known-at": "2017-03-21"})):
        assert later.match("Talks of 2017") == "meeting/talks-2017"


CELLS = (
    "Putin", "Лавров", "セルゲイ・ショイグ", "Shinzo Abe", "Fumio Kishida", "稲田朋美", "Oreshkin", "Юрий Ушаков",
    "Poznikhir", "Kistanov",
)  # fmt: skip
OFFICES = ("President of Russia", "Foreign Minister of Russia", "Defence Minister of Russia")


def test_a_session_of_openrefine(corpus_client: FlaskClient) -> None:
    asks = Asker(corpus_client)
    manifest = asks.get()
    assert guessed_type(asks) == "foaf:Person"

    url = manifest["suggest"]["property"]["service_url"] + manifest["suggest"]["property"]["service_path"]
    (office, *_) = called(corpus_client, url, prefix="held off")["result"]
    queries = {
        f"q{number}": {
            "query": cell,
            "type": "foaf:Person",
            "type_strict": "should",
            "properties": [{"pid": office["id"], "v": post}],
        }
        for number, (cell, post) in enumerate(zip(CELLS, OFFICES, strict=False))
    }
    answers = asks.batch(queries)
    matched = [found["id"] for answer in answers.values() for found in answer["result"] if found["match"]]
    assert matched == ["person/putin", "person/lavrov", "person/shoigu"]

    shown = corpus_client.get(path_of(manifest["preview"]["url"].replace("{{id}}", quote(matched[1], safe=""))))
    assert "Sergei Lavrov" in shown.text
    assert (
        corpus_client.get(path_of(manifest["view"]["url"].replace("{{id}}", quote(matched[1], safe="")))).status_code
        == 200
    )

    offered = manifest["extend"]["propose_properties"]
    proposed = called(corpus_client, offered["service_url"] + offered["service_path"], type="foaf:Person")[
        "properties"
    ]
    assert {"skos:prefLabel@ja", "held-post", "skos:exactMatch"} <= {each["id"] for each in proposed}
    rows = asks.extend(matched, "skos:prefLabel@ja", "held-post", "skos:exactMatch")["rows"]
    assert [rows[each]["skos:exactMatch"][0]["id"] for each in matched] == ["Q7747", "Q58217", "Q32024"]
    assert [rows[each]["held-post"][0]["name"] for each in matched] == list(OFFICES)
    assert rows["person/shoigu"]["skos:prefLabel@ja"] == [{"str": "セルゲイ・ショイグ"}]


def guessed_type(asks: Asker) -> str:
    """The type that OpenRefine would guess: that of the candidates for ten cells, the first ones counting most."""
    answers = asks.batch({f"q{number}": {"query": cell, "limit": 3} for number, cell in enumerate(CELLS)})
    weights: Counter[str] = Counter()
    for answer in answers.values():
        for rank, candidate in enumerate(answer["result"]):
            for each in candidate["type"]:
                weights[each["id"]] += 1 / (1 + rank)
    return weights.most_common(1)[0][0]


def called(client: FlaskClient, url: str, **parameters: str) -> dict[str, list[dict[str, str]]]:
    response = client.get(path_of(url), query_string=parameters)
    assert response.status_code == 200, response.text
    return response.json


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
