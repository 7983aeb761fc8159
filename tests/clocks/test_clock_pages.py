"""The clocks over HTTP: parameters, headers, pages whose links keep them, and refusals."""

import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from pyoxigraph import Literal
from test_known_at import BONN, DIALOGUE, FIRST, TALKS

from graph.engine import open_engine
from graph.engine.embedded import Embedded
from graph.limits import Limits
from graph.views import Views
from graph.views.joined import joined
from server.app import create_app

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/sparql-results+json"}
MEETINGS = "SELECT ?meeting { ?meeting a <https://w3id.org/communique/vocab#Meeting> }"
PAGES = (
    "/",
    "/documents/",
    "/documents/streltsov-new-friends-2017",
    "/queries",
    "/queries/meetings",
    f"/id/{TALKS.replace(':', '/')}",
    "/id/person/lavrov",
    "/sparql",
    "/vocab",
)


def count(response) -> int:
    return len(json.loads(response.text)["results"]["bindings"])


def sparql(client, **given):
    return client.get(
        "/sparql",
        query_string={"query": MEETINGS, **{k.replace("_", "-"): v for k, v in given.items()}},
        headers=JSON,
    )


def test_sparql_answers_from_one_view_and_says_from_which(timed) -> None:
    certain, possible = (
        sparql(timed, known_at="2017-04-10"),
        sparql(timed, known_at="2017-04-10", certainty="possible"),
    )
    assert (count(certain), count(possible)) == (4, 8)
    for response, certainty, other in ((certain, "certain", "possible"), (possible, "possible", "certain")):
        assert response.headers["Known-At"] == "2017-04-10"
        assert response.headers["Certainty"] == certainty
        assert response.headers["Other-Certainty"] == "differs"
        (link,) = response.headers.getlist("Link")
        url = link[1:].partition(">")[0]
        assert f'rel="alternate"; title="the {other} answer"' in link
        assert timed.get(url, headers=JSON).headers["Certainty"] == other
    assert count(timed.get(re.findall("<(.*?)>", certain.headers["Link"])[0], headers=JSON)) == 8


def test_a_view_that_is_the_same_has_no_other(timed) -> None:
    response = sparql(timed, known_at="2017-03-20")
    assert response.headers["Other-Certainty"] == "same"
    assert "Link" not in response.headers


def test_a_posted_form_and_a_posted_query_have_clocks_too(timed) -> None:
    form = timed.post("/sparql", data={"query": MEETINGS, "known-at": "2017-03-20"}, headers=JSON)
    direct = timed.post(
        "/sparql?known-at=2017-03-20", data=MEETINGS, content_type="application/sparql-query", headers=JSON
    )
    assert count(form) == count(direct) == 4
    assert form.headers["Known-At"] == direct.headers["Known-At"] == "2017-03-20"
    twice = timed.post(
        "/sparql?known-at=2017-03-20", data={"query": MEETINGS, "known-at": "2017-03-20"}, headers=JSON
    )
    assert twice.status_code == 400
    assert "more than once" in twice.text


def test_without_clocks_nothing_changes(timed, corpus_client) -> None:
    for url in (*PAGES, "/queries/meetings.csv", "/queries/meetings.json"):
        ours, plain = timed.get(url), corpus_client.get(url)
        strip = re.compile(r'<details class="clock">.*?</details>\n*', re.DOTALL)
        assert strip.sub("", ours.text).split() == plain.text.split()
        assert ours.headers.get("ETag") == plain.headers.get("ETag")
        assert not {"Certainty", "Other-Certainty", "Known-At"} & set(ours.headers.keys())


@pytest.mark.parametrize("url", PAGES)
def test_a_page_says_what_it_shows_and_its_links_keep_the_clocks(timed, url) -> None:
    response = timed.get(url, query_string={"known-at": "2017-03-20", "valid-at": "2017-03-20"}, headers=HTML)
    assert response.status_code == 200
    assert "As known on 20 March 2017 · what was so on 20 March 2017." in response.text
    links = re.findall(r'<a\b[^>]*?href="(/[^"]*)"', re.sub(r"<a data-now.*?</a>", "", response.text))
    assert len(links) > 4
    for link in links:
        query = dict(parse_qsl(urlsplit(link.replace("&amp;", "&")).query))
        assert (query.get("known-at"), query.get("valid-at")) == ("2017-03-20", "2017-03-20"), link
    forms = re.findall(r"<form action.*?</form>", response.text, re.DOTALL)
    assert all('name="known-at" value="2017-03-20"' in form for form in forms)
    assert 'href="/static/style.css"' in response.text
    (now,) = re.findall(r'<a data-now href="([^"]*)"', response.text)
    assert now == url


