"""Heads, names, binding and pages of saved queries, on a handful of triples."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from graph.engine import Solutions
from graph.names import fold
from graph.namespaces import expand, prologue
from graph.saved_query import (
    ArgumentError,
    HeadError,
    Names,
    Page,
    PageError,
    SavedQuery,
    answer,
    bind,
    catalogue,
    options,
    saved_query,
)

DATA = """
@prefix cq: <https://w3id.org/communique/vocab#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix graph: <https://w3id.org/communique/graph/> .
@prefix meeting: <https://w3id.org/communique/id/meeting/> .
@prefix name: <https://w3id.org/communique/id/name/> .
@prefix person: <https://w3id.org/communique/id/person/> .
@prefix place: <https://w3id.org/communique/id/place/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix state: <https://w3id.org/communique/id/state/> .
@prefix territory: <https://w3id.org/communique/id/territory/> .
@prefix a: <https://w3id.org/communique/id/assertion/> .

person:lavrov a foaf:Person ; skos:prefLabel "Sergey Lavrov"@en, "Сергей Лавров"@ru, "セルゲイ・ラブロフ"@ja ;
    skos:altLabel "Sergei"@en .
person:shoigu a foaf:Person ; skos:prefLabel "Сергей Шойгу"@ru ; skos:altLabel "Sergei"@en, "Sergey Shoigu"@en .
person:semyonov a foaf:Person ; skos:prefLabel "Семёнов"@ru .
person:nameless a foaf:Person .
state:japan a cq:State ; skos:prefLabel "Japan"@en .
place:crimea a cq:Place ; skos:prefLabel "Crimea"@en .
territory:crimea a cq:Territory ; skos:prefLabel "Crimea"@en ; skosxl:altLabel name:krym .
name:krym a skosxl:Label ; skosxl:literalForm "Крым — «полуостров»"@ru .
a:one a cq:Assertion .
a:one { meeting:may a cq:Meeting ; skos:prefLabel "The May \\"talks\\""@en . }
graph:ontology { cq:Held a cq:Status ; skos:prefLabel "held"@en, "состоялось"@ru .
  cq:Underway a cq:Status ; skos:prefLabel "under way"@en . }
