"""Queries as people write them for the Wikidata Query Service, unchanged, on a small world."""

from collections.abc import Iterator
from contextlib import suppress

import hostile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store
from small_wikidata import engine_with, rows, world

from graph.engine import Engine, QueryEvaluationError, QuerySyntaxError, ServiceRefusedError
from graph.engine.text.guard import refuse_service
from graph.wikidata.querying.engine import NoSlicesError, OnSlices
from graph.wikidata.querying.names import UntranslatableError
from graph.wikidata.querying.prefixes import PRESET
from graph.wikidata.querying.translation import translated

LABELS = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],mul,en". }'


@pytest.fixture(scope="module")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_with(tmp_path_factory.mktemp("world"), world())


@pytest.fixture(scope="module")
def trap() -> Iterator[hostile.Trap]:
    with hostile.Trap() as listening:
        yield listening


MANUAL = {
    "cats": (
        "#Cats\nSELECT ?item ?itemLabel\nWHERE\n{\n  ?item wdt:P31 wd:Q146. # must be a cat\n  " + LABELS + "\n}",
        [("Q901", "Tibs@en"), ("Q902", "Felix@mul"), ("Q903", "Q903")],
    ),
    "horses, of any kind": (
        "SELECT ?horse ?horseLabel ?fatherLabel (YEAR(?birth) AS ?year) WHERE {\n"
        "  ?horse wdt:P31/wdt:P279* wd:Q726 .\n  OPTIONAL { ?horse wdt:P22 ?father . }\n"
        f"  OPTIONAL {{ ?horse wdt:P569 ?birth . }}\n  {LABELS}\n}} ORDER BY ?horse",
        [("Q911", "Bucephalus@en", "-", "-355"), ("Q912", "Orlov@en", "Bucephalus@en", "1970")],
    ),
    "presidents and their spouses": (
        "SELECT ?p ?pLabel ?w ?wLabel WHERE {\n  wd:Q921 p:P39/ps:P39 wd:Q11696 .\n  ?p wdt:P39 wd:Q11696 .\n"
        '  OPTIONAL { ?p wdt:P26 ?w . }\n  SERVICE wikibase:label { bd:serviceParam wikibase:language "en" . }\n}',
        [("Q921", "Ada First@en", "Q923", "Ann First@en"), ("Q922", "Ben Second@en", "-", "-")],
    ),
    "terms of office": (
        "SELECT ?who ?start ?end WHERE { ?who p:P39 ?held . ?held ps:P39 wd:Q11696 ; pq:P580 ?start ."
        " OPTIONAL { ?held pq:P582 ?end } FILTER(YEAR(?start) > 1980) }",
        [
            ("Q921", "1981-01-20T00:00:00Z", "1989-01-20T00:00:00Z"),
            ("Q922", "1989-01-20T00:00:00Z", "-"),
        ],
    ),
    "who followed": (
        "SELECT ?who ?next ?nextLabel { ?who p:P39 [ ps:P39 wd:Q11696 ; pq:P1366 ?next ] . " + LABELS + " }",
        [("Q921", "Q922", "Ben Second@en")],
    ),
    "ranks": (
        "SELECT ?office ?rank ?best { wd:Q921 p:P39 ?s . ?s ps:P39 ?office ; wikibase:rank ?rank ."
        " BIND(EXISTS { ?s a wikibase:BestRank } AS ?best) }",
        [
            ("Q11696", "http://wikiba.se/ontology#NormalRank", "true"),
            ("Q30185", "http://wikiba.se/ontology#DeprecatedRank", "false"),
        ],
    ),
    "precision of dates": (
        "SELECT ?who ?precision { ?who p:P569/psv:P569 ?value . ?value wikibase:timeValue ?born ;"
        ' wikibase:timePrecision ?precision . FILTER(?born >= "1900-01-01T00:00:00Z"^^xsd:dateTime) }',
        [("Q921", "11"), ("Q922", "9")],
    ),
    "quantities": (
        "SELECT ?who ?metres { ?who p:P2048/psv:P2048 [ wikibase:quantityAmount ?metres ;"
        " wikibase:quantityUnit wd:Q11573 ] }",
        [("Q921", "1.85")],
    ),
    "no value": ("SELECT ?who { ?who wdt:P31 wd:Q5 ; a wdno:P26 }", [("Q922",)]),
    "some value, of a statement": (
        "SELECT ?who ?value { ?who wdt:P569 ?value . FILTER(wikibase:isSomeValue(?value)) }",
        [("Q923", "http://www.wikidata.org/.well-known/genid/q923-b")],
    ),
    "some value, of a qualifier": (
        "SELECT ?s { ?s pq:P582 ?end FILTER wikibase:isSomeValue( ?end # really\n) }",
        [("statement/Q921-C",)],
    ),
    "some value, not": (
        "SELECT ?who { ?who wdt:P39 wd:Q11696 ; wdt:P569 ?born FILTER(!wikibase:isSomeValue(?born)) }",
        [("Q921",), ("Q922",)],
    ),
    "references": (
        "SELECT ?who ?url { ?who p:P39 ?s . ?s prov:wasDerivedFrom/pr:P854 ?url }",
        [("Q921", "https://example.org/ada")],
    ),
    "properties and what they are called": (
        "SELECT ?propLabel ?valueLabel { wd:Q921 ?direct ?value . ?prop wikibase:directClaim ?direct . "
        + LABELS
        + " }",
        [("position held@en", "President of the United States@en"), ("spouse@en", "Ann First@en")],
    ),
    "counted by class": (
        "SELECT ?class ?classLabel (COUNT(DISTINCT ?x) AS ?n) WHERE { ?x wdt:P31 ?class . "
        + LABELS
        + " } GROUP BY ?class ?classLabel HAVING(?n > 1) ORDER BY DESC(?n)",
        [("Q146", "house cat@en", "3"), ("Q5", "Q5", "2")],
    ),
    "distance in kilometres": (
        "SELECT (ROUND(geof:distance(?a, ?b)) AS ?km) { wd:Q921 wdt:P625 ?a . wd:Q922 wdt:P625 ?b }",
        [("7822",)],
    ),
    "parts of a point": (
        "SELECT (geof:latitude(?a) AS ?lat) (geof:longitude(?a) AS ?lon) { wd:Q921 wdt:P625 ?a }",
        [("38.8977", "-77.0365")],
    ),
    "hints": (
        'SELECT ?who { hint:Query hint:optimizer "None" . ?who wdt:P39/wdt:P279* wd:Q11696 .'
        ' hint:Prior hint:gearing "forward". ?who wdt:P31 wd:Q5 . hint:Prior hint:runLast true }',
        [("Q921",), ("Q922",)],
    ),
    "a named subquery": (
        "SELECT ?who ?whoLabel ?n WITH { SELECT ?who (COUNT(*) AS ?n) WHERE { ?who p:P39 ?s } GROUP BY ?who } AS %h"
        " WHERE { INCLUDE %h . FILTER(?n > 1) " + LABELS + " }",
        [("Q921", "Ada First@en", "2")],
    ),
    "one named subquery in another": (
        "SELECT ?x WITH { SELECT ?x { ?x wdt:P31 wd:Q146 } } AS %cats"
        " WITH { SELECT ?x { INCLUDE %cats ?x rdfs:label ?l } } AS %named { { INCLUDE %named } MINUS"
        ' { INCLUDE %cats ?x rdfs:label "Tibs"@en } }',
        [("Q902",), ("Q902",)],
    ),
    "a named subquery with a blank node, twice": (
        "SELECT ?a WITH { SELECT ?a { ?a p:P26 _:b . _:b pq:P580 ?c } } AS %a"
        " WITH { SELECT ?a { INCLUDE %a . INCLUDE %a . ?a p:P39 _:b_1_1 } } AS %b { INCLUDE %b . { INCLUDE %b } }",
        [("Q921",)] * 4,
    ),
    "groups by a name of what is selected": (
        "SELECT ?class (COUNT(?x) AS ?n) (?n * 10 AS ?tenfold) { ?x wdt:P31 ?class } GROUP BY ?class"
        " HAVING (?n > 1 && ?tenfold < 25) ORDER BY ?n",
        [("Q5", "2", "20")],
    ),
    "groups by a name for a comparison": (
        'SELECT ?class (COUNT(?x) AS ?n) (?n>=2&&MAX(?d)>"1912-01-01"^^xsd:dateTime AS ?late) { ?x wdt:P31 ?class ;'
        " wdt:P569 ?d } GROUP BY ?class HAVING (?late || ?n != 1)",
        [("Q5", "2", "true")],
    ),
    "prefixes that are declared": (
        "PREFIX wd: <http://www.wikidata.org/entity/>\nPREFIX p: <http://www.wikidata.org/prop/direct/>\n"
        "PREFIX wikibase: <http://wikiba.se/ontology#>\nPREFIX bd: <http://www.bigdata.com/rdf#>\n"
        'SELECT ?xLabel { ?x p:P31 wd:Q726 SERVICE wikibase:label { bd:serviceParam wikibase:language "en" } }',
        [("Bucephalus@en",)],
    ),
    "by full IRIs": (
        "SELECT ?xLabel { ?x wdt:P31 wd:Q726 SERVICE <http://wikiba.se/ontology#label> {"
        ' <http://www.bigdata.com/rdf#serviceParam> <http://wikiba.se/ontology#language> "en" } }',
        [("Bucephalus@en",)],
    ),
}


