"""Tenures of the authority file: which statement means the term, whether it was read from there; by hand."""

from dataclasses import replace

import pytest
from both_sides import entity, link, world

from graph.namespaces import cq, expand, slice_graph
from graph.wikidata.comparison import Finding, comparisons
from graph.wikidata.model import Entity

LINKS = (link("person:ito", "Q1"), link("office:minister", "Q100"))
POST = entity("Q100", "Minister")
SAME = "P39 Q100 P580=2017-08-03 P582=2018-10-02"
GUID = "Q1$00000001-0000-0000-0000-000000000000"
NODE = "wds:" + GUID.replace("$", "-")


def tenure(when: str, name: str = "t", sources: str = "", read: str = "2026-07-22", person: str = "ito") -> str:
    derived = f"prov:wasDerivedFrom {sources} ;" if sources else ""
    return f"""tenure:{name} a org:Membership ; org:member person:{person} ; cq:heldPost office:minister ; {derived}
        cq:recordedOn "{read}"^^xsd:date ; cq:when "{when}"^^edtf:EDTF ."""


def found(turtle: str, *entities: Entity, links: tuple[object, ...] = LINKS) -> list[Finding]:
    made = world(turtle).beside([*entities, POST], links)  # type: ignore[arg-type]
    return sorted((each for each in made.found() if each.name[0] == "tenure"), key=lambda each: each.name)


def only(turtle: str, *lines: str, links: tuple[object, ...] = LINKS, **also: object) -> Finding:
    (one,) = found(turtle, entity("Q1", "Ito", *lines, **also), links=links)  # type: ignore[arg-type]
    return one


class TestSource:
    @pytest.mark.parametrize(
        ("sources", "words", "alone"),
        [
            (NODE, ", from which it was read", True),
            (NODE.replace("Q1", "q1"), ", from which it was read", True),
            ("wd:Q1", ", from whose item it was read", True),
            ("wd:Q11", ", from whose item it was read", True),
            (f"{NODE}, <https://a.example/paper>", ", from which it was read", False),
            ("wd:Q2", ", as read on 22 July 2026", False),
            ("<https://a.example/paper>", ", as read on 22 July 2026", False),
            ("", ", as read on 22 July 2026", False),
        ],
    )
    def test_what_was_read_there_is_no_second_witness(self, sources: str, words: str, alone: bool) -> None:
        one = only(tenure("2017-08-03/2018-10-02", sources=sources), SAME, redirects=("Q11",))
        assert (one.verdict, one.with_source) == ("agree", alone)
        assert one.sentence.endswith(f"; so has Wikidata's statement {GUID}{words}.")

    def test_a_later_reading_of_it_is_told_with_its_day(self) -> None:
        one = only(tenure("2017-08-03/2018-10-01", sources=NODE, read="2022-04-14"), SAME)
        assert (one.verdict, one.with_source) == ("other-dates", True)
        assert one.sentence.endswith(
            f"a longer time has Wikidata's statement {GUID}, from which it was read, as read on 22 July 2026: "
            "from 3 August 2017 to 2 October 2018."
        )

    def test_a_query_can_tell_it(self) -> None:
        for sources, marked in ((NODE, 1), ("<https://a.example/paper>", 0)):
            made = world(tenure("2017-08-03/2018-10-02", sources=sources))
            made.beside([entity("Q1", "Ito", SAME), POST], LINKS)
            marks = [t for t in comparisons(made.dataset) if t.predicate == cq("comparesWithSource")]
            assert [getattr(t.object, "value", "") for t in marks] == ["true"] * marked

    def test_undated_and_deprecated_sources(self) -> None:
        undated = only(tenure("2017-08-03/2018-10-02", sources=NODE), "P39 Q100")
        assert undated.sentence.endswith("in that office without any date (from which it was read).")
        deprecated = only(tenure("2017-08-03/2018-10-02", sources=NODE), f"{SAME} rank=deprecated")
        assert deprecated.sentence.endswith(", from which it was read, is marked there as deprecated.")
        assert undated.with_source
        assert deprecated.with_source


