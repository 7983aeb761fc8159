"""Interval logic, against the days themselves: what bounds say of all the times that they allow."""

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.dates import Bounds
from graph.wikidata.comparison.intervals import apart, covers, covers_beyond_handover, may_follow, overlap, place

FIRST = date(2017, 1, 1)
DAYS = range(8)
few = settings(max_examples=150, deadline=None)


def day(number: int) -> date:
    return FIRST + timedelta(number)


@st.composite
def times(draw: st.DrawFn) -> Bounds:
    """A time whose start and whose end lie each within some days, the end not before the start."""
    first, last = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    start_latest = draw(st.integers(first, last))
    end_earliest = draw(st.integers(start_latest, last))
    return Bounds(day(first), day(start_latest), day(end_earliest), day(last))


spans = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(
    lambda pair: Bounds.some_time_in(day(min(pair)), day(max(pair)))
)


def meant(bounds: Bounds) -> Iterator[tuple[date, date]]:
    """Every time that bounds allow."""
    for start in range(len(DAYS)):
        for end in range(start, len(DAYS)):
            starts = bounds.start_earliest <= day(start) <= bounds.start_latest  # type: ignore[operator]
            ends = bounds.end_earliest <= day(end) <= bounds.end_latest  # type: ignore[operator]
            if starts and ends:
                yield day(start), day(end)


@few
@given(times(), spans)
def test_it_covers_certainly_what_every_time_covers_and_misses_what_none_touches(held: Bounds, asked: Bounds) -> None:
    first, last = asked.start_earliest, asked.end_latest
    assert first
    assert last
    found = covers(held, asked)
    assert (found == "certainly") == all(start <= first and last <= end for start, end in meant(held))
    assert (found == "before") == all(end < first for _, end in meant(held))
    assert (found == "after") == all(start > last for start, _ in meant(held))


@few
@given(times(), times())
def test_it_misses_the_end_or_the_start_of_what_lasted(held: Bounds, asked: Bounds) -> None:
    pairs = [(one, other) for one in meant(held) for other in meant(asked)]
    before, after = all(e < f for (_, e), (_, f) in pairs), all(s > t for (s, _), (t, _) in pairs)
    assert (covers(held, asked) == "before") == before
    assert (covers(held, asked) == "after") == (after and not before)


@few
@given(times(), spans)
def test_beyond_a_handover_is_more_than_covering(held: Bounds, asked: Bounds) -> None:
    first, last = asked.start_earliest, asked.end_latest
    assert covers_beyond_handover(held, asked) == all(
        start < first and last < end  # type: ignore[operator]
        for start, end in meant(held)
    )


@few
@given(times(), times())
def test_two_overlap_if_all_their_times_do(one: Bounds, other: Bounds) -> None:
    certainly = all(s < f and t < e for s, e in meant(one) for t, f in meant(other))
    assert overlap(one, other) == overlap(other, one) == certainly


@few
@given(times(), times())
def test_two_are_apart_if_all_their_times_share_no_more_than_a_handover(one: Bounds, other: Bounds) -> None:
    def are(s: date, e: date, t: date, f: date) -> bool:
        handover = s < e == t < f or t < f == s < e
        return handover or e < t or f < s

    certainly = all(are(s, e, t, f) for s, e in meant(one) for t, f in meant(other))
    assert apart(one, other) == apart(other, one) == certainly


@few
@given(times(), times())
def test_one_may_follow_the_other_if_some_of_their_times_do(one: Bounds, other: Bounds) -> None:
    some = any(timedelta(0) <= start - end <= timedelta(1) for _, end in meant(one) for start, _ in meant(other))
    assert may_follow(one, other) == some


@few
@given(spans, spans)
def test_where_a_date_lies_beside_another(ours: Bounds, theirs: Bounds) -> None:
    found = place((ours.start_earliest, ours.start_latest), (theirs.start_earliest, theirs.start_latest))
    back = place((theirs.start_earliest, theirs.start_latest), (ours.start_earliest, ours.start_latest))
    assert (found, back) in {("same", "same"), ("within", "within"), ("earlier", "later"), ("later", "earlier")}
    assert (found == "same") == (ours == theirs)


def test_open_bounds_are_certain_of_nothing() -> None:
    nothing = Bounds(None, None, None, None)
    asked = Bounds.some_time_in(FIRST, FIRST)
    assert covers(nothing, asked) == covers(asked, nothing) == "maybe"
    assert not overlap(nothing, asked)
    assert may_follow(nothing, asked)
    extremes = Bounds.some_time_in(date.min, date.max)
    assert may_follow(extremes, extremes)