@pytest.mark.parametrize(("query", "expected"), MANUAL.values(), ids=MANUAL)
def test_a_query_for_the_query_service(wikidata: Engine, query: str, expected: list[tuple[str, ...]]) -> None:
    assert rows(wikidata, query) == expected


def test_other_forms(wikidata: Engine) -> None:
    assert wikidata.ask("ASK { wd:Q921 wdt:P39 ?o . " + LABELS + " }")
    made = {
        str(t.object)
        for t in wikidata.construct(f"CONSTRUCT {{ ?x wdt:P1 ?xLabel }} {{ ?x wdt:P31 wd:Q726 . {LABELS} }}")
    }
    assert made == {'"Bucephalus"@en'}
    assert len(list(wikidata.construct("DESCRIBE wd:Q903"))) == 2


def test_the_default_graph_is_what_wikidata_says(wikidata: Engine, small_store: object) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert rows(wikidata, count) == [(str(len(world())),)]
    named = "SELECT (COUNT(*) AS ?n) FROM <https://w3id.org/communique/graph/authority> { ?s ?p ?o }"
    assert rows(wikidata, named) != rows(wikidata, count)
    assert not wikidata.ask("ASK { GRAPH ?g { ?s ?p ?o } }")


def test_a_store_without_slices_says_so(engine: Engine) -> None:
    with pytest.raises(NoSlicesError):
        OnSlices(engine).ask("ASK {}")


