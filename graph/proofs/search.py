"""The search: from triples down to what is stated, one level of rule applications after the other.

Each level matches the conclusions still to be proved with the heads of the rules, asks the bodies of those rules
over the engine with the bindings as VALUES (one query for a rule, however many conclusions), and looks up where the
triples of the rows stand. The outcome is a graph of derivations; supports are made of it afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from pyoxigraph import NamedNode, Triple

from graph.namespaces import GRAPH_ENTAILED
from graph.proofs.asking import Asking, ExhaustedError
from graph.proofs.bodies import Bindings, Body, bindings_of
from graph.proofs.grounds import standings
from graph.proofs.model import Absence, Bound, Standing
from graph.rules import Pattern, Rule, Term
from graph.rules.computed import Computed, OuterBounds

AT_ONCE: Final = 200
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Derivation:
    """One application of a rule. ``stated`` are those of its premises that it may take as they are stated.

    Its other premises need derivations of their own, or there is no proof by it.
    """

    conclusion: Triple
    rule: str
    stratum: int
    premises: tuple[Triple, ...]
    absent: tuple[Absence, ...]
    stated: frozenset[Triple]


@dataclass
class Found:
    """What a search found: where triples stand, derivations by conclusion, and by which bounds it was cut."""

    places: dict[Triple, tuple[Standing, bool]] = field(default_factory=dict)
    derivations: dict[Triple, list[Derivation]] = field(default_factory=lambda: defaultdict(list))
    cut: set[str] = field(default_factory=set)

    def is_premise(self, triple: Triple) -> bool:
        """Whether rules may build on it as it is stated."""
        return triple in self.places and self.places[triple][0] == "premise"

    def is_stated(self, triple: Triple) -> bool:
        """Whether it is in the merged view because something states it."""
        return triple in self.places and self.places[triple][0] in ("premise", "admitted")

    def is_entailed(self, triple: Triple) -> bool:
        """Whether the rules conclude it."""
        return triple in self.places and self.places[triple][1]

    def holds(self, triple: Triple) -> bool:
        """Whether a rule sees it."""
        return self.is_premise(triple) or self.is_entailed(triple)


@dataclass(frozen=True)
class _Instance:
    """A row of a rule's body, with what its filters NOT EXISTS found: the triples of each match."""

    body: Body
    bindings: Bindings
    blockers: list[tuple[Triple, ...]] = field(default_factory=list)

    def premises(self) -> tuple[Triple, ...]:
        filled = (pattern.fill(self.bindings) for pattern in self.body.rule.body)
        return tuple(dict.fromkeys(triple for triple in filled if triple is not None))

    def conclusions(self) -> Iterator[Triple]:
        return (t for t in (pattern.fill(self.bindings) for pattern in self.body.rule.head) if t is not None)


