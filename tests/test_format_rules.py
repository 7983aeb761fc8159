"""Formats by the offices that came, series, and the slots that nobody of a side took."""

import pytest
from entailing import account, entailed, following, held, on, part

WORLD = (
    "".join(
        f"""
    state:{s} a cq:State .
    office:{s}-foreign org:postIn state:{s} ; cq:postKind postkind:foreign .
    office:{s}-defence org:postIn state:{s} ; cq:postKind postkind:defence .
    office:{s}-trade org:postIn state:{s} ; cq:postKind postkind:trade .
    office:{s}-porter org:postIn state:{s} .
    """
        for s in ("ru", "jp", "us")
    )
    + """
    format:two cq:definedBySlots true ; cq:hasSlot slot:two-foreign, slot:two-defence .
    slot:two-foreign a cq:Slot ; cq:postKind postkind:foreign ; cq:perSide 1 .
    slot:two-defence a cq:Slot ; cq:postKind postkind:defence ; cq:perSide 1 .
    format:one cq:definedBySlots true ; cq:hasSlot slot:one-foreign .
    slot:one-foreign a cq:Slot ; cq:postKind postkind:foreign ; cq:perSide 1 .
    format:loose cq:definedBySlots false ; cq:hasSlot slot:loose-trade .
    slot:loose-trade a cq:Slot ; cq:postKind postkind:trade ; cq:perSide 1 .
    format:wide cq:definedBySlots true ; cq:hasSlot slot:wide-trade .
    slot:wide-trade a cq:Slot ; cq:postKind postkind:trade ; cq:perSide 2 .
    organisation:un a cq:Organisation . office:un-foreign org:postIn organisation:un ; cq:postKind postkind:foreign .
"""
)
M = "meeting:m"


def came(*offices: str) -> str:
    """Turtle for a held meeting to which these offices came; ``for:`` is a side that came without one."""
    parts = (
        part(M, f"p{n}", f"cq:representing state:{it[4:]}" if it.startswith("for:") else f"cq:heldPost office:{it}")
        for n, it in enumerate(offices)
    )
    return WORLD + held(M) + "".join(parts)


def formats(*offices: str) -> set[str]:
    return {triple.split()[2] for triple in following(came(*offices), "cq:inFormat")}


TWO = ("ru-foreign", "ru-defence", "jp-foreign", "jp-defence")


def test_the_offices_at_the_table_make_the_format() -> None:
    assert formats(*TWO) == {"format:two"}
    assert formats("ru-foreign", "jp-foreign") == {"format:one"}


def test_an_office_told_of_twice_fills_its_slot_once() -> None:
    assert formats(*TWO, "ru-foreign") == {"format:two"}


@pytest.mark.parametrize(
    "offices",
    [
        pytest.param(TWO[:3], id="one slot of one side is empty"),
        pytest.param((*TWO, "ru-trade"), id="somebody of another office"),
        pytest.param((*TWO, "ru-porter"), id="somebody of an office of no kind"),
        pytest.param((*TWO, "for:jp"), id="somebody of no office"),
        pytest.param((*TWO, "us-foreign", "us-defence"), id="three states"),
        pytest.param(("ru-foreign", "jp-foreign", "us-foreign"), id="three states, one slot"),
        pytest.param(("ru-foreign", "un-foreign"), id="a body is no state"),
        pytest.param(("ru-foreign", "jp-foreign", "un-foreign"), id="a body besides"),
        pytest.param(("ru-foreign",), id="one side"),
        pytest.param(("ru-trade", "jp-trade"), id="a format that its slots do not define, or with two seats each"),
        pytest.param((), id="nobody"),
    ],
)
def test_offices_that_are_not_just_those_of_a_format_make_none(offices: tuple[str, ...]) -> None:
    assert formats(*offices) == set()


@pytest.mark.parametrize("status", ["Planned", "Cancelled"])
def test_what_was_not_held_is_given_no_format_series_or_vacancy(status: str) -> None:
    for world in (came(*TWO), came("ru-foreign", "jp-defence") + f"{M} cq:inFormat format:two ."):
        told = world.replace("cq:accountStatus cq:Held", f"cq:accountStatus cq:{status}")
        assert not following(told, "cq:inFormat", "cq:inSeries", "cq:vacantAt", "cq:fallsShortOf")


SERIES = """
    series:ru-jp cq:ofFormat format:two ; cq:between state:ru, state:jp .
    series:ru-us cq:ofFormat format:two ; cq:between state:ru, state:us .
    series:all cq:ofFormat format:two ; cq:between state:ru, state:jp, state:us .
    series:loose cq:ofFormat format:loose ; cq:between state:ru, state:jp .
"""


def series(world: str) -> set[str]:
    return {triple.split()[2] for triple in following(world + SERIES, "cq:inSeries")}


def test_a_series_is_the_format_between_just_its_states() -> None:
    assert series(came(*TWO)) == {"series:ru-jp"}
    assert series(came("for:ru", "for:jp") + f"{M} cq:inFormat format:loose .") == {"series:loose"}
    assert series(came("for:ru", "for:jp")) == set()
    assert series(came("for:ru", "for:jp", "for:us") + f"{M} cq:inFormat format:two .") == set()
    assert series(came("for:ru") + f"{M} cq:inFormat format:two .") == set()


