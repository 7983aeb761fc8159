"""Names found again among thousands: by the same letters, by the same words, and by rapidfuzz among those near.

Only names that begin a word alike are compared, so that sixty things among seven thousand items take a second.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from rapidfuzz import fuzz, process

from graph.wikidata.reconciliation.likeness import fold, likeness_of_spelled, spell

_BEGINNING: Final = 2


class NameIndex:
    """Names by what they name: the identifiers of those whose names are alike."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names`` are pairs of an identifier and one of its names."""
        self._folded: dict[str, set[str]] = defaultdict(set)
        self._named: dict[str, set[str]] = defaultdict(set)
        for identifier, name in names:
            self._folded[fold(name)].add(identifier)
            self._named[spell(name)].add(identifier)
        for empty in (self._folded, self._named):
            empty.pop("", None)
        self._blocks: dict[str, set[str]] = defaultdict(set)
        self._words: dict[str, set[str]] = defaultdict(set)
        for spelled in self._named:
            for word in spelled.split():
                self._words[word].add(spelled)
                self._blocks[word[:_BEGINNING]].add(spelled)

    def exact(self, names: Iterable[str]) -> set[str]:
        """The identifiers of what has one of these names, but for case, width, diacritics, script and punctuation."""
        return set().union(*(self._folded.get(fold(name), ()) for name in names))

    def near(self, names: Iterable[str], least: float) -> dict[str, float]:
        """How alike the best name of each is to the best of these, at least ``least`` of 100, by identifier."""
        found: dict[str, float] = {}
        for wanted in dict.fromkeys(map(spell, names)):
            for spelled, alike in self._alike(wanted, least):
                for identifier in self._named[spelled]:
                    found[identifier] = max(alike, found.get(identifier, 0.0))
        return found

    def _alike(self, wanted: str, least: float) -> Iterator[tuple[str, float]]:
        words = wanted.split()
        block = set().union(*(self._blocks.get(word[:_BEGINNING], ()) for word in words))
        for spelled, alike, _ in process.extract(wanted, block, scorer=fuzz.ratio, score_cutoff=least, limit=None):
            yield spelled, alike
        for spelled in self._parts(set(words)):
            alike = likeness_of_spelled(wanted, spelled)
            if alike >= least:
                yield spelled, alike

    def _parts(self, words: set[str]) -> Iterator[str]:
        """The names that have all of these words, or no others."""
        shared = Counter(spelled for word in words for spelled in self._words.get(word, ()))
        for spelled, count in shared.items():
            if count in (len(words), len({*spelled.split()})):
                yield spelled