def test_schema_is_theirs() -> None:
    assert PRESET["schema"] == "http://schema.org/"
    assert "PREFIX schema: <http://schema.org/>" in translated("ASK { ?s schema:description ?o }").text
    ours = "PREFIX schema: <https://schema.org/> ASK { ?s schema:description ?o }"
    assert translated(ours).text == ours


def test_what_needs_nothing_is_left_alone() -> None:
    query = "SELECT ?s ?sLabel WHERE { ?s ?p 'SERVICE wikibase:label {}' }"
    assert translated(query).text.endswith(query)
    assert translated("SELECT * { ?s ?p ?o }").text == "SELECT * { ?s ?p ?o }"


def test_what_another_service_is_asked_is_left_alone() -> None:
    inner = f"SERVICE <https://query.wikidata.org/sparql> {{ SELECT ?xLabel {{ ?x wdt:P31 ?y . {LABELS} }} }}"
    assert inner in translated(f"SELECT ?xLabel {{ {inner} {LABELS} }}").text
    inner = (
        "SERVICE <https://query.wikidata.org/sparql> { hint:Query hint:optimizer 'None' . ?x wdt:P625 ?y, ?z ;"
        " wdtn:P214 ?v FILTER(geof:distance(?y, ?z) < 1 && NOW() - ?d > 1 && wikibase:decodeUri(?u) = 'a') }"
    )
    assert inner in translated(f"SELECT ?xLabel {{ {inner} {LABELS} }}").text


