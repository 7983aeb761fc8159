"""The guard: what would reach out is refused in every spelling, and nothing else is."""

import time
from collections.abc import Iterator
from contextlib import suppress

import hostile
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.engine import QueryEvaluationError, QuerySyntaxError, ServiceRefusedError
from graph.engine.text.complexity import refuse_complexity
from graph.engine.text.guard import LoadRefusedError, refuse_reach, refuse_service
from graph.limits import Limits

REFUSED = (ServiceRefusedError, LoadRefusedError)
SECONDS = 60


@pytest.fixture(scope="module")
def trap() -> Iterator[hostile.Trap]:
    with hostile.Trap() as listening:
        yield listening


def store() -> Store:
    """A store in which patterns match, so that nothing is left out as useless."""
    held = Store()
    triple = (NamedNode("a:a"), NamedNode("a:b"), Literal("x"))
    held.extend([Quad(*triple), Quad(*triple, NamedNode("urn:g"))])
    return held


def hits(trap: hostile.Trap, text: str, is_update: bool) -> int:
    """How often the trap is called when Oxigraph alone evaluates a text."""
    before = trap.count()
    with suppress(SyntaxError, OSError, RuntimeError, ValueError):
        if is_update:
            store().update(text)
        else:
            answer = store().query(text)
            bool(answer) if hasattr(answer, "__bool__") else list(answer)
    return trap.count() - before


@pytest.mark.parametrize("query", hostile.REACHING)
def test_a_query_that_reaches_out_is_refused(trap: hostile.Trap, query: str) -> None:
    text = trap.set(query)
    assert hits(trap, text, is_update=False), "the query is harmless: it proves nothing"
    with pytest.raises(ServiceRefusedError, match="sends no requests"):
        refuse_service(text)
    with pytest.raises(ServiceRefusedError):
        refuse_reach(text)


@pytest.mark.parametrize("update", hostile.REACHING_UPDATES)
def test_an_update_that_reaches_out_is_refused(trap: hostile.Trap, update: str) -> None:
    text = trap.set(update)
    assert hits(trap, text, is_update=True), "the update is harmless: it proves nothing"
    with pytest.raises(REFUSED):
        refuse_reach(text)


@pytest.mark.parametrize("query", hostile.TRYING)
def test_a_query_that_is_not_refused_reaches_nothing(trap: hostile.Trap, query: str) -> None:
    try:
        refuse_service(trap.set(query))
    except ServiceRefusedError:
        return
    assert not hits(trap, trap.set(query), is_update=False)


@pytest.mark.parametrize("update", hostile.TRYING_UPDATES)
def test_an_update_that_is_not_refused_reaches_nothing(trap: hostile.Trap, update: str) -> None:
    try:
        refuse_reach(trap.set(update))
    except REFUSED:
        return
    assert not hits(trap, trap.set(update), is_update=True)


@pytest.mark.parametrize("query", hostile.INNOCENT)
def test_an_innocent_query_passes_and_is_answered(query: str) -> None:
    refuse_service(query)
    refuse_reach(query)
    assert store().query(query) is not None


@pytest.mark.parametrize("update", hostile.INNOCENT_UPDATES)
def test_an_innocent_update_passes_and_is_run(update: str) -> None:
    refuse_reach(update)
    store().update(update)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { \\u0053ERVICE <http://a/> {} }",
        "SELECT * { S\\u0045RV\\U00000049CE <http://a/> {} }",
        "SELECT * { ?s ?p '\\u0027 SERVICE <http://a/> {} #'\n }",
    ],
)
def test_escapes_are_also_read_as_the_letter_of_sparql_has_it(query: str) -> None:
    """Oxigraph takes them for errors; an engine behind ``--engine`` may resolve them first."""
    with pytest.raises(ServiceRefusedError):
        refuse_service(query)
    with pytest.raises(LoadRefusedError):
        refuse_reach("\\u004COAD <http://a/>")


def test_a_prefix_that_another_reading_declares_later_is_not_missed() -> None:
    """By the letter of SPARQL 1.1 an update may declare prefixes after each ';'; Oxigraph takes none there."""
    with pytest.raises(ServiceRefusedError):
        refuse_reach(
            "INSERT {} WHERE { FILTER(?a<?b#>'''\n) } ; PREFIX t: <http://a/> INSERT {} WHERE { FILTER(1 #'''\n)"
            " FILTER(?c<?d>?e) SERVICEt:x {} }"
        )


def test_what_is_refused_has_its_place() -> None:
    with pytest.raises(ServiceRefusedError, match="line 2, column 3"):
        refuse_service("SELECT * {\n  SERVICE <http://a/> {} }")
    with pytest.raises(LoadRefusedError, match="line 2, column 1"):
        refuse_reach("CLEAR ALL ;\nLOAD <http://a/>")


