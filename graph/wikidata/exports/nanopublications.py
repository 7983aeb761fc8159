"""Nanopublications: one assertion each, with where it comes from and who publishes it (nanopub.net/guidelines).

Four named graphs: *head*, *assertion* (what the document says; its name is the assertion's IRI), *provenance* (who
says it, in which mood, in which words: Web Annotation) and *publication info*. It is attributed
(``prov:wasAttributedTo``) to the voice that speaks, never to us. What somebody merely expects or denies is not their
word, so of such an assertion only their own statement is published. There is no trusty URI: signing it gives it one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from graph.dataset import TYPE, Dataset
from graph.facts import Known, known, nodes
from graph.namespaces import PREFIXES, cq, shorten, slug, term

NP: Final = "http://www.nanopub.org/nschema#"
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)
_USED: Final = ("cq", "dcterms", "edtf", "oa", "org", "prov", "schema", "skos", "xsd")
_NOT_THEIR_WORD: Final = frozenset(("Expected", "Denied"))
_PREFIXES: Final = {"np": NP, **{name: PREFIXES[name] for name in _USED}}


class NanopublicationError(ValueError):
    """An assertion cannot be published so, or what is told of the publication is not well formed."""


@dataclass(frozen=True)
class Publication:
    """Who publishes, under which licence, when: two IRIs, and an xsd:dateTime with its zone (``…T09:00:00Z``).

    Raises NanopublicationError for what is none.
    """

    creator: str
    license: str
    created: str

    def __post_init__(self) -> None:
        for name in ("creator", "license"):
            if not _IRI.fullmatch(getattr(self, name)):
                raise NanopublicationError(f"{name} '{getattr(self, name)}' is no IRI: give one, with its scheme")
        if not _TIME.fullmatch(self.created):
            raise NanopublicationError(f"created '{self.created}' is no time such as 2026-11-22T09:00:00Z")
        try:
            datetime.fromisoformat(self.created)
        except ValueError as error:
            raise NanopublicationError(f"created '{self.created}' is no day or time that there is") from error


def publishable(dataset: Dataset) -> list[NamedNode]:
    """The assertions that have something to publish, in the order of their IRIs."""
    granted, facts = dataset.granted(), known(dataset.provenance)
    names = (name for name in dataset.assertions if _content(dataset, granted, facts[name], name))
    return sorted(names, key=lambda name: name.value)


def nanopublications(
    dataset: Dataset, names: Iterable[NamedNode], publication: Publication
) -> Iterator[tuple[NamedNode, list[Quad]]]:
    """Each assertion with its nanopublication's quads, graph by graph; raises NanopublicationError."""
    granted, facts = dataset.granted(), known(dataset.provenance)
    for name in names:
        if name not in dataset.assertions:
            raise NanopublicationError(f"there is no assertion {shorten(name.value)}")
        content = _content(dataset, granted, facts[name], name)
        if not content:
            raise NanopublicationError(
                f"{shorten(name.value)} has nothing to publish: its words are garbled, or only expected or denied"
            )
        yield name, list(_quads(name, content, facts, publication))


def as_trig(quads: Iterable[Quad]) -> bytes:
    """Nanopublications as TriG."""
    return serialize(quads, format=RdfFormat.TRIG, prefixes=_PREFIXES) or b""


def _content(
    dataset: Dataset, granted: Mapping[NamedNode, set[Triple]], about: Known, name: NamedNode
) -> set[Triple]:
    moods = {slug(each.value) for each in nodes(about, "cq:modality")}
    return granted[name] if moods & _NOT_THEIR_WORD else dataset.assertions[name]


def _quads(
    name: NamedNode, content: set[Triple], facts: Mapping[NamedNode, Known], publication: Publication
) -> Iterator[Quad]:
    it, head, provenance, info = (
        NamedNode(f"{name.value}#{part}") for part in ("nanopub", "head", "provenance", "pubinfo")
    )
    graphs: list[tuple[NamedNode, Iterable[Triple]]] = [
        (head, _head(it, name, provenance, info)),
        (name, content),
        (provenance, {*_told(name, facts), *_attributed(name, facts[name])}),
        (info, _info(it, publication)),
    ]
    for graph, triples in graphs:
        yield from (Quad(t.subject, t.predicate, t.object, graph) for t in sorted(triples, key=str))


def _head(it: NamedNode, *parts: NamedNode) -> Iterator[Triple]:
    yield Triple(it, TYPE, NamedNode(f"{NP}Nanopublication"))
    for part, graph in zip(("hasAssertion", "hasProvenance", "hasPublicationInfo"), parts, strict=True):
        yield Triple(it, NamedNode(NP + part), graph)


def _told(name: NamedNode, facts: Mapping[NamedNode, Known]) -> Iterator[Triple]:
    """What is said of the assertion, its document, passages and voices; nothing of another assertion."""
    seen, left = {name}, [name]
    while left:
        node = left.pop()
        for property_, values in facts[node].items():
            yield from (Triple(node, property_, value) for value in values)
            reached = {each for each in values if isinstance(each, NamedNode) and each in facts}
            new = {each for each in reached - seen if cq("Assertion") not in facts[each][TYPE]}
            seen |= new
            left += new


def _attributed(name: NamedNode, about: Known) -> Iterator[Triple]:
    for speaker in nodes(about, "cq:speaker"):
        yield Triple(name, term("prov:wasAttributedTo"), speaker)
    for voice in nodes(about, "cq:hasVoice"):
        yield Triple(name, term("prov:qualifiedAttribution"), voice)
        yield Triple(voice, TYPE, term("prov:Attribution"))
    for document in nodes(about, "cq:inDocument"):
        yield Triple(name, term("prov:wasDerivedFrom"), document)


def _info(it: NamedNode, publication: Publication) -> Iterator[Triple]:
    yield Triple(it, term("dcterms:creator"), NamedNode(publication.creator))
    yield Triple(it, term("dcterms:license"), NamedNode(publication.license))
    yield Triple(it, term("dcterms:created"), Literal(publication.created, datatype=term("xsd:dateTime")))
