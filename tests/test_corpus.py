"""The two assertion files say what the two texts say: who says so, how surely, planned beside held, dated or not."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from graph.assertions import Assertion, CorpusFile, read_corpus
from graph.coverage import LARGEST_SHARE
from graph.documents import Span, locate, read, sentences, sha256

CORPUS = Path(str(files("graph").joinpath("corpus")))
TEXTS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
SEEDS = {
    "kistanov-2plus2-2017": "000_3dd66573068ceef9.txt",
    "streltsov-new-friends-2017": "003_9ca923e427d6e0ba.txt",
}
KISTANOV, STRELTSOV = SEEDS

AUTHOR = {KISTANOV: "person:kistanov", STRELTSOV: "person:streltsov"}
MINISTERS = {
    ("person:lavrov", "office:ru-foreign-minister", "state:russia"),
    ("person:shoigu", "office:ru-defence-minister", "state:russia"),
    ("person:kishida", "office:jp-foreign-minister", "state:japan"),
    ("person:inada", "office:jp-defence-minister", "state:japan"),
}
TWO_PLUS_TWO = "meeting:ru-jp-2plus2-2017-03-20"
BOTH_STATES = {(None, None, "state:russia"), (None, None, "state:japan")}

# How each of these is said, and through whom, innermost first.
SAID = {
    "a:kistanov-deputy-ministers-held": "Asserted person:kistanov",
    "a:kistanov-claim-northern-territories": "Asserted person:kistanov",
    "a:kistanov-key-problems-unsolved": "Opinion person:kistanov",
    "a:kistanov-media-ties-improve": "Opinion group:japanese-media person:kistanov",
    "a:kistanov-kishida-progress": "Expected person:kishida person:kistanov",
    "a:kistanov-format-resumed": "Asserted group:japanese-experts person:kistanov",
    "a:kistanov-experts-proof-of-disunity": "Opinion group:japanese-experts person:kistanov",
    "a:kistanov-spokesman-status-quo": "Asserted office:jp-mfa-spokesperson person:kistanov",
    "a:kistanov-agreed-on-resolutions": "Asserted person:kistanov",
    "a:kistanov-lavrov-sanctions": "Asserted person:lavrov person:kistanov",
    "a:kistanov-analysts-dissatisfied": "Opinion group:japanese-analysts person:kistanov",
    "a:kistanov-sankei-no-right": "Opinion organisation:sankei-shimbun person:kistanov",
    "a:kistanov-sankei-original-territories": "Asserted organisation:sankei-shimbun person:kistanov",
    "a:kistanov-lavrov-disproportionate": "Opinion person:lavrov person:kistanov",
    "a:kistanov-shoigu-strategic-balance": "Opinion person:shoigu person:kistanov",
    "a:kistanov-japan-us-2plus2-planned": "Asserted person:kistanov",
    "a:kistanov-sources-priority": "Asserted group:japanese-government-sources person:kistanov",
    "a:kistanov-thaad-south-korea": "Asserted person:kistanov",
    "a:kistanov-inada-solely-against-north-korea": "Asserted person:inada person:kistanov",
    "a:kistanov-sankei-russia-and-china": "Opinion organisation:sankei-shimbun person:kistanov",
    "a:kistanov-poznikhir-accusation": "Accusation person:poznikhir person:kistanov",
    "a:kistanov-format-created": "Asserted person:kistanov",
    "a:kistanov-sankei-contain-china": "Opinion organisation:sankei-shimbun person:kistanov",
    "a:kistanov-japan-times-wedge": "Asserted organisation:japan-times person:kistanov",
    "a:kistanov-media-russia-withdrew": "Asserted group:japanese-media person:kistanov",
    "a:kistanov-general-staff-contacts": "Asserted person:shoigu person:kistanov",
    "a:kistanov-exercises-will-help": "Expected person:kistanov",
    "a:kistanov-russian-26-projects": "Asserted organisation:yomiuri-shimbun person:kistanov",
    "a:kistanov-ushakov-russian-law": "Asserted person:ushakov person:kistanov",
    "a:kistanov-abe-not-russian-laws": "Asserted person:abe person:kistanov",
    "a:kistanov-lavrov-russian-legislation": "Asserted person:lavrov organisation:argumenty-i-fakty person:kistanov",
    "a:kistanov-officials-on-sovereignty": "Asserted group:japanese-officials person:kistanov",
    "a:kistanov-yomiuri-no-compromise": "Opinion organisation:yomiuri-shimbun person:kistanov",
    "a:kistanov-abe-visit-planned": "Asserted group:japan-times-sources organisation:japan-times person:kistanov",
    "a:kistanov-publisher-disclaimer": "Asserted organisation:eastrussia",
    "a:streltsov-unresolved-issues": "Asserted person:streltsov",
    "a:streltsov-contact-surge": "Opinion person:streltsov",
    "a:streltsov-deputy-ministers-met": "Asserted person:streltsov",
    "a:streltsov-2plus2-held": "Asserted person:streltsov",
    "a:streltsov-oreshkin-visit": "Asserted person:streltsov",
    "a:streltsov-abe-visit": "Asserted person:streltsov",
    "a:streltsov-council-founded": "Asserted person:streltsov",
    "a:streltsov-2plus2-first": "Asserted person:streltsov",
    "a:streltsov-agenda-security": "Expected person:streltsov",
    "a:streltsov-agenda-missile-defence": "Expected person:streltsov",
    "a:streltsov-pressing-issues": "Opinion person:streltsov",
    "a:streltsov-missile-landing": "Asserted state:japan person:streltsov",
    "a:streltsov-russia-unhappy": "Asserted person:streltsov",
    "a:streltsov-greatest-friction": "Opinion person:streltsov",
    "a:streltsov-russia-opposes-missile-defence": "Asserted person:streltsov",
    "a:streltsov-russia-destabilises": "Asserted person:streltsov",
    "a:streltsov-thaad-reorientation": "Opinion person:streltsov",
    "a:streltsov-russia-targeted": "Asserted person:streltsov",
    "a:streltsov-japan-on-russia-china": "Asserted person:streltsov",
    "a:streltsov-cooperation-will-increase": "Expected person:streltsov",
    "a:streltsov-thaad-planned": "Asserted person:streltsov",
    "a:streltsov-japan-irritated": "Asserted person:streltsov",
    "a:streltsov-russia-keeps-off-agenda": "Asserted person:streltsov",
    "a:streltsov-internal-affair": "Asserted state:russia person:streltsov",
    "a:streltsov-russia-claims": "Asserted state:russia person:streltsov",
    "a:streltsov-more-unites": "Opinion person:streltsov",
    "a:streltsov-mutual-trust": "Opinion person:streltsov",
    "a:streltsov-relations-will-strengthen": "Expected person:streltsov",
    "a:moscow-times-disclaimer": "Asserted organisation:moscow-times",
}
GARBLED = {
    "a:kistanov-garbled-translation-notice",
    "a:kistanov-garbled-had-to-insist",
    "a:kistanov-garbled-containing-moscow",
    "a:kistanov-garbled-statements-to-china",
    "a:kistanov-garbled-own-people",
    "a:kistanov-garbled-events-in-30",
    "a:kistanov-garbled-domestic-market",
    "a:kistanov-garbled-japanese-physicians",
    "a:kistanov-garbled-working-with",
}
PLANNED = (
    (STRELTSOV, "visit:oreshkin-japan-2017-03", "[2017-03-21..2017-03-31]"),
    (STRELTSOV, "visit:abe-russia-2017-04", "2017-04"),
    (KISTANOV, "visit:abe-russia-2017-04", "2017-04-27/2017-04-28"),
    (KISTANOV, "meeting:ru-jp-summit-2017-04", "2017-04-27/2017-04-28"),
    (KISTANOV, "meeting:jp-us-2plus2-2017-04", "2017-04"),
)
HELD = (
    (KISTANOV, TWO_PLUS_TWO, "2017-03-20"),
    (STRELTSOV, TWO_PLUS_TWO, "2017-03-20"),
    (KISTANOV, "meeting:ru-jp-deputy-fm-2017-03-18", "2017-03-18"),
    (STRELTSOV, "meeting:ru-jp-deputy-fm-2017-03-18", "2017-03-18"),
    (KISTANOV, "meeting:ru-jp-strategic-dialogue-2017-03-30", "2017-03-30"),
    (KISTANOV, "meeting:ru-jp-summit-2016-12", "2016-12"),
    (STRELTSOV, "meeting:ru-jp-fm-bonn-2017-02", "2017-02"),
    (STRELTSOV, "meeting:ru-jp-2plus2-2013-11-02", "2013-11-02"),
)
CLAIMS = {
    (KISTANOV, "claim:japan-northern-territories", "state:japan", "person:kistanov"),
    (KISTANOV, "claim:japan-sankei-original-territories", "state:japan", "organisation:sankei-shimbun"),
    (KISTANOV, "claim:japan-yomiuri-return", "state:japan", "organisation:yomiuri-shimbun"),
    (KISTANOV, "claim:japan-officials-principled-position", "state:japan", "group:japanese-officials"),
    (STRELTSOV, "claim:russia-own-territory", "state:russia", "state:russia"),
}

needs_texts = pytest.mark.skipif(not TEXTS.is_dir(), reason=f"the documents' texts are not there: {TEXTS}")


@pytest.fixture(scope="module")
def corpus() -> dict[str, CorpusFile]:
    return {file.name: file for file in read_corpus(CORPUS)}


def saying(file: CorpusFile, node_id: str) -> list[tuple[Assertion, Any]]:
    """Each assertion of a file that says something of the node, with what it says."""
    return [(a, node) for a in file.content.assertions for node in a.says if getattr(node, "id", None) == node_id]


def only(file: CorpusFile, node_id: str) -> Any:
    ((_, node),) = saying(file, node_id)
    return node


def company(node: Any) -> set[tuple[str | None, str | None, str | None]]:
    return {(part.who, ", ".join(part.post) or None, part.side) for part in node.participants}


def dates(assertion: Assertion) -> Iterator[str]:
    for node in assertion.says:
        if getattr(node, "on", None):
            yield node.on


def test_the_corpus_has_the_two_documents(corpus) -> None:
    assert set(corpus) == set(SEEDS)


def test_who_says_so_and_how(corpus) -> None:
    found = {
        assertion.id: " ".join((assertion.modality or "", *assertion.voices))
        for file in corpus.values()
        for assertion in file.content.assertions
    }
    assert {name: found.get(name) for name in SAID} == SAID


@pytest.mark.parametrize(("name", "node", "on"), PLANNED)
def test_what_is_announced_is_planned_and_never_held(corpus, name: str, node: str, on: str) -> None:
    assert {said.status for _, said in saying(corpus[name], node)} == {"Planned"}
    assert {said.on for _, said in saying(corpus[name], node)} == {on}
    everywhere = [said.status for file in corpus.values() for _, said in saying(file, node)]
    assert "Held" not in everywhere


@pytest.mark.parametrize(("name", "node", "on"), HELD)
def test_what_took_place_is_held_and_said_once_by_a_document(corpus, name: str, node: str, on: str) -> None:
    ((assertion, said),) = saying(corpus[name], node)
    assert (said.status, said.on) == ("Held", on)
    assert (assertion.modality, assertion.voices) == ("Asserted", [AUTHOR[name]])


@pytest.mark.parametrize("name", SEEDS)
def test_both_documents_have_the_four_ministers_at_one_meeting_in_tokyo(corpus, name: str) -> None:
    meeting = only(corpus[name], TWO_PLUS_TWO)
    assert company(meeting) == MINISTERS
    assert (meeting.where, meeting.in_format) == (["place:tokyo"], "format:2plus2")


def test_the_agenda_that_is_only_expected_is_not_made_the_meetings_subject(corpus) -> None:
    assert only(corpus[STRELTSOV], TWO_PLUS_TWO).about is None


def test_the_meeting_of_2013_names_nobody_and_no_place(corpus) -> None:
    meeting = only(corpus[STRELTSOV], "meeting:ru-jp-2plus2-2013-11-02")
    assert company(meeting) == BOTH_STATES
    assert meeting.where is None
    assert saying(corpus[KISTANOV], "meeting:ru-jp-2plus2-2013-11-02") == []


def test_ministers_and_deputies_whom_the_words_do_not_name_have_a_post_only(corpus) -> None:
    bonn = only(corpus[STRELTSOV], "meeting:ru-jp-fm-bonn-2017-02")
    assert company(bonn) == {
        (None, "office:ru-foreign-minister", "state:russia"),
        (None, "office:jp-foreign-minister", "state:japan"),
    }
    for file in corpus.values():
        deputies = company(only(file, "meeting:ru-jp-deputy-fm-2017-03-18"))
        assert {(who, post) for who, post, _ in deputies} == {
            (None, "office:ru-deputy-foreign-minister"),
            (None, "office:jp-deputy-foreign-minister"),
        }


def test_oreshkin_travels_as_minister_and_as_envoy(corpus) -> None:
    visit = only(corpus[STRELTSOV], "visit:oreshkin-japan-2017-03")
    posts = "office:ru-economic-development-minister, office:ru-presidential-envoy"
    assert company(visit) == {("person:oreshkin", posts, "state:russia")}


def test_the_documents_differ_over_who_revived_the_format_and_when(corpus) -> None:
    told = {name: only(file, "change:ru-jp-2plus2-resumed") for name, file in corpus.items()}
    assert {name: (node.by, node.on, node.at) for name, node in told.items()} == {
        KISTANOV: (["state:russia"], "2016-12", "meeting:ru-jp-summit-2016-12"),
        STRELTSOV: (
            ["office:ru-foreign-minister", "office:jp-foreign-minister"],
            "2017-02",
            "meeting:ru-jp-fm-bonn-2017-02",
        ),
    }


def test_the_documents_differ_over_the_length_of_the_break(corpus) -> None:
    breaks = {name: only(file, "change:ru-jp-2plus2-suspended").lasting for name, file in corpus.items()}
    assert breaks == {KISTANOV: ">P3Y", STRELTSOV: "P3Y"}


def test_the_documents_differ_over_thaad_in_south_korea(corpus) -> None:
    told = {name: only(file, "deployment:us-thaad-south-korea").status for name, file in corpus.items()}
    assert told == {KISTANOV: "Underway", STRELTSOV: "Planned"}


def test_the_format_was_created_at_tokyos_initiative_in_2013(corpus) -> None:
    created = only(corpus[KISTANOV], "change:ru-jp-2plus2-created")
    assert (created.becomes, created.by, created.on) == ("Created", ["state:japan"], "2013")
    assert saying(corpus[STRELTSOV], "change:ru-jp-2plus2-created") == []


def test_proposals_have_the_status_places_and_numbers_of_their_text(corpus) -> None:
    fields = only(corpus[STRELTSOV], "proposal:jp-cooperation-fields")
    assert (fields.status, len(fields.sector)) == ("Decided", 5)
    flights = only(corpus[STRELTSOV], "proposal:jp-charter-flights")
    assert flights.status == "Planned"
    assert set(flights.where) == {"place:hokkaido", "place:nemuro", "place:kunashir", "place:iturup"}
    assert only(corpus[KISTANOV], "proposal:ru-26-projects").count == 26
    assert only(corpus[KISTANOV], "proposal:jp-30-projects").count == 30


def test_claims_are_voiced_and_no_newspaper_is_the_claimant(corpus) -> None:
    found = {
        (name, node.id, node.claimant, assertion.voices[0])
        for name, file in corpus.items()
        for assertion in file.content.assertions
        for node in assertion.says
        if node.type == "TerritorialClaim"
    }
    assert found == CLAIMS


def test_a_newspaper_that_is_quoted_is_the_innermost_voice(corpus) -> None:
    for outlet in ("organisation:sankei-shimbun", "organisation:yomiuri-shimbun"):
        spoken = [
            assertion
            for assertion in corpus[KISTANOV].content.assertions
            for node in assertion.says
            if node.type == "Statement" and outlet in (node.speaker or [])
        ]
        assert spoken
        assert {assertion.voices[0] for assertion in spoken} == {outlet}


def test_garbled_words_are_asserted_by_nobody(corpus) -> None:
    garbled = {a.id: a for a in corpus[KISTANOV].content.assertions if "suspect-translation" in a.flags}
    assert set(garbled) >= GARBLED
    assert all(garbled[name].note for name in GARBLED)
    assert [name for name in GARBLED if garbled[name].modality or garbled[name].voices or garbled[name].says] == []


def test_opinions_expectations_denials_and_accusations_say_statements_only(corpus) -> None:
    wrong = {
        assertion.id
        for file in corpus.values()
        for assertion in file.content.assertions
        if assertion.modality not in (None, "Asserted")
        if any(node.type != "Statement" for node in assertion.says)
    }
    assert wrong == set()


def test_a_date_whose_year_document_000_does_not_give_is_marked_as_inferred(corpus) -> None:
    dated = [a for a in corpus[KISTANOV].content.assertions if any(dates(a))]
    without_ground = [
        a.id
        for a in dated
        if not a.infers and {year for on in dates(a) for year in re.findall(r"\d{4}", on)} - years_quoted(a)
    ]
    assert len(dated) > 10
    assert without_ground == []


def years_quoted(assertion: Assertion) -> set[str]:
    return {year for quote in assertion.quotes for year in re.findall(r"\b(?:19|20)\d\d\b", quote.quote)}


def test_the_year_of_the_meeting_is_inferred_from_the_document_that_gives_it(corpus) -> None:
    ((assertion, _),) = saying(corpus[KISTANOV], TWO_PLUS_TWO)
    assert assertion.infers == "year"
    assert "a:streltsov-2plus2-held" in (assertion.inferred_from or [])


def test_the_dates_of_the_documents(corpus) -> None:
    kistanov, streltsov = corpus[KISTANOV].document, corpus[STRELTSOV].document
    assert (kistanov.date, kistanov.url) == ("[2017-03-30..2017-04-27]", None)
    assert kistanov.date_inferred_from
    assert (streltsov.date, streltsov.date_inferred_from) == ("2017-03-20", None)
    assert (kistanov.translated_from, streltsov.translated_from) == ("ru", None)


def test_the_line_about_coronavirus_dates_nothing(corpus) -> None:
    texts = [quote.quote for a in corpus[KISTANOV].content.assertions for quote in a.quotes]
    assert not any("coronavirus" in text or "September" in text for text in texts)


@pytest.mark.shared
@needs_texts
@pytest.mark.parametrize("name", SEEDS)
def test_every_quote_stands_in_its_text_and_together_they_are_under_half_of_it(corpus, name: str) -> None:
    text = read(TEXTS / SEEDS[name])
    assert (sha256(text), len(text)) == (corpus[name].document.sha256, corpus[name].document.length)
    quoted = {point for span in spans(corpus[name], text) for point in range(span.start, span.end)}
    assert len(quoted) / len(text) < LARGEST_SHARE


@pytest.mark.shared
@needs_texts
@pytest.mark.parametrize(("name", "count"), [(KISTANOV, 99), (STRELTSOV, 44)])
def test_every_sentence_is_asserted_or_listed(corpus, name: str, count: int) -> None:
    text = read(TEXTS / SEEDS[name])
    found, quoted = sentences(text), spans(corpus[name], text)
    asserted = {number for number, one in enumerate(found, 1) if any(one.overlaps(span) for span in quoted)}
    listed = {entry.sentence for entry in corpus[name].content.nothing_asserted}
    assert len(found) == count
    assert asserted | listed == set(range(1, count + 1))
    assert asserted & listed == set()


def spans(file: CorpusFile, text: str) -> list[Span]:
    quotes = [quote for assertion in file.content.assertions for quote in assertion.located_quotes()]
    return [locate(text, quote.quote, quote.prefix) for quote in quotes]
