"""Who claims, says, proposes, deploys and agrees what: answers worked out by hand from the two documents."""

import pytest

from graph.namespaces import shorten
from graph.saved_query import ArgumentError

EVERY_NAME = [
    "Northern Territories", "northern territories", "southern Kurils", "Southern Kuriles", "Южные Курилы",
    "Северные территории", "北方領土", "territory:southern-kurils", "Four southern Kuril Islands",
]  # fmt: skip


def columns(rows, *names):
    return {tuple(row.get(name, "") for name in names) for row in rows}


def test_japan_claims_the_islands_against_russia_and_calls_them_the_northern_territories(ask) -> None:
    rows = columns(
        ask("who-claims", territory="southern Kurils"),
        "claimant", "against", "territory", "nameUsed", "speaker", "outlet", "evidence",
    )  # fmt: skip
    assert (
        "state:japan", "state:russia", "territory:southern-kurils", "northern territories",
        "person:kistanov", "organisation:eastrussia", "a:kistanov-claim-northern-territories",
    ) in rows  # fmt: skip


def test_each_claim_is_told_with_its_voice(ask) -> None:
    rows = columns(ask("who-claims", territory="北方領土"), "claimant", "speaker", "evidence")
    assert rows == {
        ("state:japan", "person:kistanov", "a:kistanov-claim-northern-territories"),
        ("state:japan", "organisation:sankei-shimbun", "a:kistanov-sankei-original-territories"),
        ("state:japan", "group:japanese-officials", "a:kistanov-officials-on-sovereignty"),
        ("state:japan", "organisation:yomiuri-shimbun", "a:kistanov-yomiuri-claim"),
        ("state:russia", "state:russia", "a:streltsov-russia-claims"),
    }


@pytest.mark.parametrize("name", EVERY_NAME)
def test_asking_by_any_name_gives_the_same_rows(ask, name: str) -> None:
    assert ask("who-claims", territory=name) == ask("who-claims", territory="Southern Kurils / Northern Territories")


@pytest.mark.parametrize("name", ["Kunashir", "Kunashiri", "Кунашир", "国後島", "Iturup", "択捉島"])
def test_an_island_is_claimed_with_what_it_lies_in(ask, name: str) -> None:
    assert ask("who-claims", territory=name) == ask("who-claims", territory="southern Kurils")


def test_the_two_states_claims_make_a_dispute_and_papers_claims_are_no_part_of_it(holds) -> None:
    dispute = "dispute:southern-kurils a cq:Dispute ; cq:territory territory:southern-kurils ; cq:hasClaim"
    assert holds(f"{dispute} claim:japan-northern-territories, claim:russia-own-territory")
    assert not holds(f"{dispute} claim:japan-sankei-original-territories")


@pytest.mark.parametrize("island", ["territory:southern-kurils", "place:kunashir", "place:iturup", "place:shikotan",
                                    "place:habomai", "place:kuril-islands", "territory:crimea"])  # fmt: skip
def test_nothing_gives_a_claimed_place_a_sovereign(holds, island: str) -> None:
    assert not holds(f"{island} ?property ?state . ?state a cq:State")
    assert not holds(f"?state a cq:State ; ?property {island}")


def test_which_name_is_whose(ask) -> None:
    rows = columns(ask("names-of", territory="southern Kurils"), "name", "usedBy")
    assert ("北方領土", "state:japan") in rows
    assert ("Южные Курилы", "state:russia") in rows
    assert ("Northern Territories", "state:russia") not in rows


def test_a_name_that_a_document_tells_of_has_its_evidence(ask) -> None:
    rows = columns(ask("names-of", territory="southern Kurils"), "name", "language", "usedBy", "evidence")
    assert ("Northern Territories", "en", "state:japan", "a:kistanov-claim-northern-territories") in rows


