"""The line: queries that wait for a worker, and workers that wait for a query.

Askers take turns, and each one's own queries are served in the order in which they came. One asker may have no more
than its share of the workers at a time, and half of the places in the line, so that others always find some; nobody
in particular ("") has no such bound.
"""

from collections import deque
from threading import Event, Lock
from typing import Generic, TypeVar

from graph.engine import Cancellation, CancelledError, EngineBusyError, EngineDownError

T = TypeVar("T")


class _Waiting(Generic[T]):
    """One query that waits."""

    def __init__(self, asker: str) -> None:
        self.asker = asker
        self.decided = Event()
        self.given: T | None = None
        self.error: Exception | None = None


class Line(Generic[T]):
    """What is free, and who waits for it; both only while who waits has its share already."""

    def __init__(self, most: int, seconds: float, share: int | None = None) -> None:
        self._most = most
        self._seconds = seconds
        self._share = share
        self._lock = Lock()
        self._free: list[T] = []
        self._held: dict[T, str] = {}
        # The asker whose turn is next comes first.
        self._queues: dict[str, deque[_Waiting[T]]] = {}
        self._down: str | None = None

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, list(self._queues.values())))

    @property
    def free(self) -> int:
        """How many are free."""
        return len(self._free)

    @property
    def closed(self) -> bool:
        """Whether who comes is refused."""
        return self._down is not None

    def has(self, item: T) -> bool:
        """Whether it is free."""
        with self._lock:
            return item in self._free

    def take(self, cancellation: Cancellation, asker: str = "") -> T:
        """The one that was free last (it is the warmest), or wait for one. It is the asker's until it is added again.

        Raises :class:`EngineBusyError`, :class:`EngineDownError`, :class:`CancelledError`.
        """
        waiting: _Waiting[T] = _Waiting(asker)
        with self._lock:
            self._enter(waiting)
        if not waiting.decided.is_set():
            cancellation.on_cancel(lambda: self._leave(waiting, CancelledError("nobody waits for the answer")))
            if not waiting.decided.wait(self._seconds):
                said = f"no worker was free for {self._seconds:g} seconds: ask again later"
                self._leave(waiting, EngineBusyError(said))
        if waiting.given is None:
            raise waiting.error or EngineDownError("the engine has been closed")
        return waiting.given

    def add(self, item: T) -> None:
        """Something is free: give it to who is next."""
        with self._lock:
            self._down = None
            self._held.pop(item, None)
            if item not in self._free:
                self._free.append(item)
            self._serve()

    def forget(self, item: T) -> None:
        """What somebody had will not be free for a time: it counts as nobody's."""
        with self._lock:
            self._held.pop(item, None)
            self._serve()

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
            for queue in self._queues.values():
                for waiting in queue:
                    waiting.error = EngineDownError(reason)
                    waiting.decided.set()
            self._queues.clear()

    def _enter(self, waiting: _Waiting[T]) -> None:
        """Serve at once who may be, or have it wait."""
        if self._free and self._may(waiting.asker):
            self._give(waiting)
            return
        if self._down is not None:
            raise EngineDownError(self._down)
        own = len(self._queues.get(waiting.asker, ()))
        if self.waiting >= self._most or (waiting.asker and own >= max(1, self._most // 2)):
            said = f"{self.waiting} queries are waiting already"
            raise EngineBusyError(f"{said}: ask again later")
        self._queues.setdefault(waiting.asker, deque()).append(waiting)

    def _may(self, asker: str) -> bool:
        """Whether an asker has less than its share."""
        if not asker or self._share is None:
            return True
        return sum(each == asker for each in self._held.values()) < self._share

    def _serve(self) -> None:
        while self._free and (waiting := self._next()):
            self._give(waiting)

    def _next(self) -> _Waiting[T] | None:
        """Who is next of those that may; its asker's next turn comes after all the others'."""
        asker = next(filter(self._may, self._queues), None)
        if asker is None:
            return None
        queue = self._queues.pop(asker)
        waiting = queue.popleft()
        if queue:
            self._queues[asker] = queue
        return waiting

    def _give(self, waiting: _Waiting[T]) -> None:
        item = self._free.pop()
        self._held[item] = waiting.asker
        waiting.given = item
        waiting.decided.set()

    def _leave(self, waiting: _Waiting[T], error: Exception) -> None:
        """Wait no longer, unless it has been decided meanwhile."""
        with self._lock:
            if waiting.decided.is_set():
                return
            queue = self._queues[waiting.asker]
            queue.remove(waiting)
            if not queue:
                del self._queues[waiting.asker]
            waiting.error = error
            waiting.decided.set()
