"""``/update`` by the SPARQL 1.1 Protocol: who may, what is taken, what is refused, and where an error is."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from memory import Memory, application, writing_client
from pyoxigraph import NamedNode, Quad, Store

from graph.engine import Engine, GraphNameError, QuerySyntaxError
from graph.engine.text.dataset_clause import DatasetConflictError, rewritten
from server.access import Tokens
from server.app import create_app

DIRECT = "application/sparql-update"
INSERT = "INSERT DATA { <http://s/> <http://p/> 1 }"
PROBLEM = "application/problem+json"


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path)


@pytest.fixture
def client(memory: Memory, tokens: Tokens) -> FlaskClient:
    return writing_client(application(memory, tokens), tokens.new(["update"]))


def direct(client: FlaskClient, text: str | bytes, **parameters: str):  # type: ignore[no-untyped-def]
    return client.post(f"/update?{urlencode(parameters)}", data=text, content_type=DIRECT)


def quads(memory: Memory) -> set[str]:
    return {str(quad) for quad in memory.store}


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"update": INSERT}},
        {"data": INSERT, "content_type": DIRECT},
        {"data": INSERT, "content_type": f"{DIRECT}; charset=UTF-8"},
    ],
)
def test_update_by_form_and_directly(client: FlaskClient, memory: Memory, sent: dict[str, Any]) -> None:
    before = memory.version
    response = client.post("/update", **sent)
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["Data-Version"] == memory.version != before
    assert response.headers["ETag"] == f'"{memory.version}"'
    assert "Content-Type" not in response.headers
    assert len(memory.store) == 1


def test_a_form_is_decoded_exactly_once(client: FlaskClient, memory: Memory) -> None:
    client.post("/update", data={"update": "INSERT DATA { <http://s/> <http://p/> '%2B+é' }"})
    assert next(iter(memory.store)).object.value == "%2B+é"  # type: ignore[union-attr]


def test_relative_iris_are_resolved_against_the_address(client: FlaskClient, memory: Memory) -> None:
    assert direct(client, "INSERT DATA { <s> <#p> </o> }").status_code == 204
    quad = next(iter(memory.store))
    assert [quad.subject.value, quad.predicate.value, quad.object.value] == [  # type: ignore[union-attr]
        "http://localhost/s",
        "http://localhost/update#p",
        "http://localhost/o",
    ]


@pytest.mark.parametrize(
    ("url", "content_type", "body", "status", "said"),
    [
        ("/update", DIRECT, b"CLEAR ALL", 204, ""),
        ("/update", "application/x-www-form-urlencoded", b"update=CLEAR+ALL&update=CLEAR+ALL", 400, "2 times"),
        ("/update?update=CLEAR+ALL", "application/x-www-form-urlencoded", b"update=CLEAR+ALL", 400, "2 times"),
        ("/update?update=CLEAR+ALL", DIRECT, b"CLEAR ALL", 400, "2 times"),
        ("/update", "application/x-www-form-urlencoded", b"query=ASK%7B%7D", 400, "'query'"),
        ("/update", "application/x-www-form-urlencoded", b"", 400, "'update'"),
        ("/update?default-graph-uri=http://g/", DIRECT, b"CLEAR ALL", 400, "default-graph-uri"),
        ("/update", "text/plain", b"CLEAR ALL", 415, DIRECT),
        ("/update", "application/sparql-query", b"ASK {}", 415, DIRECT),
        ("/update", "", b"CLEAR ALL", 415, "nothing"),
        ("/update", f"{DIRECT}; charset=utf-16", "CLEAR ALL".encode("utf-16"), 415, "utf-16"),
        ("/update", DIRECT, b"\xff", 400, "UTF-8"),
        ("/update", "application/x-www-form-urlencoded", b"update=%FF", 400, "decoded"),
        ("/update", DIRECT, b"ASK {}", 400, "line 1"),
        ("/update", DIRECT, b"CLEAR XYZ", 400, "line 1, column 10"),
        ("/update", DIRECT, b"CLEAR GRAPH <http://absent/>", 400, "http://absent/"),
        ("/update?using-graph-uri=a+b", DIRECT, b"CLEAR ALL", 400, "a b"),
        ("/update?using-named-graph-uri=http://g/", DIRECT, b"WITH <http://g/> DELETE { } WHERE { }", 400, "WITH"),
        ("/update?using-graph-uri=http://g/", DIRECT, b"INSERT {} USING <http://g/> WHERE {}", 400, "USING"),
    ],
)
def test_what_is_taken(  # noqa: PLR0917
    client: FlaskClient, url: str, content_type: str, body: bytes, status: int, said: str
) -> None:
    response = client.post(url, data=body, content_type=content_type)
    assert response.status_code == status, response.text
    if status != 204:
        assert response.content_type == PROBLEM
        assert said in response.json["detail"]


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
def test_other_methods_are_not_allowed(client: FlaskClient, method: str) -> None:
    response = getattr(client, method)("/update?update=CLEAR+ALL")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_scripts_of_other_sites_may_send_a_token(client: FlaskClient) -> None:
    for path in ("/update", "/graphs?default", "/graphs/x"):
        headers = client.options(path, headers={"Origin": "http://o"}).headers
        assert "Authorization" in headers.get("Access-Control-Allow-Headers")
        assert "POST" in headers["Access-Control-Allow-Methods"]


def test_nobody_writes_without_a_token_of_the_scope(memory: Memory, tokens: Tokens) -> None:
    app = application(memory, tokens)
    other = tokens.new(["graph-store"])
    anonymous = direct(app.test_client(), INSERT)
    assert (anonymous.status_code, anonymous.content_type) == (401, PROBLEM)
    assert anonymous.headers["WWW-Authenticate"].startswith("Bearer")
    assert direct(writing_client(app, "cq_wrong"), INSERT).status_code == 401
    assert direct(writing_client(app, other), INSERT).status_code == 403
    assert direct(app.test_client(), "\xff" * 10).status_code == 401
    assert not len(memory.store)


def test_where_nobody_may_write_it_is_said_how_to_let_them(memory: Memory, tokens: Tokens, engine: Engine) -> None:
    switched_off = application(memory, tokens, updates=False)
    corpus = application(memory, tokens)
    corpus.extensions["plain"] = None
    without_tokens = application(memory, None)
    for app in (switched_off, corpus, without_tokens):
        response = direct(writing_client(app, tokens.new(["update"])), INSERT)
        assert (response.status_code, response.content_type) == (403, PROBLEM)
        assert "communique " in response.json["detail"]
    assert not len(memory.store)


def test_an_update_may_be_made_for_one_version_only(client: FlaskClient, memory: Memory) -> None:
    first = direct(client, INSERT).headers["ETag"]
    headers = {"If-Match": first}
    for status in (204, 412):
        response = client.post("/update", data=INSERT, content_type=DIRECT, headers=headers)
        assert response.status_code == status
    assert memory.version in response.json["detail"]


def test_graphs_of_the_request_are_the_dataset_of_each_operation(client: FlaskClient, memory: Memory) -> None:
    for name in ("a", "b", "c"):
        memory.store.add(Quad(*(NamedNode(f"http://{part}/") for part in (name, "p", "o", f"g-{name}"))))
    text = (
        "INSERT { ?s <http://seen/> ?g } WHERE { { ?s <http://p/> ?o BIND('default' AS ?g) }"
        " UNION { GRAPH ?g { ?s <http://p/> ?o } } } ;\n"
        "DELETE WHERE { GRAPH ?g { ?s <http://p/> ?o } }"
    )
    url = f"/update?using-graph-uri={quote('http://g-a/')}&using-named-graph-uri={quote('http://g-b/')}"
    assert client.post(url, data=text, content_type=DIRECT).status_code == 204
    assert quads(memory) == {
        '<http://a/> <http://seen/> "default"',
        "<http://b/> <http://seen/> <http://g-b/>",
        "<http://a/> <http://p/> <http://o/> <http://g-a/>",
        "<http://c/> <http://p/> <http://o/> <http://g-c/>",
    }


PLACES = [
    ("INSERT DATA { <a> <b> }", {}),
    ("CLEAR ALL ;\n  INSERT DATA { x }", {}),
    ("\n\n INSERT {} WHERE { ?s ?p 'é日' ?o }", {}),
    ("DELETE WHERE { ?s ?p ?o } ; INSERT { ?s } WHERE {}", {"using-graph-uri": "http://g/"}),
    ("INSERT {} WHERE { ?s ?p ?o } ; INSERT {} WHERE { ?s ?p }", {"using-graph-uri": "http://g/"}),
    ("DELETE WHERE { ?s ?p ?o } ;\n INSERT {} WHERE\n { ?s ?p }", {"using-named-graph-uri": "http://g/"}),
]


@pytest.mark.parametrize(("text", "parameters"), PLACES)
def test_an_error_is_told_where_it_is_in_the_text_as_sent(
    client: FlaskClient, text: str, parameters: dict[str, str]
) -> None:
    with pytest.raises(SyntaxError) as caught:
        Store().update(text, base_iri="http://b/")
    line, column = map(int, re.findall(r"\d+", str(caught.value))[:2])
    response = direct(client, text, **parameters)
    assert response.status_code == 400
    assert (response.json["line"], response.json["column"]) == (line, column)
    shown, caret = response.json["detail"].split("\n")[1:3]
    assert shown == text.split("\n")[line - 1]
    assert caret.index("^") == column - 1


def test_what_would_fetch_is_refused(client: FlaskClient, memory: Memory) -> None:
    for text in (
        "CLEAR ALL; LOAD <http://127.0.0.1:9/>",
        "LOAD <file:///etc/passwd> INTO GRAPH <http://g/>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ):
        assert direct(client, text).status_code == 403, text
    assert direct(client, "INSERT DATA { <http://load/> <http://service/> 'LOAD <http://x/>' }").status_code == 204


USING = "USING <http://g/> USING NAMED <http://n/> "
REWRITTEN = [
    ("CLEAR ALL", "CLEAR ALL"),
    ("INSERT DATA { <a> <b> 'WHERE' }", "INSERT DATA { <a> <b> 'WHERE' }"),
    ("insert { } where { ?s ?p ?o }", f"insert {{ }} {USING}where {{ ?s ?p ?o }}"),
    (
        "DELETE { } WHERE { { SELECT * WHERE { ?s ?p ?o FILTER(?s < 3) } } } # WHERE",
        f"DELETE {{ }} {USING}WHERE {{ {{ SELECT * WHERE {{ ?s ?p ?o FILTER(?s < 3) }} }} }} # WHERE",
    ),
    (
        "DELETE WHERE { <<(:a :b :c)>> ?p '''x\ny''' # }\n }",
        f"DELETE {{ <<(:a :b :c)>> ?p '''x\ny''' }} {USING}WHERE {{ <<(:a :b :c)>> ?p '''x\ny''' # }}\n }}",
    ),
    (
        "INSERT {} WHERE { ?s ?p '}' } ; INSERT {} WHERE { ?s <http://}> '\\'' }",
        None,
    ),
    ("DELETE WHERE", f"DELETE {{}} {USING}WHERE"),
]


@pytest.mark.parametrize(("text", "wanted"), REWRITTEN)
def test_using_goes_where_a_pattern_is_matched(text: str, wanted: str | None) -> None:
    made = rewritten(text, "http://b/", ["http://g/"], ["http://n/"]).text
    assert made.startswith("BASE <http://b/> ")
    if wanted is not None:
        assert made.removeprefix("BASE <http://b/> ") == wanted


LATER = (
    "PREFIX a: <http://a/> INSERT DATA { a:s a:p 1 } ;\n# and\nPREFIX b: <http://b/> PREFIX a: <http://a/>"
    " INSERT DATA { b:s a:p ';PREFIX' } ; prefix c: <c#> DELETE WHERE { c:s ?p ?o }"
)


def test_prefixes_may_be_declared_between_operations(client: FlaskClient, memory: Memory) -> None:
    assert direct(client, LATER).status_code == 204
    assert quads(memory) == {
        '<http://a/s> <http://a/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '<http://b/s> <http://a/p> ";PREFIX"',
    }
    wrong = direct(client, f"{LATER} ; INSERT {{ a:s ?p }} WHERE {{}}")
    assert (wrong.json["line"], wrong.json["detail"].split("\n")[2].index("^")) == (
        3,
        wrong.json["detail"].split("\n")[1].index("} WHERE {}"),
    )


def test_a_prefix_that_is_declared_anew_stays_where_it_is() -> None:
    for text in (
        "PREFIX a: <http://a/> CLEAR ALL ; PREFIX a: <http://b/> INSERT DATA { a:s a:p 1 }",
        "INSERT DATA { <a:b> <a:c> ';PREFIX a: <x>' }",
        "INSERT {} WHERE { FILTER(?a<?b#>\n) } ; PREFIX a: <http://b/> CLEAR ALL",
    ):
        assert rewritten(text, "http://b/").text == f"BASE <http://b/> {text}"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("DELETEWHERE { }", QuerySyntaxError),
        ("PREFIX ex: <http://e/> DELETE {} WHERE {} ; WITHex:g DELETE {} WHERE {}", QuerySyntaxError),
        ("INSERT {} USINGex:g WHERE {}", QuerySyntaxError),
        ("INSERT {} WHERE { FILTER(?a<?b#>\n) } ; WITH <http://g/> DELETE {} WHERE {}", QuerySyntaxError),
        ("with <http://g/> INSERT {} WHERE {}", DatasetConflictError),
    ],
)
def test_a_text_that_could_hide_a_clause_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        rewritten(text, "http://b/", ["http://g/"])
    assert rewritten(text, "http://b/").text == f"BASE <http://b/> {text}"


def test_a_graph_is_named_by_an_absolute_iri() -> None:
    for name in ("", "x", "http://x> DELETE", "http://a b"):
        with pytest.raises(GraphNameError):
            rewritten("INSERT {} WHERE {}", "http://b/", [name])


def test_a_page_shows_where_an_update_is_wrong(client: FlaskClient) -> None:
    response = client.post("/update", data="CLEAR\n XYZ", content_type=DIRECT, headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert "<mark> XYZ</mark>" in response.text


@pytest.mark.parametrize("text", ["LOAD ;", "CREATE GRAPH <g>\nLOAD <r> INTO GRAPH <g>", "LOAD <x> INTO GRAPH"])
def test_what_cannot_be_read_is_told_before_what_may_not_be_fetched(client: FlaskClient, text: str) -> None:
    response = direct(client, text)
    assert response.status_code == 400
    assert response.json["line"] == text.count("\n") + 1
    assert direct(client, f"PREFIX x: <http://127.0.0.1:9/> LOAD x:y ; PREFIX y: <x:y> {INSERT}").status_code == 403


def test_load_silent_that_may_not_fetch_does_nothing(client: FlaskClient, memory: Memory) -> None:
    text = f"{INSERT} ; LOAD SILENT <http://127.0.0.1:9/> INTO GRAPH <http://g/> ; {INSERT.replace('1', '2')}"
    assert direct(client, text).status_code == 204
    assert len(memory.store) == 2


def test_the_corpus_is_written_by_nobody(engine: Engine) -> None:
    assert direct(create_app(engine).test_client(), INSERT).status_code == 403
