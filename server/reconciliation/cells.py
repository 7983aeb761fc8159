"""Cells: values of the graph as the API has them: an entity, a text, a number, a point in time."""

import re
from collections.abc import Iterable
from contextlib import suppress
from math import isfinite
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.engine import Engine, Term
from graph.namespaces import expand
from server.labels import item_labels
from server.reconciliation.identifiers import IDENTIFIER_SPACE, ITEMS, id_of, is_item
from server.reconciliation.offer import Offer
from server.reconciliation.reading import Column

Cell = dict[str, Any]
_WHOLE: Final = expand("xsd:integer")
_FRACTIONS: Final = frozenset(map(expand, ("xsd:decimal", "xsd:double", "xsd:float")))
_DAY: Final = expand("xsd:date")
_TIME: Final = expand("xsd:dateTime")
# The pattern of the specification's schema, for years of four digits.
_MOMENT: Final = re.compile(
    r"-?[0-9]{4}-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12][0-9])T(2[0-3]|[01][0-9]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
    r"(Z|[+-](2[0-3]|[01][0-9]):[0-5][0-9])?"
)


class Cells:
    """Makes the cells of one column, given all its values.

    Items of Wikidata are entities where the column has no others: they are those of another service.
    """

    def __init__(self, every: Iterable[Term], column: Column, offer: Offer, engine: Engine) -> None:
        self._column, self._offer = column, offer
        iris = {term.value for term in every if isinstance(term, NamedNode)}
        items = sorted(filter(is_item, iris))
        self.are_items = bool(iris) and len(items) == len(iris) and column.content == "entity"
        self._labels = item_labels(engine, items)

    def of(self, terms: Iterable[Term]) -> list[Cell]:
        """The cells for some values, in the order of names and texts; at most as many as the column may have."""
        told = [self._cell(term) for term in terms]
        told.sort(key=lambda cell: str(cell.get("name", cell.get("str", ""))))
        return told[: self._column.limit or None]

    def _cell(self, term: Term) -> Cell:
        if isinstance(term, Literal):
            return literal_cell(term)
        if not isinstance(term, NamedNode):
            return {"str": str(term)}
        if self._column.content == "id":
            return {"str": id_of(term.value).removeprefix(ITEMS)}
        if self._column.content == "entity" and (self.are_items or term.value.startswith(IDENTIFIER_SPACE)):
            return self._entity(term.value)
        return {"str": self._called(term.value)}

    def _entity(self, iri: str) -> Cell:
        entity = self._offer.entities.get(iri)
        described = self._offer.describe(entity) if entity else ""
        more = {"description": described} if described else {}
        return {"id": id_of(iri).removeprefix(ITEMS), "name": self._called(iri), **more}

    def _called(self, iri: str) -> str:
        return self._labels.get(iri, iri.removeprefix(ITEMS)) if is_item(iri) else self._offer.called(iri)


def literal_cell(term: Literal) -> Cell:
    """A cell of the kind that the API has for it; a day begins at midnight, UTC. Anything else is a text."""
    kind, text = term.datatype.value, term.value
    with suppress(ValueError):
        if kind == _WHOLE:
            return {"int": int(text)}
        if kind in _FRACTIONS and isfinite(float(text)):
            return {"float": float(text)}
    moment = f"{text}T00:00:00Z" if kind == _DAY else text
    return {"date": moment} if kind in (_DAY, _TIME) and _MOMENT.fullmatch(moment) else {"str": text}
