"""Absence and who met how often: what each query must not confuse, in a world of a few assertions for each case."""

from collections.abc import Callable, Iterable

import pytest

Ask = Callable[..., list[tuple[str | int | None, ...]]]
AskWorld = Callable[..., Ask]

BOTH = ("lavrov:russia", "kishida:japan")
SERIES = "cq:inSeries series:ru-jp-2plus2"
COMPLETE = "Complete"


def told(name: str, says: str, admission: str = "Premise", document: str = "2018-01-01") -> str:
    """An assertion, in a document of a day, as TriG."""
    slug = "d" + document.replace("-", "")
    return (
        "<https://w3id.org/communique/graph/provenance> {"
        f' document:{slug} a cq:Document ; cq:when "{document}"^^edtf:EDTF . a:{name} a cq:Assertion ;'
        f" cq:inDocument document:{slug} ; cq:modality cq:Asserted ; cq:admission cq:{admission} . }}"
        f" a:{name} {{ {says} }}"
    )


def meeting(name: str, when: str, present: Iterable[str] = BOTH, status: str = "Held", more: str = "") -> str:
    """A meeting in Turtle; ``present`` are ``lavrov:russia``, or without what is not told of them."""
    said = f"meeting:{name} a cq:Meeting ; cq:status cq:{status} ."
    said += f' meeting:{name} cq:when "{when}"^^edtf:EDTF .' if when else ""
    said += f" meeting:{name} {more} ." if more else ""
    for each in present:
        person, state = each.split(":")
        part = f"p:{name}.{person or 'unnamed'}.{state or 'unsided'}.{status.lower()}"
        said += f" meeting:{name} cq:hasParticipation {part} . {part} a cq:Participation ; cq:status cq:{status} ;"
        said += f" cq:participant person:{person} ;" if person else ""
        said += f" cq:representing state:{state} ." if state else " ."
    return said


def coverage(
    when: str = "2013/2017", states: str = "russia japan", limit: str = "", completeness: str = COMPLETE
) -> str:
    """A coverage, in words of a premise."""
    covered = ", ".join(f"state:{state}" for state in states.split())
    limited = f"{limit} ; " if limit else ""
    says = f'coverage:c a cq:Coverage ; cq:coversState {covered} ; {limited}cq:when "{when}"^^edtf:EDTF ;'
    return told("covered", says + f" cq:completeness cq:{completeness} .")


def since(ask: Ask, columns: str = "answer", who: str = "russia", other: str = "japan", **given: str) -> object:
    """What ``not-met-since`` says of 2015 and 2016."""
    asked = {"since": "2015", "until": "2016", **given}
    (row,) = ask("not-met-since", columns, who=who, other=other, **asked)
    return row[0] if len(row) == 1 else row


