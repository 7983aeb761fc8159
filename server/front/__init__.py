"""The thin ASGI layer before Flask: kept answers, rates, bodies of requests and answers, health, log and metrics.

A kept answer is sent from here at once. Everything else is admitted (or refused), its body read, and given to Flask
in a thread; the view leaves a long answer's body to be streamed from here. So a client holds no thread, however
slowly it sends or reads, and one who leaves stops its query.

Measured on Granian 2.8: its ASGI breaks the connection, without the last chunk, when the application raises midway,
and holds ``send`` back while the client does not read. The kernel holds megabytes for a client who reads nothing,
and Granian notices nothing until they are gone: see :mod:`server.listening`.
"""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from itertools import count
from re import compile as pattern
from secrets import token_hex
from time import perf_counter
from typing import Final

from graph.engine import Cancellation, Engine
from graph.limits import Limits
from server.asgi import Receive, RefusedError, Scope, Send, Visit, held, is_host, is_old
from server.exchange import Exchange, cancellation_of
from server.faults import fault_of, refusal
from server.front.behind import Behind, Reply, Wsgi
from server.front.intake import Intake
from server.front.journal import Journal
from server.front.observed import Metrics, watching
from server.front.operation import Operation
from server.front.rates import Network, Rates, address_of
from server.front.remembered import Key, Remembered, key_of
from server.front.replying import Replies
from server.front.streaming import StalledError, watched
from server.front.telling import Teller

__all__ = ["Front", "cancellation_of"]

_VIEWS_BESIDE_QUERIES: Final = 64
_SANE_ID: Final = pattern(rb"[A-Za-z0-9._-]{1,64}")
_STATIC: Final = "/static/"
_QUERIES: Final = ("/sparql", "/wikidata/sparql")

logger = logging.getLogger(__name__)


