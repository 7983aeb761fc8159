"""Shapes report what is wrong with an assertion, with merged data, and which slots are empty."""

from time import monotonic

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from graph.dataset import read_authority
from graph.namespaces import PREFIXES
from graph.sources import default_authority
from graph.validation import (
    EmptySlot,
    InvalidDataError,
    empty_slots,
    validate_assertion_graph,
    validate_assertion_graphs,
    validate_merged,
)

PROLOGUE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
HELD = """
    meeting:x a cq:Meeting ; cq:status cq:Held ; cq:inFormat format:2plus2 ;
        cq:hasParticipation participation:x.lavrov ;
        cq:when "2017-03-20"^^edtf:EDTF ;
        cq:startEarliest "2017-03-20"^^xsd:date ; cq:startLatest "2017-03-20"^^xsd:date ;
        cq:endEarliest "2017-03-20"^^xsd:date ; cq:endLatest "2017-03-20"^^xsd:date .
    participation:x.lavrov a cq:Participation ; cq:participant person:lavrov ; cq:status cq:Held ;
        cq:heldPost office:ru-foreign-minister ; cq:representing state:russia .
"""
CLAIM = "claim:x a cq:TerritorialClaim ; cq:claimant state:japan ; cq:territory territory:southern-kurils ."


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PROLOGUE + turtle, format=RdfFormat.TURTLE)]


def report_on_assertion(turtle: str) -> str:
    with pytest.raises(InvalidDataError) as caught:
        validate_assertion_graph(triples(turtle), "some.yaml:12")
    return str(caught.value)


def report_on_merged(turtle: str) -> str:
    with pytest.raises(InvalidDataError) as caught:
        validate_merged(triples(turtle))
    return str(caught.value)


@pytest.mark.parametrize("turtle", [HELD, CLAIM, ""])
def test_a_sound_assertion_passes(turtle: str) -> None:
    validate_assertion_graph(triples(turtle))


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        (HELD + "meeting:x cq:status cq:Planned .", "gives an event one status"),
        (HELD.replace("cq:Held", "cq:Deployed"), "an event's status is Held"),
        (HELD + 'meeting:x cq:when "2017-03-21"^^edtf:EDTF .', "dates an event once"),
        (HELD.replace("edtf:EDTF", "xsd:string"), "is an EDTF literal"),
        (
            HELD.replace('startLatest "2017-03-20"', 'startLatest "2017-03-19"'),
            "the earliest start lies after the latest start",
        ),
        (
            HELD.replace('endLatest "2017-03-20"', 'endLatest "2016-03-20"'),
            "the earliest end lies after the latest end",
        ),
        (
            HELD.replace('endLatest "2017-03-20"^^xsd:date', 'endLatest "2017"^^xsd:gYear'),
            "a bound is a full xsd:date",
        ),
        (HELD.replace('endLatest "2017-03-20"', 'endLatest "2017-03"'), "a bound is a full xsd:date"),
        ('event:x a cq:Event ; cq:when "2017"^^edtf:EDTF .', "a stated date has bounds"),
        (HELD + "participation:x.lavrov cq:representing state:japan .", "represents one side"),
        ("participation:x a cq:Participation .", "at least who, as what, or for whom"),
        (CLAIM + "claim:x cq:claimant state:russia .", "one claimant"),
        (CLAIM.replace("cq:claimant state:japan ;", ""), "one claimant"),
        (CLAIM.replace("; cq:territory territory:southern-kurils", ""), "one territory"),
        (CLAIM + "claim:x cq:against state:japan .", "against themselves"),
        ('statement:x a cq:Statement ; cq:summary "All is well."@en .', "who speaks or whose position"),
        ("statement:x a cq:Statement ; cq:holder state:japan .", "has one summary"),
        ("deployment:x a cq:Deployment ; cq:system system:thaad ; cq:status cq:Planned .", "has an operator"),
        ("person:abe cq:met person:putin .", "no assertion says this"),
        ("change:x a cq:FormatChange ; cq:changeKind cq:Resumed .", "the format or the series"),
        ("meeting:x a cq:Meeting ; cq:hasParticipation [ a cq:Participation ] .", "no blank nodes"),
    ],
)
def test_a_faulty_assertion_is_reported_with_its_place(turtle: str, message: str) -> None:
    report = report_on_assertion(turtle)
    assert message in report
    assert report.startswith("some.yaml:12: ")


