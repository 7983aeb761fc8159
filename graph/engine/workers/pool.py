"""The engine that serves strangers: worker processes on one immutable snapshot, a line before them, limits around.

A query has a worker for itself until it is answered, and no longer: how fast its reader reads is the spool's matter.
Past its time or memory the worker is killed and another is started; nobody else notices.
"""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from threading import Event, Lock, Thread
from typing import Any, Final

from graph.child import ChildGoneError
from graph.engine import (
    Body,
    Cancellation,
    CancelledError,
    EngineBusyError,
    EngineDownError,
    GraphNameError,
    QueryCrashError,
    QueryMemoryError,
    QuerySyntaxError,
    QueryTimeoutError,
    Response,
    ResultTooLargeError,
    ServiceRefusedError,
    SpoolFullError,
    UnwritableError,
    asker,
)
from graph.engine.answers import Answers
from graph.engine.spool import Account, Spool
from graph.engine.text.normal import is_volatile
from graph.engine.whole import Whole
from graph.engine.workers.line import Line
from graph.engine.workers.run import Run
from graph.engine.workers.seat import Seat
from graph.limits import Limits
from graph.store import Snapshot, reading

Tell = Callable[[str, float], None]

_LEAST_WORKERS: Final = 4
_SECONDS_BEFORE_REFRESH: Final = 0.2
_SECONDS_TO_CLOSE: Final = 5.0
_TRIES: Final = 2
# The outcome that is told of each error; of any other, "evaluation".
OUTCOMES: Final[dict[type[Exception], str]] = {
    QuerySyntaxError: "syntax",
    GraphNameError: "syntax",
    ServiceRefusedError: "refused",
    UnwritableError: "unwritable",
    QueryTimeoutError: "timeout",
    QueryMemoryError: "memory",
    QueryCrashError: "crash",
    CancelledError: "cancelled",
    ResultTooLargeError: "too-large",
    SpoolFullError: "busy",
    EngineBusyError: "busy",
    EngineDownError: "down",
}


