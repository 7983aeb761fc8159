"""Times as the query service reads, compares and subtracts them.

The differences were counted on a calendar; the forms are those that the service's source takes.
"""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, Store
from small_wikidata import engine_with, rows, world

from graph.engine import Engine, QuerySyntaxError
from graph.engine.functions import query as ask
from graph.wikidata.querying.engine import OnSlices
from graph.wikidata.querying.names import UntranslatableError
from graph.wikidata.querying.translation import translated

XSD = "http://www.w3.org/2001/XMLSchema#"
MIDNIGHT = "2017-03-20T00:00:00Z"


@pytest.fixture(scope="module")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_with(tmp_path_factory.mktemp("world"), world())


def value(expression: str, before: str = "") -> Literal | None:
    (row,) = ask(Store(), translated(f"{before} SELECT ({expression} AS ?value) {{}}").text)
    return row["value"]


@pytest.mark.parametrize(
    ("literal", "full"),
    [
        ('"2017-03-20"^^xsd:dateTime', MIDNIGHT),
        ("'2017-03-20'^^xsd:dateTime", MIDNIGHT),
        ('"""2017-03-20"""^^xsd:dateTime', MIDNIGHT),
        ("'''2017-03-20'''^^xsd:dateTime", MIDNIGHT),
        (f'"2017-03-20"^^<{XSD}dateTime>', MIDNIGHT),
        ('"2017-03-20"\n ^^ # a day\n xsd:dateTime', MIDNIGHT),
        ('"2017-03\\u002D20"^^xsd:dateTime', MIDNIGHT),
        ('"2017-03-20Z"^^xsd:dateTime', MIDNIGHT),
        ('"2017-03-20T00:00:00"^^xsd:dateTime', MIDNIGHT),
        ('"+2017-03-20T00:00:00Z"^^xsd:dateTime', MIDNIGHT),
        ('"2017-03-20T00:00:00+00:00"^^xsd:dateTime', MIDNIGHT),
        ('"2017-03-20T21:30"^^xsd:dateTime', "2017-03-20T21:30:00Z"),
        ('"2017-3-2"^^xsd:dateTime', "2017-03-02T00:00:00Z"),
        ('"2017-00-00T00:00:00Z"^^xsd:dateTime', "2017-01-01T00:00:00Z"),
        ('"-44-03-15"^^xsd:dateTime', "-0044-03-15T00:00:00Z"),
        ('"2017-02-29"^^xsd:dateTime', "2017-03-02T00:00:00Z"),
        ('"2016-02-29"^^xsd:dateTime', "2016-02-29T00:00:00Z"),
        ('"2017-03-20T09:00:00+09:00"^^xsd:dateTime', "2017-03-20T09:00:00+09:00"),
        ('"2017-03-20"^^xsd:date', "2017-03-20"),
        ('"2017-03-20"', "2017-03-20"),
        ('xsd:dateTime("2017-03-20")', MIDNIGHT),
        (f'<{XSD}dateTime>("2017-03-20T00:00:00")', MIDNIGHT),
        ('xsd:dateTime(xsd:date("2017-03-20"))', MIDNIGHT),
        ('xsd:dateTime("2017-03-20T09:00:00+09:00")', "2017-03-20T09:00:00+09:00"),
        ('STRDT(CONCAT("2017", "-03-20"), xsd:dateTime)', MIDNIGHT),
        ('STRDT("2017-03-20", xsd:date)', "2017-03-20"),
    ],
)
def test_a_time_in_full(literal: str, full: str) -> None:
    assert value(f"STR({literal})") == Literal(full)


def test_a_prefix_of_ones_own() -> None:
    declared = f"PREFIX x: <{XSD}> PREFIX xsd: <https://example.org/>"
    assert value('STR("2017-03-20"^^x:dateTime)', declared) == Literal(MIDNIGHT)
    assert value('STR("2017-03-20"^^xsd:dateTime)', declared) == Literal("2017-03-20")


