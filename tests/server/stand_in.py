"""A front with stand-ins: an engine whose answers, and version, a test decides, and a client without HTTP."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from flask import Flask, Response, request

from graph.engine import Cancellation, CancelledError
from graph.engine import Response as Answer
from graph.limits import Limits
from server import delivery, problems
from server.exchange import exchange_of
from server.front import Front

CSV = "text/csv"


class Body:
    """A body whose blocks, and end or error, come when a test says so."""

    def __init__(self, *blocks: bytes, ended: bool = False, whole: bytes | None = None) -> None:
        self._lock = Lock()
        self._blocks = list(blocks)
        self._listener: Callable[[], None] | None = None
        self._end: BaseException | bool = ended
        self.whole = whole
        self.closed = False
        self.taken = 0

    def add(self, block: bytes, end: BaseException | bool = False) -> None:
        with self._lock:
            self._blocks += [block] if block else []
            self._end = end
            listener, self._listener = self._listener, None
        if listener:
            listener()

    def poll(self, on_change: Callable[[], None]) -> bytes | None:
        with self._lock:
            if self.closed:
                raise CancelledError("closed")
            if self._blocks:
                self.taken += 1
                return self._blocks.pop(0)
            if isinstance(self._end, BaseException):
                raise self._end
            if self._end:
                return b""
            self._listener = on_change
            return None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block = self.poll(lambda: None)
        if not block:
            raise StopIteration
        return block

    def close(self) -> None:
        self.closed = True


class Engine:
    """Answers each query by what ``give`` makes of it."""

    def __init__(self, give: Callable[[str], Body] | None = None) -> None:
        self.version = "1" * 64
        self.volatile = False
        self.source = "evaluated"
        self.asked: list[str] = []
        self.ready = True
        self.workers, self.busy, self.waiting = 4, 1, 0
        self.give = give or (lambda query: Body(whole=f"answer to {query}".encode()))

    def respond(
        self,
        query: str,
        media_type: str,
        *_: Sequence[str] | Cancellation | None,
    ) -> Answer:
        self.asked.append(query)
        return Answer(media_type, self.version, self.give(query), self.source, self.volatile)  # type: ignore[arg-type]


def application(engine: Any) -> Flask:
    """A small web application: a query, a page, and things that go wrong."""
    app = Flask("stand_in", static_folder=str(delivery.__file__).replace("delivery.py", "static"))
    app.extensions["engine"] = engine
    problems.register(app)

    @app.route("/sparql", methods=["GET", "POST"])
    def query() -> Response:
        text = request.args.get("query") or request.get_data(cache=False, as_text=True)
        exchange = exchange_of(request.environ)
        exchange.asks(text)
        answer = app.extensions["engine"].respond(text, CSV, (), (), exchange.cancellation)
        return delivery.deliver(answer, CSV, "answer.csv")

    @app.route("/update", methods=["POST"])
    @app.route("/graphs", methods=["PUT"])
    def write() -> Response:
        length = len(request.get_data())
        return Response(f"{length}", 200 if request.headers.get("Authorization") == "Bearer good" else 401)

    @app.get("/fails")
    def fails() -> Response:
        raise RuntimeError("a fault of ours")

    app.register_blueprint(pages(app))
    return app


def pages(app: Flask) -> Any:
    from flask import Blueprint

    blueprint = Blueprint("pages", __name__)
    delivery.keep_answers(blueprint)

    @blueprint.get("/id/<name>")
    def page(name: str) -> str:
        app.extensions["engine"].respond(f"page {name}", CSV)
        return f"<p>{name}</p>"

    return blueprint


@dataclass
class Reply:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ended: bool = False
    error: BaseException | None = None


def front_on(engine: Any, limits: Limits | None = None, **more: Any) -> Front:
    """A front on the small application."""
    return Front(application(engine), engine, limits or Limits(), **more)


def scope_of(method: str, target: str, headers: dict[str, str], client: str = "192.0.2.1") -> dict[str, Any]:
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "http_version": "1.1",
        "server": ("127.0.0.1", "80"),
        "client": (client, "1234"),
        "scheme": "http",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }


class Client:
    """One request, played by hand: what it sends, when it leaves, and how slowly it reads."""

    def __init__(
        self,
        front: Front,
        method: str,
        target: str,
        headers: dict[str, str],
        *parts: bytes,
        address: str = "192.0.2.1",
    ) -> None:
        length = {"content-length": str(sum(map(len, parts)))} if parts else {}
        self._scope = scope_of(method, target, {**length, **headers}, address)
        self._front = front
        self._parts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for number, part in enumerate(parts or (b"",), 1):
            more = number < len(parts)
            self._parts.put_nowait({"type": "http.request", "body": part, "more_body": more})
        self.reading = asyncio.Event()
        self.reading.set()
        self.started = asyncio.Event()
        self.reply = Reply()

    def leave(self) -> None:
        self._parts.put_nowait({"type": "http.disconnect"})

    def send_no_more(self) -> None:
        """The last part never comes."""
        held = [self._parts.get_nowait() for _ in range(self._parts.qsize())]
        for message in held:
            self._parts.put_nowait({**message, "more_body": True})

    def send(self, part: bytes, more: bool = True) -> None:
        """Send one more part."""
        self._parts.put_nowait({"type": "http.request", "body": part, "more_body": more})

    @property
    def left(self) -> int:
        """How many parts nobody has read."""
        return self._parts.qsize()

    async def run(self) -> Reply:
        try:
            await self._front(self._scope, self._parts.get, self._send)
        except Exception as error:  # noqa: BLE001 - the server would break the connection
            self.reply.error = error
        return self.reply

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.reply.status = message["status"]
            self.reply.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self.started.set()
            return
        await self.reading.wait()
        self.reply.body += message["body"]
        self.reply.ended = not message.get("more_body", False)


def ask(
    front: Front, method: str, target: str, headers: dict[str, str] | None = None, *parts: bytes, **more: Any
) -> Reply:
    """One request from beginning to end."""

    async def run() -> Reply:
        async with asyncio.timeout(20):
            return await Client(front, method, target, headers or {}, *parts, **more).run()

    return asyncio.run(run())


def get(front: Front, target: str, **headers: str) -> Reply:
    """A GET; underscores in the names of headers stand for hyphens."""
    return ask(front, "GET", target, {name.replace("_", "-"): value for name, value in headers.items()})
