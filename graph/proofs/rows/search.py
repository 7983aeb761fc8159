"""From a row to its supports: the query is asked again, openly, for this row only; its solutions name the triples.

A solution tells which branches were taken and what every variable inside was, so that the triples of the patterns on
the way are known. What could not be opened is asked about with what the solution holds: an EXISTS, a group
(:mod:`graph.proofs.rows.groups`), a sub-select with LIMIT, a closure (:mod:`graph.proofs.rows.walks`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from graph.engine import Engine, Term
from graph.namespaces import term as named
from graph.proofs.rows.groups import group_supports
from graph.proofs.rows.model import CannotExplainError, Fact, RowBound, Support
from graph.proofs.rows.parts import flagged, mentioned, possible, questions
from graph.proofs.rows.patterns import (
    And,
    Basic,
    Closure,
    Condition,
    Exists,
    Extend,
    Filter,
    Graph,
    Group,
    Join,
    LeftJoin,
    Minus,
    Or,
    Pattern,
    Plain,
    Select,
    Slot,
    Table,
    Union,
    Walk,
)
from graph.proofs.rows.supports import ALWAYS, NEVER, Supports, both, minimal
from graph.proofs.rows.walks import walk_supports
from graph.proofs.rows.wording import filled_in
from graph.proofs.rows.writing import Writer

Solution = Mapping[Variable, Term]
Place = NamedNode | None
"""The named graph in which a pattern reads; None is the default graph."""

_TRUE: Final = Literal("true", datatype=named("xsd:boolean"))


class OutOfBoundError(ValueError):
    """The time or the queries allowed are used up."""


class Search:
    """Explains the rows of one query on one engine; what it has found out it keeps for the next row."""

    def __init__(self, engine: Engine, dataset: str, bound: RowBound) -> None:
        self.bound = bound
        self.cut: set[str] = set()
        self._engine = engine
        self._dataset = dataset
        self._open = Writer(openly=True)
        self._exact = Writer(openly=False)
        self._ends = monotonic() + bound.seconds
        self._queries = 0
        self._known: dict[object, Supports] = {}
        self._possible: dict[Pattern, frozenset[Variable]] = {}
        self._ways: dict[type, Callable[..., Supports]] = {
            Basic: self._basic,
            Walk: lambda pattern, solution, place: self.supports(pattern.meaning, solution, place),
            Closure: self._closure,
            Join: self._join,
            LeftJoin: self._left_join,
            Union: self._union,
            Minus: self._minus,
            Filter: self._filter,
            Extend: self._extend,
            Table: lambda *_: ALWAYS,
            Graph: self._graph,
            Group: lambda pattern, solution, place: group_supports(self, pattern, solution, place),
            Select: self._select,
        }

    def of_row(self, pattern: Pattern, row: Mapping[Variable, Term | None], place: Place = None) -> Supports:
        """The minimal supports of the solutions of a pattern that have these terms, and are unbound where it is None.

        Raises :class:`OutOfBoundError`, and :class:`CannotExplainError` for a cell that no query can hold.
        """
        key = (pattern, frozenset(row.items()), place)
        if key not in self._known:
            self._known[key] = self._kept(pattern, self.members(pattern, row, place, self.bound.solutions), place)
        return self._known[key]

    def members(
        self, pattern: Pattern, row: Mapping[Variable, Term | None], place: Place, most: int
    ) -> Sequence[Solution]:
        """The different solutions of a pattern with the terms of a row, which are unbound where those are None."""
        filters = {variable: _exactly(variable, term) for variable, term in row.items()}
        terms = {variable: term for variable, term in row.items() if term is not None}
        return self.solutions(pattern, terms, filters, place, most)

    def solutions(
        self, pattern: Pattern, terms: Solution, filters: Mapping[Variable, str], place: Place, most: int
    ) -> Sequence[Solution]:
        """The different solutions of a pattern that hold certain terms and pass filters, ``most`` of them."""
        self._count()
        named = Graph(place, pattern) if place is not None else pattern
        given = {variable: term for variable, term in terms.items() if isinstance(term, NamedNode | Literal)}
        body, told = self._open.opened(named, given)
        after = "".join(f" FILTER ({each})" for variable, each in filters.items() if each and variable not in told)
        found = self._engine.select(f"SELECT * {self._dataset} WHERE {{ {body}{after} }} LIMIT {most + 1}")
        variables = [Variable(name) for name in found.variables]
        blank = {variable: term for variable, term in terms.items() if isinstance(term, BlankNode)}
        rows = dict.fromkeys(found.rows)
        if len(found.rows) > most:
            self.cut.add(f"only {most} ways to find a part of it were looked at")
        made = [{v: term for v, term in zip(variables, row, strict=True) if term is not None} for row in rows]
        return [each for each in made if all(each.get(v, term) == term for v, term in blank.items())][:most]

    def supports(self, pattern: Pattern, solution: Solution, place: Place) -> Supports:
        """The supports of one solution of a pattern that was asked openly."""
        return self._ways[type(pattern)](pattern, solution, place)

    def text(self, pattern: Pattern) -> str:
        """A pattern as a reader knows it, in braces."""
        return self._exact.group(pattern)

    def _count(self) -> None:
        self._queries += 1
        if self._queries > self.bound.queries:
            raise OutOfBoundError(f"more than {self.bound.queries} queries would be needed")
        if monotonic() > self._ends:
            raise OutOfBoundError(f"it takes longer than {self.bound.seconds:g} s")

    def _kept(self, pattern: Pattern, found: Sequence[Solution], place: Place) -> Supports:
        kept = minimal(each for solution in found for each in self.supports(pattern, solution, place))
        if len(kept) > self.bound.supports:
            self.cut.add(f"only the {self.bound.supports} smallest supports of a part of it are kept")
        return kept[: self.bound.supports]

    def _both(self, *parts: Supports) -> Supports:
        return both(parts, self.bound.supports)

    def _basic(self, pattern: Basic, solution: Solution, place: Place) -> Supports:
        return (Support(frozenset(Fact(_triple(slots, solution), place) for slots in pattern.triples)),)

    def _closure(self, pattern: Closure, solution: Solution, place: Place) -> Supports:
        start, end = _term(pattern.subject, solution), _term(pattern.object, solution)
        key = (pattern, start, end, place)
        if key not in self._known:
            self._known[key] = walk_supports(self, pattern, start, end, place)
        return self._known[key]

    def _join(self, pattern: Join, solution: Solution, place: Place) -> Supports:
        return self._both(self.supports(pattern.left, solution, place), self.supports(pattern.right, solution, place))

    def _left_join(self, pattern: LeftJoin, solution: Solution, place: Place) -> Supports:
        left = self.supports(pattern.left, solution, place)
        if pattern.mark not in solution:
            return self._both(left, self._absent("OPTIONAL", pattern.right, solution))
        right = self.supports(pattern.right, solution, place)
        if pattern.condition is None:
            return self._both(left, right)
        seen = self._seen(pattern, pattern.condition, solution)
        return self._both(left, right, self._why(pattern.condition, seen, place))

    def _union(self, pattern: Union, solution: Solution, place: Place) -> Supports:
        first = getattr(solution[pattern.mark], "value", "") == "1"
        return self.supports(pattern.left if first else pattern.right, solution, place)

    def _minus(self, pattern: Minus, solution: Solution, place: Place) -> Supports:
        left = self.supports(pattern.left, solution, place)
        return self._both(left, self._absent("MINUS", pattern.right, solution))

    def _filter(self, pattern: Filter, solution: Solution, place: Place) -> Supports:
        found = self.supports(pattern.pattern, solution, place)
        seen = self._seen(pattern.pattern, pattern.condition, solution)
        return self._both(found, self._why(pattern.condition, seen, place))

    def _extend(self, pattern: Extend, solution: Solution, place: Place) -> Supports:
        found = self.supports(pattern.pattern, solution, place)
        seen = self._seen(pattern.pattern, pattern.expression, solution)
        return self._both(found, *self._answers(pattern.expression, seen, place))

    def _seen(self, pattern: Pattern, condition: Condition, solution: Solution) -> Solution:
        """What a condition on a pattern sees of a solution, which holds more: what else was joined to the pattern."""
        if pattern not in self._possible:
            self._possible[pattern] = possible(pattern)
        seen = self._possible[pattern] | {each.flag for each in flagged(condition)}
        return {variable: term for variable, term in solution.items() if variable in seen}

    def _graph(self, pattern: Graph, solution: Solution, place: Place) -> Supports:  # noqa: ARG002 - it names another
        name = _term(pattern.name, solution)
        assert isinstance(name, NamedNode)  # noqa: S101 - nothing else names a graph
        return self.supports(pattern.pattern, solution, name)

    def _select(self, pattern: Select, solution: Solution, place: Place) -> Supports:
        if not pattern.sliced:
            return self.supports(pattern.pattern, solution, place)
        return self.of_row(pattern.pattern, {each: solution.get(each) for each in pattern.variables}, place)

    def _absent(self, word: str, pattern: Pattern, solution: Solution) -> Supports:
        return (Support(absences=frozenset({filled_in(f"{word} {self.text(pattern)}", solution)})),)

    def _why(self, condition: Condition, solution: Solution, place: Place) -> Supports:
        """Why a condition is true of a solution: by which EXISTS; no support where it is not."""
        if isinstance(condition, Exists):
            return self._whether(condition, solution, place)
        if isinstance(condition, And):
            return self._both(*(self._why(part, solution, place) for part in condition.parts))
        if isinstance(condition, Or):
            return self._either(condition, solution, place)
        doubtful = condition.flag is not None and solution.get(condition.flag) != _TRUE
        return NEVER if doubtful else self._both(*self._answers(condition, solution, place))

    def _either(self, condition: Or, solution: Solution, place: Place) -> Supports:
        """Why one of several is true; where it is so whatever the graph holds, nothing else is asked."""
        found: list[Support] = []
        for part in sorted(condition.parts, key=lambda part: not isinstance(part, Plain)):
            found += self._why(part, solution, place)
            if Support() in found:
                return ALWAYS
        return minimal(found)

    def _whether(self, question: Exists, solution: Solution, place: Place) -> Supports:
        found = self._asked(question, solution, place)
        if question.negated:
            return NEVER if found else self._absent("NOT EXISTS", question.pattern, solution)
        return found

    def _answers(self, condition: Condition, solution: Solution, place: Place) -> Iterator[Supports]:
        """For each EXISTS within an expression, on what its answer rests, be it yes or no."""
        for each in questions(condition):
            found = self._asked(each, solution, place)
            yield found or self._absent("NOT EXISTS", each.pattern, solution)

    def _asked(self, question: Exists, solution: Solution, place: Place) -> Supports:
        """The supports of what is asked to exist, under a solution; none if it does not."""
        used = frozenset(mentioned(question.pattern))
        terms = {variable: term for variable, term in solution.items() if variable in used}
        key = (question, frozenset(terms.items()), place)
        if key not in self._known:
            pattern = _correlated(question.pattern, terms)
            filters = {variable: _compatibly(variable, term) for variable, term in terms.items()}
            found = self.solutions(pattern, terms, filters, place, self.bound.solutions)
            self._known[key] = self._kept(pattern, found, place)
        return self._known[key]


def _correlated(pattern: Pattern, terms: Solution) -> Pattern:
    """The pattern of an EXISTS, of which filters see what is known outside."""
    if not isinstance(pattern, Filter):
        return pattern
    inside = pattern.pattern
    seen = [v for v in dict.fromkeys(mentioned(pattern.condition)) if v in terms and v not in inside.certain]
    if not seen:
        return pattern
    return Filter(Join(Table(tuple(seen), (tuple(terms[each] for each in seen),)), inside), pattern.condition)


def _exactly(variable: Variable, term: Term | None) -> str:
    if term is None:
        return f"!BOUND({variable})"
    return f"isBlank({variable})" if isinstance(term, BlankNode) else f"sameTerm({variable}, {_writable(term)})"


def _compatibly(variable: Variable, term: Term) -> str:
    return "" if isinstance(term, BlankNode) else f"!BOUND({variable}) || sameTerm({variable}, {_writable(term)})"


def _writable(term: Term) -> Term:
    if isinstance(term, Triple):
        raise CannotExplainError("a cell holds a triple, which SPARQL 1.1 cannot ask for")
    return term


def _term(slot: Slot, solution: Solution) -> Term:
    return solution[slot] if isinstance(slot, Variable) else slot


def _triple(slots: tuple[Slot, Slot, Slot], solution: Solution) -> Triple:
    subject, predicate, object_ = (_term(slot, solution) for slot in slots)
    return Triple(subject, predicate, object_)  # type: ignore[arg-type]