class TestOtherTerms:
    """Ito's second term, from 3 August 2017 to 2 October 2018, beside statements on that term and on others."""

    SECOND = tenure("2017-08-03/2018-10-02")
    FIRST = "P39 Q100 P580=2012-12-26 P582=2014-09-03"

    @pytest.mark.parametrize(
        ("line", "verdict"),
        [
            ("P580=2012-12-26 P582=2014-09-03", "silent"),
            ("P582=2014-09-03", "silent"),
            ("P580=2019-01-01", "silent"),
            ("P580=2016-08-03 P582=2017-08-03", "silent"),
            ("P580=2018-10-02 P582=2019-09-11", "silent"),
            ("P580=2017-08-03 P582=2017-08-03", "ended-before"),
            ("P580=2016-08-03 P582=2017-08-04", "ended-before"),
            ("P580=2016 P582=2017", "ended-before"),
            ("P580=2018-10-01 P582=2019-09-11", "starts-after"),
        ],
    )
    def test_what_shares_no_day_but_that_of_a_handover_is_another_term(self, line: str, verdict: str) -> None:
        assert only(self.SECOND, f"P39 Q100 {line}").verdict == verdict

    def test_the_other_terms_are_named(self) -> None:
        one = only(self.SECOND, self.FIRST, "P39 Q100 P580=2020-09-16")
        assert one.sentence.endswith(
            "; Wikidata's item Q1 says nothing of that term; of the office it has "
            f"statement {GUID}, from 26 December 2012 to 3 September 2014, and "
            f"statement {GUID.replace('1-', '2-', 1)}, from 16 September 2020 on, with no end given by 22 July 2026."
        )
        assert (one.mentions, one.slices) == ((), (slice_graph("Q1", "7").value,))

    def test_what_it_was_read_from_is_never_another_term(self) -> None:
        assert only(tenure("2017-08-03/2018-10-02", sources=NODE), self.FIRST).verdict == "ended-before"
        gone = only(tenure("2017-08-03/2018-10-02", sources="wd:Q1"), self.FIRST)
        assert (gone.verdict, gone.with_source) == ("silent", False)
        assert "says nothing of that term, though it was read from there; of the office it has " in gone.sentence

    def test_an_undated_or_deprecated_statement_may_mean_this_term(self) -> None:
        assert only(self.SECOND, self.FIRST, "P39 Q100").verdict == "undated"
        assert only(self.SECOND, self.FIRST, f"{SAME} rank=deprecated").verdict == "deprecated-only"
        other = only(self.SECOND, f"{self.FIRST} rank=deprecated")
        assert (other.verdict, other.sentence[-19:]) == ("silent", "(deprecated there).")

    def test_a_part_of_an_item_is_called_a_part(self) -> None:
        part = only(self.SECOND, self.FIRST, partial=True)
        assert "says nothing of that term in the slice here, which has only some of its statements;" in part.sentence
        none = only(self.SECOND, "P569 1957", partial=True)
        assert none.sentence.endswith("on any office is here, as the slice has only some of its statements.")


