"""What an EDTF date may mean in days."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.dates import Bounds, DateError, bounds


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def some_time(first: str | None, last: str | None) -> Bounds:
    return Bounds(day(first), day(last), day(first), day(last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017-03-20", "2017-03-20", "2017-03-20"),
        ("2017-03", "2017-03-01", "2017-03-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2017", "2017-01-01", "2017-12-31"),
        ("2017-03-20?", "2017-03-20", "2017-03-20"),
        ("2017-03-20~", "2017-03-17", "2017-03-23"),
        ("2017-03-20%", "2017-03-17", "2017-03-23"),
        ("2017-03~", "2017-02-01", "2017-04-30"),
        ("2017-01~", "2016-12-01", "2017-02-28"),
        ("2017~", "2016-01-01", "2018-12-31"),
        ("~2017-03", "2016-03-01", "2018-03-31"),
        ("2017-03-2X", "2017-03-20", "2017-03-29"),
        ("2017-03-XX", "2017-03-01", "2017-03-31"),
        ("2017-XX", "2017-01-01", "2017-12-31"),
        ("2017-XX-31", "2017-01-31", "2017-12-31"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("2017-21", "2017-03-01", "2017-05-31"),
        ("2017-24", "2017-12-01", "2018-02-28"),
        ("2017-33", "2017-01-01", "2017-03-31"),
        ("2017-36", "2017-10-01", "2017-12-31"),
        ("2017-41", "2017-07-01", "2017-12-31"),
        ("[2017-04-21..2017-04-30]", "2017-04-21", "2017-04-30"),
        ("[2017-03,2017-05]", "2017-03-01", "2017-05-31"),
        ("[2017-03-01, 2017-05..2017-06]", "2017-03-01", "2017-06-30"),
        ("[..2017-04-27]", None, "2017-04-27"),
        ("[2017-04-01..]", "2017-04-01", None),
        ("[2016,2017-04..]", "2016-01-01", None),
    ],
)
def test_some_time_within(text: str, first: str | None, last: str | None) -> None:
    assert bounds(text) == some_time(first, last)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017-04-27/2017-04-28", ("2017-04-27", "2017-04-27", "2017-04-28", "2017-04-28")),
        ("2017-03/2017-05", ("2017-03-01", "2017-03-31", "2017-05-01", "2017-05-31")),
        ("2017/2017-05", ("2017-01-01", "2017-05-31", "2017-05-01", "2017-05-31")),
        ("2017-03-30/..", ("2017-03-30", "2017-03-30", "2017-03-30", None)),
        ("2017-03-30/", ("2017-03-30", "2017-03-30", "2017-03-30", None)),
        ("../2017-03-30", (None, "2017-03-30", "2017-03-30", "2017-03-30")),
        ("/2017-03", (None, "2017-03-31", "2017-03-01", "2017-03-31")),
        ("2017-03~/2017-05-2X", ("2017-02-01", "2017-04-30", "2017-05-20", "2017-05-29")),
    ],
)
def test_lasting(text: str, expected: tuple[str | None, ...]) -> None:
    assert bounds(text) == Bounds(*map(day, expected))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "today", "March 20", "20.03.2017", "2017-3-20", "2017-02-30", "2017-13", "2017-02-3X", "0000",
        "Y170000", "-0005", "{2017,2018}", "2017-03-01T10:00:00", "../..", "/", "..", "[]", "[..]", "[2017", "2017]",
        "2017/2016", "[2017..2016]", "2017/2018/2019", "9999~", "٢٠١٧", "2017-03-20\n", "2017-37-01",
    ],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(DateError):
        bounds(text)


def test_the_message_names_the_text_and_the_forms() -> None:
    with pytest.raises(DateError, match=r"'March 20' .*2017-03-20, 2017-03.*lasting"):
        bounds("March 20")


DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))
PRECISE = st.sampled_from(["%Y-%m-%d", "%Y-%m", "%Y"])
PARTS = st.builds(lambda d, form: d.strftime(form), DAYS, PRECISE)
MASKED = st.builds(lambda d: d.strftime("%Y-%m-") + "2X", DAYS) | st.builds(lambda d: f"{d.year}-XX", DAYS)
SEASONS = st.builds(lambda d, code: f"{d.year}-{code}", DAYS, st.sampled_from([21, 22, 23, 24, 33, 34, 35, 36]))
ATOMS = PARTS | MASKED | SEASONS
ENDS = ATOMS | st.sampled_from(["..", ""])
TEXTS = (
    ATOMS
    | st.builds(lambda a, b: f"{a}/{b}", ENDS, ENDS)
    | st.builds(lambda a, b: f"[{a}..{b}]", ATOMS | st.just(""), ATOMS | st.just(""))
    | st.builds(lambda a, b: f"[{a},{b}]", ATOMS, ATOMS)
)


property_test = settings(max_examples=40, deadline=None)  # a date takes the parser milliseconds


def comparable(text: str) -> Bounds:
    try:
        return bounds(text)
    except DateError:
        assume(False)
        raise


@property_test
@given(TEXTS)
def test_bounds_are_ordered(text: str) -> None:
    found = comparable(text)
    earliest_first = [
        (found.start_earliest, found.start_latest),
        (found.end_earliest, found.end_latest),
        (found.start_earliest, found.end_earliest),
        (found.start_latest, found.end_latest),
    ]
    assert all(first <= last for first, last in earliest_first if first and last)


@property_test
@given(DAYS)
def test_a_day_is_itself(when: date) -> None:
    assert bounds(when.isoformat()) == Bounds(when, when, when, when)


@property_test
@given(PARTS, st.sampled_from("~%?"))
def test_a_mark_never_narrows(text: str, mark: str) -> None:
    assert bounds(text + mark).contains(bounds(text))


@property_test
@given(DAYS)
def test_a_less_precise_date_contains_the_more_precise(when: date) -> None:
    texts = [when.strftime(form) for form in ("%Y-%m-%d", "%Y-%m", "%Y")] + [f"{when.year // 10}X"]
    assert all(bounds(coarse).contains(bounds(fine)) for fine, coarse in pairwise(texts))


@property_test
@given(ATOMS, ATOMS)
def test_one_of_a_set_contains_its_members(first: str, second: str) -> None:
    either = bounds(f"[{first},{second}]")
    assert either.contains(bounds(first))
    assert either.contains(bounds(second))


@property_test
@given(DAYS, DAYS)
def test_contains_is_an_order(first: date, second: date) -> None:
    assume(first < second)
    span = bounds(f"[{first}..{second}]")
    assert span.contains(bounds(first.isoformat()))
    assert not span.contains(bounds((second + timedelta(1)).isoformat()))
    assert not bounds(first.isoformat()).contains(span)
    assert bounds(f"[{first}..]").contains(span)
    assert bounds(f"[..{second}]").contains(span)


@property_test
@given(st.text(max_size=20))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    with suppress(DateError):
        bounds(text)
