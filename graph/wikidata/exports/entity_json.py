"""Entities as Wikibase's JSON: what :func:`graph.wikidata.reading.read_entity` reads, written.

After *Wikibase/DataModel/JSON*: an item's or property's terms by language, its statements by property, each with its
main snak, qualifiers, rank and references. An entity is one line, its keys in order: the same entity, the same bytes.
What is in no Wikibase has the revision 0, as an entity has there before it is first saved.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph.wikidata.model import (
    Coordinate,
    Entity,
    Item,
    Monolingual,
    Quantity,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)

Json = dict[str, Any]
_KIND_OF: Final = {"Q": "item", "P": "property", "L": "lexeme"}


@dataclass(frozen=True)
class LocalProperty:
    """A property that Wikidata does not have: its identifier, datatype and names by language."""

    id: str
    datatype: str
    labels: Mapping[str, str]
    descriptions: Mapping[str, str]


def as_lines(properties: Iterable[LocalProperty], entities: Iterable[Entity]) -> bytes:
    """JSON lines: the local properties, then the entities, each in the order of their numbers."""
    rows = [property_json(each) for each in sorted(properties, key=lambda each: _order(each.id))]
    rows += [entity_json(each) for each in sorted(entities, key=lambda each: _order(each.id))]
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode()


def _order(identifier: str) -> tuple[str, int]:
    return identifier[0], int(identifier[1:])


def property_json(each: LocalProperty) -> Json:
    """A property, which readers need to know the datatype of."""
    terms = {"labels": _terms(each.labels), "descriptions": _terms(each.descriptions), "aliases": {}}
    return {"type": "property", "id": each.id, "lastrevid": 0, "datatype": each.datatype, **terms, "claims": {}}


def entity_json(entity: Entity) -> Json:
    """An item with all that is said of it."""
    aliases = {
        language: [{"language": language, "value": text} for text in texts]
        for language, texts in entity.aliases.items()
    }
    claims: dict[str, list[Json]] = {}
    for statement in entity.statements:
        claims.setdefault(statement.property, []).append(_statement(statement))
    return {
        "type": "item",
        "id": entity.id,
        "lastrevid": int(entity.revision or 0),
        "labels": _terms(entity.labels),
        "descriptions": _terms(entity.descriptions),
        "aliases": aliases,
        "claims": claims,
        "sitelinks": {},
    }


def _terms(texts: Mapping[str, str]) -> Json:
    return {language: {"language": language, "value": text} for language, text in texts.items()}


def _statement(statement: Statement) -> Json:
    qualifiers, order = _grouped(statement.qualifiers)
    return {
        "type": "statement",
        "id": statement.guid,
        "mainsnak": _snak(statement.main),
        "rank": statement.rank,
        "qualifiers": qualifiers,
        "qualifiers-order": order,
        "references": [_reference(each) for each in statement.references],
    }


def _reference(reference: Reference) -> Json:
    snaks, order = _grouped(reference.snaks)
    return {"hash": reference.hash, "snaks": snaks, "snaks-order": order}


def _grouped(snaks: Iterable[Snak]) -> tuple[dict[str, list[Json]], list[str]]:
    groups: dict[str, list[Json]] = {}
    for snak in snaks:
        groups.setdefault(snak.property, []).append(_snak(snak))
    return groups, list(groups)


def _snak(snak: Snak) -> Json:
    told = {"snaktype": snak.kind, "property": snak.property, "datatype": snak.datatype}
    return told if snak.value is None else {**told, "datavalue": _datavalue(snak.value)}


def _datavalue(value: Value) -> Json:
    match value:
        case Item(identifier):
            kind = _KIND_OF[identifier[0]]
            told = {"entity-type": kind, "numeric-id": int(identifier[1:]), "id": identifier}
            return {"type": "wikibase-entityid", "value": told}
        case Text(text):
            return {"type": "string", "value": text}
        case Monolingual(text, language):
            return {"type": "monolingualtext", "value": {"text": text, "language": language}}
        case Time():
            return {"type": "time", "value": _time(value)}
        case Quantity(amount, unit):
            bounded = {"upperBound": value.upper, "lowerBound": value.lower} if value.upper else {}
            return {"type": "quantity", "value": {"amount": amount, "unit": unit, **bounded}}
        case Coordinate():
            told = {"latitude": value.latitude, "longitude": value.longitude}
            return {
                "type": "globecoordinate",
                "value": {**told, "altitude": None, "precision": value.precision, "globe": value.globe},
            }


def _time(value: Time) -> Json:
    return {
        "time": value.time,
        "timezone": value.timezone,
        "before": 0,
        "after": 0,
        "precision": value.precision,
        "calendarmodel": value.calendar,
    }
