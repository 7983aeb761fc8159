"""The merge where Wikidata has a holder who is nobody of ours, an end that no day tells, or an item merged away."""

from dataclasses import replace
from pathlib import Path

import pytest
from merged_worlds import (
    JP_DEFENCE,
    KISHIDA,
    NONE,
    ONODERA,
    SOME,
    YEAR,
    entity,
    held,
    links,
    since,
    the_four,
    told,
    toy,
    until,
    world,
)
from pyoxigraph import NamedNode, Triple

from graph.dataset import Dataset
from graph.engine.embedded import Embedded
from graph.namespaces import cq, expand, shorten, term
from graph.proofs import check, leaves, why
from graph.store import Snapshot
from graph.store.corpus import canonical, load
from graph.wikidata.merging import merged_dataset
from graph.wikidata.model import Entity, Snak, Statement, Time

FIRST = NamedNode(expand("meeting:ru-jp-2plus2-2013-11-02"))
SEATED = {"person:lavrov", "person:shoigu", "person:kishida", "person:onodera"}
OTHER, SUCCESSOR = "Q900001", "Q900002"
ALL_OF_2013 = since("2013-01-01"), until("2014-01-01")


def compact(node: object) -> str:
    return shorten(getattr(node, "value", ""))


def related(dataset: Dataset, predicate: str, event: NamedNode = FIRST) -> set[str]:
    """What stands so to an event in the view."""
    found = (t for t in dataset.with_wikidata if t.predicate == term(predicate) and t.object == event)
    return {compact(t.subject) for t in found}


def participants(dataset: Dataset) -> set[str]:
    found = (t for t in dataset.with_wikidata if t.predicate == cq("participant"))
    return {compact(t.object) for t in found}


def tenures(dataset: Dataset, prefix: str) -> set[str]:
    """The tenures of the view whose slug begins so: the authority file's, and those that were read."""
    own = dataset.tenures | (dataset.authority & dataset.with_wikidata)
    return {name for t in own if (name := compact(t.subject)).startswith(f"tenure:{prefix}")}


def with_other(*when: Snak, rank: str = "normal", **change: object) -> Dataset:
    """The four of the first 2+2, and somebody without a link as defence minister of Japan."""
    other = entity(OTHER, held(OTHER, JP_DEFENCE, 1, *when, rank=rank))  # type: ignore[arg-type]
    return world(*the_four(), replace(other, **change), ground=toy)  # type: ignore[arg-type]


def with_onodera(*statements: Statement, of: Entity | None = None, more: tuple[Entity, ...] = ()) -> Dataset:
    return world(*the_four()[:3], of or entity(ONODERA, *statements), *more, ground=toy)


