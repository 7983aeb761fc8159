"""The versions of a plain store: ``plain.json`` lists them, ``versions/`` holds a snapshot of each.

A version's id is its number and random digits, so that no two stores ever share one. Versions are ordered by their
number; the times at which they were committed are the machine's clock's, and only decide what is too old.
"""

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from graph.limits import Limits
from graph.store.files import replace_file, sync
from graph.store.snapshots import NoStoreError, Snapshot, disk_use, remove_unread

MANIFEST: Final = "plain.json"
FOLDER: Final = "versions"
_ID: Final = re.compile(r"\d{6,}-[0-9a-f]{16}")
_DAY: Final = 24 * 60 * 60


@dataclass(frozen=True)
class Version:
    """One committed version of a plain store: its id, and when it was committed (ISO 8601, UTC)."""

    id: str
    time: str

    @property
    def number(self) -> int:
        """Its place in the order of all versions."""
        return int(self.id.partition("-")[0])


def next_version(versions: Sequence[Version]) -> Version:
    """A new version after those given, committed now."""
    now = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
    number = versions[-1].number + 1 if versions else 1
    return Version(f"{number:06}-{secrets.token_hex(8)}", now)


def path_of(folder: Path, version: Version) -> Path:
    """Where a version's snapshot is."""
    return folder / FOLDER / version.id


def snapshot_of(folder: Path, version: Version) -> Snapshot:
    """A version's snapshot."""
    return Snapshot(version.id, path_of(folder, version))


def read_versions(folder: Path) -> tuple[Version, ...]:
    """The versions of a plain folder, oldest first; the last one is current, others may have gone. NoStoreError."""
    try:
        versions = _parsed(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise NoStoreError(
            f"{folder}: no plain store is there ({error}); `communique serve --plain` makes one"
        ) from error
    if not path_of(folder, versions[-1]).is_dir():
        raise NoStoreError(f"{folder}: its version {versions[-1].id} is gone; restore a backup")
    return versions


def _parsed(found: Mapping[str, Any]) -> tuple[Version, ...]:
    listed = tuple(sorted((Version(**each) for each in found["versions"]), key=lambda version: version.number))
    if not listed or listed[-1].id != found["current"]:
        raise ValueError("the current version is not the last one listed")
    return listed


def write_versions(folder: Path, versions: Sequence[Version]) -> None:
    """Make the last of these, whose snapshot is in the folder, the current one."""
    told = {"kind": "plain", "current": versions[-1].id, "versions": [asdict(each) for each in versions]}
    replace_file(folder / MANIFEST, (json.dumps(told, indent=1) + "\n").encode())


class Kept:
    """The versions that a plain folder keeps, for its one writer."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """What the folder holds now, if anything; removes snapshots that were never committed."""
        self._folder = folder
        self._limits = limits
        self._disk_use: dict[str, dict[int, int]] = {}
        self.versions: tuple[Version, ...] = read_versions(folder) if (folder / MANIFEST).exists() else ()
        self._remove_unlisted()

    @property
    def snapshot(self) -> Snapshot | None:
        """The current version's; None where nothing was ever committed."""
        return snapshot_of(self._folder, self.versions[-1]) if self.versions else None

    def add(self, version: Version) -> None:
        """Make a version, whose snapshot is in the folder, the current one; raises OSError."""
        write_versions(self._folder, (*self.versions, version))
        self.versions = (*self.versions, version)

    def prune(self) -> None:
        """Remove what is past the limits, unless somebody reads it: then a later call will.

        The manifest lists a version that has gone until it is next written.
        """
        past = superfluous(self.versions, self._limits, self._files)
        gone = {version for version in past if remove_unread(path_of(self._folder, version))}
        self.versions = tuple(version for version in self.versions if version not in gone)
        for version in gone:
            self._disk_use.pop(version.id, None)

    def _files(self, version: Version) -> Mapping[int, int]:
        """A snapshot never changes, so that it is looked at once."""
        if version.id not in self._disk_use:
            self._disk_use[version.id] = disk_use(path_of(self._folder, version))
        return self._disk_use[version.id]

    def _remove_unlisted(self) -> None:
        """Also forgets the versions listed that have gone."""
        folder = self._folder / FOLDER
        folder.mkdir(exist_ok=True)
        sync(self._folder)
        listed = {version.id for version in self.versions}
        for path in sorted(folder.iterdir()):
            if path.name not in listed and _ID.fullmatch(path.name):
                remove_unread(path)
        self.versions = tuple(version for version in self.versions if path_of(self._folder, version).is_dir())


def superfluous(
    versions: Sequence[Version], limits: Limits, files: Callable[[Version], Mapping[int, int]]
) -> list[Version]:
    """The versions that are past the limits of count, age or bytes, but never the current one, the last.

    Bytes are what all versions kept take on the disk together; a file that several share counts once.
    """
    *older, newest = versions
    seen = dict(files(newest))
    oldest = time.time() - limits.kept_days * _DAY
    past = []
    for place, version in enumerate(reversed(older), 2):
        seen.update(files(version))
        is_over = place > limits.kept_versions or sum(seen.values()) > limits.kept_bytes
        if is_over or datetime.fromisoformat(version.time).timestamp() < oldest:
            past.append(version)
    return past
