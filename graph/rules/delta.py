"""Some triples that came or went, and where queries of rules that they touch begin.

Each pattern that a triple matches gives values of its variables to *start* from. A start that has all the values of
another finds nothing more, and one for which some pattern of the rule's body has no match finds nothing: only the
others go into a query, all those of a rule together.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from pyoxigraph import BlankNode, NamedNode, Triple, Variable

from graph.rules.applying import Seed, values
from graph.rules.facts import Row, View
from graph.rules.pattern import Pattern, Slot, Term
from graph.rules.rule import Rule

Names = tuple[str, ...]
Starts = tuple[Names, set[Row]]
"""Values of some variables."""


class Delta:
    """The triples, by what patterns ask for."""

    def __init__(self, facts: "Known", triples: Iterable[Triple]) -> None:
        self._facts = facts
        self._of: dict[NamedNode, list[Triple]] = defaultdict(list)
        self._of_value: dict[tuple[NamedNode, object], list[Triple]] = defaultdict(list)
        for triple in triples:
            self._of[triple.predicate].append(triple)
            self._of_value[triple.predicate, triple.object].append(triple)

    def resting(self, rule: Rule) -> Iterator[Starts]:
        """Of the instances of a rule whose bodies have one of the triples."""
        for pattern in rule.body:
            yield self._starts(pattern, rule.body)

    def barred(self, rule: Rule) -> Iterator[Starts]:
        """Of the instances of a rule for which a NOT EXISTS may have a match with one of the triples."""
        for block in rule.absent:
            for pattern in block:
                names, rows = self._starts(pattern, block)
                shared = tuple(sorted(frozenset(rule.variables_of_body).intersection(*_linked(block, names))))
                if rows:
                    yield shared, self._facts.extended(names, rows, block, shared)

    def concluding(self, rule: Rule) -> Iterator[Starts]:
        """Of the instances of a rule that may conclude one of the triples.

        What a rule mints is no start; its key, which stands in the same head, is looked up among the facts.
        """
        keyed: dict[Names, set[Row]] = defaultdict(set)
        for pattern in rule.head:
            names = tuple(sorted(pattern.variables & rule.subjects_minted))
            if names:
                keyed[names] |= self._starts(pattern, (), names)[1]
            else:
                yield self._starts(pattern, (), tuple(sorted(pattern.variables - rule.minted)))
        for names, rows in keyed.items():
            beside = [pattern for pattern in rule.head if not pattern.variables.isdisjoint(names)]
            keys = tuple(sorted({name for pattern in beside for name in pattern.variables} - rule.minted))
            if rows:
                yield keys, self._facts.extended(names, rows, beside, keys)

    def _starts(self, pattern: Pattern, others: tuple[Pattern, ...], names: Names = ()) -> Starts:
        """The values of a pattern's variables where it is one of the triples."""
        names = names or tuple(sorted(pattern.variables))
        found = (pattern.match(triple) for triple in self._matching(pattern, others))
        return names, {tuple(bindings[name] for name in names) for bindings in found if bindings is not None}

    def _matching(self, pattern: Pattern, others: tuple[Pattern, ...]) -> Sequence[Triple]:
        """The triples of its predicate and object; if that is open, those of which others may have a match."""
        if isinstance(pattern.predicate, Variable):
            name = (pattern.predicate.value,)
            return [t for each, held in self._of.items() if self._facts.may_match(others, name, (each,)) for t in held]
        if isinstance(pattern.object, Variable):
            return self._of.get(pattern.predicate, ())
        return self._of_value.get((pattern.predicate, pattern.object), ())
