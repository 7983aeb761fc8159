"""The history of a corpus folder: when each version was recorded, and the deltas from which an old one is rebuilt.

Between two versions ``history/`` has one compressed file: a line with both versions, then the canonical N-Quads in
which they differ, ``-`` before what was removed and ``+`` before what was added, sorted by the quad. It is symmetric:
what turns the earlier version into the later one turns that back, too. So any version is rebuilt from any other
whose N-Quads are at hand, which of the current one they always are; its hash, its version, proves it.

Recording times are data given to the build. A day means its end, here and where it is asked for.
"""

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

from graph.store.files import replace_file
from graph.store.inventory import DamagedStoreError

FOLDER: Final = "history"
_SHOWN: Final = 16
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(rf"{_DAY.pattern}T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})")
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


class RecordingTimeError(ValueError):
    """A recording time is no day or time, or lies before that of a former version."""


@dataclass(frozen=True)
class Recorded:
    """A version, the recording time given with it ('' where none was), and its delta's file ('' for the first)."""

    version: str
    time: str
    delta: str


def moment(text: str) -> datetime:
    """The time that a text names, a day by its last microsecond (UTC); raises RecordingTimeError."""
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(datetime.fromisoformat(text), time.max, UTC)
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RecordingTimeError(f"'{text}' is no day or time: {error}") from error
    raise RecordingTimeError(
        f"'{text}' is no day or time: write 2026-11-21 (its end, in UTC) or 2026-11-21T18:30:00Z"
    )


def recorded_by(listed: Sequence[Recorded], text: str) -> Recorded | None:
    """The version that was the newest at a time, the last one of several recorded at once; None before the first."""
    asked = moment(text)
    return next((each for each in reversed(listed) if _moment(each.time) <= asked), None)


def _moment(recorded: str) -> datetime:
    """A version of which no time was given has been there always."""
    return moment(recorded) if recorded else _ALWAYS


def latest(times: Iterable[str]) -> str:
    """The latest of some recording times; '' is none, and the earliest."""
    return max(times, key=_moment, default="")


def refuse_earlier(listed: Sequence[Recorded], text: str) -> None:
    """Raises RecordingTimeError where a new version would be recorded before the last one."""
    if listed and _moment(text) < _moment(listed[-1].time):
        raise RecordingTimeError(
            f"the recording time {text} lies before that of version {listed[-1].version[:_SHOWN]},"
            f" {listed[-1].time}: what was recorded then cannot be changed; give a later one"
        )


def dataset_name(version: str) -> str:
    """The file, in the store's folder, of a version's canonical N-Quads."""
    return f"dataset-{version[:_SHOWN]}.nq"


def extended(
    folder: Path, listed: tuple[Recorded, ...], version: str, data: bytes, recorded: str
) -> tuple[Recorded, ...]:
    """The history with one version more, whose delta is on the disk then; as it was if nothing has changed.

    Without a time it is recorded with the last one. Raises RecordingTimeError, and DamagedStoreError where the last
    version cannot be read.
    """
    recorded = recorded or (listed[-1].time if listed else "")
    refuse_earlier(listed, recorded)
    if listed and listed[-1].version == version:
        return listed
    name = ""
    if listed:
        name = f"{len(listed) + 1:06}-{version[:_SHOWN]}.gz"
        former = _lines(folder, listed[-1].version)
        delta = (sign + line for sign, line in difference(former, iter(data.splitlines(keepends=True))))
        (folder / FOLDER).mkdir(exist_ok=True)
        replace_file(folder / FOLDER / name, _packed(f"{listed[-1].version} {version}\n".encode(), delta))
    return (*listed, Recorded(version, recorded, name))


def difference(before: Iterator[bytes], after: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The lines in which two sorted sequences differ, with ``-`` or ``+``, sorted."""
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        if old == new:
            old, new = next(before, None), next(after, None)
        elif new is None or (old is not None and old < new):
            yield b"-", old or b""
            old = next(before, None)
        else:
            yield b"+", new
            new = next(after, None)


def rebuild(folder: Path, listed: Sequence[Recorded], version: str) -> bytes:
    """The canonical N-Quads of a version, whether or not its snapshot is there; raises DamagedStoreError."""
    wanted = _place(listed, version)
    at_hand = [place for place, each in enumerate(listed) if (folder / dataset_name(each.version)).is_file()]
    if not at_hand:
        raise DamagedStoreError(f"{folder}: no version's N-Quads are there; restore a backup")
    nearest = min(at_hand, key=lambda place: abs(place - wanted))
    lines = _lines(folder, listed[nearest].version)
    for place in range(nearest + 1, wanted + 1):
        lines = _changed(lines, folder, listed, place)
    for place in range(nearest, wanted, -1):
        lines = _changed(lines, folder, listed, place)
    data = b"".join(lines)
    if hashlib.sha256(data).hexdigest() != version:
        raise DamagedStoreError(f"{folder}: version {version[:_SHOWN]} cannot be rebuilt: its hash is another one")
    return data


def _place(listed: Sequence[Recorded], version: str) -> int:
    found = next((place for place, each in enumerate(listed) if each.version == version), None)
    if found is None:
        raise DamagedStoreError(f"version {version[:_SHOWN]} was never recorded here")
    return found


def _changed(lines: Iterator[bytes], folder: Path, listed: Sequence[Recorded], place: int) -> Iterator[bytes]:
    """The lines of one version as those of the next one or the last one, by the delta between them."""
    delta = read_delta(folder, listed[place], listed[place - 1].version)
    return (line for _, line in difference(lines, (change[1:] for change in delta)))


def read_delta(folder: Path, recorded: Recorded, before: str) -> Iterator[bytes]:
    """The lines of a version's delta from the version before; raises DamagedStoreError."""
    path = folder / FOLDER / recorded.delta
    try:
        lines = iter(gzip.decompress(path.read_bytes()).splitlines(keepends=True))
    except (OSError, EOFError, zlib.error) as error:
        raise DamagedStoreError(f"{path}: a delta of the history is lost: {error}; restore a backup") from error
    if next(lines, b"").split() != [before.encode(), recorded.version.encode()]:
        raise DamagedStoreError(f"{path}: is not the delta of version {recorded.version[:_SHOWN]}")
    return lines


def _lines(folder: Path, version: str) -> Iterator[bytes]:
    path = folder / dataset_name(version)
    try:
        return iter(path.read_bytes().splitlines(keepends=True))
    except OSError as error:
        raise DamagedStoreError(f"{path}: a version's N-Quads are lost ({error}); restore a backup") from error


def _packed(head: bytes, lines: Iterable[bytes]) -> bytes:
    """The same bytes for the same lines: no time stands in them."""
    output = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=output, mtime=0) as file:
        file.write(head)
        file.writelines(lines)
    return output.getvalue()


def remove_unlisted(folder: Path, listed: Iterable[Recorded]) -> None:
    """Remove what a killed or a former build left in the history."""
    names = {each.delta for each in listed}
    for path in (folder / FOLDER).glob("*"):
        if path.name not in names:
            path.unlink()
