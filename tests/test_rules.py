"""The rules on small sets of premises: what follows, and what must not."""

import pytest
from entailing import entailed, following, premises

from graph.heads import HeadError
from graph.rules import RuleError, entail, read_rules

STATES = """
    state:russia a cq:State . state:japan a cq:State . organisation:un a cq:Organisation .
    person:lavrov a foaf:Person . person:shoigu a foaf:Person . person:kishida a foaf:Person .
    office:ru-minister org:postIn state:russia . office:jp-minister org:postIn state:japan .
    office:un-envoy org:postIn organisation:un .
"""
WORLD = (
    STATES
    + """
    account:talks a cq:Account ; cq:accountOf meeting:talks ; cq:accountStatus cq:Held .
    meeting:talks a cq:Meeting ; cq:status cq:Held ; cq:hasParticipation participation:l, participation:k .
    participation:l a cq:Participation ; cq:status cq:Held ; cq:participant person:lavrov .
    participation:k a cq:Participation ; cq:status cq:Held ; cq:participant person:kishida .
"""
)
SIDES = "participation:l cq:representing state:russia . participation:k cq:representing state:japan ."


def met(turtle: str) -> set[str]:
    return following(WORLD + turtle, "cq:met")


def test_two_of_different_states_have_met_and_the_encounter_says_where() -> None:
    found = entailed(WORLD + SIDES)
    assert {"person:lavrov cq:met person:kishida", "person:kishida cq:met person:lavrov"} <= found
    encounter = "encounter:talks.kishida.lavrov"
    assert {
        f"{encounter} rdf:type cq:Encounter",
        f"{encounter} cq:at meeting:talks",
        f"{encounter} cq:joins person:kishida",
        f"{encounter} cq:joins person:lavrov",
        "person:lavrov cq:tookPartIn meeting:talks",
    } <= found


def test_the_posts_of_states_give_the_sides() -> None:
    posts = "participation:l cq:heldPost office:ru-minister . participation:k cq:heldPost office:jp-minister ."
    assert len(met(posts)) == 2
    assert "participation:l cq:representing state:russia" in entailed(WORLD + posts)


@pytest.mark.parametrize(
    "sides",
    [
        pytest.param("", id="nobody's side is known"),
        pytest.param("participation:l cq:representing state:russia .", id="one side is known"),
        pytest.param(SIDES.replace("japan", "russia"), id="one delegation"),
        pytest.param(SIDES.replace("state:japan", "organisation:un"), id="a body is no state"),
        pytest.param(
            SIDES.replace("state:japan", "organisation:un") + "participation:k cq:heldPost office:ru-minister .",
            id="a colleague lent to a body",
        ),
        pytest.param(SIDES + "participation:k cq:heldPost office:ru-minister .", id="a side in common"),
        pytest.param(SIDES.replace("representing state:japan", "heldPost office:un-envoy"), id="a body's envoy"),
    ],
)
def test_who_did_not_stand_for_different_states_has_not_met(sides: str) -> None:
    assert not met(sides)


def test_somebody_told_of_on_both_sides_has_not_met_their_own() -> None:
    twice = """
        meeting:talks cq:hasParticipation participation:l2, participation:s .
        participation:l2 a cq:Participation ; cq:status cq:Held ;
            cq:participant person:lavrov ; cq:representing state:japan .
        participation:s a cq:Participation ; cq:status cq:Held ;
            cq:participant person:shoigu ; cq:representing state:russia .
    """
    assert not [triple for triple in met(SIDES + twice) if "shoigu" in triple and "lavrov" in triple]


@pytest.mark.parametrize("one", ["participation:l", "participation:k"])
def test_an_attendance_that_was_only_planned_does_not_count(one: str) -> None:
    planned = WORLD.replace(
        f"{one} a cq:Participation ; cq:status cq:Held", f"{one} a cq:Participation ; cq:status cq:Planned"
    )
    found = entailed(planned + SIDES)
    assert not [triple for triple in found if " cq:met " in triple or "cq:Encounter" in triple]
    absent = "person:lavrov" if one == "participation:l" else "person:kishida"
    assert f"{absent} cq:tookPartIn meeting:talks" not in found


def test_a_place_lies_in_what_contains_its_container_at_any_depth() -> None:
    found = entailed("place:a geo:sfWithin place:b . place:b geo:sfWithin place:c . place:c geo:sfWithin place:d .")
    within = {triple for triple in found if "sfWithin" in triple}
    assert within == {f"place:{x} geo:sfWithin place:{y}" for x, y in ("ac", "ad", "bd")}


CLAIMS = """
    territory:t skos:prefLabel "T"@en .
    claim:j a cq:TerritorialClaim ; cq:territory territory:t ; cq:claimant state:japan .
    claim:r a cq:TerritorialClaim ; cq:territory territory:t ; cq:claimant state:russia .
"""


def test_claims_of_different_states_make_a_dispute() -> None:
    found = entailed(STATES + CLAIMS)
    assert {
        "dispute:t rdf:type cq:Dispute",
        "dispute:t cq:hasClaim claim:j",
        "dispute:t cq:hasClaim claim:r",
    } <= found


def test_two_claims_of_one_state_make_none() -> None:
    assert not [
        triple for triple in entailed(STATES + CLAIMS.replace("state:russia", "state:japan")) if "dispute" in triple
    ]


def test_nothing_follows_twice_or_from_nothing() -> None:
    assert entail(set()) == set()
    data = premises(WORLD + SIDES)
    assert not entail(data) & data
    assert entail(data | entail(data)) == set()


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        ("SELECT * { ?s ?p ?o }", HeadError),
        ("#+ title: x\n#+ concludes: y\n#+ sound-because: z\nSELECT * { ?s ?p ?o }", RuleError),
        ("#+ title: x\n#+ concludes: y\n#+ sound-because: z\nCONSTRUCT { ?s", RuleError),
        ("#+ title: x\n#+ concludes: y\n#+ sound-because: z\n#+ stratum: two\nCONSTRUCT { ?s ?p ?o } {}", RuleError),
    ],
)
def test_what_is_no_rule_is_told(tmp_path, rule: str, error: type[Exception]) -> None:
    (tmp_path / "x.rq").write_text(rule)
    with pytest.raises(error, match=r"x\.rq"):
        entail(set(), read_rules(tmp_path))
