"""Slices: from records and facts to graphs, and the view of the newest."""

import csv
import gzip
import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize
from slicing import SHARED, entity, item, kishida, of_shared, snak, statement, text, triple
from small_wikidata import engine_with, rows

from graph.namespaces import PREFIXES, cq, expand, is_slice, slice_graph
from graph.wikidata.entities import entities
from graph.wikidata.model import Entity, Item, Time
from graph.wikidata.reading import read_entity
from graph.wikidata.records import keep
from graph.wikidata.shape import triples_of
from graph.wikidata.slices import EntityError, FactError, RecordError, SliceError, Slices, newest, read_slices
from graph.wikidata.terms import DATA

PUTIN = "Q7747"


def kept_in(
    folder: Path, *given: object, day: str = "2026-04-22", url: str = "https://example.org/a", **more
) -> Slices:
    for each in given:
        data = each if isinstance(each, bytes) else json.dumps(each).encode()
        keep(folder, data, url=url, media_type=more.pop("media_type", "application/json"), retrieved=day, **more)
    return read_slices(folder)


def table(*rows: str) -> bytes:
    return "\n".join(rows).encode() + b"\n"


def seen(slices: Slices) -> dict[str, Entity]:
    return entities(newest(slices.graphs, slices.retrieved), slices.retrieved)


def graphs(slices: Slices) -> set[str]:
    return {graph.value.rpartition("/graph/wikidata/")[2] for graph in slices.graphs}


def test_a_slice_is_one_entity_at_one_revision_and_says_where_it_comes_from(tmp_path: Path) -> None:
    slices = kept_in(tmp_path, {"entities": {"Q359480": kishida(), "Q1": entity("Q1", revision=None)}})
    assert graphs(slices) == {"Q359480/7", "Q1/2026-04-22"}
    graph = slice_graph("Q359480", "7")
    assert is_slice(graph)
    assert slices.graphs[graph] == triples_of(read_entity(kishida()))
    said = {
        (each.predicate.value.rpartition("#")[2], each.object.value)
        for each in slices.retrieved
        if each.subject == graph
    }
    assert {
        ("type", cq("Slice").value), ("sliceOf", expand("wd:Q359480")), ("revision", "7"), ("isPartial", "false"),
        ("modified", "2026-04-21T13:42:27Z"), ("recordedOn", "2026-04-22"), ("retrievedFrom", "https://example.org/a"),
    } <= said  # fmt: skip
    assert len(dict(said)["sha256"]) == 64


def test_a_record_that_was_changed_stops_the_reading(tmp_path: Path) -> None:
    kept_in(tmp_path, kishida())
    (path,) = (tmp_path / "bytes").iterdir()
    path.write_bytes(path.read_bytes().replace(b"Q1355043", b"Q1355044"))
    with pytest.raises(RecordError, match="were changed"):
        read_slices(tmp_path)


def test_the_newest_is_the_highest_revision_whenever_it_was_retrieved(tmp_path: Path) -> None:
    kept_in(tmp_path, kishida(9), day="2026-01-01")
    slices = kept_in(tmp_path, kishida(8), day="2026-02-01")
    assert graphs(slices) == {"Q359480/8", "Q359480/9"}
    assert seen(slices)["Q359480"].revision == "9"


@pytest.mark.parametrize(("day", "revision"), [("2026-03-01", ""), ("2025-12-31", "9")])
def test_one_of_no_revision_is_the_newest_only_if_it_was_retrieved_last(
    tmp_path: Path, day: str, revision: str
) -> None:
    kept_in(tmp_path, kishida(9), day="2026-01-01")
    assert seen(kept_in(tmp_path, kishida(None), day=day))["Q359480"].revision == revision


def test_of_two_records_of_one_revision_that_which_has_most_is_read_and_of_equals_the_last(tmp_path: Path) -> None:
    kept_in(tmp_path, kishida(), day="2026-01-01")
    slices = kept_in(tmp_path, {**kishida(), "labels": {}}, day="2026-02-01")
    found = seen(slices)["Q359480"]
    assert (found.labels.keys(), found.retrieved) == ({"en", "ja"}, "2026-01-01")
    slices = kept_in(tmp_path, {**kishida(), "ns": 0}, day="2026-03-01")
    assert seen(slices)["Q359480"].retrieved == "2026-03-01"


