"""What we know of a thing of ours that Wikidata may know too, from what documents say and the authority file names.

Tenures, and participants whom rules name by them, are left out on purpose: they were read from Wikidata, and would
agree with it without being independent of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.dataset import TYPE
from graph.dates import Bounds, bounds
from graph.facts import Known, day, follow, known, nodes
from graph.namespaces import cq, kind, prologue, term

KINDS: Final = ("person", "office", "state", "place", "territory", "organisation", "format", "postkind")
_PREDICATES: Final = (
    "rdf:type skos:prefLabel skos:altLabel skosxl:altLabel skosxl:literalForm schema:birthDate "
    "org:member org:postIn org:subOrganizationOf geo:sfWithin cq:heldPost cq:hasParticipation cq:participant "
    "cq:unnamed cq:representing cq:status cq:statedIn cq:startEarliest cq:startLatest cq:endEarliest cq:endLatest"
)
FACTS: Final = (
    prologue("rdf", "skos", "skosxl", "schema", "org", "geo", "cq")
    + f"CONSTRUCT {{ ?thing ?property ?value }} {{ VALUES ?property {{ {_PREDICATES} }} ?thing ?property ?value }}"
)
"""The query for all that subjects are made of, on the merged view."""


@dataclass(frozen=True)
class Post:
    """An office held at a time, as a document says: our IRI, its item if it is linked, the node that says so."""

    office: str
    label: str
    item: str
    when: Bounds
    source: str = ""


@dataclass(frozen=True)
class Subject:
    """A thing of ours. Names are in all languages, the label first; states and places are items of Wikidata.

    ``seen`` tells when it was there, since it did something then (to be published is not to do something);
    ``states`` what it belongs to; ``within`` the items that it lies in or is a part of, and ``around`` those of what
    lies in it.
    """

    iri: str
    names: tuple[str, ...]
    posts: tuple[Post, ...] = ()
    seen: tuple[Bounds, ...] = ()
    birth: Bounds | None = None
    states: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """What we call it."""
        return self.names[0] if self.names else self.iri

    @property
    def kind(self) -> str:
        """The kind of resource it is, as in ``person``."""
        return kind(self.iri) or ""


def subjects(triples: Iterable[Triple], items: Mapping[str, str]) -> dict[str, Subject]:
    """The things of the merged view that Wikidata may know, by IRI; ``items`` are those that are linked already."""
    return _Reading(known(triples), items).subjects()


class _Reading:
    """The facts of the merged view, and the items of what is linked."""

    def __init__(self, facts: Mapping[NamedNode, Known], items: Mapping[str, str]) -> None:
        self._facts = facts
        self._items = items
        self._posts: dict[NamedNode, list[Post]] = {}
        self._seen: dict[NamedNode, list[Bounds]] = {}
        self._states: dict[NamedNode, set[NamedNode]] = {}
        self._inner: dict[NamedNode, set[NamedNode]] = {}

    def subjects(self) -> dict[str, Subject]:
        """Every subject, in the order of IRIs."""
        for thing, about in self._facts.items():
            self._gather(thing, about)
        found = sorted((each for each in self._facts if kind(each.value) in KINDS), key=lambda each: each.value)
        return {each.value: self._subject(each) for each in found if TYPE in self._facts[each]}

    def _gather(self, thing: NamedNode, about: Known) -> None:
        for outer in self._outer(thing):
            self._inner.setdefault(outer, set()).add(thing)
        types = about.get(TYPE, ())
        if cq("Incumbency") in types:
            self._hold(nodes(about, "org:member"), thing, about, _bounds(about))
        if cq("Held") in about.get(cq("status"), ()):
            for part in nodes(about, "cq:hasParticipation"):
                self._take_part(part, self._facts.get(part, {}), _bounds(about))

    def _take_part(self, part: NamedNode, about: Known, when: Bounds | None) -> None:
        """Who took part in what was held was there then, and had the post that a document gives."""
        persons = nodes(about, "cq:participant")
        self._see(nodes(about, "cq:representing"), when)
        if cq("statedIn") in about and cq("unnamed") not in about and cq("Held") in about.get(cq("status"), ()):
            self._hold(persons, part, about, when)
            for person in persons:
                self._states.setdefault(person, set()).update(nodes(about, "cq:representing"))

    def _hold(self, persons: Sequence[NamedNode], source: NamedNode, about: Known, when: Bounds | None) -> None:
        self._see(persons, when)
        for office in nodes(about, "cq:heldPost") if when else ():
            names = self._names(office)
            item = self._items.get(office.value, "")
            post = Post(office.value, names[0] if names else "", item, when, source.value) if when else None
            for person in persons:
                self._posts.setdefault(person, []).extend([post] if post else [])
                self._states.setdefault(person, set()).update(self._all_outer(office))

    def _see(self, persons: Sequence[NamedNode], when: Bounds | None) -> None:
        for person in persons if when else ():
            self._seen.setdefault(person, []).extend([when] if when else [])

    def _subject(self, thing: NamedNode) -> Subject:
        about = self._facts[thing]
        posts = sorted(self._posts.get(thing, ()), key=lambda post: (post.office, post.source))
        outer = self._all_outer(thing) | self._states.get(thing, set())
        states = {each for each in outer if kind(each.value) == "state"}
        return Subject(
            thing.value,
            self._names(thing),
            tuple(posts),
            tuple(self._seen.get(thing, ())),
            _birth(about),
            self._linked(states),
            self._linked(outer - states),
            self._linked(self._inner.get(thing, set())),
        )

    def _linked(self, things: Iterable[NamedNode]) -> frozenset[str]:
        return frozenset(self._items[each.value] for each in things if each.value in self._items)

    def _outer(self, thing: NamedNode) -> list[NamedNode]:
        return nodes(self._facts.get(thing, {}), "org:postIn", "geo:sfWithin", "org:subOrganizationOf")

    def _all_outer(self, thing: NamedNode) -> set[NamedNode]:
        """What a thing lies in or belongs to, and what that does."""
        found: set[NamedNode] = set()
        left = self._outer(thing)
        while left:
            if (each := left.pop()) not in found:
                found.add(each)
                left += self._outer(each)
        return found

    def _names(self, thing: NamedNode) -> tuple[str, ...]:
        about = self._facts.get(thing, {})
        labels = sorted(_texts(about, "skos:prefLabel"), key=lambda each: (each.language != "en", each.value))
        others = [*_texts(about, "skos:altLabel")]
        for node in follow(self._facts, [thing], "skosxl:altLabel"):
            others += _texts(self._facts.get(node, {}), "skosxl:literalForm")
        return tuple(dict.fromkeys(each.value for each in (*labels, *sorted(others, key=lambda each: each.value))))


def _texts(about: Known, name: str) -> Iterator[Literal]:
    return (each for each in about.get(term(name), ()) if isinstance(each, Literal))


def _bounds(about: Known) -> Bounds | None:
    """When something was; None where no day is known."""
    days = [day(about, name) for name in ("startEarliest", "startLatest", "endEarliest", "endLatest")]
    return Bounds(*(date.fromisoformat(each) if each else None for each in days)) if any(days) else None


def _birth(about: Known) -> Bounds | None:
    """The birth that an authority file gives (``schema:birthDate``, EDTF); raises :class:`graph.dates.DateError`."""
    return next((bounds(each.value) for each in _texts(about, "schema:birthDate")), None)
