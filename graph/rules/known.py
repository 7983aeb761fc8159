"""Where the query of a rule may start, as seeds of it: values of some of its variables.

A start that has all the values of another finds nothing more, and one with which some pattern of the rule's body has
no match finds nothing; only the others go into the query.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from pyoxigraph import Variable

from graph.rules.applying import Seed, of_body, values
from graph.rules.facts import Row, View
from graph.rules.pattern import Pattern, Slot, Term
from graph.rules.rule import Rule

Names = tuple[str, ...]
Starts = tuple[Names, set[Row]]
"""Some variables, and rows of their values."""
Test = tuple[Term | int | None, ...]
"""A triple that is asked for: at each place a term, or the place of one in a row, or anything."""


class Known:
    """The facts of a view that does not change meanwhile; what was asked of them once is not asked again."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._asked: dict[tuple[Term | None, ...], bool] = {}

    def seeds(self, rule: Rule, *given: Iterable[Starts]) -> Iterator[Seed]:
        """Seeds of a rule for all instances of its body that begin in one of the starts."""
        merged: dict[Names, set[Row]] = defaultdict(set)
        for names, rows in (each for starts in given for each in starts):
            merged[names] |= rows
        for names in sorted(merged, key=len):
            rows = merged[names]
            for fewer, before in merged.items():
                if rows and before and set(fewer) < set(names):
                    places = [names.index(name) for name in fewer]
                    rows = {row for row in rows if tuple(row[place] for place in places) not in before}
            if rows:
                yield from values(names, [row for row in rows if self.may_match(rule.body, names, row)])

    def barred(self, rule: Rule, block: int, starts: Starts) -> Starts:
        """The values of a body's variables in the instances for which a NOT EXISTS has a match that begins there."""
        seeds = values(starts[0], self._possible(rule.absent[block] + rule.body, starts))
        rows = {row for seed in seeds for row in self.view.rows(rule.positive(seed, block))}
        return rule.variables_of_body, of_body(rule, rows)

    def extended(self, starts: Starts, patterns: Iterable[Pattern], names: Names) -> Starts:
        """The values of some variables in all matches of the patterns that begin in one of the starts."""
        what, group = " ".join(f"?{name}" for name in names), " . ".join(map(str, patterns))
        queries = (f"SELECT DISTINCT {what} WHERE {{ {seed} {group} }}" for seed in values(*starts))
        return names, {row for query in queries for row in self.view.rows(query)}

    def _possible(self, patterns: tuple[Pattern, ...], starts: Starts) -> list[Row]:
        return [row for row in starts[1] if self.may_match(patterns, starts[0], row)]

    def may_match(self, patterns: tuple[Pattern, ...], names: Names, row: Row) -> bool:
        """Whether each of the patterns has by itself a match in which the variables have the values of a row."""
        for test in _tests(patterns, names):
            asked = tuple(row[slot] if isinstance(slot, int) else slot for slot in test)
            known = self._asked.get(asked)
            if known is None:
                known = self._asked[asked] = self.view.has(*asked)
            if not known:
                return False
        return True


@cache
def _tests(patterns: tuple[Pattern, ...], names: Names) -> list[Test]:
    """What must be there, first what leaves least open."""
    touched = (pattern for pattern in patterns if not pattern.variables.isdisjoint(names))
    tests = {tuple(_place(slot, names) for slot in pattern) for pattern in touched}
    return sorted(tests, key=lambda test: (test.count(None), isinstance(test[2], int), str(test)))


def _place(slot: Slot, names: Names) -> Term | int | None:
    if not isinstance(slot, Variable):
        return slot
    return names.index(slot.value) if slot.value in names else None
