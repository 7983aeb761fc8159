"""What may be fetched: the list, the client and its bounds, SERVICE and LOAD that are allowed."""

import gzip
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import hostile
import pytest
from pyoxigraph import Store

from graph.engine import (
    Cancellation,
    CancelledError,
    Engine,
    QuerySyntaxError,
    ServiceRefusedError,
)
from graph.engine.text.guard import LoadRefusedError, refuse_reach
from graph.limits import Limits
from graph.reach.addresses import UnknownHostError, is_public, resolve
from graph.reach.allowed import AllowListError, Reach, read_reach
from graph.reach.client import USER_AGENT, Client, ExchangeError, Wanted
from graph.reach.engine import Reaching
from graph.reach.load import LoadFailedError, prepare_update
from graph.reach.network import Allowance
from graph.reach.service import ServiceFailedError, answer_services

SHORT = Limits(service_seconds=0.6, service_bytes=10_000)
LIMITS = Limits(service_seconds=20.0)
DEADLINE = 20
SRJ = "application/sparql-results+json"


@dataclass(frozen=True)
class Request:
    """What the other service received."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> str:
        return parse_qs(self.body.decode())["query"][0]


Reply = Callable[[Request], Iterable[bytes]]


class Other:
    """Another service on the loopback: it answers with the blocks of ``reply``, and keeps what it was sent."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.reply: Reply = lambda _: [answer(b"", "text/plain")]
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as stream:
                line = stream.readline().decode().strip()
                headers = {}
                while header := stream.readline().decode().strip():
                    headers[header.partition(":")[0].lower()] = header.partition(":")[2].strip()
                request = Request(line, headers, stream.read(int(headers.get("content-length", 0))))
                self.requests.append(request)
                for block in self.reply(request):
                    connection.sendall(block)
        except OSError:
            return

    def close(self) -> None:
        self._listener.close()


def answer(data: bytes, media_type: str = SRJ, status: str = "200 OK", **headers: str) -> bytes:
    """A whole response."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(data)}\r\n{more}\r\n"
    return head.encode() + data


def solutions(names: list[str], *rows: dict[str, Any]) -> bytes:
    """SPARQL results in JSON."""
    return json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode()


def iri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


@pytest.fixture
def other() -> Iterator[Other]:
    service = Other()
    yield service
    service.close()


@pytest.fixture(scope="module")
def trap() -> Iterator[hostile.Trap]:
    with hostile.Trap() as listening:
        yield listening


def reach_to(other: Other, limits: Limits = LIMITS, loads: tuple[str, ...] = ()) -> Reach:
    return Reach(Client(limits, addresses=lambda _: True), (other.url,), loads)


def fetch(
    url: str,
    limits: Limits = LIMITS,
    listed: Iterable[str] = (),
    cancellation: Cancellation | None = None,
    **client: Any,
) -> bytes:
    given = client or {"addresses": lambda _: True}
    with Allowance(limits.service_seconds, cancellation) as allowance:
        return Client(limits, **given).fetch(Wanted(url, SRJ), set(listed).__contains__, allowance).data


PUBLIC = ("8.8.8.8", "1.1.1.1", "2606:4700::1111", "2001:4860:4860::8888", "64:ff9b::808:808", "2002:808:808::1")
NOT_PUBLIC = (
    "0.0.0.0", "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::", "2001:0:808:808::1",
    "2001:10::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "fe80::1", "fe80::1%1", "fec0::1", "fc00::1",
    "fd00:ec2::254", "ff02::1", "ff0e::1",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


SPELLINGS = (
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "0", "0.0.0.0",
    "localhost", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[::ffff:7f00:1]", "127.0.0.1.",
    "localhost.", "nobody@127.0.0.1", "①②⑦.0.0.1", "127。0。0。1",
)  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_this_machine_is_reached(trap: hostile.Trap, host: str) -> None:
    before = trap.count()
    with pytest.raises((ExchangeError, UnicodeError, ValueError, TypeError)):
        fetch(f"http://{host}:{trap.port}/", addresses=is_public)
    assert trap.count() == before


def answers_of(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let names lead where a test wants them to; gives the list of names that are looked up."""
    asked: list[str] = []
    left = list(answers)
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        if host[-1].isdigit():
            return real(host, port, *more, **named)
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr("graph.reach.addresses.socket.getaddrinfo", look_up)
    return asked


