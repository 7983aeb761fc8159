"""What the front and Flask tell each other about one request.

The front makes one :class:`Exchange` for each request and puts it into the ASGI scope, which is part of the WSGI
environment. Flask learns from it who asks and whether they are still there; the front learns from it which body to
stream, whether the answer may be kept, and what to write into the log.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_hex
from typing import Any, Final

from graph.engine import Body, Cancellation, Federated, Response

KEY: Final = "communique.exchange"
_SHOWN: Final = 16


@dataclass(slots=True)
class Exchange:
    """One request and what becomes of it."""

    request_id: str
    """Sent back as ``X-Request-Id``, and in every log line about the request."""
    address: str = ""
    """Who asks, as the log and the rates see it."""
    cancellation: Cancellation = field(default_factory=Cancellation)
    """Called when the client has gone."""
    in_front: bool = False
    """Whether a front streams :attr:`body`; without one, as in most tests, Flask sends it itself."""
    content: bytes = b""
    """A digest of the request's body; empty where it has none."""
    body: Body | None = None
    """What the view leaves to the front to send, after the status and the headers of Flask's response."""
    storable: bool = False
    """Whether the answer is the same for everybody as long as the data are of :attr:`version`."""
    version: str = ""
    """The data version that the answer was made from."""
    current: str = ""
    """The current version, where the answer was made at a clock: from a view that depends on it."""
    query_hash: str = ""
    """The first 16 hexadecimal digits of the query's SHA-256."""
    cache: str = "none"
    """For ``X-Cache``: ``hit``, ``shared`` (with a query that ran already), ``miss``, or ``none``."""
    federated: tuple[Federated, ...] = ()
    """What answered for other services that the query names."""
    outcome: str = ""
    """What became of it in one word, where the status does not say it."""

    def asks(self, query: str) -> None:
        """Note which query it is about."""
        self.query_hash = sha256(query.encode("utf-8", "replace")).hexdigest()[:_SHOWN]

    def answered(self, answer: Response) -> None:
        """Note where the engine's answer comes from, and from which version of the data."""
        self.version = answer.version
        self.cache = {"cached": "hit", "shared": "shared"}.get(answer.source, "miss")
        self.storable = not answer.volatile
        self.federated = answer.federated


def exchange_of(environ: dict[str, Any]) -> Exchange:
    """The exchange of a WSGI request; one made for it where there is no front."""
    found = environ.get(KEY)
    if isinstance(found, Exchange):
        return found
    fresh = Exchange(token_hex(_SHOWN // 2), environ.get("REMOTE_ADDR", ""))
    environ[KEY] = fresh
    return fresh


def cancellation_of(environ: dict[str, Any]) -> Cancellation:
    """The cancellation of a WSGI request; one that nobody calls where there is no front."""
    return exchange_of(environ).cancellation