class TestNotMetSince:
    def test_not_met_rests_on_a_complete_coverage_and_shows_what_lies_around(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("one", meeting("one", "2014-05-01")), told("two", meeting("two", "2017-02-01")), coverage()
        )
        columns = "answer meeting before beforeLatest after afterEarliest coverage evidence"
        assert since(ask, columns) == ("not met", None, "one", "2014-05-01", "two", "2017-02-01", "c", "covered")

    def test_a_meeting_within_the_period_is_the_evidence(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("one", meeting("one", "2016-05-01")), coverage())
        assert since(ask, "answer meeting earliest latest coverage evidence") == (
            *("met", "one", "2016-05-01", "2016-05-01"),
            *(None, "one"),
        )

    @pytest.mark.parametrize(
        "cover",
        [
            coverage("2015-01-02/2017"),  # begins a day late
            coverage("2013/2016-12-30"),  # ends a day early
            coverage("/2017"),  # begins nobody knows when
            coverage(states="russia usa"),
            coverage(limit="cq:coversFormat format:summit"),
            coverage(limit=SERIES.replace("inSeries", "coversSeries")),
            coverage(completeness="Selective"),
            coverage().replace("cq:admission cq:Premise", "cq:admission cq:Admitted"),
            "",
        ],
        ids=["late", "early", "unknown-start", "others", "format", "series", "selective", "reported", "none"],
    )
    def test_beyond_the_coverage_nothing_is_known(self, ask_world: AskWorld, cover: str) -> None:
        assert since(ask_world(told("one", meeting("one", "2014-05-01")), cover)) == "unknown"

    def test_without_a_last_day_only_an_open_coverage_will_do(self, ask_world: AskWorld) -> None:
        assert since(ask_world(coverage()), until="") == "unknown"
        assert since(ask_world(coverage("2013/..")), until="") == "not met"

    @pytest.mark.parametrize("form", ["ru-jp-2plus2", "2plus2", "summit"])
    def test_a_wider_coverage_covers_a_format(self, ask_world: AskWorld, form: str) -> None:
        assert since(ask_world(coverage()), format=form) == "not met"

    def test_a_coverage_of_a_format_covers_its_series_but_not_the_other_way(self, ask_world: AskWorld) -> None:
        ask = ask_world(coverage(limit="cq:coversFormat format:2plus2"))
        assert since(ask, format="2plus2") == since(ask, format="ru-jp-2plus2") == "not met"
        ask = ask_world(coverage(limit="cq:coversSeries series:ru-jp-2plus2"))
        assert (since(ask, format="2plus2"), since(ask, format="ru-jp-2plus2")) == ("unknown", "not met")

    @pytest.mark.parametrize(
        "doubtful",
        [
            told("r", meeting("r", "2016-05-01"), "Admitted"),  # only reported
            told("r", meeting("r", "2014/2016")),  # lasting into the period
            told("r", meeting("r", "[2014-01-01..2015-06-01]")),  # on some day, maybe before
            told("r", meeting("r", "")),  # on no day
            told("r", meeting("r", "")) + told("p", meeting("r", "2014-05-01", status="Planned"), "Admitted"),
            told("r", meeting("r", "2016-05-01")) + told("off", meeting("r", "2016-05-01", (), "Cancelled")),
            told("r", meeting("r", "2016-05-01", BOTH[:1])) + told("x", meeting("r", "2016-05-01"), "Admitted"),
        ],
        ids=["reported", "lasting", "some-day", "undated", "dated-by-a-plan", "contested", "presence-reported"],
    )
    def test_a_doubtful_meeting_is_a_possible_one(self, ask_world: AskWorld, doubtful: str) -> None:
        asked = {"who": "russia", "other": "japan", "since": "2015", "until": "2016"}
        rows = ask_world(doubtful, coverage())("not-met-since", "answer meeting coverage", **asked)
        assert set(rows) == {("possibly met", "r", None)}

    @pytest.mark.parametrize("status", ["Planned", "Cancelled", "Postponed"])
    def test_by_what_was_not_held_nobody_met(self, ask_world: AskWorld, status: str) -> None:
        grant = "Admitted" if status == "Planned" else "Premise"
        assert since(ask_world(told("p", meeting("p", "2016", status=status), grant), coverage())) == "not met"

    @pytest.mark.parametrize(
        "present",
        [("lavrov:russia", "kishida:"), ("abe:", "kishida:japan"), BOTH[:1], ("lavrov:russia", "a:usa", "b:")],
        ids=["no-side", "no-side-either", "one-side", "third-party"],
    )
    def test_where_a_side_is_not_told_nothing_is_excluded(
        self, ask_world: AskWorld, present: tuple[str, ...]
    ) -> None:
        untold = told("u", meeting("u", "2015-05-01", present))
        ask = ask_world(untold, told("one", meeting("one", "2016-05-01")), coverage("../2017"))
        asked = {"who": "russia", "other": "japan"}
        assert since(ask, until="2015") == "unknown"
        assert since(ask, since="2015-05-02", until="2015") == "not met"
        assert ask("never-met", "answer", **asked, until="2015") == [("unknown",)]
        assert ask("never-met", "answer", **asked, until="2014") == [("yes",)]
        excluded = [ask("first-since", "earlierExcluded", **asked, since=day) for day in ("2015", "2015-06")]
        assert excluded == [[("unknown",)], [("yes",)]]

    def test_where_all_sides_are_told_it_is_excluded(self, ask_world: AskWorld) -> None:
        told_of = told("u", meeting("u", "2015-05-01", ("lavrov:russia", "abe:usa")))
        assert since(ask_world(told_of, coverage())) == "not met"

    def test_of_a_period_that_ends_before_it_begins_it_says_nothing(self, ask_world: AskWorld) -> None:
        asked = {"who": "russia", "other": "japan", "since": "2016-05-02"}
        ask = ask_world(coverage())
        assert ask("not-met-since", **asked, until="2016-05-01") == []
        assert since(ask, since="2016-05-02", until="2016-05-02") == "not met"

    def test_for_persons_only_a_series_without_any_meeting_excludes_it(self, ask_world: AskWorld) -> None:
        persons = {"who": "lavrov", "other": "kishida"}
        assert since(ask_world(coverage()), **persons) == "unknown"
        assert since(ask_world(coverage()), **persons, format="ru-jp-2plus2") == "not met"
        unnamed = told("u", meeting("u", "2016-05-01", (":russia", ":japan"), more=SERIES))
        assert since(ask_world(unnamed, coverage()), **persons, format="ru-jp-2plus2") == "unknown"
        assert since(ask_world(unnamed, coverage()), format="ru-jp-2plus2") == "met"

    def test_colleagues_have_not_met(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("one", meeting("one", "2016-05-01", (*BOTH, "shoigu:russia"))))
        assert since(ask, who="lavrov", other="shoigu") == "unknown"
        assert since(ask, who="lavrov", other="russia") == "unknown"
        assert since(ask, who="lavrov", other="japan") == since(ask, who="japan", other="shoigu") == "met"

    def test_alone_it_asks_for_anybody_of_another_state(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("one", meeting("one", "2016-05-01")), told("two", meeting("two", "2016", ("abe:japan",)))
        )
        assert [since(ask, who=who, other="") for who in ("lavrov", "russia", "abe", "usa")] == [
            *("met", "met"),
            *("unknown", "unknown"),
        ]

    def test_anybody_must_be_there_by_a_premise_too(self, ask_world: AskWorld) -> None:
        reported = told("r", meeting("one", "2016-05-01"), "Admitted")
        ask = ask_world(told("one", meeting("one", "2016-05-01", BOTH[:1])), reported)
        assert [row[0] for row in ask("not-met-since", "answer", who="lavrov", since="2016")] == ["possibly met"] * 2

    def test_who_stood_for_the_same_state_by_a_report_possibly_met(self, ask_world: AskWorld) -> None:
        reported = told("r", meeting("one", "2016-05-01", ("kishida:russia",)), "Admitted")
        ask = ask_world(told("one", meeting("one", "2016-05-01")), reported)
        for who, other in (("lavrov", "kishida"), ("kishida", "russia")):
            rows = ask("not-met-since", "answer", who=who, other=other, since="2016")
            assert {row[0] for row in rows} == {"possibly met"}


