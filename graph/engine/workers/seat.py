"""One worker process as its parent sees it: started, given queries, replaced when it is spent.

Each seat has a thread of its own for what takes time: starting the process, and bringing a long answer from it to
the spool. A short answer is fetched by the thread that asks, which saves two changes of thread.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, Final, Protocol

from graph.child import Child, ChildGoneError
from graph.engine import EngineDownError
from graph.engine.spool import Spool
from graph.engine.workers.run import Run
from graph.limits import Limits
from graph.store import Snapshot

logger = logging.getLogger(__name__)

MODULE: Final = "graph.engine.workers.worker"
SECONDS_TO_START: Final = 60.0
_SECONDS_BETWEEN_LOOKS: Final = 1.0
_SHORTEST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0


class House(Protocol):
    """What a seat needs of the pool in which it stands."""

    @property
    def snapshot(self) -> Snapshot:
        """What is to be read now."""

    def free(self, seat: "Seat") -> None:
        """The seat can take a query."""

    def take_out(self, seat: "Seat") -> bool:
        """Take the seat out of the line, if it is free."""

    def failed(self, reason: str) -> None:
        """A worker could not be started; it is tried again."""


class Seat:
    """A place for one worker, which is being started from the beginning."""

    def __init__(self, limits: Limits, house: House) -> None:
        self._limits = limits
        self._house = house
        self._child: Child | None = None
        self._reads: Snapshot | None = None
        self._run: Run | None = None
        # Once could be chance: the process may have been killed by somebody.
        self.failing = False
        self._tasks: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._closing = Event()
        self._thread = Thread(target=self._serve, name="seat", daemon=True)
        self._thread.start()

    @property
    def up(self) -> bool:
        """Whether its process reads a snapshot, and lives."""
        child = self._child
        return child is not None and self._reads is not None and child.returncode is None

    @property
    def outdated(self) -> bool:
        """Whether its process reads another snapshot than the current one."""
        return self._reads != self._house.snapshot

    def begin(self, message: dict[str, Any], query: bytes) -> tuple[Run, Snapshot]:
        """Send a query, to be read on the current snapshot; raises :class:`graph.child.ChildGoneError`."""
        self.refresh()
        if self._child is None or self._reads is None:
            raise ChildGoneError(None)
        self._run = Run(self._child, self._limits, message, query)
        if self._closing.is_set():
            self._run.stop(EngineDownError("the engine has been closed"))
        return self._run, self._reads

    def refresh(self) -> None:
        """Let the process read the current snapshot; raises :class:`graph.child.ChildGoneError`."""
        snapshot = self._house.snapshot
        if self._child and self._reads != snapshot:
            try:
                self._open(self._child, snapshot)
            except (EngineDownError, TimeoutError) as error:
                logger.warning("a worker cannot read %s: %s", snapshot.path, error)
                self._child.kill()
                raise ChildGoneError(None) from error

    def drain(self, run: Run, spool: Spool, ended: Callable[[Exception | None], None]) -> None:
        """Bring the rest of an answer to the spool, in the background; ``ended`` gets the error, if any."""
        self._tasks.put(partial(self._drain, run, spool, ended))

    def release(self, run: Run | None) -> None:
        """A query is over, or (None) could not be begun: the worker takes the next one, or is replaced."""
        if run:
            run.settle()
        if run and not run.spent:
            self._house.free(self)
        else:
            self._tasks.put(self._replace)

    def close(self) -> None:
        """Kill the process, with the query that it may have, and start no other."""
        self._closing.set()
        if run := self._run:
            run.stop(EngineDownError("the engine has been closed"))
        if child := self._child:
            child.kill(wait=False)
        self._tasks.put(self._look)

    def wait(self, seconds: float) -> None:
        """Wait so long for the end of a seat that has been closed."""
        self._thread.join(seconds)

    def _serve(self) -> None:
        self._start()
        while not self._closing.is_set():
            try:
                self._tasks.get(timeout=_SECONDS_BETWEEN_LOOKS)()
            except Empty:
                self._look()
        self._stop()

    def _look(self) -> None:
        """A worker that ended while it had nothing to do is replaced before somebody needs it."""
        if not self.up and self._house.take_out(self):
            self._replace()

    def _replace(self) -> None:
        self._stop()
        self._start()

    def _stop(self) -> None:
        child, self._child = self._child, None
        self._reads = None
        if child:
            child.kill()

    def _start(self) -> None:
        """Start a process, and try again after growing pauses."""
        pause = _SHORTEST_PAUSE
        while not self._closing.is_set():
            try:
                self._child = child = Child(MODULE, json.dumps(asdict(self._limits)))
                self._open(child, self._house.snapshot)
            except (OSError, ChildGoneError, EngineDownError, TimeoutError) as error:
                self._stop()
                self._fail(error, again=pause > _SHORTEST_PAUSE)
                self._closing.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                self.failing = False
                self._house.free(self)
                return

    def _fail(self, error: Exception, again: bool) -> None:
        if self._closing.is_set():
            return
        logger.warning("a worker cannot be started: %s", error)
        self.failing = again
        self._house.failed(str(error))

    def _open(self, child: Child, snapshot: Snapshot) -> None:
        child.send({"version": snapshot.version, "path": str(snapshot.path)})
        message, _ = child.receive(SECONDS_TO_START)
        if "error" in message:
            raise EngineDownError(message["message"])
        self._reads = snapshot

    def _drain(self, run: Run, spool: Spool, ended: Callable[[Exception | None], None]) -> None:
        failure: Exception | None = None
        try:
            more = True
            while more:
                block, more = run.block()
                spool.write(block)
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader must see it
            run.stop(error)
            failure = error
        ended(failure)
        spool.finish(failure)
        self.release(run)
