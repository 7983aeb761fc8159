"""The writing process of a plain store: the only one that has its live Oxigraph store open.

It is told what to do over a pipe, one message at a time: ``update``, ``put``, ``delete``, ``exists``, ``commit``.
What it has done counts only once it is committed: at its start the live store is made anew from the last snapshot,
so killing it takes back everything else. A write that fails halfway says so (``spoilt``), and is taken back that way.
"""

import fcntl
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Store

from graph.child import bound_memory, connect, lift_memory_bound
from graph.store.faults import (
    DiskError,
    GraphIriError,
    NoGraphError,
    UpdateEvaluationError,
    UpdateMemoryError,
    UpdateSyntaxError,
    WriteError,
    told,
)
from graph.store.files import link_store, partial, remove_partial, sync_store
from graph.store.uploads import BULK, Upload, bulk_load, quads_of, refuse_unreadable
from graph.store.versions import FOLDER

Answer = Mapping[str, Any]

_LARGE: Final = 50_000
_COPIES: Final = 4
_CORRUPTION: Final = "Corruption"


def main() -> None:
    """Serve one parent until the end of the pipe. Arguments: the folder, the snapshot to begin with or '', memory."""
    connection = connect()
    folder, snapshot, budget = Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    with _alone(folder):
        try:
            with _faults():
                live = Live(_derived(folder, snapshot))
        except WriteError as fault:
            connection.send({**told(fault), "spoilt": True})
            return
        connection.send({"ready": True})
        while (received := connection.receive()) is not None:
            connection.send(live.answer(*received, budget))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait for a former writing process to be gone for good: a killed one may still be ending."""
    with (folder / "live.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _derived(folder: Path, snapshot: str) -> Path:
    """Where the live store is to be opened: it is as the snapshot, whatever was there before."""
    (folder / FOLDER).mkdir(exist_ok=True)
    remove_partial(folder / FOLDER)
    live = folder / "live"
    for former in (live, partial(live)):
        shutil.rmtree(former, ignore_errors=True)
    if snapshot:
        link_store(Path(snapshot), live)
    return live


class Live:
    """The live store, and what can be done with it."""

    def __init__(self, path: Path) -> None:
        """Open the store in that folder, or make an empty one."""
        self._path = path
        self._store = Store(str(path))
        self._spoilt = False
        self._tasks: dict[str, Callable[[Answer, bytes], Answer]] = {
            "update": self._update,
            "put": self._put,
            "delete": self._delete,
            "exists": self._exists,
            "commit": self._commit,
        }

    def answer(self, message: Answer, payload: bytes, budget: int) -> Answer:
        """Do one task within so many bytes of memory more; a fault is part of the answer."""
        self._spoilt = False
        bound_memory(budget)
        try:
            with _faults():
                return self._tasks[message["do"]](message, payload)
        except WriteError as fault:
            spoilt = self._spoilt or isinstance(fault, DiskError | UpdateMemoryError)
            return {**told(fault), "spoilt": spoilt}
        finally:
            lift_memory_bound()

    def _update(self, _: Answer, payload: bytes) -> Answer:
        """One transaction, however many operations it has."""
        try:
            self._store.update(payload.decode())
        except SyntaxError as error:
            raise UpdateSyntaxError(str(error)) from error
        except RuntimeError as error:
            if str(error).startswith(_CORRUPTION):
                raise
            raise UpdateEvaluationError(str(error)) from error
        return {}

    def _put(self, message: Answer, payload: bytes) -> Answer:
        graph = _graph(message["graph"])
        existed = self._has(graph)
        uploads = list(_uploads(message["uploads"], payload))
        for upload in uploads:
            refuse_unreadable(upload)
        is_bulk = len(payload) > BULK
        quads = [] if is_bulk else list(chain.from_iterable(quads_of(upload, graph) for upload in uploads))
        self._spoilt = True
        if message["replace"]:
            self._remove(graph)
        self._store.add_graph(graph)
        if is_bulk:
            for upload in uploads:
                bulk_load(self._store, upload, graph)
        else:
            self._store.extend(quads)
        return {"created": not existed}

    def _delete(self, message: Answer, _: bytes) -> Answer:
        graph = _graph(message["graph"])
        if not self._has(graph):
            raise NoGraphError(f"{graph}: there is no such graph")
        self._spoilt = True
        self._remove(graph)
        return {}

    def _exists(self, message: Answer, _: bytes) -> Answer:
        return {"exists": self._has(_graph(message["graph"]))}

    def _commit(self, message: Answer, _: bytes) -> Answer:
        target = Path(message["target"])
        self._store.backup(str(target))
        sync_store(target)
        return {}

    def _remove(self, graph: NamedNode | DefaultGraph) -> None:
        """Oxigraph takes 36 µs to remove a quad, and 10 to copy one: a large graph is left behind rather."""
        removed = sum(1 for _ in self._store.quads_for_pattern(None, None, None, graph))
        if removed < _LARGE or len(self._store) > _COPIES * removed:
            self._store.remove_graph(graph)
            return
        aside = partial(self._path)
        other = Store(str(aside))
        for name in self._store.named_graphs():
            if name != graph:
                other.add_graph(name)
        other.bulk_extend(quad for quad in self._store if quad.graph_name != graph)
        del other
        self._reopen(aside)

    def _reopen(self, store: Path) -> None:
        """Another store takes the place of the live one; both are to be closed before."""
        del self._store
        shutil.rmtree(self._path)
        store.rename(self._path)
        self._store = Store(str(self._path))

    def _has(self, graph: NamedNode | DefaultGraph) -> bool:
        """The default graph is always there."""
        return isinstance(graph, DefaultGraph) or self._store.contains_named_graph(graph)


def _graph(iri: str | None) -> NamedNode | DefaultGraph:
    try:
        return DefaultGraph() if iri is None else NamedNode(iri)
    except ValueError as error:
        raise GraphIriError(f"'{iri}' cannot name a graph: {error}") from error


def _uploads(parts: list[tuple[str, str, int]], payload: bytes) -> Iterator[Upload]:
    start = 0
    for media_type, base, length in parts:
        yield Upload(payload[start : start + length], media_type, base)
        start += length


@contextmanager
def _faults() -> Iterator[None]:
    """Failures of the disk and of memory, as faults."""
    try:
        yield
    except MemoryError as error:
        raise UpdateMemoryError("it needs more memory than a write may take") from error
    except (OSError, RuntimeError) as error:
        raise DiskError(f"the disk did not take it: {error}") from error


if __name__ == "__main__":
    main()
