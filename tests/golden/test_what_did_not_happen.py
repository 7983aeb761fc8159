"""Absence, tenures and who met how often: answers worked out by hand from the two documents."""

import pytest

FIRST, TALKS = "meeting:ru-jp-2plus2-2013-11-02", "meeting:ru-jp-2plus2-2017-03-20"
SUMMIT, BONN = "meeting:ru-jp-summit-2016-12", "meeting:ru-jp-fm-bonn-2017-02"
COVERAGE, COVERED = "coverage:ru-jp-2plus2-until-2017-03-20", "a:streltsov-2plus2-covered"
HELD = ["a:kistanov-2plus2-held", "a:streltsov-2plus2-held"]
SERIES = "series:ru-jp-2plus2"


def columns(rows, *names):
    return [tuple(row.get(name, "") for name in names) for row in rows]


def test_no_2plus2_between_the_first_and_that_of_2017_by_streltsovs_words(ask) -> None:
    rows = ask("not-met-since", who="Russia", other="Japan", format=SERIES, since="2013-11-03", until="2017-03-19")
    assert columns(rows, "answer", "before", "beforeLatest", "after", "afterEarliest", "coverage", "evidence") == [
        ("not met", FIRST, "2013-11-02", TALKS, "2017-03-20", COVERAGE, COVERED)
    ]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"since": "2013-11-03"}, "met"),  # on 20 March 2017
        ({"since": "2013-11-02", "until": "2017-03-19"}, "met"),  # on that very day
        ({"since": "2017-03-21"}, "unknown"),  # beyond Streltsov's words
        (
            {"since": "2013-11-03", "until": "2017-03-19", "format": "format:2plus2"},
            "unknown",
        ),  # wider than the series
    ],
)
def test_russia_and_japan_in_other_periods(ask, asked: dict[str, str], answer: str) -> None:
    rows = ask("not-met-since", **{"who": "Russia", "other": "Japan", "format": SERIES} | asked)
    assert {row["answer"] for row in rows} == {answer}


def test_in_any_format_they_met_at_the_summit_of_december_2016(ask) -> None:
    rows = ask("not-met-since", who="Russia", other="Japan", since="2013-11-03", until="2017-01-31")
    assert columns(rows, "answer", "meeting", "earliest", "latest", "evidence") == [
        ("met", SUMMIT, "2016-12-01", "2016-12-31", "a:kistanov-summit-2016-12-held")
    ]


def test_after_the_talks_nothing_is_known_of_lavrov_and_inada(ask) -> None:
    (row,) = ask("not-met-since", who="Lavrov", other="Inada", since="2017-03-21")
    assert (row["answer"], row["before"], row["beforeLatest"]) == ("unknown", TALKS, "2017-03-20")


def test_nobody_met_by_what_was_planned_for_april(ask) -> None:
    (row,) = ask("not-met-since", who="Abe", other="Putin", since="2017-04")
    assert (row["answer"], row["before"]) == ("unknown", SUMMIT)
    (row,) = ask("not-met-since", who="Japan", other="United States", since="2017")
    assert row["answer"] == "unknown"


def test_the_first_2plus2_after_2_november_2013_and_none_before_it(ask) -> None:
    rows = ask("first-since", who="Russia", other="Japan", format=SERIES, since="2013-11-03")
    assert columns(rows, "meeting", "earliest", "earlierExcluded", "coverage", "evidence") == [
        (TALKS, "2017-03-20", "yes", COVERAGE, evidence) for evidence in HELD
    ]


def test_before_2_november_2013_there_was_never_a_2plus2(ask) -> None:
    asked = {"who": "Russia", "other": "Japan", "format": SERIES}
    assert columns(ask("never-met", **asked, until="2013-11-01"), "answer", "coverage", "evidence") == [
        ("yes", COVERAGE, COVERED)
    ]
    assert columns(ask("never-met", **asked), "answer", "meeting", "evidence") == [
        ("no", FIRST, "a:streltsov-2plus2-first")
    ]


def test_that_two_of_one_delegation_never_met_is_not_known(ask) -> None:
    assert columns(ask("never-met", who="Lavrov", other="Shoigu"), "answer", "meeting") == [("unknown", "")]


def test_1234_days_without_a_2plus2(ask) -> None:
    names = ("series", "leastDays", "mostDays", "after", "before", "noneBetween", "coverage", "evidence")
    gap = (SERIES, "1234", "1234", FIRST, TALKS, "certain", COVERAGE, COVERED)
    assert columns(ask("longest-gap", format=SERIES), *names) == [gap]
    assert columns(ask("longest-gap", format="format:2plus2", state="Russia", other_state="Japan"), *names) == [gap]


