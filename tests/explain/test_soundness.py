"""Supports are sound and complete for the monotone fragment, on random graphs and queries.

Of each row: one support alone gives the row; without a triple of every support, whichever, the row is gone.
"""

from collections.abc import Iterable, Iterator
from itertools import islice, product

from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Quad, Store
from row_graphs import PREFIX, Memory, quad_of, store_of

from graph.engine import Solutions
from graph.proofs.rows import CannotExplainError, Fact, RowBound, explain_rows, read_query

NODES, PREDICATES, VARIABLES = ("a", "b", "c", "d"), ("p", "q"), ("?x", "?y", "?z")
MOST_CHOICES = 200
BOUND = RowBound(supports=500, solutions=5000, seconds=60)

quads = st.lists(
    st.builds(
        lambda s, p, o, g: quad_of(f"{s} {p} {o} {g}"),
        st.sampled_from(NODES),
        st.sampled_from(PREDICATES),
        st.sampled_from(NODES),
        st.sampled_from(("", "", "@g")),
    ),
    min_size=1,
    max_size=9,
)
slots = st.sampled_from((*VARIABLES, *VARIABLES, ":a", ":b"))
steps = st.sampled_from((":p", ":q", ":p", ":q", "?v", "^:p", ":p/:q", ":p|:q", ":p+", "(:p|^:q)+", "!:p"))
triples = st.builds("{} {} {} .".format, slots, steps, slots)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(st.sampled_from(VARIABLES), min_size=1, max_size=2, unique=True).map(" ".join)
    return st.one_of(
        st.builds("{} {{ {} }}".format, inner, inner),
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner),
        st.builds("{{ SELECT {} {} {{ {} }} }}".format, st.sampled_from(("", "DISTINCT")), some, inner),
        st.builds("{{ {} FILTER ({} != {}) }}".format, inner, slots, slots),
        st.builds("{{ {} FILTER (EXISTS {{ {} }}) }}".format, inner, inner),
        st.builds("{{ {} FILTER ({} = :a || EXISTS {{ {} }}) }}".format, inner, st.sampled_from(VARIABLES), triples),
        st.builds("GRAPH {} {{ {} }}".format, st.sampled_from(("?g", ":g")), inner),
        st.builds("VALUES ({}) {{ (:a) (:b) }} {{ {} }}".format, st.sampled_from(VARIABLES), inner),
        st.builds("VALUES ({} ?x) {{ (:a UNDEF) (UNDEF :b) }} {{ {} }}".format, st.sampled_from(("?y", "?z")), inner),
        st.builds("{{ {{ {} }} BIND (STR({}) AS ?s) }}".format, inner, st.sampled_from(VARIABLES)),
    )


patterns = st.recursive(triples, _grown, max_leaves=4)


def rows_of(store: Store, query: str) -> set[tuple[object, ...]]:
    return set(Memory(store).select(query).rows)


def quad(fact: Fact) -> Quad:
    return Quad(*fact.triple, fact.graph or DefaultGraph())


def choices(supports: Iterable[Iterable[Fact]]) -> Iterator[set[Quad]]:
    """One triple of every support, in every way, as far as there are not too many."""
    ways = product(*(sorted(support, key=str) for support in supports))
    return ({quad(fact) for fact in chosen} for chosen in islice(ways, MOST_CHOICES))


def check(held: list[Quad], query: str, found: Solutions) -> None:
    store = store_of(held)
    cells = [dict(zip(found.variables, row, strict=True)) for row in list(dict.fromkeys(found.rows))[:3]]
    explanations = explain_rows(Memory(store), read_query(query), cells, bound=BOUND)  # type: ignore[arg-type]
    for row, told in zip(cells, explanations, strict=True):
        wanted = tuple(row.values())
        assert told.cut == ()
        assert told.supports
        for support in told.supports:
            assert wanted in rows_of(store_of(map(quad, support.facts)), query), "a support alone gives the row"
        for dropped in choices(support.facts for support in told.supports):
            assert wanted not in rows_of(store_of(set(held) - dropped), query), "without them the row is gone"


def answered(held: list[Quad], query: str) -> Solutions:
    """The answer to a query that can be explained; any other is no example."""
    try:
        read_query(query)
        found = Memory(store_of(held)).select(query)
    except (SyntaxError, CannotExplainError):
        reject()
    assume(found.rows)
    return found


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(held=quads, pattern=patterns)
def test_the_monotone_fragment(held: list[Quad], pattern: str) -> None:
    query = f"{PREFIX}SELECT * {{ {pattern} }}"
    check(held, query, answered(held, query))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(held=quads, pattern=patterns, shown=st.lists(st.sampled_from(VARIABLES), min_size=1, max_size=2, unique=True))
def test_a_projection_of_it(held: list[Quad], pattern: str, shown: list[str]) -> None:
    query = f"{PREFIX}SELECT DISTINCT {' '.join(shown)} {{ {pattern} }}"
    check(held, query, answered(held, query))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(held=quads, pattern=patterns)
def test_the_least_of_it(held: list[Quad], pattern: str) -> None:
    """MIN rests on one member that has the value: without all of those the value is another."""
    query = f"{PREFIX}SELECT ?y (MIN(STR(?x)) AS ?least) {{ {pattern} }} GROUP BY ?y"
    found = answered(held, query)
    check(held, query, Solutions(found.variables, tuple(row for row in found.rows if None not in row)))
