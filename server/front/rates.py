"""Who asks, and how often they may.

A rate is a token bucket: so many a second, and twice as many at once. It is kept as one number for each asker, the
time at which their bucket will be full again (GCRA, ITU-T I.371), in the monotonic clock, so that setting the
clock changes nothing. Askers who are forgotten, the least recent of many, begin anew.
"""

import ipaddress
import os
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from math import ceil
from time import monotonic
from typing import Final

from graph.limits import Limits
from server.asgi import RefusedError, Visit

BURST: Final = 2.0
REMEMBERED: Final = 20_000
TRUSTED: Final = "COMMUNIQUE_TRUSTED_PROXIES"
_ROUNDING: Final = 1e-9
_IPV6_SHARED: Final = 64
_WRITES: Final = ("/update", "/graphs")
_FORMS: Final = frozenset(("/wikidata/judge",))
"""Where a token may stand in a posted form, which the front does not read."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ProxyError(ValueError):
    """What should name a trusted proxy is neither an address nor a network."""


class Rate:
    """So many a second for each asker; 0 is no limit."""

    def __init__(self, a_second: float, most: int = REMEMBERED, now: Callable[[], float] = monotonic) -> None:
        self._between = 1 / a_second if a_second else 0.0
        self._ahead = self._between * (max(1.0, BURST * a_second) - 1)
        self._most = most
        self._now = now
        self._full: OrderedDict[str, float] = OrderedDict()

    def wait(self, asker: str) -> float:
        """The seconds until the asker may ask again; 0 if they may now."""
        wait = self._full.get(asker, 0.0) - self._now() - self._ahead
        return wait if wait > _ROUNDING else 0.0

    def take(self, asker: str) -> float:
        """Let the asker ask and return 0, or return the seconds to wait."""
        if not self._between:
            return 0.0
        wait = self.wait(asker)
        if not wait:
            self._full[asker] = max(self._full.pop(asker, 0.0), self._now()) + self._between
            if len(self._full) > self._most:
                self._full.popitem(last=False)
        return wait


class Rates:
    """The rates of the service: evaluations and failures by address, writes by token."""

    def __init__(self, limits: Limits, now: Callable[[], float] = monotonic) -> None:
        self._queries = Rate(limits.queries_per_second, now=now)
        self._writes = Rate(limits.writes_per_second, now=now)
        self._failures = Rate(limits.failures_per_second, now=now)

    def admit(self, visit: Visit) -> None:
        """Let a request in that must be evaluated; raises :class:`server.asgi.RefusedError`."""
        asker = shared_by(visit.exchange.address)
        token = visit.held.get(b"authorization")
        if token is None and not is_form(visit.scope["method"], visit.scope["path"]):
            _refuse(self._queries.take(asker), "requests from this address")
            return
        _refuse(self._failures.wait(asker), "requests with a wrong token from this address")
        if token is not None and is_write(visit.scope["method"], visit.scope["path"]):
            _refuse(self._writes.take(sha256(token).hexdigest()), "writes with this token")
        else:
            _refuse(self._queries.take(asker), "requests from this address")

    def failed(self, visit: Visit) -> None:
        """Note that the request's token, or its absence, was refused."""
        self._failures.take(shared_by(visit.exchange.address))


def is_write(method: str, path: str) -> bool:
    """Whether a request would change the store."""
    return method not in ("GET", "HEAD", "OPTIONS") and path.startswith(_WRITES)


def is_form(method: str, path: str) -> bool:
    """Whether a request may have its token in a form."""
    return method == "POST" and path in _FORMS


def read_trusted(given: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> tuple[Network, ...]:
    """The proxies that are given or, where none is, those that the environment names; raises :class:`ProxyError`.

    Each text has addresses or networks, separated by commas or blanks.
    """
    held = os.environ if environment is None else environment
    parts = " ".join(given or (held.get(TRUSTED, ""),)).replace(",", " ").split()
    try:
        return tuple(ipaddress.ip_network(part) for part in parts)
    except ValueError as error:
        raise ProxyError(f"a trusted proxy: {error}; name addresses or networks, separated by commas") from error


def address_of(visitor: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Who asks: the peer or, through trusted proxies, the last address of ``X-Forwarded-For`` that is none of them.

    Each proxy appends who asked it, so what stands further left may be made up.
    """
    if not trusted or not _is_trusted(visitor, trusted):
        return visitor
    for part in reversed(forwarded.split(",")):
        address = _parsed(part.strip())
        if address is None:
            break
        visitor = str(address)
        if not _is_trusted(visitor, trusted):
            break
    return visitor


@lru_cache(maxsize=4096)
def shared_by(address: str) -> str:
    """What one asker has: an IPv4 address, or the /64 network of an IPv6 one, which is a single customer's."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(parsed) >> _IPV6_SHARED << _IPV6_SHARED, _IPV6_SHARED)))
    return str(parsed or address)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address without its scope, which may be any text."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_trusted(text: str, trusted: Sequence[Network]) -> bool:
    address = _parsed(text)
    return address is not None and any(address in network for network in trusted)


def _refuse(wait: float, what: str) -> None:
    if wait:
        detail = f"too many {what}: come back in {ceil(wait)} s"
        more = {"Retry-After": str(ceil(wait))}
        raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, detail, "rate-limited", more)
