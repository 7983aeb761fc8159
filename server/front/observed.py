"""Metrics: what the service counts, as Prometheus reads it.

Counts are plain numbers, so that an answer from memory costs next to nothing; ``prometheus_client`` writes them out.
Labels come from fixed lists, never from what a client sends, so their number is bounded.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from threading import Lock
from typing import Any, Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from graph.engine import Engine

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
KILLS: Final = ("timeout", "memory", "crash")
_ROUTES: Final = frozenset(
    {"sparql", "update", "graphs", "queries", "documents", "id", "graph", "vocab", "static", ".well-known"}
    | {"wikidata", "reconcile", "healthz", "readyz", "metrics"}
)
_GAUGES: Final = (
    ("workers", "Workers that are up"),
    ("busy", "Workers that answer a query"),
    ("waiting", "Queries that wait for a worker"),
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class Series:
    """The times of one kind of request, counted by how long they took."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def cumulative(self) -> list[tuple[str, float]]:
        """How many took at most so long."""
        found, sum_ = [], 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), self.counts, strict=True):
            sum_ += count
            found.append((bound, float(sum_)))
        return found


class Metrics(Collector):
    """Everything that is counted. :meth:`tell` may be called from any thread, the rest from the event loop's."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._queries: Counter[str] = Counter()
        self._query_times = Series()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._times: dict[tuple[str, str, str], Series] = {}
        self._caches: Counter[str] = Counter()
        self._writes: Counter[tuple[str, str]] = Counter()
        self._limited = 0
        self._bytes = 0
        self._engine: Any = None
        self._pool: Any = None
        self._version = ""
        self._versions = 0
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def watch(self, engine: Engine, pool: Engine) -> None:
        """Tell of the cache and the version of an engine, and of the workers of the one at its bottom, too."""
        self._engine = engine
        self._pool = pool

    def tell(self, outcome: str, seconds: float) -> None:
        """A query has ended in the engine."""
        with self._lock:
            self._queries[outcome] += 1
            self._query_times.add(seconds)

    def times(self, route: str, outcome: str, cache: str) -> Series:
        """The times of the requests of a kind."""
        key = (route, outcome, cache)
        found = self._times.get(key)
        if found is None:
            found = self._times[key] = Series()
        return found

    def answered(  # noqa: PLR0917
        self, method: str, route: str, status: int, cache: str, outcome: str, seconds: float, sent: int
    ) -> None:
        """A request has been answered."""
        self._requests[method if method in _METHODS else "other", route, status] += 1
        self._caches[cache] += 1
        self._bytes += sent
        self.times(route, outcome, cache).add(seconds)
        if outcome == "rate-limited":
            self._limited += 1
        if route in ("update", "graphs") and method not in ("GET", "HEAD", "OPTIONS"):
            self._writes[route, outcome] += 1

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """What Prometheus' client asks for."""
        with self._lock:
            yield _counter("queries", "Queries by what became of them", ["outcome"], self._queries)
            yield _histogram("query_seconds", "Time in the engine", [], {(): self._query_times})
            killed = {name: self._queries[name] for name in KILLS}
        yield _counter("worker_kills", "Workers killed or lost, by reason", ["reason"], killed)
        labels = ["method", "route", "status"]
        yield _counter("requests", "Requests by status", labels, self._requests)
        labels = ["route", "outcome", "cache"]
        yield _histogram("request_seconds", "Time to the end of an answer", labels, self._times)
        yield _counter("writes", "Writes by what became of them", ["route", "outcome"], self._writes)
        yield _counter("sent_bytes", "Bytes of answers' bodies", [], {(): self._bytes})
        yield _counter("rate_limited", "Requests refused for coming too often", [], {(): self._limited})
        yield _counter("cache_answers", "Requests by where the answer came from", ["result"], self._caches)
        yield from self._of_engine()

    def _of_engine(self) -> Iterator[Metric]:
        engine, pool = self._engine, self._pool
        if engine is None:
            return
        for name, what in _GAUGES:
            if hasattr(pool, name):
                yield GaugeMetricFamily(f"communique_{name}", what, getattr(pool, name))
        counted = {name: getattr(engine, name) for name in ("hits", "misses", "shared") if hasattr(engine, name)}
        yield _counter("engine_cache", "The engine's own cache, by result", ["result"], counted)
        version = engine.version
        if version != self._version:
            self._version, self._versions = version, self._versions + 1
        info = GaugeMetricFamily("communique_version_info", "The current version of the data", labels=["version"])
        info.add_metric([version], 1)
        yield info
        yield GaugeMetricFamily("communique_versions_seen", "Versions that were current", self._versions)


def watching(metrics: Metrics, engine: Engine | None, pool: Engine | None) -> Metrics:
    """The metrics, which also tell of an engine and of the one at its bottom, where there is one."""
    if engine is not None:
        metrics.watch(engine, pool or engine)
    return metrics


def route_of(path: str) -> str:
    """The first part of a path, if it is one of ours; the front page is ``home``."""
    first = path[1:].partition("/")[0].partition(".")[0] if not path.startswith("/.") else path[1:].partition("/")[0]
    return first if first in _ROUTES else "other" if first else "home"


def _counter(name: str, text: str, labels: list[str], counted: Any) -> CounterMetricFamily:
    family = CounterMetricFamily(f"communique_{name}", text, labels=labels)
    for key, number in sorted(counted.items()):
        family.add_metric([str(part) for part in ((key,) if isinstance(key, str) else key)], number)
    return family


def _histogram(name: str, text: str, labels: list[str], series: Any) -> HistogramMetricFamily:
    family = HistogramMetricFamily(f"communique_{name}", text, labels=labels)
    for key, held in sorted(series.items()):
        family.add_metric(list(key), held.cumulative(), held.total)
    return family
