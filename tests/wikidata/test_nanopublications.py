"""Nanopublications: four graphs, attributed to who speaks, valid by the reference package."""

from collections import defaultdict
from functools import cache

import pytest
from both_sides import world
from exporting import shipped, told
from pyoxigraph import BlankNode, Dataset, NamedNode, Quad, RdfFormat, parse

from graph.namespaces import cq, expand, is_minted, term
from graph.wikidata.exports import NanopublicationError, Publication, as_trig, nanopublications, publishable
from graph.wikidata.exports.nanopublications import NP

PUBLICATION = Publication(
    "https://orcid.example/0000-0001", "https://creativecommons.org/publicdomain/zero/1.0/", "2026-11-22T09:00:00Z"
)
HELD = "a:streltsov-2plus2-held"


def made(curie: str, dataset=None) -> list[Quad]:
    ((name, quads),) = nanopublications(dataset or shipped(), [term(curie)], PUBLICATION)
    assert name == term(curie)
    return quads


@cache
def every() -> dict[str, list[Quad]]:
    return {name.value: quads for name, quads in nanopublications(shipped(), publishable(shipped()), PUBLICATION)}


def graphs(quads: list[Quad]) -> dict[str, set]:
    found = defaultdict(set)
    for quad in quads:
        found[quad.graph_name.value].add(quad.triple)
    return found


def values(quads: list[Quad], subject: str, predicate: str) -> set[str]:
    return {q.object.value for q in quads if q.subject.value == subject and q.predicate == term(predicate)}


def test_it_has_four_graphs_that_its_head_names() -> None:
    quads, name = made(HELD), expand(HELD)
    head = {t.predicate.value.removeprefix(NP): t.object.value for t in graphs(quads)[f"{name}#head"]}
    assert head.pop(expand("rdf:type")) == f"{NP}Nanopublication"
    assert head == {
        "hasAssertion": name,
        "hasProvenance": f"{name}#provenance",
        "hasPublicationInfo": f"{name}#pubinfo",
    }
    assert set(graphs(quads)) == {f"{name}#head", *head.values()}


def test_the_assertion_is_what_the_document_says_and_nothing_else() -> None:
    for name, quads in every().items():
        assert graphs(quads)[name] <= shipped().assertions[NamedNode(name)]
    assert graphs(made(HELD))[expand(HELD)] == shipped().assertions[term(HELD)]


def test_it_is_attributed_to_who_speaks_and_never_to_who_publishes() -> None:
    for name, quads in every().items():
        attributed = values(quads, name, "prov:wasAttributedTo")
        told_of = {
            t.object.value for t in shipped().provenance if t.subject.value == name and t.predicate == cq("speaker")
        }
        assert attributed == told_of
        assert attributed
        assert PUBLICATION.creator not in attributed
        publisher = [q for q in quads if q.object.value == PUBLICATION.creator]
        assert [q.graph_name.value for q in publisher] == [f"{name}#pubinfo"]


def test_an_opinion_bears_its_mood_its_voice_and_its_words() -> None:
    quads, name = made("a:streltsov-contact-surge"), expand("a:streltsov-contact-surge")
    assert values(quads, name, "cq:modality") == {cq("Opinion").value}
    assert values(quads, name, "prov:wasAttributedTo") == {expand("person:streltsov")}
    assert values(quads, name, "prov:wasDerivedFrom") == {expand("document:streltsov-new-friends-2017")}
    exact = [q for q in quads if q.predicate == term("oa:exact")]
    assert [(q.object.value, q.graph_name.value) for q in exact] == [("unprecedented surge", f"{name}#provenance")]
    assert len(values(quads, name, "prov:qualifiedAttribution")) == 1


def test_provenance_tells_of_no_other_assertion() -> None:
    for name, quads in every().items():
        provenance = graphs(quads)[f"{name}#provenance"]
        about = {t.subject.value for t in provenance if t.object == cq("Assertion")}
        assert about == {name}
        known = {t.subject for t in provenance}
        for t in provenance:
            if t.predicate in (cq("restsOn"), cq("hasVoice"), term("oa:hasSelector"), term("oa:hasSource")):
                assert t.object in known, t


def test_nothing_is_blank_and_every_new_iri_is_the_assertions_own() -> None:
    given = {
        node.value for t in shipped().provenance for node in (t.subject, t.object) if isinstance(node, NamedNode)
    }
    given |= {
        n.value
        for g in shipped().assertions.values()
        for t in g
        for n in (t.subject, t.object)
        if isinstance(n, NamedNode)
    }
    for name, quads in every().items():
        for quad in quads:
            assert not any(isinstance(each, BlankNode) for each in (quad.subject, quad.object))
            for each in (quad.subject, quad.object, quad.graph_name):
                if isinstance(each, NamedNode) and is_minted(each.value) and each.value not in given:
                    assert each.value.startswith(f"{name}#")


def test_the_trig_is_the_quads_and_always_the_same_bytes() -> None:
    quads = [quad for each in every().values() for quad in each]
    data = as_trig(quads)
    assert Dataset(parse(data, format=RdfFormat.TRIG)) == Dataset(quads)
    again = nanopublications(shipped(), publishable(shipped()), PUBLICATION)
    assert data == as_trig(quad for _, each in again for quad in each)


