"""What a clause asks for in which the label service stands: variables by name, and no ``*``.

Wikidata's label service gives ``?oLabel`` where a query selects it by that name, and nothing for ``*``. A clause
selects nothing itself. So it is asked for its own variables, and for the labels of these that the query around it
uses and that nothing else there gives a value to; the service itself is sent the same.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from graph.engine.text.structure import Structure
from graph.reach.clauses import Clause
from graph.wikidata.querying.label_clause import SERVICE
from graph.wikidata.querying.names import UntranslatableError, iri_of, refusal
from graph.wikidata.querying.selection import Selection, Selections

EVERYTHING: Final = "*"
_SELECT: Final = ("select", "selectdistinct", "selectreduced")
_SUFFIXES: Final = ("AltLabel", "Label", "Description")


class Labelled:
    """A query or update, of whose clauses it is asked what to select.

    Raises :class:`graph.engine.QuerySyntaxError` for a text that could be read in two ways.
    """

    def __init__(self, text: str) -> None:
        self._structure = Structure(text)
        self._apart: set[int] = set()
        self._selections = Selections(self._structure, self._apart)

    def selected(self, clause: Clause) -> str:
        """What to select of a clause.

        Raises :class:`graph.wikidata.querying.names.UntranslatableError` where a SELECT, around it or in it, names no
        label, so that none could be given.
        """
        structure = self._structure
        first = next(number for number, token in enumerate(structure.tokens) if token.start == clause.start)
        opening = _opening(structure, first)
        used = self._used(first, opening)
        services = [*self._label_services(opening, used)]
        if not services:
            return EVERYTHING
        own = [*self._variables(opening, *(_opening(structure, each) for each in services))]
        labels = [name for name in used if name not in own and _labelled(name) in own]
        around = self._selections.of(first)
        if not labels and around and around.star is not None:
            raise _nameless(structure, services[0])
        return " ".join(f"?{name}" for name in (*own, *labels)) if labels else EVERYTHING

    def _label_services(self, opening: int, used: Iterable[str]) -> Iterator[int]:
        """The label services that ask for nothing by name and belong to no SELECT within the clause.

        Raises UntranslatableError for one that belongs to a SELECT which is ``*``, or which gives a variable without
        its label, where the query around it uses that.
        """
        for number in range(opening, self._structure.ends[opening]):
            if _asks_for_nothing(self._structure, number):
                nearest = self._selections.of(number)
                if nearest is None or nearest.group < opening:
                    yield number
                elif nearest.star is not None or _forgets(nearest, used):
                    raise _nameless(self._structure, number)

    def _used(self, first: int, opening: int) -> dict[str, None]:
        """The variables that stand outside of the clause, and that nothing gives a value which is joined with it."""
        structure = self._structure
        outside = (*structure.tokens[:first], *structure.tokens[structure.ends[opening] + 1 :])
        used = dict.fromkeys(token.text[1:] for token in outside if token.kind == "variable")
        inner, group = opening, structure.around[opening]
        while group in structure.ends:
            if structure.is_sign(group, "{") and not structure.is_word(group + 1, *_SELECT):
                for name in self._variables(group, inner, *_alternatives(structure, inner)):
                    used.pop(name, None)
            inner, group = group, structure.around[group]
        return used

    def _variables(self, group: int, *apart: int) -> dict[str, None]:
        """The variables in scope at the end of a group, but for those of some groups in it."""
        self._apart.clear()
        self._apart.update(apart)
        return self._selections.variables(group)


def _asks_for_nothing(structure: Structure, number: int) -> bool:
    """Whether a label service begins there, in which no variable stands."""
    group = _opening(structure, number)
    if not structure.is_word(number, "service") or group not in structure.ends:
        return False
    written = structure.tokens[group : structure.ends[group]]
    named = any(token.kind == "variable" for token in written)
    return not named and iri_of(structure, structure.tokens[group - 1]) == SERVICE


def _opening(structure: Structure, service: int) -> int:
    """Where the group of a SERVICE opens."""
    return service + 2 + structure.is_word(service + 1, "silent")


def _alternatives(structure: Structure, group: int) -> Iterator[int]:
    """The groups that UNION puts beside a group: nothing of them is joined with it."""
    after = structure.ends[group]
    while structure.is_word(after + 1, "union") and after + 2 in structure.ends:
        yield after + 2
        after = structure.ends[after + 2]
    if structure.is_word(group - 1, "union"):
        openings = {end: start for start, end in structure.ends.items()}
        while structure.is_word(group - 1, "union") and group - 2 in openings:
            group = openings[group - 2]
            yield group


def _labelled(name: str) -> str:
    """The variable of which another one is the label, alias or description by its name; '' for none."""
    found = (name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix))
    return next(found, "")


def _forgets(selection: Selection, used: Iterable[str]) -> bool:
    """Whether it gives a variable, and not the label of it that is used."""
    given = {*selection.names, *dict(selection.made)}
    return any(name not in given and _labelled(name) in selection.names for name in used)


def _nameless(structure: Structure, service: int) -> UntranslatableError:
    message = "the SELECT names no label that the label service could give: name it there, as in ?xLabel"
    return refusal(structure, service, f"{message}, or write here ?x rdfs:label ?xLabel")
