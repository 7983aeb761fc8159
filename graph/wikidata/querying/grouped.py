"""Names of what a grouped query selects, used in its own HAVING and SELECT: ``(COUNT(?x) AS ?n) … HAVING(?n > 1)``.

In SPARQL 1.1 (18.2.4) groups are filtered before such a name has a value, so that no group is left; the query service
gives it its value, which is what is meant. The expression takes the place of its name.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from graph.engine.text.rewriting import Edit
from graph.engine.text.structure import Structure
from graph.wikidata.querying.names import refusal
from graph.wikidata.querying.selection import Selection, Selections

LONGEST: Final = 4096
"""Characters that an expression may have once names in it are written out."""
DEEPEST: Final = 20
"""Names that may stand for each other in a row."""
_GROUPS: Final = ("group", "having")
_ENDS: Final = ("order", "limit", "offset", "values")


def by_expressions(structure: Structure) -> Iterator[Edit]:
    """The names as the expressions for which they stand; raises :class:`UntranslatableError` where these grow."""
    if not any(structure.is_word(number, *_GROUPS) for number in range(len(structure.tokens))):
        return
    for selection in Selections(structure):
        made = dict(selection.made)
        for number in _uses(structure, selection) if made else ():
            token = structure.tokens[number]
            if token.kind == "variable" and token.text[1:] in made and number not in made.values():
                yield Edit(token.start, token.end, _written(structure, made, number, frozenset()))


def _uses(structure: Structure, selection: Selection) -> Iterator[int]:
    """The tokens of SELECT and HAVING; none where nothing is grouped."""
    level = structure.around[selection.group]
    behind = range(
        structure.ends.get(selection.group, len(structure.tokens)) + 1,
        structure.ends.get(level, len(structure.tokens)),
    )
    own = [number for number in behind if structure.around[number] == level]
    having = next((number for number in own if structure.is_word(number, "having")), behind.stop)
    end = next((number for number in own if number > having and structure.is_word(number, *_ENDS)), behind.stop)
    if any(structure.is_word(number, *_GROUPS) for number in own):
        yield from chain(range(selection.first, selection.group), range(having, end))


def _written(structure: Structure, made: dict[str, int], number: int, within: frozenset[str]) -> str:
    """A token; for a name that is selected, its expression in brackets, with the names in that written out too."""
    token = structure.tokens[number]
    name = token.text[1:]
    if token.kind != "variable" or name not in made or name in within:
        return token.text
    if len(within) == DEEPEST:
        raise refusal(structure, number, f"at most {DEEPEST} names are taken that stand for one another")
    inside = range(structure.around[made[name]] + 1, made[name] - 1)
    text = f"({''.join(_spaced(structure, made, each, within | {name}) for each in inside)})"
    if len(text) > LONGEST:
        raise refusal(structure, number, f"{token.text} stands for more than {LONGEST} characters here")
    return text


def _spaced(structure: Structure, made: dict[str, int], number: int, within: frozenset[str]) -> str:
    """A token written out, behind a space if there was one: ``&&`` and ``^^`` are two tokens each."""
    apart = structure.tokens[number - 1].end < structure.tokens[number].start
    return f"{' ' * apart}{_written(structure, made, number, within)}"
