"""From which statement or item of Wikidata a tenure of the authority file was read, if from any.

That such a tenure agrees with what it was read from is no second witness. (The case of identifiers varies.)
"""

from collections.abc import Iterator

from graph.namespaces import PREFIXES
from graph.wikidata.comparison.ours import Tenure
from graph.wikidata.comparison.theirs import Holding, Theirs
from graph.wikidata.links import Link
from graph.wikidata.model import Entity
from graph.wikidata.terms import identifier_of

_STATEMENT = PREFIXES["wds"]


def is_its_source(tenure: Tenure, holding: Holding) -> bool:
    """Whether a tenure was read from this very statement."""
    return holding.statement.iri.lower() in {each.lower() for each in tenure.sources}


def was_read_from(tenure: Tenure, entity: Entity) -> bool:
    """Whether a tenure was read from an item, or from some statement of it."""
    return not {entity.id, *entity.redirects}.isdisjoint(map(_item_of, tenure.sources))


def rests_on_wikidata_alone(tenure: Tenure) -> bool:
    """Whether all sources of a tenure are items or statements of Wikidata."""
    return bool(tenure.sources) and all(map(_item_of, tenure.sources))


def rejected_sources(theirs: Theirs, tenure: Tenure) -> Iterator[tuple[str, Link]]:
    """The sources of a tenure that are of an item which somebody has judged not to be the tenure's person."""
    for source in tenure.sources:
        link = theirs.rejection(tenure.person, _item_of(source))
        if link:
            yield source, link


def _item_of(source: str) -> str:
    """The item that a source of a tenure is, or is a statement of; empty for any other source."""
    rest = source.removeprefix(_STATEMENT)
    return identifier_of(source) if rest == source else rest.partition("-")[0].upper()
