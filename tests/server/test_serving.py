"""The server that really runs: clients who leave, bodies that fail midway, and its end."""

import asyncio
import json
import os
import queue
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from patience import DEADLINE
from small_corpus import SmallCorpus
from small_store import quads
from test_engine import DEEP, HIDDEN

from graph.build import build
from graph.sources import SOURCES, default_authority, default_corpus, default_documents, inputs_hash
from graph.store import write
from server import serving
from server.front import Front

SLOW_CLIENTS = 300
ENDLESS_BODY = "SELECT ('endless' AS ?x) {} #"
HERE = Path(__file__).parent
NEVER = (
    "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?x{n} {{ {' '.join(map(str, range(100)))} }}" for n in range(6))
    + " }"
)
ENDLESS = NEVER.replace("(COUNT(*) AS ?n)", "*")


class Process:
    """A server in a process of its own; its lines can be waited for."""

    def __init__(self, *command: str, stream: str = "stdout", **variables: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self.other: list[str] = []
        pipes = [self.process.stdout, self.process.stderr]
        chosen, rest = pipes if stream == "stdout" else reversed(pipes)
        threading.Thread(target=self._read, args=(chosen, self._lines.put), daemon=True).start()
        threading.Thread(target=self._read, args=(rest, self.other.append), daemon=True).start()

    @staticmethod
    def _read(pipe, take) -> None:  # type: ignore[no-untyped-def]
        for line in pipe:
            take(line.rstrip("\n"))

    def line(self) -> str:
        """The next line, within the deadline."""
        return self._lines.get(timeout=DEADLINE)

    def wait_for(self, wanted: str) -> None:
        """Read lines up to the wanted one."""
        while self.line() != wanted:
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(DEADLINE)

    def end(self) -> int:
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE)


