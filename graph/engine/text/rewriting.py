"""A text that was changed before it is run, and the way back: where an error in it is in the text as it was sent."""

import re
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from graph.engine import QueryEvaluationError, QuerySyntaxError, ServiceRefusedError
from graph.engine.text.faults import excerpt

_PLACE: Final = re.compile(r"line (\d+), column (\d+)")
_RELATIVE: Final = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.\-]*:)[^\x00-\x20<>\"{}|^`]*>")
_MADE: Final = re.compile(r"\b[iu]ri\s*\(")


@dataclass(frozen=True)
class Edit:
    """Some of the text, from ``start`` to ``end``, gives way to another text; both are offsets in what was sent."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Rewritten:
    """A query or update as it was sent, and the edits to be made to it, from left to right."""

    sent: str
    edits: tuple[Edit, ...] = ()

    @property
    def text(self) -> str:
        """What is to be run."""
        parts, position = [], 0
        for edit in self.edits:
            parts += [self.sent[position : edit.start], edit.text]
            position = edit.end
        return "".join([*parts, self.sent[position:]])

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the text as it was sent, for those in :attr:`text`; all of them count from 1."""
        offset = sum(len(each) + 1 for each in self.text.split("\n")[: line - 1]) + column - 1
        moved = 0
        for edit in self.edits:
            if offset < edit.start + moved:
                break
            if offset < edit.start + moved + len(edit.text):
                offset = edit.start + moved
                break
            moved += len(edit.text) - (edit.end - edit.start)
        before = self.sent[: offset - moved]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1

    def as_sent(self, error: QuerySyntaxError | QueryEvaluationError | ServiceRefusedError) -> Exception:
        """The same error with the place in the text that the sender knows."""
        if not isinstance(error, QuerySyntaxError):
            return type(error)(_PLACE.sub(self._moved, str(error), count=1))
        if not error.line or not error.column:
            return error
        said = str(error).removeprefix(f"line {error.line}, column {error.column}: ").partition("\n")[0]
        line, column = self.place(error.line, error.column)
        return QuerySyntaxError(said, line, column, excerpt(self.sent, line, column))

    def _moved(self, found: re.Match[str]) -> str:
        line, column = self.place(int(found[1]), int(found[2]))
        return f"line {line}, column {column}"


def with_base(query: str, base: str) -> Rewritten:
    """A query with the base of its relative IRIs, if it has any: where it was sent to (RFC 3986, 5.1.3)."""
    return Rewritten(query, (Edit(0, 0, f"BASE {NamedNode(base)} "),) if _needs_base(query) else ())


def _needs_base(query: str) -> bool:
    """Whether the query has, or may make, an IRI that is relative."""
    return _RELATIVE.search(query) is not None or _MADE.search(query.lower()) is not None
