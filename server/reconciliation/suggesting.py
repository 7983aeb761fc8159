"""Suggestions while somebody types: entities, properties and types of which a name has the letters typed.

A name that is just these goes first, then names that begin with them, then those of which a word does, then those
that hold them elsewhere. An identifier suggests what it stands for.
"""

from collections.abc import Iterable
from typing import Any, Final

from graph.names import fold
from server.reconciliation.alike import place_of
from server.reconciliation.extension import property_objects
from server.reconciliation.identifiers import id_of, iri_of, term_id
from server.reconciliation.offer import Offer

PAGE: Final = 10
_ANYWHERE: Final = 3


def suggest_entities(offer: Offer, prefix: str, cursor: int, type_: str = "") -> dict[str, Any]:
    """Entities, of a type if one is named."""
    wanted = iri_of(type_) or type_
    meant = offer.meant(prefix)
    found = [(meant, "")] if meant else []
    found += [(typed.iri, typed.name.text) for typed in offer.names.typed(prefix) if typed.iri != meant]
    fitting = [pair for pair in found if not wanted or wanted in offer.entities[pair[0]].all_types]
    return {"result": [_entity(offer, *pair) for pair in fitting[cursor : cursor + PAGE]]}


def suggest_properties(offer: Offer, prefix: str, cursor: int) -> dict[str, Any]:
    """Properties by their names in any language, or their identifiers."""
    ranked = [(_place(prefix, each.id, (each.name, *each.also)), each) for each in offer.properties.all()]
    found = [each for place, each in sorted(ranked, key=lambda pair: pair[0]) if place <= _ANYWHERE]
    return {"result": property_objects(found[cursor : cursor + PAGE])}


def suggest_types(offer: Offer, prefix: str, cursor: int) -> dict[str, Any]:
    """Types by their names in any language, or their identifiers."""
    ranked = [(_place(prefix, term_id(each), offer.vocabulary.names(each)), each) for each in offer.types]
    found = [each for place, each in sorted(ranked, key=lambda pair: pair[0]) if place <= _ANYWHERE]
    return {"result": [described_type(offer, each) for each in found[cursor : cursor + PAGE]]}


def described_type(offer: Offer, iri: str) -> dict[str, Any]:
    """A type with its definition, and the offered types that it lies in directly."""
    broader = [each for each in offer.vocabulary.broader(iri) if each in offer.types]
    definition = offer.vocabulary.definition(iri)
    return {
        **offer.type_object(iri),
        **({"description": definition} if definition else {}),
        **({"broader": offer.type_objects(broader)} if broader else {}),
    }


def _entity(offer: Offer, iri: str, text: str) -> dict[str, Any]:
    entity = offer.entities[iri]
    described = offer.describe(entity, text)
    return {
        "id": id_of(iri),
        "name": entity.label,
        **({"description": described} if described else {}),
        "notable": offer.type_objects(entity.types),
    }


def _place(prefix: str, identifier: str, names: Iterable[str]) -> int:
    """Where the letters stand best among some names; more than anywhere if they do not."""
    folded = fold(prefix)
    if prefix == identifier:
        return 0
    places = (place_of(folded, fold(name), name) for name in (identifier, *names))
    return min((place for place in places if place is not None), default=_ANYWHERE + 1)