class Server(Process):
    """The trial server and its URL."""

    def __init__(self, store: Path, *arguments: str, **limits: float) -> None:
        super().__init__(str(HERE / "trial.py"), str(store), json.dumps(limits), *arguments)
        self.url = self.line()

    def connect(self) -> socket.socket:
        """A connection."""
        parts = urlsplit(self.url)
        return socket.create_connection((parts.hostname, parts.port), timeout=DEADLINE)

    def state(self, name: str) -> int:
        """What the kernel says of the process: ``Threads``, or ``VmRSS`` in KiB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))

    def send(self, query: str) -> socket.socket:
        """A connection on which a query has been sent."""
        connection = self.connect()
        target = f"/sparql?{urlencode({'query': query})}"
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
        return connection


@pytest.fixture(scope="module")
def server(small_store: Path) -> Iterator[Server]:
    with Server(small_store) as running:
        yield running


def test_health_and_pages(server: Server) -> None:
    assert httpx.get(server.url + "healthz").text == "ok\n"
    assert httpx.get(server.url).status_code == 200
    assert httpx.get(server.url + "static/style.css").headers["content-type"].startswith("text/css")


def test_a_query_is_answered(server: Server) -> None:
    answer = httpx.post(
        server.url + "sparql", data={"query": "SELECT ('%2B+é' AS ?x) {}"}, headers={"Accept": "text/csv"}
    )
    assert (answer.status_code, answer.text) == (200, "x\r\n%2B+é\r\n")


def test_a_client_who_leaves_before_the_first_byte_is_noticed(server: Server) -> None:
    connection = server.send(NEVER + "#early")
    server.wait_for("asked early")
    connection.close()
    server.wait_for("cancelled early")


def test_a_client_who_leaves_midway_stops_the_query(server: Server) -> None:
    connection = server.send(ENDLESS + "#late")
    assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    connection.close()
    server.wait_for("closed late")


def test_the_threads_are_free_again_after_many_have_left(server: Server) -> None:
    connections = [server.send(ENDLESS) for _ in range(40)]
    for connection in connections:
        connection.close()
    assert httpx.get(server.url + "queries", timeout=DEADLINE).status_code == 200


def test_a_body_that_fails_midway_is_broken_off(server: Server) -> None:
    connection = server.send("SELECT ('midway' AS ?x) {} #broken")
    received = b""
    with connection:
        while block := connection.recv(65536):
            received += block
    assert received.startswith(b"HTTP/1.1 200")
    assert b"transfer-encoding: chunked" in received.lower()
    assert not received.endswith(b"0\r\n\r\n")
    server.wait_for("closed broken")


def received_by(server: Server, head: str) -> bytes:
    """All that comes back for a request."""
    with server.connect() as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_an_old_client_never_gets_a_part_for_the_whole(server: Server) -> None:
    target = "/sparql?" + urlencode({"query": "SELECT ('midway' AS ?x) {} #old"})
    received = received_by(server, f"GET {target} HTTP/1.0\nAccept: text/csv")
    assert received.split()[1] == b"500"
    server.wait_for("closed old")
    values = " ".join(map(str, range(1000)))
    target = "/sparql?" + urlencode({"query": f"SELECT * {{ VALUES ?x {{ {values} }} VALUES ?y {{ {values} }} }}"})
    head, _, body = received_by(server, f"GET {target} HTTP/1.0\nAccept: text/csv").partition(b"\r\n\r\n")
    assert b"content-length: %d\r\n" % len(body) in head.lower() + b"\r\n"
    assert body.count(b"\n") == 1_000_001


def test_an_old_client_is_told_of_an_answer_that_is_too_large(small_store: Path) -> None:
    with Server(small_store, result_bytes=100_000) as server:
        target = "/sparql?" + urlencode({"query": ENDLESS_BODY + "old"})
        assert received_by(server, f"GET {target} HTTP/1.0\nAccept: text/csv").split()[1] == b"507"


@pytest.mark.parametrize("hosts", ["", "\nHost: a\nHost: b", "\nHost: a/b", "\nHost:"])
def test_a_request_names_its_host_once(server: Server, hosts: str) -> None:
    received = received_by(server, f"GET /queries.json HTTP/1.1{hosts}\nConnection: close")
    assert received.split()[1] == b"400"


def test_an_old_client_need_not_name_the_host(server: Server) -> None:
    assert received_by(server, "GET /healthz HTTP/1.0").split()[1] == b"200"
    target = "/sparql?" + urlencode({"query": "SELECT (<x> AS ?x) {}"})
    assert b"http://127.0.0.1" in received_by(server, f"GET {target} HTTP/1.0\nAccept: text/csv")


class Ending:
    """A server that listens for a moment, and ends."""

    def __init__(self, address: str, port: int) -> None:
        self._at = address, port

    async def serve(self) -> None:
        async with await asyncio.start_server(lambda _, writer: writer.close(), *self._at):
            await asyncio.sleep(0.3)


def test_it_fails_if_its_server_ends_and_may_open_many_files(
    small_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "listener", lambda _, address, port, __: Ending(address, port))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1000), hard))
    front = Front(lambda *_: [])
    try:
        with pytest.raises(serving.ServerEndedError, match="by itself"):
            serving.serve(front, "127.0.0.1", 0, lambda _: None)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_client_library_sees_the_failure(server: Server) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(
            server.url + "sparql", params={"query": "SELECT ('midway' AS ?x) {}"}, headers={"Accept": "text/csv"}
        )


def test_a_body_that_is_too_large_is_refused(server: Server) -> None:
    response = httpx.post(server.url + "sparql", content=b"x" * (1024 * 1024 + 1))
    assert (response.status_code, response.headers["content-type"]) == (413, "application/problem+json")

    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_health_can_be_read_by_anybody_and_only_read(server: Server) -> None:
    url = server.url + "healthz"
    assert httpx.get(url).headers["access-control-allow-origin"] == "*"
    assert httpx.head(url).text == ""
    assert "GET" in httpx.options(url).headers["access-control-allow-methods"]
    refused = httpx.post(url, content=b"x")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_hundreds_of_slow_clients_hold_up_nobody(small_store: Path) -> None:
    with Server(small_store, queries_per_second=0) as server, ExitStack() as held:
        assert httpx.get(server.url + "healthz").text == "ok\n"
        threads, memory = server.state("Threads"), server.state("VmRSS")
        for number in range(SLOW_CLIENTS):
            connection = held.enter_context(server.send(f"{ENDLESS_BODY}{number}"))
            assert connection.recv(10) == b"HTTP/1.1 2"
        for number in range(10):
            assert httpx.get(server.url + "healthz").text == "ok\n"
            light = {"query": f"SELECT ({number} AS ?x) {{}}"}
            reply = httpx.get(server.url + "sparql", params=light, headers={"Accept": "text/csv"}, timeout=DEADLINE)
            assert reply.text == f"x\r\n{number}\r\n"
        assert server.state("Threads") - threads < SLOW_CLIENTS / 5
        assert server.state("VmRSS") - memory < SLOW_CLIENTS * 1024


def test_an_answer_without_end_waits_for_who_reads_slowly(server: Server) -> None:
    memory = server.state("VmRSS")
    connection = server.send(ENDLESS_BODY + "slowly")
    read = sum(len(connection.recv(1000)) for _ in range(100))
    connection.close()
    while not (line := server.line()).startswith("closed slowly after"):
        pass
    # What is sent until the end of the connection is noticed goes nowhere; on a busy machine that takes a while.
    assert int(line.rpartition(" ")[2]) - read < 512 * 1024 * 1024
    assert server.state("VmRSS") - memory < 16 * 1024


def is_held(local: int, remote: int) -> bool:
    """Whether the kernel holds a connection between two ports."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        ports = [int(part.rpartition(":")[2], 16) for part in line.split()[1:3]]
        if ports == [local, remote]:
            return True
    return False


