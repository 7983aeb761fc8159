"""What a graph of ours says, as statements with qualifiers: each subject, its main snak, its qualifiers.

- A participation, a tenure, an incumbency and a name are no items: each becomes one statement with its qualifiers.
- What has not come about has no property of Wikidata that would say it has. Of an event only Held says so, of a
  deployment or an agreement that it is under way, deployed, decided or agreed; that nothing is said is not enough. An
  event is then an instance of ``cq:Event``, and the others of no class; what it is announced as, its status, place,
  date and participants stand under our own properties.
- A document that shows somebody in office on a day gives the day (P585), and neither a beginning nor an end.
- A claim gives its territory P1336 (claimed by), and never P17 (country): only an undisputed place has that.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.accounts import EVENTS
from graph.dataset import TYPE
from graph.facts import Known, known, nodes
from graph.namespaces import cq, kind, shorten, term
from graph.outer_bounds import CAME_ABOUT
from graph.wikidata.exports.sources import value
from graph.wikidata.exports.times import main_snaks, qualifiers, time_of
from graph.wikidata.exports.values import ITEM, item, local, snak_of
from graph.wikidata.model import Snak, Text

Said = tuple[str, Snak, tuple[Snak, ...]]
"""The IRI of a subject, the main snak, the qualifiers."""

FOLDED: Final = frozenset(
    ("account", "assertion", "incumbency", "name", "participation", "passage", "tenure", "voice")
)
_HELD: Final = frozenset((cq("Held"),))
_ARRANGED: Final = frozenset((cq("Deployment"), cq("Agreement")))
_UNREAL: Final = frozenset(cq(name) for name in ("Planned", "Considered", "Suspended", "Postponed", "Cancelled"))
_SAID_ELSEWHERE: Final = frozenset(
    term(name)
    for name in (
        "skos:prefLabel", "skos:altLabel", "skos:hiddenLabel", "skos:definition", "skos:exactMatch",
        "cq:startEarliest", "cq:startLatest", "cq:endEarliest", "cq:endLatest",
    )
)  # fmt: skip
_EVENT_KINDS: Final = ("meeting", "visit", "call", "event", "change")
_ARRANGED_KINDS: Final = ("deployment", "agreement")
_PLACED: Final = (*_EVENT_KINDS, "deployment")


def said(triples: Iterable[Triple]) -> Iterator[Said]:
    """All that a graph says, in the order of its subjects and properties."""
    facts = known(triples)
    for subject in sorted(facts, key=lambda node: node.value):
        about = facts[subject]
        if kind(subject.value) in ("incumbency", "tenure"):
            yield from _in_office(about)
        elif kind(subject.value) not in FOLDED:
            for property_ in sorted(about.keys() - _SAID_ELSEWHERE, key=lambda node: node.value):
                for each in sorted(about[property_], key=str):
                    yield from _stated(subject.value, shorten(property_.value), each, facts)


def came_about(subject: str, about: Known) -> bool:
    """Whether what a graph says of a thing makes it real: an event must be said to have been held."""
    statuses = set(nodes(about, "cq:status"))
    if _is_event(subject, about):
        return not _HELD.isdisjoint(statuses)
    if _is_arranged(subject, about):
        return not CAME_ABOUT.isdisjoint(statuses)
    return _UNREAL.isdisjoint(statuses)


def _is_event(subject: str, about: Known) -> bool:
    """By its class, or by its IRI where a graph does not say its class."""
    return kind(subject) in _EVENT_KINDS or not EVENTS.isdisjoint(about[TYPE])


def _is_arranged(subject: str, about: Known) -> bool:
    return kind(subject) in _ARRANGED_KINDS or not _ARRANGED.isdisjoint(about[TYPE])


def _stated(subject: str, name: str, value: NamedNode | Literal, facts: Mapping[NamedNode, Known]) -> Iterator[Said]:
    about = facts[NamedNode(subject)]
    real = came_about(subject, about)
    match name:
        case "cq:hasParticipation" if isinstance(value, NamedNode) and value in facts:
            yield from ((subject, *each) for each in _participating(facts[value], real=real))
        case "skosxl:altLabel" if isinstance(value, NamedNode) and value in facts:
            yield from ((subject, *each) for each in _named(facts[value]))
        case "cq:when":
            yield from ((subject, *each) for each in _dated(subject, value.value, real=real))
        case "rdf:type":
            yield from ((subject, *each) for each in _typed(subject, value, about, real=real))
        case _:
            yield subject, snak_of(name, value, _aligned(subject, name, value.value, real=real)), ()
    if name == "cq:territory" and nodes(about, "cq:claimant"):
        yield from _claimed(value.value, about)


def _aligned(subject: str, name: str, value: str, *, real: bool) -> str:
    """The property of Wikidata that says the same of these two."""
    match name, kind(subject), kind(value):
        case "schema:location", here, _ if real and here in _PLACED:
            return "P276"
        case "geo:sfWithin", "place", "state":
            return "P17"
        case "org:postIn", _, "state":
            return "P1001"
    return ""


def _typed(
    subject: str, value: NamedNode | Literal, about: Known, *, real: bool
) -> Iterator[tuple[Snak, tuple[Snak, ...]]]:
    status = () if real else tuple(snak_of("cq:status", each) for each in nodes(about, "cq:status"))
    happens = _is_event(subject, about)
    if real or not (happens or _is_arranged(subject, about)):
        yield snak_of("rdf:type", value), status
        return
    if happens:
        yield snak_of("rdf:type", cq("Event")), status
    yield snak_of("rdf:type", value, local("rdf:type", ITEM)), status


def _dated(subject: str, edtf: str, *, real: bool) -> Iterator[tuple[Snak, tuple[Snak, ...]]]:
    as_stated = Snak(local("cq:when", "string"), Text(edtf), datatype="string")
    time = time_of(edtf)
    if not real or (kind(subject) == "document" and not time):
        yield (Snak(local("cq:when", "time"), time, datatype="time") if time else as_stated), ()
    elif kind(subject) == "document":
        yield Snak("P577", time, datatype="time"), ()
    else:
        for main, told in main_snaks(edtf):
            yield main, told if time else (*told, as_stated)


def _participating(about: Known, *, real: bool) -> Iterator[tuple[Snak, tuple[Snak, ...]]]:
    property_ = "P710" if real and cq("Held") in nodes(about, "cq:status") else local("cq:participant", ITEM)
    told = [
        snak_of(name, each)
        for name in ("cq:heldPost", "cq:representing", "cq:status")
        for each in sorted(nodes(about, name), key=str)
    ]
    named = [snak_of("cq:participant", each, property_) for each in nodes(about, "cq:participant")]
    for main in named or [Snak(property_, None, "somevalue", ITEM)]:
        yield main, tuple(told)


def _named(about: Known) -> Iterator[tuple[Snak, tuple[Snak, ...]]]:
    users = tuple(snak_of("cq:usedBy", each) for each in sorted(nodes(about, "cq:usedBy"), key=str))
    for form in about[term("skosxl:literalForm")]:
        yield snak_of("skosxl:altLabel", form), users


def _in_office(about: Known) -> Iterator[Said]:
    """A tenure or an incumbency: the person's P39, with the days that it gives."""
    edtf = value(about, "cq:when")
    for person in nodes(about, "org:member"):
        for post in nodes(about, "cq:heldPost"):
            yield person.value, Snak("P39", item(post.value), datatype=ITEM), tuple(qualifiers(edtf) if edtf else ())


def _claimed(territory: str, about: Known) -> Iterator[Said]:
    told = [
        snak_of(name, each)
        for name in ("cq:against", "cq:basis", "cq:nameUsed")
        for each in sorted(about[term(name)], key=str)
    ]
    for claimant in nodes(about, "cq:claimant"):
        yield territory, Snak("P1336", item(claimant.value), datatype=ITEM), tuple(told)