@pytest.mark.parametrize("text", ["1950", "2017-03", "2017-03-20T25:00:00Z", "2017-13-01", "2017-03-32", ""])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UntranslatableError, match=r"^line 2, column 5: .* is no time: write 2017"):
        translated(f'SELECT * {{ ?s ?p ?o FILTER(?o >\n    "{text}"^^xsd:dateTime) }}')


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('SELECT ?x { ?x wdt:P569 ?d FILTER(?d <= "1924-01-01"^^xsd:dateTime) }', [("Q911",), ("Q921",), ("Q922",)]),
        ('SELECT ?x { ?x wdt:P569 ?d FILTER("1924-01-01T00:00:00"^^xsd:dateTime < ?d) }', [("Q912",)]),
        ('SELECT ?x { ?x wdt:P569 "1911-02-06"^^xsd:dateTime }', [("Q921",)]),
        ('SELECT ?x { VALUES (?d) { ("1911-02-06"^^xsd:dateTime) } ?x wdt:P569 ?d }', [("Q921",)]),
        ('SELECT ?x { ?x wdt:P569 ?d FILTER(?d IN ("1911-02-06"^^xsd:dateTime)) }', [("Q921",)]),
        ('SELECT ?x { ?x wdt:P569 ?d } VALUES ?d { "1911-02-06"^^xsd:dateTime }', [("Q921",)]),
        ('SELECT ?x { ?x wdt:P569 ?d BIND("1924-01-01"^^xsd:dateTime AS ?e) FILTER(?d = ?e) }', [("Q922",)]),
        ("SELECT (?end - ?start AS ?days) { wds:Q921-A pq:P580 ?start ; pq:P582 ?end }", [("2922",)]),
        (
            "SELECT (FLOOR((?end-?born)/365.2425) AS ?age) { wds:Q921-A pq:P582 ?end . wd:Q921 wdt:P569 ?born }",
            [("77",)],
        ),
        ("SELECT (MAX(?d) - MIN(?d) AS ?n) { ?x wdt:P569 ?d FILTER(YEAR(?d) > 1920) }", [("16890",)]),
        ("SELECT ?x { ?x wdt:P569 ?d } GROUP BY ?x HAVING(NOW()-MAX(?d) > 800000)", [("Q911",)]),
        ("SELECT ?x { ?x wdt:P31 wd:Q5 ; wdt:P569 ?d } ORDER BY (NOW() - ?d) LIMIT 1", [("Q922",)]),
        ('SELECT ?x { ?x wdt:P569 ?d FILTER(?d > NOW() - "P100Y"^^xsd:duration) }', [("Q912",)]),
    ],
)
def test_a_query_with_times(wikidata: Engine, query: str, expected: list[tuple[str, ...]]) -> None:
    assert rows(wikidata, query) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"2017-03-21T12:00:00"^^xsd:dateTime - "2017-03-20"^^xsd:dateTime', Literal(1.5)),
        ('"2017-03-20T01:07:30Z"^^xsd:dateTime - "2017-03-20"^^xsd:dateTime', Literal(0.046875)),
        ('("2017-03-20"^^xsd:dateTime -"2017-03-21"^^xsd:dateTime) / 2', Literal(-0.5)),
        ('"2017-03-20"^^xsd:dateTime - "-0001-03-20"^^xsd:dateTime > 736000', Literal(value=True)),
        ('IF("2017-03-20"^^xsd:dateTime - "2017-01-01"^^xsd:dateTime = 78, "yes", "no")', Literal("yes")),
        ('COALESCE(?nothing - NOW(), "none")', Literal("none")),
        ('NOW()-xsd:dateTime("2017-03-20") > 3000', Literal(value=True)),
        ('ABS("2017-03-20"^^xsd:dateTime -xsd:dateTime("2017-03-21"))', Literal(1.0)),
        ('STR("2017-03-31"^^xsd:dateTime - "P1M"^^xsd:duration)', Literal("2017-02-28T00:00:00Z")),
        ('STR("2017-03-31"^^xsd:dateTime + "P1D"^^xsd:duration)', Literal("2017-04-01T00:00:00Z")),
        ('"2017-03-31"^^xsd:dateTime + "P1D"^^xsd:duration - "2017-03-31"^^xsd:dateTime', Literal(1.0)),
        ('xsd:date("2017-03-31") - xsd:date("2017-03-01")', Literal(30.0)),
        ('YEAR("2017-03-20"^^xsd:dateTime) - MONTH("2017-03-20"^^xsd:dateTime)', Literal(2014)),
        ("COALESCE(5) - COALESCE(3) - 1", Literal(1)),
        ("STRLEN('2017-03-20'^^xsd:dateTime - \"a - b\")", None),
    ],
)
def test_a_difference(expression: str, expected: Literal | None) -> None:
    assert value(expression) == expected


