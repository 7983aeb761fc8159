"""Entities in the shape in which Wikidata publishes them as RDF (mediawiki.org, *Wikibase/Indexing/RDF Dump Format*).

As in its dumps, but for what cannot be made from an entity alone: normalised values, and the names of value nodes
(:mod:`graph.wikidata.shape.values`). Values that are somehow unknown are no blank nodes but
``…/.well-known/genid/…``, named by where they stand. As in the export of a single entity, properties whose datatypes
are known (and the entity itself, if it is a property) are described (``wikibase:propertyType``,
``wikibase:directClaim`` …), which is also how the datatype is found again. Pages that were not asked for are not
counted.

A statement without rank has none of ``wikibase:rank``, ``wikibase:BestRank`` and ``wdt:``. Of a partial entity only
preferred statements are the best: beside a normal one there may be a preferred one that is not here.
"""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import md5
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.namespaces import WIKIDATA, term
from graph.wikidata.model import Entity, Snak, Statement
from graph.wikidata.shape.sitelinks import sitelink_triples
from graph.wikidata.shape.values import Simple, simple_value, value_node, value_triples
from graph.wikidata.terms import (
    CC0,
    GENID,
    LICENCE,
    data_node,
    datatype_node,
    entity_node,
    prop,
    schema,
    wikibase,
)

__all__ = ["triples_of"]

_TYPE, _DERIVED = term("rdf:type"), term("prov:wasDerivedFrom")
_LABELS: Final = (term("rdfs:label"), term("skos:prefLabel"), schema("name"))
_RANKS: Final = {
    "preferred": wikibase("PreferredRank"),
    "normal": wikibase("NormalRank"),
    "deprecated": wikibase("DeprecatedRank"),
}
_ROLES: Final = {
    "directClaim": "wdt", "claim": "p", "statementProperty": "ps", "statementValue": "psv", "qualifier": "pq",
    "qualifierValue": "pqv", "reference": "pr", "referenceValue": "prv", "novalue": "wdno",
}  # fmt: skip


def triples_of(entity: Entity) -> set[Triple]:
    """Everything that Wikidata's RDF says of an entity."""
    triples = {*_document(entity), *_terms(entity), *sitelink_triples(entity.id, entity.sitelinks)}
    best = best_of(entity)
    for statement in entity.statements:
        triples.update(_statement(statement, is_best=statement.iri in best))
    triples.update(_properties(entity))
    triples.update(Triple(entity_node(old), term("owl:sameAs"), entity_node(entity.id)) for old in entity.redirects)
    return triples


def best_of(entity: Entity) -> set[str]:
    """The nodes of the statements of the best rank: the preferred ones of each property, else the normal ones."""
    ranked: dict[str, dict[str | None, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in entity.statements:
        ranked[each.property][each.rank].add(each.iri)
    best: set[str] = set()
    for ranks in ranked.values():
        settled = not entity.partial and None not in ranks
        best |= ranks["preferred"] or (ranks["normal"] if settled else set())
    return best


def _document(entity: Entity) -> Iterator[Triple]:
    document, node = data_node(entity.id), entity_node(entity.id)
    yield Triple(node, _TYPE, wikibase("".join(part.capitalize() for part in entity.type.split("-"))))
    yield Triple(document, _TYPE, schema("Dataset"))
    yield Triple(document, schema("about"), node)
    yield Triple(document, LICENCE, CC0)
    if entity.revision:
        yield Triple(document, schema("version"), _integer(int(entity.revision)))
    if entity.modified:
        yield Triple(document, schema("dateModified"), Literal(entity.modified, datatype=term("xsd:dateTime")))
    if not entity.partial:
        yield from _counts(document, entity)


def _counts(document: NamedNode, entity: Entity) -> Iterator[Triple]:
    yield Triple(document, schema("softwareVersion"), Literal("1.0.0"))
    yield Triple(document, wikibase("statements"), _integer(len(entity.statements)))
    if "sitelinks" not in entity.untold:
        yield Triple(document, wikibase("sitelinks"), _integer(len(entity.sitelinks)))
    datatypes = [each.main.datatype for each in entity.statements]
    if all(datatypes):
        yield Triple(document, wikibase("identifiers"), _integer(datatypes.count("external-id")))


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=term("xsd:integer"))


def _terms(entity: Entity) -> Iterator[Triple]:
    node = entity_node(entity.id)
    for language, text in entity.labels.items():
        label = Literal(text, language=language)
        yield from (Triple(node, predicate, label) for predicate in _LABELS)
    for language, text in entity.descriptions.items():
        yield Triple(node, schema("description"), Literal(text, language=language))
    for language, texts in entity.aliases.items():
        yield from (Triple(node, term("skos:altLabel"), Literal(text, language=language)) for text in texts)


def _statement(statement: Statement, *, is_best: bool) -> Iterator[Triple]:
    subject, node = entity_node(statement.subject), NamedNode(statement.iri)
    yield Triple(subject, prop("p", statement.property), node)
    yield Triple(node, _TYPE, wikibase("Statement"))
    yield from _snak(node, statement.main, "ps", statement.iri)
    if statement.rank:
        yield Triple(node, wikibase("rank"), _RANKS[statement.rank])
    if is_best:
        yield Triple(node, _TYPE, wikibase("BestRank"))
        yield from _truthy(subject, statement)
    for qualifier in statement.qualifiers:
        yield from _snak(node, qualifier, "pq", statement.iri)
    for reference in statement.references:
        cited = NamedNode(WIKIDATA["wdref"] + reference.hash)
        yield Triple(node, _DERIVED, cited)
        yield Triple(cited, _TYPE, wikibase("Reference"))
        for snak in reference.snaks:
            yield from _snak(cited, snak, "pr", cited.value)


def _snak(node: NamedNode, snak: Snak, role: str, place: str) -> Iterator[Triple]:
    if snak.kind == "novalue":
        yield Triple(node, _TYPE, prop("wdno", snak.property))
        return
    yield Triple(node, prop(role, snak.property), _value(snak, role, place))
    whole = value_node(snak.value)
    if whole:
        yield Triple(node, prop(f"{role}v", snak.property), whole)
        yield from value_triples(snak.value)


def _truthy(subject: NamedNode, statement: Statement) -> Iterator[Triple]:
    if statement.main.kind == "novalue":
        yield Triple(subject, _TYPE, prop("wdno", statement.property))
    else:
        yield Triple(subject, prop("wdt", statement.property), _value(statement.main, "ps", statement.iri))


def _value(snak: Snak, role: str, place: str) -> Simple:
    if snak.kind == "value":
        return simple_value(snak)
    name = md5(f"{place} {role} {snak.property}".encode(), usedforsecurity=False).hexdigest()
    return NamedNode(GENID + name)


def _properties(entity: Entity) -> Iterator[Triple]:
    """Descriptions of the properties, if the source told the datatypes, which it does of all or of none.

    A property that is the entity itself is described if it has a datatype.
    """
    used = {snak.property: snak.datatype for each in entity.statements for snak in _snaks(each)}
    known = used if all(used.values()) else {}
    own = {entity.id: entity.datatype} if entity.datatype else {}
    for property_, datatype in (known | own).items():
        node = entity_node(property_)
        yield Triple(node, _TYPE, wikibase("Property"))
        yield Triple(node, wikibase("propertyType"), datatype_node(datatype))
        yield from (Triple(node, wikibase(role), prop(prefix, property_)) for role, prefix in _ROLES.items())


def _snaks(statement: Statement) -> Iterator[Snak]:
    yield statement.main
    yield from statement.qualifiers
    for reference in statement.references:
        yield from reference.snaks
