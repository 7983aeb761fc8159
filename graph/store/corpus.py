"""A corpus folder: one dataset as canonical N-Quads and as an Oxigraph store, written only by a build.

``build.json`` names the current version's store and N-Quads, and lists all versions ever recorded
(:mod:`graph.store.history`). It is replaced last and at once, so a build that fails or is killed leaves the former
version in place. The version is the SHA-256 of the canonical N-Quads (RDFC-1.0: with no blank node that is the
sorted lines).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, Store, serialize

from graph.namespaces import GRAPH_MERGED
from graph.store import versions
from graph.store.files import PARTIAL, locked, partial, remove_partial, replace_file, sync, sync_store
from graph.store.history import Recorded, dataset_name, extended, remove_unlisted
from graph.store.snapshots import NoStoreError, Snapshot, WrongKindError, remove_unread

MANIFEST: Final = "build.json"
KEPT: Final = 2
_MERGED: Final = f" {GRAPH_MERGED} .\n".encode()
_NAME: Final = re.compile(r"store-[0-9a-f]{16}")


@dataclass(frozen=True)
class Manifest:
    """What a built folder holds: data version, hash of its inputs, its store and N-Quads (names in the folder).

    ``sources`` are the folders it was built from: documents, corpus, authority; None is the program's own (or none).
    ``versions`` are all that were ever recorded, the oldest first; the last one is the current one.
    """

    version: str
    inputs: str
    store: str
    dataset: str
    counts: dict[str, int]
    sources: dict[str, str | None]
    versions: tuple[Recorded, ...] = ()


def canonical(quads: Iterable[Quad]) -> bytes:
    """The quads as canonical N-Quads: one a line, sorted by code point, none twice."""
    data = serialize(quads, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(set(data.splitlines(keepends=True))))


def writer(folder: Path) -> AbstractContextManager[None]:
    """The one writer of a folder, which is made if it is not there; raises StoreBusyError and WrongKindError."""
    if (folder / versions.MANIFEST).exists():
        raise WrongKindError(f"{folder}: a plain store is there, which no build may replace; give another folder")
    return locked(folder, "another build is writing here; wait for it to end")


def write(  # noqa: PLR0917
    folder: Path,
    quads: Iterable[Quad],
    inputs: str,
    counts: dict[str, int],
    sources: dict[str, str | None],
    recorded: str = "",
) -> Manifest:
    """Writes a version and makes it the current one; the default graph becomes a copy of the merged graph.

    Its delta from the former version is written before, so that no version is ever lost. Raises RecordingTimeError.
    """
    data = canonical(quads)
    version = hashlib.sha256(data).hexdigest()
    remove_partial(folder)
    listed = extended(folder, recorded_versions(folder), version, data, recorded)
    manifest = Manifest(version, inputs, store_name(version), dataset_name(version), counts, sources, listed)
    if not _is_whole(folder / manifest.store, data):
        load(folder / manifest.store, data)
    replace_file(folder / manifest.dataset, data)
    publish(folder, manifest)
    return manifest


def store_name(version: str) -> str:
    """The folder, in the store's folder, of a version's Oxigraph store."""
    return f"store-{version[:16]}"


def recorded_versions(folder: Path) -> tuple[Recorded, ...]:
    """All versions ever recorded in a folder, the oldest first; none where no store is there."""
    if not (folder / MANIFEST).exists():
        return ()
    manifest = _parsed(folder)
    return manifest.versions or (Recorded(manifest.version, "", ""),)


def publish(folder: Path, manifest: Manifest) -> None:
    """Make a version whose store and N-Quads are in the folder the current one, and remove old ones."""
    write_manifest(folder, manifest)
    remove_unlisted(folder, manifest.versions)
    for old in stores(folder)[KEPT:]:
        if remove_unread(old):
            (folder / f"{old.name.replace('store-', 'dataset-')}.nq").unlink(missing_ok=True)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Name a version as the current one."""
    replace_file(folder / MANIFEST, (json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n").encode())


def stores(folder: Path) -> list[Path]:
    """The stores of all versions kept: the current one, then the others, the newest first."""
    current = read_manifest(folder).store
    found = (path for path in folder.glob("store-*") if path.is_dir() and _NAME.fullmatch(path.name))
    return sorted(found, key=lambda path: (path.name != current, -path.stat().st_mtime))


def _is_whole(store: Path, data: bytes) -> bool:
    """Whether a store of that version is there, can be opened and holds as many quads as it should."""
    try:
        found = len(Store.read_only(str(store))) if store.is_dir() else -1
    except (OSError, RuntimeError):
        return False
    return found == data.count(b"\n") + data.count(_MERGED)


def load(target: Path, data: bytes) -> None:
    """Make an Oxigraph store of N-Quads, the merged graph once more as its default graph; whole or not at all.

    The quads stand in named graphs, a line each as :func:`canonical` writes them, in any order.
    """
    made = partial(target)
    store = Store(str(made))
    store.bulk_load(data, format=RdfFormat.N_QUADS)
    store.bulk_load(b"".join(_default_graph(data)), format=RdfFormat.N_TRIPLES)
    store.optimize()
    store.flush()
    del store
    sync_store(made)
    take_place(made, target)


def _default_graph(data: bytes) -> Iterator[bytes]:
    """The triples of the merged graph."""
    return (line.removesuffix(_MERGED) + b" .\n" for line in data.splitlines(True) if line.endswith(_MERGED))


def take_place(made: Path, target: Path) -> None:
    """A store that was made takes its name, from a damaged one if there is one; whoever reads that may go on."""
    if target.exists():
        target.rename(target.with_name(f"{target.name}-damaged{PARTIAL}"))
    made.rename(target)
    sync(target.parent)
    remove_partial(target.parent)


def read_manifest(folder: Path) -> Manifest:
    """What a built folder holds; raises NoStoreError."""
    manifest = _parsed(folder)
    if not (folder / manifest.store).is_dir():
        raise NoStoreError(f"{folder}: its store {manifest.store} is gone; run `communique build`")
    return manifest


def _parsed(folder: Path) -> Manifest:
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(**{**told, "versions": tuple(Recorded(**each) for each in told.get("versions", ()))})
    except (OSError, ValueError, TypeError) as error:
        raise NoStoreError(f"{folder}: no built store is there ({error}); run `communique build`") from error


def snapshot_of(folder: Path, version: str) -> Snapshot:
    """A version's snapshot, which may have been removed."""
    return Snapshot(version, folder / store_name(version))
