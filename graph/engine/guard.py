"""What is refused before anything is evaluated: queries that reach out to other services.

Oxigraph sends HTTP requests for ``SERVICE`` and cannot be told not to, so the word has to be found where it is a
keyword, and nowhere else: not in a string, comment, IRI, variable or prefixed name. Two readings are sometimes
possible, and Oxigraph's parser tries both:

- ``<`` begins an IRI, or is "less than" after an operand inside parentheses: both readings are followed;
- ``SERVICE:x`` is a prefixed name, or the keyword before ``:x``: a group after it decides.

Oxigraph asks for no space after a keyword or a number (``1SERVICE<…>`` is a number and a keyword), so a bare word
is refused when the keyword stands anywhere in it: no other bare word of SPARQL holds it.
"""

from dataclasses import dataclass
from typing import Final

from graph.engine import QuerySyntaxError, ServiceRefusedError
from graph.engine.lexer import BEFORE_AN_IRI, Token, token_at, where

_OPENING: Final = frozenset("({[")
_CLOSING: Final = frozenset(")}]")
_KEYWORD: Final = "service"


@dataclass
class _Reading:
    """One way to read the text so far: where it stands, the last token, the open brackets."""

    position: int
    last: Token
    brackets: tuple[str, ...]
    name_in_group: bool = False


def refuse_service(query: str) -> None:
    """Raise :class:`ServiceRefusedError` if the query has, in any possible reading, a SERVICE clause."""
    if _KEYWORD not in query.casefold():
        return
    nothing = Token("sign", "(", 0, 0)
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
        token = token_at(query, reading.position)
        if token.kind == "iri" and _may_be_less_than(reading):
            fork = (token.start, reading.brackets)
            if fork in seen:
                break
            seen.add(fork)
            readings.append(_after(reading, Token("sign", "<", token.start, token.start + 1)))
        if token.text == "/" == reading.last.text and token.start == reading.last.end:
            break
        _refuse_keyword(query, reading, token)
        reading = _after(reading, token)
    return count


def _after(reading: _Reading, token: Token) -> _Reading:
    if token.kind == "space":
        return _Reading(token.end, reading.last, reading.brackets, reading.name_in_group)
    brackets = reading.brackets
    if token.kind == "sign" and token.text in _OPENING:
        brackets = (*brackets, token.text)
    elif token.kind == "sign" and token.text in _CLOSING:
        brackets = brackets[:-1]
    return _Reading(token.end, token, brackets, _is_suspicious_name(reading, token))


def _may_be_less_than(reading: _Reading) -> bool:
    inside = reading.brackets[-1:] == ("(",)
    return inside and reading.last.text[-1:] not in BEFORE_AN_IRI


def _is_suspicious_name(reading: _Reading, token: Token) -> bool:
    """A prefixed name in a group that would be a SERVICE clause if a group followed; after GRAPH it is a name."""
    prefix = token.text.partition(":")[0].casefold() if token.kind == "name" else ""
    after_graph = reading.last.kind == "word" and reading.last.text.casefold().endswith("graph")
    return _KEYWORD in prefix and "{" in reading.brackets and not after_graph


def _refuse_keyword(query: str, reading: _Reading, token: Token) -> None:
    bare = token.kind == "word" or (token.kind == "language" and "--" in token.text)
    clause = reading.name_in_group and token.text == "{"
    if (bare and _KEYWORD in token.text.casefold()) or clause:
        line, column = where(query, token)
        raise ServiceRefusedError(
            f"SERVICE (line {line}, column {column}): this endpoint sends no requests to others"
        )
