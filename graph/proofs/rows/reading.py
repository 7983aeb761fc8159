"""A query's text, read into patterns: by rdflib's parser and its translation to SPARQL 1.1 algebra.

What rdflib cannot read (SPARQL 1.2, LATERAL), and what cannot be asked again with the same answer (SERVICE, NOW()),
is refused. rdflib needs tens of milliseconds, so that what was read is kept.
"""

from dataclasses import dataclass
from functools import lru_cache, reduce
from threading import Lock
from typing import Any, Final

from pyoxigraph import NamedNode, Variable
from rdflib.paths import Path
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable as RdflibVariable

from graph.engine import Term
from graph.engine.text.normal import is_volatile
from graph.proofs.rows.expressions import Expressions, slot_of, term_of
from graph.proofs.rows.model import CannotExplainError
from graph.proofs.rows.names import Names, Scope
from graph.proofs.rows.parts import joined, nodes, possible, questions
from graph.proofs.rows.paths import walk
from graph.proofs.rows.patterns import (
    Aggregate,
    Basic,
    Condition,
    Extend,
    Filter,
    Graph,
    Group,
    LeftJoin,
    Minus,
    Pattern,
    Select,
    Table,
    Union,
)

LONGEST: Final = 64 * 1024
_reading = Lock()
_COUNTED: Final = {"GroupConcat": "GROUP_CONCAT"}


@dataclass(frozen=True, eq=False)
class Query:
    """A query that can be explained; ``dataset`` are its FROM clauses."""

    form: str
    select: Select
    dataset: str


@lru_cache(64)
def read_query(text: str, base: str | None = None) -> Query:
    """The patterns of a SELECT or ASK query; raises :class:`CannotExplainError`."""
    if len(text) > LONGEST:
        raise CannotExplainError(f"the query is longer than {LONGEST} characters")
    if is_volatile(text):
        raise CannotExplainError("NOW, RAND, UUID and BNODE give another answer when they are asked again")
    found = _algebra(text, base)
    form = found.name.removesuffix("Query").upper()
    if form not in ("SELECT", "ASK"):
        raise CannotExplainError(f"only rows of SELECT, and ASK, rest on triples; this is a {form}")
    try:
        select = _Reader(Names(text)).select(found.p, None)
    except (AttributeError, TypeError, ValueError, KeyError, RecursionError) as error:
        if isinstance(error, CannotExplainError):
            raise
        raise CannotExplainError(f"the query has a part that is not understood here ({error})") from error
    return Query(form, select, _dataset(found.datasetClause))


def _algebra(text: str, base: str | None) -> CompValue:
    try:
        with _reading:
            return translateQuery(parseQuery(text), base=base).algebra
    except RecursionError as error:
        raise CannotExplainError("the query is too long, or its brackets are too deep") from error
    except Exception as error:  # whatever rdflib raises, and the library by which it parses
        if hasattr(error, "lineno") and hasattr(error, "column"):
            place = f"line {error.lineno}, column {error.column}"
            raise CannotExplainError(f"{place} is no SPARQL 1.1 (or of a kind that is not known here)") from error
        raise CannotExplainError(f"the query cannot be translated ({error})") from error


def _dataset(clauses: Any) -> str:
    parts = []
    for clause in clauses or ():
        parts.append(
            f"FROM {NamedNode(clause.default)}" if clause.default else f"FROM NAMED {NamedNode(clause.named)}"
        )
    return " ".join(parts)


