"""Who met whom, where and when: answers worked out by hand from the two documents."""

import pytest

from graph.namespaces import PREFIXES

K_HELD, S_HELD = "a:kistanov-2plus2-held", "a:streltsov-2plus2-held"
K_SUMMIT = "a:kistanov-summit-2016-12-held"
TALKS = "meeting:ru-jp-2plus2-2017-03-20"
FIRST = "meeting:ru-jp-2plus2-2013-11-02"
BONN = "meeting:ru-jp-fm-bonn-2017-02"
MINISTERS = {
    ("person:inada", "office:jp-defence-minister", "state:japan"),
    ("person:kishida", "office:jp-foreign-minister", "state:japan"),
    ("person:lavrov", "office:ru-foreign-minister", "state:russia"),
    ("person:shoigu", "office:ru-defence-minister", "state:russia"),
}


def columns(rows, *names):
    return [tuple(row.get(name, "") for name in names) for row in rows]


def test_lavrov_met_the_two_japanese_ministers_and_both_documents_say_so(ask) -> None:
    rows = columns(
        ask("who-met-whom", person="Lavrov"), "person", "other", "meeting", "earliest", "place", "evidence"
    )
    assert sorted(rows, key=lambda row: row[2:4] + row[1:]) == [
        ("person:lavrov", other, TALKS, "2017-03-20", "place:tokyo", evidence)
        for other in ("person:inada", "person:kishida")
        for evidence in (K_HELD, S_HELD)
    ] + [("person:lavrov", "person:kishida", BONN, "2017-02-01", "place:bonn", "a:streltsov-bonn-meeting")]


def test_everybody_who_met_anybody(ask) -> None:
    rows = columns(ask("who-met-whom"), "person", "other", "meeting", "evidence")
    assert sorted(rows) == sorted(
        [
            (*pair, TALKS, evidence)
            for pair in (
                ("person:inada", "person:lavrov"),
                ("person:inada", "person:shoigu"),
                ("person:kishida", "person:lavrov"),
                ("person:kishida", "person:shoigu"),
            )
            for evidence in (K_HELD, S_HELD)
        ]
        + [("person:abe", "person:putin", "meeting:ru-jp-summit-2016-12", K_SUMMIT)]
        + [("person:kishida", "person:lavrov", BONN, "a:streltsov-bonn-meeting")]
    )


@pytest.mark.parametrize(
    "name", ["Sergey Lavrov", "лавров", "ラブロフ", "lavrov", "person:lavrov", PREFIXES["person"] + "lavrov"]
)
def test_a_person_is_found_under_every_name(ask, name: str) -> None:
    assert ask("who-met-whom", person=name) == ask("who-met-whom", person="Lavrov")


@pytest.mark.parametrize("person", ["Oreshkin", "Ushakov", "Poznikhir", "Kistanov"])
def test_whoever_was_only_announced_or_spoke_elsewhere_met_nobody(ask, person: str) -> None:
    assert ask("who-met-whom", person=person) == []


def test_the_april_meeting_and_visit_make_nobody_meet(ask, holds) -> None:
    assert ask("who-met-whom", _from="2017-03-21") == []
    assert not holds("?person cq:tookPartIn meeting:ru-jp-summit-2017-04")
    assert not holds("?person cq:tookPartIn meeting:jp-us-2plus2-2017-04")
    assert not holds("person:oreshkin cq:met ?other")
    assert not holds("?person cq:met ?other . FILTER (?person = ?other)")


def test_people_of_one_delegation_have_not_met(holds) -> None:
    assert not holds("person:lavrov cq:met person:shoigu")
    assert not holds("person:kishida cq:met person:inada")


def test_every_meeting_once_with_its_status_states_and_documents(ask) -> None:
    rows = columns(ask("meetings"), "meeting", "status", "earliest", "latest", "states", "documents")
    assert rows == [
        (FIRST, "cq:Held", "2013-11-02", "2013-11-02", "Japan; Russia", "1"),
        ("meeting:ru-jp-summit-2016-12", "cq:Held", "2016-12-01", "2016-12-31", "Japan; Russia", "1"),
        ("meeting:ru-jp-fm-bonn-2017-02", "cq:Held", "2017-02-01", "2017-02-28", "Japan; Russia", "1"),
        ("meeting:ru-jp-deputy-fm-2017-03-18", "cq:Held", "2017-03-18", "2017-03-18", "Japan; Russia", "2"),
        (TALKS, "cq:Held", "2017-03-20", "2017-03-20", "Japan; Russia", "2"),
        ("meeting:ru-jp-strategic-dialogue-2017-03-30", "cq:Held", "2017-03-30", "2017-03-30", "Japan; Russia", "1"),
        ("meeting:jp-us-2plus2-2017-04", "cq:Planned", "2017-04-01", "2017-04-30", "Japan; United States", "1"),
        ("meeting:ru-jp-summit-2017-04", "cq:Planned", "2017-04-27", "2017-04-28", "Japan; Russia", "1"),
    ]


