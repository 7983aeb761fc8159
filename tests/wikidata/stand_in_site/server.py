"""The HTTP server of the stand-in: on the loopback, a thread for each connection; it writes down what it sees."""

import gzip
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import unquote

from pyoxigraph import Triple

from stand_in_site import api, entity_data
from stand_in_site.exchange import Asked, Fault, Reply
from stand_in_site.holdings import Holdings
from stand_in_site.query_service import PATHS, QueryService

_GENERIC = (
    "aiohttp", "apache-httpclient", "curl", "go-http-client", "java", "libwww-perl", "mozilla/4.0", "okhttp", "perl",
    "php", "python", "ruby", "wget",
)  # fmt: skip


def is_generic(agent: str) -> bool:
    """Whether a User-Agent is one that Wikimedia's policy refuses: none, or a library's own."""
    return not agent.strip() or agent.lower().startswith(_GENERIC)


class StandIn:
    """What it holds, what it does wrong, and what it was asked, in the order in which requests came."""

    def __init__(self, holdings: Holdings | None = None, triples: Iterable[Triple] = ()) -> None:
        self.holdings = holdings or Holdings()
        self.queries = QueryService(triples)
        self.lag = 0.0
        self.url = ""
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._at_once = 0
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._lock = Lock()

    def fail(self, path: str, *faults: Fault) -> None:
        """Let the next requests whose path begins so have these faults, one each, in this order."""
        self._faults[path].extend(faults)

    def forgive(self) -> None:
        """No more faults."""
        self._faults.clear()

    def on(self, path: str) -> list[Asked]:
        """The requests so far whose path begins so."""
        return [each for each in self.asked if each.path.startswith(path)]

    def begin(self, asked: Asked) -> Fault:
        """Write a request down; the fault that it is to have."""
        with self._lock:
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            for path, faults in self._faults.items():
                if asked.path.startswith(path) and faults:
                    return faults.popleft()
        return Fault()

    def end(self) -> None:
        """A request will be answered now: who is answered may ask anew before the thread is done."""
        with self._lock:
            self._at_once -= 1

    def answer(self, asked: Asked) -> Reply:
        """The true answer."""
        if is_generic(asked.agent):
            return Reply(
                403, b"Please set a user-agent and respect our robot policy https://w.wiki/4wJS.", "text/plain"
            )
        if asked.path.startswith(entity_data.ENTITY):
            return entity_data.entity(asked)
        if asked.path.startswith(entity_data.DATA):
            return entity_data.entity_data(asked, self.holdings)
        if asked.path == api.PATH:
            return api.api(asked, self.holdings, self.lag)
        if asked.path in PATHS:
            return self.queries.answer(asked)
        return Reply(404, b"<!DOCTYPE html><title>Not found</title>")


@contextmanager
def serving(site: StandIn) -> Iterator[StandIn]:
    """Serve on a free port until the end; ``site.url`` is its address."""

    class Handler(_Handler):
        held = site

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    held: StandIn

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        asked = self._asked()
        fault = self.held.begin(asked)
        try:
            if fault.before:
                fault.before()
            reply = fault.of(self.held.answer(asked))
        finally:
            self.held.end()
        with suppress(ConnectionError):  # who asked may be gone
            self._send(asked, reply, fault)

    def _asked(self) -> Asked:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Asked(
            self.command, unquote(path), query, headers, self.rfile.read(int(headers.get("content-length", "0")))
        )

    def _send(self, asked: Asked, reply: Reply, fault: Fault) -> None:
        body = reply.body
        headers = {"Content-Type": reply.media_type, "Date": formatdate(usegmt=True), **reply.headers}
        if body and "gzip" in asked.headers.get("accept-encoding", "") and "Content-Encoding" not in headers:
            body = gzip.compress(body, 1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self.send_response_only(reply.status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            if reply.status != 304 or not name.startswith("Content-"):
                self.send_header(name, value)
        self.end_headers()
        self._write(body[: fault.cut], fault.between)
        self.close_connection = self.close_connection or fault.cut is not None

    def _write(self, body: bytes, between: Callable[[], object] | None) -> None:
        if between is None:
            self.wfile.write(body)
            return
        for number in range(len(body)):
            self.wfile.write(body[number : number + 1])
            between()

    def log_message(self, *_: object) -> None:
        """Nothing is printed: ``site.asked`` has it."""
