"""Doubts: what no premise says of a meeting that is settled as held, though somebody says it.

They are the parties, formats and series that only a report or a plan gives it, persons of whom it is not known for
which one state they stood, and ``cq:when`` where only such words date it. A query that may not go beyond the premises
leaves out what is doubted; where nothing is, nothing stands here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Triple

from graph.dataset import TYPE
from graph.facts import Known, follow, known, nodes
from graph.grounds import premised
from graph.namespaces import GRAPH_INDEX, cq

DOUBT = NamedNode(f"{GRAPH_INDEX.value}#doubt")
_WHEN, _HELD = cq("when"), cq("Held")
_DATED = (cq("earliest"), cq("latest"))


def doubts(
    facts: Mapping[NamedNode, Known], assertions: Mapping[NamedNode, set[Triple]], entailed: set[Triple]
) -> Iterator[Triple]:
    """What is doubted of each meeting among merged facts, by what each assertion says and what is entailed."""
    concluded = known(t for t in entailed if t.predicate in (cq("inFormat"), cq("inSeries")))
    for meeting, about in facts.items():
        if cq("Meeting") in about.get(TYPE, ()) and _HELD in about.get(cq("settledStatus"), ()):
            stated = nodes(about, "cq:statedIn")
            premises = [each for each in stated if cq("Premise") in facts[each].get(cq("admission"), ())]
            said = [known(t for t in assertions[each] if t.subject == meeting)[meeting] for each in premises]
            sure = {*_attending(facts, about), *_forms(facts, [*said, concluded.get(meeting, {})])}
            yield from (Triple(meeting, DOUBT, each) for each in told_of(facts, about) - sure)
            if any(each in about for each in _DATED) and not any(_dates(each) for each in said):
                yield Triple(meeting, DOUBT, _WHEN)


def told_of(facts: Mapping[NamedNode, Known], about: Known) -> set[NamedNode]:
    """The parties, formats and series that anybody gives a meeting."""
    parts = nodes(about, "cq:hasParticipation")
    return {*follow(facts, parts, "cq:participant", "cq:representing"), *_forms(facts, [about])}


def _attending(facts: Mapping[NamedNode, Known], about: Known) -> Iterator[NamedNode]:
    """The states represented, by premises, and the persons who stood for one of them by all that is told."""
    told: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for part in (facts[each] for each in nodes(about, "cq:hasParticipation") if each in facts):
        for person in nodes(part, "cq:participant"):
            told[person].update(nodes(part, "cq:representing"))
    for part in premised(facts, about):
        sides = set(nodes(part, "cq:representing"))
        yield from sides
        yield from (person for person in nodes(part, "cq:participant") if len(sides) == 1 and told[person] == sides)


def _forms(facts: Mapping[NamedNode, Known], said: list[Known]) -> Iterator[NamedNode]:
    """Formats and series, the formats of the series, and the states between whom these are."""
    for about in said:
        series = nodes(about, "cq:inSeries")
        yield from (*nodes(about, "cq:inFormat"), *series, *follow(facts, series, "cq:ofFormat", "cq:between"))


def _dates(said: Known) -> bool:
    """Whether words date a meeting of which they say that it was held."""
    return _WHEN in said and _HELD in said.get(cq("status"), ())