def test_the_meetings_held_in_march_2017(ask) -> None:
    rows = ask("meetings", status="held", _from="2017-03-01", to="2017-03-31")
    assert columns(rows, "meeting", "place") == [
        ("meeting:ru-jp-deputy-fm-2017-03-18", "place:tokyo"),
        (TALKS, "place:tokyo"),
        ("meeting:ru-jp-strategic-dialogue-2017-03-30", "place:tokyo"),
    ]


def test_the_2plus2_meetings_of_japan_and_of_japan_with_the_united_states(ask) -> None:
    rows = ask("meetings", format="2+2", state="Japan")
    assert columns(rows, "meeting") == [(FIRST,), (TALKS,), ("meeting:jp-us-2plus2-2017-04",)]
    assert columns(ask("meetings", state="Япония", other_state="USA"), "meeting") == [
        ("meeting:jp-us-2plus2-2017-04",)
    ]


def test_the_talks_of_20_march_are_one_meeting_with_two_documents_and_four_named_ministers(ask) -> None:
    rows = ask("participants", meeting=TALKS)
    for evidence in (K_HELD, S_HELD):
        told = [row for row in rows if row["evidence"] == evidence]
        assert set(columns(told, "person", "office", "state")) == MINISTERS
        assert len(told) == len(MINISTERS)
    assert {row["basis"] for row in rows} == {"stated"}
    assert len(rows) == 8


def test_the_unnamed_foreign_ministers_at_bonn_are_marked_as_inferred(ask) -> None:
    rows = ask("participants", meeting=BONN)
    assert columns(rows, "person", "office", "state", "basis", "evidence") == [
        ("person:kishida", "office:jp-foreign-minister", "state:japan", "inferred", "a:streltsov-bonn-meeting"),
        ("person:lavrov", "office:ru-foreign-minister", "state:russia", "inferred", "a:streltsov-bonn-meeting"),
    ]


def test_the_first_2plus2_names_nobody(ask) -> None:
    rows = ask("participants", meeting=FIRST)
    assert columns(rows, "person", "office", "state", "basis", "evidence") == [
        ("", "", "state:japan", "stated", "a:streltsov-2plus2-first"),
        ("", "", "state:russia", "stated", "a:streltsov-2plus2-first"),
    ]


def test_the_side_of_an_unnamed_deputy_is_stated_by_one_document_and_inferred_for_the_other(ask) -> None:
    rows = columns(ask("participants", meeting="ru-jp-deputy-fm-2017-03-18"), "office", "state", "basis", "evidence")
    assert sorted(rows) == [
        ("office:jp-deputy-foreign-minister", "state:japan", "inferred", "a:kistanov-deputy-ministers-held"),
        ("office:jp-deputy-foreign-minister", "state:japan", "stated", "a:streltsov-deputy-ministers-met"),
        ("office:ru-deputy-foreign-minister", "state:russia", "inferred", "a:kistanov-deputy-ministers-held"),
        ("office:ru-deputy-foreign-minister", "state:russia", "stated", "a:streltsov-deputy-ministers-met"),
    ]


def test_the_last_meeting_of_lavrov_and_kishida(ask) -> None:
    (row,) = ask("last-meeting", person="Lavrov", other="Kishida")
    assert (row["meeting"], row["earliest"], row["latest"]) == (TALKS, "2017-03-20", "2017-03-20")
    assert "daysSincePrevious" not in row
    (before,) = ask("last-meeting", person="Lavrov", other="Kishida", before="2017-03-20")
    assert (before["meeting"], before["earliest"], before["latest"]) == (BONN, "2017-02-01", "2017-02-28")
    assert ask("last-meeting", person="Lavrov", other="Kishida", before="2017-02-28") == []


def test_the_last_meeting_of_two_who_are_only_to_meet_again(ask) -> None:
    (row,) = ask("last-meeting", person="Putin", other="Abe")
    assert row["meeting"] == "meeting:ru-jp-summit-2016-12"