SAID = """meeting:x a cq:Meeting ; cq:status cq:Held .
    statement:x a cq:Statement ; cq:speaker person:kistanov ; cq:summary "No meeting took place."@en ."""


@pytest.mark.parametrize("modality", ["Denied", "Expected"])
def test_what_somebody_denies_or_expects_is_not_published_as_their_word(modality: str) -> None:
    both = told(world(), "x", SAID, "No meeting took place.", modality=modality)
    both.dataset.admitted[term("a:x")] = "StatementOnly"
    content = graphs(made("a:x", both.dataset))[expand("a:x")]
    assert {t.subject.value for t in content} == {expand("statement:x")}
    meeting = told(world(), "x", "meeting:x a cq:Meeting ; cq:status cq:Held .", "No meeting.", modality=modality)
    meeting.dataset.admitted[term("a:x")] = "StatementOnly"
    assert publishable(meeting.dataset) == []
    with pytest.raises(NanopublicationError, match="a:x has nothing to publish"):
        made("a:x", meeting.dataset)


def test_an_accusation_is_published_with_its_mood() -> None:
    blamed = told(world(), "x", SAID, "They met in secret.", modality="Accusation")
    blamed.dataset.admitted[term("a:x")] = "StatementOnly"
    quads = made("a:x", blamed.dataset)
    assert graphs(quads)[expand("a:x")] == blamed.dataset.assertions[term("a:x")]
    assert values(quads, expand("a:x"), "cq:modality") == {cq("Accusation").value}


def test_garbled_words_have_nothing_to_publish() -> None:
    unsaid = {name for name, graph in shipped().assertions.items() if not graph}
    assert len(unsaid) == 9
    assert unsaid.isdisjoint(publishable(shipped()))
    assert len(publishable(shipped())) == len(shipped().assertions) - 9


def test_an_assertion_that_is_not_there_is_refused() -> None:
    with pytest.raises(NanopublicationError, match="there is no assertion a:nowhere"):
        made("a:nowhere")


@pytest.mark.parametrize(
    ("creator", "license_", "created", "problem"),
    [
        ("me", "https://l.example/", "2026-11-22T09:00:00Z", "creator 'me' is no IRI"),
        ("https://o.example/ x", "https://l.example/", "2026-11-22T09:00:00Z", "creator"),
        ("https://o.example/", "CC0", "2026-11-22T09:00:00Z", "license 'CC0' is no IRI"),
        ("https://o.example/", "https://l.example/", "yesterday", "created 'yesterday' is no time"),
        ("https://o.example/", "https://l.example/", "2026-11-22", "is no time"),
        ("https://o.example/", "https://l.example/", "2026-11-22T09", "is no time"),
        ("https://o.example/", "https://l.example/", "20261122T090000Z", "is no time"),
        ("https://o.example/", "https://l.example/", "2026-W47-7T09:00:00Z", "is no time"),
        ("https://o.example/", "https://l.example/", "2026-11-22T09:00:00", "is no time"),
        ("https://o.example/", "https://l.example/", "2026-11-22T09:00:00,5Z", "is no time"),
        ("https://o.example/", "https://l.example/", "2026-11-22T09:00:00+0900", "is no time"),
        ("https://o.example/", "https://l.example/", "2026-11-22T09:00:00+15:00", "is no time"),
        ("https://o.example/", "https://l.example/", "2026-11-22T09:00:00Z\n", "is no time"),
        ("https://o.example/", "https://l.example/", "2026-02-30T09:00:00Z", "is no day or time that there is"),
    ],
)
def test_what_is_told_of_the_publication_must_be_well_formed(
    creator: str, license_: str, created: str, problem: str
) -> None:
    with pytest.raises(NanopublicationError, match=problem):
        Publication(creator, license_, created)


@pytest.mark.parametrize("created", ["2026-11-22T09:00:00.25+09:00", "2026-11-22T09:00:00-14:00"])
def test_a_time_of_the_schema_is_taken_as_it_stands(created: str) -> None:
    assert Publication("https://o.example/", "https://l.example/", created).created == created


@pytest.mark.source
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_each_is_valid_by_the_reference_package() -> None:
    import rdflib
    from nanopub import Nanopub

    for quads in list(every().values())[::6]:
        rdf = rdflib.Dataset()
        rdf.parse(data=as_trig(quads), format="trig")
        assert Nanopub(rdf=rdf).is_valid


@pytest.mark.source
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("part", ["#head", "", "#provenance", "#pubinfo"])
def test_the_reference_package_misses_a_graph_that_is_left_out(part: str) -> None:
    import rdflib
    from nanopub import Nanopub
    from nanopub.utils import MalformedNanopubError

    rdf = rdflib.Dataset()
    kept = [quad for quad in made(HELD) if quad.graph_name.value != expand(HELD) + part]
    rdf.parse(data=as_trig(kept), format="trig")
    with pytest.raises(MalformedNanopubError):
        assert Nanopub(rdf=rdf).is_valid
