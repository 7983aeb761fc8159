"""The checker accepts what proves, and refuses each planted fault with its place."""

from dataclasses import replace

import pytest
from proof_worlds import World, t, turtle

from graph.proofs import Absence, Leaf, Proof, ProofError, Step, check

WORLD = """
state:russia a cq:State . state:japan a cq:State . person:lavrov a foaf:Person . person:kishida a foaf:Person .
place:tokyo geo:sfWithin place:kanto . place:kanto geo:sfWithin place:honshu . place:honshu geo:sfWithin state:japan .
"""
TALKS = """
meeting:talks a cq:Meeting ; cq:hasParticipation participation:l, participation:k ; schema:location place:tokyo .
participation:l cq:status cq:Held ; cq:participant person:lavrov ; cq:representing state:russia .
participation:k cq:status cq:Held ; cq:participant person:kishida ; cq:representing state:japan .
"""
HELD = """account:d.meeting.talks a cq:Account ; cq:accountOf meeting:talks ; cq:accountStatus cq:Held ;
  cq:accountIn a:d . document:d cq:sha256 "hash" ."""
REPORT = "place:tokyo geo:sfWithin place:asia . place:asia geo:sfWithin place:earth ."
CANCELLED = """account:d.meeting.talks cq:accountStatus cq:Held . account:e.meeting.talks cq:accountOf meeting:talks ;
  cq:accountStatus cq:Cancelled ."""
TEXTS = {"hash": "words and more"}


def world(provenance: str = HELD) -> World:
    said = {"d": ("Premise", turtle(TALKS)), "e": ("Admitted", turtle(REPORT))}
    return World(turtle(WORLD), said, turtle(provenance))


@pytest.fixture(scope="module")
def held() -> World:
    return world()


@pytest.fixture(scope="module")
def met(held: World) -> Step:
    (proof,) = held.why("person:lavrov", "cq:met", "person:kishida").proofs
    assert isinstance(proof, Step)
    return proof


@pytest.fixture(scope="module")
def within(held: World) -> Step:
    (proof,) = held.why("place:tokyo", "geo:sfWithin", "state:japan").proofs
    assert isinstance(proof, Step)
    return proof


def refused(held: World, proof: Proof, message: str, place: str = "0") -> None:
    with pytest.raises(ProofError, match=message) as caught:
        check(held.engine, proof, TEXTS)  # type: ignore[arg-type]
    assert caught.value.place == place


def settled(met: Step) -> int:
    """Which premise of the meeting is the step that settles its status."""
    return next(n for n, premise in enumerate(met.premises) if isinstance(premise, Step))


def changed(step: Step, number: int, premise: Proof) -> Step:
    return replace(step, premises=(*step.premises[:number], premise, *step.premises[number + 1 :]))


def quoted(proof: Proof) -> Leaf:
    assert isinstance(proof, Leaf)
    assert proof.kind == "quote"
    return proof


def test_what_proves_is_accepted(held: World, met: Step, within: Step) -> None:
    check(held.engine, met, TEXTS)  # type: ignore[arg-type]
    check(held.engine, [met, within, *met.premises])  # type: ignore[arg-type]


def test_a_premise_swapped_for_another_is_refused(held: World, met: Step) -> None:
    (other,) = held.why("place:tokyo", "geo:sfWithin", "place:kanto").proofs
    refused(held, changed(met, 0, other), "the rule met does not conclude")


def test_a_missing_premise_is_refused(held: World, met: Step) -> None:
    refused(held, replace(met, premises=met.premises[1:]), "the rule met does not conclude")


def test_a_premise_too_many_is_refused(held: World, met: Step) -> None:
    (other,) = held.why("place:tokyo", "geo:sfWithin", "place:kanto").proofs
    refused(held, replace(met, premises=(*met.premises, other)), "the rule met does not conclude")


def test_another_conclusion_is_refused(held: World, met: Step) -> None:
    refused(held, replace(met, triple=t("person:lavrov", "cq:met", "person:inada")), "does not conclude")


def test_the_wrong_rule_is_refused(held: World, met: Step) -> None:
    refused(held, replace(met, rule="took-part"), "the rule took-part does not conclude")
    refused(held, replace(met, rule="no-such-rule"), "there is no rule no-such-rule")


