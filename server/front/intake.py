"""Requests' bodies: read whole before anything is done with them, bounded in size, time and memory.

Past a few blocks a body is written to a temporary file, so that many who send slowly take disk and little memory.
A large one, which only a write may have, is read back by one view at a time: one writer serves all anyway.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Final

from graph.engine import CancelledError
from graph.limits import Limits
from server.asgi import Receive, RefusedError, Visit
from server.front.rates import is_write

IN_MEMORY: Final = 64 * 1024
_CLOSE: Final = {"Connection": "close"}


@dataclass
class Content:
    """A request's body."""

    file: "SpooledTemporaryFile[bytes]"
    length: int

    def all(self) -> bytes:
        """All of it; for a small one."""
        self.file.seek(0)
        found = self.file.read()
        self.file.seek(0)
        return found

    def digest(self) -> bytes:
        """A hash of it; empty for none."""
        return sha256(self.all()).digest() if self.length else b""


class Intake:
    """Reads bodies, and knows how much of them waits on the disk."""

    def __init__(self, limits: Limits, may_upload: Callable[[str], bool] | None = None) -> None:
        self._limits = limits
        self._may_upload = may_upload
        self._held = 0
        self._large = asyncio.Semaphore(1)

    @asynccontextmanager
    async def content(self, visit: Visit, receive: Receive) -> AsyncIterator[Content]:
        """The body of a request; raises ``RefusedError``, or ``CancelledError`` if they leave."""
        with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            content = Content(file, 0)
            try:
                if _has_body(visit):
                    _refuse_encoded(visit)
                    await self._read(visit, receive, content)
                if content.length <= self._limits.body_bytes:
                    visit.exchange.content = content.digest()
                    yield content
                else:
                    async with self._large:
                        yield content
            finally:
                self._held -= content.length

    def allowed(self, visit: Visit) -> int:
        """How many bytes this request may send."""
        kind, _, token = visit.held.get(b"authorization", b"").decode("latin-1").strip().partition(" ")
        writes = self._may_upload is not None and is_write(visit.scope["method"], visit.scope["path"])
        if writes and kind.lower() == "bearer" and self._may_upload(token.strip()):  # type: ignore[misc]
            return self._limits.upload_bytes
        return self._limits.body_bytes

    async def _read(self, visit: Visit, receive: Receive, content: Content) -> None:
        """Read within the time: so long for each MiB, and once more."""
        allowed = self.allowed(visit)
        _refuse_large(int(visit.held.get(b"content-length", b"0")), allowed)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._limits.request_seconds) as patience:
                while await self._take(receive, content):
                    _refuse_large(content.length, allowed)
                    parts = 1 + content.length / self._limits.body_bytes
                    patience.reschedule(began + self._limits.request_seconds * parts)
        except TimeoutError as error:
            seconds = self._limits.request_seconds
            detail = f"the request's body did not come within {seconds:g} s; send it faster, or less of it"
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, detail, "slow", _CLOSE) from error
        _refuse_large(content.length, allowed)
        content.file.seek(0)

    async def _take(self, receive: Receive, content: Content) -> bool:
        """Take one message; whether more are to come."""
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CancelledError("the client left before the end of the request")
        block = message.get("body", b"")
        self._held += len(block)
        content.length += len(block)
        if self._held > self._limits.spool_bytes:
            detail = "too much is being sent at the same time: come back later"
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, detail, "busy", {"Retry-After": "10", **_CLOSE})
        content.file.write(block)
        return bool(message.get("more_body", False))


def _has_body(visit: Visit) -> bool:
    length = visit.held.get(b"content-length", b"")
    if length and not length.isdigit():
        raise RefusedError(HTTPStatus.BAD_REQUEST, "Content-Length is not a number", "malformed", _CLOSE)
    reads = visit.scope["method"] in ("GET", "HEAD")
    return not reads and (length not in (b"", b"0") or b"transfer-encoding" in visit.held)


def _refuse_encoded(visit: Visit) -> None:
    """A body that is compressed would be read as nonsense (RFC 9110, 15.5.16)."""
    coding = visit.held.get(b"content-encoding", b"identity").decode("latin-1").strip().lower()
    if coding not in ("", "identity"):
        detail = f"the body's Content-Encoding is '{coding}': send it as it is"
        more = {"Accept-Encoding": "identity", **_CLOSE}
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, "refused", more)


def _refuse_large(length: int, allowed: int) -> None:
    if length > allowed:
        detail = f"a request's body has at most {allowed} bytes here; divide what you send"
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, "too-large", _CLOSE)
