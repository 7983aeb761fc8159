"""How fast data are loaded: by our own ways of writing against ``oxigraph load``, from the same file."""

import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, RdfFormat, Store, parse

from graph.limits import Limits
from graph.store import corpus, current
from graph.store.plain import PlainStore, Upload

from .servers import BINARIES

Load = Callable[[Path], None]
Way = Callable[[Path], AbstractContextManager[Load]]

_UPLOAD = 128 * 1024 * 1024
_TIMES = 3
_FEW_QUADS = 100_000
"""Fewer are loaded several times, since what starting takes varies."""
_MANY_QUADS = 3_000_000
"""A build holds all quads in memory; more than these are not built here but only uploaded."""


@dataclass
class Loaded:
    """A way of ours against Oxigraph's: seconds of each, in turn."""

    size: str
    way: str
    quads: int
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The median of ours by theirs."""
        return statistics.median(one / other for one, other in zip(self.ours, self.theirs, strict=True))

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "ratio": self.ratio}


def loads(size: str, folder: Path, within: Path) -> list[Loaded]:
    """Upload the default graph to a plain store; and, where it is not too large, write all graphs as a build does."""
    store = Store.read_only(str(current(folder).path))
    times = _TIMES if len(store) < _FEW_QUADS else 1
    shutil.rmtree(within, ignore_errors=True)
    within.mkdir(parents=True)
    triples, quads = within / "default.nt", within / "all.nq"
    store.dump(str(triples), RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    found = [_compared(Loaded(size, "upload", _lines(triples)), triples, _upload, within, times)]
    if len(store) <= _MANY_QUADS:
        store.dump(str(quads), RdfFormat.N_QUADS)
        found.append(_compared(Loaded(size, "build", _lines(quads)), quads, _build, within, times))
    return found


def _compared(found: Loaded, data: Path, way: Way, within: Path, times: int) -> Loaded:
    for _ in range(times):
        found.ours.append(_timed(way, data, within / "ours"))
        found.theirs.append(_timed(_oxigraph, data, within / "theirs"))
    return found


def _timed(way: Way, data: Path, target: Path) -> float:
    shutil.rmtree(target, ignore_errors=True)
    with way(target) as load:
        began = time.perf_counter()
        load(data)
        taken = time.perf_counter() - began
    shutil.rmtree(target)
    return taken


@contextmanager
def _oxigraph(target: Path) -> Iterator[Load]:
    def load(data: Path) -> None:
        command = [str(BINARIES / "oxigraph"), "load", "--location", str(target), "--file", str(data)]
        subprocess.run(command, check=True, capture_output=True)

    yield load


@contextmanager
def _upload(target: Path) -> Iterator[Load]:
    """To a plain store that is open, until it acknowledges; large files in several parts."""
    store = PlainStore(target, Limits(), lambda _: None)

    def load(data: Path) -> None:
        for part in _parts(data):
            store.put(None, [Upload(part, "application/n-triples", "")], replace=False)

    yield load
    store.close()


@contextmanager
def _build(target: Path) -> Iterator[Load]:
    """As a build writes a version: parsed, made canonical, hashed, loaded, optimised."""
    target.mkdir()

    def load(data: Path) -> None:
        quads = parse(path=str(data), format=RdfFormat.N_QUADS)
        corpus.write(target, (quad for quad in quads if quad.graph_name != DefaultGraph()), "", {}, {})

    yield load


def _parts(data: Path) -> Iterator[bytes]:
    """A file of lines in parts that end with a line."""
    with data.open("rb") as file:
        while part := file.read(_UPLOAD):
            yield part + file.readline()


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)
