"""Who held which office: each verdict on a small world of its own, worked out by hand."""

import pytest
from both_sides import Entity, World, entity, held, link, verdicts, world

from graph.namespaces import expand
from graph.wikidata.comparison import Finding, comparisons

ITO, SATO = "Q1$00000001-0000-0000-0000-000000000000", "Q2$00000001-0000-0000-0000-000000000000"
LINKS = (link("person:ito", "Q1"), link("person:sato", "Q2"), link("office:minister", "Q100"))
MINISTER = entity("Q100", "Minister")
SATO_AFTER = entity("Q2", "Sato", "P39 Q100 P580=2017-07-28 P582=2017-08-03")


def only(day: str, *lines: str, others: tuple[Entity, ...] = (), partial: bool = False) -> Finding:
    """The one finding on Ito as Minister on a day, by what Wikidata has on Ito."""
    made = world().says("a1", held("ito", "minister", day))
    made.beside([entity("Q1", "Ito", *lines, partial=partial), MINISTER, *others], LINKS)
    (found,) = [each for each in made.found() if each.name[0] == "office"]
    return found


@pytest.mark.parametrize(
    ("day", "line", "verdict"),
    [
        ("2017-03-20", "P580=2016-08-03 P582=2017-07-28", "agree"),
        ("2016-08-03", "P580=2016-08-03 P582=2017-07-28", "agree"),
        ("2017-07-28", "P580=2016-08-03 P582=2017-07-28", "agree"),
        ("2017-07-29", "P580=2016-08-03 P582=2017-07-28", "ended-before"),
        ("2016-08-02", "P580=2016-08-03 P582=2017-07-28", "starts-after"),
        ("2017-03-20", "P580=2016-08-03", "agree"),
        ("2017-03-20", "P580=2016-08-03 P582=-", "agree"),
        ("2017-03-20", "P580=2016-08-03 P582=?", "agree-within-precision"),
        ("2017-03-20", "P580=? P582=2017-07-28", "agree-within-precision"),
        ("2017-03-20", "P582=2017-07-28", "agree-within-precision"),
        ("2017-09-20", "P582=2017-07-28", "ended-before"),
        ("2017-03-20", "P580=2017 P582=2018", "agree-within-precision"),
        ("2017-03-20", "P580=2016 P582=2018", "agree"),
        ("2017-03-20", "P580=2017-03 P582=2018", "agree-within-precision"),
        ("2017-03-20", "P580=2017-04 P582=2018", "starts-after"),
        ("2017-03-20", "P580=2015 P582=2016", "ended-before"),
        ("2017-03", "P580=2017-03-15 P582=2018-01-01", "agree-within-precision"),
        ("2017-03", "P580=2017-03-01 P582=2018-01-01", "agree"),
        ("[2017-03-30..2017-04-27]", "P580=2017-04-28", "starts-after"),
        ("2017-03-30/2017-04-27", "P580=2017-04-01 P582=2017-05-01", "starts-after"),
        ("[2017-03-30..2017-04-27]", "P580=2017-04-01 P582=2017-05-01", "agree-within-precision"),
        ("2012/2017", "P580=2010-01-01 P582=2014-01-01", "ended-before"),
        ("2012/2017", "P580=2010-01-01 P582=2017", "agree-within-precision"),
        ("2012/2017", "P580=2012 P582=2018", "agree-within-precision"),
        ("2012/2017", "P580=2013 P582=2018", "starts-after"),
        ("2012/2017", "P580=2011 P582=2018", "agree"),
        ("2018-05-05", "P580=2010-01-01 P582=2014-01-01,-", "agree-within-precision"),
        ("2018-05-05", "P580=2010-01-01 P582=2014~5", "agree-within-precision"),
        ("2018-05-05", "P580=2010-01-01 P582=2014~Q12138", "agree-within-precision"),
        ("2027-03-20", "P580=2016-08-03", "agree-within-precision"),
        ("2017-03-20", "", "undated"),
        ("2017-03-20", "P580=2018-01-01 P582=2017-01-01", "undated"),
        ("2017-03-20", "P580=2016-08-03 P582=2017-07-28 rank=deprecated", "deprecated-only"),
        ("2017-03-20", "P580=2016-08-03 P582=2017-07-28 rank=preferred", "agree"),
        ("2017-03-20", "P580=2016-08-03 P582=2017-07-28 rank=", "agree"),
    ],
)
def test_the_verdict_on_one_statement(day: str, line: str, verdict: str) -> None:
    assert only(day, f"P39 Q100 {line}").verdict == verdict


