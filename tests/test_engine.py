"""The embedded engine: answers, errors, streams, and what is refused before evaluation."""

import threading
from pathlib import Path

import pytest
from patience import DEADLINE
from pyoxigraph import Literal, NamedNode

from graph.engine import (
    Cancellation,
    CancelledError,
    Engine,
    QueryEvaluationError,
    QuerySyntaxError,
    ServiceRefusedError,
    UnwritableError,
    open_engine,
)
from graph.engine.stream import BLOCK, BLOCKS_WAITING, THREAD, Stream
from graph.engine.text.complexity import refuse_complexity
from graph.engine.text.faults import excerpt
from graph.engine.text.guard import refuse_service
from graph.engine.text.lexer import query_form
from graph.engine.xml import Checked
from graph.limits import Limits
from graph.namespaces import GRAPH_AUTHORITY, prologue
from graph.saved_query import SavedQuery, catalogue
from graph.store import NoStoreError

ENDLESS = "{ " + " ".join(f"VALUES ?x{n} {{ {' '.join(map(str, range(200)))} }}" for n in range(6)) + " }"
SLOW = "{ " + " ".join(f"VALUES ?x{n} {{ {' '.join(map(str, range(200)))} }}" for n in range(3)) + " }"
LIMITS = Limits()


def test_select_gives_variables_and_rows(engine: Engine) -> None:
    found = engine.select(
        prologue("state", "skos") + "SELECT ?name { state:japan skos:prefLabel ?name } ORDER BY ?name"
    )
    assert found.variables == ("name",)
    assert Literal("Japan", language="en") in [row[0] for row in found.rows]


def test_unbound_variables_are_none(engine: Engine) -> None:
    assert engine.select("SELECT ?x ?y { BIND(1 AS ?x) }").rows[0][1] is None


def test_ask_and_construct(engine: Engine) -> None:
    assert engine.ask("ASK {}")
    assert not engine.ask("ASK { <http://nobody/> ?p ?o }")
    (triple,) = engine.construct("CONSTRUCT { <http://s/> <http://p/> 1 } WHERE {}")
    assert triple.predicate == NamedNode("http://p/")


@pytest.mark.parametrize("method", ["select", "ask", "construct"])
def test_the_wrong_kind_of_query_is_an_error(engine: Engine, method: str) -> None:
    query = "ASK {}" if method != "ask" else "SELECT * {}"
    with pytest.raises(QuerySyntaxError, match="expected"):
        list(getattr(engine, method)(query))


def test_a_syntax_error_has_its_place(engine: Engine) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        engine.select("SELECT *\n{ ?s ?p }")
    assert (caught.value.line, caught.value.column) == (2, 10)


def test_a_call_of_an_unknown_function_has_no_value(engine: Engine) -> None:
    assert engine.select("SELECT (<http://f/>(1) AS ?x) (1 AS ?y) {}").rows[0][0] is None
    assert engine.select("SELECT ?s { ?s ?p ?o FILTER (<http://f/>(?o)) }").rows == ()


def test_a_folder_without_a_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoStoreError, match="communique build"):
        open_engine(tmp_path)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select * {}", "SELECT"),
        ("PREFIX ask: <http://select/> # CONSTRUCT\nDESCRIBE ask:x", "DESCRIBE"),
        ("BASE <http://b/> CONSTRUCT WHERE {}", "CONSTRUCT"),
        ("ASK{}", "ASK"),
    ],
)
def test_query_form(query: str, form: str) -> None:
    assert query_form(query) == form


