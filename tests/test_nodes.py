"""What the steps make of an assertion: keys, dates, languages, attributions."""

import pytest
from pyoxigraph import NamedNode
from small_corpus import HELD, PLANNED, SmallCorpus

from graph.admission import admission_of
from graph.anchors import locks
from graph.assertions import read_assertions, read_corpus
from graph.dataset import Dataset, assemble, read_authority, read_ontology
from graph.namespaces import cq, shorten, term
from graph.nodes import key_participation, language
from graph.outer_bounds import outer_bounds
from graph.sources import default_authority


def assembled(*small: SmallCorpus) -> Dataset:
    for one in small:
        one.write()
    corpus = read_corpus(small[0].corpus)
    return assemble(locks(corpus, None), read_authority(default_authority()), read_ontology())


def bounds_of(dataset: Dataset, curie: str) -> dict[str, str]:
    return {
        shorten(t.predicate.value): t.object.value for t in outer_bounds(dataset) if t.subject == term(curie)
    }  # fmt: skip


EVENT = {"id": "meeting:spring", "type": "Meeting", "status": "Held"}
LAVROV = {"who": "person:lavrov", "as": ["office:b", "office:a"], "for": "state:russia"}


@pytest.mark.parametrize(
    ("part", "event"),
    [
        (LAVROV, {**EVENT, "status": "Planned"}),
        (LAVROV, {**EVENT, "id": "visit:spring"}),
        ({**LAVROV, "who": "group:lavrov"}, EVENT),
        ({**LAVROV, "for": "group:russia"}, EVENT),
        ({**LAVROV, "as": "office:a"}, EVENT),
        ({key: LAVROV[key] for key in ("as", "for")}, EVENT),
    ],
)
def test_another_participation_has_another_iri(part, event) -> None:
    assert key_participation(part, event)["id"] != key_participation(LAVROV, EVENT)["id"]


def test_the_order_of_posts_makes_no_other_participation() -> None:
    turned = {**LAVROV, "as": ["office:a", "office:b"]}
    assert key_participation(turned, EVENT)["id"] == key_participation(LAVROV, EVENT)["id"]


def test_two_unnamed_delegates_are_two(tmp_path) -> None:
    two = HELD.replace(
        "- {{who: person:kishida, as: office:jp-foreign-minister}}",
        "- {{for: state:japan}}\n    - {{for: state:japan}}",
    )
    dataset = assembled(SmallCorpus(tmp_path, assertions=[two]))
    graph = dataset.assertions[term("a:small-held")]
    sides = [t for t in graph if t.predicate == cq("representing") and t.object == term("state:japan")]
    assert len(sides) == 2


def test_a_meeting_announced_with_somebody_and_held_without_them(tmp_path) -> None:
    dataset = assembled(SmallCorpus(tmp_path, assertions=[HELD, announced("2017-02-17")]))
    merged = dataset.merged()
    inadas = {t.subject for t in merged if t.object == term("person:inada") and t.predicate == cq("participant")}
    assert {t.object for t in merged if t.subject in inadas and t.predicate == cq("status")} == {cq("Planned")}


def test_names_and_titles_are_in_their_language() -> None:
    assert language({"type": "Name", "form": "国後島", "language": "ja"}, "en") == {
        "type": "Name", "form": {"@value": "国後島", "@language": "ja"},
    }  # fmt: skip
    assert language({"type": "TerritorialClaim", "name used": "x"}, "ru")["name used"]["@language"] == "ru"


@pytest.mark.parametrize(
    ("voices", "outlet", "words"),
    [
        ("[person:streltsov]", "moscow-times", "Dmitry Streltsov in The Moscow Times"),
        ("[person:lavrov, person:streltsov]", "moscow-times",
         "Sergei Lavrov, as reported by Dmitry Streltsov in The Moscow Times"),
        ("[person:lavrov, organisation:argumenty-i-fakty, person:streltsov]", "argumenty-i-fakty",
         "Sergei Lavrov, in Argumenty i Fakty, as reported by Dmitry Streltsov in The Moscow Times"),
    ],
)  # fmt: skip
def test_the_chain_of_voices_in_words_and_its_nearest_outlet(tmp_path, voices: str, outlet: str, words: str) -> None:
    dataset = assembled(SmallCorpus(tmp_path, assertions=[HELD.replace("[person:streltsov]", voices)]))
    facts = {t.predicate: t.object for t in dataset.provenance if t.subject == term("a:small-held")}
    assert facts[cq("outlet")] == term(f"organisation:{outlet}")
    assert facts[cq("attribution")].value == words
    assert facts[cq("speaker")] == term(voices.strip("[]").split(",")[0])


def test_of_two_outlets_the_one_nearest_to_the_speaker_carried_the_words(tmp_path) -> None:
    voices = "[person:lavrov, organisation:argumenty-i-fakty, organisation:japan-times, person:streltsov]"
    dataset = assembled(SmallCorpus(tmp_path, assertions=[HELD.replace("[person:streltsov]", voices)]))
    outlets = [t.object for t in dataset.provenance if t.predicate == cq("outlet")]
    assert outlets == [term("organisation:argumenty-i-fakty")]


