"""The engine on a remote store that fails, stalls, ends too early or is not there: a stand-in on the loopback."""

import base64
import json
import logging
import threading
import time

import pytest
from patience import DEADLINE
from remote_stores import Reply, Request, StandIn, free_port, json_head, stand_in

from graph.engine import (
    Cancellation,
    CancelledError,
    EngineBusyError,
    QueryEvaluationError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
    ServiceRefusedError,
)
from graph.engine.cached import Cached
from graph.engine.remote import Remote, RemoteChangedError
from graph.engine.remote.complaints import RemoteFailedError, RemoteUnreachableError
from graph.engine.remote.endpoint import EndpointError, endpoint
from graph.limits import Limits

QUICK = Limits(query_seconds=0.5)
JSON = "application/sparql-results+json"
OPEN, CLOSE = b'{"head":{"vars":["x"]},"results":{"bindings":[', b"]}}"
ROW = b'{"x":{"type":"literal","value":"%d"}}'
EMPTY = OPEN + CLOSE
ALL = "SELECT * { ?s ?p ?o }"
GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"


def nothing(request: Request, store: StandIn) -> None:
    """No rows, and no version."""
    store.send(json_head(len(EMPTY)), EMPTY)


def asked(reply: Reply) -> Reply:
    """A reply to queries; the question for the version gets no rows."""
    return lambda request, store: (nothing if "graph/version" in request.query else reply)(request, store)


def says(status: str, text: str = "", kind: str = "text/plain", more: str = "") -> Reply:
    body = text.encode()
    head = f"{status}\nContent-Type: {kind}{more}\nContent-Length: {len(body)}"
    return lambda _, store: store.send(head, body)


def rows(*blocks: bytes, end: bool = True) -> Reply:
    """Chunks of an answer in JSON, then the end of the chunks, or only that of the connection."""

    def reply(request: Request, store: StandIn) -> None:
        store.send(json_head())
        store.chunk(*blocks, *([b""] if end else []))
        if not end:
            store.hang_up()

    return reply


def short(request: Request, store: StandIn) -> None:
    store.send(json_head(1000), OPEN)
    store.hang_up()


def never(request: Request, store: StandIn) -> None:
    store.wait_for_client_to_leave()


def drips(request: Request, store: StandIn) -> None:
    store.send(json_head())
    store.chunk(OPEN)
    while not store.gone.wait(0.02):
        store.chunk(b" ")


def answer(reply: Reply, query: str = ALL, limits: Limits = QUICK, media_type: str = JSON) -> bytes:
    with stand_in(asked(reply)) as store, Remote(store.url(), limits) as engine:
        return b"".join(engine.respond(query, media_type).body)


