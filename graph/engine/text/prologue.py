"""Declarations that stand between the operations of an update, moved before the first.

SPARQL 1.1 Update lets each operation after a ``;`` begin with ``PREFIX`` declarations, as programs that join updates
write them; Oxigraph (0.5.13) takes them at the beginning only. They are moved there, unless one prefix is declared
twice and differently, or the text can be read in two ways: then it stays as it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from graph.engine import QuerySyntaxError
from graph.engine.text.lexer import Token, tokens
from graph.engine.text.outside import outside_groups
from graph.engine.text.rewriting import Edit

_LATER: Final = re.compile(r";(?:\s|#[^\r\n]*)*prefix\b", re.IGNORECASE)
_OPERATIONS: Final = frozenset({"add", "clear", "copy", "create", "delete", "drop", "insert", "load", "move", "with"})
_KINDS: Final = {"base": ["iri"], "prefix": ["name", "iri"]}


@dataclass(frozen=True)
class _Declaration:
    prefix: str
    iri: str
    start: int
    end: int


def first_operation(update: str) -> int | None:
    """Where the first operation begins, after nothing but ``BASE <…>`` and ``PREFIX name: <…>``; None if unclear."""
    read = tokens(update)
    for token in read:
        word = token.text.casefold() if token.kind == "word" else ""
        if word in _OPERATIONS:
            return token.start
        kinds = _KINDS.get(word)
        if kinds is None or [each.kind for each in islice(read, len(kinds))] != kinds:
            return None
    return None


def hoisted(update: str) -> tuple[Edit, ...]:
    """The edits that move later declarations before the first operation; none where there is nothing to move."""
    first = first_operation(update) if _LATER.search(update) else None
    if first is None:
        return ()
    try:
        declared = list(_declarations(list(outside_groups(update))))
    except QuerySyntaxError:
        return ()
    iris: dict[str, str] = {}
    if any(iris.setdefault(each.prefix, each.iri) != each.iri for each in declared):
        return ()
    later = [each for each in declared if each.start > first]
    moved = "".join(f"PREFIX {each.prefix} {each.iri} " for each in later)
    return Edit(first, first, moved), *(Edit(each.start, each.end, "") for each in later)


def _declarations(read: Sequence[Token]) -> Iterator[_Declaration]:
    for word, name, iri in zip(read, read[1:], read[2:], strict=False):
        if (word.text.casefold(), word.kind, name.kind, iri.kind) == ("prefix", "word", "name", "iri"):
            yield _Declaration(name.text, iri.text, word.start, iri.end)
