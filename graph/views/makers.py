"""Who has views made: one at a time, each once however many ask for it, within limits of time and memory."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, Final

from graph.child import Child, ChildGoneError
from graph.limits import Limits

_MODULE: Final = "graph.views.making"
_ABORTED: Final = -6


class ViewBusyError(RuntimeError):
    """The view is being made, or many others before it; it can be asked for again later."""


class ViewFailedError(ValueError):
    """The view cannot be made: it takes too long, too much memory, or its version is damaged."""


class Makers:
    """Has calendars and views of one corpus folder made, in a child process for each."""

    def __init__(self, folder: Path, room: Path, limits: Limits) -> None:
        self._arguments = str(folder), str(room), str(limits.view_memory)
        self._room = room
        self._limits = limits
        self._lock = Lock()
        self._under_way: dict[str, Future[None]] = {}
        self._thread = ThreadPoolExecutor(1, "views")
        self._child: Child | None = None
        self._closed = False

    def make(self, task: Mapping[str, Any]) -> None:
        """Have something made, and wait for it; raises ViewBusyError and ViewFailedError."""
        try:
            self._asked(task).result(self._limits.view_waiting_seconds)
        except TimeoutError as error:
            raise ViewBusyError("what was known or valid then is being gathered: ask again in a moment") from error

    def close(self) -> None:
        """Kill the process that may be at work."""
        with self._lock:
            self._closed = True
            child = self._child
        if child:
            child.kill()
        self._thread.shutdown(cancel_futures=True)

    def _asked(self, task: Mapping[str, Any]) -> "Future[None]":
        target = task["target"]
        with self._lock:
            if target in self._under_way:
                return self._under_way[target]
            if self._closed or len(self._under_way) >= self._limits.waiting_views:
                raise ViewBusyError("other views are being made: ask again in a moment")
            future = self._under_way[target] = self._thread.submit(self._made, task)
        future.add_done_callback(lambda _: self._under_way.pop(target, None))
        return future

    def _made(self, task: Mapping[str, Any]) -> None:
        self._room.mkdir(parents=True, exist_ok=True)
        try:
            child = self._started()
            child.send(task)
            answer, _ = child.receive(self._limits.view_seconds)
        except TimeoutError as error:
            raise self._failed(f"it took longer than {self._limits.view_seconds:g} s", task) from error
        except ChildGoneError as error:
            reason = "it needs too much memory" if error.returncode == _ABORTED else f"its process ended ({error})"
            raise self._failed(reason, task) from error
        if "error" in answer:
            raise self._failed(answer["error"], task)
        child.close()
        child.wait(self._limits.view_seconds)

    def _started(self) -> Child:
        with self._lock:
            if self._closed:
                raise ViewBusyError("the service is ending")
            self._child = Child(_MODULE, *self._arguments)
            return self._child

    def _failed(self, reason: str, task: Mapping[str, Any]) -> ViewFailedError:
        from graph.views.making import clear  # noqa: PLC0415 - what derives is not needed here otherwise

        if self._child:
            self._child.kill()
        with suppress(OSError):
            clear(self._room, task["target"])
        return ViewFailedError(f"what was known or valid then cannot be gathered: {reason}")
