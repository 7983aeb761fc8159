"""What is taken back leaves nothing: links and slices come and go, and the graph is the former one byte for byte."""

import shutil
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from merged_worlds import ITEMS, LAVROV, ONODERA, TOLD, Ground, beside, links, local, put, the_four, toy, world
from pyoxigraph import NamedNode
from small_corpus import SmallCorpus

from graph.anchors import locks
from graph.assertions import read_corpus
from graph.build import build
from graph.dataset import Dataset, assemble, read_authority, read_ontology
from graph.derivation import derive
from graph.namespaces import shorten, term
from graph.sources import default_authority, records_read
from graph.store.corpus import canonical
from graph.wikidata.deriving import derive_with_wikidata, put_beside
from graph.wikidata.links import Link, published, read_links, write_links
from graph.wikidata.merging import MergedIncrement, merge
from graph.wikidata.slices import newest, read_slices

SUBJECTS = (
    "person:lavrov",
    "person:shoigu",
    "person:kishida",
    "person:onodera",
    "office:ru-foreign-minister",
    "office:jp-foreign-minister",
    "office:jp-defence-minister",
)
State = tuple[frozenset[str], frozenset[str]]
"""The subjects whose links are taken back, and the persons whose slices are there."""

STATES = st.lists(
    st.tuples(st.frozensets(st.sampled_from(SUBJECTS)), st.frozensets(st.sampled_from(ITEMS))), min_size=2, max_size=3
)
ALL: State = (frozenset(), frozenset(ITEMS))
NO_SLICES: State = (frozenset(), frozenset())
NO_OFFICE: State = (frozenset({"office:jp-defence-minister"}), frozenset(ITEMS))
NO_PERSON: State = (frozenset({"person:onodera"}), frozenset(ITEMS))
LESS: State = (frozenset({"person:lavrov"}), frozenset({LAVROV, ONODERA}))


def linked(without: frozenset[str]) -> list[Link]:
    return [link for link in links() if shorten(link.subject) not in without]


@cache
def from_scratch(state: State, ground: Ground) -> bytes:
    """The canonical N-Quads of a world made anew."""
    made = world(*(each for each in the_four() if each.id in state[1]), linked=linked(state[0]), ground=ground)
    return canonical(made.quads())


def change(dataset: Dataset, state: State) -> None:
    """Take links and slices back, and put others there; what is derived stays as it is until the next merge."""
    dataset.links = published(linked(state[0]))
    dataset.slices, dataset.retrieved = {}, set()
    for each in the_four():
        if each.id in state[1]:
            put(dataset, each)
    dataset.wikidata = newest(dataset.slices, dataset.retrieved)


def check_merged(states: list[State], ground: Ground) -> None:
    """Each merge of a dataset that changes is that of a world made anew."""
    dataset = beside(*the_four(), ground=ground)
    for state in states:
        change(dataset, state)
        merge(dataset)
        assert canonical(dataset.quads()) == from_scratch(state, ground)


@settings(max_examples=4, deadline=None)
@given(STATES)
def test_links_and_slices_come_and_go_in_any_order_and_leave_no_trace(states: list[State]) -> None:
    check_merged([*states, *reversed(states)], toy)


def test_in_the_whole_corpus_they_leave_none_either() -> None:
    check_merged([ALL, NO_OFFICE, NO_SLICES], local)


def concluded_of_onodera(dataset: Dataset) -> set[tuple[str, str]]:
    """Whom he met and where he sat, as only the view with Wikidata has it."""
    return {
        (shorten(t.predicate.value), shorten(getattr(t.object, "value", "")))
        for t in dataset.entailed_with_wikidata
        if t.subject == term("person:onodera")
    }


