"""Precision and recall of reconciliation, measured on the holders' tables.

A share of the persons is kept out of the tables: whoever is one of them has no item, and every item is wrong. Right
is an item that is the truth; recall is the share found of those that could be. Beside that stands how many are wrong
by the strict truth, under which a label with a namesake's facts still is the label of the person drawn, and how many
of the decisions are distinct cases: another label as it is compared, or other facts, or another item.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from graph.wikidata.reconciliation.candidates import Candidate, Reconciliation
from graph.wikidata.reconciliation.decision import acceptable
from graph.wikidata.reconciliation.likeness import spell
from graph.wikidata.reconciliation.subjects import Post, Subject

from .holders import Row, entities, rows
from .noise import NOBODY, Proposal, Told, proposal

SEED = 5
PROPOSALS = 10_000
KEPT_OUT = 0.1
THRESHOLDS = (75, 80, 85, 90, 95, 100)
_ALL = 40

Decision = Callable[[Sequence[Candidate]], Candidate | None]


@dataclass
class Tally:
    """How often a way of deciding was right, wrong, or could have been right."""

    right: int = 0
    wrong: int = 0
    possible: int = 0
    strictly_wrong: int = 0
    cases: set[tuple[object, ...]] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def add(self, of: Proposal, found: Candidate | None) -> None:
        self.possible += bool(of.truth)
        if found:
            self.strictly_wrong += found.profile.id != of.drawn
            self.cases.add((spell(of.label), of.office, bool(of.birth), found.profile.id))
            self.persons.add(found.profile.id)
        if found and found.profile.id == of.truth:
            self.right += 1
        elif found:
            self.wrong += 1
            self.faults.append(f"{of} was taken for {found.profile.id} {found.profile.names}: {found.features}")

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.possible if self.possible else 0.0


def by_name(least: float) -> Decision:
    """The likest name, if it is alike enough: what must not be done."""

    def decide(candidates: Sequence[Candidate]) -> Candidate | None:
        best = min(candidates, key=lambda each: (-each.alike, each.profile.id), default=None)
        return best if best and best.alike >= least else None

    return decide


def by_gate(least: float) -> Decision:
    """The best that passes the gate, if its name is alike enough: what is shown to a person first."""

    def decide(candidates: Sequence[Candidate]) -> Candidate | None:
        return next((each for each in candidates if each.passes and each.alike >= least), None)

    return decide


DECISIONS: Mapping[str, Decision] = {
    **{f"name alone, at least {least}": by_name(least) for least in THRESHOLDS},
    **{f"first that passes the gate, name at least {least}": by_gate(least) for least in THRESHOLDS},
    "automatic acceptance": acceptable,
}


@dataclass
class Measured:
    """The tallies of every way of deciding, and of automatic acceptance by kind of label and of context."""

    ways: dict[str, Tally]
    kinds: dict[str, Tally]
    proposals: int

    def lines(self) -> Iterator[str]:
        yield f"{self.proposals} labels, {next(iter(self.ways.values())).possible} of persons in the tables"
        counts = f"{'right':>6} {'wrong':>6} {'strict':>7} {'precision':>10} {'recall':>7}"
        yield f"{'way of deciding':50} {counts} {'cases':>6} {'persons':>8}"
        for name, tally in self.ways.items():
            yield _line(name, tally)
        yield "automatic acceptance, by label and by what is told beside it"
        for name, tally in sorted(self.kinds.items()):
            yield _line(name, tally)


def _line(name: str, tally: Tally) -> str:
    counts = f"{tally.right:6} {tally.wrong:6} {tally.strictly_wrong:7} {tally.precision:10.4f} {tally.recall:7.3f}"
    return f"{name:50} {counts} {len(tally.cases):6} {len(tally.persons):8}"


def measure(folder: Path, count: int = PROPOSALS, seed: int = SEED) -> Measured:
    """Draw labels from the tables of a folder and decide on each in every way."""
    return measure_rows(rows(folder), count, seed)


def measure_rows(found: list[Row], count: int, seed: int) -> Measured:
    draw, told = Random(seed), Told(found)
    persons = sorted({row.person for row in found})
    absent = frozenset(draw.sample(persons, round(len(persons) * KEPT_OUT)))
    reconciliation = Reconciliation(entities([row for row in found if row.person not in absent]))
    measured = Measured({name: Tally() for name in DECISIONS}, {}, count)
    for _ in range(count):
        of = proposal(told, absent, draw)
        candidates = reconciliation.candidates(subject(of), _ALL)
        for name, decide in DECISIONS.items():
            measured.ways[name].add(of, decide(candidates))
        for kind in (f"label: {of.kind}", f"told: {of.context}"):
            measured.kinds.setdefault(kind, Tally()).add(of, acceptable(candidates))
    return measured


def subject(of: Proposal) -> Subject:
    """The proposal as a thing of ours."""
    posts = (Post("", of.office, of.office, of.when),) if of.when else ()
    return Subject(NOBODY, (of.label,), posts, birth=of.birth)
