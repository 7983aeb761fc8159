"""A query written for the Wikidata Query Service as SPARQL that any engine can answer, and the way back for errors.

The guard against SERVICE reads what comes out of here, not what goes in: nothing that this makes of a text can reach
further than the text itself could.
"""

from dataclasses import dataclass

from graph.engine import QueryEvaluationError, QuerySyntaxError, ServiceRefusedError
from graph.engine.text.complexity import refuse_complexity
from graph.engine.text.rewriting import Edit, Rewritten
from graph.engine.text.structure import OUTSIDE, Structure
from graph.wikidata.querying.extensions import calls, refuse_own_service, without_hints
from graph.wikidata.querying.grouped import by_expressions
from graph.wikidata.querying.label_clause import SERVICE, LabelClause, label_clause
from graph.wikidata.querying.labels import Labels
from graph.wikidata.querying.named_subqueries import written_out
from graph.wikidata.querying.names import iri_of
from graph.wikidata.querying.prefixes import preset
from graph.wikidata.querying.selection import Selections

PlacedError = QuerySyntaxError | QueryEvaluationError | ServiceRefusedError


@dataclass(frozen=True)
class Translated:
    """The steps by which a query was translated, and whether its own text says which graphs it is about."""

    steps: tuple[Rewritten, ...]
    names_graphs: bool

    @property
    def text(self) -> str:
        """What is to be run."""
        return self.steps[-1].text

    def as_sent(self, error: PlacedError) -> Exception:
        """The same error with the place in the text that the sender knows."""
        return _as_sent(error, self.steps)


def translated(query: str) -> Translated:
    """The query in plain SPARQL 1.1, with the prefixes that it uses declared.

    Raises :class:`UntranslatableError` for what cannot be translated truly, and ``QuerySyntaxError`` or
    ``QueryEvaluationError`` for a text that could be read in two ways, or is too complex to be read.
    """
    refuse_complexity(query)
    steps: list[Rewritten] = []
    try:
        steps += written_out(query)
        text = steps[-1].text if steps else query
        refuse_complexity(text)
        structure = Structure(text)
        if grouped := tuple(by_expressions(structure)):
            steps.append(Rewritten(text, grouped))
            text = steps[-1].text
            structure = Structure(text)
        edits = sorted(_edits(structure), key=lambda edit: (edit.start, edit.end))
    except (QuerySyntaxError, QueryEvaluationError) as error:
        raise _as_sent(error, tuple(steps)) from None
    names_graphs = any(
        around == OUTSIDE and structure.is_word(number, "from") for number, around in enumerate(structure.around)
    )
    return Translated((*steps, Rewritten(text, tuple(edits))), names_graphs)


def _as_sent(error: PlacedError, steps: tuple[Rewritten, ...]) -> Exception:
    found: Exception = error
    for step in reversed(steps):
        if isinstance(found, PlacedError):
            found = step.as_sent(found)
    return found


def _edits(structure: Structure) -> list[Edit]:
    clauses = _label_clauses(structure)
    selections = Selections(structure, [_opening(structure, clause.first) for clause in clauses])
    labels = Labels(structure, selections)
    edits = [*preset(structure), *(edit for clause in clauses for edit in labels.edits(clause)), *labels.spelt_out()]
    return [*edits, *without_hints(structure), *calls(structure)]


def _label_clauses(structure: Structure) -> list[LabelClause]:
    """The label services of the text, but for those inside a SERVICE that another place answers."""
    found, number = [], 0
    while number < len(structure.tokens):
        if structure.is_word(number, "service"):
            target = number + 1 + structure.is_word(number + 1, "silent")
            opening = target + 1
            if opening in structure.ends and structure.is_sign(opening, "{"):
                if iri_of(structure, structure.tokens[target]) == SERVICE:
                    found.append(label_clause(structure, number, opening))
                else:
                    refuse_own_service(structure, number, target)
                number = structure.ends[opening]
        number += 1
    return found


def _opening(structure: Structure, service: int) -> int:
    """Where the group of a SERVICE opens."""
    return service + 2 + structure.is_word(service + 1, "silent")