class Search:
    """A search over one engine, with the rules given, within a bound."""

    def __init__(self, asking: Asking, bound: Bound, rules: Iterable[Rule], computed: Iterable[Computed]) -> None:
        self._asking = asking
        self._bound = bound
        self._bodies = tuple(map(Body, rules))
        self._axiomatic = frozenset(body.rule.name for body in self._bodies if body.axioms)
        self._last = max((body.rule.stratum for body in self._bodies), default=0)
        self._computed = tuple(computed)
        self._found = Found()

    def run(self, triples: Iterable[Triple]) -> Found:
        """Every derivation of the triples, and of what these rest on, as far as the bound allows."""
        try:
            wanted = list(dict.fromkeys(triples))
            self._look_up(wanted)
            self._descend(wanted)
        except ExhaustedError as error:
            self._found.cut.add(str(error))
        return self._found

    def _descend(self, wanted: Sequence[Triple]) -> None:
        expanded: set[Triple] = set()
        for _ in range(self._bound.depth):
            frontier = [t for t in dict.fromkeys(wanted) if t not in expanded and self._may_follow(t)]
            room = self._bound.triples - len(expanded)
            if len(frontier) > room:
                self._found.cut.add("triples")
            if not frontier[:room]:
                return
            expanded.update(frontier[:room])
            wanted = self._level(frontier[:room])
        self._found.cut.add("depth")

    def _may_follow(self, triple: Triple) -> bool:
        """Whether a rule may conclude it. What is stated is not proved again from axioms, only by other rules.

        That Japan is a state stands in the authority file; each of all sentences in which it takes part would prove
        it once more, by the range of a property.
        """
        return self._found.is_entailed(triple) or (
            self._found.is_premise(triple)
            and any(body.may_conclude(triple) for body in self._bodies if not body.axioms)
        )

    def _level(self, frontier: Sequence[Triple]) -> list[Triple]:
        """Derive the conclusions of a level; the triples that its derivations rest on."""
        instances = list(self._instances(frontier))
        for body in self._bodies:
            self._find_blockers([instance for instance in instances if instance.body is body])
        matched = [t for each in instances for match in each.blockers for t in match]
        self._look_up([*matched, *(t for each in instances for t in each.premises())])
        made = list(self._applied(instances, set(frontier)))
        ruled = {derivation.conclusion for derivation in made if derivation.rule not in self._axiomatic}
        made += self._reckoned([t for t in frontier if t not in ruled and self._found.is_entailed(t)])
        for derivation in made:
            self._found.derivations[derivation.conclusion].append(derivation)
        return [premise for derivation in made for premise in derivation.premises]

    def _look_up(self, triples: Iterable[Triple]) -> None:
        unknown = [t for t in dict.fromkeys(triples) if t not in self._found.places]
        self._found.places |= dict.fromkeys(unknown, ("none", False)) | standings(self._asking, unknown)

    def _instances(self, frontier: Sequence[Triple]) -> Iterator[_Instance]:
        about = self._minted(frontier)
        for body in self._bodies:
            seeds: dict[tuple[str, ...], dict[tuple[str, ...], Bindings]] = defaultdict(dict)
            for seed in (seed for triple in self._by(body, frontier) for seed in _seeds(body, triple, about)):
                names = tuple(sorted(seed))
                seeds[names][tuple(str(seed[name]) for name in names)] = seed
            for held in seeds.values():
                yield from self._asked(body, list(held.values()))

    def _by(self, body: Body, frontier: Sequence[Triple]) -> Iterable[Triple]:
        return filter(self._found.is_entailed, frontier) if body.axioms else frontier

    def _minted(self, frontier: Sequence[Triple]) -> Mapping[Term, list[Triple]]:
        """What is inferred about each resource that a rule minted for a conclusion: it has the key."""
        nodes = {
            term
            for body in self._bodies
            for pattern in body.rule.head
            for bound in (found for found in map(pattern.match, frontier) if found)
            for name in body.rule.minted & bound.keys()
            if isinstance(term := bound[name], NamedNode)
        }
        about: dict[Term, list[Triple]] = defaultdict(list)
        for some in _parts(sorted(nodes, key=str)):
            given = " ".join(map(str, some))
            query = f"SELECT ?s ?p ?o {{ VALUES ?s {{ {given} }} GRAPH {GRAPH_ENTAILED} {{ ?s ?p ?o }} }}"
            for s, p, o in self._asking.select(query).rows:
                if isinstance(s, NamedNode) and isinstance(p, NamedNode) and o is not None:
                    about[s].append(Triple(s, p, o))
        return about

    def _asked(self, body: Body, seeds: Sequence[Bindings]) -> Iterator[_Instance]:
        for some in _parts(seeds):
            most = self._bound.rows * len(some)
            solutions = self._asking.select(body.instances(some, most + 1))
            if len(solutions.rows) > most:
                self._found.cut.add("rows")
            for row in solutions.rows[:most]:
                bindings = bindings_of(solutions.variables, row)
                if bindings is not None:
                    yield _Instance(body, bindings)

    def _find_blockers(self, instances: Sequence[_Instance]) -> None:
        """What each filter NOT EXISTS finds in the merged view: it blocks only if a rule sees all of it."""
        for some in _parts(instances):
            for number, block in enumerate(some[0].body.rule.absent):
                most = self._bound.rows * len(some)
                query = some[0].body.blockers(number, [instance.bindings for instance in some], most + 1)
                solutions = self._asking.select(query)
                if len(solutions.rows) > most:
                    raise ExhaustedError("rows")
                for row in solutions.rows:
                    held = bindings_of(solutions.variables, row) or {}
                    triples = tuple(t for t in (pattern.fill(held) for pattern in block) if t is not None)
                    some[int(held["row"].value)].blockers.append(triples)

    def _applied(self, instances: Iterable[_Instance], frontier: set[Triple]) -> Iterator[Derivation]:
        for each in instances:
            premises = each.premises()
            if any(all(map(self._found.holds, match)) for match in each.blockers):
                continue
            rule, stated = each.body.rule, frozenset(filter(self._found.is_premise, premises))
            absent = each.body.absences(each.bindings, self._asking.version)
            for conclusion in frontier.intersection(each.conclusions()).difference(premises):
                yield Derivation(conclusion, rule.name, rule.stratum, premises, absent, stated)

    def _reckoned(self, triples: Iterable[Triple]) -> list[Derivation]:
        """Derivations of what no rule concludes but a computed one may.

        The outer bounds of a plan rest on what is only admitted; other computed rules see what rules see.
        """
        found = [
            (each, triple, premises)
            for triple in triples
            for each in self._computed
            for premises in each.premises_of(
                triple, self._asking.merged if isinstance(each, OuterBounds) else self._asking.seen
            )
        ]
        self._look_up(t for *_, premises in found for t in premises)
        return [self._computed_derivation(*each) for each in found]

    def _computed_derivation(self, computed: Computed, triple: Triple, premises: frozenset[Triple]) -> Derivation:
        stated = frozenset(filter(self._found.is_stated, premises))
        return Derivation(triple, computed.name, self._last, tuple(sorted(premises, key=str)), (), stated)


def _parts(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def _seeds(body: Body, triple: Triple, about: Mapping[Term, list[Triple]]) -> Iterator[Bindings]:
    """The bindings under which a rule may conclude a triple: those of its head, and the key of what it minted."""
    for pattern in body.rule.head:
        bound = pattern.match(triple)
        if bound is not None:
            for seed in _with_key(body.rule, bound, about):
                yield {name: term for name, term in seed.items() if name in body.given}


def _with_key(rule: Rule, bound: Bindings, about: Mapping[Term, list[Triple]]) -> Iterable[Bindings]:
    minted = {name for name in rule.minted & bound.keys() if bound[name] in about}
    seeds: list[Bindings] = [bound]
    for pattern in rule.head if minted else ():
        if pattern.variables & minted:
            seeds = [seed for held in seeds for seed in _extended(pattern, held, minted, about)] or seeds
    return seeds


def _extended(
    pattern: Pattern, held: Bindings, minted: set[str], about: Mapping[Term, list[Triple]]
) -> Iterator[Bindings]:
    """The bindings with those of a pattern about what was minted, wherever the two agree."""
    for name in sorted(pattern.variables & minted):
        for triple in about[held[name]]:
            found = pattern.match(triple)
            if found is not None and all(held.get(each, term) == term for each, term in found.items()):
                yield {**held, **found}
