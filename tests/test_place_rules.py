"""Where an event was held, what happened on a visit, and what led to what."""

import pytest
from entailing import entailed, following, held, part

WORLD = """
    state:japan a cq:State . state:russia a cq:State . person:abe a foaf:Person . person:putin a foaf:Person .
    place:tokyo a cq:Place ; geo:sfWithin place:honshu . place:honshu a cq:Place ; geo:sfWithin state:japan .
    territory:isles a cq:Territory . place:isle a cq:Place ; geo:sfWithin territory:isles .
"""
M = "meeting:m"


def hosts(place: str, more: str = "", event: str = held(M)) -> set[str]:
    found = following(WORLD + event + f"{M} schema:location {place} ." + more, "cq:hostState")
    return {triple.removeprefix("meeting:m cq:hostState ") for triple in found}


@pytest.mark.parametrize("place", ["place:tokyo", "place:honshu", "state:japan"])
def test_an_event_is_hosted_where_its_place_lies(place: str) -> None:
    assert hosts(place) == {"state:japan"}


@pytest.mark.parametrize("place", ["territory:isles", "place:isle", "place:nowhere"])
def test_a_territory_and_what_lies_in_it_hosts_for_nobody(place: str) -> None:
    assert hosts(place) == set()


@pytest.mark.parametrize("place", ["territory:isles", "place:isle", "place:rock"])
def test_not_even_where_data_put_a_claimed_place_in_a_state(place: str) -> None:
    faulty = """
        territory:isles geo:sfWithin state:japan .
        place:rock a cq:Place ; geo:sfWithin state:japan .
        claim:c a cq:TerritorialClaim ; cq:claimant state:russia ; cq:territory place:rock .
    """
    assert hosts(place, faulty) == set()


def test_what_was_not_held_has_no_host() -> None:
    assert hosts("place:tokyo", event=held(M).replace("cq:Held", "cq:Planned")) == set()


VISIT = "visit:v"
OF_ABE = "cq:participant person:abe"


def meetings_during(
    visit: str = "2017-04-27/2017-04-28",
    when: str = "2017-04-27",
    where: str = "place:tokyo",
    destination: str = "state:japan",
    who: str = OF_ABE,
) -> set[str]:
    told = held(VISIT, "Visit", visit) + part(VISIT, "v", OF_ABE) + held(M, when=when) + part(M, "m", who)
    places = f"visit:v schema:location {destination} . meeting:m schema:location {where} ."
    return following(WORLD + told + places, "cq:during")


def test_a_meeting_of_the_visitor_there_and_then_is_during_the_visit() -> None:
    during = {"meeting:m cq:during visit:v"}
    assert meetings_during() == during
    assert meetings_during(destination="place:tokyo") == during
    assert meetings_during(when="2017-04-27/2017-04-28") == during
    assert meetings_during(visit="2017-04-27") == during


@pytest.mark.parametrize(
    "doubt",
    [
        {"when": "2017-04-29"},
        {"when": "2017-04"},
        {"visit": "2017-04"},
        {"visit": "[2017-04-27..2017-04-28]"},
        {"where": "place:isle"},
        {"who": "cq:participant person:putin"},
    ],
    ids=str,
)
def test_another_day_place_or_person_or_a_vague_date_proves_nothing(doubt: dict[str, str]) -> None:
    assert meetings_during(**doubt) == set()


def test_a_visit_that_was_only_planned_has_nothing_during_it() -> None:
    told = held(VISIT, "Visit", "2017-04-27").replace("cq:Held", "cq:Planned") + part(VISIT, "v", OF_ABE)
    world = WORLD + told + held(M, when="2017-04-27") + part(M, "m", OF_ABE)
    world += "visit:v schema:location state:japan . meeting:m schema:location place:tokyo ."
    assert not following(world, "cq:during")


def test_what_leads_to_what_is_told_over_any_number_of_steps() -> None:
    told = (
        held("meeting:a")
        + """
        agreement:x a cq:Agreement ; cq:status cq:Agreed ; cq:at meeting:a .
        meeting:b cq:resultOf agreement:x ; cq:preludeTo meeting:c .
        statement:s a cq:Statement ; cq:at meeting:a .
    """
    )
    steps = [("meeting:a", "agreement:x"), ("agreement:x", "meeting:b"), ("meeting:b", "meeting:c")]
    farther = [("meeting:a", "meeting:b"), ("meeting:a", "meeting:c"), ("agreement:x", "meeting:c")]
    assert following(told, "cq:leadsTo") == {f"{one} cq:leadsTo {other}" for one, other in steps + farther}


def test_what_was_only_considered_or_planned_at_a_meeting_is_no_result_of_it() -> None:
    agreement = "agreement:x a cq:Agreement ; cq:at meeting:a ; cq:status cq:{} .".format
    assert following(held("meeting:a") + agreement("Decided"), "cq:leadsTo")
    assert not following(held("meeting:a") + agreement("Considered"), "cq:leadsTo")
    assert not following("meeting:a cq:status cq:Planned ." + agreement("Agreed"), "cq:leadsTo")


def test_nothing_leads_to_itself() -> None:
    told = "meeting:a cq:preludeTo meeting:b . meeting:b cq:preludeTo meeting:a ."
    assert following(told, "cq:leadsTo") == {"meeting:a cq:leadsTo meeting:b", "meeting:b cq:leadsTo meeting:a"}


ONTOLOGY = """
    cq:Meeting rdfs:subClassOf cq:Event . cq:Event rdfs:subClassOf sem:Event .
    cq:restsOn rdfs:subPropertyOf prov:wasDerivedFrom .
    cq:hasParticipation rdfs:domain cq:Event ; rdfs:range cq:Participation .
    cq:when rdfs:range edtf:EDTF . edtf:EDTF a rdfs:Datatype . cq:Participation a owl:Class .
    cq:met a owl:SymmetricProperty . geo:sfWithin a owl:TransitiveProperty .
"""


def test_the_axioms_of_the_ontology_are_followed() -> None:
    told = """
        meeting:m a cq:Meeting . event:e cq:hasParticipation participation:p ; cq:when "2017"^^edtf:EDTF .
        a:x cq:restsOn passage:y . person:a cq:met person:b .
    """
    assert entailed(ONTOLOGY + told) == {
        "meeting:m rdf:type cq:Event",
        "meeting:m rdf:type sem:Event",
        "event:e rdf:type cq:Event",
        "event:e rdf:type sem:Event",
        "participation:p rdf:type cq:Participation",
        "a:x prov:wasDerivedFrom passage:y",
        "person:b cq:met person:a",
    }
