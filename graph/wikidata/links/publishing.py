"""Links as RDF: each judgement as an SSSOM mapping, and what is accepted as a SKOS match.

``owl:sameAs`` is not used: under OWL it would copy every statement from one side to the other, and Wikidata means a
redirect by it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.facts import Known, known
from graph.namespaces import cq, expand, kind, mint, shorten, slug, term
from graph.wikidata.links.model import EXACT, STATUSES, Link, Status, accepted

_NO_ITEM: Final = term("sssom:NoTermFound")
_MAPPING: Final = term("sssom:Mapping")
_STATUS_OF: Final[Mapping[Status, NamedNode]] = {
    "accepted": cq("LinkAccepted"),
    "rejected": cq("LinkRejected"),
    "no-item": cq("NoItem"),
    "candidate": cq("LinkCandidate"),
    "stale": cq("LinkStale"),
}
_TEXTS: Final = {
    "author": "sssom:author_label",
    "subject_label": "sssom:subject_label",
    "object_label": "sssom:object_label",
    "revision": "sssom:object_source_version",
    "comment": "rdfs:comment",
}


def node(link: Link) -> NamedNode:
    """The node of a judgement."""
    parts = [kind(link.subject) or "", slug(link.subject), link.object.lower() or "none"]
    return mint("link", *parts, *([] if link.predicate == EXACT else [slug(expand(link.predicate)).lower()]))


def published(links: Iterable[Link]) -> set[Triple]:
    """All judgements, and a SKOS match for each that is accepted."""
    held = [*links]
    found = {Triple(NamedNode(each.subject), term(each.predicate), _item(each)) for each in accepted(held)}
    return found.union(*(_mapping(link) for link in held))


def _item(link: Link) -> NamedNode:
    return term(f"wd:{link.object}") if link.object else _NO_ITEM


def _mapping(link: Link) -> Iterator[Triple]:
    name = node(link)
    yield Triple(name, term("rdf:type"), _MAPPING)
    yield Triple(name, term("owl:annotatedSource"), NamedNode(link.subject))
    yield Triple(name, term("owl:annotatedProperty"), term(link.predicate))
    yield Triple(name, term("owl:annotatedTarget"), _item(link))
    yield Triple(name, cq("linkStatus"), _STATUS_OF[link.status])
    yield Triple(name, term("sssom:mapping_justification"), term(link.justification))
    yield Triple(name, term("sssom:mapping_date"), Literal(link.date, datatype=term("xsd:date")))
    if link.status == "rejected":
        yield Triple(name, term("sssom:predicate_modifier"), term("sssom:NegatedPredicate"))
    if link.confidence:
        yield Triple(name, term("sssom:confidence"), Literal(link.confidence, datatype=term("xsd:decimal")))
    yield from (Triple(name, cq("agreedOn"), Literal(fact)) for fact in link.agreed)
    yield from (
        Triple(name, term(curie), Literal(text)) for field, curie in _TEXTS.items() if (text := getattr(link, field))
    )


def links_in(triples: Iterable[Triple]) -> tuple[Link, ...]:
    """The links that triples publish, in the order of their nodes."""
    facts = known(triples)
    found = ((name, about) for name, about in facts.items() if _MAPPING in about.get(term("rdf:type"), ()))
    return tuple(_link(about) for _, about in sorted(found, key=lambda each: each[0].value))


def _link(about: Known) -> Link:
    target = _value(about, "owl:annotatedTarget")
    status = next(each for each in STATUSES if _STATUS_OF[each].value == _value(about, "cq:linkStatus"))
    texts = {field: _value(about, curie) for field, curie in _TEXTS.items()}
    return Link(
        _value(about, "owl:annotatedSource"),
        shorten(_value(about, "owl:annotatedProperty")),
        "" if target == _NO_ITEM.value else slug(target),
        status,
        shorten(_value(about, "sssom:mapping_justification")),
        texts["author"],
        _value(about, "sssom:mapping_date"),
        texts["subject_label"],
        texts["object_label"],
        texts["revision"],
        tuple(sorted(each.value for each in about.get(cq("agreedOn"), ()))),
        _value(about, "sssom:confidence"),
        texts["comment"],
    )


def _value(about: Known, curie: str) -> str:
    return next((each.value for each in about.get(term(curie), ())), "")
