"""Tenures, events, claims, chains, duplicates, twins and links: each verdict on a small world of its own."""

import pytest
from both_sides import World, entity, link, world

from graph.namespaces import expand
from graph.wikidata.comparison import Finding
from graph.wikidata.model import Entity

ITO, SATO, MINISTER = link("person:ito", "Q1"), link("person:sato", "Q2"), link("office:minister", "Q100")
LINKS = (ITO, SATO, MINISTER)
POST = entity("Q100", "Minister")


def guid(person: str, number: int = 1) -> str:
    return f"{person}$0000000{number}-0000-0000-0000-000000000000"


def shown(found: Finding) -> list[str]:
    return sorted(each.statement.guid for each in found.mentions)


class TestTenures:
    """A tenure of the authority file, beside a statement."""

    def found(self, ours: str, *lines: str, source: str = "", read: str = "2022-07-21") -> Finding:
        derived = f"prov:wasDerivedFrom wds:{source.replace('$', '-')} ;" if source else ""
        tenure = f"""tenure:t a org:Membership ; org:member person:ito ; cq:heldPost office:minister ; {derived}
            cq:recordedOn "{read}"^^xsd:date ; cq:when "{ours}"^^edtf:EDTF ."""
        (found,) = [
            each
            for each in world(tenure).beside([entity("Q1", "Ito", *lines), POST], LINKS).found()
            if each.name[0] == "tenure"
        ]
        return found

    @pytest.mark.parametrize(
        ("ours", "line", "verdict"),
        [
            ("2016-08-03/2017-07-28", "P39 Q100 P580=2016-08-03 P582=2017-07-28", "agree"),
            ("2016-08-03/2017-07-28", "P39 Q100 P580=2016 P582=2017", "agree-within-precision"),
            ("2016-08-03/2017-07-28", "P39 Q100 P580=2016-08-03", "agree-within-precision"),
            ("2016-08-03/2017-07-28", "P39 Q100 P580=2016-08-04 P582=2017-07-28", "starts-after"),
            ("2016-08-03/2017-07-28", "P39 Q100 P580=2016-08-03 P582=2017-07-27", "ended-before"),
            ("2016-08-03/2017-07-28", "P39 Q100 P580=2016-08-03 P582=2017-07-29", "other-dates"),
            ("2016-08-03/2017-07-28", "P39 Q100 P580=2016-08-02 P582=2017-07-28", "other-dates"),
            ("2016-08-03/..", "P39 Q100 P580=2016-08-03", "agree"),
            ("2016-08-03/..", "P39 Q100 P580=2016-08-03 P582=2024-05-14", "agree"),
            ("2016-08-03/..", "P39 Q100 P580=2016-08-03 P582=2020-05-14", "ended-before"),
            ("2016-08-03/2017-07-28", "P39 Q100", "undated"),
            ("2016-08-03/2017-07-28", "P39 Q100 P580=2016-08-03 rank=deprecated", "deprecated-only"),
            ("2016-08-03/2017-07-28", "P39 Q7 P580=2016-08-03", "silent"),
        ],
    )
    def test_the_verdict(self, ours: str, line: str, verdict: str) -> None:
        assert self.found(ours, line).verdict == verdict

    def test_of_several_statements_the_source_counts_else_the_nearest(self) -> None:
        lines = ("P39 Q100 P580=2012-12-26 P582=2014-09-03", "P39 Q100 P580=2017-08-03 P582=2018-10-02")
        assert shown(self.found("2017-08-03/2018-10-01", *lines)) == [guid("Q1", 2)]
        assert shown(self.found("2017-08-03/2018-10-01", *lines, source=guid("Q1"))) == [guid("Q1")]

    def test_the_sentence(self) -> None:
        found = self.found("2016-08-03/2017-07-28", "P39 Q100 P580=2016-08-03 P582=2017-07-27")
        assert found.sentence == (
            "Our authority file, as read on 21 July 2022, has Ito as Minister from 3 August 2016 to 28 July 2017; "
            f"an earlier end has Wikidata's statement {guid('Q1')}, as read on 22 July 2026: from 3 August 2016 to "
            "27 July 2017."
        )