class Pool(Answers):
    """Workers on a snapshot; they are being started in the background, and queries wait for the first of them."""

    def __init__(self, snapshot: Snapshot, limits: Limits, tell: Tell | None = None) -> None:
        """Raises :class:`graph.store.NoStoreError` if the snapshot is not there."""
        self._limits = limits
        self._tell = tell or _nobody
        self._account = Account(limits.spool_bytes)
        count = limits.workers or max(_LEAST_WORKERS, 2 * (os.cpu_count() or 1))
        # One is kept from each asker, for the others.
        self._line: Line[Seat] = Line(limits.waiting, limits.waiting_seconds, max(1, count - 1))
        self._switching = Lock()
        self._held = ExitStack()
        self._held.enter_context(reading(snapshot))
        self._snapshot = snapshot
        self._begun = False
        self._stale = Event()
        self._closed = False
        self._seats: list[Seat] = []
        self._seats = [Seat(limits, self) for _ in range(count)]
        Thread(target=self._refresh, name="refresh", daemon=True).start()

    @property
    def version(self) -> str:
        """The version of the snapshot that queries read from now on."""
        return self._snapshot.version

    @property
    def snapshot(self) -> Snapshot:
        """What queries read from now on."""
        return self._snapshot

    @property
    def ready(self) -> bool:
        """Whether a worker has been started, one is there or being started, and workers can be started now."""
        open_now = self._begun and not self._closed and not self._line.closed
        return open_now and any(seat.up or seat.starting for seat in self._seats)

    @property
    def workers(self) -> int:
        """How many worker processes there are."""
        return sum(seat.up for seat in self._seats)

    @property
    def busy(self) -> int:
        """How many of them have a query, or are being prepared for one."""
        return max(0, self.workers - self._line.free)

    @property
    def waiting(self) -> int:
        """How many queries wait for a worker."""
        return self._line.waiting

    def respond(  # noqa: PLR0917
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
        snapshot: Snapshot | None = None,
    ) -> Response:
        """Have a worker answer, from another snapshot if one is given; returns once the first bytes are there.

        Raises the errors of :mod:`graph.engine`; after the first bytes they are raised from the body.
        """
        started = time.monotonic()
        message = {"type": media_type, "default": list(default_graphs), "named": list(named_graphs)}
        try:
            body, version = self._answer(message, _encoded(query), cancellation or Cancellation(), started, snapshot)
        except Exception as error:
            self._ended(started, error)
            raise
        return Response(media_type, version, body, volatile=is_volatile(query))

    def switch(self, snapshot: Snapshot) -> None:
        """Queries that begin after this read another snapshot; those that run end on the old one.

        Raises :class:`graph.store.NoStoreError` if it is not there.
        """
        with self._switching, ExitStack() as held:
            held.enter_context(reading(snapshot))
            self._snapshot = snapshot
            self._held, former = held.pop_all(), self._held
            former.close()
        self._stale.set()

    def close(self) -> None:
        """Kill all workers, and wait for their end; queries that run or wait end with EngineDownError."""
        self._closed = True
        self._stale.set()
        self._line.close("the engine has been closed")
        for seat in self._seats:
            seat.close()
        for seat in self._seats:
            seat.wait(_SECONDS_TO_CLOSE)
        with self._switching:
            self._held.close()

    def free(self, seat: Seat) -> None:
        """A seat can take a query."""
        self._begun = True
        if self._closed:
            return
        self._line.add(seat)
        if seat.outdated:
            self._stale.set()

    def take_out(self, seat: Seat) -> bool:
        """Take a seat out of the line, if it is free."""
        return self._line.remove(seat)

    def has(self, seat: Seat) -> bool:
        """Whether a seat is in the line, free."""
        return self._line.has(seat)

    def failed(self, seat: Seat) -> None:
        """A worker could not be started: if none can be, queries are refused until one is."""
        self._line.forget(seat)
        if self._seats and all(each.failing for each in self._seats):
            self._line.close("no worker can be started at present")

    def _answer(
        self,
        message: dict[str, Any],
        query: bytes,
        cancellation: Cancellation,
        started: float,
        wanted: Snapshot | None,
    ) -> tuple[Body, str]:
        seat, run, snapshot, block, more = self._first(message, query, cancellation, wanted)
        if more:
            return self._spooled(seat, run, block, cancellation, started), snapshot.version
        seat.release(run)
        self._ended(started, None)
        return Whole(block, cancellation), snapshot.version

    def _spooled(self, seat: Seat, run: Run, block: bytes, cancellation: Cancellation, started: float) -> Body:
        """The body of an answer that has begun; the seat brings the rest, or is given back with an error."""
        spool = body = None
        try:
            spool = Spool(self._limits, run.stop, self._account, asker.get())
            body = spool.reader(cancellation)
            spool.write(block)
            seat.drain(run, spool, lambda error: self._ended(started, error))
        except BaseException as error:
            run.stop()
            seat.release(run)
            if spool and body:
                spool.finish(error)
                body.close()
            raise
        return body

    def _first(
        self, message: dict[str, Any], query: bytes, cancellation: Cancellation, wanted: Snapshot | None
    ) -> tuple[Seat, Run, Snapshot, bytes, bool]:
        """A worker with the query, and its first block; a worker that somebody else has killed is passed over."""
        for _ in range(_TRIES):
            seat = self._living(cancellation)
            run = None
            try:
                run, snapshot = seat.begin(message, query, wanted)
                cancellation.on_cancel(run.stop)
                return seat, run, snapshot, *run.block()
            except ChildGoneError as error:
                gone = error
                seat.release(run)
            except BaseException:
                if run:
                    run.stop()
                seat.release(run)
                raise
        raise QueryCrashError(f"the engine was killed over this query twice ({gone})")

    def _living(self, cancellation: Cancellation) -> Seat:
        while True:
            seat = self._line.take(cancellation, asker.get())
            if seat.up:
                return seat
            seat.release(None)

    def _refresh(self) -> None:
        """Let idle workers read the current snapshot, one after another, so that the old ones can be removed."""
        while not self._closed:
            self._stale.wait()
            self._stale.clear()
            time.sleep(_SECONDS_BEFORE_REFRESH)
            for seat in self._seats:
                if seat.outdated and not self._closed and self._line.remove(seat):
                    seat.renew()

    def _ended(self, started: float, error: Exception | None) -> None:
        outcome = "ok" if error is None else OUTCOMES.get(type(error), "evaluation")
        self._tell(outcome, time.monotonic() - started)


def _encoded(query: str) -> bytes:
    try:
        return query.encode()
    except UnicodeEncodeError as error:
        raise QuerySyntaxError(f"the query is no text: half a surrogate pair at character {error.start}") from error


def _nobody(outcome: str, seconds: float) -> None:
    """Nobody wants to be told."""
