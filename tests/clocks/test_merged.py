"""``merged=true``: the view with Wikidata over HTTP and in the shell, alone and with the clocks."""

import html
import json
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, Store, parse
from view_making import make_here

from graph.derivation import derive
from graph.engine import open_engine
from graph.engine.embedded import Embedded
from graph.limits import Limits
from graph.names import Names
from graph.namespaces import GRAPH_MERGED, GRAPH_WITH_WIKIDATA, GRAPHS, cq, prologue, shorten
from graph.saved_query import catalogue
from graph.store.corpus import read_manifest, write
from graph.views import FOLDER, Views
from graph.views.calendar import documents_known
from graph.views.clocks import MergedError, read_clocks
from graph.views.question import Question
from graph.views.selection import only_known, read_dataset
from graph.wikidata.merging import merge
from graph.wikidata.slices import newest
from server.app import create_app
from server.cli import main

FIRST = "meeting:ru-jp-2plus2-2013-11-02"
MINISTERS = {"person:lavrov", "person:shoigu", "person:kishida", "person:onodera"}
HOLDERS = {
    "jp-prime-minister": "person:abe",
    "jp-foreign-minister": "person:kishida",
    "jp-defence-minister": "person:inada",
    "ru-president": "person:putin",
    "ru-foreign-minister": "person:lavrov",
    "ru-defence-minister": "person:shoigu",
    "ru-economic-development-minister": "person:oreshkin",
}
JSON = {"Accept": "application/sparql-results+json"}
HTML = {"Accept": "text/html"}
TOOK_PART = prologue("cq", "meeting") + f"SELECT ?who {{ ?who cq:tookPartIn {FIRST} }}"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
PAGES = ("/", "/queries/participants?meeting=" + FIRST, "/id/person/onodera", "/sparql", "/documents/", "/vocab")


@pytest.fixture(scope="module", autouse=True)
def _views_made(built: Path, views: Views) -> None:
    """The two views of which is asked here."""
    make_here(views, built, views._room, merged="true")
    make_here(views, built, views._room, merged="true", known_at="2017-03-20")


def values(response, name: str) -> set[str]:
    rows = json.loads(response.text)["results"]["bindings"]
    return {shorten(row[name]["value"]) for row in rows if name in row}


def data_of(response) -> str:
    """The part of the ETag that tells the data."""
    return str(response.headers["ETag"]).partition("-")[0]


def sparql(client, query: str, **given: str):
    named = {name.replace("_", "-"): value for name, value in given.items()}
    return client.get("/sparql", query_string={"query": query, **named}, headers=JSON)


