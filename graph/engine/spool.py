"""Where an answer waits for its readers: the producer writes as fast as it can, each reader reads at its own pace.

The first part of an answer stays in memory, the rest goes to a temporary file that has no name and so cannot outlive
the process. What all answers take on the disk is counted in one account. ``TMPDIR`` says where the files are.
"""

import logging
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Condition, RLock
from typing import Final

from graph.engine import Cancellation, CancelledError, ResultTooLargeError, SpoolFullError
from graph.limits import Limits

logger = logging.getLogger(__name__)

IN_MEMORY: Final = 256 * 1024
BLOCK: Final = 64 * 1024


class Account:
    """The bytes that answers take on the disk, all together; one asker's, but nobody's (""), take half at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        # A reader that is dropped gives its bytes back in the middle of anything, in the same thread.
        self._lock = RLock()
        self.taken = 0
        self._each: Counter[str] = Counter()

    def take(self, size: int, asker: str = "") -> None:
        """Count some more; raises :class:`SpoolFullError` over the limit."""
        with self._lock:
            if self.taken + size > self._most:
                raise SpoolFullError(f"answers that wait for slow readers take {self._most} bytes: ask again later")
            if asker and self._each[asker] + size > self._most // 2:
                said = f"your answers that wait on the disk take {self._most // 2} bytes"
                raise SpoolFullError(f"{said}: read them, or ask again later")
            self.taken += size
            self._each[asker] += size

    def give_back(self, size: int, asker: str = "") -> None:
        """Count some less."""
        with self._lock:
            self.taken -= size
            self._each[asker] -= size
            if self._each[asker] <= 0:
                del self._each[asker]


@dataclass(eq=False)
class _Place:
    """How far one reader has read, and whom to tell when there is more."""

    position: int = 0
    listener: Callable[[], None] | None = None


class Spool:
    """One answer. ``abandon`` is called, once, if its last reader leaves before the end is written."""

    def __init__(
        self, limits: Limits, abandon: Callable[[], None], account: Account | None = None, asker: str = ""
    ) -> None:
        self._limits = limits
        self._abandon = abandon
        self._account = account or Account(limits.spool_bytes)
        self._asker = asker
        self._change = Condition()
        self._memory = bytearray()
        self._file: int | None = None
        self._size = 0
        self._finished = False
        self._abandoned = False
        self._error: BaseException | None = None
        self._places: set[_Place] = set()
        self._ends: list[Callable[[], None]] = []

    def write(self, block: bytes) -> None:
        """Add to the answer, from one thread, which does not wait for readers.

        Raises :class:`ResultTooLargeError`, :class:`SpoolFullError`, and :class:`CancelledError` when all readers
        have left. The producer then stops, and says so by :meth:`finish`.
        """
        if self._abandoned:
            raise CancelledError("nobody reads the answer")
        if self._size + len(block) > self._limits.result_bytes:
            raise ResultTooLargeError(
                f"the answer has more than {self._limits.result_bytes} bytes: ask for less, or for parts (LIMIT)"
            )
        if self._file is None and self._size + len(block) <= IN_MEMORY:
            self._memory += block
        else:
            self._to_disk(block)
        with self._change:
            self._size += len(block)
            waiting = self._wake()
        _call(waiting)

    def finish(self, error: BaseException | None = None) -> None:
        """No more comes; readers get the error after what was written before it. To be called once."""
        with self._change:
            self._error, self._finished = error, True
            ends, self._ends = self._ends, []
        _call(ends)
        with self._change:
            waiting = self._wake()
            self._release_if_left()
        _call(waiting)

    def reader(self, cancellation: Cancellation) -> "Reader":
        """One more reader, from the beginning; raises :class:`CancelledError` if all others have left already."""
        place = _Place()
        with self._change:
            if self._abandoned:
                raise CancelledError("the answer was abandoned")
            self._places.add(place)
        reader = Reader(self, place)
        cancellation.on_cancel(reader.close)
        return reader

    def when_finished(self, listener: Callable[[], None]) -> None:
        """Call the listener at the end, before anything is forgotten: at once if that has come."""
        with self._change:
            if not self._finished:
                self._ends.append(listener)
                return
        listener()

    @property
    def whole(self) -> bytes | None:
        """All of the answer, if it ended well and may be cached by its size."""
        with self._change:
            known = self._finished and not self._error and not self._abandoned
            if not known or self._size > self._limits.cached_answer_bytes:
                return None
            rest = self._size - len(self._memory)
            try:
                return bytes(self._memory) + (os.pread(self._file, rest, 0) if self._file is not None else b"")
            except OSError:
                return None

    def read(self, place: _Place, on_change: Callable[[], None] | None) -> bytes | None:
        """The block that comes next at a place; without ``on_change`` wait for it. Empty at the end."""
        with self._change:
            while place in self._places and place.position == self._size and not self._finished:
                if on_change:
                    place.listener = on_change
                    return None
                self._change.wait()
            if place not in self._places:
                raise CancelledError("the body was closed before its end")
            if place.position == self._size and self._error:
                raise self._error
            block = self._block(place.position)
            place.position += len(block)
            return block

    def leave(self, place: _Place) -> None:
        """Let a reader go; the last one takes the answer with it."""
        with self._change:
            if place not in self._places:
                return
            self._places.remove(place)
            self._abandoned = not self._places
            unfinished = self._abandoned and not self._finished
            self._release_if_left()
            self._change.notify_all()
        if unfinished:
            self._abandon()
        if place.listener:
            place.listener()

    def _block(self, position: int) -> bytes:
        if position < len(self._memory):
            return bytes(self._memory[position : position + BLOCK])
        if self._file is None:
            return b""
        return os.pread(self._file, min(BLOCK, self._size - position), position - len(self._memory))

    def _to_disk(self, block: bytes) -> None:
        self._account.take(len(block), self._asker)
        try:
            if self._file is None:
                self._file = _nameless_file()
            _write_all(self._file, block, self._size - len(self._memory))
        except OSError as error:
            self._account.give_back(len(block), self._asker)
            raise SpoolFullError(f"the answer cannot wait on the disk: {error.strerror}") from error

    def _wake(self) -> list[Callable[[], None]]:
        """Wake who waits; returns the listeners to be called once the lock is free."""
        self._change.notify_all()
        waiting = []
        for place in list(self._places):
            if place.listener:
                waiting.append(place.listener)
                place.listener = None
        return waiting

    def _release_if_left(self) -> None:
        """Forget everything once nobody reads or writes: a producer must not find its file closed."""
        if not (self._abandoned and self._finished):
            return
        if self._file is not None:
            os.close(self._file)
            self._account.give_back(self._size - len(self._memory), self._asker)
        self._file, self._memory, self._size = None, bytearray(), 0


class Reader:
    """One reader's body."""

    def __init__(self, spool: Spool, place: _Place) -> None:
        self._spool = spool
        self._place = place
        self._ended = False

    def __del__(self) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """The next block; raises the producer's error after the blocks before it."""
        block = self._next(None)
        if not block:
            raise StopIteration
        return block

    def poll(self, on_change: Callable[[], None]) -> bytes | None:
        """The next block, empty at the end; None if ``on_change`` is going to be called."""
        return self._next(on_change)

    @property
    def whole(self) -> bytes | None:
        """All of the answer, if it has ended well and is small."""
        return self._spool.whole

    def another(self, cancellation: Cancellation) -> "Reader":
        """A body of its own for someone else, from the beginning; raises :class:`CancelledError`."""
        return self._spool.reader(cancellation)

    def when_finished(self, listener: Callable[[], None]) -> None:
        """Call the listener when the whole answer has been written, or has failed."""
        self._spool.when_finished(listener)

    def close(self) -> None:
        """Read no more."""
        self._spool.leave(self._place)

    def _next(self, on_change: Callable[[], None] | None) -> bytes | None:
        if self._ended:
            return b""
        block = self._spool.read(self._place, on_change)
        if block == b"":
            self._ended = True
            self.close()
        return block


def _nameless_file() -> int:
    with tempfile.TemporaryFile(buffering=0) as file:
        return os.dup(file.fileno())


def _write_all(file: int, block: bytes, position: int) -> None:
    left = memoryview(block)
    while left:
        written = os.pwrite(file, left, position)
        left, position = left[written:], position + written


def _call(listeners: list[Callable[[], None]]) -> None:
    for listener in listeners:
        try:
            listener()
        except Exception:
            logger.exception("who listens to an answer has failed")
