"""The merge: which tenures Wikidata's statements become, what follows from them, and which side says what."""

from dataclasses import replace

import pytest
from merged_worlds import (
    JP_DEFENCE,
    JP_FOREIGN,
    KISHIDA,
    LAVROV,
    NONE,
    ONODERA,
    READ,
    RU_FOREIGN,
    SHOIGU,
    SOME,
    YEAR,
    beside,
    entity,
    held,
    links,
    local,
    since,
    the_four,
    told,
    toy,
    until,
    world,
)
from pyoxigraph import NamedNode, Triple

from graph.dataset import Dataset
from graph.namespaces import GRAPH_MERGED, GRAPH_TENURES, GRAPH_WITH_WIKIDATA, cq, expand, shorten, slice_graph, term
from graph.store.corpus import canonical
from graph.wikidata.links import node as link_node
from graph.wikidata.merging import merge, merged_dataset
from graph.wikidata.merging.view import offices_linked

FIRST = NamedNode(expand("meeting:ru-jp-2plus2-2013-11-02"))
BONN = NamedNode(expand("meeting:ru-jp-fm-bonn-2017-02"))
PARTICIPANT = cq("participant")
KONO = "Q1161024"


@pytest.fixture(scope="module")
def merged() -> Dataset:
    return world(*the_four())


def nodes(dataset: Dataset) -> list[str]:
    return sorted({shorten(t.subject.value) for t in dataset.tenures})


def only(dataset: Dataset) -> dict[str, set[str]]:
    """What is said of the one tenure of a dataset."""
    (name,) = nodes(dataset)
    return told(dataset.tenures, NamedNode(expand(name)))


def relations(dataset: Dataset, prefix: str, event: NamedNode) -> set[str]:
    """How tenures whose slug begins so stand to an event, in the view."""
    return {
        shorten(t.predicate.value)
        for t in dataset.with_wikidata
        if t.object == event and shorten(t.subject.value).startswith(f"tenure:{prefix}")
    }


def attending(dataset: Dataset, event: NamedNode) -> set[str]:
    """Who took part in an event, by the view."""
    return {
        shorten(t.subject.value)
        for t in dataset.with_wikidata
        if t.predicate == cq("tookPartIn") and t.object == event
    }


def test_a_statement_becomes_a_tenure_that_says_where_it_is_from() -> None:
    statement = held(KISHIDA, JP_DEFENCE, 2, since("2017-07-28"), until("2017-08-03"))
    found = only(world(entity(KISHIDA, statement)))
    day = "2017-07-28", "2017-08-03"
    assert found == {
        "rdf:type": {"org:Membership"},
        "org:member": {"person:kishida"},
        "cq:heldPost": {"office:jp-defence-minister"},
        "cq:when": {"/".join(day)},
        **{name: {day[0]} for name in ("cq:startEarliest", "cq:startLatest")},
        **{name: {day[1]} for name in ("cq:endEarliest", "cq:endLatest")},
        "prov:wasDerivedFrom": {"wds:Q359480-00000002-0000-4000-8000-000000000000"},
        "cq:readIn": {slice_graph(KISHIDA, "1000").value},
        "cq:recordedOn": {READ},
        "cq:restsOnLink": {"link:person.kishida.q359480", "link:office.jp-defence-minister.q6500838"},
    }


def test_every_rank_but_deprecated_is_read() -> None:
    ranks = "preferred", "normal", "deprecated", None
    statements = [
        held(KISHIDA, JP_FOREIGN, n, since(f"201{n}-01-01"), until(f"201{n}-12-31"), rank=rank)
        for n, rank in enumerate(ranks)
    ]
    names = nodes(world(entity(KISHIDA, *statements)))
    assert [name.rpartition("-")[0][-4:] for name in names] == ["2010", "2011", "2013"]


def test_two_statements_of_a_year_and_a_post_are_two_tenures_of_one_holder() -> None:
    """Both on the whole time of the first 2+2, and a third one on the same days: a duplicate is no second holder."""
    twice = [held(KISHIDA, JP_FOREIGN, n, since("2012-12-26"), until("2017-08-03")) for n in (1, 2)]
    again = held(KISHIDA, JP_FOREIGN, 3, since("2012-12-30"), until("2012-12-31"))
    lavrov, shoigu, _, onodera = the_four()
    dataset = world(lavrov, shoigu, entity(KISHIDA, *twice, again), onodera)
    assert len([name for name in nodes(dataset) if name.startswith("tenure:kishida-jp-foreign-minister-2012-")]) == 3
    assert "person:kishida" in attending(dataset, FIRST)