def test_a_report_names_node_and_offending_value() -> None:
    report = report_on_assertion(HELD.replace('startLatest "2017-03-20"', 'startLatest "2017-03-19"'))
    assert report.splitlines()[0] == (
        "some.yaml:12: meeting:x: the earliest start lies after the latest start (found: cq:startEarliest 2017-03-20)"
    )


def test_assertions_that_differ_do_not_disturb_each_other() -> None:
    planned = HELD.replace("cq:Held", "cq:Planned").replace("03-20", "03-27")
    validate_assertion_graphs({"one": triples(HELD), "two": triples(planned), "three": triples(HELD)})


def test_a_fault_is_reported_at_the_assertion_that_has_it() -> None:
    graphs = {"one": triples(CLAIM), "two": triples(CLAIM + "claim:x cq:claimant state:russia .")}
    with pytest.raises(InvalidDataError) as caught:
        validate_assertion_graphs(graphs, {"one": "a.yaml:1", "two": "a.yaml:9"})
    assert {violation.place for violation in caught.value.violations} == {"a.yaml:9"}
    assert {violation.focus for violation in caught.value.violations} == {"claim:x"}


def test_two_hundred_assertions_take_seconds() -> None:
    start = monotonic()
    validate_assertion_graphs({f"assertion-{number}": triples(HELD) for number in range(200)})
    assert monotonic() - start < 10


PLACE_AND_TERRITORY = """
    territory:southern-kurils a cq:Territory ; skos:prefLabel "Southern Kurils"@en .
    place:kunashir a cq:Place ; skos:prefLabel "Kunashir"@en ; geo:sfWithin territory:southern-kurils .
    place:kuril-islands a cq:Place ; skos:prefLabel "Kuril Islands"@en .
    territory:southern-kurils geo:sfWithin place:kuril-islands .
    state:russia a cq:State ; skos:prefLabel "Russia"@en .
    state:japan a cq:State ; skos:prefLabel "Japan"@en .
"""


def test_sound_merged_data_pass() -> None:
    validate_merged(triples(PLACE_AND_TERRITORY))


def test_the_authority_file_passes() -> None:
    validate_merged(read_authority(default_authority()))


@pytest.mark.parametrize(
    "turtle",
    [
        "territory:southern-kurils geo:sfWithin state:russia .",
        "place:kunashir geo:sfWithin state:japan .",
        "place:kunashir schema:location state:japan .",
        "place:kuril-islands geo:sfWithin state:russia .",
        "state:russia schema:about territory:southern-kurils .",
        "territory:southern-kurils wdt:P17 wd:Q159 .",
    ],
)
def test_a_sovereign_for_a_kuril_island_is_reported(turtle: str) -> None:
    assert "no property gives a territory a sovereign" in report_on_merged(PLACE_AND_TERRITORY + turtle)


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        ("meeting:x a cq:Meeting .", "no assertion states this"),
        ("event:x cq:by person:nobody .", "has no label"),
        ("event:x cq:resultOf meeting:unheard-of .", "nothing admitted says what this is"),
        ("event:x cq:inFormat state:japan .", "this is no format"),
        ("document:x a cq:Document .", "a document has a title"),
        ("a:x a cq:Assertion .", "rests on at least one passage"),
        ("a:x a cq:Assertion .", "has a modality, unless it is flagged"),
        ("event:x cq:by [] .", "no blank nodes"),
        ("state:japan owl:sameAs wd:Q17 .", "write a link into links.sssom.tsv"),
        ('event:x cq:startEarliest "2017-03"^^xsd:gYearMonth .', "a bound is a full xsd:date"),
    ],
)
def test_a_fault_of_structure_is_reported(turtle: str, message: str) -> None:
    assert message in report_on_merged(PLACE_AND_TERRITORY + turtle)


def test_a_missing_reference_is_named() -> None:
    report = report_on_merged('person:x skos:prefLabel "X"@en . event:x cq:by person:nobody , person:x .')
    assert "event:x: this has no label" in report
    assert "person:nobody" in report


def test_an_iri_that_a_misspelt_prefix_made_is_told_from_a_compact_one() -> None:
    assert "(found: <persn:abe>)" in report_on_merged("event:x cq:by <persn:abe> .")