def test_whose_name_it_is_rests_on_the_words_only_where_they_say_so(ask) -> None:
    rows = columns(ask("names-of", territory="southern Kurils"), "name", "usedBy", "evidence")
    assert ("Southern Kuriles", "person:kistanov", "a:kistanov-names-of-the-islands") in rows
    assert ("Southern Kurils", "person:streltsov", "a:streltsov-names-of-the-islands") in rows
    assert ("Southern Kuriles", "state:russia", "") in rows
    assert {evidence for _, user, evidence in rows if user == "state:russia"} == {""}


def test_nothing_undated_is_put_into_a_range_of_dates(ask) -> None:
    began_and_has_no_end = "deployment:us-thaad-south-korea"
    assert {row["item"] for row in ask("timeline", _from="2030")} == {began_and_has_no_end}


def test_a_range_that_ends_before_it_begins_is_refused(ask) -> None:
    with pytest.raises(ArgumentError, match="2017-01-01 lies before 2017-12-31"):
        ask("timeline", _from="2017-12-31", to="2017-01-01")


def test_positions_on_a_system_include_those_on_its_deployments(ask) -> None:
    found = {(row["holder"], row["evidence"]) for row in ask("positions", about="THAAD")}
    assert ("state:china", "a:kistanov-beijing-reaction") in found


def test_what_is_planned_and_proposed_at_once_is_no_disagreement(ask) -> None:
    assert {row["subject"] for row in ask("disagreements")} == {
        "change:ru-jp-2plus2-resumed",
        "change:ru-jp-2plus2-suspended",
        "deployment:us-thaad-south-korea",
    }


@pytest.mark.parametrize("name", ["2 2", "2+2", "2 + 2", "two-plus-two"])
def test_a_format_is_found_as_an_address_bar_spells_it(ask, name: str) -> None:
    assert len(ask("meetings", format=name)) == 3


def test_a_name_in_the_order_of_a_catalogue(ask) -> None:
    assert ask("who-met-whom", person="Lavrov, Sergei") == ask("who-met-whom", person="Lavrov")


def test_what_is_not_found_is_answered_with_what_holds_the_words(ask) -> None:
    with pytest.raises(ArgumentError) as error:
        ask("office-holders", office="Foreign Minister")
    assert {"office:ru-foreign-minister", "office:jp-foreign-minister"} <= {
        shorten(iri) for iri, _ in error.value.candidates
    }


def test_positions_on_the_legal_basis(ask) -> None:
    rows = columns(
        ask("positions", about="Legal basis of the joint economic activity"), "holder", "stance", "speaker", "outlet"
    )
    assert ("state:russia", "cq:Conditional", "person:lavrov", "organisation:argumenty-i-fakty") in rows
    assert ("state:russia", "cq:Conditional", "person:ushakov", "organisation:eastrussia") in rows
    assert ("state:japan", "cq:Conditional", "person:abe", "organisation:eastrussia") in rows


def test_positions_of_russia_on_missile_defence(ask) -> None:
    rows = ask("positions", about="missile defence", holder="Russia")
    assert {row["holder"] for row in rows} == {"state:russia"}
    assert {"a:streltsov-russia-opposes-missile-defence", "a:kistanov-shoigu-concern-japan"} <= {
        r["evidence"] for r in rows
    }


def test_what_inada_said(ask) -> None:
    rows = ask("statements", speaker="Inada")
    assert {row["evidence"] for row in rows} == {
        "a:kistanov-inada-protest",
        "a:kistanov-inada-solely-against-north-korea",
        "a:kistanov-inada-s-400",
    }
    assert {row["speaker"] for row in rows} == {"person:inada"}


def test_what_was_said_to_inada(ask) -> None:
    rows = ask("statements", addressee="Inada")
    assert columns(rows, "speaker", "addressee", "evidence") == {
        ("person:shoigu", "person:inada", "a:kistanov-shoigu-new-division")
    }