def test_a_second_holder_of_the_days_leaves_the_seat_to_nobody() -> None:
    other = entity(KONO, held(KONO, JP_FOREIGN, 1, since("2013-01-01"), until("2014-01-01")))
    dataset = world(*the_four(), other)
    assert attending(dataset, FIRST) == {"person:lavrov", "person:shoigu", "person:onodera"}


@pytest.mark.parametrize(
    ("when", "relation"),
    [
        ((), "may"),
        ((since("2012-12-26"),), "covers"),
        ((since("2012-12-26"), NONE), "covers"),
        ((since("2012-12-26"), SOME), "may"),
        ((since("2012-01-01", YEAR), until("2017-08-03")), "covers"),
        ((since("2013-01-01", YEAR), until("2017-08-03")), "may"),
        ((until("2017-08-03"),), "may"),
        ((since("2013-11-02"), until("2017-08-03")), "may"),
        ((since("2013-11-03"), until("2017-08-03")), "misses"),
        ((since("2012-12-26"), until("2013-11-01")), "misses"),
        ((since("2017-08-03"), until("2012-12-26")), "may"),
    ],
)
def test_what_is_not_dated_is_certain_of_no_day(when: tuple, relation: str) -> None:
    dataset = world(entity(KISHIDA, held(KISHIDA, JP_FOREIGN, 1, *when)), ground=toy)
    names = {"covers": "cq:coversDateOf", "may": "cq:mayCoverDateOf", "misses": "cq:missesDateOf"}
    assert relations(dataset, "kishida-jp-foreign-minister", FIRST) == {names[relation]}
    assert ("person:kishida" in attending(dataset, FIRST)) == (relation == "covers")


def test_an_unknown_end_has_come_by_the_day_of_reading_and_what_contradicts_itself_has_no_date() -> None:
    some = only(world(entity(KISHIDA, held(KISHIDA, JP_FOREIGN, 1, since("2012-12-26"), SOME))))
    assert (some["cq:endEarliest"], some["cq:endLatest"]) == ({"2012-12-26"}, {READ})
    against = only(world(entity(KISHIDA, held(KISHIDA, JP_FOREIGN, 1, since("2017-08-03"), until("2012-12-26")))))
    assert not {"cq:when", "cq:startEarliest", "cq:endLatest"} & against.keys()


@pytest.mark.parametrize(
    "change",
    [
        {"status": "rejected"},
        {"status": "candidate"},
        {"status": "stale"},
        {"predicate": "skos:closeMatch"},
        {"predicate": "skos:broadMatch"},
    ],
)
@pytest.mark.parametrize("subject", ["person:kishida", "office:jp-foreign-minister"])
def test_only_accepted_exact_links_of_both_count(subject: str, change: dict[str, str]) -> None:
    changed = [replace(link, **change) if shorten(link.subject) == subject else link for link in links()]  # type: ignore[arg-type]
    statement = held(KISHIDA, JP_FOREIGN, 1, since("2012-12-26"), until("2017-08-03"))
    assert nodes(world(entity(KISHIDA, statement), ground=toy))
    assert not nodes(world(entity(KISHIDA, statement), linked=changed, ground=toy))


def test_an_office_is_known_under_an_identifier_that_redirects_to_it() -> None:
    office = entity(JP_FOREIGN, redirects=("Q999",))
    person = entity(KISHIDA, held(KISHIDA, "Q999", 1, since("2012-12-26"), until("2017-08-03")))
    assert not nodes(world(person))
    assert only(world(person, office))["cq:heldPost"] == {"office:jp-foreign-minister"}


