"""A text of SPARQL by its tokens: which bracket closes which, what stands in which, what prefixes stand for."""

from collections.abc import Iterator, Sequence
from typing import Final

from graph.engine import QuerySyntaxError
from graph.engine.text.lexer import Token, is_unclear, tokens, where

OUTSIDE: Final = -1
_OPENING: Final = {"{": "}", "(": ")", "[": "]"}
_LENGTH_OF_A_DECLARATION: Final = {"prefix": 3, "base": 2}


class Structure:
    """Tokens, and by their numbers: which of them close which (``ends``), which bracket each stands in (``around``).

    A bracket stands in the one around it. A dot that ends a name or a number is a token of its own.
    Raises :class:`QuerySyntaxError` for a text that could be read in two ways.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.ends: dict[int, int] = {}
        self.around: list[int] = []
        self._read()
        self.declarations = list(_declarations(self.tokens))

    def _read(self) -> None:
        open_brackets = [OUTSIDE]
        for token in _with_dots_apart(self.text):
            last = self.tokens[open_brackets[-1]].text if open_brackets[-1] != OUTSIDE else ""
            if self.tokens and is_unclear(token, self.tokens[-1], last):
                raise QuerySyntaxError("put a space after '<' if it is less than", *where(self.text, token))
            if token.kind == "sign" and last and token.text == _OPENING[last]:
                self.ends[open_brackets.pop()] = len(self.tokens)
            self.around.append(open_brackets[-1])
            if token.kind == "sign" and token.text in _OPENING:
                open_brackets.append(len(self.tokens))
            self.tokens.append(token)

    def is_word(self, number: int, *words: str) -> bool:
        """Whether the token of that number is there, and is one of these keywords, which are in lower case."""
        if not 0 <= number < len(self.tokens):
            return False
        token = self.tokens[number]
        return token.kind == "word" and token.text.casefold() in words

    def is_sign(self, number: int, sign: str) -> bool:
        """Whether the token of that number is there, and is this sign."""
        return 0 <= number < len(self.tokens) and self.tokens[number].text == sign

    def place(self, number: int) -> tuple[int, int]:
        """Line and column of a token, from 1."""
        return where(self.text, self.tokens[number])

    def iri(self, token: Token, before: int | None = None) -> str | None:
        """What a token names, letter by letter: a relative IRI stays one. None for a prefix that is not declared.

        The declarations that stand before an offset count, or all.
        """
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        for found in reversed(self.declarations):
            counts = before is None or found[0].start < before
            if token.kind == "name" and counts and found[1].text == f"{prefix}:":
                return found[-1].text[1:-1] + local.replace("\\", "")
        return None


def _with_dots_apart(text: str) -> Iterator[Token]:
    """The tokens; ``wd:Q42.`` is a name and the end of a triple."""
    for token in tokens(text):
        bare = token.text.rstrip(".") if token.kind in ("name", "word") else token.text
        if not bare or bare == token.text:
            yield token
            continue
        end = token.start + len(bare)
        yield Token(token.kind, bare, token.start, end)
        for place in range(end, token.end):
            yield Token("sign", ".", place, place + 1)


def _declarations(read: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The declarations among tokens: a word, a prefix unless it is BASE, an IRI."""
    for index, token in enumerate(read):
        length = _LENGTH_OF_A_DECLARATION.get(token.text.casefold(), 0) if token.kind == "word" else 0
        found = read[index : index + length]
        if length and len(found) == length and found[-1].kind == "iri":
            yield found