def test_a_redirect_is_known_whichever_record_of_a_revision_tells_it(tmp_path: Path) -> None:
    kept_in(tmp_path, {"entities": {"Q1": kishida()}}, day="2026-01-01")
    slices = kept_in(tmp_path, {"entities": {"Q359480": kishida()}}, day="2026-02-01")
    found = seen(slices)["Q359480"]
    assert (found.redirects, found.retrieved) == (("Q1",), "2026-02-01")


OF_THE_ITEM = """SELECT ?item ?sitelinks ?statements ?identifiers ?revision ?day {
  ?item wikibase:sitelinks ?sitelinks ; wikibase:statements ?statements ; wikibase:identifiers ?identifiers ;
    schema:version ?revision ; schema:dateModified ?day . FILTER(STRSTARTS(STR(?item), STR(wd:))) }"""


def asked_of_items(folder: Path, slices: Slices) -> list[tuple[str, ...]]:
    """What a query for the query service finds of whole items in the view."""
    return rows(engine_with(folder, newest(slices.graphs, slices.retrieved)), OF_THE_ITEM)


def test_the_view_says_of_a_whole_item_what_its_document_says(tmp_path: Path) -> None:
    identified = entity("Q1", statement("Q1$a", snak("P213", text("0000"), "external-id")), revision=9)
    kept_in(tmp_path / "a", kishida(6), day="2022-01-01")
    slices = kept_in(tmp_path / "a", kishida(), identified)
    assert asked_of_items(tmp_path, slices) == [
        ("Q1", "0", "1", "1", "9", "2026-04-21T13:42:27Z"),
        ("Q359480", "1", "6", "0", "7", "2026-04-21T13:42:27Z"),
    ]
    assert seen(slices)["Q1"] == entities(slices.graphs[slice_graph("Q1", "9")], slices.retrieved)["Q1"]


def test_the_view_counts_nothing_of_an_item_that_is_here_in_part(tmp_path: Path) -> None:
    cut = {each for each in triples_of(read_entity(kishida())) if "Q359480-A-1" not in str(each)}
    slices = kept_in(tmp_path / "a", turtle(cut), media_type="text/turtle")
    assert newest(slices.graphs, slices.retrieved) == slices.graphs[slice_graph("Q359480", "7")]


@of_shared
def test_the_view_says_of_q42_and_q7747_what_their_documents_say(tmp_path: Path) -> None:
    """By the dump of Q42; of Q7747 as counted in its record."""
    kept_in(tmp_path / "a", (SHARED / "rdf" / "Q42.ttl").read_bytes(), media_type="text/turtle")
    slices = kept_in(tmp_path / "a", json.loads((SHARED / "entities" / "Q7747.json").read_bytes()))
    assert asked_of_items(tmp_path, slices) == [
        ("Q42", "122", "307", "234", "1997465481", "2023-10-26T05:30:17Z"),
        (PUTIN, "4", "646", "256", "2483686458", "2026-04-21T13:42:27Z"),
    ]
    assert seen(slices)[PUTIN] == entities(slices.graphs[slice_graph(PUTIN, "2483686458")], slices.retrieved)[PUTIN]


ROWS = table("item,position,start,psid", "Q359480,Q274948,2021-10-04,", "Q359480,Q1355043,2012-12-26,Q359480-A-1")


def test_partial_facts_add_nothing_to_an_entity_that_is_here_whole(tmp_path: Path) -> None:
    kept_in(tmp_path, kishida(), day="2022-01-01")
    slices = kept_in(tmp_path, ROWS, day="2026-01-01", media_type="text/csv")
    assert graphs(slices) == {"Q359480/7", "Q359480/2026-01-01"}
    whole = kept_in(tmp_path / "whole", kishida(), day="2022-01-01")
    assert newest(slices.graphs, slices.retrieved) == newest(whole.graphs, whole.retrieved)
    assert not seen(slices)["Q359480"].partial


def test_rows_are_partial_without_rank_and_with_a_node_of_their_own(tmp_path: Path) -> None:
    slices = kept_in(tmp_path, ROWS, media_type="text/csv")
    found = seen(slices)["Q359480"]
    assert (found.partial, found.retrieved, found.revision) == (True, "2026-04-22", "")
    row, known = sorted(found.statements, key=lambda each: each.guid)
    assert (known.guid, known.item, known.rank) == ("Q359480$A-1", "Q1355043", None)
    assert row.iri.startswith(PREFIXES["row"])
    assert [each.value for each in row.qualifier("P580")] == [Time("+2021-10-04T00:00:00Z", 11)]
    view = newest(slices.graphs, slices.retrieved)
    assert not [each for each in view if each.predicate.value.startswith(PREFIXES["wdt"])]
    assert triple("wd:Q359480", "p:P39", f"row:{row.iri.rpartition('/')[2]}") in view
    derived = Triple(NamedNode(row.iri), NamedNode(expand("prov:wasDerivedFrom")), NamedNode(expand("wd:Q359480")))
    assert derived in view