class TestAuthority:
    """Which tenures of the authority file stand in the view."""

    def kept(self, dataset: Dataset, prefix: str) -> set[str]:
        of_view = {t.subject for t in dataset.authority & dataset.with_wikidata}
        return {name for t in of_view if (name := shorten(t.value)).startswith(f"tenure:{prefix}")}

    def test_those_of_whoever_has_a_slice_give_way_and_others_stay(self, merged) -> None:
        assert self.kept(merged, "onodera") == self.kept(merged, "lavrov") == set()
        assert self.kept(merged, "inada") == {"tenure:inada-jp-defence-minister-2016"}
        assert merged.authority == local().authority

    def test_what_wikidata_no_longer_says_is_gone_with_a_whole_slice(self) -> None:
        dataset = world(entity(ONODERA, held(ONODERA, JP_DEFENCE, 1, since("2012-12-26"), until("2014-09-03"))))
        assert self.kept(dataset, "onodera") == set()
        assert [name for name in nodes(dataset) if "onodera" in name] == nodes(dataset)

    def test_a_partial_slice_says_nothing_of_what_it_lacks(self) -> None:
        early = held(ONODERA, JP_DEFENCE, 1, since("2012-12-26"), until("2014-09-03"))
        assert self.kept(world(entity(ONODERA, early, partial=True)), "onodera") == {
            "tenure:onodera-jp-defence-minister-2017"
        }
        undated = held(ONODERA, JP_DEFENCE, 1)
        assert len(self.kept(world(entity(ONODERA, undated, partial=True)), "onodera")) == 2

    def test_a_partial_slice_that_has_the_statement_takes_its_place_whatever_its_rank(self) -> None:
        guid = "Q49969$D0B54187-A86B-4456-97A3-B1E71BEE6C77"
        same = held(ONODERA, JP_DEFENCE, 1, rank="deprecated")
        same = replace(same, guid=guid, iri=expand("wds:" + guid.replace("$", "-")))
        dataset = world(entity(ONODERA, same, partial=True))
        assert self.kept(dataset, "onodera") == {"tenure:onodera-jp-defence-minister-2017"}
        assert not nodes(dataset)

    def test_without_the_link_of_the_office_the_slice_tells_nothing_of_it(self) -> None:
        linked = [link for link in links() if shorten(link.subject) != "office:jp-defence-minister"]
        dataset = world(*the_four(), linked=linked)
        assert len(self.kept(dataset, "onodera")) == 2
        assert self.kept(dataset, "kishida") == {"tenure:kishida-jp-defence-minister-2017"}


def test_the_first_2plus2_is_filled_from_tenures_and_only_in_the_view(merged) -> None:
    ministers = {"person:lavrov", "person:shoigu", "person:kishida", "person:onodera"}
    assert attending(merged, FIRST) == ministers
    sides = {
        (shorten(t.subject.value).split(".state.")[1], shorten(t.object.value))
        for t in merged.entailed_with_wikidata
        if t.predicate == PARTICIPANT
    }
    assert sides == {
        ("russia.held", "person:lavrov"),
        ("russia.held", "person:shoigu"),
        ("japan.held", "person:kishida"),
        ("japan.held", "person:onodera"),
    }
    onodera = term("person:onodera")
    met = {shorten(t.object.value) for t in merged.with_wikidata if (t.subject, t.predicate) == (onodera, cq("met"))}
    assert met == {"person:lavrov", "person:shoigu"}
    assert not [
        t for t in merged.merged() if t.predicate in (cq("tookPartIn"), cq("seatsPost")) and t.object == FIRST
    ]
    assert merged.entailed == local().entailed


def test_nobody_sits_where_the_words_name_an_office_of_the_side() -> None:
    """The deputies of 18 March, and the side of Russia if words said that it sent its deputy defence minister."""
    dataset = beside(*the_four())
    (side,) = {
        t.object
        for t in local().merged()
        if (t.subject, t.predicate) == (FIRST, cq("hasParticipation")) and "russia" in str(t.object)
    }
    name = NamedNode(expand("a:streltsov-2plus2-first"))
    deputy = NamedNode(side.value.replace("no-post", "ru-deputy-foreign-minister"))
    came = {Triple(deputy, t.predicate, t.object) for t in dataset.assertions[name] if t.subject == side}
    came |= {
        Triple(FIRST, cq("hasParticipation"), deputy),
        Triple(deputy, cq("heldPost"), term("office:ru-deputy-foreign-minister")),
    }
    dataset.assertions = {**dataset.assertions, name: dataset.assertions[name] | came}
    merge(dataset)
    assert attending(dataset, FIRST) == {"person:kishida", "person:onodera"}


