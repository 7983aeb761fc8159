"""ASGI's types, one request as the front sees it, and the short answers that need no Flask."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter
from types import MappingProxyType
from typing import Any, Final

from server.exchange import Exchange
from server.headers import HEADERS

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
PROBLEM: Final = "application/problem+json"
TEXT: Final = "text/plain; charset=utf-8"
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


class RefusedError(Exception):
    """The front answers with an error itself: its status, what to say, one word for the log, and more headers."""

    def __init__(self, status: HTTPStatus, detail: str, outcome: str, more: Mapping[str, str] = NOTHING) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.outcome = outcome
        self.more = more


@dataclass(slots=True)
class Visit:
    """One request, and what has been sent to it so far."""

    scope: Scope
    held: dict[bytes, bytes]
    """The request's headers; values of one that is repeated are joined by commas."""
    exchange: Exchange
    send: Send
    started: float
    status: int = 0
    sent: int = 0

    @property
    def without_body(self) -> bool:
        """Whether the method asks for the headers alone."""
        return bool(self.scope["method"] == "HEAD")

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return perf_counter() - self.started

    async def start(self, status: int, headers: Headers) -> None:
        """Send the status and the headers, with those that every answer has from the front."""
        self.status = status
        ours = [(b"x-cache", self.exchange.cache.encode()), (b"x-request-id", self.exchange.request_id.encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": headers + ours})

    async def block(self, data: bytes, more: bool = False) -> None:
        """Send a part of the body, or its end."""
        await self.send({"type": "http.response.body", "body": data, "more_body": more})
        self.sent += len(data)

    async def answer(self, status: int, headers: Headers, body: bytes) -> None:
        """Send a whole answer."""
        await self.start(status, headers)
        await self.block(b"" if self.without_body else body)

    async def say(self, status: HTTPStatus, media_type: str, body: bytes, more: Mapping[str, str] = NOTHING) -> None:
        """Send an answer of the front's own."""
        named = {"Content-Type": media_type, "Content-Length": str(len(body)), "Cache-Control": "no-store"}
        await self.answer(status, encoded({**named, **HEADERS, **more}.items()), body)

    async def refuse(self, refused: RefusedError) -> None:
        """Send an error."""
        self.exchange.outcome = refused.outcome
        status = refused.status
        problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": refused.detail}
        await self.say(status, PROBLEM, json.dumps(problem).encode(), refused.more)


def is_old(scope: Scope) -> bool:
    """Whether the request is of HTTP/1.0, which Granian calls ``1``."""
    return bool(scope["http_version"] < "1.1")


def is_host(text: str) -> bool:
    """Whether it is what ``Host`` should have: a name or an address, and perhaps a port."""
    return _HOST.fullmatch(text) is not None


def encoded(headers: Iterable[tuple[str, str]]) -> Headers:
    """Headers as ASGI has them."""
    return [(name.strip().lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]


def held(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """A request's headers by name."""
    headers = list(headers)
    found = dict(headers)
    if len(found) != len(headers):
        found = {name: b", ".join(value for other, value in headers if other == name) for name in found}
    return found
