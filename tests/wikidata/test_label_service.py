"""The label service, as Wikidata's user manual and its source have it, by rewriting."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, Store
from small_wikidata import engine_with, rows, world

from graph.engine import Engine
from graph.wikidata.querying.translation import translated

CATS = "?x wdt:P31 wd:Q146 ."


@pytest.fixture(scope="module")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_with(tmp_path_factory.mktemp("labels"), world())


def service(languages: str, *patterns: str) -> str:
    return f'SERVICE wikibase:label {{ bd:serviceParam wikibase:language "{languages}" . {" ".join(patterns)} }}'


LANGUAGES = {
    "en": ["Tibs@en", "Q902", "Q903"],
    "fr,en": ["Tibs le Grand@fr", "Q902", "Q903"],
    "ru": ["Q901", "Феликс@ru", "Q903"],
    "en, mul": ["Tibs@en", "Felix@mul", "Q903"],
    "mul,en,ru": ["Tibs@en", "Felix@mul", "Q903"],
    "[AUTO_LANGUAGE]": ["Tibs@en", "Q902", "Q903"],
    "[AUTO_LANGUAGE],ru": ["Tibs@en", "Феликс@ru", "Q903"],
    "RU": ["Q901", "Феликс@ru", "Q903"],
    "xx": ["Q901", "Q902", "Q903"],
    "": ["Q901", "Q902", "Q903"],
    "no language,fr": ["Tibs le Grand@fr", "Q902", "Q903"],
    "e\\u006e,ru": ["Tibs@en", "Феликс@ru", "Q903"],
    "\\U00000066r\\t": ["Tibs le Grand@fr", "Q902", "Q903"],
}


@pytest.mark.parametrize(("languages", "expected"), LANGUAGES.items(), ids=LANGUAGES)
def test_the_first_language_with_a_label_wins(wikidata: Engine, languages: str, expected: list[str]) -> None:
    found = rows(wikidata, f"SELECT ?x ?xLabel {{ {CATS} {service(languages)} }}")
    assert [label for _, label in found] == expected


def test_languages_in_several_parameters(wikidata: Engine) -> None:
    two = 'bd:serviceParam wikibase:language "ru", "fr" ; wikibase:language "en"'
    assert rows(wikidata, f"SELECT ?xLabel {{ {CATS} SERVICE wikibase:label {{ {two} }} }}") == [
        ("Q903",), ("Tibs le Grand@fr",), ("Феликс@ru",),
    ]  # fmt: skip


SELECTED = {
    "labels, aliases and descriptions": (
        f"SELECT ?xLabel ?xAltLabel ?xDescription {{ {CATS} {service('en,mul')} }}",
        [
            ("Felix@mul", "-", "-"),
            ("Q903", "-", "-"),
            ("Tibs@en", "Number 1, Tibs the Great@en", "a cat of the Post Office@en"),
        ],
    ),
    "aliases in the first language that has some": (
        f"SELECT ?xAltLabel {{ VALUES ?x {{ wd:Q901 wd:Q902 }} {service('ru,en')} }}",
        [("Number 1, Tibs the Great@en",), ("Кот Феликс@ru",)],
    ),
    "the service first": (f"SELECT ?xLabel {{ {service('en')} ?x wdt:P31 wd:Q726 }}", [("Bucephalus@en",)]),
    "the service between": (
        f"SELECT ?xLabel {{ ?x wdt:P31 wd:Q726 {service('en')} . ?x rdfs:label ?l }}",
        [("Bucephalus@en",)],
    ),
    "the service between triples without dots": (
        f"SELECT ?xLabel {{ ?x wdt:P31 wd:Q726 {service('en')} ?x rdfs:label ?l }}",
        [("Bucephalus@en",)],
    ),
    "silently": (
        f"SELECT ?xLabel {{ ?x wdt:P31 wd:Q726 . {service('en').replace('SERVICE', 'service silent')} }}",
        [("Bucephalus@en",)],
    ),
    "a value without entity": (
        f"SELECT ?nLabel {{ wd:Q903 wdt:P1449 ?n . {service('en')} }}",
        [("the nameless",)],
    ),
    "a variable without value": (
        f"SELECT ?x ?fLabel {{ ?x wdt:P31 wd:Q726 . OPTIONAL {{ ?x wdt:P22 ?f }} {service('en')} }}",
        [("Q911", "-")],
    ),
    "a label of what is not in the query": (
        f"SELECT ?x ?yLabel {{ ?x wdt:P31 wd:Q726 {service('en')} }}",
        [("Q911", "-")],
    ),
    "a label that the query binds": (
        f'SELECT ?x ?xLabel {{ {CATS} ?x rdfs:label ?xLabel FILTER(LANG(?xLabel) = "fr") {service("en")} }}',
        [("Q901", "Tibs le Grand@fr")],
    ),
    "a label that a filter asks for": (
        f'SELECT ?x {{ {{ SELECT ?x ?xLabel {{ {CATS} {service("en")} }} }} FILTER(STRSTARTS(?xLabel, "T")) }}',
        [("Q901",)],
    ),
    "nothing for *": (f"SELECT * {{ ?x wdt:P31 wd:Q726 . {service('en')} }}", [("Q911",)]),
    "nothing in an expression": (
        f"SELECT (COUNT(?xLabel) AS ?n) (SAMPLE(?x) AS ?one) {{ ?x wdt:P31 wd:Q726 . {service('en')} }}",
        [("0", "Q911")],
    ),
    "a variable that is called Label": (f"SELECT ?Label {{ ?x wdt:P31 wd:Q726 . {service('en')} }}", [("-",)]),
    "in a subquery": (
        f"SELECT ?l {{ {{ SELECT (?xLabel AS ?l) {{ {{ SELECT ?x ?xLabel {{ {CATS} {service('fr')} }} }} }} }} }}",
        [("Q902",), ("Q903",), ("Tibs le Grand@fr",)],
    ),
    "around a subquery": (
        f"SELECT ?x ?xLabel {{ {{ SELECT ?x {{ {CATS} }} ORDER BY ?x LIMIT 1 }} {service('en')} }}",
        [("Q901", "Tibs@en")],
    ),
    "in a branch": (
        f"SELECT ?x ?xLabel {{ {{ ?x wdt:P31 wd:Q726 {service('en')} }} UNION {{ ?x wdt:P31 wd:Q10855242 }} }}",
        [("Q911", "Bucephalus@en"), ("Q912", "-")],
    ),
    "by name": (
        f"SELECT ?name ?class {{ {CATS} {service('en,mul', '?x rdfs:label ?name . wd:Q146 rdfs:label ?class')} }}",
        [("Felix@mul", "house cat@en"), ("Q903", "house cat@en"), ("Tibs@en", "house cat@en")],
    ),
    "by name, counted": (
        "SELECT ?name (COUNT(*) AS ?n) { ?x wdt:P31 ?class . "
        + service("en", "?class rdfs:label ?name .")
        + " } GROUP BY ?name HAVING (COUNT(*) > 1)",
        [("Q5", "2"), ("house cat@en", "3")],
    ),
    "by name, and everything": (
        f"SELECT * {{ ?x wdt:P31 wd:Q726 . {service('en', '?x rdfs:label ?name ; skos:altLabel ?aliases')} }}",
        [("Q911", "Bucephalus@en", "-")],
    ),
    "by name, two languages beside each other": (
        f"SELECT ?e ?r {{ wd:Q921 wdt:P39 ?o {service('en', '?o rdfs:label ?e')}"
        f" {service('ru', '?o rdfs:label ?r')} }}",
        [("President of the United States@en", "президент США@ru")],
    ),
    "aliases of one that is named": (
        f"SELECT ?a {{ ?x wdt:P31 wd:Q726 {service('en', 'wd:Q901 skos:altLabel ?a')} }}",
        [("Number 1, Tibs the Great@en",)],
    ),
    "where it stands": (
        "SELECT ?l ?upper { ?x wdt:P31 wd:Q726 . SERVICE wikibase:label { bd:serviceParam wikibase:language 'en' ;"
        " wikibase:disableReordering true . ?x rdfs:label ?l } BIND(UCASE(?l) AS ?upper) }",
        [("Bucephalus@en", "BUCEPHALUS@en")],
    ),
    "beside variables of the same name": (
        f"SELECT ?label_1 ?xLabel {{ ?x wdt:P31 wd:Q726 ; wdt:P31 ?label_1 . {service('en')} }}",
        [("Q726", "Bucephalus@en")],
    ),
    "in a MINUS": (
        f"SELECT ?x ?xLabel {{ {CATS} MINUS {{ ?x rdfs:label ?xLabel }} {service('en')} }}",
        [("Q903", "Q903")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), SELECTED.values(), ids=SELECTED)
def test_what_is_labelled(wikidata: Engine, query: str, expected: list[tuple[str, ...]]) -> None:
    assert rows(wikidata, query) == expected


def test_what_is_needed_for_labels_is_not_shown(wikidata: Engine) -> None:
    named = service("en", "?class rdfs:label ?name")
    query = f"SELECT * {{ ?x wdt:P31 ?class . {named} OPTIONAL {{ ?x wdt:P22 ?f }} }}"
    assert wikidata.select(query).variables == ("x", "class", "f", "name")
    unseen = "FILTER NOT EXISTS { ?x wdt:P1 ?no } MINUS { ?x wdt:P2 ?not } FILTER(?x != ?class)"
    unseen += " { SELECT ?x (1 AS ?one) { ?x wdt:P31 ?inner } }"
    query = f"SELECT * {{ ?x wdt:P31 ?class . {unseen} BIND(?class AS ?same) {named} }}"
    assert wikidata.select(query).variables == ("x", "class", "one", "same", "name")


def test_labels_change_no_number_of_rows(wikidata: Engine) -> None:
    inner = "SELECT ?s ?sLabel ?o ?oLabel ?oAltLabel ?sDescription { ?s ?p ?o %s }"
    every = f"SELECT (COUNT(*) AS ?n) {{ {{ {inner} }} }}"
    assert rows(wikidata, every % service("en,ru,mul,fr")) == rows(wikidata, every % "") == [(str(len(world())),)]


_STORE = Store()
_STORE.extend(Quad(each.subject, each.predicate, each.object) for each in world())
_TAGS = st.lists(st.sampled_from(["en", "fr", "ru", "mul", "de", "no tag", "[AUTO_LANGUAGE]"]), max_size=4)


@settings(max_examples=60, deadline=None)
@given(_TAGS)
def test_fallback_is_that_of_the_list(tags: list[str]) -> None:
    """Against the definition: of each cat's labels the one whose language stands first in the list."""
    labels = {"Q901": {"en": "Tibs", "fr": "Tibs le Grand"}, "Q902": {"mul": "Felix", "ru": "Феликс"}, "Q903": {}}
    wanted = ["en" if tag == "[AUTO_LANGUAGE]" else tag for tag in tags]
    expected = {name: next((held[tag] for tag in wanted if tag in held), name) for name, held in labels.items()}
    query = translated(f"SELECT ?x ?xLabel {{ {CATS} {service(','.join(tags))} }}").text
    found = {row["x"].value.rpartition("/")[2]: row["xLabel"].value for row in _STORE.query(query)}  # type: ignore[union-attr]
    assert found == expected