class TestAnswers:
    @pytest.mark.parametrize("office", HOLDERS)
    def test_who_held_each_office_of_the_documents_on_the_day_of_the_talks(self, rows, office) -> None:
        found = rows("who-held-office-at", {"office": office, "date": "2017-03-20"}, merged="true")
        held = [row for row in found if row["certainty"] == "certain"]
        assert {row["person"] for row in held} == {HOLDERS[office]}
        assert "tenure" in {row["basis"] for row in held}

    def test_a_minister_for_a_week_and_a_president_before_the_present_term(self, rows) -> None:
        acting = rows("who-held-office-at", {"office": "jp-defence-minister", "date": "2017-07-30"}, merged="true")
        certain = [(row["person"], row["source"]) for row in acting if row["certainty"] == "certain"]
        assert certain == [("person:kishida", "wds:Q359480-F273C246-6269-4DE3-99F2-AACF28D24CAF")]
        asked = {"office": "ru-president", "date": "2004-06-01"}
        assert {
            row["person"] for row in rows("who-held-office-at", asked, merged="true") if row["certainty"] == "certain"
        } == {"person:putin"}
        assert not [row for row in rows("who-held-office-at", asked) if row["certainty"] == "certain"]

    def test_the_seats_of_the_first_2plus2_are_filled_and_marked(self, rows) -> None:
        asked = {"meeting": FIRST}
        assert {row["person"] for row in rows("participants", asked)} == {""}
        filled = rows("participants", asked, merged="true")
        assert {row["person"] for row in filled} == MINISTERS
        assert {row["basis"] for row in filled} == {"inferred"}
        assert {(row["person"], row["state"]) for row in filled} >= {("person:onodera", "state:japan")}
        met = rows("who-met-whom", {"person": "Onodera"}, merged="true")
        assert {row["other"] for row in met} == {"person:lavrov", "person:shoigu"}
        assert "certainty" not in met[0], "no time is asked for, so no row is merely possible"

    def test_the_words_of_documents_stay_beside_the_tenures(self, rows) -> None:
        found = rows("who-held-office-at", {"office": "jp-prime-minister", "date": "2017-03-20"}, merged="true")
        assert {
            row["basis"]: shorten(row["source"]).partition(":")[0] for row in found if row["certainty"] != "no"
        } == {
            "tenure": "row",
            "incumbency": "a",
        }

    def test_whom_a_tenure_seats_is_no_second_ground_of_the_tenure(self, rows) -> None:
        for office, holder in (("jp-defence-minister", "person:onodera"), ("jp-foreign-minister", "person:kishida")):
            found = rows("who-held-office-at", {"office": office, "date": "2013-11-02"}, merged="true")
            held = [(row["person"], row["basis"]) for row in found if row["certainty"] != "no"]
            assert held == [(holder, "tenure")]

    def test_the_clocks_go_with_it(self, rows) -> None:
        """On 20 March 2017 The Moscow Times told of the first 2+2."""
        known = rows("participants", {"meeting": FIRST}, merged="true", known_at="2017-03-20")
        assert {row["person"] for row in known} == MINISTERS

    def test_the_day_before_nobody_had_told_of_it(self, built, at) -> None:
        """What the view of 19 March is made of; it need not be stored to be looked at."""
        days = [at(merged="true", known_at=day).view("certain") for day in ("2017-03-19", "2017-03-20")]
        assert days[0] != days[1]
        whole = read_dataset(Store.read_only(str(built / read_manifest(built).store)))
        told = [documents_known(whole, day, "certain") for day in ("2017-03-19", "2017-03-20")]
        assert (len(told[0]), len(told[1])) == (0, 1)
        before = only_known(whole, told[0])
        derive(before)
        before.wikidata = newest(before.slices, before.retrieved)
        merge(before)
        predicates = {t.predicate for t in before.with_wikidata}
        assert cq("tookPartIn") not in predicates
        assert cq("readIn") in predicates, "the clock is of the documents alone"