class TestAStoreThatFails:
    @pytest.mark.parametrize(
        ("reply", "error", "said"),
        [
            (rows(OPEN, ROW % 1), RemoteFailedError, "not whole"),
            (rows(OPEN, ROW % 1, CLOSE, b"!"), RemoteFailedError, "not whole"),
            (rows(OPEN, ROW % 1, b"The SPARQL operation has been cancelled"), QueryTimeoutError, "own time limit"),
            (rows(OPEN, ROW % 1, end=False), RemoteFailedError, "broke off"),
            (short, RemoteFailedError, "broke off"),
            (rows(b'{"head":{},"boolean":true}'), RemoteFailedError, "rows were asked for"),
            (says("200 OK", "x", "text/html"), RemoteFailedError, "'text/html'"),
            (says("200 OK", "x", JSON, "\nContent-Encoding: gzip"), RemoteFailedError, "encodes"),
            (says("200 OK", "", JSON), RemoteFailedError, "not whole"),
            (says("200 OK", "x", JSON, "\nX-SQL-State: S1TAT"), QueryTimeoutError, "part of the answer"),
            (says("200 OK", "x", JSON, "\nX-SPARQL-MaxRows: 10000"), ResultTooLargeError, "10000 rows"),
            (says("206 Part", EMPTY.decode(), JSON), RemoteFailedError, "status 206"),
            (says("302 Found", "", "text/plain", "\nLocation: http://else/"), RemoteFailedError, "status 302"),
            (
                says("400 No", "Lexical error at line 1, column 3. Encountered: x"),
                QuerySyntaxError,
                "column 3: Lexical",
            ),
            (says("400 No", "Virtuoso 37000 Error SP030: SPARQL compiler, line 2: x"), QuerySyntaxError, "line 2"),
            (says("400 No", "SP031: Internal error\n\nSPARQL query:\nSELECT"), QueryEvaluationError, "error$"),
            (says("401 No", "who?"), RemoteFailedError, "who asks"),
            (says("404 No", "<p>secret</p>", "text/html"), RemoteFailedError, "no SPARQL endpoint.*404"),
            (says("500 No", '{"detail": "out of disk"}', "application/problem+json"), RemoteFailedError, "of disk"),
            (says("500 No", "The custom function <f:> is not supported"), QueryEvaluationError, "custom function"),
            (says("500 No", "Virtuoso S1T00 Error SR171: Transaction timed out"), QueryTimeoutError, "timed out"),
            (says("503 No", "later"), EngineBusyError, "later"),
            (says("504 No"), QueryTimeoutError, "too long"),
        ],
    )
    def test_its_failure_is_an_error_of_ours(self, reply: Reply, error: type[Exception], said: str) -> None:
        with pytest.raises(error, match=said):
            answer(reply)

    def test_the_line_that_it_names_is_ours(self) -> None:
        with pytest.raises(QuerySyntaxError) as caught:
            answer(says("400 No", "Virtuoso 37000 Error SP030: SPARQL compiler, line 2: syntax error"))
        assert (caught.value.line, caught.value.column) == (2, None)

    def test_a_graph_with_last_words_is_no_graph(self) -> None:
        text = "<http://s/> <http://p/> 'x' .\nThe SPARQL operation has been cancelled"
        with pytest.raises(QueryTimeoutError):
            answer(says("200 OK", text, "application/n-triples"), GRAPH, media_type="text/turtle")

    def test_truth_that_breaks_off_is_none(self) -> None:
        with pytest.raises(RemoteFailedError):
            answer(rows(b'{"head":{},"boolean":true'), "ASK {}")

    def test_an_error_far_on_comes_from_the_body(self) -> None:
        many = b",".join(ROW % number for number in range(30_000))
        with stand_in(asked(rows(OPEN, many))) as store, Remote(store.url(), QUICK) as engine:
            body = engine.respond(ALL, "text/csv").body
            assert next(body).startswith(b"x\r\n0\r\n")
            with pytest.raises(RemoteFailedError):
                b"".join(body)

    def test_a_small_enough_answer_may_come_from_a_store_that_cuts_off(self) -> None:
        reply = says("200 OK", EMPTY.decode(), JSON, "\nX-SPARQL-MaxRows: 10")
        assert answer(reply, "SELECT * { SELECT * {} LIMIT 99 } LIMIT 10")
        with pytest.raises(ResultTooLargeError):
            answer(reply, "SELECT * { SELECT * {} LIMIT 9 }")

    def test_no_graph_is_taken_from_a_store_that_cuts_off_silently(self) -> None:
        def reply(request: Request, store: StandIn) -> None:
            cut = "\nX-SPARQL-MaxRows: 10000" if "VALUES ?c" in request.query else ""
            store.send(json_head(len(EMPTY), "\nServer: Virtuoso/07" + cut), EMPTY)

        with stand_in(reply) as store, Remote(store.url(), QUICK) as engine:
            with pytest.raises(ResultTooLargeError, match="ResultSetMaxRows"):
                engine.respond(GRAPH, "text/turtle")
            assert GRAPH not in store.queries

    @pytest.mark.parametrize(("server", "sent"), [("Virtuoso/07.20.3229 (Linux)", 0), ("Oxigraph/0.5", 1)])
    def test_what_a_query_says_is_not_for_a_store_is_not_asked(self, server: str, sent: int) -> None:
        query = f"#+ title: x\n#+ not-on: {{Virtuoso: it loses rows}}\n{ALL}"

        def reply(request: Request, store: StandIn) -> None:
            store.send(json_head(len(EMPTY), f"\nServer: {server}"), EMPTY)

        with stand_in(reply) as store, Remote(store.url(), QUICK) as engine:
            if sent:
                engine.select(query)
            else:
                with pytest.raises(
                    QueryEvaluationError, match="Virtuoso would answer this query wrongly: it loses rows"
                ):
                    engine.select(query)
            assert len(store.queries) == sent

    def test_blank_nodes_with_names_that_are_none(self) -> None:
        row = b'{"x":{ "type": "bnode", "value": "nodeID://b1" }}'
        block = OPEN + b",".join([row] * 3) + CLOSE
        for size in (7, 50, len(block)):
            parts = [block[at : at + size] for at in range(0, len(block), size)]
            assert answer(rows(*parts), media_type="text/tab-separated-values").count(b"_:nodeID-b1") == 3

    def test_nobody_is_there(self) -> None:
        with Remote(f"http://127.0.0.1:{free_port()}/", QUICK) as engine:
            assert (engine.ready, engine.version) == (False, "")
            with pytest.raises(RemoteUnreachableError, match="cannot be reached"):
                engine.select(ALL)

    def test_a_connection_that_was_closed_meanwhile_is_made_again(self) -> None:
        def once(request: Request, store: StandIn) -> None:
            nothing(request, store)
            store.hang_up()

        with stand_in(once) as store, Remote(store.url(), QUICK) as engine:
            for _ in range(3):
                engine.select(ALL)


