"""Who claims and says what, what is proposed and deployed, where the sources differ, and which words say so."""

from collections.abc import Callable

import pytest

Ask = Callable[..., list[tuple[str | int | None, ...]]]


class TestWhoClaims:
    def test_each_claim_with_its_voice(self, ask: Ask) -> None:
        assert ask("who-claims", territory="Southern Kurils") == [
            (
                "japan",
                None,
                "southern-kurils",
                None,
                "original Japanese territory",
                "sankei",
                "sankei",
                "review-sankei",
            ),
            ("japan", "russia", "southern-kurils", "northern territories", None, "writer", "review", "review-claim"),
            ("russia", None, "southern-kurils", None, None, "shoigu", "review", "review-russia-claim"),
        ]

    @pytest.mark.parametrize("name", ["北方領土", "northern  territories", "ЮЖНЫЕ КУРИЛЫ", "Kunashir", "国後島"])
    def test_any_name_of_it_or_of_what_lies_in_it_gives_the_same(self, ask: Ask, name: str) -> None:
        assert ask("who-claims", territory=name) == ask("who-claims", territory="southern-kurils")

    def test_a_claim_on_a_part_is_no_claim_on_the_whole(self, ask: Ask) -> None:
        assert ask("who-claims", territory="Kuril Islands") == []


class TestNamesOf:
    def test_with_users_and_what_documents_show(self, ask: Ask) -> None:
        assert ask("names-of", territory="Northern Territories") == [
            ("Southern Kurils", "en", "russia", None),
            ("northern territories", "en", "japan", "review-claim"),
            ("北方領土", "ja", "japan", None),
        ]

    def test_none_recorded(self, ask: Ask) -> None:
        assert ask("names-of", territory="Kunashir") == []


class TestPositions:
    def test_on_a_topic_and_what_is_narrower(self, ask: Ask) -> None:
        assert ask("positions", "holder stance summary speaker outlet evidence", about="Security") == [
            ("experts", "Observes", "Russia revived the format", "experts", "review", "review-resumed"),
            ("inada", "Opposes", "Protest against missiles", "inada", "review", "review-protest"),
            ("russia", "Justifies", "Aimed at nobody", "shoigu", "review", "review-reply"),
        ]
        assert ask("positions", "earliest latest", about="Security")[0] == ("2017-03-01", "2017-03-31")

    def test_of_one_holder(self, ask: Ask) -> None:
        assert ask("positions", "holder speaker", about="missiles", holder="Moscow") == [("russia", "shoigu")]
        assert ask("positions", about="missiles", holder="shoigu") == []

    def test_on_a_territory_and_what_is_around_it(self, ask: Ask) -> None:
        assert ask("positions", "evidence", about="Kuril Islands") == [("review-protest",)]


class TestStatements:
    def test_a_state_speaks_through_its_posts(self, ask: Ask) -> None:
        assert ask("statements", "speaker addressee about", speaker="Japan") == [
            ("inada", "shoigu", "southern-kurils"),
            ("inada", "shoigu", "missiles"),
        ]

    def test_to_whom(self, ask: Ask) -> None:
        assert ask("statements", addressee="inada") == [
            ("shoigu", "inada", "missiles", "Aimed at nobody", "2017-03-20", "review", "review-reply")
        ]

    def test_about_something_wider(self, ask: Ask) -> None:
        assert ask("statements", "speaker about", about="security") == [("inada", "missiles"), ("shoigu", "missiles")]

    def test_a_position_that_nobody_spoke_is_no_statement(self, ask: Ask) -> None:
        assert ask("statements", speaker="Japanese experts") == []


class TestProposals:
    def test_by_a_wider_sector_and_place(self, ask: Ask) -> None:
        expected = [("scallops", "japan", "scallops", "kunashir", "Proposed", "diary-proposal")]
        assert ask("proposals", sector="Fishery") == expected
        assert ask("proposals", place="Northern Territories") == expected
        assert ask("proposals", proposer="Japan") == expected

    def test_not_there(self, ask: Ask) -> None:
        assert ask("proposals", place="Tokyo") == []


