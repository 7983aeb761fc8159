"""What else a generated world tells: statements, claims, proposals, deployments, agreements, visits and tenures."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from .cast import STANCES, name, office_node, person_node, state_name, state_node
from .writing import TERMS, Fact, facts, in_month, node, on_day, text

if TYPE_CHECKING:
    from .world import World

_IF_DATED = ("cq:Statement", "cq:Deployment", "cq:Agreement")
_ALWAYS = ("cq:Visit", "cq:FormatChange")


@dataclass
class Saying:
    """What is said of a thing, and whom it concerns: states, and persons through their tenures."""

    facts: list[Fact]
    states: tuple[int, ...] = ()
    persons: tuple[str, ...] = ()
    tenure: tuple[str, int] | None = None
    forms: tuple[str, ...] = ()
    sides: tuple[int, ...] = ()
    visitor: list[str] = field(default_factory=list)


def write_sayings(world: "World") -> None:
    """One thing of each kind for so many meetings, and the claims with the disputes that follow from them."""
    kinds: tuple[tuple[str, str, int, Callable[[World, int, date], Saying]], ...] = (
        ("statement", "cq:Statement", 50, _statement),
        ("proposal", "cq:Proposal", 200, _proposal),
        ("deployment", "cq:Deployment", 300, _deployment),
        ("agreement", "cq:Agreement", 200, _agreement),
        ("visit", "cq:Visit", 100, _visit),
        ("incumbency", "cq:Incumbency", 200, _incumbency),
        ("change", "cq:FormatChange", 600, _change),
    )
    for kind, type_, share, made in kinds:
        for n in range(max(5, world.meetings // share)):
            told = world.day(world.random.randrange(world.meetings))
            opinion = kind == "statement" and n % 3 > 0
            _say(world, f"{kind}:{kind[0]}{n}", type_, made(world, n, told), told, opinion=opinion)
    for territory in range(world.cast.territories):
        _claims(world, territory)


def _say(world: "World", it: str, type_: str, saying: Saying, told: date, *, opinion: bool) -> None:
    given = dict(saying.facts)
    voice = given.get("cq:speaker") or given.get("cq:holder")
    planned = given.get("cq:status") == TERMS["cq:Planned"]
    admission = "StatementOnly" if opinion else "Admitted" if voice or planned else "Premise"
    assertion = world.assertion(told, "Opinion" if opinion else "Asserted", admission, voice)
    when = in_month(told) if world.random.random() < 0.3 else on_day(told)
    dated = type_ == "cq:Incumbency" or world.random.random() < 0.6
    label = ("skos:prefLabel", text(f"{type_[3:]} {it.rpartition(':')[2]} of {told}", "en"))
    thing, part = node(it), given.get("cq:hasParticipation")
    said = facts(thing, ("rdf:type", TERMS[type_]), label, *saying.facts, *(when.facts if dated else ()))
    world.sink.said(assertion, [*said, *saying.visitor])
    world.sink.stated(facts(each, ("cq:statedIn", assertion))[0] for each in (thing, part) if each)
    if dated:
        world.bounds(thing, when.first, when.last)
    days = (when.first, when.last) if dated else None
    if type_ in _ALWAYS or (dated and type_ in _IF_DATED):
        world.listing.item(it, days, saying.states, saying.persons)
    if type_ == "cq:Visit":
        world.listing.states(it, saying.states[:1])
    if type_ == "cq:Visit" and planned:
        world.listing.planned(it, (world.week(told), when.last if dated else date.max))
    if saying.tenure:
        world.listing.tenure(*saying.tenure)
    if saying.tenure or given.get("cq:speakerPost") or (type_ == "cq:Visit" and not planned):
        world.listing.office(it, days)
    if saying.forms:
        world.listing.change(it, days, saying.forms, saying.sides)


def _official(world: "World", told: date) -> tuple[str, int, int]:
    state, role = world.cast.state(), world.cast.role()
    return world.cast.holder(state, role, told.year), state, role


def _topic(world: "World") -> str:
    if world.random.random() < 0.2:
        return node(f"territory:t{world.random.randrange(world.cast.territories)}")
    return node(f"topic:{int(world.random.random() ** 2 * world.cast.topics)}")


def _statement(world: "World", n: int, told: date) -> Saying:
    speaker, state, role = _official(world, told)
    in_office, for_state = n % 3 > 0, n % 5 == 0
    found: list[Fact] = [
        ("cq:speaker", person_node(speaker)),
        ("cq:speakerPost", office_node(state, role) if in_office else None),
        ("cq:holder", state_node(state) if for_state else None),
        ("cq:addressee", person_node(_official(world, told)[0]) if n % 4 == 0 else None),
        ("cq:stance", TERMS[f"cq:{STANCES[n % len(STANCES)]}"] if n % 10 else None),
        ("cq:summary", text(f"What {speaker} said of it", "en")),
        *(("schema:about", about) for about in {_topic(world): None, _topic(world): None}),
    ]
    return Saying(found, (state,) if in_office or for_state else (), (speaker,))


def _proposal(world: "World", n: int, _: date) -> Saying:
    state = world.cast.state()
    island = node(f"place:i{n % world.cast.territories}-{n % 3}")
    return Saying([
        ("cq:proposer", state_node(state)),
        ("cq:sector", node(f"topic:{int(world.random.random() ** 2 * world.cast.topics)}")),
        ("schema:location", island if n % 2 else node(f"place:c{state}-1")),
        ("cq:status", TERMS[f"cq:{('Proposed', 'Agreed', 'Considered')[n % 3]}"]),
        ("cq:summary", text(f"Project {n}", "en")),
    ])  # fmt: skip


def _deployment(world: "World", n: int, _: date) -> Saying:
    state = world.cast.state()
    found: list[Fact] = [
        ("cq:operator", state_node(state)),
        ("cq:system", node(f"system:system{n % world.cast.systems}")),
        ("schema:location", node(f"place:c{world.cast.state()}-2")),
        ("cq:status", TERMS[f"cq:{('Deployed', 'Planned', 'Underway')[n % 3]}"]),
    ]
    return Saying(found, (state,))


def _agreement(world: "World", n: int, _: date) -> Saying:
    states = world.cast.pair()
    parties = (("cq:party", state_node(state)) for state in states)
    summary = ("cq:summary", text(f"Agreement {n}", "en"))
    return Saying([*parties, ("cq:status", TERMS["cq:Agreed"]), summary], states)


def _visit(world: "World", n: int, told: date) -> Saying:
    person, state, role = _official(world, told)
    status = "Planned" if n % 5 == 0 else "Held"
    host = (state + 1) % world.cast.states
    office = office_node(state, role)
    key = f"visit.v{n}.person.{person}.{office.rpartition('/')[2][:-1]}.state.s{state}.{status.lower()}"
    part = node(f"participation:{key}")
    given = ("cq:status", TERMS[f"cq:{status}"])
    visitor = facts(part, ("rdf:type", TERMS["cq:Participation"]), given, ("cq:participant", person_node(person)))
    visitor += facts(part, ("cq:heldPost", office), ("cq:representing", state_node(state)))
    where = ("schema:location", node(f"place:c{host}-0"))
    return Saying([given, where, ("cq:hasParticipation", part)], (state, host), visitor=visitor)


def _incumbency(world: "World", _: int, told: date) -> Saying:
    person, state, role = _official(world, told)
    found: list[Fact] = [("org:member", person_node(person)), ("cq:heldPost", office_node(state, role))]
    return Saying(found, tenure=(person, state))


def _change(world: "World", n: int, told: date) -> Saying:
    series = world.cast.series[n % len(world.cast.series)]
    person = _official(world, told)[0] if n % 2 else None
    found: list[Fact] = [
        ("cq:changeKind", TERMS[f"cq:{('Created', 'SuspendedFormat', 'Resumed')[n % 3]}"]),
        ("cq:ofSeries", node(f"series:{series.slug}")),
        ("cq:by", person_node(person) if person else None),
    ]
    forms = (f"series:{series.slug}", f"format:{series.slug.partition('-')[2]}")
    return Saying(found, series.sides, (person,) if person else (), forms=forms, sides=series.sides)


def _claims(world: "World", territory: int) -> None:
    """Two or three states claim it; the dispute follows, for each claim is a premise."""
    it = node(f"territory:t{territory}")
    states = [(territory + step) % world.cast.states for step in range(2 + territory % 2)]
    claims = [node(f"claim:s{state}-t{territory}") for state in states]
    for (state, rival), claim in zip(pairwise([*states, states[0]]), claims, strict=True):
        assertion = world.assertion(world.day(territory))
        word = text(name(territory * 11, 5)[0], "en")
        label = ("skos:prefLabel", text(f"Claim of {state_name(state)[0]}", "en"))
        said = (("cq:claimant", state_node(state)), ("cq:territory", it), ("cq:against", state_node(rival)))
        used = (("cq:nameUsed", word), ("cq:basis", text("history", "en")))
        world.sink.said(assertion, facts(claim, ("rdf:type", TERMS["cq:TerritorialClaim"]), label, *said, *used))
        world.sink.stated(facts(claim, ("cq:statedIn", assertion)))
    title = ("skos:prefLabel", text(f"Dispute over Isles {name(territory * 5, 5)[0]}", "en"))
    dispute = node(f"dispute:t{territory}")
    joined = (("cq:hasClaim", claim) for claim in claims)
    world.sink.entailed(facts(dispute, ("rdf:type", TERMS["cq:Dispute"]), title, ("cq:territory", it), *joined))