def test_who_reads_nothing_is_cut_off(small_store: Path) -> None:
    with Server(small_store, stalled_seconds=0.2) as server, server.send(ENDLESS_BODY + "stalled") as connection:
        while not server.line().startswith("closed stalled"):
            pass
        here, there = connection.getsockname()[1], connection.getpeername()[1]
        deadline = time.monotonic() + DEADLINE
        while is_held(there, here) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not is_held(there, here)
        assert httpx.get(server.url + "healthz").text == "ok\n"


def test_who_sends_too_slowly_is_cut_off(small_store: Path) -> None:
    with Server(small_store, request_seconds=0.3) as server:
        with server.connect() as connection:
            connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nquery=")
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        assert received.startswith(b"HTTP/1.1 408")
        with server.connect() as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHos")
            assert connection.recv(65536) == b""


def test_what_was_kept_is_sent_again(server: Server) -> None:
    target = server.url + "queries.json"
    first, second = httpx.get(target), httpx.get(target)
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("miss", "hit")
    assert first.content == second.content
    assert httpx.head(target).headers["content-length"] == str(len(first.content))
    unchanged = httpx.get(target, headers={"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_it_logs_a_line_for_each_request_on_standard_error(small_store: Path) -> None:
    with Server(small_store, "log") as server:
        httpx.get(server.url + "queries", headers={"X-Request-Id": "of-mine"})
        server.end()
        lines = [json.loads(line) for line in server.other]
    assert [line["path"] for line in lines if line.get("request_id") == "of-mine"] == ["/queries"]


def test_no_query_kills_the_server(server: Server) -> None:
    for name, query in {**DEEP, **HIDDEN}.items():
        response = httpx.post(server.url + "sparql", data={"query": query}, timeout=DEADLINE)
        assert response.status_code == 400, name
        assert "divide the query" in response.text or "put a space" in response.text, name
    assert server.process.poll() is None
    assert httpx.get(server.url + "healthz").text == "ok\n"


def test_bytes_that_should_be_escaped(server: Server) -> None:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=DEADLINE) as connection:
        query = "SELECT+('日本'+AS+?x)%7B%7D"
        connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        status = connection.makefile("rb").readline()
    assert status.split()[1] in (b"200", b"400")


def test_it_ends_when_told_even_while_a_query_runs(small_store: Path) -> None:
    with Server(small_store) as server, server.send(NEVER + "#running"):
        server.wait_for("asked running")
        assert server.end() == 0


def test_the_command_serves_what_is_built(tmp_path: Path) -> None:
    inputs = inputs_hash(default_documents(), default_corpus(), default_authority())
    write(tmp_path, quads(), inputs, {}, dict.fromkeys(SOURCES))
    command = ("-c", "from server.cli import main; main()", "serve", "--port", "0", "--store", str(tmp_path))
    with Process(*command, stream="stderr") as running:
        while not (url := running.line().partition("Serving ")[2]):
            pass
        assert "meeting" in httpx.get(url + "queries/meetings.csv").text
        assert running.end() == 0
        assert running.other == []


def served_sources(store: Path) -> tuple[str, list[str]]:
    """What a server on a store says that its graph rests on, and what the command told before."""
    command = ("-c", "from server.cli import main; main()", "serve", "--port", "0", "--store", str(store))
    told = []
    with Process(*command, stream="stderr") as running:
        while not (line := running.line()).startswith("Serving "):
            told.append(line)
        url = line.removeprefix("Serving ")
        answer = httpx.get(url + "queries/sources.csv").text
        running.end()
    return answer, told


def test_a_corpus_of_ones_own_is_served_and_never_replaced(tmp_path: Path) -> None:
    small = SmallCorpus(tmp_path).write()
    build(tmp_path / "out", small.texts, small.corpus)
    assert "Talks in Bonn" in served_sources(tmp_path / "out")[0]
    small.path.write_text(small.yaml().replace("title: Talks in Bonn", "title: Talks once more"), encoding="utf-8")
    assert "Talks once more" in served_sources(tmp_path / "out")[0]
    shutil.rmtree(small.corpus)
    answer, told = served_sources(tmp_path / "out")
    assert "Talks once more" in answer
    assert any("is gone" in line for line in told)


def test_two_servers_do_not_share_a_port(small_store: Path, server: Server) -> None:
    port = str(urlsplit(server.url).port)
    code = "import sys; from server.serving import serve; serve(None, '127.0.0.1', int(sys.argv[1]), print)"
    second = subprocess.run(
        [sys.executable, "-c", code, port], capture_output=True, text=True, timeout=DEADLINE, check=False
    )
    assert second.returncode != 0
    assert "CannotListenError" in second.stderr
