"""Premises come and go: what is entailed is, at each step, what it would be from scratch."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive_rules import naive
from pyoxigraph import NamedNode, Triple

from graph.rules import Materialisation, Rule, read_rules

HEAD = "#+ title: t\n#+ concludes: c\n#+ sound-because: s\n#+ stratum: {}\nPREFIX x: <urn:x#>\n"

RECURSION = {
    "edge": (1, "CONSTRUCT { ?a x:reach ?b } WHERE { ?a x:edge ?b }"),
    "path": (1, "CONSTRUCT { ?a x:reach ?c } WHERE { ?a x:reach ?b . ?b x:edge ?c }"),
}
NEGATION = {
    **RECURSION,
    "apart": (
        2,
        "CONSTRUCT { ?a x:apart ?b } WHERE { ?a x:edge ?c . ?b x:edge ?d FILTER NOT EXISTS { ?a x:reach ?b } }",
    ),
    "spread": (2, "CONSTRUCT { ?a x:apart ?c } WHERE { ?a x:apart ?b . ?b x:wall ?c }"),
    "oneway": (
        3,
        """CONSTRUCT { ?pair a x:OneWay ; x:from ?a ; x:to ?b ; x:name ?name } WHERE {
          ?a x:reach ?b . FILTER NOT EXISTS { ?b x:reach ?a . FILTER (?a != ?b) } FILTER NOT EXISTS { ?b x:wall ?a }
          ?a x:edge ?c
          BIND (CONCAT(STR(?a), STRAFTER(STR(?b), "#")) AS ?name) BIND (IRI(?name) AS ?pair) }""",
    ),
    "free": (4, "CONSTRUCT { ?a a x:Free } WHERE { ?a x:edge ?b FILTER NOT EXISTS { ?pair x:to ?a ; x:from ?c } }"),
}
CLOSING = {
    **NEGATION,
    "sub": (5, "CONSTRUCT { ?a ?q ?b } WHERE { ?p x:sub ?q . ?a ?p ?b }"),
    "class": (5, "CONSTRUCT { ?a a ?d } WHERE { ?a a ?c . ?c x:sub ?d }"),
}
TWO_WAYS = {
    "one": (1, "CONSTRUCT { ?a x:reach ?b } WHERE { ?a x:edge ?b }"),
    "two": (2, "CONSTRUCT { ?a x:reach ?b } WHERE { ?a x:wall ?b FILTER NOT EXISTS { ?b x:edge ?a } }"),
    "three": (3, "CONSTRUCT { ?a x:apart ?b } WHERE { ?a x:reach ?b FILTER NOT EXISTS { ?b x:reach ?a } }"),
}
SETS = {"recursion": RECURSION, "negation": NEGATION, "closing": CLOSING, "two ways": TWO_WAYS}


@cache
def rules_of(name: str) -> tuple[Rule, ...]:
    with TemporaryDirectory() as folder:
        for rule, (stratum, text) in SETS[name].items():
            Path(folder, f"{rule}.rq").write_text(HEAD.format(stratum) + text)
        return read_rules(Path(folder))


def node(name: str) -> NamedNode:
    return NamedNode(f"urn:x#{name}")


def edges(*names: str) -> st.SearchStrategy[Triple]:
    """Statements between few nodes, so that they meet; of conclusions too, and of what stands above properties."""
    few = st.sampled_from("abcd").map(node)
    return st.builds(Triple, few, st.sampled_from(names).map(node), few)


ABOVE = st.builds(
    Triple, st.sampled_from(["edge", "wall", "reach", "apart", "Free", "OneWay"]).map(node), st.just(node("sub")),
    st.sampled_from(["edge", "reach", "above", "apart", "Free"]).map(node),
)  # fmt: skip
STATEMENTS = st.one_of(edges("edge", "wall"), edges("edge"), edges("reach", "apart"), ABOVE)
CHANGES = st.lists(
    st.tuples(st.sets(STATEMENTS, max_size=6), st.sets(STATEMENTS, max_size=6)), min_size=1, max_size=8
)


@pytest.fixture(autouse=True)
def _never_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small worlds change wholly at each step; carry each step through all the same."""
    monkeypatch.setattr("graph.rules.materialisation.LARGE", 1000)


@pytest.mark.parametrize("name", SETS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_synthetic_rules(name: str, changes: list[tuple[set[Triple], set[Triple]]]) -> None:
    follow(rules_of(name), changes)


def follow(rules: tuple[Rule, ...], changes: Iterable[tuple[set[Triple], set[Triple]]]) -> None:
    kept = Materialisation(rules)
    premises: set[Triple] = set()
    for added, removed in changes:
        before = set(kept.entailed)
        change = kept.update(added, removed)
        premises = (premises - removed) | added
        assert kept.entailed == naive(premises, rules)
        assert (change.added, change.removed) == (kept.entailed - before, before - kept.entailed)