def test_a_link_taken_back_takes_its_conclusions_along_and_brings_them_again() -> None:
    dataset = beside(*the_four())
    merge(dataset)
    whole, concluded = canonical(dataset.quads()), concluded_of_onodera(dataset)
    assert concluded == {
        ("cq:tookPartIn", "meeting:ru-jp-2plus2-2013-11-02"),
        ("cq:met", "person:lavrov"),
        ("cq:met", "person:shoigu"),
    }
    change(dataset, NO_PERSON)
    merge(dataset)
    # The authority file has a tenure of his, by which he sat there all the same; without the link, by that alone.
    assert concluded_of_onodera(dataset) == concluded
    assert not [t for t in dataset.tenures if "onodera" in str(t.subject)]
    change(dataset, NO_OFFICE)
    merge(dataset)
    assert not concluded_of_onodera(dataset)
    change(dataset, ALL)
    merge(dataset)
    assert canonical(dataset.quads()) == whole


@pytest.fixture
def _never_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.rules.materialisation.LARGE", 1000)


def check_kept_up(states: list[State], ground: Ground) -> None:
    """What is kept up by differences is what each merge has, and the differences are told."""
    kept = MergedIncrement(beside(*the_four(), ground=ground))
    for state in states:
        dataset = beside(ground=ground)
        change(dataset, state)
        before = set(kept.entailed_with_wikidata)
        told = kept.update(dataset)
        merge(dataset)
        after = dataset.entailed_with_wikidata
        assert kept.entailed_with_wikidata == after
        assert (told.added, told.removed) == (after - before, before - after)


@pytest.mark.usefixtures("_never_anew")
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATES)
@example([NO_SLICES, ALL, NO_SLICES])
def test_by_differences_it_is_what_it_is_from_scratch(states: list[State]) -> None:
    check_kept_up(states, toy)


@pytest.mark.usefixtures("_never_anew")
def test_by_differences_it_is_so_in_the_whole_corpus() -> None:
    check_kept_up([LESS, NO_SLICES, ALL], local)


def test_by_differences_documents_may_come_and_go_too() -> None:
    """Without the assertion that tells of the first 2+2, nobody sat there by any tenure."""
    dataset = beside(*the_four(), ground=toy)
    kept = MergedIncrement(dataset)
    name = term(f"a:{TOLD}")
    less = beside(*the_four(), ground=toy)
    less.assertions = {each: graph for each, graph in dataset.assertions.items() if each != name}
    less.admitted = {each: granted for each, granted in dataset.admitted.items() if each != name}
    less.provenance = {t for t in dataset.provenance if TOLD not in str(t)}
    took_part = {t for t in kept.entailed_with_wikidata if shorten(t.predicate.value) == "cq:tookPartIn"}
    assert took_part
    told = kept.update(less)
    assert took_part <= told.removed
    assert kept.update(dataset).added == told.removed


def test_a_slice_is_never_changed_by_the_merge() -> None:
    dataset = beside(*the_four(), ground=toy)
    slices = {name: set(graph) for name, graph in dataset.slices.items()}
    merge(dataset)
    assert dataset.slices == slices
    assert {NamedNode(each.graph) for each in the_four()} == slices.keys()


def fresh(corpus: Path, authority: Path) -> str:
    """The version of what stands in these folders, which no build has stored before."""
    dataset = assemble(list(locks(read_corpus(corpus), None)), read_authority(authority), read_ontology())
    put_beside(dataset, read_slices(*records_read(None)), read_links(authority))
    derive(dataset)
    derive_with_wikidata(dataset)
    return sha256(canonical(dataset.quads())).hexdigest()


def test_a_build_after_a_link_was_gone_for_a_while_is_as_if_it_had_always_been_there(tmp_path: Path) -> None:
    corpus, authority = SmallCorpus(tmp_path).write().corpus, tmp_path / "authority"
    shutil.copytree(default_authority(), authority)
    versions = []
    for without in (frozenset({"office:jp-foreign-minister"}), frozenset[str]()):
        write_links(authority, linked(without))
        versions.append(build(tmp_path / "store", corpus=corpus, authority=authority).version)
    assert versions[0] != versions[1] == fresh(corpus, authority)


def test_without_the_last_slice_nothing_of_the_view_is_left() -> None:
    dataset = beside(*the_four(), ground=toy)
    merge(dataset)
    assert dataset.with_wikidata
    change(dataset, NO_SLICES)
    merge(dataset)
    assert canonical(dataset.quads()) == from_scratch(NO_SLICES, toy)
    assert not dataset.with_wikidata
