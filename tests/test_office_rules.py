"""Who held an office at the time of an event: certainly, possibly or not; and whom an unnamed office stands for."""

import pytest
from entailing import account, following, held, on, part

WORLD = """
    state:russia a cq:State . office:minister a org:Post ; org:postIn state:russia ; cq:heldByOne true .
    person:a a foaf:Person . person:b a foaf:Person .
"""
M = "meeting:m"
UNNAMED = part(M, "p", "cq:unnamed true ; cq:heldPost office:minister")
RELATIONS = {"cq:coversDateOf": "certain", "cq:mayCoverDateOf": "possible", "cq:missesDateOf": "no"}


def tenure(name: str, person: str, when: str, kind: str = "org:Membership", read: str = "2022-08-02") -> str:
    it = f"tenure:{name}"
    facts = f"{it} a {kind} ; org:member person:{person} ; cq:heldPost office:minister"
    return f'{facts} ; cq:recordedOn "{read}"^^xsd:date .\n' + (on(it, when) if when else "")


def relation(when: str, dated: str, kind: str = "org:Membership", *more: str) -> str:
    """How a tenure of that date stands to a meeting of that date, which other sources may date as well."""
    turtle = WORLD + UNNAMED + held(M, when=dated) + tenure("t", "a", when, kind) + "".join(on(M, m) for m in more)
    found = {RELATIONS[triple.split()[1]] for triple in following(turtle, *RELATIONS)}
    assert len(found) < 2
    return next(iter(found), "nothing")


@pytest.mark.parametrize(
    ("when", "dated", "answer"),
    [
        ("2012-12-26/2017-08-03", "2017-02", "certain"),
        ("2012-12-26/2017-08-03", "2017-08-02", "certain"),
        ("2012-12-26/2017-08-03", "2017-08-03", "possible"),  # the successor's first day
        ("2012-12-26/2017-08-03", "2012-12-26", "possible"),
        ("2012-12-26/2017-08-03", "2017-08", "possible"),
        ("2012-12-26/2017-08-03", "2017-08-01/2017-08-05", "possible"),
        ("2012-12-26/2017-08-03", "2017-08-04", "no"),
        ("2012-12-26/2017-08-03", "2012-12-25", "no"),
        ("2012-12-26/2017-08-03", "", "possible"),
        ("2012/2017", "2014-05-01", "certain"),
        ("2012/2017", "2012-05-01", "possible"),
        ("2012/2017", "2018-01-01", "no"),
        ("../2017-08-03", "2014-05-01", "possible"),
        ("../2017-08-03", "2017-08-04", "no"),
        ("2004-03-09/..", "2017-02", "certain"),
        ("2004-03-09/..", "2022-08-01", "certain"),
        ("2004-03-09/..", "2022-08-02", "possible"),  # the day on which no end was known yet
        ("2004-03-09/..", "2023-01-01", "possible"),
        ("2004-03-09/..", "2004-03-08", "no"),
        ("2004-03-09/..", "[2004-03-01..2004-03-20]", "possible"),
        ("", "2017-02", "possible"),
    ],
)
def test_a_tenure_over_an_event_has_three_answers(when: str, dated: str, answer: str) -> None:
    assert relation(when, dated) == answer


@pytest.mark.parametrize("other", ["2017-08-04", "2017-08", "[2018-01-01..]", "[..2012-01-01]", "2018-01-01/.."])
def test_what_one_source_dates_outside_is_certain_no_more(other: str) -> None:
    assert relation("2012-12-26/2017-08-03", "2017-02", "org:Membership", other) == "possible"


def test_two_sources_within_are_certain_and_two_without_are_missed() -> None:
    assert relation("2012-12-26/2017-08-03", "2017-02", "org:Membership", "2017-03") == "certain"
    assert relation("2012-12-26/2017-08-03", "2018-02", "org:Membership", "2018-03") == "no"


@pytest.mark.parametrize(
    ("when", "dated", "answer"),
    [
        ("2017-02-10", "2017-02-10", "certain"),
        ("2017-02", "2017-02", "possible"),
        ("2017-02", "2017-02-10", "possible"),
        ("2017-02-01/2017-02-20", "2017-02-01", "certain"),
        ("2017-02-10", "2017-02-11", "nothing"),
        ("2017-02-10", "2017-02-09", "nothing"),
    ],
)
def test_an_incumbency_says_nothing_of_the_days_before_and_after(when: str, dated: str, answer: str) -> None:
    assert relation(when, dated, "cq:Incumbency") == answer


