"""One rule applied: all that it concludes, or what it concludes where its group begins with a *seed*.

Where absence is asked for, the instances of the positive part are found first, and those for which a NOT EXISTS has a
match are then taken away: Oxigraph needs minutes for some a NOT EXISTS, and milliseconds for either join.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import Triple

from graph.rules.facts import Row, View
from graph.rules.rule import Rule

Seed = str
"""SPARQL put first into a rule's group: VALUES of some of its variables, or nothing."""

FEW = 2000


def conclude(view: View, rule: Rule, seed: Seed = "") -> set[Triple]:
    """What a rule concludes from the facts."""
    if not rule.absent:
        return view.triples(rule.seeded(seed))
    rows = view.rows(rule.positive(seed))
    for block in range(len(rule.absent)):
        if rows:
            rows -= _met(view, rule, seed, block, rows)
    return filled(rule, rows)


def suppose(view: View, rule: Rule, seed: Seed) -> set[Triple]:
    """What a rule would conclude if it asked for the absence of nothing."""
    return filled(rule, view.rows(rule.positive(seed)))


def filled(rule: Rule, rows: Iterable[Row]) -> set[Triple]:
    """The conclusions under these bindings of the rule's variables."""
    found: set[Triple] = set()
    for row in rows:
        bindings = {name: term for name, term in zip(rule.variables, row, strict=True) if term is not None}
        found.update(triple for pattern in rule.head if (triple := pattern.fill(bindings)))
    return found


def of_body(rule: Rule, rows: Iterable[Row]) -> set[Row]:
    """The values of the body's variables, out of those of all variables of the rule."""
    places = [rule.variables.index(name) for name in rule.variables_of_body]
    return {tuple(row[place] for place in places) for row in rows}


def values(names: Iterable[str], rows: Iterable[Row]) -> Iterator[Seed]:
    """VALUES blocks of rows, each of a size that is read quickly."""
    held, variables = list(rows), " ".join(f"?{name}" for name in names)
    for start in range(0, len(held), FEW):
        body = " ".join(f"({' '.join(map(str, row))})" for row in held[start : start + FEW])
        yield f"VALUES ({variables}) {{ {body} }}"


def _met(view: View, rule: Rule, seed: Seed, block: int, rows: set[Row]) -> set[Row]:
    """Those of the solutions for which a NOT EXISTS has a match, and perhaps others."""
    if len(rows) > FEW:
        return view.rows(rule.positive(seed, block))
    seeds = values(rule.variables_of_body, of_body(rule, rows))
    return {row for each in seeds for row in view.rows(rule.tested(each, block))}
