"""``valid-at``, ``recorded-at`` and several clocks together, by hand from the two documents."""

import pytest
from pyoxigraph import Store
from small_corpus import HELD, PLANNED, SmallCorpus
from test_known_at import BONN, DEPUTIES, DIALOGUE, TALKS

from graph.build import build
from graph.derivation import derive
from graph.namespaces import shorten
from graph.store import current
from graph.views.selection import only_valid, read_dataset

FEBRUARY_IN_BONN = "2017-02-20"
"""Some day of the month in which the foreign ministers met in Bonn, on one day or other."""


def test_on_20_march_the_ministers_met_and_nobody_else(found) -> None:
    assert found("?x a cq:Meeting", valid_at="2017-03-20") == {TALKS}
    assert found("?x a cq:Meeting", valid_at="2017-03-20", certainty="possible") == {TALKS}
    assert found("?x cq:met ?y", valid_at="2017-03-20") == {
        "person:inada",
        "person:kishida",
        "person:lavrov",
        "person:shoigu",
    }


def test_a_participation_goes_with_its_meeting(found) -> None:
    meetings = "?x a cq:Meeting ; cq:hasParticipation ?p . ?p a cq:Participation"
    orphans = "?x a cq:Participation FILTER NOT EXISTS { ?m cq:hasParticipation ?x }"
    for certainty in ("certain", "possible"):
        assert found(meetings, valid_at="2017-03-20", certainty=certainty) == {TALKS}
        assert found(orphans, valid_at="2017-03-20", certainty=certainty) == set()


def test_a_meeting_on_some_day_of_a_month_was_possibly_held_on_each(found) -> None:
    assert BONN not in found("?x a cq:Meeting", valid_at=FEBRUARY_IN_BONN)
    assert BONN in found("?x a cq:Meeting", valid_at=FEBRUARY_IN_BONN, certainty="possible")
    assert BONN not in found("?x a cq:Meeting", valid_at="2017-03-01", certainty="possible")


def test_what_lasts_is_there_on_each_of_its_days(found) -> None:
    planned = "meeting:ru-jp-summit-2017-04"
    for day, is_there in (("2017-04-26", False), ("2017-04-27", True), ("2017-04-28", True), ("2017-04-29", False)):
        assert (planned in found("?x a cq:Meeting", valid_at=day)) == is_there
    assert found(f"{planned} cq:status ?x", valid_at="2017-04-27") == {"cq:Planned"}


def test_an_open_end_makes_nothing_certain(found) -> None:
    """THAAD came to South Korea from the first quarter of 2017 on (2017-33/..): since which day is not said."""
    thaad = "deployment:us-thaad-south-korea"
    assert thaad not in found("?x a cq:Deployment", valid_at="2017-05-01")
    assert thaad in found("?x a cq:Deployment", valid_at="2017-05-01", certainty="possible")
    assert thaad not in found("deployment:us-thaad-south-korea cq:when ?y . ?x cq:when ?y", valid_at="2016-12-31")


def test_what_has_no_date_is_possible_only(found) -> None:
    assert found("?x a cq:TerritorialClaim", valid_at="2017-03-20") == set()
    assert found("?x a cq:TerritorialClaim", valid_at="2017-03-20", certainty="possible")


def test_documents_assertions_and_authority_are_always_there(found) -> None:
    for cls in ("cq:Document", "cq:Assertion", "cq:Passage", "foaf:Person", "cq:State"):
        assert found(f"?x a {cls}", valid_at="1600-01-01") == found(f"?x a {cls}"), cls


def test_accounts_tell_of_nothing_that_was_not(found) -> None:
    for certainty in ("certain", "possible"):
        told = found("?a cq:accountOf ?x", valid_at="2017-03-20", certainty=certainty)
        assert not {DIALOGUE, DEPUTIES, BONN} & told
        assert TALKS in told


@pytest.mark.parametrize(("day", "there"), [("2026-11-20", False), ("2026-11-21", True), ("2030-01-01", True)])
def test_before_the_corpus_was_recorded_there_is_nothing_at_all(found, day, there) -> None:
    """Both documents were recorded on 21 November 2026."""
    assert bool(found("?x ?p ?o", recorded_at=day)) == there
    assert bool(found("GRAPH ?x { ?s ?p ?o }", recorded_at=day)) == there


def test_a_day_of_recording_means_its_end(found) -> None:
    assert not found("?x a cq:State", recorded_at="2026-11-21T12:00:00Z")
    assert found("?x a cq:State", recorded_at="2026-11-22T03:00:00+02:00")


def test_all_three_together(found) -> None:
    day = {"known_at": "2017-03-20", "recorded_at": "2026-11-21"}
    assert found("?x a cq:Meeting", valid_at="2017-03-18", **day) == {DEPUTIES}
    assert found("?a cq:inDocument ?x", valid_at="2017-03-18", **day) == {"document:streltsov-new-friends-2017"}
    assert found("?x a cq:Meeting", valid_at="2017-03-30", **day, certainty="possible") == set()
    assert found("?x a cq:Meeting", valid_at="2017-03-30", known_at="2017-04-27") == {DIALOGUE}
    assert found("?x ?p ?o", valid_at="2017-03-18", known_at="2017-03-20", recorded_at="2026-11-20") == set()


@pytest.mark.parametrize("certainty", ["certain", "possible"])
def test_no_coverage_vouches_for_meetings_that_are_left_out(rows, found, certainty) -> None:
    day = {"valid_at": "2015-01-01", "certainty": certainty}
    assert found("GRAPH ?g { ?x a cq:Coverage }", **day) == set()
    parties = {"who": "Russia", "other": "Japan", "format": "series:ru-jp-2plus2"}
    for name, period in (
        ("never-met", {"until": "2017-03-19"}),
        ("not-met-since", {"since": "2013-11-03", "until": "2017-03-19"}),
    ):
        answers = {row["answer"] for row in rows(name, {**parties, **period}, **day)}
        assert answers == {"unknown"}, name
    assert {row["answer"] for row in rows("never-met", {**parties, "until": "2017-03-19"})} == {"no"}


CALLED_OFF = """- id: a:{name}-called-off
  quote: Nothing else happened
  modality: Asserted
  voices: [person:streltsov]
  says:
    id: meeting:small-may
    type: Meeting
    status: Cancelled
"""


@pytest.mark.parametrize("certainty", ["certain", "possible"])
def test_a_calling_off_without_a_date_counts_on_the_day_of_the_meeting(tmp_path, certainty) -> None:
    small = SmallCorpus(tmp_path, assertions=[HELD, PLANNED, CALLED_OFF]).write()
    out = tmp_path / "out"
    build(out, small.texts, small.corpus)
    dataset = read_dataset(Store.read_only(str(current(out).path)))
    for day, wanted in (("2017-05-20", {"cq:Cancelled"}), ("2017-05-21", set())):
        view = only_valid(dataset, day, certainty)
        derive(view)
        settled = {
            shorten(t.object.value)
            for t in view.entailed
            if shorten(t.predicate.value) == "cq:settledStatus" and shorten(t.subject.value) == "meeting:small-may"
        }
        if certainty == "certain" or wanted:
            assert settled == wanted, day
