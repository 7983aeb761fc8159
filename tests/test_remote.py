"""The engine on a remote store gives the same answers: on `oxigraph serve`, of both kinds of default graph."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QueryBoolean, RdfFormat, Store, parse
from remote_stores import naming, oxigraph, pages, questions

from graph.engine import (
    Engine,
    GraphNameError,
    QueryEvaluationError,
    QuerySyntaxError,
    Solutions,
    UnwritableError,
)
from graph.engine.remote import Remote
from graph.engine.remote.merged import addressed
from graph.engine.remote.unbound import worked_out
from graph.limits import Limits
from graph.names import Names
from graph.namespaces import GRAPH_AUTHORITY, GRAPH_MERGED, GRAPH_NONE, GRAPH_ONTOLOGY
from graph.publish import publish
from graph.saved_query import answer
from server.app import create_app


@pytest.fixture(scope="module")
def store_url(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`oxigraph serve` with the graph of the corpus."""
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as url:
        publish(built, url)
        yield url


@pytest.fixture(scope="module")
def union_url(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same, in a store whose default graph is the union of all graphs."""
    with oxigraph(tmp_path_factory.mktemp("union"), "--union-default-graph") as url:
        publish(built, url)
        yield url


@pytest.fixture(scope="module")
def remote(store_url: str) -> Iterator[Remote]:
    engine = Remote(store_url, Limits())
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def union(union_url: str) -> Iterator[Remote]:
    engine = Remote(union_url, Limits())
    yield engine
    engine.close()


@pytest.fixture(params=["remote", "union"])
def each(request: pytest.FixtureRequest) -> Remote:
    """A remote engine on a store of each kind."""
    engine: Remote = request.getfixturevalue(request.param)
    return engine


def csv(engine: Engine, query: str, default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> str:
    return b"".join(engine.respond(query, "text/csv", default, named).body).decode()


class TestTheSameAnswers:
    def test_version_is_the_hash_of_the_data(self, each: Remote, corpus_engine: Engine) -> None:
        assert each.version == corpus_engine.version
        assert each.ready

    def test_names(self, each: Remote, corpus_engine: Engine) -> None:
        assert naming(Names(each)) == naming(Names(corpus_engine))

    def test_saved_queries(self, each: Remote, corpus_engine: Engine) -> None:
        names = Names(corpus_engine)
        for query, arguments in questions(corpus_engine, names):
            here, there = (answer(query, arguments, engine, names) for engine in (corpus_engine, each))
            assert there == here, (query.name, arguments)

    def test_pages(self, each: Remote, corpus_engine: Engine) -> None:
        here, there = create_app(corpus_engine).test_client(), create_app(each).test_client()
        for path in pages(corpus_engine):
            expected, found = here.get(path), there.get(path)
            assert (found.status_code, found.data) == (expected.status_code, expected.data), path

    @pytest.mark.parametrize(
        "query",
        [
            "SELECT * { ?s a ?t } ORDER BY ?s ?t LIMIT 5",
            "ASK { ?s ?p 'nothing of the kind' }",
            "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER (?s = <https://w3id.org/communique/id/person/lavrov>) }",
        ],
    )
    def test_every_format(self, each: Remote, corpus_engine: Engine, query: str) -> None:
        for media_type in corpus_engine.formats(query):
            there = b"".join(each.respond(query, media_type).body)
            here = b"".join(corpus_engine.respond(query, media_type).body)
            if "SELECT" in query or "ASK" in query:
                assert there == here
            else:
                wanted = RdfFormat.from_media_type(media_type)
                assert set(parse(there, format=wanted)) == set(parse(here, format=wanted))

    def test_ask_and_construct(self, each: Remote, corpus_engine: Engine) -> None:
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {GRAPH_ONTOLOGY} {{ ?s ?p ?o }} }}"
        assert set(each.construct(query)) == set(corpus_engine.construct(query))
        assert each.ask("ASK { ?s ?p ?o }")
        assert each.ask(f"ASK {{ GRAPH {GRAPH_ONTOLOGY} {{ ?s ?p ?o }} }}")

    def test_graphs_given_are_the_whole_dataset(self, each: Remote, corpus_engine: Engine) -> None:
        count, names = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
        authority, nowhere = GRAPH_AUTHORITY.value, "http://nowhere/"
        for query, default, named in [
            (count, (authority,), ()),
            (count, (nowhere,), ()),
            (count, (), (authority,)),
            (names, (), (authority,)),
            (names, (authority,), ()),
            (names, (authority,), (GRAPH_ONTOLOGY.value,)),
            (f"SELECT (COUNT(*) AS ?n) FROM {GRAPH_ONTOLOGY} {{ ?s ?p ?o }}", (authority,), ()),
            (f"SELECT (COUNT(*) AS ?n) FROM {GRAPH_ONTOLOGY} {{ ?s ?p ?o }}", (), ()),
            (f"SELECT (COUNT(*) AS ?n) FROM {GRAPH_ONTOLOGY} {{ GRAPH ?g {{ ?s ?p ?o }} }}", (), ()),
            (f"SELECT (COUNT(*) AS ?n) FROM NAMED {GRAPH_ONTOLOGY} {{ ?s ?p ?o }}", (), ()),
            (f"SELECT (COUNT(*) AS ?n) FROM NAMED {GRAPH_ONTOLOGY} {{ GRAPH ?g {{ ?s ?p ?o }} }}", (), ()),
        ]:
            asked = query, default, named
            assert csv(each, *asked) == csv(corpus_engine, *asked), asked
        with pytest.raises(GraphNameError):
            each.respond(count, "text/csv", ("no iri",))

    def test_a_syntax_error_is_said_as_here(self, remote: Remote, corpus_engine: Engine) -> None:
        for query in ("SELECT * {\n ?s foo:bar ?o }", "SELECT * {", "SELECT ?x (1 AS ?x) {}"):
            with pytest.raises(QuerySyntaxError) as there:
                remote.select(query)
            with pytest.raises(QuerySyntaxError) as here:
                corpus_engine.select(query)
            assert str(there.value) == str(here.value)
            assert (there.value.line, there.value.column) == (here.value.line, here.value.column)

    def test_a_syntax_error_of_another_text_has_its_line(self, union: Remote) -> None:
        with pytest.raises(QuerySyntaxError) as caught:
            union.select("SELECT *\n{ ?s foo:bar ?o }")
        assert caught.value.line == 2

    def test_what_cannot_be_evaluated(self, each: Remote) -> None:
        with pytest.raises(QueryEvaluationError, match="not supported"):
            each.select("SELECT (<http://f/>(1) AS ?x) {}")

    def test_what_xml_cannot_express(self, each: Remote) -> None:
        with pytest.raises(UnwritableError):
            each.respond("SELECT ('a\\u0001' AS ?x) {}", "application/sparql-results+xml")
        with pytest.raises(UnwritableError):
            each.respond("CONSTRUCT { <http://s/> <http://p/> 1 } WHERE {}", "application/rdf+xml")

    def test_its_default_graph_is_found_out(self, remote: Remote, union: Remote) -> None:
        assert remote.default_graph is None
        assert union.default_graph == GRAPH_MERGED.value


MERGED = "http://merged/"
DATA = """
<http://merged/> { <a:1> <p:x> <a:2> . <a:2> <p:x> <a:3> . <a:3> <p:y> 'a } b' . }
<http://one/> { <a:1> <p:x> <a:2> . <a:1> <p:z> <a:9> . }
<http://two/> { <a:2> <p:x> <a:3> . }
"""
MANY = [
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT(COUNT(*)AS?n)WHERE{?s ?p ?o}",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . GRAPH <http://one/> { ?s ?q ?r } }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . GRAPH ?g { ?s ?p ?o } }",
    "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
    "SELECT * WHERE { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } ORDER BY ?s",
    "SELECT ?s { ?s <p:x> ?o MINUS { ?s <p:z> ?z } } ORDER BY ?s # } {",
    "SELECT ?s { ?s <p:x> ?o FILTER NOT EXISTS { ?s <p:z> ?z } } ORDER BY ?s",
    "SELECT (EXISTS { <a:1> <p:z> ?o } AS ?is) (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING (!EXISTS { ?s <p:z> ?z }) ORDER BY ?s",
    "SELECT ?s { ?s ?p ?o } ORDER BY (EXISTS { ?s <p:z> ?z }) ?s ?p",
    "SELECT ?s { ?s ?p ?o } VALUES ?s { <a:1> <a:2> }",
    "SELECT ?s { VALUES (?s ?p) { (<a:1> <p:z>) (<a:1> <p:x>) } ?s ?p ?o }",
    "SELECT ?o { ?s <p:x>+ ?o FILTER (?s = <a:1>) } ORDER BY ?o",
    "SELECT ?x { ?s <p:y> ?x FILTER (?x = 'a } b') }",
    "PREFIX construct: <p:> SELECT ?o { ?s construct:x ?o } ORDER BY ?o",
    "ASK { <a:1> <p:z> <a:9> }",
    "ASK WHERE{ GRAPH <http://one/> { <a:1> <p:z> <a:9> } }",
    "CONSTRUCT { ?s <p:q> ?o } WHERE { ?s ?p ?o }",
    "CONSTRUCT WHERE { ?s <p:x> ?o }",
    "CONSTRUCT WHERE { ?s <p:x> ?o . # {\n ?o <p:x> ?z }",
    "CONSTRUCT { } WHERE { ?s ?p ?o }",
    "DESCRIBE <a:1>",
    "SELECT (COUNT(*) AS ?n) FROM <http://one/> { ?s ?p ?o }",
    "PREFIX h: <http:> SELECT(COUNT(*)AS?n)FROM h:\\/\\/one\\/ FROM <http://two/>{ ?s ?p ?o }",
    "BASE <http://one/x> SELECT (COUNT(*) AS ?n)\nFROM # FROM\n</>\nFROMNAMED<http://two/>{ ?s ?p ?o GRAPH ?g {} }",
    "SELECT (COUNT(*) AS ?n) FROM <http://one/> FROM NAMED <http://two/> { ?s ?p ?o . GRAPH ?g { ?t ?q ?r } }",
]


@pytest.mark.parametrize("query", MANY)
def test_on_a_union_the_merged_graph_is_what_a_query_sees(query: str) -> None:
    usual, union = Store(), Store()
    for quad in parse(DATA, format=RdfFormat.TRIG):
        usual.add(quad)
        union.add(quad)
    usual.update(f"COPY <{MERGED}> TO DEFAULT")
    sent = addressed(query, (), (), MERGED)
    if sent.default_graphs:
        default, named = (list(map(NamedNode, graphs)) for graphs in (sent.default_graphs, sent.named_graphs))
        there = union.query(sent.text, default_graph=default, named_graphs=named)  # type: ignore[arg-type]
    else:
        there = union.query(sent.text, use_default_graph_as_union=True)
    assert _plain(there) == _plain(usual.query(query))


def _plain(results: object) -> list[str] | bool:
    return bool(results) if isinstance(results, QueryBoolean) else sorted(map(str, results))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("SELECT ?a { VALUES (?a ?b) { (UNDEF UNDEF) } ?a ?p ?b }", "SELECT ?a {  ?a ?p ?b }"),
        ("SELECT ?a { VALUES(?a ?b){(undef <b:>)} ?a ?p ?b }", "SELECT ?a { VALUES (?b) { (<b:>) } ?a ?p ?b }"),
        (
            "SELECT ?a { VALUES (?a ?b ?c ?d) { ('UNDEF'@en \"1\"^^<x:y> UNDEF 2) } }",
            "SELECT ?a { VALUES (?a ?b ?d) { ('UNDEF'@en \"1\"^^<x:y> 2) } }",
        ),
        (
            "SELECT ?x { { { VALUES (?a ?b) { (UNDEF 1) } FILTER (!BOUND(?a) && BOUND($b)) } ?x ?p ?b } }",
            "SELECT ?x { { { VALUES (?b) { (1) } } ?x ?p ?b } }",
        ),
        (
            "SELECT ?x { { VALUES (?a) { (UNDEF) } FILTER(bound(?a)||!(!BOUND(?a))) } ?x ?p ?a }",
            f"SELECT ?x {{ {{ {GRAPH_NONE} {GRAPH_NONE} {GRAPH_NONE} }} ?x ?p ?a }}",
        ),
        (
            "SELECT ?x { { VALUES (?a) { (UNDEF) } FILTER (BOUND(?x)) } }",
            "SELECT ?x { {  FILTER (BOUND(?x)) } }",
        ),
        (
            "SELECT ?x { { VALUES (?a) { (UNDEF) } FILTER (!BOUND(?a)) ?x ?p ?a } }",
            "SELECT ?x { {  FILTER (!BOUND(?a)) ?x ?p ?a } }",
        ),
        ("SELECT ?a { VALUES (?a ?b) { (UNDEF 1) (2 UNDEF) } }", None),
        ("SELECT * { VALUES (?a ?b) { (UNDEF 1) } }", None),
        ("SELECT ?a { VALUES (?a ?b) { (UNDEF +1) } VALUES ?c { UNDEF } }", None),
        ("SELECT ?a { ?a ?p 'VALUES (?a) { (UNDEF) }' } # VALUES (?a) { (UNDEF) }", None),
    ],
)
def test_what_parameters_come_to_is_worked_out(query: str, sent: str | None) -> None:
    assert worked_out(query) == (query if sent is None else sent)


def test_saved_queries_that_are_worked_out_say_the_same(corpus_engine: Engine) -> None:
    class WorkedOut:
        version = corpus_engine.version

        @staticmethod
        def select(query: str) -> Solutions:
            return corpus_engine.select(worked_out(query))

    names = Names(corpus_engine)
    for query, arguments in questions(corpus_engine, names):
        here, there = (answer(query, arguments, engine, names) for engine in (corpus_engine, WorkedOut()))
        assert there == here, (query.name, arguments)


def test_on_a_union_a_description_is_refused_that_would_be_of_all_graphs() -> None:
    with pytest.raises(QueryEvaluationError, match="CONSTRUCT"):
        addressed("DESCRIBE ?s { GRAPH <http://one/> { ?s ?p ?o } }", (), (), MERGED)


@pytest.mark.parametrize("hidden", ["?a<?b#>'''\n) } #'''\n", "?a<?b&&(?c!='x>') && ?d"])
def test_on_a_union_a_text_of_two_readings_is_refused(hidden: str) -> None:
    with pytest.raises(QuerySyntaxError, match="put a space"):
        addressed("SELECT * { FILTER(" + hidden + ") }", (), (), MERGED)
