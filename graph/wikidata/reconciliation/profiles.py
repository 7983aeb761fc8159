"""What an item of Wikidata says of itself, as far as reconciliation asks: names, birth and death, offices, states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.dates import Bounds
from graph.wikidata.model import Entity, Statement, Time
from graph.wikidata.times import bounds_of, tenure_bounds

POSITION: Final = "P39"
_STATES: Final = ("P17", "P27", "P1001")
_WITHIN: Final = ("P131", "P276", "P361", "P706", "P749")
# Birth and inception; death and dissolution.
_BEGINNINGS: Final = ("P569", "P571")
_ENDS: Final = ("P570", "P576")
_LANGUAGES: Final = ("en", "mul")


@dataclass(frozen=True)
class Held:
    """An office that the item held: when (None where Wikidata dates nothing), and by which statement.

    ``is_open`` is for a statement that tells of no end; an end of which only the time is unknown is one.
    """

    office: str
    when: Bounds | None
    guid: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Profile:
    """An item with what reconciliation asks of it; statements of deprecated rank are left out.

    What is no person was born when it was founded, and died when it ended. ``states`` are those of P17, P27 and
    P1001, ``within`` what it lies in or is a part of, ``capitals`` its P36.
    """

    entity: Entity
    names: tuple[str, ...]
    held: tuple[Held, ...]
    births: tuple[Bounds, ...]
    deaths: tuple[Bounds, ...]
    states: frozenset[str]
    within: frozenset[str]
    capitals: frozenset[str]

    @property
    def id(self) -> str:
        """Its identifier, as in ``Q7747``."""
        return self.entity.id

    @property
    def label(self) -> str:
        """What Wikidata calls it, in English where it can."""
        return label(self.entity)


def label(entity: Entity) -> str:
    """The label of an entity: the English one, else the first, else its identifier."""
    found = [entity.labels[each] for each in _LANGUAGES if each in entity.labels]
    return next(iter([*found, *(entity.labels[each] for each in sorted(entity.labels))]), entity.id)


def profile(entity: Entity) -> Profile:
    """The profile of an entity."""
    return Profile(
        entity,
        _names(entity),
        tuple(_held(each.item, each, entity) for each in _valid(entity, POSITION) if each.item),
        tuple(_days(entity, *_BEGINNINGS)),
        tuple(_days(entity, *_ENDS)),
        _items(entity, _STATES),
        _items(entity, _WITHIN),
        _items(entity, ("P36",)),
    )


def profiles(entities: Mapping[str, Entity]) -> dict[str, Profile]:
    """The profiles of items, by identifier; properties and lexemes are no things of the documents."""
    return {name: profile(entity) for name, entity in sorted(entities.items()) if name.startswith("Q")}


def _held(office: str, statement: Statement, entity: Entity) -> Held:
    ends = statement.qualifier("P582")
    retrieved = date.fromisoformat(entity.retrieved) if entity.retrieved else None
    when = tenure_bounds(statement.qualifier("P580"), ends, retrieved)
    is_open = all(each.kind == "novalue" for each in ends)
    return Held(office, when if _is_dated(when) else None, statement.guid, is_open)


def _is_dated(when: Bounds) -> bool:
    """Whether dates are given, and the end does not lie before the start."""
    first, last = when.start_earliest, when.end_latest
    return bool(first or when.start_latest or when.end_earliest or last) and not (first and last and first > last)


def _names(entity: Entity) -> tuple[str, ...]:
    aliases = (each for language in sorted(entity.aliases) for each in entity.aliases[language])
    return tuple(dict.fromkeys((label(entity), *entity.labels.values(), *aliases)))


def _valid(entity: Entity, property_: str) -> Iterable[Statement]:
    return (each for each in entity.of(property_) if each.rank != "deprecated")


def _days(entity: Entity, *properties: str) -> Iterable[Bounds]:
    values = (each.main.value for property_ in properties for each in _valid(entity, property_))
    return (bounds_of(value) for value in values if isinstance(value, Time))


def _items(entity: Entity, properties: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(entity.items(each) for each in properties))
