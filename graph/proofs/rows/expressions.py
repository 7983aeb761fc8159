"""Expressions, from rdflib's algebra: as text with variables in it, taken apart where EXISTS stands in them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Variable
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, URIRef
from rdflib.term import Literal as RdflibLiteral
from rdflib.term import Variable as RdflibVariable

from graph.engine import Term
from graph.proofs.rows.model import CannotExplainError
from graph.proofs.rows.names import Scope
from graph.proofs.rows.patterns import And, Condition, Exists, Or, Pattern, Plain, Slot

Piece = str | Variable | Condition
Pieces = list[Piece]
Reads = Callable[[CompValue, Scope], Pattern]

_AND, _OR, _NOT = "ConditionalAndExpression", "ConditionalOrExpression", "UnaryNot"
_SIGNS: Final = {"UnaryMinus": "-", "UnaryPlus": "+"}
_WORDS: Final = {_AND: "&&", _OR: "||"}
_EXISTS: Final = ("Builtin_EXISTS", "Builtin_NOTEXISTS")


class Expressions:
    """Reads the expressions of one scope; ``read`` reads the pattern of an EXISTS."""

    def __init__(self, scope: Scope, read: Reads) -> None:
        self._scope = scope
        self._read = read

    def condition(self, expression: Any, *, flagged: bool = False, negated: bool = False) -> Condition:
        """A condition, taken apart at ``&&``, ``||`` and ``!`` as far as EXISTS stands under them.

        A part beside an EXISTS under ``||`` is flagged: whether it holds decides if the row rests on the EXISTS.
        """
        if not _asks(expression):
            pieces = self._pieces(expression)
            return Plain(("(!", *pieces, ")") if negated else tuple(pieces), self._flag() if flagged else None)
        if expression.name in _EXISTS:
            return Exists(self._read(expression.graph, self._scope), (expression.name == _EXISTS[1]) != negated)
        if expression.name == _NOT:
            return self.condition(expression.expr, flagged=flagged, negated=not negated)
        if expression.name in _WORDS:
            either = (expression.name == _OR) != negated
            parts = (expression.expr, *expression.other)
            made = tuple(self.condition(each, flagged=flagged or either, negated=negated) for each in parts)
            return Or(made) if either else And(made)
        pieces = self._pieces(expression)
        return Plain(("(!", *pieces, ")") if negated else tuple(pieces), self._flag() if flagged else None)

    def _flag(self) -> Variable:
        return self._scope.names.fresh()

    def _pieces(self, expression: Any) -> Pieces:
        """The text of an expression, with brackets around all that has parts."""
        if not isinstance(expression, CompValue):
            slot = slot_of(expression, self._scope)
            return [slot if isinstance(slot, Variable) else str(slot)]
        name = expression.name
        if name in _EXISTS:
            return [self.condition(expression)]
        if name == _NOT:
            return ["!", *self._pieces(expression.expr)]
        if name in _SIGNS:
            return [f"({_SIGNS[name]} ", *self._pieces(expression.expr), ")"]
        if name == "RelationalExpression":
            return self._compared(expression)
        joined = name.endswith("Expression")
        return self._joined(expression) if joined else self._called(expression)

    def _joined(self, expression: CompValue) -> Pieces:
        word = _WORDS.get(expression.name)
        signs = [word] * len(expression.other) if word else expression.op
        made: Pieces = ["(", *self._pieces(expression.expr)]
        for sign, part in zip(signs, expression.other, strict=True):
            made += [f" {sign} ", *self._pieces(part)]
        return [*made, ")"]

    def _compared(self, expression: CompValue) -> Pieces:
        if expression.op.upper().endswith("IN"):
            return ["(", *self._pieces(expression.expr), f" {expression.op} (", *self._list(expression.other), "))"]
        return ["(", *self._pieces(expression.expr), f" {expression.op} ", *self._pieces(expression.other), ")"]

    def _called(self, expression: CompValue) -> Pieces:
        if expression.name == "TrueFilter":
            return ["true"]
        if expression.name == "Function":
            distinct = "DISTINCT " if expression.distinct else ""
            return [f"{NamedNode(expression.iri)}({distinct}", *self._list(expression.expr), ")"]
        if not expression.name.startswith("Builtin_"):
            raise CannotExplainError(f"an expression of a kind that is not known here: {expression.name}")
        arguments = [part for key in expression for part in _several(expression[key]) if not key.startswith("_")]
        return [expression.name.removeprefix("Builtin_") + "(", *self._list(arguments), ")"]

    def _list(self, parts: Any) -> Pieces:
        made: Pieces = []
        for part in _several(parts):
            made += [", "] * bool(made) + bare(self._pieces(part))
        return made


def bare(pieces: Sequence[Piece]) -> list[Piece]:
    """An expression without the brackets around all of it, for a place that has its own."""
    return list(pieces[1:-1] if pieces[0] == "(" and pieces[-1] == ")" else pieces)


def _several(value: Any) -> Iterable[Any]:
    """A list; rdflib makes a list of one into its member."""
    if value is None:
        return []
    if isinstance(value, CompValue | str):
        return [value]
    return list(value)


def _asks(expression: Any) -> bool:
    """Whether an EXISTS stands anywhere in an expression."""
    if isinstance(expression, CompValue):
        return expression.name in _EXISTS or any(_asks(expression[key]) for key in expression)
    return isinstance(expression, list | tuple) and any(map(_asks, expression))


def slot_of(term: Any, scope: Scope) -> Slot:
    """A variable, IRI or literal of rdflib as ours; a blank node is a variable without a name."""
    if isinstance(term, RdflibVariable):
        return scope.variable(str(term))
    if isinstance(term, BNode):
        return scope.blank(str(term))
    found = term_of(term)
    assert isinstance(found, NamedNode | Literal)  # noqa: S101 - it makes no other
    return found


def term_of(term: Any) -> Term:
    """An IRI or literal of rdflib as ours."""
    if isinstance(term, URIRef):
        return NamedNode(term)
    if isinstance(term, RdflibLiteral):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(term.datatype)) if term.datatype else Literal(str(term))
    raise CannotExplainError(f"a term of a kind that is not known here: {term!r}")
