"""Supports of ``path?``, ``path*`` and ``path+``: the ways from one end to the other that visit no place twice."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from graph.engine import Term
from graph.proofs.rows.model import Support
from graph.proofs.rows.patterns import Closure
from graph.proofs.rows.supports import ALWAYS, Supports, both, minimal

if TYPE_CHECKING:
    from graph.proofs.rows.search import Place, Search


def walk_supports(search: "Search", closure: Closure, start: Term, end: Term, place: "Place") -> Supports:
    """The minimal supports of a closure between two ends.

    No step at all rests on nothing: that the thing is in the graph is taken for granted. Ways of more than
    ``bound.steps`` steps are not looked for, which is said.
    """
    if start == end and closure.modifier != "+":
        return ALWAYS
    walk = _Walk(search, closure, end, place)
    steps = 1 if closure.modifier == "?" else search.bound.steps
    return minimal(walk.ways(start, frozenset(), steps))[: search.bound.supports]


class _Walk:
    def __init__(self, search: "Search", closure: Closure, end: Term, place: "Place") -> None:
        self._search, self._closure, self._end, self._place = search, closure, end, place
        self._next: dict[Term, dict[Term, list[Supports]]] = {}
        self._taken = 0

    def ways(self, here: Term, behind: frozenset[Term], steps: int) -> Iterator[Support]:
        """The supports of each way from here to the end."""
        for there, supports in self._steps(here).items():
            self._taken += 1
            if self._taken > self._search.bound.solutions:
                self._search.cut.add(f"only {self._search.bound.solutions} steps along a path were taken")
                return
            step = minimal(each for found in supports for each in found)
            if there == self._end:
                yield from step
            elif there not in behind and there != here and self._goes_on(steps):
                for rest in self.ways(there, behind | {here}, steps - 1):
                    yield from both((step, (rest,)), self._search.bound.supports)

    def _goes_on(self, steps: int) -> bool:
        if steps == 1 and self._closure.modifier != "?":
            self._search.cut.add(f"paths of more than {self._search.bound.steps} steps were not looked at")
        return steps > 1

    def _steps(self, here: Term) -> dict[Term, list[Supports]]:
        """Where one step leads, and on what each rests."""
        if here not in self._next:
            step, bound = self._closure.meaning, self._search.bound
            found: dict[Term, list[Supports]] = {}
            for solution in self._search.solutions(
                step, {self._closure.start: here}, {}, self._place, bound.solutions
            ):
                supports = self._search.supports(step, solution, self._place)
                found.setdefault(solution[self._closure.end], []).append(supports)
            self._next[here] = dict(sorted(found.items(), key=lambda item: str(item[0])))
        return self._next[here]
