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


@dataclass
class Saying:
    """What is said of a thing, and of what belongs to it."""

    facts: list[Fact]
    more: list[str] = field(default_factory=list)


def write_sayings(world: "World") -> None:
    """One thing of each kind for so many meetings, and the claims."""
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
    said = facts(node(it), ("rdf:type", TERMS[type_]), label, *saying.facts, *(when.facts if dated else ()))
    world.sink.said(assertion, [*said, *saying.more])


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
    return Saying(found)


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
    return Saying(found)


def _agreement(world: "World", n: int, _: date) -> Saying:
    states = world.cast.pair()
    parties = (("cq:party", state_node(state)) for state in states)
    summary = ("cq:summary", text(f"Agreement {n}", "en"))
    return Saying([*parties, ("cq:status", TERMS["cq:Agreed"]), summary])


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
    return Saying([given, where, ("cq:hasParticipation", part)], visitor)


def _incumbency(world: "World", _: int, told: date) -> Saying:
    person, state, role = _official(world, told)
    found: list[Fact] = [("org:member", person_node(person)), ("cq:heldPost", office_node(state, role))]
    return Saying(found)


def _change(world: "World", n: int, told: date) -> Saying:
    series = world.cast.series[n % len(world.cast.series)]
    person = _official(world, told)[0] if n % 2 else None
    found: list[Fact] = [
        ("cq:changeKind", TERMS[f"cq:{('Created', 'SuspendedFormat', 'Resumed')[n % 3]}"]),
        ("cq:ofSeries", node(f"series:{series.slug}")),
        ("cq:by", person_node(person) if person else None),
    ]
    return Saying(found)


def _claims(world: "World", territory: int) -> None:
    """Two or three states claim it."""
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
