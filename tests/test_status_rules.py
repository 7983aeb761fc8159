"""What is settled of an event by accounts that differ, told on days that are known, vague or unknown."""

import pytest
from entailing import account, following, part

M = "meeting:m"
JANUARY, FEBRUARY, MARCH = "2017-01-10", "2017-02-10", "2017-03-10"
CALLED_OFF = ("Cancelled", "Postponed", "Suspended", "NotHeld")


def settled(*told: tuple[str, str]) -> set[str]:
    """The statuses settled by accounts, each a status and when it was told."""
    accounts = (account(f"a{n}", M, status, when) for n, (status, when) in enumerate(told))
    return {triple.split()[2].removeprefix("cq:") for triple in following("".join(accounts), "cq:settledStatus")}


@pytest.mark.parametrize("status", ["Held", "Planned", *CALLED_OFF])
@pytest.mark.parametrize("when", ["", JANUARY, "2017"])
def test_one_account_settles_what_it_tells(status: str, when: str) -> None:
    assert settled((status, when)) == {status}


def test_what_was_planned_and_then_held_is_held() -> None:
    assert settled(("Planned", JANUARY), ("Held", MARCH)) == {"Held"}


@pytest.mark.parametrize("when", ["", JANUARY, MARCH, "2017"])
def test_no_plan_unsettles_what_was_held(when: str) -> None:
    assert settled(("Planned", when), ("Held", FEBRUARY)) == {"Held"}


@pytest.mark.parametrize("status", CALLED_OFF)
class TestCalledOff:
    """Held against called off, or denied by the author."""

    def test_and_held_later_is_held(self, status: str) -> None:
        assert settled((status, JANUARY), ("Held", FEBRUARY)) == {"Held"}

    def test_after_it_was_told_as_held_is_called_off(self, status: str) -> None:
        assert settled(("Held", JANUARY), (status, FEBRUARY)) == {status}

    @pytest.mark.parametrize(
        ("one", "other"), [(JANUARY, JANUARY), ("", JANUARY), (JANUARY, ""), ("", ""), ("2017", FEBRUARY)]
    )
    def test_and_held_with_neither_certainly_later_is_contested(self, status: str, one: str, other: str) -> None:
        assert settled((status, one), ("Held", other)) == {"Contested"}

    def test_between_two_accounts_of_held_is_overtaken(self, status: str) -> None:
        assert settled(("Held", JANUARY), (status, FEBRUARY), ("Held", MARCH)) == {"Held"}

    def test_last_of_three_prevails(self, status: str) -> None:
        assert settled((status, JANUARY), ("Held", FEBRUARY), (status, MARCH)) == {status}

    def test_after_a_plan_is_called_off(self, status: str) -> None:
        assert settled(("Planned", JANUARY), (status, FEBRUARY)) == {status}

    def test_on_the_day_of_the_plan_is_called_off(self, status: str) -> None:
        assert settled(("Planned", JANUARY), (status, JANUARY)) == {status}

    def test_and_planned_anew_is_planned(self, status: str) -> None:
        assert settled((status, JANUARY), ("Planned", FEBRUARY)) == {"Planned"}

    def test_planned_anew_and_held_after_all_is_held(self, status: str) -> None:
        assert settled((status, JANUARY), ("Planned", FEBRUARY), ("Held", MARCH)) == {"Held"}

    def test_of_one_day_with_held_stays_contested_whatever_is_planned(self, status: str) -> None:
        assert settled((status, JANUARY), ("Held", JANUARY), ("Planned", MARCH)) == {"Contested"}


def test_the_later_way_of_calling_off_prevails() -> None:
    assert settled(("Postponed", JANUARY), ("Cancelled", FEBRUARY)) == {"Cancelled"}
    assert settled(("Postponed", JANUARY), ("Planned", FEBRUARY), ("Cancelled", MARCH)) == {"Cancelled"}
    assert settled(("Postponed", JANUARY), ("Cancelled", JANUARY)) == {"Postponed", "Cancelled"}


def test_accounts_of_one_event_settle_no_other() -> None:
    accounts = account("a", M, "Held", JANUARY) + account("b", "meeting:other", "Cancelled", MARCH)
    assert following(accounts, "cq:settledStatus") == {
        "meeting:m cq:settledStatus cq:Held",
        "meeting:other cq:settledStatus cq:Cancelled",
    }


SIDES = """
    state:russia a cq:State . state:japan a cq:State . person:lavrov a foaf:Person . person:kishida a foaf:Person .
    meeting:m a cq:Meeting .
""" + "".join(
    part(M, who, f"cq:participant person:{who} ; cq:representing state:{state}")
    for who, state in (("lavrov", "russia"), ("kishida", "japan"))
)


@pytest.mark.parametrize(
    ("told", "people_met"),
    [
        pytest.param([], False, id="nobody tells a status"),
        pytest.param([("Held", JANUARY)], True, id="held"),
        pytest.param([("Planned", JANUARY)], False, id="planned"),
        pytest.param([("Planned", JANUARY), ("Held", MARCH)], True, id="planned, then held"),
        pytest.param([("Held", JANUARY), ("NotHeld", MARCH)], False, id="denied by a later author"),
        pytest.param([("NotHeld", JANUARY), ("Held", MARCH)], True, id="denied, then told as held"),
        pytest.param([("Held", ""), ("Cancelled", MARCH)], False, id="contested"),
        pytest.param([("Cancelled", MARCH)], False, id="called off"),
    ],
)
def test_people_have_met_by_what_is_settled_as_held_only(told: list[tuple[str, str]], people_met: bool) -> None:
    accounts = "".join(account(f"a{n}", M, status, when) for n, (status, when) in enumerate(told))
    assert bool(following(SIDES + accounts, "cq:met", "cq:tookPartIn", "cq:joins", "cq:at")) is people_met