def test_the_sentence_is_one_that_a_stranger_understands() -> None:
    found = only("2017-03-20", "P39 Q100 P580=2016-08-03 P582=2017-07-28")
    assert found.sentence == (
        "Valery Kistanov (EastRussia) names Ito as Minister on 20 March 2017; "
        f"Wikidata's statement {ITO}, as read on 22 July 2026, has Ito in that office "
        "from 3 August 2016 to 28 July 2017."
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("P580=2016-08-03", "from 3 August 2016 on, with no end given"),
        ("P580=2016-08-03 P582=-", "from 3 August 2016 on, without an end"),
        ("P580=2016-08 P582=?", "from August 2016 to a day that is not known"),
        ("P580=2015 P582=2018-01-01,2018-01-02", "from 2015 to 1 January 2018 or 2 January 2018"),
        ("P582=2018", "to 2018, with no start given"),
        (
            "P580=2016-08-03~Q1985786",
            "from 3 August 2016 (Julian, 16 August 2016 in the Gregorian calendar) on, with no",
        ),
        ("P580=2016-08~Q1985786", "from August 2016 (Julian) on"),
        ("P580=2016-08-03~Q12138", "from 3 August 2016 (of another calendar) on"),
        (
            "P580=2018-01-01 P582=2017-01-01",
            "from 1 January 2018 to 1 January 2017, dates that contradict each other",
        ),
        ("", "without any date"),
    ],
)
def test_a_time_is_told_as_precisely_as_wikidata_has_it(line: str, words: str) -> None:
    assert f"has Ito in that office {words}" in only("2017-03-20", f"P39 Q100 {line}").sentence


def test_silence_is_no_conflict_and_a_part_is_called_a_part() -> None:
    whole, part = (only("2017-03-20", "P39 Q7 P580=2016", partial=partial) for partial in (False, True))
    none = only("2017-03-20", "P569 1957", partial=True)
    assert {each.verdict for each in (whole, part, none)} == {"silent"}
    assert whole.sentence.endswith("; Wikidata's item Q1 says nothing of that office.")
    assert part.sentence.endswith(
        "; Wikidata's item Q1 says nothing of that office in the slice here, which has only some of its statements."
    )
    assert none.sentence.endswith(
        "; no statement of Wikidata's item Q1 on any office is here, as the slice has only some of its statements."
    )


def test_any_statement_that_covers_counts_whatever_the_best_rank_says() -> None:
    lines = ("P39 Q100 P580=2020-01-01 rank=preferred", "P39 Q100 P580=2016-08-03 P582=2017-07-28")
    found = only("2017-03-20", *lines)
    assert found.verdict == "agree"
    assert [each.statement.guid for each in found.mentions] == [ITO.replace("00000001", "00000002")]


def test_between_two_times_in_office_it_had_ended_before() -> None:
    lines = ("P39 Q100 P580=2012-12-26 P582=2014-09-03", "P39 Q100 P580=2017-08-03 P582=2018-10-02")
    found = only("2017-03-20", *lines)
    assert found.verdict == "ended-before"
    assert "before that, and again only from 3 August 2017 to 2 October 2018" in found.sentence


