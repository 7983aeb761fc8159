"""Named subqueries (``WITH { SELECT … } AS %name`` and ``INCLUDE %name``) written out where they are included.

They are Blazegraph's own. It evaluates one once, however often it is included, which changes nothing but the time,
unless the subquery calls for chance. A label of a blank node may stand in one group only: in a subquery that is
included again, labels have other names.
"""

from collections.abc import Iterator
from itertools import count
from typing import Final

from graph.engine.text.rewriting import Edit, Rewritten
from graph.engine.text.structure import Structure
from graph.wikidata.querying.names import refusal

MOST: Final = 10
"""Named subqueries that one query may have."""
LONGEST: Final = 64 * 1024
"""Characters that a query may have once they are written out."""


def written_out(query: str) -> Iterator[Rewritten]:
    """The steps by which named subqueries go, one each; raises :class:`UntranslatableError`."""
    for number in count():
        structure = Structure(query if "%" in query else "")
        first = _first(structure)
        if first is None:
            return
        if number == MOST:
            raise refusal(structure, first, f"at most {MOST} named subqueries are taken")
        step = Rewritten(query, tuple(_edits(structure, first)))
        yield step
        query = step.text


def _first(structure: Structure) -> int | None:
    """The first ``WITH`` that names a subquery."""
    for number in range(len(structure.tokens)):
        if structure.is_word(number, "with") and structure.is_sign(number + 1, "{"):
            return number
    return None


def _edits(structure: Structure, first: int) -> Iterator[Edit]:
    """The definition goes; each place that includes it gets its group."""
    tokens, end = structure.tokens, structure.ends.get(first + 1)
    if end is None or not structure.is_word(end + 1, "as") or not structure.is_sign(end + 2, "%"):
        raise refusal(structure, first, "a named subquery is written WITH { SELECT … } AS %name")
    name = _name(structure, end + 2)
    included = [
        number
        for number in range(len(tokens))
        if structure.is_word(number, "include") and _name(structure, number + 1) == name
    ]
    if any(first < number < end for number in included):
        raise refusal(structure, first, f"the named subquery {name} includes itself")
    mark = next(each for each in map("_{}_".format, count()) if each not in structure.text)
    bodies = (_body(structure, first + 1, f"{mark}{number}" if number else "") for number in range(len(included)))
    if len(structure.text) + len(included) * len(_body(structure, first + 1, f"{mark}{len(included)}")) > LONGEST:
        raise refusal(structure, first, f"the query has over {LONGEST} characters with its subqueries written out")
    definition = Edit(tokens[first].start, tokens[end + 3].end, "")
    places = [
        Edit(tokens[number].start, tokens[number + 2].end, body)
        for number, body in zip(included, bodies, strict=True)
    ]
    yield from sorted([definition, *places], key=lambda edit: edit.start)


def _body(structure: Structure, opening: int, mark: str) -> str:
    """The group that opens there, with a mark behind each label of a blank node."""
    inside = structure.tokens[opening : structure.ends[opening] + 1]
    marks = [Edit(each.end, each.end, mark) for each in inside if each.kind == "name" and each.text.startswith("_:")]
    before, after = Edit(0, inside[0].start, ""), Edit(inside[-1].end, len(structure.text), "")
    return Rewritten(structure.text, (before, *marks, after)).text


def _name(structure: Structure, number: int) -> str:
    """The name that begins at a ``%``; empty for anything else."""
    found = structure.tokens[number : number + 2]
    return f"%{found[1].text}" if len(found) > 1 and found[0].text == "%" and found[1].kind == "word" else ""
