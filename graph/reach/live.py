"""Services that many share, such as Wikidata's: asked seldom, few queries at once, and not when they object.

An answer is given again for ``federated_seconds``; after that only where the service fails. A service that answers
429 or 503 is left alone for as long as its ``Retry-After`` says, one that answers 403 (it bans those who go on) for
an hour; meanwhile nothing is sent to it. After mw:Wikidata Query Service/User Manual, *Query limits*.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from threading import BoundedSemaphore, Lock
from typing import Final

from graph.engine import Federated
from graph.engine.text.normal import is_volatile, normalised
from graph.reach.client import Client, ExchangeError, StatusError, Wanted
from graph.reach.kept import Kept, KeptAnswers
from graph.reach.network import Allowance, OutOfTimeError
from graph.reach.solutions import ACCEPT, ServiceFailedError, values

AT_ONCE: Final = 3
"""Queries that one service gets at the same time."""
LONGEST_PAUSE: Final = 3600.0
"""Seconds for which a service is left alone at most, whatever it says, and after a 403."""
USUAL_PAUSE: Final = 60.0
"""Seconds for which one is left alone that does not say how long."""
_BUSY: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class PausedError(ExchangeError):
    """A service wants to be left alone for a while, so that it was not asked."""


class Live:
    """Asks services through a client, and remembers what they answered. ``now`` is in seconds since 1970."""

    def __init__(self, client: Client, now: Callable[[], float] = time.time) -> None:
        self._client = client
        self._now = now
        self._kept = KeptAnswers(client.limits)
        self._lock = Lock()
        self._pauses: dict[str, float] = {}
        self._turns: defaultdict[str, BoundedSemaphore] = defaultdict(lambda: BoundedSemaphore(AT_ONCE))

    def answer(
        self, service: str, query: str, listed: Callable[[str], bool], allowance: Allowance
    ) -> tuple[str, Federated]:
        """The solutions as SPARQL, and what gave them; an old answer where the service fails.

        Raises :class:`ExchangeError` and :class:`ServiceFailedError` where there is none, and ``CancelledError``.
        """
        key = (service, normalised(query))
        found = self._kept.find(key, self._now(), self._client.limits.federated_seconds)
        if found:
            return found.values, Federated(service, "cache", moment(found.given))
        try:
            given = self._ask(service, query, listed, allowance)
        except (ExchangeError, ServiceFailedError) as error:
            found = None if is_refusal(error) else self._kept.find(key, self._now())
            if found is None:
                raise
            return found.values, Federated(service, "cache", moment(found.given), reason=str(error))
        if not is_volatile(query):
            self._kept.keep(key, given)
        return given.values, Federated(service, "live", moment(given.given))

    def _ask(self, service: str, query: str, listed: Callable[[str], bool], allowance: Allowance) -> Kept:
        with self._turn(service, allowance):
            self._refuse_paused(service)
            try:
                answer = self._client.fetch(Wanted(service, ACCEPT, (("query", query),)), listed, allowance)
            except StatusError as error:
                self._pause(service, error)
                raise
            return Kept(values(answer), self._now())

    @contextmanager
    def _turn(self, service: str, allowance: Allowance) -> Iterator[None]:
        with self._lock:
            turns = self._turns[service]
        if not turns.acquire(timeout=_left(allowance)):
            raise PausedError(f"{service} is being asked {AT_ONCE} other queries")
        try:
            yield
        finally:
            turns.release()

    def _refuse_paused(self, service: str) -> None:
        with self._lock:
            until = self._pauses.get(service, 0.0)
        if self._now() < until:
            raise PausedError(f"{service} wants to be left alone until {moment(until)}")

    def _pause(self, service: str, error: StatusError) -> None:
        if error.status == HTTPStatus.FORBIDDEN:
            seconds = LONGEST_PAUSE
        elif error.status in _BUSY:
            seconds = min(_seconds(error.retry_after, self._now()), LONGEST_PAUSE)
        else:
            return
        with self._lock:
            self._pauses[service] = max(self._pauses.get(service, 0.0), self._now() + seconds)


def _left(allowance: Allowance) -> float:
    try:
        return allowance.left()
    except OutOfTimeError as error:
        raise ExchangeError(str(error)) from error


def is_refusal(error: Exception) -> bool:
    """Whether a service found the query itself faulty: then nothing else can answer it either."""
    return isinstance(error, StatusError) and error.status == HTTPStatus.BAD_REQUEST


def moment(seconds: float) -> str:
    """A time in ISO 8601, UTC, by whole seconds."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(retry_after: str, now: float) -> float:
    """What ``Retry-After`` says: seconds, or a date (RFC 9110, 10.2.3)."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
    except (ValueError, TypeError, OverflowError, IndexError):
        return USUAL_PAUSE
