"""What is known of a query's parameters, worked out before a store is asked that would get it wrong.

A saved query declares its parameters as ``VALUES (?a ?b) { (UNDEF UNDEF) }``; one that is not given stays UNDEF. By
the standard that is the same as no such column. Virtuoso 7 lets ``FILTER (BOUND(?a))`` pass in such a group, loses
rows of joins with it, and plans them badly. So, for such a store,

- a group that is nothing but one row and a FILTER on what is bound in it (it guards one way of asking) becomes what
  that comes to: the row, or a pattern that matches nothing;
- columns that are UNDEF in the one row of a block are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from graph.engine.text.lexer import Token, tokens
from graph.namespaces import GRAPH_NONE

_SELECT: Final = frozenset({"select", "distinct", "reduced"})
_UNBOUND: Final = "undef"
_SHAPE: Final = "(){()}"
_NOTHING: Final = f"{{ {GRAPH_NONE} {GRAPH_NONE} {GRAPH_NONE} }}"


@dataclass
class _Block:
    """``VALUES`` with brackets and one row of plain terms, and the number of the token after it."""

    start: int
    end: int = 0
    after: int = 0
    brackets: str = ""
    variables: list[str] = field(default_factory=list)
    row: list[str] = field(default_factory=list)

    @property
    def bound(self) -> dict[str, bool]:
        """Which of its variables it binds."""
        return {v: term.casefold() != _UNBOUND for v, term in zip(self.variables, self.row, strict=True)}

    @property
    def text(self) -> str:
        """The block without the columns that are unbound."""
        bound = self.bound
        kept = [(v, term) for v, term in zip(self.variables, self.row, strict=True) if bound[v]]
        names, terms = (" ".join(part) for part in zip(*kept, strict=True)) if kept else ("", "")
        return f"VALUES ({names}) {{ ({terms}) }}" if kept else ""


def worked_out(query: str) -> str:
    """The query, which means the same, without guards and unbound columns; as it is, if ``SELECT *`` shows them."""
    if _UNBOUND not in query.casefold():
        return query
    read = list(tokens(query))
    if any(token.text == "*" and before.text.casefold() in _SELECT for before, token in pairwise(read)):
        return query
    for start, end, text in reversed(list(_changes(read))):
        query = query[:start] + text + query[end:]
    return query


def _changes(read: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    """From where to where something stands, and what comes in its place."""
    for number, token in enumerate(read):
        block = _block(read, number) if token.text.casefold() == "values" and token.kind == "word" else None
        if block is None:
            continue
        guard = _guard(read, number, block)
        if guard:
            yield guard
        elif not all(block.bound.values()):
            yield block.start, block.end, block.text


def _block(read: Sequence[Token], number: int) -> _Block | None:
    """The block that begins with a token, if it is of the usual kind."""
    block = _Block(read[number].start)
    for after, token in enumerate(read[number + 1 :], number + 2):
        if not _take(block, token):
            return None
        if block.brackets == _SHAPE:
            block.end, block.after = token.end, after
            return block if len(block.variables) == len(block.row) else None
    return None


def _take(block: _Block, token: Token) -> bool:
    """Read one token of a block; whether it is still of the usual kind."""
    if token.kind == "sign" and token.text in "(){}":
        block.brackets += token.text
        return _SHAPE.startswith(block.brackets)
    if block.brackets == "(" and token.kind == "variable":
        block.variables.append("?" + token.text[1:])
        return True
    return block.brackets == "(){(" and _term(block.row, token)


def _term(row: list[str], token: Token) -> bool:
    """Add a term, or what belongs to the string before it; whether it is a plain one."""
    if token.kind in ("string", "iri", "name", "word"):
        if row and row[-1].endswith("^^"):
            row[-1] += token.text
        else:
            row.append(token.text)
        return True
    if row and row[-1][0] in "'\"" and (token.kind == "language" or token.text == "^"):
        row[-1] += token.text
        return True
    return False


def _guard(read: Sequence[Token], number: int, block: _Block) -> tuple[int, int, str] | None:
    """What the group around a block comes to, if it guards; from where to where it stands."""
    rest = [token.text.casefold() for token in read[block.after : block.after + 2]]
    if number == 0 or read[number - 1].text != "{" or rest != ["filter", "("]:
        return None
    end = next((n for n in range(block.after, len(read)) if read[n].text in "{}"), len(read))
    if end == len(read) or read[end].text == "{":
        return None
    words = [token.text.casefold() if token.kind == "word" else token.text for token in read[block.after + 1 : end]]
    truth = _Truth(words, block.bound).value()
    if truth is None:
        return None
    return read[number - 1].start, read[end].end, f"{{ {block.text} }}" if truth else _NOTHING


class _Truth:
    """Reads a condition of ``BOUND``, ``!``, ``&&``, ``||`` and brackets."""

    def __init__(self, words: list[str], bound: dict[str, bool]) -> None:
        self._words = [*words, ""]
        self._bound = bound
        self._at = 0

    def value(self) -> bool | None:
        """Whether it is true; None if it is another kind of condition."""
        try:
            found = self._either()
        except (KeyError, ValueError):
            return None
        return found if self._words[self._at] == "" else None

    def _either(self) -> bool:
        found = self._both()
        while self._words[self._at] == "|":
            self._expect("||")
            found = self._both() or found
        return found

    def _both(self) -> bool:
        found = self._one()
        while self._words[self._at] == "&":
            self._expect("&&")
            found = self._one() and found
        return found

    def _one(self) -> bool:
        word = self._next()
        if word == "!":
            return not self._one()
        if word == "bound":
            self._expect("(")
            found = self._bound["?" + self._next()[1:]]
        elif word == "(":
            found = self._either()
        else:
            raise ValueError(word)
        self._expect(")")
        return found

    def _next(self) -> str:
        self._at += 1
        return self._words[self._at - 1]

    def _expect(self, signs: str) -> None:
        for sign in signs:
            if self._next() != sign:
                raise ValueError(sign)
