"""The triples in the group of a service of the query service's own: its parameters, and what it is asked for."""

from collections.abc import Iterator
from typing import Final

from graph.engine.text.lexer import Token
from graph.engine.text.structure import Structure
from graph.wikidata.querying.names import refusal

_PARTS: Final = 3
_SEPARATORS: Final = {".": 0, ";": 1, ",": 2}
_TRUTHS: Final = ("true", "false")
_TERMS: Final = ("iri", "name", "variable", "string")


def triples(structure: Structure, opening: int, expected: str) -> Iterator[tuple[int, int, int]]:
    """The triples of the group that opens there, by the numbers of the tokens with which their terms begin.

    Raises :class:`UntranslatableError`, with ``expected`` as its message, for anything but triples.
    """
    held: list[int] = []
    number = opening + 1
    while number < structure.ends[opening]:
        token = structure.tokens[number]
        if len(held) < _PARTS and _is_term(token):
            held.append(number)
            number = end_of_term(structure, number)
        elif token.text in _SEPARATORS and len(held) in (_PARTS, _SEPARATORS[token.text]):
            if len(held) == _PARTS:
                yield held[0], held[1], held[2]
            held = held[: _SEPARATORS[token.text]]
        else:
            raise refusal(structure, number, expected)
        number += 1
    if len(held) == _PARTS:
        yield held[0], held[1], held[2]
    elif len(held) == _PARTS - 1:
        raise refusal(structure, held[-1], expected)


def end_of_term(structure: Structure, number: int) -> int:
    """The last token of the term that begins there: that of its datatype or language, if it has one."""
    following = structure.tokens[number + 1 : number + 4]
    if structure.tokens[number].kind != "string" or not following:
        return number
    if following[0].kind == "language":
        return number + 1
    return number + 3 if [each.text for each in following[:2]] == ["^", "^"] else number


def text_of_term(structure: Structure, number: int) -> str:
    """The term that begins there, as it is written."""
    last = structure.tokens[end_of_term(structure, number)]
    return structure.text[structure.tokens[number].start : last.end]


def _is_term(token: Token) -> bool:
    return token.kind in _TERMS or token.text in _TRUTHS or (token.kind == "word" and token.text[0].isdigit())