class TestTimeAndSize:
    @pytest.mark.parametrize("reply", [never, drips])
    def test_at_the_limit_the_connection_is_closed(self, reply: Reply) -> None:
        with stand_in(asked(reply)) as store, Remote(store.url(), QUICK) as engine:
            started = time.monotonic()
            with pytest.raises(QueryTimeoutError, match=r"0\.5 seconds"):
                engine.select(ALL)
            assert 0.4 < time.monotonic() - started < DEADLINE
            assert store.gone.wait(DEADLINE)
            assert engine.busy == 0

    @pytest.mark.parametrize("reply", [never, drips])
    def test_cancelling_closes_the_connection(self, reply: Reply) -> None:
        with stand_in(asked(reply)) as store, Remote(store.url(), Limits()) as engine:
            cancellation = Cancellation()
            threading.Timer(0.1, cancellation.cancel).start()
            with pytest.raises(CancelledError):
                engine.respond(ALL, JSON, cancellation=cancellation)
            assert store.gone.wait(DEADLINE)

    def test_closing_the_body_closes_the_connection(self) -> None:
        def endless(request: Request, store: StandIn) -> None:
            store.send(json_head())
            store.chunk(OPEN, ROW % 0)
            while not store.gone.is_set():
                store.chunk((b"," + ROW % 1) * 1000)

        with stand_in(asked(endless)) as store, Remote(store.url(), Limits()) as engine:
            body = engine.respond(ALL, "text/csv").body
            assert next(body)
            body.close()
            assert store.gone.wait(DEADLINE)

    def test_ten_megabytes_stream_through(self) -> None:
        block = b",".join(ROW % number for number in range(10_000, 20_000))
        first_read = threading.Event()

        def much(request: Request, store: StandIn) -> None:
            store.send(json_head())
            store.chunk(OPEN, block)
            assert first_read.wait(DEADLINE)
            for _ in range(30):
                store.chunk(b",", block)
            store.chunk(CLOSE, b"")

        with stand_in(asked(much)) as store, Remote(store.url(), Limits()) as engine:
            body = engine.respond(ALL, JSON).body
            data = next(body)
            first_read.set()
            data += b"".join(body)
        assert len(data) > 10_000_000
        assert len(json.loads(data)["results"]["bindings"]) == 310_000

    def test_an_answer_over_the_limit_is_stopped(self) -> None:
        with pytest.raises(ResultTooLargeError):
            answer(rows(OPEN, b",".join([ROW % 1] * 9000), CLOSE), limits=Limits(result_bytes=10_000))

    def test_queries_wait_in_line(self) -> None:
        limits = Limits(workers=1, waiting=1, waiting_seconds=0.05)
        with stand_in(asked(never)) as store, Remote(store.url(), limits) as engine:
            cancellation = Cancellation()
            running = threading.Thread(target=_cancelled, args=(engine, cancellation))
            running.start()
            assert store.asked.wait(DEADLINE)
            with pytest.raises(EngineBusyError):
                engine.select(ALL)
            cancellation.cancel()
            running.join(DEADLINE)
            assert store.queries == [ALL]

    def test_each_query_is_told_of_once(self) -> None:
        told: list[str] = []

        def tell(outcome: str, seconds: float) -> None:
            told.append(outcome)

        with stand_in(asked(rows(EMPTY))) as store, Remote(store.url(), QUICK, tell=tell) as engine:
            engine.select(ALL)
            for wrong in ("SELECT * { SERVICE <a:> {} }", "no query"):
                with pytest.raises((ServiceRefusedError, QuerySyntaxError)):
                    engine.respond(wrong, JSON)
            store.reply = asked(says("500 No"))
            with pytest.raises(RemoteFailedError):
                engine.select(ALL)
        assert told == ["ok", "refused", "syntax", "down"]


