"""The folder of raw records: the bytes that were retrieved, as they came, never edited.

``bytes/<SHA-256>`` holds the bytes, and beside that folder one JSON file for each retrieval says where from and when:
address, media type, day, SHA-256, and what else the site told. Names follow from contents and files appear whole
(they are written under another name and renamed, the bytes first), so that two writers do not disturb each other, one
that is killed leaves no half of a record, and keeping the same again changes nothing. The same bytes from another
address or on another day are one more retrieval of the same bytes: that something had not changed is worth knowing.

What is read is checked against its SHA-256: bytes that were changed since stop with a :class:`RecordError`.
"""

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

__all__ = ["Record", "RecordError", "keep", "kept", "record_of"]

_BYTES = "bytes"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


class RecordError(ValueError):
    """A record is not what it was when it was kept, or cannot be kept as it is told."""


@dataclass(frozen=True, order=True)
class Record:
    """A retrieval: the day (``2026-04-21``), address and media type, and the SHA-256 of the bytes.

    ``revision`` is that of the one entity that was asked for, if one was and the site told; ``etag`` and
    ``last_modified`` are as the site sent them. ``positions`` are the items of offices by the names that a table of
    office holders has for them, which is part of how its rows are to be read.
    """

    retrieved: str
    url: str
    media_type: str
    sha256: str
    revision: str = ""
    etag: str = ""
    last_modified: str = ""
    positions: tuple[tuple[str, str], ...] = ()
    folder: Path = Path()

    def read(self) -> bytes:
        """The bytes, checked; raises RecordError."""
        path = self.folder / _BYTES / self.sha256
        try:
            data = path.read_bytes()
        except OSError as error:
            raise RecordError(f"{path}: the bytes of {self.url} cannot be read: {error.strerror}") from error
        if sha256(data).hexdigest() != self.sha256:
            raise RecordError(
                f"{path}: the bytes of {self.url} were changed after {self.retrieved}; restore them, or remove the "
                f"file and {_name(self)}, and retrieve them again"
            )
        return data


def record_of(
    data: bytes,
    *,
    url: str,
    media_type: str,
    retrieved: str,
    revision: str = "",
    etag: str = "",
    last_modified: str = "",
    positions: Mapping[str, str] | None = None,
    folder: Path = Path(),
) -> Record:
    """The record that bytes would be kept as, which is not kept yet; raises RecordError."""
    _check(url, retrieved)
    digest = sha256(data).hexdigest()
    named = tuple(sorted((positions or {}).items()))
    return Record(retrieved, url, media_type, digest, revision, etag, last_modified, named, folder)


def keep(
    folder: Path,
    data: bytes,
    *,
    url: str,
    media_type: str,
    retrieved: str,
    revision: str = "",
    etag: str = "",
    last_modified: str = "",
    positions: Mapping[str, str] | None = None,
) -> Record:
    """Keep bytes that were retrieved from an address on a day; raises RecordError and OSError."""
    record = record_of(
        data,
        url=url,
        media_type=media_type,
        retrieved=retrieved,
        revision=revision,
        etag=etag,
        last_modified=last_modified,
        positions=positions,
        folder=folder,
    )
    (folder / _BYTES).mkdir(parents=True, exist_ok=True)
    _put(folder / _BYTES / record.sha256, data)
    _put(folder / _name(record), _written(record))
    return record


def kept(folder: Path) -> tuple[Record, ...]:
    """The records of a folder, the oldest first; none if there is no folder. Raises RecordError."""
    return tuple(sorted(_read(path) for path in folder.glob("*.json")))


def _check(url: str, retrieved: str) -> None:
    if not _ADDRESS.fullmatch(url):
        raise RecordError(f"'{url}' is no address: give the one that the bytes came from")
    if not _is_day(retrieved):
        raise RecordError(f"'{retrieved}' is no day: write the day of retrieval, such as 2026-04-21")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _written(record: Record) -> bytes:
    told = {name: value for name, value in asdict(record).items() if value and name != "folder"}
    if record.positions:
        told["positions"] = dict(record.positions)
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _name(record: Record) -> str:
    return f"{record.retrieved}.{sha256(_written(record)).hexdigest()[:32]}.json"


def _put(path: Path, data: bytes) -> None:
    """Write a file under a name that follows from its contents: what is already there is the same, or is mended."""
    if path.exists() and path.read_bytes() == data:
        return
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _read(path: Path) -> Record:
    try:
        told = json.loads(path.read_bytes())
        told["positions"] = tuple(sorted(told.get("positions", {}).items()))
        record = Record(**told, folder=path.parent)
        _check(record.url, record.retrieved)
        sound = _name(record) == path.name and _DIGEST.fullmatch(record.sha256)
    except (AttributeError, OSError, RecursionError, TypeError, ValueError) as error:
        raise RecordError(f"{path}: this is no record: {error}") from error
    if not sound:
        raise RecordError(f"{path}: this record was changed after it was kept: remove it and retrieve it again")
    return record
