"""Queries that would kill the process, or plan for minutes, are refused before they are parsed.

Oxigraph parses, plans and drops queries by recursion, and orders joins in time that grows with the third power or
worse. Measured on 0.5.13, in a thread's usual 8 MiB: some 3,000 parts of a chain (groups, operators, clauses,
conditions of ORDER BY, terms of DESCRIBE, projected expressions) overflow the stack and end the process, 2,000 do
not; 100 patterns that are joined are planned in 1 s, 130 in 3 s, 200 in more than 12 s. Data in a VALUES block or an
IN list cost next to nothing: 300,000 terms are read in 0.5 s, the ``^^`` of typed ones without recursion. Queries run
on a larger stack besides (``stream``).

``<`` may begin an IRI or be "less than", and the rest could hide in the wrong reading. It is counted as an IRI with
all its signs; where it could open or close a bracket, string or comment, the query has to say which it is.
"""

from re import Match
from typing import Final

from graph.engine import QueryEvaluationError, QuerySyntaxError
from graph.engine.text.lexer import BEFORE_AN_IRI, Token, hides, matches, where
from graph.limits import Limits

_SHORT: Final = 200
_USUAL: Final = Limits()
_OPENING: Final = frozenset("({[")
_CLOSING: Final = frozenset(")}]")
_TERMS: Final = frozenset({"iri", "name", "variable", "string"})
_PLAIN: Final = frozenset({"variable", "string"})
_TRUTHS: Final = frozenset({"true", "false"})
_GROUPS: Final = frozenset("{[")
_WORDS: Final = frozenset({"word", "name"})
_DATA_AFTER: Final = {"values": "{", "in": "("}
# A group after one of these, or a sub-SELECT, is planned by itself; any other is joined with what stands around it.
_APART: Final = frozenset({"union", "optional", "minus", "exists"})
_JOINS: Final = {**dict.fromkeys("{[,;./", 1), **dict.fromkeys("~<", 2)}


def refuse_complexity(query: str, limits: Limits = _USUAL) -> None:
    """Raise :class:`QueryEvaluationError` for a query so deep, long or wide that the engine could fail on it."""
    if len(query) <= _SHORT:
        return
    counts = _Counts(limits)
    for found in matches(query):
        kind, text = found.lastgroup, found[0]
        if kind == "space":
            continue
        if kind == "sign":
            counts.take_sign(text, found)
        elif kind == "iri" and counts.is_unclear(found):
            raise QuerySyntaxError("put a space after '<' if it is less than", *_where(query, found))
        else:
            counts.take_term(kind or "", text, found)
        if counts.exceeds():
            line, column = _where(query, found)
            raise QueryEvaluationError(f"line {line}, column {column}: {counts.fault()}")


def _where(query: str, found: Match[str]) -> tuple[int, int]:
    return where(query, Token("", "", *found.span()))


