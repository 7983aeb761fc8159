"""Whether ontology and data are consistent, and if not, by which of their triples: HermiT's word, made small.

A contradiction is explained by one minimal set of axioms and data: all of them together cannot be true, and without
any one of them they can. It is searched where the contradiction is plain (:mod:`graph.consistency.chains`), else
everywhere, and made small by deletion (:mod:`graph.consistency.shrinking`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from graph.consistency.chains import plainest
from graph.consistency.hermit import TYPE, is_consistent, reason
from graph.consistency.shrinking import MOST_ASKED, shrink
from graph.engine import Engine
from graph.namespaces import GRAPH_ONTOLOGY, GRAPHS, term

MOST_TRIPLES: Final = 500_000
"""How many triples HermiT is given: it holds them all in memory, of which owlready2 allows it 2 GB."""

_DECLARED: Final = frozenset(
    term(name) for name in (
        "owl:Ontology", "owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty",
        "owl:NamedIndividual", "rdfs:Datatype",
    )
)  # fmt: skip
_PROPERTIES: Final = frozenset((term("owl:ObjectProperty"), term("owl:DatatypeProperty")))
_AXIOMS: Final = frozenset(
    term(name) for name in (
        "rdf:type", "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "owl:disjointWith",
        "owl:equivalentClass", "owl:equivalentProperty", "owl:inverseOf", "owl:propertyDisjointWith", "owl:sameAs",
        "owl:differentFrom", "owl:complementOf",
    )
)  # fmt: skip
_ANYTHING: Final = NamedNode(GRAPHS + "consistency#anything")


class NoOntologyError(ValueError):
    """The store holds data, and no ontology."""


class TooMuchToCheckError(ValueError):
    """There is more data than HermiT can be given."""


@dataclass(frozen=True)
class Contradiction:
    """Triples that cannot all be true; with ``impossible``, because nothing can be a member of that class.

    ``minimal`` says that without any one of them they could; else the bound on questions to HermiT came first.
    """

    members: tuple[Triple, ...]
    minimal: bool
    impossible: NamedNode | None = None


@dataclass(frozen=True)
class Verdict:
    """What was found: nothing, one contradiction of the whole, or one for each class that can have no member.

    ``triples`` counts what was checked, ``asked`` how often HermiT was.
    """

    contradictions: tuple[Contradiction, ...]
    triples: int
    asked: int

    @property
    def consistent(self) -> bool:
        """Whether all can be true, and each class can have a member."""
        return not self.contradictions


def check(ontology: Iterable[Triple], data: Iterable[Triple] = (), most_asked: int = MOST_ASKED) -> Verdict:
    """Check ontology and data; raises :class:`TooMuchToCheckError`."""
    triples = list(dict.fromkeys((*ontology, *data)))
    if len(triples) > MOST_TRIPLES:
        raise TooMuchToCheckError(
            f"HermiT is given {MOST_TRIPLES} triples at the most, and there are more: check a part of the corpus"
        )
    found = reason(triples)
    if not found.consistent:
        explained, asked = _explained(triples, None, most_asked)
        return Verdict((explained,), len(triples), 1 + asked)
    return _verdict(triples, found.unsatisfiable, most_asked)


def check_store(engine: Engine, most_asked: int = MOST_ASKED) -> Verdict:
    """Check what a built store holds, its ontology and what people query; raises NoOntologyError too."""
    ontology = list(engine.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {GRAPH_ONTOLOGY} {{ ?s ?p ?o }} }}"))
    if not ontology:
        raise NoOntologyError("the store holds no ontology to check its data against: give one that `build` made")
    merged = engine.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} LIMIT {MOST_TRIPLES + 1}")
    return check(ontology, merged, most_asked)


def _verdict(triples: list[Triple], impossible: Iterable[NamedNode], most: int) -> Verdict:
    """One contradiction for each class without possible members: suppose that it had one."""
    contradictions, asked = [], 1
    for each in impossible:
        explained, more = _explained(triples, each, most)
        contradictions.append(explained)
        asked += more
    return Verdict(tuple(contradictions), len(triples), asked)


def _explained(triples: list[Triple], impossible: NamedNode | None, most: int) -> tuple[Contradiction, int]:
    """A small contradictory set, and how often HermiT was asked for it."""
    supposed = [Triple(_ANYTHING, TYPE, impossible)] if impossible else []
    declared: dict[object, list[Triple]] = defaultdict(list)
    for t in filter(_declares, triples):
        declared[t.subject].append(t)

    def contradicts(members: Sequence[Triple]) -> bool:
        terms = {one for t in (*members, *supposed) for one in (t.subject, t.predicate, t.object)}
        return not is_consistent([*supposed, *members, *(t for one in terms for t in declared.get(one, ()))])

    plain = [t for t in plainest([*triples, *supposed]) if t not in supposed]
    if plain and contradicts(plain):
        found = shrink(plain, contradicts, piece=1, most=most)
    else:
        found = shrink(_meaning(triples), contradicts, most=most)
    members = tuple(sorted(found.members, key=_order))
    return Contradiction(members, found.minimal, impossible), found.asked + bool(plain)


def _declares(t: Triple) -> bool:
    """Whether it only says what sort of thing a term is: never the fault, and all else is read by it."""
    return t.predicate == TYPE and t.object in _DECLARED


def _meaning(triples: list[Triple]) -> list[Triple]:
    """The triples from which something can follow, in an order that does not depend on chance: no annotations."""
    properties = {t.subject for t in triples if t.predicate == TYPE and t.object in _PROPERTIES}
    telling = (t for t in triples if (t.predicate in _AXIOMS or t.predicate in properties) and not _declares(t))
    return sorted(telling, key=_order)


def _order(t: Triple) -> tuple[bool, str]:
    """Data first, then axioms."""
    return is_axiom(t), str(t)


def is_axiom(t: Triple) -> bool:
    """Whether a triple is about terms of a vocabulary, not about things."""
    about_terms = t.predicate in _AXIOMS - {TYPE, term("owl:sameAs"), term("owl:differentFrom")}
    return about_terms or (t.predicate == TYPE and isinstance(t.object, NamedNode) and "owl#" in t.object.value)
