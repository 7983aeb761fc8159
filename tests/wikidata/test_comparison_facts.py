"""Documents that never were, beside real facts of Wikidata: the shipped ones, and Q7747 as it was recorded."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from both_sides import World, held, link, world

from graph.namespaces import GRAPH_WIKIDATA, slice_graph
from graph.sources import shipped_slices
from graph.wikidata.comparison import Finding
from graph.wikidata.links import published
from graph.wikidata.model import Entity
from graph.wikidata.reading import read_entity
from graph.wikidata.slices import Slices, newest, read_slices

SHARED = Path(__file__).parents[3] / "shared" / "wikidata"
OFFICES = {"minister": "Q6500838", "president": "Q218295", "premier": "Q842386"}
PEOPLE = {"inada": "Q1654408", "kishida": "Q359480", "onodera": "Q49969", "putin": "Q7747"}
AUTHORITY = "".join(
    f'office:{name} a org:Post ; cq:heldByOne true ; skos:prefLabel "{name}"@en .'
    for name in ("president", "premier")
) + "".join(f'person:{name} a foaf:Person ; skos:prefLabel "{name.title()}"@en .' for name in PEOPLE)
LINKS = tuple(link(f"office:{name}", item) for name, item in OFFICES.items()) + tuple(
    link(f"person:{name}", item) for name, item in PEOPLE.items()
)


@pytest.fixture(scope="module")
def facts() -> Slices:
    """The newest of the shipped slices, as one graph."""
    read = read_slices(shipped_slices())
    return Slices({GRAPH_WIKIDATA: newest(read.graphs, read.retrieved)}, read.retrieved)


def asked(facts: Slices, person: str, office: str, day: str) -> Finding:
    """What is found where a document says that somebody held an office on a day."""
    made = world(AUTHORITY).says("a1", held(person, office, day))
    made.dataset.wikidata, made.dataset.retrieved = facts.graphs[GRAPH_WIKIDATA], facts.retrieved
    made.dataset.links = published(LINKS)
    (found,) = [each for each in made.found() if each.name[0] == "office"]
    return found


@pytest.mark.parametrize(
    ("person", "day", "verdict"),
    [
        ("inada", "2017-03-20", "agree"),
        ("inada", "2017-07-28", "agree"),
        ("inada", "2017-07-30", "ended-before"),
        ("inada", "2016-08-02", "starts-after"),
        ("kishida", "2017-07-30", "agree"),
        ("kishida", "2017-07-27", "starts-after"),
        ("onodera", "2017-03-20", "ended-before"),
        ("putin", "2017-03-20", "other-holder"),
        ("putin", "2006-12-31", "silent"),
    ],
)
def test_who_was_defence_minister_of_japan(facts: Slices, person: str, day: str, verdict: str) -> None:
    assert asked(facts, person, "minister", day).verdict == verdict


def test_on_30_july_2017_it_was_kishida(facts: Slices) -> None:
    sentence = asked(facts, "inada", "minister", "2017-07-30").sentence
    kishida = "statement Q359480$F273C246-6269-4DE3-99F2-AACF28D24CAF, from 28 July 2017 to 3 August 2017"
    assert sentence.endswith(f"to 28 July 2017, before that; then Wikidata has Kishida in it ({kishida}).")


@pytest.mark.parametrize(
    ("office", "day", "verdict"),
    [
        ("president", "2017-03-20", "agree"),
        ("president", "2004-03-14", "agree"),
        ("president", "2010-01-01", "ended-before"),
        ("premier", "1999-12-01", "agree"),
        ("premier", "2010-01-01", "agree"),
        ("premier", "2017-03-20", "ended-before"),
    ],
)
def test_putins_offices_by_all_statements_not_by_the_best_rank(
    facts: Slices, office: str, day: str, verdict: str
) -> None:
    assert asked(facts, "putin", office, day).verdict == verdict


UNDATED = ("Q140686", "Q38715670", "Q38715852", "Q1553195", "Q2072298")


def beside_record(record: Entity, item: str, day: str) -> str:
    """The verdict on an aide, an office which is linked to an item."""
    made: World = world(AUTHORITY).says("a1", held("putin", "aide", day))
    made.beside([record], (link("person:putin", "Q7747"), link("office:aide", item)))
    (found,) = [each for each in made.found() if each.name[0] == "office"]
    return found.verdict


def recorded(path: Path, revision: str) -> Entity:
    """What a record says of offices and births."""
    if not path.is_file():
        pytest.skip(f"{path} is not there: the records stand beside the checkout only")
    whole = read_entity(
        json.loads(path.read_text(encoding="utf-8")), "2026-04-21", slice_graph("Q7747", revision).value
    )
    return replace(whole, statements=(*whole.of("P39"), *whole.of("P569")), sitelinks=())


@pytest.fixture(scope="module")
def q7747() -> Entity:
    return recorded(SHARED / "entities" / "Q7747.json", "2483686458")


@pytest.mark.shared
class TestRecord:
    """Q7747 at revision 2483686458: 22 statements on offices, five undated, one deprecated."""

    @pytest.mark.parametrize("item", UNDATED)
    def test_five_are_undated(self, q7747: Entity, item: str) -> None:
        # Two of the five stand beside dated ones: of Q140686 from 2012, of Q1553195 from 1995 to 1997.
        assert beside_record(q7747, item, "1990-01-01") == "undated"

    def test_one_is_deprecated_only(self, q7747: Entity) -> None:
        assert beside_record(q7747, "Q2350808", "1990-01-01") == "deprecated-only"

    def test_precision_of_a_year(self, q7747: Entity) -> None:
        assert beside_record(q7747, "Q1553195", "1996-06-01") == "agree"
        assert beside_record(q7747, "Q1553195", "1995-06-01") == "agree-within-precision"

    def test_of_two_items_for_one_office_the_other_has_the_tenure(self, q7747: Entity) -> None:
        assert beside_record(q7747, "Q38715304", "1999-06-01") == "agree"
        assert beside_record(q7747, "Q109551787", "1999-06-01") == "silent"

    @pytest.mark.parametrize("revision", ["2167274852", "2325226055", "2483686458"])
    def test_what_agreed_stands_in_every_revision(self, revision: str) -> None:
        record = recorded(SHARED / "entities_history" / f"Q7747@{revision}.json", revision)
        born = link("person:putin", "Q7747", "accepted", "born 1952-10-07 (P569)", "President since 2012-05-07 (P39)")
        father = link("person:putin", "Q7747", "accepted", "born 1911 (P569)")
        assert world(AUTHORITY).beside([record], (born,)).found("link-stale") == []
        assert len(world(AUTHORITY).beside([record], (father,)).found("link-stale")) == 1
