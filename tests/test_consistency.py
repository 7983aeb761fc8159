"""HermiT finds the ontology consistent, and finds what is planted."""

from importlib.resources import files

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from graph.consistency import InconsistentOntologyError, UnsatisfiableClassError, check
from graph.namespaces import PREFIXES
from graph.validation import VOCABULARY_FILES


def ontology() -> list[Triple]:
    texts = (files("ontology").joinpath(name).read_bytes() for name in VOCABULARY_FILES)
    return [quad.triple for text in texts for quad in parse(text, format=RdfFormat.TURTLE)]


def triples(turtle: str) -> list[Triple]:
    prologue = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return [quad.triple for quad in parse(prologue + turtle, format=RdfFormat.TURTLE)]


def test_the_ontology_is_consistent_and_each_class_satisfiable() -> None:
    check(ontology())


def test_differing_sources_are_consistent() -> None:
    check(
        ontology(),
        triples("""
            meeting:x a cq:Meeting ; cq:status cq:Held , cq:Planned ; schema:location place:tokyo , place:bonn ;
                cq:when "2017-03-20"^^edtf:EDTF , "2017-03-21"^^edtf:EDTF ;
                cq:startEarliest "2017-03-20"^^xsd:date , "2017-03-21"^^xsd:date .
        """),
    )


@pytest.mark.parametrize(
    "turtle",
    [
        "visit:x a cq:Visit , cq:Meeting .",
        "person:lavrov a foaf:Person , skos:Concept .",
        "person:lavrov cq:met person:lavrov .",
        "territory:x a cq:Territory , cq:State .",
        "person:abe cq:met state:russia . state:russia a cq:State .",
    ],
)
def test_a_contradiction_is_found(turtle: str) -> None:
    with pytest.raises(InconsistentOntologyError, match="contradict"):
        check(ontology(), triples(turtle))


def test_a_class_without_possible_members_is_found() -> None:
    planted = triples("cq:StateVisit a owl:Class ; rdfs:subClassOf cq:Visit , cq:Meeting .")
    with pytest.raises(UnsatisfiableClassError, match="cq:StateVisit") as caught:
        check(ontology() + planted)
    assert caught.value.classes == ("cq:StateVisit",)
