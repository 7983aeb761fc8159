"""The graph as Wikibase's JSON: truthful in Wikidata's own properties, and read by others as it was written."""

import json
from dataclasses import replace
from functools import cache

import pytest
from both_sides import link, world
from exporting import lines, paper, shipped, told
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from graph.namespaces import cq, expand
from graph.wikidata.exports import as_lines, graph_entities
from graph.wikidata.exports.entity_json import entity_json
from graph.wikidata.exports.identifiers import FIRST, LAST, identifiers, is_local
from graph.wikidata.exports.times import lasting, main_snaks, time_of
from graph.wikidata.links import published
from graph.wikidata.model import Entity, Item, Monolingual, Snak, Statement, Text, Time
from graph.wikidata.reading import read_entity

MEETING = "meeting:ru-jp-2plus2-2017-03-20"
PLANNED_VISIT = "visit:abe-russia-2017-04"
CONNECTING = {"P31", "P2888"}


@cache
def rows() -> list[dict]:
    return [json.loads(line) for line in lines().splitlines()]


def by_iri(found: list[dict] | None = None) -> dict[str, dict]:
    """The items by our IRIs, which P2888 tells."""
    held = [row for row in (rows() if found is None else found) if row["type"] == "item"]
    return {row["claims"]["P2888"][0]["mainsnak"]["datavalue"]["value"]: row for row in held}


def property_names() -> dict[str, str]:
    return {row["id"]: row["labels"]["en"]["value"] for row in rows() if row["type"] == "property"}


def values(row: dict, property_: str) -> list:
    """The values of a property: identifiers of items, texts, times."""
    return [value_of(each["mainsnak"]) for each in row["claims"].get(property_, [])]


def value_of(snak: dict) -> object:
    value = snak.get("datavalue", {"value": snak["snaktype"]})["value"]
    if isinstance(value, dict):
        return value.get("id") or value.get("time") or value.get("text") or value.get("amount")
    return value


def told_by(statement: dict) -> dict[str, list]:
    return {name: [value_of(each) for each in group] for name, group in statement["qualifiers"].items()}


def item_of(curie: str) -> str:
    return by_iri()[expand(curie)]["id"]


def local_property(name: str) -> str:
    (found,) = [number for number, label in property_names().items() if label == name]
    return found


def test_the_same_graph_gives_the_same_lines_in_the_order_of_their_numbers() -> None:
    assert lines() == as_lines(*graph_entities(shipped()))
    numbers = [(row["type"] == "item", int(row["id"][1:])) for row in rows()]
    assert numbers == sorted(numbers)
    assert len({row["id"] for row in rows()}) == len(rows())


def test_linked_things_bear_wikidatas_identifier_and_others_one_of_ours() -> None:
    found = by_iri()
    assert found[expand("person:lavrov")]["id"] == "Q58217"
    assert found[expand("state:japan")]["id"] == "Q17"
    for curie in (MEETING, "person:kistanov", "territory:crimea", "format:2plus2"):
        assert is_local(found[expand(curie)]["id"]), curie


def test_every_item_that_is_mentioned_is_there_or_is_wikidatas() -> None:
    known = {row["id"] for row in rows()}
    for row in rows():
        for group in row["claims"].values():
            for statement in group:
                references = [snaks for each in statement["references"] for snaks in each["snaks"].values()]
                for snaks in ([statement["mainsnak"]], *statement["qualifiers"].values(), *references):
                    for snak in snaks:
                        assert snak["property"] in known or not is_local(snak["property"])
                        if snak["datatype"] == "wikibase-item" and snak["snaktype"] == "value":
                            assert value_of(snak) in known or not is_local(str(value_of(snak)))


def test_every_statement_but_the_iri_has_a_reference() -> None:
    for row in rows():
        for name, group in row["claims"].items():
            assert all(each["references"] for each in group) or name == "P2888", (row["id"], name)


