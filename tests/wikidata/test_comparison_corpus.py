"""The two documents beside the shipped facts of Wikidata, through the saved query and the shell; by hand."""

import csv
import io
import json
from typing import Any

import pytest
from both_sides import entity, held, world
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from rdflib import Dataset as RdflibDataset

from graph.engine import Engine
from graph.names import Names
from graph.namespaces import GRAPH_COMPARISONS, expand, prologue, shorten
from graph.saved_query import ArgumentError, answer, catalogue
from graph.wikidata.comparison import NO_DIFFERENCE, VERDICTS, individual, verdict_of
from graph.wikidata.comparison import comparisons as made_of
from server.cli import main

QUERY = catalogue()["wikidata-disagreements"]
Row = dict[str, str]


def text(cell: object) -> str:
    if isinstance(cell, NamedNode):
        return shorten(cell.value)
    return cell.value if isinstance(cell, Literal) else ""


@pytest.fixture(scope="module")
def names(corpus_engine: Engine) -> Names:
    return Names(corpus_engine)


def rows(engine: Engine, names: Names, **given: str) -> list[Row]:
    page = answer(QUERY, given, engine, names)
    return [dict(zip(page.columns, map(text, row), strict=True)) for row in page.rows]


def comparisons(found: list[Row]) -> set[str]:
    return {row["comparison"].removeprefix("comparison:") for row in found}


OFFICE_QUESTIONS = {
    "office.abe.jp-prime-minister.2016-12-01.2016-12-31",
    "office.abe.jp-prime-minister.2017-03-20",
    "office.abe.jp-prime-minister.2017-03-30.2017-04-27",
    "office.inada.jp-defence-minister.2017-03-20",
    "office.kishida.jp-foreign-minister.2017-02-01.2017-02-28",
    "office.kishida.jp-foreign-minister.2017-03-20",
    "office.lavrov.ru-foreign-minister.2017-03-20",
    "office.lavrov.ru-foreign-minister.2017-03-29",
    "office.oreshkin.ru-economic-development-minister.2017-03-20",
    "office.putin.ru-president.2016-12-01.2016-12-31",
    "office.putin.ru-president.2017-03-30.2017-04-27",
    "office.shoigu.ru-defence-minister.2017-03-20",
}


def test_every_office_question_that_wikidata_can_answer_agrees(corpus_engine: Engine, names: Names) -> None:
    agreeing = comparisons(rows(corpus_engine, names, verdict="Agrees"))
    assert {each for each in agreeing if each.startswith("office.")} == OFFICE_QUESTIONS


def test_no_document_is_at_odds_with_wikidata(corpus_engine: Engine, names: Names) -> None:
    assert not [row for row in rows(corpus_engine, names) if row["evidence"]]


def test_inada_with_both_documents_and_the_statement(corpus_engine: Engine, names: Names) -> None:
    found = rows(corpus_engine, names, about="inada", verdict="Agrees")
    on_the_day = [row for row in found if row["comparison"].endswith("2017-03-20")]
    assert {row["documentLabel"] for row in on_the_day} == {
        "Russia-Japan: 2 + 2 =?",
        "New Friends: Russia and Japan Are Finding Common Ground",
    }
    assert {row["statement"] for row in on_the_day} == {"wds:Q1654408-A4A1D7DB-2DFC-40BA-A671-D1401B3EA5B9"}
    assert {(row["qualifiers"], row["retrieved"]) for row in on_the_day} == {
        ("P580 2016-08-03; P582 2017-07-28", "2022-04-14")
    }
    assert on_the_day[0]["sentence"] == (
        "Dmitry Streltsov (The Moscow Times) and Valery Kistanov (EastRussia) name Tomomi Inada as Defence Minister "
        "of Japan on 20 March 2017; Wikidata's statement Q1654408$A4A1D7DB-2DFC-40BA-A671-D1401B3EA5B9, as "
        "read on 14 April 2022, has Tomomi Inada in that office from 3 August 2016 to 28 July 2017."
    )


def test_putin_by_a_statement_of_normal_or_preferred_rank_with_its_revision(
    corpus_engine: Engine, names: Names
) -> None:
    (row,) = [r for r in rows(corpus_engine, names, about="putin", verdict="Agrees") if "2016" in r["comparison"]]
    assert (row["statement"], row["rank"], row["revision"]) == (
        "wds:q7747-6C005620-3B92-4FE7-9EA0-C66DD660B9EB",
        "wikibase:PreferredRank",
        "2483686458",
    )


def test_ushakovs_post_is_silence(corpus_engine: Engine, names: Names) -> None:
    (row,) = rows(corpus_engine, names, verdict="Silent")
    assert row["comparison"] == "comparison:office.ushakov.ru-presidential-aide.2016-12-01.2016-12-31"
    assert row["evidence"] == "a:kistanov-ushakov-russian-law"
    # The tables have one office of his, by name alone: no statement was looked at that could mean the post.
    assert row["sentence"].endswith(
        "; no statement of Wikidata's item Q4479563 on any office is here, "
        "as the slice has only some of its statements."
    )