def test_parts_are_united_but_a_newer_answer_of_one_address_replaces_the_older(tmp_path: Path) -> None:
    def rows(*dates: str) -> bytes:
        return table("item,position,start,end", *(f"Q359480,Q274948,2021-10-04,{each}" for each in dates))

    def ends(slices: Slices) -> list[str]:
        held = seen(slices)["Q359480"].of("P39")
        return sorted(each.value.time[1:11] for one in held for each in one.qualifier("P582"))

    kept_in(tmp_path, rows("2024-09-30"), day="2024-10-01", media_type="text/csv")
    slices = kept_in(tmp_path, rows("2024-10-01"), day="2024-10-02", media_type="text/csv")
    assert ends(slices) == ["2024-10-01"]
    births = table("item,dob", "Q359480,1957-07-29")
    slices = kept_in(tmp_path, births, day="2020-01-01", url="https://example.org/births", media_type="text/csv")
    found = seen(slices)["Q359480"]
    assert {each.property: each.retrieved for each in found.statements} == {"P39": "2024-10-02", "P569": "2020-01-01"}
    assert found.retrieved == "2024-10-02"


def test_a_row_that_says_no_more_than_a_statement_is_not_told_twice(tmp_path: Path) -> None:
    head = "item,position,start,end,psid"
    guids = table(head, "Q359480,Q6500838,2017-07-28,2017-08-03,Q359480-F-2")
    kept_in(tmp_path, guids, day="2022-04-14", media_type="text/csv")
    plain = table(
        head, "Q359480,Q6500838,2017-07-28,2017-08-03,", "Q359480,Q6500838,2017-07-28,,", "Q359480,Q6500838,2018,,"
    )
    slices = kept_in(tmp_path, plain, day="2022-07-21", url="https://example.org/b", media_type="text/csv")
    held = seen(slices)["Q359480"].of("P39")
    assert sorted(each.guid or each.qualifier("P580")[0].value.time for each in held) == [
        "+2018-01-01T00:00:00Z",
        "Q359480$F-2",
    ]


def test_redirects_stand_in_the_view_and_statements_stay_as_they_are(tmp_path: Path) -> None:
    naming = entity("Q3", statement("Q3$a", snak("P40", item("Q2"))))
    slices = kept_in(tmp_path, {"entities": {"Q2": kishida()}}, naming)
    view = newest(slices.graphs, slices.retrieved)
    assert triple("wd:Q2", "owl:sameAs", "wd:Q359480") in view
    assert triple("wd:Q3", "wdt:P40", "wd:Q2") in view
    assert seen(slices)["Q359480"].redirects == ("Q2",)


def test_a_redirect_is_known_also_by_a_later_slice_that_was_asked_for_by_the_new_name(tmp_path: Path) -> None:
    slices = kept_in(tmp_path, {"entities": {"Q2": kishida()}}, kishida(revision=8))
    assert seen(slices)["Q359480"].revision == "8"
    assert seen(slices)["Q359480"].redirects == ("Q2",)


# What records may hold.


def test_lines_of_a_dump_and_its_array_are_read_alike_packed_or_not(tmp_path: Path) -> None:
    first, second = json.dumps(kishida()), json.dumps(entity("Q1"))
    packed = gzip.compress(f"{first}\n{second}\n".encode(), mtime=0)
    forms = (f"{first}\n{second}\n", f"[\n{first},\n{second},\n]\n", f"[{first}, {second}]")
    for number, data in enumerate((*(each.encode() for each in forms), packed)):
        assert graphs(kept_in(tmp_path / str(number), data)) == {"Q359480/7", "Q1/7"}


