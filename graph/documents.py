"""Documents, passages and sentences: from quoted words to offsets.

Offsets count Unicode code points of the decoded, unnormalised text; ``text[start:end]`` is the passage.
Matching folds white space (any run of it equals one space), for texts break lines within a name.
The selectors that the offsets feed are those of the Web Annotation Data Model (sections 4.2.4 and 4.2.5).
"""

import hashlib
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

_SPACE = re.compile(r"\s+")
_LINE = re.compile(r"[^\n]*[^\s][^\n]*")
_END = re.compile(r"[.!?]+(?:\s?[\"”’»)])?[*_]*(?=\s+[*_\[(\"“‘«]*[^\W\d_a-z])")
_ABBREVIATION = re.compile(r"(?:\b(?:U\.S|U\.K|U\.N|Mr|Mrs|Ms|Dr|St|Gen|Lt|vs|No|[A-Z]))\.$")
_UNFINISHED = re.compile(r"\w$")


class EvidenceError(ValueError):
    """A quote does not stand in its document, or stands there more than once."""


class UnreadableDocumentError(ValueError):
    """A document's text is not there, is not UTF-8, or is not the text that was annotated."""


@dataclass(frozen=True)
class Span:
    """A stretch of a text: code points ``start`` (included) to ``end`` (excluded)."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


def sha256(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def fold(text: str) -> str:
    """The text with each run of white space as one space and none at the ends."""
    return _SPACE.sub(" ", text).strip()


def texts_by_hash(folder: Path) -> dict[str, str]:
    """The texts (``*.txt``) of a folder by the SHA-256 of their bytes; raises UnreadableDocumentError."""
    return {hashlib.sha256(path.read_bytes()).hexdigest(): read(path) for path in sorted(folder.glob("*.txt"))}


def read(path: Path) -> str:
    """The text of a file, its line ends as they are; raises UnreadableDocumentError."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableDocumentError(f"{path}: cannot be read as UTF-8 text: {error}") from error


def locate(text: str, quote: str, prefix: str = "") -> Span:
    """Where the one passage stands that reads as the quote, white space folded.

    ``prefix`` is what stands right before it, for a quote that occurs more than once. Raises EvidenceError with
    the nearest text where there is none, and with the places where there are several.
    """
    found = [Span(*match.span(1)) for match in _pattern(quote, prefix).finditer(text)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise EvidenceError(f"the quote is not in the text: “{quote}”; the nearest text is: “{nearest(text, quote)}”")
    places = ", ".join(f"“…{fold(text[max(0, span.start - 30) : span.start])}”" for span in found)
    raise EvidenceError(
        f"the quote stands {len(found)} times in the text: “{quote}”; give `prefix:`, one of {places}"
    )


def _pattern(quote: str, prefix: str) -> re.Pattern[str]:
    if not fold(quote):
        raise EvidenceError("the quote is empty; quote the words that carry the assertion")
    before = rf"{_loose(prefix)}\s*" if fold(prefix) else ""
    return re.compile(f"(?={before}({_loose(quote)}))" if not before else f"{before}({_loose(quote)})")


def _loose(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


def nearest(text: str, quote: str) -> str:
    """The stretch of the text most like a quote that does not stand in it, as long as the quote."""
    wanted, haystack = fold(quote), fold(text)
    matcher = SequenceMatcher(None, haystack, wanted, autojunk=False)
    block = matcher.find_longest_match()
    start = max(0, block.a - block.b)
    return haystack[start : start + len(wanted)]


def sentences(text: str) -> list[Span]:
    """The sentences of a text in order; sentence number n is item n - 1.

    A line is a block of its own, for headings carry no full stop. A block that ends in the middle of a sentence
    (no stop after its last words, though it has stops before) goes on in the next one. Nothing between two
    sentences but white space is left out.
    """
    spans: list[Span] = []
    for span, unfinished in _blocks(text):
        if spans and unfinished and spans[-1] is not None:
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return spans


def _blocks(text: str) -> list[tuple[Span, bool]]:
    """The pieces of each line, each with whether it goes on the sentence before it."""
    pieces: list[tuple[Span, bool]] = []
    goes_on = False
    for line in _LINE.finditer(text):
        spans = _pieces(line.group(), line.start())
        pieces += [(span, goes_on and index == 0) for index, span in enumerate(spans)]
        goes_on = len(spans) > 1 and bool(_UNFINISHED.search(line.group().rstrip()))
    return pieces


def _pieces(line: str, offset: int) -> list[Span]:
    cuts = [match.end() for match in _END.finditer(line) if not _ABBREVIATION.search(line[: match.end()])]
    edges = [0, *cuts, len(line)]
    raw = [(line[a:b], a) for a, b in pairwise(edges)]
    return [_trim(piece, offset + start) for piece, start in raw if piece.strip()]


def _trim(piece: str, start: int) -> Span:
    left = len(piece) - len(piece.lstrip())
    return Span(start + left, start + len(piece.rstrip()))