def test_one_address_that_is_not_public_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch, trap: hostile.Trap
) -> None:
    answers_of(monkeypatch, ["8.8.8.8", "127.0.0.1"])
    before = trap.count()
    with pytest.raises(ExchangeError, match="leads to 127.0.0.1, which is no public address"):
        fetch(f"http://rebinding.example:{trap.port}/", addresses=is_public)
    assert trap.count() == before


def test_the_address_that_was_looked_at_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch, other: Other
) -> None:
    looked_at = []
    asked = answers_of(monkeypatch, ["127.0.0.1"], ["192.0.2.1"])
    other.reply = lambda _: [answer(b"here")]

    def look_at(address: object) -> bool:
        looked_at.append(str(address))
        return True

    assert fetch(f"http://rebinding.example:{other.port}/", addresses=look_at) == b"here"
    assert looked_at == ["127.0.0.1"]
    assert asked.count("rebinding.example") == 1
    assert other.requests[0].headers["host"] == f"rebinding.example:{other.port}"


def test_a_name_that_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExchangeError, match="no address of nowhere.invalid was found"):
        fetch("http://nowhere.invalid/")
    held = threading.Event()
    monkeypatch.setattr("graph.reach.addresses.socket.getaddrinfo", lambda *_, **__: [held.wait(DEADLINE)][:0])
    with pytest.raises(UnknownHostError, match="in time"):
        resolve("slow.example", 80, 0.05)
    held.set()


def test_what_is_sent_names_us_and_holds_nothing_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, other: Other, trap: hostile.Trap
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, trap.url())
    before = trap.count()
    other.reply = lambda _: [answer(b"x", Set_Cookie="a=b")]
    client = Client(LIMITS, addresses=lambda _: True)
    for _ in range(2):
        with Allowance(DEADLINE) as allowance:
            client.fetch(Wanted(other.url, SRJ, (("query", "ASK {}"),)), lambda _: False, allowance)
    for request in other.requests:
        assert request.headers["user-agent"] == USER_AGENT
        assert request.headers["accept"] == SRJ
        assert not {"cookie", "authorization", "referer"} & set(request.headers)
        assert (request.line, request.body) == ("POST /sparql HTTP/1.1", b"query=ASK+%7B%7D")
    assert trap.count() == before


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_leads_only_to_what_is_listed(other: Other, trap: hostile.Trap, status: str) -> None:
    before = trap.count()
    other.reply = lambda _: [answer(b"", status=status, Location=trap.url())]
    with pytest.raises(ExchangeError, match="not on the list"):
        fetch(other.url, listed=[other.url])
    assert trap.count() == before
    goal = f"http://127.0.0.1:{other.port}/goal"
    other.reply = lambda request: [
        answer(b"found") if "/goal" in request.line else answer(b"", status=status, Location="/goal")
    ]
    assert fetch(other.url, listed=[goal]) == b"found"
    other.reply = lambda _: [answer(b"", status=status, Location=other.url)]
    with pytest.raises(ExchangeError, match="more than 5 times"):
        fetch(other.url, listed=[other.url])
    other.reply = lambda _: [answer(b"", status=status, Location="http://[x")]
    with pytest.raises(ExchangeError, match="no address"):
        fetch(other.url)


@pytest.mark.parametrize("status", ["204 No Content", "303 See Other", "404 Not Found", "500 Oh", "206 Partial"])
def test_any_other_status_is_an_error(other: Other, status: str) -> None:
    other.reply = lambda _: [answer(b"x", status=status)]
    with pytest.raises(ExchangeError, match=f"status {status[:3]}"):
        fetch(other.url)


def drip(block: bytes, first: bytes = b"") -> Reply:
    def blocks(_: Request) -> Iterator[bytes]:
        yield first
        while True:
            yield block
            time.sleep(0.05)

    return blocks