class TestEvents:
    def found(
        self, *lines: str, when: str = "2017-03-20", links: tuple[object, ...] = (), partial: bool = False
    ) -> Finding:
        meeting = (
            f'meeting:m a cq:Meeting ; skos:prefLabel "Talks"@en ; cq:status cq:Held ; cq:when "{when}"^^edtf:EDTF .'
        )
        made = world().says("a1", meeting)
        made.beside([entity("Q9", "talks", *lines, partial=partial)], links or (link("meeting:m", "Q9"),))  # type: ignore[arg-type]
        (found,) = made.found()
        return found

    @pytest.mark.parametrize(
        ("lines", "verdict"),
        [
            (("P585 2017-03-20",), "agree"),
            (("P585 2017-03",), "agree-within-precision"),
            (("P585 2017-03-19",), "ended-before"),
            (("P585 2017-03-21",), "starts-after"),
            (("P580 2017-03-19", "P582 2017-03-21"), "agree-within-precision"),
            (("P580 2017-03-20", "P582 2017-03-20"), "agree"),
            (("P585 2017-03-20 rank=deprecated",), "deprecated-only"),
            ((), "undated"),
            (("P585 2017-03-20", "P585 2017-03-21"), "agree"),
            (("P585 2017-03-21", "P585 2017-03-20"), "agree"),
            (("P585 2017-03-19", "P585 2017-03-25"), "other-dates"),
            (("P585 2017-03-21", "P585 2017-03-25"), "starts-after"),
            (("P580 2017-03-19",), "agree-within-precision"),
            (("P580 2017-03-21",), "starts-after"),
            (("P582 2017-03-21",), "agree-within-precision"),
            (("P582 2017-03-19",), "ended-before"),
            (("P580 ?", "P582 2017-03-20"), "agree-within-precision"),
            (("P585 -",), "undated"),
            (("P585 ?",), "undated"),
        ],
    )
    def test_the_verdict(self, lines: tuple[str, ...], verdict: str) -> None:
        assert self.found(*lines).verdict == verdict

    @pytest.mark.parametrize(
        ("lines", "verdict"),
        [
            (("P580 2017-03-20", "P582 2017-03-21"), "agree"),
            (("P580 2017-03-20", "P582 2017-03-25"), "other-dates"),
            (("P580 2017-03-19", "P582 2017-03-21"), "other-dates"),
            (("P580 2017-03-21", "P582 2017-03-25"), "starts-after"),
            (("P580 2017-03-20", "P582 2017-03-20"), "ended-before"),
            (("P580 2017-03", "P582 2017-03"), "agree-within-precision"),
            (("P580 2017-03-20",), "agree-within-precision"),
            (("P585 2017-03-21",), "agree-within-precision"),
            (("P585 2017-03-22",), "starts-after"),
        ],
    )
    def test_what_lasted_is_compared_by_start_and_by_end(self, lines: tuple[str, ...], verdict: str) -> None:
        assert self.found(*lines, when="2017-03-20/2017-03-21").verdict == verdict

    def test_dates_that_differ_are_told(self) -> None:
        assert self.found("P585 2017-03-20", "P585 2017-03-21").sentence.endswith(
            "has the date 20 March 2017 and the date 21 March 2017, of which the date 20 March 2017 fits."
        )

    def test_a_slice_of_some_statements_is_silent(self) -> None:
        found = self.found("P31 Q2761147", partial=True)
        assert (found.verdict, found.sentence.endswith("gives no date in the slice here.")) == ("silent", True)

    def test_the_sentence(self) -> None:
        assert self.found("P585 2017-03-21").sentence == (
            "Valery Kistanov (EastRussia) tells of “Talks” on 20 March 2017; "
            "Wikidata's item Q9 has the date 21 March 2017."
        )

    def test_what_is_not_linked_is_told_so(self) -> None:
        found = self.found(links=(ITO,))
        assert found.verdict == "not-linked"
        assert found.sentence.endswith("on 20 March 2017; no item of Wikidata is linked to it.")


