"""One request to a site, until it is answered: bounded in size and time, sent again after a fault, never elsewhere.

What is worth another try is tried again (``TRIES`` times): no connection, a body that breaks off, a busy or failing
server, and answers whose text is not what it says it is. Redirects are followed on the same site only.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self, TypeVar
from urllib.parse import urljoin

import httpx

from graph.limits import Limits
from graph.wikidata.client.pace import AT_ONCE, LONGEST_WAIT, TRIES, Clock, Pace, retry_after, wait_after
from graph.wikidata.client.site import Site

_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_ENCODINGS: Final = ("identity", "gzip")
"""What may be decompressed: one layer, since each may make a block a thousand times as large."""
_TOLD: Final = 200
_Read = TypeVar("_Read")


class SiteError(RuntimeError):
    """The site cannot be reached, is busy for too long, or refuses: nothing more can be fetched now."""


class AnswerError(RuntimeError):
    """An answer is not what was asked for; the message says which, and what came instead."""


class FaultError(AnswerError):
    """An answer is not whole or not readable, or its server failed: another try may be better."""


class BusyError(SiteError):
    """The site asks to be left alone, for ``seconds`` where it says how long."""

    def __init__(self, message: str, seconds: float | None) -> None:
        super().__init__(message)
        self.seconds = seconds


class UnreachableError(SiteError):
    """There is no connection."""


@dataclass(frozen=True)
class Answer:
    """What came: from where in the end, its status, its headers with names in lower case, its bytes."""

    url: str
    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def media_type(self) -> str:
        """The media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def told(self) -> str:
        """The beginning of its text, on one line, for a message."""
        return " ".join(self.data[:_TOLD].decode(errors="replace").split())


class Sender:
    """Asks one site, to be entered. Of ``limits`` it keeps ``fetch_bytes`` and ``fetch_seconds``, for each answer."""

    def __init__(self, site: Site, limits: Limits, clock: Clock) -> None:
        self.site = site
        self.clock = clock
        self._limits = limits
        self._pace = Pace(clock)
        self._client = httpx.AsyncClient(
            headers={"User-Agent": site.agent, "Accept": "application/json", "Accept-Encoding": "gzip"},
            limits=httpx.Limits(max_connections=AT_ONCE),
            timeout=limits.fetch_seconds,
            trust_env=False,
            verify=_trusted(),
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def ask(self, url: str, read: Callable[[Answer], _Read]) -> _Read:
        """What ``read`` makes of the answer of a URL; asks again after a fault, its own or one that ``read`` raises.

        Raises :class:`SiteError` and :class:`AnswerError`.
        """
        failures = 0
        while True:
            try:
                async with self._pace.turn():
                    answer = await self._answer(url)
                return read(answer)
            except (FaultError, BusyError, UnreachableError) as error:
                failures += 1
                seconds = error.seconds if isinstance(error, BusyError) else None
                if failures == TRIES or (seconds or 0) > LONGEST_WAIT:
                    raise
                self._pace.pause(wait_after(failures) if seconds is None else seconds)

    async def _answer(self, wanted: str) -> Answer:
        url = wanted
        for _ in range(_MOST_REDIRECTS + 1):
            answer = await self._exchange(url)
            self._refuse(answer)
            if answer.status not in _REDIRECTS:
                return answer
            target = _target(answer)
            if not self.site.has(target):
                raise AnswerError(f"{url} redirects to '{target}', which is not followed: it is not on the same site")
            url = target
        raise AnswerError(f"{wanted} redirects more than {_MOST_REDIRECTS} times")

    async def _exchange(self, url: str) -> Answer:
        try:
            async with asyncio.timeout(self._limits.fetch_seconds), self._client.stream("GET", url) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(url, response.status_code, headers, await self._body(url, response))
        except TimeoutError as error:
            raise FaultError(f"{url} took longer than {self._limits.fetch_seconds:g} seconds") from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise UnreachableError(f"{self.site.root} cannot be reached: {error or type(error).__name__}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FaultError(f"{url} broke off: {error or type(error).__name__}") from error

    async def _body(self, url: str, response: httpx.Response) -> bytes:
        """The body, decompressed; more than the limit is never held, but for one block."""
        encoding = response.headers.get("content-encoding", "identity")
        if encoding not in _ENCODINGS:
            raise AnswerError(f"{url} sent the encoding '{encoding}', which it was not asked for")
        data = bytearray()
        async for block in response.aiter_bytes():
            data += block
            if len(data) > self._limits.fetch_bytes:
                raise AnswerError(f"{url} answers with more than {self._limits.fetch_bytes} bytes (fetch_bytes)")
        return bytes(data)

    def _refuse(self, answer: Answer) -> None:
        """Raise for a status that says: not now, or not you."""
        told = f"{answer.url} answered {answer.status}: {answer.told()}"
        seconds, fails = retry_after(answer.headers, self.clock), answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        if answer.status in _BUSY or (fails and seconds is not None):
            raise BusyError(told, seconds)
        if fails:
            raise FaultError(told)
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise SiteError(f"{told} (the User-Agent was '{self.site.agent}')")


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates of the system, or of ``SSL_CERT_FILE``: reading them takes as long as many requests."""
    return ssl.create_default_context()


def _target(answer: Answer) -> str:
    try:
        return urljoin(answer.url, answer.headers.get("location", ""))
    except ValueError as error:
        raise AnswerError(f"{answer.url} redirects to what is no address: {error}") from error
