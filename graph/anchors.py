"""Anchors: each quote's offsets in its document, computed from the text and locked beside the assertion file.

The lock (``graph/corpus/<document>.lock.json``) holds, per quote, offsets, sentence numbers and a hash, and, per
sentence, number, offsets and a hash. So a build without the text gives the same bytes as one with it; the text
only re-verifies.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from graph.assertions import CorpusFile, Quote, read_corpus
from graph.content import Strict
from graph.documents import (
    EvidenceError,
    Span,
    UnreadableDocumentError,
    fold,
    locate,
    sentences,
    sha256,
    texts_by_hash,
)


class StaleLockError(ValueError):
    """A lock file is missing, or was not made from the quotes that now stand in its assertion file."""


class Anchor(Strict):
    """One quote's place: code points [start, end), the sentences it touches, the hash of its exact words.

    ``exact`` is given where the words of the text differ from the quote in their white space.
    """

    assertion: str
    start: int
    end: int
    sentences: list[int]
    hash: str
    exact: str | None = None


class Sentence(Strict):
    """One sentence's number (from 1), place and hash (12 hexadecimal digits of its folded text's SHA-256)."""

    number: int
    start: int
    end: int
    hash: str


class Lock(Strict):
    """The anchors of a document's quotes, in the order of its file, and its sentences."""

    document: str
    sha256: str
    quotes: list[Anchor]
    sentences: list[Sentence]


def short_hash(text: str) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of a text with its white space folded."""
    return sha256(fold(text))[:12]


def anchor(corpus: Path, documents: Path) -> list[Path]:
    """Writes the lock of every assertion file whose text is in the folder; returns what it wrote."""
    texts = texts_by_hash(documents)
    locked = {file.lock_path: compute(file, text_of(file, texts, documents)) for file in read_corpus(corpus)}
    for path, lock in locked.items():
        partial = path.with_suffix(".partial")
        partial.write_text(dump(lock), encoding="utf-8")
        partial.replace(path)
    return list(locked)


def text_of(file: CorpusFile, texts: dict[str, str], folder: Path) -> str:
    """The document's text, known by its SHA-256; raises UnreadableDocumentError."""
    document = file.document
    place = file.source.at(("document", "sha256"))
    if document.sha256 not in texts:
        raise UnreadableDocumentError(f"{place}: no text in {folder} has this SHA-256; {document.id} is not there")
    text = texts[document.sha256]
    if len(text) != document.length:
        raise UnreadableDocumentError(f"{place}: the text has {len(text)} code points, not {document.length}")
    return text


def compute(file: CorpusFile, text: str) -> Lock:
    """The lock of a file, from its text; raises EvidenceError with file, line and the nearest text."""
    spans = sentences(text)
    return Lock(
        document=file.document.id,
        sha256=file.document.sha256,
        quotes=[_anchor(file, index, quote, text, spans) for index, quote in _quotes(file)],
        sentences=[
            Sentence(number=n, start=span.start, end=span.end, hash=short_hash(text[span.start : span.end]))
            for n, span in enumerate(spans, 1)
        ],
    )


def _quotes(file: CorpusFile) -> Iterable[tuple[int, Quote]]:
    return ((i, quote) for i, item in enumerate(file.content.assertions) for quote in item.located_quotes())


def _anchor(file: CorpusFile, index: int, quote: Quote, text: str, spans: list[Span]) -> Anchor:
    try:
        span = locate(text, quote.quote, quote.prefix)
    except EvidenceError as error:
        raise EvidenceError(f"{file.at(index, 'quote')}: {file.content.assertions[index].id}: {error}") from error
    exact = text[span.start : span.end]
    return Anchor(
        assertion=file.content.assertions[index].id,
        start=span.start,
        end=span.end,
        sentences=[n for n, sentence in enumerate(spans, 1) if sentence.overlaps(span)],
        hash=short_hash(exact),
        exact=exact if exact != quote.quote else None,
    )


def dump(lock: Lock) -> str:
    """The lock as JSON, one quote or sentence a line, so that changes can be read."""
    data = lock.model_dump(exclude_none=True)
    lines = {key: ",\n".join(f"  {json.dumps(item, ensure_ascii=False)}" for item in data.pop(key)) for key in _LISTS}
    head = "".join(f" {json.dumps(key)}: {json.dumps(value)},\n" for key, value in data.items())
    return "{\n" + head + ",\n".join(f' "{key}": [\n{body}\n ]' for key, body in lines.items()) + "\n}\n"


_LISTS = ("quotes", "sentences")


def read_lock(file: CorpusFile) -> Lock:
    """The lock of a file; raises StaleLockError where it is missing or does not fit the file's quotes."""
    advice = "run `communique anchor` beside the texts"
    try:
        lock = Lock.model_validate_json(file.lock_path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise StaleLockError(f"{file.lock_path}: cannot be read as a lock ({error}); {advice}") from error
    if (lock.document, lock.sha256) != (file.document.id, file.document.sha256):
        raise StaleLockError(f"{file.lock_path}: was made from another document than {file.document.id}; {advice}")
    _check_quotes(file, lock, advice)
    return lock


def _check_quotes(file: CorpusFile, lock: Lock, advice: str) -> None:
    quotes = list(_quotes(file))
    for (index, quote), found in zip(quotes, lock.quotes, strict=False):
        wanted = file.content.assertions[index].id, short_hash(quote.quote)
        exact = found.exact or quote.quote
        placed = found.end - found.start == len(exact) and found.start >= 0 and found.end <= file.document.length
        if (found.assertion, found.hash) != wanted or short_hash(exact) != found.hash or not placed:
            raise StaleLockError(
                f"{file.at(index, 'quote')}: {wanted[0]}: the quote or its place is not as it was locked; {advice}"
            )
    if len(quotes) != len(lock.quotes):
        raise StaleLockError(f"{file.lock_path}: locks {len(lock.quotes)} quotes of {len(quotes)}; {advice}")


def verified(file: CorpusFile, text: str) -> Lock:
    """The lock of a file, every quote of which stands in the text; raises EvidenceError or StaleLockError."""
    computed = compute(file, text)
    if read_lock(file) != computed:
        raise StaleLockError(f"{file.lock_path}: its offsets are not those of the text; run `communique anchor`")
    return computed


def locks(corpus: Iterable[CorpusFile], documents: Path | None) -> Iterator[tuple[CorpusFile, Lock]]:
    """Each file with its lock: checked against the texts of a folder, or, without one, as it is locked."""
    if documents is not None and not documents.is_dir():
        raise UnreadableDocumentError(
            f"{documents}: no such folder of texts; leave --documents out to do without them"
        )
    texts = texts_by_hash(documents) if documents else {}
    for file in corpus:
        yield file, verified(file, text_of(file, texts, documents)) if documents else read_lock(file)
