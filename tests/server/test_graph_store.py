"""``/graphs`` by the SPARQL 1.1 Graph Store Protocol: names, formats, writes, conditions, forms."""

import io
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from memory import Memory, application, writing_client
from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, parse

from graph.namespaces import GRAPH_AUTHORITY
from server.access import Tokens

TURTLE = "text/turtle"
ONE = b"<http://s/> <http://p/> 1 ."
TWO = b"<http://s/> <http://p/> 2 ."
NAME = "http://example.org/g"
URL = f"/graphs?graph={quote(NAME, safe='')}"


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path)


@pytest.fixture
def client(memory: Memory, tokens: Tokens) -> FlaskClient:
    return writing_client(application(memory, tokens), tokens.new(["graph-store"]))


def put(client: FlaskClient, url: str = URL, data: bytes = ONE, media_type: str = TURTLE, **headers: str):  # type: ignore[no-untyped-def]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.put(url, data=data, content_type=media_type, headers=named)


def values(memory: Memory, name: str | None = NAME) -> set[str]:
    graph = NamedNode(name) if name else DefaultGraph()
    return {str(quad.object.value) for quad in memory.store.quads_for_pattern(None, None, None, graph)}  # type: ignore[union-attr]


def test_put_creates_and_replaces(client: FlaskClient, memory: Memory) -> None:
    created = put(client)
    assert (created.status_code, created.data) == (201, b"")
    assert created.headers["Data-Version"] == memory.version
    assert put(client, data=TWO).status_code == 204
    assert values(memory) == {"2"}


def test_post_merges(client: FlaskClient, memory: Memory) -> None:
    assert client.post(URL, data=ONE, content_type=TURTLE).status_code == 201
    assert client.post(URL, data=TWO, content_type=TURTLE).status_code == 204
    assert values(memory) == {"1", "2"}


def test_the_default_graph(client: FlaskClient, memory: Memory) -> None:
    assert put(client, "/graphs?default").status_code == 204
    assert put(client, "/graphs?default=", data=TWO).status_code == 204
    assert values(memory, None) == {"2"}
    assert client.delete("/graphs?default").status_code == 204
    assert client.get("/graphs?default").status_code == 200
    assert not values(memory, None)


def test_delete_and_what_is_not_there(client: FlaskClient, memory: Memory) -> None:
    put(client)
    assert client.delete(URL).status_code == 204
    for method in (client.get, client.head, client.delete):
        assert method(URL).status_code == 404
    assert not len(memory.store)


def test_an_empty_graph_is_there(client: FlaskClient) -> None:
    assert put(client, data=b"").status_code == 201
    response = client.get(URL)
    assert (response.status_code, response.data.strip()) == (200, b"")


@pytest.mark.parametrize(
    ("accept", "content_type", "form", "name"),
    [
        (None, "text/turtle; charset=utf-8", RdfFormat.TURTLE, "g.ttl"),
        ("text/html,*/*;q=0.1", "text/turtle; charset=utf-8", RdfFormat.TURTLE, "g.ttl"),
        ("text/turtle; charset=utf-8", "text/turtle; charset=utf-8", RdfFormat.TURTLE, "g.ttl"),
        ("application/n-triples", "application/n-triples", RdfFormat.N_TRIPLES, "g.nt"),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD, "g.jsonld"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.1", "application/rdf+xml", RdfFormat.RDF_XML, "g.rdf"),
    ],
)
def test_a_graph_is_read_in_every_format(
    client: FlaskClient, accept: str | None, content_type: str, form: RdfFormat, name: str
) -> None:
    put(client, data=b"<http://s/> <http://p/q> 1 .")
    headers = {"Accept": accept} if accept else {}
    response, head = client.get(URL, headers=headers), client.head(URL, headers=headers)
    assert (response.status_code, response.content_type) == (200, content_type)
    assert [quad.object for quad in parse(response.data, form)] == [Literal(1)]
    assert response.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert response.headers["Vary"] == "Accept"
    assert (head.status_code, head.content_type, head.data) == (200, content_type, b"")
    assert head.headers["ETag"] == response.headers["ETag"]


def test_no_format_that_is_not_offered(client: FlaskClient) -> None:
    put(client)
    assert client.get(URL, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/graphs", "?default"),
        ("/graphs?", "?default"),
        ("/graphs?default&graph=http://g/", "one graph"),
        ("/graphs?graph=http://g/&graph=http://h/", "2 times"),
        ("/graphs?default&default", "2 times"),
        ("/graphs?default=http://g/", "no value"),
        ("/graphs?graph=", "empty"),
        ("/graphs?graph=http://a%20b/", "a b"),
        ("/graphs?graph=%FF", "decoded"),
        ("/graphs/x?default", "no parameters"),
        ("/graphs/a%20b%3C", None),
    ],
)
def test_a_request_names_one_graph(client: FlaskClient, memory: Memory, url: str, said: str | None) -> None:
    methods = (
        (client.get, client.delete) if url.rstrip("?") == "/graphs" else (client.get, client.post, client.delete)
    )
    for method in methods:
        response = method(url, content_type=TURTLE) if method == client.post else method(url)
        if said is not None:
            assert (response.status_code, response.content_type) == (400, "application/problem+json")
            assert said in response.json["detail"]
    assert put(client, url).status_code == (201 if said is None else 400)
    assert len(memory.store) == (said is None)


