"""Answers of other services that are kept, each with the time at which it was given; bounded by bytes and by age."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from graph.limits import Limits

SECONDS_OF_A_DAY: Final = 86_400
_OVERHEAD: Final = 512

Key = tuple[str, str]


@dataclass(frozen=True)
class Kept:
    """What a service answered, as SPARQL, and when: in seconds since 1970."""

    values: str
    given: float


class KeptAnswers:
    """What was answered, by service and query; the one used last stays the longest."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.federated_bytes
        self._oldest = limits.federated_days * SECONDS_OF_A_DAY
        self._lock = Lock()
        self._held: OrderedDict[Key, Kept] = OrderedDict()
        self.bytes = 0

    def find(self, key: Key, now: float, age: float | None = None) -> Kept | None:
        """An answer that is no older than ``age`` in seconds, or than any may be."""
        with self._lock:
            found = self._held.get(key)
            if found and now - found.given > self._oldest:
                self._forget(key)
            elif found and (age is None or now - found.given <= age):
                self._held.move_to_end(key)
                return found
        return None

    def keep(self, key: Key, kept: Kept) -> None:
        """Keep an answer, unless it alone is too large."""
        if _size(key, kept) > self._most:
            return
        with self._lock:
            if key in self._held:
                self._forget(key)
            self._held[key] = kept
            self.bytes += _size(key, kept)
            while self.bytes > self._most:
                self._forget(next(iter(self._held)))

    def _forget(self, key: Key) -> None:
        self.bytes -= _size(key, self._held.pop(key))


def _size(key: Key, kept: Kept) -> int:
    return len(key[1]) + len(kept.values.encode()) + _OVERHEAD