class TestRivals:
    @pytest.mark.parametrize(
        ("when", "is_rival"),
        [
            (ALL_OF_2013, True),
            ((), True),
            ((since("2013-01-01", YEAR), until("2014-01-01", YEAR)), True),
            ((since("2013-01-01"), SOME), True),
            ((since("2013-11-02"), until("2014-01-01")), True),
            ((since("2013-11-03"), until("2014-01-01")), False),
            ((since("2011-01-01"), until("2012-01-01")), False),
        ],
    )
    def test_a_holder_without_a_link_leaves_the_seat_to_nobody(self, when: tuple[Snak, ...], is_rival: bool) -> None:
        dataset = with_other(*when)
        assert related(dataset, "cq:tookPartIn") == (SEATED - {"person:onodera"} if is_rival else SEATED)

    def test_it_is_a_tenure_of_the_item_that_rests_on_the_link_of_the_office_alone(self) -> None:
        dataset = with_other(*ALL_OF_2013)
        (name,) = tenures(dataset, OTHER.lower())
        found = told(dataset.tenures, NamedNode(expand(name)))
        assert found["org:member"] == {f"wd:{OTHER}"}
        assert found["cq:heldPost"] == {"office:jp-defence-minister"}
        assert found["cq:restsOnLink"] == {"link:office.jp-defence-minister.q6500838"}
        assert found["prov:wasDerivedFrom"] == {f"wds:{OTHER}-00000001-0000-4000-8000-000000000000"}
        assert (found["cq:startEarliest"], found["cq:endLatest"]) == ({"2013-01-01"}, {"2014-01-01"})

    def test_a_deprecated_statement_is_no_rival(self) -> None:
        assert related(with_other(*ALL_OF_2013, rank="deprecated"), "cq:tookPartIn") == SEATED

    def test_a_slice_without_a_day_is_none_either(self) -> None:
        assert related(with_other(*ALL_OF_2013, retrieved=""), "cq:tookPartIn") == SEATED

    def test_who_alone_held_the_office_is_no_participant_if_he_is_nobody_of_ours(self) -> None:
        other = entity(OTHER, held(OTHER, JP_DEFENCE, 1, *ALL_OF_2013))
        late = held(ONODERA, JP_DEFENCE, 1, since("2017-08-03"), until("2018-10-02"))
        dataset = with_onodera(late, more=(other,))
        assert any(name.startswith(f"tenure:{OTHER.lower()}-") for name in related(dataset, "cq:coversDateOf"))
        assert related(dataset, "cq:tookPartIn") == SEATED - {"person:onodera"}
        assert not [name for name in participants(dataset) if name.startswith("wd:")]

    def test_the_office_that_words_name_is_left_to_nobody_too(self) -> None:
        """Whom the words call the foreign ministers at Bonn is found by role, and not by format."""
        bonn = NamedNode(expand("meeting:ru-jp-fm-bonn-2017-02"))
        assert "person:kishida" in related(world(*the_four()), "cq:tookPartIn", bonn)
        other = entity(OTHER, held(OTHER, "Q1355043", 1, since("2017-01-01"), until("2018-01-01")))
        dataset = world(*the_four(), other)
        assert "person:kishida" not in related(dataset, "cq:tookPartIn", bonn)
        alone = world(the_four()[0], entity(KISHIDA), other)
        assert not [name for name in related(alone, "cq:tookPartIn", bonn) if name.startswith("wd:")]
        assert not [name for name in participants(alone) if name.startswith("wd:")]

    def test_an_item_that_the_authority_file_has_a_tenure_from_is_no_rival_of_its_own_person(self) -> None:
        """Without his link the tenure of the authority file stands; Wikidata's word on him is not against him."""
        unlinked = [link for link in links() if shorten(link.subject) != "person:onodera"]
        dataset = world(*the_four(), linked=unlinked, ground=toy)
        assert tenures(dataset, ONODERA.lower()) == set()
        assert related(dataset, "cq:tookPartIn") == SEATED

    def test_without_the_link_of_the_office_there_is_none(self) -> None:
        unlinked = [link for link in links() if shorten(link.subject) != "office:jp-defence-minister"]
        other = entity(OTHER, held(OTHER, JP_DEFENCE, 1, *ALL_OF_2013))
        assert tenures(world(*the_four(), other, linked=unlinked, ground=toy), OTHER.lower()) == set()

    def test_what_is_concluded_of_it_is_proved_by_its_statement_and_one_link(self, tmp_path: Path) -> None:
        dataset = world(*the_four(), entity(OTHER, held(OTHER, JP_DEFENCE, 1, *ALL_OF_2013)))
        load(tmp_path / "view", canonical(merged_dataset(dataset).quads()))
        engine = Embedded(Snapshot("view", tmp_path / "view"))
        (name,) = tenures(dataset, OTHER.lower())
        explanation = why(engine, Triple(NamedNode(expand(name)), cq("coversDateOf"), FIRST))
        check(engine, explanation.proofs)
        sources = {leaf.sources for proof in explanation.proofs for leaf in leaves(proof) if leaf.kind == "wikidata"}
        statement = expand(f"wds:{OTHER}-00000001-0000-4000-8000-000000000000")
        assert sources == {(statement, expand("link:office.jp-defence-minister.q6500838"))}


