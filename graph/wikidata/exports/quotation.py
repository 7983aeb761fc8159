"""Quotations as Wikidata takes them (P1683): 400 characters at the most, and never cut within a sentence.

A full stop after an initial, an abbreviation, or a short word with a capital (*Adm.*, *Ltd.*, *Sept.*) may be none of
the sentence, so nothing is cut there; nor where a bracket or a quotation within the words is still open.
"""

import re
from typing import Final

from graph.documents import fold, sentences

LONGEST: Final = 400
"""What a monolingual text of Wikidata may hold, in characters."""
_LAST_WORD: Final = re.compile(r"(?P<word>\S*?)(?P<stop>[.!?…]+)[\"”’»)*_\]]*$")
_SHORT: Final = 5
_ABBREVIATIONS: Final = frozenset(
    (
        "approx", "art", "assoc", "bros", "ca", "cf", "cmdr", "comdr", "dept", "ed", "eds", "esp", "est", "etc",
        "ext", "fig", "hon", "incl", "jr", "max", "messrs", "min", "misc", "no", "nos", "pp", "pres", "resp", "sr",
        "vol", "vols", "vs", "al", "гг", "др", "им", "млн", "млрд", "обл", "пр", "руб", "св", "см", "ср", "тыс",
        "ул", "чел",
    )
)  # fmt: skip
_PAIRS: Final = ("()", "[]", "“”", "«»", "「」", "『』")


def quotation(text: str) -> str:
    """The text, or as many of its first sentences as certainly end and fit; ``""`` if not even the first one does."""
    whole = fold(text)
    if len(whole) <= LONGEST:
        return whole
    begun = (whole[: span.end] for span in sentences(whole)[:-1] if span.end <= LONGEST)
    return max(filter(_is_ended, begun), key=len, default="")


def _is_ended(text: str) -> bool:
    """Whether a text certainly ends where a sentence ends."""
    if text.count('"') % 2 or any(text.count(first) != text.count(last) for first, last in _PAIRS):
        return False
    match = _LAST_WORD.search(text)
    return match is not None and (match["stop"] != "." or not _is_shortened(match["word"].strip("\"“«(['*_")))


def _is_shortened(word: str) -> bool:
    """Whether a stop after a word may mark an initial or an abbreviation: ``J``, ``p.m``, ``Adm``, ``etc``."""
    letters = word.rpartition("-")[2]
    short = len(letters) <= 1 or (letters[:1].isupper() and len(letters) <= _SHORT)
    return short or "." in word or letters.casefold() in _ABBREVIATIONS
