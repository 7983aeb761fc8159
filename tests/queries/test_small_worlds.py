"""What each saved query must not confuse: a world of a few assertions for each case."""

from collections.abc import Callable, Iterable

import pytest

Row = tuple[str | int | None, ...]
Ask = Callable[..., list[Row]]
AskWorld = Callable[..., Ask]

MARCH, APRIL, LATER = "2017-03-20", "2017-04-10", "2017-06-20"


def told(name: str, says: str, document: str = MARCH, admission: str = "Premise") -> str:
    """An assertion, in a document of a day, as TriG."""
    slug = "d" + "".join(each for each in document if each.isalnum())
    return (
        f'g:provenance {{ document:{slug} a cq:Document ; cq:when "{document}"^^edtf:EDTF . a:{name} a cq:Assertion ;'
        f" cq:inDocument document:{slug} ; cq:modality cq:Asserted ; cq:admission cq:{admission} . }}"
        f" a:{name} {{ {says} }}"
    ).replace("g:provenance", "<https://w3id.org/communique/graph/provenance>")


def event(name: str, status: str, when: str = "", present: Iterable[str] = (), more: str = "") -> str:
    """A meeting in Turtle; ``present`` are persons and states as ``lavrov:russia``, with ``:office`` if any."""
    parts = [f"meeting:{name} a cq:Meeting"]
    parts += [f"cq:status cq:{status}"] if status else []
    parts += [f'cq:when "{when}"^^edtf:EDTF'] if when else []
    parts += [more] if more else []
    nodes = ""
    for each in present:
        person, state, *offices = each.split(":")
        node = f"p:{name}.{person}.{state}.{status.lower() or 'unknown'}"
        parts.append(f"cq:hasParticipation {node}")
        nodes += f" {node} a cq:Participation ; cq:participant person:{person}"
        nodes += f" ; cq:representing state:{state}" if state else ""
        nodes += f" ; cq:status cq:{status}" if status else ""
        nodes += "".join(f" ; cq:heldPost office:{office}" for office in offices) + " ."
    return " ; ".join(parts) + " ." + nodes


BOTH = ("lavrov:russia", "kishida:japan")
OFFICES = ("lavrov:russia:ru-foreign-minister", "kishida:japan:jp-foreign-minister")
SUMMIT, TWO_PLUS_TWO = "cq:inFormat format:summit", "cq:inFormat format:2plus2"


@pytest.fixture(scope="module")
def ask(ask_world: AskWorld) -> Ask:
    """Asks a world in which a meeting was planned for one time and held at another."""
    return ask_world(
        told("planned", event("talks", "Planned", "[2017-03-01..2017-05-20]", OFFICES), admission="Admitted"),
        told("held", event("talks", "Held", "2017-06-10", OFFICES), LATER),
    )


class TestAPlanAndWhatCameOfIt:
    def test_meetings_have_the_dates_of_what_was_held(self, ask: Ask) -> None:
        assert ask("meetings", "earliest latest status") == [("2017-06-10", "2017-06-10", "Held")]
        assert ask("meetings", to="2017-04-01") == []
        assert len(ask("meetings", from_="2017-06-10", to="2017-06-10")) == 1

    def test_nobody_met_before_the_meeting(self, ask: Ask) -> None:
        assert ask("who-met-whom", to="2017-05-25") == []
        assert ask("who-met-whom", "earliest evidence") == [("2017-06-10", "held")]
        assert ask("last-meeting", person="lavrov", other="kishida", before="2017-06-10") == []

    def test_a_planned_attendance_shows_nobody_in_office(self, ask: Ask) -> None:
        assert ask("office-holders", date="2017-04-01") == []
        assert {row[0] for row in ask("office-holders", "evidence")} == {"held"}

    def test_the_plan_came_true_on_another_day_and_nobody_disagrees(self, ask: Ask) -> None:
        assert ask("disagreements") == []


def test_an_attendance_that_stays_planned_shows_nobody_in_office(ask_world: AskWorld) -> None:
    assert ask_world(told("plan", event("talks", "Planned", "2017-04", OFFICES)))("office-holders") == []