def test_the_meeting_has_its_day_place_and_participants_in_wikidatas_properties() -> None:
    row = by_iri()[expand(MEETING)]
    assert values(row, "P585") == ["+2017-03-20T00:00:00Z"]
    assert values(row, "P276") == ["Q1490"]
    assert set(values(row, "P710")) == {"Q58217", "Q32024", "Q359480", "Q1654408"}
    (lavrov,) = [each for each in row["claims"]["P710"] if value_of(each["mainsnak"]) == "Q58217"]
    told = told_by(lavrov)
    assert told[local_property("held office")] == ["Q1418873"]
    assert told[local_property("represents")] == ["Q159"]
    assert told[local_property("has status")] == [item_of("cq:Held")]
    assert len(lavrov["references"]) == 2, "both documents say so"


def test_a_reference_has_the_words_the_title_the_address_and_the_day() -> None:
    row = by_iri()[expand("visit:oreshkin-japan-2017-03")]
    (reference,) = row["claims"]["P31"][0]["references"]
    told = {name: [value_of(each) for each in group] for name, group in reference["snaks"].items()}
    assert told["P248"] == [item_of("document:streltsov-new-friends-2017")]
    assert told["P854"] == [
        "https://www.themoscowtimes.com/2017/03/20/new-friends-russia-and-japan-are-finding-common-ground-a57472"
    ]
    assert told["P1476"] == ["New Friends: Russia and Japan Are Finding Common Ground"]
    assert told["P577"] == ["+2017-03-20T00:00:00Z"]
    assert told["P1683"] == [
        "Economic Development Minister Maxim Oreshkin",
        "special envoy",
        "will visit Japan near the end of the month",
    ]
    assert told[local_property("is attributed to")] == ["Dmitry Streltsov in The Moscow Times"]
    assert told[local_property("has modality")] == [item_of("cq:Asserted")]


def test_what_was_only_planned_looks_held_in_no_property_of_wikidata() -> None:
    row = by_iri()[expand(PLANNED_VISIT)]
    assert {name for name in row["claims"] if not is_local(name)} == CONNECTING
    assert values(row, "P31") == [item_of("cq:Event")]
    (is_event,) = row["claims"]["P31"]
    assert told_by(is_event) == {local_property("has status"): [item_of("cq:Planned")]}
    assert values(row, local_property("is announced as")) == [item_of("cq:Visit")]
    assert values(row, local_property("has participant")) == ["Q132345"]


def test_no_event_that_nobody_reports_as_held_has_a_participant_a_place_or_a_day_of_wikidatas() -> None:
    held = {
        t.subject.value
        for graph in shipped().granted().values()
        for t in graph
        if t.predicate == cq("status") and t.object == cq("Held")
    }
    checked = 0
    for iri, row in by_iri().items():
        if iri.rpartition("/")[0].rpartition("/")[2] in ("meeting", "visit", "call", "event") and iri not in held:
            checked += 1
            assert {name for name in row["claims"] if not is_local(name)} == CONNECTING, iri
    assert checked >= 5


def test_a_person_shown_in_office_has_the_day_and_a_tenure_its_start_and_end() -> None:
    row = by_iri()[expand("person:abe")]
    told = [told_by(each) for each in row["claims"]["P39"] if value_of(each["mainsnak"]) == "Q274948"]
    assert {"P585": ["+2017-03-20T00:00:00Z"]} in told
    assert {"P580": ["+2014-12-24T00:00:00Z"], "P582": ["+2017-11-01T00:00:00Z"]} in told
    dated = [each for each in row["claims"]["P39"] if "P580" in each["qualifiers"]]
    for each in dated:
        (reference,) = each["references"]
        (origin,) = reference["snaks"]["P854"]
        assert value_of(origin).startswith(("http://www.wikidata.org/entity/Q132345", f"{expand('wds:Q132345')}-"))


DISPUTED = "southern-kurils crimea kunashir iturup shikotan habomai kuril-islands sakhalin-oblast"


def test_no_disputed_territory_has_a_country_and_claims_stand_by_claimant() -> None:
    found = by_iri()
    for name in DISPUTED.split():
        for kind in ("territory", "place"):
            row = found.get(expand(f"{kind}:{name}"), {"claims": {}})
            assert "P17" not in row["claims"], name
    southern = found[expand("territory:southern-kurils")]
    assert set(values(southern, "P1336")) == {"Q17", "Q159"}
    japan = [told_by(each) for each in southern["claims"]["P1336"] if value_of(each["mainsnak"]) == "Q17"]
    assert any(told.get(local_property("uses name")) == ["northern territories"] for told in japan)
    assert values(found[expand("place:tokyo")], "P17") == ["Q17"]