REFUSED = {
    "mwapi": "SELECT * { SERVICE wikibase:mwapi { bd:serviceParam wikibase:api 'Search' } }",
    "around": "SELECT * { ?x wdt:P625 ?y SERVICE wikibase:around { ?x wdt:P625 ?z } }",
    "box": "SELECT * { SERVICE SILENT wikibase:box { ?x wdt:P625 ?z } }",
    "gas": "SELECT * { SERVICE gas:service { gas:program gas:gasClass 'BFS' } }",
    "sample": "SELECT * { SERVICE bd:sample { ?x wdt:P31 wd:Q5 } }",
    "globe": "SELECT (geof:globe(STR(?x)) AS ?g) { ?s wdt:P625 ?x }",
    "corners": "SELECT (geof:northEast(?x, ?x) AS ?g) { ?s wdt:P625 ?x }",
    "slice": "SELECT * { SERVICE bd:slice { ?x wdt:P31 wd:Q5 . bd:serviceParam bd:slice.limit 1 } }",
    "full-text search": "SELECT * { ?label bds:search 'Adams' }",
    "full-text search as a service": "SELECT * { SERVICE bds:search { ?label bds:search 'Adams' } }",
    "normalised values": "SELECT * { ?x p:P2048/psn:P2048 ?y }",
    "normalised values, optionally": "SELECT * { ?s ?p ?o OPTIONAL { ?s pqn:P2048 ?y } }",
    "normalised values of references": f"SELECT * {{ ?x <{PRESET['prn']}P813> ?y }}",
    "identifiers as IRIs": "SELECT * { ?x wdtn:P214 ?y }",
    "a hint that is none": "SELECT * { ?s ?p ?o . hint:Quarry hint:optimizer 'None' }",
    "decodeUri": "SELECT (wikibase:decodeUri('x') AS ?g) {}",
    "labels without a language": "SELECT * { SERVICE wikibase:label {} }",
    "labels by a variable": "SELECT * { SERVICE wikibase:label { bd:serviceParam wikibase:language ?l } }",
    "another parameter": "SELECT * { SERVICE wikibase:label { bd:serviceParam wikibase:limit 10 } }",
    "a pattern": 'SELECT * { SERVICE wikibase:label { bd:serviceParam wikibase:language "en" . ?x wdt:P31 ?y } }',
    "half a triple": 'SELECT * { SERVICE wikibase:label { bd:serviceParam wikibase:language "en" . ?x rdfs:label } }',
    "an escape that is none": 'SELECT * { SERVICE wikibase:label { bd:serviceParam wikibase:language "e\\x" } }',
    "a text for a truth": 'SELECT * { SERVICE wikibase:label { bd:serviceParam wikibase:language "en" ;'
    ' wikibase:disableReordering "untrue" } }',
    "a variable for a truth": 'SELECT * { SERVICE wikibase:label { bd:serviceParam wikibase:language "en" ;'
    " wikibase:disableReordering ?true } }",
    "a group": 'SELECT * { SERVICE wikibase:label { { bd:serviceParam wikibase:language "en" } } }',
    "a label that is there": (
        'SELECT * { ?x rdfs:label ?l SERVICE wikibase:label { bd:serviceParam wikibase:language "en" . ?x rdfs:label'
        " ?l } }"
    ),
    "many languages": 'SELECT * { SERVICE wikibase:label { bd:serviceParam wikibase:language "'
    + ",".join(f"a{letter}" for letter in "abcdefghijklmnopqrstu")
    + '" } }',
    "many labels": f"SELECT {' '.join(f'?x{n}Label' for n in range(30))} {{ ?x wdt:P31 ?y {LABELS} }}",
    "a subquery in itself": "SELECT * WITH { SELECT * { INCLUDE %a } } AS %a { INCLUDE %a }",
    "subqueries that grow": "SELECT * "
    + " ".join(f"WITH {{ SELECT * {{ {f'INCLUDE %a{n - 1} ' * 9} }} }} AS %a{n}" for n in range(8))
    + " { INCLUDE %a7 }",
    "many subqueries": "SELECT * " + " ".join(f"WITH {{ SELECT * {{}} }} AS %a{n}" for n in range(11)) + " {}",
    "a subquery without a name": "SELECT * WITH { SELECT * {} } { ?s ?p 1 % 2 }",
    "names of names": "SELECT (COUNT(*) AS ?a0) "
    + " ".join(f"(?a{n} + 1 AS ?a{n + 1})" for n in range(40))
    + " {} HAVING(?a40 > 1)",
    "names that grow": "SELECT (COUNT(*) AS ?a0) "
    + " ".join(f"(?a{n} + ?a{n} AS ?a{n + 1})" for n in range(15))
    + " {} HAVING(?a15 > 1)",
    "half a hint": "SELECT * { ?s ?p ?o . hint:Query hint:optimizer }",
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_translated_is_refused_with_its_place(query: str) -> None:
    with pytest.raises(UntranslatableError, match=r"^line 1, column \d+: "):
        translated(query)


def test_subqueries_that_are_deep_are_refused_before_anything_follows_them() -> None:
    deep = "{{ " * 60 + "INCLUDE %a{} " + "}} " * 60
    query = "SELECT * WITH { SELECT * { ?s ?p ?o } } AS %a0 "
    query += (
        " ".join(f"WITH {{ SELECT * {{ {deep.format(n)} }} }} AS %a{n + 1}" for n in range(9)) + " { INCLUDE %a9 }"
    )
    with pytest.raises(QueryEvaluationError, match="at most 200 brackets"):
        translated(query)


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ('SELECT ?x { ?x wdt:P569 "2017-03-20"^^xsd:dateTime ; }}', (1, 56)),
        ("SELECT ?x {\n ?x wdt:P31 wd:Q5 ; }}", (2, 23)),
        (f"SELECT ?xLabel {{ ?x wdt:P31 wd:Q5 . {LABELS} }} }}", (1, 127)),
        ("SELECT ?xLabel {\n ?x foo:P31 wd:Q5 . }", (2, 5)),
        (f"SELECT ?x {{\n {LABELS} ?x foo:P31 wd:Q5 . }}", (2, 92)),
        ("SELECT * WITH { SELECT ?x { ?x ?y } } AS %a {\n  INCLUDE %a }", (2, 3)),
    ],
)
def test_an_error_is_told_where_it_stands_in_what_was_sent(
    wikidata: Engine, query: str, place: tuple[int, int]
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        wikidata.select(query)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    ("service", "instead"),
    [
        ("wikibase:mwapi", "rdfs:label"),
        ("gas:service", "a path, such as"),
        ("bd:sample", "LIMIT"),
        ("bd:slice", "LIMIT"),
    ],
)
def test_a_refusal_says_what_to_do(service: str, instead: str) -> None:
    with pytest.raises(UntranslatableError, match=f"SERVICE {service} is Wikidata's own, .*: .*{instead}"):
        translated(f"SELECT * {{ SERVICE SILENT {service} {{ ?s ?p ?o }} }}")