class TestWhoMetWhom:
    def test_a_report_that_is_no_premise_makes_no_row(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("held", event("talks", "Held", "2017-03-01", BOTH)),
            told(
                "rumour",
                event("talks", "Held", "2017-03-01", ("shoigu:russia", *BOTH, "lavrov:usa")),
                admission="Admitted",
            ),
        )
        assert ask("who-met-whom", "person other evidence") == [("kishida", "lavrov", "held")]
        assert ask("who-met-whom", person="shoigu") == []
        assert ask("who-met-whom", state="usa") == []
        assert len(ask("who-met-whom", state="russia")) == len(ask("who-met-whom", state="japan")) == 1

    def test_who_also_stood_for_the_others_state_has_not_met_them(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("held", event("talks", "Held", "2017-03-01", ("lavrov:russia", "shoigu:russia", "shoigu:usa")))
        )
        assert ask("who-met-whom") == ask("last-meeting", person="lavrov", other="shoigu") == []

    def test_nobody_meets_themselves(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("held", event("talks", "Held", "2017-03-01", BOTH)))
        assert ask("who-met-whom", "person other", person="lavrov") == [("lavrov", "kishida")]
        assert ask("last-meeting", person="lavrov", other="lavrov") == []

    def test_a_state_that_one_was_only_to_represent_does_not_count(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("held", event("talks", "Held", "2017-03-01", BOTH)),
            told("plan", event("talks", "Planned", "2017-03-01", ("lavrov:usa",)), admission="Admitted"),
        )
        assert ask("who-met-whom", state="usa") == []

    def test_where_no_assertion_states_both_each_that_states_one_is_evidence(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("one", event("talks", "Held", "2017-03-01", BOTH[:1])),
            told("two", event("talks", "Held", "2017-03-01", BOTH[1:])),
        )
        assert ask("who-met-whom", "evidence") == [("one",), ("two",)]

    def test_a_report_that_is_no_premise_is_no_evidence(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("one", event("talks", "Held", "2017-03-01", BOTH[:1])),
            told("two", event("talks", "Held", "2017-03-01", BOTH[1:])),
            told("report", event("talks", "Held", "2017-03-01", BOTH), admission="Admitted"),
            told("half", event("talks", "Held", "2017-03-01", BOTH[:1]), admission="Admitted"),
        )
        assert ask("who-met-whom", "evidence") == [("one",), ("two",)]

    def test_each_meets_those_of_the_other_side_only(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("held", event("talks", "Held", "2017-03-01", (*BOTH, "shoigu:russia", "inada:japan"))))
        assert ask("who-met-whom", "person other") == [
            ("inada", "lavrov"),
            ("inada", "shoigu"),
            ("kishida", "lavrov"),
            ("kishida", "shoigu"),
        ]
        assert ask("last-meeting", person="lavrov", other="shoigu") == []

    def test_each_document_stands_with_its_own_format(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("one", event("talks", "Held", "2017-03-01", BOTH, SUMMIT)),
            told("two", event("talks", "Held", "2017-03-01", BOTH, TWO_PLUS_TWO), APRIL),
            told("three", event("talks", "Held", "2017-03-01", BOTH), LATER),
        )
        assert sorted(ask("who-met-whom", "format evidence")) == [
            ("2plus2", "three"),
            ("2plus2", "two"),
            ("summit", "one"),
        ]


class TestLastMeeting:
    def test_before_holds_for_the_meeting_before_it_too(self, ask_world: AskWorld) -> None:
        days = ("2017-01-10", "2017-03-10", "2017-05-10")
        ask = ask_world(*(told(f"m{day}", event(f"m{day}", "Held", day, BOTH), LATER) for day in days))
        asked = {"person": "lavrov", "other": "kishida"}
        assert ask("last-meeting", **asked) == [("m2017-05-10", "2017-05-10", "2017-05-10", 61)]
        assert ask("last-meeting", **asked, before="2017-05-10") == [("m2017-03-10", "2017-03-10", "2017-03-10", 59)]
        assert ask("last-meeting", "daysSincePrevious", **asked, before="2017-03-10") == [(None,)]

    def test_of_two_that_overlap_neither_comes_days_after_the_other(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("one", event("one", "Held", "2017-06-01/2017-06-10", BOTH)),
            told("two", event("two", "Held", "2017-06-05/2017-06-12", BOTH)),
        )
        assert ask("last-meeting", "meeting daysSincePrevious", person="lavrov", other="kishida") == [("two", None)]

    def test_a_plan_does_not_blur_the_day(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("one", event("one", "Held", "2017-01-10", BOTH)),
            told("plan", event("two", "Planned", "2017", BOTH), admission="Admitted"),
            told("two", event("two", "Held", "2017-01-20", BOTH)),
        )
        assert ask("last-meeting", "meeting daysSincePrevious", person="lavrov", other="kishida") == [("two", 10)]


