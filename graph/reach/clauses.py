"""Where a text has SERVICE clauses and LOAD operations, as far as each is written so that it can be read in one way.

What is written otherwise (glued to a number, ``SERVICE:x``, without a group) is not found here: it stays in the text,
and the guard, which reads the text after it has been rewritten, refuses it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from graph.engine import QuerySyntaxError
from graph.engine.text.lexer import Token, is_unclear, tokens, where

_OPENING: Final = {"{": "}", "(": ")", "[": "]"}
MOST: Final = 50
_LENGTH_OF_A_DECLARATION: Final = {"prefix": 3, "base": 2}


@dataclass(frozen=True)
class Clause:
    """``SERVICE [SILENT] target { … }`` or ``LOAD [SILENT] target [INTO GRAPH …]``, and where it stands.

    ``iri`` is None for a variable or a prefix that is not declared; ``rest`` is the group with its braces, or the
    graph; ``declarations`` are the BASE and PREFIX declarations that hold there.
    """

    start: int
    end: int
    line: int
    column: int
    iri: str | None
    silent: bool
    rest: str
    declarations: str


def service_clauses(text: str) -> list[Clause]:
    """The SERVICE clauses of a query or update, from left to right, but for those inside others.

    Raises :class:`QuerySyntaxError` for a text that could be read in two ways, or has more than ``MOST``.
    """
    return _at_most(_Text(text).services(), "SERVICE clauses")


def load_operations(text: str) -> list[Clause]:
    """The LOAD operations of an update, from left to right; raises :class:`QuerySyntaxError` as above."""
    return _at_most(_Text(text).loads(), "LOAD operations")


def _at_most(clauses: Iterator[Clause], kind: str) -> list[Clause]:
    found = list(islice(clauses, MOST + 1))
    if len(found) > MOST:
        raise QuerySyntaxError(f"at most {MOST} {kind} are taken at once", found[-1].line, found[-1].column)
    return found


class _Text:
    """A text as its tokens, which of its brackets close which others (by their numbers), and its declarations."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[Token] = []
        self._ends: dict[int, int] = {}
        self._read()
        self._declarations = list(_declarations(self._tokens))

    def _read(self) -> None:
        open_brackets: list[int] = []
        for token in tokens(self._text):
            around = self._tokens[open_brackets[-1]].text if open_brackets else ""
            if self._tokens and is_unclear(token, self._tokens[-1], around):
                raise QuerySyntaxError("put a space after '<' if it is less than", *where(self._text, token))
            if token.kind == "sign" and around and token.text == _OPENING[around]:
                self._ends[open_brackets.pop()] = len(self._tokens)
            elif token.kind == "sign" and token.text in _OPENING:
                open_brackets.append(len(self._tokens))
            self._tokens.append(token)

    def services(self) -> Iterator[Clause]:
        """The SERVICE clauses that have a target and a group."""
        read, position = self._tokens, 0
        for index, token in enumerate(read):
            if index < position or not _is_keyword(token, "service"):
                continue
            target, silent = _target(read, index)
            closing = self._ends.get(target + 1)
            if closing is not None and read[target + 1].text == "{" and _is_target(read[target]):
                position = closing
                group = self._text[read[target + 1].start : read[closing].end]
                yield self._clause(token, read[target], read[closing], silent, group)

    def loads(self) -> Iterator[Clause]:
        """The LOAD operations that have a target; none is inside a group."""
        read, position = self._tokens, 0
        for index, token in enumerate(read):
            if index < position:
                continue
            position = self._ends.get(index, position)
            target, silent = _target(read, index)
            if not _is_keyword(token, "load") or target >= len(read) or not _is_target(read[target]):
                continue
            into = [each.text.casefold() for each in read[target + 1 : target + 3]] == ["into", "graph"]
            last = target + 3 if into and target + 3 < len(read) else target
            yield self._clause(token, read[target], read[last], silent, read[last].text if last > target else "")

    def _clause(self, first: Token, target: Token, last: Token, silent: bool, rest: str) -> Clause:
        declared = [each for each in self._declarations if each[0].start < first.start]
        written = "".join(self._text[each[0].start : each[-1].end] + "\n" for each in declared)
        line, column = where(self._text, first)
        return Clause(first.start, last.end, line, column, _iri(target, declared), silent, rest, written)


def _is_keyword(token: Token, keyword: str) -> bool:
    return token.kind == "word" and token.text.casefold() in (keyword, f"{keyword}silent")


def _target(read: Sequence[Token], index: int) -> tuple[int, bool]:
    """The number of the token after the keyword and SILENT, and whether there is SILENT."""
    if read[index].text.casefold().endswith("silent"):
        return index + 1, True
    silent = [each.text.casefold() for each in read[index + 1 : index + 2]] == ["silent"]
    return (index + 2, True) if silent else (index + 1, False)


def _is_target(token: Token) -> bool:
    return token.kind in ("iri", "name", "variable")


def _declarations(read: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The declarations among tokens: a word, a prefix unless it is BASE, an IRI."""
    for index, token in enumerate(read):
        length = _LENGTH_OF_A_DECLARATION.get(token.text.casefold(), 0) if token.kind == "word" else 0
        found = read[index : index + length]
        if length and len(found) == length and found[-1].kind == "iri":
            yield found


def _iri(target: Token, declared: Sequence[Sequence[Token]]) -> str | None:
    """What a target names, letter by letter: a relative IRI stays one, and is on no list."""
    if target.kind == "iri":
        return target.text[1:-1]
    prefix, _, local = target.text.partition(":")
    for found in reversed(declared):
        if target.kind == "name" and found[1].text == f"{prefix}:":
            return found[-1].text[1:-1] + local.replace("\\", "")
    return None
