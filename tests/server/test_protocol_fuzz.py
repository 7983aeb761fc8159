"""Whatever is sent by the protocols: never a fault of the server, never a hang; what is refused, in words."""

import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memory import Memory, application, writing_client

from graph.engine import QuerySyntaxError
from graph.engine.text.dataset_clause import DatasetConflictError, rewritten
from graph.engine.text.grammar import refuse_lax
from graph.engine.text.rewriting import Edit, Rewritten
from graph.engine.text.syntax import refuse_unreadable
from server.access import SCOPES, Tokens

QUICK = settings(max_examples=120, deadline=5000, suppress_health_check=list(HealthCheck))

NAMES = st.sampled_from(
    [
        "query",
        "update",
        "default-graph-uri",
        "named-graph-uri",
        "using-graph-uri",
        "using-named-graph-uri",
        "format",
        "graph",
        "default",
        "",
        "x",
    ]
)
IRIS = st.sampled_from(
    ["http://g/", "urn:x", "x", "", "//h/p", "http://[", "a b", "http://é/", "\ud800", "http://h:x/"]
)
WORDS = (
    "SELECT ASK CONSTRUCT DESCRIBE WHERE { } ( ) [ ] < <<( )>> ; . , * ?x $y _:b PREFIX p: <http://p/> p:x FROM NAMED"
    " GRAPH INSERT DELETE DATA WITH USING CLEAR DROP ALL SILENT DEFAULT LOAD INTO SERVICE BASE <x> 'a' \"b # UNION"
    " COUNT FILTER BIND AS VALUES UNDEF 1 -2.5e3 true @en ^^ a / | ! = && MIN \\u0041 é 日 \0 VERSION '1.2'"
)
TEXTS = st.lists(st.sampled_from(WORDS.split(" ")), max_size=25).flatmap(
    lambda words: st.sampled_from([" ", "", "\n"]).map(lambda gap: gap.join(words))
)
REAL = st.sampled_from(
    [
        "ASK {}",
        "SELECT * { ?s ?p ?o }",
        "CONSTRUCT { <a> <b> ?o } { ?s ?p ?o }",
        "CLEAR ALL",
        "INSERT DATA { <a> <b> 1 }",
    ]
)
VALUES = st.one_of(REAL, TEXTS, IRIS, st.text(max_size=30))
TYPES = st.sampled_from(
    [
        "",
        "x",
        "a/b; =",
        "application/x-www-form-urlencoded",
        "application/sparql-query",
        'application/sparql-query; charset="utf-8"',
        "application/sparql-update",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/turtle",
        "text/turtle; charset=utf-16",
        "application/n-triples",
        "application/ld+json",
        "application/rdf+xml",
    ]
)
ACCEPTS = st.one_of(
    st.sampled_from(["*/*", "text/html", "text/csv", "text/turtle;q=0", "application/json;q=x", ",;=", "a/b"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
)
CONDITIONS = st.sampled_from(
    [{}, {"If-Match": "*"}, {"If-None-Match": "*"}, {"If-Match": '"x", W/"'}, {"If-Match": "\xff"}]
)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    tokens = Tokens(Path(tempfile.mkdtemp()))
    memory = Memory()
    memory.update("INSERT DATA { <http://s/> <http://p/> 1 GRAPH <http://g/> { <http://s/> <http://p/> 2 } }")
    return writing_client(application(memory, tokens), tokens.new(SCOPES))


def encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, errors="surrogatepass")


def sound(response: Any) -> None:
    assert response.status_code < 500, response.text
    if response.status_code >= 400 and response.data:
        assert response.content_type in ("application/problem+json", "text/html; charset=utf-8")
        if response.content_type == "application/problem+json":
            assert json.loads(response.data)["status"] == response.status_code


PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=4)


@QUICK
@given(
    path=st.sampled_from(["/sparql", "/update", "/graphs", "/graphs/x", "/.well-known/void"]),
    pairs=PAIRS,
    accept=ACCEPTS,
)
def test_parameters_of_an_address(client: FlaskClient, path: str, pairs: list[tuple[str, str]], accept: str) -> None:
    url = f"{path}?{encoded(pairs)}"
    for method in (client.get, client.head, client.options, client.delete):
        sound(method(url, headers={"Accept": accept}))


@QUICK
@given(pairs=PAIRS, body=PAIRS, media_type=TYPES, accept=ACCEPTS)
def test_parameters_of_a_form(
    client: FlaskClient, pairs: list[tuple[str, str]], body: list[tuple[str, str]], media_type: str, accept: str
) -> None:
    for path in ("/sparql", "/update"):
        url = f"{path}?{encoded(pairs)}" if pairs else path
        sound(client.post(url, data=encoded(body), content_type=media_type, headers={"Accept": accept}))


