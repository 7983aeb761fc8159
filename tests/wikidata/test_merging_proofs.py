"""Proofs in the view with Wikidata: words of a document and a statement of Wikidata, with the links between them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from merged_worlds import ITEMS, the_four, world
from pyoxigraph import Triple

from graph.engine import Engine
from graph.engine.embedded import Embedded
from graph.namespaces import GRAPH_ENTAILED_WITH_WIKIDATA, expand, shorten, term
from graph.proofs import Leaf, NotInGraphError, Proof, ProofError, Step, check, leaves, steps, why
from graph.proofs.grounds import grounds
from graph.proofs.words import Words
from graph.store import Snapshot
from graph.store.corpus import canonical, load
from graph.wikidata.merging import merged_dataset

FIRST, BONN = "meeting:ru-jp-2plus2-2013-11-02", "meeting:ru-jp-fm-bonn-2017-02"
WORDS = "held their first such 2+2 meeting Nov. 2, 2013"
SEATS = {
    "person:lavrov": ("Q58217", "ru-foreign-minister", "Q1418873"),
    "person:shoigu": ("Q32024", "ru-defence-minister", "Q17287317"),
    "person:kishida": ("Q359480", "jp-foreign-minister", "Q1355043"),
    "person:onodera": ("Q49969", "jp-defence-minister", "Q6500838"),
}


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Engine]:
    """Engines on the local view and on the view with Wikidata."""
    dataset = world(*the_four())
    folder = tmp_path_factory.mktemp("engines")
    found = []
    for name, held in (("local", dataset), ("merged", merged_dataset(dataset))):
        load(folder / name, canonical(held.quads()))
        found.append(Embedded(Snapshot(name, folder / name)))
    return found[0], found[1]


@pytest.fixture(scope="module")
def local(engines: tuple[Engine, Engine]) -> Engine:
    return engines[0]


@pytest.fixture(scope="module")
def merged(engines: tuple[Engine, Engine]) -> Engine:
    return engines[1]


def triple(subject: str, predicate: str, value: str) -> Triple:
    return Triple(term(subject), term(predicate), term(value))


@pytest.mark.parametrize("person", SEATS)
def test_each_seat_of_the_first_2plus2_rests_on_both_sources(merged: Engine, person: str) -> None:
    item, office, post = SEATS[person]
    explanation = why(merged, triple(person, "cq:tookPartIn", FIRST))
    (proof,) = explanation.proofs
    assert not explanation.cut
    found = list(leaves(proof))
    assert {quote.exact for leaf in found if leaf.kind == "quote" for quote in leaf.quotes} == {WORDS}
    of_wikidata = [leaf for leaf in found if leaf.kind == "wikidata"]
    links = {f"link:office.{office}.{post.lower()}", f"link:{person.replace(':', '.')}.{item.lower()}"}
    for leaf in of_wikidata:
        statement, *through = map(shorten, leaf.sources)
        assert statement == f"wds:{item}-00000001-0000-4000-8000-000000000000"
        assert set(through) == links
        assert (leaf.recorded, leaf.revision) == ("2026-04-21", "1000")
    assert of_wikidata
    assert {shorten(leaf.triple.subject.value) for leaf in found if leaf.kind == "link"} == {f"office:{office}"}
    assert {step.rule for step in steps(proof)} >= {"seats-post", "seat-to-person", "took-part"}
    check(merged, explanation.proofs)


def test_what_words_prove_locally_rests_on_the_slice_in_the_view(local: Engine, merged: Engine) -> None:
    """The foreign ministers at Bonn: the authority file's tenures locally, the slice's in the view."""
    at_bonn = triple("person:lavrov", "cq:tookPartIn", BONN)
    for engine, nodes, sources in ((local, {"tenure:lavrov-ru-foreign-minister-2004"}, 1), (merged, None, 3)):
        (proof,) = why(engine, at_bonn).proofs
        of_wikidata = [leaf for leaf in leaves(proof) if leaf.kind == "wikidata"]
        tenures = {shorten(leaf.triple.subject.value) for leaf in of_wikidata}
        assert len(tenures) == 1
        assert tenures == nodes or (engine is merged and "lavrov-ru-foreign-minister-2004-" in tenures.pop())
        assert {len(leaf.sources) for leaf in of_wikidata} == {sources}
        check(engine, proof)


def test_without_the_view_none_of_it_is_so(local: Engine) -> None:
    with pytest.raises(NotInGraphError):
        why(local, triple("person:onodera", "cq:tookPartIn", FIRST))
    with pytest.raises(NotInGraphError):
        why(local, triple(FIRST, "cq:seatsPost", "office:jp-defence-minister"))


def test_a_proof_of_the_view_does_not_hold_without_it(local: Engine, merged: Engine) -> None:
    (proof,) = why(merged, triple("person:onodera", "cq:tookPartIn", FIRST)).proofs
    with pytest.raises(ProofError):
        check(local, proof)


def changed(proof: Proof, is_wanted: Callable[[Leaf], bool], **change: object) -> Proof:
    """The proof with those of its leaves changed."""
    if isinstance(proof, Leaf):
        return replace(proof, **change) if is_wanted(proof) else proof  # type: ignore[arg-type]
    return replace(proof, premises=tuple(changed(each, is_wanted, **change) for each in proof.premises))


OWN = "wds:Q49969-00000001-0000-4000-8000-000000000000"
OFFICE, PERSON = "link:office.jp-defence-minister.q6500838", "link:person.onodera.q49969"


@pytest.mark.parametrize(
    "sources",
    [
        (OWN.replace("00000001", "00000002"), OFFICE, PERSON),
        (OWN.replace("Q49969", "Q32024"), OFFICE, PERSON),
        (OWN, "link:office.jp-foreign-minister.q1355043", PERSON),
        (OWN, OFFICE, "link:person.kishida.q359480"),
        (OWN, OFFICE),
        (OWN,),
    ],
)
def test_the_checker_knows_a_statement_or_link_that_is_another_one(merged: Engine, sources: tuple[str, ...]) -> None:
    (proof,) = why(merged, triple("person:onodera", "cq:tookPartIn", FIRST)).proofs
    assert isinstance(proof, Step)
    wrong = changed(proof, lambda leaf: leaf.kind == "wikidata", sources=tuple(map(expand, sources)))
    with pytest.raises(ProofError):
        check(merged, wrong)


def test_it_is_told_in_words(merged: Engine) -> None:
    explanation = why(merged, triple("person:onodera", "cq:tookPartIn", FIRST))
    words = Words(merged, explanation)
    told = {words.ground(leaf) for leaf in leaves(explanation.proofs[0])}
    statement, office, person = (name.partition(":")[2] for name in (OWN, OFFICE, PERSON))
    source = f"by Wikidata ({statement}, revision 1000, read on 2026-04-21)"
    assert f"{source}, through the links {office} and {person}" in told
    assert f"by the link {office}, judged on 2026-11-22" in told


def test_what_wikidata_itself_says_stands_in_its_slice(merged: Engine) -> None:
    said = triple(f"wds:{ITEMS[3]}-00000001-0000-4000-8000-000000000000", "ps:P39", "wd:Q6500838")
    ground = grounds(merged, [said])[said]
    assert ground.standing == "admitted"
    assert ground.leaf
    assert (ground.leaf.kind, ground.leaf.recorded, ground.leaf.revision) == ("wikidata", "2026-04-21", "1000")
    assert ground.leaf.sources[0].endswith("/graph/wikidata/Q49969/1000")
    (proof,) = why(merged, said).proofs
    check(merged, proof)


@pytest.fixture(scope="module")
def concluded(merged: Engine) -> list[Triple]:
    """All that the view concludes beyond the local one, but for bounds that the ontology's axioms repeat."""
    rows = merged.select(f"SELECT ?s ?p ?o {{ GRAPH {GRAPH_ENTAILED_WITH_WIKIDATA} {{ ?s ?p ?o }} }}").rows
    return [Triple(*row) for row in rows if "semanticweb" not in str(row[1])]  # type: ignore[arg-type]


def test_whatever_the_view_concludes_has_proofs_that_hold_and_that_need_wikidata(merged, concluded) -> None:
    assert len(concluded) > 40
    for each in concluded:
        explanation = why(merged, each)
        assert explanation.proofs, each
        check(merged, explanation.proofs)
        for proof in explanation.proofs:
            # A slot is seated by the link of its office alone; who sat there needs a statement.
            assert {leaf.kind for leaf in leaves(proof)} & {"wikidata", "link"}, each