class TestClaims:
    """Claims are points of view: no verdict calls one wrong."""

    LINKS = (link("state:japan", "Q17"), link("state:russia", "Q159"), link("territory:isles", "Q50"))

    def found(self, *lines: str, claimant: str = "japan", links: tuple[object, ...] = LINKS) -> Finding:
        claim = f"claim:c a cq:TerritorialClaim ; cq:claimant state:{claimant} ; cq:territory territory:isles ."
        made = world().says("a1", claim)
        made.beside([entity("Q50", "isles", *lines)], links)  # type: ignore[arg-type]
        (found,) = made.found()
        return found

    @pytest.mark.parametrize(
        ("lines", "verdict"),
        [
            (("P1336 Q17",), "agree"),
            (("P1336 Q17", "P17 Q159"), "agree"),
            (("P17 Q17",), "agree"),
            (("P17 Q159",), "other-view"),
            (("P1336 Q159",), "other-view"),
            (("P1336 Q17 rank=deprecated",), "deprecated-only"),
            (("P1336 Q159 rank=deprecated",), "silent"),
            ((), "silent"),
        ],
    )
    def test_the_verdict(self, lines: tuple[str, ...], verdict: str) -> None:
        assert self.found(*lines).verdict == verdict

    def test_each_claimant_has_a_view_of_its_own(self) -> None:
        lines = ("P1336 Q17", "P17 Q159")
        assert [self.found(*lines, claimant=who).verdict for who in ("japan", "russia")] == ["agree", "agree"]

    def test_the_words_are_those_of_views(self) -> None:
        sentence = self.found("P17 Q159").sentence
        assert sentence == (
            "Valery Kistanov (EastRussia) tells of a claim of Japan to Isles; "
            "Wikidata records another point of view: "
            f"its statement {guid('Q50')} lists it under Russia (P17)."
        )
        assert not any(word in sentence for word in ("wrong", "error", "conflict", "contradict", "belongs"))

    def test_a_territory_that_is_not_linked(self) -> None:
        assert self.found("P1336 Q17", links=self.LINKS[:2]).verdict == "not-linked"


def chain(*entities: Entity, links: tuple[object, ...] = LINKS, authority: str = "") -> list[Finding]:
    made: World = world(authority).beside([*entities, POST], links)  # type: ignore[arg-type]
    return made.found()


class TestDuplicates:
    MORI = (
        "P39 Q100 P580=2000-04-05 P582=2000-07-04",
        "P39 Q100 P580=2000-04-05 P582=2001-04-26",
        "P39 Q100 P580=2000-07-04 P582=2001-04-26",
    )

    def test_one_tenure_in_three_statements(self) -> None:
        (found,) = chain(entity("Q3", "Mori", *self.MORI))
        assert (found.verdict, shown(found)) == ("duplicate", [guid("Q3", number) for number in (1, 2, 3)])
        assert found.sentence.startswith(
            "Wikidata has Mori as Minister in 3 statements whose times overlap: statement "
        )
        assert found.about == (expand("wd:Q3"), expand("office:minister"))

    def test_times_that_share_a_day_are_two_tenures(self) -> None:
        assert chain(entity("Q3", "Mori", self.MORI[0], self.MORI[2])) == []

    def test_deprecated_statements_and_other_persons_are_no_duplicates(self) -> None:
        assert chain(entity("Q3", "Mori", self.MORI[0], self.MORI[1] + " rank=deprecated")) == []
        pair = (entity("Q1", "Ito", self.MORI[0]), entity("Q2", "Sato", self.MORI[0]))
        assert [each.verdict for each in chain(*pair)] == []

    def test_a_row_without_identifier_may_be_the_statement_that_has_one(self) -> None:
        row = "P39 Q100 P580=2000-04-05 P582=2001-04-26 rank= guid="
        assert chain(entity("Q3", "Mori", "P39 Q100 P580=2000-04-05", row, partial=True)) == []
        rows = (row, "P39 Q100 P580=2000-04-05 P582=2000-07-04 rank= guid=")
        assert [each.verdict for each in chain(entity("Q3", "Mori", *rows, partial=True))] == ["duplicate"]


