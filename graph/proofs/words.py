"""Proofs in words: one English sentence for each step, each leaf and each absence."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.engine import Engine, Term
from graph.labels import Labels, values
from graph.namespaces import cq, expand, is_slice, kind, prologue, shorten, slug, term
from graph.proofs.model import Absence, Explanation, Leaf, Proof, Step, leaves, steps
from graph.proofs.ruleset import own_rules
from graph.rules.computed import COMPUTED

SHOWN: Final = 16
_IRI: Final = re.compile(r"<([^<>\s]*)>")
_TYPE: Final = expand("rdf:type")
_BY: Final = {"authority": "by the authority file", "axiom": "by the ontology", "record": "on record"}
# What has no name of its own is named after what it joins: by kind, by the first of these that is told of it.
_AFTER: Final = {
    "participation": (
        (cq("participant"), "the attendance of {}"),
        (cq("heldPost"), "the attendance of the {}"),
        (cq("representing"), "an attendance for {}"),
    ),
    "incumbency": ((term("org:member"), "the incumbency of {}"), (cq("heldPost"), "the incumbency as {}")),
    "account": ((cq("accountOf"), "the account of {}"),),
    "encounter": ((cq("at"), "the encounter at {}"),),
    "gap": ((cq("gapOf"), "the gap in {}"),),
    "vacancy": ((cq("vacantAt"), "the vacant slot at {}"),),
    "candidate": ((cq("candidate"), "the candidate for {}"),),
}
_TRUE: Final = Literal(True)


class Words:
    """Names for all that stands in some explanations, asked for at once."""

    def __init__(self, engine: Engine, *explanations: Explanation) -> None:
        triples = {t for explanation in explanations for t in _triples(explanation)}
        self._labels = Labels(engine)
        self._labels.learn(term.value for t in triples for term in t if isinstance(term, NamedNode))
        self._titles = {rule.name: rule.title for rule in own_rules()} | {each.name: each.title for each in COMPUTED}
        # A participation is called by what documents say of it: who is concluded to be meant is in none of them.
        attended = {term.value for t in triples for term in t if isinstance(term, NamedNode) and _is_attended(term)}
        told = {t for t in triples if not _is_attended(t.subject)} | _said_of(engine, attended)
        self._labels.learn(t.object.value for t in told if isinstance(t.object, NamedNode))
        self._after = {node: self._named_after(node, facts) for node, facts in _about(told).items()}

    def _named_after(self, node: str, told: list[Triple]) -> str:
        """What to call a thing without a name after what is told of it; empty where nothing helps."""
        for predicate, form in _AFTER.get(kind(node) or "", ()):
            for triple in told:
                if triple.predicate == predicate and isinstance(triple.object, NamedNode):
                    found = self._labels.of(triple.object.value)
                    return form.format(found.value if found else shorten(triple.object.value))
        return ""

    def name(self, term: Term) -> str:
        """What to call a term: its label, else what it is named after, else its compact form; a literal's value."""
        if not isinstance(term, NamedNode):
            return (
                f"“{term.value}”"
                if isinstance(term, Literal) and term.language
                else str(getattr(term, "value", term))
            )
        found = self._labels.of(term.value)
        return found.value if found else self._after.get(term.value) or shorten(term.value)

    def parts(self, triple: Triple) -> list[tuple[Term, str]]:
        """The terms of a triple, each with what to call it."""
        verb = "is a" if triple.predicate.value == _TYPE else self.name(triple.predicate)
        told: list[tuple[Term, str]] = [(triple.subject, self.name(triple.subject)), (triple.predicate, verb)]
        return told if triple.object == _TRUE else [*told, (triple.object, self.name(triple.object))]

    def statement(self, triple: Triple) -> str:
        """A triple as a clause: *Sergei Lavrov has met Tomomi Inada*."""
        return " ".join(text for _, text in self.parts(triple))

    def sentence(self, proof: Proof) -> str:
        """Why the triple at the root of a proof holds, in one sentence."""
        if isinstance(proof, Step):
            return f"{self.statement(proof.triple)}: {self.title(proof.rule)} (rule {proof.rule})."
        return f"{self.clause(proof)}."

    def clause(self, leaf: Leaf) -> str:
        """What a leaf states, and who says so."""
        return f"{self.statement(leaf.triple)}, {self.ground(leaf)}"

    def title(self, rule: str) -> str:
        """A rule's title, to go on with in a sentence."""
        found = self._titles.get(rule, rule)
        return found[:1].lower() + found[1:]

    def ground(self, leaf: Leaf) -> str:
        """Who says so, or where it stands."""
        if leaf.kind == "quote":
            return "says " + "; ".join(dict.fromkeys(quote.attribution or quote.assertion for quote in leaf.quotes))
        if leaf.kind == "wikidata":
            return _by_wikidata(leaf)
        if leaf.kind == "link":
            return f"by the link {slug(leaf.sources[0])}, judged on {leaf.recorded}"
        return _BY[leaf.kind]

    def absence(self, absence: Absence) -> str:
        """What was looked for and not found, and in which version of the data."""
        looked = " . ".join(_IRI.sub(lambda found: shorten(found[1]), pattern) for pattern in absence.patterns)
        return f"Nothing is known that fits {{ {looked} }} (data version {absence.version[:SHOWN]})."


def _by_wikidata(leaf: Leaf) -> str:
    """Which statement, at which revision, read when; and through which links."""
    source, *links = leaf.sources
    entity = f"{source.split('/')[-2]} at " if is_slice(NamedNode(source)) else ""
    told = [f"{entity}{slug(source)}"]
    told += [f"revision {leaf.revision}"] if leaf.revision and not entity else []
    told += [f"read on {leaf.recorded}"] if leaf.recorded else []
    through = f", through the link{'s' * (len(links) > 1)} {' and '.join(map(slug, links))}" if links else ""
    return f"by Wikidata ({', '.join(told)}){through}"


def _is_attended(term: Term) -> bool:
    return isinstance(term, NamedNode) and kind(term.value) == "participation"


def _said_of(engine: Engine, attended: Iterable[str]) -> set[Triple]:
    """Who came, in which post and for whom, as the documents say that tell of these participations."""
    told = " ".join(str(predicate) for predicate, _ in _AFTER["participation"])
    query = f"""SELECT ?part ?told ?who {{ VALUES ?part {{ {values(sorted(attended))} }} ?part cq:statedIn ?said .
        VALUES ?told {{ {told} }} GRAPH ?said {{ ?part ?told ?who }} }}"""
    rows = engine.select(prologue("cq") + query).rows if attended else ()
    return {Triple(*row) for row in rows}  # type: ignore[arg-type]


def _about(triples: Iterable[Triple]) -> dict[str, list[Triple]]:
    found: dict[str, list[Triple]] = defaultdict(list)
    for triple in sorted(triples, key=str):
        if isinstance(triple.subject, NamedNode):
            found[triple.subject.value].append(triple)
    return found


def _triples(explanation: Explanation) -> Iterator[Triple]:
    yield explanation.triple
    for proof in explanation.proofs:
        yield from (leaf.triple for leaf in leaves(proof))
        yield from (step.triple for step in steps(proof))
