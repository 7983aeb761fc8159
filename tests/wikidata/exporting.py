"""What tests of exports share: worlds with a document that has an address, and the shipped corpus beside slices."""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from both_sides import World, dated, entity, link, world
from pyoxigraph import NamedNode

from graph.anchors import locks
from graph.assertions import read_corpus
from graph.dataset import Dataset, assemble, read_authority, read_ontology
from graph.namespaces import PREFIXES, expand
from graph.outer_bounds import outer_bounds
from graph.sources import default_authority, default_corpus
from graph.wikidata.exports import as_lines, graph_entities, proposals
from graph.wikidata.exports.proposal import Proposal
from graph.wikidata.links import published, read_links
from graph.wikidata.model import Entity, Reference, Snak, Text
from graph.wikidata.shape import triples_of
from graph.wikidata.slices import newest
from graph.wikidata.slices.description import Slice, triples_about

URL = "https://news.example/2017/ito"
LAVROV, SHOIGU = "Q58217", "Q32024"
LINKS = (link("person:ito", "Q1"), link("person:sato", "Q2"), link("office:minister", "Q100"))

LAVROV_NOW = entity(
    LAVROV, "Sergey Lavrov", "P39 Q1418873 P580=2004-03-09", "P39 Q4117692 P580=1994-09-22 P582=2004-07-12"
)
SHOIGU_NOW = entity(SHOIGU, "Sergei Shoigu", "P39 Q17287317 P580=2012-11-06 P582=2024-05-12")
ABE_NOW = entity(
    "Q132345",
    "Shinzo Abe",
    "P39 Q274948 P580=2006-09-26 P582=2007-09-26",
    "P39 Q274948 P580=2012-12-26 P582=2014-12-24",
    "P39 Q274948 P580=2014-12-24 P582=2017-11-01",
)


def paper(
    name: str = "paper",
    *,
    url: str | None = URL,
    title: str = "Talks in Tokyo",
    published: str = "2017-03-21",
    genre: str = "news",
    language: str = "en",
) -> str:
    """The metadata of a document, in Turtle."""
    address = f"schema:url <{url}> ; " if url else ""
    return (
        f"document:{name} a cq:Document ; dcterms:title {json.dumps(title)}@{language} ; dcterms:language "
        f'"{language}" ; cq:when "{published}"^^edtf:EDTF ; cq:genre "{genre}" ; {address}'
        'cq:recordedOn "2026-11-21"^^xsd:date ; dcterms:creator person:kistanov .'
    )


def told(
    made: World,
    name: str,
    turtle: str,
    *quotes: str,
    document: str = "paper",
    modality: str = "Asserted",
    speaker: str = "person:kistanov",
    metadata: str = "",
) -> World:
    """A world in which one assertion of a document says this, in these words."""
    made.says(name, turtle)
    passages = ", ".join(f"passage:{name}.{n}" for n in range(len(quotes)))
    rests = f"cq:restsOn {passages} ; " if quotes else ""
    text = metadata or paper(document)
    text += (
        f"a:{name} {rests}cq:modality cq:{modality} ; cq:speaker {speaker} ; cq:inDocument document:{document} ; "
        'cq:attribution "Valery Kistanov in EastRussia"@en .'
    )
    for n, quote in enumerate(quotes):
        text += (
            f"passage:{name}.{n} a cq:Passage ; oa:hasSelector <{PREFIXES['passage']}{name}.{n}#quote> . "
            f"<{PREFIXES['passage']}{name}.{n}#quote> oa:exact {json.dumps(quote)} ; oa:start {n} ."
        )
    unsaid = {t for t in made.dataset.provenance if t.subject == NamedNode(expand(f"a:{name}"))}
    unsaid = {t for t in unsaid if t.predicate.value in (expand("cq:speaker"), expand("cq:inDocument"))}
    made.dataset.provenance -= unsaid
    made.dataset.provenance |= set(dated(text))
    return made


def in_office(*quotes: str, **given: str) -> World:
    """A document that shows Ito as minister on 20 March 2017."""
    from both_sides import held

    return told(world(), "ito", held("ito", "minister", "2017-03-20"), *(quotes or ("Minister Ito spoke.",)), **given)


def referenced(each: Entity, url: str) -> Entity:
    """The same entity, its first statement with a reference that has this URL."""
    first, *others = each.statements
    reference = Reference("0" * 40, (Snak("P854", Text(url), datatype="url"),))
    return replace(each, statements=(replace(first, references=(*first.references, reference)), *others))


@cache
def shipped() -> Dataset:
    """The shipped corpus, with its links; to be read only."""
    dataset = assemble(
        list(locks(read_corpus(default_corpus()), None)), read_authority(default_authority()), read_ontology()
    )
    dataset.links = published(read_links(default_authority()))
    dataset.entailed = outer_bounds(dataset)
    return dataset


def shipped_beside(entities: Iterable[Entity]) -> Dataset:
    """The shipped corpus beside what Wikidata says."""
    graphs, retrieved = {}, set()
    for each in entities:
        graphs[NamedNode(each.graph)] = triples_of(each)
        made = Slice(each.graph, each.id, each.revision, "", each.retrieved, partial=each.partial)
        retrieved |= set(triples_about(made))
    return replace(shipped(), slices=graphs, retrieved=retrieved, wikidata=newest(graphs, retrieved))


@cache
def ministers() -> Dataset:
    """The shipped corpus beside two ministers who stand once on their items, and a prime minister thrice."""
    return shipped_beside([LAVROV_NOW, SHOIGU_NOW, ABE_NOW])


@cache
def proposed(*, weak: bool = True) -> tuple[Proposal, ...]:
    """What could be given back of it."""
    return tuple(proposals(ministers(), weak=weak))


@cache
def lines() -> bytes:
    """The shipped corpus as Wikibase's JSON."""
    return as_lines(*graph_entities(shipped()))
