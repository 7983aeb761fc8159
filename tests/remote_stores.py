"""Stores that tests start on free ports of the loopback, and a stand-in that misbehaves as it is told."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qs, quote

import httpx
import pytest

from graph.engine import Engine
from graph.names import TYPES, Names
from graph.namespaces import BASE
from graph.saved_query import SavedQuery, catalogue, options

SECONDS_TO_START = 30.0
_BETWEEN_TRIES = 0.05

VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 20
CheckpointInterval = 60
CaseMode = 2
NumberOfBuffers = 20000
MaxDirtyBuffers = 12000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 0
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], folder: Path, url: str) -> Iterator[None]:
    """The process, once it answers; killed at the end."""
    with (folder / "out.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not _answers(url):
            assert process.poll() is None, (folder / "out.log").read_text()
            assert time.monotonic() < deadline, (folder / "out.log").read_text()
            time.sleep(_BETWEEN_TRIES)
        yield
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.post(url, data={"query": "ASK {}"}, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[str]:
    """``oxigraph serve``: the URL of its SPARQL endpoint."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/query"
    binary = Path(sys.executable).with_name("oxigraph")
    if not binary.is_file():
        pytest.skip("oxigraph is not installed beside this Python (PyPI: oxigraph)")
    command = [str(binary), "serve", "--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}", *options]
    with _running(command, folder, url):
        yield url


def has_virtuoso() -> bool:
    return shutil.which("virtuoso-t") is not None


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Virtuoso: the URL of its SPARQL endpoint, with the credentials that it starts with."""
    port = free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(sql=free_port(), http=port))
    command = ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]
    with _running(command, folder, f"http://127.0.0.1:{port}/sparql"):
        yield f"http://dba:dba@127.0.0.1:{port}/sparql"


@dataclass
class Request:
    """What a stand-in was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())

    @property
    def query(self) -> str:
        return self.form.get("query", [""])[0]

    @property
    def scheme(self) -> str:
        """How who asks is proved."""
        return self.headers.get("Authorization", "").partition(" ")[0]


Reply = Callable[[Request, "StandIn"], None]


@dataclass
class StandIn:
    """A store on the loopback that answers by a function; it keeps what it was asked."""

    reply: Reply
    requests: list[Request] = field(default_factory=list)
    asked: Event = field(default_factory=Event)
    gone: Event = field(default_factory=Event)
    handler: BaseHTTPRequestHandler | None = None
    port: int = 0

    def url(self, user: str = "") -> str:
        return f"http://{user}127.0.0.1:{self.port}/query"

    @property
    def queries(self) -> list[str]:
        """What was asked, but for the questions about the store itself."""
        return [each.query for each in self.requests if each.query and "graph/version" not in each.query]

    def send(self, head: str, *blocks: bytes) -> None:
        """Send status and headers as they are, and then blocks."""
        assert self.handler is not None
        self.handler.wfile.write(f"HTTP/1.1 {head}\r\n\r\n".replace("\n", "\r\n").replace("\r\r", "\r").encode())
        for block in blocks:
            self.handler.wfile.write(block)

    def chunk(self, *blocks: bytes) -> None:
        """Send chunks of a chunked body; an empty one ends it."""
        assert self.handler is not None
        for block in blocks:
            self.handler.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))

    def hang_up(self) -> None:
        """Close the connection after this answer, without a word of it."""
        assert self.handler is not None
        self.handler.close_connection = True

    def wait_for_client_to_leave(self) -> None:
        """Wait for the end of the connection, which the client closes."""
        assert self.handler is not None
        self.handler.connection.settimeout(SECONDS_TO_START)
        try:
            if self.handler.connection.recv(1) == b"":
                self.gone.set()
        except ConnectionError:
            self.gone.set()