def test_lavrovs_contacts(ask) -> None:
    # Kishida also in Bonn, as foreign minister by his tenure; only Streltsov tells of Bonn.
    assert columns(ask("contacts", person="Lavrov"), "other", "meetings", "first", "last", "documents") == [
        ("person:kishida", "2", "2017-02-01", "2017-03-20", "2"),
        ("person:inada", "1", "2017-03-20", "2017-03-20", "2"),
    ]


def test_colleagues_and_counterparts_of_march_2017(ask) -> None:
    rows = columns(ask("co-attendance", _from="2017-03", to="2017-03"), "person", "other", "asCounterparts")
    ministers = ("inada", "kishida", "lavrov", "shoigu")
    russians = {"lavrov", "shoigu"}
    assert rows == [
        (f"person:{one}", f"person:{other}", str(int((one in russians) != (other in russians))))
        for n, one in enumerate(ministers)
        for other in ministers[n + 1 :]
    ]


@pytest.mark.parametrize(
    ("day", "certain"), [("2017-03-20", "person:inada"), ("2016-08-02", "person:nakatani"), ("2016-08-03", "")]
)
def test_who_was_japans_defence_minister(ask, day: str, certain: str) -> None:
    # Inada succeeded Nakatani on 3 August 2016: the day itself is shared, so certain of neither.
    rows = [
        row for row in ask("who-held-office-at", office="jp-defence-minister", date=day) if row["basis"] == "tenure"
    ]
    assert {row["person"] for row in rows if row["certainty"] == "certain"} == ({certain} if certain else set())
    possible = {row["person"] for row in rows if row["certainty"] == "possible"}
    assert possible == (set() if certain else {"person:inada", "person:nakatani"})


@pytest.mark.parametrize(
    ("office", "day", "shown"),
    [
        # "Foreign Ministers Fumio Kishida and Defense Ministers Tomomi Inada", in both documents; her protest in one.
        ("jp-foreign-minister", "2017-03-20", [
            ("person:kishida", "certain", "attendance", "a:kistanov-2plus2-held"),
            ("person:kishida", "certain", "attendance", "a:streltsov-2plus2-held"),
        ]),
        ("jp-defence-minister", "2017-03-20", [
            ("person:inada", "certain", "attendance", "a:kistanov-2plus2-held"),
            ("person:inada", "certain", "attendance", "a:streltsov-2plus2-held"),
            ("person:inada", "possible", "statement", "a:kistanov-inada-protest"),
        ]),
        # "Lavrov, in an interview … on March 29": the author's own words, and two of his that are quoted.
        ("ru-foreign-minister", "2017-03-29", [
            ("person:lavrov", "certain", "attendance", "a:kistanov-lavrov-interview"),
            ("person:lavrov", "possible", "statement", "a:kistanov-lavrov-russian-legislation"),
            ("person:lavrov", "possible", "statement", "a:kistanov-lavrov-selects-projects"),
        ]),
        # "Russian presidential aide Yuri Ushakov", at the summit of December.
        ("ru-presidential-aide", "2016-12-15", [
            ("person:ushakov", "possible", "statement", "a:kistanov-ushakov-russian-law"),
        ]),
        # The summit of April is planned; Abe is named in his post when the text was written, by 27 April.
        ("jp-prime-minister", "2017-04-27", [
            ("person:abe", "possible", "incumbency", "a:kistanov-leaders-in-post"),
        ]),
        # Oreshkin is to come as special envoy near the end of March; the deputy ministers of 18 March have no names.
        ("ru-presidential-envoy", "2017-03-25", []),
        ("jp-deputy-foreign-minister", "2017-03-18", []),
        # Nobody is named at the first 2+2.
        ("jp-defence-minister", "2013-11-02", []),
    ],
)  # fmt: skip
def test_whom_documents_show_in_an_office_on_a_day(ask, office: str, day: str, shown: list[tuple[str, ...]]) -> None:
    rows = [row for row in ask("who-held-office-at", office=office, date=day) if row["basis"] != "tenure"]
    assert columns(rows, "person", "certainty", "basis", "source") == shown


def test_nobody_is_known_to_have_sat_at_the_first_2plus2(ask) -> None:
    rows = columns(ask("incomplete-formats", format="format:2plus2"), "meeting", "slot", "state")
    assert rows == [
        (FIRST, f"slot:2plus2-{post}-minister", f"state:{state}")
        for post in ("defence", "foreign")
        for state in ("japan", "russia")
    ]


def test_what_is_inferred_of_the_talks(ask) -> None:
    rows = ask("inferred-with-proof", thing=TALKS, predicate="cq:tookPartIn")
    people = [f"person:{who}" for who in ("inada", "kishida", "lavrov", "shoigu")]
    assert columns(rows, "subject", "object", "basis") == [(who, TALKS, "inferred") for who in people]
    assert all(row["proof"].startswith("/why?subject=") for row in rows)
