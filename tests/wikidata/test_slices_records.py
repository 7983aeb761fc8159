"""What records may hold and what not: lines, rows, dates, blank nodes, dumps that were cut."""

import json
import re
from pathlib import Path

import pytest
from slicing import entity, item, kishida, snak, statement, time
from test_slices import graphs, kept_in, seen, table, turtle

from graph.wikidata.model import Time
from graph.wikidata.reading import EntityError, read_entity
from graph.wikidata.shape import triples_of
from graph.wikidata.slices import FactError, SliceError, Slices
from graph.wikidata.slices.facts import rows_of
from graph.wikidata.terms import DATA, GENID

CSV = "text/csv"


@pytest.mark.parametrize("cut", ["\u2028", "\x85", "\x0b"])
def test_lines_end_at_the_end_of_lines_alone(tmp_path: Path, cut: str) -> None:
    first = entity("Q1", labels={"en": {"value": f"a{cut}b"}})
    lines = f"{json.dumps(first, ensure_ascii=False)}\r\n{json.dumps(entity('Q2'))}\n"
    slices = kept_in(tmp_path, lines.encode(), media_type="application/x-ndjson")
    assert seen(slices)["Q1"].labels == {"en": f"a{cut}b"}
    (tmp_path / "a.tsv").write_text(f"item\tvalue\nQ1\ta{cut}b\n")
    assert [row["value"] for _, row in rows_of(tmp_path / "a.tsv", ("item", "value"))] == [f"a{cut}b"]


def births(folder: Path, date: str, precision: str) -> Time:
    slices = kept_in(folder, table("item,dob,dobp", f"Q1,{date},{precision}"), media_type=CSV)
    (born,) = seen(slices)["Q1"].of("P569")
    assert isinstance(born.main.value, Time)
    return born.main.value


@pytest.mark.parametrize(
    ("date", "precision", "wanted"),
    [
        ("1950-01-01T00:00:00Z", "8", Time("+1950-01-01T00:00:00Z", 8)),
        ("1901-01-01T00:00:00Z", "7", Time("+1901-01-01T00:00:00Z", 7)),
        ("2017-03-20T12:30:00Z", "14", Time("+2017-03-20T12:30:00Z", 14)),
        ("1998-09-11", "8", Time("+1998-01-01T00:00:00Z", 8)),
        ("1998", "11", Time("+1998-01-01T00:00:00Z", 9)),
        # The query service has a year 0, which is 1 BCE; a date alone is written as Wikidata writes it.
        ("-0043-03-15T00:00:00Z", "11", Time("-0044-03-15T00:00:00Z", 11)),
        ("-0043-03-15T00:00:00Z", "", Time("-0044-03-15T00:00:00Z", 11)),
        ("0000-03-15T00:00:00Z", "11", Time("-0001-03-15T00:00:00Z", 11)),
        ("-0043-03-15", "", Time("-0043-03-15T00:00:00Z", 11)),
    ],
)
def test_a_date_has_the_precision_that_is_told_and_the_year_that_is_meant(
    tmp_path: Path, date: str, precision: str, wanted: Time
) -> None:
    assert births(tmp_path, date, precision) == wanted


@pytest.mark.parametrize(
    ("date", "precision", "message"),
    [
        ("1950-01-01", "15", "'15' is no precision"),
        ("1950-01-01", "http://x", "row 1: 'http://x' is no precision"),
        ("1950-02-30T00:00:00Z", "11", "'1950-02-30T00:00:00Z' is no date"),
        ("1950-02-20T99:00:00Z", "14", "is no date"),
        ("0000-01-01T00:00:00Z", "8", "is no date"),
    ],
)
def test_what_is_no_precision_or_no_date_is_refused(tmp_path: Path, date: str, precision: str, message: str) -> None:
    with pytest.raises(SliceError, match=message):
        births(tmp_path, date, precision)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("item,item,dob", "Q1,Q2,1990"), "a column stands twice in item, item, dob"),
        (("item,position,psid", "Q1,Q5,Q2-ab"), "row 1: 'Q2-ab' is no statement of Q1"),
        (("item,position,psid", "Q1,Q5,Q1-ab", "Q1,Q6,Q1-ab"), r"Q1\$ab stands in it with two values or ranks"),
        (
            ("item,position,psid,rank", "Q1,Q5,Q1-ab,", "Q1,Q5,Q1-ab,normal", "Q1,Q5,Q1-ab,deprecated"),
            r"Q1\$ab stands in it with two values or ranks",
        ),
    ],
)
def test_rows_that_contradict_themselves_are_refused(tmp_path: Path, rows: tuple[str, ...], message: str) -> None:
    with pytest.raises(SliceError, match=message):
        kept_in(tmp_path, table(*rows), media_type=CSV)


def test_several_rows_may_tell_of_one_statement(tmp_path: Path) -> None:
    rows = table("item,position,start,psid,rank", "Q1,Q5,2010,Q1-ab,", "Q1,Q5,2011,Q1-ab,normal")
    found = seen(kept_in(tmp_path, rows, media_type=CSV))["Q1"]
    assert [len(each.qualifier("P580")) for each in found.statements] == [2]


def test_half_of_a_surrogate_pair_in_a_row_is_refused(tmp_path: Path) -> None:
    cells = {"item": {"type": "literal", "value": "Q1"}, "itemLabel": {"type": "literal", "value": "\ud800"}}
    with pytest.raises(SliceError, match="itemLabel: value has half of a surrogate pair"):
        kept_in(tmp_path, {"head": {"vars": [*cells]}, "results": {"bindings": [cells]}})


