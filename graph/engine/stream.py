"""A serialiser that pushes, turned into a body that can be pulled, in bounded memory.

The serialiser runs in a thread and hands over blocks, of which only a few wait to be read. Its error comes out
of the body at the place where it happened. Closing the body, or the cancellation, makes its next block fail.

The thread has a stack of its own size: Oxigraph parses and plans by recursion. It is only reserved, not used.
"""

import io
from collections import deque
from collections.abc import Callable, Iterator
from threading import Condition, Lock, Thread, stack_size
from traceback import clear_frames
from typing import IO

from graph.engine import Cancellation, CancelledError

BLOCK = 64 * 1024
BLOCKS_WAITING = 8
THREAD = "query"
STACK = 64 * 1024 * 1024
_starting = Lock()


def start_deep(thread: Thread) -> None:
    """Start a thread on a large stack; the size is the whole process's, and is put back."""
    with _starting:
        usual = stack_size(STACK)
        try:
            thread.start()
        finally:
            stack_size(usual)


def let_go(error: BaseException | None) -> None:
    """Drop what the error's frames hold: Oxigraph's results may only be dropped by the thread that made them."""
    while error:
        clear_frames(error.__traceback__)
        error = error.__context__


class Writer(io.RawIOBase):
    """What the serialiser writes to: gathers bytes into blocks."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        super().__init__()
        self._put = put
        self._block = bytearray()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]
        """Take some bytes; raises :class:`CancelledError` when nobody reads any more."""
        self._block += data
        if len(self._block) >= BLOCK:
            self.hand_over()
        return len(data)

    def rest(self) -> bytes:
        """What has been gathered and not been handed over; it is let go."""
        block, self._block = bytes(self._block), bytearray()
        return block

    def hand_over(self) -> None:
        """Pass on what has been gathered."""
        if block := self.rest():
            self._put(block)


class Stream:
    """The body: an iterator of blocks, ready once the first block (or the error) is there."""

    def __init__(
        self,
        write: Callable[[IO[bytes]], None],
        cancellation: Cancellation,
        check: Callable[[bytes], None] | None = None,
    ) -> None:
        self._write = write
        self._check = check
        self._change = Condition()
        self._blocks: deque[bytes] = deque()
        self._error: BaseException | None = None
        self._finished = False
        self._closed = False
        self._listener: Callable[[], None] | None = None
        cancellation.on_cancel(self.close)
        start_deep(Thread(target=self._run, name=THREAD, daemon=True))
        self._wait_for_first()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """The next block; raises the serialiser's error after the blocks before it."""
        with self._change:
            self._change.wait_for(self._is_decided)
            if self._closed:
                raise CancelledError("the body was closed before its end")
            if self._blocks:
                self._change.notify_all()
                return self._blocks.popleft()
        if self._error:
            raise self._error
        raise StopIteration

    @property
    def whole(self) -> bytes | None:
        """Never known: the blocks are not kept."""
        return None

    def poll(self, on_change: Callable[[], None]) -> bytes | None:
        """The next block, empty at the end; None if ``on_change`` is going to be called."""
        with self._change:
            if not self._is_decided():
                self._listener = on_change
                return None
        return next(self, b"")

    def close(self) -> None:
        """Stop: the serialiser fails at its next block, and what waits is dropped."""
        with self._change:
            self._closed = True
            self._blocks.clear()
        self._tell()

    def _is_decided(self) -> bool:
        return bool(self._blocks) or self._finished or self._closed

    def _wait_for_first(self) -> None:
        with self._change:
            self._change.wait_for(self._is_decided)
            if self._closed:
                raise CancelledError("nobody waits for the answer")
            if self._error and not self._blocks:
                raise self._error

    def _put(self, block: bytes) -> None:
        if self._check:
            self._check(block)
        with self._change:
            self._change.wait_for(lambda: self._closed or len(self._blocks) < BLOCKS_WAITING)
            if self._closed:
                raise CancelledError("nobody reads the answer")
            self._blocks.append(block)
        self._tell()

    def _run(self) -> None:
        writer = Writer(self._put)
        try:
            self._write(writer)  # type: ignore[arg-type]
            writer.hand_over()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the reader must see it
            let_go(error)
            self._error = error
        with self._change:
            self._finished = True
        self._tell()

    def _tell(self) -> None:
        """Wake who waits, and tell who asked to be told."""
        with self._change:
            self._change.notify_all()
            listener, self._listener = self._listener, None
        if listener:
            listener()
