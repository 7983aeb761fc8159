"""Which persons and offices of ours are linked to items, and what the newest slices have of these.

A link whose item redirects elsewhere is stale: it counts for nothing until somebody judges it again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from graph.dataset import Dataset
from graph.facts import Known, nodes
from graph.namespaces import PREFIXES, kind, term
from graph.wikidata.entities import Entities, entities
from graph.wikidata.links import EXACT, Link, accepted, links_in
from graph.wikidata.model import Entity
from graph.wikidata.terms import identifier_of

_REDIRECT: Final = term("owl:sameAs")


@dataclass(frozen=True)
class Linked:
    """Accepted exact links by our IRI, and entities by their identifier."""

    links: Mapping[str, Link]
    entities: Entities
    redirected: frozenset[str]

    @classmethod
    def of(cls, dataset: Dataset, known: Entities | None = None) -> "Linked":
        """Those of a dataset that has its newest slices."""
        gone = redirected(dataset.wikidata)
        held = (link for link in accepted(links_in(dataset.links)) if link.predicate == EXACT)
        told = entities(dataset.wikidata, dataset.retrieved) if known is None else known
        # What does not say where and when it was read is no ground.
        grounded = {name: entity for name, entity in told.items() if entity.graph and entity.retrieved}
        return cls({link.subject: link for link in held if link.object not in gone}, grounded, gone)

    def entity(self, iri: str) -> Entity | None:
        """The entity that a thing of ours is; None where it is not linked, or no slice tells of it."""
        link = self.links.get(iri)
        return self.entities.get(link.object) if link else None

    def persons(self) -> Iterator[tuple[Link, Entity]]:
        """The persons of whom slices tell."""
        for iri, link in self.links.items():
            if kind(iri) == "person" and (entity := self.entity(iri)):
                yield link, entity

    def others(self) -> Iterator[Entity]:
        """The entities that no link counts of, but for what is now under another identifier."""
        ours = {link.object for link in self.links.values()} | self.redirected
        return (entity for name, entity in self.entities.items() if name not in ours)

    def offices(self) -> Iterator[tuple[str, Link]]:
        """The link of each office by its item, and by the identifiers that redirect to it."""
        for iri, link in self.links.items():
            if kind(iri) == "office":
                entity = self.entity(iri)
                yield from ((item, link) for item in (entity.redirects if entity else ()))
                yield link.object, link


def redirected(view: Iterable[Triple]) -> frozenset[str]:
    """The identifiers that, by the newest slices, redirect to another one."""
    found = (t.subject for t in view if t.predicate == _REDIRECT)
    return frozenset(identifier_of(item.value) for item in found if isinstance(item, NamedNode))


def is_from(about: Known, entity: Entity) -> bool:
    """Whether the authority file has a thing from this item, or from a statement of it (whose case varies)."""
    identifiers = (entity.id, *entity.redirects)
    own = {PREFIXES["wd"] + each for each in identifiers}
    begins = tuple(f"{PREFIXES['wds']}{each}-".lower() for each in identifiers)
    sources = [source.value for source in nodes(about, "prov:wasDerivedFrom")]
    return any(source in own or source.lower().startswith(begins) for source in sources)
