"""The ontology is written in our style, names its terms and keeps to OWL 2 DL as far as triples show."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from graph.dataset import ONTOLOGY_FILES, read_authority
from graph.namespaces import VOCABULARY, cq, expand, term
from graph.sources import default_authority
from graph.validation import InvalidDataError, validate_style

LABEL, DEFINITION = term("skos:prefLabel"), term("skos:definition")
TYPE = term("rdf:type")


def read(*names: str) -> list[Triple]:
    texts = (files("ontology").joinpath(name).read_bytes() for name in names)
    return [quad.triple for text in texts for quad in parse(text, format=RdfFormat.TURTLE)]


def found(triples: list[Triple]) -> str:
    with pytest.raises(InvalidDataError) as caught:
        validate_style(triples)
    return str(caught.value)


VOCABULARY_TRIPLES = read(*ONTOLOGY_FILES)


def test_the_ontology_holds_to_its_style() -> None:
    validate_style(VOCABULARY_TRIPLES)


def test_the_formats_hold_to_the_style() -> None:
    validate_style([*VOCABULARY_TRIPLES, *read_authority(default_authority())])
    unnamed = planted("<https://example.org/3plus3> a cq:Format ; skos:prefLabel '3+3'@en .")
    assert "in Japanese" in found(VOCABULARY_TRIPLES + unnamed)


def test_the_classes_of_shapes_hold_to_the_style() -> None:
    validate_style(read("shapes.ttl"))


@pytest.mark.parametrize(
    ("term_name", "predicate", "language", "message"),
    [
        ("met", LABEL, "en", "needs a skos:prefLabel in English"),
        ("Meeting", LABEL, "ru", "in Russian"),
        ("Held", LABEL, "ja", "in Japanese"),
        ("claimant", DEFINITION, "en", "needs one skos:definition"),
    ],
)
def test_a_term_without_its_text_is_reported(
    term_name: str, predicate: NamedNode, language: str, message: str
) -> None:
    kept = [
        t for t in VOCABULARY_TRIPLES
        if not (t.subject == cq(term_name) and t.predicate == predicate
                and isinstance(t.object, Literal) and t.object.language == language)
    ]  # fmt: skip
    assert len(kept) == len(VOCABULARY_TRIPLES) - 1
    report = found(kept)
    assert f"cq:{term_name}: " in report
    assert message in report


def planted(turtle: str) -> list[Triple]:
    prefixes = "".join(f"@prefix {p}: <{expand(p + ':')}> .\n" for p in ("cq", "owl", "rdfs", "skos"))
    return [quad.triple for quad in parse(prefixes + turtle, format=RdfFormat.TURTLE)]


LABELS = 'skos:prefLabel "thing"@en, "вещь"@ru, "物"@ja ; skos:definition "A thing of any kind."@en'


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        (f"cq:thing a owl:Class ; {LABELS} .", "a class is named in upper camel case"),
        (f"cq:HasThing a owl:ObjectProperty ; {LABELS} .", "a property is named in lower camel case"),
        ('cq:met skos:prefLabel "encountered"@en .', "two skos:prefLabel in one language"),
        ('cq:met rdfs:label "met"@en .', "not rdfs:label"),
        ('cq:met rdfs:comment "To meet."@en .', "not rdfs:comment"),
        (f"cq:Rumoured a owl:NamedIndividual ; {LABELS} .", "an individual needs a class"),
        (f"cq:Rumoured a cq:Status ; {LABELS} .", "needs the type owl:NamedIndividual"),
        (f"cq:undeclared {LABELS} .", "is not declared"),
        ("cq:met a owl:DatatypeProperty .", "both as an object and as a datatype property"),
        ("cq:status a owl:FunctionalProperty .", "no functional property"),
        (f"cq:metBy a owl:ObjectProperty ; owl:inverseOf cq:met ; {LABELS} .", "no inverses"),
        ("cq:met rdfs:domain cq:State .", "two domains"),
        (f"cq:Thing a owl:Class ; {LABELS.replace('kind.', 'kind')} .", "needs one skos:definition"),
    ],
)
def test_a_breach_of_style_is_reported(turtle: str, message: str) -> None:
    assert message in found(VOCABULARY_TRIPLES + planted(turtle))


def test_every_file_has_the_same_version() -> None:
    ontology = NamedNode(VOCABULARY.removesuffix("#"))
    for name in ONTOLOGY_FILES:
        versions = {t.object for t in read(name) if t.subject == ontology and t.predicate == term("owl:versionInfo")}
        assert versions == {Literal("1.1.0")}, name


def test_nothing_is_imported_and_nothing_identified() -> None:
    forbidden = {term(name) for name in ("owl:imports", "owl:sameAs", "skos:exactMatch", "skos:closeMatch")}
    assert not [t for t in VOCABULARY_TRIPLES if t.predicate in forbidden]


def test_the_vocabulary_has_no_blank_nodes() -> None:
    assert not [t for t in VOCABULARY_TRIPLES if BlankNode in (type(t.subject), type(t.object))]


def test_persons_are_no_concepts() -> None:
    above = {term("foaf:Person")}
    while (
        more := {
            t.object for t in VOCABULARY_TRIPLES if t.subject in above and t.predicate == term("rdfs:subClassOf")
        }
        - above
    ):
        above |= more
    assert term("skos:Concept") not in above


BUILT_IN = re.compile(r"http://www\.w3\.org/(1999/02/22-rdf-syntax-ns|2000/01/rdf-schema|2002/07/owl)#")


def test_every_property_and_class_used_is_declared() -> None:
    declared = {t.subject for t in VOCABULARY_TRIPLES if t.predicate == TYPE}
    used = {t.predicate for t in VOCABULARY_TRIPLES} | {t.object for t in VOCABULARY_TRIPLES if t.predicate == TYPE}
    structural = {term(f"rdfs:{name}") for name in ("subClassOf", "subPropertyOf", "domain", "range")}
    used |= {t.object for t in VOCABULARY_TRIPLES if t.predicate in structural}
    foreign = {node for node in used if not BUILT_IN.match(node.value) and "XMLSchema#" not in node.value}
    assert {node.value for node in foreign - declared} == set()


def test_every_property_and_class_of_the_authority_file_is_declared() -> None:
    declared = {t.subject for t in VOCABULARY_TRIPLES if t.predicate == TYPE}
    authority = read_authority(default_authority())
    used = {t.predicate for t in authority} | {t.object for t in authority if t.predicate == TYPE}
    assert used - declared == {TYPE}


@pytest.mark.parametrize("one", ["Aspect", "Event", "TerritorialClaim", "NoStatus", "VoiceKind"])
def test_the_vocabulary_has_its_cornerstones(one: str) -> None:
    assert cq(one) in {t.subject for t in VOCABULARY_TRIPLES}


def test_aspects_are_the_properties_with_one_value_in_the_world() -> None:
    aspects = {t.subject for t in VOCABULARY_TRIPLES if t.predicate == TYPE and t.object == cq("Aspect")}
    assert aspects == {cq("status"), cq("when"), cq("by"), cq("duration"), term("schema:location")}


MENTION = re.compile(r"\bcq:([A-Za-z]\w*)")


def texts_that_mention_terms() -> list[Traversable]:
    folders = (files("ontology"), files("ontology").joinpath("rules"), files("queries"))
    return [path for folder in folders for path in folder.iterdir() if path.name.endswith((".ttl", ".rq", ".jsonld"))]


def test_every_term_mentioned_is_declared() -> None:
    declared = {t.subject for t in VOCABULARY_TRIPLES + read("shapes.ttl") if t.predicate == TYPE}
    unknown = {
        f"{path.name}: cq:{name}"
        for path in texts_that_mention_terms()
        for name in MENTION.findall(path.read_text("utf-8"))
        if cq(name) not in declared
    }
    assert unknown == set()
