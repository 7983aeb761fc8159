"""Candidates: the items that may be a thing of ours, found by their names and weighed by everything else.

The gate is hard: a fitting class, one independent fact that agrees (a state alone only under the whole name), and
nothing that contradicts. What does not pass
is shown with the reason, and is never proposed. No candidate is accepted here: a person judges.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from graph.wikidata.links import EXACT, Link
from graph.wikidata.model import Entity
from graph.wikidata.reconciliation.features import INDEPENDENT, Feature, features, in_words, named
from graph.wikidata.reconciliation.ground import ground_of
from graph.wikidata.reconciliation.index import NameIndex
from graph.wikidata.reconciliation.likeness import fold, likeness, word_by_word
from graph.wikidata.reconciliation.profiles import Profile, profiles
from graph.wikidata.reconciliation.subjects import Subject

LEAST_ALIKE: Final = 75.0
"""Below this, names are not taken for those of one thing. It only bounds the search: likeness decides nothing."""
MOST_CANDIDATES: Final = 5
_MOST_WEIGHED: Final = 40


@dataclass(frozen=True)
class Candidate:
    """An item that may be a thing of ours; ``alike`` says how alike the best two of their names are."""

    subject: Subject
    profile: Profile
    alike: float
    features: tuple[Feature, ...]

    @property
    def score(self) -> float:
        """The sum of all parts, 0 to 100, whether or not something contradicts."""
        return round(sum(each.part for each in self.features), 1)

    @cached_property
    def word_by_word(self) -> float:
        """How alike the least alike words of the best two names are: no name is taken for a part of the other."""
        return max((word_by_word(a, b) for a in self.subject.names for b in self.profile.names), default=0.0)

    @cached_property
    def agreements(self) -> tuple[Feature, ...]:
        """The independent facts that agree."""
        return tuple(each for each in self.features if each.name in INDEPENDENT and each.verdict == "agrees")

    @cached_property
    def contradictions(self) -> tuple[Feature, ...]:
        """What speaks against it: one is enough."""
        return tuple(each for each in self.features if each.verdict == "contradicts")

    @property
    def passes(self) -> bool:
        """Whether it passes the gate."""
        return not self.gate

    @cached_property
    def gate(self) -> tuple[str, ...]:
        """Why it does not pass the gate, in words; empty where it does."""
        missing = [each for each in self.features if each.name == "class" and each.verdict == "unknown"]
        return *map(in_words, (*self.contradictions, *missing)), *self._too_little()

    def _too_little(self) -> Iterator[str]:
        """What is missing among the agreements: many of one state have names that are alike."""
        agreed = {each.name for each in self.agreements}
        if not agreed:
            yield "no independent fact agrees"
        elif agreed == {"state"} and not self._has_whole_name:
            yield "only the state agrees, and not the whole name"

    @property
    def _has_whole_name(self) -> bool:
        """Whether a name is the same; the name of a person has two words or more, for one may be a surname."""
        shared = set(map(fold, self.subject.names)) & set(map(fold, self.profile.names))
        return any(shared) and (self.subject.kind != "person" or any(" " in each for each in shared))


class Reconciliation:
    """The items at hand, ready to be asked for those that may be a thing of ours."""

    def __init__(self, entities: Mapping[str, Entity], links: Iterable[Link] = ()) -> None:
        self.ground = ground_of(entities, links)
        self._profiles = profiles(entities)
        self._index = NameIndex((each.id, name) for each in self._profiles.values() for name in each.names)

    def candidates(self, subject: Subject, most: int = MOST_CANDIDATES) -> tuple[Candidate, ...]:
        """The items that may be this thing: those that pass the gate first, then by their score."""
        alike, same = self._index.near(subject.names, LEAST_ALIKE), self._index.exact(subject.names)
        nearest = sorted(alike, key=lambda item: (item not in same, -alike[item], item))[:_MOST_WEIGHED]
        found = [self._candidate(subject, item, alike[item], item in same) for item in nearest]
        return tuple(sorted(found, key=_order)[:most])

    def pair(self, subject: Subject, item: str) -> Candidate | None:
        """One item as a candidate, however its names are; None where nothing of it is at hand."""
        if item not in self._profiles:
            return None
        names = self._profiles[item].names
        alike = max((likeness(ours, theirs) for ours in subject.names for theirs in names), default=0.0)
        return self._candidate(subject, item, alike, item in self._index.exact(subject.names))

    def _candidate(self, subject: Subject, item: str, alike: float, same: bool) -> Candidate:
        profile = self._profiles[item]
        return Candidate(subject, profile, alike, (*named(alike, same), *features(subject, profile, self.ground)))


def open_subjects(subjects: Mapping[str, Subject], links: Iterable[Link]) -> list[Subject]:
    """The things that nobody has judged yet: neither linked as the same, nor found to have no item."""
    judged = decided(links)
    return [subject for iri, subject in subjects.items() if iri not in judged]


def decided(links: Iterable[Link]) -> dict[str, Link]:
    """What is judged of each thing, by its IRI: that it is the same as an item; else that there is none."""
    held = [*links]
    same = (link for link in held if link.status == "accepted" and link.predicate == EXACT)
    return {link.subject: link for link in (*(each for each in held if each.status == "no-item"), *same)}


def _order(candidate: Candidate) -> tuple[object, ...]:
    """A namesake that something contradicts is told before strangers: whoever judges wants to see the veto."""
    return not candidate.passes, -candidate.score, -candidate.alike, candidate.profile.id
