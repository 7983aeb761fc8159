"""Small worlds of assertions by seed, as plain data: who says what of which event, and who held which office.

Days are whole numbers; ``None`` is a date that nobody gives, or the open end of a tenure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

Span = tuple[int, int]
"""The first and the last day of something, or the days between which it lies."""

STATUSES = ("Held",) * 6 + ("Planned", "Planned", "Cancelled", "Postponed", "Suspended")
MODALITIES = ("Asserted",) * 8 + ("Denied", "Denied", "Expected", "Opinion", "Accusation")


@dataclass(frozen=True)
class Document:
    """A document and the days on which it may have been published."""

    name: str
    told: Span | None


@dataclass(frozen=True)
class Office:
    """An office of a state, or of a body (no state), that one person holds at a time, or several."""

    name: str
    state: str | None
    alone: bool


@dataclass(frozen=True)
class Tenure:
    """Somebody's time in an office; without an end, it was read in its source on a day."""

    name: str
    person: str
    office: Office
    first: int
    last: int | None
    read: int


@dataclass(frozen=True)
class Attendance:
    """Who came, as what, for whom: of each at least one, or none."""

    person: str | None
    office: Office | None
    state: str | None


@dataclass(frozen=True)
class Saying:
    """What one assertion says of one event."""

    name: str
    document: Document
    event: str
    kind: str
    status: str
    modality: str
    own: bool
    when: Span | None
    present: tuple[Attendance, ...]


@dataclass(frozen=True)
class SmallWorld:
    """What is said in a few documents, of at most twenty events."""

    sayings: tuple[Saying, ...]
    tenures: tuple[Tenure, ...]
    people: tuple[str, ...]
    states: tuple[str, ...]


def generated(number: int) -> SmallWorld:
    """The world of that number; no two worlds have a name in common."""
    draw = Random(number)
    mark = f"w{number}"
    people = tuple(f"{mark}-p{n}" for n in range(draw.randint(2, 5)))
    states = tuple(f"{mark}-s{n}" for n in range(draw.randint(2, 3)))
    documents = tuple(Document(f"{mark}-d{n}", _span(draw, 0.85)) for n in range(draw.randint(1, 4)))
    offices = tuple(_office(draw, f"{mark}-o{n}", states) for n in range(draw.randint(2, 4)))
    tenures = tuple(_tenure(draw, f"{mark}-t{n}", people, offices) for n in range(draw.randint(0, 6)))
    events = draw.choices((1, 2, 3, 4, draw.randint(5, 20)), (45, 25, 15, 10, 3))[0]
    sayings = tuple(
        _saying(draw, f"{mark}-e{event}-a{n}", f"{mark}-e{event}", documents, (people, offices, states))
        for event in range(events)
        for n in range(draw.choice((1, 1, 1, 2, 3)))
    )
    return SmallWorld(sayings, tenures, people, states)


def _span(draw: Random, chance: float) -> Span | None:
    """Some day or days of a hundred, or no date."""
    first = draw.randint(0, 99)
    return (first, first + draw.choice((0, 0, 0, 2, 30))) if draw.random() < chance else None


def _office(draw: Random, name: str, states: Sequence[str]) -> Office:
    return Office(name, draw.choice((*states, *states, None)), draw.random() < 0.7)


def _tenure(draw: Random, name: str, people: Sequence[str], offices: Sequence[Office]) -> Tenure:
    first = draw.randint(-90, 90)
    last = first + draw.randint(0, 200) if draw.random() < 0.8 else None
    return Tenure(name, draw.choice(people), draw.choice(offices), first, last, draw.randint(60, 200))


def _saying(
    draw: Random,
    name: str,
    event: str,
    documents: Sequence[Document],
    cast: tuple[Sequence[str], Sequence[Office], Sequence[str]],
) -> Saying:
    kind = "Visit" if Random(event).random() < 0.15 else "Meeting"
    present = {_attendance(draw, *cast): None for _ in range(draw.choice((0, 1, 2, 3, 4, 6)))}
    return Saying(
        name=name,
        document=draw.choice(documents),
        event=event,
        kind=kind,
        status=draw.choice(STATUSES),
        modality=draw.choice(MODALITIES),
        own=draw.random() < 0.85,
        when=_span(draw, 0.8),
        present=tuple(each for each in present if each.person or each.office or each.state),
    )


def _attendance(draw: Random, people: Sequence[str], offices: Sequence[Office], states: Sequence[str]) -> Attendance:
    person = draw.choice(people) if draw.random() < 0.6 else None
    office = draw.choice(offices) if draw.random() < 0.8 else None
    state = draw.choice(states) if draw.random() < 0.5 else None
    if office and office.state and draw.random() < 0.85:
        state = draw.choice((office.state, None))
    return Attendance(person, office, state)
