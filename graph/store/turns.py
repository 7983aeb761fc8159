"""Whose turn it is to write: one at a time, but those who have waited together go together."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from typing import Final

from graph.store.faults import WriteError, WriterGoneError
from graph.store.uploads import BULK

_TOGETHER: Final = 64
"""A commit costs about the same for one write as for these."""


@dataclass(frozen=True)
class Written:
    """What a write has made: the version that holds it, and whether it created the graph."""

    version: str
    created: bool


@dataclass
class Write:
    """A write on its way: what the writing process is to do, and what has come of it."""

    task: Mapping[str, object]
    payload: bytes = b""
    created: bool = False
    written: Written | None = None
    fault: WriteError | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it is known what came of it."""
        return self.written is not None or self.fault is not None

    @property
    def is_bulk(self) -> bool:
        """Whether it may be loaded in bulk, and so cannot be taken back by itself."""
        return len(self.payload) > BULK

    def outcome(self) -> Written:
        """What it has made; raises its fault."""
        if self.written is None:
            raise self.fault or WriterGoneError("the write was never tried")
        return self.written


class Turns:
    """Lets one thread at a time write; safe to use from several."""

    def __init__(self) -> None:
        self._free = Condition()
        self._is_taken = False
        self._waiting: deque[Write] = deque()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes meanwhile."""
        with self._free:
            self._free.wait_for(lambda: not self._is_taken)
            self._is_taken = True
        try:
            yield
        finally:
            self._pass_on()

    def together(self, write: Write, commit: Callable[[list[Write]], None]) -> None:
        """See a write settled: by another thread's ``commit``, or by ours, with all that have waited with it."""
        with self._free:
            self._waiting.append(write)
        while writes := self._taken(write):
            try:
                commit(writes)
            finally:
                self._pass_on()

    def _taken(self, write: Write) -> list[Write]:
        """The writes that this thread is to commit; none once its own is settled."""
        with self._free:
            self._free.wait_for(lambda: write.is_settled or not self._is_taken)
            if write.is_settled:
                return []
            self._is_taken = True
            return self._next()

    def _next(self) -> list[Write]:
        writes = [self._waiting.popleft()]
        while self._waiting and len(writes) < _TOGETHER and not (writes[0].is_bulk or self._waiting[0].is_bulk):
            writes.append(self._waiting.popleft())
        return writes

    def _pass_on(self) -> None:
        with self._free:
            self._is_taken = False
            self._free.notify_all()
