"""What Wikidata's times mean in days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slicing import GREGORIAN, JULIAN

from graph.dates import Bounds
from graph.wikidata.model import Snak, Time
from graph.wikidata.shape.dates import to_gregorian
from graph.wikidata.times import bounds_of, tenure_bounds

FIRST, LAST = date.min, date.max


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("+2012-05-07T00:00:00Z", 11, "2012-05-07", "2012-05-07"),
        ("+2012-05-07T10:30:00Z", 13, "2012-05-07", "2012-05-07"),
        ("+2012-02-01T00:00:00Z", 10, "2012-02-01", "2012-02-29"),
        ("+1995-01-01T00:00:00Z", 9, "1995-01-01", "1995-12-31"),
        ("+1995-00-00T00:00:00Z", 9, "1995-01-01", "1995-12-31"),
        ("+1995-01-01T00:00:00Z", 8, "1990-01-01", "1999-12-31"),
        ("+1990-01-01T00:00:00Z", 8, "1990-01-01", "1999-12-31"),
        ("+1995-01-01T00:00:00Z", 7, "1901-01-01", "2000-12-31"),
        ("+2000-01-01T00:00:00Z", 7, "1901-01-01", "2000-12-31"),
        ("+2001-01-01T00:00:00Z", 7, "2001-01-01", "2100-12-31"),
        ("+2000-01-01T00:00:00Z", 6, "1001-01-01", "2000-12-31"),
        ("+2000-01-01T00:00:00Z", 5, "0001-01-01", None),
        ("+2017-02-30T00:00:00Z", 11, "2017-02-28", "2017-02-28"),
        ("-0044-03-15T00:00:00Z", 11, None, "0001-01-01"),
        ("-0001-01-01T00:00:00Z", 7, None, "0001-01-01"),
        ("+12000-01-01T00:00:00Z", 9, "9999-12-31", None),
        ("-13798000000-00-00T00:00:00Z", 3, None, "0001-01-01"),
        ("+0000-01-01T00:00:00Z", 9, None, None),
    ],
)
def test_a_time_is_some_day_in_what_its_precision_leaves(
    text: str, precision: int, first: str | None, last: str | None
) -> None:
    """A first day after 9999 is told as 9999-12-31, a last one before the year 1 as 0001-01-01."""
    assert bounds_of(Time(text, precision)) == Bounds.some_time_in(day(first), day(last))


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        # The October Revolution; Christmas 1899 by the old style; October 1917 of the Julian calendar; the year 1700.
        ("+1917-10-25T00:00:00Z", 11, "1917-11-07", "1917-11-07"),
        ("+1899-12-25T00:00:00Z", 11, "1900-01-06", "1900-01-06"),
        ("+1917-10-00T00:00:00Z", 10, "1917-10-14", "1917-11-13"),
        ("+1700-02-00T00:00:00Z", 10, "1700-02-11", "1700-03-11"),
        ("+1600-00-00T00:00:00Z", 9, "1600-01-11", "1601-01-10"),
        ("+0001-01-01T00:00:00Z", 11, None, "0001-01-01"),
    ],
)
def test_julian_dates_are_converted(text: str, precision: int, first: str | None, last: str | None) -> None:
    assert bounds_of(Time(text, precision, JULIAN)) == Bounds.some_time_in(day(first), day(last))


def test_other_calendars_say_nothing() -> None:
    time = Time("+2012-05-07T00:00:00Z", 11, "http://www.wikidata.org/entity/Q42")
    assert bounds_of(time) == Bounds(None, None, None, None)


@given(st.dates(date(1, 1, 3), date(9999, 12, 31)))
def test_the_calendars_part_by_a_day_in_each_century_that_400_does_not_divide(found: date) -> None:
    """Told apart from February and March, in which they part."""
    centuries = (found.year - (found.month < 3)) // 100
    behind = timedelta(centuries - centuries // 4 - 2)
    julian = found - behind if behind.days < 300 else found
    if julian.month == 2 or found.month in (2, 3):
        return
    assert to_gregorian(julian.year, julian.month, julian.day) == (found.year, found.month, found.day)


PRECISIONS = st.integers(0, 14)
YEARS = st.integers(-12000, 12000).filter(bool)


@settings(deadline=None)
@given(YEARS, st.integers(0, 12), st.integers(0, 31), PRECISIONS, st.sampled_from([GREGORIAN, JULIAN]))
def test_any_time_has_bounds_and_a_less_precise_one_wider(
    year: int, month: int, number: int, precision: int, calendar: str
) -> None:
    text = f"{year:+05}-{month:02}-{number:02}T00:00:00Z"
    found = bounds_of(Time(text, precision, calendar))
    if found.start_earliest and found.end_latest:
        assert found.start_earliest <= found.end_latest
    # A decade begins with a year that ends in 0, a century with one that ends in 1: neither lies in the other.
    if 9 <= precision < 11 or precision < 7:
        wider = bounds_of(Time(text, precision - 1 if precision else 0, calendar))
        assert wider.contains(found) or None in (found.start_earliest, found.end_latest)


def snaks(*values: str) -> list[Snak]:
    """``2012-05-07``, ``1995``, ``?`` for an unknown value, ``-`` for none."""
    kinds = {"?": "somevalue", "-": "novalue"}
    return [
        Snak("P580", None, kinds[each])
        if each in kinds
        else Snak("P580", Time(f"+{each}{'-01-01' * (len(each) == 4)}T00:00:00Z", 11 if len(each) > 4 else 9))
        for each in values
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "bounds"),
    [
        ("2012-12-26", "2017-08-03", "2012-12-26 2012-12-26 2017-08-03 2017-08-03"),
        ("1995", "1997", "1995-01-01 1995-12-31 1997-01-01 1997-12-31"),
        ("2012-05-07", "", "2012-05-07 2012-05-07 2012-05-07 .."),
        ("", "2017-08-03", ".. 2017-08-03 2017-08-03 2017-08-03"),
        ("", "", ".. .. .. .."),
        ("?", "2017-08-03", ".. 2017-08-03 2017-08-03 2017-08-03"),
        # It has ended, by the day on which that was read; it had not ended on that day.
        ("2012-05-07", "?", "2012-05-07 2012-05-07 2012-05-07 2022-08-02"),
        ("2012-05-07", "-", "2012-05-07 2012-05-07 2022-08-02 .."),
        # Two values: one or the other. A start that some value does not tell is open.
        ("1998 2000-05-07", "2004", "1998-01-01 2000-05-07 2004-01-01 2004-12-31"),
        ("2017", "2017", "2017-01-01 2017-12-31 2017-01-01 2017-12-31"),
        ("1998 ?", "2004 ?", ".. 2022-08-02 .. 2022-08-02"),
        ("2012-05-07", "2014 -", "2012-05-07 2012-05-07 2014-01-01 .."),
        # What contradicts itself is told as it is.
        ("2010-01-01", "2008-01-01", "2010-01-01 2010-01-01 2008-01-01 2008-01-01"),
    ],
)
def test_a_tenure_lasts_from_its_start_to_its_end(starts: str, ends: str, bounds: str) -> None:
    found = tenure_bounds(snaks(*starts.split()), snaks(*ends.split()), date(2022, 8, 2))
    assert found == Bounds(*(None if each == ".." else date.fromisoformat(each) for each in bounds.split()))


def test_without_a_day_of_retrieval_neither_an_unknown_end_nor_none_tells_a_day() -> None:
    for end in ("?", "-"):
        found = tenure_bounds(snaks("2012-05-07"), snaks(end))
        assert found == Bounds(date(2012, 5, 7), date(2012, 5, 7), date(2012, 5, 7), None)
