"""Outer bounds: the one earliest and latest day of a thing that several sources date.

Only sources that count are asked: those that say the thing came about, if one of these dates it, else all that are
admitted. So the dates of a plan never become those of the meeting that was held, while a plan alone has its own.
"""

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from graph.dataset import Dataset
from graph.namespaces import cq

CAME_ABOUT = frozenset(cq(name) for name in ("Held", "Underway", "Deployed", "Decided", "Agreed"))
_STATUS, _WHEN = cq("status"), cq("when")
_START, _END = cq("startEarliest"), cq("endLatest")

Facts = dict[NamedNode, set[Literal | NamedNode]]


def outer_bounds(dataset: Dataset) -> set[Triple]:
    """``cq:earliest`` and ``cq:latest`` of everything that an admitted assertion dates; an open bound has none."""
    return bounds_of(dataset.granted().values())


def bounds_of(graphs: Iterable[Iterable[Triple]]) -> set[Triple]:
    """The same of what these sources say, each by itself."""
    sources: dict[NamedNode, list[Facts]] = defaultdict(list)
    for graph in graphs:
        for subject, facts in _dated(graph).items():
            sources[subject].append(facts)
    return {triple for subject, found in sources.items() for triple in _bounds(subject, found)}


def _dated(graph: Iterable[Triple]) -> dict[NamedNode, Facts]:
    """The facts of each subject that a graph dates."""
    found: dict[NamedNode, Facts] = defaultdict(lambda: defaultdict(set))
    for t in graph:
        if isinstance(t.subject, NamedNode) and isinstance(t.object, Literal | NamedNode):
            found[t.subject][t.predicate].add(t.object)
    return {subject: facts for subject, facts in found.items() if _WHEN in facts}


def _bounds(subject: NamedNode, sources: list[Facts]) -> Iterable[Triple]:
    counting = [facts for facts in sources if not CAME_ABOUT.isdisjoint(facts[_STATUS])] or sources
    for bound, name, outermost in ((_START, "earliest", min), (_END, "latest", max)):
        if all(facts[bound] for facts in counting):
            days = (day for facts in counting for day in facts[bound])
            yield Triple(subject, cq(name), outermost(days, key=lambda day: day.value))
