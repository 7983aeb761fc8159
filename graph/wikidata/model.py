"""Wikidata's data model: entities with statements, as its JSON and its RDF both say it, without loss.

After the Wikibase data model (mediawiki.org, *Wikibase/DataModel*). Identifiers stand as Wikidata writes them
(``Q7747``, ``P39``); a statement's identifier is its GUID, with the ``$`` (``Q7747$6841bac1-…``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

GREGORIAN: Final = "http://www.wikidata.org/entity/Q1985727"
JULIAN: Final = "http://www.wikidata.org/entity/Q1985786"
DAY: Final = 11
MONTH: Final = 10
YEAR: Final = 9

Rank = Literal["preferred", "normal", "deprecated"]
Kind = Literal["value", "somevalue", "novalue"]
Part = Literal["labels", "descriptions", "aliases", "sitelinks"]


@dataclass(frozen=True)
class Item:
    """Another entity, by its identifier: an item, property or lexeme."""

    id: str


@dataclass(frozen=True)
class Text:
    """A string, URL, external identifier, file name or formula: the snak's datatype says which."""

    text: str


@dataclass(frozen=True)
class Monolingual:
    """A text in a language."""

    text: str
    language: str


@dataclass(frozen=True)
class Time:
    """A time as Wikidata writes it (``+2012-05-07T00:00:00Z``), its precision (11 is a day) and its calendar."""

    time: str
    precision: int
    calendar: str = GREGORIAN
    timezone: int = 0


@dataclass(frozen=True)
class Quantity:
    """An amount with its unit (an IRI, or ``1``) and its bounds, as decimal numbers with their sign."""

    amount: str
    unit: str = "1"
    upper: str | None = None
    lower: str | None = None


@dataclass(frozen=True)
class Coordinate:
    """A place on a globe (its IRI), in degrees, with the precision in degrees where it is given."""

    latitude: float
    longitude: float
    precision: float | None
    globe: str


Value = Item | Text | Monolingual | Time | Quantity | Coordinate


@dataclass(frozen=True)
class Snak:
    """A property with a value, with some unknown value, or with no value."""

    property: str
    value: Value | None
    kind: Kind = "value"
    datatype: str = ""


@dataclass(frozen=True)
class Reference:
    """What a statement rests on."""

    hash: str
    snaks: tuple[Snak, ...]


@dataclass(frozen=True)
class Statement:
    """What Wikidata says in one place: a main snak with its qualifiers, rank and references.

    ``iri`` is the statement's node. ``guid`` is empty where the source did not give it (some query results), and
    ``rank`` is None where it did not tell. ``retrieved`` is the day on which it was read and ``graph`` the slice that
    has it, where its entity was read in parts; else these are the entity's.
    """

    iri: str
    guid: str
    subject: str
    main: Snak
    rank: Rank | None
    qualifiers: tuple[Snak, ...] = ()
    references: tuple[Reference, ...] = ()
    retrieved: str = ""
    graph: str = ""

    @property
    def item(self) -> str | None:
        """The entity that it names as its value; None for any other value."""
        return self.main.value.id if isinstance(self.main.value, Item) else None

    def qualifier(self, property_: str) -> tuple[Snak, ...]:
        """The qualifiers of a property."""
        return tuple(snak for snak in self.qualifiers if snak.property == property_)

    @property
    def property(self) -> str:
        """The property of the main snak."""
        return self.main.property


@dataclass(frozen=True)
class Sitelink:
    """A page of a wiki (``enwiki``) on the entity, with its title, address and badges (identifiers of items)."""

    site: str
    title: str
    url: str
    badges: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entity:
    """An entity at a revision; ``revision`` and ``modified`` are empty where the source did not give them.

    ``retrieved`` is the day on which it was read; ``partial`` says that the source had only some of its statements,
    so that what is not here may be there. ``redirects`` are the identifiers that were merged into it. ``type`` is
    what Wikidata calls it: an item, a property, a lexeme; ``datatype`` is that of the values of a property.

    ``untold`` are the parts that the source was not asked for, as an answer with ``props=claims`` has statements
    alone: what is not here may be there. RDF does not tell it, so it does not count where entities are compared.
    """

    id: str
    revision: str
    modified: str
    retrieved: str
    graph: str
    partial: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    redirects: tuple[str, ...] = ()
    type: str = "item"
    sitelinks: tuple[Sitelink, ...] = ()
    datatype: str = ""
    untold: frozenset[Part] = field(default=frozenset(), compare=False)

    def of(self, property_: str) -> Iterator[Statement]:
        """The statements with a property, of every rank."""
        return (each for each in self.statements if each.property == property_)

    def items(self, property_: str) -> set[str]:
        """The entities that statements of a property name, but for deprecated ones."""
        return {each.item for each in self.of(property_) if each.item and each.rank != "deprecated"}
