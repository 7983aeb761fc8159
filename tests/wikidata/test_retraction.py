"""What is taken back leaves nothing: links and slices come and go, and the graph is the former one byte for byte."""

import shutil
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from merged_worlds import ITEMS, beside, links, put, the_four, world
from pyoxigraph import NamedNode
from small_corpus import SmallCorpus

from graph.build import build
from graph.dataset import Dataset
from graph.namespaces import shorten
from graph.sources import default_authority
from graph.store.corpus import canonical
from graph.wikidata.links import Link, published, write_links
from graph.wikidata.merging import MergedIncrement, merge
from graph.wikidata.slices import newest

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

STATES = st.tuples(
    st.frozensets(st.sampled_from(SUBJECTS)), st.frozensets(st.sampled_from(ITEMS))
)  # fmt: skip
SLOW = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def linked(without: frozenset[str]) -> list[Link]:
    return [link for link in links() if shorten(link.subject) not in without]


@cache
def from_scratch(state: State) -> bytes:
    """The canonical N-Quads of a world made anew."""
    dataset = world(*(each for each in the_four() if each.id in state[1]), linked=linked(state[0]))
    return canonical(dataset.quads())


def change(dataset: Dataset, state: State) -> None:
    """Take links and slices back, and put others there; what is derived stays as it is until the next merge."""
    dataset.links = published(linked(state[0]))
    dataset.slices, dataset.retrieved = {}, set()
    for each in the_four():
        if each.id in state[1]:
            put(dataset, each)
    dataset.wikidata = newest(dataset.slices, dataset.retrieved)


@SLOW
@given(st.lists(STATES, min_size=2, max_size=4))
def test_links_and_slices_come_and_go_in_any_order_and_leave_no_trace(states: list[State]) -> None:
    dataset = beside(*the_four())
    for state in [*states, *reversed(states)]:
        change(dataset, state)
        merge(dataset)
        assert canonical(dataset.quads()) == from_scratch(state)


def test_a_link_taken_back_takes_its_conclusions_along_and_brings_them_again() -> None:
    everything: State = (frozenset(), frozenset(ITEMS))
    dataset = beside(*the_four())
    merge(dataset)
    whole, concluded = canonical(dataset.quads()), dataset.entailed_with_wikidata
    change(dataset, (frozenset({"person:onodera"}), everything[1]))
    merge(dataset)
    gone = {
        t
        for t in concluded - dataset.entailed_with_wikidata
        if shorten(t.predicate.value) in ("cq:met", "cq:tookPartIn")
    }
    # The authority file has a tenure of his, by which he sat there all the same; without the link, by that alone.
    assert not gone
    assert not [t for t in dataset.tenures if "onodera" in str(t.subject)]
    change(dataset, (frozenset({"office:jp-defence-minister"}), everything[1]))
    merge(dataset)
    gone = {
        (shorten(t.subject.value), shorten(t.predicate.value)) for t in concluded - dataset.entailed_with_wikidata
    }
    assert {("person:onodera", "cq:met"), ("person:onodera", "cq:tookPartIn")} <= gone
    change(dataset, everything)
    merge(dataset)
    assert canonical(dataset.quads()) == whole


@pytest.fixture
def _never_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.rules.materialisation.LARGE", 1000)


@pytest.mark.usefixtures("_never_anew")
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(STATES, min_size=2, max_size=4))
def test_by_differences_it_is_what_it_is_from_scratch(states: list[State]) -> None:
    dataset = beside(*the_four())
    kept = MergedIncrement(dataset)
    for state in states:
        dataset = beside(*the_four())
        change(dataset, state)
        before = set(kept.entailed_with_wikidata)
        told = kept.update(dataset)
        merge(dataset)
        assert kept.entailed_with_wikidata == dataset.entailed_with_wikidata
        assert (told.added, told.removed) == (
            kept.entailed_with_wikidata - before,
            before - kept.entailed_with_wikidata,
        )


def test_by_differences_documents_may_come_and_go_too() -> None:
    """Without the assertion that tells of the first 2+2, nobody sat there by any tenure."""
    dataset = beside(*the_four())
    kept = MergedIncrement(dataset)
    name = next(each for each in dataset.assertions if shorten(each.value) == "a:streltsov-2plus2-first")
    less = beside(*the_four())
    less.assertions = {each: graph for each, graph in dataset.assertions.items() if each != name}
    less.admitted = {each: granted for each, granted in dataset.admitted.items() if each != name}
    less.provenance = {t for t in dataset.provenance if "streltsov-2plus2-first" not in str(t)}
    took_part = {t for t in kept.entailed_with_wikidata if shorten(t.predicate.value) == "cq:tookPartIn"}
    assert took_part
    told = kept.update(less)
    assert took_part <= told.removed
    assert kept.update(dataset).added == told.removed


def test_a_slice_is_never_changed_by_the_merge() -> None:
    dataset = beside(*the_four())
    slices = {name: set(graph) for name, graph in dataset.slices.items()}
    merge(dataset)
    assert dataset.slices == slices
    assert {NamedNode(each.graph) for each in the_four()} == slices.keys()


@pytest.fixture(scope="module")
def built_thrice(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    """The versions of three builds of one authority folder: as it is, without a link, and with the link again."""
    folder = tmp_path_factory.mktemp("thrice")
    corpus, authority = SmallCorpus(folder).write().corpus, folder / "authority"
    shutil.copytree(default_authority(), authority)
    versions = []
    for without in (frozenset[str](), frozenset({"office:jp-foreign-minister"}), frozenset[str]()):
        write_links(authority, linked(without))
        versions.append(build(folder / "store", corpus=corpus, authority=authority).version)
    return versions[0], versions[1], versions[2]


def test_a_build_after_a_link_was_there_for_a_while_is_the_build_before(built_thrice: tuple[str, str, str]) -> None:
    before, between, after = built_thrice
    assert before == after != between


def test_without_the_last_slice_nothing_of_the_view_is_left() -> None:
    dataset = beside(*the_four())
    merge(dataset)
    change(dataset, (frozenset(), frozenset()))
    merge(dataset)
    assert canonical(dataset.quads()) == from_scratch((frozenset(), frozenset()))
    assert not dataset.with_wikidata
