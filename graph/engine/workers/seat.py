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
from threading import Event, Lock, Thread
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
SECONDS_BETWEEN_LOOKS: Final = 1.0
_LOOKS_UNTIL_LOST: Final = 5
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

    def has(self, seat: "Seat") -> bool:
        """Whether the seat is in the line, free."""

    def failed(self, seat: "Seat") -> None:
        """A worker could not be started; it is tried again."""


class Seat:
    """A place for one worker, which is being started from the beginning."""

    def __init__(self, limits: Limits, house: House) -> None:
        self._limits = limits
        self._house = house
        self._child: Child | None = None
        self._reads: Snapshot | None = None
        self._run: Run | None = None
        # Whether somebody uses the process; two at once would get each other's answers.
        self._lock = Lock()
        self._used = False
        self._looks = 0
        self.starting = True
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

    def begin(self, message: dict[str, Any], query: bytes, snapshot: Snapshot | None = None) -> tuple[Run, Snapshot]:
        """Send a query, to be read on a snapshot, or the current one; raises :class:`graph.child.ChildGoneError`."""
        self._use()
        self._refresh(snapshot)
        if self._child is None or self._reads is None:
            raise ChildGoneError(None)
        self._run = Run(self._child, self._limits, message, query)
        if self._closing.is_set():
            self._run.stop(EngineDownError("the engine has been closed"))
        return self._run, self._reads

    def renew(self) -> None:
        """Let the process, which has been taken out of the line, read the current snapshot; then it is free again."""
        try:
            self._use()
            self._refresh()
        except Exception as error:  # noqa: BLE001 - whatever it is, the seat must not be lost
            logger.warning("a worker could not be renewed: %s", error)
            self.release(None)
        else:
            with self._lock:
                self._used = False
            self._house.free(self)

    def drain(self, run: Run, spool: Spool, ended: Callable[[Exception | None], None]) -> None:
        """Bring the rest of an answer to the spool, in the background; ``ended`` gets the error, if any."""
        self._tasks.put(partial(self._drain, run, spool, ended))

    def release(self, run: Run | None, sound: bool = True) -> None:
        """A query is over, or (None) could not be begun: the worker takes the next one, or is replaced.

        Does nothing for a query that has been released before.
        """
        with self._lock:
            if run and run is not self._run:
                return
            self._run, self._used = None, False
        if run:
            run.settle()
        if run and sound and not run.spent:
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
        self._do(self._start)
        while not self._closing.is_set():
            try:
                task = self._tasks.get(timeout=SECONDS_BETWEEN_LOOKS)
            except Empty:
                task = self._look
            else:
                self._looks = 0
            self._do(task)
        while not self._tasks.empty():
            self._do(self._tasks.get())
        self._stop()

    def _do(self, task: Callable[[], None]) -> None:
        """Do one thing; nothing that goes wrong with it may end the thread."""
        try:
            task()
        except Exception:
            logger.exception("a seat has failed: its worker is replaced")
            if not self._closing.wait(_SHORTEST_PAUSE):
                self._house.take_out(self)
                self._tasks.put(self._replace)

    def _look(self) -> None:
        """A worker that ended while it had nothing to do, or that nobody has, is replaced before it is needed."""
        if not self.up and self._house.take_out(self):
            self._replace()
        elif self._lost():
            logger.error("a worker was neither free nor used: it is replaced")
            self._replace()

    def _lost(self) -> bool:
        """Whether for several looks nobody has had it, nor could have: somebody forgot to release it."""
        with self._lock:
            run = self._run
            used = self._used if run is None else not run.over
            self._looks = 0 if used or self._house.has(self) else self._looks + 1
            if self._looks < _LOOKS_UNTIL_LOST:
                return False
            self._looks, self._run, self._used = 0, None, False
        return True

    def _use(self) -> None:
        with self._lock:
            if self._used:
                raise ChildGoneError(None)
            self._used = True

    def _refresh(self, wanted: Snapshot | None = None) -> None:
        """Let the process read a snapshot, or the current one; raises :class:`graph.child.ChildGoneError`."""
        snapshot = wanted or self._house.snapshot
        if self._child and self._reads != snapshot:
            try:
                self._open(self._child, snapshot)
            except (EngineDownError, TimeoutError) as error:
                logger.warning("a worker cannot read %s: %s", snapshot.path, error)
                self._child.kill()
                raise ChildGoneError(None) from error

    def _replace(self) -> None:
        self.starting = True
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
        self.starting = True
        while not self._closing.is_set():
            try:
                self._child = child = Child(MODULE, json.dumps(asdict(self._limits)))
                self._open(child, self._house.snapshot)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                self._stop()
                self._fail(error, again=pause > _SHORTEST_PAUSE)
                self._closing.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                self.failing = self.starting = False
                self._house.free(self)
                return
        self.starting = False

    def _fail(self, error: Exception, again: bool) -> None:
        if self._closing.is_set():
            return
        logger.warning("a worker cannot be started: %s", error)
        self.failing = again
        self._house.failed(self)

    def _open(self, child: Child, snapshot: Snapshot) -> None:
        child.send({"version": snapshot.version, "path": str(snapshot.path)})
        message, _ = child.receive(SECONDS_TO_START)
        if "error" in message:
            raise EngineDownError(message["message"])
        self._reads = snapshot

    def _drain(self, run: Run, spool: Spool, ended: Callable[[Exception | None], None]) -> None:
        sound = False
        try:
            failure = _bring(run, spool)
            try:
                ended(failure)
            finally:
                spool.finish(failure)
            sound = True
        except Exception:
            logger.exception("the end of an answer has failed: its worker is replaced")
        finally:
            self.release(run, sound)


def _bring(run: Run, spool: Spool) -> Exception | None:
    """Bring all blocks to the spool; the error that has ended it, if any."""
    try:
        more = True
        while more:
            block, more = run.block()
            spool.write(block)
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader must see it
        run.stop(error)
        return error
    return None
