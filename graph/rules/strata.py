"""Whether rules go together: each stratum needs the former ones only, and no minted IRI is minted from again.

A conclusion *feeds* a pattern if some triple may be both. What a rule mints as a subject stands in no premise; so it
comes to a variable only if it can come to every place where that variable stands. This is joint acyclicity (Krötzsch
and Rudolph, "Extending Decidable Existential Rules by Joining Acyclicity and Guardedness", IJCAI 2011), and it
ends every fixpoint.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import Variable

from graph.namespaces import term
from graph.rules.pattern import Pattern, Slot
from graph.rules.rule import Rule, RuleError

TYPE = term("rdf:type")

Minted = tuple[str, str]
"""A rule's name, and a variable that it computes."""


@dataclass(frozen=True)
class Need:
    """Patterns that a rule matches together: its body, or its body and what one NOT EXISTS asks for."""

    rule: Rule
    block: int | None

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """All of them, those of the body first."""
        return self.rule.body + (() if self.block is None else self.rule.absent[self.block])


@dataclass(frozen=True)
class Feed:
    """That a conclusion may be what a pattern asks for."""

    giver: Rule
    conclusion: Pattern
    need: Need
    place: int

    @property
    def pattern(self) -> Pattern:
        """The pattern that is fed."""
        return self.need.patterns[self.place]

    @property
    def of_absence(self) -> bool:
        """Whether it is absence that the pattern asks for."""
        return self.place >= len(self.need.rule.body)


def check_strata(rules: Sequence[Rule]) -> None:
    """Refuses rules that need or exclude what is only concluded later, or mint without end; raises RuleError."""
    feeds, reach = feeding(rules)
    for feed in feeds:
        giver, taker = feed.giver, feed.need.rule
        if giver.stratum >= taker.stratum + (not feed.of_absence):
            what = "asks for the absence of" if feed.of_absence else "needs"
            raise RuleError(
                f"{taker.name}.rq: stratum {taker.stratum} {what} `{feed.pattern}`, which {giver.name}.rq concludes "
                f"in stratum {giver.stratum}; give {taker.name}.rq a later stratum"
            )
    for rule in rules:
        for name in sorted(rule.minted):
            if (rule.name, name) in _ancestors((rule.name, name), rules, reach):
                raise RuleError(f"{rule.name}.rq: ?{name} is minted from what is minted from it, without end")


def is_general(conclusion: Pattern) -> bool:
    """Whether data alone decide of what class or property a conclusion is."""
    return isinstance(conclusion.predicate, Variable) or (
        conclusion.predicate == TYPE and isinstance(conclusion.object, Variable)
    )


Reach = dict[tuple[Need, str], frozenset[Minted]]
"""What minted values may come to a variable of a need."""


def feeding(rules: Sequence[Rule]) -> tuple[list[Feed], Reach]:
    """Which conclusions feed which patterns, and what minted values come where."""
    last = max((rule.stratum for rule in rules), default=0)
    needs = [Need(rule, block) for rule in rules for block in (None, *range(len(rule.absent)))]
    giving = _giving(rules)
    feeds = [
        Feed(giver, conclusion, need, place)
        for need in needs
        for place, pattern in enumerate(need.patterns)
        for giver, conclusion in giving(pattern)
        if not (is_general(conclusion) and giver.stratum == last > need.rule.stratum)
        and all(
            isinstance(a, Variable) or isinstance(b, Variable) or a == b
            for a, b in zip(conclusion, pattern, strict=True)
        )
    ]
    places = {(need, name): [*_occurrences(need, name)] for need in needs for name in _variables(need)}
    while True:
        reach = _reach(places, feeds)
        possible = [feed for feed in feeds if _is_possible(feed, reach)]
        if len(possible) == len(feeds):
            return feeds, reach
        feeds = possible


def _giving(rules: Sequence[Rule]) -> Callable[[Pattern], Iterable[tuple[Rule, Pattern]]]:
    """Tells which conclusions, and of which rules, may have the predicate of a pattern."""
    every = [(rule, each) for rule in rules for each in rule.head]
    by_predicate: dict[Slot, list[tuple[Rule, Pattern]]] = defaultdict(list)
    for rule, each in every:
        by_predicate[each.predicate].append((rule, each))
    open_ = [found for slot, held in by_predicate.items() if isinstance(slot, Variable) for found in held]

    def giving(pattern: Pattern) -> Iterable[tuple[Rule, Pattern]]:
        slot = pattern.predicate
        return every if isinstance(slot, Variable) else chain(by_predicate.get(slot, ()), open_)

    return giving


def _is_possible(feed: Feed, reach: Reach) -> bool:
    """Whether an IRI that the conclusion mints as its subject comes to the pattern's variable."""
    given, taken = feed.conclusion.subject, feed.pattern.subject
    if not isinstance(given, Variable) or given.value not in feed.giver.minted or not isinstance(taken, Variable):
        return True
    return (feed.giver.name, given.value) in reach[feed.need, taken.value]


def _reach(places: Mapping[tuple[Need, str], Sequence[tuple[int, int]]], feeds: Sequence[Feed]) -> Reach:
    """What comes to each variable, which stands at ``places``."""
    fed: dict[tuple[Need, int], list[Feed]] = defaultdict(list)
    for feed in feeds:
        fed[feed.need, feed.place].append(feed)
    reach: Reach = defaultdict(frozenset)
    while True:
        found = {
            (need, name): frozenset.intersection(
                *(
                    frozenset(one for feed in fed[need, place] for one in _carried(feed, at, reach))
                    for place, at in held
                )
            )
            for (need, name), held in places.items()
        }
        if found == reach:
            return found
        reach = found


def _variables(need: Need) -> set[str]:
    return {name for pattern in need.patterns for name in pattern.variables}


def _occurrences(need: Need, name: str) -> Iterator[tuple[int, int]]:
    """Where a variable stands: the pattern's number, and its place there."""
    for place, pattern in enumerate(need.patterns):
        yield from ((place, at) for at, slot in enumerate(pattern) if slot == Variable(name))


def _carried(feed: Feed, at: int, reach: Reach) -> frozenset[Minted]:
    """The minted values that a conclusion may have at a place."""
    slot = tuple(feed.conclusion)[at]
    if not isinstance(slot, Variable):
        return frozenset()
    if slot.value in feed.giver.minted:
        return frozenset({(feed.giver.name, slot.value)})
    return reach.get((Need(feed.giver, None), slot.value), frozenset())


def _ancestors(minted: Minted, rules: Sequence[Rule], reach: Reach) -> set[Minted]:
    """All minted values from which one is minted, step by step."""
    named = {rule.name: rule for rule in rules}
    found: set[Minted] = set()
    waiting = [minted]
    while waiting:
        rule = named[waiting[-1][0]]
        name = waiting.pop()[1]
        new = {one for key in rule.keys[name] for one in reach[Need(rule, None), key]} - found
        found |= new
        waiting += new
    return found
