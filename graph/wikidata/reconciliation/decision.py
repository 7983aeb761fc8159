"""What a machine could accept by itself: measured, and used for nothing else. A person judges every link.

``python -m tests.wikidata.precision`` prints how often it would be right, and how often it would find what is there.
"""

from collections.abc import Sequence
from typing import Final

from graph.wikidata.reconciliation.candidates import Candidate

LEAST_WORD: Final = 80.0
"""How alike every word of the names must be, beside all that must agree: a surname alone is no name."""
DECISIVE: Final = frozenset(("office and date", "birth"))


def acceptable(candidates: Sequence[Candidate]) -> Candidate | None:
    """The one candidate that passes the gate by a decisive fact under its whole name, with no rival; else None.

    Whoever else passes is a rival, and so is a namesake: one whose name is as alike, though a fact speaks against it.
    For the name may be that one's, and the fact be told of the wrong one of the two.
    """
    passing = [each for each in candidates if each.passes]
    found = passing[0] if len(passing) == 1 else None
    if found is None or found.word_by_word < LEAST_WORD or not _is_decided(found):
        return None
    namesakes = [each for each in candidates if each is not found and each.word_by_word >= found.word_by_word]
    return None if namesakes else found


def _is_decided(candidate: Candidate) -> bool:
    return any(each.name in DECISIVE for each in candidate.agreements)
