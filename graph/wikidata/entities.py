"""Wikidata's RDF shape → :class:`Entity`: the inverse of :mod:`graph.wikidata.shape`.

What RDF does not tell is not there: the order of statements and snaks (they have one of their own), and the datatype
of a property that nothing describes, which is then told from the value where it shows (an address, a file) and else
left empty.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Triple

from graph.namespaces import WIKIDATA, term
from graph.wikidata.model import Entity, Rank, Reference, Sitelink, Snak, Statement
from graph.wikidata.shape.order import in_order
from graph.wikidata.shape.sitelinks import site_of
from graph.wikidata.shape.snaks import Node, ShapeError, Term, snaks_of
from graph.wikidata.slices.description import Slice, described
from graph.wikidata.slices.newest import current
from graph.wikidata.terms import DATA, DATATYPES, PROPERTY, guid_of, identifier_of, prop, schema, wikibase

__all__ = ["Entities", "ShapeError", "entities"]

Entities = Mapping[str, Entity]
"""Entities by their identifiers."""

_TYPE, _DERIVED = term("rdf:type"), term("prov:wasDerivedFrom")
_RANKS: Mapping[str, Rank] = {
    wikibase("PreferredRank").value: "preferred",
    wikibase("NormalRank").value: "normal",
    wikibase("DeprecatedRank").value: "deprecated",
}
_TYPES = {"Item": "item", "Property": "property", "Lexeme": "lexeme", "Mediainfo": "mediainfo"}
_LETTERS = {"Q": "item", "P": "property", "L": "lexeme", "M": "mediainfo", "E": "entity-schema"}


def entities(triples: Iterable[Triple], retrieved: Iterable[Triple]) -> dict[str, Entity]:
    """The entities that a view or a slice is about, by identifier; raises ShapeError.

    ``retrieved`` tells where slices come from; where several could be meant, an entity is that of the newest.
    """
    view = _by_subject(triples)
    told = _Told(view, dict(_datatypes(view)), described(retrieved), _redirects(view), _articles(view))
    return {own: _placed(own, document, told) for own, document in sorted(_documents(view), key=lambda each: each[0])}


@dataclass(frozen=True)
class _Told:
    """A view's nodes, and what is found from several of them."""

    view: Mapping[str, Node]
    datatypes: Mapping[str, str]
    slices: Mapping[str, tuple[Slice, ...]]
    redirects: Mapping[str, list[str]]
    articles: Mapping[str, list[str]]


def _by_subject(triples: Iterable[Triple]) -> Mapping[str, Node]:
    view: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for each in triples:
        subject, found = each.subject, each.object
        if not isinstance(subject, NamedNode) or not isinstance(found, NamedNode | Literal):
            raise ShapeError(f"a blank node or a quoted triple stands in {each}: give it an IRI")
        view[subject.value][each.predicate.value].append(found)
    return {subject: dict(node) for subject, node in view.items()}


def _documents(view: Mapping[str, Node]) -> Iterator[tuple[str, Node]]:
    for subject, node in view.items():
        if subject.startswith(DATA):
            about = (identifier_of(each.value) for each in node.get(schema("about").value, ()))
            yield from ((own, node) for own in about if own)


def _datatypes(view: Mapping[str, Node]) -> Iterator[tuple[str, str]]:
    for subject, node in view.items():
        for kind in node.get(wikibase("propertyType").value, ()):
            yield identifier_of(subject), DATATYPES.get(kind.value, "")


