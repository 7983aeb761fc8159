"""What is entailed, kept up as a dataset changes: an assertion file more or less, a link, a slice, another authority.

Only graphs that differ are looked at, and a triple that another graph still states has not gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import cast

from pyoxigraph import NamedNode, Triple

from graph.admission import PREMISE
from graph.dataset import Dataset
from graph.namespaces import cq
from graph.outer_bounds import bounds_of
from graph.rules import Change, Materialisation


class Increment:
    """``entailed``: all that rules and outer bounds conclude from a dataset, and then from the next."""

    def __init__(self, dataset: Dataset) -> None:
        self.entailed: set[Triple] = set()
        self._dataset = Dataset()
        self._rules = Materialisation()
        self._bounds: dict[NamedNode, set[Triple]] = {}
        self._dating: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._voices: dict[NamedNode, Triple] = {}
        self.update(dataset)

    def update(self, dataset: Dataset) -> Change:
        """What is entailed by this dataset and was not by the one before, and the reverse. Raises RuleError."""
        before, self._dataset = self._dataset, dataset
        ruled = self._rules.update(*premise_changes(before, dataset))
        bounded = self._rebound(before)
        added, removed = ruled.added | bounded.added, ruled.removed | bounded.removed
        self.entailed |= added
        self.entailed -= removed
        return Change(added, removed)

    def _rebound(self, before: Dataset) -> Change:
        """The outer bounds of what graphs that differ date."""
        after = self._dataset
        for triple in before.provenance - after.provenance:
            if triple.predicate == cq("speaker"):
                self._voices.pop(_node(triple), None)
        self._voices.update(
            {_node(t): t for t in after.provenance - before.provenance if t.predicate == cq("speaker")}
        )
        dated: set[NamedNode] = set()
        for name in differing(before, after):
            for dataset, change in ((before, set.discard), (after, set.add)):
                for subject in _dated(dataset.assertions.get(name, ())):
                    change(self._dating[subject], name)
                    dated.add(subject)
        changes = [self._rebound_one(subject) for subject in dated]
        return Change({t for one in changes for t in one.added}, {t for one in changes for t in one.removed})

    def _rebound_one(self, subject: NamedNode) -> Change:
        """Only the graphs that date it are sources."""
        names = self._dating[subject]
        sources = Dataset(
            assertions={name: {t for t in self._dataset.assertions[name] if t.subject == subject} for name in names},
            admitted={name: self._dataset.admitted[name] for name in names},
            provenance={self._voices[name] for name in names if name in self._voices},
        )
        old = self._bounds.pop(subject, set())
        new = bounds_of(sources.granted().values())
        if new:
            self._bounds[subject] = new
        return Change(new - old, old - new)


def premise_changes(before: Dataset, after: Dataset) -> tuple[set[Triple], set[Triple]]:
    """The premises that one dataset has and the other before it had not, and the reverse."""
    came = _premises_beside(after, before)
    gone = _premises_beside(before, after)
    for name in differing(before, after):
        came |= _premise_graph(after, name)
        gone |= _premise_graph(before, name)
    return came, {t for t in gone - came if not _is_premise(after, t)}


def _premises_beside(dataset: Dataset, other: Dataset) -> set[Triple]:
    """The premises beside those of assertions that stand in the graphs of one dataset and not of the other."""
    return Dataset(
        authority=dataset.authority - other.authority,
        ontology=dataset.ontology - other.ontology,
        provenance=dataset.provenance - other.provenance,
    ).premises()


def _is_premise(dataset: Dataset, triple: Triple) -> bool:
    one = {triple}
    beside = Dataset(
        authority=dataset.authority & one, ontology=dataset.ontology & one, provenance=dataset.provenance & one
    )
    granted = (graph for name, graph in dataset.assertions.items() if dataset.admitted[name] == PREMISE)
    return bool(beside.premises()) or any(triple in graph for graph in granted)


def _premise_graph(dataset: Dataset, name: NamedNode) -> set[Triple]:
    return dataset.assertions[name] if dataset.admitted.get(name) == PREMISE else set()


def differing(before: Dataset, after: Dataset) -> list[NamedNode]:
    """The assertions whose graphs, or what they are granted, are not the same in both."""
    return [
        name
        for name in before.assertions.keys() | after.assertions.keys()
        if before.admitted.get(name) != after.admitted.get(name)
        or before.assertions.get(name) != after.assertions.get(name)
    ]


def _dated(graph: Iterable[Triple]) -> Iterator[NamedNode]:
    return (_node(t) for t in graph if t.predicate == cq("when"))


def _node(triple: Triple) -> NamedNode:
    """The subject of a triple, where data have no blank nodes."""
    return cast(NamedNode, triple.subject)
