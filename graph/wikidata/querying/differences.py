"""Differences of times in days: ``NOW() - ?born`` is a number on the query service.

SPARQL 1.1 does not subtract times; the engine does, and gives a duration. A difference whose sides may both be times
is put into ``cqf:days``, which makes days of a duration and leaves any other value as it is. Where one side is surely
a number nothing is changed, so that most sums cost nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.engine.text.lexer import Token
from graph.engine.text.rewriting import Edit
from graph.engine.text.structure import Structure
from graph.namespaces import FUNCTIONS
from graph.wikidata.querying.names import refusal

_DAYS: Final = f"<{FUNCTIONS}days>("
# No name begins with a digit or a minus.
_GLUED: Final = re.compile(r"[0-9.]*-(?=[A-Za-z])")
_APART: Final = frozenset(",;|&=!<>")
_WORDS_APART: Final = ("as", "in", "not", "distinct")
# Calls that give numbers only, and the types of numbers.
_NUMBERS: Final = frozenset(
    (
        "year", "month", "day", "hours", "minutes", "seconds", "strlen", "count", "sum", "avg", "abs", "round",
        "ceil", "floor", "rand", "integer", "decimal", "double", "float", "int", "long", "short",
    )
)  # fmt: skip


@dataclass
class _Operand:
    """What stands between two signs of a sum: its sign, its first and last token, whether it is surely a number."""

    sign: str
    first: int
    last: int = -1
    is_number: bool = False


def with_signs_apart(structure: Structure) -> Iterator[Edit]:
    """A space behind each minus that would be read as a part of the name that follows: ``?a-NOW()``."""
    for token in structure.tokens:
        found = _GLUED.match(token.text) if token.kind in ("word", "name") else None
        if found:
            yield Edit(token.start + found.end(), token.start + found.end(), " ")


def in_days(structure: Structure, numbers: Iterable[int]) -> Iterator[Edit]:
    """Each difference that may be one of times, in days. ``numbers`` are those of the tokens that are read."""
    levels = defaultdict[int, list[int]](list)
    for number in numbers:
        if structure.is_sign(structure.around[number], "("):
            _refuse_hidden(structure, number)
            levels[structure.around[number]].append(number)
    for level in levels.values():
        for operands in _sums(structure, level):
            yield from _edits(structure, operands)


def _edits(structure: Structure, operands: list[_Operand]) -> Iterator[Edit]:
    start, is_number = structure.tokens[operands[0].first].start, operands[0].is_number
    for operand in operands[1:]:
        is_number = is_number or operand.is_number
        if operand.sign == "-" and not is_number:
            end = structure.tokens[operand.last].end
            yield from (Edit(start, start, _DAYS), Edit(end, end, ")"))


def _sums(structure: Structure, level: list[int]) -> Iterator[list[_Operand]]:
    """The sums between the brackets, commas and comparisons of one level, each by its operands."""
    found: list[_Operand] = []
    begins = True
    for number in level:
        token = structure.tokens[number]
        if token.text in _APART or structure.is_word(number, *_WORDS_APART):
            yield from _whole(found)
            found, begins = [], True
        elif not found or (not begins and _sign(token)):
            found.append(_Operand(_sign(token), number, number, is_number=bool(_sign(token)) and not found))
            begins = bool(_sign(token)) and len(token.text) == 1
            found[-1].is_number |= not begins and _is_number(token)
        else:
            _take(found[-1], number, token, begins=begins)
            begins = token.text in ("*", "/")
    yield from _whole(found)


def _whole(found: list[_Operand]) -> Iterator[list[_Operand]]:
    if len(found) > 1:
        yield found


def _take(operand: _Operand, number: int, token: Token, *, begins: bool) -> None:
    """One more token of an operand; ``begins`` tells whether a term begins with it."""
    operand.last = number
    operand.is_number |= token.text in ("*", "/") or (begins and (bool(_sign(token)) or _is_number(token)))


def _sign(token: Token) -> str:
    """``+`` or ``-`` if a token is one, or begins with one: ``-5`` is one token."""
    return token.text[0] if token.text[0] in "+-" and token.kind in ("sign", "word", "name") else ""


def _is_number(token: Token) -> bool:
    """Whether what begins with this token is surely a number: a literal, or a call that gives one."""
    name = token.text.lstrip("+-").casefold().rpartition(":")[2]
    return token.kind in ("word", "name") and (name[:1].isdigit() or name[:1] == "." or name in _NUMBERS)


def _refuse_hidden(structure: Structure, number: int) -> None:
    """``?a<?b-?c&&?d>?e`` would be read as a variable and an IRI, and the difference be missed."""
    token, before = structure.tokens[number], structure.tokens[number - 1]
    is_less = before.kind == "variable" or before.text == ")"
    if token.kind == "iri" and is_less and "-" in token.text and ("?" in token.text or "$" in token.text):
        raise refusal(structure, number, "put a space after '<' if it is less than")
