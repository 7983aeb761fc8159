"""``known-at``: answers worked out by hand from the two documents.

The Moscow Times is dated 20 March 2017. The other document, 000, has no date: it tells of 30 March as past and of 27
April as to come, so it was published from the one to the other.
"""

import pytest

from graph.namespaces import GRAPH_PROVENANCE

MOSCOW_TIMES, EASTRUSSIA = "document:streltsov-new-friends-2017", "document:kistanov-2plus2-2017"
DIALOGUE, SUMMIT = "meeting:ru-jp-strategic-dialogue-2017-03-30", "meeting:ru-jp-summit-2016-12"
TALKS, FIRST = "meeting:ru-jp-2plus2-2017-03-20", "meeting:ru-jp-2plus2-2013-11-02"
DEPUTIES, BONN = "meeting:ru-jp-deputy-fm-2017-03-18", "meeting:ru-jp-fm-bonn-2017-02"
SAID_BY_MOSCOW_TIMES = {TALKS, FIRST, DEPUTIES, BONN}
SAID_BY_EASTRUSSIA = {
    TALKS,
    DEPUTIES,
    DIALOGUE,
    SUMMIT,
    "meeting:ru-jp-summit-2017-04",
    "meeting:jp-us-2plus2-2017-04",
}


@pytest.mark.parametrize(
    ("day", "certain", "possible"),
    [
        ("2017-03-19", set(), set()),
        ("2017-03-20", {MOSCOW_TIMES}, {MOSCOW_TIMES}),
        ("2017-03-29", {MOSCOW_TIMES}, {MOSCOW_TIMES}),
        ("2017-03-30", {MOSCOW_TIMES}, {MOSCOW_TIMES, EASTRUSSIA}),
        ("2017-04-26", {MOSCOW_TIMES}, {MOSCOW_TIMES, EASTRUSSIA}),
        ("2017-04-27", {MOSCOW_TIMES, EASTRUSSIA}, {MOSCOW_TIMES, EASTRUSSIA}),
    ],
)
def test_a_document_is_known_from_its_day_on_and_one_without_a_day_possibly_before(
    found, at, day, certain, possible
) -> None:
    assert found("?x a cq:Document", known_at=day) == certain
    assert found("?x a cq:Document", known_at=day, certainty="possible") == possible
    assert at(known_at=day).differs == (certain != possible)


def test_on_20_march_there_is_no_meeting_of_30_march_nor_any_other_that_only_000_tells(found) -> None:
    assert found("?x a cq:Meeting", known_at="2017-03-20") == SAID_BY_MOSCOW_TIMES


def test_on_19_march_nothing_of_either_document_is_there(found) -> None:
    day = "2017-03-19"
    for cls in ("Document", "Assertion", "Passage", "Meeting", "Participation", "Statement", "Account", "Encounter"):
        assert found(f"?x a cq:{cls}", known_at=day) == set(), cls
    assert found("?x oa:exact ?words", known_at=day) == set()
    assert found("?s cq:met ?x", known_at=day) == set()
    assert "state:japan" in found("?x a cq:State", known_at=day), "the authority file is always there"


def test_on_20_march_no_quote_no_name_and_no_graph_of_000_is_there(found, corpus_engine) -> None:
    day = "2017-03-20"
    words = found("?p oa:exact ?x", known_at=day)
    assert "The final chord was" not in " ".join(words)
    assert "deputy foreign ministers of both countries met in Tokyo on March 18" in words
    assert found("?p oa:hasSource ?x", known_at=day) == {MOSCOW_TIMES}
    assert found(f"{DIALOGUE} ?x ?o", known_at=day) == set()
    # Its label is among the words of 000 only; of this meeting, which both tell of, the label is 000's.
    assert found(f"{TALKS} skos:prefLabel ?x", known_at=day) == set()
    graphs = found("GRAPH ?x { ?s ?p ?o }", known_at=day)
    assert not [name for name in graphs if "kistanov" in name]
    for place in ("?x ?p ?o", "?s ?p ?x", "?s ?x ?o"):
        named = found(f"GRAPH ?g {{ {place} }} FILTER(CONTAINS(STR(?x), 'kistanov'))", known_at=day)
        assert named <= {"person:kistanov"}, "only the authority file knows the man"


