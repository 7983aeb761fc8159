"""The shape of a rule's query, parsed: patterns, filters and binds, and nothing else.

``CONSTRUCT { … } WHERE { triple patterns . FILTER (…) . FILTER NOT EXISTS { triple patterns . FILTER (…) } .
BIND (… AS ?minted) }``: so the premises of a conclusion are just the triples of the body.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import rdflib
from pyoxigraph import Literal, NamedNode, Variable
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from graph.rules.pattern import Pattern, Slot

_STRING = Literal("").datatype
_NOT_EXISTS = "Builtin_NOTEXISTS"
_CHANGING = {f"Builtin_{name}" for name in ("BNODE", "NOW", "RAND", "STRUUID", "UUID")}
_CALLED = {
    "OptionalGraphPattern": "OPTIONAL",
    "GroupOrUnionGraphPattern": "UNION, and no group",
    "MinusGraphPattern": "MINUS",
    "GraphGraphPattern": "GRAPH",
    "ServiceGraphPattern": "SERVICE",
    "InlineData": "VALUES",
    "valuesClause": "VALUES",
    "SubSelect": "sub-select",
    "limitoffset": "LIMIT or OFFSET",
    "orderby": "ORDER BY",
    "groupby": "GROUP BY",
    "having": "HAVING",
    "datasetClause": "FROM",
}


class ShapeError(ValueError):
    """A query is not of the shape that rules have."""


@dataclass(frozen=True)
class Bind:
    """One BIND: the variable that it computes, from which it does, and whether by IRI()."""

    variable: str
    given: frozenset[str]
    makes_iri: bool


@dataclass(frozen=True)
class Group:
    """The patterns of a group, the variables of its filters, its groups NOT EXISTS and its BINDs."""

    patterns: tuple[Pattern, ...]
    filtered: frozenset[str]
    absent: tuple["Group", ...] = ()
    binds: tuple[Bind, ...] = ()

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables of its patterns."""
        return frozenset(name for pattern in self.patterns for name in pattern.variables)


def parse_rule(text: str) -> tuple[tuple[Pattern, ...], Group]:
    """Template and WHERE group of a rule's text; raises ShapeError."""
    query = _parsed(text)
    if query.name != "ConstructQuery" or not query.template:
        raise ShapeError("a rule is a CONSTRUCT query with a template and a WHERE group")
    for key in sorted(query.keys() - {"template", "where"}):
        raise ShapeError(f"a rule has no {_CALLED.get(key, key)}")
    template, group = tuple(_patterns(query.template)), _outer(query.where)
    for pattern in (*template, *group.patterns, *(p for block in group.absent for p in block.patterns)):
        _check_spelling(pattern.object, text)
    return template, group


def _check_spelling(value: Slot, text: str) -> None:
    """The parser may rewrite numbers and the like, so they must be written as it would."""
    if not isinstance(value, Literal) or value.language or value.datatype == _STRING:
        return
    canonical = str(rdflib.Literal(value.value, datatype=rdflib.URIRef(value.datatype.value), normalize=True))
    query = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    if not re.search(rf"(?<![\w.]){re.escape(canonical)}(?![\w.])", query):
        raise ShapeError(f"write {canonical} for it, the canonical form")


def _parsed(text: str) -> CompValue:
    """The query of a text, names written out and simple paths made predicates."""
    try:
        parsed = parseQuery(text)
        prologue = translatePrologue(parsed[0], None, {}, None)
        query = traverse(parsed[1], visitPost=partial(translatePName, prologue=prologue))
        found: CompValue = traverse(query, visitPost=translatePath)
    except Exception as error:  # the parser raises whatever it comes upon
        raise ShapeError(f"not SPARQL: {error}") from error
    return found


def _outer(group: CompValue) -> Group:
    parts = _parts(group, {"TriplesBlock", "Filter", "Bind"})
    filters = [part.expr for part in parts if part.name == "Filter"]
    return Group(
        patterns=tuple(_block(parts)),
        filtered=frozenset(name for each in filters for name in _variables(each)),
        absent=tuple(_inner(each.graph) for each in filters if _name(each) == _NOT_EXISTS),
        binds=tuple(
            Bind(str(part.var), frozenset(_variables(part.expr)), _outermost(part.expr) == "Builtin_IRI")
            for part in parts
            if part.name == "Bind"
        ),
    )


def _inner(group: CompValue) -> Group:
    """The group of a NOT EXISTS."""
    parts = _parts(group, {"TriplesBlock", "Filter"})
    filtered = (name for part in parts if part.name == "Filter" for name in _variables(part.expr))
    return Group(tuple(_block(parts)), frozenset(filtered))


def _parts(group: CompValue, allowed: set[str]) -> list[CompValue]:
    """The parts of a group; those that a rule does not have are refused."""
    parts: list[CompValue] = [group] if group.name == "SubSelect" else group.part or []
    for part in parts:
        if part.name not in allowed:
            raise ShapeError(f"a rule has no {_CALLED.get(part.name, part.name)} there")
        if part.name != "TriplesBlock":
            _check_calls(part, nested="Bind" not in allowed)
    return parts


def _check_calls(part: CompValue, nested: bool) -> None:
    for call in _calls(part.expr):
        if call.name in _CHANGING:
            raise ShapeError(
                f"{call.name.removeprefix('Builtin_')} answers anew each time; a rule asks for what stands"
            )
        if call.name.endswith("EXISTS") and (nested or call is not part.expr or call.name != _NOT_EXISTS):
            raise ShapeError("absence is asked for by a FILTER NOT EXISTS of its own, and by none within another")


def _calls(expression: object) -> Iterator[CompValue]:
    """Every operation of an expression; the groups of EXISTS are not entered."""
    if isinstance(expression, CompValue):
        yield expression
        if not expression.name.endswith("EXISTS"):
            yield from _calls(list(expression.values()))
    elif isinstance(expression, list):
        for each in expression:
            yield from _calls(each)


def _variables(expression: object) -> Iterator[str]:
    """The variables of an expression; the groups of EXISTS are not entered."""
    if isinstance(expression, rdflib.Variable):
        yield str(expression)
    elif isinstance(expression, CompValue) and not expression.name.endswith("EXISTS"):
        yield from _variables(list(expression.values()))
    elif isinstance(expression, list):
        for each in expression:
            yield from _variables(each)


def _outermost(expression: object) -> str:
    """The name of the operation that gives an expression its value; the grammar's levels around it are passed."""
    while isinstance(expression, CompValue) and not expression.name.startswith("Builtin_") and len(expression) == 1:
        (expression,) = expression.values()
    return _name(expression)


def _name(expression: object) -> str:
    return expression.name if isinstance(expression, CompValue) else ""


def _block(parts: Iterable[CompValue]) -> Iterator[Pattern]:
    for part in parts:
        if part.name == "TriplesBlock":
            yield from _patterns(part.triples)


def _patterns(triples: Iterable[list[Any]]) -> Iterator[Pattern]:
    for row in triples:
        for start in range(0, len(row), 3):
            yield Pattern(*(_slot(term) for term in row[start : start + 3]))


def _slot(term: object) -> Slot:
    if isinstance(term, rdflib.Variable):
        return Variable(str(term))
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.Literal):
        datatype = NamedNode(str(term.datatype)) if term.datatype else None
        return Literal(str(term), language=term.language) if term.language else Literal(str(term), datatype=datatype)
    raise ShapeError(f"a rule has no {'blank nodes' if isinstance(term, rdflib.BNode) else f'paths ({term})'}")
