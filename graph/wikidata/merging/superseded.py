"""Which tenures of the authority file have their place taken by what slices tell of the same person.

The authority file has each of its tenures from an item or a statement of Wikidata. If person and office are linked
and there is a slice of the person, the slice tells it itself: as it is now, or that it is there no more. A slice that
may lack statements takes the place of those only whose statement it has, or in whose time it puts the person in the
office.
"""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Triple

from graph.dataset import TYPE
from graph.facts import Known, day, known, nodes
from graph.namespaces import slug
from graph.wikidata.merging.linked import Linked, is_from
from graph.wikidata.merging.tenures import MEMBERSHIP, Tenure
from graph.wikidata.model import Entity


def superseded(authority: Iterable[Triple], linked: Linked, read: Iterable[Tenure]) -> set[NamedNode]:
    """The nodes of these tenures; ``read`` are those that were read from slices."""
    held = [*read]
    tenures = ((name, about) for name, about in known(authority).items() if MEMBERSHIP in about.get(TYPE, ()))
    return {name for name, about in tenures if _is_superseded(about, linked, held)}


def _is_superseded(about: Known, linked: Linked, read: list[Tenure]) -> bool:
    for person, office in zip(nodes(about, "org:member"), nodes(about, "cq:heldPost"), strict=True):
        entity = linked.entity(person.value)
        if entity is None or office.value not in linked.links or not is_from(about, entity):
            return False
        if not entity.partial or _has_statement(about, entity):
            return True
        same = (each for each in read if (each.holder, each.office.subject) == (person.value, office.value))
        return any(_overlaps(about, each) for each in same)
    return False


def _has_statement(about: Known, entity: Entity) -> bool:
    """Whether the slice has its statement, of whatever rank."""
    held = {slug(statement.iri).lower() for statement in entity.statements}
    return any(slug(source.value).lower() in held for source in nodes(about, "prov:wasDerivedFrom"))


def _overlaps(about: Known, read: Tenure) -> bool:
    """Whether both may share more than the day of a handover."""
    if read.bounds is None:
        return False
    first, last = day(about, "startEarliest") or "", day(about, "endLatest") or "9999"
    start, end = read.bounds.start_earliest, read.bounds.end_latest
    return (start is None or start.isoformat() < last) and (end is None or first < end.isoformat())