def vacant(world: str) -> set[str]:
    found = entailed(world)
    nodes = {triple.split()[0] for triple in found if triple.endswith("cq:Vacancy")}
    for node in nodes:
        meeting, slot, state = node.removeprefix("vacancy:").split(".")
        assert {f"{node} cq:vacantAt meeting:{meeting}", f"{node} cq:vacantSlot slot:{slot}"} <= found
        assert f"{node} cq:vacantFor state:{state}" in found
    return {node.removeprefix("vacancy:m.") for node in nodes}


def test_the_slots_that_no_office_of_a_side_took_are_vacant() -> None:
    told = f"{M} cq:inFormat format:two ."
    assert vacant(came("for:ru", "for:jp") + told) == {
        "two-foreign.ru", "two-foreign.jp", "two-defence.ru", "two-defence.jp",
    }  # fmt: skip
    assert vacant(came(*TWO[:3]) + told) == {"two-defence.jp"}
    assert vacant(came(*TWO) + told) == set()


def test_a_series_says_for_whom_slots_are_vacant_where_the_words_do_not() -> None:
    told = SERIES + f"{M} cq:inSeries series:ru-jp ."
    assert vacant(came() + told) == {"two-foreign.ru", "two-foreign.jp", "two-defence.ru", "two-defence.jp"}
    assert vacant(came("ru-foreign") + told) == {"two-foreign.jp", "two-defence.ru", "two-defence.jp"}


def test_who_was_only_announced_took_no_slot() -> None:
    announced = """
        meeting:m cq:hasParticipation participation:x .
        participation:x a cq:Participation ; cq:status cq:Planned ; cq:heldPost office:jp-defence .
    """
    assert vacant(came(*TWO[:3]) + announced + f"{M} cq:inFormat format:two .") == {"two-defence.jp"}


# Candidates: two meetings that may be one

PLACES = "place:tokyo a cq:Place ; geo:sfWithin state:jp . place:osaka a cq:Place ; geo:sfWithin state:jp ."


def candidates(
    more: str = "",
    *,
    day: str = "2017-03-20",
    other_day: str = "2017-03-20",
    in_series: str = "series:ru-jp",
    documents: tuple[str, str] = ("one", "two"),
    status: str = "Held",
) -> set[str]:
    """The candidates among two meetings of one series, with what more is said of them."""
    told = f"meeting:a a cq:Meeting ; cq:inSeries series:ru-jp . meeting:b a cq:Meeting ; cq:inSeries {in_series} ."
    told += account("a", "meeting:a", "Held", "2017-04-01", documents[0])
    told += account("b", "meeting:b", status, "2017-04-01", documents[1])
    world = WORLD + SERIES + PLACES + told + on("meeting:a", day) + on("meeting:b", other_day) + more
    found = entailed(world)
    nodes = {triple.split()[0] for triple in found if triple.endswith(" cq:Candidate")}
    for node in nodes:
        assert {f"{node} cq:candidate meeting:a", f"{node} cq:candidate meeting:b"} <= found
        assert [triple for triple in found if triple.startswith(f"{node} cq:reason Different documents tell of both")]
    assert not [triple for triple in found if " owl:sameAs " in triple]
    return nodes


def at(one: str, other: str) -> str:
    return f"meeting:a schema:location {one} . meeting:b schema:location {other} ."


def person(meeting: str, name: str, who: str, post: str = "office:jp-foreign") -> str:
    return part(meeting, name, f"cq:participant person:{who} ; cq:heldPost {post}")


ONE = {"candidate:a.b"}


@pytest.mark.parametrize(
    "places",
    [
        at("place:tokyo", "place:tokyo"),
        at("place:tokyo", "state:jp"),
        at("state:jp", "place:tokyo"),
        "meeting:a schema:location place:tokyo .",
        "",
    ],
)
def test_one_series_day_and_place_make_a_candidate(places: str) -> None:
    assert candidates(places) == ONE


@pytest.mark.parametrize(
    "doubt",
    [
        {"more": at("place:tokyo", "place:osaka")},
        {"other_day": "2017-03-21"},
        {"other_day": "2017-03"},
        {"in_series": "series:ru-us"},
        {"documents": ("one", "one")},
        {"status": "Planned"},
        {"more": "meeting:a owl:differentFrom meeting:b ."},
        {"more": "meeting:b owl:differentFrom meeting:a ."},
    ],
    ids=str,
)
def test_what_tells_two_meetings_apart_makes_none(doubt: dict[str, str]) -> None:
    assert candidates(**doubt) == set()  # type: ignore[arg-type]


def test_two_holders_of_an_office_that_one_holds_tell_two_meetings_apart() -> None:
    alone = "office:jp-foreign cq:heldByOne true ."
    assert candidates(person("meeting:a", "x", "kishida") + person("meeting:b", "y", "kono") + alone) == set()
    assert candidates(person("meeting:a", "x", "kishida") + person("meeting:b", "y", "kishida") + alone) == ONE
    assert candidates(person("meeting:a", "x", "kishida") + person("meeting:b", "y", "kono")) == ONE