class TestHttp:
    def test_the_default_graph_is_the_view_and_says_so(self, timed) -> None:
        local, merged = sparql(timed, TOOK_PART), sparql(timed, TOOK_PART, merged="true")
        assert (values(local, "who"), values(merged, "who")) == (set(), MINISTERS)
        assert merged.headers["Merged"] == "true"
        assert not {"Certainty", "Other-Certainty"} & set(merged.headers.keys())
        assert data_of(merged) != data_of(local)
        assert "Merged" in timed.get("/").headers["Access-Control-Expose-Headers"]
        posted = timed.post("/sparql", data={"query": TOOK_PART, "merged": "true"}, headers=JSON)
        assert values(posted, "who") == MINISTERS

    def test_the_same_view_is_a_graph_without_it(self, timed) -> None:
        named = COUNT.replace("?s ?p ?o", f"GRAPH {GRAPH_WITH_WIKIDATA} {{ ?s ?p ?o }}")
        as_default = COUNT.replace("?s ?p ?o", f"GRAPH {GRAPH_MERGED} {{ ?s ?p ?o }}")
        counts = [
            values(response, "n")
            for response in (
                sparql(timed, named),
                sparql(timed, COUNT, merged="true"),
                sparql(timed, as_default, merged="true"),
            )
        ]
        assert counts[0] == counts[1] == counts[2]
        assert values(sparql(timed, COUNT), "n") == values(sparql(timed, as_default), "n") != counts[0]

    def test_clocks_and_merged_together_are_told_together(self, timed) -> None:
        response = sparql(timed, TOOK_PART, merged="true", known_at="2017-04-10")
        told = {name: response.headers[name] for name in ("Merged", "Known-At", "Certainty", "Other-Certainty")}
        assert told == {
            "Merged": "true", "Known-At": "2017-04-10", "Certainty": "certain", "Other-Certainty": "differs",
        }  # fmt: skip
        (link,) = re.findall("<(.*?)>", response.headers["Link"])
        assert dict(parse_qsl(urlsplit(link).query))["merged"] == "true"

    def test_false_is_as_if_it_were_not_given(self, timed) -> None:
        plain = timed.get("/queries/participants.csv", query_string={"meeting": FIRST})
        false = timed.get("/queries/participants.csv", query_string={"meeting": FIRST, "merged": "false"})
        assert (false.text, data_of(false)) == (plain.text, data_of(plain))
        assert "Merged" not in false.headers

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("merged=maybe", "'true'"),
            ("merged=", "'true'"),
            ("merged=TRUE", "'true'"),
            ("Merged=true", "'merged'"),
            ("mer-ged=true", "'merged'"),
            ("merged=true&merged=true", "more than once"),
            ("merged=true&merged=false", "more than once"),
            ("merged=true&certainty=possible", "at a clock"),
        ],
    )
    def test_what_is_not_understood_is_refused(self, timed, query, words) -> None:
        response = timed.get(f"/queries/meetings.json?{query}")
        assert response.status_code == 400
        assert words in response.text

    def test_why_tells_the_words_and_the_statement(self, timed) -> None:
        triple = {"subject": "person:onodera", "predicate": "cq:tookPartIn", "object": FIRST}
        assert timed.get("/why.json", query_string=triple).status_code == 404
        told = timed.get("/why.json", query_string={**triple, "merged": "true"})
        assert told.status_code == 200
        assert "Q49969-D0B54187-A86B-4456-97A3-B1E71BEE6C77" in told.text
        assert "held their first such 2+2 meeting Nov. 2, 2013" in told.text
        page = timed.get("/why", query_string={**triple, "merged": "true"}, headers=HTML).text
        assert "through the links" in page
        assert 'href="/id/link/person.onodera.q49969?merged=true"' in page

    def test_rows_are_explained_from_the_view(self, timed) -> None:
        given = {"meeting": FIRST, "merged": "true", "explain": "true"}
        told = json.loads(timed.get("/queries/participants.json", query_string=given).text)
        text = json.dumps(told["explanations"])
        assert "Q49969-D0B54187" in text
        assert "held their first such 2+2 meeting" in text

    @pytest.mark.parametrize(
        ("name", "given"), [("participants", {"meeting": FIRST}), ("who-met-whom", {"person": "person:onodera"})]
    )
    def test_what_a_row_infers_is_told_by_rule_statement_and_links_and_not_by_the_document(
        self, timed, name, given
    ) -> None:
        asked = {**given, "merged": "true", "explain": "true"}
        page = timed.get(f"/queries/{name}", query_string=asked, headers=HTML).text
        text = " ".join(re.sub("<[^>]*>", " ", html.unescape(page)).split())
        rule = "the seat of an office that one person held on the day was that person's"
        assert f"an attendance for Japan has participant Itsunori Onodera inferred {rule} [1]" in text
        assert "an attendance for Japan names nobody, says Dmitry Streltsov in The Moscow Times" in text
        tenure = "Itsunori Onodera as Defence Minister of Japan, 2012–2014"
        statement = "Q49969-D0B54187-A86B-4456-97A3-B1E71BEE6C77, read on 2022-04-14"
        links = "office.jp-defence-minister.q6500838 and person.onodera.q49969"
        assert f"{tenure}, by Wikidata ({statement}), through the links {links}" in text
        assert "by the link office.jp-defence-minister.q6500838, judged on 2026-11-22" in text
        assert "an attendance for Japan is stated in Dmitry Streltsov in The Moscow Times on record" in text
        assert "the attendance of" not in text, "the words name nobody"