def test_a_resource_of_which_nobody_knew_is_not_found(timed) -> None:
    url = f"/id/{DIALOGUE.replace(':', '/')}"
    before = timed.get(url, query_string={"known-at": "2017-03-20"}, headers=HTML)
    assert before.status_code == 404
    assert "As known on 20 March 2017" in before.text
    assert timed.get(url, query_string={"known-at": "2017-04-10"}).status_code == 404
    assert timed.get(url, query_string={"known-at": "2017-04-10", "certainty": "possible"}).status_code == 200


def test_the_form_of_the_pages_leaves_out_what_is_empty(timed) -> None:
    given = {"clock-form": "1", "valid-at": "", "known-at": " 2017-03-20", "recorded-at": "", "certainty": ""}
    response = timed.get("/queries/meetings", query_string={"state": "japan", **given})
    assert response.status_code == 303
    assert response.location == "/queries/meetings?state=japan&known-at=2017-03-20"
    nothing = timed.get("/", query_string={"clock-form": "1", "known-at": "", "certainty": "possible"})
    assert nothing.location == "/"
    elsewhere = timed.get("/", query_string=given, environ_overrides={"PATH_INFO": "//evil.example/"})
    assert elsewhere.location.startswith("/evil.example/")


def test_a_page_offers_the_form_with_what_is_set(timed) -> None:
    page = timed.get(
        "/queries/meetings", query_string={"state": "japan", "known-at": "2017-03-20"}, headers=HTML
    ).text
    (form,) = re.findall(r'<form class="clock".*?</form>', page, re.DOTALL)
    assert '<input type="hidden" name="state" value="japan">' in form
    assert 'name="known-at" value="2017-03-20"' in form
    assert form.count('name="known-at"') == 1


@pytest.mark.parametrize("kind", ["json", "csv", "html"])
def test_a_saved_query_has_a_column_for_certainty(timed, kind) -> None:
    response = timed.get(f"/queries/who-met-whom.{kind}", query_string={"known-at": "2017-04-10"})
    assert response.status_code == 200
    if kind == "csv":
        head, *rows = response.text.splitlines()
        assert head.endswith(",certainty")
        assert {row.rpartition(",")[2] for row in rows} == {"certain", "possible"}
    elif kind == "json":
        told = json.loads(response.text)
        assert told["head"]["vars"][-1] == "certainty"
        assert {row["certainty"]["value"] for row in told["results"]["bindings"]} == {"certain", "possible"}
    else:
        assert '<th scope="col">certainty</th>' in response.text
        assert response.text.count('<td data-label="certainty">possible</td>') == 5
        assert "marked <em>possible</em>" in response.text


def test_a_query_with_a_column_of_that_name_gets_another(timed) -> None:
    response = timed.get("/queries/planned-as-of.csv", query_string={"known-at": "2017-04-10", "date": "2017-04-10"})
    columns = response.text.splitlines()[0].split(",")
    assert columns[-1] == "viewCertainty"
    assert len(set(columns)) == len(columns)


def test_next_pages_keep_the_clocks(timed) -> None:
    url, seen = "/queries/meetings.csv?known-at=2017-04-10&limit=3", []
    while url:
        response = timed.get(url)
        seen += response.text.splitlines()[1:]
        url = next(iter(re.findall('<([^>]*)>; rel="next"', ", ".join(response.headers.getlist("Link")))), None)
        assert url is None or "known-at=2017-04-10" in url
    assert seen == timed.get("/queries/meetings.csv?known-at=2017-04-10").text.splitlines()[1:]
    assert timed.get("/queries/meetings.csv?known-at=2017-04-10&offset=500").status_code == 404


