"""Which classes of Wikidata a thing of ours may be an instance of, and what is known of an item's.

An item's classes are its P31 values, with all that P279 (subclass of) leads to among the entities at hand. Not all of
Wikidata is at hand: a class that is in no row of the table, and leads to none, decides nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from graph.namespaces import kind
from graph.wikidata.model import Entity

_POSITIONS: Final = frozenset(("Q4164871", "Q294414", "Q83307", "Q14212", "Q7330070", "Q2518691"))
FITTING: Final[Mapping[str, frozenset[str]]] = {
    "person": frozenset(("Q5",)),
    "state": frozenset(("Q6256", "Q3624078")),
    "office": _POSITIONS,
    "postkind": _POSITIONS,
    "place": frozenset(("Q56061", "Q486972", "Q515")),
    "territory": frozenset(("Q15239622", "Q56061")),
    "organisation": frozenset(("Q43229", "Q484652")),
    "format": frozenset(("Q2761147", "Q1072326")),
    "meeting": frozenset(("Q2761147", "Q1072326")),
}
"""For each kind of ours, the classes of Wikidata of which its items are instances (or, for classes, subclasses)."""
# Wikidata does not keep a body, its town and its territory apart: these exclude each other in no item.
_ALIKE: Final = (frozenset(("state", "place", "territory", "organisation")), frozenset(("format", "meeting")))


def classes(entity: Entity, entities: Mapping[str, Entity]) -> set[str]:
    """The classes of an entity as far as they are at hand; its own superclasses are among them, if it is a class."""
    found: set[str] = set()
    left = [*entity.items("P31"), *entity.items("P279"), entity.id]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += entities[name].items("P279") if name in entities else ()
    return found


def fits(subject: str, entity: Entity, entities: Mapping[str, Entity]) -> bool | None:
    """Whether the entity is of a class that fits one of our resources (its IRI); None where that is not known."""
    found = classes(entity, entities)
    ours = kind(subject) or ""
    if FITTING.get(ours, frozenset()) & found:
        return True
    # Every human being of Wikidata is an instance of Q5, so that another class says that it is none.
    if any(table & found for table in _others(ours)) or (ours == "person" and any(entity.of("P31"))):
        return False
    return None


def _others(ours: str) -> Iterator[frozenset[str]]:
    for name, table in FITTING.items():
        alike = table == FITTING.get(ours) or any({name, ours} <= group for group in _ALIKE)
        if not alike:
            yield table
