"""What is not asked of a remote store: what is more than SPARQL, and what it is known to get wrong.

Virtuoso takes ``define`` before a query and ``OPTION (get:…)`` within it, which fetch documents from other hosts and
store them, and calls its own procedures by ``bif:`` and ``sql:``. None of them is SPARQL. The words are innocent in
strings, comments, variables and the local part of names; where the text can be read in two ways it is refused.

Our own functions (``cqf:``) are not asked for either: a store that does not know them may drop every row in silence.

The head of a query (``graph.heads``) may say ``#+ not-on: {Virtuoso: the reason}``: that kind of store gives another
answer to it, and so none is taken from it.
"""

import re
from typing import Final
from urllib.parse import urljoin

from graph.engine import QueryEvaluationError, QuerySyntaxError
from graph.engine.text.lexer import Token, tokens, where
from graph.namespaces import FUNCTIONS

_SUSPECT: Final = re.compile(r"define|option(?!al)|bif:|sql:", re.IGNORECASE)
_SCHEME: Final = re.compile(r"<?(?:bif|sql):", re.IGNORECASE)
_WORD: Final = re.compile(r"define|option(?!al)", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_HIDING: Final = "#'()[]"
_NOT_ON: Final = re.compile(r"^\#\+\s*not-on:\s*\{?\s*(\w+):\s*(.*?)\s*\}?\s*$", re.MULTILINE)
_CODEPOINTS: Final = 0x110000


def refuse_extensions(query: str) -> None:
    """Raise :class:`graph.engine.QuerySyntaxError` for a query that is more than SPARQL."""
    if not _SUSPECT.search(query):
        if _SUSPECT.search(_ESCAPE.sub(_sign, query)):
            raise QuerySyntaxError("write 'define', 'option', 'bif:' and 'sql:' without escapes")
        return
    for token in tokens(query):
        if reason := _fault(token):
            raise QuerySyntaxError(reason, *where(query, token))


def refuse_functions(query: str) -> None:
    """Raise :class:`graph.engine.QueryEvaluationError` for a query that calls one of our own functions."""
    if "function" not in _ESCAPE.sub(_sign, query):
        return
    read, base, prefixes = list(tokens(query)), "", dict[str, str]()
    for before, name, token in zip(read, read[1:], read[2:], strict=False):
        if token.kind == "iri" and (before.text.casefold(), name.kind) == ("prefix", "name"):
            prefixes[name.text] = _resolved(token.text, base)
        elif name.kind == "iri" and before.text.casefold() == "base":
            base = _resolved(name.text, base)
        elif token.text == "(" and (called := _called(name, base, prefixes)).startswith(FUNCTIONS):
            function = called.removeprefix(FUNCTIONS)
            raise QueryEvaluationError(f"cqf:{function} is a function of our own engines, not known to other stores")


def _called(name: Token, base: str, prefixes: dict[str, str]) -> str:
    """The IRI of what may be a function; empty for what is none."""
    if name.kind == "iri":
        return _resolved(name.text, base)
    prefix, _, local = name.text.partition(":")
    return prefixes.get(f"{prefix}:", "") + local.replace("\\", "") if name.kind == "name" else ""


def _resolved(iri: str, base: str) -> str:
    return urljoin(base, _ESCAPE.sub(_sign, iri[1:-1]))


def refuse_declared(query: str, server: str) -> None:
    """Raise :class:`graph.engine.QueryEvaluationError` where the query's head says that it is not for such a store.

    ``server`` is what the store calls itself.
    """
    for name, reason in _NOT_ON.findall(query):
        if name.casefold() in server.casefold():
            raise QueryEvaluationError(f"{name} would answer this query wrongly: {reason}")


def _fault(token: Token) -> str:
    if token.kind == "word" and _WORD.search(token.text):
        return f"'{token.text}' is not SPARQL"
    if token.kind in ("iri", "name") and _SCHEME.match(_ESCAPE.sub(_sign, token.text)):
        return "'bif:' and 'sql:' name procedures of a store, which are not called from here"
    if token.kind == "iri" and any(sign in token.text.partition("://")[0] for sign in _HIDING):
        return "put a space after '<' if it is less than"
    return ""


def _sign(escape: re.Match[str]) -> str:
    number = int(escape[1] or escape[2], 16)
    return chr(number) if number < _CODEPOINTS else ""
