"""``wdt:`` where the records are parts of entities: what is known is not passed over in silence."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from small_store import quads
from small_wikidata import engine_with, rows

from graph.engine import Engine, open_engine
from graph.namespaces import GRAPH_SLICES, GRAPH_WIKIDATA, cq, term
from graph.sources import SOURCES
from graph.store import write
from graph.wikidata.querying.engine import OnSlices
from graph.wikidata.querying.names import UntranslatableError
from graph.wikidata.querying.prefixes import PRESET

RECORDS = """
wd:Q1 p:P39 wds:Q1-part . wds:Q1-part ps:P39 wd:Q2 ; pq:P580 "2017-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q1 p:P569 wds:Q1-normal . wds:Q1-normal ps:P569 "1950-01-01T00:00:00Z"^^xsd:dateTime ;
  wikibase:rank wikibase:NormalRank .
wd:Q3 p:P17 wds:Q3-best ; wdt:P17 wd:Q4 . wds:Q3-best a wikibase:BestRank ; ps:P17 wd:Q4 ;
  wikibase:rank wikibase:NormalRank .
wd:Q1 p:P17 wds:Q1-state . wds:Q1-state ps:P17 wd:Q5 .
wd:Q3 p:P22 wds:Q3-wrong . wds:Q3-wrong ps:P22 wd:Q1 ; wikibase:rank wikibase:DeprecatedRank .
wd:Q3 p:P26 wds:Q3-none ; a wdno:P26 . wds:Q3-none a wdno:P26, wikibase:BestRank ;
  wikibase:rank wikibase:NormalRank .
"""


@pytest.fixture(scope="module")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return _engine(tmp_path_factory.mktemp("parts"))


def _engine(folder: Path) -> Engine:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PRESET.items())
    return engine_with(folder, {quad.triple for quad in parse(head + RECORDS, format=RdfFormat.TURTLE)})


@pytest.mark.parametrize(
    ("query", "place", "way"),
    [
        ("SELECT * { ?who wdt:P39 ?office }", 17, "P39"),
        (
            "SELECT * { ?who wdt:P17 ?state\n OPTIONAL { ?who <http://www.wikidata.org/prop/direct/P569> ?born } }",
            18,
            "P569",
        ),
        ("SELECT * WITH { SELECT ?who { ?who ps:P39|wdt:P39 ?office } } AS %a { INCLUDE %a }", 71, "P39"),
        (
            'SELECT * { SERVICE wikibase:around { ?x wdt:P569 ?y . bd:serviceParam wikibase:center "Point(1 2)" ;'
            ' wikibase:radius "5" } }',
            41,
            "P569",
        ),
        ("PREFIX d: <http://www.wikidata.org/prop/direct/> ASK { ?who d:P17/d:P39* ?office }", 67, "P39"),
    ],
)
def test_what_is_known_without_rank_is_not_asked_by_best_rank(
    wikidata: Engine, query: str, place: int, way: str
) -> None:
    with pytest.raises(UntranslatableError, match=rf"^line \d, column {place}: .*{way} .* ask by p:{way}/ps:{way}$"):
        wikidata.respond(query, "application/sparql-results+json")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?who { ?who p:P39/ps:P39 ?office }", [("Q1",)]),
        ("SELECT ?who { ?who wdt:P17 ?state }", [("Q3",)]),
        ("SELECT ?who { ?who wdt:P22 ?father }", []),
        ("SELECT ?who { ?who p:P26 ?s ; a wdno:P26 FILTER NOT EXISTS { ?who wdt:P26 ?spouse } }", [("Q3",)]),
        ("SELECT ?who { ?who wdt:P4000 ?anything }", []),
        ("SELECT ?who { ?who p:P39 ?s FILTER NOT EXISTS { ?who rdfs:label 'wdt:P39' } } # wdt:P39", [("Q1",)]),
    ],
)
def test_other_queries_are_answered(wikidata: Engine, query: str, expected: list[tuple[str, ...]]) -> None:
    assert rows(wikidata, query) == expected


def test_graphs_of_the_senders_own_are_asked_as_they_are(wikidata: Engine) -> None:
    assert rows(wikidata, "SELECT ?who FROM <https://example.org/other> { ?who wdt:P39 ?office }") == []


@pytest.mark.parametrize(
    ("more", "is_told"),
    [
        ("", True),
        ("wd:Q1 wikibase:statements 4 .", False),
        ("wds:Q1-state a wikibase:BestRank .", False),
        ("wds:Q1-state wikibase:rank wikibase:DeprecatedRank .", False),
    ],
)
def test_a_part_of_an_entity_makes_answers_incomplete_unless_the_whole_is_here_too(
    tmp_path: Path, more: str, is_told: bool
) -> None:
    store = Store()
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PRESET.items())
    store.load(head + RECORDS + more, format=RdfFormat.TURTLE, to_graph=GRAPH_WIKIDATA)
    part = NamedNode("https://example.org/part")
    store.add(Quad(part, cq("isPartial"), Literal(True), GRAPH_SLICES))
    store.add(Quad(part, cq("sliceOf"), term("wd:Q1"), GRAPH_SLICES))
    write(tmp_path, [*quads(), *store], inputs="by hand", counts={}, sources=dict.fromkeys(SOURCES))
    slices = OnSlices(open_engine(tmp_path))
    assert slices.incomplete("SELECT * { ?who wdt:P17 ?state ; wdt:P26 ?spouse }") == (("P17",) if is_told else ())
    assert slices.incomplete("SELECT * { ?who p:P17/ps:P17 ?state }") == ()
