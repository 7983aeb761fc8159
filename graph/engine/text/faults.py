"""Oxigraph's syntax errors, said so that a person can mend the query: what, where, and the line with a caret.

Its parser tells every token that could have come next, which helps nobody; what it says in words is kept. A name
whose prefix is not declared is the commonest fault, and is looked for first.
"""

import re
from typing import Final

from graph.engine import QuerySyntaxError
from graph.engine.text.lexer import Token, tokens, where
from graph.namespaces import PREFIXES

_POSITION = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_SENTENCE = re.compile(r"[A-Z][A-Za-z]*(?: [A-Za-z]+)+")
_BEFORE: Final = 60
_AFTER: Final = 40
_SAID: Final = {
    "IRI parsing failed": "what stands before here is no absolute IRI",
    "Prefix not found": "what stands before here has a prefix that is not declared",
}


def syntax_error(query: str, error: SyntaxError) -> QuerySyntaxError:
    """Oxigraph's error as ours, with the line and a caret under the place."""
    found = _POSITION.match(str(error))
    if not found:
        return QuerySyntaxError(str(error))
    line, column = int(found[1]), int(found[2])
    offset = _offset(query, line, column)
    undeclared = _undeclared(query, offset)
    if undeclared:
        line, column = where(query, undeclared)
        return QuerySyntaxError(_declare(undeclared), line, column, excerpt(query, line, column))
    return QuerySyntaxError(_what(query, found[3], offset), line, column, excerpt(query, line, column))


def excerpt(query: str, line: int, column: int) -> str:
    """The line of a query, or what of it stands around the place, with a caret under it."""
    text = query.split("\n")[line - 1].rstrip("\r")
    first = max(0, column - 1 - _BEFORE)
    shown = re.sub(r"[\x00-\x1f]", " ", text[first : column - 1 + _AFTER])
    before, after = "… " if first else "", " …" if len(text) > column - 1 + _AFTER else ""
    return f"{before}{shown}{after}\n{' ' * (len(before) + column - 1 - first)}^"


def _what(query: str, expected: str, offset: int) -> str:
    sentence = _SENTENCE.search(expected)
    if sentence:
        return _SAID.get(sentence[0], sentence[0])
    if query[offset:].strip():
        return "the query cannot be read from here on"
    open_brackets = sum((t.text in "({[") - (t.text in ")}]") for t in tokens(query) if t.kind == "sign")
    if open_brackets > 0:
        return "the query ends while a bracket is open"
    return "the query cannot be read to its end: something before is missing, or may not stand there"


def _offset(query: str, line: int, column: int) -> int:
    return sum(len(each) + 1 for each in query.split("\n")[: line - 1]) + column - 1


def _undeclared(query: str, offset: int) -> Token | None:
    """The last name before the offset whose prefix is not declared."""
    declared, last, found = {"_"}, "", None
    for token in tokens(query):
        if token.start >= offset or (token.kind == "sign" and token.text in "'\""):
            break
        if token.kind == "name" and last == "prefix":
            declared.add(_prefix(token))
        elif token.kind == "name" and _prefix(token) not in declared:
            found = token
        last = token.text.casefold()
    return found


def _prefix(token: Token) -> str:
    return token.text.partition(":")[0]


def _declare(token: Token) -> str:
    prefix = _prefix(token)
    namespace = PREFIXES.get(prefix, "https://…")
    return f"the prefix '{prefix}:' is not declared: begin the query with PREFIX {prefix}: <{namespace}>"
