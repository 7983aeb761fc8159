"""Allen's relations between two intervals of which only bounds are known."""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.allen import RELATIONS, RelationError, holds, possible
from graph.dates import Bounds, bounds

INVERSES = {
    "before": "after",
    "meets": "metBy",
    "overlaps": "overlappedBy",
    "starts": "startedBy",
    "during": "contains",
    "finishes": "finishedBy",
    "equals": "equals",
}
Interval = tuple[int, int]


def relation(one: Interval, other: Interval) -> str:
    """The relation of two intervals of known whole days, by Allen's definitions on their first and last moments."""
    (a, end), (b, other_end) = (one[0], one[1] + 1), (other[0], other[1] + 1)
    definitions = {
        "before": end < b,
        "meets": end == b,
        "overlaps": a < b < end < other_end,
        "starts": a == b and end < other_end,
        "during": b < a and end < other_end,
        "finishes": b < a and end == other_end,
        "equals": a == b and end == other_end,
        "finishedBy": a < b and end == other_end,
        "contains": a < b and other_end < end,
        "startedBy": a == b and other_end < end,
        "overlappedBy": b < a < other_end < end,
        "metBy": other_end == a,
        "after": other_end < a,
    }
    (only,) = [name for name, is_so in definitions.items() if is_so]
    return only


def completions(found: Bounds, reach: range) -> Iterator[Interval]:
    """All the intervals of whole days within the bounds, an open bound reaching as far as is given."""
    first, last = date.fromordinal(reach[0]), date.fromordinal(reach[-1])
    starts = range((found.start_earliest or first).toordinal(), (found.start_latest or last).toordinal() + 1)
    ends = range((found.end_earliest or first).toordinal(), (found.end_latest or last).toordinal() + 1)
    return ((start, end) for start, end in product(starts, ends) if start <= end)


DAYS = range(1000, 1007)
# Open bounds must leave room for four moments before, between and after all known days.
REACH = range(DAYS[0] - 5, DAYS[-1] + 6)


@st.composite
def imprecise(draw: st.DrawFn) -> Bounds:
    """Any bounds with an interval in them, some of them open."""
    start, end = sorted(draw(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))))
    start_earliest = draw(st.integers(DAYS[0], start) | st.none())
    start_latest = draw(st.integers(start, DAYS[-1]) | st.none())
    end_earliest = draw(st.integers(DAYS[0], end) | st.none())
    end_latest = draw(st.integers(end, DAYS[-1]) | st.none())
    days = (start_earliest, start_latest, end_earliest, end_latest)
    return Bounds(*(None if day is None else date.fromordinal(day) for day in days))


@settings(max_examples=400, deadline=None)
@given(imprecise(), imprecise())
def test_the_possible_relations_are_those_of_some_completion(one: Bounds, other: Bounds) -> None:
    pairs = product(completions(one, REACH), completions(other, REACH))
    assert possible(one, other) == {relation(*pair) for pair in pairs}


@settings(max_examples=100, deadline=None)
@given(imprecise(), imprecise())
def test_a_relation_is_true_if_all_completions_have_it_false_if_none_has(one: Bounds, other: Bounds) -> None:
    found = {relation(*pair) for pair in product(completions(one, REACH), completions(other, REACH))}
    unions = {"precedes": {"before", "meets"}, "within": {"during", "starts", "finishes", "equals"}}
    for name in (*RELATIONS, *unions):
        wanted = unions.get(name, {name})
        expected = True if found <= wanted else None if found & wanted else False
        assert holds(name, one, other) is expected


@settings(max_examples=100, deadline=None)
@given(imprecise(), imprecise())
def test_inverse_relations_are_equally_true_the_other_way_round(one: Bounds, other: Bounds) -> None:
    for name, inverse in INVERSES.items():
        assert holds(name, one, other) is holds(inverse, other, one)


@settings(max_examples=100, deadline=None)
@given(imprecise(), imprecise())
def test_exactly_one_relation_holds_where_all_is_known(one: Bounds, other: Bounds) -> None:
    first, second = (next(completions(each, REACH)) for each in (one, other))
    known = [
        Bounds(*map(date.fromordinal, (start, start, end, end))) for start, end in (first, second)
    ]  # fmt: skip
    assert [name for name in RELATIONS if holds(name, *known)] == [relation(first, second)]
    assert all(holds(name, *known) is not None for name in RELATIONS)


@pytest.mark.parametrize(
    ("one", "name", "other", "value"),
    [
        ("2013-11-02", "before", "2017-03-20", True),
        ("2017-03-20", "before", "2013-11-02", False),
        ("2017-03-20", "before", "2017-03-21", False),  # the one ends in the moment in which the other begins
        ("2017-03-20", "meets", "2017-03-21", True),
        ("2017-03-20", "precedes", "2017-03-21", True),
        ("2017-03-20", "equals", "2017-03-20", True),
        ("2017-02", "before", "2017-03-20", True),  # the meeting in Bonn and that in Tokyo
        ("2017-04", "after", "2017-03-31", None),  # it may begin on the first of April
        ("2017-04", "precedes", "2017-03-31", False),
        ("2017-03-20", "within", "2017-03-01/2017-03-31", True),
        ("2017-03-20", "within", "2017-03", None),  # some time in March is not all of March
        ("2017-04-27/2017-04-28", "within", "[2017-04-21..2017-04-30]", None),
        ("2017-03-20", "during", "2017-01-15/..", None),  # an open end may have come before
        ("2017-01-15/..", "after", "2016-12", True),
        ("../2017-03-30", "before", "2017-04-27", True),
        ("../2017-03-30", "during", "2017-04-27", False),
    ],
)
def test_worked_out_by_hand(one: str, name: str, other: str, value: bool | None) -> None:
    assert holds(name, bounds(one), bounds(other)) is value


def test_what_is_no_relation_is_refused() -> None:
    with pytest.raises(RelationError, match="'meet' is no relation; there are: before, meets"):
        holds("meet", bounds("2017"), bounds("2018"))


def test_bounds_that_no_interval_has_are_refused() -> None:
    late, early = date(2017, 3, 20), date(2017, 3, 1)
    with pytest.raises(RelationError, match="no interval"):
        possible(Bounds(late, late, early, early), bounds("2017"))
