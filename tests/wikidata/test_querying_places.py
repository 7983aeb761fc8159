"""Searches for places, as the query service's manual writes them, on places whose distances are known.

Berlin and its airport Tegel are 8 km apart, Berlin and Paris 876 km (by the law of cosines on a sphere of 6,371 km);
Suva and Apia lie on both sides of the date line.
"""

import pytest
from pyoxigraph import RdfFormat, Triple, parse
from small_wikidata import engine_with, rows

from graph.engine import Engine
from graph.wikidata.querying.names import UntranslatableError
from graph.wikidata.querying.prefixes import PRESET
from graph.wikidata.querying.translation import translated

PLACES = """
wd:Q64 rdfs:label "Berlin"@en ; wdt:P625 "Point(13.383333333 52.516666666)"^^geo:wktLiteral .
wd:Q9686 rdfs:label "Tegel"@en ; wdt:P31 wd:Q1248784 ; wdt:P625 "Point(13.287777777 52.559722222)"^^geo:wktLiteral .
wd:Q90 rdfs:label "Paris"@en ; wdt:P625 "Point(2.352222222 48.856666666)"^^geo:wktLiteral .
wd:Q38807 rdfs:label "Suva"@en ; wdt:P625 "Point(178.4417 -18.1416)"^^geo:wktLiteral .
wd:Q36260 rdfs:label "Apia"@en ; wdt:P625 "Point(-171.7667 -13.8333)"^^geo:wktLiteral .
wd:Q1423 wdt:P625 "<http://www.wikidata.org/entity/Q405> Point(13.4 52.5)"^^geo:wktLiteral .
wd:Q1 wdt:P625 <http://www.wikidata.org/.well-known/genid/nowhere> .
"""
CENTRE = "wd:Q64 wdt:P625 ?centre ."
AROUND = (
    "SERVICE wikibase:around {{ ?place wdt:P625 ?where . bd:serviceParam wikibase:center {} ;"
    ' wikibase:radius "{}" . bd:serviceParam wikibase:distance ?km }}'
)
WEST_EAST = (
    "SERVICE wikibase:box {{ ?place wdt:P625 ?where . bd:serviceParam wikibase:cornerWest {} ."
    " bd:serviceParam wikibase:cornerEast {} }}"
)
CORNERS = WEST_EAST.replace("West {}", "SouthWest {}").replace("cornerEast", "cornerNorthEast")


def _places() -> set[Triple]:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PRESET.items())
    return {quad.triple for quad in parse(head + PLACES, format=RdfFormat.TURTLE)}


@pytest.fixture(scope="module")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_with(tmp_path_factory.mktemp("places"), _places())


def point(longitude: float, latitude: float) -> str:
    return f'"Point({longitude} {latitude})"^^geo:wktLiteral'


@pytest.mark.parametrize(
    ("group", "found"),
    [
        (f"{CENTRE} {AROUND.format('?centre', 100)}", "Q64 Q9686"),
        (f"{CENTRE}\n{AROUND.format('?centre', 7)}", "Q64"),
        (f"wd:Q64 wdt:P625 ?centre {AROUND.format('?centre', 1000)} ?place rdfs:label ?l", "Q64 Q90 Q9686"),
        (f"{CENTRE} {AROUND.format('?centre', 100)} . ?place wdt:P31/wdt:P279* wd:Q1248784", "Q9686"),
        (AROUND.format(point(2.35, 48.85), "1.5"), "Q90"),
        (f"{AROUND.format(point(2.35, 48.85), 2)} OPTIONAL {{ ?place wdt:P31 ?class }}", "Q90"),
        (f"{AROUND.format(point(13.4, 52.5), 50).replace(' }', ' ; wikibase:globe wd:Q2 }')}", "Q64 Q9686"),
        (CORNERS.format(point(2, 48), point(14, 53)), "Q64 Q90 Q9686"),
        (CORNERS.format(point(2, 48), point(13.3, 53)), "Q90 Q9686"),
        (CORNERS.format(point(2, 53), point(14, 48)), ""),
        (WEST_EAST.format(point(2, 53), point(14, 48)), "Q64 Q90 Q9686"),
        (WEST_EAST.format(point(2, 48), point(14, 53)), "Q64 Q90 Q9686"),
        (CORNERS.format(point(177, -19), point(-170, -13)), "Q36260 Q38807"),
        (f"{CENTRE} wd:Q90 wdt:P625 ?paris . {WEST_EAST.format('?paris', '?centre')}", "Q64 Q90"),
    ],
)
def test_a_search(wikidata: Engine, group: str, found: str) -> None:
    assert rows(wikidata, f"SELECT ?place {{ {group} }}") == [(each,) for each in sorted(found.split())]


