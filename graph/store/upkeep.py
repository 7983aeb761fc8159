"""Backups of a store, restoring them, and the list of its versions. All of it works on both kinds of store.

A backup is a folder with one version: the snapshot, the manifest of its kind, and ``backup.json``, which tells the
quads of each graph and their hash (:mod:`graph.store.inventory`). It is itself a store that can be served. That of a
corpus has the whole history, too (:mod:`graph.store.history`); restored, it takes the place of the folder's.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from graph.store import (
    Kind,
    Manifest,
    NoStoreError,
    Snapshot,
    corpus,
    current,
    history,
    kind,
    read_manifest,
    reading,
    versions,
)
from graph.store.files import link_file, link_store, locked, partial, remove_partial, replace_file, sync, sync_store
from graph.store.inventory import DamagedStoreError, Inventory, count, inventory
from graph.store.snapshots import disk_use, is_read

BACKUP: Final = "backup.json"
_ATTEMPTS: Final = 5
_BUSY: Final = "a server or a build is writing here; stop it first"


class TargetExistsError(ValueError):
    """A backup would be written over something."""


class TargetInsideError(ValueError):
    """A backup would be made inside the store that it is of, which would remove it."""


class NoBackupError(ValueError):
    """The folder is no backup, or one of the other kind of store."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds: the kind of store, the version it was made of, its graphs and their hash."""

    kind: Kind
    version: str
    inventory: Inventory


@dataclass(frozen=True)
class Held:
    """A version that a folder holds: when it was made (ISO 8601, UTC), its size, and whether it is current or read.

    ``bytes`` is what it takes on the disk beyond the versions after it, with which it shares files. ``recorded`` is
    the recording time given to a corpus' version. One whose snapshot was removed has no time, no size and 0 quads:
    it can be rebuilt from the history.
    """

    version: str
    time: str
    quads: int
    bytes: int
    is_current: bool
    is_read: bool
    recorded: str = ""


def backup(folder: Path, target: Path) -> Backup:
    """Copy the current version into a new folder (hard links where it can); a server may go on writing meanwhile.

    Raises NoStoreError, TargetExistsError, TargetInsideError, DamagedStoreError and OSError; there is no target then.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise TargetExistsError(f"{target}: something is there already; name a new folder")
    if target.resolve().is_relative_to(folder.resolve()):
        raise TargetInsideError(f"{target}: it lies in the store's own folder, which keeps itself tidy; name another")
    made = partial(target)
    try:
        store, version = _copied(folder, made)
        done = Backup(kind(made), version, inventory(store))
        replace_file(made / BACKUP, (json.dumps(asdict(done), indent=1, sort_keys=True) + "\n").encode())
        made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    sync(target.parent)
    return done


def _copied(folder: Path, target: Path) -> tuple[Path, str]:
    """The current version copied: its store, and its id. It is copied anew if it was removed in that moment."""
    copied = _copied_plain if kind(folder) == "plain" else _copied_corpus
    for _ in range(_ATTEMPTS):
        shutil.rmtree(target, ignore_errors=True)
        with suppress(NoStoreError):
            return copied(folder, target)
    return copied(folder, target)


def _copied_plain(folder: Path, target: Path) -> tuple[Path, str]:
    version = versions.read_versions(folder)[-1]
    store = versions.path_of(target, version)
    with reading(versions.snapshot_of(folder, version)):
        _link(versions.path_of(folder, version), store)
    versions.write_versions(target, (version,))
    return store, version.id


def _copied_corpus(folder: Path, target: Path) -> tuple[Path, str]:
    manifest = read_manifest(folder)
    with reading(Snapshot(manifest.version, folder / manifest.store)):
        _link(folder / manifest.store, target / manifest.store)
        link_file(folder / manifest.dataset, target / manifest.dataset)
    _copy_history(folder, target, manifest)
    corpus.write_manifest(target, manifest)
    return target / manifest.store, manifest.version


def _copy_history(source: Path, target: Path, manifest: Manifest) -> None:
    """The deltas, copied: another history may have a file of the same name."""
    (target / history.FOLDER).mkdir(exist_ok=True)
    for before, each in pairwise(manifest.versions):
        history.read_delta(source, each, before.version)
        data = (source / history.FOLDER / each.delta).read_bytes()
        replace_file(target / history.FOLDER / each.delta, data)


def _link(source: Path, target: Path) -> None:
    link_store(source, target)
    sync_store(target)


def read_backup(source: Path) -> Backup:
    """What a backup says that it holds; raises NoBackupError."""
    try:
        told = json.loads((source / BACKUP).read_text(encoding="utf-8"))
        return Backup(told["kind"], told["version"], Inventory(**told["inventory"]))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise NoBackupError(f"{source}: no backup is there ({error}); name a folder that `backup` made") from error


def restore(folder: Path, source: Path) -> str:
    """Make what a backup holds the current version of a folder, and return its id; former versions stay for a while.

    It is copied, counted and hashed before anything is replaced. A plain store gets a new version, so that no
    answer made before is taken for one made after; a corpus has the hash of its data again. Raises StoreBusyError,
    NoBackupError, DamagedStoreError and OSError; then the folder is as it was.
    """
    held = read_backup(source)
    with suppress(NoStoreError):
        if kind(folder) != held.kind:
            raise NoBackupError(f"{source}: the backup of a {held.kind} store; {folder} holds another kind")
    with locked(folder, _BUSY):
        remove_partial(folder)
        return (
            _restored_plain(folder, source, held) if held.kind == "plain" else _restored_corpus(folder, source, held)
        )


def _restored_plain(folder: Path, source: Path, held: Backup) -> str:
    there = versions.read_versions(folder) if (folder / versions.MANIFEST).exists() else ()
    saved = versions.read_versions(source)[-1]
    version = versions.next_version(sorted((*there, saved), key=lambda each: each.number))
    target = versions.path_of(folder, version)
    _verified(versions.path_of(source, saved), target, held).rename(target)
    sync(target.parent)
    versions.write_versions(folder, (*there, version))
    return version.id


def _restored_corpus(folder: Path, source: Path, held: Backup) -> str:
    manifest = read_manifest(source)
    data = (source / manifest.dataset).read_bytes()
    if hashlib.sha256(data).hexdigest() != held.version or manifest.version != held.version:
        raise DamagedStoreError(f"{source / manifest.dataset}: is not what was backed up; nothing is restored")
    corpus.take_place(_verified(source / manifest.store, folder / manifest.store, held), folder / manifest.store)
    replace_file(folder / manifest.dataset, data)
    _copy_history(source, folder, manifest)
    corpus.publish(folder, manifest)
    return manifest.version


def _verified(store: Path, target: Path, held: Backup) -> Path:
    """A copy of the backup's store beside where it is to be; raises DamagedStoreError and leaves nothing."""
    made = partial(target)
    shutil.rmtree(made, ignore_errors=True)
    try:
        _link(store, made)
        found = inventory(made)
        if found != held.inventory:
            raise DamagedStoreError(
                f"{store}: holds {found.quads} quads with the hash {found.sha256[:16]}, where {held.inventory.quads}"
                f" with {held.inventory.sha256[:16]} were backed up; nothing is restored"
            )
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return made


