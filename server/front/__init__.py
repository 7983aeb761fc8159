"""The thin ASGI layer before Flask: health, the limit of a request's body, and clients that go away.

Flask runs behind a2wsgi in threads, and WSGI has no word for "the client has left". This layer reads the whole
body first and from then on waits for the disconnection, which it passes on as a cancellation: the query stops, and
the body, wherever it is being written, is closed. A body that fails midway raises through a2wsgi to Granian,
which breaks the connection without the last chunk, so that no client takes half an answer for a whole one.

Measured on Granian 2.8 and a2wsgi 1.10: a2wsgi's writer blocks for ever when sending fails, so sending to a client
who has left does nothing here; Granian holds ``send`` back while the client does not read.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware

from graph.engine import Cancellation, CancelledError
from server.headers import HEADERS, PREFLIGHT

LARGEST_BODY: Final = 1024 * 1024
THREADS: Final = 32
_BLOCKS_WAITING: Final = 2
_CANCELLATION: Final = "communique.cancellation"

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

logger = logging.getLogger(__name__)


def cancellation_of(environ: dict[str, Any]) -> Cancellation:
    """The cancellation of a WSGI request; one that nobody calls where there is no ASGI server."""
    scope = environ.get("asgi.scope", {})
    found = scope.get(_CANCELLATION)
    return found if isinstance(found, Cancellation) else Cancellation()


class Front:
    """The ASGI application around a WSGI one."""

    def __init__(self, application: Wsgi, threads: int = THREADS) -> None:
        self._behind: Any = WSGIMiddleware(_to_stderr(application), workers=threads, send_queue_size=_BLOCKS_WAITING)
        self._answering: set[Cancellation] = set()

    @property
    def busy(self) -> bool:
        """Whether a request is being answered."""
        return bool(self._answering)

    def cancel_all(self) -> None:
        """Stop every answer that is under way."""
        for cancellation in list(self._answering):
            cancellation.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or the server's start and stop."""
        if scope["type"] != "http":
            await self._behind(scope, receive, send)
        elif scope["path"] == "/healthz":
            await _health(send, scope["method"])
        else:
            await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _read_body(receive)
        except OverflowError:
            await _refuse_body(send)
            return
        if body is None:
            return
        cancellation = Cancellation()
        request = {**scope, _CANCELLATION: cancellation, "query_string": _ascii(scope["query_string"])}
        watch = asyncio.create_task(_watch(receive, cancellation))
        self._answering.add(cancellation)
        try:
            await self._behind(request, _once(body), _unless_gone(send, cancellation))
        except CancelledError:
            logger.info("the client left before the end of %s %s", scope["method"], scope["path"])
        except Exception:
            logger.exception("%s %s failed midway", scope["method"], scope["path"])
            raise
        finally:
            self._answering.discard(cancellation)
            watch.cancel()


async def _read_body(receive: Receive) -> bytes | None:
    """The request's body, or None if the client left meanwhile; raises OverflowError over the limit."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise OverflowError
        if not message.get("more_body", False):
            return bytes(body)


async def _watch(receive: Receive, cancellation: Cancellation) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    cancellation.cancel()


def _once(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _unless_gone(send: Send, cancellation: Cancellation) -> Send:
    async def guarded(message: Message) -> None:
        if not cancellation.cancelled:
            await send(message)

    return guarded


def _ascii(query_string: bytes) -> bytes:
    """Bytes that should have been percent-encoded, percent-encoded: a2wsgi takes ASCII only."""
    return (
        query_string if query_string.isascii() else quote_from_bytes(query_string, safe="%&=+;:/?@!$'()*,").encode()
    )


def _to_stderr(application: Wsgi) -> Any:
    """a2wsgi gives standard output for WSGI's errors; that is where data go."""

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.errors"] = sys.stderr
        return application(environ, start_response)

    return wrapped


async def _health(send: Send, method: str) -> None:
    """Whether the server lives; also a client of another site may ask."""
    allow = {"Allow": "GET, HEAD, OPTIONS"}
    if method in ("GET", "HEAD"):
        await _answer(send, HTTPStatus.OK, "text/plain; charset=utf-8", b"ok\n", without_body=method == "HEAD")
    elif method == "OPTIONS":
        more = {**allow, **PREFLIGHT, "Access-Control-Allow-Methods": allow["Allow"]}
        await _answer(send, HTTPStatus.OK, "text/plain; charset=utf-8", b"", more)
    else:
        status = HTTPStatus.METHOD_NOT_ALLOWED
        await _answer(send, status, *_problem(status, "/healthz can only be read"), allow)


async def _refuse_body(send: Send) -> None:
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    await _answer(send, status, *_problem(status, f"a request's body has at most {LARGEST_BODY} bytes here"))


def _problem(status: HTTPStatus, detail: str) -> tuple[str, bytes]:
    problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    return "application/problem+json", json.dumps(problem).encode()


async def _answer(  # noqa: PLR0917
    send: Send,
    status: HTTPStatus,
    content_type: str,
    body: bytes,
    more: Mapping[str, str] = MappingProxyType({}),
    without_body: bool = False,
) -> None:
    named = {"Content-Type": content_type, "Content-Length": str(len(body)), **HEADERS, **more}
    headers = [(name.lower().encode(), value.encode()) for name, value in named.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": b"" if without_body else body})