@pytest.mark.parametrize(
    ("old", "new", "granted"),
    [
        ("", "", "Premise"),
        ("status: Held", "status: Planned", "Admitted"),
        ("[person:streltsov]", "[organisation:moscow-times]", "Premise"),
        ("[person:streltsov]", "[person:lavrov, person:streltsov]", "Admitted"),
        ("modality: Asserted", "modality: Denied", "StatementOnly"),
    ],
)
def test_what_an_assertion_is_granted(tmp_path, old: str, new: str, granted: str) -> None:
    small = SmallCorpus(tmp_path, assertions=[HELD.replace(old, new) if old else HELD]).write()
    file = read_assertions(small.path)
    assert admission_of(file, file.content.assertions[0]) == granted


def test_of_several_statuses_the_most_careful_decides(tmp_path) -> None:
    both = HELD.replace("  says:\n", "  says:\n  -\n") + (
        "  - {{type: Visit, id: visit:x, label: A visit, status: Planned, participants: [{{who: person:abe}}]}}\n"
    )
    file = read_assertions(SmallCorpus(tmp_path, assertions=[both]).write().path)
    assert admission_of(file, file.content.assertions[0]) == "Admitted"


CLAIM = """- id: a:{name}-claim
  quote: The islands are ours
  modality: Asserted
  voices: [state:japan, person:streltsov]
  says:
  - {{type: TerritorialClaim, id: claim:x, label: A claim, claimant: CLAIMANT, claimed: territory:southern-kurils}}
"""


@pytest.mark.parametrize(("claimant", "granted"), [("state:japan", "Premise"), ("state:russia", "Admitted")])
def test_a_claim_is_made_by_its_claimants_voice_and_no_other(tmp_path, claimant: str, granted: str) -> None:
    file = read_assertions(SmallCorpus(tmp_path, assertions=[CLAIM.replace("CLAIMANT", claimant)]).write().path)
    assert admission_of(file, file.content.assertions[0]) == granted


SAID = """- id: a:{name}-said
  quote: The islands are ours
  modality: MODALITY
  voices: [person:kishida, person:streltsov]
  says:
    {{type: Statement, id: statement:x, label: A word, speaker: SPEAKER, about: topic:peace-treaty,
     summary: He said so.}}
"""


@pytest.mark.parametrize("modality", ["Opinion", "Expected", "Denied", "Accusation"])
@pytest.mark.parametrize(("speaker", "admitted"), [("person:kishida", True), ("person:lavrov", False)])
def test_what_is_denied_or_alleged_of_another_is_not_published_as_their_word(
    tmp_path, modality: str, speaker: str, admitted: bool
) -> None:
    said = SAID.replace("MODALITY", modality).replace("SPEAKER", speaker)
    merged = assembled(SmallCorpus(tmp_path, assertions=[said])).merged()
    assert any(t.subject == term("statement:x") for t in merged) is admitted
    assert any(t.subject == term("a:small-said") and isinstance(t.object, NamedNode) for t in merged)


def announced(days: str) -> str:
    """The plan of the meeting in Bonn, for other days."""
    item = PLANNED.replace("meeting:small-may", "meeting:small-bonn")
    return item.replace("on: 2017-05-20", f'on: "{days}"')


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([HELD], ("2017-02-17", "2017-02-17")),
        ([HELD, announced("[2017-01-01..2017-03-31]")], ("2017-02-17", "2017-02-17")),
        ([HELD.replace("    on: 2017-02-17\n", ""), announced("2017-03")], ("2017-03-01", "2017-03-31")),
        ([announced("2017-03-01/2017-03-05")], ("2017-03-01", "2017-03-05")),
        ([announced("[..2017-03-05]")], (None, "2017-03-05")),
        ([announced("2017-03-01/..")], ("2017-03-01", None)),
        ([HELD.replace("    on: 2017-02-17\n", "")], (None, None)),
    ],
)
def test_outer_bounds_are_those_of_the_sources_that_count(tmp_path, items: list[str], expected) -> None:
    found = bounds_of(assembled(SmallCorpus(tmp_path, assertions=items)), "meeting:small-bonn")
    assert (found.get("cq:earliest"), found.get("cq:latest")) == expected


def test_several_sources_give_the_span_that_holds_them_all(tmp_path) -> None:
    one = SmallCorpus(tmp_path, name="one", assertions=[HELD])
    two = SmallCorpus(
        tmp_path, name="two", assertions=[HELD.replace("on: 2017-02-17", "on: 2017-02")], text=one.text + "More."
    )
    found = bounds_of(assembled(one, two), "meeting:small-bonn")
    assert found == {"cq:earliest": "2017-02-01", "cq:latest": "2017-02-28"}
