"""Two items of Wikidata for one office: tenures that stand under the other one are not found under the first."""

from collections.abc import Iterator

from graph.namespaces import kind
from graph.wikidata.comparison.sides import Sides, looked_into
from graph.wikidata.comparison.theirs import item_iri
from graph.wikidata.comparison.verdicts import Finding, part
from graph.wikidata.model import Entity

COUNTRIES = ("P17", "P1001")


def twin_findings(sides: Sides) -> Iterator[Finding]:
    """One finding for each item that is called like that of a linked office, and belongs to the same country."""
    for office, item in sorted(sides.theirs.items.items()):
        entity = sides.theirs.entities.get(item)
        if kind(office) == "office" and entity:
            yield from (_finding(sides, office, entity, twin) for twin in _twins(sides, office, entity))


def _twins(sides: Sides, office: str, entity: Entity) -> Iterator[Entity]:
    """People and places share names; posts of one country do not."""
    for other in sorted(sides.theirs.entities.values(), key=lambda each: each.id):
        if other.id != entity.id and _name(other) == _name(entity) and _countries(other) & _countries(entity):
            judged = other.id in sides.theirs.ours or sides.theirs.is_rejected(office, other.id)
            if not judged:
                yield other


def _name(entity: Entity) -> str:
    return entity.labels.get("en", entity.id)


def _countries(entity: Entity) -> set[str]:
    return set().union(*(entity.items(name) for name in COUNTRIES))


def _finding(sides: Sides, office: str, entity: Entity, twin: Entity) -> Finding:
    name = sides.ours.name(office)
    count = len([each for each in sides.theirs.holders(twin.id) if each.counts])
    return Finding(
        name=("twin", part(office), twin.id.lower()),
        verdict="duplicate",
        aspect="skos:exactMatch",
        about=(office, item_iri(twin.id)),
        label=f"{name}: two items",
        sentence=f"Wikidata has two items called “{_name(entity)}” of one country: {entity.id}, which is linked to "
        f"{name}, and {twin.id}, under which {count} statement{'' if count == 1 else 's'} on holders stand"
        f"{'s' if count == 1 else ''} here.",
        slices=looked_into((), entity, twin),
    )
