"""The label service as plain SPARQL: what it would have bound is bound at the end of the group in which it stands.

As the service does it: the first language of the list that has a label wins; what has none in any of them has its
Q-identifier for a label, and no alias or description; several aliases are one text with commas; for a variable that
has no value nothing is bound. A clause that asks for nothing by name is for what the nearest SELECT gives as it is:
``?cityLabel``, ``?cityAltLabel``, ``?cityDescription``, unless the query binds it, but nothing within an expression
and nothing for ``*``.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from typing import Final

from graph.engine.text.rewriting import Edit
from graph.engine.text.structure import Structure
from graph.namespaces import WIKIDATA
from graph.wikidata.querying.label_clause import ALIAS, DESCRIPTION, LABEL, MOST, LabelClause, Wanted
from graph.wikidata.querying.names import gone, refusal
from graph.wikidata.querying.selection import Selection, Selections

_SUFFIXES: Final = {"AltLabel": ALIAS, "Label": LABEL, "Description": DESCRIPTION}
_ENTITY: Final = f'"^{WIKIDATA["wd"]}"'.replace(".", "[.]")


class Labels:
    """Writes the labels of the clauses of one text, with variables whose names stand nowhere in it."""

    def __init__(self, structure: Structure, selections: Selections) -> None:
        self._structure = structure
        self._selections = selections
        self._made: defaultdict[int, list[str]] = defaultdict(list)
        self._shown: defaultdict[Selection, list[str]] = defaultdict(list)
        prefix = "label"
        while f"{prefix}_" in structure.text:
            prefix += "_"
        self._variables = (f"?{prefix}_{number}" for number in count(1))

    def edits(self, clause: LabelClause) -> Iterator[Edit]:
        """What takes the place of a clause; raises :class:`UntranslatableError`."""
        structure, group = self._structure, self._structure.around[clause.first]
        if group not in structure.ends or structure.tokens[group].text != "{":
            raise refusal(structure, clause.first, "the label service stands in no group")
        selection = self._selections.of(clause.first)
        wanted = self._named(clause, group) if clause.wanted else self._selected(clause, group, selection)
        self._made[group] += [each.name for each in wanted]
        if wanted and selection:
            self._shown[selection] += [each.name for each in wanted]
        written = "".join(self._written(each, clause.languages) for each in wanted)
        first, last = structure.tokens[clause.first].start, structure.tokens[structure.ends[group]].start
        yield gone(structure, clause.first, clause.last)
        yield Edit(first, first, written) if clause.stays else Edit(last, last, written)

    def spelt_out(self) -> Iterator[Edit]:
        """``*`` where it would give what was only needed to write labels: the variables for which it stands."""
        for selection, names in self._shown.items():
            if selection.star is not None:
                star = self._structure.tokens[selection.star]
                given = dict.fromkeys([*self._selections.variables(selection.group), *names])
                yield Edit(star.start, star.end, " ".join(f"?{name}" for name in given))

    def _named(self, clause: LabelClause, group: int) -> list[Wanted]:
        """The labels that a clause asks for by name."""
        taken = {*self._selections.variables(group), *self._made[group]}
        for each in clause.wanted:
            if each.name in taken:
                message = f"?{each.name} has a value without the label service: give the label another name"
                raise refusal(self._structure, clause.first, message)
        return list(clause.wanted)

    def _selected(self, clause: LabelClause, group: int, selection: Selection | None) -> list[Wanted]:
        """The labels that a query selects."""
        if selection is None:
            return []
        taken = {*self._selections.variables(group), *self._made[group]}
        taken |= self._selections.variables(selection.group).keys()
        wanted = [_resolved(name) for name in dict.fromkeys(selection.names) if name not in taken]
        found = [each for each in wanted if each]
        if len(found) > MOST:
            raise refusal(self._structure, clause.first, f"at most {MOST} labels are taken in a label service")
        return found

    def _written(self, wanted: Wanted, languages: tuple[str, ...]) -> str:
        """One label as SPARQL."""
        subject, parts = wanted.subject, []
        if subject[0] in "?$":
            subject = next(self._variables)
            parts.append(f'BIND(COALESCE({wanted.subject}, "") AS {subject})')
        values = []
        for language in filter(None, languages):
            values.append(next(self._variables))
            write = self._aliases if wanted.property == ALIAS else _text
            parts.append(f"OPTIONAL {{ {write(subject, wanted.property, values[-1], language)} }}")
        if wanted.property == LABEL:
            values.append(f'REPLACE(STR({wanted.subject}), {_ENTITY}, "")')
        if values:
            parts.append(f"BIND(COALESCE({', '.join(values)}) AS ?{wanted.name})")
        return f" {' '.join(parts)} "

    def _aliases(self, subject: str, property_: str, variable: str, language: str) -> str:
        """All values in a language as one, in their own order."""
        each = next(self._variables)
        node = subject if subject[0] == "?" else next(self._variables)
        values = f"{_text(node, property_, each, language)} VALUES {node} {{ {subject} }}" if node != subject else ""
        values = values or _text(node, property_, each, language)
        ordered = f"SELECT {node} {each} WHERE {{ {values} }} ORDER BY STR({each})"
        joined = f'STRLANG(GROUP_CONCAT(STR({each}); SEPARATOR=", "), "{language}")'
        return f"SELECT {node} ({joined} AS {variable}) WHERE {{ {{ {ordered} }} }} GROUP BY {node}"


def _text(subject: str, property_: str, variable: str, language: str) -> str:
    return f'{subject} <{property_}> {variable} FILTER(LCASE(LANG({variable})) = "{language}")'


def _resolved(name: str) -> Wanted | None:
    """What a selected variable is the label of, by its name."""
    for suffix, property_ in _SUFFIXES.items():
        if name.endswith(suffix) and name != suffix:
            return Wanted(f"?{name.removesuffix(suffix)}", property_, name)
    return None
