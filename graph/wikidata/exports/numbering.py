"""Identifiers given out: entities and properties that went by IRIs and terms get their numbers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha1
from uuid import NAMESPACE_URL, uuid5

from graph.wikidata.exports.identifiers import identifiers
from graph.wikidata.model import Entity, Item, Reference, Snak, Statement
from graph.wikidata.terms import ENTITY, PROPERTY, statement_node


@dataclass(frozen=True)
class Numbers:
    """The identifier of each item by its IRI, and of each property by what it went by."""

    items: Mapping[str, str]
    properties: Mapping[str, str]

    def snak(self, snak: Snak) -> Snak:
        """The snak with identifiers."""
        value = Item(self.items.get(snak.value.id, snak.value.id)) if isinstance(snak.value, Item) else snak.value
        return replace(snak, property=self.properties.get(snak.property, snak.property), value=value)

    def entity(self, entity: Entity) -> Entity:
        """The entity with identifiers, its statements in the order of their properties."""
        own = self.items[entity.id]
        statements = (self._statement(own, each) for each in entity.statements)
        return replace(
            entity, id=own, statements=tuple(sorted(statements, key=lambda each: (_rank(each), each.guid)))
        )

    def _statement(self, own: str, statement: Statement) -> Statement:
        main, qualifiers = self.snak(statement.main), self._together(statement.qualifiers)
        guid = f"{own}${uuid5(NAMESPACE_URL, repr((own, main, qualifiers)))}"
        references = {self._reference(each) for each in statement.references}
        ordered = tuple(sorted(references, key=lambda each: each.hash))
        return Statement(statement_node(guid).value, guid, own, main, statement.rank, qualifiers, ordered)

    def _reference(self, reference: Reference) -> Reference:
        snaks = self._together(reference.snaks)
        return Reference(sha1(repr(snaks).encode(), usedforsecurity=False).hexdigest(), snaks)

    def _together(self, snaks: Iterable[Snak]) -> tuple[Snak, ...]:
        """The snaks with those of one property together, as Wikibase keeps them."""
        found: dict[str, list[Snak]] = {}
        for snak in snaks:
            found.setdefault(self.properties.get(snak.property, snak.property), []).append(self.snak(snak))
        return tuple(each for group in found.values() for each in group)


def _rank(statement: Statement) -> int:
    return int(statement.property[1:])


def numbers(entities: Iterable[Entity], linked: Mapping[str, str]) -> Numbers:
    """The identifiers of all items and properties of some entities; linked ones have Wikidata's."""
    held = list(entities)
    items = {entity.id for entity in held} - linked.keys()
    properties = {snak.property for entity in held for snak in snaks(entity) if not PROPERTY.fullmatch(snak.property)}
    return Numbers({**linked, **identifiers("Q", items)}, identifiers("P", properties))


def snaks(entity: Entity) -> Iterator[Snak]:
    """All snaks of an entity's statements, qualifiers and references."""
    for statement in entity.statements:
        yield statement.main
        yield from statement.qualifiers
        yield from (snak for reference in statement.references for snak in reference.snaks)


def mentioned(entity: Entity) -> set[str]:
    """The items that it mentions by their IRIs."""
    values = {snak.value.id for snak in snaks(entity) if isinstance(snak.value, Item)}
    return {value for value in values if not ENTITY.fullmatch(value)}