def test_merged_data_may_differ() -> None:
    differing = "event:x cq:status cq:Held , cq:Planned ; schema:location state:japan , place:kunashir ."
    validate_merged(triples(PLACE_AND_TERRITORY + differing))


MET = (
    PLACE_AND_TERRITORY
    + """
    person:lavrov a foaf:Person ; skos:prefLabel "Sergei Lavrov"@en ; cq:met person:kishida .
    person:kishida a foaf:Person ; skos:prefLabel "Fumio Kishida"@en ; cq:met person:lavrov .
    meeting:x a cq:Meeting ; cq:settledStatus cq:Held ; cq:hasParticipation participation:l , participation:k .
    participation:l cq:participant person:lavrov ; cq:representing state:russia ; cq:status cq:Held .
    participation:k cq:participant person:kishida ; cq:representing state:japan ; cq:status cq:Held .
    encounter:x.kishida.lavrov a cq:Encounter ; cq:at meeting:x ; cq:joins person:lavrov , person:kishida .
"""
)


@pytest.mark.parametrize(
    ("turtle", "reported"),
    [
        (MET, False),
        (MET.replace("cq:Held", "cq:Planned"), True),
        (MET.replace("cq:joins person:lavrov , person:kishida", "cq:joins person:lavrov"), True),
        (MET.replace("state:japan ; cq:status cq:Held", "state:japan ; cq:status cq:Planned"), True),
        (MET.replace("cq:representing state:japan", "cq:representing state:russia"), True),
    ],
)
def test_people_met_only_in_a_held_meeting_on_different_sides(turtle: str, reported: bool) -> None:
    assert ("have met without a held meeting" in report_on_merged(turtle)) is reported


def test_a_merged_fault_is_placed_by_the_assertion_that_states_it() -> None:
    data = triples("event:x cq:statedIn a:said ; cq:by person:nobody . a:said a cq:Assertion .")
    with pytest.raises(InvalidDataError) as caught:
        validate_merged(data, {PREFIXES["a"] + "said": "b.yaml:3"})
    places = {violation.focus: violation.place for violation in caught.value.violations}
    assert places["event:x"] == "b.yaml:3"


def test_a_long_report_is_cut_and_says_so() -> None:
    turtle = "".join(f"claim:x{number} a cq:TerritorialClaim ; cq:claimant state:japan ." for number in range(30))
    report = report_on_assertion(turtle)
    assert len(report.splitlines()) == 21
    assert report.endswith("… and 10 more")


FORMAT = """
    format:2plus2 cq:hasSlot slot:2plus2-foreign-minister , slot:2plus2-defence-minister .
    slot:2plus2-foreign-minister cq:postKind postkind:foreign-minister ; cq:perSide 1 .
    slot:2plus2-defence-minister cq:postKind postkind:defence-minister ; cq:perSide 1 .
    office:ru-foreign-minister cq:postKind postkind:foreign-minister .
    office:jp-defence-minister cq:postKind postkind:defence-minister .
"""
NAMELESS = """
    meeting:y a cq:Meeting ; cq:status cq:Held ; cq:inFormat format:2plus2 ;
        cq:hasParticipation participation:y.japan .
    participation:y.japan cq:representing state:japan .
"""


def test_a_filled_slot_is_not_reported() -> None:
    found = {(one.meeting, one.slot) for one in empty_slots(triples(HELD + FORMAT))}
    assert found == {("meeting:x", "slot:2plus2-defence-minister")}


def test_a_meeting_that_names_nobody_has_all_slots_empty() -> None:
    assert empty_slots(triples(NAMELESS + FORMAT)) == [
        EmptySlot("meeting:y", slot, f"nobody is named as {kind} of state:japan")
        for slot, kind in (
            ("slot:2plus2-defence-minister", "postkind:defence-minister"),
            ("slot:2plus2-foreign-minister", "postkind:foreign-minister"),
        )
    ]


def test_a_planned_meeting_has_no_empty_slots() -> None:
    assert empty_slots(triples(NAMELESS.replace("cq:Held", "cq:Planned") + FORMAT)) == []


def test_a_slot_for_two_needs_two() -> None:
    two = FORMAT.replace("foreign-minister ; cq:perSide 1", "foreign-minister ; cq:perSide 2")
    assert "slot:2plus2-foreign-minister" in {one.slot for one in empty_slots(triples(HELD + two))}
