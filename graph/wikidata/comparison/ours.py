"""Our side: what documents say of offices, events and claims, and the authority file of tenures, with its ground.

An office is asked about as a document says it: an incumbency on a date, a participation in an event that came about,
a word spoken in an office on a date or at such an event. What is only planned says nothing of who held an office.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.accounts import EVENTS
from graph.dataset import TYPE, Dataset
from graph.dates import Bounds
from graph.facts import Known, day, known, nodes
from graph.namespaces import cq, kind, shorten, term
from graph.outer_bounds import CAME_ABOUT
from graph.wikidata.comparison.intervals import ends, is_lasting, starts

_BOUNDS: Final = ("startEarliest", "startLatest", "endEarliest", "endLatest")
_MEMBERSHIP: Final = term("org:Membership")
Facts = Mapping[NamedNode, Known]


@dataclass
class Said:
    """Something that documents say, or the authority file: of which things, on which days, in which assertions."""

    things: tuple[str, ...]
    days: Bounds
    nodes: set[str] = field(default_factory=set)
    assertions: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Tenure:
    """A tenure of the authority file: person and office, from when to when, after which sources, read when."""

    node: str
    person: str
    office: str
    days: Bounds
    sources: tuple[str, ...]
    read: str


class Ours:
    """The local graphs of a dataset, as far as Wikidata could know the same."""

    def __init__(self, dataset: Dataset) -> None:
        self._granted = {name.value: known(graph) for name, graph in dataset.granted().items()}
        self._authority = known(dataset.authority)
        self._provenance = known(dataset.provenance)
        self._entailed = known(t for t in dataset.entailed if t.predicate in (cq("earliest"), cq("latest")))

    def offices(self) -> list[Said]:
        """Who held which office on which days: (person, office), one for all documents that say the same."""
        return self._collected(self._office_questions)

    def events(self) -> list[Said]:
        """The events that came about on known days: (event,)."""
        return self._collected(self._dated_events)

    def claims(self) -> list[Said]:
        """Who claims which territory: (claimant, territory), whatever name and ground the wordings use."""
        return self._collected(_claims)

    def tenures(self) -> Iterator[Tenure]:
        """The tenures of the authority file, in the order of their nodes."""
        for name, about in sorted(self._authority.items(), key=lambda item: item[0].value):
            person, office = _first(about, "org:member"), _first(about, "cq:heldPost")
            if _MEMBERSHIP in about[TYPE] and person and office:
                sources = tuple(sorted(each.value for each in nodes(about, "prov:wasDerivedFrom")))
                yield Tenure(name.value, person, office, _bounds(about), sources, day(about, "recordedOn") or "")

    def is_held_by_one(self, office: str) -> bool:
        """Whether the authority file says that an office has one holder at a time."""
        return any(value.value == "true" for value in self._facts(office).get(cq("heldByOne"), ()))

    def name(self, iri: str) -> str:
        """What a thing of ours is called: in English if it has such a name, else its compact IRI."""
        return self._names.get(iri) or shorten(iri)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """English labels; of several, the first of the alphabet."""
        found: dict[str, str] = {}
        for facts in (self._authority, *self._granted.values()):
            for name, about in facts.items():
                for label in about.get(term("skos:prefLabel"), ()):
                    if isinstance(label, Literal) and label.language == "en":
                        found[name.value] = min(found.get(name.value, label.value), label.value)
        return found

    def authors(self, assertions: set[str]) -> str:
        """Who says it, with where: ``Valery Kistanov (EastRussia) and Dmitry Streltsov (The Moscow Times)``."""
        return " and ".join(sorted({self._author(self._told(name)) for name in assertions}))

    def _author(self, assertion: Known) -> str:
        """The author of an assertion's document; its publisher alone where that is who says it, as in a byline."""
        document = _first(assertion, "cq:inDocument")
        about = self._told(document)
        creators, publishers = nodes(about, "dcterms:creator"), nodes(about, "dcterms:publisher")
        if set(nodes(assertion, "cq:speaker")) & set(publishers):
            creators = []
        names, places = (
            ", ".join(sorted(self.name(each.value) for each in found)) for found in (creators, publishers)
        )
        return f"{names} ({places})" if names and places else names or places or "A document"

    def _told(self, iri: str) -> Known:
        return self._provenance.get(NamedNode(iri), {}) if iri else {}

    def _facts(self, iri: str) -> Known:
        return self._authority.get(NamedNode(iri), {})

    def _collected(self, gather: Callable[[Facts], Iterator[Said]]) -> list[Said]:
        """What is said, once for the same things on the same days, with all assertions that say it."""
        found: dict[tuple[object, ...], Said] = {}
        for assertion, facts in sorted(self._granted.items()):
            for said in gather(facts):
                held = found.setdefault((said.things, *starts(said.days), *ends(said.days)), said)
                held.nodes |= said.nodes
                held.assertions.add(assertion)
        return [found[key] for key in sorted(found, key=str)]

    def _office_questions(self, facts: Facts) -> Iterator[Said]:
        for name, about in facts.items():
            if cq("Incumbency") in about[TYPE]:
                yield from _offices(name, nodes(about, "org:member"), nodes(about, "cq:heldPost"), _bounds(about))
            if cq("Statement") in about[TYPE]:
                speakers, posts = nodes(about, "cq:speaker"), nodes(about, "cq:speakerPost")
                yield from _offices(name, speakers, posts, self._when_spoken(about, facts))
            for attended in nodes(about, "cq:hasParticipation") if _came_about(about) else ():
                taken = facts.get(attended, {})
                people, posts = nodes(taken, "cq:participant"), nodes(taken, "cq:heldPost")
                yield from _offices(attended, people, posts, self._days_of(name, facts))

    def _when_spoken(self, about: Known, facts: Facts) -> Bounds:
        own, event = _bounds(about), _first(about, "cq:at")
        return self._days_of(NamedNode(event), facts) if event and _is_open(own) else own

    def _days_of(self, event: NamedNode, facts: Facts) -> Bounds:
        """When an event was: as the same words say, else as all sources taken together."""
        own = _bounds(facts[event]) if event in facts else Bounds(None, None, None, None)
        if not _is_open(own):
            return own
        outer = self._entailed.get(event, {})
        return Bounds.some_time_in(_day(outer, "earliest"), _day(outer, "latest"))

    def _dated_events(self, facts: Facts) -> Iterator[Said]:
        for name, about in facts.items():
            days = _bounds(about)
            if not EVENTS.isdisjoint(about[TYPE]) and _came_about(about) and not _is_open(days):
                yield Said((name.value,), days, {name.value})


