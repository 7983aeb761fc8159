"""Views: what was known, valid and recorded at some time, as immutable snapshots beside a corpus' own.

A view is derived from one version's own quads: only what the known documents say of what was valid then, with all
that follows from that, and nothing else; or all of it with what follows where Wikidata's tenures count. It is made
once for each set of documents and things, kept on the disk, and removed when it has been unread the longest.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Final

from graph.engine import Engine
from graph.limits import Limits
from graph.store import NoStoreError, Snapshot, reading
from graph.store.corpus import recorded_versions, snapshot_of
from graph.store.history import Recorded, recorded_by
from graph.store.snapshots import disk_use, remove_unread
from graph.views.calendar import Calendar, from_json
from graph.views.clocks import Certainty, Clocks
from graph.views.makers import Makers
from graph.views.selection import SELECTION

FOLDER: Final = "views"
_NOTHING: Final = "nothing"
_SHOWN: Final = 16
VIEWS_OPEN: Final = 8
"""How many views have an engine of their own at the same time."""
_CALENDARS: Final = 8
_TRIES: Final = 3


@dataclass(frozen=True)
class View:
    """Which data answer at a clock. Two that are equal hold the same.

    ``source`` is the version that they come from, '' before the first; ``known`` and ``valid`` are the days by which
    they are selected, where that leaves anything out; ``merged`` is whether Wikidata counts, where there is anything
    of it; and ``id`` tells the sets that are left.
    """

    id: str
    source: str
    certainty: Certainty
    known: str = ""
    valid: str = ""
    merged: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def name(self) -> str:
        """Its folder among the views."""
        return self.id[:_SHOWN] if self.id == self.source else f"{self.source[:_SHOWN]}-{self.id[:_SHOWN]}"


class Views:
    """The views of one corpus folder, made when they are asked for; may be used by several threads."""

    def __init__(
        self, folder: Path, limits: Limits, engine_on: Callable[[Snapshot], Engine], room: Path | None = None
    ) -> None:
        """``engine_on`` opens an engine on a snapshot; ``room`` is where views are kept, if not in the folder."""
        self._folder = folder
        self._room = room or folder / FOLDER
        self._limits = limits
        self._engine_on = engine_on
        self._makers = Makers(folder, self._room, limits)
        self._lock = Lock()
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._calendars: OrderedDict[str, Calendar] = OrderedDict()

    def close(self) -> None:
        """Make no more; what is there stays."""
        self._makers.close()

    def at(self, clocks: Clocks, certainty: Certainty, current: str) -> View:
        """The view that answers; ``current`` is the version that answers without clocks.

        Raises :class:`graph.views.makers.ViewBusyError` and :class:`graph.views.makers.ViewFailedError`.
        """
        found = self._recorded(clocks, current)
        if found is None:
            return View(sha256().hexdigest(), _NOTHING, certainty)
        if not (clocks.known_at or clocks.valid_at or clocks.merged):
            return View(found, found, certainty)
        calendar = self._calendar(found)
        known = calendar.known(clocks.known_at, certainty) if clocks.known_at else ""
        valid = calendar.valid(clocks.valid_at, certainty) if clocks.valid_at else ""
        merged = clocks.merged and calendar.merges
        if not (known or valid or merged):
            return View(found, found, certainty)
        name = sha256(f"{found} {known} {valid} {merged} {_rules()}".encode()).hexdigest()
        days = (clocks.known_at or "") if known else "", (clocks.valid_at or "") if valid else ""
        return View(name, found, certainty, *days, merged)

    @contextmanager
    def engine(self, view: View) -> Iterator[Engine]:
        """The engine on a view, which is made if it is not there and is not removed meanwhile.

        Raises what :meth:`at` raises.
        """
        with self._held(view) as snapshot:
            with self._lock:
                engine = self._engines.pop(view.id, None) or self._engine_on(snapshot)
                self._engines[view.id] = engine
                while len(self._engines) > VIEWS_OPEN:
                    self._engines.popitem(last=False)
            yield engine

    def _recorded(self, clocks: Clocks, current: str) -> str | None:
        """The version of which is spoken; of what was recorded after the current one nothing is known here."""
        if clocks.recorded_at is None:
            return current
        listed = _until(recorded_versions(self._folder), current)
        found = recorded_by(listed, clocks.recorded_at)
        return found.version if found else None

    def _calendar(self, version: str) -> Calendar:
        with self._lock:
            if found := self._calendars.get(version):
                return found
        found = self._read_calendar(version)
        with self._lock:
            self._calendars[version] = found
            while len(self._calendars) > _CALENDARS:
                self._calendars.popitem(last=False)
        return found

    def _read_calendar(self, version: str) -> Calendar:
        """The calendar in the folder; it is made where there is none, or one that cannot be read."""
        path = self._room / f"{version[:_SHOWN]}.json"
        with suppress(OSError, ValueError, KeyError, TypeError):
            return from_json(path.read_bytes())
        path.unlink(missing_ok=True)
        with self._held(View(version, version, "certain")) as snapshot:
            self._makers.make({"do": "calendar", "target": path.name, **_source(snapshot)})
        return from_json(path.read_bytes())

    @contextmanager
    def _held(self, view: View) -> Iterator[Snapshot]:
        """The snapshot of a view; made again where somebody removed it in that moment."""
        for left in reversed(range(_TRIES)):
            snapshot = self._snapshot(view)
            try:
                holding = reading(snapshot)
                holding.__enter__()
            except NoStoreError:
                if not left:
                    raise
                continue
            try:
                yield snapshot
            finally:
                holding.__exit__(None, None, None)
            return

    def _snapshot(self, view: View) -> Snapshot:
        """The snapshot of a view, made if it is not there."""
        own = snapshot_of(self._folder, view.id)
        if view.id == view.source and own.path.is_dir():
            return own
        path = self._room / view.name
        if not path.is_dir():
            self._make(view)
            self._tidy(path)
        with suppress(OSError):
            os.utime(path)
        return Snapshot(view.id, path)

    def _make(self, view: View) -> None:
        if view.source == _NOTHING:
            self._makers.make({"do": _NOTHING, "target": view.name})
        elif view.id == view.source:
            self._makers.make({"do": "version", "target": view.name, "version": view.id})
        else:
            asked = {name: getattr(view, name) for name in ("known", "valid", "certainty", "merged")}
            with self._held(View(view.source, view.source, "certain")) as snapshot:
                self._makers.make({"do": "view", "target": view.name, **asked, **_source(snapshot)})

    def _tidy(self, made: Path) -> None:
        """Remove the views that have been unread the longest, past the limits; what is read stays."""
        found = [path for path in self._room.iterdir() if path.is_dir() and not path.suffix and path != made]
        kept, taken = 1, sum(disk_use(made).values())
        for path in sorted(found, key=_last_read, reverse=True):
            with suppress(OSError):
                size = sum(disk_use(path).values())
                if kept < self._limits.kept_views and taken + size <= self._limits.view_bytes:
                    kept, taken = kept + 1, taken + size
                else:
                    remove_unread(path)


@cache
def _rules() -> str:
    """The hash of the rules, and of what selects: other ones derive another view from the same version."""
    folder = files("ontology").joinpath("rules")
    rules = sorted((file.name, file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".rq"))
    return sha256(repr([version("communique"), SELECTION, *rules]).encode()).hexdigest()


def _until(listed: tuple[Recorded, ...], current: str) -> tuple[Recorded, ...]:
    """The history up to the current version."""
    last = max((place for place, each in enumerate(listed, 1) if each.version == current), default=0)
    return listed[:last]


def _source(snapshot: Snapshot) -> dict[str, str]:
    return {"source": str(snapshot.path), "version": snapshot.version}


def _last_read(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0
