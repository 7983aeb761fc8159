"""Tenures as Wikidata tells them: its statements *position held* (P39) of linked persons in linked offices.

Statements of every rank but *deprecated* count: the best rank alone would know a president's present office, and none
of those before. A tenure is derived from its statement (``prov:wasDerivedFrom``), read in a slice (``cq:readIn``) on
a day (``cq:recordedOn``), and rests on two links (``cq:restsOnLink``): that of the person and that of the office.
An item that nobody of ours is may hold a linked office, too: its tenure rests on the link of the office alone, and
keeps rules from concluding that another one held it; nothing is concluded of the item (*a rival*).
One statement makes one tenure; two statements on the same time of the same person are two tenures of one holder.

What Wikidata does not date, or dates so that it contradicts itself, has no date here, and is certain of no day.
Where no end is told, or none (*no value*), the tenure had not ended when it was read; an unknown end (*some value*)
had come by then (:func:`graph.wikidata.times.tenure_bounds`). An end that cannot be told in days, or that is told
and denied, is one at the end of all days at the latest.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.dataset import TYPE
from graph.dates import Bounds, edtf_around
from graph.facts import known
from graph.namespaces import cq, mint, slug, term
from graph.wikidata.links import Link, node
from graph.wikidata.merging.linked import Linked, is_from
from graph.wikidata.model import Entity, Statement
from graph.wikidata.terms import entity_node
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

    ``holder`` is the IRI of a person of ours, with the link to the item; or of an item that is nobody of ours, and
    then there is no link of it. ``bounds`` are None where that is not known. ``read`` is the day on which it was read
    in the graph ``slice``.
    """

    holder: str
    person: Link | None
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
        parts = (slug(self.holder).lower(), slug(self.office.subject), *((f"{start:%Y}",) if start else ()), digits)
        return mint("tenure", "-".join(parts))

    def triples(self) -> Iterator[Triple]:
        """What is said of it."""
        told: tuple[tuple[NamedNode, NamedNode | Literal], ...] = (
            (TYPE, MEMBERSHIP),
            (term("org:member"), NamedNode(self.holder)),
            (cq("heldPost"), NamedNode(self.office.subject)),
            (DERIVED, NamedNode(self.statement.iri)),
            (READ_IN, NamedNode(self.slice)),
            (cq("recordedOn"), _day(self.read)),
            *((RESTS_ON_LINK, node(link)) for link in (self.person, self.office) if link),
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


def tenures(linked: Linked, authority: Iterable[Triple]) -> tuple[Tenure, ...]:
    """The tenures that links allow to read from slices, those of rivals too, in the order of their nodes."""
    offices = dict(linked.offices())
    ours = (_read(entity, offices, person) for person, entity in linked.persons())
    read = chain(chain.from_iterable(ours), _rivals(linked, offices, authority))
    return tuple(sorted(read, key=lambda tenure: tenure.node.value))


def _rivals(linked: Linked, offices: Mapping[str, Link], authority: Iterable[Triple]) -> Iterator[Tenure]:
    """Those of entities that are nobody of ours. Of whom the authority file has a tenure, he is not his own rival."""
    known_from = [about for about in known(authority).values() if MEMBERSHIP in about.get(TYPE, ())]
    for entity in linked.others():
        read = [*_read(entity, offices)]
        if read and not any(is_from(about, entity) for about in known_from):
            yield from read


def _read(entity: Entity, offices: Mapping[str, Link], person: Link | None = None) -> Iterator[Tenure]:
    holder = person.subject if person else entity_node(entity.id).value
    for statement, office in _in_offices(entity, offices):
        day = statement.retrieved or entity.retrieved
        slice_ = statement.graph or entity.graph
        yield Tenure(holder, person, office, statement, _bounds(statement, day), day, slice_)


def _in_offices(entity: Entity, offices: Mapping[str, Link]) -> Iterator[tuple[Statement, Link]]:
    for statement in entity.of(POSITION_HELD):
        office = offices.get(statement.item or "")
        if office is not None and statement.rank != "deprecated":
            yield statement, office


def _bounds(statement: Statement, read: str) -> Bounds | None:
    """When it was; None where that is not known at all, or the dates contradict each other."""
    found = tenure_bounds(statement.qualifier(START), statement.qualifier(END), date.fromisoformat(read))
    if found.end_latest is None and any(end.kind != "novalue" for end in statement.qualifier(END)):
        # There is an end; on what day it came is not told.
        found = replace(found, end_latest=date.max)
    first, last = found.start_earliest, found.end_latest
    is_contradictory = first is not None and last is not None and last < first
    return found if any(days(found)) and not is_contradictory else None


def days(bounds: Bounds) -> tuple[date | None, ...]:
    """The four bounds in the order of their names."""
    return bounds.start_earliest, bounds.start_latest, bounds.end_earliest, bounds.end_latest


def _day(text: str) -> Literal:
    return Literal(text, datatype=term("xsd:date"))
