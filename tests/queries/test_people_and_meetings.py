"""Who met whom, when, in which format; who was there; what was only planned."""

from collections.abc import Callable

import pytest

from graph.saved_query import ArgumentError

Ask = Callable[..., list[tuple[str | int | None, ...]]]


class TestWhoMetWhom:
    def test_each_pair_stands_once_per_meeting_and_assertion(self, ask: Ask) -> None:
        assert ask("who-met-whom", "person other meeting evidence", to="2017-03-20", from_="2017-03-20") == [
            ("abe", "putin", "economy", "later-economy"),
            ("inada", "lavrov", "march", "diary-2plus2"),
            ("inada", "shoigu", "march", "diary-2plus2"),
            ("kishida", "lavrov", "march", "diary-2plus2"),
            ("kishida", "lavrov", "march", "review-2plus2"),
            ("kishida", "shoigu", "march", "diary-2plus2"),
        ]

    def test_the_person_asked_for_stands_first(self, ask: Ask) -> None:
        assert ask("who-met-whom", person="Сергей Лавров") == [
            ("lavrov", "inada", "march", "2plus2", "2017-03-20", "2017-03-20", "tokyo", "stated", "diary-2plus2"),
            ("lavrov", "kishida", "march", "2plus2", "2017-03-20", "2017-03-20", "tokyo", "stated", "diary-2plus2"),
            ("lavrov", "kishida", "march", "2plus2", "2017-03-20", "2017-03-20", "tokyo", "stated", "review-2plus2"),
        ]

    def test_people_of_one_delegation_have_not_met(self, ask: Ask) -> None:
        met = {frozenset(pair) for pair in ask("who-met-whom", "person other")}
        assert frozenset(("lavrov", "shoigu")) not in met
        assert frozenset(("kishida", "inada")) not in met

    def test_a_planned_meeting_makes_nobody_meet(self, ask: Ask) -> None:
        assert ask("who-met-whom", person="tillerson") == []
        assert "review-summit" not in {row[-1] for row in ask("who-met-whom")}

    def test_a_plan_that_a_later_document_tells_of_as_held_counts_by_that_document(self, ask: Ask) -> None:
        assert ask("who-met-whom", "other meeting evidence", person="abe", from_="2017-04") == [
            ("putin", "summit", "later-summit")
        ]

    def test_a_state_is_on_either_side(self, ask: Ask) -> None:
        assert ask("who-met-whom", state="russia") == ask("who-met-whom", state="japan") == ask("who-met-whom")
        assert ask("who-met-whom", state="usa") == []

    @pytest.mark.parametrize(("first", "last", "count"), [("2017-03-21", "2017-03", 1), ("2018", "2019", 0)])
    def test_from_and_to_mean_overlap(self, ask: Ask, first: str, last: str, count: int) -> None:
        assert len(ask("who-met-whom", from_=first, to=last)) == count


class TestMeetings:
    def test_one_row_per_meeting_however_many_documents(self, ask: Ask) -> None:
        assert ask("meetings", format="2 + 2", state="Russia") == [
            ("first", "2plus2", "Held", "2013-11-02", "2013-11-02", None, "Japan; Russia", 1),
            ("march", "2plus2", "Held", "2017-03-20", "2017-03-20", "tokyo", "Japan; Russia", 2),
        ]

    def test_a_series_is_asked_for_like_a_format(self, ask: Ask) -> None:
        assert ask("meetings", "meeting", format="Japan-US 2+2") == [("jp-us",)]

    def test_both_states_must_be_there(self, ask: Ask) -> None:
        assert ask("meetings", "meeting states", state="japan", other_state="U.S.") == [
            ("jp-us", "Japan; United States")
        ]
        assert ask("meetings", state="russia", other_state="usa") == []

    def test_held_goes_before_planned(self, ask: Ask) -> None:
        assert ask("meetings", "meeting status", from_="2017-04-27") == [("jp-us", "Planned"), ("summit", "Held")]
        assert ask("meetings", "meeting", status="Planned") == [("jp-us",)]

    def test_only_meetings(self, ask: Ask) -> None:
        assert "abe" not in {row[0] for row in ask("meetings", "meeting")}


class TestParticipants:
    def test_a_state_that_only_the_office_gives_is_inferred(self, ask: Ask) -> None:
        assert ask("participants", meeting="march") == [
            ("inada", "jp-defence-minister", "japan", "stated", "diary-2plus2"),
            ("kishida", "jp-foreign-minister", "japan", "inferred", "review-2plus2"),
            ("kishida", "jp-foreign-minister", "japan", "stated", "diary-2plus2"),
            ("lavrov", "ru-foreign-minister", "russia", "inferred", "review-2plus2"),
            ("lavrov", "ru-foreign-minister", "russia", "stated", "diary-2plus2"),
            ("shoigu", "ru-defence-minister", "russia", "stated", "diary-2plus2"),
        ]

    def test_where_nobody_is_named_the_person_is_empty(self, ask: Ask) -> None:
        assert ask("participants", "person state", meeting="first") == [(None, "japan"), (None, "russia")]

    def test_a_visit_has_participants_too(self, ask: Ask) -> None:
        assert ask("participants", "person evidence", meeting="Visit of Abe") == [
            ("abe", "diary-visit"),
            ("abe", "review-visit"),
        ]

    def test_the_meeting_is_required(self, ask: Ask) -> None:
        with pytest.raises(ArgumentError, match=r"meeting: is required; expected a meeting, visit or call"):
            ask("participants")