def test_a_circle_is_refused(held: World, within: Step) -> None:
    """The very conclusion as a premise below itself: tokyo in japan, since in honshu and that, since in japan …"""
    inner = next(n for n, premise in enumerate(within.premises) if isinstance(premise, Leaf))
    other = within.premises[1 - inner]
    assert isinstance(other, Step)
    round_about = changed(within, 1 - inner, replace(other, premises=(within, *other.premises[1:])))
    refused(held, round_about, "does not conclude", f"0.{2 - inner}")
    under = Step(within.triple, "containment", (within, within))
    refused(held, under, "does not conclude")
    loop = t("place:a", "geo:sfWithin", "place:a")
    leaf = Leaf(loop, "authority", ("x",))
    once = Step(loop, "containment", (leaf,))
    refused(held, Step(loop, "containment", (once,)), "is among its own premises", "0.1")


def test_a_leaf_that_does_not_stand_there_is_refused(held: World, met: Step) -> None:
    leaf = quoted(met.premises[0])
    missing = replace(leaf, triple=t("meeting:talks", "rdf:type", "cq:Visit"))
    refused(held, missing, "does not stand in")
    refused(held, replace(leaf, sources=(leaf.sources[0] + "x",)), "does not stand in")
    refused(held, replace(leaf, kind="authority"), "does not stand in")
    refused(held, replace(leaf, quotes=()), "has no quote")


def test_a_quote_one_sign_off_is_refused_wherever_it_stands(held: World, met: Step) -> None:
    leaf = quoted(met.premises[0])
    (quote,) = leaf.quotes
    for wrong in (
        replace(quote, start=1, end=6),
        replace(quote, exact="swords"),
        replace(quote, assertion=quote.assertion[:-1] + "e"),
        replace(quote, document=quote.document + "x"),
    ):
        refused(held, changed(met, 0, replace(leaf, quotes=(wrong,))), "is no passage of", "0.1")


def test_a_quote_that_the_text_does_not_have_is_refused(held: World, met: Step) -> None:
    with pytest.raises(ProofError, match="“words” does not stand at 0 of"):
        check(held.engine, met, {"hash": " words"})  # type: ignore[arg-type]
    check(held.engine, met, {"another": " words"})  # type: ignore[arg-type]


def test_what_is_only_admitted_is_a_proof_of_itself_and_no_premise(held: World) -> None:
    first, second = (
        held.why(*parts).proofs[0]
        for parts in (
            ("place:tokyo", "geo:sfWithin", "place:asia"),
            ("place:asia", "geo:sfWithin", "place:earth"),
        )
    )
    check(held.engine, (first, second), TEXTS)  # type: ignore[arg-type]
    built = Step(t("place:tokyo", "geo:sfWithin", "place:earth"), "containment", (first, second))
    with pytest.raises(ProofError, match="is no premise, and a rule is made to build on it"):
        check(held.engine, built, TEXTS)  # type: ignore[arg-type]


def test_an_absence_that_is_not_told_or_told_of_something_else_is_refused(held: World, met: Step) -> None:
    refused(held, replace(met, absent=()), "does not conclude")
    (absence,) = met.absent
    elsewhere: Absence = replace(absence, bindings=(("meeting", "<urn:x>"),))
    refused(held, replace(met, absent=(elsewhere,)), "does not conclude")


def test_what_is_not_absent_is_refused(held: World, met: Step) -> None:
    """The proof of talks that were held, in a world in which another account has them cancelled."""
    other = world(HELD + CANCELLED)
    place = f"0.{settled(met) + 1}"
    with pytest.raises(ProofError, match="what settled-held wants to be absent is there: .*counters") as caught:
        check(other.engine, met, TEXTS)  # type: ignore[arg-type]
    assert caught.value.place == place
    check(held.engine, met, TEXTS)  # type: ignore[arg-type]


def test_an_earlier_rule_cannot_build_on_a_later_one(held: World, met: Step) -> None:
    """The rule met runs in a later stratum than the rule represented: the one cannot be a premise of the other."""
    later = replace(met, triple=t("participation:l", "cq:heldPost", "office:x"))
    early = Step(t("participation:l", "cq:representing", "state:russia"), "represented", (later,))
    refused(held, early, "does not see what met concludes after it")
