"""Rules against HermiT: whatever type or property HermiT infers the rules entail too, and the OWL rules nothing else.

The profile is what the ontology uses: ``rdfs:subClassOf``, ``rdfs:subPropertyOf``, ``rdfs:domain``, ``rdfs:range``,
symmetric and transitive properties. Left out: ``owl:Thing``, literals (HermiT knows no ``xsd:date``), and what is
said of the ontology's own classes and properties.
"""

from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from random import Random

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.admission import PREMISE
from graph.anchors import locks
from graph.assertions import read_corpus
from graph.consistency.chains import plainest
from graph.consistency.hermit import loaded, reasoned
from graph.dataset import Dataset, assemble, read_authority, read_ontology
from graph.namespaces import PREFIXES, mint, term
from graph.rules import entail, read_rules
from graph.sources import default_authority, default_corpus

TYPE = term("rdf:type")
OWL_RULES = {"subclass", "subproperty", "domain", "range", "symmetric", "transitive"}
MORE = """
cq:within rdfs:subPropertyOf geo:sfWithin . cq:inside rdfs:subPropertyOf cq:within .
cq:met rdfs:subPropertyOf cq:knew . cq:knew rdfs:domain cq:Knower . cq:Knower rdfs:subClassOf cq:Somebody .
cq:within a owl:ObjectProperty . cq:inside a owl:ObjectProperty . cq:knew a owl:ObjectProperty .
cq:reached a owl:ObjectProperty , owl:TransitiveProperty . cq:Knower a owl:Class . cq:Somebody a owl:Class .
"""
"""The ontology has few of some axioms, and none that meet."""


def turtle(text: str) -> set[Triple]:
    prologue = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return {quad.triple for quad in parse(prologue + text, format=RdfFormat.TURTLE)}


ONTOLOGY = read_ontology() | turtle(MORE)


def declared(*names: str) -> set[NamedNode]:
    kinds = set(map(term, names))
    return {
        t.subject for t in ONTOLOGY if t.predicate == TYPE and t.object in kinds and isinstance(t.subject, NamedNode)
    }


SYMMETRIC = declared("owl:SymmetricProperty")
RELATIONS, CLASSES = declared("owl:ObjectProperty"), declared("owl:Class")
TERMS = (
    RELATIONS | CLASSES | declared("owl:DatatypeProperty", "owl:AnnotationProperty", "rdfs:Datatype", "owl:Ontology")
)


def compared(triples: Iterable[Triple]) -> set[Triple]:
    """Types and relations of things, but for what OWL itself is."""
    return {
        t for t in triples
        if t.subject not in TERMS and isinstance(t.object, NamedNode)
        and ((t.predicate == TYPE and t.object in CLASSES) or t.predicate in RELATIONS)
    }  # fmt: skip


def above(triples: Iterable[Triple], axiom: NamedNode) -> dict[NamedNode, set[NamedNode]]:
    """Of each class or property, those above it."""
    up: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for t in triples:
        if t.predicate == axiom and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
            up[t.subject].add(t.object)
    for one in list(up):
        while more := set().union(*(up.get(each, set()) for each in up[one])) - up[one]:
            up[one] |= more
    return up


def hermit(triples: Iterable[Triple]) -> set[Triple]:
    """All that HermiT infers of things. It tells the most specific types and relations, and how these are ordered.

    What a symmetric property relates the other way round owlready2 leaves out, since it knows it by itself.
    """
    world, text = loaded(triples), BytesIO()
    assert reasoned(world, infer_property_values=True)
    world.save(text, format="ntriples")
    told = [quad.triple for quad in parse(text.getvalue(), format=RdfFormat.N_TRIPLES)]
    classes, relations = above(told, term("rdfs:subClassOf")), above(told, term("rdfs:subPropertyOf"))
    found = compared(told)
    found |= {Triple(t.object, t.predicate, t.subject) for t in found if t.predicate in SYMMETRIC}  # type: ignore[arg-type]
    found |= {Triple(t.subject, TYPE, each) for t in found if t.predicate == TYPE for each in classes[t.object]}  # type: ignore[index]
    return compared(found | {Triple(t.subject, each, t.object) for t in found for each in relations[t.predicate]})


def corpus() -> Dataset:
    return assemble(list(locks(read_corpus(default_corpus()), None)), read_authority(default_authority()), ONTOLOGY)


def generated(seed: int, size: int = 60) -> Dataset:
    """Things in random classes and relations, as far as that is consistent."""
    random = Random(seed)
    things = [mint("event", f"e{n}") for n in range(size // 2)]
    classes, relations = sorted(CLASSES, key=str), sorted(RELATIONS, key=str)
    often = [term(name) for name in ("cq:met", "cq:knew", "cq:inside", "cq:reached", "geo:sfWithin", "cq:restsOn")]
    data: set[Triple] = set()
    for n in range(size):
        subject, value = random.sample(things, 2)
        relation = random.choice(often if n % 2 else relations)
        one = Triple(subject, TYPE, random.choice(classes)) if n % 5 == 0 else Triple(subject, relation, value)
        if not plainest([*ONTOLOGY, *data, one]):
            data.add(one)
    return Dataset(assertions={things[0]: data}, admitted={things[0]: PREMISE}, ontology=ONTOLOGY)


@pytest.fixture(scope="module", params=["corpus", 1, 2, 3])
def premises(request: pytest.FixtureRequest) -> set[Triple]:
    return (corpus() if request.param == "corpus" else generated(request.param)).premises()


def short(triples: Iterable[Triple]) -> list[str]:
    return sorted(map(str, triples))[:10]


def test_hermit_infers_no_type_and_no_relation_that_the_rules_do_not(premises: set[Triple]) -> None:
    known = ONTOLOGY | premises | entail(premises)
    assert short(hermit(known) - known) == []


def test_the_owl_rules_conclude_nothing_that_hermit_does_not_infer(premises: set[Triple]) -> None:
    rules = [rule for rule in read_rules() if rule.name in OWL_RULES]
    assert {rule.name for rule in rules} == OWL_RULES
    concluded = compared(entail(premises, rules))
    assert len(concluded) > 30
    assert short(concluded - hermit(ONTOLOGY | premises)) == []


def test_the_profile_is_all_that_the_ontology_uses() -> None:
    used = {t.predicate for t in ONTOLOGY} | {t.object for t in ONTOLOGY if t.predicate == TYPE}
    owl = {
        str(each).rpartition("#")[2].rstrip(">")
        for each in used
        if "/owl#" in str(each) or "/rdf-schema#" in str(each)
    }
    contradicting, saying = (
        {"disjointWith", "IrreflexiveProperty", "differentFrom"},
        {"seeAlso", "versionInfo", "versionIRI"},
    )
    declaring = {"Class", "Datatype", "NamedIndividual", "Ontology"}
    declaring |= {f"{kind}Property" for kind in ("Object", "Datatype", "Annotation")}
    entailing = {"subClassOf", "subPropertyOf", "domain", "range", "SymmetricProperty", "TransitiveProperty"}
    assert owl == contradicting | saying | declaring | entailing
