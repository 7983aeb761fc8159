"""Small worlds of meetings whose documents come and go: the program's rules conclude what they would from scratch.

The documents are dated or not, tell of events as held, planned or called off, with offices without names, and deny
each other. Beside them stand tenures, and a format and a series of each world, so that every stratum has work.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from generated_worlds import Saying, SmallWorld, generated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Triple
from test_small_worlds_met import dataset, truth

from graph.dataset import TYPE, read_ontology
from graph.namespaces import cq, mint, term
from graph.rules import Materialisation, entail

TOGETHER, STEPS = 3, 3
"""How many worlds stand side by side, and how often documents come and go."""


@cache
def axioms() -> frozenset[Triple]:
    """The ontology's axioms, those of the rules' own input."""
    return frozenset(read_ontology())


def furniture(world: SmallWorld) -> Iterator[Triple]:
    """A format with one slot, for which all offices are fit; its series of two states; a place in one of them."""
    name = world.states[0]
    series, form, slot, town = (mint(kind, name) for kind in ("series", "format", "slot", "place"))
    yield Triple(town, term("geo:sfWithin"), mint("state", name))
    yield Triple(form, cq("hasSlot"), slot)
    yield Triple(form, cq("definedBySlots"), truth(value=True))
    yield Triple(slot, TYPE, cq("Slot"))
    yield Triple(slot, cq("postKind"), mint("topic", name))
    yield Triple(series, cq("ofFormat"), form)
    yield from (Triple(series, cq("between"), mint("state", each)) for each in world.states[:2])
    for office in {each.office for saying in world.sayings for each in saying.present if each.office}:
        yield Triple(mint("office", office.name), cq("postKind"), mint("topic", name))


def more(world: SmallWorld, saying: Saying) -> Iterator[Triple]:
    """Some sayings put the event into the series, in the town, or into the format."""
    event, name = mint(saying.kind.lower(), saying.event), world.states[0]
    given = {"0": ("inSeries", "series"), "2": ("inFormat", "format")}
    if saying.name[-1] in given:
        relation, kind = given[saying.name[-1]]
        yield Triple(event, cq(relation), mint(kind, name))
    if saying.event.endswith(("0", "1")):
        yield Triple(event, term("schema:location"), mint("place", name))


def crowded(saying: Saying) -> Saying:
    """The same within four days, so that some meetings fall on one."""
    return replace(saying, when=(saying.when[0] % 4, saying.when[0] % 4)) if saying.when else saying


def premises(worlds: list[SmallWorld], left_out: frozenset[str]) -> set[Triple]:
    """What rules build on in these worlds without some documents."""
    left = [
        replace(world, sayings=tuple(crowded(each) for each in world.sayings if each.document.name not in left_out))
        for world in worlds
    ]
    made = dataset(left)
    for world in worlds:
        made.authority.update(furniture(world))
        for saying in world.sayings:
            if (graph := made.assertions.get(mint("assertion", saying.name))) is not None:
                graph.update(more(world, saying))
    return made.premises() | axioms()


@pytest.fixture(autouse=True)
def _never_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.rules.materialisation.LARGE", 1000)


WORLDS = st.integers(0, 3000).map(lambda first: [generated(first + n) for n in range(TOGETHER)])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), worlds=WORLDS)
def test_documents_of_small_worlds_come_and_go(data: st.DataObject, worlds: list[SmallWorld]) -> None:
    documents = sorted({saying.document.name for world in worlds for saying in world.sayings})
    left_out = st.frozensets(st.sampled_from(documents))
    before = premises(worlds, data.draw(left_out))
    kept = Materialisation()
    kept.update(before)
    for _ in range(STEPS):
        after = premises(worlds, data.draw(left_out))
        was = set(kept.entailed)
        change = kept.update(after - before, before - after)
        assert kept.entailed == entail(after)
        assert (change.added, change.removed) == (kept.entailed - was, was - kept.entailed)
        before = after


def test_every_rule_that_documents_bear_on_has_work() -> None:
    """Of the properties that follow from what documents say, all come about in the first two hundred worlds."""
    worlds = [generated(number) for number in range(200)]
    found = {t.predicate for t in entail(premises(worlds, frozenset()))}
    names = (
        "settledStatus counters supersedes representing fitsSlot coversDateOf mayCoverDateOf missesDateOf participant"
        " fallsShortOf inFormat inSeries hostState met tookPartIn vacantAt gapOf candidate"
    )
    assert [name for name in names.split() if cq(name) not in found] == []
