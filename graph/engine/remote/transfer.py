"""One request to a remote store and its answer, which one thread reads as it comes.

The exchange itself runs as a task of an event loop in a thread of its own, so that it can be ended at any point:
at its time limit or when nobody waits any more the connection is closed, which ends the query on stores that notice.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from threading import Condition, Lock, Thread
from typing import Any, Final

import httpx

from graph.engine import CancelledError, EngineDownError, QueryTimeoutError
from graph.engine.remote.complaints import RemoteFailedError, RemoteUnreachableError
from graph.engine.remote.endpoint import CONNECT_SECONDS, Endpoint, headers, trusted

# What of an answer may wait to be converted; then the store has to wait.
_MOST_WAITING: Final = 1024 * 1024
# A connection that the store has closed meanwhile costs one more try.
_TRIES: Final = 2
# Shorter than the time for which usual stores keep a connection open (Virtuoso: 10 s).
_KEPT_SECONDS: Final = 5.0


class Connections:
    """The connections to one store, and the thread in which its answers come in."""

    def __init__(self, endpoint: Endpoint, most: int) -> None:
        self.endpoint = endpoint
        self._closing = Lock()
        self._closed = False
        self._loop = asyncio.new_event_loop()
        self.client = httpx.AsyncClient(
            auth=endpoint.auth,
            headers=headers(),
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=most, keepalive_expiry=_KEPT_SECONDS),
            trust_env=False,
            verify=trusted(),
        )
        self._thread = Thread(target=self._loop.run_forever, name="remote", daemon=True)
        self._thread.start()

    def run(self, task: Coroutine[Any, Any, None]) -> "Future[None]":
        """Run a task on the loop; cancelling what is returned cancels it. Raises EngineDownError once closed."""
        with self._closing:
            if self._closed:
                task.close()
                raise EngineDownError("the engine has been closed")
            return asyncio.run_coroutine_threadsafe(task, self._loop)

    def call(self, what: Callable[[], None]) -> None:
        """Call something on the loop."""
        self._loop.call_soon_threadsafe(what)

    def close(self) -> None:
        """End what runs, close all connections, end the thread."""
        with self._closing:
            self._closed = True
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self.client.aclose()


class Transfer:
    """A POST of a form, and its answer: :meth:`head` first, then :meth:`read` until it is empty."""

    def __init__(
        self,
        connections: Connections,
        form: Mapping[str, str | Sequence[str]],
        accept: str,
        seconds: float,
    ) -> None:
        self._connections = connections
        self._form = form
        self._accept = accept
        self._seconds = seconds
        self._change = Condition()
        self._response: httpx.Response | None = None
        self._blocks: deque[bytes] = deque()
        self._waiting = 0
        self._room = asyncio.Event()
        self._error: BaseException | None = None
        self._ended = False
        self._task = connections.run(self._exchange())

    def head(self) -> httpx.Response:
        """Status and headers; raises what kept them from coming."""
        with self._change:
            self._change.wait_for(lambda: self._response or self._ended)
            if self._response is None:
                raise self._error or RemoteFailedError("the store answered nothing")
            return self._response

    def read(self) -> bytes:
        """The next block, empty at the end; raises what broke the answer off."""
        with self._change:
            self._change.wait_for(lambda: self._blocks or self._ended)
            if self._blocks:
                block = self._blocks.popleft()
                self._waiting -= len(block)
                if self._waiting <= _MOST_WAITING and not self._ended:
                    self._connections.call(self._room.set)
                return block
            if self._error:
                raise self._error
            return b""

    def stop(self) -> None:
        """Close the connection; who reads is told by :class:`CancelledError`."""
        self._end(CancelledError("nobody waits for the answer"))
        with self._change:
            self._blocks.clear()
        self._task.cancel()

    async def _exchange(self) -> None:
        error: BaseException | None = None
        try:
            async with asyncio.timeout(self._seconds):
                await self._retried()
        except TimeoutError:
            error = QueryTimeoutError(f"the store did not answer within {self._seconds:g} seconds")
        except asyncio.CancelledError:
            error = CancelledError("the engine has been closed")
        except (httpx.ConnectError, httpx.ConnectTimeout) as fault:
            error = RemoteUnreachableError(f"{self._where} cannot be reached: {_reason(fault)}")
        except Exception as fault:  # noqa: BLE001 - whatever it is, the reader must see it
            error = RemoteFailedError(f"the answer of {self._where} broke off: {_reason(fault)}")
        self._end(error)

    @property
    def _where(self) -> str:
        return f"the store at {self._connections.endpoint.shown}"

    async def _retried(self) -> None:
        for left in reversed(range(_TRIES)):
            try:
                await self._once()
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                if not left or self._response is not None:
                    raise
            else:
                return

    async def _once(self) -> None:
        url, accept = self._connections.endpoint.url, {"Accept": self._accept}
        async with self._connections.client.stream("POST", url, data=self._form, headers=accept) as response:
            with self._change:
                self._response = response
                self._change.notify_all()
            async for block in response.aiter_raw():
                await self._put(block)

    async def _put(self, block: bytes) -> None:
        with self._change:
            self._room.clear()
            self._blocks.append(block)
            self._waiting += len(block)
            full = self._waiting > _MOST_WAITING
            self._change.notify_all()
        if full:
            await self._room.wait()

    def _end(self, error: BaseException | None) -> None:
        with self._change:
            if not self._ended:
                self._error, self._ended = error, True
            self._change.notify_all()


def _reason(fault: Exception) -> str:
    return str(fault) or type(fault).__name__
