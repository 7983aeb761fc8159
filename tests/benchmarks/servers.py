"""The servers that are compared, each a process on the loopback that is started, measured and killed."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

from graph.store import current

HOST = "127.0.0.1"
JSON = "application/sparql-results+json"
SECONDS_TO_START = 60.0
LONGEST_URL = 7000
"""Longer queries are sent as forms: Oxigraph's server refuses heads of more than 8 KiB."""
BINARIES = Path(sys.executable).parent


class PeerError(RuntimeError):
    """A server did not start, or broke off."""


class Peer:
    """A server; subclasses say how it is started."""

    name = ""
    path = "/sparql"
    seconds_to_start = SECONDS_TO_START

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the peer

    def command(self) -> list[str]:
        """How it is started on ``self.port``."""
        raise PeerError(f"{self.name}: no command is known")

    def environment(self) -> dict[str, str]:
        """What it is told beside its command."""
        return {}

    def start(self) -> None:
        """Start it, and wait until it answers a query; raises :class:`PeerError`."""
        self.port = free_port()
        self._log.seek(0)
        self._log.truncate()
        environment = {**os.environ, **self.environment()}
        self._process = subprocess.Popen(self.command(), stdout=self._log, stderr=self._log, env=environment)
        deadline = time.monotonic() + self.seconds_to_start
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise PeerError(f"{self.name} does not answer: {self.said()[-2000:]}")
            time.sleep(0.02)

    def said(self) -> str:
        """What it wrote on its standard output and error."""
        return os.pread(self._log.fileno(), 1 << 20, 0).decode("utf-8", "replace")

    def stop(self) -> None:
        """Kill it, if it runs."""
        if self._process:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(3)
            self._process.kill()
            self._process.wait()
        self._process = None

    def restart(self) -> None:
        """Kill it with all that it is still doing, and start another one."""
        self.stop()
        self.start()

    def request(self, query: str) -> bytes:
        """A query as a request, by GET where that is short enough."""
        head = f"Host: {HOST}:{self.port}\r\nAccept: {JSON}\r\n"
        url = f"{self.path}?query={quote(query, safe='')}"
        if len(url) <= LONGEST_URL:
            return f"GET {url} HTTP/1.1\r\n{head}\r\n".encode("ascii")
        form = urlencode({"query": query})
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        return f"POST {self.path} HTTP/1.1\r\n{head}\r\n{form}".encode("ascii")

    def ask(self, query: str, seconds: float) -> bytes:
        """The answer to a query; raises TimeoutError after so many seconds, and :class:`PeerError`."""
        with socket.create_connection((HOST, self.port), timeout=seconds) as end:
            end.sendall(self.request(query))
            response = http.client.HTTPResponse(end)
            response.begin()
            body = response.read()
        if response.status != http.HTTPStatus.OK:
            raise PeerError(f"{self.name} answered {response.status}: {body[:500]!r}")
        return body

    @contextlib.contextmanager
    def asked(self, query: str) -> Iterator[None]:
        """A query runs meanwhile, for whose answer nobody waits afterwards."""
        with socket.create_connection((HOST, self.port), timeout=SECONDS_TO_START) as end:
            end.sendall(self.request(query))
            yield

    def memory(self) -> dict[str, int]:
        """The bytes that its processes have resident: RSS counts shared pages once for each, PSS divides them."""
        found = {"rss": 0, "pss": 0}
        for pid in self.processes():
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    key, _, value = line.partition(":")
                    if key.lower() in found:
                        found[key.lower()] += int(value.split()[0]) * 1024
        return found

    def cpu(self) -> float:
        """The seconds of processor time that its processes have taken, in steps of 10 ms."""
        ticks = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(after_name[11]) + int(after_name[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def processes(self) -> list[int]:
        """The server's process and all its descendants."""
        found = [self._process.pid] if self._process else []
        for each in found:
            with contextlib.suppress(OSError):
                for thread in Path(f"/proc/{each}/task").iterdir():
                    found += map(int, (thread / "children").read_text().split())
        return found

    def _answers(self) -> bool:
        try:
            return b"true" in self.ask("ASK {}", self.seconds_to_start)
        except (OSError, PeerError, http.client.HTTPException):
            return False


class Ours(Peer):
    """Communiqué, without a limit on how often one address may ask."""

    name = "ours"

    def command(self) -> list[str]:
        serve = [str(BINARIES / "communique"), "serve", "--read-only", "--no-log"]
        return [*serve, "--store", str(self.folder), "--port", "0"]

    def environment(self) -> dict[str, str]:
        return {"COMMUNIQUE_QUERIES_PER_SECOND": "0"}

    def _answers(self) -> bool:
        serving = re.search(r"Serving http://[^:]+:(\d+)/", self.said())
        if serving is None:
            return False
        self.port = int(serving[1])
        return super()._answers()


class Oxigraph(Peer):
    """Oxigraph's own server, on the very same files."""

    name = "oxigraph"
    path = "/query"

    def command(self) -> list[str]:
        serve = [str(BINARIES / "oxigraph"), "serve-read-only", "--bind", f"{HOST}:{self.port}"]
        return [*serve, "--location", str(current(self.folder).path)]


class RdflibEndpoint(Peer):
    """rdflib-endpoint, on the same data in memory; started by ``rdflib_server.py``."""

    name = "rdflib-endpoint"
    path = "/"
    seconds_to_start = 900.0

    def command(self) -> list[str]:
        script = Path(__file__).with_name("rdflib_server.py")
        return [sys.executable, str(script), str(current(self.folder).path), HOST, str(self.port)]

    def restart(self) -> None:
        """The data stay loaded: only the process that answers is replaced."""
        for pid in self.processes()[1:]:
            with contextlib.suppress(OSError):
                os.kill(pid, 9)
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if time.monotonic() > deadline:
                raise PeerError(f"{self.name} does not answer again: {self.said()[-2000:]}")
            time.sleep(0.05)


PEERS: dict[str, type[Peer]] = {each.name: each for each in (Ours, Oxigraph, RdflibEndpoint)}


@contextlib.contextmanager
def running(peer: Peer) -> Iterator[Peer]:
    """The peer, started, and killed at the end."""
    peer.start()
    try:
        yield peer
    finally:
        peer.stop()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