def test_offices_have_their_jurisdiction_and_names_the_parties_that_use_them() -> None:
    found = by_iri()
    assert values(found[expand("office:jp-defence-minister")], "P1001") == ["Q17"]
    named = found[expand("territory:southern-kurils")]["claims"][local_property("has name")]
    users = {
        (value_of(each["mainsnak"]), user)
        for each in named
        for user in told_by(each).get(local_property("is used by"), [])
    }
    assert {("Northern Territories", "Q17"), ("北方領土", "Q17"), ("Southern Kurils", "Q159")} <= users
    assert ("Northern Territories", "Q159") not in users


def test_labels_are_in_three_languages_and_no_alias_repeats_one() -> None:
    row = by_iri()[expand("person:shoigu")]
    assert {code: text["value"] for code, text in row["labels"].items()} == {
        "en": "Sergei Shoigu",
        "ru": "Сергей Шойгу",
        "ja": "セルゲイ・ショイグ",
    }
    for each in rows():
        for language, texts in each["aliases"].items():
            listed = [text["value"] for text in texts]
            assert len(listed) == len(set(listed))
            assert each["labels"].get(language, {}).get("value") not in listed


def test_every_item_and_property_is_called_something() -> None:
    assert [row["id"] for row in rows() if not row["labels"]] == []


def test_what_somebody_only_thinks_is_told_as_their_statement_alone() -> None:
    said = """meeting:x a cq:Meeting ; cq:status cq:Held ; cq:when "2017-03-20"^^edtf:EDTF .
        statement:x a cq:Statement ; cq:speaker person:kistanov ; cq:summary "They met, it seems."@en ."""
    made = told(world(), "x", said, "They met, it seems.", modality="Opinion")
    made.dataset.admitted[NamedNode(expand("a:x"))] = "StatementOnly"
    found = by_iri([entity_json(each) for each in graph_entities(made.dataset)[1]])
    assert expand("statement:x") in found
    assert expand("meeting:x") not in found


EVENTS = ["meeting:x a cq:Meeting", "event:x a cq:Founding", "change:x a cq:FormatChange", "topic:x a cq:Founding"]
LOOKS_REAL = {"P585", "P276", "P710"}


def happening(thing: str, status: str) -> str:
    return f"""{thing} ; cq:when "2017-03-20"^^edtf:EDTF ; schema:location place:tokyo ; {status}
        cq:hasParticipation participation:x . participation:x cq:participant person:ito ; cq:status cq:Held ."""


@pytest.mark.parametrize(
    "status", ["", "cq:status cq:Planned ;", "cq:status cq:NotHeld ;", "cq:status cq:Underway ;"]
)
@pytest.mark.parametrize("event", EVENTS)
def test_only_an_event_that_is_stated_as_held_looks_held(event: str, status: str) -> None:
    assert shown(happening(event, status)) == CONNECTING
    assert shown(happening(event, "cq:status cq:Held ;")) >= {"P31", "P585", "P710"}


def test_an_event_whose_class_is_not_repeated_is_known_by_its_iri() -> None:
    assert shown('meeting:x cq:when "2017-03-20"^^edtf:EDTF .') == {"P2888"}
    assert shown('meeting:x cq:status cq:Held ; cq:when "2017-03-20"^^edtf:EDTF .') == {"P2888", "P585"}


@pytest.mark.parametrize("status", ["Planned", "Considered"])
def test_a_deployment_that_is_only_planned_does_not_look_deployed(status: str) -> None:
    said = "deployment:x a cq:Deployment ; schema:location place:tokyo ; cq:status cq:%s ."
    assert shown(said % status) == {"P2888"}
    assert shown(said % "Deployed") == {"P2888", "P31", "P276"}
    assert shown(f"agreement:x a cq:Agreement ; cq:status cq:{status} .") == {"P2888"}