class TestFirstSinceAndNeverMet:
    def test_the_first_and_whether_an_earlier_one_is_excluded(self, ask_world: AskWorld) -> None:
        days = ("2014-05-01", "2016-05-01", "2017-05-01")
        meetings = [told(f"m{day}", meeting(f"m{day}", day)) for day in days]
        asked = {"who": "russia", "other": "japan", "since": "2015"}
        columns = "meeting earlierExcluded coverage evidence"
        found = ("m2016-05-01", "yes", "c", "m2016-05-01")
        assert ask_world(*meetings, coverage("2015-01-01/2016-12-31"))("first-since", columns, **asked) == [found]
        doubt = told("r", meeting("r", "2015-07", BOTH), "Admitted")
        for more in (coverage("2015-01-01/2016-04-30"), doubt + coverage()):
            (row,) = ask_world(*meetings, more)("first-since", columns, **asked)
            assert row == ("m2016-05-01", "unknown", None, "m2016-05-01")
        assert ask_world(*meetings)("first-since", who="russia", other="japan", since="2018") == []

    def test_never_takes_a_coverage_of_all_time_until_then(self, ask_world: AskWorld) -> None:
        asked = {"who": "russia", "other": "japan", "until": "2016"}
        later = told("one", meeting("one", "2017-02-01"))
        assert ask_world(later, coverage("../2016-12-31"))("never-met", "answer evidence", **asked) == [
            ("yes", "covered")
        ]
        assert ask_world(later, coverage("2000-01-01/2016-12-31"))("never-met", "answer", **asked) == [("unknown",)]
        rumour = told("r", meeting("r", "2014-02-01"), "Admitted")
        ask = ask_world(rumour, coverage("../2016-12-31"))
        assert ask("never-met", "answer meeting evidence", **asked) == [("unknown", "r", "r")]
        held = told("h", meeting("h", "")) + told("p", meeting("h", "2014", status="Planned"), "Admitted")
        ask = ask_world(held, coverage("../2016-12-31"))
        assert ask("never-met", "answer", **asked) == [("unknown",)]
        assert ask("never-met", "answer meeting", who="russia", other="japan") == [("no", "h")]