def test_a_newspaper_that_is_quoted_is_a_speaker(ask) -> None:
    rows = ask("statements", speaker="Sankei Shimbun")
    assert "a:kistanov-sankei-no-right" in {row["evidence"] for row in rows}
    assert {row["outlet"] for row in rows} == {"organisation:sankei-shimbun"}


def test_lavrovs_interview_came_through_argumenty_i_fakty(ask) -> None:
    rows = columns(ask("statements", speaker="Lavrov"), "earliest", "outlet", "evidence")
    assert ("2017-03-29", "organisation:argumenty-i-fakty", "a:kistanov-lavrov-russian-legislation") in rows


def test_russian_proposals(ask) -> None:
    found = {row["proposal"] for row in ask("proposals", proposer="Russia")}
    assert found == {
        f"proposal:ru-{slug}"
        for slug in ("26-projects", "salmon-trout-farming", "fish-processing", "seafood-markets", "wind-power",
                     "geothermal-power", "housing", "amateur-fishing")
    }  # fmt: skip


def test_charter_flights_are_proposed_to_two_islands_and_two_documents_say_so(ask) -> None:
    rows = columns(ask("proposals", sector="Air transport"), "proposal", "proposer", "place", "evidence")
    for evidence in ("a:kistanov-japanese-cruises-flights", "a:streltsov-charter-flights"):
        for island in ("place:kunashir", "place:iturup"):
            assert ("proposal:jp-charter-flights", "state:japan", island, evidence) in rows


def test_thaad_in_south_korea_is_told_twice_with_two_statuses(ask) -> None:
    rows = columns(ask("deployments", place="South Korea"), "system", "operator", "status", "evidence")
    assert rows == {
        ("system:thaad", "state:usa", "cq:Underway", "a:kistanov-thaad-south-korea"),
        ("system:thaad", "state:usa", "cq:Planned", "a:streltsov-thaad-planned"),
    }


def test_what_japan_deploys_and_what_it_only_considers(ask) -> None:
    rows = columns(ask("deployments", operator="Japan"), "system", "status")
    assert rows == {
        ("system:aegis", "cq:Deployed"),
        ("system:patriot", "cq:Deployed"),
        ("system:aegis", "cq:Considered"),
        ("system:thaad", "cq:Considered"),
        ("system:aegis-ashore", "cq:Considered"),
    }


def test_agreements_of_russia(ask) -> None:
    rows = columns(ask("agreements", party="Russia"), "agreement", "status")
    assert rows == {
        ("agreement:ru-jp-december-2016", "cq:Agreed"),
        ("agreement:joint-economic-activity-2016-12", "cq:Agreed"),
        ("agreement:hold-2plus2-2017", "cq:Agreed"),
        ("agreement:comply-with-unsc-resolutions", "cq:Agreed"),
        ("agreement:general-staff-contacts", "cq:Agreed"),
        ("agreement:joint-project-list", "cq:Planned"),
    }


def test_the_december_agreement_is_told_by_both(ask) -> None:
    rows = [row for row in ask("agreements", party="Japan") if row["agreement"] == "agreement:ru-jp-december-2016"]
    assert columns(rows, "earliest", "evidence") == {
        ("2016-12-01", "a:kistanov-december-agreement"),
        ("2016-12-01", "a:streltsov-december-agreements"),
    }


def disagreement(ask, subject: str, aspect: str):
    return columns(
        [r for r in ask("disagreements") if (r["subject"], r["aspect"]) == (subject, aspect)], "value", "document"
    )


K, S = "document:kistanov-2plus2-2017", "document:streltsov-new-friends-2017"


def test_the_documents_differ_on_who_revived_the_2plus2_and_when(ask) -> None:
    who = disagreement(ask, "change:ru-jp-2plus2-resumed", "cq:by")
    assert {document for _, document in who} == {K, S}
    assert ("Russia", K) in who
    when = disagreement(ask, "change:ru-jp-2plus2-resumed", "cq:when")
    assert when == {("2016-12", K), ("2017-02", S)}