def shown(said: str) -> set[str]:
    """Wikidata's properties that ``x`` has by one assertion."""
    made = told(world(), "x", said, "words")
    found = by_iri([entity_json(each) for each in graph_entities(made.dataset)[1]])
    (row,) = [row for iri, row in found.items() if iri == expand(said.split(maxsplit=1)[0])]
    return {name for name in row["claims"] if not is_local(name)}


def test_two_documents_one_that_plans_and_one_that_reports_are_both_heard() -> None:
    tour = 'visit:tour a cq:Visit ; cq:status cq:%s ; cq:when "2017-04-27"^^edtf:EDTF .'
    made = told(world(), "planned", tour % "Planned", "They will go.", metadata=paper("before"), document="before")
    told(made, "held", tour % "Held", "They went.", metadata=paper("after"), document="after")
    found = by_iri([entity_json(each) for each in graph_entities(made.dataset)[1]])
    row = found[expand("visit:tour")]
    assert set(values(row, "P31")) == {found[cq("Event").value]["id"], found[cq("Visit").value]["id"]}
    (day,) = row["claims"]["P585"]
    (reference,) = day["references"]
    assert value_of(reference["snaks"]["P248"][0]) == found[expand("document:after")]["id"]


# Readers: our own, and one that is independent of us.


def test_our_reader_reads_every_item_as_it_was() -> None:
    for entity in graph_entities(shipped())[1]:
        read = read_entity(json.loads(json.dumps(entity_json(entity))))
        assert (read.labels, read.descriptions, read.aliases) == (
            entity.labels,
            entity.descriptions,
            entity.aliases,
        )
        assert [each.guid for each in read.statements] == [each.guid for each in entity.statements]
        assert [_settled(each) for each in read.statements] == [_settled(each) for each in entity.statements]


def _settled(statement: Statement) -> tuple[object, ...]:
    """A statement but for the order of snaks, and for what a time of lower precision does not tell."""
    groups = (statement.qualifiers, *(each.snaks for each in statement.references))
    told = [sorted(repr(replace(each, value=_settled_value(each.value))) for each in group) for group in groups]
    return statement.rank, statement.main.property, statement.item, told


def _settled_value(value: object) -> object:
    length = {9: 5, 10: 8}.get(value.precision, 11) if isinstance(value, Time) else 0
    return (value.time[:length], value.precision, value.calendar) if isinstance(value, Time) else value


@pytest.mark.source
def test_wikibaseintegrator_reads_it_and_writes_it_back() -> None:
    from wikibaseintegrator.entities import ItemEntity, PropertyEntity

    for row in rows():
        made = (ItemEntity if row["type"] == "item" else PropertyEntity)().from_json(row)
        back = made.get_json()
        assert back["id"] == row["id"]
        assert back["labels"] == row["labels"]
        assert {name: len(group) for name, group in back["claims"].items()} == {
            name: len(group) for name, group in row["claims"].items()
        }
        for name, group in row["claims"].items():
            for before, after in zip(group, back["claims"][name], strict=True):
                assert after["mainsnak"] == before["mainsnak"]
                assert after.get("qualifiers", {}) == before["qualifiers"]
                assert [each["snaks"] for each in after.get("references", [])] == [
                    each["snaks"] for each in before["references"]
                ]


# Identifiers and dates.


@given(st.sets(st.text(min_size=1, max_size=20), max_size=40), st.text(min_size=1, max_size=20))
def test_identifiers_are_ours_apart_and_stay_when_others_come(names: set[str], other: str) -> None:
    found = identifiers("Q", names)
    assert len(set(found.values())) == len(names)
    assert all(is_local(each) and FIRST <= int(each[1:]) <= LAST for each in found.values())
    assert identifiers("Q", sorted(names)) == found
    assert identifiers("Q", names | {other}).items() >= found.items()