def test_many_readings_and_long_texts_are_read_in_bounded_time() -> None:
    started = time.monotonic()
    with pytest.raises(QuerySyntaxError, match="spaces around"):
        refuse_reach("SELECT * { FILTER(" + "?a<?b(>?c " * 3000 + ") 'service load'")
    for text in (
        "SELECT * { " + "-" * 300_000 + " ",
        "'" * 299_999 + "\n' x '",
        "SELECT * { " + "?s ?p p:a.b.c . " * 5000,
        "SELECT * { VALUES (?a ?b) { " + "(<http://a/b> <urn:x>) " * 5000 + "} ",
        "SELECT * { " + "'''\\x " * 20_000,
        "<<<" * 20_000 + "\\u" * 20_000,
        "PREFIX a: <b:b> " * 20_000,
    ):
        refuse_reach(f"{text} 'service load'")
    with pytest.raises(QuerySyntaxError, match="at most 1000 brackets"):
        refuse_reach("{" * 500_000 + "'service load'")
    assert time.monotonic() - started < SECONDS


def test_typed_literals_in_values_are_data_and_nothing_else_is() -> None:
    typed = '"1"^^<http://www.w3.org/2001/XMLSchema#integer> "a"@en "b"^^x:y'
    rows = f"PREFIX x: <urn:x:> SELECT * {{ VALUES (?a ?b ?c) {{ {f'({typed}) ' * 5000} }} }}"
    refuse_complexity(rows)
    assert len(list(store().query(rows))) == 5000
    with pytest.raises(QueryEvaluationError, match="at most 1000 terms"):
        refuse_complexity(rows, Limits(query_data=1000))
    with pytest.raises(QueryEvaluationError, match="at most 200000 terms"):
        refuse_complexity(f"SELECT * {{ VALUES ?a {{ {'^' * 200_001} }} }}")
    for text in (
        f"SELECT * {{ VALUES ?a {{ 1 }} ?s {'^' * 2001}<a:b> ?o }}",
        f"SELECT * {{ VALUES ?a {{ {'<<' * 2001} }} }}",
        f"SELECT * {{ FILTER(1 IN (2, EXISTS {{ ?s {'^' * 2001}<a:b> ?o }})) }}",
        "SELECT * { BIND(" + "+".join(["'1'^^<a:b>"] * 700) + " AS ?x) }",
    ):
        with pytest.raises(QueryEvaluationError, match="at most (2000 words and signs|100 patterns)"):
            refuse_complexity(text)


PIECES = (
    "'", '"', "'''", '"""', "\\", "\\x", "\\'", "\\u0027", "\\u0053", "\\uD800", "#", "#'", "\n", "\r", "\t",
    " ", "<", "<<", ">", "<<(", ")>>", "(", ")", "{", "}", "[", "]", ".", "..", ";", ",", ":", "p:", "p:a.b.",
    "a", "1", "1.", "-", "@en", "@en--", "^^", "/", "|", "=", "&&", "!", "~", "{|", "|}", "?x",
    "FILTER(?a<?b#>'\n)", "FILTER(?a<", "EXISTS{", "{}", "GRAPH", "SILENT", "VALUES ?x {'''a'}", "BASE <x>",
    "PREFIX", "é", "·", "\ufeff", "\x0b",
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, corpus: tuple[str, ...]) -> str:
    """A request of the corpus with pieces put in and taken out, and letters changed."""
    text = draw(st.sampled_from(corpus))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(text)))
        change = draw(st.sampled_from(("insert", "insert", "insert", "delete", "case", "space")))
        if change == "insert":
            text = text[:place] + draw(st.sampled_from(PIECES)) + text[place:]
        elif change == "delete":
            text = text[:place] + text[place + draw(st.integers(1, 3)) :]
        elif change == "case":
            text = text[:place] + text[place : place + 1].swapcase() + text[place + 1 :]
        else:
            text = text.replace(" ", draw(st.sampled_from(("", "\n", "#\n", "\t#>\r"))), draw(st.integers(1, 3)))
    return text


def passes_without_reaching(trap: hostile.Trap, text: str, is_update: bool) -> None:
    try:
        refuse_reach(text) if is_update else refuse_service(text)
    except ValueError:
        return
    assert not hits(trap, text, is_update), f"the guard let pass what reaches out: {trap.heard[-1:]}"


fuzzed = settings(
    max_examples=700, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@fuzzed
@given(text=mutated(hostile.REACHING))
@example(text="SELECT * { VALUES ?x { '''a' } SERVICE <http://TRAP/> {} # \\x '''\n }")
def test_no_mutation_of_a_hostile_query_gets_past(trap: hostile.Trap, text: str) -> None:
    passes_without_reaching(trap, trap.set(text), is_update=False)


@fuzzed
@given(text=mutated(hostile.REACHING_UPDATES))
def test_no_mutation_of_a_hostile_update_gets_past(trap: hostile.Trap, text: str) -> None:
    passes_without_reaching(trap, trap.set(text), is_update=True)
