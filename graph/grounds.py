"""Grounds: the assertions from which each encounter follows.

They are the premises that state both attendances, or, if there is none, each that states one of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Triple

from graph.dataset import TYPE
from graph.facts import Known, nodes
from graph.namespaces import cq, term

GROUND = term("prov:wasDerivedFrom")


def grounds(facts: Mapping[NamedNode, Known]) -> Iterator[Triple]:
    """Which assertions each encounter rests on, among merged facts."""
    for encounter, about in facts.items():
        if cq("Encounter") in about.get(TYPE, ()):
            stated = _attendances(facts, facts[nodes(about, "cq:at")[0]], set(nodes(about, "cq:joins")))
            yield from grounded(encounter, stated)


def grounded(encounter: NamedNode, stated: Mapping[NamedNode, set[NamedNode]]) -> Iterator[Triple]:
    """The grounds of one encounter, of whom each premise says that they attended."""
    both = [assertion for assertion, attending in stated.items() if len(attending) > 1]
    yield from (Triple(encounter, GROUND, assertion) for assertion in both or stated)


def _attendances(
    facts: Mapping[NamedNode, Known], meeting: Known, joined: set[NamedNode]
) -> Mapping[NamedNode, set[NamedNode]]:
    """Of whom each premise states that they attended a meeting."""
    stated: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for part in premised(facts, meeting):
        attending = joined.intersection(nodes(part, "cq:participant"))
        for assertion in _premises(facts, part) if attending else ():
            stated[assertion] |= attending
    return stated


def premised(facts: Mapping[NamedNode, Known], meeting: Known) -> Iterator[Known]:
    """The attendances of a meeting that a premise states as held."""
    for part in (facts[each] for each in nodes(meeting, "cq:hasParticipation") if each in facts):
        if cq("Held") in part.get(cq("status"), ()) and any(_premises(facts, part)):
            yield part


def _premises(facts: Mapping[NamedNode, Known], part: Known) -> Iterator[NamedNode]:
    for assertion in nodes(part, "cq:statedIn"):
        if cq("Premise") in facts[assertion].get(cq("admission"), ()):
            yield assertion
