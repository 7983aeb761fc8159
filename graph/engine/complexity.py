"""Queries that would kill the process, or plan for minutes, are refused before they are parsed.

Oxigraph parses, plans and drops queries by recursion, and orders joins in time that grows with the third power or
worse. Measured on 0.5.13, in a thread's usual 8 MiB: some 3,000 parts of a chain (groups, operators, clauses,
conditions of ORDER BY, terms of DESCRIBE, projected expressions) overflow the stack and end the process, 2,000 do
not; 100 patterns that are joined are planned in 1 s, 130 in 3 s, 200 in more than 12 s. Data in a VALUES block or an
IN list cost next to nothing: 300,000 terms are read in 0.5 s. Queries run on a larger stack besides (``stream``).

``<`` may begin an IRI or be "less than", and the rest could hide in the wrong reading. It is counted as an IRI with
all its signs; where it could open or close a bracket, string or comment, the query has to say which it is.
"""

from typing import Final

from graph.engine import QueryEvaluationError, QuerySyntaxError
from graph.engine.lexer import BEFORE_AN_IRI, Token, tokens, where

DEEPEST: Final = 200
MOST_PARTS: Final = 2000
MOST_JOINED: Final = 100
MOST_DATA: Final = 200_000
_SHORT: Final = 200
_OPENING: Final = frozenset("({[")
_CLOSING: Final = frozenset(")}]")
_TERMS: Final = frozenset({"iri", "name", "variable", "string"})
# A group after one of these, or a sub-SELECT, is planned by itself; any other is joined with what stands around it.
_APART: Final = frozenset({"union", "optional", "minus", "exists"})
_HIDING: Final = "#'()[]"


def refuse_complexity(query: str) -> None:
    """Raise :class:`QueryEvaluationError` for a query so deep, long or wide that the engine could fail on it."""
    if len(query) <= _SHORT:
        return
    counts = _Counts()
    for token in tokens(query):
        if counts.hides(token):
            raise QuerySyntaxError("put a space after '<' if it is less than", *where(query, token))
        counts.take(token)
        if fault := counts.fault():
            line, column = where(query, token)
            raise QueryEvaluationError(f"line {line}, column {column}: {fault}")


class _Counts:
    """How much of a query has been read: its open brackets, its parts, its joins, its data."""

    def __init__(self) -> None:
        self._brackets: list[str] = []
        self._last = Token("sign", "", 0, 0)
        self._data_from: int | None = None
        self._expects = ""
        self._parts = self._data = 0
        self._joined = [0]
        self._apart: list[bool] = []
        self._closed = 0

    def hides(self, token: Token) -> bool:
        """Whether what looks like an IRI may be "less than" and something that would change the reading."""
        in_values = self._data_from is not None and self._brackets[self._data_from] == "{"
        if token.kind != "iri" or not self._in("(") or in_values or self._last.text[-1:] in BEFORE_AN_IRI:
            return False
        return any(sign in token.text.partition("://")[0] for sign in _HIDING)

    def take(self, token: Token) -> None:
        """Count one token."""
        if self._in_data and (token.kind != "sign" or token.text in "(,)") and not self._nests(token):
            self._data += 1
        else:
            self._parts += 1 + _signs(token)
            self._join(token)
        self._enter(token)
        self._last = token

    def fault(self) -> str:
        """What there is too much of, in words; empty while all is well."""
        if len(self._brackets) > DEEPEST:
            return f"at most {DEEPEST} brackets within each other are taken: divide the query"
        if self._joined[-1] > MOST_JOINED:
            return f"at most {MOST_JOINED} patterns and groups are joined: divide the query, or give data in VALUES"
        if self._parts > MOST_PARTS:
            return f"at most {MOST_PARTS} words and signs are taken: divide the query, or give data in VALUES"
        if self._data > MOST_DATA:
            return f"at most {MOST_DATA} terms are taken in VALUES and IN: divide the query"
        return ""

    @property
    def _in_data(self) -> bool:
        return self._data_from is not None

    def _in(self, brackets: str) -> bool:
        return bool(self._brackets) and self._brackets[-1] in brackets

    def _nests(self, token: Token) -> bool:
        """Brackets in an IN list are expressions; in VALUES they are rows."""
        return token.text == "(" and self._brackets[self._data_from or 0] == "("

    def _join(self, token: Token) -> None:
        """Count what a token joins in its group; a group that has ended counts in the one around it."""
        if self._closed and token.text.casefold() != "union":
            self._joined[-1] += self._closed
        self._closed = 0
        self._joined[-1] += self._joins(token)
        if self._last.text == "{" and token.text.casefold() == "select" and self._apart:
            self._apart[-1] = True
        if token.kind == "sign" and token.text == "{":
            self._joined.append(0)
            self._apart.append(self._last.text.casefold() in _APART)
        elif token.kind == "sign" and token.text == "}" and self._apart:
            joined = self._joined.pop()
            self._closed = 0 if self._apart.pop() else joined

    def _joins(self, token: Token) -> int:
        """How many patterns or groups a token may add to a join; an item of a collection is two."""
        if self._in("("):
            item = _is_term(token) or token.text in _OPENING
            glued = 2 * max(0, _signs(token) - 1) if token.kind == "word" else 0
            follows = _is_term(self._last) or self._last.text in _CLOSING
            signed = self._last.text == "+" and self._last.end == token.start
            path = token.text == "/" and not (self._last.kind == "variable" or _is_number(self._last))
            return glued + 2 * (item and (follows or signed)) + (path or token.text in ("{", "["))
        if token.kind in ("word", "name"):
            return token.text.count(".")
        if token.text in ("~", "<") or (token.text == "|" and self._last.text == "{"):
            return 2
        after = token.kind != "sign" and self._last.text == ")"
        return int(after or (token.kind == "sign" and token.text in "{[,;./"))

    def _enter(self, token: Token) -> None:
        """Follow the brackets, and see where data begin and end."""
        if token.kind == "sign" and token.text in _OPENING:
            self._brackets.append(token.text)
            if token.text == self._expects and not self._in_data:
                self._data_from, self._expects = len(self._brackets) - 1, ""
        elif token.kind == "sign" and token.text in _CLOSING and self._brackets:
            self._brackets.pop()
            if self._data_from is not None and len(self._brackets) <= self._data_from:
                self._data_from = None
        if token.kind == "word":
            self._expects = {"values": "{", "in": "("}.get(token.text.casefold(), "")
        elif self._expects == "(" and token.text != "(":
            self._expects = ""


def _is_term(token: Token) -> bool:
    return token.kind in _TERMS or _is_number(token)


def _is_number(token: Token) -> bool:
    return token.kind == "word" and (token.text[0] in "0123456789.-" or token.text.casefold() in ("true", "false"))


def _signs(token: Token) -> int:
    """Signs in a token that may be several: ``1-1-1``, or an IRI that could be "less than" and an expression."""
    if token.kind == "iri":
        hidden, absolute, _ = token.text[1:-1].partition("://")
        return 0 if absolute else sum(not sign.isalnum() for sign in hidden)
    text = token.text.partition(":")[0] if token.kind in ("word", "name", "language") else ""
    return text.count("-") + text.count(".")
