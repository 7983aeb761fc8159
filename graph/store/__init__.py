"""The store: a folder that holds versions of one dataset, each an immutable Oxigraph store (a snapshot).

There are two kinds. A *corpus* folder (:mod:`graph.store.corpus`) is written only by a build; its version is the
hash of its data. A *plain* folder (:mod:`graph.store.plain`) takes updates and uploads; its versions are numbered.
Both are read in the same way: :func:`current` names the snapshot, :func:`reading` holds it.
"""

from pathlib import Path
from typing import Literal

from graph.store import corpus as _corpus
from graph.store import versions as _versions
from graph.store.corpus import KEPT, MANIFEST, Manifest, canonical, read_manifest, write, writer
from graph.store.files import StoreBusyError
from graph.store.snapshots import NoStoreError, Snapshot, reading

Kind = Literal["corpus", "plain"]

__all__ = [
    "KEPT",
    "MANIFEST",
    "Kind",
    "Manifest",
    "NoStoreError",
    "Snapshot",
    "StoreBusyError",
    "canonical",
    "current",
    "kind",
    "read_manifest",
    "reading",
    "write",
    "writer",
]


def kind(folder: Path) -> Kind:
    """What kind of store the folder holds; raises NoStoreError."""
    if (folder / _versions.MANIFEST).is_file():
        return "plain"
    if (folder / _corpus.MANIFEST).is_file():
        return "corpus"
    raise NoStoreError(f"{folder}: no store is there; run `communique build`, or start one with `serve --plain`")


def current(folder: Path) -> Snapshot:
    """The snapshot of the folder's current version; raises NoStoreError. It costs one small file's reading."""
    if kind(folder) == "plain":
        return _versions.snapshot_of(folder, _versions.read_versions(folder)[-1])
    manifest = read_manifest(folder)
    return Snapshot(manifest.version, folder / manifest.store)
