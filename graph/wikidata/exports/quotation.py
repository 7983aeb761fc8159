"""Quotations as Wikidata takes them (P1683): 400 characters at the most, and never cut within a sentence."""

from typing import Final

from graph.documents import fold, sentences

LONGEST: Final = 400
"""What a monolingual text of Wikidata may hold, in characters."""


def quotation(text: str) -> str:
    """The text, or as many of its first sentences as fit; ``""`` if not even the first one does."""
    whole = fold(text)
    if len(whole) <= LONGEST:
        return whole
    ends = [span.end for span in sentences(whole)[:-1] if span.end <= LONGEST]
    return whole[: ends[-1]] if ends else ""
