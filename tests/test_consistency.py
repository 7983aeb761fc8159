"""HermiT finds the ontology consistent, and finds what is planted."""

from importlib.resources import files

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from graph.build import default_authority
from graph.consistency import InconsistentOntologyError, UnsatisfiableClassError, check
from graph.dataset import ONTOLOGY_FILES, read_authority
from graph.namespaces import PREFIXES


def ontology() -> list[Triple]:
    texts = (files("ontology").joinpath(name).read_bytes() for name in ONTOLOGY_FILES)
    return [quad.triple for text in texts for quad in parse(text, format=RdfFormat.TURTLE)]


def triples(turtle: str) -> list[Triple]:
    prologue = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return [quad.triple for quad in parse(prologue + turtle, format=RdfFormat.TURTLE)]


def test_the_ontology_is_consistent_and_each_class_satisfiable() -> None:
    check(ontology())


def test_the_authority_file_is_consistent_with_it() -> None:
    check(ontology(), read_authority(default_authority()))


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
    ("turtle", "reason"),
    [
        ("visit:x a cq:Visit , cq:Meeting .", "visit:x would be both cq:Meeting and cq:Visit$"),
        ("format:x a cq:Format , cq:Meeting .", "format:x would be both cq:Event and skos:Concept"),
        ("person:lavrov a foaf:Person , skos:Concept .", "person:lavrov would be both foaf:Person and skos:Concept$"),
        ("person:lavrov cq:met person:lavrov .", "look at cq:met"),
        ("territory:x a cq:Territory , cq:State .", "territory:x would be both cq:State and cq:Territory"),
        ("person:abe cq:met state:x . state:x a cq:State .", "state:x would be both cq:State and foaf:Person"),
    ],
)
def test_a_contradiction_is_found_and_explained(turtle: str, reason: str) -> None:
    with pytest.raises(InconsistentOntologyError, match=reason):
        check(ontology(), triples(turtle))


def test_a_class_without_possible_members_is_found() -> None:
    planted = triples("cq:StateVisit a owl:Class ; rdfs:subClassOf cq:Visit , cq:Meeting .")
    with pytest.raises(UnsatisfiableClassError, match="cq:StateVisit") as caught:
        check(ontology() + planted)
    assert caught.value.classes == ("cq:StateVisit",)
