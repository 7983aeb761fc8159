"""Dates as texts say them, relative to the day on which they were written."""

from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from graph.dates import Bounds, bounds, edtf_of
from graph.relative_dates import FRAMES, PERIODS, RelativeDateError, relative_date
from graph.sources import default_corpus
from server.cli import main

STRELTSOV, KISTANOV = "2017-03-20", "[2017-03-30..2017-04-27]"
CORPUS = default_corpus()

# What the two documents say of dates, each with what it means, worked out from a calendar.
SAID = [
    ("a:kistanov-summit-2016-12-held", KISTANOV, "last December", "2016-12"),
    ("a:kistanov-deputy-ministers-held", KISTANOV, "On March 18", "2017-03-18"),
    ("a:kistanov-2plus2-held", KISTANOV, "On March 20", "2017-03-20"),
    ("a:kistanov-strategic-dialogue-held", KISTANOV, "on March 30", "2017-03-30"),
    ("a:kistanov-summit-2017-04-planned", KISTANOV, "on April 27-28", "2017-04-27/2017-04-28"),
    ("a:kistanov-joint-activity-agreed", KISTANOV, "December", "2016-12"),
    ("a:kistanov-division-planned", KISTANOV, "by the end of the year", "[..2017-12-31]"),
    ("a:kistanov-japan-us-2plus2-planned", KISTANOV, "in April", "2017-04"),
    ("a:kistanov-thaad-south-korea", KISTANOV, "since the beginning of the year", "2017-33/.."),
    ("a:kistanov-poznikhir-in-post", KISTANOV, "at the end of March", "[2017-03-21..2017-03-31]"),
    ("a:kistanov-format-created", KISTANOV, "in 2013", "2013"),
    ("a:kistanov-joint-list-planned", KISTANOV, "By late April", "[..2017-04-30]"),
    ("a:kistanov-lavrov-interview", KISTANOV, "on March 29", "2017-03-29"),
    ("a:kistanov-abe-visit-planned", KISTANOV, "on April 27-28", "2017-04-27/2017-04-28"),
    ("a:streltsov-2plus2-held", STRELTSOV, "March 20, 2017", "2017-03-20"),
    ("a:streltsov-deputy-ministers-met", STRELTSOV, "on March 18", "2017-03-18"),
    ("a:streltsov-oreshkin-visit", STRELTSOV, "near the end of the month", "[2017-03-21..2017-03-31]"),
    ("a:streltsov-abe-visit", STRELTSOV, "in April", "2017-04"),
    ("a:streltsov-december-agreements", STRELTSOV, "in December 2016", "2016-12"),
    ("a:streltsov-council-founded", STRELTSOV, "In February", "2017-02"),
    ("a:streltsov-bonn-meeting", STRELTSOV, "last month", "2017-02"),
    ("a:streltsov-2plus2-first", STRELTSOV, "Nov. 2, 2013", "2013-11-02"),
]


@pytest.mark.parametrize(("assertion", "written", "phrase", "means"), SAID)
def test_what_the_documents_say(assertion: str, written: str, phrase: str, means: str) -> None:
    assert relative_date(phrase, bounds(written)) == edtf_of(bounds(means))
    assert means in asserted(assertion), "the assertion file has it otherwise"


def asserted(assertion: str) -> set[str]:
    """The dates that an assertion of the corpus gives."""
    (name,) = [path for path in CORPUS.glob("*.yaml") if path.name.startswith(assertion[2:].partition("-")[0])]
    (item,) = [i for i in YAML(typ="safe").load(name)["assertions"] if i["id"] == assertion]
    says = item["says"] if isinstance(item["says"], list) else [item["says"]]
    return {str(each["on"]) for each in says if "on" in each}