@contextmanager
def stand_in(reply: Reply) -> Iterator[StandIn]:
    """A stand-in whose replies a function gives; what asks for the version is answered with none."""
    store = StandIn(reply)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, dict(self.headers), body)
            store.requests.append(request)
            store.handler = self
            if store.queries:
                store.asked.set()
            try:
                store.reply(request, store)
            except (BrokenPipeError, ConnectionResetError):
                store.gone.set()
                self.close_connection = True

        do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the names that the base class looks for

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    store.port = server.server_port
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()


def json_head(length: int | None = None, more: str = "") -> str:
    """The head of an answer in JSON; chunked where no length is given."""
    bounds = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return f"200 OK\nContent-Type: application/sparql-results+json\n{bounds}{more}"


ARGUMENTS = (
    ("last-meeting", {"person": "lavrov", "other": "kishida"}),
    ("last-meeting", {"person": "shoigu", "other": "inada", "before": "2017-12-31"}),
    ("who-met-whom", {"person": "lavrov", "from": "2017", "to": "2017-12"}),
    ("who-met-whom", {"state": "japan", "from": "2013"}),
    ("meetings", {"state": "russia", "other-state": "japan", "status": "Held"}),
    ("meetings", {"format": "2plus2", "from": "2017-01", "to": "2017-06"}),
    ("format-history", {"format": "2plus2", "state": "japan", "other-state": "russia"}),
    ("timeline", {"state": "japan", "from": "2017-03-01", "to": "2017-04-30"}),
    ("office-holders", {"date": "2017-03-20"}),
    ("planned-as-of", {"date": "2017-04-10"}),
    ("positions", {"about": "southern-kurils", "holder": "japan"}),
    ("statements", {"speaker": "japan", "about": "southern-kurils"}),
    ("evidence-for", {"resource": "meeting:ru-jp-2plus2-2017-03-20"}),
    ("evidence-for", {"resource": "person:lavrov"}),
)
MOST_OPTIONS = 3


def questions(engine: Engine, names: Names) -> Iterator[tuple[SavedQuery, dict[str, str]]]:
    """Every saved query without arguments, with each of some that its form offers, and with some by hand."""
    for name, arguments in ARGUMENTS:
        yield catalogue()[name], arguments
    for query in catalogue().values():
        if not any(parameter.required and parameter.default is None for parameter in query.parameters):
            yield query, {}
        needed = sum(parameter.required for parameter in query.parameters)
        for parameter in query.parameters:
            offered = [value for value, _ in options(parameter, engine, names)] or _of_type(parameter.type, names)
            if needed <= parameter.required:
                yield from ((query, {parameter.name: value}) for value in offered[:MOST_OPTIONS])


def naming(names: Names) -> object:
    """What things of all types are called, and what some names mean."""
    types = [kind for kind, type_ in TYPES.items() if type_.tiers]
    given = ("lavrov", "person"), ("Northern Territories", "territory"), ("日本", "state"), ("2 + 2", "format")
    return {kind: names.of_type(kind) for kind in types}, [names.resolve(*each) for each in given]


def _of_type(kind: str, names: Names) -> list[str]:
    known = {"date": ["2017-03-20"], "integer": []}
    if kind in known or not TYPES[kind].tiers:
        return known.get(kind, [])
    return [iri for iri, _ in names.of_type(kind)]


def pages(engine: Engine) -> list[str]:
    """Pages of some resources, in HTML and Turtle, and others that ask much."""
    query = f'SELECT DISTINCT ?s {{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), "{BASE}id/")) }} ORDER BY ?s'
    some = [quote(str(row[0].value).removeprefix(BASE)) for row in engine.select(query).rows[::60]]  # type: ignore[union-attr]
    documents = [path.removeprefix("id/document/") for path in some if "/document/" in path]
    fixed = [
        "/",
        "/documents/",
        "/vocab",
        "/graph/authority",
        "/graph/nothing",
        "/id/person/nobody",
        "/id/person/lavrov",
    ]
    return fixed + [f"/documents/{name}" for name in documents] + [f"/{p}{end}" for p in some for end in ("", ".ttl")]
