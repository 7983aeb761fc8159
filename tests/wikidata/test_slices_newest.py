"""Which answer counts: the latest of each address, the latest of each statement, an item or its redirect."""

from pathlib import Path

import pytest
from slicing import entity, item, snak, statement, triple
from test_slices import graphs, kept_in, seen, table

from graph.namespaces import slice_graph
from graph.wikidata.entities import ShapeError, entities
from graph.wikidata.reading import read_entity
from graph.wikidata.shape import triples_of
from graph.wikidata.slices import Slices, newest
from graph.wikidata.slices.uniting import of_the_latest

A, B = "https://example.org/A", "https://example.org/B"
HEAD = "item,position,start,psid,rank"


def answer(folder: Path, url: str, day: str, *rows: str) -> Slices:
    return kept_in(folder, table(HEAD, *rows), url=url, day=day, media_type="text/csv")


def held(slices: Slices, one: str = "Q1") -> list[tuple[str | None, str, str | None]]:
    """The offices of an item: which, from when, rank."""
    found = [*seen(slices)[one].of("P39")]
    starts = {each: [str(snak.value.time)[1:11] for snak in each.qualifier("P580")] for each in found}
    return sorted((each.item, ",".join(starts[each]), each.rank) for each in found)


def test_a_newer_answer_replaces_the_older_of_its_address_also_if_another_shares_the_day(tmp_path: Path) -> None:
    answer(tmp_path, A, "2021-01-01", "Q1,Q5,2010-01-02,,")
    both = answer(tmp_path, B, "2021-01-01", "Q1,Q7,2000-01-02,,")
    assert len(graphs(both)) == 2
    assert held(both) == [("Q5", "2010-01-02", None), ("Q7", "2000-01-02", None)]
    newer = answer(tmp_path, A, "2022-01-01", "Q1,Q5,2010-09-09,,")
    assert held(newer) == [("Q5", "2010-09-09", None), ("Q7", "2000-01-02", None)]


def test_a_newer_answer_without_an_item_replaces_the_rows_of_it(tmp_path: Path) -> None:
    answer(tmp_path, A, "2021-01-01", "Q1,Q5,2010-01-02,,", "Q2,Q5,2011-01-02,,")
    slices = answer(tmp_path, A, "2022-01-01", "Q2,Q5,2011-01-02,,")
    assert set(seen(slices)) == {"Q2"}


def test_of_one_statement_the_latest_retrieval_counts(tmp_path: Path) -> None:
    answer(tmp_path, A, "2021-01-01", "Q1,Q5,2010-01-02,Q1-ab,PreferredRank")
    slices = answer(tmp_path, B, "2022-01-01", "Q1,Q6,2011-03-04,Q1-ab,DeprecatedRank")
    assert held(slices) == [("Q6", "2011-03-04", "deprecated")]
    view = newest(slices.graphs, slices.retrieved)
    assert triple("wd:Q1", "wdt:P39", "wd:Q5") not in view, "which the older answer's best rank let it say"


def test_of_one_statement_in_two_answers_of_one_day_one_counts(tmp_path: Path) -> None:
    answer(tmp_path, A, "2021-01-01", "Q1,Q5,,Q1-ab,")
    slices = answer(tmp_path, A, "2021-01-01", "Q1,Q6,,Q1-ab,")
    assert len(held(slices)) == 1


def test_what_an_older_statement_says_of_the_item_goes_with_it_and_the_same_of_another_stays() -> None:
    def preferred(guid: str) -> dict:
        return statement(guid, snak("P39", item("Q5")), "preferred")

    two = triples_of(read_entity(entity("Q1", preferred("Q1$a"), preferred("Q1$b"))))
    none = triples_of(read_entity(entity("Q1", statement("Q1$c", snak("P26", "novalue")))))
    first = triples_of(read_entity(entity("Q1", statement("Q1$a", snak("P39", item("Q6")), "deprecated"))))
    assert triple("wd:Q1", "wdt:P39", "wd:Q5") in of_the_latest([two, first])
    both = triples_of(read_entity(entity("Q1", *(preferred_not(name) for name in ("a", "b")))))
    assert triple("wd:Q1", "wdt:P39", "wd:Q5") not in of_the_latest([two, both])
    other = triples_of(read_entity(entity("Q1", statement("Q1$c", snak("P26", item("Q9"))))))
    assert triple("wd:Q1", "rdf:type", "wdno:P26") in none
    assert triple("wd:Q1", "rdf:type", "wdno:P26") not in of_the_latest([none, other])


def preferred_not(name: str) -> dict:
    return statement(f"Q1${name}", snak("P39", item("Q5")), "deprecated")


def old(revision: int | None) -> dict:
    return entity("Q1", statement("Q1$a", snak("P39", item("Q5"))), revision=revision)


def redirecting(revision: int | None) -> dict:
    return {"entities": {"Q1": entity("Q2", statement("Q2$a", snak("P39", item("Q5"))), revision=revision)}}


@pytest.mark.parametrize(("first", "then"), [(5, 9), (None, 9), (None, None)])
def test_an_item_that_redirects_now_has_no_statements_of_its_own(
    tmp_path: Path, first: int | None, then: int | None
) -> None:
    kept_in(tmp_path, old(first), day="2020-01-01")
    slices = kept_in(tmp_path, redirecting(then), day="2021-01-01", url=B)
    view = newest(slices.graphs, slices.retrieved)
    assert triple("wd:Q1", "owl:sameAs", "wd:Q2") in view
    assert triple("wd:Q1", "p:P39", "wds:Q1-a") not in view
    assert set(seen(slices)) == {"Q2"}


@pytest.mark.parametrize(("first", "then"), [(9, 50), (9, None), (None, None)])
def test_a_redirect_that_was_undone_is_none(tmp_path: Path, first: int | None, then: int | None) -> None:
    kept_in(tmp_path, redirecting(first), day="2020-01-01", url=B)
    slices = kept_in(tmp_path, old(then), day="2021-01-01")
    view = newest(slices.graphs, slices.retrieved)
    assert triple("wd:Q1", "owl:sameAs", "wd:Q2") not in view
    assert triple("wd:Q1", "p:P39", "wds:Q1-a") in view
    assert set(seen(slices)) == {"Q1", "Q2"}
    assert seen(slices)["Q2"].redirects == ()


def test_a_shape_that_cannot_be_read_is_told_with_its_slice_and_address(tmp_path: Path) -> None:
    slices = kept_in(tmp_path, old(5), url=A)
    graph = slice_graph("Q1", "5")
    slices.graphs[graph].add(triple("wds:Q1-a", "ps:P39", "wd:Q6"))
    with pytest.raises(ShapeError, match=f"has 2 values.*{graph.value}> from {A}"):
        entities(slices.graphs[graph], slices.retrieved)