def test_what_000_alone_entails_is_not_entailed_before(found) -> None:
    met = "person:putin cq:met ?x"
    assert found(met, known_at="2017-03-20") == set()
    assert found(met, known_at="2017-04-10") == set()
    assert found(met, known_at="2017-04-10", certainty="possible") == {"person:abe"}
    assert found(met, known_at="2017-04-27") == {"person:abe"}


def test_what_both_entail_is_entailed_already_by_the_first(found) -> None:
    assert found("person:lavrov cq:met ?x", known_at="2017-03-20") == {"person:inada", "person:kishida"}


def test_a_document_says_only_what_its_own_words_give(found) -> None:
    format_changes = "?x a cq:FormatChange"
    assert "change:ru-jp-2plus2-created" not in found(format_changes, known_at="2017-03-20")
    assert "change:ru-jp-2plus2-suspended" in found(format_changes, known_at="2017-03-20")
    when = "change:ru-jp-2plus2-resumed cq:when ?x"
    assert found(when, known_at="2017-03-20") == {"2017-02"}
    assert found(when, known_at="2017-04-27") == {"2017-02", "2016-12"}


def test_statistics_are_those_of_what_was_known(found) -> None:
    number = f"SELECT ?x {{ GRAPH ?g {{ {TALKS} ?p ?x }} FILTER(STRENDS(STR(?p), '#documents')) }}"
    assert found(f"{{ {number} }}", known_at="2017-03-20") == {"1"}
    assert found(f"{{ {number} }}", known_at="2017-04-27") == {"2"}


def test_a_saved_query_joins_both_views_and_marks_the_rows(rows) -> None:
    told = {row["meeting"]: row["certainty"] for row in rows("meetings", {}, known_at="2017-04-10")}
    alone = dict.fromkeys(SAID_BY_EASTRUSSIA - SAID_BY_MOSCOW_TIMES, "possible")
    # Of a meeting that both tell of, the number of documents differs: such a row is another one in each view.
    assert {meeting: mark for meeting, mark in told.items() if meeting in alone} == alone
    assert told[FIRST] == told[BONN] == "certain"
    assert told[TALKS] == told[DEPUTIES] == "possible"


def test_when_both_views_are_the_same_every_row_is_certain(rows) -> None:
    for day in ("2017-03-20", "2017-04-27", "2020-01-01"):
        assert {row["certainty"] for row in rows("meetings", {}, known_at=day)} == {"certain"}


def test_only_what_is_certain_can_be_asked_for(rows) -> None:
    certain = rows("meetings", {}, known_at="2017-04-10", certainty="certain")
    # Of the two meetings that both documents tell of, the number of documents differs: no row is shared.
    assert {row["meeting"] for row in certain} == SAID_BY_MOSCOW_TIMES - SAID_BY_EASTRUSSIA == {FIRST, BONN}
    assert {row["certainty"] for row in certain} == {"certain"}


def test_pages_of_joined_rows_fit_together(rows) -> None:
    whole = rows("statements", {}, known_at="2017-04-10")
    pages = [
        row for offset in range(0, len(whole), 7) for row in rows("statements", {}, 7, offset, known_at="2017-04-10")
    ]
    assert pages == whole
    assert {row["certainty"] for row in whole} == {"certain", "possible"}


def test_rows_without_a_clock_are_as_ever(rows) -> None:
    assert "certainty" not in rows("meetings", {})[0]


def test_the_provenance_of_what_is_known_is_whole(found) -> None:
    lost = f"GRAPH {GRAPH_PROVENANCE} {{ ?x a cq:Assertion }} FILTER NOT EXISTS {{ ?x cq:restsOn/oa:hasSelector ?s }}"
    assert found(lost, known_at="2017-03-20") == set()
