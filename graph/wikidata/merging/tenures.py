"""Tenures as Wikidata tells them: its statements *position held* (P39) of linked persons in linked offices.

Statements of every rank but *deprecated* count: the best rank alone would know a president's present office, and none
of those before. A tenure is derived from its statement (``prov:wasDerivedFrom``), read in a slice (``cq:readIn``) on
a day (``cq:recordedOn``), and rests on two links (``cq:restsOnLink``): that of the person and that of the office.
One statement makes one tenure; two statements on the same time of the same person are two tenures of one holder.

What Wikidata does not date, or dates so that it contradicts itself, has no date here, and is certain of no day.
Where no end is told, or none (*no value*), the tenure had not ended when it was read; an unknown end (*some value*)
had come by then (:func:`graph.wikidata.times.tenure_bounds`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.dataset import TYPE
from graph.dates import Bounds, edtf_around
from graph.namespaces import cq, mint, slug, term
from graph.wikidata.links import Link, node
from graph.wikidata.merging.linked import Linked
from graph.wikidata.model import Entity, Statement
from graph.wikidata.times import tenure_bounds

POSITION_HELD: Final = "P39"
START: Final = "P580"
END: Final = "P582"
DERIVED: Final = term("prov:wasDerivedFrom")
READ_IN: Final = cq("readIn")
RESTS_ON_LINK: Final = cq("restsOnLink")
MEMBERSHIP: Final = term("org:Membership")
_DIGITS: Final = 8
_NAMES: Final = ("startEarliest", "startLatest", "endEarliest", "endLatest")


@dataclass(frozen=True)
class Tenure:
    """One statement as a tenure: who held which office, by which links that is known, and when it was.

    ``bounds`` are None where that is not known. ``read`` is the day on which it was read in the graph ``slice``.
    """

    person: Link
    office: Link
    statement: Statement
    bounds: Bounds | None
    read: str
    slice: str

    @property
    def node(self) -> NamedNode:
        """Its IRI: person, office and year of the start, with digits that tell its statement from all others."""
        start = self.bounds.start_earliest if self.bounds else None
        digits = sha256(self.statement.iri.encode()).hexdigest()[:_DIGITS]
        parts = (slug(self.person.subject), slug(self.office.subject), *((f"{start:%Y}",) if start else ()), digits)
        return mint("tenure", "-".join(parts))

    def triples(self) -> Iterator[Triple]:
        """What is said of it."""
        told: tuple[tuple[NamedNode, NamedNode | Literal], ...] = (
            (TYPE, MEMBERSHIP),
            (term("org:member"), NamedNode(self.person.subject)),
            (cq("heldPost"), NamedNode(self.office.subject)),
            (DERIVED, NamedNode(self.statement.iri)),
            (READ_IN, NamedNode(self.slice)),
            (cq("recordedOn"), _day(self.read)),
            *((RESTS_ON_LINK, node(link)) for link in (self.person, self.office)),
            *self._dates(),
        )
        return (Triple(self.node, predicate, value) for predicate, value in told)

    def _dates(self) -> Iterator[tuple[NamedNode, Literal]]:
        if self.bounds is None:
            return
        yield cq("when"), Literal(edtf_around(self.bounds), datatype=term("edtf:EDTF"))
        for name, day in zip(_NAMES, days(self.bounds), strict=True):
            if day:
                yield cq(name), _day(day.isoformat())


def tenures(linked: Linked) -> tuple[Tenure, ...]:
    """The tenures that links allow to read from slices, in the order of their nodes."""
    offices = dict(linked.offices())
    read = (
        Tenure(person, office, statement, _bounds(statement, day), day, linked.slice_of(statement, entity))
        for person, entity in linked.persons()
        for statement, office in _in_offices(entity, offices)
        for day in (statement.retrieved or entity.retrieved,)
    )
    return tuple(sorted(read, key=lambda tenure: tenure.node.value))


def _in_offices(entity: Entity, offices: Mapping[str, Link]) -> Iterator[tuple[Statement, Link]]:
    for statement in entity.of(POSITION_HELD):
        office = offices.get(statement.item or "")
        if office is not None and statement.rank != "deprecated":
            yield statement, office


def _bounds(statement: Statement, read: str) -> Bounds | None:
    """When it was; None where that is not known at all, or the dates contradict each other."""
    found = tenure_bounds(statement.qualifier(START), statement.qualifier(END), date.fromisoformat(read))
    first, last = found.start_earliest, found.end_latest
    is_contradictory = first is not None and last is not None and last < first
    return found if any(days(found)) and not is_contradictory else None


def days(bounds: Bounds) -> tuple[date | None, ...]:
    """The four bounds in the order of their names."""
    return bounds.start_earliest, bounds.start_latest, bounds.end_earliest, bounds.end_latest


def _day(text: str) -> Literal:
    return Literal(text, datatype=term("xsd:date"))
