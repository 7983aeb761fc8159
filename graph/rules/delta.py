"""Some triples that came or went, and the values from which rules that they touch may *start*."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Triple, Variable

from graph.rules.facts import Row
from graph.rules.known import Known, Names, Starts
from graph.rules.pattern import Pattern, Term
from graph.rules.rule import Rule


class Delta:
    """The triples, by what patterns ask for."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._of: dict[Term, list[Triple]] = defaultdict(list)
        self._of_value: dict[tuple[Term, object], list[Triple]] = defaultdict(list)
        self.add(triples)

    def add(self, triples: Iterable[Triple]) -> None:
        """Puts more triples to those that it has."""
        for triple in triples:
            self._of[triple.predicate].append(triple)
            self._of_value[triple.predicate, triple.object].append(triple)

    def resting(self, rule: Rule, facts: Known) -> Iterator[Starts]:
        """Of the instances of a rule whose bodies have one of the triples."""
        for pattern in rule.body:
            yield self._starts(pattern, rule.body, facts)

    def barred(self, rule: Rule, facts: Known) -> Iterator[Starts]:
        """Of the instances of a rule for which a NOT EXISTS may have a match with one of the triples."""
        body = frozenset(rule.variables_of_body)
        for number, block in enumerate(rule.absent):
            shared = body.intersection(*[{name for pattern in block for name in pattern.variables}])
            for pattern in block:
                if shared <= pattern.variables:
                    yield self._starts(pattern, block, facts, tuple(sorted(shared)))
                else:
                    yield facts.barred(rule, number, self._starts(pattern, block, facts))

    def concluding(self, rule: Rule, facts: Known) -> Iterator[Starts]:
        """Of the instances of a rule that may conclude one of the triples.

        What a rule mints is no start; its key, which stands in the same head, is looked up among the facts.
        """
        keyed: dict[Names, set[Row]] = defaultdict(set)
        for pattern in rule.head:
            names = tuple(sorted(pattern.variables & rule.subjects_minted))
            if names:
                keyed[names] |= self._starts(pattern, (), facts, names)[1]
            else:
                yield self._starts(pattern, (), facts, tuple(sorted(pattern.variables - rule.minted)))
        for names, rows in keyed.items():
            beside = tuple(pattern for pattern in rule.head if not pattern.variables.isdisjoint(names))
            keys = {name for pattern in beside for name in pattern.variables} - rule.minted
            if rows:
                yield facts.extended((names, rows), beside, tuple(sorted(keys)))

    def _starts(
        self, pattern: Pattern, others: tuple[Pattern, ...], facts: Known, names: Names | None = None
    ) -> Starts:
        """The values of some of a pattern's variables, or of all, where it is one of the triples."""
        if names is None:
            names = tuple(sorted(pattern.variables))
        if isinstance(pattern.predicate, Variable):
            return names, set(pattern.rows(self._open(pattern.predicate.value, others, facts), names))
        if isinstance(pattern.object, Variable):
            found = self._of.get(pattern.predicate)
        else:
            found = self._of_value.get((pattern.predicate, pattern.object))
        return names, set(pattern.rows(found, names)) if found else set()

    def _open(self, predicate: str, others: tuple[Pattern, ...], facts: Known) -> Iterator[Triple]:
        """The triples of those predicates for which the other patterns may have a match."""
        for each, triples in self._of.items():
            if facts.may_match(others, (predicate,), (each,)):
                yield from triples
