"""The whole graph in Wikidata's shape: an item for each thing, its statements with their grounds.

What documents say as far as it is admitted, their metadata, and the authority file; nothing that rules conclude (it
follows from the rest), and nothing that Wikidata says. A thing with an accepted exact link bears Wikidata's
identifier, any other one of ours (:mod:`graph.wikidata.exports.identifiers`), and so does one whose link asks for
another look; P2888 (exact match) tells each IRI.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace

from graph.dataset import Dataset
from graph.namespaces import expand, kind
from graph.wikidata.exports.doubted import doubted_in
from graph.wikidata.exports.entity_json import LocalProperty
from graph.wikidata.exports.numbering import mentioned, numbers
from graph.wikidata.exports.references import grounds
from graph.wikidata.exports.statements import FOLDED, said
from graph.wikidata.exports.texts import Texts
from graph.wikidata.links import exact, links_in
from graph.wikidata.model import Entity, Reference, Snak, Statement, Text

Said = dict[tuple[Snak, tuple[Snak, ...]], set[Reference]]


def graph_entities(
    dataset: Dataset, doubts: Container[str] | None = None
) -> tuple[list[LocalProperty], list[Entity]]:
    """Our properties and all items; ``doubts`` are the things whose links ask for another look, where known."""
    stated: dict[str, Said] = defaultdict(lambda: defaultdict(set))
    for graph, reference in grounds(dataset):
        for subject, main, qualifiers in said(graph):
            stated[subject][main, qualifiers].add(reference)
    bare = [_entity(iri, stated[iri]) for iri in stated]
    others = set().union(*(mentioned(each) for each in bare)) - stated.keys()
    bare += [_entity(iri, {}) for iri in others if kind(iri) not in FOLDED]
    given = numbers(bare, _linked(dataset, doubted_in(dataset) if doubts is None else doubts))
    texts = Texts.of(dataset)
    named = (_with_texts(each, texts) for each in bare)
    return list(_properties(given.properties, texts)), [given.entity(each) for each in named]


def _linked(dataset: Dataset, doubts: Container[str]) -> dict[str, str]:
    """The item that each thing is, by links of which nothing has changed since they were judged."""
    return {iri: item for iri, item in exact(links_in(dataset.links)).items() if iri not in doubts}


def _entity(iri: str, stated: Mapping[tuple[Snak, tuple[Snak, ...]], set[Reference]]) -> Entity:
    """What is said of a thing, which goes by its IRI."""
    identity = Snak("P2888", Text(iri), datatype="url")
    statements = [Statement("", "", iri, identity, "normal")]
    for (main, qualifiers), references in stated.items():
        statements.append(Statement("", "", iri, main, "normal", qualifiers, tuple(references)))
    return Entity(iri, "", "", "", "", statements=tuple(statements))


def _with_texts(entity: Entity, texts: Texts) -> Entity:
    iri = entity.id
    return replace(entity, labels=texts.labels(iri), descriptions=texts.descriptions(iri), aliases=texts.aliases(iri))


def _properties(identifiers: Mapping[str, str], texts: Texts) -> Iterator[LocalProperty]:
    """Our properties; where a term has one for each of several datatypes, its names tell the datatype."""
    several = Counter(name.partition(" ")[0] for name in identifiers)
    for name, identifier in identifiers.items():
        curie, _, datatype = name.partition(" ")
        labels, told = texts.labels(expand(curie)), f" ({datatype})" if several[curie] > 1 else ""
        called = {language: f"{text}{told}" for language, text in labels.items()}
        yield LocalProperty(identifier, datatype, called, texts.descriptions(expand(curie)))
