"""Findings as RDF: one node for each comparison, and beside it what is shown of each statement of Wikidata."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.dates import Bounds
from graph.namespaces import cq, mint, term
from graph.wikidata.comparison.verdicts import Finding, Mention, individual
from graph.wikidata.comparison.words import qualifier

_TYPE: Final = term("rdf:type")
_RANKS: Final = {"preferred": "PreferredRank", "normal": "NormalRank", "deprecated": "DeprecatedRank"}
_BOUNDS: Final = ("startEarliest", "startLatest", "endEarliest", "endLatest")


def triples_of(findings: Iterable[Finding]) -> set[Triple]:
    """All findings. Where names that differ come to one, the things compared tell which is which."""
    found: dict[NamedNode, Finding] = {}
    for finding in findings:
        name = mint("comparison", *finding.name)
        found[name if name not in found else mint("comparison", *finding.name, _digits(finding))] = finding
    return set().union(*(_comparison(name, finding) for name, finding in found.items()))


def _digits(finding: Finding) -> str:
    return sha256(" ".join((*finding.about, *finding.nodes)).encode()).hexdigest()[:8]


def _comparison(name: NamedNode, finding: Finding) -> Iterator[Triple]:
    yield Triple(name, _TYPE, cq("Comparison"))
    yield Triple(name, cq("verdict"), individual(finding.verdict))
    yield Triple(name, cq("comparedAspect"), term(finding.aspect))
    yield Triple(name, term("skos:prefLabel"), Literal(finding.label, language="en"))
    yield Triple(name, cq("inWords"), Literal(finding.sentence, language="en"))
    for predicate, values in (
        ("comparesAbout", finding.about),
        ("compares", finding.nodes),
        ("comparedEvidence", finding.assertions),
        ("comparedSlice", finding.slices),
    ):
        yield from (Triple(name, cq(predicate), NamedNode(value)) for value in values)
    for mention in finding.mentions:
        yield Triple(name, cq("comparedStatement"), NamedNode(mention.statement.iri))
        yield from _statement(mention)
    if finding.with_source:
        yield Triple(name, cq("comparesWithSource"), Literal("true", datatype=term("xsd:boolean")))
    yield from _days(name, finding.days)


def _days(name: NamedNode, days: Bounds | None) -> Iterator[Triple]:
    if days:
        bounds = (days.start_earliest, days.start_latest, days.end_earliest, days.end_latest)
        for predicate, day in zip(_BOUNDS, bounds, strict=True):
            if day:
                yield Triple(name, cq(predicate), Literal(day.isoformat(), datatype=term("xsd:date")))


def _statement(mention: Mention) -> Iterator[Triple]:
    statement, entity = mention.statement, mention.entity
    name = NamedNode(statement.iri)
    yield Triple(name, cq("statementOf"), term(f"wd:{entity.id}"))
    if statement.guid:
        yield Triple(name, cq("guid"), Literal(statement.guid))
    if statement.rank:
        yield Triple(name, term("wikibase:rank"), term(f"wikibase:{_RANKS[statement.rank]}"))
    if statement.qualifiers:
        yield Triple(name, cq("qualifiersInWords"), Literal("; ".join(map(qualifier, statement.qualifiers))))
    if mention.graph:
        yield Triple(name, cq("inSlice"), NamedNode(mention.graph))
    if mention.read:
        yield Triple(name, cq("recordedOn"), Literal(mention.read, datatype=term("xsd:date")))