def test_the_tenures_agree_with_what_they_were_read_from_and_only_documents_agree_independently(
    corpus_engine: Engine,
) -> None:
    counted = (
        "SELECT ?own (COUNT(?c) AS ?n) { GRAPH <https://w3id.org/communique/graph/comparisons> "
        "{ ?c cq:verdict cq:Agrees OPTIONAL { ?c cq:comparesWithSource ?own } } } GROUP BY ?own"
    )
    found = {tuple(map(text, row)) for row in corpus_engine.select(prologue("cq") + counted).rows}
    assert found == {("", "12"), ("true", "15")}


def test_each_statement_stands_in_the_slice_that_has_it(corpus_engine: Engine) -> None:
    asked = (
        "SELECT DISTINCT ?s { GRAPH <https://w3id.org/communique/graph/comparisons> { ?s cq:inSlice ?slice } "
        "FILTER NOT EXISTS { GRAPH ?slice { ?item ?p ?s } } }"
    )
    assert corpus_engine.select(prologue("cq") + asked).rows == ()
    of_inada = (
        "SELECT DISTINCT ?slice { GRAPH <https://w3id.org/communique/graph/comparisons> { "
        "<https://w3id.org/communique/id/comparison/tenure.inada-jp-defence-minister-2016> "
        "cq:comparedSlice ?slice ; cq:comparedStatement/cq:inSlice ?slice } }"
    )
    (slice_,) = (text(cell) for row in corpus_engine.select(prologue("cq") + of_inada).rows for cell in row)
    assert slice_.endswith("Q1654408/2022-04-14")


def test_mori_three_times_and_nobody_as_foreign_minister(corpus_engine: Engine, names: Names) -> None:
    found = rows(corpus_engine, names)
    mori = [row for row in found if row["verdict"] == "cq:Duplicate"]
    assert {(row["qualifiers"]) for row in mori} == {
        "P580 2000-04-05; P582 2000-07-04",
        "P580 2000-04-05; P582 2001-04-26",
        "P580 2000-07-04; P582 2001-04-26",
    }
    assert comparisons([row for row in found if row["verdict"] == "cq:ChainGap"]) == {
        "gap.jp-defence-minister.2009-09-17.2009-09-23",
        "gap.jp-foreign-minister.2005-11-01.2007-08-26",
        "gap.jp-foreign-minister.2007-09-27.2008-09-23",
        "gap.jp-foreign-minister.2009-09-17.2010-09-16",
        "gap.jp-foreign-minister.2021-11-05.2021-11-09",
        "gap.ru-economic-development-minister.2020-01-16.2020-01-20",
        "gap.us-defence-minister.2019-01-01.2019-07-21",
    }


def test_agreement_and_silence_are_no_disagreements(corpus_engine: Engine, names: Names) -> None:
    agreed = {individual(each).value for each in NO_DIFFERENCE}
    assert {expand(row["verdict"]) for row in rows(corpus_engine, names)}.isdisjoint(agreed)
    parameter = QUERY.parameter("verdict")
    assert parameter
    assert [verdict_of(expand(f"cq:{choice}")) for choice in parameter.choices] == list(VERDICTS)
    with pytest.raises(ArgumentError, match="choices"):
        rows(corpus_engine, names, verdict="Held")


def test_all_questions_have_a_verdict_and_nothing_leaves_its_graph(corpus_engine: Engine) -> None:
    of_default = f"{prologue('cq')}ASK {{ ?c a cq:Comparison }}"
    in_graph = f"{prologue('cq')}SELECT ?c {{ GRAPH {GRAPH_COMPARISONS} {{ ?c a cq:Comparison ; cq:verdict ?v }} }}"
    assert not corpus_engine.ask(of_default)
    found = [getattr(row[0], "value", "") for row in corpus_engine.select(in_graph).rows]
    assert len(found) == len(set(found)) == 50


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("verdict", ["", "agree", "duplicate"])
def test_another_engine_gives_the_same_rows_in_the_same_order(verdict: str) -> None:
    lines = ("P39 Q100 P580=2016-08-03 P582=2017-07-28", "P39 Q100 P580=2016-08-03 rank=preferred")
    made = world().says("a1", held("ito", "minister", "2017-03-20")).says("a2", held("ito", "minister", "2018-01-01"))
    made.beside([entity("Q1", "Ito", *lines), entity("Q100", "Minister")])
    made.dataset.comparisons = made_of(made.dataset)
    store = Store()
    store.bulk_extend(made.dataset.quads())
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in made.dataset.merged())
    other = RdflibDataset()
    other.parse(data=store.dump(format=RdfFormat.N_QUADS), format="nquads")
    asked = QUERY.text.replace("(UNDEF UNDEF)", f"({individual(verdict) if verdict in VERDICTS else 'UNDEF'} UNDEF)")
    ours = [tuple(cell and cell.value for cell in row) for row in store.query(asked)]  # type: ignore[union-attr]
    theirs = [tuple(None if cell is None else str(cell) for cell in row) for row in list[Any](other.query(asked))]
    assert theirs == ours
    assert ours