class TestLongestGap:
    MEETINGS = tuple(
        told(f"m{day}", meeting(f"m{day}", day, (":russia", ":japan"), more=SERIES))
        for day in ("2014-05-01", "2014-05-11", "2016-05-11")
    )

    def test_the_longest_and_whether_there_was_none_between(self, ask_world: AskWorld) -> None:
        columns = "series leastDays mostDays after before noneBetween evidence"
        gap = ("ru-jp-2plus2", 731, 731, "m2014-05-11", "m2016-05-11")
        for form in ("2plus2", "ru-jp-2plus2"):
            ask = ask_world(*self.MEETINGS, coverage())
            assert ask("longest-gap", columns, format=form, state="japan") == [(*gap, "certain", "covered")]
        rumour = told("r", meeting("r", "2015-05-01", BOTH, more=SERIES), "Admitted")
        for more in (coverage("2015/2017"), rumour + coverage()):
            (row,) = ask_world(*self.MEETINGS, more)("longest-gap", columns, format="2plus2")
            assert row == (*gap, "unknown", None)
        assert ask_world(*self.MEETINGS)("longest-gap", format="2plus2", state="usa") == []


def test_contacts_are_counted_by_meetings_not_by_documents(ask_world: AskWorld) -> None:
    ask = ask_world(
        told("one", meeting("one", "2014-05-01")),
        told("again", meeting("one", "2014-05-01"), document="2018-02-01"),
        told("two", meeting("two", "2016-05")),
        told("plan", meeting("plan", "2017", status="Planned"), "Admitted"),
        told("side", meeting("side", "2014-06-01", ("lavrov:russia", "shoigu:russia", "abe:japan"))),
    )
    assert ask("contacts", person="lavrov") == [
        ("kishida", 2, "2014-05-01", "2016-05-31", 2),
        ("abe", 1, "2014-06-01", "2014-06-01", 1),
    ]
    assert ask("contacts", "other meetings", person="lavrov", from_="2016") == [("kishida", 1)]


def test_co_attendance_tells_colleagues_from_counterparts(ask_world: AskWorld) -> None:
    ask = ask_world(
        told("one", meeting("one", "2014-05-01", (*BOTH, "shoigu:russia"))),
        told("two", meeting("two", "2016-05-01", ("lavrov:russia", "shoigu:russia", "abe:japan"))),
        told("undated", meeting("undated", "")),
    )
    columns = "person other meetings asCounterparts"
    assert ask("co-attendance", columns, from_="2014", to="2016") == [
        ("lavrov", "shoigu", 2, 0),
        ("abe", "lavrov", 1, 1),
        ("abe", "shoigu", 1, 1),
        ("kishida", "lavrov", 1, 1),
        ("kishida", "shoigu", 1, 1),
    ]
    assert ask("co-attendance", columns, from_="2014", to="2014", person="shoigu") == [
        ("shoigu", "kishida", 1, 1),
        ("shoigu", "lavrov", 1, 0),
    ]