class TestPages:
    @pytest.mark.parametrize("url", PAGES)
    def test_a_page_says_that_wikidata_counts_and_its_links_keep_it(self, timed, url) -> None:
        path, _, query = url.partition("?")
        response = timed.get(path, query_string=[*parse_qsl(query), ("merged", "true")], headers=HTML)
        assert response.status_code == 200
        assert "With Wikidata." in response.text
        assert "Show it without Wikidata" in response.text
        own = re.findall(r'<a\b[^>]*?href="(/[^"]*)"', re.sub(r"<a data-now.*?</a>", "", response.text))
        assert own
        assert all("merged=true" in link for link in own if not link.startswith("/static/"))
        assert 'name="merged" value="true" checked' in response.text

    def test_the_form_asks_for_it_and_leaves_it_out_when_it_is_not_ticked(self, timed) -> None:
        form = {"clock-form": "1", "valid-at": "", "known-at": "", "recorded-at": "", "certainty": "certain"}
        ticked = timed.get("/queries/meetings", query_string={**form, "merged": "true"})
        assert ticked.headers["Location"] == "/queries/meetings?merged=true"
        assert timed.get("/queries/meetings", query_string=form).headers["Location"] == "/queries/meetings"

    def test_a_tenure_of_wikidata_has_a_page_in_the_view_only(self, timed, at) -> None:
        query = prologue("cq", "org", "person") + (
            "SELECT ?t { ?t org:member person:onodera ; cq:readIn ?slice ; cq:endLatest ?end } ORDER BY ?end LIMIT 1"
        )
        ((tenure,),) = at(merged="true").engine().select(query).rows
        path = "/id/" + shorten(tenure.value).replace(":", "/", 1)
        page = timed.get(path, query_string={"merged": "true"}, headers=HTML)
        assert page.status_code == 200
        assert "Wikidata" in page.text
        assert "<h1>Itsunori Onodera as Defence Minister of Japan, 2012–2014</h1>" in page.text
        assert timed.get(path, headers=HTML).status_code == 404

    def test_tenures_are_called_after_holder_office_and_years(self, timed) -> None:
        page = timed.get("/id/person/onodera", query_string={"merged": "true"}, headers=HTML).text
        shown = re.sub("<[^>]*>", " ", page)
        assert "Itsunori Onodera as Defence Minister of Japan, 2012–2014" in shown
        assert "onodera-jp-defence-minister" not in shown

    def test_the_table_has_the_columns_of_the_query_and_certainty_only_at_a_clock(self, timed) -> None:
        given = {"meeting": "meeting:ru-jp-2plus2-2013-11-02", "merged": "true"}
        for clocks, last in (({}, "evidence"), ({"known-at": "2017-03-20"}, "certainty")):
            page = timed.get(
                "/queries/participants", query_string={**given, **clocks}, headers={"Accept": "text/html"}
            )
            assert re.findall(r'<th scope="col">(\w+)</th>', page.text)[-1] == last
            assert re.findall(r'<td data-label="(\w+)">', page.text)[-1] == last

    def test_a_page_without_it_shows_nothing_that_only_the_view_has(self, timed) -> None:
        url = "/id/meeting/" + FIRST.partition(":")[2]
        assert "Onodera" not in timed.get(url, headers=HTML).text
        assert "Onodera" in timed.get(url, query_string={"merged": "true"}, headers=HTML).text


