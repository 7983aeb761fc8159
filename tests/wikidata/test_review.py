"""The list to review: every comparison that QuickStatements cannot take, with the GUID, our words and the reason."""

import csv
import io

import pytest
from both_sides import entity, held, link, world
from exporting import LINKS, URL, in_office, paper, proposed, told

from graph.wikidata.exports import as_batch, as_review, proposals
from graph.wikidata.exports.review import COLUMNS

TWICE = entity("Q1", "Ito", "P39 Q100 P580=2010 P582=2012", "P39 Q100 P580=2016-08-03 P582=2017-08-03 rank=preferred")


def rows(dataset) -> list[dict[str, str]]:
    return read(as_review(proposals(dataset)))


def read(text: str) -> list[dict[str, str]]:
    head, *lines = text.splitlines()
    assert text.endswith("\n")
    assert head.split("\t") == list(COLUMNS)
    assert all(line.count("\t") == len(COLUMNS) - 1 for line in lines)
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_a_row_shows_both_sides_and_the_reason() -> None:
    made = in_office("Minister Ito\tspoke\nin Tokyo.").beside([TWICE], LINKS)
    (row,) = [row for row in rows(made.dataset) if row["assertions"] == "a:ito"]
    assert row == {
        "guid": "Q1$00000002-0000-0000-0000-000000000000",
        "item": "Q1",
        "property": "P39",
        "ours": "Ito, Minister, 20 March 2017",
        "theirs": "P39 Q100 (P580 2016-08-03; P582 2017-08-03)",
        "verdict": "agree",
        "rank": "preferred",
        "would_add": "",
        "quote": "Minister Ito spoke in Tokyo.",
        "document": "Talks in Tokyo",
        "url": URL,
        "assertions": "a:ito",
        "why_not": "the item has 2 statements of P39 with this value",
        "weak_because": "",
    }


def test_another_holder_is_shown_with_the_statement_that_names_him() -> None:
    rival = entity("Q2", "Sato", "P39 Q100 P580=2016-08-03 P582=2017-08-03")
    made = in_office().beside([entity("Q1", "Ito"), rival], LINKS)
    (row,) = [row for row in rows(made.dataset) if row["verdict"] == "other-holder"]
    assert (row["guid"], row["item"]) == ("Q2$00000001-0000-0000-0000-000000000000", "Q2")
    assert row["ours"] == "Ito, Minister, 20 March 2017"
    assert row["why_not"].startswith("the two sides differ: other-holder")


def test_silence_has_a_row_without_a_statement() -> None:
    (row,) = rows(in_office().beside([entity("Q1", "Ito")], LINKS).dataset)
    assert (row["guid"], row["item"], row["verdict"]) == ("", "Q1", "silent")
    reason = "nothing of Wikidata that is at hand says it, and a new statement is an editor's decision"
    assert row["why_not"] == reason


def test_what_is_not_linked_or_not_read_is_told_apart() -> None:
    (unlinked,) = rows(in_office().beside([], ()).dataset)
    assert (unlinked["item"], unlinked["verdict"]) == ("", "not-linked")
    (unread,) = rows(in_office().beside([], LINKS).dataset)
    assert (unread["item"], unread["verdict"], unread["why_not"]) == (
        "Q1",
        "not-retrieved",
        "its item has not been read",
    )


def test_a_statement_without_a_guid_is_shown_by_its_item() -> None:
    part = entity("Q1", "Ito", "P39 Q100 P580=2016-08-03 P582=2017-08-03 guid= rank=", partial=True)
    (row,) = rows(in_office().beside([part], LINKS).dataset)
    assert (row["guid"], row["item"], row["rank"]) == ("", "Q1", "")


def test_the_dates_that_a_tenure_would_add_to_an_undated_statement_are_shown_and_not_proposed() -> None:
    """The statement may mean another time in the same office: that is for a person to see."""
    tenure = """tenure:ito a org:Membership ; org:member person:ito ; cq:heldPost office:minister ;
        cq:when "2016-08-03/2017-08-03"^^edtf:EDTF ; prov:wasDerivedFrom <https://gazette.example/ito> ."""
    made = world(tenure).beside([entity("Q1", "Ito", "P39 Q100")], LINKS)
    assert as_batch(proposals(made.dataset)) == ""
    row = next(row for row in rows(made.dataset) if row["verdict"] == "undated")
    assert row["would_add"] == "P580 2016-08-03 | P582 2017-08-03"


def test_each_proposal_is_in_one_of_the_two_lists() -> None:
    found = proposed()
    assert len(as_batch(found).splitlines()) + len(read(as_review(found))) == len(found)
    keys = {
        (each.item, each.finding.name, each.mention and each.mention.statement.iri, each.document) for each in found
    }
    assert len(keys) == len(found)


