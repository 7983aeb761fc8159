"""When two queries are the same: what may be left out never changes what is asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from graph.engine.text.normal import is_volatile, normalised
from graph.saved_query import SavedQuery, catalogue


def small() -> Store:
    store = Store()
    for number in range(5):
        node = NamedNode(f"http://e/{number}")
        store.add(Quad(node, NamedNode("http://e/p#q"), Literal(f"a  b'#{number}")))
        store.add(Quad(node, NamedNode("http://e/n"), Literal(number)))
    return store


STORE = small()
GAPS = st.sampled_from([" ", "  ", "\n", "\t \r\n", "# it's a <comment> \"\n", " #\n", "\n#''' ?x # {\n"])
TOKENS = st.lists(
    st.sampled_from(
        [
            "?s", "<http://e/n>", "<http://e/p#q>", "e:n", "?o", ".", "FILTER(?o<3)", "FILTER(?o < 3 && ?o > 0)",
            "FILTER(?o<?m&&?m>1)", "'a  b'", '"a # b"', "'''it's  #\n'''", '"""a\n\n "b" """', "FILTER(?o<'x>')",
            "BIND('#' AS ?h)", "BIND(\"'  '\" AS ?i)", "FILTER(?o != 'a  b\\'#1')", "e:a\\'b", "e:x\\#y",
            "OPTIONAL { }", "VALUES ?m { 1 2 }", "VALUES ?m { '''a' }", "<#x>", "<it's>", "'", '"', "\\", "<", "1",
        ]
    ),
    max_size=12,
)  # fmt: skip
UNSURE = ("'", '"', "\\", "<", "<#x>", "<it's>", "FILTER(?o<'x>')", "VALUES ?m { '''a' }")


def answer(query: str) -> bytes | str:
    """What a query gives, or that it cannot be asked."""
    try:
        found = STORE.query(query)
        if not isinstance(found, QuerySolutions):
            return str(found)
        lines = (found.serialize(format=QueryResultsFormat.TSV) or b"").split(b"\n")
        return b"\n".join([lines[0], *sorted(lines[1:])])
    except (SyntaxError, RuntimeError) as error:
        return type(error).__name__


@st.composite
def queries(draw: st.DrawFn) -> str:
    words = ["PREFIX e: <http://e/>", "BASE <http://b/>", "SELECT * {", *draw(TOKENS), "}"]
    gaps = draw(st.lists(GAPS, min_size=len(words), max_size=len(words)))
    return "".join(word + gap for word, gap in zip(words, gaps, strict=True))


@settings(max_examples=600, deadline=None)
@given(queries())
def test_the_normal_form_asks_the_same(query: str) -> None:
    assert answer(normalised(query)) == answer(query)
    assert normalised(normalised(query)) == normalised(query)


@settings(max_examples=400, deadline=None)
@given(queries(), queries())
def test_two_queries_of_one_normal_form_have_one_answer(one: str, other: str) -> None:
    if normalised(one) == normalised(other):
        assert answer(one) == answer(other)


@settings(max_examples=300, deadline=None)
@given(TOKENS, st.data())
def test_gaps_do_not_count(tokens: list[str], data: st.DataObject) -> None:
    sure = [token for token in tokens if token not in UNSURE]

    def written() -> str:
        return "".join(token + data.draw(GAPS) for token in ("SELECT", *sure))

    assert normalised(written()) == normalised(written())


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_a_normal_form_that_stays(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT ('a b' AS ?x) {}", "SELECT ('a  b' AS ?x) {}"),
        ("SELECT ('''a\nb''' AS ?x) {}", "SELECT ('''a b''' AS ?x) {}"),
        ("SELECT ('a' AS ?x) {}", "SELECT ('A' AS ?x) {}"),
        ('SELECT ("a#b" AS ?x) {}', 'SELECT ("a#c" AS ?x) {}'),
        ("SELECT * { ?s ?p 'a\nb' }", "SELECT * { ?s ?p 'a b' }"),
        ("SELECT * { ?s <http://e/#a> ?o }", "SELECT * { ?s <http://e/#b> ?o }"),
        (
            "SELECT * { FILTER(?a<?b#>'''\n) ?s ?p 'x  y' #'''\n }",
            "SELECT * { FILTER(?a<?b#>'''\n) ?s ?p 'x y' #'''\n }",
        ),
        ("SELECT * { FILTER(?a<?b#>\n) }", "SELECT * { FILTER(?a<?b#>) }"),
        ("SELECT * { FILTER(?a<?b&&?c>'  ') }", "SELECT * { FILTER(?a<?b&&?c>' ') }"),
        ("SELECT * { ?s ?p 'a\\u0027  \\u0027' }", "SELECT * { ?s ?p 'a\\u0027 \\u0027' }"),
        ("SELECT * { ?s e:a\\'b '  ' }", "SELECT * { ?s e:a\\'b ' ' }"),
        ("SELECT * { ?a ?b ?c }", "SELECT * { ?a?b ?c }"),
        ("SELECT * { FILTER(?a < ?b) }", "SELECT * { FILTER(?a <?b) }"),
    ],
)
def test_what_differs_in_meaning_differs(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT *\n{ ?s ?p ?o } # all", " SELECT * {\t?s ?p ?o }"),
        ("SELECT * { ?s <http://e/#a'b>\n?o }", "SELECT * { ?s <http://e/#a'b> ?o }"),
        ("SELECT * { ?s e:a\\#b\n?o }", "SELECT * { ?s e:a\\#b ?o }"),
        ("SELECT * { ?s ?p '#', '''it's''' # ' \n }", "SELECT * { ?s ?p '#', '''it's''' }"),
        ("SELECT * { FILTER(?a < ?b # >\n) }", "SELECT * { FILTER(?a < ?b ) }"),
        ("SELECT * { <<?s ?p ?o>>  ?q ?r }", "SELECT * { <<?s ?p ?o>> ?q ?r }"),
    ],
)
def test_what_is_written_differently_is_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize("query", catalogue().values(), ids=catalogue())
def test_saved_queries_are_known_however_they_are_spaced(query: SavedQuery) -> None:
    assert normalised(query.text + "\n# more\n") == normalised(query.text)
    assert len(normalised(query.text)) < len(query.text)
    assert not is_volatile(query.text)


@pytest.mark.parametrize(
    "call",
    [
        "NOW()",
        "now ( )",
        "Rand()",
        "UUID()",
        "StrUUID()",
        "BNODE()",
        "bNode('x')",
        "NOW#(\n()",
        "NOW\n#x\n\t()",
        "N\\u004FW()",
    ],
)
def test_what_calls_the_clock_or_chance_is_volatile(call: str) -> None:
    assert is_volatile(f"SELECT ({call} AS ?x) {{}}")


@pytest.mark.parametrize(
    "query", ["SELECT ?now { ?now ?rand ?uuid }", "ASK { e:now e:bnode _:rand }", "ASK {} # NOW"]
)
def test_the_words_alone_are_not_volatile(query: str) -> None:
    assert not is_volatile(query)