def test_a_name_that_only_the_possible_view_knows_may_be_asked_for(timed) -> None:
    given = {"resource": DIALOGUE, "known-at": "2017-04-10"}
    joined_ = timed.get("/queries/evidence-for.csv", query_string=given)
    assert {line.rpartition(",")[2] for line in joined_.text.splitlines()[1:]} == {"possible"}
    certain = timed.get("/queries/evidence-for.csv", query_string={**given, "certainty": "certain"})
    assert certain.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        *("known-at=", "known-at=2017", "known-at=2017-02-29", "known-at=2017-03-20&known-at=2017-03-20"),
        *("certainty=possible", "known-at=2017-03-20&certainty=maybe", "valid-at=%00", "recorded-at=then"),
        *("known%2Dat=x", "known_at=2017-03-20", "Known-At=2017-03-20", "knownAt=2017-03-20", "known-at=%FF"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/queries/meetings", "/id/person/lavrov", "/documents/", "/sparql"])
def test_what_is_no_clock_is_refused_wherever_it_is_sent(timed, path, query) -> None:
    response = timed.get(f"{path}?{query}", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert json.loads(response.text)["detail"]
    assert response.headers["Cache-Control"] == "no-store"


def test_a_text_that_names_a_clock_is_no_clock(timed) -> None:
    response = timed.get("/queries/evidence-for", query_string={"resource": "known-at=2017-03-20"}, headers=HTML)
    assert "Known-At" not in response.headers


def test_an_engine_without_views_refuses_clocks(corpus_client) -> None:
    response = corpus_client.get("/queries/meetings.csv?known-at=2017-03-20", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert "this store has no clocks" in response.text
    assert "Ask at another time" not in corpus_client.get("/", headers=HTML).text


def test_answers_have_the_etag_of_their_view(timed) -> None:
    one, same, other = (
        timed.get("/queries/meetings.csv", query_string={"known-at": day}).headers["ETag"][1:17]
        for day in ("2017-03-20", "2017-03-29", "2017-04-10")
    )
    assert one == same != other
    again = timed.get("/queries/meetings.csv?known-at=2017-03-20")
    unchanged = {"If-None-Match": again.headers["ETag"]}
    assert (
        timed.get("/queries/meetings.csv?known-at=2017-03-29", headers=unchanged).headers["ETag"]
        != again.headers["ETag"]
    )


def test_a_view_that_takes_its_time_is_promised(built, tmp_path) -> None:
    views = Views(built, Limits(view_waiting_seconds=0.0), Embedded, tmp_path)
    client = create_app(open_engine(built), views=views).test_client()
    for headers in (HTML, JSON):
        response = client.get("/queries/meetings?known-at=2017-03-20", headers=headers)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
    views.close()


def row(number: int):
    return (Literal(number),)


@pytest.mark.parametrize(
    ("certain", "possible", "wanted"),
    [
        ([], [], ""),
        ([1, 2], [1, 2], "1c 2c"),
        ([], [1, 2], "1p 2p"),
        ([2], [1, 2, 3], "1p 2c 3p"),
        ([1, 3], [2, 3], "2p 1p 3c"),
        ([1, 1], [1, 1, 1], "1c 1c 1p"),
        ([1, 2, 5], [2, 3], "1p 2c 3p 5p"),
        ([2, 1], [1, 2], "2c 1c"),
    ],
)
def test_the_rows_of_two_views_are_joined(certain, possible, wanted) -> None:
    found = joined([row(n) for n in certain], [row(n) for n in possible])
    told = [f"{cells[0].value}{mark[0]}" for cells, mark in found]
    assert sorted(told) == sorted(wanted.split())
    if certain == sorted(certain):
        assert told == wanted.split()


def test_links_say_where_the_meetings_are_that_were_known(timed) -> None:
    page = timed.get("/queries/meetings?" + urlencode({"known-at": "2017-03-20"}), headers=HTML).text
    for meeting in (FIRST, BONN, TALKS):
        assert f"/id/{meeting.replace(':', '/')}?known-at=2017-03-20" in page
    assert DIALOGUE.partition(":")[2] not in page
