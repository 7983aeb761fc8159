"""The plain store's side of its writing process: started when it is needed, killed when it is not to be trusted."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from graph.child import Child, ChildGoneError
from graph.limits import Limits
from graph.store.faults import DiskError, UpdateMemoryError, UpdateTimeoutError, WriterGoneError, heard
from graph.store.snapshots import Snapshot

_MODULE: Final = "graph.store.writing"
_SECONDS_TO_START: Final = 120.0
_SECONDS_TO_END: Final = 10.0
_ABORTED: Final = -6
"""The signal by which a process ends that asks for memory past its bound (SIGABRT)."""


class WritingChild:
    """At most one writing process of a folder; for one thread at a time."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._child: Child | None = None
        self._is_ready = False

    @property
    def pid(self) -> int | None:
        """The process's id; None where none runs."""
        return self._child.pid if self._child else None

    def start(self, snapshot: Snapshot | None) -> None:
        """Start one, unless it runs, on the data of the snapshot; does not wait for it.

        One that was killed while it had nothing to do is replaced, and nobody notices.
        """
        if self._child is not None and self._child.returncode is not None:
            self.kill()
        if self._child is None:
            held = str(snapshot.path) if snapshot else ""
            self._child = Child(_MODULE, str(self._folder), held, str(self._limits.update_memory))
            self._is_ready = False

    def ask(self, task: Mapping[str, object], payload: bytes, seconds: float) -> dict[str, Any]:
        """Have it do something, and wait so many seconds at most; raises WriteError.

        Where the fault may have left something behind, the process is gone afterwards.
        """
        if self._child is None:
            raise WriterGoneError("the plain store is closed")
        try:
            return self._asked(self._child, task, payload, seconds)
        except TimeoutError as error:
            self.kill()
            raise UpdateTimeoutError(f"it took longer than {seconds:g} s; nothing of it is kept") from error
        except ChildGoneError as error:
            self.kill()
            raise _ended(error.returncode) from error

    def _asked(self, child: Child, task: Mapping[str, object], payload: bytes, seconds: float) -> dict[str, Any]:
        if not self._is_ready:
            started, _ = child.receive(_SECONDS_TO_START)
            self._spoilt(started)
            self._is_ready = True
        child.send(task, payload)
        answer, _ = child.receive(seconds)
        self._spoilt(answer)
        return answer

    def _spoilt(self, answer: Mapping[str, Any]) -> None:
        """Raise the fault that it tells of."""
        if answer.get("spoilt"):
            self.kill()
        if "fault" in answer:
            raise heard(answer)

    def kill(self) -> None:
        """Take back all that is not committed."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def close(self) -> None:
        """Let it end by itself, or kill it."""
        if self._child is not None:
            self._child.close()
            self._child.wait(_SECONDS_TO_END)
        self.kill()


def _ended(returncode: int | None) -> DiskError | UpdateMemoryError | WriterGoneError:
    if returncode == _ABORTED:
        return UpdateMemoryError("it needed more memory than a write may take; nothing of it is kept")
    return WriterGoneError(f"the writing process ended ({returncode}); nothing of this write is kept: send it again")
