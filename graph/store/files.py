"""Files that are there whole or not at all: replaced at once, linked rather than copied, and synced to the disk."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PARTIAL: Final = ".partial"
_TABLE: Final = ".sst"


class StoreBusyError(ValueError):
    """Another process is writing the folder."""


@contextmanager
def locked(folder: Path, busy: str) -> Iterator[None]:
    """The one writer of a folder, which is made if it is not there; raises StoreBusyError with the words given."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "writer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreBusyError(f"{folder}: {busy}") from error
        yield


def partial(path: Path) -> Path:
    """Where a file or folder is made before it takes its name."""
    return path.with_name(path.name + PARTIAL)


def remove_partial(folder: Path) -> None:
    """What a killed writer left; to be called by the one writer of the folder."""
    for left in folder.glob(f"*{PARTIAL}"):
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()


def replace_file(path: Path, data: bytes) -> None:
    """The file holds these bytes, or its former ones if the machine stops midway."""
    made = partial(path)
    with made.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """A file's bytes, or a folder's entries, are on the disk."""
    found = os.open(path, os.O_RDONLY)
    try:
        os.fsync(found)
    finally:
        os.close(found)


def sync_store(store: Path) -> None:
    """An Oxigraph store's folder is on the disk; its tables are already, since RocksDB syncs each as it is made."""
    for file in store.iterdir():
        if file.suffix != _TABLE:
            sync(file)
    sync(store)


def link_store(source: Path, target: Path) -> None:
    """A second Oxigraph store with the same data: its tables, never changed again, are linked; the rest is copied.

    On another file system the tables are copied too. What the copy writes later is not seen by the source.
    """
    target.mkdir(parents=True)
    for file in sorted(source.iterdir()):
        if file.suffix == _TABLE:
            link_file(file, target / file.name)
        elif file.name not in ("LOCK", "LOG"):
            shutil.copyfile(file, target / file.name)


def link_file(source: Path, target: Path) -> None:
    """The same file under another name; a synced copy where links cannot be had."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
        sync(target)
