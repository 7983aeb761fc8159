"""What counts as a proof on small worlds: supports and not trees, premises and not what is only admitted, bounds."""

import pytest
from proof_worlds import World, t, text, turtle

from graph.namespaces import shorten
from graph.proofs import Bound, NotInGraphError, ProofLimitError, Step, check, grounds, leaves, steps, supports, why
from graph.rules import read_rule

CHAIN = "".join(f"place:p{n} geo:sfWithin place:p{n + 1} . " for n in range(8))
TALKS = """
meeting:talks a cq:Meeting ; cq:hasParticipation participation:l, participation:k .
participation:l cq:status cq:Held ; cq:participant person:lavrov ; cq:representing state:russia .
participation:k cq:status cq:Held ; cq:participant person:kishida ; cq:representing state:japan .
"""
PEOPLE = """
state:russia a cq:State . state:japan a cq:State . person:lavrov a foaf:Person . person:kishida a foaf:Person .
"""
HELD = """account:d.meeting.talks a cq:Account ; cq:accountOf meeting:talks ;
  cq:accountStatus cq:Held ; cq:accountIn a:d ."""


def talks(extra: str = "", granted: str = "Premise", authority: str = "") -> World:
    """Talks of two ministers by one document; ``extra`` is said by another, which is granted something."""
    said = {"d": ("Premise", turtle(TALKS)), "e": (granted, turtle(extra))}
    return World(turtle(PEOPLE + authority), said, turtle(HELD))


def test_eight_steps_of_containment_are_one_support_of_eight_triples() -> None:
    world = World(turtle(CHAIN))
    found = world.why("place:p0", "geo:sfWithin", "place:p8")
    assert found.cut == ()
    assert [{text(a) for a in support} for support in found.supports] == [
        {f"place:p{n} geo:sfWithin place:p{n + 1}" for n in range(8)}
    ]
    (proof,) = found.proofs
    assert len(list(steps(proof))) == 7
    check(world.engine, proof)  # type: ignore[arg-type]


def test_a_circle_of_places_is_proved_without_going_round() -> None:
    world = World(
        turtle("place:a geo:sfWithin place:b . place:b geo:sfWithin place:c . place:c geo:sfWithin place:a .")
    )
    found = world.why("place:a", "geo:sfWithin", "place:c")
    assert world.supports("place:a", "geo:sfWithin", "place:c") == {
        frozenset({"place:a geo:sfWithin place:b", "place:b geo:sfWithin place:c"})
    }
    check(world.engine, found.proofs)  # type: ignore[arg-type]


def test_what_is_stated_and_inferred_has_both_proofs() -> None:
    world = World(turtle(CHAIN + "place:p0 geo:sfWithin place:p2 ."))
    assert world.supports("place:p0", "geo:sfWithin", "place:p2") == {
        frozenset({"place:p0 geo:sfWithin place:p2"}),
        frozenset({"place:p0 geo:sfWithin place:p1", "place:p1 geo:sfWithin place:p2"}),
    }
    # So has what is built on it: two ways from p0 to p2, one from there.
    assert len(world.supports("place:p0", "geo:sfWithin", "place:p4")) == 2


def test_two_documents_on_one_triple_are_one_leaf_with_the_quotes_of_both() -> None:
    world = talks("meeting:talks a cq:Meeting .")
    (proof,) = world.why("person:lavrov", "cq:met", "person:kishida").proofs
    (leaf,) = (leaf for leaf in leaves(proof) if leaf.triple == t("meeting:talks", "rdf:type", "cq:Meeting"))
    assert leaf.sources == (
        str(t("a:d", "rdf:type", "a:e").subject.value),
        str(t("a:e", "rdf:type", "a:d").subject.value),
    )
    assert [quote.attribution for quote in leaf.quotes] == ["Somebody in d", "Somebody in e"]


def test_what_is_only_admitted_adds_no_proof() -> None:
    """That another place contains it is reported, and so in the view, and no premise."""
    extra = "place:p0 geo:sfWithin place:x . place:x geo:sfWithin place:p8 ."
    for granted, expected in (("Admitted", 1), ("Premise", 2)):
        world = World(turtle(CHAIN), {"e": (granted, turtle(extra))})
        assert len(world.supports("place:p0", "geo:sfWithin", "place:p8")) == expected