class Front:
    """The ASGI application around a WSGI one.

    Answers are kept where an engine is given, whose version says how long; ``pool`` is the engine at the bottom of
    it, whose workers readiness and metrics tell of. ``log`` writes a line for each request on standard error.
    ``may_upload`` tells from a bearer token whether a large body is read; without it, none is.
    """

    def __init__(  # noqa: PLR0917
        self,
        application: Wsgi,
        engine: Engine | None = None,
        limits: Limits | None = None,
        metrics: Metrics | None = None,
        trusted: Sequence[Network] = (),
        log: bool = False,
        may_upload: Callable[[str], bool] | None = None,
        pool: Engine | None = None,
    ) -> None:
        self.limits = limits = limits or Limits()
        self._engine = engine
        self._behind = Behind(application, limits.waiting + _VIEWS_BESIDE_QUERIES)
        self._remembered = Remembered(limits)
        self._replies = Replies(self._remembered, limits)
        self._rates, self._trusted = Rates(limits), trusted
        self._intake = Intake(limits, may_upload)
        self.metrics = watching(metrics or Metrics(), engine, pool)
        self._operation = Operation(engine, pool or engine, self.metrics, lambda: self._closing)
        self._journal = Journal() if log else None
        self._teller = Teller(self.metrics, self._journal)
        self._answering: set[Cancellation] = set()
        self._closing = False
        self._ids = map(f"{token_hex(6)}-{{}}".format, count(1))

    @property
    def busy(self) -> bool:
        """Whether a request is being answered."""
        return bool(self._answering)

    def refuse_more(self) -> None:
        """From now on answer requests with 503: the service is ending."""
        self._closing = True

    def cancel_all(self) -> None:
        """Stop every answer that is under way."""
        for cancellation in list(self._answering):
            cancellation.cancel()

    def close(self) -> None:
        """Write the end of the log."""
        if self._journal:
            self._journal.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or the server's start and stop."""
        if scope["type"] != "http":
            await _lifespan(receive, send)
            return
        started = perf_counter()
        headers = held(scope["headers"])
        reads = scope["method"] in ("GET", "HEAD")
        key = key_of(scope, headers) if reads and _names_host(scope, headers) else None
        kept = self._remembered.find(self._version, key) if key else None
        address, name = self._address(scope, headers), self._id(headers)
        if kept:
            status, sent = await self._replies.send_kept(scope, headers, kept, send, name)
            self._teller.of_kept(scope, address, name, kept, status, sent, perf_counter() - started)
        else:
            exchange = Exchange(name, address, in_front=True)
            await self._visit(Visit(scope, headers, exchange, send, started), key, receive)

    @property
    def _version(self) -> str:
        return self._engine.version if self._engine else ""

    def _id(self, headers: dict[bytes, bytes]) -> str:
        given = headers.get(b"x-request-id")
        return given.decode() if given and _SANE_ID.fullmatch(given) else next(self._ids)

    def _address(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        visitor = str((scope.get("client") or ("", 0))[0])
        if not self._trusted:
            return visitor
        return address_of(visitor, headers.get(b"x-forwarded-for", b"").decode("latin-1"), self._trusted)

    async def _visit(self, visit: Visit, key: Key | None, receive: Receive) -> None:
        """Answer a request for which nothing is kept; whatever happens, its body is closed and it is told."""
        cancellation = visit.exchange.cancellation
        self._answering.add(cancellation)
        try:
            if not _names_host(visit.scope, visit.held):
                detail = "a request has the header Host once, with the name of this service"
                raise RefusedError(HTTPStatus.BAD_REQUEST, detail, "malformed", {"Connection": "close"})
            if visit.scope["path"] in self._operation:
                await self._operation.answer(visit)
            else:
                await self._ask(visit, key, receive)
        except RefusedError as refused:
            await visit.refuse(refused)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is answered, or breaks the connection
            await _fail(visit, error)
        finally:
            self._answering.discard(cancellation)
            if visit.exchange.body:
                visit.exchange.body.close()
            self._teller.of_visit(visit)

    async def _ask(self, visit: Visit, key: Key | None, receive: Receive) -> None:
        """Admit a request, read its body, and let Flask answer it. A query that is posted may be kept, too."""
        if self._closing:
            more = {"Retry-After": "5", "Connection": "close"}
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "the service is ending", "ending", more)
        posted = visit.scope["method"] == "POST" and visit.scope["path"] in _QUERIES
        if not posted:
            self._rates.admit(visit)
        async with self._intake.content(visit, receive) as content:
            if posted:
                key = key_of(visit.scope, visit.held, content.all())
                if await self._sent_again(visit, key):
                    return
                self._rates.admit(visit)
            async with watched(receive, visit.exchange.cancellation):
                reply = await self._behind.ask(visit, content.file, content.length)
                await self._reply(visit, key, reply)

    async def _sent_again(self, visit: Visit, key: Key | None) -> bool:
        """Send the answer that is kept for a posted query, if there is one."""
        kept = self._remembered.find(self._version, key) if key else None
        if kept is None:
            return False
        exchange = visit.exchange
        exchange.cache, exchange.version, exchange.query_hash = "hit", kept.version, kept.query_hash
        sending = self._replies.send_kept(visit.scope, visit.held, kept, visit.send, exchange.request_id)
        visit.status, visit.sent = await sending
        return True

    async def _reply(self, visit: Visit, key: Key | None, reply: Reply) -> None:
        """Send Flask's reply; note what it says of the one who asked, and that static files are anybody's."""
        if reply[0] == HTTPStatus.UNAUTHORIZED:
            self._rates.failed(visit)
        exchange = visit.exchange
        if visit.scope["path"].startswith(_STATIC):
            exchange.storable, exchange.version, exchange.cache = True, self._version, "miss"
        await self._replies.send(visit, key, reply)


def _names_host(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """Whether ``Host`` is there, once, and sane (RFC 9112, 3.2); HTTP/1.0 may do without.

    Granian makes an empty one where there is none.
    """
    host = headers.get(b"host", b"")
    return is_host(host.decode("latin-1")) if host else is_old(scope)


async def _fail(visit: Visit, error: Exception) -> None:
    """Answer with the error or, once the answer has begun, break the connection by raising it."""
    fault = fault_of(error)
    visit.exchange.outcome = "stalled" if isinstance(error, StalledError) else fault.outcome
    if visit.exchange.outcome == "failed":
        name, path = visit.exchange.request_id, visit.scope["path"]
        logger.error("request %s to %s failed", name, path, exc_info=error, extra={"request_id": name})
    if visit.status:
        raise error
    await visit.refuse(refusal(error))


async def _lifespan(receive: Receive, send: Send) -> None:
    """The server's start and stop."""
    while True:
        event = (await receive())["type"]
        await send({"type": f"{event}.complete"})
        if event == "lifespan.shutdown":
            return
