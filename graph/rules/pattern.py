"""Triple patterns: what a rule asks for and what it concludes, triple by triple."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

Term = NamedNode | Literal
"""A constant."""
Slot = NamedNode | Literal | Variable
"""What stands at one place of a pattern."""


def as_term(found: object) -> Term:
    """What stands in a triple, where data have neither blank nodes nor triples in triples."""
    return cast(Term, found)


_BLANK = frozenset({BlankNode, Triple})


@dataclass(frozen=True)
class Pattern:
    """A triple with variables at some of its places."""

    subject: Slot
    predicate: Slot
    object: Slot

    def __iter__(self) -> Iterator[Slot]:
        return iter((self.subject, self.predicate, self.object))

    def __str__(self) -> str:
        """The pattern in SPARQL, without the full stop."""
        return f"{self.subject} {self.predicate} {self.object}"

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names of its variables."""
        return frozenset(slot.value for slot in self if isinstance(slot, Variable))

    def match(self, triple: Triple) -> dict[str, Term] | None:
        """The bindings under which the pattern is this triple; None if there are none, or at a blank node."""
        found: dict[str, Term] = {}
        for slot, term in zip(self, triple, strict=True):
            if isinstance(term, BlankNode | Triple):
                return None
            if (found.setdefault(slot.value, term) if isinstance(slot, Variable) else slot) != term:
                return None
        return found

    def rows(self, triples: Iterable[Triple], names: Sequence[str]) -> Iterator[tuple[Term, ...]]:
        """The values of some of its variables where it is one of the triples."""
        slots = tuple(self)
        fixed = {place: slot for place, slot in enumerate(slots) if not isinstance(slot, Variable)}
        alike = [(slots.index(slot), place) for place, slot in enumerate(slots) if slots.index(slot) != place]
        places = [slots.index(Variable(name)) for name in names]
        for triple in triples:
            terms = triple.subject, triple.predicate, triple.object
            for place, slot in fixed.items():
                if terms[place] != slot:
                    break
            else:
                row = tuple([as_term(terms[place]) for place in places])
                if not any(terms[a] != terms[b] for a, b in alike) and not _BLANK.intersection(map(type, row)):
                    yield row

    def fill(self, bindings: Mapping[str, Term]) -> Triple | None:
        """The triple under these bindings; None if a variable is unbound, or a literal would not be an object."""
        subject, predicate, value = (bindings.get(s.value) if isinstance(s, Variable) else s for s in self)
        if value is None or not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode):
            return None
        return Triple(subject, predicate, value)


TriplesOf = Callable[[Slot, Slot, Slot], Iterable[Triple]]
"""The facts of a pattern, in which a variable stands for anything."""
ANY = Variable("any")
