"""A small world in Wikidata's RDF shape, made by hand, in a store: cats, horses, and two presidents."""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from small_store import quads

from graph.engine import Engine, open_engine
from graph.namespaces import GRAPH_WIKIDATA
from graph.sources import SOURCES
from graph.store import write
from graph.wikidata.querying.engine import OnSlices
from graph.wikidata.querying.prefixes import PRESET

WORLD = """
wd:Q901 wdt:P31 wd:Q146 ; rdfs:label "Tibs"@en, "Tibs le Grand"@fr ;
  skos:altLabel "Tibs the Great"@en, "Number 1"@en ; schema:description "a cat of the Post Office"@en .
wd:Q902 wdt:P31 wd:Q146 ; rdfs:label "Felix"@mul, "Феликс"@ru ; skos:altLabel "Кот Феликс"@ru .
wd:Q903 wdt:P31 wd:Q146 ; wdt:P1449 "the nameless" .
wd:Q146 rdfs:label "house cat"@en .

wd:Q911 wdt:P31 wd:Q726 ; rdfs:label "Bucephalus"@en ; wdt:P569 "-0355-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q912 wdt:P31 wd:Q10855242 ; rdfs:label "Orlov"@en ; wdt:P22 wd:Q911 ;
  wdt:P569 "1970-03-30T00:00:00Z"^^xsd:dateTime .
wd:Q10855242 wdt:P279 wd:Q726 ; rdfs:label "race horse"@en .
wd:Q726 rdfs:label "horse"@en .

wd:Q921 wdt:P31 wd:Q5 ; rdfs:label "Ada First"@en ; wdt:P39 wd:Q11696 ; wdt:P26 wd:Q923 ;
  p:P39 wds:Q921-A, wds:Q921-B ; p:P26 wds:Q921-C ; p:P569 wds:Q921-D ;
  wdt:P569 "1911-02-06T00:00:00Z"^^xsd:dateTime ;
  wdt:P625 "Point(-77.0365 38.8977)"^^geo:wktLiteral ; wdt:P2048 "+1.85"^^xsd:decimal ; p:P2048 wds:Q921-E .
wds:Q921-A a wikibase:Statement, wikibase:BestRank ; wikibase:rank wikibase:NormalRank ; ps:P39 wd:Q11696 ;
  pq:P580 "1981-01-20T00:00:00Z"^^xsd:dateTime ; pq:P582 "1989-01-20T00:00:00Z"^^xsd:dateTime ; pq:P1366 wd:Q922 ;
  prov:wasDerivedFrom wdref:r1 .
wdref:r1 a wikibase:Reference ; pr:P854 <https://example.org/ada> .
wds:Q921-B a wikibase:Statement ; wikibase:rank wikibase:DeprecatedRank ; ps:P39 wd:Q30185 .
wds:Q921-C a wikibase:Statement, wikibase:BestRank ; wikibase:rank wikibase:NormalRank ; ps:P26 wd:Q923 ;
  pq:P580 "1952-03-04T00:00:00Z"^^xsd:dateTime ; pq:P582 <http://www.wikidata.org/.well-known/genid/q921-c> .
wds:Q921-D a wikibase:Statement, wikibase:BestRank ; wikibase:rank wikibase:NormalRank ;
  ps:P569 "1911-02-06T00:00:00Z"^^xsd:dateTime ; psv:P569 wdv:d1 .
wdv:d1 a wikibase:TimeValue ; wikibase:timeValue "1911-02-06T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 11 ;
  wikibase:timeTimezone 0 ; wikibase:timeCalendarModel wd:Q1985727 .
wds:Q921-E a wikibase:Statement, wikibase:BestRank ; wikibase:rank wikibase:NormalRank ;
  ps:P2048 "+1.85"^^xsd:decimal ; psv:P2048 wdv:h1 .
wdv:h1 a wikibase:QuantityValue ; wikibase:quantityAmount "+1.85"^^xsd:decimal ; wikibase:quantityUnit wd:Q11573 .
wd:Q922 wdt:P31 wd:Q5 ; rdfs:label "Ben Second"@en ; wdt:P39 wd:Q11696 ; a wdno:P26 ; p:P39 wds:Q922-A ;
  p:P569 wds:Q922-D ; wdt:P569 "1924-01-01T00:00:00Z"^^xsd:dateTime ;
  wdt:P625 "Point(37.6176 55.7520)"^^geo:wktLiteral .
wds:Q922-A a wikibase:Statement, wikibase:BestRank ; wikibase:rank wikibase:NormalRank ; ps:P39 wd:Q11696 ;
  pq:P580 "1989-01-20T00:00:00Z"^^xsd:dateTime .
wds:Q922-D a wikibase:Statement, wikibase:BestRank ; wikibase:rank wikibase:NormalRank ;
  ps:P569 "1924-01-01T00:00:00Z"^^xsd:dateTime ; psv:P569 wdv:d2 .
wdv:d2 a wikibase:TimeValue ; wikibase:timeValue "1924-01-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 9 ;
  wikibase:timeTimezone 0 ; wikibase:timeCalendarModel wd:Q1985727 .
wd:Q923 rdfs:label "Ann First"@en ; wdt:P569 <http://www.wikidata.org/.well-known/genid/q923-b> .
wd:Q11696 rdfs:label "President of the United States"@en, "президент США"@ru .
wd:P26 a wikibase:Property ; wikibase:directClaim wdt:P26 ; wikibase:claim p:P26 ; rdfs:label "spouse"@en .
wd:P39 a wikibase:Property ; wikibase:directClaim wdt:P39 ; wikibase:claim p:P39 ; rdfs:label "position held"@en .
wd:P22 a wikibase:Property ; wikibase:directClaim wdt:P22 ; wikibase:claim p:P22 ; rdfs:label "father"@en .
"""


def world() -> set[Triple]:
    """The triples of the small world."""
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PRESET.items())
    return {quad.triple for quad in parse(head + WORLD, format=RdfFormat.TURTLE)}


def store_with(folder: Path, triples: Iterable[Triple]) -> Path:
    """The tiny store of ``small_store``, in which Wikidata says these triples."""
    said = [Quad(each.subject, each.predicate, each.object, GRAPH_WIKIDATA) for each in triples]
    write(folder, [*quads(), *said], inputs="by hand", counts={}, sources=dict.fromkeys(SOURCES))
    return folder


def engine_with(folder: Path, triples: Iterable[Triple]) -> Engine:
    return OnSlices(open_engine(store_with(folder, triples)))


def rows(engine: Engine, query: str) -> list[tuple[str, ...]]:
    """The solutions, in an order of their own: entities by their identifiers, literals by their text."""
    return sorted(tuple(map(_shown, row)) for row in engine.select(query).rows)


def _shown(term: NamedNode | BlankNode | Literal | Triple | None) -> str:
    if term is None:
        return "-"
    if isinstance(term, Literal):
        return term.value + (f"@{term.language}" if term.language else "")
    return str(term).strip("<>").removeprefix(PRESET["wd"])
