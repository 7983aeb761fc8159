"""A query written for the Wikidata Query Service as SPARQL that any engine can answer, and the way back for errors.

The guard against SERVICE reads what comes out of here, not what goes in: nothing that this makes of a text can reach
further than the text itself could.
"""

from dataclasses import dataclass

from graph.engine import QueryEvaluationError, QuerySyntaxError, ServiceRefusedError
from graph.engine.text.complexity import refuse_complexity
from graph.engine.text.rewriting import Edit, Rewritten
from graph.engine.text.structure import OUTSIDE, Structure
from graph.wikidata.querying.differences import in_days, with_signs_apart
from graph.wikidata.querying.extensions import calls, in_english, refuse_own_service, without_hints
from graph.wikidata.querying.geography import AROUND, BOX, GeoClause, as_filter, geo_clause
from graph.wikidata.querying.grouped import by_expressions
from graph.wikidata.querying.label_clause import SERVICE, LabelClause, label_clause
from graph.wikidata.querying.labels import Labels
from graph.wikidata.querying.named_subqueries import written_out
from graph.wikidata.querying.names import iri_of
from graph.wikidata.querying.prefixes import preset
from graph.wikidata.querying.ranks import by_best_rank
from graph.wikidata.querying.selection import Selections
from graph.wikidata.querying.times import spelt_out

PlacedError = QuerySyntaxError | QueryEvaluationError | ServiceRefusedError


@dataclass(frozen=True)
class Translated:
    """The steps by which a query was translated, and whether its own text says which graphs it is about.

    ``by_best_rank`` has the properties asked for by ``wdt:``, each with what to raise if no best rank is known.
    """

    steps: tuple[Rewritten, ...]
    names_graphs: bool
    by_best_rank: dict[str, Exception]

    @property
    def text(self) -> str:
        """What is to be run."""
        return self.steps[-1].text

    def as_sent(self, error: PlacedError) -> Exception:
        """The same error with the place in the text that the sender knows."""
        return _as_sent(error, self.steps)


def translated(query: str, *, days: bool = True) -> Translated:
    """The query in plain SPARQL 1.1, with the prefixes that it uses declared.

    ``days`` tells whether differences of times become numbers of days, by a function that our own engines have.
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
        for rewrite in (with_signs_apart, by_expressions):
            if edits := tuple(rewrite(structure)):
                steps.append(Rewritten(text, edits))
                text = steps[-1].text
                structure = Structure(text)
        clauses = _Clauses(structure)
        last = tuple(sorted(_edits(structure, clauses, days=days), key=lambda edit: (edit.start, edit.end)))
    except (QuerySyntaxError, QueryEvaluationError) as error:
        raise _as_sent(error, tuple(steps)) from None
    names_graphs = any(
        around == OUTSIDE and structure.is_word(number, "from") for number, around in enumerate(structure.around)
    )
    asked = by_best_rank(structure, (*clauses.outside, *(each.triple[1] for each in clauses.places)))
    best = {name: _as_sent(each, tuple(steps)) for name, each in asked.items()}
    return Translated((*steps, Rewritten(text, last)), names_graphs, best)


def _as_sent(error: PlacedError, steps: tuple[Rewritten, ...]) -> Exception:
    found: Exception = error
    for step in reversed(steps):
        if isinstance(found, PlacedError):
            found = step.as_sent(found)
    return found


def _edits(structure: Structure, clauses: "_Clauses", *, days: bool) -> list[Edit]:
    labelled = [_opening(structure, clause.first) for clause in clauses.labels]
    searched = [_opening(structure, clause.first) for clause in clauses.places]
    labels = Labels(structure, Selections(structure, labelled))
    edits = [*preset(structure), *(edit for clause in clauses.labels for edit in labels.edits(clause))]
    known = Selections(structure, [*labelled, *searched])
    edits += [*labels.spelt_out(), *(as_filter(structure, clause, known) for clause in clauses.places)]
    own = clauses.outside
    edits += [*without_hints(structure, own), *calls(structure, own), *in_english(structure, own)]
    return [*edits, *spelt_out(structure, own), *(in_days(structure, own) if days else ())]


class _Clauses:
    """The SERVICE clauses of a text: those that are written as SPARQL, and the tokens outside of any."""

    def __init__(self, structure: Structure) -> None:
        self.labels: list[LabelClause] = []
        self.places: list[GeoClause] = []
        self.outside: list[int] = []
        number = 0
        while number < len(structure.tokens):
            opening = _opening(structure, number)
            if structure.is_word(number, "service") and opening in structure.ends and structure.is_sign(opening, "{"):
                self._take(structure, number, opening)
                number = structure.ends[opening]
            else:
                self.outside.append(number)
            number += 1

    def _take(self, structure: Structure, number: int, opening: int) -> None:
        """One clause; that of another place is left to it, and one that nobody answers is refused."""
        service = iri_of(structure, structure.tokens[opening - 1])
        if service == SERVICE:
            self.labels.append(label_clause(structure, number, opening))
        elif service in (AROUND, BOX):
            self.places.append(geo_clause(structure, service, number, opening))
        else:
            refuse_own_service(structure, number, opening - 1)


def _opening(structure: Structure, service: int) -> int:
    """Where the group of a SERVICE opens."""
    return service + 2 + structure.is_word(service + 1, "silent")