@pytest.mark.parametrize(
    ("data", "media_type", "error", "message"),
    [
        (b"{", "application/json", SliceError, "https://example.org/a: it is no JSON"),
        (b"{}\n{\n", "application/json", EntityError, "line 1: .*id is nothing"),
        (b'{"id": "Q1", "claims": {}}\n{\n', "application/x-ndjson", SliceError, "line 2: it is no JSON"),
        (b"\xff", "application/json", SliceError, "it is not UTF-8"),
        (b"\x1f\x8bnonsense", "application/json", SliceError, "packed by gzip, and broken"),
        (b"[" * 100_000, "application/json", SliceError, "it is no JSON"),
        (b"<a> <b>", "text/turtle", SliceError, "it cannot be read as Turtle"),
        (b"<http://a/> <http://a/> <http://a/> .", "text/turtle", SliceError, "no document"),
        (
            f'<{DATA}Q1> <http://schema.org/version> "abc" .'.encode(), "text/turtle", SliceError,
            "'abc' is no revision of Q1",
        ),
        (b"a", "text/html", SliceError, "text/html is not read"),
        (b'{"head": {}, "results": {}}', "application/sparql-results+json", SliceError, "are no SPARQL results"),
        (b"item,colour\nQ1,red\n", "text/csv", SliceError, "the column 'colour' is not known"),
        (b"item,start\nQ1,2012\n", "text/csv", SliceError, "row 1: no column names the office"),
        (b"item,position\nQ1,President\n", "text/csv", SliceError, "'President' is no .*--position 'President=Q…'"),
        (b"item,position\nPutin,Q218295\n", "text/csv", SliceError, "row 1: 'Putin' is no item"),
        (b"item,position,start\nQ1,Q2,May\n", "text/csv", SliceError, "row 1: 'May' is no date"),
        (b"item,position,psid\nQ1,Q2,abc\n", "text/csv", SliceError, "row 1: 'abc' is no statement"),
        (b"item,position,rank\nQ1,Q2,best\n", "text/csv", SliceError, "row 1: 'best' is no rank"),
        (b"item,position\nQ1\n", "text/csv", SliceError, "not all rows have as many cells"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(
    tmp_path: Path, data: bytes, media_type: str, error: type[ValueError], message: str
) -> None:
    with pytest.raises(error, match=message):
        kept_in(tmp_path, data, media_type=media_type)


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=60) | st.text(max_size=60).map(str.encode),
    st.sampled_from(["application/json", "text/turtle", "text/csv", "application/sparql-results+json"]),
)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, media_type: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    with suppress(EntityError, SliceError):
        kept_in(folder, data, media_type=media_type)


def binding(value: str, kind: str = "uri") -> dict:
    return {"type": kind, "value": value}


def test_sparql_results_in_json_are_read_as_the_query_service_writes_them(tmp_path: Path) -> None:
    row = {
        "item": binding(expand("wd:Q58217")), "itemLabel": binding("Sergey Lavrov", "literal"),
        "position": binding(expand("wd:Q1418873")), "psid": binding(expand("wds:Q58217-CB72")),
        "start": binding("2004-03-09T00:00:00Z", "literal"), "end": binding("t123", "bnode"),
        "rank": binding(expand("wikibase:NormalRank")),
    }  # fmt: skip
    results = {"head": {"vars": [*row]}, "results": {"bindings": [row]}}
    (held,) = seen(kept_in(tmp_path, results, media_type="application/sparql-results+json"))["Q58217"].statements
    assert (held.guid, held.main.value, held.rank) == ("Q58217$CB72", Item("Q1418873"), "normal")
    assert [(each.property, each.kind) for each in held.qualifiers] == [("P580", "value"), ("P582", "somevalue")]
    assert held.qualifiers[0].value == Time("+2004-03-09T00:00:00Z", 11)


@pytest.mark.parametrize(
    ("start", "precision", "time"),
    [
        ("1998", "", Time("+1998-01-01T00:00:00Z", 9)),
        ("1998-09", "", Time("+1998-09-01T00:00:00Z", 10)),
        ("1998-09-11", "", Time("+1998-09-11T00:00:00Z", 11)),
        ("1998-01-01", "", Time("+1998-01-01T00:00:00Z", 11)),
        # With a time of day it is as the query service writes it, which may have been less precise.
        ("1998-09-11T00:00:00Z", "", Time("+1998-09-11T00:00:00Z", 11)),
        ("1998-01-01T00:00:00Z", "", Time("+1998-01-01T00:00:00Z", 9)),
        ("1998-09-01T00:00:00Z", "", Time("+1998-09-01T00:00:00Z", 10)),
        ("1998-01-01T00:00:00Z", "11", Time("+1998-01-01T00:00:00Z", 11)),
        ("1998-09-11", "9", Time("+1998-01-01T00:00:00Z", 9)),
    ],
)
def test_no_precision_is_made_up(tmp_path: Path, start: str, precision: str, time: Time) -> None:
    rows = table("item,position,start,startPrecision", f"Q1,Q2,{start},{precision}")
    (held,) = seen(kept_in(tmp_path, rows, media_type="text/csv"))["Q1"].statements
    assert held.qualifiers[0].value == time


def test_offices_may_be_named_by_a_table_or_be_one_for_all_rows(tmp_path: Path) -> None:
    rows = table("position,person,personID,start", "President,A,Q1,2000", "Emperor,B,Q2,2001")
    found = seen(kept_in(tmp_path, rows, media_type="text/csv", positions={"President": "Q218295"}))
    assert {one: [each.item for each in found[one].of("P39")] for one in found} == {"Q1": ["Q218295"], "Q2": []}
    assert found["Q2"].labels == {"en": "B"}
    rows = table("item,startDate", "Q1,2000")
    found = seen(kept_in(tmp_path / "b", rows, media_type="text/csv", positions={"": "Q6500838"}))
    assert [each.item for each in found["Q1"].of("P39")] == ["Q6500838"]


def test_a_table_of_offices_tells_country_and_jurisdiction(tmp_path: Path) -> None:
    head = "id,position,country,jurisdiction,deputy,list,start,end,before,after,enwiki"
    rows = table(head, "Q842386,Prime Minister of Russia,Q159,Q1140115,Q1965788,,1992,,,,")
    found = seen(kept_in(tmp_path, rows, media_type="text/csv"))["Q842386"]
    assert {(each.property, each.item) for each in found.statements} == {("P17", "Q159"), ("P1001", "Q1140115")}
    assert found.labels == {"en": "Prime Minister of Russia"}


def turtle(triples: set[Triple]) -> bytes:
    return serialize(sorted(triples, key=str), format=RdfFormat.N_TRIPLES)


def test_turtle_is_cut_into_its_entities_and_stays_as_it_is(tmp_path: Path) -> None:
    first, second = (
        triples_of(read_entity(kishida())),
        triples_of(read_entity(entity("Q1", statement("Q1$a", snak("P31", item("Q5")))))),
    )
    slices = kept_in(tmp_path, turtle(first | second), media_type="application/n-triples")
    assert slices.graphs[slice_graph("Q359480", "7")] == first
    assert slices.graphs[slice_graph("Q1", "7")] == second
    assert not seen(slices)["Q1"].partial


def test_turtle_with_fewer_statements_than_its_document_counts_is_partial(tmp_path: Path) -> None:
    cut = {each for each in triples_of(read_entity(kishida())) if "Q359480-A-1" not in str(each)}
    found = seen(kept_in(tmp_path, turtle(cut), media_type="text/turtle"))["Q359480"]
    assert (found.partial, len(found.statements), found.revision) == (True, 5, "7")


@of_shared
def test_the_dump_of_q42_is_read_and_a_chunk_of_others_is_partial(tmp_path: Path) -> None:
    slices = kept_in(tmp_path, (SHARED / "rdf" / "Q42.ttl").read_bytes(), media_type="text/turtle")
    assert graphs(slices) == {"Q42/1997465481"}
    assert len(slices.graphs[slice_graph("Q42", "1997465481")]) == 4455 - 6, "all but what is said of the dump"
    assert not seen(slices)["Q42"].partial
    slices = kept_in(tmp_path / "b", (SHARED / "rdf" / "small_dump_chunk.ttl").read_bytes(), media_type="text/turtle")
    assert graphs(slices) == {"Q8/1052652842", "Q31/1065756426"}
    assert seen(slices)["Q8"].partial


@of_shared
def test_the_tables_of_holders_are_read(tmp_path: Path) -> None:
    """Rows are counted with the standard library, statements in what was read."""
    path = SHARED / "tenures" / "japan-ministers__html__holders21.csv"
    rows = [row for row in csv.DictReader(io.StringIO(path.read_text())) if row["position"] == "Prime Minister"]
    slices = kept_in(tmp_path, path.read_bytes(), media_type="text/csv", positions={"Prime Minister": "Q274948"})
    found = seen(slices)
    held = {
        (each.subject, *(one.value.time[1:11] for one in each.qualifiers))
        for one in found.values()
        for each in one.of("P39")
    }
    assert held == {(row["personID"], *filter(None, (row["start"], row["end"]))) for row in rows}
    assert len(rows) == 18


# Tables of facts.

SOURCES = "key\tname\turl\tretrieved\tsha256\na\tA table\thttps://example.org/t\t2022-08-02\t" + "0" * 64 + "\n"
HEAD = "item\tproperty\tvalue\tstart\tend\tqualifiers\trank\tstatement\trevision\tsource\n"


def facts(folder: Path, *rows: str) -> Slices:
    (folder / "sources.tsv").write_text("# a comment\n" + SOURCES)
    (folder / "facts.tsv").write_text(HEAD + "".join(f"{row}\n" for row in rows))
    return read_slices(folder)


def test_facts_are_read_from_tables(tmp_path: Path) -> None:
    slices = facts(
        tmp_path,
        "# Vladimir Putin",
        'Q7747\tlabel\t"Vladimir Putin"@en\t\t\t\t\t\t9\ta',
        'Q7747\talias\t"Putin"@en\t\t\t\t\t\t9\ta',
        'Q7747\talias\t"President Putin"@en\t\t\t\t\t\t9\ta',
        'Q7747\tP39\tQ1553195\t1995\t?\tP1365=Q23530; P1545="4"; P8338="un"@fr\tnormal\tQ7747$99f1\t9\ta',
        "Q58217\tP569\t1950-03-21\t\t\t\t\t\t\ta",
    )
    assert graphs(slices) == {"Q7747/9", "Q58217/2022-08-02"}
    found = seen(slices)[PUTIN]
    assert (found.labels, found.revision, found.retrieved, found.partial) == (
        {"en": "Vladimir Putin"}, "9", "2022-08-02", True,
    )  # fmt: skip
    assert found.aliases == {"en": ("President Putin", "Putin")}
    (held,) = found.statements
    assert (held.guid, held.rank, held.item) == ("Q7747$99f1", "normal", "Q1553195")
    assert [(each.property, each.kind) for each in held.qualifiers] == [
        ("P580", "value"), ("P582", "somevalue"), ("P1365", "value"), ("P1545", "value"), ("P8338", "value"),
    ]  # fmt: skip
    assert held.qualifiers[0].value == Time("+1995-01-01T00:00:00Z", 9)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Q1\tP39\tQ2", "line 2: 3 cells stand where 10 were expected"),
        ("Putin\tP39\tQ2\t\t\t\t\t\t\ta", "'Putin' is no item"),
        ("Q1\tLen\tQ2\t\t\t\t\t\t\ta", "'Len' is no property"),
        ("Q1\tP39\tMay\t\t\t\t\t\t\ta", "'May' is no value of P39"),
        ("Q1\tP39\tQ2\tMay\t\t\t\t\t\ta", "'May' is no value of P580"),
        ("Q1\tP39\tQ2\t2017-02-30\t\t\t\t\t\ta", "'2017-02-30' is no value of P580"),
        ("Q1\tP39\tQ2\t2017-13\t\t\t\t\t\ta", "'2017-13' is no value of P580"),
        ("Q1\tP39\tQ2\t\t\tP1\t\t\t\ta", "'P1' is no qualifier"),
        ("Q1\tP39\tQ2\t\t\t\tbest\t\t\ta", "'best' is no rank"),
        ("Q1\tP39\tQ2\t\t\t\t\tQ1-a\t\ta", "'Q1-a' is no GUID"),
        ("Q1\tP39\tQ2\t\t\t\t\t\t\tb", "'b' is no key of sources.tsv"),
        ("Q1\tlabel\tPutin\t\t\t\t\t\t\ta", "write a label of an item as"),
    ],
)
def test_a_fact_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(FactError, match=f"facts.tsv, line 2: .*{message}" if "line" not in message else message):
        facts(tmp_path, row)


def test_a_source_has_an_address_a_day_and_a_hash(tmp_path: Path) -> None:
    for wrong in (SOURCES.replace("https://example.org/t", "here"), SOURCES.replace("2022-08-02", "2022")):
        (tmp_path / "sources.tsv").write_text(wrong)
        with pytest.raises(FactError, match="sources.tsv, line 2: a source has an address"):
            read_slices(tmp_path)


def test_a_table_must_have_its_columns(tmp_path: Path) -> None:
    (tmp_path / "facts.tsv").write_text("item\tvalue\n")
    with pytest.raises(FactError, match="the first line must name the columns item, property"):
        read_slices(tmp_path)


def test_the_same_folder_gives_the_same_slices(tmp_path: Path) -> None:
    first = kept_in(tmp_path, kishida())
    again = read_slices(tmp_path, tmp_path)
    assert (first.graphs, first.retrieved) == (again.graphs, again.retrieved)
    assert Literal("2026-04-22", datatype=NamedNode(expand("xsd:date"))) in {each.object for each in again.retrieved}
