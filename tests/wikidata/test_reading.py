"""Entity JSON → the model: what sites and dumps write, and what no entity is."""

import copy
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slicing import SHARED, entity, kishida, of_shared, snak, statement, time

from graph.wikidata.model import Entity, Item, Text, Time
from graph.wikidata.reading import EntityError, MissingEntityError, read_entities, read_entity


def test_an_entity_is_read_alike_from_an_answer_and_from_a_line_of_a_dump() -> None:
    assert read_entity({"entities": {"Q359480": kishida()}}) == read_entity(kishida())
    assert [*read_entities({"entities": {"Q359480": kishida(), "Q1": {"id": "Q1", "missing": ""}}})] == [
        read_entity(kishida())
    ]


def test_statements_have_guid_rank_qualifiers_and_references() -> None:
    read = read_entity(kishida(), "2026-04-22")
    assert (read.id, read.revision, read.modified, read.retrieved) == (
        "Q359480", "7", "2026-04-21T13:42:27Z", "2026-04-22",
    )  # fmt: skip
    foreign = next(each for each in read.statements if each.item == "Q1355043")
    assert (foreign.guid, foreign.iri, foreign.rank) == (
        "Q359480$A-1", "http://www.wikidata.org/entity/statement/Q359480-A-1", "normal",
    )  # fmt: skip
    assert [each.value for each in foreign.qualifier("P580")] == [Time("+2012-12-26T00:00:00Z", 11)]
    assert [each.snaks[0].value for each in foreign.references] == [Text("https://example.org/a")]
    assert {each.main.kind for each in read.of("P40")} == {"somevalue"}
    assert read.labels == {"en": "Fumio Kishida", "ja": "岸田文雄"}
    assert read.items("P39") == {"Q1355043", "Q274948"}, "a deprecated statement names nobody"


def test_php_writes_empty_maps_as_lists_and_old_dumps_have_no_revision() -> None:
    old = {"id": "Q1", "type": "item", "labels": [], "aliases": [], "descriptions": [], "claims": [], "sitelinks": []}
    assert read_entity(old) == Entity("Q1", "", "", "", "")
    assert read_entity({**old, "lastrevid": 0}) == read_entity(old)


def test_a_part_that_was_not_asked_for_is_another_thing_than_an_empty_one() -> None:
    claims = {"id": "Q1", "type": "item", "claims": {}}
    assert read_entity(claims).untold == {"labels", "descriptions", "aliases", "sitelinks"}
    assert read_entity({**claims, "labels": {}, "aliases": []}).untold == {"descriptions", "sitelinks"}
    assert read_entity(kishida()).untold == frozenset()
    property_ = {**claims, "id": "P39", "type": "property", "labels": {}, "descriptions": {}, "aliases": {}}
    assert read_entity(property_).untold == frozenset(), "properties have no pages"


def test_a_property_has_the_datatype_of_its_values() -> None:
    assert read_entity(entity("P39", type="property", datatype="wikibase-item")).datatype == "wikibase-item"
    assert read_entity(entity("P39", type="property")).datatype == ""
    with pytest.raises(EntityError, match="P39: datatype is 'no type', which is not of its form"):
        read_entity(entity("P39", type="property", datatype="no type"))


def test_an_item_may_be_named_by_its_number() -> None:
    value = {"type": "wikibase-entityid", "value": {"entity-type": "item", "numeric-id": 5}}
    read = read_entity(entity("Q1", statement("Q1$a", snak("P31", value))))
    assert read.statements[0].main.value == Item("Q5")


@pytest.mark.parametrize(
    "answer",
    [{"entities": {"Q2": entity("Q1")}}, {"entities": {"Q1": entity("Q1", redirects={"from": "Q2", "to": "Q1"})}}],
)
def test_what_it_was_asked_for_by_redirects_to_it(answer: dict) -> None:
    assert read_entity(answer).redirects == ("Q2",)


def test_an_entity_that_is_missing_is_told() -> None:
    with pytest.raises(MissingEntityError, match="Q404: Wikidata has no such entity"):
        read_entity({"entities": {"Q404": {"id": "Q404", "missing": ""}}})


def broken(path: str, value: object) -> dict:
    found = copy.deepcopy(kishida())
    *keys, last = path.split("/")
    place = found
    for key in keys:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[last] = value
    return found


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("id", "Kishida", "id is 'Kishida'"),
        ("lastrevid", -1, "Q359480: lastrevid"),
        ("claims/P39/0/id", "Q359480-A", "Q359480, P39: the statement's id"),
        ("claims/P39/1/id", "Q359480$A-1", r"Q359480, P39, Q359480\$A-1: this GUID stands twice"),
        ("claims/P39/0/rank", "best", r"Q359480\$A-1: rank is 'best', not one of preferred, normal, deprecated"),
        ("claims/P39/0/mainsnak/property", "P40", "its main snak has the property P40"),
        ("claims/P39/0/mainsnak/snaktype", "maybe", "P39: snaktype is 'maybe'"),
        ("claims/P39/0/mainsnak/datavalue/type", "bad", "values of type 'bad' are not known"),
        ("claims/P39/0/qualifiers/P580/0/datavalue/value/precision", 99, "qualifiers, P580: precision is 99"),
        ("claims/P39/0/qualifiers/P580/0/datavalue/value/time", "2012", "P580: time is '2012'"),
        ("claims/P39/0/references/0/hash", None, "reference 1: hash is nothing, not a text"),
        ("labels/en/value", "\ud800", "labels, en: value has half of a surrogate pair"),
        ("labels/zh-classical", {"value": "x"}, "'zh-classical' is no code of a language"),
    ],
)
def test_what_no_entity_is_is_refused_with_its_place(path: str, value: object, message: str) -> None:
    with pytest.raises(EntityError, match=message):
        read_entity(broken(path, value))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["Q1", "P1", "", "+", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def places(value: object, at: tuple = ()) -> list[tuple]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, inner in pairs for place in places(inner, (*at, key)))]


@settings(max_examples=250, deadline=None)
@given(place=st.sampled_from(places(kishida())[1:]), value=JSON)
def test_any_json_in_any_place_gives_an_entity_or_an_entity_error(place: tuple, value: object) -> None:
    found = inner = copy.deepcopy(kishida())
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with suppress(EntityError):
        read_entity(found)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_json_gives_entities_or_an_entity_error(value: object) -> None:
    for given_ in (value, {"entities": value}, {"id": "Q1", "claims": value}, {"id": "Q1", "sitelinks": value}):
        with suppress(EntityError):
            assert all(isinstance(each, Entity) for each in read_entities(given_))


def test_times_stand_as_the_export_writes_them() -> None:
    read = read_entity(
        entity(
            "Q1",
            statement("Q1$a", snak("P569", time("+00000001991-00-00T00:00:00Z", 9), "time")),
            statement("Q1$b", snak("P570", time("+2017-02-30T00:00:00Z"), "time")),
        )
    )
    assert [each.main.value.time for each in read.statements] == ["+1991-01-01T00:00:00Z", "+2017-02-28T00:00:00Z"]


@of_shared
def test_the_real_records_are_read() -> None:
    sizes = {}
    for path in SHARED.glob("entities/*.json"):
        (read,) = read_entities(json.loads(path.read_bytes()))
        sizes[path.name] = len(read.statements)
    assert sizes == {
        "Q130234762.json": 12, "Q131569.orw2020.json": 47, "Q15180.orw2020.json": 321, "Q19300851.json": 37,
        "Q30.orw2020.json": 1496, "Q5.json": 289, "Q7747.json": 646,
    }  # fmt: skip
