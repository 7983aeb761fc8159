"""Which persons and offices of ours are linked to items, and what the newest slices have of these."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from graph.dataset import Dataset
from graph.namespaces import kind
from graph.wikidata.entities import entities
from graph.wikidata.links import EXACT, Link, accepted, links_in
from graph.wikidata.model import Entity, Statement
from graph.wikidata.slices import described


@dataclass(frozen=True)
class Linked:
    """Accepted exact links by our IRI, entities by their identifier; the slice of each statement in a partial one."""

    links: Mapping[str, Link]
    entities: Mapping[str, Entity]
    slices: Mapping[str, str]

    @classmethod
    def of(cls, dataset: Dataset) -> "Linked":
        """Those of a dataset that has its newest slices."""
        held = (link for link in accepted(links_in(dataset.links)) if link.predicate == EXACT)
        known = chain.from_iterable(described(dataset.retrieved).values())
        slices = {statement: each.graph for each in known for statement in each.statements}
        told = entities(dataset.wikidata, dataset.retrieved)
        # What does not say where and when it was read is no ground.
        grounded = {name: entity for name, entity in told.items() if entity.graph and entity.retrieved}
        return cls({link.subject: link for link in held}, grounded, slices)

    def slice_of(self, statement: Statement, entity: Entity) -> str:
        """The slice in which a statement of an entity is."""
        return self.slices.get(statement.iri, entity.graph) if entity.partial else entity.graph

    def entity(self, iri: str) -> Entity | None:
        """The entity that a thing of ours is; None where it is not linked, or no slice tells of it."""
        link = self.links.get(iri)
        return self.entities.get(link.object) if link else None

    def persons(self) -> Iterator[tuple[Link, Entity]]:
        """The persons of whom slices tell."""
        for iri, link in self.links.items():
            if kind(iri) == "person" and (entity := self.entity(iri)):
                yield link, entity

    def offices(self) -> Iterator[tuple[str, Link]]:
        """The link of each office by its item, and by the identifiers that redirect to it."""
        for iri, link in self.links.items():
            if kind(iri) == "office":
                entity = self.entity(iri)
                yield from ((item, link) for item in (entity.redirects if entity else ()))
                yield link.object, link