class TestLastMeeting:
    def test_the_last_one(self, ask: Ask) -> None:
        assert ask("last-meeting", person="Sergei Lavrov", other="Fumio Kishida") == [
            ("march", "2017-03-20", "2017-03-20", None)
        ]

    def test_days_are_counted_only_between_certain_days(self, ask: Ask) -> None:
        assert ask("last-meeting", person="putin", other="abe") == [("summit", "2017-04-27", "2017-04-27", None)]

    def test_before_a_day(self, ask: Ask) -> None:
        assert ask("last-meeting", "meeting", person="putin", other="abe", before="2017-04-27") == [("economy",)]
        assert ask("last-meeting", person="putin", other="abe", before="2017-03") == []

    def test_who_never_met(self, ask: Ask) -> None:
        assert ask("last-meeting", person="lavrov", other="shoigu") == []


class TestPlannedAsOf:
    def test_the_day_of_the_first_document(self, ask: Ask) -> None:
        assert ask("planned-as-of", date="2017-03-20") == [
            ("abe", "Japan", "2017-04-01", "2017-04-30", "2017-03-20", "certain", "diary-visit")
        ]

    def test_a_document_dated_by_an_interval_is_possibly_known(self, ask: Ask) -> None:
        assert ask("planned-as-of", "meeting certainty evidence", date="2017-04-01") == [
            ("jp-us", "possible", "review-us"),
            ("abe", "certain", "diary-visit"),
            ("abe", "possible", "review-visit"),
            ("summit", "possible", "review-summit"),
        ]

    def test_what_is_over_or_told_of_as_held_is_planned_no_more(self, ask: Ask) -> None:
        assert ("summit", "certain") in ask("planned-as-of", "meeting certainty", date="2017-04-28")
        assert ask("planned-as-of", date="2017-05-10") == []

    def test_before_any_document(self, ask: Ask) -> None:
        assert ask("planned-as-of", date="2017-03-19") == []


class TestFormatHistory:
    def test_in_the_order_of_time_with_the_days_between_meetings(self, ask: Ask) -> None:
        assert ask("format-history", format="2+2", state="japan", other_state="russia") == [
            ("Met", "2013-11-02", "2013-11-02", None, None, "diary-first"),
            ("SuspendedFormat", "2014-01-01", "2014-12-31", None, None, "diary-suspended"),
            ("SuspendedFormat", "2014-01-01", "2014-12-31", None, None, "review-suspended"),
            ("Resumed", "2017-02-01", "2017-02-28", "kishida", None, "diary-resumed"),
            ("Resumed", "2017-02-01", "2017-02-28", "lavrov", None, "diary-resumed"),
            ("Met", "2017-03-20", "2017-03-20", None, 1234, "diary-2plus2"),
            ("Met", "2017-03-20", "2017-03-20", None, 1234, "review-2plus2"),
        ]

    def test_a_meeting_that_is_only_planned_did_not_meet(self, ask: Ask) -> None:
        assert ask("format-history", format="2+2", state="usa") == []

    def test_an_opinion_on_who_resumed_it_is_not_its_history(self, ask: Ask) -> None:
        assert "review-resumed" not in {row[-1] for row in ask("format-history", format="2+2")}


class TestOfficeHolders:
    def test_attendance_speech_and_words_show_somebody_in_office(self, ask: Ask) -> None:
        assert ask("office-holders", office="Defence minister of Japan") == [
            ("jp-defence-minister", "inada", "2017-03-20", "2017-03-20", "diary-2plus2"),
            ("jp-defence-minister", "inada", "2017-03-20", "2017-03-20", "review-protest"),
        ]
        assert ask("office-holders", "person evidence", office="ru-economy-minister") == [
            ("oreshkin", "diary-oreshkin")
        ]

    def test_no_tenure_is_invented(self, ask: Ask) -> None:
        assert len(ask("office-holders", date="2017-03-20")) == 9
        assert ask("office-holders", date="2017-03-21") == []


class TestTimeline:
    def test_one_row_per_assertion_with_its_own_status(self, ask: Ask) -> None:
        assert ask("timeline", from_="2017-03-30", state="russia") == [
            ("economy", "Meeting", "Held", "2017-03-01", "2017-03-31", "later-economy"),
            ("abe", "Visit", "Planned", "2017-04-01", "2017-04-30", "diary-visit"),
            ("abe", "Visit", "Planned", "2017-04-01", "2017-04-30", "review-visit"),
            ("summit", "Meeting", "Held", "2017-04-27", "2017-04-27", "later-summit"),
            ("summit", "Meeting", "Planned", "2017-04-27", "2017-04-27", "review-summit"),
        ]

    def test_a_state_through_speakers_operators_parties_and_series(self, ask: Ask) -> None:
        items = {row[0] for row in ask("timeline", "item", state="japan")}
        assert items == {
            "first",
            "suspended",
            "resumed",
            "projects",
            "economy",
            "march",
            "protest",
            "jp-us",
            "abe",
            "summit",
        }
        assert {row[0] for row in ask("timeline", "item", state="usa")} == {"thaad", "jp-us"}

    def test_an_undated_deployment_is_left_out(self, ask: Ask) -> None:
        assert "missiles" not in {row[0] for row in ask("timeline", "item")}
