"""What a built graph has at hand for reconciliation: our things, what Wikidata says, and the links so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

from pyoxigraph import NamedNode, Triple

from graph.namespaces import GRAPH_LINKS, GRAPH_SLICES, GRAPH_WIKIDATA, UnknownPrefixError, expand
from graph.wikidata.entities import entities
from graph.wikidata.links import Link, exact, links_in
from graph.wikidata.model import Entity
from graph.wikidata.reconciliation.candidates import MOST_CANDIDATES, Candidate, Reconciliation
from graph.wikidata.reconciliation.subjects import FACTS, KINDS, Subject, subjects

_GRAPH: Final = "CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {} {{ ?s ?p ?o }} }}"


class UnknownThingError(ValueError):
    """An IRI names nothing here that could be linked to Wikidata."""


class Constructs(Protocol):
    """The part of an engine that reading needs."""

    def construct(self, query: str) -> Iterable[Triple]:
        """The triples of a CONSTRUCT query."""


@dataclass(frozen=True)
class AtHand:
    """The things that Wikidata may know, the entities of the newest slices, and the judgements, of one version."""

    subjects: Mapping[str, Subject]
    entities: Mapping[str, Entity]
    links: tuple[Link, ...]

    def subject(self, text: str) -> Subject:
        """The thing that an IRI names, full or compact (``person:lavrov``); raises UnknownThingError."""
        try:
            iri = text if "://" in text else expand(text)
        except UnknownPrefixError as error:
            raise UnknownThingError(str(error)) from error
        if iri not in self.subjects:
            raise UnknownThingError(f"'{text}' is none of the things that Wikidata may know: {', '.join(KINDS)}")
        return self.subjects[iri]

    @cached_property
    def reconciliation(self) -> Reconciliation:
        """The entities, ready to be searched."""
        return Reconciliation(self.entities, self.links)

    def recorded(self, subject: Subject) -> tuple[Link, ...]:
        """The rows that give items as candidates for a thing, whether or not anything of these is at hand."""
        found = (each for each in self.links if each.subject == subject.iri and each.status == "candidate")
        return tuple(sorted(found, key=lambda each: (each.object, each.predicate)))

    def candidates(self, subject: Subject, most: int = MOST_CANDIDATES) -> tuple[Candidate, ...]:
        """The likest items, and behind them those that are recorded as candidates, as far as they are at hand."""
        found = self.reconciliation.candidates(subject, most)
        others = dict.fromkeys(each.object for each in self.recorded(subject))
        pairs = (self.reconciliation.pair(subject, item) for item in others)
        return *found, *(each for each in pairs if each and each not in found)


def at_hand(engine: Constructs) -> AtHand:
    """All of that, asked of an engine."""

    def graph(name: NamedNode) -> Iterable[Triple]:
        return engine.construct(_GRAPH.format(name))

    links = links_in(graph(GRAPH_LINKS))
    found = entities(graph(GRAPH_WIKIDATA), graph(GRAPH_SLICES))
    return AtHand(subjects(engine.construct(FACTS), exact(links)), found, links)
