"""Soundness as a property, on generated worlds and on the corpus.

*Keep*: the triples of one support, and nothing else but axioms, still give the conclusion. *Drop*: without one triple
of every support, it is gone. Both hold for monotone rules, and are tested on the very rules of the program with their
filters NOT EXISTS taken out. With these filters, *keep* holds for conclusions whose filters look only for what is
stated, or follows by monotone rules: fewer triples have less of that.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proof_worlds import RULES, World, turtle
from pyoxigraph import Triple

from graph.engine import Engine
from graph.namespaces import GRAPH_AUTHORITY, GRAPH_ENTAILED, GRAPH_ONTOLOGY, cq
from graph.proofs import Bound, check, steps, why_all
from graph.rules import Pattern, Rule, entail, read_rule
from graph.rules.rule import cut
from graph.rules.strata import is_general

LOOKS = {rule.name for rule in RULES}
WIDE = Bound(supports=4000, triples=20_000, queries=5_000, seconds=60.0)
PEOPLE = ("lavrov", "shoigu", "kishida")
STATES = ("russia", "japan")
DAYS = ("2017-03-01", "2017-03-10", "2017-03-20")
PLACES = ("tokyo", "honshu", "bonn")
AUTHORITY = """
state:russia a cq:State . state:japan a cq:State . person:lavrov a foaf:Person . person:shoigu a foaf:Person .
person:kishida a foaf:Person . office:russia org:postIn state:russia ; cq:heldByOne true .
office:japan org:postIn state:japan ; cq:heldByOne true .
place:tokyo geo:sfWithin place:honshu . place:honshu geo:sfWithin state:japan . territory:t skos:prefLabel "T"@en .
tenure:a a org:Membership ; org:member person:lavrov ; cq:heldPost office:russia ;
  cq:startLatest "2010-01-01"^^xsd:date ; cq:endEarliest "2018-01-01"^^xsd:date ;
  cq:endLatest "2018-01-01"^^xsd:date .
"""


def without_absence(rule: Rule) -> Rule:
    """The rule without its filters NOT EXISTS."""
    pieces = cut(rule.text)
    words = f"#+ title: {rule.name}\n#+ stratum: 1\n#+ concludes: as it does\n#+ sound-because: it is a test\n"
    prefixes = "\n".join(line for line in pieces.prefixes.splitlines() if not line.startswith("#+"))
    text = f"{words}{prefixes}\nCONSTRUCT {{{pieces.template}}}\nWHERE {{{pieces.positive}}}"
    return read_rule(rule.name, text, rule.name)


def about_individuals(rules: Iterable[Rule]) -> list[Rule]:
    """The rules but those of the ontology's axioms: what is stated is not proved again by these."""
    return [rule for rule in rules if not any(map(is_general, rule.head))]


MONOTONE = [without_absence(rule) for rule in about_individuals(RULES)]


@st.composite
def sayings(draw: st.DrawFn) -> list[str]:
    """What up to four documents say of up to two meetings, who was there, and where."""
    told = []
    for number in range(draw(st.integers(1, 4))):
        meeting = f"meeting:m{draw(st.integers(0, 1))}"
        status = draw(st.sampled_from(("Held", "Held", "Planned", "Cancelled")))
        day = draw(st.sampled_from(DAYS))
        told.append(
            f"account:d{number} a cq:Account ; cq:accountOf {meeting} ; cq:accountStatus cq:{status} ;"
            f' cq:toldEarliest "{day}"^^xsd:date ; cq:toldLatest "{day}"^^xsd:date .'
        )
        told.append(f"{meeting} a cq:Meeting ; schema:location place:{draw(st.sampled_from(PLACES))} .")
        told.append(f'{meeting} cq:startEarliest "2017-02-01"^^xsd:date ; cq:endLatest "2017-02-02"^^xsd:date .')
        for _ in range(draw(st.integers(0, 3))):
            told.append(attendance(draw, meeting))
        if draw(st.booleans()):
            told.append(f"meeting:m0 cq:preludeTo meeting:m1 . meeting:m1 cq:resultOf agreement:{draw(LETTERS)} .")
        if draw(st.booleans()):
            told.append(claim(draw))
    return told


LETTERS = st.sampled_from("ab")


def attendance(draw: st.DrawFn, meeting: str) -> str:
    who, side = draw(st.sampled_from((*PEOPLE, "nobody"))), draw(st.sampled_from(STATES))
    by = draw(st.sampled_from(("stated", "post", "both")))
    part = f"participation:{meeting.removeprefix('meeting:')}.{who}.{side}"
    text = f"{meeting} cq:hasParticipation {part} . {part} a cq:Participation ; cq:status cq:Held"
    text += " ; cq:unnamed true" if who == "nobody" else f" ; cq:participant person:{who}"
    text += f" ; cq:representing state:{side}" if by != "post" else ""
    return text + (f" ; cq:heldPost office:{side} ." if by != "stated" else " .")


def claim(draw: st.DrawFn) -> str:
    side = draw(st.sampled_from(STATES))
    return f"claim:{side} a cq:TerritorialClaim ; cq:territory territory:t ; cq:claimant state:{side} ."


def small_world(told: Iterable[str], rules: Sequence[Rule]) -> World:
    return World(turtle(AUTHORITY), {"d": ("Premise", turtle(" ".join(told)))}, rules=rules)


