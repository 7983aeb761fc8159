"""Answers kept in front of Flask: for the current version of the data, by everything that they depend on.

A kept answer is the ASGI messages that were sent, so sending it again costs no thread, no Flask and no engine. The
bound is on bytes; the least recently used goes first. A new version of the data empties it.
"""

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from graph.limits import Limits
from server.asgi import Headers, Scope

Key = tuple[bytes, ...]

# With these the answer is made for the one who asks.
_PERSONAL: Final = (b"authorization", b"range", b"if-match", b"if-unmodified-since")
_NOT_KEPT: Final = frozenset({b"content-length", b"date", b"x-cache", b"x-request-id"})
_NOT_IN_304: Final = frozenset({b"content-length", b"content-type", b"content-disposition"})
_HIT: Final = (b"x-cache", b"hit")
_OVERHEAD: Final = 2048


@dataclass(slots=True)
class Kept:
    """One answer."""

    headers: Headers
    body: bytes
    route: str
    query_hash: str
    version: str
    path: str
    etag: bytes = field(init=False)
    unchanged: Headers = field(init=False)
    told: str = field(init=False)
    """What the log says of it, as the end of a JSON object."""

    def __post_init__(self) -> None:
        named = [(name, value) for name, value in self.headers if name not in _NOT_KEPT]
        self.etag = dict(named).get(b"etag", b"")
        self.unchanged = [*((name, value) for name, value in named if name not in _NOT_IN_304), _HIT]
        self.headers = [*named, (b"content-length", str(len(self.body)).encode()), _HIT]
        end = {"query": self.query_hash, "cache": "hit", "outcome": "ok", "version": self.version}
        self.told = json.dumps({"path": self.path, **end})[1:]

    @property
    def size(self) -> int:
        """Roughly what it takes of memory, in bytes."""
        return len(self.body) + _OVERHEAD


class Remembered:
    """The answers kept. It belongs to the event loop's thread."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.cache_bytes
        self.largest = min(limits.cached_answer_bytes, limits.cache_bytes)
        self._version = ""
        self._held: OrderedDict[Key, Kept] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        return len(self._held)

    def find(self, version: str, key: Key) -> Kept | None:
        """The answer kept under the key, if it is of this version, which is the current one."""
        if version != self._version:
            self._version = version
            self._held.clear()
            self.size = 0
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def keep(self, key: Key, kept: Kept) -> None:
        """Keep an answer, unless it is too large, has no ETag, or is of another version."""
        if kept.version != self._version or not kept.etag or len(kept.body) > self.largest:
            return
        self._forget(self._held.pop(key, None), key)
        self._held[key] = kept
        self.size += kept.size + _length(key)
        while self.size > self._most:
            oldest, gone = self._held.popitem(last=False)
            self._forget(gone, oldest)

    def _forget(self, kept: Kept | None, key: Key) -> None:
        if kept is not None:
            self.size -= kept.size + _length(key)


def key_of(scope: Scope, held: dict[bytes, bytes], body: bytes = b"") -> Key | None:
    """Everything that an answer depends on beside the data; None if this request's answer is for nobody else."""
    for name in _PERSONAL:
        if name in held:
            return None
    path = scope["raw_path"], scope["query_string"]
    read = held.get(b"accept", b""), held.get(b"host", b"")
    if scope["method"] in ("GET", "HEAD"):
        return *path, *read
    return (*path, *read, held.get(b"content-type", b""), body)


def matches(none_match: bytes, etag: bytes) -> bool:
    """Whether ``If-None-Match`` names the ETag: weak comparison, a list, or ``*`` (RFC 9110, 13.1.2)."""
    if not etag:
        return False
    wanted = etag.removeprefix(b"W/")
    parts = (part.strip() for part in none_match.split(b","))
    return any(part == b"*" or part.removeprefix(b"W/") == wanted for part in parts)


def unchanged(headers: Headers) -> Headers:
    """The headers of a 200 answer as those of a 304 one."""
    return [(name, value) for name, value in headers if name not in _NOT_IN_304]


def _length(key: Key) -> int:
    return sum(map(len, key))
