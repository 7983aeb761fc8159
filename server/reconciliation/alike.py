"""Looking names up: exactly as they are written but for case and punctuation, or by likeness.

Likeness is asked of the names only that share most letters with the query (trigrams of the spelled names, by Dice's
coefficient; the rarest trigrams first, up to a number of names), so that no query costs much.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from typing import Final, NamedTuple

from graph.names import fold
from graph.wikidata.reconciliation.likeness import likeness_of_spelled, spell
from server.reconciliation.entities import Entity, Name

MOST_COMPARED: Final = 200
MOST_COUNTED: Final = 10_000
_WORD: Final = re.compile(r"\w+")


class Found(NamedTuple):
    """A name of an entity that was looked up, and how like the query it is: 0 to 100."""

    likeness: float
    iri: str
    name: Name


class Typed(NamedTuple):
    """A name in which some letters stand, and where: see :func:`place_of`."""

    place: int
    length: int
    iri: str
    name: Name


class NameIndex:
    """Every name of every entity."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self._names = [(entity.iri, name) for entity in entities.values() for name in entity.names]
        self._folded = [fold(name.text) for _, name in self._names]
        self._spelled = [spell(name.text) for _, name in self._names]
        self._exact: dict[str, dict[str, Name]] = defaultdict(dict)
        self._with: dict[str, list[int]] = defaultdict(list)
        self._grams: list[int] = []
        for number, (iri, name) in enumerate(self._names):
            if not name.hidden:
                self._exact[self._folded[number]].setdefault(iri, name)
            grams = _trigrams(self._spelled[number])
            self._grams.append(len(grams))
            for gram in grams:
                self._with[gram].append(number)

    def exact(self, text: str) -> Mapping[str, Name]:
        """The entities that have exactly this name, in the order of IRIs; "Lavrov, Sergei" is "Sergei Lavrov"."""
        found = self._exact.get(fold(text))
        family, comma, given = text.partition(",")
        if not found and comma:
            found = self._exact.get(fold(given + family))
        return found or {}

    def alike(self, text: str) -> list[Found]:
        """The name of each entity that is most like the text, the likest first."""
        best: dict[str, Found] = {}
        for found in self._compared(spell(text)):
            if found.iri not in best or _rank(found) < _rank(best[found.iri]):
                best[found.iri] = found
        return sorted(best.values(), key=_rank)

    def typed(self, text: str) -> list[Typed]:
        """Of each entity that has a name with the letters typed, the one where they stand best, the best first."""
        best: dict[str, Typed] = {}
        folded = fold(text)
        for (iri, name), letters in zip(self._names, self._folded, strict=True):
            place = place_of(folded, letters, name.text)
            if place is not None:
                found = Typed(place, len(name.text), iri, name)
                best[iri] = min(found, best.get(iri, found), key=lambda each: (each[:3], each.name.text))
        return sorted(best.values(), key=lambda each: each[:3])

    def _compared(self, spelled: str) -> Iterator[Found]:
        for number in self._near(_trigrams(spelled)):
            yield Found(likeness_of_spelled(spelled, self._spelled[number]), *self._names[number])

    def _near(self, grams: Iterable[str]) -> list[int]:
        """The names that share most trigrams."""
        wanted = self._rarest(grams)
        shared = Counter(number for gram in wanted for number in self._with[gram])
        return nsmallest(
            MOST_COMPARED, shared, key=lambda each: (-shared[each] / (len(wanted) + self._grams[each]), each)
        )

    def _rarest(self, grams: Iterable[str]) -> list[str]:
        """The trigrams that fewest names have, at least one, as long as they lead to few enough names."""
        found: list[str] = []
        counted = 0
        for gram in sorted(
            (each for each in grams if each in self._with), key=lambda each: (len(self._with[each]), each)
        ):
            counted += len(self._with[gram])
            if found and counted > MOST_COUNTED:
                break
            found.append(gram)
        return found


def place_of(folded: str, letters: str, text: str) -> int | None:
    """Where folded letters stand in a name: 0 all of it, 1 its beginning, 2 that of a word, 3 elsewhere; else None.

    In Japanese there are no blanks between words, so a word may begin elsewhere.
    """
    if not folded or folded not in letters:
        return None
    if letters.startswith(folded):
        return int(letters != folded)
    begins = (fold(text[match.start() :]).startswith(folded) for match in _WORD.finditer(text))
    return 2 if any(begins) else 3


def _rank(found: Found) -> tuple[float, int, str, str]:
    """Likest first; of names that are as like, the shortest."""
    return (-found.likeness, len(found.name.text), found.iri, found.name.text)


def _trigrams(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)} if text else set()
