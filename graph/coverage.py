"""The account of a document's sentences: each carries an assertion, or is listed with a reason why not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.anchors import Lock, locks
from graph.assertions import CorpusFile, read_corpus

LARGEST_SHARE = 0.5


class CoverageError(ValueError):
    """A listed sentence is not the one that was meant, or carries an assertion after all."""


@dataclass(frozen=True)
class Account:
    """One document: how many sentences it has, how many carry assertions, which are listed, which are neither.

    ``quoted_share`` is the part of the text's code points that stands in quotes (0 to 1).
    """

    document: str
    sentences: int
    asserted: int
    listed: dict[str, int]
    unaccounted: tuple[int, ...]
    assertions: int
    quotes: int
    quoted_share: float

    @property
    def complete(self) -> bool:
        """Whether every sentence is accounted for and less than half of the text is quoted."""
        return not self.unaccounted and self.quoted_share < LARGEST_SHARE


def accounts(corpus: Path, documents: Path | None = None) -> list[Account]:
    """The account of each assertion file of a folder; with the texts, checked against them."""
    return [account(file, lock) for file, lock in locks(read_corpus(corpus), documents)]


def account(file: CorpusFile, lock: Lock) -> Account:
    """The account of one file; raises CoverageError where its list does not fit its sentences."""
    asserted = {number for quote in lock.quotes for number in quote.sentences}
    listed = _listed(file, lock, asserted)
    return Account(
        document=file.name,
        sentences=len(lock.sentences),
        asserted=len(asserted),
        listed=dict(sorted(Counter(listed.values()).items())),
        unaccounted=tuple(s.number for s in lock.sentences if s.number not in asserted | listed.keys()),
        assertions=len(file.content.assertions),
        quotes=len(lock.quotes),
        quoted_share=_quoted(lock) / file.document.length,
    )


def _listed(file: CorpusFile, lock: Lock, asserted: set[int]) -> dict[int, str]:
    hashes = {sentence.number: sentence.hash for sentence in lock.sentences}
    listed: dict[int, str] = {}
    for index, entry in enumerate(file.content.nothing_asserted):
        place = file.source.at(("nothing-asserted", index))
        if hashes.get(entry.sentence) != entry.hash:
            raise CoverageError(f"{place}: sentence {entry.sentence} has the hash {hashes.get(entry.sentence)}")
        if entry.sentence in asserted or entry.sentence in listed:
            raise CoverageError(f"{place}: sentence {entry.sentence} carries an assertion, or is listed twice")
        listed[entry.sentence] = entry.reason
    return listed


def _quoted(lock: Lock) -> int:
    return len({point for quote in lock.quotes for point in range(quote.start, quote.end)})


def unaccounted(found: Iterable[Account]) -> list[str]:
    """One complaint per document whose account is not complete."""
    return [f"{item.document}: {_complaint(item)}" for item in found if not item.complete]


def _complaint(item: Account) -> str:
    if item.unaccounted:
        return f"sentences {', '.join(map(str, item.unaccounted))} carry no assertion and are not listed"
    return f"{item.quoted_share:.0%} of the text is quoted; quote only the words that carry the assertion"
