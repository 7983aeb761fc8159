"""Enough of SPARQL's grammar to know, before anything is evaluated, what a query is and whether it reaches out.

Oxigraph sends HTTP requests for ``SERVICE`` and cannot be told not to, so the word has to be found where it is a
keyword, and nowhere else: not in a string, comment, IRI, variable or prefixed name. Two readings are sometimes
possible, and Oxigraph's parser tries both:

- ``<`` begins an IRI, or is "less than" after an operand inside parentheses: both readings are followed;
- ``SERVICE:x`` is a prefixed name, or the keyword before ``:x``: a group after it decides.

Oxigraph asks for no space after a keyword or a number (``1SERVICE<…>`` is a number and a keyword), so a bare word
is refused when the keyword stands anywhere in it: no other bare word of SPARQL holds it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.engine import QuerySyntaxError, ServiceRefusedError

FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES: Final = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
_NAME: Final = r"(?:[\w.\-]|[^\x00-\x7f])"
_TOKEN: Final = re.compile(
    rf"""
    (?P<space>    [ \t\r\n]++ | \#[^\r\n]*+ )
  | (?P<string>   \"\"\"(?:\"?\"?(?:[^\"\\]|\\.))*+\"\"\" | '''(?:'?'?(?:[^'\\]|\\.))*+'''
                | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+' )
  | (?P<iri>      <[^\x00-\x20<>"{{}}|^`]*+> )
  | (?P<variable> [?$](?:\w|[^\x00-\x7f])++ )
  | (?P<language> @[A-Za-z0-9-]++ )
  | (?P<name>     {_NAME}*+:(?:{_NAME}|:|\\.|%[0-9A-Fa-f]{{2}})*+ )
  | (?P<word>     {_NAME}++ )
  | (?P<sign>     . )
    """,
    re.VERBOSE | re.DOTALL,
)
_BEFORE_AN_IRI: Final = frozenset("(,=!&|+-*/^<")
_CLOSING: Final = frozenset(")}]")
_KEYWORD: Final = "service"


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass
class _Reading:
    """One way to read the text so far: where it stands, the last token, the open brackets."""

    position: int
    last: _Token
    brackets: tuple[str, ...]
    name_in_group: bool = False


def query_form(query: str) -> str:
    """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``; raises :class:`QuerySyntaxError` for anything else."""
    for token in _tokens(query):
        word = token.text.upper() if token.kind == "word" else ""
        for form in FORMS:
            if word.startswith(form):
                return form
        if word.startswith(_UPDATES):
            raise QuerySyntaxError(f"{word} is an update, and this is a place for queries", *_where(query, token))
    raise QuerySyntaxError(f"expected a query: one of {', '.join(FORMS)}")


def refuse_service(query: str) -> None:
    """Raise :class:`ServiceRefusedError` if the query has, in any possible reading, a SERVICE clause."""
    if _KEYWORD not in query.casefold():
        return
    nothing = _Token("sign", "(", 0, 0)
    readings = [_Reading(0, nothing, ())]
    seen: set[tuple[int, tuple[str, ...]]] = set()
    budget = 4 * len(query) + 1000
    while readings:
        reading = readings.pop()
        budget -= _follow(query, reading, readings, seen)
        if budget < 0:
            raise QuerySyntaxError("too many '<' that could be an IRI or 'less than': put spaces around the latter")


def _follow(query: str, reading: _Reading, readings: list[_Reading], seen: set[tuple[int, tuple[str, ...]]]) -> int:
    """Follow one reading to its end, putting aside the others that fork from it; returns its length."""
    count = 0
    while reading.position < len(query):
        count += 1
        token = _token(query, reading.position)
        if token.kind == "iri" and _may_be_less_than(reading):
            fork = (token.start, reading.brackets)
            if fork in seen:
                break
            seen.add(fork)
            readings.append(_after(reading, _Token("sign", "<", token.start, token.start + 1)))
        if token.text == "/" == reading.last.text and token.start == reading.last.end:
            break
        _refuse_keyword(query, reading, token)
        reading = _after(reading, token)
    return count


def _after(reading: _Reading, token: _Token) -> _Reading:
    if token.kind == "space":
        return _Reading(token.end, reading.last, reading.brackets, reading.name_in_group)
    brackets = reading.brackets
    if token.kind == "sign" and token.text in "({[":
        brackets = (*brackets, token.text)
    elif token.kind == "sign" and token.text in _CLOSING:
        brackets = brackets[:-1]
    return _Reading(token.end, token, brackets, _is_suspicious_name(reading, token))


def _may_be_less_than(reading: _Reading) -> bool:
    inside = reading.brackets[-1:] == ("(",)
    return inside and reading.last.text[-1:] not in _BEFORE_AN_IRI


def _is_suspicious_name(reading: _Reading, token: _Token) -> bool:
    """A prefixed name in a group that would be a SERVICE clause if a group followed; after GRAPH it is a name."""
    prefix = token.text.partition(":")[0].casefold() if token.kind == "name" else ""
    after_graph = reading.last.kind == "word" and reading.last.text.casefold().endswith("graph")
    return _KEYWORD in prefix and "{" in reading.brackets and not after_graph


def _refuse_keyword(query: str, reading: _Reading, token: _Token) -> None:
    bare = token.kind == "word" or (token.kind == "language" and "--" in token.text)
    clause = reading.name_in_group and token.text == "{"
    if (bare and _KEYWORD in token.text.casefold()) or clause:
        line, column = _where(query, token)
        raise ServiceRefusedError(
            f"SERVICE (line {line}, column {column}): this endpoint sends no requests to others"
        )


def _token(query: str, position: int) -> _Token:
    found = _TOKEN.match(query, position)
    if not found or not found.lastgroup:
        raise QuerySyntaxError(f"cannot be read at character {position}")
    return _Token(found.lastgroup, found.group(), found.start(), found.end())


def _tokens(query: str) -> Iterator[_Token]:
    position = 0
    while position < len(query):
        token = _token(query, position)
        position = token.end
        if token.kind != "space":
            yield token


def _where(query: str, token: _Token) -> tuple[int, int]:
    before = query[: token.start]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