@given(sayings(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_by_monotone_rules_what_is_kept_suffices_and_what_is_dropped_is_needed(
    told: list[str], random: Random
) -> None:
    world = small_world(told, MONOTONE)
    chosen = random.sample(sorted(world.entailed, key=str), min(4, len(world.entailed)))
    for triple, found in why_all(world.engine, chosen, WIDE, MONOTONE).items():  # type: ignore[arg-type]
        assert found.proofs
        assert not found.cut
        for support in found.supports[:4]:
            assert triple in entail(support, MONOTONE)
        assert triple not in entail(world.premises - hitting(found.supports, random), MONOTONE)


@given(sayings(), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_with_absence_what_is_kept_suffices_where_less_has_not_more_of_what_is_absent(
    told: list[str], random: Random
) -> None:
    world = small_world(told, RULES)
    chosen = random.sample(sorted(world.entailed, key=str), min(6, len(world.entailed)))
    for triple, found in why_all(world.engine, chosen, WIDE, RULES).items():  # type: ignore[arg-type]
        assert found.proofs
        check(world.engine, found.proofs, rules=RULES)  # type: ignore[arg-type]
        for proof, support in list(zip(found.proofs, found.supports, strict=True))[:4]:
            if all(looks_for_less(step.rule) for step in steps(proof)):
                assert triple in entail(support, RULES)


def hitting(supports: Iterable[frozenset[Triple]], random: Random) -> set[Triple]:
    """A triple of every support, and no more than that needs."""
    hit: set[Triple] = set()
    for support in supports:
        if hit.isdisjoint(support):
            hit.add(random.choice(sorted(support, key=str)))
    return hit


def looks_for_less(name: str) -> bool:
    """Whether what the rule wants to be absent, if anything concludes it, follows by monotone rules alone."""
    rule = next(rule for rule in RULES if rule.name == name)
    wanted = [pattern for block in rule.absent for pattern in block]
    return not any(may_depend_on_absence(pattern, frozenset()) for pattern in wanted)


def may_depend_on_absence(pattern: Pattern, seen: frozenset[str]) -> bool:
    makers = [rule for rule in about_individuals(RULES) if any(fits(head, pattern) for head in rule.head)]
    return any(
        rule.absent or any(may_depend_on_absence(each, seen | {rule.name}) for each in rule.body)
        for rule in makers
        if rule.name not in seen
    )


def fits(head: Pattern, pattern: Pattern) -> bool:
    """Whether the two may be one triple, by their constants."""
    constants = [(a, b) for a, b in zip(head, pattern, strict=True) if not str(a).startswith("?")]
    return all(str(b).startswith("?") or a == b for a, b in constants)


def test_which_rules_look_for_no_more() -> None:
    """What these deny is stated, or follows without any absence; the status of a thing, and more, does not."""
    assert {"counters", "in-series", "host-state", "tenure-covers", "tenure-covers-open"} <= set(
        filter(looks_for_less, (rule.name for rule in RULES))
    )
    assert not any(map(looks_for_less, ("settled-held", "settled-planned", "role-to-person", "met")))


def premises_of(engine: Engine) -> set[Triple]:
    """What the rules see of the corpus: authority, axioms, accounts, and what is granted to be a premise."""
    merged = f"{{ GRAPH {GRAPH_AUTHORITY} {{ ?s ?p ?o }} }} UNION {{ GRAPH {GRAPH_ONTOLOGY} {{ ?s ?p ?o }} }}"
    granted = f"{{ ?g {cq('admission')} {cq('Premise')} . GRAPH ?g {{ ?s ?p ?o }} }}"
    told = f"{{ ?s a {cq('Account')} ; ?p ?o }}"
    return set(engine.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {merged} UNION {granted} UNION {told} }}"))


def test_on_the_corpus_by_monotone_rules(corpus_engine: Engine) -> None:
    """The same on the corpus: forty of its conclusions, each kept by each support and lost without one of each."""
    random = Random(4)
    world = World(premises_of(corpus_engine), rules=MONOTONE)
    chosen = random.sample(sorted(world.entailed, key=str), 40)
    for triple, found in why_all(world.engine, chosen, WIDE, MONOTONE).items():  # type: ignore[arg-type]
        assert found.proofs
        assert not found.cut
        assert all(triple in entail(support, MONOTONE) for support in found.supports[:3])
        if triple in chosen[:6]:
            assert triple not in entail(world.premises - hitting(found.supports, random), MONOTONE)


def test_on_the_corpus_what_is_kept_suffices(corpus_engine: Engine) -> None:
    """With the rules as they are: the first proof of each conclusion whose absences do not grow."""
    entailed = corpus_engine.construct(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {GRAPH_ENTAILED} {{ ?s ?p ?o }} }}")
    ruled = [t for t in entailed if t.predicate not in (cq("earliest"), cq("latest"))]
    chosen = Random(5).sample(sorted(ruled, key=str), 60)
    kept = 0
    for triple, found in why_all(corpus_engine, chosen, WIDE).items():
        ruled = all(step.rule in LOOKS for step in steps(found.proofs[0]))
        if ruled and all(looks_for_less(step.rule) for step in steps(found.proofs[0])):
            assert triple in entail(found.supports[0])
            kept += 1
    assert kept > 20


def test_eight_steps_have_many_trees_and_one_support_that_is_needed_whole() -> None:
    chain = "".join(f"place:p{n} geo:sfWithin place:p{n + 1} . " for n in range(8))
    world = World(turtle(chain), rules=MONOTONE)
    for n, m in product(range(8), range(1, 9)):
        if m > n + 1:
            (support,) = world.supports(f"place:p{n}", "geo:sfWithin", f"place:p{m}")
            assert len(support) == m - n