def held_versions(folder: Path) -> list[Held]:
    """The versions that a folder holds, the newest first; raises NoStoreError and DamagedStoreError.

    Of a corpus also those whose snapshots have been removed.
    """
    seen: set[int] = set()
    latest = current(folder).path
    snapshots = _snapshots(folder)
    held = [_held(snapshot, made, latest, seen) for snapshot, made in snapshots if snapshot.path.is_dir()]
    return held if kind(folder) == "plain" else _with_history(held, corpus.recorded_versions(folder))


def _with_history(held: list[Held], listed: Sequence[history.Recorded]) -> list[Held]:
    """The versions in the order in which they were recorded, the newest first, each once."""
    there = {each.version: each for each in held}
    found: dict[str, Held] = {}
    for each in reversed(listed):
        name = _version(Path(corpus.store_name(each.version)))
        gone = Held(name, "", 0, 0, is_current=False, is_read=False)
        found.setdefault(name, replace(there.pop(name, gone), recorded=each.time))
    return [*found.values(), *there.values()]


def _snapshots(folder: Path) -> list[tuple[Snapshot, str]]:
    """All versions with the time of each: of its commit, or for a corpus of its folder."""
    if kind(folder) == "plain":
        listed = reversed(versions.read_versions(folder))
        return [(versions.snapshot_of(folder, version), version.time) for version in listed]
    return [(Snapshot(_version(store), store), _utc(store.stat().st_mtime)) for store in corpus.stores(folder)]


def _version(store: Path) -> str:
    """The version that a corpus store's name tells: what identifies it of the hash of its data."""
    return store.name.removeprefix("store-")


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _held(snapshot: Snapshot, made: str, latest: Path, seen: set[int]) -> Held:
    own = {inode: size for inode, size in disk_use(snapshot.path).items() if inode not in seen}
    seen.update(own)
    in_use = is_read(snapshot.path)
    with reading(snapshot):
        quads = count(snapshot.path)
    return Held(snapshot.version, made, quads, sum(own.values()), snapshot.path == latest, in_use)