@pytest.mark.parametrize("text", ["", "# SELECT", "INSERT DATA {}", "PREFIX select: <http://e/>"])
def test_what_is_no_query_has_no_form(text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        query_form(text)


@pytest.mark.parametrize(
    ("media_type", "start"),
    [
        ("application/sparql-results+json", b'{"head"'),
        ("application/sparql-results+xml", b"<?xml"),
        ("text/csv", b"x\r\n1\r\n"),
        ("text/tab-separated-values", b"?x\n1\n"),
    ],
)
def test_solutions_in_every_format(engine: Engine, media_type: str, start: bytes) -> None:
    response = engine.respond("SELECT (1 AS ?x) {}", media_type)
    assert response.version == engine.version
    assert b"".join(response.body).startswith(start)


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_graphs_in_every_format(engine: Engine, media_type: str) -> None:
    query = "CONSTRUCT { <http://s/> <http://p/q> 1 } WHERE {}"
    assert media_type in engine.formats(query)
    assert b"http://s/" in b"".join(engine.respond(query, media_type).body)


def answer(engine: Engine, query: str, default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> str:
    return b"".join(engine.respond(query, "text/csv", default, named).body).decode()


def test_given_graphs_are_the_whole_dataset(engine: Engine) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    everything, authority = answer(engine, query), answer(engine, query, (GRAPH_AUTHORITY.value,))
    assert 0 < int(authority.split()[1]) < int(everything.split()[1])
    assert answer(engine, query, ("http://nowhere/",)).split()[1] == "0"
    assert answer(engine, query, (), (GRAPH_AUTHORITY.value,)).split()[1] == "0"
    graphs = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert answer(engine, graphs, (), (GRAPH_AUTHORITY.value,)).split()[1:] == [GRAPH_AUTHORITY.value]


def test_an_error_before_the_first_bytes_is_raised_at_once(engine: Engine) -> None:
    with pytest.raises(QuerySyntaxError):
        engine.respond("SELECT (1 AS ?x {}", "text/csv")


def query_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == THREAD]


def test_closing_the_body_stops_the_query(engine: Engine) -> None:
    before = query_threads()
    body = engine.respond(f"SELECT * {ENDLESS}", "text/csv").body
    assert len(next(iter(body))) >= BLOCK
    (thread,) = [each for each in query_threads() if each not in before]
    body.close()
    thread.join(DEADLINE)
    assert not thread.is_alive()
    with pytest.raises(CancelledError):
        next(iter(body))


def test_cancelling_wakes_who_waits_for_the_first_bytes(engine: Engine) -> None:
    cancellation = Cancellation()
    timer = threading.Timer(0.05, cancellation.cancel)
    timer.start()
    with pytest.raises(CancelledError):
        engine.respond(f"SELECT (COUNT(*) AS ?n) {SLOW}", "text/csv", cancellation=cancellation)


def test_a_late_listener_is_told_at_once() -> None:
    cancellation, told = Cancellation(), []
    cancellation.cancel()
    cancellation.on_cancel(lambda: told.append(True))
    assert told == [True]


def test_an_error_midway_comes_after_the_bytes_before_it() -> None:
    def write(output: object) -> None:
        output.write(b"x" * BLOCK)  # type: ignore[attr-defined]
        raise RuntimeError("midway")

    body = Stream(write, Cancellation())
    assert next(body) == b"x" * BLOCK
    with pytest.raises(RuntimeError, match="midway"):
        next(body)


def test_a_slow_reader_holds_the_writer_back() -> None:
    written = 0

    def write(output: object) -> None:
        nonlocal written
        for _ in range(10 * BLOCKS_WAITING):
            output.write(b"x" * BLOCK)  # type: ignore[attr-defined]
            written += 1

    body = Stream(write, Cancellation())
    assert sum(map(len, body)) == 10 * BLOCKS_WAITING * BLOCK
    assert written == 10 * BLOCKS_WAITING
    written = 0
    body = Stream(write, Cancellation())
    next(body)
    assert written <= BLOCKS_WAITING + 2
    body.close()


TRAP = "http://127.0.0.1:9/"
REACHING_OUT = [
    "SELECT * { SERVICE <%s> {} }",
    "SELECT * { service silent <%s> {} }",
    "SELECT * { {}SeRvIcE<%s>{} }",
    "SELECT * { SERVICESILENT<%s>{} }",
    "SELECT * { ?s ?p 1SERVICE<%s>{} }",
    "SELECT * { ?s ?p trueSERVICE<%s>{} }",
    "SELECT * { ?s ?p 1.SERVICE<%s>{} }",
    "SELECT * { VALUES ?u { <%s> } SERVICE ?u {} }",
    "SELECT * { SERVICE # <\n <%s> {} }",
    "PREFIX : <%s> SELECT * { SERVICE:x {} }",
    "PREFIX : <%s> SELECT * { ?s ?p 1SERVICE:x {} }",
    "PREFIX SERVICE: <%s> SELECT * { SERVICE:x {} }",
    "PREFIX : <%s> SELECT * { FILTER(?s<?o)SERVICE:x#>\n{} }",
    "SELECT * { FILTER(?a<?b#>'''\n) SERVICE <%s> {} #'''\n }",
    "SELECT * { FILTER(EXISTS{}<?b#>'''\n) SERVICE <%s> {} #'''\n }",
    "SELECT * { FILTER(?a<?b&&?c!='x>')  SERVICE <%s> {} FILTER(?d='') }",
    "SELECT * { ?s <http://p/a\\u0027> ?o . SERVICE <%s> {} #'\n }",
    "SELECT * { VALUES ?x { '''a'} SERVICE <%s> {} }",
    "PREFIX p: <http://p/> SELECT * { ?s p:a\\' ?o . SERVICE <%s> {} #'\n }",
    "SELECT * { { SELECT * { SERVICE <%s> {} } } }",
    "ASK { OPTIONAL { GRAPH ?g { SERVICE <%s> {} } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <%s> { ?s ?p ?o } }",
]
INNOCENT = [
    "SELECT ?service { ?service ?p 'SERVICE <x> {}' }",
    "SELECT * { ?s <http://e/service> ?o } # SERVICE <x> {}",
    "PREFIX service: <http://e/> SELECT * { service:a service:b service:c GRAPH service:g { ?s ?p ?o } }",
    "PREFIX e: <http://e/> SELECT * { e:service e:SERVICE (<http://a/service> <http://b/service#service>) }",
    "SELECT * { VALUES (?a ?b) { (<http://a/> <http://b/service>) } }",
    "PREFIX service: <http://e/> SELECT * FROM service:x { ?s ?p ?o }",
    "PREFIX service: <http://e/> DESCRIBE ?x service:x { ?x ?p ?o }",
    "SELECT * { ?s ?p '''a ' SERVICE '' x''', \"\"\"SERVICE \"\"\", 'x'@service }",
    "SELECT * { ?s (<http://a/service>|<http://b/service>)/<http://c/service> ?o }",
    'SELECT * { _:service ?p ?o FILTER(?o < 3 || ?o > 4 || STR(?o) = "service") }',
]


@pytest.mark.parametrize("query", REACHING_OUT)
def test_service_is_refused_however_it_is_written(engine: Engine, query: str) -> None:
    with pytest.raises(ServiceRefusedError):
        engine.select(query % TRAP)


@pytest.mark.parametrize("query", INNOCENT)
def test_the_word_service_is_innocent_elsewhere(engine: Engine, query: str) -> None:
    refuse_service(query)
    assert b"".join(engine.respond(query, engine.formats(query)[0]).body)


DEEP = {
    "groups": "SELECT * " + "{" * 3000 + "}" * 3000,
    "parentheses": "SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ")}",
    "signs": "SELECT * { FILTER(" + "!" * 10_000 + "1)}",
    "sum": "SELECT * { FILTER(1" + "+1" * 10_000 + ")}",
    "differences": "SELECT * { FILTER(1" + " - 1" * 10_000 + ")}",
    "differences in one word": "SELECT * { FILTER(1" + "-1" * 70_000 + ")}",
    "differences in a language": "SELECT ('a'@en-" + "-1" * 10_000 + " AS ?x) {}",
    "alternatives": "SELECT * { FILTER(1" + "||1" * 10_000 + ")}",
    "hidden in less than": "SELECT * { FILTER(?a<?b" + "+1" * 10_000 + "+?c>2)}",
    "unions": "SELECT * { {}" + " UNION {}" * 10_000 + "}",
    "minus": "SELECT * { " + " MINUS {}" * 3000 + "}",
    "bindings": "SELECT * { " + " ".join(f"BIND(1 AS ?x{n})" for n in range(3000)) + "}",
    "blank nodes": "SELECT * { ?s ?p " + "[ ?p " * 1000 + "1" + "]" * 1000 + " }",
    "described": "DESCRIBE " + "<a:b> " * 3200,
    "order": "SELECT * {} ORDER BY " + "(1)" * 3000,
    "patterns": "SELECT * { " + "?s ?p ?o . " * 10_000 + "}",
    "patterns of one letter": "SELECT * { " + "1a1." * 1000 + "}",
    "objects": "SELECT * { ?s ?p 1" + ",1" * 60_000 + " }",
    "predicates": "SELECT * { ?s ?p 1" + ";?p 1" * 1000 + " }",
    "collection": "SELECT * { ?s ?p (" + "1 " * 5000 + ") }",
    "collection in one word": "SELECT * { ?s ?p (" + "-1" * 5000 + ") }",
    "collection of signed numbers": "SELECT * { ?s ?p (" + "+1" * 900 + ") }",
    "annotations": "SELECT * { ?s ?p ?o " + "{| ?p ?o " * 101 + "|}" * 101 + " }",
    "groups of patterns": "SELECT * { " + "{ ?s ?p ?o }" * 200 + " }",
    "projected": "SELECT " + " ".join(f"(1 AS ?x{n})" for n in range(4000)) + " {}",
    "data": "SELECT * { VALUES ?x { " + "1 " * (LIMITS.query_data + 1) + "} }",
}
HIDDEN = {
    "a comment": "SELECT * { FILTER(?a<?b#>'''\n) " + "?s ?p ?o . " * 10_000 + " #'''\n }",
    "the end of a list": "SELECT * { FILTER(1 IN (?a<?f)>2)) " + "?s ?p ?o . " * 10_000 + " }",
    "a triple term": "SELECT * { <<?s?p'a>>'>> ?q ?r . " + "?s ?p ?o . " * 10_000 + "#'\n }",
    "brackets": "SELECT * { FILTER(?a<" + "(" * 5000 + "1" + ")" * 5000 + ">2) }",
}