def _offices(name: NamedNode, people: list[NamedNode], posts: list[NamedNode], days: Bounds) -> Iterator[Said]:
    """The questions that one node raises; none where nothing says when."""
    if not _is_open(days):
        for person in (each.value for each in people if kind(each.value) == "person"):
            yield from (Said((person, post.value), days, {name.value}) for post in posts)


def _claims(facts: Facts) -> Iterator[Said]:
    for name, about in facts.items():
        if cq("TerritorialClaim") in about[TYPE]:
            for claimant in nodes(about, "cq:claimant"):
                for territory in nodes(about, "cq:territory"):
                    yield Said((claimant.value, territory.value), Bounds(None, None, None, None), {name.value})


def _first(about: Known, name: str) -> str:
    """The resource that a thing has in a property, the first of the alphabet if there are several; '' if none."""
    return min((each.value for each in nodes(about, name)), default="")


def _came_about(about: Known) -> bool:
    return not CAME_ABOUT.isdisjoint(nodes(about, "cq:status"))


def _bounds(about: Known) -> Bounds:
    return Bounds(*(_day(about, name) for name in _BOUNDS))


def _day(about: Known, name: str) -> date | None:
    text = day(about, name)
    return date.fromisoformat(text) if text else None


def _is_open(days: Bounds) -> bool:
    return days.start_earliest is None and days.end_latest is None


def days_slug(days: Bounds) -> tuple[str, ...]:
    """What days add to the name of a comparison: the day, the first and the last one, or all four of what lasted."""
    if is_lasting(days):
        return tuple(each.isoformat() if each else "open" for each in (*starts(days), *ends(days)))
    first, last = (each.isoformat() if each else "open" for each in (days.start_earliest, days.end_latest))
    return (first,) if first == last else (first, last)
