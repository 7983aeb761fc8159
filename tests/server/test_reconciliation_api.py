"""The Reconciliation Service API on a world of namesakes: who is meant, and when nobody can tell."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reconciled import Asker, build_world, features

from graph.engine import Engine, open_engine
from graph.limits import Limits
from graph.namespaces import PREFIXES, RESOURCES, VOCABULARY
from server.app import create_app
from server.reconciliation import turns

PEOPLE = ("Vladimir Putin", "Masaharu Nakagawa", "Valery Kistanov")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_engine(build_world(tmp_path_factory.mktemp("namesakes")))


@pytest.fixture(scope="module")
def asks(world: Engine) -> Iterator[Asker]:
    with create_app(world).test_client() as client:
        yield Asker(client)


def test_the_manifest_says_what_is_offered(asks: Asker) -> None:
    manifest = asks.get()
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == RESOURCES
    assert manifest["schemaSpace"] == VOCABULARY
    assert {each["id"] for each in manifest["defaultTypes"]} == {"foaf:Person", "org:Post", "cq:State", "cq:Place"}
    assert manifest["view"]["url"].endswith("/id/{{id}}")
    assert manifest["batchSize"] == Limits().reconciled_queries


def test_an_identifier_behind_its_space_is_the_iri_which_the_view_shows(asks: Asker) -> None:
    (found,) = asks.candidates("Valery Kistanov")
    assert RESOURCES + found["id"] == RESOURCES + "person/kistanov"
    url = asks.get()["view"]["url"].replace("{{id}}", found["id"].replace("/", "%2F"))
    assert "Valery Kistanov" in asks.client.get(url).text


@pytest.mark.parametrize("text", ["Valery Kistanov", " valery  KISTANOV ", "Kistanov, Valery", "person/kistanov"])
def test_a_name_of_one_thing_only_is_a_match(asks: Asker, text: str) -> None:
    assert asks.match(text) == "person/kistanov"
    assert asks.candidates(text)[0]["score"] == 100


@pytest.mark.parametrize("identifier", ["person/kistanov", "person:kistanov", RESOURCES + "person/kistanov"])
def test_an_identifier_is_taken_in_every_way_of_writing(asks: Asker, identifier: str) -> None:
    (found,) = asks.candidates(identifier)
    assert (found["id"], found["match"], features(found)["id"]) == ("person/kistanov", True, True)


@pytest.mark.parametrize("text", ["Valery Ivanov", "Kistanov", "Valeriy Kistanov", "V. Kistanov", "Waleri Kistanow"])
def test_likeness_alone_is_never_a_match(asks: Asker, text: str) -> None:
    (found,) = asks.candidates(text)
    assert (found["id"], found["match"]) == ("person/kistanov", False)
    assert 60 < features(found)["name_likeness"] < 100
    assert features(found)["name_exact"] is False


@pytest.mark.parametrize("text", ["Vladimir Putin", "Masaharu Nakagawa"])
def test_namesakes_are_both_shown_and_neither_matches(asks: Asker, text: str) -> None:
    found = asks.candidates(text, type="foaf:Person")
    assert [(each["score"], each["match"]) for each in found] == [(100, False), (100, False)]


def born(day: str) -> list[dict[str, object]]:
    return [{"pid": "schema:birthDate", "v": day}]


@pytest.mark.parametrize(
    ("day", "match"),
    [
        ("1952-10-07", "person/putin"),
        ("1952-10-07T00:00:00Z", "person/putin"),
        ("1952", "person/putin"),
        ("1911-02", "person/putin-senior"),
        ("195", None),
        ("1960-01-01", None),
    ],
)
def test_a_date_tells_father_from_son(asks: Asker, day: str, match: str | None) -> None:
    assert asks.match("Vladimir Putin", properties=born(day)) == match


def test_what_contradicts_undoes_a_match(asks: Asker) -> None:
    (found,) = asks.candidates("Valery Kistanov", properties=born("1950-01-01"))
    assert (found["match"], features(found)["property:schema:birthDate"]) == (False, 0)
    assert found["score"] == round(200 / 3, 2)


def test_of_what_nothing_is_known_there_is_no_feature_and_no_match(asks: Asker) -> None:
    one, other = asks.candidates("Masaharu Nakagawa", properties=born("1950-07-10"))
    assert not one["match"]
    assert not other["match"]
    assert "property:schema:birthDate" not in features(one)
    assert one["score"] == round(250 / 3, 2)


def test_a_property_that_nothing_has_fits_nothing_and_is_told(asks: Asker) -> None:
    nonsense, item = {"pid": "nonsense", "v": "x"}, {"pid": "skos:exactMatch", "v": "Q7747"}
    (found,) = asks.candidates("Valery Kistanov", properties=[nonsense])
    assert (found["match"], found["score"], features(found)["property:nonsense"]) == (False, 66.67, False)
    assert asks.match("Vladimir Putin", properties=[item]) == "person/putin"
    for text in ("Vladimir Putin", "person/putin", None):
        assert asks.match(text, properties=[item, nonsense]) is None
    assert asks.match("Vladimir Putin", properties=[*born("1952-10-07"), nonsense, nonsense]) is None
    assert asks.candidates(properties=[nonsense]) == []


def test_whether_a_name_is_whole_depends_on_how_its_script_is_written(tmp_path: Path) -> None:
    names = {
        "wang": ('"王毅"@zh', '"王"@zh', '"Wang"@en', '"Wang Yi"@en', '"왕이"@ko'),
        "park": ('"박근혜"@ko', '"박"@ko', '"Park"@en'),
        "sato": (
            '"Eisaku Satō"@en',
            '"佐藤栄作"@ja',
            '"佐藤"@ja',
            '"E. Satō"@en',
            '"サトウ"@ja',
            '"サトウ・エイサク"@ja',
        ),
    }
    world = [
        f"person:{person} a foaf:Person ; skos:prefLabel {first} ; skos:altLabel {', '.join(others)} ."
        for person, (first, *others) in names.items()
    ]
    world.append(
        'place:wang a cq:Place ; skos:prefLabel "Wang"@en . state:sato a cq:State ; skos:prefLabel "Sato"@en .'
    )
    asks = Asker(create_app(open_engine(build_world(tmp_path, "\n".join(world)))).test_client())
    whole = {"王毅": "wang", "Wang Yi": "wang", "박근혜": "park", "佐藤栄作": "sato", "サトウ・エイサク": "sato"}
    assert {text: asks.match(text) for text in whole} == {text: f"person/{name}" for text, name in whole.items()}
    for text in ("王", "왕이", "박", "Park", "佐藤", "サトウ", "E. Satō"):
        assert asks.candidates(text)[0]["id"].startswith("person/"), text
        assert asks.match(text) is None, text
    assert asks.match("Wang") is None, "a place and a person bear it"
    assert asks.match("Wang", type="cq:Place") == "place/wang"
    assert asks.match("Sato") == "state/sato", "of what is no person, one word is a whole name"


def test_the_item_of_wikidata_settles_it(asks: Asker) -> None:
    for item in ("Q1906668", "wd:Q1906668", {"id": "Q1906668", "name": "x"}):
        item_is = [{"pid": "skos:exactMatch", "v": item}]
        assert asks.match("Masaharu Nakagawa", properties=item_is) == "person/nakagawa"
        assert asks.match(properties=item_is) == "person/nakagawa"
    both = [{"pid": "skos:exactMatch", "v": "Q7747"}, *born("1911-02-23")]
    assert asks.match("Vladimir Putin", properties=both) is None


def test_of_two_items_or_offices_that_are_sent_each_must_be_right(asks: Asker) -> None:
    right, wrong = ({"pid": "skos:exactMatch", "v": item} for item in ("Q1906668", "Q7747"))
    assert asks.match("Masaharu Nakagawa", properties=[right, right]) == "person/nakagawa"
    for both in ([right, wrong], [wrong, right]):
        assert asks.match("Masaharu Nakagawa", properties=both) is None
        assert asks.match(properties=both) is None
        told = {each["id"]: features(each) for each in asks.candidates("Masaharu Nakagawa", properties=both)}
        assert told["person/nakagawa"]["property:skos:exactMatch"] == 0
    president, king = ({"pid": "held-post", "v": {"id": f"office/{each}"}} for each in ("president", "king"))
    assert asks.match("Vladimir Putin", properties=[president]) == "person/putin"
    assert asks.match("Vladimir Putin", properties=[president, king]) is None
    assert asks.match("Vladimir Putin", properties=[{**king, "v": [king["v"], president["v"]]}]) == "person/putin"


@pytest.mark.parametrize(
    ("name", "wanted", "known"),
    [
        ("Period", "2013-11-02/2017-04-27", 100),
        ("Period", "2013/2017", 100),
        ("Period", "2013-11", None),
        ("Period", "2013", None),
        ("Period", "2015-01-01", None),
        ("Period", "2012", 0),
        ("Period", "2017-05", 0),
        ("Period", "soon", 0),
        ("Day", "2017-03", 100),
        ("Day", "2017-03-20T10:00:00Z", None),
        ("Day", "2017-03-1X", 0),
        ("Day", "2017-03-2", 0),
        ("Office", "2016", None),
        ("Office", "2015", 0),
    ],
)
def test_a_period_agrees_with_what_it_lies_in_and_not_with_what_it_begins_in(
    tmp_path: Path, name: str, wanted: str, known: float | None
) -> None:
    values = {"Period": "2013-11-02/2017-04-27", "Day": "2017-03-2X", "Office": "2016-08-03/.."}
    dated = "\n".join(
        f'place:p{n} a cq:Place ; skos:prefLabel "{each}" ; dcterms:temporal "{text}"^^edtf:EDTF .'
        for n, (each, text) in enumerate(values.items())
    )
    asks = Asker(create_app(open_engine(build_world(tmp_path, dated))).test_client())
    found = asks.candidates(name, properties=[{"pid": "dcterms:temporal", "v": wanted}])[0]
    assert (found["name"], found["match"]) == (name, known == 100)
    assert features(found).get("property:dcterms:temporal") == known


@pytest.mark.parametrize("item", ["Q7747", "wd:Q7747", PREFIXES["wd"] + "Q7747"])
def test_an_item_is_an_identifier_of_the_thing_that_is_linked_to_it(asks: Asker, item: str) -> None:
    (found,) = asks.candidates(item)
    assert (found["id"], found["match"], features(found)["id"]) == ("person/putin", True, True)
    assert asks.match(item, properties=born("1911-02-23")) is None
    assert asks.match("President of Russia", properties=[{"pid": "held-by", "v": item}]) == "office/president"
    held = asks.candidates(properties=[{"pid": "held-by", "v": {"id": item}}])
    assert [each["id"] for each in held] == ["office/president"]
    assert [each["id"] for each in asks.get("/suggest/entity", prefix=item)["result"]] == ["person/putin"]
    assert "Vladimir Putin" in asks.get("/flyout/entity", id=item)["html"]
    assert "Vladimir Putin" in asks.client.get("/reconcile/preview", query_string={"id": item}).text
    day = [{"date": "1952-10-07T00:00:00Z"}]
    assert asks.extend([item], "schema:birthDate")["rows"] == {item: {"schema:birthDate": day}}


def test_an_item_that_two_things_are_linked_to_identifies_neither(tmp_path: Path) -> None:
    twins = "\n".join(f'person:{n} a foaf:Person ; skos:prefLabel "{n}" ; skos:exactMatch wd:Q5 .' for n in "ab")
    asks = Asker(create_app(open_engine(build_world(tmp_path, twins))).test_client())
    assert [(each["id"], each["match"]) for each in asks.candidates("Q5")] == [
        ("person/a", False),
        ("person/b", False),
    ]
    assert asks.client.get("/reconcile/preview?id=Q5").status_code == 404
    assert asks.extend(["Q5"], "skos:exactMatch")["rows"] == {"Q5": {"skos:exactMatch": []}}


def test_the_office_tells_the_son(asks: Asker) -> None:
    for office in (
        "President of Russia",
        {"id": "office/president"},
        "office:president",
        ["King", "president of russia"],
    ):
        held = [{"pid": "held-post", "v": office}]
        assert asks.match("Vladimir Putin", properties=held) == "person/putin"
        assert [each["id"] for each in asks.candidates(properties=held)] == ["person/putin"]
    assert asks.match("V. Putin", properties=[{"pid": "held-post", "v": "President of Russia"}]) is None
    assert asks.match("Vladimir Putin", properties=[{"pid": "held-post", "v": "Russia of president"}]) is None


def test_a_hidden_label_finds_and_never_matches(asks: Asker) -> None:
    found = asks.candidates("Gruziya", type="cq:State")[0]
    assert (found["id"], found["name"], found["match"]) == ("state/georgia", "Georgia", False)
    assert "Gruziya" not in asks.client.get("/reconcile/preview?id=state/georgia").text


def test_the_type_narrows_and_only_what_is_left_can_be_meant(asks: Asker) -> None:
    assert [each["id"] for each in asks.candidates("Georgia")] == ["place/georgia", "state/georgia"]
    assert asks.match("Georgia") is None
    assert asks.match("Georgia", type="cq:State") == "state/georgia"
    assert asks.match("Georgia", type=["cq:Place", "cq:Territory"]) == "place/georgia"
    assert asks.match("Georgia", type=VOCABULARY + "Place") == "place/georgia"
    assert asks.match("Georgia", type="foaf:Agent") == "state/georgia"
    assert asks.candidates("Georgia", type=["cq:State", "cq:Place"], type_strict="all") == []
    assert asks.match("Georgia", type=["cq:State", "foaf:Agent"], type_strict="all") == "state/georgia"
    assert asks.candidates("Georgia", type="DifferentiatedPerson") == []


def test_a_type_that_should_fit_lets_others_follow(asks: Asker) -> None:
    state, place = asks.candidates("Georgia", type="cq:State", type_strict="should")
    assert [(each["id"], each["score"], each["match"]) for each in (state, place)] == [
        ("state/georgia", 100, True),
        ("place/georgia", 50, False),
    ]
    assert features(place)["type"] is False


def test_the_limit_is_kept_and_answers_go_by_their_keys(asks: Asker) -> None:
    found = asks.batch({"b": {"query": "Georgia", "limit": 1}, "a": {"query": "nobody at all"}, "": {"query": ""}})
    assert [len(found[key]["result"]) for key in ("b", "a", "")] == [1, 0, 0]


def test_get_answers_like_post(asks: Asker) -> None:
    queries = json.dumps({"q": {"query": "Georgia"}})
    assert asks.get(queries=queries) == asks.post(queries=queries)
    extension = json.dumps({"ids": ["state/georgia"], "properties": [{"id": "skos:prefLabel@en"}]})
    assert asks.get(extend=extension) == asks.post(extend=extension)


def test_an_extension_fills_cells_of_every_kind(asks: Asker) -> None:
    found = asks.extend(
        ["person/putin", "person:kistanov", "state/georgia", "place/georgia", "person/nobody"],
        "held-post",
        "skos:exactMatch",
        "schema:birthDate",
        "cq:count",
        "schema:area",
        "dcterms:issued",
        "skos:note",
    )
    rows = found["rows"]
    office = {"id": "office/president", "name": "President of Russia", "description": "<b>Head</b> of state."}
    assert rows["person/putin"]["held-post"] == [office]
    assert rows["person/putin"]["skos:exactMatch"] == [{"id": "Q7747", "name": "Vladimir Putin, of the slice"}]
    assert rows["person/putin"]["schema:birthDate"] == [{"date": "1952-10-07T00:00:00Z"}]
    assert rows["state/georgia"]["cq:count"] == [{"int": 5}]
    assert rows["state/georgia"]["schema:area"] == [{"float": 69.7}]
    assert rows["place/georgia"]["dcterms:issued"] == [{"date": "2017-03-20T10:00:00Z"}]
    assert rows["person:kistanov"]["skos:note"] == [{"str": "<script>alert(1)</script>"}]
    assert set(map(len, rows["person/nobody"].values())) == {0}
    columns = {each["id"]: each for each in found["meta"]}
    assert columns["held-post"]["type"] == {"id": "org:Post", "name": "org:Post"}
    assert "wikidata" in columns["skos:exactMatch"]["service"]
    assert [each for each in columns.values() if "service" in each] == [columns["skos:exactMatch"]]


def test_items_have_the_best_name_that_there_is(asks: Asker) -> None:
    rows = asks.extend(["person/nakagawa", "person/putin-senior"], "skos:exactMatch")["rows"]
    named = {cell["id"]: cell["name"] for row in rows.values() for cell in row["skos:exactMatch"]}
    assert named == {"Q1906668": "Masaharu Nakagawa, in all languages", "Q19300851": "Der Vater"}


def test_an_extension_tells_things_as_its_settings_say(asks: Asker) -> None:
    def held(**settings: object) -> object:
        column = {"id": "held-post", "settings": settings}
        return asks.extend(["person/putin"], column)["rows"]["person/putin"]["held-post"]

    assert held(content="literal") == [{"str": "President of Russia"}]
    assert held(content="id", limit="1") == [{"str": "office/president"}]
    notes = {"id": "skos:scopeNote@en", "settings": {"limit": 1}}
    assert asks.extend(["state/georgia"], notes)["rows"]["state/georgia"] == {"skos:scopeNote@en": [{"str": "one"}]}
    item = {"id": "skos:exactMatch", "settings": {"content": "id", "limit": 0}}
    assert asks.extend(["person/putin"], item)["rows"]["person/putin"]["skos:exactMatch"] == [{"str": "Q7747"}]


def test_properties_are_those_that_things_of_a_type_have(asks: Asker) -> None:
    def proposed(**given: object) -> list[str]:
        return [each["id"] for each in asks.get("/extend/propose", **given)["properties"]]

    assert set(proposed(type="foaf:Person")) == {
        "skos:prefLabel@en", "schema:birthDate", "skos:exactMatch", "skos:note", "held-post",
    }  # fmt: skip
    assert proposed(type="foaf:Person", limit=1) == ["skos:prefLabel@en"]
    assert "cq:count" in proposed(type="foaf:Agent")
    assert proposed(type="cq:Nothing") == []
    assert asks.get("/extend/propose", type="cq:State", limit=2)["limit"] == 2


def test_suggestions_come_from_the_letters_typed(asks: Asker) -> None:
    def suggested(kind: str, prefix: str, **more: object) -> list[str]:
        return [each["id"] for each in asks.get(f"/suggest/{kind}", prefix=prefix, **more)["result"]]

    assert suggested("entity", "KIST") == ["person/kistanov"]
    assert suggested("entity", "person:kistanov") == ["person/kistanov"]
    assert suggested("entity", "georgia") == ["place/georgia", "state/georgia"]
    assert suggested("entity", "georgia", cursor=1) == ["state/georgia"]
    assert suggested("entity", "georgia", type="cq:State") == ["state/georgia"]
    assert suggested("entity", "georgia", type="cq:State", type_strict="should") == ["place/georgia", "state/georgia"]
    assert suggested("entity", "!?") == []
    assert suggested("property", "born") == ["schema:birthDate"]
    assert suggested("property", "schema:birthDate") == ["schema:birthDate"]
    assert suggested("property", "office")[0] == "held-post"
    assert suggested("type", "человек") == ["foaf:Person"]
    assert asks.get("/suggest/type", prefix="sta")["result"][0]["description"] == "A country."


def test_previews_may_be_framed_and_what_they_show_is_text(asks: Asker) -> None:
    page = asks.client.get("/reconcile/preview?id=office%2Fpresident")
    assert "&lt;b&gt;Head&lt;/b&gt; of state." in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in asks.client.get("/id/office/president").headers["Content-Security-Policy"]
    assert "&lt;b&gt;Head" in asks.get("/flyout/entity", id="office/president")["html"]
    assert asks.get("/flyout/type", id="cq:State")["html"] == "<p><b>state</b><br>A country.</p>"
    assert asks.get("/flyout/property", id="held-post")["id"] == "held-post"
    for lost in ("preview?id=person/x", "flyout/entity?id=x", "flyout/type?id=x", "flyout/property?id=x"):
        assert asks.client.get(f"/reconcile/{lost}").status_code == 404


def test_any_site_may_ask(asks: Asker) -> None:
    paths = ("", "/suggest/entity?prefix=a", "/preview?id=state/georgia", "/extend/propose?type=x", "?queries=no")
    for path in paths:
        assert asks.client.get("/reconcile" + path).headers["Access-Control-Allow-Origin"] == "*"
    asked = asks.client.options("/reconcile", headers={"Origin": "http://x", "Access-Control-Request-Method": "POST"})
    assert asked.status_code == 200
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in asked.headers["Access-Control-Allow-Headers"]


def test_an_old_client_gets_a_script_that_calls_its_function(asks: Asker) -> None:
    told = asks.client.get("/reconcile?callback=jQuery1.call_2&_=17")
    assert told.mimetype == "text/javascript"
    called, _, rest = told.text.partition("(")
    assert called == "/**/jQuery1.call_2"
    assert json.loads(rest.removesuffix(");"))["versions"] == ["0.2"]
    for bad in ("alert(1)//", "a b", "", "a" * 300, "é", "a..b", "a\n"):
        assert asks.client.get("/reconcile", query_string={"callback": bad}).status_code == 400


def test_a_page_is_kept_until_the_data_change(asks: Asker) -> None:
    first = asks.client.get("/reconcile")
    assert first.headers["Cache-Control"] == "no-cache"
    other = asks.client.get("/reconcile?queries={}")
    assert first.headers["ETag"] != other.headers["ETag"]


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({}, 415, "with 'queries' or 'extend'"),
        ({"query": "x"}, 400, "send 'queries'"),
        ({"queries": "{}", "extend": "{}"}, 400, "not both"),
        ({"queries": ""}, 400, "not JSON"),
        ({"queries": "[]"}, 400, "object"),
        ({"queries": "[" * 100_000}, 400, "not JSON"),
        ({"queries": '{"q": {"query": NaN}}'}, 400, "NaN"),
        ({"queries": '{"q": {"query": "\\ud800"}}'}, 400, "surrogate"),
        ({"queries": '{"q": {"query": "x"}, "q": {"query": "y"}}'}, 400, "the key 'q' stands 2 times"),
        ({"queries": '{"q": {"query": "x", "query": "x"}}'}, 400, "the key 'query' stands 2 times"),
        ({"queries": '{"\\ud800": {}, "\\ud800": {}}'}, 400, "stands 2 times"),
        (
            {"extend": '{"ids": [], "properties": [{"id": "x", "settings": {"limit": 1, "limit": 2}}]}'},
            400,
            "'limit'",
        ),
        ({"queries": '{"q": {"limit": 1}}'}, 400, "'query', or 'properties'"),
        ({"queries": '{"q": {"properties": []}}'}, 400, "'query', or 'properties'"),
        ({"queries": '{"q": {"query": "x", "props": []}}'}, 400, "'props'"),
        ({"queries": '{"q": {"query": "x", "limit": 0}}'}, 400, "limit"),
        ({"queries": '{"q": {"query": "x", "limit": true}}'}, 400, "limit"),
        ({"queries": '{"q": {"query": "x", "type": {"id": "x"}}}'}, 400, "array"),
        ({"queries": '{"q": {"query": "x", "type_strict": "most"}}'}, 400, "type_strict"),
        ({"queries": '{"q": {"query": "x", "properties": [{"pid": "x"}]}}'}, 400, "'pid' and 'v'"),
        ({"queries": '{"q": {"query": "x", "properties": [{"pid": "x", "v": {"name": "y"}}]}}'}, 400, "'id'"),
        ({"queries": '{"q": {"query": "x", "properties": [{"pid": "x", "v": null}]}}'}, 400, "text"),
        ({"queries": json.dumps({"q": {"query": "x" * 2000}})}, 400, "characters"),
        ({"queries": json.dumps({str(n): {"query": "x"} for n in range(101)})}, 413, "at most 100"),
        ({"extend": "{}"}, 400, "array"),
        ({"extend": '{"ids": [1], "properties": []}'}, 400, "text"),
        ({"extend": '{"ids": [], "properties": [{}]}'}, 400, "text"),
        ({"extend": '{"ids": [], "properties": [{"id": "nonsense"}]}'}, 400, "no property 'nonsense'"),
        ({"extend": '{"ids": [], "properties": [{"id": "held-post", "settings": {"limit": -1}}]}'}, 400, "limit"),
        ({"extend": '{"ids": [], "properties": [{"id": "held-post", "settings": {"content": 1}}]}'}, 400, "content"),
        ({"extend": '{"ids": [], "properties": [{"id": "held-post", "settings": {"x": 1}}]}'}, 400, "'x'"),
        ({"extend": json.dumps({"ids": [], "properties": [{"id": "held-post"}] * 2})}, 400, "asked for 2 times"),
        (
            {"extend": json.dumps({"ids": [], "properties": [{"id": f"p{n}"} for n in range(101)]})},
            400,
            "at most 100",
        ),
        ({"extend": json.dumps({"ids": ["a"] * 60_000, "properties": []})}, 413, "at most"),
    ],
)
def test_what_cannot_be_answered_is_told_why(asks: Asker, fields: dict[str, str], status: int, told: str) -> None:
    response = asks.client.post("/reconcile", data=fields)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert told in response.json["detail"]


def test_other_bodies_and_methods_are_refused(asks: Asker) -> None:
    assert asks.client.post("/reconcile", json={"queries": {}}).status_code == 415
    assert asks.client.put("/reconcile", data={"queries": "{}"}).status_code == 405
    assert asks.client.get("/reconcile/suggest/entity").status_code == 400
    assert asks.client.get("/reconcile/suggest/entity?prefix=a&cursor=-1").status_code == 400
    assert asks.client.get("/reconcile/suggest/entity?prefix=a&prefix=b").status_code == 400
    assert asks.client.get("/reconcile/suggest/entity?prefix=a&type_strict=bogus").status_code == 400
    assert asks.client.get("/reconcile/extend/propose?type=x&limit=y").status_code == 400
    assert asks.client.get("/reconcile?queries=%ff").status_code == 400


def test_bounds_are_those_of_the_limits(world: Engine) -> None:
    asks = Asker(create_app(world, Limits(reconciled_names=5)).test_client())
    refused = asks.client.get("/reconcile")
    assert refused.status_code == 501
    assert "more than 5 names" in refused.json["detail"]
    asks = Asker(create_app(world, Limits(extended_values=3)).test_client())
    extension = {"ids": ["person/putin", "person/kistanov"], "properties": [{"id": "held-post"}, {"id": "skos:note"}]}
    assert asks.client.post("/reconcile", data={"extend": json.dumps(extension)}).status_code == 413
    asks = Asker(create_app(world, Limits(extended_values=1)).test_client())
    two_notes = {"ids": ["state/georgia"], "properties": [{"id": "skos:scopeNote@en"}]}
    assert asks.client.post("/reconcile", data={"extend": json.dumps(two_notes)}).status_code == 413


def test_all_columns_together_and_all_queries_must_end(world: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.reconciliation.turns.monotonic", count().__next__)
    asks = Asker(create_app(world, Limits(query_seconds=6)).test_client())
    columns = ("held-post", "skos:note", "cq:count", "schema:area", "dcterms:issued", "schema:birthDate", "held-by")
    assert asks.extend(["person/putin"], *columns[:5])["rows"]
    extension = {"ids": ["person/putin"], "properties": [{"id": each} for each in columns]}
    for late in ({"extend": extension}, {"queries": {str(n): {"query": "x"} for n in range(7)}}):
        ((name, sent),) = late.items()
        response = asks.client.post("/reconcile", data={name: json.dumps(sent)})
        assert (response.status_code, "more than 6 seconds" in response.json["detail"]) == (504, True)
    by_value = {"properties": [{"pid": each, "v": "x"} for each in columns]}
    assert asks.client.post("/reconcile", data={"queries": json.dumps({"q": by_value})}).status_code == 504


def test_what_kind_of_values_a_property_has_is_asked_once(world: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    select = type(world).select
    monkeypatch.setattr(type(world), "select", lambda self, query: asked.append(query) or select(self, query))
    asks = Asker(create_app(world).test_client())
    told = [asks.extend([each], "held-post")["meta"] for each in ("person/putin", "person/kistanov")]
    assert told[0] == told[1]
    assert told[0][0]["type"]["id"] == "org:Post"
    assert sum("?value a ?type" in query for query in asked) == 1


def test_a_store_without_things_of_ours_offers_nothing(tmp_path: Path) -> None:
    foreign = '<http://example.org/x> a foaf:Person ; skos:prefLabel "X"@en .'
    asks = Asker(create_app(open_engine(build_world(tmp_path, foreign))).test_client())
    assert asks.get()["defaultTypes"] == []
    assert asks.candidates("X") == []
    assert asks.get("/suggest/entity", prefix="x") == {"result": []}


def test_of_more_namesakes_than_are_compared_none_matches(tmp_path: Path) -> None:
    crowd = [f'person:n{n} a foaf:Person ; skos:prefLabel "Ivan Ivanov" ; cq:count 7 .' for n in range(60)]
    asks = Asker(
        create_app(open_engine(build_world(tmp_path, "\n".join([*crowd, crowd[0].replace("7", "8")])))).test_client()
    )
    assert len(asks.candidates("Ivan Ivanov", limit=100)) == 50
    assert asks.match("Ivan Ivanov", properties=[{"pid": "cq:count", "v": 8}]) is None
    assert asks.match("person/n0", properties=[{"pid": "cq:count", "v": 8}]) == "person/n0"


def test_who_cannot_have_a_turn_is_told_to_come_back(world: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.reconciliation.turns._TURNS", BoundedSemaphore(1))
    turns._TURNS.acquire()
    client = create_app(world, Limits(waiting_seconds=0)).test_client()
    busy = client.get("/reconcile")
    assert (busy.status_code, "Retry-After" in busy.headers) == (503, True)
    turns._TURNS.release()
    assert client.post("/reconcile", data={"queries": "no"}).status_code == 400
    assert client.get("/reconcile").status_code == 200


# What OpenRefine, or anybody, might send.
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=6) | st.sampled_from(PEOPLE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
TEXTS = st.sampled_from(
    [
        *PEOPLE,
        "person:putin",
        "Q7747",
        "a:b",
        "<x",
        "http://[",
        "wd: x",
        "1952",
        "1952-10-07",
        "{",
        "'''",
        '"@en',
        "^^",
    ]
) | st.text(max_size=8)
PIDS = st.sampled_from(["held-post", "schema:birthDate", "skos:exactMatch", "cq:count", "skos:prefLabel@en"]) | TEXTS
VALUES = (
    TEXTS
    | st.integers()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.fixed_dictionaries({"id": TEXTS})
)
QUERIES = st.fixed_dictionaries(
    {"query": TEXTS},
    optional={
        "type": TEXTS | st.lists(TEXTS, max_size=2),
        "limit": st.integers(1, 3),
        "type_strict": st.sampled_from(["any", "all", "should"]),
        "properties": st.lists(
            st.fixed_dictionaries({"pid": PIDS, "v": VALUES | st.lists(VALUES, max_size=3)}), max_size=2
        ),
    },
)


@settings(max_examples=100, deadline=None)
@given(QUERIES)
def test_whatever_is_asked_a_match_rests_on_a_name_or_an_item(asks: Asker, query: dict[str, object]) -> None:
    response = asks.client.post("/reconcile", data={"queries": json.dumps({"q": query})})
    assert response.status_code == 200, response.text
    result = response.json["q"]["result"]
    assert [each["score"] for each in result] == sorted((each["score"] for each in result), reverse=True)
    assert all(0 <= each["score"] <= 100 for each in result)
    matches = [features(each) for each in result if each["match"]]
    assert len(matches) < 2
    for found in matches:
        assert found["id"] or found["name_exact"] or found["property:skos:exactMatch"] == 100
        assert all(value == 100 for name, value in found.items() if name.startswith("property:"))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["queries", "extend"]), JSONS, st.booleans())
def test_any_json_is_answered_or_refused(asks: Asker, name: str, document: object, inner: bool) -> None:
    shape = {"ids": document, "properties": document} if name == "extend" else {"q": document}
    response = asks.client.post("/reconcile", data={name: json.dumps(shape if inner else document)})
    assert response.status_code in {200, 400, 413}, response.text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["suggest/entity", "suggest/property", "suggest/type", "preview", "flyout/entity"]), TEXTS)
def test_any_text_is_suggested_for_or_refused(asks: Asker, path: str, text: str) -> None:
    given = {"prefix": text.encode("utf-8", "surrogatepass"), "id": text.encode("utf-8", "surrogatepass")}
    assert asks.client.get(f"/reconcile/{path}", query_string=given).status_code in {200, 400, 404}


@settings(max_examples=60, deadline=None)
@given(TEXTS, PIDS)
def test_any_extension_is_filled_or_refused(asks: Asker, identifier: str, pid: str) -> None:
    extension = json.dumps({"ids": [identifier], "properties": [{"id": pid}]})
    response = asks.client.post("/reconcile", data={"extend": extension})
    assert response.status_code in {200, 400}, response.text