@pytest.mark.parametrize(
    ("path", "iri"),
    [
        ("person/1.ttl", "http://localhost/graphs/person/1.ttl"),
        ("a%2Fb", "http://localhost/graphs/a%2Fb"),
        ("a%20b", "http://localhost/graphs/a%20b"),
        ("日本", "http://localhost/graphs/%E6%97%A5%E6%9C%AC"),
    ],
)
def test_a_graph_below_the_address_is_named_directly(
    client: FlaskClient, memory: Memory, path: str, iri: str
) -> None:
    assert put(client, f"/graphs/{path}").status_code == 201
    assert values(memory, iri) == {"1"}
    assert client.get(f"/graphs?graph={quote(iri, safe='')}").status_code == 200
    assert client.get(f"/graphs/{path}").data == ONE.replace(b" .", b" .\n")
    assert client.delete(f"/graphs/{path}").status_code == 204


@pytest.mark.parametrize(
    ("given", "iri"),
    [
        ("x", "http://localhost/x"),
        ("/graphs/y", "http://localhost/graphs/y"),
        ("//other/z", "http://other/z"),
        ("#f", "http://localhost/graphs#f"),
        ("http://example.org/ns#", "http://example.org/ns#"),
        ("http://example.org/a/../b", "http://example.org/a/../b"),
        ("http://example.org/%2531", "http://example.org/%2531"),
        ("urn:x:y", "urn:x:y"),
        ("file:///etc/passwd", "file:///etc/passwd"),
    ],
)
def test_a_relative_name_is_resolved_against_the_address_and_no_other_touched(
    client: FlaskClient, memory: Memory, given: str, iri: str
) -> None:
    assert put(client, f"/graphs?graph={quote(given, safe='')}").status_code == 201
    assert [graph.value for graph in memory.store.named_graphs()] == [iri]  # type: ignore[union-attr]


def test_relative_iris_in_the_data_are_resolved_against_the_graph(client: FlaskClient, memory: Memory) -> None:
    put(client, data=b"<#s> <p> <> .")
    quad = next(iter(memory.store))
    assert [quad.subject.value, quad.predicate.value, quad.object.value] == [  # type: ignore[union-attr]
        f"{NAME}#s",
        "http://example.org/p",
        NAME,
    ]


def test_post_without_a_name_makes_a_new_graph(client: FlaskClient, memory: Memory) -> None:
    places = []
    for data in (ONE, b"<> <http://p/> 3 ."):
        response = client.post("/graphs", data=data, content_type=TURTLE)
        assert response.status_code == 201
        places.append(response.headers["Location"])
        assert client.get(response.headers["Location"]).status_code == 200
    assert len(set(places)) == 2
    for place in places:
        iri = place if place.startswith("http") else f"http://localhost{place}"
        assert values(memory, iri)
        assert client.get(f"/graphs?graph={quote(iri, safe='')}").status_code == 200


def test_a_form_of_several_files(client: FlaskClient, memory: Memory) -> None:
    files = {
        "a": (io.BytesIO(ONE), "a.ttl", TURTLE),
        "b": (io.BytesIO(TWO), "B.TTL", "application/octet-stream"),
        "c": (io.BytesIO(b'{"@id": "http://s/", "http://p/": 3}'), "c", "application/ld+json"),
    }
    assert client.post(URL, data=files, content_type="multipart/form-data").status_code == 201
    assert values(memory) == {"1", "2", "3"}
    field = b'--x\r\nContent-Disposition: form-data; name="d.ttl"\r\n\r\n<http://s/> <http://p/> 4 .\r\n--x--\r\n'
    assert put(client, data=field, media_type="multipart/form-data; boundary=x").status_code == 204
    assert values(memory) == {"4"}


