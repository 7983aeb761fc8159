"""One query in a worker: its clock, its end by limits, and whoever stops it.

Only the worker's own time is counted. It is the monotonic clock's, so setting the time changes nothing.
"""

import logging
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Final

from graph.child import Child, ChildGoneError, Message
from graph.engine import CancelledError, QueryCrashError, QueryMemoryError, QueryTimeoutError
from graph.engine.workers.wire import unpacked
from graph.limits import Limits

logger = logging.getLogger(__name__)

# After so long a query is a heavy one: it gets what processor time the light ones leave.
SECONDS_TO_TIRE: Final = 0.5
_NICENESS: Final = 10
_SECONDS_OF_GRACE: Final = 5.0


class Run:
    """A query that has been sent to a worker, until its last block or its error has come."""

    def __init__(self, child: Child, limits: Limits, message: dict[str, object], query: bytes) -> None:
        """Send it; raises :class:`graph.child.ChildGoneError` if the worker has ended before."""
        self._child = child
        self._limits = limits
        # A reader that is dropped may stop its query in the middle of anything, in the same thread.
        self._lock = RLock()
        self._stopped: Exception | None = None
        self._ended = False
        self._answered = False
        self._started = time.monotonic()
        self.tired = False
        child.send(message, query)

    @property
    def spent(self) -> bool:
        """Whether its worker is of no further use: killed, ended, or to be started afresh (its niceness stays)."""
        return self.tired or self._stopped is not None or self._child.returncode is not None

    @property
    def over(self) -> bool:
        """Whether it has ended, was stopped, or should have been: nobody who looks after it lets it run so long."""
        late = time.monotonic() - self._started > self._limits.query_seconds + _SECONDS_OF_GRACE
        return self._ended or self._stopped is not None or late

    def block(self) -> tuple[bytes, bool]:
        """The next block, and whether more follow.

        Raises our errors, and ChildGoneError if somebody else killed the worker before it said anything.
        """
        message, block = self._receive()
        self._answered = True
        more = bool(message.get("more"))
        self._ended = not more
        if "error" in message:
            raise unpacked(message)
        return block, more

    def stop(self, cause: Exception | None = None) -> None:
        """Kill the worker, unless the query has ended already; the cause is what :meth:`block` then raises."""
        with self._lock:
            if self._ended or self._stopped:
                return
            self._stopped = cause or CancelledError("nobody waits for the answer")
        self._child.kill(wait=False)

    def settle(self) -> None:
        """The query is over: from here on, :meth:`stop` does nothing."""
        with self._lock:
            self._ended = True

    def _receive(self) -> Message:
        """The next message; looks at the clock before each, since blocks may come without a pause."""
        while True:
            left = self._left()
            try:
                return self._child.receive(left)
            except TimeoutError:
                continue
            except ChildGoneError as error:
                raise self._cause(error) from error

    def _left(self) -> float:
        """Seconds until something has to be done about the query, or is done now; raises when its time is over."""
        spent, limit = time.monotonic() - self._started, self._limits.query_seconds
        if spent >= limit:
            error = QueryTimeoutError(f"the query ran for {limit:g} seconds, which is the limit: ask for less")
            self.stop(error)
            raise self._stopped or error
        if spent >= SECONDS_TO_TIRE and not self.tired:
            self.tired = True
            _renice(self._child.pid)
        return (limit if self.tired else min(SECONDS_TO_TIRE, limit)) - spent

    def _cause(self, error: ChildGoneError) -> Exception:
        """Why the worker ended: stopped by us, out of memory (it aborts), or for a reason of its own."""
        if self._stopped:
            return self._stopped
        mib = self._limits.query_memory // (1024 * 1024)
        if error.returncode == -signal.SIGABRT:
            return QueryMemoryError(
                f"the query needs more than {mib} MiB of memory, which is the limit: ask for less"
            )
        if error.returncode == -signal.SIGKILL and not self._answered:
            return error
        logger.error("a worker ended over a query: %s", error)
        return QueryCrashError(f"the engine failed on this query ({error})")


def _renice(pid: int) -> None:
    """Every thread of a process gives way to others; one that has just ended is none."""
    with suppress(OSError):
        for thread in list(Path(f"/proc/{pid}/task").iterdir()):
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, int(thread.name), _NICENESS)
