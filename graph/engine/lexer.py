"""The tokens of SPARQL, as far as they tell what a query is and what it reaches for.

``<`` begins an IRI wherever one can be read; who must know better (``guard``) has to look at what stands before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.engine import QuerySyntaxError

FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES: Final = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
# After these, "<" begins an IRI; after an operand it may be "less than".
BEFORE_AN_IRI: Final = frozenset("(,=!&|+-*/^<")
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


@dataclass(frozen=True)
class Token:
    """One token: its kind (a group of the pattern), its text and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def query_form(query: str) -> str:
    """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``; raises :class:`QuerySyntaxError` for anything else."""
    for token in tokens(query):
        word = token.text.upper() if token.kind == "word" else ""
        for form in FORMS:
            if word.startswith(form):
                return form
        if word.startswith(_UPDATES):
            raise QuerySyntaxError(f"{word} is an update, and this is a place for queries", *where(query, token))
    raise QuerySyntaxError(f"expected a query: one of {', '.join(FORMS)}")


def token_at(query: str, position: int) -> Token:
    """The token, or the space, that begins there."""
    found = _TOKEN.match(query, position)
    if not found or not found.lastgroup:
        raise QuerySyntaxError(f"cannot be read at character {position}")
    return Token(found.lastgroup, found.group(), found.start(), found.end())


def tokens(query: str) -> Iterator[Token]:
    """All tokens but spaces and comments, in the plainest reading."""
    position = 0
    while position < len(query):
        token = token_at(query, position)
        position = token.end
        if token.kind != "space":
            yield token


def where(query: str, token: Token) -> tuple[int, int]:
    """Line and column of a token, from 1."""
    before = query[: token.start]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