class TestDeployments:
    def test_each_assertion_with_its_status(self, ask: Ask) -> None:
        assert ask("deployments", operator="United States", place="South Korea") == [
            ("thaad", "usa", "south-korea", "Planned", "2016-12-01", "diary-thaad"),
            ("thaad", "usa", "south-korea", "Underway", "2016-12-01", "review-thaad"),
        ]

    def test_what_is_said_in_an_opinion_is_not_deployed(self, ask: Ask) -> None:
        assert ask("deployments", operator="Russia") == []


class TestAgreements:
    def test_parties_are_joined_in_order(self, ask: Ask) -> None:
        assert ask("agreements", party="Russia") == [
            ("projects", "Japan; Russia", "2016-12-01", "Agreed", "review-agreement")
        ]

    def test_of_others(self, ask: Ask) -> None:
        assert ask("agreements", party="usa") == []


class TestDisagreements:
    def test_each_side_has_a_row(self, ask: Ask) -> None:
        assert ask("disagreements") == [
            ("resumed", "by", "Fumio Kishida; Sergey Lavrov", "diary", "diary-resumed"),
            ("resumed", "by", "Russia", "review", "review-resumed"),
            ("resumed", "when", "2016-12", "review", "review-resumed"),
            ("resumed", "when", "2017-02", "diary", "diary-resumed"),
            ("suspended", "duration", ">P3Y", "review", "review-suspended"),
            ("suspended", "duration", "P3Y", "diary", "diary-suspended"),
            ("thaad", "status", "planned", "diary", "diary-thaad"),
            ("thaad", "status", "under way", "review", "review-thaad"),
            ("economy", "status", "held", "later", "later-economy"),
            ("economy", "status", "not held", "diary", "diary-economy"),
        ]

    @pytest.mark.parametrize(
        ("subject", "why"),
        [
            ("abe", "a month and two days of it overlap"),
            ("march", "Tokyo lies in Japan"),
            ("summit", "what was planned came to pass"),
        ],
    )
    def test_what_may_both_be_true_is_none(self, ask: Ask, subject: str, why: str) -> None:
        assert subject not in {row[0] for row in ask("disagreements", "subject")}, why

    def test_a_subject_that_only_an_assertion_names_has_its_label(self, ask: Ask) -> None:
        assert ("Talks on the economy", "status") in ask("disagreements", "subjectLabel aspect")


class TestEvidenceFor:
    def test_one_row_per_passage(self, ask: Ask) -> None:
        assert ask("evidence-for", resource="march") == [
            ("diary-2plus2", "held a 2+2 on 20 March", "diary", 10, 30, "A Writer in The Daily", "Asserted", "Held"),
            ("diary-2plus2", "four ministers came", "diary", 40, 60, "A Writer in The Daily", "Asserted", "Held"),
        ]

    @pytest.mark.parametrize(
        "resource", ["claim:japan", "review-claim", "dispute:southern-kurils", "passage:review.5-25"]
    )
    def test_of_a_claim_its_assertion_its_dispute_and_its_words(self, ask: Ask, resource: str) -> None:
        assert ask("evidence-for", resource=resource) == [
            ("review-claim", "Japan claims them", "review", 5, 25, "A Writer in The Review", "Asserted", None)
        ]

    def test_of_a_person_who_is_mentioned(self, ask: Ask) -> None:
        assert ask("evidence-for", "assertion quote", resource="Tomomi Inada") == [
            ("diary-2plus2", "held a 2+2 on 20 March"),
            ("diary-2plus2", "four ministers came"),
        ]


class TestSources:
    def test_every_document(self, ask: Ask) -> None:
        assert ask("sources") == [
            ("diary", "daily", "writer", "2017-03-20", 9, None, None),
            ("later", "daily", None, "2017-05-10", 2, None, None),
            ("review", "review", "writer", "[2017-03-30..2017-04-27]", 13, "ru", "first caveat; second caveat"),
        ]

    def test_labels(self, ask: Ask) -> None:
        assert ask("sources", "documentLabel publisherLabel") == [
            ("A month of talks", "The Daily"),
            ("Afterwards", "The Daily"),
            ("What the month brought", "The Review"),
        ]