def test_a_fact_of_another_items_statement_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sources.tsv").write_text(
        "key\tname\turl\tretrieved\tsha256\na\tA\thttps://example.org/t\t2022-08-02\t" + "0" * 64 + "\n"
    )
    head = "item\tproperty\tvalue\tstart\tend\tqualifiers\trank\tstatement\trevision\tsource\n"
    (tmp_path / "facts.tsv").write_text(head + "Q1\tP39\tQ5\t\t\t\t\tQ2$ab\t\ta\n")
    with pytest.raises(FactError, match=r"line 2: 'Q2\$ab' is no GUID of a statement of Q1"):
        kept_in(tmp_path)


# Turtle.

OF_UNKNOWN = f"""@prefix wikibase: <http://wikiba.se/ontology#> . @prefix schema: <http://schema.org/> .
@prefix wd: <http://www.wikidata.org/entity/> . @prefix p: <http://www.wikidata.org/prop/> .
@prefix wds: <http://www.wikidata.org/entity/statement/> . @prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
<{DATA}ITEM> schema:about wd:ITEM ; schema:version 5 ; wikibase:statements 2 .
wd:ITEM p:P40 wds:ITEM-a , wds:ITEM-b ; wdt:P40 _:some .
wds:ITEM-a ps:P40 _:some . wds:ITEM-b ps:P40 [] .
"""


def unknown(slices: Slices) -> list[tuple[str, str]]:
    said = sorted(str(each) for graph in slices.graphs.values() for each in graph if GENID in str(each))
    return [tuple(re.findall(r"(?:direct|statement)/(P40)> <(\S+)>", each)[0]) for each in said]  # type: ignore[misc]


def test_blank_nodes_are_named_by_record_and_order(tmp_path: Path) -> None:
    def read(folder: str, *items: str) -> Slices:
        for each in items:
            data = OF_UNKNOWN.replace("ITEM", each).encode()
            slices = kept_in(tmp_path / folder, data, media_type="text/turtle")
        return slices

    first = unknown(read("a", "Q1"))
    assert len(first) == 3
    assert len({iri for _, iri in first}) == 2, "one has a label, the other none"
    assert unknown(read("b", "Q1")) == first
    assert len({iri for _, iri in unknown(read("c", "Q1", "Q2"))}) == 4, "that the labels are the same means nothing"


def test_quoted_triples_and_statements_of_others_are_refused(tmp_path: Path) -> None:
    quoting = OF_UNKNOWN.replace("ITEM", "Q1") + "wd:Q1 schema:about <<( wd:Q1 p:P40 wds:Q1-a )>> ."
    with pytest.raises(SliceError, match="a quoted triple stands in it"):
        kept_in(tmp_path / "a", quoting.encode(), media_type="text/turtle")
    of_another = OF_UNKNOWN.replace("ITEM-b", "Q3-b").replace("ITEM", "Q1")
    with pytest.raises(SliceError, match="Q3-b>, which Q1 has, is no statement of it"):
        kept_in(tmp_path / "b", of_another.encode(), media_type="text/turtle")


@pytest.mark.parametrize("lost", [f"wdref/{'aa' * 20}> ", "<https://en.wikipedia.org/wiki/Fumio_Kishida> "])
def test_a_dump_without_a_reference_or_a_page_that_it_mentions_is_partial(tmp_path: Path, lost: str) -> None:
    lost = lost.replace("wdref/", "<http://www.wikidata.org/reference/")
    whole = triples_of(read_entity(kishida()))
    cut = {each for each in whole if not str(each).startswith(lost)}
    assert len(cut) < len(whole)
    assert not seen(kept_in(tmp_path / "whole", turtle(whole), media_type="text/turtle"))["Q359480"].partial
    assert seen(kept_in(tmp_path / "cut", turtle(cut), media_type="text/turtle"))["Q359480"].partial


# Entity JSON that is not all of an entity.


def test_an_answer_without_claims_is_refused_and_one_with_none_is_whole(tmp_path: Path) -> None:
    only = {"type": "item", "id": "Q1", "lastrevid": 6, "labels": {"en": {"value": "One"}}}
    with pytest.raises(EntityError, match="Q1: without claims this is not the whole of it"):
        kept_in(tmp_path / "a", {"entities": {"Q1": only}})
    for number, none in enumerate(({}, [])):
        assert not seen(kept_in(tmp_path / str(number), {**only, "claims": none}))["Q1"].partial


def test_files_of_commons_are_refused_and_lexemes_are_partial(tmp_path: Path) -> None:
    with pytest.raises(EntityError, match="M1: this is a file of Commons"):
        kept_in(tmp_path / "a", {"type": "mediainfo", "id": "M1", "lastrevid": 3, "statements": {}})
    word = entity("L1", statement("L1$a", snak("P5831", item("Q5"))), lemmas={"en": {"value": "x"}})
    found = seen(kept_in(tmp_path / "b", {**word, "type": "lexeme"}))["L1"]
    assert (found.partial, len(found.statements)) == (True, 1)


def test_a_statement_of_another_entity_is_refused(tmp_path: Path) -> None:
    born = statement("Q2$a", snak("P569", time("+1990-01-01T00:00:00Z"), "time"))
    with pytest.raises(EntityError, match=r"Q1, P569, Q2\$a: this is the GUID of a statement of another entity"):
        kept_in(tmp_path, entity("Q1", born))
    assert graphs(kept_in(tmp_path / "b", entity("Q2", born))) == {"Q2/7"}
