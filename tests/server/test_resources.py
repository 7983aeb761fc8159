"""Every IRI of ours answers: with a page that shows the ground of each statement, and with RDF."""

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from graph.engine import Engine
from graph.namespaces import BASE
from server.app import local

BROWSER = {"Accept": "text/html"}
MEETING = "/id/meeting/talks-2017"


class Page(HTMLParser):
    """What a test asks of a page: elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(client: FlaskClient, path: str) -> Page:
    response = client.get(path, headers=BROWSER)
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8"), path
    return Page(response.text)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "text/html; charset=utf-8"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("text/html;q=0.5, text/turtle;q=0.6", "text/turtle; charset=utf-8"),
    ],
)
def test_a_resource_is_negotiated(client: FlaskClient, accept: str | None, content_type: str) -> None:
    response = client.get(MEETING, headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.content_type) == (200, content_type)
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("suffix", "form"), [("ttl", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES), ("jsonld", RdfFormat.JSON_LD)]
)
def test_a_suffix_asks_for_one_representation(client: FlaskClient, suffix: str, form: RdfFormat) -> None:
    response = client.get(f"{MEETING}.{suffix}", headers=BROWSER)
    triples = list(parse(response.data, format=form))
    assert any(quad.subject.value == f"{BASE}id/meeting/talks-2017" for quad in triples)  # type: ignore[union-attr]


def test_no_format_that_is_not_offered(client: FlaskClient) -> None:
    assert client.get(MEETING, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "path",
    [
        "/id/person/nobody",
        "/id/person/nobody.ttl",
        "/id/person/a b",
        "/id/x",
        "/graph/none",
        "/graph/none.nt",
        "/id/../x",
    ],
)
def test_the_unknown_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_iri_in_the_data_answers(client: FlaskClient, engine: Engine) -> None:
    query = f'SELECT DISTINCT ?x {{ {{ ?x ?p ?o }} UNION {{ ?s ?p ?x }} FILTER(STRSTARTS(STR(?x), "{BASE}id/")) }}'
    for (iri,) in engine.select(query).rows:
        if "#" not in iri.value:  # type: ignore[union-attr]
            path = local(iri.value)  # type: ignore[union-attr]
            assert client.get(path, headers=BROWSER).status_code == 200, path
            assert client.get(path, headers={"Accept": "text/turtle"}).status_code == 200, path


def test_statements_stand_beside_their_quotes(client: FlaskClient) -> None:
    shown = page(client, MEETING)
    assert "a 2 + 2 meeting <b>was</b> held" in shown.text
    assert "the ministers met" in shown.text
    assert "Valery Kistanov in EastRussia" in shown.text
    assert "characters 10–30" in shown.text
    assert {"/documents/first", "/documents/second"} <= {link.get("href") for link in shown.all("a")}


def test_quoted_markup_is_text(client: FlaskClient) -> None:
    assert "<b>was</b>" not in client.get(MEETING, headers=BROWSER).text


def test_what_is_inferred_is_marked(client: FlaskClient) -> None:
    shown = client.get("/id/person/lavrov", headers=BROWSER).text
    assert ">inferred<" in shown
    assert ">authority file<" in shown


def test_what_is_not_admitted_stands_apart(client: FlaskClient) -> None:
    admitted, _, apart = page(client, MEETING).text.partition("not admitted as a fact")
    assert "to balance its slide" in apart
    assert "to balance its slide" not in admitted


def test_names_in_every_language(client: FlaskClient) -> None:
    response = client.get("/id/state/japan", headers=BROWSER).text
    for language, name in (("en", "Japan"), ("ru", "Япония"), ("ja", "日本")):
        assert f'<span lang="{language}">{name}</span>' in response


def test_incoming_links(client: FlaskClient) -> None:
    shown = page(client, "/id/format/2plus2")
    assert MEETING in {link.get("href") for link in shown.all("a")}


def test_an_assertion_shows_its_words_and_what_it_says(client: FlaskClient) -> None:
    shown = page(client, "/id/assertion/first-held")
    assert "What it says" in shown.text
    assert "a 2 + 2 meeting" in shown.text
    turtle = client.get("/id/assertion/first-held.nt").text
    assert "meeting/talks-2017" in turtle


def test_the_vocabulary(client: FlaskClient) -> None:
    shown = page(client, "/vocab")
    assert {"Meeting", "status", "Held"} <= {article.get("id") for article in shown.all("article")}
    assert "People come together." in shown.text
    for path in ("/vocab.ttl", "/vocab.nt", "/vocab.jsonld"):
        assert b"vocab#Meeting" in client.get(path).data
    assert client.get("/vocab", headers={"Accept": "text/turtle"}).content_type.startswith("text/turtle")


def test_named_graphs(client: FlaskClient) -> None:
    assert "triples" in page(client, "/graph/merged").text
    whole = list(parse(client.get("/graph/merged.nt").data, format=RdfFormat.N_TRIPLES))
    part = list(
        parse(client.get("/graph/authority", headers={"Accept": "text/turtle"}).data, format=RdfFormat.TURTLE)
    )
    assert len(whole) > len(part) > 10


def test_documents_in_order_of_the_text(client: FlaskClient) -> None:
    shown = page(client, "/documents/first")
    starts = [int(a["id"].split("-")[1]) for a in shown.all("article") if a.get("id")]  # type: ignore[union-attr]
    assert starts == sorted(starts) == [10, 40, 70, 90]
    assert "Sergey Lavrov" in shown.text
    assert "statement only" in shown.text
    assert "opinion" in shown.text


def test_a_suspect_translation_is_flagged_and_asserted_by_nobody(client: FlaskClient) -> None:
    _, _, after = page(client, "/documents/first").text.partition("black ferret")
    assert "Asserted by nobody" in after
    assert "suspect translation" in after
    assert "Likely sense: a polecat." in after


def test_the_index_of_documents(client: FlaskClient) -> None:
    assert "The first text" in page(client, "/documents/").text
    assert client.get("/documents/none").status_code == 404


PAGES = [
    "/",
    "/sparql",
    "/queries",
    "/queries/who-met-whom",
    "/documents/",
    "/documents/first",
    "/vocab",
    MEETING,
    "/graph/merged",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_accessible_and_need_no_script(client: FlaskClient, path: str) -> None:
    shown = page(client, path)
    tags = [tag for tag, _ in shown.elements]
    assert "script" not in tags
    assert tags.count("main") == tags.count("h1") == tags.count("header") == 1
    assert shown.all("html")[0]["lang"] == "en"
    assert shown.all("a")[0].get("href") == "#main"
    labelled = {label.get("for") for label in shown.all("label")}
    fields = [f for tag in ("input", "select", "textarea") for f in shown.all(tag) if f.get("type") != "hidden"]
    assert all(field["id"] in labelled for field in fields)
    assert tags.count("table") == tags.count("caption")
    identifiers = [attributes["id"] for _, attributes in shown.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    references = {
        a[name] for _, a in shown.elements for name in ("aria-labelledby", "aria-describedby") if a.get(name)
    }
    assert {one for each in references for one in each.split()} <= set(identifiers)  # type: ignore[union-attr]


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_somewhere(client: FlaskClient, path: str) -> None:
    for link in page(client, path).all("a"):
        href = link.get("href") or ""
        if href.startswith("/"):
            assert client.get(href.partition("#")[0], headers=BROWSER).status_code == 200, href


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (f"{BASE}id/state/japan", "/id/state/japan"),
        (f"{BASE}vocab#Held", "/vocab#Held"),
        ("http://xmlns.com/foaf/0.1/Person", "http://xmlns.com/foaf/0.1/Person"),
        ("javascript:alert(1)", ""),
    ],
)
def test_where_iris_lead(iri: str, path: str) -> None:
    assert local(iri) == path


@pytest.mark.parametrize("path", ["/documents", "/documents//a/", "/documents/a/", "//evil.example/..//documents"])
def test_redirects_know_no_host(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.example"})
    location = response.headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith("//")
    assert "evil.example" not in location.partition("/")[0]


@pytest.mark.parametrize("path", ["/", "/sparql", "/queries", "/documents/", "/vocab", "/nothing"])
def test_pages_know_no_host(client: FlaskClient, path: str) -> None:
    assert "evil.example" not in client.get(path, headers={"Host": "evil.example", "Accept": "text/html"}).text


def test_an_iri_with_an_empty_segment_leads_nowhere() -> None:
    assert local("https://w3id.org/communique//evil.example/x") == ""
    assert local("https://w3id.org/communique/id/state/japan") == "/id/state/japan"
    assert local("javascript:alert(1)") == ""


def test_who_is_inferred_is_marked_where_the_words_name_nobody(corpus_client: FlaskClient) -> None:
    page = corpus_client.get("/id/meeting/ru-jp-fm-bonn-2017-02", headers=BROWSER).text
    inferred = r'">{}</a> <small class="tag inferred">inferred</small> <a class="fine" href="/why'
    for name in ("Sergei Lavrov", "Fumio Kishida"):
        assert re.search(inferred.format(name), page), name
    assert not re.search(inferred.format("Foreign Minister of Japan"), page)
    told = corpus_client.get("/id/meeting/ru-jp-2plus2-2017-03-20", headers=BROWSER).text
    assert not re.search(inferred.format("Tomomi Inada"), told)