class _Counts:
    """How much of a query has been read: its open brackets, its parts, its joins, its data.

    It is fed every token of every query, so that it calls and looks up as little as it can.
    """

    __slots__ = (
        "_apart", "_brackets", "_closed", "_data", "_data_from", "_expects", "_inside", "_joined", "_last",
        "_last_kind", "_limits", "_parts", "_plus_end",
    )  # fmt: skip

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._brackets: list[str] = []
        self._inside = ""
        self._last = ""
        self._last_kind = "sign"
        self._plus_end = -1
        self._data_from: int | None = None
        self._expects = ""
        self._parts = self._data = 0
        self._joined = [0]
        self._apart: list[bool] = []
        self._closed = 0

    def is_unclear(self, found: Match[str]) -> bool:
        """Whether what looks like an IRI may be "less than" and something that would change the reading."""
        if self._last == "<" and found.string[found.start() - 1] == "<":
            return hides(found[0])
        in_values = self._data_from is not None and self._brackets[self._data_from] == "{"
        if self._inside != "(" or in_values or self._last[-1:] in BEFORE_AN_IRI:
            return False
        return hides(found[0])

    def take_term(self, kind: str, text: str, found: Match[str]) -> None:
        """Count one token that is no sign."""
        if self._data_from is not None:
            self._data += 1
        else:
            self._parts += 1 if kind in _PLAIN else 1 + _signs(kind, text)
            self._join_term(kind, text, found)
        if kind == "word":
            self._expects = _DATA_AFTER.get(text.casefold(), "")
        elif self._expects == "(":
            self._expects = ""
        self._last, self._last_kind = text, kind

    def take_sign(self, text: str, found: Match[str]) -> None:
        """Count one sign, and follow the brackets."""
        if self._data_from is not None and self._is_data(text):
            self._data += 1
        else:
            self._parts += 1
            self._join_sign(text, found)
        if text in _OPENING:
            self._open(text)
        elif text in _CLOSING and self._brackets:
            self._close()
        if self._expects == "(" and text != "(":
            self._expects = ""
        if text == "+":
            self._plus_end = found.end()
        self._last, self._last_kind = text, "sign"

    def exceeds(self) -> bool:
        """Whether there is too much of something."""
        limits = self._limits
        return (
            self._parts > limits.query_parts
            or self._joined[-1] > limits.query_joins
            or len(self._brackets) > limits.query_depth
            or self._data > limits.query_data
        )

    def fault(self) -> str:
        """What there is too much of, in words."""
        limits = self._limits
        if len(self._brackets) > limits.query_depth:
            return f"at most {limits.query_depth} brackets within each other are taken: divide the query"
        if self._joined[-1] > limits.query_joins:
            most = limits.query_joins
            return f"at most {most} patterns and groups are joined: divide the query, or give data in VALUES"
        if self._parts > limits.query_parts:
            return f"at most {limits.query_parts} words and signs are taken: divide the query, or give data in VALUES"
        return f"at most {limits.query_data} terms are taken in VALUES and IN: divide the query"

    def _is_data(self, sign: str) -> bool:
        """Whether a sign among data is one of them: brackets are rows in VALUES, but expressions in an IN list."""
        return sign in ("(,)^" if self._brackets[self._data_from or 0] == "{" else ",)")

    def _join_closed(self, text: str) -> None:
        """A group that has ended counts in the one around it, unless it is an alternative."""
        if text.casefold() != "union":
            self._joined[-1] += self._closed
        self._closed = 0

    def _join_term(self, kind: str, text: str, found: Match[str]) -> None:
        """Count what a token that is no sign joins in its group."""
        if self._closed:
            self._join_closed(text)
        if self._inside == "(":
            self._joined[-1] += self._item(kind, text, found)
        elif kind in _WORDS:
            self._joined[-1] += text.count(".")
        elif self._last == ")":
            self._joined[-1] += 1
        if self._last == "{" and self._apart and text.casefold() == "select":
            self._apart[-1] = True

    def _join_sign(self, text: str, found: Match[str]) -> None:
        """Count what a sign joins in its group."""
        if self._closed:
            self._join_closed(text)
        if self._inside == "(":
            self._joined[-1] += self._item("sign", text, found)
        elif text == "|":
            self._joined[-1] += 2 * (self._last == "{")
        else:
            self._joined[-1] += _JOINS.get(text, 0)
        if text == "{":
            self._joined.append(0)
            self._apart.append(self._last.casefold() in _APART)
        elif text == "}" and self._apart:
            joined = self._joined.pop()
            self._closed = 0 if self._apart.pop() else joined

    def _item(self, kind: str, text: str, found: Match[str]) -> int:
        """How many patterns or groups a token in parentheses may add to a join; an item of a collection is two."""
        joins = 2 * max(0, _signs(kind, text) - 1) if kind == "word" else 0
        last, last_kind = self._last, self._last_kind
        if text in _OPENING or _is_term(kind, text):
            glued = last == "+" and self._plus_end == found.start()
            joins += 2 * (last in _CLOSING or glued or _is_term(last_kind, last))
            joins += text in _GROUPS
        elif text == "/":
            joins += not (last_kind == "variable" or _is_number(last_kind, last))
        return joins

    def _open(self, text: str) -> None:
        self._brackets.append(text)
        self._inside = text
        if text == self._expects and self._data_from is None:
            self._data_from, self._expects = len(self._brackets) - 1, ""

    def _close(self) -> None:
        self._brackets.pop()
        self._inside = self._brackets[-1] if self._brackets else ""
        if self._data_from is not None and len(self._brackets) <= self._data_from:
            self._data_from = None


def _is_term(kind: str, text: str) -> bool:
    return kind in _TERMS or _is_number(kind, text)


def _is_number(kind: str, text: str) -> bool:
    return kind == "word" and (text[0] in "0123456789.-" or text.casefold() in _TRUTHS)


def _signs(kind: str, text: str) -> int:
    """Signs in a token that may be several: ``1-1-1``, or an IRI that could be "less than" and an expression."""
    if kind == "iri":
        hidden, absolute, _ = text[1:-1].partition("://")
        return 0 if absolute else sum(not sign.isalnum() for sign in hidden)
    before = text.partition(":")[0]
    return before.count("-") + before.count(".")
