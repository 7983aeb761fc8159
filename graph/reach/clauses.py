"""Where a text has SERVICE clauses and LOAD operations, as far as each is written so that it can be read in one way.

What is written otherwise (glued to a number, ``SERVICE:x``, without a group) is not found here: it stays in the text,
and the guard, which reads the text after it has been rewritten, refuses it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from graph.engine import QuerySyntaxError
from graph.engine.text.lexer import Token, where
from graph.engine.text.structure import Structure

MOST: Final = 50


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
    """A text, in which clauses and operations are looked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._structure = Structure(text)
        self._tokens, self._ends = self._structure.tokens, self._structure.ends

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
        declared = [each for each in self._structure.declarations if each[0].start < first.start]
        written = "".join(self._text[each[0].start : each[-1].end] + "\n" for each in declared)
        line, column = where(self._text, first)
        iri = self._structure.iri(target, first.start)
        return Clause(first.start, last.end, line, column, iri, silent, rest, written)


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
