"""Queries of the query service's manual on real records: Vladimir Putin at revision 2483686458, and Q42's dump.

The answers were worked out by hand from the JSON of the one and the Turtle of the other.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse
from small_wikidata import engine_with, rows

from graph.engine import Engine
from graph.wikidata.reading import read_entity
from graph.wikidata.shape import triples_of
from graph.wikidata.terms import GENID

RECORDS = Path(__file__).parents[3] / "shared" / "wikidata"
LABELS = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],mul,en". }'

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDS.is_dir(), reason="Wikidata's records (../shared/wikidata) are not here"),
]


@pytest.fixture(scope="module")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    held = json.loads((RECORDS / "entities" / "Q7747.json").read_text(encoding="utf-8"))
    putin = triples_of(read_entity(held["entities"]["Q7747"]))
    return engine_with(tmp_path_factory.mktemp("records"), {*putin, *_dump()})


def _dump() -> Iterator[Triple]:
    """The dump of Q42; what is somehow unknown is a blank node there, and an IRI in the query service."""
    for quad in parse((RECORDS / "rdf" / "Q42.ttl").read_bytes(), format=RdfFormat.TURTLE):
        object_ = quad.object
        if isinstance(object_, BlankNode):
            object_ = NamedNode(GENID + object_.value)
        if not isinstance(quad.subject, BlankNode):
            yield Triple(quad.subject, quad.predicate, object_)


QUERIES = {
    "the statements of a property": ("SELECT (COUNT(?s) AS ?n) { wd:Q7747 p:P39 ?s }", [("22",)]),
    "the best of them": ("SELECT ?office { wd:Q7747 wdt:P39 ?office }", [("Q218295",)]),
    "all with their terms": (
        "SELECT ?start ?end WHERE { wd:Q7747 p:P39 ?s . ?s ps:P39 wd:Q218295 ; pq:P580 ?start ."
        " OPTIONAL { ?s pq:P582 ?end } } ORDER BY ?start",
        [("2000-05-07T00:00:00Z", "2008-05-07T00:00:00Z"), ("2012-05-07T00:00:00Z", "-")],
    ),
    "on a day": (
        "SELECT DISTINCT ?office ?officeLabel { wd:Q7747 p:P39 ?s . ?s ps:P39 ?office ; pq:P580 ?start ."
        ' OPTIONAL { ?s pq:P582 ?end } FILTER(?start <= "2017-03-20T00:00:00Z"^^xsd:dateTime)'
        ' FILTER(!BOUND(?end) || ?end >= "2017-03-20T00:00:00Z"^^xsd:dateTime) ' + LABELS + " }",
        [(each, each) for each in ("Q140686", "Q218295", "Q27494237", "Q4109060")],
    ),
    "on a day that is written without a time": (
        "SELECT ?office { wd:Q7747 p:P39 ?s . ?s ps:P39 ?office ; pq:P580 ?start . OPTIONAL { ?s pq:P582 ?end }"
        ' FILTER(?start <= "2017-03-20"^^xsd:dateTime && (!BOUND(?end) || ?end >= "2017-03-20"^^xsd:dateTime)) }',
        [("Q140686",), ("Q218295",), ("Q27494237",), ("Q4109060",)],
    ),
    "how long, in days": (
        "SELECT ?office (?end - ?start AS ?days) { wd:Q7747 p:P39 [ ps:P39 ?office ; pq:P580 ?start ; pq:P582 ?end ]"
        " FILTER(?office IN (wd:Q218295, wd:Q842386) && ?end - ?start > 1400) }",
        [("Q218295", "2922"), ("Q842386", "1460")],
    ),
    "the age at death": (
        "SELECT ?who (FLOOR((?died - ?born)/365.2425) AS ?age) { ?who wdt:P569 ?born ; wdt:P570 ?died }",
        [("Q42", "49")],
    ),
    "how long since": (
        "SELECT ?who { ?who wdt:P31 wd:Q5 ; wdt:P569 ?born BIND(FLOOR((NOW()-?born)/365.2425) AS ?age)"
        ' FILTER(?age > 73 && ?born < "1952-10-01T00:00:00"^^xsd:dateTime) }',
        [("Q42",)],
    ),
    "born on a day": ('SELECT ?who { ?who wdt:P569 "1952-03-11"^^xsd:dateTime }', [("Q42",)]),
    "a page in another language's project": (
        "SELECT ?page ?title { ?page schema:about wd:Q42 ; schema:isPartOf <https://de.wikipedia.org/> ;"
        " schema:name ?title }",
        [("https://de.wikipedia.org/wiki/Douglas_Adams", "Douglas Adams@de")],
    ),
    "a name in the reader's language": (
        'SELECT ?name { wd:Q42 rdfs:label ?name FILTER(LANG(?name) = "[AUTO_LANGUAGE]") }',
        [("Douglas Adams@en",)],
    ),
    "names in kinds of English": (
        'SELECT ?name { wd:Q42 rdfs:label ?name FILTER(STRSTARTS(LANG(?name), "en") && STRENDS(LANG(?name), "gb")) }',
        [("Douglas Adams@en-gb",)],
    ),
    "twice in one office": (
        "SELECT ?office (COUNT(?s) AS ?n) { wd:Q7747 p:P39 ?s . ?s ps:P39 ?office } GROUP BY ?office HAVING(?n > 2)",
        [("Q27494237", "4")],
    ),
    "deprecated": (
        "SELECT ?office { wd:Q7747 p:P39 [ ps:P39 ?office ; wikibase:rank wikibase:DeprecatedRank ] }",
        [("Q2350808",)],
    ),
    "undated, and not deprecated": (
        "SELECT ?office { wd:Q7747 p:P39 ?s . ?s ps:P39 ?office ; wikibase:rank ?rank ."
        " FILTER(?rank != wikibase:DeprecatedRank) MINUS { ?s pq:P580 [] } MINUS { ?s pq:P582 [] } }",
        [("Q140686",), ("Q1553195",), ("Q2072298",), ("Q38715670",), ("Q38715852",)],
    ),
    "only the year is known": (
        "SELECT ?office ?year { wd:Q7747 p:P39 ?s . ?s ps:P39 ?office ; pqv:P580 [ wikibase:timePrecision 9 ;"
        " wikibase:timeValue ?start ] BIND(YEAR(?start) AS ?year) }",
        [("Q1553195", "1995")],
    ),
    "no value": (
        "SELECT (YEAR(?start) AS ?from) ?rank { wd:Q7747 p:P102 ?s . ?s a wdno:P102 ; pq:P580 ?start ;"
        ' wikibase:rank ?r . BIND(STRAFTER(STR(?r), "#") AS ?rank) }',
        [("1991", "NormalRank"), ("2012", "PreferredRank")],
    ),
    "no value is the best that is known": (
        "SELECT ?who { ?who p:P102 ?s ; a wdno:P102 FILTER NOT EXISTS { ?who wdt:P102 ?party } }",
        [("Q7747",)] * 5,
    ),
    "the family": (
        "SELECT (COUNT(DISTINCT ?child) AS ?children) (SAMPLE(?father) AS ?f) {"
        " wd:Q7747 wdt:P40 ?child ; wdt:P22 ?father }",
        [("5", "Q19300851")],
    ),
    "a term of marriage": (
        "SELECT ?w ?wLabel (YEAR(?start) AS ?from) (YEAR(?end) AS ?to) {"
        " wd:Q7747 p:P26 [ ps:P26 ?w ; pq:P580 ?start ; pq:P582 ?end ] " + LABELS + " }",
        [("Q233282", "Q233282", "1983", "2014")],
    ),
    "humans and when they were born": (
        "SELECT ?who ?whoLabel (STR(?born) AS ?day) { ?who wdt:P31 wd:Q5 ; wdt:P569 ?born . " + LABELS + " }",
        [
            ("Q42", "Douglas Adams@en", "1952-03-11T00:00:00Z"),
            ("Q7747", "Vladimir Putin@en", "1952-10-07T00:00:00Z"),
        ],
    ),
    "in another language": (
        "SELECT ?whoLabel { ?who wdt:P31 wd:Q5 ."
        ' SERVICE wikibase:label { bd:serviceParam wikibase:language "ru,en". } }',
        [("Vladimir Putin@en",), ("Дуглас Адамс@ru",)],
    ),
    "where somebody was educated": (
        "SELECT ?school (YEAR(?start) AS ?from) (YEAR(?end) AS ?to) {"
        " wd:Q42 p:P69 [ ps:P69 ?school ; pq:P580 ?start ; pq:P582 ?end ] }",
        [("Q4961791", "1959", "1970"), ("Q691283", "1971", "1974")],
    ),
    "some value": (
        "SELECT ?role { wd:Q42 ?p ?s . ?s ?role ?value FILTER(wikibase:isSomeValue(?value)) }",
        [("http://www.wikidata.org/prop/qualifier/P3680",)],
    ),
    "born and died": (
        "SELECT ?birth ?death { wd:Q42 wdt:P19 ?birth ; wdt:P20 ?death ; wdt:P570 ?day FILTER(YEAR(?day) = 2001) }",
        [("Q350", "Q159288")],
    ),
}


@pytest.mark.parametrize(("query", "expected"), QUERIES.values(), ids=QUERIES)
def test_a_query_of_the_manual(wikidata: Engine, query: str, expected: list[tuple[str, ...]]) -> None:
    assert rows(wikidata, query) == expected


def test_best_rank_is_what_the_short_way_has(wikidata: Engine) -> None:
    """For both, ``wdt:`` has the values of the statements of best rank, property by property, and no others."""
    best = "?item ?claim ?s . ?s a wikibase:BestRank ; ?ps ?value . ?property wikibase:claim ?claim ;"
    best += " wikibase:statementProperty ?ps ; wikibase:directClaim ?direct ."
    missing = f"SELECT ?item ?direct ?value {{ {best} MINUS {{ ?item ?direct ?value }} }}"
    assert rows(wikidata, missing) == []
    short = "?property wikibase:directClaim ?direct . ?item ?direct ?value ."
    too_many = f"SELECT ?item ?direct ?value {{ {short} MINUS {{ {best} }} }}"
    assert rows(wikidata, too_many) == []
    assert int(rows(wikidata, f"SELECT (COUNT(*) AS ?n) {{ {short} }}")[0][0]) > 400
