"""An answer that is all there, in memory: what is short, and what is given again."""

from collections.abc import Callable, Iterator

from graph.engine import Cancellation, CancelledError
from graph.engine.spool import BLOCK


class Whole:
    """A body that is all there."""

    def __init__(self, data: bytes, cancellation: Cancellation | None = None) -> None:
        self._left = data
        self._closed = False
        self.whole = data
        if cancellation and len(data) > BLOCK:
            cancellation.on_cancel(self.close)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """All of it, then the end."""
        if self._closed:
            raise CancelledError("the body was closed before its end")
        block, self._left = self._left, b""
        if not block:
            raise StopIteration
        return block

    def poll(self, on_change: Callable[[], None]) -> bytes:  # noqa: ARG002 - it is never called: nothing is awaited
        """All of it, then the end."""
        return next(self, b"")

    def another(self, cancellation: Cancellation) -> "Whole":
        """The same for someone else."""
        return Whole(self.whole, cancellation)

    def when_finished(self, listener: Callable[[], None]) -> None:
        """Call the listener at once."""
        listener()

    def close(self) -> None:
        """Read no more."""
        self._closed = True
