"""Answers that are given again: the same query on the same data is evaluated once.

Answers that have ended well are kept, the one used last the longest, up to a size; those of another version of the
data go when the first query finds the version changed. :mod:`graph.engine.text.normal` says which queries have the
same answer; an evaluation is shared only by the very same text, since an error names a place in it.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import Final

from graph.engine import Cancellation, CancelledError, Engine, Response
from graph.engine.answers import Answers
from graph.engine.flights import Flights
from graph.engine.text.normal import is_volatile, normalised
from graph.engine.whole import Whole
from graph.limits import Limits

_OVERHEAD: Final = 512
_NOTHING: Final = Whole(b"")

Key = tuple[str, str, tuple[str, ...], tuple[str, ...]]


class Cached(Answers):
    """An engine before another one, whose bodies are spooled: a pool, or a remote engine."""

    def __init__(self, engine: Engine, limits: Limits) -> None:
        self._engine = engine
        self._limits = limits
        self._flights = Flights()
        self._lock = Lock()
        self._version = engine.version
        self._kept: OrderedDict[Key, tuple[Response, bytes]] = OrderedDict()
        self.bytes = 0
        self.hits = 0
        self.misses = 0
        self.shared = 0

    @property
    def version(self) -> str:
        """The version of the data that the engine reads."""
        return self._engine.version

    @property
    def callers(self) -> int:
        """How many wait for the first bytes of an evaluation, shared or not."""
        return self._flights.callers

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        """The kept answer, one that is being made, or a new one. ``source`` of the response tells which."""
        cancellation = cancellation or Cancellation()
        default, named = tuple(default_graphs), tuple(named_graphs)
        if is_volatile(query):
            return self._engine.respond(query, media_type, default, named, cancellation)
        key = normalised(query), media_type, default, named
        while True:
            if found := self._find(key):
                return found
            try:
                return self._fly(query, key, cancellation)
            except CancelledError:
                if cancellation.cancelled:
                    raise

    def _find(self, key: Key) -> Response | None:
        version = self._engine.version
        with self._lock:
            if self._version != version:
                self._version, self.bytes = version, 0
                self._kept.clear()
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            self.hits += 1
        answer, data = found
        return replace(answer, version=version, body=Whole(data), source="cached")

    def _fly(self, query: str, key: Key, cancellation: Cancellation) -> Response:
        def evaluate(evaluation: Cancellation) -> Response:
            return self._engine.respond(query, *key[1:], evaluation)

        def landed(response: Response) -> None:
            self._keep(key, response)

        response = self._flights.respond((self._engine.version, query, *key[1:]), evaluate, cancellation, landed)
        with self._lock:
            self.shared += response.source == "shared"
            self.misses += response.source != "shared"
        return response

    def _keep(self, key: Key, response: Response) -> None:
        """Keep a complete answer, unless it is volatile, too large, or of another version by now."""
        whole = response.body.whole
        if whole is None or response.volatile or len(whole) > self._limits.cached_answer_bytes:
            return
        with self._lock:
            if response.version != self._version or key in self._kept:
                return
            self._kept[key] = replace(response, body=_NOTHING), whole
            self.bytes += _size(key, whole)
            while self.bytes > self._limits.cache_bytes:
                oldest, (_, data) = self._kept.popitem(last=False)
                self.bytes -= _size(oldest, data)


def _size(key: Key, data: bytes) -> int:
    """About what an answer takes in memory with its query; most of both is text of one byte a character."""
    return _OVERHEAD + 2 * len(key[0]) + len(data)