class TestMeetings:
    def test_cancelled_goes_before_postponed(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("late", event("talks", "Postponed", "2017-06", BOTH)),
            told("off", event("talks", "Cancelled", "2017-06", BOTH), APRIL),
        )
        assert ask("meetings", "meeting status") == [("talks", "Cancelled")]
        assert ask("meetings", status="Postponed") == []

    def test_a_meeting_without_any_status_is_there(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("named", event("talks", "", "2017-03-01")))
        assert ask("meetings", "meeting status documents") == [("talks", None, 1)]
        assert ask("meetings", status="Held") == []


class TestParticipants:
    def test_an_office_goes_with_its_own_state(self, ask_world: AskWorld) -> None:
        both_posts = ("kishida::jp-foreign-minister:ru-foreign-minister",)
        ask = ask_world(told("held", event("talks", "Held", "2017-03-01", both_posts)))
        assert ask("participants", "office state basis", meeting="talks") == [
            ("jp-foreign-minister", "japan", "inferred"),
            ("ru-foreign-minister", "russia", "inferred"),
        ]

    def test_a_side_that_is_stated_stands(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("held", event("talks", "Held", "2017-03-01", ("kishida:usa:jp-foreign-minister",))))
        assert ("jp-foreign-minister", "usa", "stated") in ask("participants", "office state basis", meeting="talks")


class TestPlannedAsOf:
    PLAN = told("plan", event("talks", "Planned", "2017-05-20", BOTH), admission="Admitted")

    def test_what_was_put_off_is_planned_for_the_new_date(self, ask_world: AskWorld) -> None:
        ask = ask_world(self.PLAN, told("later", event("talks", "Postponed", "2017-06-15", BOTH), APRIL))
        columns = "earliest latest certainty evidence"
        assert ask("planned-as-of", columns, date="2017-04-09") == [("2017-05-20", "2017-05-20", "certain", "plan")]
        assert ask("planned-as-of", columns, date=APRIL) == [("2017-06-15", "2017-06-15", "certain", "later")]
        assert ask("planned-as-of", "evidence", date="2017-06-01") == [("later",)]
        assert ask("planned-as-of", date="2017-06-16") == []

    def test_a_delay_that_is_only_possibly_known_does_not_replace_the_plan(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            self.PLAN, told("later", event("talks", "Postponed", "2017-06-15"), "[2017-03-30..2017-04-27]")
        )
        assert ask("planned-as-of", "certainty evidence", date=APRIL) == [("possible", "later"), ("certain", "plan")]
        assert ask("planned-as-of", "certainty evidence", date="2017-04-27") == [("certain", "later")]

    def test_what_was_put_off_and_planned_anew_has_both_plans(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("later", event("talks", "Postponed", "2017-06-15")),
            told("plan", event("talks", "Planned", "2017-07"), APRIL),
        )
        assert ask("planned-as-of", "earliest latest evidence", date=APRIL) == [
            ("2017-06-15", "2017-07-31", "later"),
            ("2017-06-15", "2017-07-31", "plan"),
        ]

    def test_what_was_put_off_twice_is_planned_for_the_last_date(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            self.PLAN,
            told("once", event("talks", "Postponed", "2017-06-15"), "2017-04-01"),
            told("again", event("talks", "Postponed", "2017-06"), "2017-04-05"),
            told("twice", event("talks", "Postponed", "2017-07-15"), APRIL),
        )
        assert ask("planned-as-of", "evidence", date="2017-04-09") == [("again",), ("once",)]
        assert ask("planned-as-of", "earliest evidence", date=APRIL) == [("2017-07-15", "twice")]

    def test_what_was_put_off_to_no_date_keeps_its_plan(self, ask_world: AskWorld) -> None:
        ask = ask_world(self.PLAN, told("later", event("talks", "Postponed"), APRIL))
        assert ask("planned-as-of", "evidence", date=APRIL) == [("plan",)]

    @pytest.mark.parametrize("status", ["Cancelled", "Held"])
    def test_what_was_cancelled_or_held_is_planned_no_more(self, ask_world: AskWorld, status: str) -> None:
        ask = ask_world(
            self.PLAN,
            told("later", event("talks", "Postponed", "2017-06-15"), "2017-04-01"),
            told("settled", event("talks", status), APRIL),
        )
        assert ask("planned-as-of", "evidence", date="2017-04-09") == [("later",)]
        assert ask("planned-as-of", date=APRIL) == []


