"""The label service within SERVICE <…/sparql>: what it gives depends on what the query around it names."""

import pytest
from small_wikidata import rows, store_with, world
from stand_in_site import StandIn, serving

from graph.engine import Engine, open_engine
from graph.limits import Limits
from graph.reach.allowed import Reach
from graph.reach.client import Client
from graph.reach.engine import Reaching
from graph.wikidata.querying.engine import WITH_LABELS, OnSlices
from graph.wikidata.querying.names import UntranslatableError

LABEL = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "en" }'
HORSE = ("Q911", "Bucephalus@en")
"""The one horse of the small world, with its name."""


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_engine(store_with(tmp_path_factory.mktemp("labelled"), world()))


@pytest.fixture(scope="module")
def offline(behind: Engine) -> Engine:
    return Reaching(behind, Reach(Client(Limits())), OnSlices(behind))


def written(query: str) -> str:
    """A query with ``HORSES``, the horses and the label service, written out."""
    return query.replace("HORSES", f"SERVICE <{WITH_LABELS}> {{ ?x wdt:P31 wd:Q726 . {LABEL} }}")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x ?xLabel { HORSES }",
        "SELECT ?x ?xLabel WHERE { HORSES FILTER(BOUND(?xLabel)) }",
        "SELECT ?x (?xLabel AS ?name) { HORSES }",
        "SELECT * { HORSES FILTER(STRLEN(?xLabel) > 1) }",
        "SELECT ?x ?xLabel { { SELECT ?x ?xLabel { HORSES } } }",
        "SELECT ?x ?xLabel { { HORSES } UNION { VALUES (?x ?xLabel) { } } }",
        "SELECT ?x ?xLabel { { VALUES (?x ?xLabel) { } } UNION { } UNION { HORSES } FILTER(BOUND(?x)) }",
        "SELECT ?x ?xLabel { HORSES OPTIONAL { HORSES } }",
        "SELECT ?x (SAMPLE(?xLabel) AS ?name) { HORSES } GROUP BY ?x",
        "SELECT * { HORSES BIND(?xLabel AS ?y) FILTER(?y = ?y) }",
    ],
)
def test_a_label_that_the_query_uses_is_given(offline: Engine, query: str) -> None:
    assert {row[:2] for row in rows(offline, written(query))} == {HORSE}


def test_in_the_template_of_a_construct_it_is_used_too(offline: Engine) -> None:
    (made,) = offline.construct(written("CONSTRUCT { ?x <http://example.org/called> ?xLabel } WHERE { HORSES }"))
    assert made.object.value == "Bucephalus"


def test_one_that_has_a_value_without_the_label_service_keeps_it(offline: Engine) -> None:
    query = 'SELECT ?x ?xLabel { VALUES ?xLabel { "ours" } HORSES }'
    assert rows(offline, written(query)) == [(HORSE[0], "ours")]


def test_what_is_named_or_not_wanted_needs_no_name_around_it(offline: Engine) -> None:
    assert rows(offline, written("SELECT ?x { HORSES }")) == [(HORSE[0],)]
    inner = written("SELECT ?x { HORSES }").replace("{ ?x wdt", "{ SELECT ?x { ?x wdt").replace("} } }", "} } } }")
    assert rows(offline, inner) == [(HORSE[0],)]
    named = LABEL.replace("}", "; . ?x rdfs:label ?xLabel }").replace("; .", ".")
    assert rows(offline, written("SELECT * { HORSES }").replace(LABEL, named)) == [HORSE]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {\n HORSES }",
        "SELECT * { {\n HORSES } }",
        f"SELECT ?x ?xLabel {{ SERVICE <{WITH_LABELS}> {{ SELECT * {{\n ?x wdt:P31 wd:Q726 . {LABEL} }} }} }}",
        f"SELECT ?x ?xLabel {{ SERVICE <{WITH_LABELS}> {{ SELECT ?x {{\n ?x wdt:P31 wd:Q726 . {LABEL} }} }} }}",
        f"SELECT ?x ?yLabel {{ SERVICE <{WITH_LABELS}> {{ SELECT ?x ?xLabel ?y {{\n ?x wdt:P31 ?y . {LABEL} }} }} }}",
    ],
)
def test_where_no_label_is_named_there_is_a_clear_error_and_no_empty_cell(offline: Engine, query: str) -> None:
    said = r"^line 2, column \d+: the SELECT names no label .* or write here \?x rdfs:label \?xLabel$"
    with pytest.raises(UntranslatableError, match=said):
        offline.select(written(query))


def test_the_service_itself_is_asked_for_the_same(behind: Engine) -> None:
    with serving(StandIn(triples=[])) as site:
        url = f"{site.url}/sparql"
        client = Client(Limits(), addresses=lambda _: True, contact="me@example.org")
        live = Reaching(behind, Reach(client, (url,)), OnSlices(behind, frozenset((url,))))
        live.select(written("SELECT ?x ?xLabel ?yLabel { HORSES }").replace(WITH_LABELS, url))
        (asked,) = site.asked
    head = asked.parameters()["query"].partition("WHERE")[0]
    assert head.split()[-3:] == ["SELECT", "?x", "?xLabel"]