class TestWhoHeldOfficeAt:
    OFFICE = "office:ru-foreign-minister"

    def tenure(self, name: str, when: str, more: str = "") -> str:
        return (
            "<https://w3id.org/communique/graph/authority> {"
            f" tenure:{name} a org:Membership ; org:member person:{name} ; cq:heldPost {self.OFFICE} ; {more}"
            f' cq:when "{when}"^^edtf:EDTF ; prov:wasDerivedFrom <http://www.wikidata.org/entity/Q1> . }}'
        )

    @pytest.mark.parametrize(
        ("day", "certainty"),
        [("2013-12-31", "no"), ("2014-02-01", "possible"), ("2014-03-01", "certain"), ("2016-06-01", "possible")],
    )
    def test_by_the_four_bounds_of_a_tenure(self, ask_world: AskWorld, day: str, certainty: str) -> None:
        ask = ask_world(self.tenure("lavrov", "2014-02/2016-06-01"))
        columns = "person certainty basis startEarliest startLatest endEarliest endLatest"
        bounds = ("2014-02-01", "2014-02-28", "2016-06-01", "2016-06-01")
        assert ask("who-held-office-at", columns, office="ru-foreign-minister", date=day) == [
            ("lavrov", certainty, "tenure", *bounds)
        ]

    def test_an_open_end_counts_up_to_the_day_of_reading(self, ask_world: AskWorld) -> None:
        read = 'cq:recordedOn "2016-01-01"^^xsd:date ;'
        ask = ask_world(self.tenure("lavrov", "2014-02-01/..", read))
        for day, certainty in (("2015-12-31", "certain"), ("2016-01-01", "possible")):
            assert ask("who-held-office-at", "certainty", office="ru-foreign-minister", date=day) == [(certainty,)]

    def test_words_show_a_holder_on_their_day_only(self, ask_world: AskWorld) -> None:
        said = f"incumbency:i a cq:Incumbency ; org:member person:lavrov ; cq:heldPost {self.OFFICE} ;"
        ask = ask_world(told("said", f'{said} cq:when "2015-03-20"^^edtf:EDTF .'))
        asked = {"office": "ru-foreign-minister"}
        assert ask("who-held-office-at", "person certainty basis source", **asked, date="2015-03-20") == [
            ("lavrov", "certain", "incumbency", "said")
        ]
        assert ask("who-held-office-at", **asked, date="2015-03-21") == []
        ask = ask_world(told("said", f'{said} cq:when "2015-03"^^edtf:EDTF .'))
        assert ask("who-held-office-at", "certainty", **asked, date="2015-03-21") == [("possible",)]


def test_incomplete_formats_have_their_vacant_slots(ask_world: AskWorld) -> None:
    slots = (
        "<https://w3id.org/communique/graph/authority> { format:2plus2 cq:hasSlot slot:fm . slot:fm a cq:Slot ;"
        " cq:postKind postkind:fm ; cq:perSide 1 . office:ru-foreign-minister cq:postKind postkind:fm . }"
    )
    seat = "p:one.lavrov.russia.held cq:heldPost office:ru-foreign-minister . "
    ask = ask_world(slots, told("one", seat + meeting("one", "2016-05-01", more="cq:inFormat format:2plus2")))
    found = [("one", "fm", "japan", "2016-05-01", "2016-05-01")]
    for given in ({}, {"format": "2plus2"}, {"state": "japan"}, {"from_": "2016", "to": "2016"}):
        assert ask("incomplete-formats", **given) == found
    for given in ({"format": "summit"}, {"state": "russia"}, {"from_": "2017"}):
        assert ask("incomplete-formats", **given) == []


def test_what_is_inferred_leads_to_its_proof(ask_world: AskWorld) -> None:
    ask = ask_world(told("one", meeting("one", "2016-05-01")))
    (row,) = ask("inferred-with-proof", thing="person:lavrov", predicate="cq:tookPartIn")
    iri = "https%3A%2F%2Fw3id.org%2Fcommunique%2F"
    assert row == (
        *("lavrov", "tookPartIn", "one", "inferred"),
        f"/why?subject={iri}id%2Fperson%2Flavrov&predicate={iri}vocab%23tookPartIn&object={iri}id%2Fmeeting%2Fone",
    )
    (row,) = ask("inferred-with-proof", "object proof", thing="meeting:one", predicate="cq:earliest")
    assert row[0] == "2016-05-01"
    assert str(row[1]).endswith(
        "object=%222016-05-01%22%5E%5E%3Chttp%3A%2F%2Fwww.w3.org%2F2001%2FXMLSchema%23date%3E"
    )
