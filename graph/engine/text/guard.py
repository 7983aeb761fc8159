r"""What is refused before anything is evaluated: queries and updates that reach out to other services.

Oxigraph sends HTTP requests for ``SERVICE`` and ``LOAD`` and cannot be told not to, so the words have to be found
where they are keywords, and nowhere else: not in a string, comment, IRI, variable or prefixed name. Oxigraph's parser
has no tokens and tries what fits (0.5.13), so that a text can have several readings. All are followed:

- ``<`` begins an IRI, or is "less than" after an operand inside parentheses, or the second half of ``<<``;
- a prefixed name ends before the second run of dots within it: ``p:a.b.SERVICE`` may be a name, a dot and a keyword;
- ``SERVICE:x`` is a prefixed name, or the keyword before ``:x``: a group after it decides. ``LOAD:x`` is the keyword
  where an operation begins;
- ``\u0053`` outside strings and IRIs is an error to Oxigraph, and an S to the letter of SPARQL 1.1.

It asks for no space after a keyword or a number (``1SERVICE<…>``), so a bare word is refused when a keyword stands
anywhere in it: no other bare word of SPARQL holds one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.engine import QuerySyntaxError, ServiceRefusedError
from graph.engine.text.lexer import BEFORE_AN_IRI, Token, token_at, where

_OPENING: Final = frozenset("({[")
_CLOSING: Final = frozenset(")}]")
_SERVICE: Final = "service"
_LOAD: Final = "load"
_SILENT: Final = "silent"
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_PART: Final = r"(?:[\w\-:]|[^\x00-\x7f]|\\.|%[0-9A-Fa-f]{2})++"
_NAME_TO_OXIGRAPH: Final = re.compile(rf"[^:]*+:(?:{_LOCAL_PART}(?:\.++{_LOCAL_PART})?+)?+", re.DOTALL)
_GLUED_PREFIX: Final = re.compile(r"^prefix", re.IGNORECASE)
_DEEPEST: Final = 1000
_LARGEST_CODEPOINT: Final = 0x10FFFF


class LoadRefusedError(ValueError):
    """The update asks this service to fetch a document (``LOAD``) that it is not allowed to fetch."""


@dataclass(slots=True)
class _Reading:
    """One way to read the text so far: where it stands, the last token, the open brackets."""

    position: int
    last: Token
    brackets: tuple[str, ...] = ()
    name_in_group: bool = False


def refuse_service(query: str) -> None:
    """Raise :class:`ServiceRefusedError` if the query has, in any possible reading, a SERVICE clause."""
    _refuse(query, _SERVICE)


def refuse_reach(update: str) -> None:
    """Raise if the update has, in any possible reading, a LOAD operation or a SERVICE clause.

    The errors are :class:`LoadRefusedError` and :class:`ServiceRefusedError`.
    """
    _refuse(update, _SERVICE, _LOAD)


def _refuse(text: str, *keywords: str) -> None:
    for spelling in {text, _decoded(text)}:
        if any(keyword in spelling.casefold() for keyword in keywords):
            _Guard(spelling, _LOAD in keywords).read_every_way()


def _decoded(text: str) -> str:
    """The text with its codepoint escapes resolved, as SPARQL 1.1 (19.2) has it done before anything is read."""

    def character(found: re.Match[str]) -> str:
        codepoint = int(found[1] or found[2], 16)
        return chr(codepoint) if codepoint <= _LARGEST_CODEPOINT else found[0]

    return _ESCAPE.sub(character, text) if "\\" in text else text


class _Guard:
    """Reads one text in every way, and raises where a keyword is found."""

    def __init__(self, text: str, is_update: bool) -> None:
        self._text = text
        self._is_update = is_update
        self._readings: list[_Reading] = []
        self._seen: set[tuple[Token, Token, tuple[str, ...]]] = set()
        self._declared: set[str] = set()
        self._missed: set[str] = set()

    def read_every_way(self) -> None:
        """Once, and again if a prefix was declared later than it was looked for, in another reading."""
        self._read()
        if not self._missed.isdisjoint(self._declared):
            self._seen.clear()
            self._read()

    def _read(self) -> None:
        self._readings = [_Reading(0, Token("sign", ";", 0, 0))]
        budget = 4 * len(self._text) + 1000
        while self._readings:
            budget -= self._follow(self._readings.pop())
            if budget < 0:
                raise QuerySyntaxError(
                    "too many '<' that could be an IRI or 'less than': put spaces around the latter"
                )

    def _follow(self, reading: _Reading) -> int:
        """Follow one reading to its end, putting aside the others that fork from it; returns its length."""
        count = 0
        while reading.position < len(self._text):
            count += 1
            token = token_at(self._text, reading.position)
            for other in _other_tokens(reading, token):
                fork = (other, reading.last, reading.brackets)
                if fork in self._seen:
                    return count
                self._seen.add(fork)
                self._refuse_keyword(reading, other)
                self._readings.append(self._after(reading, other))
            if token.text == "/" == reading.last.text and token.start == reading.last.end:
                break
            self._refuse_keyword(reading, token)
            reading = self._after(reading, token)
        return count

    def _after(self, reading: _Reading, token: Token) -> _Reading:
        if token.kind == "space":
            return _Reading(token.end, reading.last, reading.brackets, reading.name_in_group)
        brackets = reading.brackets
        if token.kind == "sign" and token.text in _OPENING:
            if len(brackets) == _DEEPEST:
                raise QuerySyntaxError(f"at most {_DEEPEST} brackets within each other can be read")
            brackets = (*brackets, token.text)
        elif token.kind == "sign" and token.text in _CLOSING:
            brackets = brackets[:-1]
        elif token.kind == "name" and not brackets and token.text.endswith(":"):
            self._declared |= {token.text[:-1], _GLUED_PREFIX.sub("", token.text[:-1])}
        return _Reading(token.end, token, brackets, self._may_be_a_clause(reading, token))

    def _may_be_a_clause(self, reading: _Reading, token: Token) -> bool:
        """Whether a prefixed name would be a SERVICE clause if a group followed.

        It would not where it names a graph or a class, nor if what is left without the keyword is no name of the
        query.
        """
        prefix = token.text.partition(":")[0] if token.kind == "name" else ""
        if _SERVICE not in prefix.casefold() or "{" not in reading.brackets or reading.last.text == "a":
            return False
        if reading.last.kind == "word" and reading.last.text.casefold().endswith("graph"):
            return False
        left = set(_left_of(prefix))
        self._missed |= left - self._declared
        return reading.last.text in ("{", "}", ".") or not left.isdisjoint(self._declared)

    def _refuse_keyword(self, reading: _Reading, token: Token) -> None:
        """Raise if the token is one of the keywords, or the group after one."""
        if token.kind in ("space", "string", "iri", "variable"):
            return
        if _is_service(reading, token):
            line, column = where(self._text, token)
            raise ServiceRefusedError(
                f"SERVICE (line {line}, column {column}): this endpoint sends no requests to others"
            )
        if self._is_update and _is_load(reading, token):
            line, column = where(self._text, token)
            raise LoadRefusedError(f"LOAD (line {line}, column {column}): this endpoint fetches no documents")


def _other_tokens(reading: _Reading, token: Token) -> Iterator[Token]:
    """What else the token may be."""
    if token.kind == "iri" and _may_be_a_sign(reading, token):
        yield Token("sign", "<", token.start, token.start + 1)
    if token.kind == "name" and (found := _NAME_TO_OXIGRAPH.match(token.text)) and found[0] != token.text:
        yield Token("name", found[0], token.start, token.start + len(found[0]))


def _may_be_a_sign(reading: _Reading, token: Token) -> bool:
    """Whether what looks like an IRI may begin with "less than" or end the sign ``<<``."""
    inside = reading.brackets[-1:] == ("(",)
    glued = reading.last.text == "<" and reading.last.end == token.start
    return glued or (inside and reading.last.text[-1:] not in BEFORE_AN_IRI)


def _left_of(prefix: str) -> Iterator[str]:
    """What stands in a prefix after the keyword, with and without SILENT."""
    for found in re.finditer(_SERVICE, prefix, re.IGNORECASE):
        rest = prefix[found.end() :]
        yield rest
        if rest.casefold().startswith(_SILENT):
            yield rest[len(_SILENT) :]


def _is_service(reading: _Reading, token: Token) -> bool:
    if token.text == "{":
        return reading.name_in_group
    bare = token.kind == "word" or (token.kind == "language" and "--" in token.text)
    return bare and _SERVICE in token.text.casefold()


def _is_load(reading: _Reading, token: Token) -> bool:
    """A bare word, or a prefixed name where an operation begins: all others there follow a word."""
    if token.kind == "name" and not reading.brackets and reading.last.kind != "word":
        return token.text.casefold().startswith(_LOAD)
    return token.kind == "word" and _LOAD in token.text.casefold()