def test_what_is_surely_a_number_costs_nothing() -> None:
    for expression in (
        "?a - 1",
        "?a -1",
        "1-?a",
        "YEAR(?a) - YEAR(?b)",
        "?a * 2 - ?b",
        "?a + ?b",
        "?a - ?b / 2",
        "-?a - ?b",
    ):
        assert translated(f"SELECT ({expression} AS ?x) {{}}").text == f"SELECT ({expression} AS ?x) {{}}"


def test_a_duration_of_months_and_days_is_refused() -> None:
    with pytest.raises(UntranslatableError, match="line 1, column 15: add months and days one by one"):
        translated('SELECT ( ?a + "P1M2D"^^xsd:duration AS ?b) {}')


def test_less_than_that_looks_like_an_iri_is_refused() -> None:
    with pytest.raises(UntranslatableError, match="put a space after '<'"):
        translated("SELECT * { ?s ?p ?a, ?b, ?c FILTER(?a<?b-?c&&?b>?c) }")


def test_an_error_behind_a_time_is_told_where_it_stands(wikidata: Engine) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        wikidata.select('SELECT * { ?s ?p ?o FILTER(?o-NOW() < "2017-03-20"^^xsd:dateTime -?x) foo:bar }')
    assert (caught.value.line, caught.value.column) == (1, 71)


def test_qlever_is_sent_what_it_understands(wikidata: Engine) -> None:
    assert isinstance(wikidata, OnSlices)
    query = 'SELECT (?a - ?b AS ?c) { ?s ?p ?a, ?b FILTER(?a > "2017-03-20"^^xsd:dateTime) }'
    sent = wikidata.sent("https://qlever.dev/api/wikidata", query)
    assert sent.endswith(query.replace("2017-03-20", MIDNIGHT))


DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


@settings(max_examples=60, deadline=None)
@given(DAYS, DAYS, st.sampled_from(["", "Z", "T00:00:00", "T00:00:00Z"]), st.sampled_from([" - ", " -", " -\n"]))
def test_days_are_those_of_the_calendar(later: date, earlier: date, form: str, minus: str) -> None:
    written = f'"{later}{form}"^^xsd:dateTime{minus}xsd:dateTime("{earlier}")'
    assert value(written) == Literal(float((later - earlier) / timedelta(days=1)))


def _sum(chance: random.Random, depth: int) -> str:
    """Some sum of numbers, with spaces as people put them or leave them out."""
    leaves = (
        "?two",
        "?half",
        "7",
        "COALESCE(?two)",
        "ABS(?half)",
        "(?two)",
        "IF(?two>1,?two,?half)",
        "xsd:double(4)",
    )
    if depth == 0:
        return chance.choice(leaves)
    left, right = _sum(chance, depth - 1), _sum(chance, chance.randrange(depth))
    sign = chance.choice(("-", " - ", " -", "- ", "+", " * ", "/"))
    return chance.choice((f"{left}{sign}{right}", f"({left}{sign}{right})", f"{left} - ({right})"))


@settings(max_examples=150, deadline=None)
@given(st.integers())
def test_numbers_are_what_they_were(seed: int) -> None:
    expression = _sum(random.Random(seed), 4)
    head = f"PREFIX xsd: <{XSD}> SELECT ({expression} AS ?value) {{ BIND(2 AS ?two) BIND(0.5 AS ?half) }}"
    (plain,), (made,) = Store().query(head), ask(Store(), translated(head).text)
    assert made["value"] == plain["value"]
