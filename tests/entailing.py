"""What the rules make of small sets of premises, in Turtle with the prefixes of the program."""

from functools import cache

from pyoxigraph import RdfFormat, Triple, parse

from graph.dates import bounds
from graph.namespaces import prologue, shorten
from graph.rules import Rule, entail, read_rules

BOUNDS = ("startEarliest", "startLatest", "endEarliest", "endLatest")


@cache
def rules() -> tuple[Rule, ...]:
    """The program's rules, read once."""
    return read_rules()


def premises(turtle: str) -> set[Triple]:
    """The triples of a text."""
    return {quad.triple for quad in parse(prologue() + turtle, format=RdfFormat.TURTLE)}


def entailed(turtle: str) -> set[str]:
    """What follows, each triple in its compact form."""
    return {text(triple) for triple in entail(premises(turtle), rules())}


def following(turtle: str, *names: str) -> set[str]:
    """What follows with one of these properties."""
    return {triple for triple in entailed(turtle) if triple.split()[1] in names}


def text(triple: Triple) -> str:
    """A triple in its compact form."""
    return " ".join(shorten(getattr(term, "value", "")) for term in triple)


def on(thing: str, when: str) -> str:
    """Turtle that dates a thing."""
    found = bounds(when)
    days = (found.start_earliest, found.start_latest, found.end_earliest, found.end_latest)
    facts = (f'cq:{name} "{day}"^^xsd:date' for name, day in zip(BOUNDS, days, strict=True) if day)
    return f"{thing} {' ; '.join(facts)} .\n"


def account(name: str, event: str, status: str, told: str = "", document: str = "") -> str:
    """Turtle for an account of an event, told on a date in EDTF, or nobody knows when."""
    found = bounds(told) if told else None
    days = {"toldEarliest": found and found.start_earliest, "toldLatest": found and found.end_latest}
    facts = "".join(f' ; cq:{key} "{day}"^^xsd:date' for key, day in days.items() if day)
    where = f" ; cq:toldIn document:{document}" if document else ""
    return f"account:{name} a cq:Account ; cq:accountOf {event} ; cq:accountStatus cq:{status}{facts}{where} .\n"


def held(event: str, kind: str = "Meeting", when: str = "") -> str:
    """Turtle for a held event, with its account."""
    name = event.partition(":")[2]
    return f"{event} a cq:{kind} .\n" + account(f"of.{name}", event, "Held") + (on(event, when) if when else "")


def part(event: str, name: str, facts: str) -> str:
    """Turtle for an attendance that is stated as held."""
    it = f"participation:{name}"
    return f"{event} cq:hasParticipation {it} . {it} a cq:Participation ; cq:status cq:Held ; {facts} .\n"