def test_a_tenure_is_compared_with_held_events_of_its_office_only() -> None:
    planned = account("x", M, "Planned") + on(M, "2017-02") + UNNAMED
    other = held(M, when="2017-02") + part(M, "p", "cq:unnamed true ; cq:heldPost office:other")
    for world in (planned, other):
        assert not following(WORLD + tenure("t", "a", "2012/2018") + world, *RELATIONS)


def named(*tenures: str, meeting: str = "2017-02", attendance: str = UNNAMED, world: str = WORLD) -> set[str]:
    """Whom the unnamed office at a meeting stands for."""
    turtle = world + held(M, when=meeting) + attendance + "".join(tenures)
    return {triple.split()[2] for triple in following(turtle, "cq:participant")}


A, B = tenure("a", "a", "2012-12-26/2017-08-03"), tenure("b", "b", "2017-08-03/2019-09-11")


def test_an_unnamed_minister_is_whoever_certainly_held_the_office() -> None:
    assert named(A, B) == {"person:a"}
    assert named(A, B, meeting="2018") == {"person:b"}


def test_two_tenures_of_one_person_are_no_doubt() -> None:
    assert named(A, tenure("a2", "a", "2016-01-01/2018-01-01")) == {"person:a"}


@pytest.mark.parametrize(
    ("tenures", "meeting"),
    [
        pytest.param([], "2017-02", id="no holder is known"),
        pytest.param([A, B], "2017-08-03", id="the day of a handover"),
        pytest.param([A, B], "2017-08", id="the month of a handover"),
        pytest.param([A], "2017-08-03", id="the last day, and the successor is not known"),
        pytest.param([A, B], "2019-09-12", id="after all"),
        pytest.param([A, tenure("c", "b", "2017-01-01/2017-12-31")], "2017-02", id="two at once"),
        pytest.param([A, tenure("c", "b", "2017-02-10/2017-12-31")], "2017-02", id="another came within the month"),
        pytest.param([A, tenure("c", "b", "")], "2017-02", id="somebody held it nobody knows when"),
        pytest.param([A, tenure("c", "b", "2017-02-10", "cq:Incumbency")], "2017-02", id="a document shows another"),
        pytest.param([A], "", id="the meeting has no date"),
        pytest.param(
            [tenure("c", "a", "2017-02-10", "cq:Incumbency")], "2017-02-10", id="an incumbency is no tenure"
        ),
    ],
)
def test_where_there_is_doubt_nobody_is_named(tenures: list[str], meeting: str) -> None:
    assert named(*tenures, meeting=meeting) == set()


@pytest.mark.parametrize(
    ("attendance", "world"),
    [
        pytest.param(UNNAMED, WORLD.replace("true", "false"), id="several hold it at a time"),
        pytest.param(UNNAMED, WORLD.replace(" ; cq:heldByOne true", ""), id="nobody says that one holds it"),
        pytest.param(UNNAMED.replace("cq:unnamed true ; ", ""), WORLD, id="not said to be unnamed"),
        pytest.param(UNNAMED.replace("cq:status cq:Held", "cq:status cq:Planned"), WORLD, id="only announced"),
    ],
)
def test_only_an_office_that_one_person_holds_and_that_came_unnamed_stands_for_one(
    attendance: str, world: str
) -> None:
    assert named(A, attendance=attendance, world=world) == set()


@pytest.mark.parametrize("status", ["Planned", "Cancelled", "NotHeld"])
def test_nobody_is_named_at_what_was_not_held(status: str) -> None:
    world = WORLD + account("x", M, status) + f"{M} a cq:Meeting ." + on(M, "2017-02") + UNNAMED + A
    assert not following(world, "cq:participant")


def test_who_is_inferred_to_have_come_has_met_the_other_side() -> None:
    other = "state:japan a cq:State . " + part(M, "q", "cq:participant person:b ; cq:representing state:japan")
    world = WORLD + held(M, when="2017-02") + UNNAMED + other + A
    assert following(world, "cq:met") == {"person:a cq:met person:b", "person:b cq:met person:a"}


@pytest.mark.parametrize("when", ["2016-05-01/..", "", "[..2017-05-01]"])
def test_a_rival_whose_days_are_open_or_unknown_leaves_the_office_without_a_name(when: str) -> None:
    dated = WORLD + UNNAMED + held(M, when="2017-02-10") + tenure("t", "a", "2012-12-26/2017-08-03")
    assert following(dated, "cq:participant")
    assert not following(dated + tenure("u", "b", when, "cq:Incumbency"), "cq:participant")