def test_what_was_planned_on_20_march(ask) -> None:
    rows = columns(ask("planned-as-of", date="2017-03-20"), "meeting", "earliest", "latest", "certainty", "evidence")
    assert sorted(rows) == [
        ("visit:abe-russia-2017-04", "2017-04-01", "2017-04-30", "certain", "a:streltsov-abe-visit"),
        ("visit:oreshkin-japan-2017-03", "2017-03-21", "2017-03-31", "certain", "a:streltsov-oreshkin-visit"),
    ]


def test_what_was_planned_on_10_april_is_only_possibly_known_from_the_undated_document(ask) -> None:
    rows = ask("planned-as-of", date="2017-04-10")
    found = {(row["meeting"], row["certainty"]) for row in rows}
    assert ("meeting:ru-jp-summit-2017-04", "possible") in found
    assert ("meeting:jp-us-2plus2-2017-04", "possible") in found
    assert ("visit:abe-russia-2017-04", "certain") in found
    assert "visit:oreshkin-japan-2017-03" not in {meeting for meeting, _ in found}


def test_nothing_was_planned_before_anybody_wrote(ask) -> None:
    assert ask("planned-as-of", date="2017-03-19") == []


def test_the_history_of_the_2plus2_between_russia_and_japan(ask) -> None:
    rows = ask("format-history", format="2+2", state="Russia", other_state="Japan")
    told = columns(rows, "change", "earliest", "latest", "by", "gapDays", "evidence")
    met = [row for row in told if row[0] == "cq:Met"]
    assert met == [
        ("cq:Met", "2013-11-02", "2013-11-02", "", "", "a:streltsov-2plus2-first"),
        ("cq:Met", "2017-03-20", "2017-03-20", "", "1234", K_HELD),
        ("cq:Met", "2017-03-20", "2017-03-20", "", "1234", S_HELD),
    ]
    changes = {row[0]: row for row in told if row[0] == "cq:Created"}
    assert changes["cq:Created"] == (
        "cq:Created",
        "2013-01-01",
        "2013-12-31",
        "state:japan",
        "",
        "a:kistanov-format-created",
    )
    assert {row[0] for row in told} == {"cq:Created", "cq:Met", "cq:SuspendedFormat", "cq:Resumed"}


def test_japan_and_the_united_states_have_not_met_in_the_format(ask) -> None:
    rows = ask("format-history", format="2+2", state="Japan", other_state="USA")
    assert [row for row in rows if row["change"] == "cq:Met"] == []


def test_the_timeline_of_march_2017_sets_planned_beside_held(ask) -> None:
    rows = ask("timeline", state="Russia", _from="2017-03-18", to="2017-03-31")
    found = {(row["item"], row.get("status", "")) for row in rows}
    assert {
        ("meeting:ru-jp-deputy-fm-2017-03-18", "cq:Held"),
        (TALKS, "cq:Held"),
        ("meeting:ru-jp-strategic-dialogue-2017-03-30", "cq:Held"),
        ("visit:oreshkin-japan-2017-03", "cq:Planned"),
    } <= found
    assert (FIRST, "cq:Held") not in found
    assert [row["earliest"] for row in rows if "earliest" in row] == sorted(
        row["earliest"] for row in rows if "earliest" in row
    )


def test_the_timeline_of_2013(ask) -> None:
    items = {row["item"] for row in ask("timeline", _from="2013", to="2013") if "earliest" in row}
    assert {FIRST, "change:ru-jp-2plus2-created"} <= items


def test_who_was_shown_as_foreign_minister_of_japan(ask) -> None:
    rows = ask("office-holders", office="Minister for Foreign Affairs of Japan")
    assert {row["person"] for row in rows} == {"person:kishida"}
    assert ("2017-03-20", "2017-03-20", K_HELD) in columns(rows, "earliest", "latest", "evidence")
    assert ("2017-02-01", "2017-02-28", "a:streltsov-council-founded") in columns(
        rows, "earliest", "latest", "evidence"
    )


def test_whom_a_tenure_seats_at_bonn_is_shown_in_office_by_no_document(ask) -> None:
    rows = ask("office-holders", office="Foreign Minister of Russia")
    assert "a:streltsov-bonn-meeting" not in {row["evidence"] for row in rows}


def test_who_held_office_on_the_day_of_the_talks(ask) -> None:
    found = {(row["person"], row["office"]) for row in ask("office-holders", date="2017-03-20")}
    assert {(person, office) for person, office, _ in MINISTERS} <= found
    assert ("person:oreshkin", "office:ru-economic-development-minister") in found
    assert ("person:ushakov", "office:ru-presidential-aide") not in found