class TestChain:
    def pair(self, first: str, then: str, **also: bool) -> list[Finding]:
        return chain(
            entity("Q1", "Ito", f"P39 Q100 {first}", **also), entity("Q2", "Sato", f"P39 Q100 {then}", **also)
        )  # type: ignore[arg-type]

    @pytest.mark.parametrize("start", ["2005-10-31", "2005-11-01", "2005-10", "2005", "2004-01-01"])
    def test_who_follows_on_the_day_or_the_next_leaves_no_gap(self, start: str) -> None:
        assert self.pair("P580=2004-09-27 P582=2005-10-31", f"P580={start}") == []

    def test_days_that_belong_to_nobody(self) -> None:
        (found,) = self.pair("P580=2004-09-27 P582=2005-10-31", "P580=2007-08-27")
        assert (found.verdict, found.name) == ("chain-gap", ("gap", "minister", "2005-11-01", "2007-08-26"))
        assert found.sentence == (
            "By the slices of Wikidata here, nobody is Minister between 1 November 2005 and 26 August 2007: "
            f"Ito is in office from 27 September 2004 to 31 October 2005 (statement {guid('Q1')}), "
            "and the next, Sato, "
            f"from 27 August 2007 on, with no end given by 22 July 2026 (statement {guid('Q2')})."
        )

    def test_somebody_whose_time_covers_the_gap_closes_it(self) -> None:
        between = entity("Q3", "Mori", "P39 Q100 P580=2001-01-01 P582=2009-01-01")
        pair = (
            entity("Q1", "Ito", "P39 Q100 P580=2004 P582=2005"),
            entity("Q2", "Sato", "P39 Q100 P580=2007 P582=2008"),
        )
        assert [each.name[0] for each in chain(*pair)] == ["gap"]
        assert [each.name[0] for each in chain(*pair, between)] == []

    def test_an_office_of_several_has_no_chain(self) -> None:
        links = (ITO, SATO, link("office:aide", "Q100"))
        pair = (entity("Q1", "Ito", "P39 Q100 P580=2004 P582=2005"), entity("Q2", "Sato", "P39 Q100 P580=2009"))
        assert chain(*pair, links=links) == []

    def test_predecessor_and_successor_that_fit(self) -> None:
        first, then = "P580=2016-08-03 P582=2017-07-28 P1366=Q2", "P580=2017-07-28 P582=2018-01-01 P1365=Q1"
        assert self.pair(first, then) == []

    def test_a_successor_who_does_not_point_back(self) -> None:
        first, then = "P580=2016-08-03 P582=2017-07-28 P1366=Q2", "P580=2017-07-28 P582=2018-01-01"
        (found,) = self.pair(first, then)
        assert (found.verdict, shown(found)) == ("chain-gap", [guid("Q1"), guid("Q2")])
        assert found.sentence.endswith(
            "says that, as Minister, Sato replaced Ito (P1366), "
            f"but statement {guid('Q2')} on Sato does not point back."
        )
        assert self.pair(first, then, partial=True) == []

    def test_a_successor_who_names_another(self) -> None:
        first, then = "P580=2016-08-03 P582=2017-07-28 P1366=Q2", "P580=2017-07-28 P1365=Q9"
        for partial in (False, True):
            (found,) = self.pair(first, then, partial=partial)
            assert found.sentence.endswith(f"statement {guid('Q2')} on Sato names Q9 instead.")

    def test_a_successor_whose_time_does_not_fit(self) -> None:
        first, then = "P580=2016-08-03 P582=2017-07-28 P1366=Q2", "P580=2010-01-01 P582=2011-01-01"
        assert [
            each.sentence for each in self.pair(first, then) if "Sato's own time there does not fit" in each.sentence
        ]

    def test_a_predecessor_who_never_held_it(self) -> None:
        (found,) = chain(entity("Q1", "Ito", "P39 Q100 P580=2016 P582=2018 P1365=Q2"), entity("Q2", "Sato"))
        assert found.sentence.endswith("Ito replaced Sato (P1365), but no dated statement has Sato in that office.")
        assert (
            chain(entity("Q1", "Ito", "P39 Q100 P580=2016 P582=2018 P1365=Q2"), entity("Q2", "Sato", partial=True))
            == []
        )

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("P39 Q100", "without any date."),
            (
                "P39 Q100 P580=2018 P582=2019 rank=deprecated",
                "from 2018 to 2019, which is marked there as deprecated.",
            ),
        ],
    )
    def test_what_there_is_of_the_other_is_told(self, line: str, words: str) -> None:
        (found,) = chain(entity("Q1", "Ito", "P39 Q100 P580=2016 P582=2018 P1366=Q2"), entity("Q2", "Sato", line))
        assert found.sentence.endswith(
            f"no dated statement has Sato in that office, only statement {guid('Q2')}, {words}"
        )
        assert shown(found) == [guid("Q1"), guid("Q2")]

    def test_an_undated_statement_of_another_may_fill_a_gap(self) -> None:
        pair = (entity("Q1", "Ito", "P39 Q100 P580=2004 P582=2005"), entity("Q2", "Sato", "P39 Q100 P580=2009"))
        assert [each.name[0] for each in chain(*pair, entity("Q3", "Abe"))] == ["gap"]
        assert chain(*pair, entity("Q3", "Abe", "P39 Q100")) == []

    @pytest.mark.parametrize(("when", "gaps"), [("2006/2008", []), ("2001/2002", ["gap"])])
    def test_a_holder_of_whom_no_slice_is_here_may_fill_a_gap(self, when: str, gaps: list[str]) -> None:
        tenure = f"""person:abe a foaf:Person ; skos:prefLabel "Abe"@en . tenure:t a org:Membership ;
            org:member person:abe ; cq:heldPost office:minister ; cq:when "{when}"^^edtf:EDTF ."""
        pair = (entity("Q1", "Ito", "P39 Q100 P580=2004 P582=2005"), entity("Q2", "Sato", "P39 Q100 P580=2009"))
        made = world(tenure).beside([*pair, POST], (*LINKS, link("person:abe", "Q3")))
        assert [each.name[0] for each in made.found("chain-gap")] == gaps

    def test_statements_that_say_the_same_are_duplicates(self) -> None:
        for line in ("P39 Q100 P580=1998 P582=1998", "P39 Q100"):
            (found,) = chain(entity("Q1", "Ito", line, line))
            assert (found.verdict, "in 2 statements that say the same: " in found.sentence) == ("duplicate", True)
            assert shown(found) == [guid("Q1"), guid("Q1", 2)]
        assert chain(entity("Q1", "Ito", "P39 Q100 P580=1998 P582=1998", "P39 Q100 P580=1998 P582=1999")) == []
        assert chain(entity("Q1", "Ito", "P39 Q100", "P39 Q100 guid=")) == []

    def test_of_whom_nothing_is_known_nothing_is_held_against(self) -> None:
        assert chain(entity("Q1", "Ito", "P39 Q100 P580=2016 P582=2018 P1365=Q77")) == []


