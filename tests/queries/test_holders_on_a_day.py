"""``who-held-office-at``: what documents show of a day beside the tenures, and what neither of them makes certain."""

from collections.abc import Callable, Iterable

import pytest

Rows = list[tuple[str | int | None, ...]]
Ask = Callable[..., Rows]
AskWorld = Callable[..., Ask]

OFFICE = "office:ru-foreign-minister"
DAY = "2015-03-20"
AUTHORITY = "<https://w3id.org/communique/graph/authority>"


def told(name: str, says: str, admission: str = "Premise", document: str = "2018-01-01") -> str:
    """An assertion, in a document of a day, as TriG."""
    slug = "d" + document.replace("-", "")
    return (
        "<https://w3id.org/communique/graph/provenance> {"
        f' document:{slug} a cq:Document ; cq:when "{document}"^^edtf:EDTF . a:{name} a cq:Assertion ;'
        f" cq:inDocument document:{slug} ; cq:modality cq:Asserted ; cq:admission cq:{admission} . }}"
        f" a:{name} {{ {says} }}"
    )


def came(when: str = DAY, who: str = "person:lavrov", status: str = "Held") -> str:
    """Talks to which somebody came, or was to come, in the office; ``who`` may be nobody."""
    part = f"p:talks.{who.partition(':')[2] or 'unnamed'}.{status.lower()}"
    dated = f'meeting:talks cq:when "{when}"^^edtf:EDTF . ' if when else ""
    named = f"cq:participant {who}" if who else "cq:unnamed true"
    return (
        f"{dated}meeting:talks a cq:Meeting ; cq:status cq:{status} ; cq:hasParticipation {part} ."
        f" {part} a cq:Participation ; cq:status cq:{status} ; cq:heldPost {OFFICE} ; {named} ;"
        " cq:representing state:russia ."
    )


def spoke(more: str, who: str = "person:lavrov") -> str:
    """Words spoken in the office."""
    return f"statement:s a cq:Statement ; cq:speaker {who} ; cq:speakerPost {OFFICE} ; {more} ."


def tenure(name: str, person: str, when: str) -> str:
    return (
        f"{AUTHORITY} {{ {OFFICE} cq:heldByOne true . tenure:{name} a org:Membership ; org:member person:{person} ;"
        f' cq:heldPost {OFFICE} ; cq:when "{when}"^^edtf:EDTF . }}'
    )


def on(ask: Ask, day: str = DAY, columns: str = "person certainty basis source") -> Rows:
    return ask("who-held-office-at", columns, office="ru-foreign-minister", date=day)


class TestWhoCame:
    def test_each_document_is_evidence_and_stands_once(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("one", came()), told("other", came()))
        columns = "person certainty basis startEarliest startLatest endEarliest endLatest source"
        assert on(ask, columns=columns) == [
            ("lavrov", "certain", "attendance", DAY, DAY, DAY, DAY, name) for name in ("one", "other")
        ]
        assert on(ask, "2015-03-19") == on(ask, "2015-03-21") == []

    def test_a_day_within_a_month_is_possible(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("one", came("2015-03")))
        assert on(ask) == [("lavrov", "possible", "attendance", "one")]
        assert on(ask, "2015-04-01") == []

    def test_what_lasts_is_certain_of_its_days(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("one", came("2015-03-20/2015-03-22")))
        assert [on(ask, f"2015-03-{day}", "certainty") for day in (19, 20, 21, 22, 23)] == [
            [], [("certain",)], [("certain",)], [("certain",)], [],
        ]  # fmt: skip

    def test_words_that_name_no_day_have_that_of_the_other_document(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("dated", came()), told("undated", came("")))
        assert on(ask, columns="certainty source") == [("certain", "dated"), ("certain", "undated")]
        assert on(ask_world(told("undated", came("")))) == []

    def test_documents_that_differ_on_the_day_make_nobody_certain(self, ask_world: AskWorld) -> None:
        ask = ask_world(told("one", came()), told("other", came("2015-03-21")))
        assert on(ask) == [("lavrov", "possible", "attendance", "one")]
        coarser = ask_world(told("one", came()), told("other", came("2015-03")))
        assert on(coarser, columns="certainty source") == [("certain", "one"), ("possible", "other")]

    def test_a_plan_shows_nobody_and_takes_nothing_from_a_report(self, ask_world: AskWorld) -> None:
        plan = told("plan", came("2015-03-22", status="Planned"), "Admitted", "2015-01-01")
        assert on(ask_world(plan), "2015-03-22") == []
        ask = ask_world(plan, told("one", came()))
        assert (on(ask, "2015-03-22"), on(ask)) == ([], [("lavrov", "certain", "attendance", "one")])

    def test_what_is_denied_afterwards_makes_nobody_certain(self, ask_world: AskWorld) -> None:
        denied = told("denied", "meeting:talks a cq:Meeting ; cq:status cq:Cancelled .", document="2018-02-01")
        assert on(ask_world(told("one", came()), denied)) == [("lavrov", "possible", "attendance", "one")]

    def test_what_is_no_premise_makes_nobody_certain(self, ask_world: AskWorld) -> None:
        assert on(ask_world(told("one", came(), "Admitted"))) == [("lavrov", "possible", "attendance", "one")]

    def test_whom_a_tenure_seats_is_shown_by_no_document(self, ask_world: AskWorld) -> None:
        ask = ask_world(tenure("t", "lavrov", "2014/2016"), told("one", came(who="")))
        assert ask("participants", "person basis", meeting="talks") == [("lavrov", "inferred")]
        assert on(ask, columns="person certainty basis") == [("lavrov", "certain", "tenure")]

    def test_a_state_holds_no_office(self, ask_world: AskWorld) -> None:
        assert on(ask_world(told("one", came(who="state:russia")))) == []