@pytest.mark.parametrize("query", DEEP.values(), ids=DEEP)
def test_what_would_overflow_the_stack_is_refused(engine: Engine, query: str) -> None:
    with pytest.raises(QueryEvaluationError, match="divide the query"):
        engine.respond(query, engine.formats(query)[0])


@pytest.mark.parametrize("query", HIDDEN.values(), ids=HIDDEN)
def test_what_hides_behind_less_than_is_refused(engine: Engine, query: str) -> None:
    with pytest.raises(QuerySyntaxError, match="put a space"):
        engine.respond(query, "text/csv")


@pytest.mark.parametrize("data", ["VALUES (?x ?y) { %s }" % ("(<http://a/b-c#d> 1) " * 50_000), "VALUES ?x { %s }"])
def test_much_data_is_no_complexity(engine: Engine, data: str) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ {data.replace('%s', '1 ' * 100_000)} }}"
    refuse_complexity(query)
    assert int(answer(engine, query).split()[1]) >= 50_000


def test_a_long_list_is_no_complexity(engine: Engine) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ FILTER(1 IN ({', '.join(map(str, range(50_000)))})) }}"
    assert answer(engine, query).split()[1] == "1"


def test_what_passes_is_answered_on_the_thread_of_a_query(engine: Engine) -> None:
    for query in (
        "DESCRIBE " + "<a:b> " * (1900 // 2),
        "SELECT * {} ORDER BY " + "(1)" * 660,
        "SELECT * { " + "?s ?p ?o . " * 99 + "}",
        "SELECT * " + "{" * LIMITS.query_depth + "}" * LIMITS.query_depth,
    ):
        assert engine.respond(query, engine.formats(query)[0]).body


@pytest.mark.parametrize("query", catalogue().values(), ids=catalogue())
def test_saved_queries_pass_with_a_margin(query: SavedQuery) -> None:
    joins, parts, depth = LIMITS.query_joins * 3 // 4, LIMITS.query_parts * 9 // 10, LIMITS.query_depth // 10
    refuse_complexity(query.text, Limits(query_joins=joins, query_parts=parts, query_depth=depth))


@pytest.mark.parametrize(
    "limits", [Limits(query_joins=5), Limits(query_parts=20), Limits(query_depth=3), Limits(query_data=4)]
)
def test_what_is_too_much_is_set_by_limits(limits: Limits) -> None:
    query = "SELECT * { { { { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } } } VALUES ?x { 1 2 3 4 5 } }" + " " * 200
    refuse_complexity(query)
    with pytest.raises(QueryEvaluationError, match="at most"):
        refuse_complexity(query, limits)


IMPOSSIBLE_XML = [
    ("SELECT ('a\\u0001' AS ?x) {}", "application/sparql-results+xml"),
    ("SELECT ('a\\uFFFE' AS ?x) {}", "application/sparql-results+xml"),
    ("CONSTRUCT { <http://s/> <http://p/> 1 } WHERE {}", "application/rdf+xml"),
    ("CONSTRUCT { <http://s/> <http://p/x> '\\u0001' } WHERE {}", "application/rdf+xml"),
    ("CONSTRUCT { <http://s/> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 1 } WHERE {}", "application/rdf+xml"),
]


@pytest.mark.parametrize(("query", "media_type"), IMPOSSIBLE_XML)
def test_what_xml_cannot_express_is_an_error_before_the_first_byte(
    engine: Engine, query: str, media_type: str
) -> None:
    with pytest.raises(UnwritableError, match="cannot express"):
        engine.respond(query, media_type)


def test_what_xml_cannot_express_far_on_breaks_the_body_off(engine: Engine) -> None:
    rows = "'x' " * 50_000 + "'a\\u0001'"
    body = engine.respond(f"SELECT * {{ VALUES ?x {{ {rows} }} }}", "application/sparql-results+xml").body
    with pytest.raises(UnwritableError):
        b"".join(body)


def test_impossible_xml_is_found_on_the_border_of_blocks() -> None:
    check = Checked()
    check(b"x\xef\xbf")
    with pytest.raises(UnwritableError):
        check(b"\xbey")


@pytest.mark.parametrize(
    ("query", "said", "place"),
    [
        ("SELECT *\n{ ?s foo:bar ?o }", "'foo:' is not declared", (2, 6)),
        ("SELECT * { ?s :x ?o }", "PREFIX : <", (1, 15)),
        ("SELECT * { FILTER(cq:f(?o)) }", "PREFIX cq: <https://w3id.org/communique/vocab#>", (1, 19)),
        ("SELECT * {'𝒜𝒜' ?p }", "cannot be read from here on", (1, 19)),
        ("SELECT * {", "while a bracket is open", (1, 11)),
        ("SELECT ?x (1 AS ?x) {}", "Duplicated variable name", (1, 23)),
        ("SELECT * { ?s <rel> ?o }", "no absolute IRI", (1, 20)),
        ("SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }", "to its end", (1, 41)),
    ],
)
def test_a_syntax_error_is_said_in_words(engine: Engine, query: str, said: str, place: tuple[int, int]) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        engine.select(query)
    message, line, caret = str(caught.value).split("\n")
    assert said in message
    assert "[" not in message
    assert (caught.value.line, caught.value.column) == place
    assert line == query.split("\n")[place[0] - 1]
    assert caret == " " * (place[1] - 1) + "^"


def test_of_a_long_line_what_stands_around_the_place_is_shown() -> None:
    shown, caret = excerpt("x" * 500 + "!" + "y" * 500, 1, 501).split("\n")
    assert len(shown) < 120
    assert shown[caret.index("^")] == "!"


def test_a_query_of_many_readings_is_read_in_bounded_time() -> None:
    with pytest.raises(QuerySyntaxError, match="spaces around"):
        refuse_service("SELECT * { FILTER(" + "?a<?b(>?c " * 3000 + ") 'service'")


def test_a_long_run_of_signs_is_read_in_linear_time() -> None:
    refuse_service("SELECT * { " + "-" * 300_000 + " service:x")
    refuse_service("'" * 299_999 + "\n' service:x '")