class TestTwins:
    SECRETARY = "Secretary of the Security Council of Russia"

    def found(self, own: str = "P17 Q159", other: str = "P17 Q159", *links: object) -> list[Finding]:
        office = entity("Q109551787", self.SECRETARY, own)
        twin = entity("Q38715304", self.SECRETARY, other)
        putin = entity("Q7747", "Putin", "P39 Q38715304 P580=1999-03-29 P582=1999-08-09")
        accepted = (link("office:minister", "Q109551787"), *links)
        return world().beside([office, twin, putin], accepted).found()  # type: ignore[arg-type]

    def test_two_items_of_one_name_and_country(self) -> None:
        (found,) = self.found()
        assert (found.verdict, found.about) == ("duplicate", (expand("office:minister"), expand("wd:Q38715304")))
        assert found.sentence == (
            f"Wikidata has two items called “{self.SECRETARY}” of one country: Q109551787, "
            "which is linked to Minister, "
            "and Q38715304, under which 1 statement on holders stands here."
        )

    def test_offices_of_two_countries_are_two(self) -> None:
        assert self.found(other="P17 Q17") == []

    def test_an_item_that_somebody_has_judged_to_be_another_is_no_twin(self) -> None:
        assert self.found("P17 Q159", "P17 Q159", link("office:minister", "Q38715304", "rejected")) == []