def test_another_holder_where_wikidata_has_somebody_else() -> None:
    found = only("2017-07-30", others=(SATO_AFTER,))
    assert found.verdict == "other-holder"
    assert [each.statement.guid for each in found.mentions] == [SATO]
    assert found.sentence.endswith(
        f"; Wikidata's item Q1 says nothing of that office; instead Wikidata has Sato in it (statement {SATO}, "
        "from 28 July 2017 to 3 August 2017) then."
    )


def test_who_was_there_instead_is_told_where_it_had_ended() -> None:
    found = only("2017-07-30", "P39 Q100 P580=2016-08-03 P582=2017-07-28", others=(SATO_AFTER,))
    assert found.verdict == "ended-before"
    assert "; then Wikidata has Sato in it" in found.sentence


def test_two_at_a_time_in_an_office_of_one_overlap_but_for_a_handover() -> None:
    beside = entity("Q2", "Sato", "P39 Q100 P580=2017-01-01 P582=2017-12-31")
    line = "P39 Q100 P580=2016-08-03 P582=2017-07-28"
    assert only("2017-03-20", line, others=(beside,)).verdict == "overlap"
    assert only("2017-07-28", line, others=(SATO_AFTER,)).verdict == "agree"
    retracted = entity("Q2", "Sato", "P39 Q100 P580=2017-01-01 P582=2017-12-31 rank=deprecated")
    assert only("2017-03-20", line, others=(retracted,)).verdict == "agree"


def test_what_lasted_beyond_the_end_names_who_came_then() -> None:
    after = entity("Q2", "Sato", "P39 Q100 P580=2014-01-01 P582=2019-01-01")
    found = only("2012/2017", "P39 Q100 P580=2010-01-01 P582=2014-01-01", others=(after,))
    assert found.verdict == "ended-before"
    assert found.sentence.startswith("Valery Kistanov (EastRussia) names Ito as Minister from 2012 to 2017; ")
    assert found.sentence.endswith(
        f"before that; then Wikidata has Sato in it (statement {SATO}, from 1 January 2014 to 1 January 2019)."
    )


def test_a_time_and_some_day_within_it_are_two_questions() -> None:
    made = world().says("a1", held("ito", "minister", "2017-03-01/2017-03-31"))
    made.says("a2", held("ito", "minister", "2017-03"))
    ito = entity("Q1", "Ito", "P39 Q100 P580=2016-01-01 P582=2017-03-15")
    assert verdicts(made.beside([ito, MINISTER], LINKS).found()) == {
        "office.ito.minister.2017-03-01.2017-03-01.2017-03-31.2017-03-31": "ended-before",
        "office.ito.minister.2017-03-01.2017-03-31": "agree-within-precision",
    }


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (("P580=2010-01-01 P582=2014-01-01", "P580=2014-01-01 P582=2019-01-01"), "agree"),
        (("P580=2010-01-01 P582=2014-01-01", "P580=2014-01-02 P582=2019-01-01"), "agree"),
        (("P580=2010 P582=2014", "P580=2014 P582=2019"), "agree-within-precision"),
        (("P580=2010-01-01 P582=2014-01-01", "P580=2014-01-03 P582=2019-01-01"), "ended-before"),
    ],
)
def test_terms_one_after_the_other_are_one_time(lines: tuple[str, ...], verdict: str) -> None:
    assert only("2012/2017", *(f"P39 Q100 {line}" for line in lines)).verdict == verdict


@pytest.mark.parametrize(
    ("own", "rival", "verdict"),
    [
        ("P580=2010 P582=2014", "P580=2012-01-01 P582=2019-01-01", "overlap"),
        ("", "P580=2012-01-01 P582=2019-01-01", "undated"),
        ("P580=2013-01-01 P582=2015-01-01", "P580=2014-06-01 P582=2014-06-01", "overlap"),
        ("P580=2013-01-01 P582=2015-01-01", "P580=2014-06-01 P582=2019-01-01", "overlap"),
    ],
)
def test_whoever_was_certainly_there_is_named(own: str, rival: str, verdict: str) -> None:
    found = only("2014-06-01", f"P39 Q100 {own}", others=(entity("Q2", "Sato", f"P39 Q100 {rival}"),))
    assert found.verdict == verdict
    assert f"Wikidata has Sato in it (statement {SATO}, " in found.sentence
    assert SATO in [each.statement.guid for each in found.mentions]


