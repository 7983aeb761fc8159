"""How Flask's reply, and a kept answer, are sent; and which replies are kept."""

from http import HTTPStatus

from graph.engine import Body
from graph.engine.spool import Account, Spool
from graph.limits import Limits
from server.asgi import Headers, Scope, Send, Visit, is_old
from server.front.behind import Reply
from server.front.observed import route_of
from server.front.remembered import Kept, Key, Remembered, matches, unchanged
from server.front.streaming import gather, send_body, send_bytes

_READS = ("GET", "HEAD")


class Gathered:
    """The bytes of an answer, as long as they are few enough to be kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._blocks: list[bytes] = []
        self._length = 0

    def take(self, block: bytes) -> None:
        """Add a block; past the most, all of them are dropped."""
        self._length += len(block)
        if self._length > self._most:
            self._blocks.clear()
        else:
            self._blocks.append(block)

    @property
    def body(self) -> bytes | None:
        """All of them, or None if they were too many."""
        return b"".join(self._blocks) if self._length <= self._most else None


class Replies:
    """Sends replies, and keeps those that others may have, too."""

    def __init__(self, remembered: Remembered, limits: Limits) -> None:
        self._remembered = remembered
        self._seconds = limits.stalled_seconds
        self._limits = limits
        self._gathering = Account(limits.spool_bytes)

    async def send(self, visit: Visit, key: Key | None, reply: Reply) -> None:
        """Send a reply, with the body that a view has left to be streamed; whoever has it already gets 304."""
        status, headers, body = reply
        streamed = visit.exchange.body
        gathered = Gathered(self._remembered.largest if key and _storable(visit, status) else -1)
        if streamed is None:
            gathered.take(body)
        if status == HTTPStatus.OK and _is_held(visit, headers):
            await visit.answer(HTTPStatus.NOT_MODIFIED, unchanged(headers), b"")
        elif visit.without_body or streamed is None:
            await visit.start(status, headers if streamed is None else _of_unknown_length(headers))
            await send_bytes(visit.send, b"" if visit.without_body else body, self._seconds)
            visit.sent = 0 if visit.without_body else len(body)
        else:
            streamed, length = await self._with_length(visit, streamed)
            known = _of_unknown_length(headers) + length
            await send_body(visit, status, known, streamed, self._seconds, gathered.take)
            streamed = None
        if key and streamed is None and gathered.body is not None:
            self._keep(visit, key, headers, gathered.body)

    async def send_kept(
        self, scope: Scope, held: dict[bytes, bytes], kept: Kept, send: Send, name: str
    ) -> tuple[int, int]:
        """Send a kept answer, or that it has not changed; returns the status and the body's length."""
        none_match, method = held.get(b"if-none-match"), scope["method"]
        own = (b"x-request-id", name.encode())
        if none_match and method in _READS and matches(none_match, kept.etag):
            await send({"type": "http.response.start", "status": 304, "headers": [*kept.unchanged, own]})
            await send({"type": "http.response.body", "body": b""})
            return 304, 0
        await send({"type": "http.response.start", "status": 200, "headers": [*kept.headers, own]})
        body = b"" if method == "HEAD" else kept.body
        await send_bytes(send, body, self._seconds)
        return 200, len(body)

    async def _with_length(self, visit: Visit, body: Body) -> tuple[Body, Headers]:
        """For HTTP/1.0, which cannot tell a body that is broken off from one that ends: all of it, and its length."""
        if not is_old(visit.scope):
            return body, []
        spool = Spool(self._limits, lambda: None, self._gathering)
        visit.exchange.body, length = await gather(body, spool, visit.exchange.cancellation)
        return visit.exchange.body, [(b"content-length", str(length).encode())]

    def _keep(self, visit: Visit, key: Key, headers: Headers, body: bytes) -> None:
        exchange, path = visit.exchange, visit.scope["path"]
        version = exchange.current or exchange.version
        kept = Kept(headers, body, route_of(path), exchange.query_hash, version, path)
        self._remembered.keep(key, kept)


def _storable(visit: Visit, status: int) -> bool:
    return visit.exchange.storable and status == HTTPStatus.OK and not visit.without_body


def _is_held(visit: Visit, headers: Headers) -> bool:
    """Whether the client names the ETag of what it would be sent."""
    none_match = visit.held.get(b"if-none-match")
    read = visit.scope["method"] in _READS
    return none_match is not None and read and matches(none_match, dict(headers).get(b"etag", b""))


def _of_unknown_length(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name != b"content-length"]