@pytest.mark.parametrize(
    ("phrase", "written", "means"),
    [
        ("last March", STRELTSOV, "2016-03"),
        ("last March", "2017-04-01", "2017-03"),
        # Of the texts that may have been written on 30 or 31 March, or in April, the words mean different months.
        ("last March", KISTANOV, "[2016-03-01..2017-03-31]"),
        ("this month", STRELTSOV, "2017-03"),
        ("this month", KISTANOV, "[2017-03-01..2017-04-30]"),
        ("this year", KISTANOV, "2017"),
        ("last year's", KISTANOV, "2016"),
        ("late April", KISTANOV, "[2017-04-21..2017-04-30]"),
        ("today", STRELTSOV, "2017-03-20"),
        ("yesterday", STRELTSOV, "2017-03-19"),
        ("the day after tomorrow", STRELTSOV, "2017-03-22"),
        ("next week", STRELTSOV, "[2017-03-27..2017-04-02]"),  # 20 March 2017 was a Monday
        ("last week", STRELTSOV, "[2017-03-13..2017-03-19]"),
        ("last Monday", STRELTSOV, "2017-03-13"),
        ("this Friday", STRELTSOV, "2017-03-24"),
        ("next Monday", STRELTSOV, "2017-03-27"),
        ("three days ago", STRELTSOV, "2017-03-17"),
        ("a month ago", STRELTSOV, "2017-02"),
        ("in two years", STRELTSOV, "2019"),
        ("earlier this month", STRELTSOV, "[2017-03-01..2017-03-20]"),
        ("later this year", STRELTSOV, "[2017-03-20..2017-12-31]"),
        ("December 30", "2017-01-05", "2016-12-30"),
        ("January 10", "2016-12-20", "2017-01-10"),
        ("February 29", STRELTSOV, "2016-02-29"),
        ("mid-March", STRELTSOV, "[2017-03-11..2017-03-20]"),
        ("early February", STRELTSOV, "[2017-02-01..2017-02-10]"),
        ("the end of February", STRELTSOV, "[2017-02-21..2017-02-28]"),
        ("early last month", STRELTSOV, "[2017-02-01..2017-02-10]"),
        ("late 2016", STRELTSOV, "2016-36"),
        ("mid-2016", STRELTSOV, "[2016-04-01..2016-09-30]"),
        ("the first half of the year", STRELTSOV, "[2017-01-01..2017-06-30]"),
        ("the last quarter of 2016", STRELTSOV, "2016-36"),
        ("next winter", STRELTSOV, "[2017-12-01..2018-02-28]"),
        ("summer 2014", STRELTSOV, "[2014-06-01..2014-08-31]"),
        ("December last year", STRELTSOV, "2016-12"),
        ("27–28 April 2017", STRELTSOV, "2017-04-27/2017-04-28"),
        ("from March 18 to April 2, 2013", STRELTSOV, "2013-03-18/2013-04-02"),
        ("2013-2014", STRELTSOV, "2013/2014"),
        ("between 2013 and March 2017", STRELTSOV, "[2013-01-01..2017-03-31]"),
        ("before April", STRELTSOV, "[..2017-03-31]"),
        ("after April", STRELTSOV, "[2017-05-01..]"),
        ("since March 2014", STRELTSOV, "2014-03/.."),
        ("until April", STRELTSOV, "../2017-04"),
        ("around March 20", STRELTSOV, "[2017-03-17..2017-03-23]"),
        ("the 1990s", STRELTSOV, "199X"),
        ("2017-03~", STRELTSOV, "[2017-02-01..2017-04-30]"),
        # The start may lie in February or March: no one date says that, a quarter allows it.
        ("since last month", KISTANOV, "2017-33/.."),
    ],
)
def test_worked_out_by_hand(phrase: str, written: str, means: str) -> None:
    assert relative_date(phrase, bounds(written)) == means


@pytest.mark.parametrize(
    "phrase",
    ["", "recently", "Monday", "over the following three years", "more than three years later", "late last week",
     "tomorrow or so", "the first half of March", "the day of the talks"],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_what_is(phrase: str) -> None:
    with pytest.raises(RelativeDateError, match=f"^'{phrase}' is not understood; .*'last December'.*'since 2014'"):
        relative_date(phrase, bounds(STRELTSOV))


@pytest.mark.parametrize("phrase", ["February 30", "March 0", "from April to March 2016", "the 0000s"])
def test_days_that_are_none_are_refused(phrase: str) -> None:
    with pytest.raises(RelativeDateError, match="cannot be: "):
        relative_date(phrase, bounds(STRELTSOV))


@pytest.mark.parametrize("written", ["[..2017]", "2017-03-20/..", "1900/2017"])
def test_a_document_must_be_dated(written: str) -> None:
    with pytest.raises(RelativeDateError, match="the document's date"):
        relative_date("last month", bounds(written))


PHRASES = st.sampled_from([each.example for each in (*PERIODS, *FRAMES)] + [phrase for _, _, phrase, _ in SAID])
DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))


def some_day_in(first: date, last: date) -> Bounds:
    return Bounds(first, last, first, last)


@settings(max_examples=200, deadline=None)
@given(PHRASES, DAYS, st.integers(0, 60), st.integers(0, 60))
def test_a_text_of_some_day_means_whatever_it_means_on_each(phrase: str, first: date, days: int, one: int) -> None:
    last, day = first + timedelta(days), first + timedelta(min(days, one))
    try:
        wide = relative_date(phrase, some_day_in(first, last))
    except RelativeDateError:  # half a year away from March 18, the nearest April 2 may be the one before
        assert phrase in {"from March 18 to April 2", "between March 18 and April 2", "on April 27-28"}
        return
    assert bounds(wide).contains(bounds(relative_date(phrase, some_day_in(day, day))))


@pytest.mark.parametrize("known", [*PERIODS, *FRAMES], ids=lambda known: known.example)
def test_every_line_of_the_tables_reads_its_own_example(known) -> None:
    assert relative_date(known.example, bounds(STRELTSOV))


class TestTheCommand:
    def tell(self, *arguments: str) -> str:
        done = CliRunner().invoke(main, ["date", *arguments, "--format", "csv"])
        assert done.exit_code == 0, done.output
        return done.stdout.splitlines()[1]

    def test_words(self) -> None:
        assert self.tell("last December", "--relative-to", STRELTSOV) == (
            "2016-12,2016-12-01,2016-12-31,2016-12-01,2016-12-31"
        )

    def test_a_date(self) -> None:
        assert self.tell("2017-04-27/..") == "2017-04-27/..,2017-04-27,2017-04-27,2017-04-27,"

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["last December"], "--relative-to"),
            (["recently", "--relative-to", STRELTSOV], "'recently' is not understood"),
            (["last December", "--relative-to", "March"], "'March' is not a date"),
        ],
    )
    def test_what_is_refused(self, arguments: list[str], said: str) -> None:
        done = CliRunner().invoke(main, ["date", *arguments])
        assert done.exit_code
        assert said in done.output