class TestWhoSpoke:
    @pytest.mark.parametrize(("admission", "certainty"), [("Premise", "certain"), ("Admitted", "possible")])
    def test_on_the_day_of_the_words(self, ask_world: AskWorld, admission: str, certainty: str) -> None:
        ask = ask_world(told("one", spoke(f'cq:when "{DAY}"^^edtf:EDTF'), admission))
        assert on(ask) == [("lavrov", certainty, "statement", "one")]
        assert on(ask, "2015-03-21") == []

    @pytest.mark.parametrize(("status", "rows"), [("Held", [("certain", "statement")]), ("Planned", [])])
    def test_else_on_that_of_the_event_that_was_held(
        self, ask_world: AskWorld, status: str, rows: Iterable[tuple[str, str]]
    ) -> None:
        event = f'meeting:talks a cq:Meeting ; cq:status cq:{status} ; cq:when "{DAY}"^^edtf:EDTF .'
        ask = ask_world(told("one", spoke("cq:at meeting:talks") + event))
        assert on(ask, columns="certainty basis") == rows

    def test_undated_words_tell_of_no_day(self, ask_world: AskWorld) -> None:
        assert on(ask_world(told("one", spoke('cq:summary "x"')))) == []

    def test_an_office_that_speaks_is_nobody(self, ask_world: AskWorld) -> None:
        assert on(ask_world(told("one", spoke(f'cq:when "{DAY}"^^edtf:EDTF', OFFICE)))) == []


class TestTermsThatAdjoin:
    def test_the_day_that_two_terms_of_one_person_share_is_certain(self, ask_world: AskWorld) -> None:
        ask = ask_world(
            tenure("first", "lavrov", f"2014-01-01/{DAY}"), tenure("second", "lavrov", f"{DAY}/2016-01-01")
        )
        assert on(ask, columns="person certainty endLatest") == [
            ("lavrov", "certain", DAY),
            ("lavrov", "certain", "2016-01-01"),
        ]
        assert on(ask, "2014-01-01", "certainty") == [("no",), ("possible",)]

    def test_a_term_of_one_day_adjoins_no_other(self, ask_world: AskWorld) -> None:
        assert on(ask_world(tenure("only", "lavrov", DAY)), columns="certainty") == [("possible",)]

    @pytest.mark.parametrize(
        ("person", "when"),
        [("shoigu", f"{DAY}/2016-01-01"), ("lavrov", "2015-03-21/2016"), ("lavrov", "2015-03/2016")],
    )
    def test_that_of_two_persons_or_of_terms_that_do_not_meet_is_not(
        self, ask_world: AskWorld, person: str, when: str
    ) -> None:
        ask = ask_world(tenure("first", "lavrov", f"2014-01-01/{DAY}"), tenure("second", person, when))
        assert "certain" not in {row[0] for row in on(ask, columns="certainty")}