class TestFormatHistory:
    def test_what_began_on_the_day_the_last_ended_came_no_day_after(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("first", event("first", "Held", "2017-06-01", BOTH, SUMMIT)),
            told("second", event("second", "Held", "2017-06-30/2017-07-01", BOTH, SUMMIT)),
            told("third", event("third", "Held", "2017-07-01/2017-07-02", BOTH, SUMMIT)),
        )
        assert ask("format-history", "gapDays evidence", format="summit") == [
            (None, "first"),
            (29, "second"),
            (0, "third"),
        ]

    def test_a_plan_does_not_blur_the_gap(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("first", event("first", "Held", "2017-06-01", BOTH, SUMMIT)),
            told("plan", event("second", "Planned", "2017", BOTH, SUMMIT), admission="Admitted"),
            told("second", event("second", "Held", "2017-06-11", BOTH, SUMMIT)),
        )
        assert ask("format-history", "gapDays evidence", format="summit") == [(None, "first"), (10, "second")]


class TestDisagreements:
    @pytest.mark.parametrize("status", ["Cancelled", "Postponed", "Suspended"])
    @pytest.mark.parametrize("document", [APRIL, MARCH, "[2017-03-01..2017-04-27]"])
    def test_a_plan_that_was_called_off_since_is_none(self, ask_world: AskWorld, status: str, document: str) -> None:
        ask = ask_world(
            told("plan", event("talks", "Planned", "2017-05-20")),
            told("off", event("talks", status, "2017-06-15"), document),
        )
        assert ask("disagreements") == []

    @pytest.mark.parametrize("status", ["Cancelled", "Suspended"])
    def test_what_was_off_before_somebody_called_it_planned_is_one(self, ask_world: AskWorld, status: str) -> None:
        ask = ask_world(told("off", event("talks", status)), told("plan", event("talks", "Planned"), APRIL))
        assert sorted(ask("disagreements", "aspect evidence")) == [("status", "off"), ("status", "plan")]

    def test_what_was_put_off_is_planned_still(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("off", event("talks", "Postponed", "2017-06-15")),
            told("plan", event("talks", "Planned", "2017-06"), APRIL),
        )
        assert ask("disagreements") == []

    @pytest.mark.parametrize("day", ["2017-05-20", "2017-07-20"])
    def test_an_older_delay_to_another_date_is_one_of_the_date(self, ask_world: AskWorld, day: str) -> None:
        ask = ask_world(
            told("off", event("talks", "Postponed", "2017-06-15")),
            told("plan", event("talks", "Planned", day), APRIL),
        )
        assert sorted(ask("disagreements", "aspect value evidence")) == sorted(
            [("when", day, "plan"), ("when", "2017-06-15", "off")]
        )

    @pytest.mark.parametrize("status", ["Held", "Planned", "Postponed"])
    def test_two_of_a_kind_that_differ_on_the_day_are_one(self, ask_world: AskWorld, status: str) -> None:
        ask = ask_world(
            told("one", event("talks", status, "2017-03-01")),
            told("two", event("talks", status, "2017-03-02"), APRIL),
        )
        assert ask("disagreements", "aspect evidence") == [("when", "one"), ("when", "two")]

    @pytest.mark.parametrize("plan", ["Planned", "Considered", "Proposed", "Postponed"])
    def test_a_plan_that_came_true_later_is_none(self, ask_world: AskWorld, plan: str) -> None:
        ask = ask_world(
            told("plan", event("talks", plan, "2017-05-20")),
            told("held", event("talks", "Held", "2017-06-10"), LATER),
        )
        assert ask("disagreements") == []

    def test_what_ended_on_the_day_on_which_it_began_by_another_is_none(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            told("one", event("talks", "Held", "2017-03-08/2017-03-10")),
            told("two", event("talks", "Held", "2017-03-10/2017-03-12")),
        )
        assert ask("disagreements") == []
        ask = ask_world(
            told("one", event("talks", "Held", "2017-03-08/2017-03-09")),
            told("two", event("talks", "Held", "2017-03-10/2017-03-12")),
        )
        assert len(ask("disagreements")) == 2
