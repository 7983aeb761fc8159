"""Supports: of a graph of derivations, the minimal sets of stated triples from which each conclusion follows.

What is made are antichains of sets (no set contains another), to a fixpoint, as the polynomials of provenance
semirings are where idempotence and absorption hold (Green, Karvounarakis and Tannen, PODS 2007: PosBool). Eight steps
of containment have over a hundred trees and one set. Each set keeps the first derivation that gave it, made of sets
found before; so no conclusion is among its own premises, and the derivations of one set unfold to a finite tree.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Triple

from graph.proofs.model import Leaf, Proof, Step
from graph.proofs.search import Derivation, Found

Support = frozenset[Triple]


@dataclass(frozen=True, eq=False)
class Entry:
    """A support of a triple, with the derivation that gave it and the entries of its premises; none for a leaf.

    It can be built on from its stratum on: a rule never sees what a rule of a later stratum concludes.
    """

    triple: Triple
    support: Support
    derivation: Derivation | None = None
    premises: "tuple[Entry, ...]" = ()

    @property
    def stratum(self) -> int:
        """That of the rule that concludes it; 0 for a leaf."""
        return self.derivation.stratum if self.derivation else 0

    def is_better(self, other: "Entry") -> bool:
        """Whether nothing that rests on the other would not rest on this one as well, and on less."""
        return self.support <= other.support and self.stratum <= other.stratum

    @cached_property
    def rank(self) -> tuple[int, list[str]]:
        """Smaller supports first, then in the order of their triples."""
        return len(self.support), sorted(map(str, self.support))


class Supports:
    """The minimal supports of every triple that a search found, at most ``most`` of each."""

    def __init__(self, found: Found, most: int) -> None:
        self._found = found
        self._most = most
        self._entries: dict[Triple, list[Entry]] = defaultdict(list)
        self.cut = False
        self._close()

    def of(self, triple: Triple) -> tuple[Entry, ...]:
        """The entries of a triple, itself as it is stated among them, the smallest first."""
        stated = [self._leaf(triple)] if self._found.is_stated(triple) else []
        found: list[Entry] = []
        for entry in [*stated, *self._entries[triple]]:
            if not any(other.support <= entry.support for other in found):
                found.append(entry)
        return tuple(found[: self._most])

    def _close(self) -> None:
        """Apply derivations until nothing new follows; one is applied again when a premise of it has changed."""
        using: dict[Triple, list[Derivation]] = defaultdict(list)
        waiting = deque(each for triple in sorted(self._found.derivations, key=str) for each in self._of(triple))
        for derivation in waiting:
            for premise in derivation.premises:
                using[premise].append(derivation)
        queued = set(map(id, waiting))
        while waiting:
            derivation = waiting.popleft()
            queued.discard(id(derivation))
            if self._apply(derivation):
                again = [each for each in using[derivation.conclusion] if id(each) not in queued]
                waiting.extend(again)
                queued.update(map(id, again))

    def _of(self, triple: Triple) -> list[Derivation]:
        return sorted(self._found.derivations[triple], key=lambda each: (each.rule, list(map(str, each.premises))))

    def _apply(self, derivation: Derivation) -> bool:
        """Whether the derivation changed the supports of its conclusion."""
        combined = [Entry(derivation.conclusion, frozenset(), derivation)]
        for premise in derivation.premises:
            options = self._options(premise, derivation)
            combined = self._least(
                Entry(held.triple, held.support | option.support, derivation, (*held.premises, option))
                for held in combined
                for option in options
            )
        held = self._entries[derivation.conclusion]
        kept = self._least([*held, *(each for each in combined if derivation.conclusion not in each.support)])
        self._entries[derivation.conclusion] = kept
        return kept != held

    def _options(self, premise: Triple, derivation: Derivation) -> list[Entry]:
        """A premise as it is stated, or its own supports; where it is stated, these are not smaller."""
        stated = [self._leaf(premise)] if premise in derivation.stated else []
        return [*stated, *(each for each in self._entries[premise] if each.stratum <= derivation.stratum)]

    def _leaf(self, triple: Triple) -> Entry:
        return Entry(triple, frozenset({triple}))

    def _least(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries than which none is better; the first of those that are alike."""
        ranked = sorted(entries, key=lambda entry: entry.rank)
        kept: list[Entry] = []
        for entry in ranked:
            if not any(other.is_better(entry) for other in kept):
                kept.append(entry)
        self.cut = self.cut or len(kept) > self._most
        return kept[: self._most]


def tree(entry: Entry, leaves: Mapping[Triple, Leaf]) -> Proof:
    """The proof of an entry, with the leaves given; parts that it uses twice are the same object."""
    made: dict[int, Proof] = {}

    def proof(of: Entry) -> Proof:
        if id(of) not in made:
            made[id(of)] = leaves[of.triple] if of.derivation is None else step(of, of.derivation)
        return made[id(of)]

    def step(of: Entry, derivation: Derivation) -> Step:
        return Step(of.triple, derivation.rule, tuple(map(proof, of.premises)), derivation.absent)

    return proof(entry)
