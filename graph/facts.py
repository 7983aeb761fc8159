"""Triples by subject and property, for steps that walk from one thing to the next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from graph.namespaces import cq, term

Known = dict[NamedNode, list[NamedNode | Literal]]
"""What is known of one thing: its values by property."""


def known(triples: Iterable[Triple]) -> dict[NamedNode, Known]:
    """The facts of each subject."""
    found: dict[NamedNode, Known] = defaultdict(lambda: defaultdict(list))
    for t in triples:
        if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode | Literal):
            found[t.subject][t.predicate].append(t.object)
    return found


def nodes(about: Known, *names: str) -> list[NamedNode]:
    """The resources that a thing has in these properties."""
    values = (value for name in names for value in about.get(term(name), ()))
    return [value for value in values if isinstance(value, NamedNode)]


def follow(facts: Mapping[NamedNode, Known], found: Iterable[NamedNode], *names: str) -> list[NamedNode]:
    """The resources that some things have in these properties, taken together."""
    return [value for node in found if node in facts for value in nodes(facts[node], *names)]


def day(about: Known, name: str) -> str | None:
    """The day that a thing has in a property of ours, as in ``2017-03-20``."""
    return next((value.value for value in about.get(cq(name), ())), None)