def test_the_documents_differ_on_how_long_the_break_was(ask) -> None:
    assert disagreement(ask, "change:ru-jp-2plus2-suspended", "cq:duration") == {(">P3Y", K), ("P3Y", S)}


def test_the_documents_differ_on_whether_thaad_was_being_deployed(ask) -> None:
    found = disagreement(ask, "deployment:us-thaad-south-korea", "cq:status")
    assert {document for _, document in found} == {K, S}
    assert len({value for value, _ in found}) == 2


def test_a_coarser_date_is_no_disagreement(ask) -> None:
    subjects = {row["subject"] for row in ask("disagreements")}
    assert "visit:abe-russia-2017-04" not in subjects
    assert "meeting:ru-jp-2plus2-2017-03-20" not in subjects


def test_the_evidence_for_the_talks_is_their_words(ask) -> None:
    (row,) = ask("evidence-for", resource="meeting:ru-jp-2plus2-2013-11-02")
    assert row["assertion"] == "a:streltsov-2plus2-first"
    assert row["quote"] == "held their first such 2+2 meeting Nov. 2, 2013"
    assert row["document"] == S
    assert int(row["end"]) - int(row["start"]) == len(row["quote"])
    assert row["attribution"].startswith("Dmitry Streltsov")
    assert row["modality"] == "cq:Asserted"


def test_what_was_only_thought_has_evidence_too(ask) -> None:
    rows = ask("evidence-for", resource="statement:sankei-no-russian-soldier")
    assert {(row["assertion"], row["modality"]) for row in rows} == {("a:kistanov-sankei-no-right", "cq:Opinion")}


def test_a_person_is_spoken_of(ask) -> None:
    told = {row["assertion"] for row in ask("evidence-for", resource="Ushakov")}
    assert told == {"a:kistanov-ushakov-russian-law"}


def test_the_evidence_for_a_claim(ask) -> None:
    quotes = {row["quote"] for row in ask("evidence-for", resource="claim:japan-northern-territories")}
    assert 'They are claimed by Japan, calling them their "northern territories"' in quotes


def test_the_two_sources(ask) -> None:
    rows = {row["document"]: row for row in ask("sources")}
    assert set(rows) == {K, S}
    assert (rows[S]["date"], rows[S]["author"], rows[S]["publisher"]) == (
        "2017-03-20", "person:streltsov", "organisation:moscow-times",
    )  # fmt: skip
    assert rows[K]["date"] == "[2017-03-30..2017-04-27]"
    assert rows[K]["translatedFrom"] == "ru"
    assert "translatedFrom" not in rows[S]
    assert "machine translation" in rows[K]["caveats"].lower()


def test_what_is_garbled_is_asserted_by_nobody(holds) -> None:
    assert holds("?assertion cq:flag cq:SuspectTranslation ; cq:restsOn ?passage ; skos:note ?likelySense")
    assert not holds("?assertion cq:flag cq:SuspectTranslation ; cq:modality ?modality")
    assert not holds("?assertion cq:flag cq:SuspectTranslation . GRAPH ?assertion { ?s ?p ?o }")
    assert not holds("?event cq:count 2017")


def test_dates_that_lack_a_year_are_marked_with_the_ground_of_the_year(holds) -> None:
    assert holds(
        'a:kistanov-2plus2-held cq:infers "year" ; cq:inferredFrom a:streltsov-2plus2-held, a:kistanov-format-created'
    )
    assert not holds("a:streltsov-2plus2-held cq:infers ?anything")


def test_the_undated_document_is_dated_by_an_interval_with_its_grounds(holds) -> None:
    assert holds(
        'document:kistanov-2plus2-2017 cq:startEarliest "2017-03-30"^^xsd:date ;'
        ' cq:endLatest "2017-04-27"^^xsd:date ;'
        " cq:inferredFrom a:kistanov-strategic-dialogue-held, a:kistanov-summit-2017-04-planned"
    )