def test_the_shipped_corpus_leaves_the_document_without_a_url_to_review() -> None:
    kistanov = [row for row in read(as_review(proposed())) if row["item"] == "Q58217"]
    assert [(row["guid"], row["verdict"], row["why_not"], row["weak_because"]) for row in kistanov] == [
        ("Q58217$00000001-0000-0000-0000-000000000000", "agree", "the document has no URL", "a translation")
    ]
    assert "Russian Foreign Minister Sergei Lavrov announced" in kistanov[0]["quote"]


def test_a_plan_gives_nobody_an_office() -> None:
    planned = """visit:tour a cq:Visit ; cq:status cq:Planned ; cq:when "2017-04-27"^^edtf:EDTF ;
        cq:hasParticipation participation:tour . participation:tour a cq:Participation ; cq:status cq:Planned ;
        cq:participant person:ito ; cq:heldPost office:minister ."""
    made = told(world(), "tour", planned, "Minister Ito plans a tour.", metadata=paper())
    made.beside([entity("Q1", "Ito", "P39 Q100 P580=2016-08-03")], LINKS)
    assert [each for each in proposals(made.dataset) if each.assertions] == []


def test_links_that_do_not_mean_the_same_lead_to_no_proposal() -> None:
    links = (link("person:ito", "Q1", predicate="skos:closeMatch"), link("office:minister", "Q100"))
    made = told(world(), "ito", held("ito", "minister", "2017-03-20"), "Minister Ito spoke.")
    made.beside([entity("Q1", "Ito", "P39 Q100 P580=2016-08-03")], links)
    assert as_batch(proposals(made.dataset)) == ""


CLAIM = "claim:isles a cq:TerritorialClaim ; cq:claimant state:japan ; cq:territory territory:isles ."
STATES = (link("state:japan", "Q17"), link("territory:isles", "Q300"))


def claimed(*lines: str, published: str = "2017-03-21"):
    made = told(world(), "claims", CLAIM, "Japan claims the isles.", metadata=paper(published=published))
    return made.beside([entity("Q300", "Isles", *lines)], STATES)


@pytest.mark.parametrize(
    ("line", "published", "verdict", "when"),
    [
        ("P1336 Q17 P582=1951-09-08", "2017-03-21", "ended-before", "before"),
        ("P1336 Q17 P580=2018-01-01", "2017-03-21", "starts-after", "after"),
        ("P17 Q17 P580=1855 P582=1945-09-02", "2017-03-21", "ended-before", "before"),
    ],
)
def test_a_view_of_another_time_is_no_reference_and_no_error(
    line: str, published: str, verdict: str, when: str
) -> None:
    made = claimed(line, published=published)
    assert as_batch(proposals(made.dataset)) == ""
    (row,) = rows(made.dataset)
    assert (row["verdict"], row["why_not"].startswith(f"the two sides differ: {verdict}")) == (verdict, True)
    (finding,) = made.found(verdict)
    assert f"Wikidata records that view of a time {when} the document" in finding.sentence
    assert not {"error", "wrong", "false"} & set(finding.sentence.lower().split())


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["P1336 Q17"], "agree"),
        (["P1336 Q17 P580=1951-09-08"], "agree"),
        (["P1336 Q17 P582=1951-09-08", "P1336 Q17 P580=1956"], "agree"),
        (["P1336 Q17 P580=1855-02-07 P582=2017"], "agree-within-precision"),
    ],
)
def test_a_view_of_the_documents_time_agrees(lines: list[str], verdict: str) -> None:
    made = claimed(*lines)
    (finding,) = [each for each in made.found() if each.aspect == "cq:claimant"]
    assert finding.verdict == verdict
    assert [each.statement.guid for each in finding.mentions] == [
        f"Q300$0000000{len(lines)}-0000-0000-0000-000000000000"
    ]


def test_of_two_documents_each_must_be_of_the_time_of_the_view() -> None:
    made = told(world(), "claims", CLAIM, "Japan claims the isles.", metadata=paper(published="1950-05-01"))
    told(made, "still", CLAIM, "Japan claims the isles.", metadata=paper("later"), document="later")
    made.beside([entity("Q300", "Isles", "P1336 Q17 P582=1951-09-08")], STATES)
    assert as_batch(proposals(made.dataset)) == ""
    assert {row["verdict"] for row in rows(made.dataset)} == {"ended-before"}


def test_words_that_do_not_name_the_person_are_shown_here_all_the_same() -> None:
    (row,) = rows(in_office("He spoke.", "They met.").beside([entity("Q1", "Ito")], LINKS).dataset)
    assert row["quote"] == "He spoke. | They met."