def _cancelled(engine: Remote, cancellation: Cancellation) -> None:
    with pytest.raises(CancelledError):
        engine.respond(ALL, JSON, cancellation=cancellation)


NO_SPARQL = [
    "define get:soft 'soft' SELECT * {}",
    "DEFINE input:grab-all 'yes' SELECT * { ?s ?p ?o }",
    "PREFIX a: <b:> define get:soft 'soft' SELECT * {}",
    "SELECT * FROM <http://else/> OPTION (get:soft 'soft', get:uri 'http://else/') { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o OPTION(score ?x) }",
    "SELECT (bif:http_get('http://else/') AS ?x) {}",
    "SELECT (<bif:http_get>('http://else/') AS ?x) {}",
    "SELECT (<\\u0062if:http_get>('http://else/') AS ?x) {}",
    "PREFIX f: <SQL:> SELECT (f:x() AS ?x) {}",
    "BASE <bif:x> SELECT (<http_get>('http://else/') AS ?x) {}",
    "SELECT * { FILTER(?a<?b#>'''\n) bif:f() #'''\n }",
]
INNOCENT = [
    "SELECT ?define ?option { ?define <http://e/option> 'bif:x sql:y' OPTIONAL { ?s ?p ?option } }",
    "PREFIX e: <http://e/> SELECT * { e:define e:option e:bif } # define bif:",
    "SELECT * { ?s <http://e/bif:x> <http://e/define> }",
    "SELECT * { ?s ?p '\\u0064one' }",
]


class TestNothingReachesOut:
    @pytest.mark.parametrize(
        "query", ["SELECT * { SERVICE <http://else/> {} }", "SELECT * { ?s ?p 1SERVICE<http://else/>{} }"]
    )
    def test_service_is_refused_before_anything_is_sent(self, query: str) -> None:
        with stand_in(nothing) as store, Remote(store.url(), QUICK) as engine:
            with pytest.raises(ServiceRefusedError):
                engine.select(query)
            assert store.queries == []

    @pytest.mark.parametrize("query", NO_SPARQL)
    def test_what_is_no_sparql_is_refused_before_anything_is_sent(self, query: str) -> None:
        with stand_in(nothing) as store, Remote(store.url(), QUICK) as engine:
            with pytest.raises(QuerySyntaxError):
                engine.select(query)
            assert store.queries == []

    @pytest.mark.parametrize("query", INNOCENT)
    def test_the_words_are_innocent_elsewhere(self, query: str) -> None:
        with stand_in(nothing) as store, Remote(store.url(), QUICK) as engine:
            engine.select(query)
            assert store.queries == [query]


SECRET = "s3cr%C3%A9t"