def test_the_readers_language_is_english_anywhere(wikidata: Engine) -> None:
    query = 'SELECT ?x ?l { ?x wdt:P31 wd:Q146 ; rdfs:label ?l FILTER(LANG(?l) = "[AUTO_LANGUAGE]") }'
    assert rows(wikidata, query) == [("Q901", "Tibs@en")]


def test_a_refusal_behind_a_named_subquery_has_its_place() -> None:
    query = "SELECT * WITH { SELECT ?x { ?x wdt:P31 ?y } } AS %a {\n INCLUDE %a\n SERVICE gas:service { } }"
    with pytest.raises(UntranslatableError, match="line 3, column 2: SERVICE gas:service"):
        translated(query)


def test_another_service_stays_and_is_refused(wikidata: Engine) -> None:
    with pytest.raises(ServiceRefusedError, match="line 1, column 7"):
        wikidata.ask("ASK { SERVICE <http://127.0.0.1:9/> { ?x wdt:P31 ?y } }")
    with pytest.raises(ServiceRefusedError, match="line 2, column 1"):
        wikidata.ask(f"ASK {{ {LABELS}\nSERVICE <http://127.0.0.1:9/> {{ ?x wdt:P31 ?y . {LABELS} }} }}")


@pytest.mark.parametrize("query", hostile.REACHING)
def test_translation_opens_no_door(wikidata: Engine, trap: hostile.Trap, query: str) -> None:
    """What the guard refuses is refused still, whatever is put around it."""
    for text in (query, query.replace("{", f"{{ {LABELS} hint:Query hint:a 1 . ", 1), f"{query} # {LABELS} %"):
        with pytest.raises((ServiceRefusedError, QuerySyntaxError, QueryEvaluationError)):
            wikidata.select(trap.set(text))
    assert trap.count() == 0


_WORDS = (
    "SERVICE service SILENT wikibase:label <http://TRAP/> { } ( ) [ ] . ; , ?x ?xLabel $xLabel wdt:P31 wd:Q5 WITH AS"
    " %a INCLUDE SELECT * WHERE FILTER MINUS EXISTS BIND VALUES OPTIONAL UNION GROUP BY HAVING ' \" ''' \\ # < > << ="
    " | 1 1. wikibase:isSomeValue geof:distance PREFIX wikibase: BASE @en ^^ CONSTRUCT ASK SERVICEwikibase:label"
    " 1SERVICE \\u0053ERVICE label_1 ^^xsd:dateTime xsd:dateTime STRDT NOW() - -NOW 5- + / wikibase:around"
    " wikibase:box wikibase:center geof:globe psn:P1 [AUTO_LANGUAGE]"
)
_PIECES = st.sampled_from(
    [
        *_WORDS.split(),
        "\n",
        LABELS,
        "hint:Query hint:optimizer 'None'",
        'bd:serviceParam wikibase:language "en"',
        '"2017-03-20"',
        "bd:serviceParam wikibase:radius '5'",
        "?x wdt:P625 ?y",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=40), st.sampled_from(["", " "]))
def test_any_text_is_translated_or_refused(trap: hostile.Trap, pieces: list[str], between: str) -> None:
    """Nothing else happens; and what the guard lets through afterwards reaches nobody when it is run."""
    query = trap.set("SELECT ?x ?xLabel { " + between.join(pieces) + " }")
    try:
        text = translated(query).text
        refuse_service(text)
    except (QuerySyntaxError, QueryEvaluationError, ServiceRefusedError):
        return
    with suppress(SyntaxError, RuntimeError):
        Store().query(text)
    assert trap.count() == 0
