"""What the grammar of SPARQL forbids, and Oxigraph's parser lets pass (0.5.13; W3C negative syntax tests).

- an aggregate in the argument of another (1.1, grammar note 12), unless a group stands between them;
- in an expression, a triple term whose subject is a literal or again a triple term (1.2, ``ExprTripleTermSubject``).
"""

import re
from collections.abc import Iterator
from typing import Final

from graph.engine import QuerySyntaxError
from graph.engine.text.lexer import Token, tokens, where

_AGGREGATES: Final = frozenset({"count", "sum", "min", "max", "avg", "sample", "group_concat"})
# An aggregate, in lower case; the group is there where its argument is a variable or everything.
_CALL: Final = re.compile(
    r"(?:count|sum|min|max|avg|sample|group_concat)\s*\((\s*(?:distinct\s*)?(?:[?$]\w+|\*)\s*(?:\)|;))?"
)
_NO_SUBJECT: Final = ("'", '"', "<<(", "+", "-", *"0123456789.")
# What an open bracket holds; the first two are passed on to the brackets within.
_AGGREGATE, _EXPRESSION, _TERM, _OTHER = "aggregate", "expression", "triple term", "other"


def refuse_lax(query: str) -> None:
    """Raise :class:`graph.engine.QuerySyntaxError` for a query or update that only Oxigraph would take."""
    if not _is_suspect(query.lower()):
        return
    for token, fault in _faults(query):
        raise QuerySyntaxError(fault, *where(query, token))


def _is_suspect(query: str) -> bool:
    """Whether a text in lower case has to be read for this; most hold no triple term and only simple aggregates."""
    if "<<(" in query:
        return True
    calls = _CALL.findall(query)
    return len(calls) > 1 and not all(calls)


def _faults(query: str) -> Iterator[tuple[Token, str]]:
    """Each token at which the grammar is broken, with what is wrong there."""
    brackets = [_OTHER]
    last = Token("sign", "", 0, 0)
    for token in tokens(query):
        if token.text == "(":
            opened = _opened(query, last, token, brackets[-1])
            if opened == brackets[-1] == _AGGREGATE and _is_aggregate(last):
                yield last, "an aggregate cannot be the argument of an aggregate"
            brackets.append(opened)
        elif token.text == "{":
            brackets.append(_OTHER)
        elif token.text in (")", "}") and len(brackets) > 1:
            brackets.pop()
        elif brackets[-1] == _TERM and last.text == "(" and query.startswith(_NO_SUBJECT, token.start):
            yield token, "in an expression the subject of a triple term is an IRI or a variable"
        last = token


def _opened(query: str, last: Token, token: Token, around: str) -> str:
    """What a round bracket holds: that of a collection, or of a row of VALUES, holds no expression."""
    if query.endswith("<<(", 0, token.end):
        return _TERM if around in (_EXPRESSION, _AGGREGATE) else _OTHER
    if _is_aggregate(last):
        return _AGGREGATE
    word = last.kind == "word" and last.text.casefold() not in ("a", "values")
    return _EXPRESSION if word and around == _OTHER else around


def _is_aggregate(token: Token) -> bool:
    return token.kind == "word" and token.text.casefold() in _AGGREGATES
