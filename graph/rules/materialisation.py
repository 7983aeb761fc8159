"""All that rules conclude, kept up as premises come and go."""

import gc
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from itertools import chain

from pyoxigraph import Quad, Store, Triple, Variable

from graph.rules.facts import main
from graph.rules.gaps import Gaps
from graph.rules.reading import read_rules
from graph.rules.revision import Change, Revision
from graph.rules.rule import Rule
from graph.rules.stratum import saturate, strata_of

LARGE = 1 / 12
"""The share of all premises from which on it costs less to begin anew: each then costs a twelfth."""

_ANYTHING = (Variable("s"), Variable("p"), Variable("o"))


class Materialisation:
    """Premises, and ``entailed``: what the rules conclude from them that is no premise itself.

    Without rules given, they are the program's own, and gaps are reckoned.
    """

    def __init__(self, rules: Sequence[Rule] | None = None) -> None:
        self.entailed: set[Triple] = set()
        self._rules = read_rules() if rules is None else rules
        self._gaps = Gaps() if rules is None else None
        self._store = Store()
        self._premises = 0

    def update(self, added: Iterable[Triple], removed: Iterable[Triple] = ()) -> Change:
        """Takes premises out and puts premises in (what is in both stays in), and tells what is entailed then.

        A change of a twelfth of all premises or more is carried through by concluding everything anew.
        """
        with _uncollected():
            return self._update(added, removed)

    def _update(self, added: Iterable[Triple], removed: Iterable[Triple]) -> Change:
        facts, coming = main(self._store), added if isinstance(added, Set) else frozenset(added)
        gone = {t for t in removed if t not in coming and t not in self.entailed and facts.owns(t)}
        came: Set[Triple] = coming
        if self._premises:
            came = {t for t in coming if t in self.entailed or not facts.owns(t)}
        is_large = len(came) + len(gone) > LARGE * self._premises
        self._premises += len(came) - len(gone)
        if is_large:
            return self._begin(came, gone)
        return Revision(facts, self.entailed, strata_of(self._rules, self._gaps, self._store)).run(came, gone)

    def _begin(self, came: Set[Triple], gone: Set[Triple]) -> Change:
        """Everything concluded anew."""
        before = self.entailed
        kept = main(self._store).match(*_ANYTHING)
        store = Store()
        store.bulk_extend(
            Quad(t.subject, t.predicate, t.object)
            for t in chain(came, (t for t in kept if t not in before and t not in gone))
        )
        self._store, self.entailed = store, set()
        for stratum in strata_of(self._rules, self._gaps, store):
            self.entailed |= saturate(stratum)
        return Change(self.entailed - before, before - self.entailed)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection, which would look through all facts again and again; what is made has no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
