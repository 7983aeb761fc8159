"""Small worlds of both sides: what documents say, beside what Wikidata says, in a line for each statement."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.dataset import Dataset, read_ontology
from graph.dates import bounds
from graph.namespaces import cq, expand, prologue, slice_graph, term
from graph.outer_bounds import outer_bounds
from graph.wikidata.comparison import Finding, findings
from graph.wikidata.links import Link, published
from graph.wikidata.model import DAY, GREGORIAN, MONTH, YEAR, Entity, Item, Rank, Snak, Statement, Time
from graph.wikidata.shape import triples_of
from graph.wikidata.slices import newest
from graph.wikidata.slices.description import Slice, triples_about

_PRECISION = {4: YEAR, 7: MONTH, 10: DAY}


def snak(property_: str, text: str) -> Snak:
    """A value as a line writes it: a day, month or year, an item, ``?`` for somevalue, ``-`` for novalue.

    ``2014~5`` is a year of precision 5, ``2014~Q12138`` one in another calendar.
    """
    text, _, special = text.partition("~")
    if text in ("?", "-"):
        return Snak(property_, None, "somevalue" if text == "?" else "novalue", "time")
    if text.startswith("Q"):
        return Snak(property_, Item(text), "value", "wikibase-item")
    whole = text + "-01-01"[len(text) - 10 :] if len(text) < len("2017-03-20") else text
    precision = int(special) if special.isdigit() else _PRECISION[len(text)]
    calendar = expand(f"wd:{special}") if special.startswith("Q") else GREGORIAN
    return Snak(property_, Time(f"+{whole}T00:00:00Z", precision, calendar), "value", "time")


def statement(subject: str, line: str, number: int) -> Statement:
    """``P39 Q1 P580=2016-08-03 P582=2017-07-28 rank=deprecated``; ``guid=`` leaves the identifier out."""
    property_, value, *rest = line.split()
    given = dict(each.split("=", 1) for each in rest)
    rank: Rank | None = given.pop("rank", "normal") or None  # type: ignore[assignment]
    guid = given.pop("guid", f"{subject}$0000000{number}-0000-0000-0000-000000000000")
    iri = expand("wds:" + guid.replace("$", "-")) if guid else expand(f"row:{subject.lower()}-{number}")
    qualifiers = tuple(snak(name, text) for name, many in given.items() for text in many.split(","))
    return Statement(iri, guid, subject, snak(property_, value), rank, qualifiers)


def entity(own: str, label: str, *lines: str, partial: bool = False, redirects: tuple[str, ...] = ()) -> Entity:
    """An entity at revision 7, read on 22 July 2026, from lines."""
    return Entity(
        id=own,
        revision="" if partial else "7",
        modified="",
        retrieved="2026-07-22",
        graph=slice_graph(own, "2026-07-22" if partial else "7").value,
        partial=partial,
        labels={"en": label},
        statements=tuple(statement(own, line, number) for number, line in enumerate(lines, 1)),
        redirects=redirects,
    )


def link(ours: str, item: str, status: str = "accepted", *agreed: str, predicate: str = "skos:exactMatch") -> Link:
    """A judgement of 1 July 2026."""
    return Link(
        expand(ours), predicate, item, status, "semapv:ManualMappingCuration", "An editor", "2026-07-01",  # type: ignore[arg-type]
        agreed=agreed,
    )  # fmt: skip


AUTHORITY = """
person:ito a foaf:Person ; skos:prefLabel "Ito"@en .
person:sato a foaf:Person ; skos:prefLabel "Sato"@en .
person:kistanov a foaf:Person ; skos:prefLabel "Valery Kistanov"@en .
organisation:eastrussia a cq:Outlet ; skos:prefLabel "EastRussia"@en .
state:japan a cq:State ; skos:prefLabel "Japan"@en .
state:russia a cq:State ; skos:prefLabel "Russia"@en .
territory:isles a cq:Territory ; skos:prefLabel "Isles"@en .
office:minister a org:Post ; skos:prefLabel "Minister"@en ; cq:heldByOne true .
office:aide a org:Post ; skos:prefLabel "Aide"@en ; cq:heldByOne false .
"""
LINKS = (link("person:ito", "Q1"), link("person:sato", "Q2"), link("office:minister", "Q100"))


@dataclass
class World:
    """A dataset in the making."""

    dataset: Dataset = field(default_factory=lambda: Dataset(ontology=read_ontology()))

    def says(self, name: str, turtle: str, admission: str = "Premise") -> "World":
        """A document's assertion, with its bounds, by Kistanov in EastRussia."""
        assertion = term(f"a:{name}")
        self.dataset.assertions[assertion] = set(dated(turtle))
        self.dataset.admitted[assertion] = admission
        self.dataset.provenance |= set(
            dated(
                f"a:{name} a cq:Assertion ; cq:inDocument document:paper ; cq:speaker person:kistanov . "
                "document:paper a cq:Document ; dcterms:creator person:kistanov ; "
                "dcterms:publisher organisation:eastrussia ."
            )
        )
        return self

    def beside(self, entities: Iterable[Entity], links: Iterable[Link] = LINKS) -> "World":
        """With what Wikidata says, and what is linked."""
        for each in entities:
            graph = NamedNode(each.graph)
            self.dataset.slices[graph] = triples_of(each)
            statements = frozenset(statement.iri for statement in each.statements) if each.partial else frozenset()
            told = Slice(
                each.graph, each.id, each.revision, "", each.retrieved, partial=each.partial, statements=statements
            )
            self.dataset.retrieved |= set(triples_about(told))
        self.dataset.links = published(links)
        self.dataset.wikidata = newest(self.dataset.slices, self.dataset.retrieved)
        self.dataset.entailed = outer_bounds(self.dataset)
        return self

    def found(self, *verdicts: str) -> list[Finding]:
        """Its findings, or those of some verdicts."""
        return [each for each in findings(self.dataset) if not verdicts or each.verdict in verdicts]


def world(authority: str = "") -> World:
    """A world with two persons, two offices, two states and a territory."""
    made = World()
    made.dataset.authority = set(dated(AUTHORITY + authority))
    return made


def dated(turtle: str) -> Iterator[Triple]:
    """Triples, and the four bounds of each date."""
    for quad in parse(prologue() + turtle, format=RdfFormat.TURTLE):
        yield quad.triple
        if quad.predicate == cq("when") and isinstance(quad.object, Literal):
            found = bounds(quad.object.value)
            days = (found.start_earliest, found.start_latest, found.end_earliest, found.end_latest)
            for name, day in zip(("startEarliest", "startLatest", "endEarliest", "endLatest"), days, strict=True):
                if day:
                    yield Triple(quad.subject, cq(name), Literal(day.isoformat(), datatype=term("xsd:date")))


def held(person: str, office: str, when: str) -> str:
    """An incumbency, in Turtle."""
    name = "".join(sign if sign.isalnum() else "-" for sign in f"{person}.{office}.{when}".lower())
    return (
        f"<{expand('incumbency:' + name)}> a cq:Incumbency ; org:member person:{person} ; "
        f'cq:heldPost office:{office} ; cq:when "{when}"^^edtf:EDTF .'
    )


def verdicts(found: Iterable[Finding]) -> dict[str, str]:
    """Verdicts by the names of comparisons."""
    return {".".join(each.name): each.verdict for each in found}
