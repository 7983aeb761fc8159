"""How fast a site may be asked: few requests at once, and none before the time that the site names.

After mediawiki.org's *API:Etiquette*, *Manual:Maxlag parameter* («pause your script for at least 5 seconds») and the
query service's manual: who is told to wait is told as a client, so all requests wait.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

AT_ONCE: Final = 3
TRIES: Final = 6
LONGEST_WAIT: Final = 600.0
"""Seconds: a site that asks for more is left alone, and the person told."""
_FIRST_WAIT: Final = 5.0
_LONGEST_STEP: Final = 120.0


class Clock:
    """The time; tests give another one, which does not wait."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def date(self) -> datetime:
        """The moment by the calendar, with which a ``Retry-After`` that is a date is compared."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Pace:
    """At most ``AT_ONCE`` requests at once, and none while the site is to be left alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._from = clock.now()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until one more request may be sent; it is under way until the end of the context."""
        async with self._turns:
            while (left := self._from - self._clock.now()) > 0:
                await self._clock.sleep(left)
            yield

    def pause(self, seconds: float) -> None:
        """Let no request begin for so long."""
        self._from = max(self._from, self._clock.now() + seconds)


def wait_after(failures: int) -> float:
    """Seconds to wait after so many failures in a row where the site names no time: each time twice as long."""
    return min(_FIRST_WAIT * 2.0 ** min(failures - 1, 16), _LONGEST_STEP)


def retry_after(headers: Mapping[str, str], clock: Clock) -> float | None:
    """The seconds that ``Retry-After`` names (RFC 9110, 10.2.3: a number, or a date); None if it names none.

    A date is compared with the site's own ``Date``, so that a clock that is wrong here does not matter.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    moment = _moment(text)
    if moment is None:
        return None
    return max(0.0, (moment - (_moment(headers.get("date", "")) or clock.date())).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