PART = b'--x\r\nContent-Disposition: form-data; name="a"; filename="%s"\r\nContent-Type: %s\r\n\r\n%s\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("media_type", "data", "status", "said"),
    [
        (TURTLE, b"<http://s/> <http://p/>\n  oops .", 400, "line"),
        ("application/n-triples", b"<s> <p> <o> .", 400, ""),
        ("application/rdf+xml", b"<rdf", 400, ""),
        ("application/ld+json", b"{", 400, ""),
        (TURTLE, b"\xff", 400, ""),
        ("text/html", b"<p>", 415, TURTLE),
        ("application/sparql-update", b"CLEAR ALL", 415, TURTLE),
        ("application/trig", b"", 415, TURTLE),
        ("", ONE, 415, "nothing"),
        (f"{TURTLE}; charset=latin-1", ONE, 415, "latin-1"),
        ("multipart/form-data", b"--x--\r\n", 400, "boundary"),
        ("multipart/form-data; boundary=x", b"--x--\r\n", 400, "no file"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense", 400, ""),
        ("multipart/form-data; boundary=x", PART % (b"a.bin", b"image/png", ONE), 415, "image/png"),
        ("multipart/form-data; boundary=x", PART % (b"a.bin", b"application/octet-stream", ONE), 415, "'a.bin'"),
        ("multipart/form-data; boundary=x", PART % (b"a", b"text/turtle; charset=utf-16", ONE), 415, "utf-16"),
        ("multipart/form-data; boundary=x", PART % (b"a.ttl", b"text/turtle", b"oops"), 400, ""),
    ],
)
def test_what_is_no_rdf_is_refused_and_changes_nothing(  # noqa: PLR0917
    client: FlaskClient, memory: Memory, media_type: str, data: bytes, status: int, said: str
) -> None:
    put(client)
    version = memory.version
    for method in (client.put, client.post):
        response = method(URL, data=data, content_type=media_type)
        assert (response.status_code, response.content_type) == (status, "application/problem+json")
        assert said in response.text
    assert (values(memory), memory.version) == ({"1"}, version)


def test_an_error_in_the_data_has_line_and_column(client: FlaskClient) -> None:
    response = put(client, data=b"<http://s/> <http://p/>\n  <http://o/> ;; 1 .")
    assert response.status_code == 400
    assert response.json["line"] == 2
    assert response.json["column"] > 1


def test_patch_is_not_allowed(client: FlaskClient) -> None:
    for url in (URL, "/graphs/x"):
        response = client.patch(url, data="INSERT DATA {}", content_type="application/sparql-update")
        assert response.status_code == 405
        assert {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"} == set(response.headers["Allow"].split(", "))


def test_a_write_is_made_only_on_what_was_read(client: FlaskClient, memory: Memory) -> None:
    assert put(client, If_None_Match="*").status_code == 201
    assert put(client, If_None_Match="*", data=TWO).status_code == 412
    tag = client.get(URL).headers["ETag"]
    assert put(client, If_Match=tag, data=TWO).status_code == 204
    assert put(client, If_Match=tag, data=ONE).status_code == 412
    assert client.delete(URL, headers={"If-Match": tag}).status_code == 412
    assert client.post(URL, data=ONE, content_type=TURTLE, headers={"If-Match": tag}).status_code == 412
    assert values(memory) == {"2"}
    newer = client.get(URL, headers={"Accept": "application/n-triples"}).headers["ETag"]
    assert client.delete(URL, headers={"If-Match": f'"other", {newer}'}).status_code == 204


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-Match": "*"}, 412),
        ({"If-Match": '"x"'}, 412),
        ({"If-None-Match": "*"}, 201),
        ({"If-None-Match": '"x"'}, 201),
        ({"If-Match": ""}, 412),
    ],
)
def test_conditions_on_a_graph_that_is_not_there(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    response = client.put(URL, data=ONE, content_type=TURTLE, headers=headers)
    assert response.status_code == status


def test_conditions_on_a_graph_that_is_there(client: FlaskClient, memory: Memory) -> None:
    put(client)
    assert put(client, If_Match="*").status_code == 204
    assert put(client, If_Match=f'W/"{memory.version}"').status_code == 412
    assert put(client, If_Match=f'"{memory.version}"').status_code == 204
    assert put(client, If_None_Match=f'W/"{memory.version}"').status_code == 412
    assert put(client, If_None_Match='"x"').status_code == 204
    assert "412" in str(put(client, If_Match='"x"').status_code)
    assert memory.version in put(client, If_Match='"x"').json["detail"]


def test_nobody_writes_without_a_token_of_the_scope(memory: Memory, tokens: Tokens) -> None:
    app = application(memory, tokens)
    put(writing_client(app, tokens.new(["graph-store"])))
    other = writing_client(app, tokens.new(["update"]))
    for client, status in ((app.test_client(), 401), (other, 403)):
        sent = [client.delete(URL), put(client, data=TWO), put(client, "/graphs/x"), client.post("/graphs", data=ONE)]
        assert [response.status_code for response in sent] == [status] * 4
        assert client.get(URL).status_code == 200
    assert values(memory) == {"1"}


def test_the_corpus_is_read_and_not_written(client: FlaskClient, request: pytest.FixtureRequest) -> None:
    corpus: FlaskClient = request.getfixturevalue("engine_client")
    response = corpus.get(f"/graphs?graph={quote(GRAPH_AUTHORITY.value, safe='')}")
    assert response.status_code == 200
    assert len(list(parse(response.data, RdfFormat.TURTLE))) > 3
    assert corpus.get("/graphs?graph=http://absent/").status_code == 404
    for refused in (put(corpus), corpus.delete("/graphs?default"), corpus.post("/graphs")):
        assert refused.status_code == 403
        assert "--plain" in refused.json["detail"]


@pytest.fixture
def engine_client(engine: object) -> FlaskClient:
    from server.app import create_app

    return create_app(engine).test_client()  # type: ignore[arg-type]
