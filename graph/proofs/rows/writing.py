"""Patterns as SPARQL text again, in one of two ways.

*Exactly*: with the same solutions as the query's part from which they were read.
*Openly*: every variable inside shows, with marks for the ways that were taken, and what an outer solution is known to
hold is told to each part that is sure to bind it, sub-selects included (engines do not tell them). What cannot be
opened (a group, a sub-select with LIMIT, a closure) stands as it is; it is asked about afterwards.

This is the rewriting of SPARQLprov (Hernández, Galárraga, Hose: Computing How-Provenance for SPARQL Queries via Query
Rewriting, PVLDB 14, 2021) and NPCS (Asma et al., WWW 2024), with rows in the place of annotated triples.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Variable

from graph.engine import Term
from graph.proofs.rows.expressions import Piece, bare
from graph.proofs.rows.parts import conjuncts, flagged, questions
from graph.proofs.rows.patterns import (
    Aggregate,
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
    Pattern,
    Plain,
    Select,
    Slot,
    Slots,
    Table,
    Union,
    Walk,
)

Given = Mapping[Variable, NamedNode | Literal]
NOTHING_GIVEN: Final[Given] = {}


class Writer:
    """Writes patterns.

    One that is ``optional`` writes the inside of an OPTIONAL, which has to be found exactly where the query finds it.
    """

    def __init__(self, *, openly: bool, optional: bool = False) -> None:
        self._openly = openly
        self._optional = optional
        self._told: list[set[Variable]] = [set()]
        self._inside = self if optional or not openly else Writer(openly=True, optional=True)
        self._exact = Writer(openly=False) if openly else self
        self._ways: dict[type, Callable[..., str]] = {
            Basic: self._basic,
            Walk: self._walk,
            Closure: self._closure,
            Join: self._join,
            LeftJoin: self._left_join,
            Union: self._union,
            Minus: self._minus,
            Filter: self._filter,
            Extend: self._extend,
            Table: self._table,
            Graph: self._graph,
            Group: self._group,
            Select: self._select,
        }

    def opened(self, pattern: Pattern, given: Given) -> tuple[str, set[Variable]]:
        """What stands in the braces of a query, and which variables can only have there what is given."""
        self._told.append(set())
        text = self.body(pattern, {**fixed(pattern), **given})
        return text, self._told.pop()

    def group(self, pattern: Pattern, given: Given = NOTHING_GIVEN, after: str = "") -> str:
        """A pattern in braces."""
        return f"{{ {self._scope(self.body, pattern, given)}{' ' + after if after else ''} }}"

    def _scope(self, write: Callable[[Pattern, Given], str], pattern: Pattern, given: Given) -> str:
        """What stands in braces: what is known is told there once."""
        self._told.append(set())
        try:
            return write(pattern, {**fixed(pattern), **given})
        finally:
            self._told.pop()

    def body(self, pattern: Pattern, given: Given) -> str:
        """What stands in the braces of a group."""
        return self._ways[type(pattern)](pattern, given)

    def _first(self, pattern: Pattern, given: Given) -> str:
        """A pattern after which more stands in its group: a filter would hold for that too."""
        return self.group(pattern, given) if self._filters(pattern) else self.body(pattern, given)

    def _filters(self, pattern: Pattern) -> bool:
        opened = isinstance(pattern, Select) and self._opens(pattern)
        return isinstance(pattern, Filter) or (opened and self._filters(pattern.pattern))  # type: ignore[union-attr]

    def _opens(self, pattern: Select) -> bool:
        return self._openly and not pattern.sliced

    def _tell(self, variables: Container[object], given: Given) -> str:
        """What is known of variables in whose place it stands, if these braces were not told it yet."""
        known = {v: term for v, term in given.items() if v in variables and v not in self._told[-1]}
        self._told[-1].update(known)
        return row(known) + " " if known else ""

    def _basic(self, pattern: Basic, given: Given) -> str:
        return self._tell(pattern.certain, given) + _triples(_ordered(pattern.triples, given), given)

    def _walk(self, pattern: Walk, given: Given) -> str:
        return self.body(pattern.meaning, given) if self._openly else self._closure(pattern, given)

    def _closure(self, pattern: Walk, given: Given) -> str:
        return self._tell(pattern.certain, given) + _triples([(pattern.subject, pattern.path, pattern.object)], given)

    def _join(self, pattern: Join, given: Given) -> str:
        right = pattern.right
        alone = isinstance(right, Basic | Closure) or (isinstance(right, Walk) and not self._openly)
        second = self.body(right, given) if alone else self.group(right, given)
        return f"{self._first(pattern.left, given)} {second}"

    def _left_join(self, pattern: LeftJoin, given: Given) -> str:
        known = _among(given, pattern.left.certain)
        inside = [self._inside._scope(self._inside._first, pattern.right, known)]
        if self._openly:
            inside.append(f"BIND (true AS {pattern.mark})")
        if pattern.condition is not None:
            inside.append(f"FILTER ({self.bare(pattern.condition, known)})")
        text = f"{self._first(pattern.left, given)} OPTIONAL {{ {' '.join(inside)} }}"
        return text + (self._flags(pattern.condition) if pattern.condition is not None else "")

    def _union(self, pattern: Union, given: Given) -> str:
        marks = [f"BIND ({number} AS {pattern.mark})" if self._openly else "" for number in (1, 2)]
        branches = (pattern.left, pattern.right)
        return " UNION ".join(self.group(each, given, mark) for each, mark in zip(branches, marks, strict=True))

    def _minus(self, pattern: Minus, given: Given) -> str:
        known = _among(given, pattern.left.certain)
        return f"{self._first(pattern.left, given)} MINUS {self._exact.group(pattern.right, known)}"

    def _filter(self, pattern: Filter, given: Given) -> str:
        """Openly without its EXISTS, which are asked about afterwards: engines are slow at them within a FILTER."""
        parts: Iterable[Condition] = (pattern.condition,)
        if self._openly and not self._optional:
            parts = (part for part in conjuncts(pattern.condition) if not any(questions(part)))
        known = _among(given, pattern.certain)
        filters = "".join(f" FILTER ({self.bare(part, known)})" for part in parts)
        return self.body(pattern.pattern, given) + self._flags(pattern.condition) + filters

    def _flags(self, condition: Condition) -> str:
        if not self._openly:
            return ""
        flags = flagged(condition)
        return "".join(f" BIND (IF({self.bare(each)}, true, false) AS {each.flag})" for each in flags)

    def _extend(self, pattern: Extend, given: Given) -> str:
        expression = self.bare(pattern.expression)
        return f"{self._first(pattern.pattern, given)} BIND ({expression} AS {pattern.variable})"

    def _table(self, pattern: Table, given: Given) -> str:  # noqa: ARG002 - it is a table itself
        if len(pattern.rows) != 1:
            return table(pattern.variables, pattern.rows)
        # A lone UNDEF binds nothing; it only keeps Oxigraph from knowing what is bound.
        cells = zip(pattern.variables, pattern.rows[0], strict=True)
        return row({variable: term for variable, term in cells if term is not None})

    def _graph(self, pattern: Graph, given: Given) -> str:
        told = self._tell([pattern.name], given)
        return f"{told}GRAPH {_known(pattern.name, given)} {self.group(pattern.pattern, given)}"

    def _group(self, pattern: Group, given: Given) -> str:
        known = _among(given, pattern.keys)
        shown = [str(key) for key in pattern.keys]
        shown += [f"({self.aggregate(each)} AS {each.result})" for each in pattern.aggregates]
        keys = " GROUP BY " + " ".join(map(str, pattern.keys)) if pattern.keys else ""
        return f"{{ SELECT {' '.join(shown)} WHERE {self._exact.group(pattern.pattern, known)}{keys} }}"

    def _select(self, pattern: Select, given: Given) -> str:
        if self._opens(pattern):
            return self._first(pattern.pattern, _among(given, pattern.variables))
        return f"{{ {self._exact.select(pattern, given)} }}"

    def select(self, query: Select, given: Given = NOTHING_GIVEN) -> str:
        """A query or sub-select, exactly."""
        known = NOTHING_GIVEN if query.sliced else _among(given, query.variables)
        shown = " ".join(map(str, query.variables)) or "*"
        parts = [f"SELECT {query.modifier} {shown} WHERE {self.group(query.pattern, known)}"]
        if query.order:
            parts.append("ORDER BY " + " ".join(f"{way}({self.condition(each)})" for way, each in query.order))
        if query.length is not None:
            parts.append(f"LIMIT {query.length}")
        if query.start:
            parts.append(f"OFFSET {query.start}")
        return " ".join(parts)

    def aggregate(self, part: Aggregate) -> str:
        """An aggregate."""
        argument = "*" if part.argument is None else self.bare(part.argument)
        return f"{part.name}({'DISTINCT ' if part.distinct else ''}{argument}{part.rest})"

    def bare(self, part: Condition, given: Given = NOTHING_GIVEN) -> str:
        """A condition or expression for a place that has brackets."""
        return self._pieces(bare(part.pieces), given) if isinstance(part, Plain) else self.condition(part, given)

    def _pieces(self, pieces: Iterable[Piece], given: Given) -> str:
        return "".join(self.condition(piece, given) for piece in pieces)

    def condition(self, part: Piece, given: Given = NOTHING_GIVEN) -> str:
        """A condition, another expression, or a piece of one, exactly."""
        if isinstance(part, str | Variable):
            return str(part)
        if isinstance(part, Plain):
            return self._pieces(part.pieces, given)
        if isinstance(part, Exists):
            return f"{'NOT ' if part.negated else ''}EXISTS {self._exact.group(part.pattern, given)}"
        sign = " && " if isinstance(part, And) else " || "
        return f"({sign.join(self.condition(each, given) for each in part.parts)})"


def fixed(pattern: Pattern) -> Given:
    """What each solution of a pattern holds because a VALUES of one row says so."""
    if isinstance(pattern, Table) and len(pattern.rows) == 1:
        cells = zip(pattern.variables, pattern.rows[0], strict=True)
        return {variable: term for variable, term in cells if isinstance(term, NamedNode | Literal)}
    if isinstance(pattern, Join):
        return {**fixed(pattern.left), **fixed(pattern.right)}
    if isinstance(pattern, LeftJoin | Minus):
        return fixed(pattern.left)
    return fixed(pattern.pattern) if isinstance(pattern, Filter | Extend) else NOTHING_GIVEN


def _among(given: Given, variables: Container[Variable]) -> Given:
    return {variable: term for variable, term in given.items() if variable in variables}


def _ordered(triples: Iterable[Slots], given: Given) -> Iterator[Slots]:
    """Triple patterns, each after those that bind its variables, first those with what is known of the row.

    Oxigraph keeps to this order within EXISTS, and where it expects as much of one as of another.
    """
    left, bound = list(triples), set(given)

    def fit(slots: Slots) -> tuple[int, int]:
        ends = [not isinstance(slot, Variable) or slot in bound for slot in slots[::2]]
        return sum(ends), sum(slot in given for slot in slots)

    while left:
        best = max(left, key=fit)
        left.remove(best)
        bound.update(slot for slot in best if isinstance(slot, Variable))
        yield best


def _triples(patterns: Iterable[tuple[Slot, Slot | str, Slot]], given: Given) -> str:
    """Triple patterns with what is known of their variables, by which engines find a better order of joins."""
    text, last = "", None
    for subject, predicate, object_ in patterns:
        known = given.get(object_, object_) if isinstance(object_, Variable) else object_
        begun = " ;" if subject == last else (f"{' . ' if text else ''}{_known(subject, given)}")
        text, last = f"{text}{begun} {_known(predicate, given)} {known}", subject
    return text + " ." if text else ""


def _known(slot: Slot | str, given: Given) -> Slot | str:
    """An IRI that is known of a variable: a literal cannot stand there."""
    found = given.get(slot) if isinstance(slot, Variable) else None
    return found if isinstance(found, NamedNode) else slot


def row(cells: Mapping[Variable, Term]) -> str:
    """One row of VALUES."""
    return table(cells, [tuple(cells.values())])


def table(variables: Iterable[Variable], rows: Iterable[tuple[Term | None, ...]]) -> str:
    """VALUES."""
    lines = (f"({' '.join('UNDEF' if cell is None else str(cell) for cell in cells)})" for cells in rows)
    return f"VALUES ({' '.join(map(str, variables))}) {{ {' '.join(lines)} }}"
