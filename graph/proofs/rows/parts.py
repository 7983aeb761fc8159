"""What stands in patterns and conditions: variables, tables to be filled, questions, flags."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pyoxigraph import Variable

from graph.engine import Term
from graph.proofs.rows.patterns import (
    And,
    Basic,
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
    Table,
    Union,
)


def joined(left: Pattern, right: Pattern) -> Pattern:
    """Both; what is basic is put together."""
    if isinstance(left, Basic) and not left.triples:
        return right
    if isinstance(left, Basic) and isinstance(right, Basic):
        return Basic(left.triples + right.triples)
    return Join(left, right)


def possible(pattern: Pattern) -> frozenset[Variable]:
    """The variables that a solution of a pattern may bind, and that a filter on it sees."""
    if isinstance(pattern, Table | Select):
        return frozenset(pattern.variables)
    if isinstance(pattern, Group):
        return frozenset((*pattern.keys, *(each.result for each in pattern.aggregates)))
    if isinstance(pattern, Join | LeftJoin | Union):
        return possible(pattern.left) | possible(pattern.right)
    if isinstance(pattern, Minus):
        return possible(pattern.left)
    if isinstance(pattern, Extend):
        return possible(pattern.pattern) | {pattern.variable}
    return pattern.certain | (possible(pattern.pattern) if isinstance(pattern, Filter | Graph) else frozenset())


def filled(part: Any, arguments: Mapping[str, Term]) -> Any:
    """A pattern or condition of which the rows of UNDEF hold the arguments that have the names of their columns."""
    if isinstance(part, tuple):
        return tuple(filled(each, arguments) for each in part)
    if isinstance(part, Table):
        blank = len(part.rows) == 1 and set(part.rows[0]) == {None}
        return replace(part, rows=(tuple(map(arguments.get, part.names)),)) if blank else part
    if not is_dataclass(part) or isinstance(part, type):
        return part
    return replace(part, **{each.name: filled(getattr(part, each.name), arguments) for each in fields(part)})


def nodes(part: Any) -> Iterator[Any]:
    """Every pattern and condition within one, itself first."""
    if isinstance(part, tuple):
        for each in part:
            yield from nodes(each)
    elif is_dataclass(part):
        yield part
        for each in fields(part):
            yield from nodes(getattr(part, each.name))


def mentioned(part: Any) -> Iterator[Variable]:
    """Every variable that stands anywhere in a pattern or condition."""
    if isinstance(part, Variable):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from mentioned(each)
    elif is_dataclass(part):
        for each in fields(part):
            yield from mentioned(getattr(part, each.name))


def questions(condition: Condition) -> Iterator[Exists]:
    """Every EXISTS that stands anywhere in a condition."""
    if isinstance(condition, Exists):
        yield condition
        return
    for part in condition.pieces if isinstance(condition, Plain) else condition.parts:
        if not isinstance(part, str | Variable):
            yield from questions(part)


def conjuncts(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that must all be true."""
    return condition.parts if isinstance(condition, And) else (condition,)


def flagged(condition: Condition) -> Iterator[Plain]:
    """Every part of a condition that has a flag."""
    if isinstance(condition, Plain) and condition.flag is not None:
        yield condition
    elif isinstance(condition, And | Or):
        for part in condition.parts:
            yield from flagged(part)