def test_what_is_only_admitted_blocks_no_proof() -> None:
    """The rule met asks that no state is common to both: a report of one does not count, a premise does."""
    extra = """meeting:talks cq:hasParticipation participation:x . participation:x cq:status cq:Held ;
      cq:participant person:kishida ; cq:representing state:russia ."""
    world = talks(extra, "Admitted")
    (proof,) = world.why("person:lavrov", "cq:met", "person:kishida").proofs
    assert isinstance(proof, Step)
    assert [absence.rule for absence in proof.absent] == ["met"]
    check(world.engine, proof)  # type: ignore[arg-type]
    with pytest.raises(NotInGraphError, match="person:lavrov cq:met person:kishida is not in the graph"):
        talks(extra, "Premise").why("person:lavrov", "cq:met", "person:kishida")


def test_of_two_rows_the_one_that_is_blocked_proves_nothing() -> None:
    """Held by an old account that a later one contradicts, and by a third that nobody contradicts afterwards."""
    days = {"old": ("Held", "2017-01-01"), "denial": ("Cancelled", "2017-02-01"), "last": ("Held", "2017-03-01")}
    told = " ".join(
        f"account:{name}.meeting.m cq:accountOf meeting:m ; cq:accountStatus cq:{status} ;"
        f' cq:toldEarliest "{day}"^^xsd:date ; cq:toldLatest "{day}"^^xsd:date .'
        for name, (status, day) in days.items()
    )
    world = World(provenance=turtle(told))
    assert world.supports("meeting:m", "cq:settledStatus", "cq:Held") == {
        frozenset(
            {"account:last.meeting.m cq:accountOf meeting:m", "account:last.meeting.m cq:accountStatus cq:Held"}
        )
    }


def test_the_key_of_what_was_minted_leaves_few_rows_to_ask_for() -> None:
    """Of thirty meetings of one person, the encounter at one is proved without a look at the others."""
    many = " ".join(
        TALKS.replace("talks", f"m{n}").replace("participation:", f"participation:m{n}") for n in range(30)
    )
    held = " ".join(HELD.replace("talks", f"m{n}") for n in range(30))
    world = World(turtle(PEOPLE), {"d": ("Premise", turtle(many))}, turtle(held))
    triple = t("encounter:m7.kishida.lavrov", "rdf:type", "cq:Encounter")
    found = why(world.engine, triple, Bound(rows=2))  # type: ignore[arg-type]
    assert (len(found.proofs), found.cut) == (1, ())


def test_what_an_absence_looked_for_is_told_with_the_version() -> None:
    world = talks()
    (proof,) = world.why("meeting:talks", "cq:settledStatus", "cq:Held").proofs
    assert isinstance(proof, Step)
    (absence,) = proof.absent
    assert absence.version == world.engine.version
    assert absence.patterns[0].startswith("?other ")
    assert absence.patterns[0].endswith("account/d.meeting.talks>")


def test_what_a_rule_minted_is_proved_by_its_key() -> None:
    """Each encounter of a person rests on its own meeting, though the person was at several."""
    more = TALKS.replace("talks", "more").replace("participation:", "participation:m")
    said = {"d": ("Premise", turtle(TALKS)), "e": ("Premise", turtle(more))}
    held = HELD + HELD.replace("talks", "more").replace("a:d", "a:e")
    world = World(turtle(PEOPLE), said, turtle(held))
    (proof,) = world.why("encounter:more.kishida.lavrov", "cq:joins", "person:lavrov").proofs
    assert {shorten(quote.assertion) for leaf in leaves(proof) for quote in leaf.quotes} == {"a:e"}
    assert len(world.why("person:lavrov", "cq:met", "person:kishida").proofs) == 2


def test_what_stands_stated_alone_is_its_own_proof() -> None:
    world = talks("visit:abe a cq:Visit .", "Admitted")
    (proof,) = world.why("visit:abe", "rdf:type", "cq:Visit").proofs
    assert not isinstance(proof, Step)
    assert (proof.kind, [quote.exact for quote in proof.quotes]) == ("quote", ["words"])