class TestCredentials:
    def test_they_are_sent_and_never_shown(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with stand_in(asked(says("500 No"))) as store:
            with Remote(store.url(f"zoe:{SECRET}@"), QUICK) as engine, pytest.raises(RemoteFailedError) as failed:
                engine.select(ALL)
            sent = {request.headers.get("Authorization") for request in store.requests}
        nowhere = f"http://zoe:{SECRET}@127.0.0.1:{free_port()}/q?key=s3cret"
        with Remote(nowhere, QUICK) as engine, pytest.raises(RemoteUnreachableError) as unreachable:
            engine.select(ALL)
        assert sent == {"Basic " + base64.b64encode("zoe:s3crét".encode()).decode()}
        shown = [str(failed.value), str(unreachable.value), repr(endpoint(nowhere)), caplog.text]
        secrets = "s3cr%", "s3cré", "zoe", *(header.partition(" ")[2] for header in sent if header)
        assert not [text for text in shown for secret in secrets if secret in text]
        assert "key=" not in str(unreachable.value)

    @pytest.mark.parametrize("url", ["", "ftp://ann:s3cret@h/", "ann:s3cret@h", "http://", "http://[ann:s3cret"])
    def test_a_url_that_is_none_is_not_repeated(self, url: str) -> None:
        with pytest.raises(EndpointError) as caught:
            endpoint(url)
        assert "s3cret" not in str(caught.value)

    def test_a_store_that_refuses_basic_gets_digest(self) -> None:
        challenge = '\nWWW-Authenticate: Digest realm="SPARQL", nonce="1", qop="auth", algorithm="MD5"'

        def reply(request: Request, store: StandIn) -> None:
            if request.scheme == "Digest":
                nothing(request, store)
            else:
                store.send("401 No\nContent-Length: 0" + ("" if request.scheme else challenge))

        with stand_in(reply) as store, Remote(store.url("ann:secret@"), QUICK) as engine:
            for _ in range(2):
                engine.select(ALL)
            assert [each.scheme for each in store.requests] == ["Basic", "", "Digest", "Digest", "Digest"]


class TestVersion:
    def test_it_is_asked_for_now_and_then(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with stand_in(_versions(["one", "two"])) as store, Remote(store.url(), QUICK) as engine:
            assert [engine.version for _ in range(5)] == ["one"] * 5
            monkeypatch.setattr("graph.engine.remote.held.VERSION_SECONDS", 0)
            assert engine.respond(ALL, JSON).version == "two"
            assert engine.version == "two"

    def test_it_is_kept_new_without_anybody_waiting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("graph.engine.remote.held.VERSION_SECONDS", 0.05)
        hanging = threading.Event()

        def hangs(request: Request, store: StandIn) -> None:
            hanging.set()
            never(request, store)

        with stand_in(_versions(["one", "two", "three"])) as store, Remote(store.url(), QUICK) as engine:
            assert engine.version == "one"
            deadline = time.monotonic() + DEADLINE
            while engine.version != "three":
                assert time.monotonic() < deadline
                time.sleep(0.01)
            store.reply = hangs
            assert hanging.wait(DEADLINE)
            started = time.monotonic()
            assert engine.version == "three"
            assert time.monotonic() - started < QUICK.query_seconds / 2
            while engine.ready:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            assert engine.version == ""

    @pytest.mark.parametrize(("versions", "asked_of_the_store"), [([], 2), (["one"], 1)])
    def test_only_with_one_an_answer_is_kept(self, versions: list[str], asked_of_the_store: int) -> None:
        with stand_in(_versions(versions)) as store, Remote(store.url(), QUICK) as engine:
            cached = Cached(engine, QUICK)
            for _ in range(2):
                response = cached.respond(ALL, JSON)
                assert b"".join(response.body)
                assert response.volatile is not bool(versions)
            assert len(store.queries) == asked_of_the_store

    def test_an_answer_in_whose_time_the_data_changed_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("graph.engine.remote.VERSION_SECONDS", 0)
        with stand_in(_versions(["one", "two"])) as store, Remote(store.url(), QUICK) as engine:
            with pytest.raises(RemoteChangedError):
                b"".join(engine.respond(ALL, JSON).body)
            assert b"".join(engine.respond(ALL, JSON).body)


def _versions(versions: list[str]) -> Reply:
    """A store that says another version each time it is asked, the last one for ever, and gives no rows."""
    left = list(versions)

    def reply(request: Request, store: StandIn) -> None:
        if not left or "graph/version" not in request.query:
            nothing(request, store)
            return
        version = left.pop(0) if len(left) > 1 else left[0]
        row = {"version": {"type": "literal", "value": version}, "where": {"type": "literal", "value": "graph"}}
        found = json.dumps({"head": {"vars": ["version", "where"]}, "results": {"bindings": [row]}}).encode()
        store.send(json_head(len(found)), found)

    return reply