class TestLinks:
    """A link asks for another look once its item has changed in what agreed."""

    FACT = "Minister 2016-08-03 to 2017-07-28 (P39), as the documents name Ito on 2017-03-20"

    def found(
        self, *lines: str, fact: str = FACT, redirects: tuple[str, ...] = (), item: str = "Q1", **also: bool
    ) -> list[Finding]:
        ito = entity("Q1", "Ito", *lines, redirects=redirects, **also)  # type: ignore[arg-type]
        return world().beside([ito], (link("person:ito", item, "accepted", fact),)).found("link-stale")

    def test_what_agreed_still_does(self) -> None:
        assert self.found("P39 Q100 P580=2016-08-03 P582=2017-07-28") == []

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("P39 Q100 P580=2016-08-04 P582=2017-07-28", "no longer says"),
            ("P39 Q100 P580=2016-08-03 P582=2017-07-28 rank=deprecated", "has marked as deprecated"),
            ("P39 Q100 P580=2016-08-04 P582=2017-07-28 rank=deprecated", "no longer says"),
            ("P31 Q5", "no longer says"),
        ],
    )
    def test_what_agreed_does_no_more(self, line: str, problem: str) -> None:
        (found,) = self.found(line)
        assert found.sentence == (
            "The link of Ito to Wikidata's Q1, judged by An editor on 2026-07-01, asks for another look: the item "
            f"(revision 7, read on 22 July 2026) {problem}: {self.FACT}."
        )

    def test_two_statements_do_not_agree_together(self) -> None:
        assert self.found("P39 Q100 P580=2016-08-03 P582=2016-09-01", "P39 Q100 P580=2017-01-01 P582=2017-07-28")

    def test_a_slice_of_some_statements_denies_nothing_that_it_has_not(self) -> None:
        assert self.found("P31 Q5", partial=True) == []
        assert self.found("P39 Q100 P580=2016-08-04", partial=True) == []

    @pytest.mark.parametrize(
        ("fact", "stale"),
        [
            (f"Minister 2016-08-03 (P39, {guid('Q1')})", True),
            (f"Minister 2016-08-03 (P39, {guid('Q1', 9)})", False),
            ("Minister 2016-08-03 (P39 Q100)", True),
            ("Minister 2016-08-03 (P39 Q200)", False),
            ("Minister 2016-08-04 (P39 Q100)", False),
        ],
    )
    def test_in_some_statements_only_the_facts_own_one_denies_it(self, fact: str, stale: bool) -> None:
        assert bool(self.found("P39 Q100 P580=2016-08-04", fact=fact, partial=True)) is stale
        gone = self.found("P39 Q100 P580=2016-08-04 rank=deprecated", fact=fact, partial=True)
        assert bool(gone) is (stale or "-04" in fact)

    @pytest.mark.parametrize(
        ("fact", "stale"),
        [
            ("country Japan (P17 Q17)", False),
            ("country Russia (P17 Q159)", True),
            ("born 1957-07-29 (P569)", False),
            ("born in 1957 (P569)", False),
            ("born 1911 (P569)", True),
            ("known to everybody", False),
            # As `communique wikidata judge` writes them.
            ("born 1957-07-29 (P569), here 1957-07-29", False),
            ("office and date: Minister 2012-12-26/2017-08-03 (P39, Q1$a-b), as said of 2017-03-20", True),
            ("state: Japan (Q17) (P17, P27 or P1001)", False),
            ("state: Russia (Q159) (P17, P27 or P1001)", True),
            ("country Japan (P17), the state of the post", False),
        ],
    )
    def test_a_fact_is_checked_where_it_can_be_read(self, fact: str, stale: bool) -> None:
        assert bool(self.found("P17 Q17", "P569 1957-07-29", fact=fact)) is stale

    def test_an_item_that_was_merged_into_another(self) -> None:
        (found,) = self.found("P39 Q100 P580=2016-08-03 P582=2017-07-28", redirects=("Q11",), item="Q11")
        assert found.sentence.endswith("asks for another look: Q11 is now a redirect to Q1.")

    def test_what_stood_under_the_old_item_is_still_compared(self) -> None:
        tenure = """tenure:t a org:Membership ; org:member person:ito ; cq:heldPost office:minister ;
            cq:when "2016-08-03/2017-07-28"^^edtf:EDTF ."""
        ito = entity("Q1", "Ito", "P39 Q100 P580=2016-08-03 P582=2017-07-28", redirects=("Q11",))
        made = world(tenure).beside([ito, POST], (link("person:ito", "Q11"), MINISTER))
        assert sorted(each.verdict for each in made.found()) == ["agree", "link-stale"]

    def test_a_link_that_was_judged_stale_is_told(self) -> None:
        made = world().beside([entity("Q1", "Ito")], (link("person:ito", "Q1", "stale"),))
        assert [each.verdict for each in made.found()] == ["link-stale"]