def sides(dataset: Dataset, triple: Triple) -> set[str]:
    """The graphs that say a triple, without views."""
    graphs = {quad.graph_name for quad in dataset.quads() if quad.triple == triple}
    return {shorten(graph.value).rpartition("/graph/")[2] for graph in graphs - {GRAPH_MERGED, GRAPH_WITH_WIKIDATA}}


def test_each_triple_of_the_view_says_which_side_says_it(merged) -> None:
    (tenure,) = {t.subject for t in merged.tenures if "onodera-jp-defence-minister-2012" in str(t.subject)}
    (statement,) = {
        t.object for t in merged.tenures if (t.subject, t.predicate) == (tenure, term("prov:wasDerivedFrom"))
    }
    office, person = term("office:jp-defence-minister"), term("person:onodera")
    assert sides(merged, Triple(tenure, cq("heldPost"), office)) == {"tenures"}
    item = Triple(statement, term("ps:P39"), term(f"wd:{JP_DEFENCE}"))
    assert sides(merged, item) == {"wikidata", f"wikidata/{ONODERA}/1000"}
    assert sides(merged, Triple(person, term("skos:exactMatch"), term(f"wd:{ONODERA}"))) == {"links"}
    assert sides(merged, Triple(person, cq("tookPartIn"), FIRST)) == {"entailed-with-wikidata"}
    assert sides(merged, Triple(term("person:lavrov"), cq("tookPartIn"), BONN)) == {"entailed"}
    assert sides(merged, Triple(FIRST, cq("status"), cq("Held"))) == {"a:streltsov-2plus2-first"}
    assert sides(merged, Triple(office, term("org:postIn"), term("state:japan"))) == {"authority"}


def test_the_view_is_just_what_its_graphs_say(merged) -> None:
    said = [q for q in merged.quads() if q.graph_name not in (GRAPH_MERGED, GRAPH_WITH_WIKIDATA)]
    stated = {t for t in merged.merged() if t.predicate == cq("statedIn")}
    assert merged.with_wikidata <= {q.triple for q in said} | stated
    assert merged.with_wikidata >= merged.links | merged.wikidata | merged.tenures | merged.entailed_with_wikidata
    assert merged.with_wikidata >= merged.provenance | stated
    left_out = merged.merged() - merged.with_wikidata
    gone = {t.subject for t in left_out if t in merged.authority}
    assert gone
    assert {t.subject for t in left_out} == gone
    assert {q.triple for q in said if q.graph_name == GRAPH_TENURES} == merged.tenures


def test_merging_twice_is_merging_once_and_changes_nothing_local() -> None:
    dataset = beside(*the_four())
    before = canonical(dataset.quads())
    merge(dataset)
    once = canonical(dataset.quads())
    merge(dataset)
    assert canonical(dataset.quads()) == once
    assert set(before.splitlines()) < set(once.splitlines())


def test_where_there_is_nothing_of_wikidata_there_is_no_other_view() -> None:
    dataset = world()
    assert dataset.tenures == dataset.entailed_with_wikidata == dataset.with_wikidata == set()
    assert merged_dataset(dataset) is dataset
    unlinked = world(*the_four(), linked=())
    assert unlinked.with_wikidata == unlinked.merged() | unlinked.wikidata
    assert unlinked.tenures == unlinked.entailed_with_wikidata == set()


def test_the_view_as_a_dataset_of_its_own(merged) -> None:
    view = merged_dataset(merged)
    assert view.merged() == merged.with_wikidata
    assert view.premises() >= merged.tenures | offices_linked(merged.links)
    assert view.entailed <= view.merged()
    assert view.entailed >= merged.entailed_with_wikidata
    assert view.authority == merged.authority & merged.with_wikidata
    listed = {t.object for t in view.index if t.predicate == term("rdfs:member")}
    assert {t.subject for t in merged.entailed_with_wikidata if t.object == cq("Encounter")} <= listed
    assert merged_dataset(view).index == view.index


def test_a_tenure_rests_on_links_that_are_there(merged) -> None:
    linked = {link_node(link) for link in links()}
    assert {t.object for t in merged.tenures if t.predicate == cq("restsOnLink")} <= linked


def test_who_is_in_no_slice_is_in_no_tenure_of_one() -> None:
    dataset = world(entity(LAVROV, held(LAVROV, RU_FOREIGN, 1, since("2004-03-09"))), entity(SHOIGU))
    assert [name.partition("-")[0] for name in nodes(dataset)] == ["tenure:lavrov"]
