"""Gaps between occurrences, and outer bounds as rules; and why they hold."""

import pytest
from pyoxigraph import Literal, RdfFormat, Triple, Variable, parse

from graph.namespaces import prologue, shorten, term
from graph.rules import Materialisation, entail
from graph.rules.computed import COMPUTED, Computed, OuterBounds
from graph.rules.gaps import Gaps
from graph.rules.pattern import Slot


def triples(turtle: str) -> set[Triple]:
    return {quad.triple for quad in parse(prologue() + turtle, format=RdfFormat.TURTLE)}


def meeting(name: str, *days: str, series: str = "talks", settled: str = "Held") -> str:
    """A meeting with its four bounds; two days are a span within which it began and ended, one is a day."""
    first, last = days[0], days[-1]
    bounds = zip(
        ("startEarliest", "startLatest", "endEarliest", "endLatest"), (first, last, first, last), strict=True
    )
    dated = "".join(f' ; cq:{name} "{day}"^^xsd:date' for name, day in bounds if day)
    return f"meeting:{name} a cq:Meeting ; cq:settledStatus cq:{settled} ; cq:inSeries series:{series}{dated} ."


def gaps(*meetings: str) -> dict[str, tuple[str, str]]:
    """Each gap's least and most days."""
    found = Gaps().conclusions(triples(" ".join(meetings)))
    return {
        shorten(t.subject.value): tuple(value(found, t.subject, name) for name in ("cq:leastDays", "cq:mostDays"))
        for t in found
    }  # type: ignore[union-attr,return-value]


def value(found: set[Triple], subject: object, name: str) -> str:
    (only,) = (t.object for t in found if t.subject == subject and t.predicate == term(name))
    assert isinstance(only, Literal)
    return only.value


FIRST, SECOND = meeting("a", "2013-11-02"), meeting("b", "2017-03-20")


def test_the_days_between_two_meetings_of_a_series() -> None:
    assert gaps(FIRST, SECOND) == {"gap:a.b": ("1234", "1234")}


def test_what_a_gap_says() -> None:
    assert Gaps().conclusions(triples(FIRST + SECOND)) == triples(
        "gap:a.b a cq:Gap ; cq:gapOf series:talks ; cq:gapAfter meeting:a ; cq:gapBefore meeting:b ;"
        " cq:leastDays 1234 ; cq:mostDays 1234 ."
    )


def test_a_span_gives_least_and_most() -> None:
    """From 31 March to 10 April are 10 days, from 1 March 40."""
    assert gaps(meeting("a", "2017-03-01", "2017-03-31"), meeting("b", "2017-04-10")) == {"gap:a.b": ("10", "40")}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(meeting("c", "2013-11-02"), id="one on the day of the first"),
        pytest.param(meeting("c", "2013-10-30", "2013-11-05"), id="one about the first"),
        pytest.param(meeting("c", "2017-03-20", "2017-03-30"), id="one perhaps on the day of the second"),
        pytest.param(meeting("c", ""), id="one undated"),
        pytest.param(meeting("c", "2010-01-01", "2018-01-01"), id="one at any time"),
    ],
)
def test_where_order_is_not_certain_there_is_no_gap(other: str) -> None:
    assert "gap:a.b" not in gaps(FIRST, SECOND, other)


def test_a_meeting_between_makes_two_gaps() -> None:
    assert gaps(FIRST, SECOND, meeting("c", "2013-11-12")) == {"gap:a.c": ("10", "10"), "gap:c.b": ("1224", "1224")}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(meeting("c", "2015-01-01", settled="Planned"), id="a plan"),
        pytest.param(meeting("c", "2015-01-01", settled="Contested"), id="a contested one"),
        pytest.param(meeting("c", "2015-01-01", series="other"), id="one of another series"),
    ],
)
def test_what_was_not_held_in_the_series_is_none_of_it(other: str) -> None:
    assert gaps(FIRST, SECOND, other) == {"gap:a.b": ("1234", "1234")}


def test_the_bounds_of_all_premises_count() -> None:
    """One document has 2 November, another 4 November: 1232 or 1234 days."""
    assert gaps(FIRST, meeting("a", "2013-11-04"), SECOND) == {"gap:a.b": ("1232", "1234")}


def lookup(facts: set[Triple]):
    def of(*asked: Slot) -> list[Triple]:
        return [t for t in facts if all(isinstance(a, Variable) or a == b for a, b in zip(asked, t, strict=True))]

    return of


OTHER_SERIES = meeting("a", "2013-11-02", series="other") + meeting("b", "2017-03-20", series="other")
DATED = """
    meeting:a cq:when "2013-11"^^edtf:EDTF ;
      cq:startEarliest "2013-11-01"^^xsd:date ; cq:endLatest "2013-11-30"^^xsd:date .
    meeting:b cq:when "2013-11-01/.."^^edtf:EDTF ; cq:startEarliest "2013-11-01"^^xsd:date .
"""


@pytest.mark.parametrize(
    ("computed", "turtle"),
    [
        (Gaps(), FIRST + SECOND + OTHER_SERIES),
        (Gaps(), FIRST + SECOND + meeting("a", "2013-11-04") + meeting("c", "2014-01-01")),
        (OuterBounds(), DATED),
    ],
)
def test_each_support_gives_the_conclusion_and_no_part_of_it_does(computed: Computed, turtle: str) -> None:
    facts = triples(turtle)
    concluded = computed.conclusions(facts)
    assert concluded
    for triple in concluded:
        supports = computed.premises_of(triple, lookup(facts | concluded))
        assert supports
        for support in supports:
            assert support <= facts
            assert triple in computed.conclusions(support)
            assert not any(triple in computed.conclusions(support - {one}) for one in support)


def test_what_is_not_concluded_has_no_support() -> None:
    false = triples('gap:a.b cq:leastDays 7 . meeting:a cq:earliest "2013-11-03"^^xsd:date .')
    facts = triples(FIRST + SECOND + "gap:a.b cq:gapOf series:talks .") | false
    for triple in false:
        assert [each.premises_of(triple, lookup(facts)) for each in COMPUTED] == [[], []]


def test_computed_rules_say_why_they_are_sound() -> None:
    assert [each.name for each in COMPUTED] == ["gap", "outer-bounds"]
    assert all(each.title and each.concludes and each.sound_because for each in COMPUTED)


ACCOUNTS = "".join(
    f"account:{name} a cq:Account ; cq:accountOf meeting:{name} ; cq:accountStatus cq:Held ."
    f" meeting:{name} cq:status cq:Held ."
    for name in "abc"
)


def test_gaps_are_kept_as_premises_come_and_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.rules.materialisation.LARGE", 1000)
    three = [each.replace(" ; cq:settledStatus cq:Held", "") for each in (FIRST, SECOND, meeting("c", "2013-11-12"))]
    kept = Materialisation()
    premises: set[Triple] = set()
    for world in (three[:2], three, three[1:], [], three, three[::2]):
        wanted = triples(ACCOUNTS + " ".join(world))
        kept.update(wanted - premises, premises - wanted)
        premises = wanted
        assert kept.entailed == entail(wanted)
    assert {t for t in kept.entailed if t.predicate == term("cq:leastDays")} == triples("gap:a.c cq:leastDays 10 .")