class TestAdjoiningTerms:
    """Three terms, each from the day on which the one before ends: one time beside a longer statement."""

    TERMS = ("2012-12-26/2014-12-24", "2014-12-24/2017-11-01", "2017-11-01/2020-09-16")

    def verdicts(self, line: str, terms: tuple[str, ...] = TERMS) -> list[str]:
        turtle = "".join(tenure(when, f"t{number}") for number, when in enumerate(terms))
        return [each.verdict for each in found(turtle, entity("Q1", "Ito", f"P39 Q100 {line}"))]

    @pytest.mark.parametrize(
        ("line", "verdicts"),
        [
            ("P580=2012-12-26 P582=2020-09-16", ["agree", "agree", "agree"]),
            ("P580=2012-12-26 P582=2017-11-01", ["agree", "agree", "silent"]),
            ("P580=2012-12-26 P582=2020-09-10", ["agree", "agree", "ended-before"]),
            ("P580=2013-01-01 P582=2020-09-16", ["starts-after", "agree", "agree"]),
            ("P580=2017-03-20 P582=2020-09-16", ["silent", "starts-after", "agree"]),
            ("P580=2012-12-25 P582=2020-09-16", ["other-dates"] * 3),
            ("P580=2012-12-26 P582=2020-09-17", ["other-dates"] * 3),
            ("P580=2012 P582=2020", ["agree-within-precision", "agree", "agree-within-precision"]),
            ("P580=2012-12-26", ["agree-within-precision"] * 3),
        ],
    )
    def test_the_verdicts(self, line: str, verdicts: list[str]) -> None:
        assert self.verdicts(line) == verdicts

    def test_terms_with_a_gap_between_are_not_one_time(self) -> None:
        line = "P580=2012-12-26 P582=2020-09-16"
        assert self.verdicts(line, (self.TERMS[0], self.TERMS[2])) == ["other-dates", "other-dates"]
        assert self.verdicts(line, ("2012-12-26/2014-12-23", "2014-12-24/2020-09-16")) == ["agree", "agree"]
        assert self.verdicts(line, ("2012-12-26/2014-12-22", "2014-12-24/2020-09-16")) == ["other-dates"] * 2

    def test_another_persons_term_is_none_of_them(self) -> None:
        turtle = tenure(self.TERMS[0]) + tenure(self.TERMS[1], "u", person="sato")
        ito, _ = found(turtle, entity("Q1", "Ito", "P39 Q100 P580=2012-12-26 P582=2017-11-01"))
        assert ito.verdict == "other-dates"

    def test_the_sentence_says_so(self) -> None:
        turtle = tenure(self.TERMS[0]) + tenure(self.TERMS[1], "u")
        first, _ = found(turtle, entity("Q1", "Ito", "P39 Q100 P580=2012-12-26 P582=2017-11-01"))
        assert first.sentence == (
            "Our authority file, as read on 22 July 2026, has Ito as Minister from 26 December 2012 to 24 December "
            f"2014; with our adjoining terms as one time, so has Wikidata's statement {GUID}, as read on 22 July "
            "2026: from 26 December 2012 to 1 November 2017."
        )


class TestRejected:
    """Who rejects an item must see what of ours still rests on it."""

    RESTS = (
        f"; and yet the tenure still rests on statement {GUID}, "
        "though An editor on 2026-07-01 judged Q1 not to be Ito."
    )

    def test_a_tenure_that_was_read_from_it(self) -> None:
        links = (link("person:ito", "Q1", "rejected"), LINKS[1])
        one = only(tenure("2017-08-03/2018-10-02", sources=NODE), SAME, links=links)
        assert (one.verdict, one.with_source) == ("not-linked", False)
        assert one.sentence.endswith(f"; Ito is not linked to an item of Wikidata{self.RESTS}")
        assert expand("wd:Q1") in one.about

    def test_also_where_another_item_was_accepted(self) -> None:
        links = (link("person:ito", "Q1", "rejected"), link("person:ito", "Q3"), LINKS[1])
        (one,) = found(tenure("2017-08-03/2018-10-02", sources=NODE), entity("Q3", "Ito", SAME), links=links)
        assert one.verdict == "agree"
        assert one.sentence.endswith(self.RESTS)

    def test_what_rests_on_something_else_is_not_told(self) -> None:
        links = (link("person:ito", "Q1", "rejected"), LINKS[1])
        one = only(tenure("2017-08-03/2018-10-02", sources="wd:Q9"), SAME, links=links)
        assert one.sentence.endswith("; Ito is not linked to an item of Wikidata.")


def test_of_parts_that_were_read_on_several_days_the_slice_is_that_of_the_statement() -> None:
    office = entity("Q1", "Ito", SAME, partial=True)
    older = replace(office, retrieved="2026-07-20", graph=slice_graph("Q1", "2026-07-20").value)
    newer = replace(entity("Q1", "Ito", "P569 1957", "P569 1957", partial=True), statements=())
    (one,) = found(tenure("2017-08-03/2018-10-02"), older, newer)
    assert (one.mentions[0].read, one.mentions[0].graph) == ("2026-07-20", older.graph)
    assert one.slices == (older.graph,)
    (none,) = found(tenure("2010-08-03/2011-10-02"), older, newer)
    assert none.slices == (older.graph, newer.graph)
