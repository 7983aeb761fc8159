"""Evaluations that are under way: whoever asks the very same meanwhile shares it.

Each who shares has a reader of its own. The evaluation is stopped when the last of them has left; its error is given
to all of them. The one who asked first evaluates in its own thread, also when only others still want the answer.
"""

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass, field, replace
from threading import Event, Lock

from graph.engine import Cancellation, CancelledError, Response
from graph.engine.spool import Reader
from graph.engine.whole import Whole


@dataclass(eq=False)
class _Caller:
    """One who waits for the first bytes."""

    cancellation: Cancellation
    woken: Event = field(default_factory=Event)


@dataclass(eq=False)
class _Flight:
    """One evaluation."""

    evaluation: Cancellation = field(default_factory=Cancellation)
    callers: set[_Caller] = field(default_factory=set)
    response: Response | None = None
    error: BaseException | None = None


class Flights:
    """The evaluations that are under way, each by what makes it the same as another."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._flights: dict[Hashable, _Flight] = {}

    @property
    def callers(self) -> int:
        """How many wait for the first bytes of an evaluation."""
        with self._lock:
            return sum(len(flight.callers) for flight in self._flights.values())

    def respond(
        self,
        name: Hashable,
        evaluate: Callable[[Cancellation], Response],
        cancellation: Cancellation,
        landed: Callable[[Response], None],
    ) -> Response:
        """Evaluate, or share; the body of what ``evaluate`` returns is spooled, or whole.

        ``landed`` gets the response once its answer is complete. Raises what ``evaluate`` raises, and
        :class:`CancelledError`: also, rarely, to one who has not left, and may then ask again.
        """
        caller = _Caller(cancellation)
        flight, leads = self._join(name, caller)
        cancellation.on_cancel(lambda: self._leave(name, flight, caller))
        try:
            if leads:
                self._evaluate(name, flight, evaluate, landed)
            else:
                caller.woken.wait()
            return _share(flight, caller, "evaluated" if leads else "shared")
        except CancelledError:
            if not cancellation.cancelled:
                self._end(name, flight)
            raise
        finally:
            self._leave(name, flight, caller)

    def _join(self, name: Hashable, caller: _Caller) -> tuple[_Flight, bool]:
        """The evaluation of that name, and whether it has to be begun."""
        with self._lock:
            leads = name not in self._flights
            flight = self._flights.setdefault(name, _Flight())
            flight.callers.add(caller)
            if flight.response or flight.error:
                caller.woken.set()
        return flight, leads

    def _evaluate(
        self,
        name: Hashable,
        flight: _Flight,
        evaluate: Callable[[Cancellation], Response],
        landed: Callable[[Response], None],
    ) -> None:
        try:
            response = evaluate(flight.evaluation)
        except BaseException as error:  # noqa: BLE001 - all who wait have to see it
            self._end(name, flight)
            self._decide(flight, None, error)
            return
        self._decide(flight, response, None)

        def finished() -> None:
            try:
                landed(response)
            finally:
                self._end(name, flight)

        _spooled(response).when_finished(finished)

    def _decide(self, flight: _Flight, response: Response | None, error: BaseException | None) -> None:
        """The first bytes, or an error, are there: tell all who wait."""
        with self._lock:
            flight.response, flight.error = response, error
            waiting = list(flight.callers)
        for caller in waiting:
            caller.woken.set()
        if response and not waiting:
            response.body.close()

    def _leave(self, name: Hashable, flight: _Flight, caller: _Caller) -> None:
        """One waits no longer, or has its own reader; the last one takes the first reader along."""
        with self._lock:
            if caller not in flight.callers:
                return
            flight.callers.remove(caller)
            last = not flight.callers
            response = flight.response
        caller.woken.set()
        if last and response:
            response.body.close()
        elif last:
            self._end(name, flight)
            flight.evaluation.cancel()

    def _end(self, name: Hashable, flight: _Flight) -> None:
        with self._lock:
            if self._flights.get(name) is flight:
                del self._flights[name]


def _share(flight: _Flight, caller: _Caller, source: str) -> Response:
    if caller.cancellation.cancelled:
        raise CancelledError("nobody waits for the answer")
    if flight.error:
        # An exception keeps where it was raised: each thread needs its own.
        raise copy(flight.error) if source == "shared" else flight.error
    if flight.response is None:
        raise CancelledError("the evaluation was stopped")
    body = _spooled(flight.response).another(caller.cancellation)
    return replace(flight.response, body=body, source=source)


def _spooled(response: Response) -> Reader | Whole:
    if not isinstance(response.body, Reader | Whole):
        raise TypeError(f"an answer that is shared must be spooled, not {type(response.body).__name__}")
    return response.body
