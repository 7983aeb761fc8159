"""Data extension: the values of properties for entities that were matched, and which properties there are."""

from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest

from graph.engine import Engine
from server.reconciliation.cells import Cells
from server.reconciliation.identifiers import iri_of
from server.reconciliation.offer import Offer
from server.reconciliation.properties import PREFIXES, Property
from server.reconciliation.reading import Extension
from server.reconciliation.retrieval import values_of
from server.reconciliation.turns import go_on

ITEM_SERVICE: Final = "https://wikidata.reconci.link/en/api"
"""The reconciliation service whose identifiers are items of Wikidata."""
_MOST_TYPES: Final = 500


def extend(query: Extension, offer: Offer, engine: Engine, most: int) -> dict[str, Any]:
    """The rows by identifier and property, as they were sent, and what the columns are.

    Raises 400 for a property that is not offered, 413 where one has more than ``most`` values here, and
    :class:`graph.engine.QueryTimeoutError` where all columns together take too long.
    """
    things = {each: offer.meant(each) or iri_of(each) for each in query.ids}
    rows: dict[str, dict[str, Any]] = {each: {} for each in query.ids}
    meta = []
    for column in query.columns:
        go_on()
        found = _property(column.pid, offer)
        held = values_of(engine, found, filter(None, things.values()), most)
        cells = Cells((term for terms in held.values() for term in terms), column, offer, engine)
        for identifier, iri in things.items():
            rows[identifier][column.pid] = cells.of(held.get(iri or "", ()))
        service = {"service": ITEM_SERVICE} if cells.are_items else {}
        meta.append({"id": found.id, "name": found.name, **_type(found, offer, engine), **service})
    return {"meta": meta, "rows": rows}


def propose(type_: str, limit: int | None, offer: Offer) -> dict[str, Any]:
    """The properties that entities of a type have; of any, where no type is named."""
    found = offer.properties.of_type(iri_of(type_) or type_) if type_ else offer.properties.all()
    told = property_objects(found[:limit])
    return {"properties": told, "type": type_, **({"limit": limit} if limit is not None else {})}


def property_objects(properties: Iterable[Property]) -> list[dict[str, str]]:
    """Properties as the API tells them."""
    return [
        {"id": each.id, "name": each.name, **({"description": each.description} if each.description else {})}
        for each in properties
    ]


def _property(pid: str, offer: Offer) -> Property:
    found = offer.properties.get(pid)
    if found is None:
        raise BadRequest(
            f"extend: there is no property '{pid}' here; /reconcile/suggest/property finds those there are"
        )
    return found


def _type(found: Property, offer: Offer, engine: Engine) -> dict[str, Any]:
    """The type that all values of a property have which are entities, if there is one; looked up once."""
    if found.id not in offer.value_types:
        offer.value_types[found.id] = _common_type(found, offer, engine)
    return offer.value_types[found.id]


def _common_type(found: Property, offer: Offer, engine: Engine) -> dict[str, Any]:
    pattern = f"{found.pattern('?thing', '?value')} . ?value a ?type"
    rows = engine.select(f"{PREFIXES}SELECT DISTINCT ?type {{ {pattern} }} ORDER BY ?type LIMIT {_MOST_TYPES}").rows
    held = {type_.value for (type_,) in rows if isinstance(type_, NamedNode)} & set(offer.types)
    lowest = offer.vocabulary.most_specific(held)
    wide = [each for each in held if all(each in offer.vocabulary.closure([low]) for low in lowest)]
    common = offer.vocabulary.most_specific(wide)
    return {"type": offer.type_object(common[0])} if len(common) == 1 else {}
