"""What changed between two slices of an entity."""

import json
from itertools import pairwise

import pytest
from slicing import SHARED, entity, item, kishida, of_shared, snak, statement, time

from graph.wikidata.model import Entity, Item
from graph.wikidata.reading import read_entity
from graph.wikidata.revisions import Change, OtherEntityError, changes
from graph.wikidata.slices.parts import Fact, statement_of
from graph.wikidata.slices.parts import snak as made


def office(guid: str, name: str, *qualifiers: dict, rank: str = "normal", references=()) -> dict:
    return statement(guid, snak("P39", item(name)), rank, qualifiers, references)


def diff(before: dict, after: dict) -> tuple[Change, ...]:
    return changes(read_entity(before), read_entity(after))


def test_nothing_changes_from_a_slice_to_itself() -> None:
    assert diff(kishida(), kishida(8)) == ()


def test_each_kind_of_change_is_told_at_its_statement() -> None:
    cited = snak("P248", item("Q9"))
    before = entity("Q1", office("Q1$a", "Q2", snak("P642", item("Q7"))), office("Q1$b", "Q3"), office("Q1$c", "Q4"))
    after = entity(
        "Q1",
        office("Q1$a", "Q2", snak("P2389", item("Q7")), rank="preferred", references=[("ab" * 20, cited)]),
        office("Q1$b", "Q5"),
        office("Q1$d", "Q6", snak("P580", time("+1995-00-00T00:00:00Z", 9), "time"), snak("P582", "somevalue")),
        labels={"en": {"value": "A"}},
    )
    assert diff(before, after) == (
        Change("rank", "Q1$a", "P39", "normal", "preferred"),
        Change("qualifier", "Q1$a", "P39", "P642 Q7", ""),
        Change("qualifier", "Q1$a", "P39", "", "P2389 Q7"),
        Change("reference", "Q1$a", "P39", "", "P248 Q9"),
        Change("value", "Q1$b", "P39", "Q3", "Q5"),
        Change("statement", "Q1$d", "P39", "", "Q6; P580 1995; P582 unknown value"),
        Change("statement", "Q1$c", "P39", "Q4", ""),
        Change("label", "en", "", "", "A"),
    )
    back = diff(after, before)
    assert {(each.what, each.where, each.after, each.before) for each in back} == {
        (each.what, each.where, each.before, each.after) for each in diff(before, after)
    }


def test_what_a_partial_slice_does_not_have_is_not_told_as_a_change() -> None:
    whole = read_entity(entity("Q1", office("Q1$a", "Q2"), office("Q1$b", "Q3"), labels={"en": {"value": "A"}}))
    fact = Fact("Q1", made("P39", Item("Q9")), guid="Q1$a")
    part = Entity("Q1", "", "", "", "", partial=True, statements=(statement_of(fact),))
    assert changes(whole, part) == (Change("value", "Q1$a", "P39", "Q2", "Q9"),)
    assert changes(part, whole) == (Change("value", "Q1$a", "P39", "Q9", "Q2"),)


def test_of_a_statement_in_a_partial_slice_only_what_stands_on_both_sides_is_compared() -> None:
    """A row tells neither all qualifiers of its statement nor the references, and perhaps not the rank."""
    cited = [("ab" * 20, snak("P248", item("Q9")))]
    whole = read_entity(entity("Q1", office("Q1$a", "Q2", snak("P642", item("Q7")), references=cited)))
    fact = Fact("Q1", made("P39", Item("Q2")), (made("P1365", Item("Q4")),), guid="Q1$a")
    part = Entity("Q1", "", "", "", "", partial=True, statements=(statement_of(fact),))
    assert changes(whole, part) == (Change("qualifier", "Q1$a", "P39", "", "P1365 Q4"),)
    assert changes(part, whole) == (Change("qualifier", "Q1$a", "P39", "P1365 Q4", ""),)


@pytest.mark.parametrize("is_reversed", [False, True])
def test_parts_that_one_of_both_was_retrieved_without_are_not_compared(is_reversed: bool) -> None:
    named, more = {"en": {"value": "A"}}, {"en": [{"value": "B"}]}
    page = {"enwiki": {"title": "A", "badges": []}}
    full = entity("Q1", office("Q1$a", "Q2"), labels=named, descriptions=named, aliases=more, sitelinks=page)
    claims = {name: full[name] for name in ("id", "type", "claims")}
    without_pages = {**claims, "labels": named, "descriptions": {}, "aliases": {}}

    def told(other: dict) -> set[tuple[str, str]]:
        found = diff(full, other) if is_reversed else diff(other, full)
        return {(each.what, each.where) for each in found}

    assert told(claims) == set()
    assert told(without_pages) == {("description", "en"), ("alias", "en")}


def test_two_entities_are_not_compared() -> None:
    with pytest.raises(OtherEntityError, match="Q1 and Q2 are two entities"):
        diff(entity("Q1"), entity("Q2"))


REVISIONS = ("2167274852", "2325226055", "2483686458")


@of_shared
def test_three_revisions_of_vladimir_putin() -> None:
    """Among his offices, P642 became P2389 with the same values on four statements, and two offices were added.

    Nothing else of them changed. Elsewhere on the item much did: 34 statements came and 22 went by the second
    revision, 43 came and 5 went by the third (counted by GUID in the JSON).
    """
    read = [
        read_entity(json.loads((SHARED / "entities_history" / f"Q7747@{revision}.json").read_bytes()))
        for revision in REVISIONS
    ]
    told = [changes(before, after) for before, after in pairwise(read)]
    whole = [[each for each in found if each.what == "statement"] for found in told]
    assert [sum(not each.before for each in found) for found in whole] == [34, 43]
    assert [sum(not each.after for each in found) for found in whole] == [22, 5]
    offices = [[each for each in found if each.property == "P39"] for found in told]
    assert {each.what for found in offices for each in found} == {"qualifier", "statement"}
    for found, moved, added in zip(
        offices,
        (
            {"Q7747$6f5670a0-4c83-d228-1477-e71a4ca54909": 1, "Q7747$89f18004-43ef-ec2a-e232-e421fc96c4de": 10},
            {"Q7747$99f119f7-4dc7-ac6c-db10-b04f98365bb5": 1, "Q7747$d911052c-4575-cf36-bf48-cdebec749382": 1},
        ),
        (
            ("Q7747$f6bbe171-406b-055d-28e6-d8a77c0eed21", "Q2072298"),
            (
                "Q7747$753fbd64-4c41-5c13-cd33-82e29b86342f",
                "Q27494237; P580 2024-01-01; P582 2024-12-31; P1365 Q25597826; P1366 Q57366",
            ),
        ),
        strict=True,
    ):
        qualifiers = [each for each in found if each.what == "qualifier"]
        gone = {(each.where, each.before.removeprefix("P642 ")) for each in qualifiers if each.before}
        assert gone == {(each.where, each.after.removeprefix("P2389 ")) for each in qualifiers if each.after}
        assert {where: sum(each[0] == where for each in gone) for where, _ in gone} == moved
        assert [(each.where, each.after) for each in found if each.what == "statement"] == [added]
