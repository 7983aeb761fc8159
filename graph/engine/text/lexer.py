"""The tokens of SPARQL, as far as they tell what a query is and what it reaches for.

``<`` begins an IRI wherever one can be read; who must know better (``guard``) has to look at what stands before.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from graph.engine import QuerySyntaxError

FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES: Final = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
# After these, "<" begins an IRI; after an operand it may be "less than".
BEFORE_AN_IRI: Final = frozenset("(,=!&|+-*/^<")
HIDING: Final = frozenset("#'()[]")
# Ranges, and not alternatives, since every character of every query goes through them.
_ABOVE_ASCII: Final = r"\x80-\U0010ffff"
_NAME: Final = rf"[\w.\-{_ABOVE_ASCII}]"
# Oxigraph reads '''…''' as '' and a shorter string if an escape within is none: so these have to be exact.
_HEX: Final = "[0-9A-Fa-f]"
_ESCAPE: Final = (
    rf"\\(?:[tbnrf\"'\\]|u(?![Dd][89A-Fa-f]){_HEX}{{4}}|U(?!0000[Dd][89A-Fa-f])(?:000{_HEX}|0010){_HEX}{{4}})"
)
_TOKEN: Final = re.compile(
    rf"""
    (?P<space>    [ \t\r\n]++ | \#[^\r\n]*+ )
  | (?P<variable> [?$][\w{_ABOVE_ASCII}]++ )
  | (?P<name>     {_NAME}*+:(?:(?!\.)(?:[\w.\-:{_ABOVE_ASCII}]++|\\.|%[0-9A-Fa-f]{{2}})++)?+ )
  | (?P<word>     {_NAME}++ )
  | (?P<string>   \"\"\"(?:\"?\"?(?:[^\"\\]|{_ESCAPE}))*+\"\"\" | '''(?:'?'?(?:[^'\\]|{_ESCAPE}))*+'''
                | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+' )
  | (?P<iri>      <[^\x00-\x20<>"{{}}|^`]*+> )
  | (?P<language> @[A-Za-z0-9-]++ )
  | (?P<sign>     . )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
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
    for found in matches(query):
        if found.lastgroup and found.lastgroup != "space":
            yield Token(found.lastgroup, found[0], *found.span())


def matches(query: str) -> Iterator[re.Match[str]]:
    """All tokens and spaces as the pattern finds them; the last group of each is its kind. It is the fastest way."""
    return _TOKEN.finditer(query)


def is_unclear(token: Token, last: Token, around: str) -> bool:
    """Whether what looks like an IRI may be "less than", or end in ``<<``, and something that changes the reading.

    ``around`` is the bracket that is open where it stands.
    """
    if token.kind != "iri":
        return False
    glued = last.text == "<" and last.end == token.start
    compared = around == "(" and last.text[-1:] not in BEFORE_AN_IRI
    return (glued or compared) and hides(token.text)


def hides(iri: str) -> bool:
    """Whether what looks like an IRI has a sign that would open a bracket, string or comment if it were none."""
    return not HIDING.isdisjoint(iri.partition("://")[0])


def where(query: str, token: Token) -> tuple[int, int]:
    """Line and column of a token, from 1."""
    before = query[: token.start]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
