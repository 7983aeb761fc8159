"""Load a built folder into a remote store by the SPARQL 1.1 Graph Store Protocol.

First the store's version is taken away, so that a half-loaded store claims none; then each graph is put in parts of
bounded size; graphs of ours that are no longer there are removed; the triples of each graph are counted in the store;
the version comes last. A load that fails tells at which graph, and is mended by running it again.

Ours are the graphs whose IRIs lie in our namespace. Any other graph of the store is left alone; its default graph is
replaced, unless it is the union of all graphs.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Store, Triple, serialize

from graph.engine.remote import Remote
from graph.engine.remote.endpoint import Endpoint, endpoint
from graph.engine.remote.held import VERSION_PROPERTY, VERSION_SECONDS
from graph.engine.remote.sending import GraphStore, PublishError
from graph.limits import Limits
from graph.namespaces import BASE, GRAPH_VERSION, term
from graph.store import Snapshot, current, reading

__all__ = ["PublishError", "Published", "publish"]

Progress = Callable[[str, int, int], None]
Graph = NamedNode | DefaultGraph

# Triples in one request: about a megabyte, which no store has trouble to take, in few enough requests.
PART: Final = 10_000
# Whoever has read the version may label an answer with it for so long, and takes no longer for the answer unless it
# asks again: only then may the data change.
SECONDS_TO_SETTLE: Final = 2 * VERSION_SECONDS
_LOADING: Final = (term("rdfs:comment"), Literal("is being loaded"))
_COUNTS: Final = (
    "SELECT ?g (COUNT(?s) AS ?n) { GRAPH ?g { ?s ?p ?o }"
    f' FILTER (STRSTARTS(STR(?g), "{BASE}")) }} GROUP BY ?g ORDER BY ?g'
)
_DEFAULT: Final = "the default graph"


@dataclass(frozen=True)
class Published:
    """What was loaded: the version, graphs and triples sent (none if the store held the version), seconds taken.

    ``removed`` are graphs of a former version; ``union`` says that the store's default graph is the union of all.
    """

    version: str
    graphs: int
    triples: int
    removed: int
    union: bool
    seconds: float


def publish(
    folder: Path,
    url: str,
    limits: Limits | None = None,
    graph_store: str | None = None,
    progress: Progress | None = None,
) -> Published:
    """Load what a built folder holds into the store with the SPARQL endpoint at a URL; both may hold credentials.

    ``graph_store`` is where the store takes the Graph Store Protocol, if that cannot be found out from the store; it
    is asked with the credentials of ``url`` if it has none. ``progress`` gets a graph, triples sent, and all triples.
    Raises :class:`PublishError`, :class:`graph.store.NoStoreError`,
    :class:`graph.engine.remote.endpoint.EndpointError`, and the engine's errors for what the store answers.
    """
    snapshot = current(folder)
    limits = limits or Limits()
    place = endpoint(url)
    with ExitStack() as held:
        held.enter_context(reading(snapshot))
        remote = Remote(place, replace(limits, query_seconds=limits.update_seconds))
        held.callback(remote.close)
        sender = held.enter_context(GraphStore(_graph_store(place, graph_store), limits.update_seconds))
        return _Load(snapshot, remote, sender, progress or _nobody).run()


def _graph_store(place: Endpoint, given: str | None) -> Endpoint:
    """Where the graphs go, with the credentials of the SPARQL endpoint if it has none of its own on the same host."""
    found = endpoint(given) if given else GraphStore.beside(place)
    same = found.host == place.host
    return replace(found, auth=found.auth or (place.auth if same else None))


class _Load:
    """One load of a snapshot."""

    def __init__(self, snapshot: Snapshot, remote: Remote, sender: GraphStore, progress: Progress) -> None:
        self._snapshot = snapshot
        self._remote = remote
        self._sender = sender
        self._progress = progress
        self._store = Store.read_only(str(snapshot.path))
        self._all = len(self._store)
        self._sent = 0

    def run(self) -> Published:
        """Load it, unless the store holds it."""
        started = monotonic()
        before = self._remote.refresh()
        if before.version == self._snapshot.version:
            return Published(before.version, 0, 0, 0, before.union, monotonic() - started)
        self._take_version_away(bool(before.version))
        union = self._remote.refresh().union
        counts = {name: self._send(name) for name in self._graphs(union)}
        removed = self._remove_others({name.value for name in counts if isinstance(name, NamedNode)})
        self._count(counts)
        self._claim()
        return Published(self._snapshot.version, len(counts), self._sent, removed, union, monotonic() - started)

    def _take_version_away(self, claimed: bool) -> None:
        """Let the store say that it is being loaded; wait until nobody takes it for the former version."""
        self._sender.put(GRAPH_VERSION, _written([Triple(GRAPH_VERSION, *_LOADING)]))
        if claimed:
            sleep(SECONDS_TO_SETTLE)

    def _graphs(self, union: bool) -> list[Graph]:
        named = sorted((g for g in self._store.named_graphs() if isinstance(g, NamedNode)), key=str)
        return [*named] if union else [*named, DefaultGraph()]

    def _send(self, name: Graph) -> int:
        """Send a graph in parts, the first of which replaces what was there; returns how many triples it has."""
        triples = (quad.triple for quad in self._store.quads_for_pattern(None, None, None, name))
        count = 0
        while part := list(islice(triples, PART)):
            _refuse_blank(name, part)
            send = self._sender.post if count else self._sender.put
            send(name, _written(part))
            count += len(part)
            self._sent += len(part)
            self._progress(_called(name), self._sent, self._all)
        return count

    def _remove_others(self, loaded: set[str]) -> int:
        """Remove graphs of ours that are not of this version."""
        others = sorted(set(self._counted()) - loaded - {GRAPH_VERSION.value})
        for name in others:
            self._sender.delete(NamedNode(name))
        return len(others)

    def _counted(self) -> dict[str, int]:
        rows = self._remote.select(_COUNTS).rows
        return {getattr(g, "value", ""): int(getattr(n, "value", 0)) for g, n in rows}

    def _count(self, counts: dict[Graph, int]) -> None:
        """Compare with what the store counts; raises :class:`PublishError` at the first difference."""
        found = self._counted()
        for name, count in counts.items():
            if isinstance(name, NamedNode):
                held = found.get(name.value, 0)
            else:
                (cell,) = self._remote.select("SELECT (COUNT(?s) AS ?n) { ?s ?p ?o }").rows[0]
                held = int(getattr(cell, "value", 0))
            if held != count:
                raise PublishError(f"{_called(name)}: {count} triples were sent, and the store counts {held}")

    def _claim(self) -> None:
        version = self._snapshot.version
        self._sender.put(GRAPH_VERSION, _written([Triple(GRAPH_VERSION, VERSION_PROPERTY, Literal(version))]))
        if (said := self._remote.refresh().version) != version:
            raise PublishError(f"{GRAPH_VERSION.value}: the store says that it holds version '{said}', not {version}")


def _written(triples: list[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _refuse_blank(name: Graph, part: list[Triple]) -> None:
    """A blank node that stands in two parts would become two."""
    if any(isinstance(term_, BlankNode) for triple in part for term_ in (triple.subject, triple.object)):
        raise PublishError(f"{_called(name)}: it holds blank nodes, which cannot be sent in parts")


def _called(name: Graph) -> str:
    return name.value if isinstance(name, NamedNode) else _DEFAULT


def _nobody(graph: str, sent: int, all_: int) -> None:
    """Nobody wants to be told."""
