"""``/wikidata`` and ``/wikidata/compare``: what there is, and both sides of it."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from reconciled import build_world

from graph.engine import open_engine
from graph.namespaces import GRAPH_COMPARISONS, GRAPH_SLICES, expand
from graph.wikidata.comparison import individual
from server.app import create_app

PROGRAMS = (
    "application/json",
    "application/problem+json",
    "application/sparql-results+json",
    "text/csv",
    "text/turtle",
)


def without_tags(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


class TestOverview:
    def test_verdicts_have_their_meaning_and_sections_their_places(self, corpus_client: FlaskClient) -> None:
        page = corpus_client.get("/wikidata").text
        assert "7 In Wikidata, the holders of an office do not follow each other" in without_tags(page)
        places = re.findall(r'<li><a href="#([a-z]+)"', page)
        assert places == ["compared", "links", "slices", "more"]
        assert all(f'id="{place}"' in page for place in places)

    def test_counts_lead_to_their_comparisons(self, corpus_client: FlaskClient) -> None:
        page = corpus_client.get("/wikidata").text
        counts = dict(re.findall(r'href="/wikidata/compare\?verdict=([a-z-]+)">[^<]*</a></dt><dd>(\d+)</dd>', page))
        assert counts == {"agree": "27", "silent": "1", "duplicate": "1", "chain-gap": "7", "not-linked": "14"}

    def test_slices_with_revision_day_and_source(self, corpus_client: FlaskClient) -> None:
        page = corpus_client.get("/wikidata").text
        assert 'href="https://www.wikidata.org/w/index.php?title=Q7747&amp;oldid=2483686458">2483686458</a>' in page
        rows = [row for row in page.split("<tr") if "<code>Q1654408</code>" in row and "not known" in row]
        assert len(rows) == 2
        for row in rows:
            assert '<a href="/id/person/inada">' in row
            assert "partial" in row
            assert 'href="https://raw.githubusercontent.com/' in row
        assert {"2022-04-14", "2022-07-21"} == set(re.findall("2022-[0-9-]+", without_tags(" ".join(rows))))

    def test_links_with_their_judgement(self, corpus_client: FlaskClient) -> None:
        (row,) = [row for row in corpus_client.get("/wikidata").text.split("<tr") if "<code>Q19300851</code>" in row][
            :1
        ]
        assert ">rejected<" in row
        assert "The father" in row

    def test_a_store_without_wikidata_says_so(self, client: FlaskClient) -> None:
        page = without_tags(client.get("/wikidata").text)
        assert "Nothing has been compared" in page
        assert "Nothing is linked yet" in page
        assert "There are no slices yet" in page


class TestCompare:
    def test_what_differs_is_shown_first_of_all(self, corpus_client: FlaskClient) -> None:
        page = corpus_client.get("/wikidata/compare").text
        assert page.count('<article class="compared"') == 8
        assert "Wikidata has Yoshirō Mori as Prime Minister of Japan in 3 statements whose times overlap" in page
        assert "agree" not in re.findall(r'<small class="tag[^>]*>([^<]*)</small></h2>', page)

    def test_both_sides_of_inada(self, corpus_client: FlaskClient) -> None:
        page = corpus_client.get("/wikidata/compare?about=inada&verdict=agree").text
        article = page.split('<article class="compared"')[1]
        assert 'id="office.inada.jp-defence-minister.2017-03-20"' in article
        here, wikidata = article.split("<h3>Wikidata</h3>")
        assert here.index("Defense Minister Tomomi Inada protested") < here.index(
            "Minister of Foreign Affairs of Japan"
        )
        assert '<a href="/documents/streltsov-new-friends-2017">' in here
        assert (
            'href="https://www.wikidata.org/wiki/Q1654408#Q1654408$A4A1D7DB-2DFC-40BA-A671-D1401B3EA5B9"' in wikidata
        )
        assert "start (P580) 2016-08-03 end (P582) 2017-07-28" in without_tags(wikidata)
        assert "read on 2022-04-14" in without_tags(wikidata)

    def test_a_statement_without_its_guid_leads_to_its_property(self, corpus_client: FlaskClient) -> None:
        page = corpus_client.get("/wikidata/compare?about=wd:Q697258").text
        assert '<a href="https://www.wikidata.org/wiki/Q697258#P39">Nobutaka Machimura</a>' in page
        told = without_tags(page)
        assert "position held (P39): Minister for Foreign Affairs (Q1355043) rank not known" in told
        assert "the source did not tell which statement of Q697258 revision not known, read on 2022-07-21" in told

    @pytest.mark.parametrize("item", ["Q1654408", "wd:Q1654408", "https://www.wikidata.org/wiki/Q1654408"])
    def test_an_item_is_what_is_linked_to_it(self, corpus_client: FlaskClient, item: str) -> None:
        found = [
            re.findall(
                r'<article class="compared" id="([^"]*)"', corpus_client.get(f"/wikidata/compare?{about}").text
            )
            for about in (f"about={item}", "about=inada")
        ]
        assert len(found[0]) == 2
        assert found[0] == found[1]

    def test_quotes_have_the_language_of_their_document(self, corpus_client: FlaskClient) -> None:
        page = corpus_client.get("/wikidata/compare?about=inada&verdict=agree").text
        assert "<blockquote><p>" not in page
        assert '<blockquote lang="en"><p>Defense Minister Tomomi Inada protested' in page

    def test_rank_and_revision(self, corpus_client: FlaskClient) -> None:
        page = corpus_client.get("/wikidata/compare?about=putin&verdict=agree").text
        assert "preferred rank" in page
        assert ">revision 2483686458</a>, read on" in page

    def test_everything_about_a_thing_if_no_verdict_is_asked_for(self, corpus_client: FlaskClient) -> None:
        page = corpus_client.get("/wikidata/compare?about=ushakov").text
        assert page.count('<article class="compared"') == 1
        assert "No statement." in page
        (where,) = re.findall(r'href="/wikidata#(Q4479563-[0-9-]+)"', page)
        assert f'<tr id="{where}">' in corpus_client.get("/wikidata").text

    @pytest.mark.parametrize(
        ("given", "message"), [("verdict=wrong", "verdict: 'wrong'"), ("about=nobody", "nobody")]
    )
    def test_what_cannot_be_understood_is_said_beside_the_form(
        self, corpus_client: FlaskClient, given: str, message: str
    ) -> None:
        answer = corpus_client.get(f"/wikidata/compare?{given}")
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
        assert message in without_tags(answer.text).replace("&#39;", "'")

    @pytest.mark.parametrize("accept", ["*/*", "text/html", "text/html,application/xml;q=0.9,*/*;q=0.8"])
    def test_whoever_takes_pages_gets_the_form(self, corpus_client: FlaskClient, accept: str) -> None:
        answer = corpus_client.get("/wikidata/compare?about=nobody", headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (400, "text/html")
        assert 'id="fault"' in answer.text
        assert "Accept" in answer.vary

    @pytest.mark.parametrize("accept", [*PROGRAMS, "application/json, text/html;q=0.5"])
    @pytest.mark.parametrize(("given", "parameter"), [("verdict=wrong", "verdict"), ("about=nobody", "about")])
    def test_a_program_gets_a_problem(
        self, corpus_client: FlaskClient, given: str, parameter: str, accept: str
    ) -> None:
        answer = corpus_client.get(f"/wikidata/compare?{given}", headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
        told = answer.get_json(force=True)
        assert (told["status"], told["parameter"]) == (400, parameter)
        assert told["expected"]

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ("offset=" + "9" * 5000, "at most nine digits"),
            ("offset=abc", "whole number"),
            ("offset=-1", "whole number"),
            ("offset=%D9%A1", "whole number"),
            ("offset=0&offset=100", "given 2 times"),
            ("verdict=agree&verdict=silent", "given 2 times"),
            ("about=inada&about=putin", "given 2 times"),
        ],
    )
    def test_what_is_no_number_or_given_twice_is_refused(
        self, corpus_client: FlaskClient, given: str, message: str
    ) -> None:
        answer = corpus_client.get(f"/wikidata/compare?{given}")
        assert answer.status_code == 400
        assert message in answer.text

    def test_nothing_is_said_to_be_nothing(self, corpus_client: FlaskClient, client: FlaskClient) -> None:
        assert (
            "No comparison is like that from number 1001 on"
            in corpus_client.get("/wikidata/compare?offset=1000").text
        )
        assert client.get("/wikidata/compare").status_code == 200

    def test_text_from_a_request_is_no_markup(self, corpus_client: FlaskClient) -> None:
        page = corpus_client.get("/wikidata/compare?about=%3Cscript%3E&verdict=%3Cb%3E").text
        assert "<script>" not in page
        assert "<b>" not in page

    def test_the_pages_can_be_kept(self, corpus_client: FlaskClient) -> None:
        first = corpus_client.get("/wikidata/compare")
        assert first.headers["ETag"]
        again = corpus_client.get("/wikidata/compare", headers={"If-None-Match": first.headers["ETag"]})
        assert again.data in (first.data, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/wikidata/compare?offset=x", 400),
        ("/wikidata/compare?merged=perhaps", 400),
        ("/wikidata?merged=perhaps", 400),
        ("/wikidata/judge?thing=person:nobody", 404),
        ("/wikidata/nothing", 404),
        ("/queries/wikidata-disagreements.csv?verdict=wrong", 400),
        ("/reconcile?queries=no", 400),
        ("/reconcile/suggest/entity", 400),
        ("/reconcile/preview?id=nobody", 404),
        ("/reconcile/flyout/type?id=nothing", 404),
    ],
)
def test_programs_get_problems(corpus_client: FlaskClient, path: str, status: int) -> None:
    for accept in PROGRAMS:
        answer = corpus_client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        assert answer.get_json(force=True)["status"] == status


def test_the_page_of_what_is_compared_leads_to_its_comparisons(corpus_client: FlaskClient) -> None:
    html = {"Accept": "text/html"}
    (where,) = re.findall(
        r'<a href="(/wikidata/compare\?[^"]*)"', corpus_client.get("/id/person/inada", headers=html).text
    )
    assert corpus_client.get(where).text.count('<article class="compared"') == 2
    assert "/wikidata/compare" not in corpus_client.get("/id/place/asia-pacific", headers=html).text


def test_items_without_an_english_label_have_their_best_name(tmp_path: Path) -> None:
    about = "comparison:c cq:comparesAbout wd:Q19300851 ; cq:comparedStatement wds:s ; skos:prefLabel 'a' ;"
    statement = f"cq:inWords 'b' ; cq:verdict {individual('silent')} . wds:s cq:statementOf wd:Q1906668 ."
    slices = "<urn:s> a cq:Slice ; cq:sliceOf wd:Q1906668 . <urn:t> a cq:Slice ; cq:sliceOf wd:Q19300851 ."
    beside = {GRAPH_SLICES: slices, GRAPH_COMPARISONS: f"{about} {statement}"}
    client = create_app(open_engine(build_world(tmp_path, beside=beside))).test_client()
    for path in ("/wikidata", "/wikidata/compare?verdict=silent"):
        page = without_tags(client.get(path).text)
        assert "Masaharu Nakagawa, in all languages" in page
        assert "Der Vater" in page


def test_the_resource_of_a_comparison_reads_well(corpus_client: FlaskClient) -> None:
    path = expand("comparison:office.inada.jp-defence-minister.2017-03-20").partition("communique")[2]
    page = without_tags(corpus_client.get(path, headers={"Accept": "text/html"}).text)
    assert "has verdict agree" in page
    assert (
        "says in words Dmitry Streltsov (The Moscow Times) and Valery Kistanov (EastRussia) name Tomomi Inada" in page
    )
