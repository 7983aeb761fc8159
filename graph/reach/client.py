"""The one HTTP client of the program: it fetches what is on a list, and nothing else.

httpcore is used without httpx around it, since it follows no redirect, keeps no cookie, and looks for no proxy in the
environment of its own accord. Certificates are verified. The time of everything fetched for one request is bounded
together (``Allowance``), and so is each answer, after it is decompressed.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

import httpcore

from graph.limits import Limits
from graph.reach.addresses import Address, is_public
from graph.reach.network import AddressRefusedError, Allowance, Backend, OutOfTimeError

USER_AGENT: Final = f"communique/{version('communique')}"
MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 307, 308})
_OK: Final = 200
_FAILURES: Final = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    AddressRefusedError,
    OutOfTimeError,
)


class ExchangeError(RuntimeError):
    """Nothing could be fetched, or not within what is allowed; the message says what from where, and why."""


class StatusError(ExchangeError):
    """A service answered with a status other than 200, and may say when it wants to be asked again."""

    def __init__(self, url: str, status: int, retry_after: str = "") -> None:
        super().__init__(f"{url} answered with the status {status}")
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True)
class Wanted:
    """What to fetch: from where, in which media types, with which form to send (none: by GET)."""

    url: str
    accept: str
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What came: the address it came from in the end, its media type without parameters, its bytes."""

    url: str
    media_type: str
    data: bytes


class Client:
    """Fetches within the limits ``service_seconds`` and ``service_bytes``, from addresses that are allowed.

    ``addresses`` tells which addresses are; only tests have a reason to give another answer than the usual one.
    ``contact`` is whom those who are asked may turn to: it stands in the User-Agent.
    """

    def __init__(self, limits: Limits, addresses: Callable[[Address], bool] = is_public, contact: str = "") -> None:
        self.limits = limits
        self.contact = contact
        self._addresses = addresses
        self._agent = f"{USER_AGENT} ({contact}) httpcore/{version('httpcore')}" if contact else USER_AGENT

    def fetch(self, wanted: Wanted, listed: Callable[[str], bool], allowance: Allowance) -> Answer:
        """The answer; a redirect is followed, with the same form, if its target is listed.

        Raises :class:`ExchangeError`, or ``CancelledError`` if the allowance has been cancelled.
        """
        url = wanted.url
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._exchange(url, wanted, allowance)
            if isinstance(answer, Answer):
                return answer
            if not listed(answer):
                raise ExchangeError(f"{url} redirects to {answer}, which is not on the list")
            url = answer
        raise ExchangeError(f"{wanted.url} redirects more than {MOST_REDIRECTS} times")

    def _exchange(self, url: str, wanted: Wanted, allowance: Allowance) -> Answer | str:
        """One request: its answer, or where it is redirected to."""
        try:
            with (
                httpcore.ConnectionPool(network_backend=Backend(allowance, self._addresses)) as pool,
                pool.stream(
                    "POST" if wanted.form else "GET",
                    without_fragment(url),
                    headers=_headers(url, wanted, self._agent),
                    content=urlencode(wanted.form).encode() if wanted.form else None,
                ) as response,
            ):
                return self._read(url, response)
        except _FAILURES as error:
            raise ExchangeError(f"{url} gave no answer: {_why(error, allowance)}") from error

    def _read(self, url: str, response: httpcore.Response) -> Answer | str:
        headers = {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in response.headers}
        if response.status in _REDIRECTS and "location" in headers:
            return _target(url, headers["location"])
        if response.status != _OK:
            raise StatusError(url, response.status, headers.get("retry-after", ""))
        data = self._data(url, response, headers.get("content-encoding", "identity").strip().lower())
        return Answer(url, headers.get("content-type", "").partition(";")[0].strip().lower(), data)

    def _data(self, url: str, response: httpcore.Response, encoding: str) -> bytes:
        """The body, decompressed; the bytes counted are those that come out."""
        if encoding not in ("identity", "gzip"):
            raise ExchangeError(f"{url} sent the encoding '{encoding}', which it was not asked for")
        body = _Gzip(url) if encoding == "gzip" else _Plain()
        data = bytearray()
        most = self.limits.service_bytes
        for block in response.iter_stream():
            data += body.read(block, most + 1 - len(data))
            if len(data) > most:
                raise ExchangeError(f"{url} answers with more than {most} bytes")
        body.end()
        return bytes(data)


class _Plain:
    """A body as it comes."""

    def read(self, block: bytes, most: int) -> bytes:
        return block[:most]

    def end(self) -> None:
        pass


class _Gzip:
    """A compressed body; never more of it is decompressed than is asked for."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    def read(self, block: bytes, most: int) -> bytes:
        try:
            return self._stream.decompress(block, most)
        except zlib.error as error:
            raise ExchangeError(f"{self._url} sent no gzip where it said so: {error}") from error

    def end(self) -> None:
        if not self._stream.eof or self._stream.unused_data:
            raise ExchangeError(f"{self._url} sent a compressed answer that breaks off, or goes on")


def without_fragment(url: str) -> str:
    """The part of an address that is sent."""
    return url.partition("#")[0]


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise ExchangeError(f"{url} redirects to '{location}', which is no address: {error}") from error


def _why(error: Exception, allowance: Allowance) -> str:
    """The reason in words: a connection that was broken off for its time says so; raises ``CancelledError``."""
    try:
        allowance.left()
    except OutOfTimeError as over:
        return str(over)
    return str(error) or type(error).__name__


def _headers(url: str, wanted: Wanted, agent: str) -> list[tuple[str, str]]:
    headers = [
        ("Host", urlsplit(url).netloc),
        ("User-Agent", agent),
        ("Accept", wanted.accept),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
    ]
    if wanted.form:
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    return headers
