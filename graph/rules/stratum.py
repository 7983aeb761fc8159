"""Rules of one stratum, run to their fixpoint semi-naively: after the first round, only on what is new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Store, Triple

from graph.namespaces import cq
from graph.rules.applying import conclude
from graph.rules.delta import Delta
from graph.rules.facts import View, apart, main
from graph.rules.gaps import Gaps
from graph.rules.known import Known
from graph.rules.pattern import ANY
from graph.rules.rule import Rule
from graph.rules.strata import is_general


@dataclass(frozen=True)
class Stratum:
    """The rules that run together, the earlier ones that may conclude the same, and what they see.

    One stratum has no rules and reckons gaps instead.
    """

    rules: tuple[Rule, ...]
    earlier: tuple[Rule, ...]
    view: View
    gaps: Gaps | None = None


def strata_of(rules: Sequence[Rule], gaps: Gaps | None, store: Store) -> tuple[Stratum, ...]:
    """The strata of a set of rules over a store, in their order.

    Gaps are reckoned when all is known that they rest on: last, or before rules that are general.
    """
    found = []
    for number in sorted({rule.stratum for rule in rules}):
        here = tuple(rule for rule in rules if rule.stratum == number)
        found.append(Stratum(here, tuple(rule for rule in rules if rule.stratum < number), main(store)))
    closing = []
    if found and any(is_general(conclusion) for rule in found[-1].rules for conclusion in rule.head):
        closing = [Stratum(found.pop().rules, (), apart(store))]
    reckoning = [Stratum((), (), main(store), gaps)] if gaps else []
    return *found, *reckoning, *closing


def saturate(stratum: Stratum) -> set[Triple]:
    """All that the rules of a stratum conclude; it is put among the facts."""
    if stratum.gaps:
        series = {t.object for t in stratum.view.match(ANY, cq("inSeries"), ANY)}
        return follow(stratum, stratum.gaps.of_series(series, stratum.view.match))
    return follow(stratum, (t for rule in stratum.rules for t in conclude(stratum.view, rule)))


def follow(stratum: Stratum, found: Iterable[Triple]) -> set[Triple]:
    """Puts among the facts what was found and all that follows."""
    result: set[Triple] = set()
    new = {t for t in found if not stratum.view.knows(t)}
    while new:
        stratum.view.add(new)
        result |= new
        facts = Known(stratum.view)
        delta = Delta(new)
        seeds = ((rule, seed) for rule in stratum.rules for seed in facts.seeds(rule, delta.resting(rule, facts)))
        concluded = {t for rule, seed in seeds for t in conclude(stratum.view, rule, seed)}
        new = {t for t in concluded if not stratum.view.knows(t)}
    return result
