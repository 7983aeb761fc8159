"""Assertions are added and retracted, one set after another: what is entailed is what a build would conclude."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.anchors import locks
from graph.assertions import read_corpus
from graph.dataset import Dataset, assemble, read_authority, read_ontology
from graph.increment import Increment, premise_changes
from graph.namespaces import shorten
from graph.outer_bounds import outer_bounds
from graph.rules import entail
from graph.sources import default_authority, default_corpus


@cache
def corpus() -> Dataset:
    """The dataset of the two documents, before entailment."""
    held = read_corpus(default_corpus())
    return assemble(list(locks(held, None)), read_authority(default_authority()), read_ontology())


def without(names: frozenset[str]) -> Dataset:
    """The same without some assertions: their graphs, and what provenance has of them and of their accounts."""
    whole = corpus()
    left = {name for name in whole.assertions if shorten(name.value) in names}
    slugs = {shorten(name.value).removeprefix("a:") for name in left}
    told = {t for t in whole.provenance if not (t.subject in left or _is_account_in(str(t.subject), slugs))}
    return Dataset(
        assertions={name: graph for name, graph in whole.assertions.items() if name not in left},
        admitted={name: granted for name, granted in whole.admitted.items() if name not in left},
        provenance=told,
        authority=whole.authority,
        ontology=whole.ontology,
    )


def _is_account_in(subject: str, slugs: set[str]) -> bool:
    return "/account/" in subject and subject.partition("/account/")[2].partition(".")[0] in slugs


def names() -> list[str]:
    return sorted(shorten(name.value) for name in corpus().assertions)


def from_scratch(dataset: Dataset) -> set[object]:
    return {*entail(dataset.premises()), *outer_bounds(dataset)}


@pytest.fixture(autouse=True)
def _never_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.rules.materialisation.LARGE", 1000)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_assertions_may_come_and_go(data: st.DataObject) -> None:
    left_out = st.frozensets(st.sampled_from(names()), max_size=25)
    kept = Increment(without(data.draw(left_out)))
    for _ in range(3):
        dataset = without(data.draw(left_out))
        before = set(kept.entailed)
        change = kept.update(dataset)
        assert kept.entailed == from_scratch(dataset)
        assert (change.added, change.removed) == (kept.entailed - before, before - kept.entailed)


def test_a_document_comes_and_goes_as_a_whole() -> None:
    kistanov = frozenset(name for name in names() if name.startswith("a:kistanov"))
    kept = Increment(without(frozenset()))
    whole = set(kept.entailed)
    gone = kept.update(without(kistanov))
    assert gone.removed
    assert kept.update(without(frozenset())).added == gone.removed
    assert kept.entailed == whole


def test_what_another_assertion_states_has_not_gone() -> None:
    """Both documents say that the meeting of 20 March was held in Tokyo."""
    held = frozenset({"a:streltsov-2plus2-held"})
    _, gone = premise_changes(without(frozenset()), without(held))
    stated = set(without(held).premises())
    assert gone
    assert not gone & stated
    assert gone == without(frozenset()).premises() - stated