def _redirects(view: Mapping[str, Node]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for subject, node in view.items():
        for target in node.get(term("owl:sameAs").value, ()):
            found[identifier_of(target.value)].append(identifier_of(subject))
    return found


def _articles(view: Mapping[str, Node]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for subject, node in view.items():
        if schema("Article") in node.get(_TYPE.value, ()):
            for about in node.get(schema("about").value, ()):
                found[identifier_of(about.value)].append(subject)
    return found


def _placed(own: str, document: Node, told: _Told) -> Entity:
    """An entity; an error says which slices it comes from, and where they were retrieved from."""
    try:
        return _entity(own, document, told)
    except ShapeError as error:
        slices = (f"<{each.graph}> from {', '.join(sorted(each.urls))}" for each in told.slices.get(own, ()))
        raise ShapeError("; ".join((str(error), *slices))) from error


def _entity(own: str, document: Node, told: _Told) -> Entity:
    node = told.view.get(WIKIDATA["wd"] + own, {})
    revision = _text(document, schema("version"))
    known = told.slices.get(own, ())
    counted = current(each for each in known if each.revision == revision)
    source = max(counted, default=Slice("", own, revision), key=Slice.age)
    parts = sorted((each for each in known if each.partial), key=lambda each: each.retrieved)
    held_in = {iri: each for each in parts for iri in each.statements} if source.partial else {}
    return Entity(
        id=own,
        revision=revision,
        modified=_text(document, schema("dateModified")),
        retrieved=source.retrieved,
        graph=source.graph,
        partial=source.partial,
        labels={language: texts[0] for language, texts in _texts(node, term("rdfs:label"))},
        descriptions={language: texts[0] for language, texts in _texts(node, schema("description"))},
        aliases=dict(_texts(node, term("skos:altLabel"))),
        statements=in_order(_statements(own, node, told, held_in)),
        redirects=tuple(sorted(told.redirects[own])),
        type=_type(own, node),
        sitelinks=tuple(sorted((_sitelink(each, told.view[each]) for each in told.articles[own]), key=str)),
        datatype=told.datatypes.get(own, "") if own.startswith("P") else "",
    )


def _text(node: Node, predicate: NamedNode) -> str:
    """The text of a predicate; of several the longest, which of revisions is the highest."""
    return max((each.value for each in node.get(predicate.value, ())), key=lambda text: (len(text), text), default="")


def _texts(node: Node, predicate: NamedNode) -> Iterator[tuple[str, tuple[str, ...]]]:
    found: dict[str, set[str]] = defaultdict(set)
    for each in node.get(predicate.value, ()):
        if isinstance(each, Literal) and each.language:
            found[each.language].add(each.value)
    return ((language, tuple(sorted(found[language]))) for language in sorted(found))


def _type(own: str, node: Node) -> str:
    types = sorted(each.value.removeprefix(WIKIDATA["wikibase"]) for each in node.get(_TYPE.value, ()))
    return next((_TYPES[each] for each in types if each in _TYPES), _LETTERS[own[0]])


def _sitelink(url: str, node: Node) -> Sitelink:
    badges = (identifier_of(each.value) for each in node.get(wikibase("badge").value, ()))
    return Sitelink(site_of(url), _text(node, schema("name")), url, tuple(sorted(badges)))


def _statements(own: str, node: Node, told: _Told, held_in: Mapping[str, Slice]) -> Iterator[Statement]:
    for predicate, objects in node.items():
        property_ = predicate.removeprefix(WIKIDATA["p"])
        if property_ != predicate and PROPERTY.fullmatch(property_):
            for each in objects:
                statement = _statement(own, property_, each.value, told)
                part = held_in.get(each.value)
                yield replace(statement, retrieved=part.retrieved, graph=part.graph) if part else statement


def _statement(own: str, property_: str, iri: str, told: _Told) -> Statement:
    node = told.view.get(iri)
    if node is None:
        raise ShapeError(f"{own}, {property_}: nothing is said of the statement <{iri}>")
    main = _main(node, property_, iri, told)
    qualifiers = snaks_of(node, "pq", told.view, told.datatypes)
    if main.kind == "novalue":
        qualifiers = [each for each in qualifiers if each != main]
    ranks = (_RANKS[each.value] for each in node.get(wikibase("rank").value, ()) if each.value in _RANKS)
    references = in_order(_references(node, told))
    return Statement(iri, guid_of(iri), own, main, next(ranks, None), in_order(qualifiers), references)


def _main(node: Node, property_: str, iri: str, told: _Told) -> Snak:
    found = snaks_of(node, "ps", told.view, told.datatypes)
    if not found and prop("wdno", property_) in node.get(_TYPE.value, ()):
        return Snak(property_, None, "novalue", told.datatypes.get(property_, ""))
    if len(found) != 1 or found[0].property != property_:
        raise ShapeError(f"<{iri}> has {len(found)} values where one of {property_} was expected")
    return found[0]


def _references(node: Node, told: _Told) -> Iterator[Reference]:
    for cited in node.get(_DERIVED.value, ()):
        hash_ = cited.value.removeprefix(WIKIDATA["wdref"])
        if hash_ != cited.value:
            snaks = snaks_of(told.view.get(cited.value, {}), "pr", told.view, told.datatypes)
            yield Reference(hash_, in_order(snaks))