@pytest.mark.parametrize(
    ("own", "rival"),
    [
        ("P580=2014-06-01 P582=2015-01-01", "P580=2012-01-01 P582=2014-06-01"),
        ("P580=2013-01-01 P582=2014-06-01", "P580=2014-06-01 P582=2015-01-01"),
    ],
)
def test_the_day_of_a_handover_belongs_to_both(own: str, rival: str) -> None:
    found = only("2014-06-01", f"P39 Q100 {own}", others=(entity("Q2", "Sato", f"P39 Q100 {rival}"),))
    assert (found.verdict, "Sato" in found.sentence) == ("agree", False)


def test_several_hold_an_office_of_several() -> None:
    made = world().says("a1", held("ito", "aide", "2017-03-20"))
    both = [entity("Q1", "Ito", "P39 Q200 P580=2016"), entity("Q2", "Sato", "P39 Q200 P580=2016")]
    made.beside(both, (*LINKS, link("office:aide", "Q200")))
    assert [each.verdict for each in made.found()] == ["agree"]


class TestNotComparable:
    def found(self, *links: object, lines: tuple[str, ...] = (), office: str = "aide") -> Finding:
        made = world().says("a1", held("ito", office, "2017-03-20"))
        (found,) = made.beside([entity("Q1", "Ito", *lines), MINISTER], links).found()  # type: ignore[arg-type]
        return found

    def test_a_person_who_is_not_linked(self) -> None:
        found = self.found(LINKS[2], office="minister")
        assert (found.verdict, found.sentence.partition("; ")[2]) == (
            "not-linked",
            "Ito is not linked to an item of Wikidata.",
        )

    def test_an_office_without_item_is_silence(self) -> None:
        found = self.found(LINKS[0], link("office:aide", "", "no-item"), lines=("P39 Q300",))
        assert (found.verdict, "Wikidata has no item for Aide" in found.sentence) == ("silent", True)

    def test_an_office_that_is_not_linked_may_be_one_of_wikidatas(self) -> None:
        assert self.found(LINKS[0], lines=("P39 Q300 P580=2016",)).verdict == "not-linked"
        assert self.found(LINKS[0], lines=("P39 Q300",)).verdict == "not-linked"

    def test_it_is_silence_where_no_statement_can_mean_it(self) -> None:
        assert self.found(LINKS[0], lines=("P39 Q300 P580=1998-12-16 P582=2008-05-31",)).verdict == "silent"
        assert self.found(*LINKS, lines=("P39 Q100 P580=2016",)).verdict == "silent"
        advisor = link("office:aide", "Q4426315", "rejected")
        assert self.found(LINKS[0], advisor, lines=("P39 Q4426315 P580=2016",)).verdict == "silent"

    def test_a_linked_person_without_slice(self) -> None:
        made = world().says("a1", held("sato", "minister", "2017-03-20")).beside([MINISTER], LINKS)
        assert [each.verdict for each in made.found()] == ["not-retrieved"]

    def test_a_link_that_is_not_accepted_or_not_exact_is_none(self) -> None:
        for other in (link("person:ito", "Q1", "candidate"), link("person:ito", "Q1", predicate="skos:closeMatch")):
            assert self.found(other, LINKS[2], office="minister").verdict == "not-linked"


