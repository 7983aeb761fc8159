"""The process that makes calendars and views. It can be killed at any time: what it makes takes its name when whole.

It is told one thing to make, and says when it is there, or why it cannot be. One at a time makes views in a folder,
whichever process it serves; what another one has made meanwhile is not made again.
"""

import fcntl
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from pyoxigraph import RdfFormat, Store, serialize

from graph.child import Connection, bound_memory, connect
from graph.dataset import Dataset
from graph.store import Snapshot, reading
from graph.store.corpus import load, recorded_versions
from graph.store.files import partial, remove_partial, replace_file
from graph.store.history import rebuild
from graph.views.calendar import as_json, calendar, documents_known
from graph.views.selection import only_known, only_valid, read_dataset

LOCK: Final = "making.lock"

Task = Mapping[str, Any]


def main() -> None:
    """Serve one parent, for one task. Arguments: the folder of the corpus, the folder of views, bytes of memory."""
    connection = connect()
    folder, room, budget = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    received = connection.receive()
    if received is not None:
        bound_memory(budget)
        _answer(connection, folder, room, received[0])


def _answer(connection: Connection, folder: Path, room: Path, task: Task) -> None:
    try:
        make(folder, room, task)
    except MemoryError:
        connection.send({"error": "it needs more memory than a view may take"})
    except (ValueError, OSError, RuntimeError) as error:
        connection.send({"error": str(error)})
    else:
        connection.send({})


def make(folder: Path, room: Path, task: Task) -> None:
    """Make what the task names, unless it is there.

    ``do`` is ``calendar`` or ``view`` (both of the snapshot ``source``), ``version`` or ``nothing``; ``target`` is a
    name in the folder of views.
    """
    target = room / task["target"]
    with _alone(room):
        if target.exists():
            return
        remove_partial(room)
        if task["do"] == "calendar":
            with _opened(task) as store:
                replace_file(target, as_json(calendar(read_dataset(store))))
        else:
            load(target, _data(folder, task))


def _data(folder: Path, task: Task) -> bytes:
    """The N-Quads of what is to be made."""
    if task["do"] == "nothing":
        return b""
    if task["do"] == "version":
        return rebuild(folder, recorded_versions(folder), task["version"])
    with _opened(task) as store:
        return serialize(_viewed(store, task).quads(), format=RdfFormat.N_QUADS) or b""


def _viewed(store: Store, task: Task) -> Dataset:
    """What was known and valid, with all that follows from it; merged, as the view with Wikidata has it."""
    from graph.derivation import derive  # noqa: PLC0415 - rules take long to load, and only this needs them
    from graph.wikidata.deriving import derive_with_wikidata  # noqa: PLC0415
    from graph.wikidata.merging import merged_dataset  # noqa: PLC0415

    dataset, certainty = read_dataset(store), task["certainty"]
    if task["known"]:
        dataset = only_known(dataset, documents_known(dataset, task["known"], certainty))
    if task["valid"]:
        dataset = only_valid(dataset, task["valid"], certainty)
    derive(dataset)
    derive_with_wikidata(dataset)
    return merged_dataset(dataset) if task["merged"] else dataset


@contextmanager
def _opened(task: Task) -> Iterator[Store]:
    with reading(Snapshot(task["version"], Path(task["source"]))):
        yield Store.read_only(task["source"])


@contextmanager
def _alone(room: Path) -> Iterator[None]:
    with (room / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def clear(room: Path, target: str) -> None:
    """Remove what a killed process has left of a target, unless another one is making something just now."""
    with (room / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
        if partial(room / target).exists():
            remove_partial(room)


if __name__ == "__main__":
    main()
