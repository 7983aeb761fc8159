"""What of an update stands outside its groups: its operations, their graphs and declarations."""

from collections.abc import Iterator
from typing import Final

from graph.engine import QuerySyntaxError
from graph.engine.text.lexer import Token, is_unclear, tokens, where

_OPENING: Final = {"{": "}", "(": ")", "[": "]"}
_OPENED_BY: Final = {closing: opening for opening, closing in _OPENING.items()}


def outside_groups(update: str) -> Iterator[Token]:
    """The tokens outside all brackets, with the outermost brackets themselves.

    Raises :class:`graph.engine.QuerySyntaxError` where ``<`` may be "less than" and what follows another text.
    """
    open_brackets: list[str] = []
    last = Token("sign", ";", 0, 0)
    for token in tokens(update):
        around = _OPENED_BY[open_brackets[-1]] if open_brackets else ""
        if is_unclear(token, last, around):
            raise QuerySyntaxError("put a space after '<' if it is less than", *where(update, token))
        if token.kind == "sign" and open_brackets[-1:] == [token.text]:
            open_brackets.pop()
        if not open_brackets:
            yield token
        if token.kind == "sign" and token.text in _OPENING:
            open_brackets.append(_OPENING[token.text])
        last = token
