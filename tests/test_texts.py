"""Texts of queries and updates before they are run: what the grammar forbids, what no engine knows, what is moved."""

import pytest
from pyoxigraph import NamedNode, Store

from graph.engine import QuerySyntaxError
from graph.engine.functions import query
from graph.engine.text.grammar import refuse_lax
from graph.engine.text.rewriting import with_base

FORBIDDEN = [
    ("SELECT (COUNT(COUNT(*)) AS ?c) {}", (1, 15)),
    ("SELECT (sum(1 + (MAX(?x) * 2)) AS ?c)\n{}", (1, 18)),
    ("SELECT ?x { ?x ?p ?o } GROUP BY ?x\nHAVING (MIN(COALESCE(SAMPLE(?o), 1)) > 2)", (2, 22)),
    ("SELECT * { BIND(<<( <<( ?s ?p ?o )>> ?q ?z )>> AS ?x) }", (1, 21)),
    ("SELECT * { BIND(<<( 'a' ?q ?z )>> AS ?x) }", (1, 21)),
    ("SELECT * { FILTER(?x = <<(1 ?q ?z)>>) }", (1, 27)),
]
ALLOWED = [
    "SELECT (COUNT(?x) AS ?c) (MAX(?x) + MIN(?y) AS ?d) {}",
    "SELECT (COUNT(?count) AS ?c) (SUM(?max) AS ?d) {}",
    "SELECT (COUNT(EXISTS { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }) AS ?c) {}",
    "SELECT ('COUNT(COUNT(*))' AS ?c) (MAX(?x) AS ?d) {} # SUM(SUM(?x))",
    "SELECT * { <<( <<( ?s ?p ?o )>> ?q ?z )>> ?r 1 }",
    "SELECT * { ?s ?p ( <<( ?a ?b 'c' )>> ) BIND(<<( ?s ?p <<( ?s ?p 'o' )>> )>> AS ?x) }",
    "SELECT * { VALUES ?x { <<( <x:s> <x:p> 'o' )>> } }",
]


@pytest.mark.parametrize(("text", "place"), FORBIDDEN)
def test_what_the_grammar_forbids_is_refused_where_it_stands(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        refuse_lax(text)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize("text", ALLOWED)
def test_what_only_looks_like_it_is_let_pass(text: str) -> None:
    refuse_lax(text)
    Store().query(text)


def test_a_function_that_nobody_knows_has_no_value() -> None:
    store = Store()
    text = "SELECT (<x:f>(1) AS ?f) (COALESCE(<x:g>(), 'else') AS ?g) (<x:f>(2) AS ?h) {}"
    (row,) = query(store, text)
    assert (row["f"], row["g"].value, row["h"]) == (None, "else", None)
    assert not list(query(store, "SELECT * { VALUES ?x { 1 2 } FILTER(!<x:f>(?x)) }"))
    known = "<http://www.w3.org/2001/XMLSchema#date>('2000-01-01')"
    assert bool(query(store, f"ASK {{ BIND({known} AS ?d) BIND(<x:f>() AS ?f) FILTER(BOUND(?d)) }}"))


def test_the_graphs_of_a_query_are_kept_where_a_function_is_not_known() -> None:
    store = Store()
    store.update("INSERT DATA { <x:s> <x:p> 1 GRAPH <x:g> { <x:s> <x:p> 2, 3 } }")
    found = query(store, "SELECT ?o { ?s ?p ?o BIND(<x:f>(?o) AS ?y) }", default_graph=[NamedNode("x:g")])
    assert sorted(row["o"].value for row in found) == ["2", "3"]


def test_too_many_unknown_functions_are_an_error() -> None:
    calls = " ".join(f"(<x:f{n}>() AS ?v{n})" for n in range(30))
    with pytest.raises(RuntimeError, match="not supported"):
        query(Store(), f"SELECT {calls} {{}}")


@pytest.mark.parametrize(
    "text", ["ASK {}", "SELECT * { <x:s> ?p ?o FILTER(?o < 3 && ?o > 1) }", "ASK { ?s ?p 'IRI' }"]
)
def test_a_query_without_relative_iris_stays_as_it_is(text: str) -> None:
    assert with_base(text, "http://b/").text == text


@pytest.mark.parametrize("text", ["ASK { <s> ?p ?o }", "ASK { <> ?p ?o }", "ASK { BIND(iri ('x') AS ?x) }"])
def test_relative_iris_get_the_base(text: str) -> None:
    assert with_base(text, "http://b/").text == f"BASE <http://b/> {text}"
