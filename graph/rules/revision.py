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
        self._held = gone(facts.store)
        self._change = Change(set(), set())

    def run(self, came: Set[Triple], gone: Set[Triple]) -> Change:
        """Puts in premises that are none yet, takes out others, and revises every stratum."""
        self._came = {t for t in came if not self._facts.owns(t)}
        self._unlearn(came)
        self._facts.remove(gone)
        self._facts.add(self._came)
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
        before = stratum.view.before()
        doomed = self._doomed(stratum, before)
        questions = list(self._questions(stratum, before, doomed))
        self._forget(stratum, doomed)
        answers = (t for rule, seed in questions for t in conclude(stratum.view, rule, seed))
        self._settle(follow(stratum, answers, self._came), doomed)

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
        self._came |= found - doomed - self._gone
        self._held.remove(self._gone & found)
        self._gone -= found
        self._lose(doomed - found)

    def _lose(self, triples: Set[Triple]) -> None:
        self._gone |= triples
        self._held.add(triples)

    def _forget(self, stratum: Stratum, doomed: Set[Triple]) -> None:
        stratum.view.remove(doomed)
        self._unlearn(doomed)

    def _unlearn(self, triples: Set[Triple]) -> None:
        lost = triples & self._entailed
        self._entailed -= lost
        self._change.removed.update(lost - self._change.added)
        self._change.added.difference_update(lost)

    def _doomed(self, stratum: Stratum, before: View) -> set[Triple]:
        """What may have been concluded from what is gone, or from the absence of what came."""
        doomed: set[Triple] = set()
        came = Delta(before, self._came)
        frontier = self._entailed_there(stratum, (came.barred_conclusions(rule) for rule in stratum.rules))
        lost: Set[Triple] = self._gone
        while frontier or lost:
            doomed |= frontier
            delta = Delta(before, frontier | lost)
            resting = (suppose(before, rule, seed) for rule in stratum.rules for seed in delta.resting(rule))
            frontier = self._entailed_there(stratum, resting) - doomed
            lost = frozenset()
        return doomed

    def _entailed_there(self, stratum: Stratum, concluded: Iterable[Set[Triple]]) -> set[Triple]:
        """What of these conclusions is entailed, in the stratum's own graph."""
        found = {t for each in concluded for t in each & self._entailed}
        return {t for t in found if stratum.view.owns(t)}

    def _questions(self, stratum: Stratum, before: View, doomed: Set[Triple]) -> Iterator[tuple[Rule, Seed]]:
        """Seeds of what may hold yet: what is taken out, and that which what is gone stood against."""
        gone, lost = Delta(before, self._gone), Delta(before, doomed)
        for rule in stratum.rules:
            for seeds in (gone.barred_seeds(rule), gone.concluding(rule), lost.concluding(rule)):
                yield from ((rule, seed) for seed in seeds)
        for rule in stratum.earlier:
            yield from ((rule, seed) for seed in lost.concluding(rule))
