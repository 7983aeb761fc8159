"""Which classes of Wikidata a thing of ours may be an instance of, and what is known of an item's.

An item's classes are its P31 values, with all that P279 (subclass of) leads to among the entities at hand. Not all of
Wikidata is at hand: a class that is in no row of the table, and leads to none, decides nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
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

_CLASSES: Final = frozenset(("office", "postkind", "format"))
_NEVER: Final = frozenset(("Q4167410", "Q13406463"))
"""Pages that only list what has a name: disambiguation pages and lists."""


def classes(entity: Entity, entities: Mapping[str, Entity]) -> set[str]:
    """What an entity is an instance of, as far as that is at hand."""
    return _outer(entity.items("P31"), entities)


def _above(entity: Entity, entities: Mapping[str, Entity]) -> set[str]:
    """The classes that a class falls under, and itself; none, if the entity is not known to be a class."""
    return _outer([entity.id, *entity.items("P279")], entities) if _is_class(entity) else set()


def _is_class(entity: Entity) -> bool:
    return any(entity.of("P279")) or any(entity.id in table for table in FITTING.values())


def _outer(names: Iterable[str], entities: Mapping[str, Entity]) -> set[str]:
    found: set[str] = set()
    left = [*names]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += entities[name].items("P279") if name in entities else ()
    return found


def fits(subject: str, entity: Entity, entities: Mapping[str, Entity]) -> bool | None:
    """Whether the entity is of a class that fits one of our resources (its IRI); None where that is not known.

    What is one thing is no class: only offices, kinds of post and formats may themselves be classes there.
    """
    ours, found, above = kind(subject) or "", classes(entity, entities), _above(entity, entities)
    wanted = FITTING.get(ours, frozenset())
    if found & wanted or (ours in _CLASSES and above & wanted):
        return True
    # Every human being of Wikidata is an instance of Q5, so that another class says that it is none.
    if found & _NEVER or (ours == "person" and found) or (ours not in _CLASSES and above):
        return False
    return False if any(table & (found | above) for table in _others(ours)) else None


def _others(ours: str) -> Iterator[frozenset[str]]:
    for name, table in FITTING.items():
        alike = table == FITTING.get(ours) or any({name, ours} <= group for group in _ALIKE)
        if not alike:
            yield table