SLOW = {
    "nothing": lambda _: iter(lambda: time.sleep(0.05) or b"", None),
    "headers": drip(b"X-A: b\r\n", b"HTTP/1.1 200 OK\r\n"),
    "status": drip(b"1", b"HTTP/1.1 "),
    "body": drip(b"x", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"),
    "chunks": drip(b"1\r\nx\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "interim": drip(b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("reply", SLOW.values(), ids=SLOW)
def test_the_whole_exchange_has_a_deadline(other: Other, reply: Reply) -> None:
    other.reply = reply
    started = time.monotonic()
    with pytest.raises(ExchangeError, match="longer than 0.6 seconds"):
        fetch(other.url, SHORT)
    assert time.monotonic() - started < 3 * SHORT.service_seconds


def test_a_listener_that_never_answers_has_the_deadline_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(ExchangeError, match="longer than"):
        fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/", SHORT)


def test_cancelling_breaks_the_exchange_off(other: Other) -> None:
    asked, left = threading.Event(), threading.Event()

    def say_nothing(_: Request) -> list[bytes]:
        asked.set()
        left.wait(DEADLINE)
        return []

    other.reply = say_nothing
    cancellation = Cancellation()
    threading.Thread(target=lambda: asked.wait(DEADLINE) and cancellation.cancel()).start()
    started = time.monotonic()
    with pytest.raises(CancelledError):
        fetch(other.url, cancellation=cancellation)
    assert time.monotonic() - started < LIMITS.service_seconds / 2
    left.set()


def endless(head: bytes, block: bytes) -> Reply:
    def blocks(_: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + head + b"\r\n"
        while True:
            yield block

    return blocks


BOMB = answer(gzip.compress(b"x" * 50_000_000), Content_Encoding="gzip")
LARGE: dict[str, Reply] = {
    "announced": lambda _: [answer(b"x" * (SHORT.service_bytes + 1))],
    "endless": endless(b"", b"x" * 1000),
    "chunks": endless(b"Transfer-Encoding: chunked\r\n", b"3e8\r\n" + b"x" * 1000 + b"\r\n"),
    "compressed": lambda _: [BOMB],
}


@pytest.mark.parametrize("reply", LARGE.values(), ids=LARGE)
def test_an_answer_has_a_size(other: Other, reply: Reply) -> None:
    other.reply = reply
    with pytest.raises(ExchangeError, match="more than 10000 bytes"):
        fetch(other.url, Limits(service_bytes=10_000))


def test_no_more_is_decompressed_than_is_allowed(other: Other) -> None:
    other.reply = LARGE["compressed"]
    tracemalloc.start()
    try:
        with pytest.raises(ExchangeError, match="more than"):
            fetch(other.url, Limits(service_bytes=10_000))
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_exactly_as_large_as_is_allowed(other: Other) -> None:
    data = b"x" * SHORT.service_bytes
    for reply in (answer(data), answer(gzip.compress(data), Content_Encoding="gzip")):
        other.reply = lambda _, reply=reply: [reply]  # type: ignore[misc]
        assert fetch(other.url, SHORT) == data


BROKEN = {
    "no http": [b"hello\r\n\r\n"],
    "cut off": [answer(b"x" * 100)[:-50]],
    "headers without end": [b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 50_000],
    "nothing": [],
    "compressed, cut off": [answer(gzip.compress(b"x" * 1000)[:-5], Content_Encoding="gzip")],
    "compressed, and more": [answer(gzip.compress(b"x") + b"y", Content_Encoding="gzip")],
    "not compressed": [answer(b"x", Content_Encoding="gzip")],
    "another encoding": [answer(b"x", Content_Encoding="br")],
}


@pytest.mark.parametrize("blocks", BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_an_error(other: Other, blocks: list[bytes]) -> None:
    other.reply = lambda _: blocks
    with pytest.raises(ExchangeError, match="127.0.0.1"):
        fetch(other.url)


def test_certificates_are_verified(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes a certificate for the test, is not there")
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    service = Other(context)
    with pytest.raises(ExchangeError, match="CERTIFICATE_VERIFY_FAILED"):
        fetch(f"https://localhost:{service.port}/")
    assert service.requests == []
    service.close()


def test_the_list_is_read_from_arguments_and_environment() -> None:
    environment = {
        "COMMUNIQUE_ALLOW_SERVICE": "https://a.example/sparql  https://b.example/",
        "COMMUNIQUE_ALLOW_LOAD": "https://c.example/data/",
    }
    reach = read_reach(Limits(), environment, services=["http://d.example/"])
    assert reach.services == ("http://d.example/", "https://a.example/sparql", "https://b.example/")
    assert reach.loads == ("https://c.example/data/",)
    assert reach
    assert not read_reach(Limits(), {})


@pytest.mark.parametrize("url", ["https://a.example/sparql", "https://b.example/"])
def test_a_service_is_allowed_letter_by_letter(url: str) -> None:
    reach = read_reach(Limits(), {}, services=["https://a.example/sparql", "https://b.example/"])
    assert reach.allows_service(url)
    for other in (url + "/", url[:-1], url.upper(), url + "?x", url + "#x", url.replace("https", "http"), ""):
        assert not reach.allows_service(other)


def test_a_document_is_allowed_by_how_its_address_begins() -> None:
    reach = read_reach(Limits(), {}, loads=["https://a.example/data/"])
    assert reach.allows_load("https://a.example/data/x.ttl")
    for other in (
        "https://a.example/data", "https://a.example/other", "http://a.example/data/x", "https://a.example/data/../x",
        "https://a.example/data/%2e%2E/x", "https://a.example/data/./x", "https://a.example/data/\\..\\x", "",
        "https://a.example/data/x y", "https://a.example/data/é",
    ):  # fmt: skip
        assert not reach.allows_load(other)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "ftp://a.example/", "a.example", "//a.example/", "http:///x", "http://", "https://a b/",
        "",
        "http://user:word@a.example/", "http://a.example:port/", "http://a.example:99999/", "http://é.example/",
        "http://a.example/../x", "http://[x]/", "HTTP//a", "http://a.example/<x>",
    ],
)  # fmt: skip
def test_what_could_not_be_fetched_cannot_be_allowed(address: str) -> None:
    with pytest.raises(AllowListError, match="cannot be allowed"):
        Reach(Client(LIMITS), (address,))
    with pytest.raises(AllowListError, match="cannot be allowed"):
        Reach(Client(LIMITS), (), (address,))


def test_a_host_without_a_slash_allows_no_documents() -> None:
    with pytest.raises(AllowListError, match="with '/'"):
        Reach(Client(LIMITS), (), ("https://a.example",))


def text_of(query: str, reach: Reach) -> str:
    """The query in which the other services have been asked."""
    return answer_services(query, reach).query.text


def rows(query: str) -> list[list[str | None]]:
    """What Oxigraph makes of a query without SERVICE."""
    return [[str(term) if term is not None else None for term in row] for row in Store().query(query)]  # type: ignore[union-attr]


def test_solutions_stand_in_the_place_of_the_clause(other: Other) -> None:
    triple = {"subject": iri("http://s/"), "predicate": iri("http://p/"), "object": {"type": "bnode", "value": "b"}}
    other.reply = lambda _: [
        answer(
            solutions(
                ["x", "y"],
                {"x": iri("http://a/"), "y": {"type": "literal", "value": 'it\'s "q" \\ \n SERVICE <x> {}'}},
                {"x": iri("http://b/"), "y": {"type": "literal", "value": "é", "xml:lang": "fr"}},
                {"x": {"type": "literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}},
                {"x": {"type": "triple", "value": triple}, "y": {"type": "bnode", "value": "b"}},
            ),
            SRJ + "; charset=utf-8",
        )
    ]
    query = f"PREFIX e: <http://e/> SELECT ?x ?y {{ SERVICE <{other.url}> {{ ?x e:p ?y }} }}"
    found = rows(text_of(query, reach_to(other)))
    assert found[:3] == [
        ["<http://a/>", '"it\'s \\"q\\" \\\\ \\n SERVICE <x> {}"'],
        ["<http://b/>", '"é"@fr'],
        ['"1"^^<http://www.w3.org/2001/XMLSchema#integer>', None],
    ]
    assert found[3][1] is not None
    assert found[3][1].startswith(f"<http://127.0.0.1:{other.port}/.well-known/genid/")
    assert found[3][1] in (found[3][0] or "")
    assert other.requests[0].query == "PREFIX e: <http://e/>\nSELECT * WHERE { ?x e:p ?y }"


@pytest.mark.parametrize(("count", "names"), [(0, []), (1, []), (3, []), (0, ["x"]), (2, ["x"])], ids=str)
def test_the_number_of_solutions_is_kept(other: Other, count: int, names: list[str]) -> None:
    other.reply = lambda _: [answer(solutions(names, *({} for _ in range(count))))]
    query = f"SELECT * {{ SERVICE <{other.url}> {{}} }}"
    assert len(rows(text_of(query, reach_to(other)))) == count


SPELT = {
    "closely": "SELECT*{service<%s>{?x ?y ?z}}",
    "silently": "SELECT * { SERVICE SILENT <%s> { ?x ?y ?z } }",
    "silently and closely": "SELECT * { SERVICESILENT<%s>{ ?x ?y ?z } }",
    "by a prefix": "PREFIX o: <%s> SELECT * { SERVICE o: { ?x ?y ?z } }",
    "by the last of two prefixes": "PREFIX o: <http://no/> PREFIX o: <%s> SELECT * { SERVICE o: { ?x ?y ?z } }",
    "with comments": "SELECT * { SERVICE # {\n <%s> # }\n { ?x ?y ?z } }",
    "after a triple": "SELECT * { ?a ?b ?c . SERVICE <%s> { ?x ?y ?z } }",
    "after a triple without a dot": "SELECT * { ?a ?b ?c SERVICE <%s> { ?x ?y ?z } }",
    "with brackets in strings": "SELECT * { SERVICE <%s> { ?x ?y '}', \"{\", '''}'}''' # }\n } }",
    "with a group inside": "SELECT * { SERVICE <%s> { { ?x ?y [] } OPTIONAL { ?x ?y (1 2) } } }",
    "with less than": "SELECT * { FILTER(?a < ?b) SERVICE <%s> { FILTER(?a<?b) ?x ?y ?z } }",
    "in a sub-select": "SELECT * { { SELECT * { SERVICE <%s> { ?x ?y ?z } } } }",
    "in EXISTS": "SELECT * { FILTER EXISTS { SERVICE <%s> { ?x ?y ?z } } }",
    "in OPTIONAL": "ASK { OPTIONAL { SERVICE <%s> { ?x ?y ?z } } }",
    "in CONSTRUCT": "CONSTRUCT { ?x ?y ?z } WHERE { SERVICE <%s> { ?x ?y ?z } }",
    "beside the word": "SELECT ?service { ?service <http://a/service> 'SERVICE <x> {}' . SERVICE <%s> {} } # SERVICE",
}


@pytest.mark.parametrize("query", SPELT.values(), ids=SPELT)
def test_a_clause_is_found_however_it_is_written(other: Other, query: str) -> None:
    other.reply = lambda _: [answer(solutions(["x"], {"x": iri("http://found/")}))]
    answered = text_of(query % other.url, reach_to(other))
    assert "(<http://found/>)" in answered
    assert len(other.requests) == 1
    Store().query(answered)
    Store().query(other.requests[0].query)


def test_several_clauses_and_what_stands_between(other: Other) -> None:
    replies = iter("12")
    other.reply = lambda _: [answer(solutions(["x"], {"x": iri(f"http://{next(replies)}/")}))]
    query = f"SELECT * {{ {{ SERVICE <{other.url}> {{ ?x }} }} UNION {{ SERVICE <{other.url}> {{ ?y }} }} }}"
    assert text_of(query, reach_to(other)) == (
        "SELECT * { {  { VALUES (?x) { (<http://1/>) } }  } UNION {  { VALUES (?x) { (<http://2/>) } }  } }"
    )


REFUSED = {
    "not listed": "SELECT * { SERVICE <http://TRAP/> {} }",
    "silent, not listed": "SELECT * { SERVICE SILENT <http://TRAP/> {} }",
    "one of two": "SELECT * { SERVICE <OTHER> {} SERVICE <http://TRAP/> {} }",
    "a variable": "SELECT * { VALUES ?u { <OTHER> } SERVICE ?u {} }",
    "a prefix not declared": "SELECT * { SERVICE o: {} }",
    "a relative IRI": "BASE <OTHER> SELECT * { SERVICE <> {} }",
    "longer": "SELECT * { SERVICE <OTHER/> {} }",
    "escaped": "SELECT * { SERVICE <\\u0068ttp://TRAP/> {} }",
    "in upper case": "SELECT * { SERVICE <HTTP://127.0.0.1:OTHERPORT/sparql> {} }",
    "nested": "SELECT * { SERVICE <OTHER> { SERVICE <OTHER> {} } }",
    "nested deeply": "SELECT * { SERVICE <OTHER> { { SELECT * { FILTER EXISTS { SERVICE <http://TRAP/> {} } } } } }",
    "nested by a prefix": "PREFIX : <http://TRAP/> SELECT * { SERVICE <OTHER> { ?s ?p ?o SERVICE:x {} } }",
    "glued to a number": "SELECT * { ?s ?p 1SERVICE<OTHER>{} }",
    "glued to a prefix": "PREFIX o: <OTHER> SELECT * { SERVICEo:{} }",
    "without a group": "SELECT * { SERVICE <OTHER> }",
    "hidden": "SELECT * { SERVICE <OTHER> {} VALUES ?x { '''a' } SERVICE <http://TRAP/> {} # \\x '''\n }",
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED)
def test_what_is_not_allowed_is_refused(other: Other, trap: hostile.Trap, query: str) -> None:
    before = trap.count()
    text = query.replace("OTHERPORT", str(other.port)).replace("OTHER", other.url)
    with pytest.raises(ServiceRefusedError):
        text_of(trap.set(text), reach_to(other))
    assert trap.count() == before
    assert other.requests == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { FILTER(?a<?b#>'\n) SERVICE <OTHER> {} #'\n }",
        "SELECT * { <<?s?p'a>>'>> ?q ?r . SERVICE <OTHER> {} #'\n }",
        "SELECT * { FILTER(?a<(?b)&&?c>1) SERVICE <OTHER> {} }",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(other: Other, query: str) -> None:
    with pytest.raises(QuerySyntaxError, match="put a space after '<'"):
        text_of(query.replace("OTHER", other.url), reach_to(other))
    assert other.requests == []


@pytest.mark.parametrize("query", hostile.REACHING)
def test_an_allowed_service_opens_no_door_to_others(other: Other, trap: hostile.Trap, query: str) -> None:
    other.reply = lambda _: [answer(solutions(["x"], {"x": iri("http://found/")}))]
    before = trap.count()
    text = trap.set(query).replace("{", f"{{ SERVICE <{other.url}> {{}} ", 1)
    with pytest.raises((ServiceRefusedError, QuerySyntaxError)):
        text_of(text, reach_to(other))
    assert trap.count() == before


FAILING: dict[str, Reply] = {
    "a status": lambda _: [answer(b"no", status="503 Busy")],
    "another type": lambda _: [answer(b"<html>", "text/html")],
    "no type": lambda _: [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"],
    "no JSON": lambda _: [answer(b"{")],
    "another JSON": lambda _: [answer(b'{"a": 1}')],
    "true": lambda _: [answer(b'{"head": {}, "boolean": true}')],
    "a variable that is none": lambda _: [answer(solutions(["x) {} SERVICE <http://TRAP/> {}"]))],
    "an IRI that is none": lambda _: [
        answer(solutions(["x"], {"x": iri("http://a/> ) } SERVICE <http://TRAP/> {}")}))
    ],
    "a type that is none": lambda _: [
        answer(solutions(["x"], {"x": {"type": "literal", "value": "x", "datatype": "http://a/> ) } SERVICE"}}))
    ],
    "a language that is none": lambda _: [
        answer(solutions(["x"], {"x": {"type": "literal", "value": "x", "xml:lang": "en) } SERVICE"}}))
    ],
    "a label that is none": lambda _: [answer(solutions(["x"], {"x": {"type": "bnode", "value": "x> ) } SERVICE"}}))],
    "a redirect": lambda _: [answer(b"", status="302 Found", Location="http://169.254.169.254/")],
}


@pytest.mark.parametrize("reply", FAILING.values(), ids=FAILING)
def test_a_service_that_fails(other: Other, reply: Reply) -> None:
    other.reply = reply
    with pytest.raises(ServiceFailedError, match=r"SERVICE \(line 1, column 12\): "):
        text_of(f"SELECT * {{ SERVICE <{other.url}> {{ ?x ?y ?z }} }}", reach_to(other))
    silent = text_of(f"SELECT * {{ SERVICE SILENT <{other.url}> {{ ?x ?y ?z }} }}", reach_to(other))
    assert rows(silent) == [[]]


def test_a_query_asks_only_so_often(other: Other) -> None:
    with pytest.raises(QuerySyntaxError, match="at most 50 SERVICE clauses"):
        text_of("SELECT * { " + f"SERVICE SILENT <{other.url}> {{}} " * 51 + "}", reach_to(other))
    with pytest.raises(QuerySyntaxError, match="at most 50 LOAD operations"):
        prepare_update("LOAD SILENT <x:y> ;" * 51)
    assert other.requests == []


def test_all_clauses_of_a_query_share_the_time(other: Other) -> None:
    other.reply = SLOW["body"]
    query = "SELECT * { " + f"SERVICE SILENT <{other.url}> {{}} " * 20 + "}"
    started = time.monotonic()
    assert rows(text_of(query, reach_to(other, SHORT))) == [[]]
    assert time.monotonic() - started < 4 * SHORT.service_seconds


def test_a_public_list_does_not_lead_to_this_machine(other: Other) -> None:
    reach = Reach(Client(LIMITS), (other.url,))
    with pytest.raises(ServiceFailedError, match="no public address"):
        text_of(f"SELECT * {{ SERVICE <{other.url}> {{}} }}", reach)
    assert other.requests == []


def test_without_a_list_nothing_is_changed() -> None:
    reach = read_reach(Limits(), {})
    query = "SELECT * { SERVICE <http://a.example/> {} }"
    assert text_of(query, reach) is query
    with pytest.raises(ServiceRefusedError):
        prepare_update("INSERT {} WHERE { SERVICE <http://a.example/> {} }", reach)


def test_an_engine_with_reach(engine: Engine, other: Other) -> None:
    other.reply = lambda _: [answer(solutions(["x"], {"x": iri("http://found/")}))]
    reaching = Reaching(engine, reach_to(other))
    query = f"SELECT ?x {{ SERVICE <{other.url}> {{ ?x a ?y }} }}"
    answered = reaching.respond(query, "text/csv")
    assert b"".join(answered.body) == b"x\r\nhttp://found/\r\n"
    assert answered.volatile
    assert not reaching.respond("SELECT ('service' AS ?x) {}", "text/csv").volatile
    assert [str(row[0]) for row in reaching.select(query).rows] == ["<http://found/>"]
    assert reaching.ask(query.replace("SELECT ?x", "ASK"))
    assert [
        str(t.subject) for t in reaching.construct(query.replace("SELECT ?x", "CONSTRUCT { ?x ?x ?x } WHERE"))
    ] == ["<http://found/>"]
    assert (reaching.version, reaching.form(query)) == (engine.version, "SELECT")
    assert "text/csv" in reaching.formats(query)


NOTHING = "INSERT DATA { }"
SILENT = {
    "alone": ("LOAD SILENT <http://a.example/>", NOTHING),
    "into a graph": ("load silent <x:y> into graph <urn:g>;", f"{NOTHING};"),
    "by prefixes": ("PREFIX : <http://e/> LOAD SILENT :x INTO GRAPH :g", f"PREFIX : <http://e/> {NOTHING}"),
    "closely": ("CLEAR ALL;LOADSILENT<http://a.example/>", f"CLEAR ALL;{NOTHING}"),
    "a file": ("LOAD SILENT <file:///etc/passwd>", NOTHING),
    "between others": (
        "PREFIX e: <http://e/> INSERT DATA { e:a e:b 'LOAD' } ; LOAD SILENT # x\n<http://a.example/> ; CLEAR ALL",
        f"PREFIX e: <http://e/> INSERT DATA {{ e:a e:b 'LOAD' }} ; {NOTHING} ; CLEAR ALL",
    ),
    "after what looks like it": (
        "PREFIX load: <http://e/> WITH load:g DELETE { ?load load:p 'load' } WHERE {} ; LOAD SILENT load:x",
        f"PREFIX load: <http://e/> WITH load:g DELETE {{ ?load load:p 'load' }} WHERE {{}} ; {NOTHING}",
    ),
}


@pytest.mark.parametrize(("update", "prepared"), SILENT.values(), ids=SILENT)
def test_a_silent_load_that_is_refused_does_nothing(update: str, prepared: str) -> None:
    assert prepare_update(update) == prepared
    Store().update(prepared)


@pytest.mark.parametrize("update", hostile.REACHING_UPDATES)
def test_no_update_reaches_out_once_it_is_prepared(trap: hostile.Trap, update: str) -> None:
    before = trap.count()
    try:
        prepared = prepare_update(trap.set(update))
    except (LoadRefusedError, ServiceRefusedError, QuerySyntaxError):
        return
    refuse_reach(prepared)
    Store().update(prepared)
    assert trap.count() == before


@pytest.mark.parametrize("update", hostile.INNOCENT_UPDATES)
def test_an_innocent_update_is_left_alone(update: str) -> None:
    assert prepare_update(update) == update


def test_a_load_that_is_refused_says_what_to_do() -> None:
    with pytest.raises(LoadRefusedError, match=r"LOAD \(line 2, column 3\).*<http://a.example/>: insert the data"):
        prepare_update("CLEAR ALL ;\n  LOAD <http://a.example/>")


TURTLE = b"@base <http://b/> . <s> <p> 'LOAD <x>', [ <q> 1 ] ; <r> <<( <s> <p> <o> )>> . _:a <p> <> ."
RDF_XML = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="http://p/">
  <rdf:Description rdf:about="x"><p:q>v</p:q></rdf:Description></rdf:RDF>"""


def documents(other: Other, limits: Limits = LIMITS) -> tuple[Reach, str]:
    begins = f"http://127.0.0.1:{other.port}/data/"
    return reach_to(other, limits, (begins,)), begins


def test_an_allowed_document_is_inserted(other: Other) -> None:
    reach, begins = documents(other)
    other.reply = lambda _: [answer(TURTLE, "text/turtle;charset=utf-8")]
    store = Store()
    store.update(prepare_update(f"CLEAR ALL ; LOAD <{begins}x.ttl> ; LOAD <{begins}y> INTO GRAPH <urn:g>", reach))
    default = [quad for quad in store if "urn:g" not in str(quad.graph_name)]
    assert len(default) == 5
    assert len(list(store)) == 10
    assert store.query(
        "ASK { <http://b/s> <http://b/p> 'LOAD <x>', [ <http://b/q> 1 ] . [] <http://b/p> <http://b/> }"
    )
    assert [request.line.split()[:2] for request in other.requests] == [["GET", "/data/x.ttl"], ["GET", "/data/y"]]


def test_a_relative_iri_is_below_the_document(other: Other) -> None:
    reach, begins = documents(other)
    other.reply = lambda _: [answer(RDF_XML, "application/rdf+xml")]
    store = Store()
    store.update(prepare_update(f"PREFIX d: <{begins}> LOAD d:list INTO GRAPH d:g", reach))
    assert store.query(f"ASK {{ GRAPH <{begins}g> {{ <{begins}x> <http://p/q> 'v' }} }}")


ENTITY = b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + RDF_XML.replace(b">v<", b">&e;<")
NO_DOCUMENT = {
    "a page": answer(b"<html>", "text/html"),
    "broken": answer(b"<a> <b>", "text/turtle"),
    "a dataset": answer(b"<http://g/> { <http://a/> <http://b/> 1 }", "application/trig"),
    "a remote context": answer(b'{"@context": "http://127.0.0.1:9/", "a:b": 1}', "application/ld+json"),
    "an entity": answer(ENTITY, "application/rdf+xml"),
    "gone": answer(b"", "text/turtle", status="410 Gone"),
    "elsewhere": answer(b"", "text/turtle", status="302 Found", Location="http://169.254.169.254/data/"),
    "large": answer(b"#" * 20_000, "text/turtle"),
}  # fmt: skip


@pytest.mark.parametrize("reply", NO_DOCUMENT.values(), ids=NO_DOCUMENT)
def test_a_document_that_cannot_be_had(other: Other, reply: bytes) -> None:
    reach, begins = documents(other, Limits(service_bytes=10_000))
    other.reply = lambda _: [reply]
    with pytest.raises(LoadFailedError, match=r"LOAD \(line 1, column 1\): "):
        prepare_update(f"LOAD <{begins}x>", reach)
    assert prepare_update(f"LOAD SILENT <{begins}x>", reach) == NOTHING


def test_a_document_beside_the_list_is_refused(other: Other) -> None:
    reach, begins = documents(other)
    for address in (begins.replace("/data/", "/other/"), f"{begins}../other", "file:///etc/passwd"):
        with pytest.raises(LoadRefusedError):
            prepare_update(f"LOAD <{begins}x> ; LOAD <{address}>", reach)
    assert other.requests == []


def test_a_service_in_an_update(other: Other) -> None:
    other.reply = lambda _: [answer(solutions(["x"], {"x": iri("http://found/")}))]
    update = f"CLEAR ALL ; INSERT {{ ?x <http://p/> 1 }} WHERE {{ SERVICE <{other.url}> {{ ?x ?y ?z }} }}"
    store = Store()
    store.update(prepare_update(update, reach_to(other)))
    assert store.query("ASK { <http://found/> <http://p/> 1 }")
