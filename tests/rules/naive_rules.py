"""The meaning of rules, as plainly as can be: every rule over all facts, again and again, stratum by stratum."""

from collections.abc import Iterable, Sequence

from pyoxigraph import Quad, QueryTriples, Store, Triple

from graph.rules import Rule


def naive(premises: Iterable[Triple], rules: Sequence[Rule]) -> set[Triple]:
    """What the rules conclude that is no premise, by their files' own text."""
    store = Store()
    given = set(premises)
    store.extend(Quad(*triple) for triple in given)
    for stratum in sorted({rule.stratum for rule in rules}):
        while True:
            before = len(store)
            for rule in rules:
                if rule.stratum == stratum:
                    found = store.query(rule.text)
                    assert isinstance(found, QueryTriples)
                    store.extend([Quad(*triple) for triple in found])
            if len(store) == before:
                break
    return {quad.triple for quad in store} - given