class _Reader:
    """Reads rdflib's algebra, one method for each of its nodes."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def select(self, node: CompValue, outer: Scope | None) -> Select:
        """A query or sub-select."""
        start, length, modifier = 0, None, ""
        if node.name == "Slice":
            start, length, node = node.start, node.length, node.p
        if node.name in ("Distinct", "Reduced"):
            modifier, node = node.name.upper(), node.p
        given = list(dict.fromkeys(map(str, node.PV)))
        scope = Scope(self._names, outer, frozenset(given))
        node, order = node.p, []
        ordering = node if node.name == "OrderBy" else None
        pattern = self.pattern(node.p if ordering else node, scope)
        if ordering:
            order = [(each.order or "ASC", self._condition(each.expr, scope)) for each in ordering.expr]
        return Select(tuple(map(scope.variable, given)), pattern, modifier, tuple(order), start, length)

    def pattern(self, node: CompValue, scope: Scope) -> Pattern:
        """A graph pattern."""
        read = getattr(self, "_" + node.name.lower(), None)
        if read is None:
            what = "SERVICE asks another endpoint" if node.name.startswith("Service") else f"{node.name} is not known"
            raise CannotExplainError(what)
        found: Pattern = read(node, scope)
        return found

    def _condition(self, expression: Any, scope: Scope) -> Condition:
        return Expressions(scope, self.pattern).condition(expression)

    def _bgp(self, node: CompValue, scope: Scope) -> Pattern:
        parts: list[Pattern] = [Basic()]
        for subject, predicate, object_ in node.triples or ():
            ends = slot_of(subject, scope), slot_of(object_, scope)
            if isinstance(predicate, Path):
                parts.append(walk(self._names, ends[0], predicate, ends[1]))
            else:
                parts.append(Basic(((ends[0], slot_of(predicate, scope), ends[1]),)))
        return reduce(joined, sorted(parts, key=lambda part: not isinstance(part, Basic)))

    def _join(self, node: CompValue, scope: Scope) -> Pattern:
        return joined(self.pattern(node.p1, scope), self.pattern(node.p2, scope))

    def _leftjoin(self, node: CompValue, scope: Scope) -> Pattern:
        condition = None if node.expr.name == "TrueFilter" else self._condition(node.expr, scope)
        left, right = self.pattern(node.p1, scope), self.pattern(node.p2, scope)
        if condition is not None:
            _refuse_rebinding(condition, possible(left) | possible(right))
        return LeftJoin(left, right, condition, self._names.fresh())

    def _union(self, node: CompValue, scope: Scope) -> Pattern:
        return Union(self.pattern(node.p1, scope), self.pattern(node.p2, scope), self._names.fresh())

    def _minus(self, node: CompValue, scope: Scope) -> Pattern:
        return Minus(self.pattern(node.p1, scope), self.pattern(node.p2, scope))

    def _filter(self, node: CompValue, scope: Scope) -> Pattern:
        pattern = self.pattern(node.p, scope)
        condition = self._condition(node.expr, scope)
        _refuse_rebinding(condition, possible(pattern))
        return Filter(pattern, condition)

    def _extend(self, node: CompValue, scope: Scope) -> Pattern:
        pattern = self.pattern(node.p, scope)
        variable = scope.variable(str(node.var))
        if isinstance(node.expr, RdflibVariable) and scope.variable(str(node.expr)) == variable:
            return pattern
        expression = self._condition(node.expr, scope)
        _refuse_rebinding(expression, possible(pattern))
        return Extend(pattern, variable, expression)

    def _graph(self, node: CompValue, scope: Scope) -> Pattern:
        name = slot_of(node.term, scope)
        assert isinstance(name, NamedNode | Variable)  # noqa: S101 - the grammar has no other
        pattern = self.pattern(node.p, scope)
        if isinstance(name, Variable) and any(isinstance(each, Graph | Select) for each in nodes(pattern)):
            raise CannotExplainError("a sub-select or GRAPH within GRAPH ?variable: engines differ on what it means")
        return Graph(name, pattern)

    def _tomultiset(self, node: CompValue, scope: Scope) -> Pattern:
        if isinstance(node.p, CompValue) and node.p.name == "values":
            return self._values(node.p, scope)
        return self.select(node.p, scope) if node.p else Table((), ())

    def _values(self, node: CompValue, scope: Scope) -> Pattern:
        names = tuple(map(str, node.res[0]))
        rows = tuple(tuple(_cell(cell) for cell in row.values()) for row in node.res)
        return Table(tuple(map(scope.variable, names)), rows, names)

    def _aggregatejoin(self, node: CompValue, scope: Scope) -> Pattern:
        pattern, keys = self.pattern(node.p.p, scope), []
        for key in node.p.expr or ():
            if not isinstance(key, RdflibVariable):
                pattern = Extend(pattern, self._names.fresh(), self._condition(key, scope))
                keys.append(pattern.variable)
            else:
                keys.append(scope.variable(str(key)))
        aggregates = []
        for each in node.A:
            sampled = scope.variable(str(each.vars)) if isinstance(each.vars, RdflibVariable) else None
            if each.name == "Aggregate_Sample" and sampled in keys:
                scope.alias(str(each.res), sampled)
            else:
                aggregates.append(self._aggregate(each, scope))
        return Group(pattern, tuple(keys), tuple(aggregates))

    def _aggregate(self, node: CompValue, scope: Scope) -> Aggregate:
        name = node.name.removeprefix("Aggregate_")
        argument = None if str(node.vars) == "*" else self._condition(node.vars, scope)
        rest = f"; SEPARATOR = {term_of(node.separator)}" if node.separator is not None else ""
        result = scope.variable(str(node.res))
        return Aggregate(_COUNTED.get(name, name.upper()), argument, bool(node.distinct), rest, result)


def _refuse_rebinding(condition: Condition, outside: frozenset[Variable]) -> None:
    """SPARQL does not say what it means to put a value in the place of a variable that BIND is to bind."""
    for question in questions(condition):
        if any(isinstance(each, Extend) and each.variable in outside for each in nodes(question.pattern)):
            raise CannotExplainError("a BIND within EXISTS of a variable that is bound outside it")


def _cell(cell: Any) -> Term | None:
    """A cell of VALUES; UNDEF is a plain string to rdflib."""
    return None if type(cell) is str else term_of(cell)
