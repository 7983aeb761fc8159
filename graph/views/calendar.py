"""The calendar of a version: on which days the sets of what is known, and of what is valid, become other ones.

A set is told by a hash that grows and shrinks with it: the sum of its members' hashes (Bellare and Micciancio 1997,
AdHash). So equal sets of two days, or of the certain and the possible view, are seen to be equal without listing
them, and share one view.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.dataset import Dataset
from graph.facts import known
from graph.views.clocks import Certainty
from graph.views.selection import WHEN, Span, published

_MODULUS: Final = 1 << 256
_ALWAYS: Final = "0000-00-00"
_UNDATED: Final = "what has no date"

Change = tuple[str, int]


@dataclass(frozen=True)
class Steps:
    """The hash of a set from each of some days on, in the order of days; before the first it is 0, the empty set."""

    days: tuple[str, ...]
    sums: tuple[str, ...]

    def at(self, day: str) -> str:
        """The hash on a day."""
        place = bisect_right(self.days, day)
        return self.sums[place - 1] if place else f"{0:064x}"


@dataclass(frozen=True)
class Calendar:
    """Which documents were known, and which things valid, on each day; ``all_…`` are the hashes of all of them.

    ``merges`` is whether there is anything of Wikidata, so that the view with it is another one.
    """

    certainly_known: Steps
    possibly_known: Steps
    all_known: str
    certainly_valid: Steps
    possibly_valid: Steps
    all_valid: str
    merges: bool

    def known(self, day: str, certainty: Certainty) -> str:
        """The hash of the documents known on a day; '' for all."""
        found = (self.certainly_known if certainty == "certain" else self.possibly_known).at(day)
        return "" if found == self.all_known else found

    def valid(self, day: str, certainty: Certainty) -> str:
        """The hash of the things valid on a day; '' for all."""
        found = (self.certainly_valid if certainty == "certain" else self.possibly_valid).at(day)
        return "" if found == self.all_valid else found


def calendar(dataset: Dataset) -> Calendar:
    """The calendar of a version's dataset."""
    documents = {node.value: span for node, span in published(dataset).items()}
    things = dict(_things(dataset))
    return Calendar(
        _steps((span.end_latest, _hash(name)) for name, span in documents.items() if span.end_latest),
        _steps((span.start_earliest or _ALWAYS, _hash(name)) for name, span in documents.items()),
        _sum(map(_hash, documents)),
        _steps(_within(((name, span.certainly()) for name, span in things.items()))),
        _steps([(_ALWAYS, _hash(_UNDATED)), *_within((name, span.possibly()) for name, span in things.items())]),
        _sum(map(_hash, [_UNDATED, *things])),
        bool(dataset.slices),
    )


def _things(dataset: Dataset) -> Iterator[tuple[str, Span]]:
    """The dated things, each as one assertion has it."""
    for name, graph in dataset.assertions.items():
        for node, about in known(graph).items():
            if WHEN in about:
                yield f"{name.value} {node.value}", Span.of(about)


def _within(found: Iterable[tuple[str, tuple[str | None, str | None] | None]]) -> Iterator[Change]:
    """A thing comes on the first of its days, and goes after the last."""
    for name, days in found:
        if days is not None:
            yield days[0] or _ALWAYS, _hash(name)
            if days[1] and days[1] < date.max.isoformat():
                yield (date.fromisoformat(days[1]) + timedelta(1)).isoformat(), -_hash(name)


def _steps(changes: Iterable[Change]) -> Steps:
    by_day: dict[str, int] = defaultdict(int)
    for day, change in changes:
        by_day[day] += change
    days, sums, total = sorted(by_day), [], 0
    for day in days:
        total = (total + by_day[day]) % _MODULUS
        sums.append(f"{total:064x}")
    return Steps(tuple(days), tuple(sums))


def _hash(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest())


def _sum(hashes: Iterable[int]) -> str:
    return f"{sum(hashes) % _MODULUS:064x}"


def documents_known(dataset: Dataset, day: str, certainty: Certainty) -> set[NamedNode]:
    """The documents known on a day."""
    return {node for node, span in published(dataset).items() if span.published(day, certainty)}


def as_json(held: Calendar) -> bytes:
    """The calendar as it is written down."""
    return json.dumps(asdict(held), indent=1, sort_keys=True).encode()


def from_json(data: bytes) -> Calendar:
    """The calendar that was written down; raises ValueError, KeyError or TypeError for anything else."""
    told: dict[str, Any] = json.loads(data)
    steps = {
        name: Steps(tuple(value["days"]), tuple(value["sums"]))
        for name, value in told.items()
        if isinstance(value, dict)
    }
    return Calendar(**{**told, **steps})