@QUICK
@given(
    text=st.one_of(VALUES.map(lambda text: text.encode(errors="surrogatepass")), st.binary(max_size=60)),
    media_type=TYPES,
)
def test_texts_as_bodies(client: FlaskClient, text: bytes, media_type: str) -> None:
    for path in ("/sparql", "/update", "/update?using-graph-uri=http://g/"):
        sound(client.post(path, data=text, content_type=media_type))
        sound(
            client.post(
                path, data=text, content_type=f"application/sparql-{'update' if 'update' in path else 'query'}"
            )
        )


TURTLE = "@prefix : <http://p/> . :s :p 'a'@en , 1.5 , [ :q (:r 2) ] ; a <x> . <<:s :p :o>> :q _:b . # c"
JSON_LD = (
    '{"@context": {"p": "http://p/"}, "@id": "http://s/", "p": [1, {"@list": [{"@id": "_:b"}]}, {"@value": "x"}]}'
)
RDF_XML = (
    '<?xml version="1.0"?><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="http://p/">'
    '<r:Description r:about="x"><p:q r:datatype="http://d/">1</p:q><p:l r:parseType="Collection"/></r:Description>'
    "</r:RDF>"
)
FORM = (
    '--x\r\nContent-Disposition: form-data; name="a"; filename="a.ttl"\r\nContent-Type: text/turtle\r\n\r\n'
    "<s> <p> 1 .\r\n--x--"
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """RDF with some of it cut out, put elsewhere, or replaced."""
    data = draw(st.sampled_from([TURTLE, JSON_LD, RDF_XML, FORM])).encode()
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 20)))
        data = (
            data[:start]
            + draw(st.one_of(st.just(b""), st.just(data[start:end] * 2), st.binary(max_size=6)))
            + data[end:]
        )
    return data


@QUICK
@given(data=damaged(), media_type=TYPES, name=st.one_of(IRIS, st.text(max_size=10)), condition=CONDITIONS)
def test_uploads(client: FlaskClient, data: bytes, media_type: str, name: str, condition: dict[str, str]) -> None:
    url = f"/graphs?{encoded([('graph', name)])}"
    for path in (url, "/graphs?default", "/graphs", f"/graphs/{quote(name, errors='surrogatepass')}"):
        sound(client.put(path, data=data, content_type=media_type, headers=condition))
        sound(client.post(path, data=data, content_type=media_type))
    sound(client.get(url))


@QUICK
@given(host=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20))
def test_hosts(client: FlaskClient, host: str) -> None:
    for path in ("/sparql", "/.well-known/void", "/graphs/x", "/graphs?graph=x"):
        sound(client.get(path, headers={"Host": host}))


@settings(QUICK, max_examples=400)
@given(text=st.one_of(TEXTS, st.text(max_size=60)))
def test_a_text_is_rewritten_or_refused(text: str) -> None:
    """Nothing else comes out of what reads texts by their tokens, and without graphs only declarations move."""
    for graphs in ([], ["http://g/"]):
        try:
            made = rewritten(text, "http://b/", graphs)
        except (QuerySyntaxError, DatasetConflictError):
            continue
        assert made.text.startswith("BASE <http://b/> ")
    for check in (refuse_lax, lambda text: refuse_unreadable(text, "http://b/")):
        with suppress(QuerySyntaxError):
            check(text)


@settings(QUICK, max_examples=300)
@given(st.data())
def test_every_place_is_found_again(data: st.DataObject) -> None:
    """A character of what was sent is found from where it stands in what was made of it."""
    sent = data.draw(st.text("ab\n", min_size=1, max_size=30))
    places = sorted(data.draw(st.lists(st.integers(0, len(sent)), min_size=2, max_size=6)))
    spans = list(zip(places[::2], places[1::2], strict=False))
    made = Rewritten(sent, tuple(Edit(start, end, data.draw(st.text("xy\n", max_size=5))) for start, end in spans))
    kept = [n for n in range(len(sent)) if not any(start <= n < end for start, end in spans)]
    before = 0
    for offset in kept:
        before = offset + sum(len(e.text) - (e.end - e.start) for e in made.edits if e.end <= offset)
        assert made.text[before] == sent[offset]
        assert made.place(*where(made.text, before)) == where(sent, offset)


def where(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