@pytest.fixture(scope="module")
def bare(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store without anything of Wikidata."""
    folder = tmp_path_factory.mktemp("bare")
    names = ("wikidata", "with-wikidata", "tenures", "slices", "entailed-with-wikidata")
    quads = parse((built / read_manifest(built).dataset).read_bytes(), format=RdfFormat.N_QUADS)
    kept = [
        quad for quad in quads if not str(quad.graph_name.value).startswith(tuple(GRAPHS + name for name in names))
    ]
    write(folder, kept, "bare", {}, {}, "2026-11-21")
    return folder


class TestWithoutWikidata:
    def test_the_answer_is_the_same_and_the_header_says_why(self, bare) -> None:
        views = Views(bare, Limits(view_waiting_seconds=120.0), Embedded)
        client = create_app(open_engine(bare), views=views).test_client()
        plain, merged = sparql(client, TOOK_PART), sparql(client, TOOK_PART, merged="true")
        assert (plain.text, data_of(plain)) == (merged.text, data_of(merged))
        assert merged.headers["Merged"] == "nothing"
        page = client.get("/", query_string={"merged": "true"}, headers=HTML)
        assert "With Wikidata, of which nothing is here." in page.text
        views.close()

    def test_a_store_without_clocks_refuses_it(self, corpus_client) -> None:
        response = sparql(corpus_client, TOOK_PART, merged="true")
        assert response.status_code == 400
        assert "no view with Wikidata" in response.text
        assert sparql(corpus_client, TOOK_PART, merged="false").status_code == 200


class TestShell:
    @pytest.fixture
    def run(self, built: Path, views: Views, runner: CliRunner, tmp_path: Path):
        shutil.copytree(built, tmp_path / "store", ignore=shutil.ignore_patterns(FOLDER))
        shutil.copytree(views._room, tmp_path / "store" / FOLDER)
        return lambda *words: runner.invoke(main, words, env={"COMMUNIQUE_STORE": str(tmp_path / "store")})

    def test_it_asks_with_wikidata_and_without(self, run) -> None:
        asked = ("ask", "participants", "--meeting", FIRST, "--format", "csv")
        assert "Onodera" not in run(*asked).stdout
        assert "Onodera" in run(*asked, "--merged").stdout
        told = run("why", "Onodera", "met", "Lavrov", "--merged")
        assert told.exit_code == 0, told.output
        assert "by Wikidata (Q49969-D0B54187-A86B-4456-97A3-B1E71BEE6C77" in " ".join(told.stdout.split())
        assert run("why", "Onodera", "met", "Lavrov").exit_code == 1


def test_it_is_one_view_whoever_asks_and_another_one_with_a_clock(at, views, corpus_engine) -> None:
    plain = at(merged="true")
    assert plain.view("certain") == plain.view("possible") != at(known_at="2017-03-20").view("certain")
    assert at(merged="true", known_at="2017-03-20").view("certain") != at(known_at="2017-03-20").view("certain")
    assert at(merged="true", known_at="2030-01-01", certainty="possible").view("possible") == plain.view("certain")
    again = Question(read_clocks([("merged", "true")]), views, corpus_engine)
    assert again.view("certain") == plain.view("certain")
    again.close()


def test_a_value_that_is_neither_is_an_error_of_its_own() -> None:
    with pytest.raises(MergedError, match="neither|expected"):
        read_clocks([("merged", "yes")])
    assert not read_clocks([("merged", "false")])
    assert read_clocks([("merged", "true")]).given == {"merged": "true"}


def test_what_wikidata_does_not_touch_is_answered_alike(at, corpus_engine) -> None:
    """Queries on claims, positions and words have the same rows, in the same order, in both views."""
    merged = at(merged="true")
    for name in ("agreements", "deployments", "disagreements", "meetings", "proposals", "statements", "timeline"):
        query = catalogue()[name]
        local = Question(read_clocks([]), merged._views, corpus_engine)
        pages = [each.page(query, {}, Names(each.engine()), 1000) for each in (local, merged)]
        assert pages[0] == pages[1], name
