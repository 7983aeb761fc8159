"""Bodies that are sent as they come, in the event loop: a client who reads slowly holds no thread and no worker.

A body says what it has (``poll``) or calls back, from whichever thread, when it has more. Who reads nothing for too
long is cut off, and so is an answer that fails midway: its connection ends without the last chunk.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from graph.engine import Body, Cancellation, CancelledError
from graph.engine.spool import Spool
from server.asgi import Headers, Receive, Send, Visit

SLICE: Final = 32 * 1024
SENT_AT_ONCE: Final = 64 * 1024


class StalledError(RuntimeError):
    """The client has read nothing for too long."""


class Arriving:
    """A body read by a coroutine."""

    def __init__(self, body: Body, cancellation: Cancellation) -> None:
        self._body = body
        self._cancellation = cancellation
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        cancellation.on_cancel(self._on_change)

    async def block(self) -> bytes:
        """The next block, or nothing at its end; raises the body's error, or ``CancelledError``."""
        while True:
            self._changed.clear()
            if self._cancellation.cancelled:
                raise CancelledError("the client left before the end of the answer")
            block = self._body.poll(self._on_change)
            if block is not None:
                return block
            await self._changed.wait()

    def _on_change(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._changed.set)


async def gather(body: Body, spool: Spool, cancellation: Cancellation) -> tuple[Body, int]:
    """The whole of a body, on the disk, and its length; raises what the body raises, or that there is no room."""
    reader, length = spool.reader(cancellation), 0
    arriving = Arriving(body, cancellation)
    try:
        while block := await arriving.block():
            spool.write(block)
            length += len(block)
            await asyncio.sleep(0)
    except BaseException:
        reader.close()
        raise
    finally:
        spool.finish()
        body.close()
    return reader, length


@asynccontextmanager
async def watched(receive: Receive, cancellation: Cancellation) -> AsyncIterator[None]:
    """Cancel when the client disconnects meanwhile. The request's body must have been read."""

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        cancellation.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


async def send_body(  # noqa: PLR0917
    visit: Visit, status: int, headers: Headers, body: Body, seconds: float, take: Callable[[bytes], None]
) -> None:
    """Send the status once the first block is there, and the body; ``take`` gets every block that has been sent."""
    arriving = Arriving(body, visit.exchange.cancellation)
    block = await arriving.block()
    await visit.start(status, headers)
    while block:
        await send_slices(visit.send, block, seconds)
        visit.sent += len(block)
        take(block)
        await asyncio.sleep(0)
        block = await arriving.block()
    await visit.block(b"")


async def send_bytes(send: Send, body: bytes, seconds: float) -> None:
    """Send a body that is there; a large one by slices, so that no more is copied than the client reads."""
    if len(body) > SENT_AT_ONCE:
        await send_slices(send, body, seconds)
        body = b""
    await send({"type": "http.response.body", "body": body})


async def send_slices(send: Send, block: bytes, seconds: float) -> None:
    """Send a block that is not the last by slices, of which the server takes a few whatever their size."""
    for start in range(0, len(block), SLICE):
        await unless_stalled(send, block[start : start + SLICE], seconds)


async def unless_stalled(send: Send, block: bytes, seconds: float) -> None:
    """Send a block that is not the last; raises :class:`StalledError` when the client does not read for so long."""
    try:
        async with asyncio.timeout(seconds):
            await send({"type": "http.response.body", "body": block, "more_body": True})
    except TimeoutError as error:
        raise StalledError(f"the client has read nothing for {seconds:g} s") from error
