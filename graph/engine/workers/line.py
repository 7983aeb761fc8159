"""The line: queries that wait for a worker, and workers that wait for a query. First come, first served."""

from collections import deque
from threading import Event, Lock
from typing import Generic, TypeVar

from graph.engine import Cancellation, CancelledError, EngineBusyError, EngineDownError

T = TypeVar("T")


class _Waiting(Generic[T]):
    """One query that waits."""

    def __init__(self) -> None:
        self.decided = Event()
        self.given: T | None = None
        self.error: Exception | None = None


class Line(Generic[T]):
    """What is free, and who waits for it; never both."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._lock = Lock()
        self._free: list[T] = []
        self._queue: deque[_Waiting[T]] = deque()
        self._down: str | None = None

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    @property
    def free(self) -> int:
        """How many are free."""
        return len(self._free)

    @property
    def closed(self) -> bool:
        """Whether who comes is refused."""
        return self._down is not None

    def take(self, cancellation: Cancellation) -> T:
        """The one that was free last (it is the warmest), or wait for one.

        Raises :class:`EngineBusyError`, :class:`EngineDownError`, :class:`CancelledError`.
        """
        with self._lock:
            if self._free:
                return self._free.pop()
            if self._down is not None:
                raise EngineDownError(self._down)
            if len(self._queue) >= self._most:
                raise EngineBusyError(f"{self._most} queries are waiting already: ask again later")
            waiting: _Waiting[T] = _Waiting()
            self._queue.append(waiting)
        cancellation.on_cancel(lambda: self._leave(waiting, CancelledError("nobody waits for the answer")))
        if not waiting.decided.wait(self._seconds):
            said = f"no worker was free for {self._seconds:g} seconds: ask again later"
            self._leave(waiting, EngineBusyError(said))
        if waiting.given is None:
            raise waiting.error or EngineDownError("the engine has been closed")
        return waiting.given

    def add(self, item: T) -> None:
        """Something is free: give it to who has waited longest."""
        with self._lock:
            self._down = None
            if not self._queue:
                self._free.append(item)
                return
            waiting = self._queue.popleft()
        waiting.given = item
        waiting.decided.set()

    def remove(self, item: T) -> bool:
        """Take one out if it is free; whether it was."""
        with self._lock:
            if item in self._free:
                self._free.remove(item)
                return True
            return False

    def close(self, reason: str) -> None:
        """Nothing will be free for a time: who waits, and who comes until :meth:`add`, is told why."""
        with self._lock:
            self._down = reason
            told, self._queue = self._queue, deque()
        for waiting in told:
            waiting.error = EngineDownError(reason)
            waiting.decided.set()

    def _leave(self, waiting: _Waiting[T], error: Exception) -> None:
        with self._lock:
            if waiting not in self._queue:
                return
            self._queue.remove(waiting)
        waiting.error = error
        waiting.decided.set()
