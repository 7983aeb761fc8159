"""What stands behind the front: a WSGI application, called in threads.

A view gives its answer whole or leaves its body to the front, so a call is one step: the request goes in, and the
status, the headers and the bytes come out. A thread is held while the engine works, never by a client.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from http import HTTPStatus
from typing import IO, Any, Final
from urllib.parse import quote_from_bytes

from graph.engine import asker
from server.asgi import Headers, RefusedError, Visit, encoded
from server.exchange import KEY

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
Reply = tuple[int, Headers, bytes]

_OWN_NAMES: Final = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_WSGI: Final = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}
_LEFT_OUT: Final = frozenset({b"content-length", b"transfer-encoding"})


class Behind:
    """A WSGI application and the threads that it runs in."""

    def __init__(self, application: Wsgi, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, "view")
        self._most = threads
        self.calls = 0

    async def ask(self, visit: Visit, content: IO[bytes], length: int) -> Reply:
        """The application's reply; raises :class:`server.asgi.RefusedError` if all threads have work to do."""
        if self.calls >= self._most:
            detail = "the service has as much to do as it can: come back in a moment"
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, detail, "busy", {"Retry-After": "1"})
        environ = environ_of(visit, content, length)
        self.calls += 1
        context = copy_context()
        context.run(asker.set, visit.exchange.address)
        loop = asyncio.get_running_loop()
        waiting = loop.run_in_executor(self._threads, context.run, call, self._application, environ)
        waiting.add_done_callback(self._called)
        return await waiting

    def _called(self, _: object) -> None:
        self.calls -= 1


def call(application: Wsgi, environ: dict[str, Any]) -> Reply:
    """Call a WSGI application and take all that it gives."""
    started: list[Any] = []
    blocks: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], error: object = None) -> Callable[[bytes], None]:
        del error
        started[:] = int(status[:3]), encoded(headers)
        return blocks.append

    given = application(environ, start_response)
    try:
        blocks.extend(given)
    finally:
        getattr(given, "close", lambda: None)()
    status, headers = started
    return status, headers, b"".join(blocks)


def environ_of(visit: Visit, content: IO[bytes], length: int) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333)."""
    scope = visit.scope
    host, port = scope.get("server") or ("localhost", 80)
    query = _ascii(scope["query_string"])
    path = scope["path"]
    raw = scope.get("raw_path") or path.encode()
    return {
        **_named(visit.held),
        **_WSGI,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": raw.decode("latin-1") + (f"?{query}" if query else ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": visit.exchange.address,
        "CONTENT_LENGTH": str(length),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": content,
        "wsgi.errors": sys.stderr,
        KEY: visit.exchange,
    }


def _named(held: dict[bytes, bytes]) -> dict[str, str]:
    """The headers by their WSGI names: none with an underscore, which could pass for another, and no empty Host."""
    return {
        _OWN_NAMES.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_"): value.decode("latin-1")
        for name, value in held.items()
        if name not in _LEFT_OUT and b"_" not in name and (value or name != b"host")
    }


def _ascii(query: bytes) -> str:
    """The query string; bytes that should have been percent-encoded, percent-encoded."""
    return query.decode() if query.isascii() else quote_from_bytes(query, safe="%&=+;:/?@!$'()*,")
