"""The store: a built folder that holds one dataset as canonical N-Quads and as an Oxigraph store.

A folder has ``build.json``, which names the current version's store and N-Quads. It is replaced last and at once
(``os.replace``), so a build that fails or is killed leaves the former version in place. The version is the SHA-256
of the canonical N-Quads (RDFC-1.0: with no blank node that is the sorted lines).
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, serialize

from graph.namespaces import GRAPH_MERGED

MANIFEST = "build.json"
KEPT = 2


class StoreBusyError(ValueError):
    """Another build is writing the folder."""


class NoStoreError(ValueError):
    """The folder holds no built store, or one that cannot be read."""


@dataclass(frozen=True)
class Manifest:
    """What a built folder holds: data version, hash of its inputs, its store and N-Quads (names in the folder).

    ``sources`` are the folders it was built from: documents, corpus, authority; None is the program's own (or none).
    """

    version: str
    inputs: str
    store: str
    dataset: str
    counts: dict[str, int]
    sources: dict[str, str | None]


def canonical(quads: Iterable[Quad]) -> bytes:
    """The quads as canonical N-Quads: one a line, sorted by code point, none twice."""
    data = serialize(quads, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(set(data.splitlines(keepends=True))))


@contextmanager
def writer(folder: Path) -> Iterator[None]:
    """The one writer of a folder, which is made if it is not there; raises StoreBusyError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "writer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreBusyError(f"{folder}: another build is writing here; wait for it to end") from error
        yield


def write(
    folder: Path, quads: Iterable[Quad], inputs: str, counts: dict[str, int], sources: dict[str, str | None]
) -> Manifest:
    """Writes a version and makes it the current one; the default graph becomes a copy of the merged graph."""
    held = list(quads)
    data = canonical(held)
    version = hashlib.sha256(data).hexdigest()
    names = f"store-{version[:16]}", f"dataset-{version[:16]}.nq"
    manifest = Manifest(version, inputs, *names, counts, sources)
    _remove_partial(folder)
    if not _is_whole(folder / names[0], held):
        _load(folder, folder / names[0], held)
    _replace(folder / names[1], data)
    _replace(folder / MANIFEST, (json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n").encode())
    _remove_old(folder, manifest)
    return manifest


def _remove_partial(folder: Path) -> None:
    """What a killed writer left; nobody else writes here."""
    for partial in folder.glob("*.partial"):
        shutil.rmtree(partial) if partial.is_dir() else partial.unlink()


def _is_whole(store: Path, quads: list[Quad]) -> bool:
    """Whether a store of that version is there, can be opened and holds as many quads as it should."""
    try:
        found = len(Store.read_only(str(store))) if store.is_dir() else -1
    except (OSError, ValueError):
        return False
    return found == len(quads) + sum(q.graph_name == GRAPH_MERGED for q in quads)


def _load(folder: Path, target: Path, quads: list[Quad]) -> None:
    partial = folder / f"{target.name}.partial"
    shutil.rmtree(target, ignore_errors=True)
    store = Store(str(partial))
    store.bulk_extend(quads)
    store.bulk_extend(
        Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads if q.graph_name == GRAPH_MERGED
    )
    store.optimize()
    store.flush()
    del store
    partial.rename(target)


def _replace(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _remove_old(folder: Path, current: Manifest) -> None:
    """Keeps the current version and the one before it, which a running server may still read."""
    stores = sorted(
        (p for p in folder.glob("store-*") if p.is_dir() and p.suffix != ".partial"),
        key=lambda p: (p.name != current.store, -p.stat().st_mtime),
    )
    for old in stores[KEPT:]:
        shutil.rmtree(old)
        (folder / f"{old.name.replace('store-', 'dataset-')}.nq").unlink(missing_ok=True)


def read_manifest(folder: Path) -> Manifest:
    """What a built folder holds; raises NoStoreError."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NoStoreError(f"{folder}: no built store is there ({error}); run `communique build`") from error
    if not (folder / manifest.store).is_dir():
        raise NoStoreError(f"{folder}: its store {manifest.store} is gone; run `communique build`")
    return manifest