class TestShell:
    def asked(self, runner: CliRunner, built: object, *given: str) -> str:
        done = runner.invoke(main, ["wikidata", "compare", "--store", str(built), *given])
        assert done.exit_code == 0, done.output
        return done.stdout

    def test_sentences_under_their_verdicts(self, runner: CliRunner, built: object) -> None:
        shown = self.asked(runner, built, "--verdict", "duplicate", "--verdict", "silent")
        assert shown.startswith(
            "silent (1)\n  Valery Kistanov (EastRussia) names Yuri Ushakov as Aide to the President"
        )
        assert "duplicate (1)\n  Wikidata has Yoshirō Mori as Prime Minister of Japan in 3 statements" in shown

    def test_about_somebody_by_any_name(self, runner: CliRunner, built: object) -> None:
        listed = json.loads(self.asked(runner, built, "--about", "稲田朋美", "--format", "json"))
        assert [each["verdict"] for each in listed] == ["agree", "agree"]
        assert listed[0]["evidence"].split() == [
            expand(f"a:{name}")
            for name in ("kistanov-2plus2-held", "kistanov-inada-protest", "streltsov-2plus2-held")
        ]

    def test_all_of_it_as_csv(self, runner: CliRunner, built: object) -> None:
        header, *rows = csv.reader(io.StringIO(self.asked(runner, built, "--format", "csv"), newline=""))
        assert header == [
            "comparison", "verdict", "sentence", "about", "evidence", "statements", "slices", "with_source",
            "documents", "quotes", "guids", "ranks", "qualifiers", "revisions", "read",
        ]  # fmt: skip
        assert len(rows) == 50

    def test_what_stands_beside_a_statement_and_a_document(self, runner: CliRunner, built: object) -> None:
        listed = json.loads(self.asked(runner, built, "--about", "Q7747", "--verdict", "agree", "--format", "json"))
        assert [(each["with_source"], each["sentence"][:6]) for each in listed] == [
            ("false", "Valery"), ("true", "Our au"), ("false", "Valery"),
        ]  # fmt: skip
        december = listed[-1]
        assert december["documents"] == expand("document:kistanov-2plus2-2017")
        assert "Putin" in december["quotes"]
        beside = [december[name] for name in ("guids", "ranks", "qualifiers", "revisions", "read")]
        assert beside[0] == "q7747$6C005620-3B92-4FE7-9EA0-C66DD660B9EB"
        assert beside[1:2] + beside[3:] == ["preferred", "2483686458", "2026-04-21"]
        assert "start (P580) 2012-05-07" in beside[2]

    def test_of_several_statements_each_has_its_line(self, runner: CliRunner, built: object) -> None:
        (mori,) = json.loads(self.asked(runner, built, "--verdict", "duplicate", "--format", "json"))
        assert len(mori["statements"].split()) == 3
        assert mori["read"].split("\n") == ["2022-07-21"] * 3
        assert mori["qualifiers"].split("\n") == [
            f"start (P580) {start}; end (P582) {end}"
            for start, end in (
                ("2000-04-05", "2000-07-04"),
                ("2000-04-05", "2001-04-26"),
                ("2000-07-04", "2001-04-26"),
            )
        ]
        assert mori["guids"] == "\n\n", "the table of holders tells no GUID"

    def test_how_many_put_a_tenure_beside_its_source(self, runner: CliRunner, built: object) -> None:
        shown = self.asked(runner, built, "--verdict", "agree", "--about", "https://www.wikidata.org/wiki/Q1654408")
        assert shown.startswith("agree (2, of which 1 puts a tenure beside what it was read from)\n")

    def test_about_an_item_that_nothing_here_is(self, runner: CliRunner, built: object) -> None:
        assert self.asked(runner, built, "--about", "Q32024") == self.asked(runner, built, "--about", "shoigu")
        assert "Yoshirō Mori" in self.asked(runner, built, "--about", "Q233499")
        assert self.asked(runner, built, "--about", "Q1") == ""

    def test_who_is_nobody_is_said_so(self, runner: CliRunner, built: object) -> None:
        done = runner.invoke(main, ["wikidata", "compare", "--store", str(built), "--about", "nobody"])
        assert (done.exit_code, "nothing here is called 'nobody'" in done.stderr) == (2, True)
        nothing = runner.invoke(main, ["wikidata", "compare", "--store", str(built), "--verdict", "overlap"])
        assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "No comparison is like that.\n")