def test_what_is_not_admitted_or_not_there_has_no_proof() -> None:
    world = talks("visit:abe a cq:Visit .", "StatementOnly")
    with pytest.raises(NotInGraphError, match="is said by somebody, and not admitted"):
        world.why("visit:abe", "rdf:type", "cq:Visit")
    with pytest.raises(NotInGraphError, match="is not in the graph"):
        world.why("visit:abe", "rdf:type", "cq:Meeting")


@pytest.mark.parametrize(
    ("bound", "name"), [(Bound(depth=1), "depth"), (Bound(queries=4), "queries"), (Bound(triples=3), "triples")]
)
def test_a_bound_that_cuts_is_told_and_never_silent(bound: Bound, name: str) -> None:
    world = World(turtle(CHAIN))
    with pytest.raises(ProofLimitError, match=name):
        why(world.engine, t("place:p0", "geo:sfWithin", "place:p8"), bound)  # type: ignore[arg-type]


def test_supports_beyond_the_bound_are_cut_and_told_and_the_rest_prove() -> None:
    ways = " ".join(f"place:a geo:sfWithin place:m{n} . place:m{n} geo:sfWithin place:z ." for n in range(5))
    world = World(turtle(ways))
    triple = t("place:a", "geo:sfWithin", "place:z")
    assert len(supports(world.engine, triple)) == 5  # type: ignore[arg-type]
    found = why(world.engine, triple, Bound(supports=3))  # type: ignore[arg-type]
    assert (len(found.proofs), found.cut) == (3, ("supports",))
    check(world.engine, found.proofs)  # type: ignore[arg-type]


def test_a_rule_that_runs_later_is_no_ground_of_an_earlier_one() -> None:
    """Of two rules that conclude the same, one runs after the rule that needs it: what it concludes came too late."""
    head = "#+ title: {0}\n#+ stratum: {1}\n#+ concludes: something\n#+ sound-because: it is a test\n"
    prefix = "PREFIX cq: <https://w3id.org/communique/vocab#>\n"
    rules = [
        read_rule(
            "early", head.format("early", 1) + prefix + "CONSTRUCT { ?a cq:by ?b } WHERE { ?a cq:at ?b }", "early"
        ),
        read_rule(
            "needs", head.format("needs", 2) + prefix + "CONSTRUCT { ?a cq:of ?b } WHERE { ?a cq:by ?b }", "needs"
        ),
        read_rule(
            "late", head.format("late", 3) + prefix + "CONSTRUCT { ?a cq:by ?b } WHERE { ?a cq:about ?b }", "late"
        ),
    ]
    world = World(turtle("event:x cq:at event:y ; cq:about event:y ."), rules=rules)
    assert world.supports("event:x", "cq:by", "event:y") == {
        frozenset({"event:x cq:at event:y"}),
        frozenset({"event:x cq:about event:y"}),
    }
    assert world.supports("event:x", "cq:of", "event:y") == {frozenset({"event:x cq:at event:y"})}


def test_grounds_tell_how_each_triple_stands_and_leave_out_what_is_nowhere() -> None:
    world = talks("visit:abe a cq:Visit .", "Admitted")
    wanted = {
        "authority": t("state:japan", "rdf:type", "cq:State"),
        "said": t("meeting:talks", "rdf:type", "cq:Meeting"),
        "admitted": t("visit:abe", "rdf:type", "cq:Visit"),
        "account": t("account:d.meeting.talks", "cq:accountStatus", "cq:Held"),
        "inferred": t("person:lavrov", "cq:met", "person:kishida"),
        "nowhere": t("person:lavrov", "cq:met", "person:lavrov"),
    }
    found = grounds(world.engine, wanted.values())
    assert {name: (found[a].standing, found[a].entailed) for name, a in wanted.items() if a in found} == {
        "authority": ("premise", False),
        "said": ("premise", False),
        "admitted": ("admitted", False),
        "account": ("premise", False),
        "inferred": ("none", True),
    }
    leaf = found[wanted["account"]].leaf
    assert leaf is not None
    assert (leaf.kind, [quote.assertion[-1] for quote in leaf.quotes]) == ("record", ["d"])


def test_few_queries_find_a_proof() -> None:
    world = talks()
    world.engine.asked = 0
    world.why("person:lavrov", "cq:met", "person:kishida")
    assert world.engine.asked < 30