class TestOurs:
    """Which words ask about an office."""

    def asked(self, turtle: str, admission: str = "Premise") -> list[str]:
        made = world().says("a1", turtle, admission).beside([MINISTER], LINKS)
        return [".".join(each.name) for each in made.found() if each.name[0] == "office"]

    MEETING = """meeting:m a cq:Meeting ; cq:status cq:{status} ; cq:when "2017-03-20"^^edtf:EDTF ;
        cq:hasParticipation participation:p .
        participation:p cq:participant person:ito ; cq:heldPost office:minister ."""
    SAID = "statement:s a cq:Statement ; cq:speaker person:ito ; cq:speakerPost office:minister"

    def test_who_took_part_held_the_office_then(self) -> None:
        assert self.asked(self.MEETING.format(status="Held")) == ["office.ito.minister.2017-03-20"]

    def test_what_is_planned_says_nothing_of_who_holds_an_office(self) -> None:
        assert self.asked(self.MEETING.format(status="Planned")) == []

    def test_who_speaks_in_an_office_holds_it_when_they_speak(self) -> None:
        assert self.asked(f'{self.SAID} ; cq:when "2016-12"^^edtf:EDTF .') == [
            "office.ito.minister.2016-12-01.2016-12-31"
        ]
        assert self.asked(f"{self.SAID} ; cq:at meeting:m . {self.MEETING.format(status='Held')}") == [
            "office.ito.minister.2017-03-20"
        ]

    def test_only_a_person_holds_an_office(self) -> None:
        both = f'{self.SAID} ; cq:speaker state:japan ; cq:when "2017-03-20"^^edtf:EDTF .'
        assert self.asked(both) == ["office.ito.minister.2017-03-20"]

    def test_words_without_a_day_ask_nothing(self) -> None:
        assert self.asked(f"{self.SAID} .") == []

    def test_what_is_not_admitted_asks_nothing(self) -> None:
        assert self.asked(held("ito", "minister", "2017-03-20"), "StatementOnly") == []

    def test_two_documents_on_one_day_are_one_question(self) -> None:
        made = world().says("a1", held("ito", "minister", "2017-03-20"))
        made.says("a2", held("ito", "minister", "2017-03-20")).beside([MINISTER], LINKS)
        (found,) = made.found()
        assert found.assertions == (expand("a:a1"), expand("a:a2"))


def test_what_differs_in_a_sign_only_is_not_one_comparison() -> None:
    authority = "".join(
        f'<{expand("office:" + name)}> a org:Post ; skos:prefLabel "{name}"@en .' for name in ("a.b", "a-b")
    )
    made = world(authority)
    for number, name in enumerate(("a.b", "a-b")):
        said = held("ito", "x", "2017-03-20").replace("office:x", f"<{expand('office:' + name)}>")
        made.says(f"a{number}", said)
    made.beside([entity("Q1", "Ito")], LINKS)
    assert len([t for t in comparisons(made.dataset) if t.predicate.value.endswith("verdict")]) == 2


def test_all_of_it_stands_in_the_graph() -> None:
    made: World = world().says("a1", held("ito", "minister", "2017-03-20"))
    made.beside([entity("Q1", "Ito", "P39 Q100 P580=2016-08-03 P582=2017-07-28"), MINISTER], LINKS)
    triples = comparisons(made.dataset)
    told = {(str(t.subject), t.predicate.value.rpartition("#")[2], getattr(t.object, "value", "")) for t in triples}
    node = f"<{expand('comparison:office.ito.minister.2017-03-20')}>"
    statement = f"<{expand('wds:' + ITO.replace('$', '-'))}>"
    assert {
        (node, "verdict", expand("cq:Agrees")),
        (node, "comparesAbout", expand("person:ito")),
        (node, "comparesAbout", expand("office:minister")),
        (node, "comparedEvidence", expand("a:a1")),
        (node, "compares", expand("incumbency:ito-minister-2017-03-20")),
        (node, "comparedStatement", statement[1:-1]),
        (statement, "rank", expand("wikibase:NormalRank")),
        (statement, "guid", ITO),
        (statement, "qualifiersInWords", "P580 2016-08-03; P582 2017-07-28"),
        (statement, "recordedOn", "2026-07-22"),
        (statement, "inSlice", "https://w3id.org/communique/graph/wikidata/Q1/7"),
    } <= told
    assert triples == comparisons(made.dataset)
