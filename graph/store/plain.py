"""A plain store: a general SPARQL 1.1 store with updates and uploads, durable when killed.

One writing process (:mod:`graph.store.writing`) has the live store open. A commit copies it into an immutable
snapshot (hard links), syncs that to the disk, and names it in ``plain.json``; only then is the write acknowledged.
The last snapshot named is the truth: the live store is made anew from it at every start and after every failure.

Writes that wait while another one is committed are committed together, each in its own transaction: one that fails
harms no other.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from graph.limits import Limits
from graph.store import corpus
from graph.store.faults import DiskError, WriteError, WriterGoneError
from graph.store.files import PARTIAL, locked, partial, sync
from graph.store.snapshots import Snapshot, WrongKindError
from graph.store.turns import Turns, Write, Written
from graph.store.uploads import Upload
from graph.store.versions import FOLDER, MANIFEST, Kept, next_version, path_of
from graph.store.writing_child import WritingChild

logger = logging.getLogger(__name__)

__all__ = ["Condition", "PlainStore", "Upload", "Written", "WrongKindError"]

Condition = Callable[[str, bool], None]
"""Called under the write lock with the current version and whether the graph exists; raises to refuse the write."""

_BUSY: Final = "another server is writing this plain store; stop it first"
_OURS: Final = frozenset({"writer.lock", "live.lock", "live", f"live{PARTIAL}", FOLDER, MANIFEST + PARTIAL})
_TOKENS: Final = "tokens."
"""What the server keeps in the folder, maybe before there is a store."""
_SECONDS_TO_COMMIT: Final = 600.0


class PlainStore:
    """The one writer of a plain folder; may be used by several threads."""

    def __init__(self, folder: Path, limits: Limits, published: Callable[[Snapshot], object]) -> None:
        """Open the folder, or make a new store where there is nothing; ``published`` is told of each later version.

        Raises StoreBusyError, WrongKindError, NoStoreError (a damaged folder) and WriteError.
        """
        self._folder = folder.resolve()
        self._seconds = limits.update_seconds
        self._published = published
        self._turns = Turns()
        self._child = WritingChild(self._folder, limits)
        self._held = ExitStack()
        _refuse_other_kinds(self._folder)
        self._held.enter_context(locked(self._folder, _BUSY))
        self._held.callback(self._child.close)
        with self._held:
            self._kept = Kept(self._folder, limits)
            self._child.start(self._kept.snapshot)
            if self._kept.snapshot is None:
                self._commit_snapshot()
            self._is_open = True
            self._held = self._held.pop_all()

    @property
    def snapshot(self) -> Snapshot:
        """The last committed version."""
        if self._kept.snapshot is None:
            raise WriterGoneError("the plain store was never made")
        return self._kept.snapshot

    @property
    def version(self) -> str:
        """The id of the last committed version."""
        return self.snapshot.version

    @property
    def writer_pid(self) -> int | None:
        """The writing process's id; None where none runs just now."""
        return self._child.pid

    def update(self, text: str, expected: Condition | None = None) -> str:
        """Carry out a SPARQL update, all of it or nothing; returns the new version.

        Whoever calls has refused what it may not do (LOAD, SERVICE). Raises WriteError, and what ``expected`` raises.
        """
        return self._written(Write({"do": "update"}, text.encode()), None, expected).version

    def put(
        self, graph: str | None, uploads: Sequence[Upload], replace: bool, expected: Condition | None = None
    ) -> Written:
        """Put RDF into a graph (None: the default one), in place of what is there or in addition to it.

        The graph is there afterwards, even if nothing is in it. Raises WriteError, and what ``expected`` raises.
        """
        parts = [(upload.media_type, upload.base, len(upload.data)) for upload in uploads]
        task = {"do": "put", "graph": graph, "replace": replace, "uploads": parts}
        return self._written(Write(task, b"".join(upload.data for upload in uploads)), graph, expected)

    def delete(self, graph: str | None, expected: Condition | None = None) -> Written:
        """Remove a graph, or clear the default one (None); raises NoGraphError if it is not there, and WriteError."""
        return self._written(Write({"do": "delete", "graph": graph}), graph, expected)

    def close(self) -> None:
        """Finish the writes under way and let the folder go; does nothing the second time."""
        with self._turns.alone():
            self._is_open = False
            self._held.close()

    def _written(self, write: Write, graph: str | None, expected: Condition | None) -> Written:
        """A write with a condition goes alone, so that what it depends on is committed."""
        if expected is None:
            self._turns.together(write, self._commit)
        else:
            with self._turns.alone():
                expected(self.version, self._exists(graph))
                self._commit([write])
        return write.outcome()

    def _exists(self, graph: str | None) -> bool:
        if graph is None:
            return True
        self._begin()
        return bool(self._child.ask({"do": "exists", "graph": graph}, b"", self._seconds)["exists"])

    def _begin(self) -> None:
        """The live store is open, and holds what is committed and nothing else."""
        if not self._is_open:
            raise WriterGoneError("the plain store is closed: the server is stopping")
        try:
            self._child.start(self._kept.snapshot)
        except OSError as error:
            raise WriterGoneError(f"no writing process can be started: {error}") from error

    def _commit(self, writes: list[Write]) -> None:
        """Do all, and commit what could be done; each has an outcome afterwards, whatever happens."""
        try:
            while not self._done([write for write in writes if write.fault is None]):
                pass
            self._acknowledge([write for write in writes if write.fault is None])
        except WriteError as fault:
            for write in writes:
                write.fault = write.fault or fault
        finally:
            for write in writes:
                if not write.is_settled:
                    write.fault = WriterGoneError(
                        "the write was not finished: see the log, and look before sending it again"
                    )

    def _done(self, writes: list[Write]) -> bool:
        """Whether the live store now holds these, but for those that had a fault; else they must be done again."""
        self._begin()
        for write in writes:
            try:
                answer = self._child.ask(write.task, write.payload, self._seconds)
            except WriteError as fault:
                write.fault = fault
                if self._child.pid is None:
                    return False
            else:
                write.created = bool(answer.get("created"))
        return True

    def _acknowledge(self, writes: list[Write]) -> None:
        if not writes:
            return
        self._commit_snapshot()
        self._published(self.snapshot)
        for write in writes:
            write.written = Written(self.version, write.created)
        self._prune()

    def _prune(self) -> None:
        """The write is committed whatever happens here; what cannot be removed now is tried again after the next."""
        try:
            self._kept.prune()
        except OSError as error:
            logger.warning("%s: an old version could not be removed: %s", self._folder, error)

    def _commit_snapshot(self) -> None:
        """Make what the live store holds the next version; raises WriteError, and then nothing has changed."""
        version = next_version(self._kept.versions)
        target = path_of(self._folder, version)
        try:
            self._child.ask({"do": "commit", "target": str(partial(target))}, b"", _SECONDS_TO_COMMIT)
            partial(target).rename(target)
            sync(target.parent)
            self._kept.add(version)
        except OSError as error:
            self._child.kill()
            raise DiskError(f"the disk did not take it: {error}") from error


def _refuse_other_kinds(folder: Path) -> None:
    if (folder / corpus.MANIFEST).exists():
        raise WrongKindError(f"{folder}: a corpus store is built there, which takes no updates; give another folder")
    if folder.is_dir() and not (folder / MANIFEST).exists():
        others = sorted(
            path.name for path in folder.iterdir() if path.name not in _OURS and not path.name.startswith(_TOKENS)
        )
        if others:
            raise WrongKindError(
                f"{folder}: holds {others[0]}, which is no part of a plain store; give an empty folder"
            )
