"""One change of the premises, carried through the strata by *delete and rederive*.

In each stratum, what may have rested on something that is gone, or on the absence of something that came, is taken
out; what still follows is put back; and what follows from what came, or from the absence of what is gone, is added
(Gupta, Mumick and Subrahmanian, "Maintaining Views Incrementally", SIGMOD 1993).
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from pyoxigraph import Triple

from graph.rules.applying import Seed, conclude, suppose
from graph.rules.delta import Delta
from graph.rules.facts import View, gone
from graph.rules.gaps import Gaps
from graph.rules.known import Known, Starts
from graph.rules.rule import Rule
from graph.rules.stratum import Stratum, follow


@dataclass(frozen=True)
class Change:
    """What is entailed now and was not, and what was and is not."""

    added: set[Triple]
    removed: set[Triple]


class Revision:
    """What has come and what has gone among the facts so far, stratum after stratum."""

    def __init__(self, facts: View, entailed: set[Triple], strata: Sequence[Stratum]) -> None:
        self._facts, self._entailed, self._strata = facts, entailed, strata
        self._came: set[Triple] = set()
        self._gone: set[Triple] = set()
        self._coming, self._going = Delta(), Delta()
        self._held = gone(facts.store)
        self._change = Change(set(), set())

    def run(self, came: Set[Triple], gone: Set[Triple]) -> Change:
        """Puts in premises that are none yet, takes out others, and revises every stratum."""
        new = {t for t in came if not self._facts.owns(t)}
        self._unlearn(came)
        self._facts.remove(gone)
        self._facts.add(new)
        self._gain(new)
        self._lose(gone)
        for stratum in self._strata:
            if stratum.gaps:
                self._reckon(stratum, stratum.gaps)
            else:
                self._revise(stratum)
        self._held.remove(self._gone)
        return self._change

    def _revise(self, stratum: Stratum) -> None:
        """What is gone is seen while conclusions from it are looked for."""
        facts = Known(stratum.view.before())
        doomed = self._doomed(stratum, facts)
        questions = list(self._questions(stratum, facts, doomed))
        self._forget(stratum, doomed)
        answers = (t for rule, seed in questions for t in conclude(stratum.view, rule, seed))
        self._settle(follow(stratum, answers), doomed)

    def _reckon(self, stratum: Stratum, gaps: Gaps) -> None:
        """Gaps are reckoned anew, of the series that are touched."""
        series, said = gaps.touched(self._came | self._gone, self._facts.before().match)
        found = gaps.of_series(series, self._facts.match)
        doomed = (said & self._entailed) - found
        self._forget(stratum, doomed)
        self._settle(follow(stratum, found), doomed)

    def _settle(self, found: Set[Triple], doomed: Set[Triple]) -> None:
        """What a stratum has concluded anew, after it took out what was doomed; some may have stood apart before."""
        won = found - self._entailed
        self._entailed |= won
        self._change.added.update(won - self._change.removed)
        self._change.removed.difference_update(won)
        self._gain(found - doomed - self._gone)
        self._held.remove(self._gone & found)
        self._gone -= found
        self._lose(doomed - found)

    def _gain(self, triples: Set[Triple]) -> None:
        self._came |= triples
        self._coming.add(triples)

    def _lose(self, triples: Set[Triple]) -> None:
        self._gone |= triples
        self._going.add(triples)
        self._held.add(triples)

    def _forget(self, stratum: Stratum, doomed: Set[Triple]) -> None:
        stratum.view.remove(doomed)
        self._unlearn(doomed)

    def _unlearn(self, triples: Set[Triple]) -> None:
        lost = triples & self._entailed
        self._entailed -= lost
        self._change.removed.update(lost - self._change.added)
        self._change.added.difference_update(lost)

    def _doomed(self, stratum: Stratum, facts: Known) -> set[Triple]:
        """What may have been concluded from what is gone, or from the absence of what came."""
        doomed: set[Triple] = set()
        came, lost = self._coming, self._going
        starts = ((rule, [came.barred(rule, facts), lost.resting(rule, facts)]) for rule in stratum.rules)
        while frontier := self._supposed(stratum, facts, starts) - doomed:
            doomed |= frontier
            delta = Delta(frontier)
            starts = ((rule, [delta.resting(rule, facts)]) for rule in stratum.rules)
        return doomed

    def _supposed(
        self, stratum: Stratum, facts: Known, starts: Iterable[tuple[Rule, Sequence[Iterable[Starts]]]]
    ) -> set[Triple]:
        """What instances that begin there would conclude, of what is entailed in the stratum's own graph."""
        seeded = ((rule, seed) for rule, given in starts for seed in facts.seeds(rule, *given))
        found = {t for rule, seed in seeded for t in suppose(facts.view, rule, seed)} & self._entailed
        return {t for t in found if stratum.view.owns(t)}

    def _questions(self, stratum: Stratum, facts: Known, doomed: Set[Triple]) -> Iterator[tuple[Rule, Seed]]:
        """Seeds of what may hold now: what is taken out, what the gone stood against, and what came leads to."""
        came, gone, lost = self._coming, self._going, Delta(doomed)
        for rule in stratum.rules:
            starts = (
                came.resting(rule, facts),
                gone.barred(rule, facts),
                gone.concluding(rule, facts),
                lost.concluding(rule, facts),
            )
            yield from ((rule, seed) for seed in facts.seeds(rule, *starts))
        for rule in stratum.earlier:
            yield from ((rule, seed) for seed in facts.seeds(rule, lost.concluding(rule, facts)))
