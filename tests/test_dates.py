"""What an EDTF date may mean in days."""

import re
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.dates import Bounds, DateError, bounds, edtf_around, edtf_of


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
        ("2017-25", "2017-03-01", "2017-05-31"),
        ("2017-28", "2017-12-01", "2018-02-28"),
        ("2017-29", "2017-09-01", "2017-11-30"),
        ("2015-30", "2015-12-01", "2016-02-29"),
        ("2017-32", "2017-06-01", "2017-08-31"),
        ("2017-03-~20", "2017-03-17", "2017-03-23"),
        ("2017-03~-20", "2017-02-20", "2017-04-20"),
        ("2017-%03-20", "2017-02-20", "2017-04-20"),
        ("2017~-03", "2016-03-01", "2018-03-31"),
        ("2017-?03-20", "2017-03-20", "2017-03-20"),
        ("?2017-?03-~20", "2017-03-17", "2017-03-23"),
        ("2017-21~", "2017-02-01", "2017-06-30"),
        ("2017-1X", "2017-10-01", "2017-12-31"),
        ("156X-12-25", "1560-12-25", "1569-12-25"),
        ("XXXX-02-29", "0004-02-29", "9996-02-29"),
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
        ("2017-21/2017-22", ("2017-03-01", "2017-05-31", "2017-06-01", "2017-08-31")),
        ("2017-06-~01/2017-06-~20", ("2017-05-29", "2017-06-04", "2017-06-17", "2017-06-23")),
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


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{2017,2018}", "all of several dates: give each event its own"),
        ("{2017-03-01..2017-03-05}", "all of several dates"),
        ("2017-03-01T10:00:00", "time of day: write the day alone"),
        ("2017-03-01T10:00:00Z", "time of day"),
        ("Y170000", "from 0001 to 9999"),
        ("Y-17E7", "from 0001 to 9999"),
        ("-0005", "begin with 0001"),
        ("0000-01", "begin with 0001"),
        ("1950S2", "such as 195X"),
        ("1950S2/2017", "such as 195X"),
        ("[1950S2..]", "such as 195X"),
    ],
)
def test_what_is_edtf_and_means_no_days_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(DateError, match=why):
        bounds(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2017-03-20", "2017-03-20"),
        ("2017-03-20?", "2017-03-20"),
        ("2017-03-XX", "2017-03"),
        ("2017-XX", "2017"),
        ("[2017-01..2017-03]", "2017-33"),
        ("2010/2019", "2010/2019"),
        ("[2010..2019]", "201X"),
        ("1900-01/1999", "1900-01/1999"),
        ("[1900..1999]", "19XX"),
        ("2017-21", "[2017-03-01..2017-05-31]"),
        ("2017-03~", "[2017-02-01..2017-04-30]"),
        ("[..2017-04]", "[..2017-04-30]"),
        ("2017-03-30/", "2017-03-30/.."),
        ("/2017-03", "../2017-03"),
        ("2017-03~/..", "2017-03~/.."),
        ("2017-21/..", "2017-04~/.."),
        ("2017-24/..", "2018-01~/.."),
    ],
)
def test_days_are_told_by_the_plainest_date(text: str, plain: str) -> None:
    assert edtf_of(bounds(text)) == plain


@pytest.mark.parametrize(
    "days",
    [
        (None, None, None, None),
        ("2017-03-01", "2017-03-17", "2017-05-01", "2017-05-31"),
        ("2017-03-01", None, "2017-05-01", None),
        ("2017-03-20", "2017-03-01", "2017-03-20", "2017-03-01"),
    ],
)
def test_days_that_no_date_tells_are_refused(days: tuple[str | None, ...]) -> None:
    with pytest.raises(DateError, match="no EDTF date means just"):
        edtf_of(Bounds(*map(day, days)))


def test_what_cannot_be_told_exactly_can_be_told_more_widely() -> None:
    found = Bounds(*map(day, ("2017-03-02", "2017-03-17", "2017-05-01", "2017-05-31")))
    assert edtf_around(found) == "2017-03/2017-05"
    assert edtf_around(bounds("2017-03-2X")) == "[2017-03-20..2017-03-29]"
    assert edtf_around(Bounds(*map(day, ("2017-03-01", None, "2017-05-01", None)))) == "[2017-03-01..]"
    with pytest.raises(DateError, match="no EDTF date allows"):
        edtf_around(Bounds(None, None, None, None))


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


MASKS = st.builds(
    lambda d, form, hidden: "".join("X" if n in hidden and c != "-" else c for n, c in enumerate(d.strftime(form))),
    DAYS,
    PRECISE,
    st.frozensets(st.integers(0, 9), max_size=3),
)
ANY_CODE = st.builds(lambda d, code: f"{d.year}-{code}", DAYS, st.integers(21, 41))


@st.composite
def qualified(draw: st.DrawFn, dates: st.SearchStrategy[str] = MASKS | ANY_CODE, most: int = 2) -> str:
    """A date with digits left out, or a season for its month, and some of its parts marked."""
    parts = draw(dates).split("-")
    for _ in range(draw(st.integers(0, most))):
        place, mark = draw(st.integers(0, len(parts) - 1)), draw(st.sampled_from("~?%"))
        if not set(parts[place]) & set("~?%"):
            parts[place] = draw(st.sampled_from([parts[place] + mark, mark + parts[place]]))
    return "-".join(parts)


ANY_END = qualified() | st.sampled_from(["..", ""])
ANY_TEXT = (
    qualified()
    | st.builds(lambda a, b: f"{a}/{b}", ANY_END, ANY_END)
    | st.builds(lambda a, b: f"[{a}..{b}]", qualified() | st.just(""), qualified() | st.just(""))
)

property_test = settings(max_examples=100, deadline=None)


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


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_the_days_of_any_date_can_be_told_and_mean_the_same(text: str) -> None:
    found = comparable(text)
    assert bounds(edtf_of(found)) == found
    assert edtf_around(found) == edtf_of(found)


@settings(max_examples=15, deadline=None)
@given(st.lists(DAYS, min_size=4, max_size=4))
def test_any_days_can_be_told_or_told_more_widely(days: list[date]) -> None:
    first, second, third, fourth = sorted(days)
    for found in (Bounds(first, second, third, fourth), Bounds(first, third, second, fourth)):
        assert bounds(edtf_around(found)).contains(found)
        with suppress(DateError):
            assert bounds(edtf_of(found)) == found


@pytest.mark.source
@settings(max_examples=60, deadline=None)
@given(MASKS.filter(lambda text: not re.search(r"X[0-9]|[0-9]X", text[5:7])) | qualified(PARTS, 1) | ANY_CODE)
def test_the_edtf_package_reads_what_is_read_here(text: str) -> None:
    """Apart from what it lacks: months with one digit, and marks on seasons, beside digits left out, or several."""
    from edtf import parse_edtf

    comparable(text)
    parse_edtf(text)
