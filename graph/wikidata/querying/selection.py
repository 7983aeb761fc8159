"""What a query selects, group by group: which SELECT a group belongs to, and which variables a group has.

The variables of a group are those in scope at its end (SPARQL 1.1 Query, 18.2.1): not those that stand in a FILTER or
MINUS only, and of a sub-SELECT those that it selects.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from graph.engine.text.structure import OUTSIDE, Structure

_FORMS: Final = ("select", "selectdistinct", "selectreduced", "construct", "ask", "describe")


@dataclass(frozen=True)
class Selection:
    """A query or sub-SELECT: its first token, what it gives, and where its group opens.

    ``names`` are the variables that it gives as they are, without their sign; those of a CONSTRUCT are the variables
    of its template. ``made`` are the names of expressions with the numbers of their tokens. ``star`` is the number of
    the ``*``, if there is one.
    """

    first: int
    names: tuple[str, ...]
    made: tuple[tuple[str, int], ...]
    star: int | None
    group: int


class Selections:
    """All selections of a text, by the bracket that opens their group.

    Groups that open at one of ``apart`` have no part in the groups around them.
    """

    def __init__(self, structure: Structure, apart: Collection[int] = ()) -> None:
        self._structure = structure
        self._apart = apart
        self._found: dict[int, Selection] = {}
        begun: dict[int, int] = {}
        for number, around in enumerate(structure.around):
            if structure.is_word(number, *_FORMS):
                begun[around] = number
            elif around in begun and self._opens(number):
                self._found[number] = self._selection(begun.pop(around), number)

    def _opens(self, number: int) -> bool:
        """Whether a token opens the group of a selection, and not the template of a CONSTRUCT."""
        return self._structure.is_sign(number, "{") and not self._structure.is_word(number - 1, "construct")

    def of(self, number: int) -> Selection | None:
        """The nearest selection in whose group a token stands."""
        around = self._structure.around[number]
        while around != OUTSIDE and around not in self._found:
            around = self._structure.around[around]
        return self._found.get(around)

    def __iter__(self) -> Iterator[Selection]:
        return iter(self._found.values())

    def variables(self, group: int) -> dict[str, None]:
        """The variables in scope at the end of a group, in the order in which they first stand there."""
        structure, found = self._structure, dict[str, None]()
        number, end = group + 1, structure.ends.get(group, len(structure.tokens))
        while number < end:
            if structure.is_word(number, "filter", "minus"):
                number = self._after(number)
            elif structure.is_word(number, "bind") and structure.is_sign(number + 1, "("):
                number = structure.ends.get(number + 1, end)
                found[_name(structure.tokens[number - 1].text)] = None
            elif structure.is_sign(number, "{"):
                found |= dict.fromkeys(self._selected(number))
                number = structure.ends.get(number, end)
            elif structure.tokens[number].kind == "variable":
                found[_name(structure.tokens[number].text)] = None
            number += 1
        return found

    def _selected(self, group: int) -> tuple[str, ...]:
        """What a group within another passes on: a sub-SELECT only what it selects."""
        if group in self._apart:
            return ()
        if not self._structure.is_word(group + 1, *_FORMS):
            return tuple(self.variables(group))
        found = next((each for each in self._found.values() if self._structure.around[each.group] == group), None)
        if found is None:
            return ()
        return tuple(self.variables(found.group)) if found.star is not None else (*found.names, *dict(found.made))

    def _after(self, number: int) -> int:
        """The last token of what a FILTER or MINUS holds: a bracket, or a call, or a group after EXISTS."""
        structure = self._structure
        for after in range(number + 1, min(number + 4, len(structure.tokens))):
            if structure.tokens[after].text in ("(", "{"):
                return structure.ends.get(after, len(structure.tokens))
        return number

    def _selection(self, first: int, group: int) -> Selection:
        structure, around = self._structure, self._structure.around[group]
        head = range(first + 1, group)
        own = [each for each in head if structure.around[each] == around]
        names = [each for each in own if structure.tokens[each].kind == "variable"]
        if structure.is_word(first, "construct"):
            names = [each for each in head if structure.tokens[each].kind == "variable"]
        brackets = {each for each in own if structure.is_sign(each, "(")}
        made = [each + 1 for each in head if structure.is_word(each, "as") and structure.around[each] in brackets]
        star = next((each for each in own if structure.is_sign(each, "*")), None)
        with_numbers = tuple(zip(self._names(made), made, strict=True))
        return Selection(first, self._names(names), with_numbers, star, group)

    def _names(self, numbers: list[int]) -> tuple[str, ...]:
        return tuple(_name(self._structure.tokens[each].text) for each in numbers)


def _name(variable: str) -> str:
    return variable[1:]
