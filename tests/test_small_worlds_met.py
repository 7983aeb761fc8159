"""Nobody has met by a planned, cancelled or denied meeting, in ten thousand small generated worlds.

Who met whom is worked out in each world by plain Python from what is said there, and must be just what the rules
conclude; so nothing is missing either. Many worlds stand in one set of premises, with no name in common.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations

import pytest
from entailing import rules
from generated_worlds import Attendance, Office, Saying, SmallWorld, Span, Tenure, generated
from pyoxigraph import Literal, NamedNode, Triple

from graph.accounts import accounts
from graph.admission import admission
from graph.dataset import TYPE, Dataset
from graph.namespaces import cq, mint, slug, term
from graph.rules import entail

WORLDS = 10_000
BATCH = 1_000
DAY_ZERO = date(2017, 1, 1)
Met = set[tuple[str, str, str]]
"""A meeting, and two who met there, in the order of their names."""


# The worlds as premises


def day(number: int) -> Literal:
    return Literal((DAY_ZERO + timedelta(number)).isoformat(), datatype=term("xsd:date"))


def dated(it: NamedNode, span: Span | None, *, lasting: bool = False) -> Iterator[Triple]:
    """The bounds of something that lasted from the one day to the other, or lay on some day between."""
    if span:
        first, last = map(day, span)
        inner = (first, last) if lasting else (last, first)
        for name, bound in zip(
            ("startEarliest", "startLatest", "endEarliest", "endLatest"), (first, *inner, last), strict=True
        ):
            yield Triple(it, cq(name), bound)


def truth(*, value: bool) -> Literal:
    return Literal(str(value).lower(), datatype=term("xsd:boolean"))


def authority(world: SmallWorld) -> Iterator[Triple]:
    yield from (Triple(mint("person", each), TYPE, term("foaf:Person")) for each in world.people)
    yield from (Triple(mint("state", each), TYPE, cq("State")) for each in world.states)
    offices = {each.office for saying in world.sayings for each in saying.present if each.office}
    for office in offices | {tenure.office for tenure in world.tenures}:
        home = mint("state", office.state) if office.state else mint("organisation", f"{office.name}-body")
        yield Triple(mint("office", office.name), term("org:postIn"), home)
        yield Triple(mint("office", office.name), cq("heldByOne"), truth(value=office.alone))
    for tenure in world.tenures:
        yield from held(tenure)


def held(tenure: Tenure) -> Iterator[Triple]:
    """A tenure: it lasted from its first day to its last, or is open and was read on a day."""
    it = mint("tenure", tenure.name)
    yield Triple(it, TYPE, term("org:Membership"))
    yield Triple(it, term("org:member"), mint("person", tenure.person))
    yield Triple(it, cq("heldPost"), mint("office", tenure.office.name))
    yield Triple(it, cq("recordedOn"), day(tenure.read))
    last = tenure.first if tenure.last is None else tenure.last
    bounds = list(dated(it, (tenure.first, last), lasting=True))
    yield from (bound for bound in bounds if tenure.last is not None or bound.predicate != cq("endLatest"))


def says(saying: Saying) -> Iterator[Triple]:
    it = mint(saying.kind.lower(), saying.event)
    yield Triple(it, TYPE, cq(saying.kind))
    yield Triple(it, cq("status"), cq(saying.status))
    yield from dated(it, saying.when)
    for attendance in saying.present:
        yield from attends(it, attendance, saying.status)


def attends(event: NamedNode, attendance: Attendance, status: str) -> Iterator[Triple]:
    office = attendance.office.name if attendance.office else "no-office"
    names = (attendance.person or "unnamed", office, attendance.state or "no-side", status.lower())
    part = mint("participation", slug(event.value), *names)
    yield Triple(event, cq("hasParticipation"), part)
    yield Triple(part, TYPE, cq("Participation"))
    yield Triple(part, cq("status"), cq(status))
    if attendance.person:
        yield Triple(part, cq("participant"), mint("person", attendance.person))
    else:
        yield Triple(part, cq("unnamed"), truth(value=True))
    if attendance.office:
        yield Triple(part, cq("heldPost"), mint("office", attendance.office.name))
    if attendance.state:
        yield Triple(part, cq("representing"), mint("state", attendance.state))


def provenance(saying: Saying) -> Iterator[Triple]:
    assertion, document = mint("assertion", saying.name), mint("document", saying.document.name)
    author, other = mint("person", "an-author"), mint("person", "somebody-quoted")
    yield Triple(assertion, cq("inDocument"), document)
    yield Triple(assertion, cq("modality"), cq(saying.modality))
    yield Triple(assertion, cq("speaker"), author if saying.own else other)
    yield Triple(document, term("dcterms:creator"), author)
    yield from dated(document, saying.document.told)


def dataset(worlds: Iterable[SmallWorld]) -> Dataset:
    """The worlds side by side, as a build holds them."""
    made = Dataset()
    for world in worlds:
        made.authority.update(authority(world))
        for saying in world.sayings:
            name = mint("assertion", saying.name)
            made.assertions[name] = set(says(saying))
            made.admitted[name] = admission(saying.modality, saying.status, voice(saying))
            made.provenance.update(provenance(saying))
    made.provenance |= accounts(made.assertions, made.admitted, made.provenance)
    return made


def voice(saying: Saying) -> str:
    return "AuthorVoice" if saying.own else "QuotedVoice"


def concluded(worlds: Iterable[SmallWorld]) -> tuple[Met, set[str]]:
    """Who met whom where by the rules, and the meetings that they settle as held."""
    joined, at, settled = defaultdict(set), {}, set()
    for t in entail(dataset(worlds).premises(), rules()):
        if t.predicate == cq("joins"):
            joined[t.subject].add(slug(t.object.value))
        elif t.predicate == cq("at"):
            at[t.subject] = slug(t.object.value)
        elif t.predicate == cq("settledStatus") and t.object == cq("Held"):
            settled.add(slug(t.subject.value))
    return {(at[encounter], *sorted(people)) for encounter, people in joined.items()}, settled


# The same by hand


def is_fact(saying: Saying) -> bool:
    """Whether the author says as a fact that it came about or was called off."""
    return saying.modality == "Asserted" and saying.own and saying.status != "Planned"


def was_held(sayings: list[Saying]) -> bool:
    """Whether an author says so, and every author who says otherwise certainly wrote before."""
    yes = [each for each in sayings if is_fact(each) and each.status == "Held"]
    no = [
        each
        for each in sayings
        if (is_fact(each) and each.status != "Held")
        or (each.modality == "Denied" and each.own and each.status == "Held")
    ]
    return any(all(is_older(against, one) for against in no) for one in yes)


def is_older(one: Saying, other: Saying) -> bool:
    return bool(one.document.told and other.document.told and one.document.told[1] < other.document.told[0])


def met(world: SmallWorld) -> Met:
    by_event = defaultdict(list)
    for saying in world.sayings:
        by_event[saying.event].append(saying)
    found: Met = set()
    for event, sayings in by_event.items():
        if sayings[0].kind == "Meeting" and was_held(sayings):
            sides = attending(sayings, world.tenures)
            for one, other in combinations(sorted(sides), 2):
                if sides[one] and sides[other] and not sides[one] & sides[other]:
                    found.add((event, one, other))
    return found


def attending(sayings: list[Saying], tenures: tuple[Tenure, ...]) -> dict[str, set[str]]:
    """For whom each person stood who came to a held event."""
    spans = [each.when for each in sayings if is_fact(each) and each.when]
    sides = defaultdict(set)
    for saying in sayings:
        for each in saying.present if is_fact(saying) and saying.status == "Held" else ():
            person = each.person or (each.office and holder(each.office, spans, tenures))
            if person:
                home = each.office.state if each.office else None
                sides[person] |= {side for side in (each.state, home) if side}
    return sides


def holder(office: Office, spans: list[Span], tenures: tuple[Tenure, ...]) -> str | None:
    """Who alone can have held an office on days that sources give, and certainly did."""
    if not office.alone or not spans:
        return None
    earliest, latest = min(first for first, _ in spans), max(last for _, last in spans)
    certain, possible = set(), set()
    for tenure in tenures:
        if tenure.office != office:
            continue
        if tenure.first < earliest and latest < (tenure.read if tenure.last is None else tenure.last):
            certain.add(tenure.person)
        elif not (latest < tenure.first or (tenure.last is not None and tenure.last < earliest)):
            possible.add(tenure.person)
    return certain.pop() if len(certain) == 1 and possible <= certain else None


def batches(worlds: list[SmallWorld]) -> Iterator[list[SmallWorld]]:
    return (worlds[n : n + BATCH] for n in range(0, len(worlds), BATCH))


@pytest.fixture(scope="module")
def worlds() -> list[SmallWorld]:
    return [generated(number) for number in range(WORLDS)]


def test_the_worlds_are_small_and_of_every_kind(worlds: list[SmallWorld]) -> None:
    assert max(len({each.event for each in world.sayings}) for world in worlds) == 20
    hands = {(met(world) != set(), len(world.sayings) > 5, bool(world.tenures)) for world in worlds}
    assert len(hands) == 8
    inferred = [world for world in worlds if met(world) != met(SmallWorld(world.sayings, (), (), ()))]
    assert len(inferred) > 100


def test_who_met_is_just_who_met_by_hand_and_nobody_by_what_no_author_calls_held(worlds: list[SmallWorld]) -> None:
    told = defaultdict(set)
    for saying in (saying for world in worlds for saying in world.sayings):
        told[saying.event].add(is_fact(saying) and saying.status == "Held")
    count = 0
    for batch in batches(worlds):
        by_rules, settled = concluded(batch)
        by_hand = {each for world in batch for each in met(world)}
        assert sorted(by_rules ^ by_hand)[:5] == []
        assert {event for event, _, _ in by_rules} <= settled
        assert not [event for event in settled if True not in told[event]]
        count += len(by_rules)
    assert count > 1_000
