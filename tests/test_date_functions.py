"""Functions on dates in queries: their values, and no value for what is unknown."""

import subprocess
import sys
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from graph.engine import QueryEvaluationError, open_engine, open_pool
from graph.engine.functions import query
from graph.engine.remote.extensions import refuse_functions
from graph.limits import Limits
from graph.namespaces import BASE, FUNCTIONS, expand, prologue

TRUE, FALSE = Literal(True), Literal(False)
PREFIXES = prologue("cqf", "edtf", "xsd")


def value(expression: str) -> object:
    (row,) = query(Store(), f"{PREFIXES}SELECT ({expression} AS ?value) {{}}")
    return row["value"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('cqf:before("2013-11-02"^^edtf:EDTF, "2017-03"^^edtf:EDTF)', TRUE),
        ('cqf:before("2017-03-20"^^xsd:date, "2013"^^xsd:gYear)', FALSE),
        ('cqf:before("2017-03", "2017-04")', None),
        ('cqf:precedes("2017-03", "2017-04")', TRUE),
        ('cqf:meets("2017-03-20Z"^^xsd:date, "2017-03-21+09:00"^^xsd:date)', TRUE),
        ('cqf:after("2017-03-20T23:59:59Z"^^xsd:dateTime, "2017-02"^^xsd:gYearMonth)', TRUE),
        ('cqf:metBy("2017-03-21", "2017-03-20")', TRUE),
        ('cqf:overlaps("2017-03-18/2017-03-20", "2017-03-20/2017-03-30")', TRUE),
        ('cqf:overlappedBy("2017-03-20/2017-03-30", "2017-03-18/2017-03-20")', TRUE),
        ('cqf:starts("2017-03-18", "2017-03-18/2017-03-30")', TRUE),
        ('cqf:startedBy("2017-03-18/2017-03-30", "2017-03-18")', TRUE),
        ('cqf:during("2017-03-20", "2017-03-18/2017-03-30")', TRUE),
        ('cqf:contains("2017-03-18/2017-03-30", "2017-03-20")', TRUE),
        ('cqf:finishes("2017-03-30", "2017-03-18/2017-03-30")', TRUE),
        ('cqf:finishedBy("2017-03-18/2017-03-30", "2017-03-30")', TRUE),
        ('cqf:equals("2017-03-30", "2017-03-30")', TRUE),
        ('cqf:within("2017-03-30", "2017-03-18/2017-03-30")', TRUE),
        ('cqf:earliest("2017-04-27/2017-04-28")', Literal("2017-04-27", datatype=NamedNode(expand("xsd:date")))),
        ("cqf:earliest(2017)", None),
        ('cqf:days("-P2DT6H"^^xsd:dayTimeDuration)', Literal(-2.25)),
        ("cqf:days(7)", Literal(7)),
        ('cqf:days("soon"^^xsd:dayTimeDuration)', None),
        ("cqf:days(1, 2)", None),
        ('cqf:earliest("[..2017]")', None),
        ('cqf:latest("2017-33/..")', None),
        ('cqf:before("2017")', None),
        ('cqf:before("2017", "2018", "2019")', None),
        ('cqf:before("last December", "2018")', None),
        ('cqf:before("2017"@en, "2018")', None),
        ("cqf:before(<x:a>, cqf:earliest)", None),
        ('COALESCE(cqf:before("2017-03", "2017-04"), "unknown")', Literal("unknown")),
        ('cqf:before("2017-03", "2017-04") || true', TRUE),
        ('cqf:before("2017-03", "2017-04") && false', FALSE),
        ('!cqf:before("2017-03", "2017-04")', None),
    ],
)
def test_the_values(expression: str, expected: Literal | None) -> None:
    assert value(expression) == expected


def test_a_filter_drops_what_is_unknown_and_so_does_its_negation() -> None:
    dates = 'VALUES ?date { "2017-02" "2017-03" "2017-04" }'
    for sign, kept in (("", "2017-02"), ("!", "2017-04")):
        text = f'{PREFIXES}SELECT ?date {{ {dates} FILTER ({sign}cqf:precedes(?date, "2017-03-20")) }}'
        assert [row["date"].value for row in query(Store(), text)] == [kept]


def test_a_name_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(QueryEvaluationError, match="no function cqf:befor; there are: before, "):
        value('cqf:befor("2016", "2017")')


def test_every_engine_of_our_own_knows_them(built: Path) -> None:
    text = prologue() + 'SELECT ?m { ?m a cq:Meeting ; cq:when ?when FILTER (cqf:before(?when, "2017")) }'
    embedded = open_engine(built).select(text).rows
    with closing(open_pool(built, Limits(workers=1))) as pool:
        assert pool.select(text).rows == embedded
    assert [row[0].value.rpartition("/")[2] for row in sorted(embedded, key=str)] == ["ru-jp-2plus2-2013-11-02"]


@pytest.mark.parametrize(
    "text",
    [
        f"ASK {{ FILTER (<{FUNCTIONS}before>(1, 2)) }}",
        f"prefix cqf: <{FUNCTIONS}> ASK {{ FILTER (cqf:before (1, 2)) }}",
        f"PREFIX : <{FUNCTIONS}> SELECT (:earliest(?d) AS ?e) {{}}",
        f"PREFIX w: <{BASE}> ASK {{ FILTER (w:function\\#before # of time\n (1, 2)) }}",
        f"BASE <{expand('cq:')}> ASK {{ FILTER (<function#before>(1, 2)) }}",
        f"ASK {{ FILTER (<{FUNCTIONS.replace('f', chr(92) + 'u0066')}before>(1, 2)) }}",
    ],
)
def test_a_remote_store_is_not_asked_to_call_them(text: str) -> None:
    with pytest.raises(QueryEvaluationError, match="cqf:.*not known to other stores"):
        refuse_functions(text)


@pytest.mark.parametrize(
    "text",
    [
        prologue() + "ASK { ?s ?p ?o }",
        prologue() + "ASK { ?s ?p 'cqf:before(1, 2)' } # cqf:before(1, 2)",
        f"PREFIX cqf: <x:> ASK {{ ?s ?p '<{FUNCTIONS}>' FILTER (cqf:before(1, 2)) }}",
        prologue() + "ASK { cqf:before ?p (1 2) }",
    ],
)
def test_a_remote_store_is_asked_what_calls_none_of_them(text: str) -> None:
    refuse_functions(text)


def test_no_saved_query_calls_them() -> None:
    for file in files("queries").iterdir():
        if file.name.endswith(".rq"):
            text = file.read_text(encoding="utf-8")
            assert FUNCTIONS not in text, f"{file.name}: other stores do not have these functions"


def test_a_worker_loads_them_only_when_they_are_called() -> None:
    code = "import sys, graph.engine.workers.worker; print('graph.engine.date_functions' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
