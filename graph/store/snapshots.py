"""Snapshots: Oxigraph stores that are never written again, and stay while somebody reads them.

A reader holds a shared lock (``flock``) on the snapshot's folder; who would remove it asks for the lock alone, and
leaves it where that is refused. The kernel releases the locks of a process that is killed. ``flock`` on a folder
works on local file systems; a folder on NFS is for one machine's readers only.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from graph.store.files import partial


class NoStoreError(ValueError):
    """The folder holds no built store, or one that cannot be read."""


class WrongKindError(ValueError):
    """The folder holds something else than the kind of store that is to be written there."""


@dataclass(frozen=True)
class Snapshot:
    """One version of the data: its id, and the immutable Oxigraph store that holds it."""

    version: str
    path: Path


@contextmanager
def reading(snapshot: Snapshot) -> Iterator[None]:
    """The snapshot is not removed meanwhile; raises NoStoreError if it has gone before."""
    with _opened(snapshot.path) as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        if not _is_same(held, snapshot.path):
            raise _gone(snapshot.path)
        yield


def prove(snapshot: Snapshot) -> None:
    """Open the snapshot once, before it takes the place of one that is known to be good; raises NoStoreError."""
    with reading(snapshot):
        try:
            Store.read_only(str(snapshot.path))
        except (OSError, ValueError, RuntimeError) as error:
            raise NoStoreError(f"{snapshot.path}: the store cannot be opened: {error}") from error


def is_read(store: Path) -> bool:
    """Whether somebody holds the snapshot in that folder."""
    with _opened(store) as held:
        return not _alone(held)


def remove_unread(store: Path) -> bool:
    """Remove the snapshot in that folder, unless somebody holds it; whether it is gone."""
    with suppress(NoStoreError), _opened(store) as held:
        if not _alone(held):
            return False
        aside = partial(store)
        store.rename(aside)
        shutil.rmtree(aside)
    return True


def disk_use(store: Path) -> dict[int, int]:
    """The bytes that each file of a snapshot takes on the disk, by inode, so that links can be counted once."""
    found = (file.stat() for file in store.iterdir())
    return {status.st_ino: status.st_blocks * 512 for status in found}


@contextmanager
def _opened(store: Path) -> Iterator[int]:
    try:
        held = os.open(store, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _gone(store) from error
    try:
        yield held
    finally:
        os.close(held)


def _alone(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_same(held: int, store: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(held), store.stat())
    except OSError:
        return False


def _gone(store: Path) -> NoStoreError:
    return NoStoreError(f"{store}: this version has been removed; read the current one")
