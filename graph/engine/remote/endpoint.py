"""Where a remote store is, and who asks: a URL without its secrets, and the credentials that go with it.

A password stands in no error, log or representation: it is taken out of the URL before the URL is used.
"""

import ssl
from collections.abc import Generator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final
from urllib.parse import unquote

import httpx

# Who waits longer for a connection would wait for ever.
CONNECT_SECONDS: Final = 5.0
_UNAUTHORIZED: Final = 401


class EndpointError(ValueError):
    """What should say where a remote store is does not say it."""


class Credentials(httpx.Auth):
    """A user and a password: sent as Basic; as Digest from then on to a store that refuses that (Virtuoso)."""

    def __init__(self, user: str, password: str) -> None:
        self._basic = httpx.BasicAuth(user, password)
        self._digest = httpx.DigestAuth(user, password)
        self._refuses_basic = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request with what proves who asks."""
        if not self._refuses_basic:
            response = yield from self._sent(request)
            if response.status_code != _UNAUTHORIZED:
                return
            request.headers.pop("Authorization", None)
            self._refuses_basic = True
        yield from self._digest.auth_flow(request)

    def _sent(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, httpx.Response]:
        return (yield next(self._basic.auth_flow(request)))


@dataclass(frozen=True)
class Endpoint:
    """A URL without user and password, and these as credentials (or none)."""

    url: str
    auth: Credentials | None = None

    @property
    def shown(self) -> str:
        """What may be shown of it: no query string, where some stores want a key."""
        return str(httpx.URL(self.url).copy_with(query=None))

    @property
    def host(self) -> str:
        """Its host and port: credentials for one go to no other."""
        return httpx.URL(self.url).netloc.decode()

    def beside(self, path: str) -> "Endpoint":
        """Another path on the same host, for the same user."""
        return Endpoint(str(httpx.URL(self.url).copy_with(path=path, query=None)), self.auth)


def endpoint(url: str) -> Endpoint:
    """The endpoint of a URL that may hold ``user:password@``; raises :class:`EndpointError`, which repeats no URL."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise EndpointError("the URL of a store begins with http:// or https:// and names a host")
    user, _, password = parsed.userinfo.decode().partition(":")
    bare = str(parsed.copy_with(username=None, password=None, fragment=None))
    return Endpoint(bare, Credentials(unquote(user), unquote(password)) if user else None)


def headers() -> dict[str, str]:
    """What every request says: who we are, and that answers come as they are, so that a cut one can be noticed."""
    return {"User-Agent": f"communique/{version('communique')}", "Accept-Encoding": "identity"}


def trusted() -> ssl.SSLContext:
    """The certificates of the system, or of ``SSL_CERT_FILE``; they are always verified."""
    return ssl.create_default_context()