UNREADABLE = Snak("P582", Time("+2012-00-00T00:00:00Z", 5), "value", "time")
OF_NO_CALENDAR = Snak("P582", Time("+2012-01-01T00:00:00Z", 11, expand("wd:Q999")), "value", "time")


class TestEnds:
    @pytest.mark.parametrize(
        ("ends", "earliest"),
        [
            ((until("2012-09-03"), NONE), "2012-09-03"),
            ((UNREADABLE,), "2010-12-26"),
            ((OF_NO_CALENDAR,), "2010-12-26"),
        ],
    )
    def test_an_end_that_no_day_tells_is_an_end(self, ends: tuple[Snak, ...], earliest: str) -> None:
        dataset = with_onodera(held(ONODERA, JP_DEFENCE, 1, since("2010-12-26"), *ends))
        (name,) = tenures(dataset, "onodera")
        found = told(dataset.tenures, NamedNode(expand(name)))
        assert (found["cq:endEarliest"], found["cq:endLatest"]) == ({earliest}, {"9999-12-31"})
        assert name in related(dataset, "cq:mayCoverDateOf")
        assert related(dataset, "cq:tookPartIn") == SEATED - {"person:onodera"}

    @pytest.mark.parametrize("ends", [(), (NONE,)])
    def test_none_told_and_none_there_leave_it_open(self, ends: tuple[Snak, ...]) -> None:
        dataset = with_onodera(held(ONODERA, JP_DEFENCE, 1, since("2010-12-26"), *ends))
        (name,) = tenures(dataset, "onodera")
        assert "cq:endLatest" not in told(dataset.tenures, NamedNode(expand(name)))
        assert related(dataset, "cq:tookPartIn") == SEATED


class TestRedirected:
    """An item that was merged into another after somebody had judged it: the link counts for nothing."""

    def test_the_office(self) -> None:
        moved = entity(SUCCESSOR, redirects=(JP_DEFENCE,))
        dataset = with_onodera(
            held(ONODERA, SUCCESSOR, 1, since("2012-12-26"), until("2014-09-03")),
            more=(moved,),
        )
        assert tenures(dataset, "onodera") == {"tenure:onodera-jp-defence-minister-2012"}
        # As without the link: rules do not know that the format seats this office.
        seated = {compact(t.object) for t in dataset.with_wikidata if t.predicate == cq("seatsPost")}
        assert "office:jp-foreign-minister" in seated
        assert "office:jp-defence-minister" not in seated
        view = merged_dataset(dataset)
        assert "jp-defence-minister" not in "".join(
            str(t) for t in view.premises() if t.predicate == term("skos:exactMatch")
        )

    def test_the_person(self) -> None:
        """Wikidata would have him out of office in September; its word is not read, and not against him either."""
        moved = entity(
            SUCCESSOR,
            held(SUCCESSOR, JP_DEFENCE, 1, since("2012-12-26"), until("2013-09-03")),
            redirects=(ONODERA,),
        )
        dataset = with_onodera(of=moved)
        assert tenures(dataset, "onodera") == {"tenure:onodera-jp-defence-minister-2012"}
        assert tenures(dataset, SUCCESSOR.lower()) == set()
        assert related(dataset, "cq:tookPartIn") == SEATED

    def test_the_person_whose_old_slice_is_there_still(self) -> None:
        old = held(ONODERA, JP_DEFENCE, 1, since("2012-12-26"), until("2013-09-03"))
        dataset = with_onodera(old, more=(entity(SUCCESSOR, redirects=(ONODERA,)),))
        assert tenures(dataset, "onodera") == {"tenure:onodera-jp-defence-minister-2012"}
        assert tenures(dataset, ONODERA.lower()) == set()
