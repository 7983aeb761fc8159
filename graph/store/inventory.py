"""What a store holds, counted and hashed: a backup carries it, and a restore compares it.

The hash is the SHA-256 of the N-Quads of all quads, sorted by their bytes, with blank nodes' labels as they are
stored. So it is the same for the same store, wherever it was copied; it is no canonical form of the data.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from heapq import merge
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

DEFAULT: Final = "default"
_AT_ONCE: Final = 500_000
"""Lines sorted in memory at once, about 150 MB; more are sorted in pieces on the disk."""


class DamagedStoreError(ValueError):
    """A store cannot be opened, or does not hold what it should."""


@dataclass(frozen=True)
class Inventory:
    """The number of quads in each graph ('default' is the default graph), and the hash of all."""

    graphs: dict[str, int]
    sha256: str

    @property
    def quads(self) -> int:
        """The quads of all graphs."""
        return sum(self.graphs.values())


def inventory(path: Path) -> Inventory:
    """Count and hash what an Oxigraph store holds; nobody may write it meanwhile. Raises DamagedStoreError."""
    graphs: dict[str, int] = {}
    try:
        store = Store.read_only(str(path))
        names = [DefaultGraph(), *sorted(store.named_graphs(), key=str)]
        lines = chain.from_iterable(_counted(store, name, graphs) for name in names)
        with ExitStack() as files:
            return Inventory(graphs, _hash(lines, files))
    except (OSError, RuntimeError) as error:
        raise DamagedStoreError(f"{path}: the store cannot be read: {error}") from error


def count(path: Path) -> int:
    """The number of quads in an Oxigraph store; raises DamagedStoreError."""
    try:
        return len(Store.read_only(str(path)))
    except (OSError, RuntimeError) as error:
        raise DamagedStoreError(f"{path}: the store cannot be read: {error}") from error


def _counted(store: Store, graph: NamedNode | BlankNode | DefaultGraph, graphs: dict[str, int]) -> Iterator[bytes]:
    """One graph's quads as lines; its name and their number are added to ``graphs``."""
    is_default = isinstance(graph, DefaultGraph)
    end = b" .\n" if is_default else f" {graph} .\n".encode()
    found = 0
    with TemporaryFile() as file:
        store.dump(file, RdfFormat.N_TRIPLES, from_graph=graph)
        file.seek(0)
        for line in file:
            found += 1
            yield line.removesuffix(b" .\n") + end
    graphs[DEFAULT if is_default else str(graph)] = found


def _hash(lines: Iterator[bytes], files: ExitStack) -> str:
    digest = hashlib.sha256()
    first = sorted(islice(lines, _AT_ONCE))
    pieces: list[IO[bytes]] = []
    while following := sorted(islice(lines, _AT_ONCE)):
        pieces.append(files.enter_context(TemporaryFile()))  # noqa: SIM115 - the stack closes it
        pieces[-1].writelines(following)
        pieces[-1].seek(0)
    for line in merge(first, *pieces):
        digest.update(line)
    return digest.hexdigest()
