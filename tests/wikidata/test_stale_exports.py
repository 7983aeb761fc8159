"""A link that asks for another look: no edit goes out through it, and no export says what it said."""

from dataclasses import replace
from pathlib import Path

import pytest
from both_sides import World, entity, link, world
from click.testing import CliRunner
from exporting import LINKS, in_office, shipped_beside

from graph.namespaces import expand
from graph.sources import SOURCES
from graph.store import write
from graph.wikidata.exports import as_batch, as_review, doubted_in, graph_entities, proposals
from graph.wikidata.model import Text
from server.cli import main

MINISTER = "P39 Q100 P580=2016-08-03 P582=2017-08-03"
AGREED = "Minister 2016-08-03 to 2017-08-03 (P39)"
OTHERS = LINKS[1:]


def batch(made: World) -> str:
    return as_batch(proposals(made.dataset))


def reasons(made: World) -> set[str]:
    """Why what agrees is no line."""
    found = [each for each in proposals(made.dataset) if each.finding.verdict == "agree"]
    return {reason for each in found for reason in each.hindrances}


def test_no_line_goes_through_a_redirect_that_came_after_the_judgement() -> None:
    made = in_office().beside([entity("Q9", "Ito", MINISTER, redirects=("Q1",))], LINKS)
    assert batch(made) == ""
    assert reasons(made) == {
        "the link of Ito to Wikidata's Q1, judged by An editor on 2026-07-01, asks for another look: "
        "Q1 is now a redirect to Q9"
    }
    assert "Q1 is now a redirect to Q9" in as_review(proposals(made.dataset))


def test_no_line_goes_through_a_link_whose_ground_is_gone() -> None:
    grounded = (link("person:ito", "Q1", "accepted", AGREED), *OTHERS)
    assert batch(in_office().beside([entity("Q1", "Ito", MINISTER)], grounded)) != ""
    moved = entity("Q1", "Ito", "P39 Q100 P580=2016-09-03 P582=2017-08-03")
    made = in_office().beside([moved], grounded)
    assert batch(made) == ""
    (reason,) = reasons(made)
    assert reason.endswith(
        f"asks for another look: the item (revision 7, read on 22 July 2026) no longer says: {AGREED}"
    )


def test_the_link_of_the_office_counts_as_well_as_that_of_the_person() -> None:
    office = entity("Q500", "Minister", redirects=("Q100",))
    made = in_office().beside([entity("Q1", "Ito", MINISTER.replace("Q100", "Q500")), office], LINKS)
    assert batch(made) == ""
    assert ["Q100 is now a redirect to Q500" in each for each in reasons(made)] == [True]


def test_no_qualifier_goes_through_it_either() -> None:
    tenure = """tenure:ito a org:Membership ; org:member person:ito ; cq:heldPost office:minister ;
        cq:when "2016-08-03/2017-08-03"^^edtf:EDTF ; prov:wasDerivedFrom <https://gazette.example/ito> ."""
    since = "P39 Q100 P580=2016-08-03"
    assert "P582" in batch(world(tenure).beside([entity("Q1", "Ito", since)], LINKS))
    assert batch(world(tenure).beside([entity("Q9", "Ito", since, redirects=("Q1",))], LINKS)) == ""


@pytest.mark.parametrize(
    "other",
    [
        link("person:ito", "Q4", "stale"),
        link("person:ito", "Q4", "accepted", AGREED, predicate="skos:closeMatch"),
        link("person:kistanov", "Q4", "accepted", AGREED),
    ],
)
def test_a_stale_link_that_the_row_does_not_rest_on_hinders_nothing(other) -> None:
    beside = [entity("Q1", "Ito", MINISTER), entity("Q4", "Another", "P39 Q7 P580=1990")]
    made = in_office().beside(beside, (*LINKS, other))
    assert [each.label.split()[-1] for each in made.found("link-stale")] == ["Q4"]
    assert len(batch(made).splitlines()) == 1


def test_a_link_that_is_judged_again_is_followed_again() -> None:
    moved = entity("Q9", "Ito", MINISTER, redirects=("Q1",))
    made = in_office().beside([moved], (link("person:ito", "Q9"), *OTHERS))
    assert batch(made).startswith("Q9\tP39\tQ100\t")


def item_of(made: World, iri: str) -> str:
    """The identifier that a thing of ours bears in the whole graph as JSON."""
    (found,) = [
        each.id
        for each in graph_entities(made.dataset)[1]
        for statement in each.of("P2888")
        if statement.main.value == Text(expand(iri))
    ]
    return found


def test_in_wikidatas_shape_a_thing_with_a_stale_link_bears_one_of_our_numbers() -> None:
    standing = in_office().beside([entity("Q1", "Ito", MINISTER)], LINKS)
    assert (item_of(standing, "person:ito"), doubted_in(standing.dataset)) == ("Q1", {})
    made = in_office().beside([entity("Q9", "Ito", MINISTER, redirects=("Q1",))], LINKS)
    assert int(item_of(made, "person:ito")[1:]) >= 1_000_000_000
    assert item_of(made, "office:minister") == "Q100", "its own link stands"
    assert [*doubted_in(made.dataset)] == [expand("person:ito")]
    ids = {each.id for each in graph_entities(made.dataset)[1]}
    assert not {"Q1", "Q9"} & ids


def test_the_command_leaves_such_identities_out_and_says_so(tmp_path: Path) -> None:
    lavrov = replace(entity("Q99000011", "Sergey Lavrov", redirects=("Q58217",)), retrieved="2026-12-01")
    write(tmp_path, shipped_beside([lavrov]).quads(), "inputs", {}, dict.fromkeys(SOURCES), "2026-11-21")
    for form in ("same-as", "json"):
        result = CliRunner().invoke(main, ["wikidata", "export", "--store", str(tmp_path), "--form", form])
        assert result.exit_code == 0, result.stderr
        assert "Without an item until the link is judged again (link-stale): person:lavrov." in result.stderr
        assert "Q58217" not in {*result.stdout.replace(":", " ").replace('"', " ").split()}
        assert "Q99000011" not in result.stdout
        assert "Q32024" in result.stdout