"""

TEXT = """#+ title: A test
#+ description: Everything of a kind.
#+ question: What is there?
#+ parameters:
#+   - {name: person, type: person, description: Who., choices-query: "SELECT ?choice { ?choice a foaf:Person }"}
#+   - {name: other-territory, type: territory, description: Where.}
#+   - {name: status, type: status, description: How far., choices: [Held]}
#+   - {name: from, type: date, reads: first, description: Since.}
#+   - {name: to, type: date, reads: last, description: Until.}
#+   - {name: on, variable: askedDay, type: date, description: On that day.}
#+   - {name: count, type: integer, description: How many., default: 7}
#+ columns: {person: iri, given: value, from: date}
SELECT ?person ?given ?from WHERE {
  VALUES (?person ?otherTerritory ?status) { (UNDEF UNDEF UNDEF) }
  VALUES (?from ?to ?askedDay ?count) { (UNDEF UNDEF UNDEF UNDEF) }
  ?person a <http://xmlns.com/foaf/0.1/Person> .
  BIND (COALESCE(?otherTerritory, ?status, ?to, ?askedDay, ?count) AS ?given)
}
ORDER BY ?person
"""


class Memory:
    """An engine on the triples above, that remembers what it was asked."""

    version = "memory"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.store = Store()
        self.store.load(DATA.encode(), format=RdfFormat.TRIG)

    def select(self, query: str) -> Solutions:
        self.asked.append(query)
        results = self.store.query(query)
        assert isinstance(results, QuerySolutions)
        names = tuple(variable.value for variable in results.variables)
        return Solutions(names, tuple(tuple(row[name] for name in names) for row in results))


ENGINE: Any = Memory()
NAMES = Names(ENGINE)
QUERY = saved_query("test", TEXT)


def ask(arguments: Mapping[str, str], **page: int) -> Page:
    return answer(QUERY, arguments, ENGINE, NAMES, **page)


def given_value(argument: str, text: str) -> Any:
    value = ask({argument: text}).rows[0][2]
    assert value is not None
    return value


class TestNames:
    @pytest.mark.parametrize(
        "text",
        [
            "https://w3id.org/communique/id/person/lavrov", "<https://w3id.org/communique/id/person/lavrov>",
            "person:lavrov", "lavrov", "LAVROV", "Sergey Lavrov", " sergey   lavrov ", "Sergey-Lavrov",
            "“Sergey Lavrov”", "сергей лавров", "セルゲイ・ラブロフ", "ｾﾙｹﾞｲ･ﾗﾌﾞﾛﾌ",
        ],
    )  # fmt: skip
    def test_any_name_will_do(self, text: str) -> None:
        assert NAMES.resolve(text, "person") == NamedNode(expand("person:lavrov"))

    def test_yo_is_ye(self) -> None:
        assert NAMES.resolve("Семенов", "person") == NAMES.resolve("СЕМЁНОВ", "person")

    def test_a_name_node_names_its_thing(self) -> None:
        assert NAMES.resolve("крым-полуостров", "territory").value == expand("territory:crimea")

    def test_the_type_decides_between_namesakes(self) -> None:
        assert NAMES.resolve("Crimea", "territory").value == expand("territory:crimea")
        assert NAMES.resolve("place:crimea", "territory").value == expand("place:crimea")

    def test_an_ambiguous_name_has_candidates(self) -> None:
        with pytest.raises(ArgumentError, match="'Sergei' names several") as caught:
            NAMES.resolve("Sergei", "person", "other")
        assert caught.value.parameter == "other"
        assert caught.value.candidates == (
            (expand("person:lavrov"), "Sergey Lavrov"),
            (expand("person:shoigu"), "Сергей Шойгу"),
        )

    def test_two_things_of_one_slug_are_ambiguous(self) -> None:
        with pytest.raises(ArgumentError, match="place:crimea.*territory:crimea"):
            NAMES.resolve("crimea", "place")

    @pytest.mark.parametrize(
        "text", ["Sergey Lavrof", "Lavrow Sergey", "person:lavrof", "http://example.org/x", "", "—"]
    )
    def test_an_unknown_name_says_what_is_expected(self, text: str) -> None:
        with pytest.raises(ArgumentError, match="expected a person: an IRI, a slug or any of its names"):
            NAMES.resolve(text, "person")

    def test_near_names_are_candidates(self) -> None:
        with pytest.raises(ArgumentError) as caught:
            NAMES.resolve("Sergey Lavrof", "person")
        assert caught.value.candidates[0] == (expand("person:lavrov"), "Sergey Lavrov")

    def test_a_thing_of_another_type_is_named(self) -> None:
        with pytest.raises(ArgumentError, match=r"'Japan' names something else: Japan \(state:japan\)"):
            NAMES.resolve("Japan", "person")

    def test_what_only_an_assertion_names(self) -> None:
        assert NAMES.resolve("the May 'talks'", "thing").value == expand("meeting:may")
        assert NAMES.label(expand("meeting:may")) == 'The May "talks"'

    def test_labels_prefer_english_and_preferred_names(self) -> None:
        assert NAMES.label(expand("person:lavrov")) == "Sergey Lavrov"
        assert NAMES.label(expand("person:shoigu")) == "Сергей Шойгу"
        assert NAMES.label(expand("cq:Held")) == "held"
        assert NAMES.label(expand("person:nameless")) is None

    def test_a_name_as_it_is_written_goes_before_one_that_is_only_alike(self) -> None:
        engine: Any = Memory()
        person, label = expand("foaf:Person"), expand("skos:prefLabel")
        engine.store.update(f'INSERT DATA {{ <urn:other> a <{person}> ; <{label}> "SERGEY LAVROV" }}')
        names = Names(engine)
        assert names.resolve("Sergey Lavrov", "person").value == expand("person:lavrov")
        assert names.resolve("SERGEY LAVROV", "person").value == "urn:other"
        with pytest.raises(ArgumentError, match="'sergey lavrov' names several"):
            names.resolve("sergey lavrov", "person")

    def test_of_too_many_things_only_a_name_as_it_is_written_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("graph.names.MOST_GATHERED", 2)
        names = Names(ENGINE)
        assert names.resolve("Sergey Lavrov", "person").value == expand("person:lavrov")
        assert names.resolve("japan", "state").value == expand("state:japan")
        with pytest.raises(ArgumentError, match="nothing here is called 'sergey lavrov'"):
            names.resolve("sergey lavrov", "person")

    def test_nothing_is_asked_before_it_is_needed(self) -> None:
        engine: Any = Memory()
        names = Names(engine)
        assert engine.asked == []
        names.resolve("person:lavrov", "person")
        assert len(engine.asked) == 2

    @given(st.text())
    def test_folding_is_stable(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)
        assert fold(f"  {text} - ") == fold(text)


class TestBind:
    def test_nothing_given_leaves_the_query_as_it_stands(self) -> None:
        assert bind(saved_query("test", TEXT.replace(", default: 7", "")), {}, NAMES) == TEXT.replace(
            ", default: 7", ""
        )

    def test_a_default_is_bound(self) -> None:
        assert '(?from ?to ?askedDay ?count) { (UNDEF UNDEF UNDEF "7"^^' in bind(QUERY, {}, NAMES)

    def test_terms_stand_in_the_row(self) -> None:
        text = bind(QUERY, {"person": "lavrov", "from": "2017-03"}, NAMES)
        assert f"{{ (<{expand('person:lavrov')}> UNDEF UNDEF) }}" in text
        assert f'("2017-03-01"^^<{expand("xsd:date")}> UNDEF UNDEF' in text

    @pytest.mark.parametrize(
        ("name", "text", "day"),
        [
            ("from", "2017-03", "2017-03-01"),
            ("to", "2017-02", "2017-02-28"),
            ("to", "2017", "2017-12-31"),
            ("from", "2017-03-20/..", "2017-03-20"),
            ("on", "2017-03-20", "2017-03-20"),
        ],
    )
    def test_a_less_precise_date_has_a_first_and_a_last_day(self, name: str, text: str, day: str) -> None:
        assert f'"{day}"^^' in bind(QUERY, {name: text}, NAMES)

    @pytest.mark.parametrize(
        ("name", "text"),
        [("from", "yesterday"), ("from", "2017-02-30"), ("from", "../2017"), ("to", "2017-03/.."), ("on", "2017-03")],
    )
    def test_what_is_no_such_date_is_refused(self, name: str, text: str) -> None:
        with pytest.raises(ArgumentError, match=f"^{name}: .*expected a date such as 2017-03-20"):
            bind(QUERY, {name: text}, NAMES)

    @pytest.mark.parametrize(("text", "number"), [("12", "12"), ("-3", "-3"), ("+007", "7")])
    def test_integers(self, text: str, number: str) -> None:
        assert f'"{number}"^^' in bind(QUERY, {"count": text}, NAMES)

    @pytest.mark.parametrize("text", ["1.5", "ten", "1e3", "9" * 30, "1 2", "١٢"])
    def test_no_integers(self, text: str) -> None:
        with pytest.raises(ArgumentError, match="count: .*expected a whole number"):
            bind(QUERY, {"count": text}, NAMES)

    def test_a_choice(self) -> None:
        assert f"UNDEF <{expand('cq:Held')}>" in bind(QUERY, {"status": "состоялось"}, NAMES)
        with pytest.raises(
            ArgumentError, match="status: 'under way' is not among the choices; expected one of: Held"
        ):
            bind(QUERY, {"status": "under way"}, NAMES)

    def test_an_unknown_parameter(self) -> None:
        with pytest.raises(
            ArgumentError, match="persons: test has no such parameter; expected one of its parameters"
        ):
            bind(QUERY, {"persons": "lavrov"}, NAMES)

    def test_a_missing_one(self) -> None:
        required = saved_query("test", TEXT.replace("description: Who.", "description: Who., required: true"))
        for arguments in ({}, {"person": " "}):
            with pytest.raises(ArgumentError, match="person: is required; expected a person"):
                bind(required, arguments, NAMES)

    @pytest.mark.parametrize(
        "attack",
        [
            "UNDEF) } ?s ?p ?o #",
            'x" } DROP ALL #',
            "person:lavrov> UNDEF) } SERVICE <http://example.org/> { ?s ?p ?o } #",
            "https://w3id.org/communique/id/person/lavrov> <http://example.org/",
            "?person",
            "\\",
            "\n} #",
            "\0",
        ],
    )
    @pytest.mark.parametrize("name", [parameter.name for parameter in QUERY.parameters])
    def test_text_never_reaches_the_query(self, name: str, attack: str) -> None:
        with pytest.raises(ArgumentError) as caught:
            bind(QUERY, {name: attack}, NAMES)
        assert caught.value.parameter == name

    @given(st.sampled_from([parameter.name for parameter in QUERY.parameters]), st.text(min_size=1))
    def test_any_text_is_bound_as_terms_or_refused(self, name: str, text: str) -> None:
        try:
            bound = bind(QUERY, {name: text}, NAMES)
        except ArgumentError as error:
            assert error.parameter == name  # noqa: PT017 - most texts are refused, some are not
        else:
            ENGINE.select(bound)


class TestAnswer:
    def test_each_iri_has_its_label(self) -> None:
        page = ask({"person": "lavrov", "count": "3"})
        assert page.columns == QUERY.header == ("person", "personLabel", "given", "from")
        assert page.rows == (
            (NamedNode(expand("person:lavrov")), Literal("Sergey Lavrov", language="en"), Literal(3), None),
        )

    def test_without_a_label_the_compact_iri_stands_for_it(self) -> None:
        assert ask({"person": "nameless"}).rows[0][1] == Literal("person:nameless")

    def test_columns_are_there_without_rows(self) -> None:
        empty = saved_query("test", TEXT.replace("foaf/0.1/Person", "foaf/0.1/Nobody"))
        page = answer(empty, {}, ENGINE, NAMES)
        assert (page.columns, page.rows, page.more) == (QUERY.header, (), False)

    def test_pages_follow_each_other(self) -> None:
        whole = ask({}).rows
        pages = [ask({}, limit=3, offset=0), ask({}, limit=3, offset=3)]
        assert [page.more for page in pages] == [True, False]
        assert pages[0].rows + pages[1].rows == whole
        assert ask({}, limit=4).more is False

    def test_past_the_end(self) -> None:
        with pytest.raises(PageError, match="test has no row 5"):
            ask({}, limit=3, offset=4)

    @pytest.mark.parametrize("page", [{"limit": 0}, {"limit": -1}, {"offset": -1}])
    def test_no_page(self, page: dict[str, int]) -> None:
        with pytest.raises(ArgumentError, match=f"^{next(iter(page))}: "):
            ask({}, **page)

    def test_what_finds_the_page_first_is_told_where_the_page_ends(self) -> None:
        text = (
            TEXT.replace(
                "?askedDay ?count) { (UNDEF UNDEF UNDEF UNDEF) }",
                "?askedDay ?count ?pageEnd) { (UNDEF UNDEF UNDEF UNDEF UNDEF) }",
            )
            .replace("?person a <http", "{ SELECT ?person { ?person a <http")
            .replace("/Person> .", "/Person> } ORDER BY ?person LIMIT 1000000000 }")
        )
        query = saved_query("test", text)
        page = answer(query, {}, ENGINE, NAMES, limit=2, offset=1)
        assert page.rows == ask({}, limit=2, offset=1).rows
        assert f'"4"^^<{expand("xsd:integer")}>' in ENGINE.asked[-2]
        assert "LIMIT 4 }" in ENGINE.asked[-2]
        assert "LIMIT 1000000000" in bind(query, {}, NAMES)

    def test_the_store_is_asked_for_one_page_only(self) -> None:
        ask({}, limit=2, offset=1)
        asked = next(text for text in reversed(ENGINE.asked) if "?otherTerritory" in text)
        assert asked.endswith("\nLIMIT 3 OFFSET 1")
        assert not asked.startswith("#")


class TestOptions:
    def test_choices_of_the_head(self) -> None:
        assert options(parameter("status"), ENGINE, NAMES) == (("Held", "held"),)

    def test_choices_of_a_query(self) -> None:
        found = options(parameter("person"), ENGINE, NAMES)
        assert found[0] == (expand("person:nameless"), "person:nameless")
        assert len(found) == 4

    def test_none(self) -> None:
        assert options(parameter("from"), ENGINE, NAMES) == ()

    def test_more_than_a_list_can_hold_are_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("graph.saved_query.MOST_OPTIONS", 3)
        assert options(parameter("person"), ENGINE, NAMES) == ()
        assert ENGINE.asked[-1].endswith("\nLIMIT 4")

    def test_of_a_type(self) -> None:
        assert NAMES.of_type("state") == ((expand("state:japan"), "Japan"),)


def parameter(name: str) -> Any:
    return next(each for each in QUERY.parameters if each.name == name)


class TestHead:
    def test_is_read(self) -> None:
        assert (QUERY.title, QUERY.question) == ("A test", "What is there?")
        assert parameter("other-territory").variable == "otherTerritory"
        assert parameter("on").variable == "askedDay"
        assert parameter("count").default == "7"
        assert parameter("person").choices_query == prologue() + "SELECT ?choice { ?choice a foaf:Person }"
        assert parameter("to").expected == "a date such as 2017-03-20, or 2017-03 or 2017 for its last day"

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            (TEXT, "SELECT * {}", "begin the file with a head"),
            ("#+ title: A test", "#+ title: [", "are not YAML"),
            ("#+ title: A test\n", "", "lacks 'title'"),
            ("#+ title: A test", "#+ titel: A test", "'titel' is no key"),
            ("#+ columns: {person: iri, given: value, from: date}\n", "", "lacks 'columns'"),
            ("person: iri", "person: thing", "column 'person' has the type 'thing'"),
            ("type: person", "type: human", "'human' is no type"),
            ("reads: first", "reads: middle", "'from' reads one of"),
            ("name: on", "name: onDay", "'onDay' in kebab-case"),
            ("type: integer", "kind: integer", "'kind' is no key"),
            ("(?person ?otherTerritory ?status) { (UNDEF UNDEF UNDEF) }", "(?person ?status) { (UNDEF UNDEF) }",
             r"no row 'VALUES \(\?otherTerritory\)"),
            ("(?person ?otherTerritory", "(?person ?x ?otherTerritory", r"\?x stands in a row of UNDEF"),
        ],
    )  # fmt: skip
    def test_a_bad_one_says_what_is_wrong(self, old: str, new: str, message: str) -> None:
        text = TEXT.replace(old, new)
        text = text.replace("{ (UNDEF UNDEF UNDEF) }", "{ (UNDEF UNDEF UNDEF UNDEF) }") if "?x" in new else text
        with pytest.raises(HeadError, match=f"^bad: .*{message}"):
            saved_query("bad", text)

    def test_the_catalogue_is_every_file(self) -> None:
        folder = Path(__file__).parents[1] / "queries"
        names = sorted(path.stem for path in folder.glob("*.rq"))
        found = catalogue()
        assert all(isinstance(query, SavedQuery) for query in found.values())
        if names:
            assert list(found) == names