def test_the_manuals_airports(wikidata: Engine) -> None:
    query = (
        f"#defaultView:Map\nSELECT ?place ?placeLabel (ROUND(?km) AS ?far) {{\n {CENTRE}\n"
        f" {AROUND.format('?centre', 100)}\n ?place wdt:P31/wdt:P279* wd:Q1248784 .\n"
        ' SERVICE wikibase:label { bd:serviceParam wikibase:language "en". }\n} ORDER BY ASC(?km)'
    )
    assert rows(wikidata, query) == [("Q9686", "Tegel@en", "8")]
    everything = query.replace("?place ?placeLabel (ROUND(?km) AS ?far)", "*").replace("ASC(?km)", "?place")
    assert set(wikidata.select(everything).variables) == {"centre", "place", "where", "km"}


def test_points(wikidata: Engine) -> None:
    said = "SELECT (geof:globe(?x) AS ?globe) (geof:longitude(?x) AS ?lon) { wd:%s wdt:P625 ?x }"
    assert rows(wikidata, said % "Q1423") == [("Q405", "13.4")]
    assert rows(wikidata, said % "Q90") == [("", "2.352222222")]
    far = "SELECT (ROUND(geof:distance(?x, ?y)) AS ?km) { wd:Q64 wdt:P625 ?x . wd:Q90 wdt:P625 ?y }"
    assert rows(wikidata, far) == [("876",)]


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (AROUND.format("?centre", 100), "line 1, column 95: [?]centre has no value here"),
        (f"{AROUND.format('?centre', 100)} {CENTRE}", "[?]centre has no value here: put what gives it"),
        (f"{CENTRE} {{ {AROUND.format('?centre', 100)} }}", "[?]centre has no value here"),
        (f"?s ?p ?o FILTER(?centre) {AROUND.format('?centre', 100)}", "[?]centre has no value here"),
        (AROUND.format(point(1, 2), "near"), "the radius is a number of kilometres"),
        (
            AROUND.format(point(1, 2), 5).replace(" wikibase:radius", " wikibase:diameter"),
            "has no parameter wikibase:dia",
        ),
        (AROUND.format(point(1, 2), 5).replace("?km", '"km"'), "names a variable"),
        (AROUND.format(point(1, 2), 5).replace("?km", "?km ; wikibase:globe wd:Q405"), "on the Earth only"),
        (AROUND.format(point(1, 2), 5).replace("?where .", "?where . ?place wdt:P31 wd:Q5 ."), "takes one triple"),
        (AROUND.format(point(1, 2), 5).replace("?place", "wd:Q64"), "takes one triple"),
        ('SERVICE wikibase:around { bd:serviceParam wikibase:radius "1" }', "takes one triple"),
        (
            'SERVICE wikibase:around { ?a wdt:P625 ?b . bd:serviceParam wikibase:radius "1" }',
            "needs .* wikibase:center",
        ),
        ("SERVICE wikibase:box { ?a wdt:P625 ?b }", "needs .* wikibase:cornerSouthWest"),
        (WEST_EAST.format(point(1, 2), "?nowhere"), "[?]nowhere has no value here"),
    ],
)
def test_a_search_that_cannot_be_meant_is_refused(group: str, said: str) -> None:
    with pytest.raises(UntranslatableError, match=said):
        translated(f"SELECT * {{ {group} }}")