def test_of_two_names_with_one_hash_one_moves_and_no_third_does(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = {"a": [LAST], "b": [LAST, FIRST, LAST - 1], "c": [FIRST]}
    monkeypatch.setattr("graph.wikidata.exports.identifiers._number", lambda name, turn: numbers[name][turn])
    assert identifiers("P", ["b", "a", "c"]) == {"a": f"P{LAST}", "b": f"P{LAST - 1}", "c": f"P{FIRST}"}


def test_the_numbers_spread_over_half_of_what_readers_take() -> None:
    assert LAST == 2**31 - 1
    assert LAST - FIRST >= 2**30


def test_no_two_properties_of_ours_are_called_alike() -> None:
    names = property_names()
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize(
    ("edtf", "snaks"),
    [
        ("2017-03-20", {"P585": ("+2017-03-20T00:00:00Z", 11)}),
        ("2017-03", {"P585": ("+2017-03-00T00:00:00Z", 10)}),
        ("2017", {"P585": ("+2017-00-00T00:00:00Z", 9)}),
        ("2017-04-27/2017-04-28", {"P580": ("+2017-04-27T00:00:00Z", 11), "P582": ("+2017-04-28T00:00:00Z", 11)}),
        ("2017-04/..", {"P580": ("+2017-04-00T00:00:00Z", 10)}),
        ("[2017-03-21..2017-03-31]", {"P585": None}),
        ("2017-03~", {"P585": None}),
        ("2017-02-30", {"P585": None}),
    ],
)
def test_dates_are_wikidatas_where_they_say_the_same(edtf: str, snaks: dict) -> None:
    found = {main.property: main.value and (main.value.time, main.value.precision) for main, _ in main_snaks(edtf)}
    assert found == snaks


def test_a_day_within_a_period_is_some_value_with_its_earliest_and_latest_day() -> None:
    ((main, told),) = main_snaks("[2017-03-21..2017-03-31]")
    assert main.kind == "somevalue"
    assert [(each.property, each.value.time) for each in told] == [
        ("P1319", "+2017-03-21T00:00:00Z"),
        ("P1326", "+2017-03-31T00:00:00Z"),
    ]


@settings(max_examples=50)
@given(st.text("0123456789-/.[]X~?", max_size=22))
def test_no_text_that_looks_like_a_date_breaks_the_dates(text: str) -> None:
    assert time_of(text) is None or lasting(text) is None
    assert main_snaks(text)


VALUES = st.one_of(
    st.builds(Item, st.from_regex(r"[QP][1-9][0-9]{0,8}", fullmatch=True)),
    st.builds(Text, st.text(min_size=1, max_size=20)),
    st.builds(Monolingual, st.text(min_size=1, max_size=20), st.sampled_from(["en", "ru", "ja"])),
    st.builds(Time, st.dates().map(lambda day: f"+{day.year:04}-{day.month:02}-{day.day:02}T00:00:00Z"), st.just(11)),
)


@settings(max_examples=60)
@given(st.lists(st.tuples(VALUES, st.sampled_from(["preferred", "normal", "deprecated"])), max_size=4))
def test_any_entity_is_read_back_as_it_was_written(given: list) -> None:
    statements = tuple(
        Statement(
            expand(f"wds:Q1-{n}"),
            f"Q1${n}",
            "Q1",
            _snak("P1", value),
            rank,
            (_snak("P2", value), Snak("P3", None, "novalue", "time")),
        )
        for n, (value, rank) in enumerate(given)
    )
    entity = Entity("Q1", "", "", "", "", labels={"en": "x"}, statements=statements)
    assert read_entity(json.loads(json.dumps(entity_json(entity)))).statements == statements


def _snak(name: str, value: object) -> Snak:
    kinds = {Item: "wikibase-item", Text: "string", Monolingual: "monolingualtext", Time: "time"}
    return Snak(name, value, datatype=kinds[type(value)])


def test_a_link_taken_back_gives_the_thing_one_of_our_identifiers() -> None:
    made = told(world(), "x", "statement:x a cq:Statement ; cq:speaker person:ito .", "words")
    made.dataset.links = published([link("person:ito", "Q1")])
    before = by_iri([entity_json(each) for each in graph_entities(made.dataset)[1]])
    made.dataset.links = published([link("person:ito", "Q1", "rejected")])
    after = by_iri([entity_json(each) for each in graph_entities(made.dataset)[1]])
    assert before[expand("person:ito")]["id"] == "Q1"
    assert is_local(after[expand("person:ito")]["id"])
    assert before.keys() == after.keys()
