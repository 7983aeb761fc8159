"""The service put together: which engine answers, what may be written and by whom, and the front before it all.

A :class:`Service` is used in a ``with``: at its end its threads stop, its workers and its writer are gone.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Final, Self

from graph.engine import Engine
from graph.engine.cached import Cached
from graph.engine.remote import Remote
from graph.engine.workers.beside import Beside
from graph.engine.workers.pool import Pool
from graph.limits import Limits
from graph.reach.allowed import Reach
from graph.store import NoStoreError, Snapshot, current, kind
from graph.store.plain import PlainStore
from graph.store.snapshots import prove
from graph.views import VIEWS_OPEN, Views
from server.access import Tokens
from server.app import create_app
from server.federated import federating
from server.front import Front
from server.front.observed import Metrics
from server.front.rates import Network
from server.judge import Judging

SECONDS_BETWEEN_LOOKS: Final = 1.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Terms:
    """The terms of a service: its limits, what it may fetch, the proxies it trusts, its own URL, whether it logs.

    ``judge`` is the folder of authority files that takes judgements on links, with the tokens of the store.
    """

    limits: Limits
    reach: Reach
    trusted: Sequence[Network] = ()
    public_url: str | None = None
    log: bool = False
    judge: Path | None = None


class Service:
    """What serves one folder or one remote store. Made by :meth:`folder`, :meth:`plain` or :meth:`remote`."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._held = ExitStack()
        self._metrics = Metrics()
        self.front: Front

    @classmethod
    def folder(cls, folder: Path, terms: Terms, writes: bool = True) -> Self:
        """The version that a folder holds, and each later one; nothing is written over HTTP.

        Views at a clock are kept in the folder, or, where nothing may be written there, in a temporary one.
        Raises :class:`graph.store.NoStoreError`.
        """
        service = cls(terms)
        pool = service._pool(current(folder))
        service._held.callback(_Follower(folder, pool).close)
        views = service._views(folder, pool, writes) if kind(folder) == "corpus" else None
        return service._open(pool, views=views, judging=Judging(terms.judge, Tokens(folder)) if terms.judge else None)

    @classmethod
    def plain(cls, folder: Path, terms: Terms) -> Self:
        """A plain store that is written over HTTP with the tokens of its folder; it is made if it is not there.

        Raises :class:`graph.store.StoreBusyError` and :class:`graph.store.plain.WrongKindError`.
        """
        service = cls(terms)
        pools: list[Pool] = []

        def publish(snapshot: Snapshot) -> None:
            for pool in pools:
                pool.switch(snapshot)

        store = PlainStore(folder, terms.limits, publish)
        service._held.callback(store.close)
        pools.append(service._pool(store.snapshot))
        return service._open(pools[0], store, Tokens(folder))

    @classmethod
    def plain_to_read(cls, folder: Path, terms: Terms) -> Self:
        """A plain store that nobody may write over HTTP; it is made if it is not there."""
        if not _is_plain(folder):
            PlainStore(folder, terms.limits, lambda _: None).close()
        return cls.folder(folder, terms)

    @classmethod
    def remote(cls, url: str, terms: Terms, default_graph: str | None = None) -> Self:
        """What a SPARQL endpoint elsewhere holds; ``default_graph`` is for stores without one of their own."""
        service = cls(terms)
        engine = Remote(url, terms.limits, default_graph, tell=service._metrics.tell)
        service._held.callback(engine.close)
        return service._open(engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def _pool(self, snapshot: Snapshot) -> Pool:
        pool = Pool(snapshot, self._terms.limits, self._metrics.tell)
        self._held.callback(pool.close)
        return pool

    def _views(self, folder: Path, pool: Pool, writes: bool) -> Views:
        """What the folder's data were at some time, answered by the same workers."""
        limits = self._terms.limits
        room = None if writes else Path(self._held.enter_context(TemporaryDirectory(prefix="communique-views-")))
        share = replace(limits, cache_bytes=limits.cache_bytes // VIEWS_OPEN)
        views = Views(folder, limits, lambda snapshot: self._layered(Beside(pool, snapshot), share), room)
        self._held.callback(views.close)
        return views

    def _layered(self, engine: Engine, limits: Limits) -> Cached:
        return Cached(federating(engine, self._terms.reach), limits)

    def _open(
        self,
        engine: Engine,
        plain: PlainStore | None = None,
        tokens: Tokens | None = None,
        views: Views | None = None,
        judging: Judging | None = None,
    ) -> Self:
        """Put the layers before the engine: fetching, caching, pages, front."""
        terms = self._terms
        cached = self._layered(engine, terms.limits)
        app = create_app(cached, terms.limits, plain, tokens, terms.reach, terms.public_url, views)
        app.extensions["judging"] = judging
        self.front = Front(
            app.wsgi_app, cached, terms.limits, self._metrics, terms.trusted, terms.log, _uploader(tokens), engine
        )
        self._held.callback(self.front.close)
        return self


def _is_plain(folder: Path) -> bool:
    with suppress(NoStoreError):
        return kind(folder) == "plain"
    return False


def _uploader(tokens: Tokens | None) -> Callable[[str], bool] | None:
    """Who may send a large body: whoever has a token that is known here."""
    return tokens.knows if tokens else None


class _Follower:
    """Looks at a folder, and lets the pool read each new version that another process puts there."""

    def __init__(self, folder: Path, pool: Pool) -> None:
        self._folder = folder
        self._pool = pool
        self._ended = Event()
        self._thread = Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            try:
                found = current(self._folder)
                if found.version != self._pool.version:
                    prove(found)
                    self._pool.switch(found)
            except NoStoreError as error:
                logger.warning("still serving version %s: %s", self._pool.version, error)
            except Exception:
                logger.exception("still serving version %s: the folder cannot be followed", self._pool.version)
