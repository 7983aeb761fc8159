"""What the service says of itself, and whether it is true: the service description and VoID."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from memory import Memory, application
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from server.access import Tokens

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
ENDPOINT = NamedNode("http://localhost/sparql")
WHOLE = NamedNode("http://localhost/.well-known/void#dataset")
DEFAULT = NamedNode("http://localhost/graphs?default")


def triples(
    client: FlaskClient, path: str, accept: str = "text/turtle", form: RdfFormat = RdfFormat.TURTLE
) -> set[Triple]:
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.content_type.split(";")[0]) == (200, accept)
    return {quad.triple for quad in parse(response.data, form)}


def objects(found: Iterable[Triple], subject: NamedNode, predicate: str) -> set[str]:
    return {t.object.value for t in found if t.subject == subject and t.predicate.value == predicate}  # type: ignore[union-attr]


@pytest.fixture
def memory() -> Memory:
    memory = Memory()
    memory.store.update(
        "INSERT DATA { <http://x/a/1> a <http://c/A> ; <http://p/p> 1, 2 . <http://x/a/2> a <http://c/A> ."
        " GRAPH <http://g/one> { <http://x/a/1> <http://p/q> <http://x/a/2> } } ; CREATE GRAPH <http://g/empty>"
    )
    return memory


@pytest.fixture
def plain(memory: Memory, tmp_path: Path) -> FlaskClient:
    return application(memory, Tokens(tmp_path)).test_client()


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
def test_the_same_in_every_format_of_rdf(client: FlaskClient, path: str) -> None:
    turtle = triples(client, path)
    assert turtle == triples(client, path, "application/n-triples", RdfFormat.N_TRIPLES)
    assert turtle == triples(client, path, "application/rdf+xml", RdfFormat.RDF_XML)
    assert turtle == triples(client, path, "application/ld+json", RdfFormat.JSON_LD)
    assert client.get(path).content_type == "text/turtle; charset=utf-8"
    assert client.head(path).status_code == 200
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_a_browser_gets_the_form(client: FlaskClient) -> None:
    assert "<form" in client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"}).text


def test_the_endpoint_is_where_it_was_asked(client: FlaskClient) -> None:
    found = client.get("/sparql", base_url="http://other.example:8080/")
    assert "<http://other.example:8080/sparql>" in found.text
    assert "localhost" not in found.text
    client.application.extensions["public_url"] = "https://public.example/"
    assert "<https://public.example/sparql>" in client.get("/sparql").text
    assert client.get("/sparql", headers={"Host": "a b<"}).status_code in (200, 400)


def test_a_client_can_configure_itself(client: FlaskClient) -> None:
    """What Comunica's metadata extractor reads: only of the address that it asked, and of the default data set."""
    found = triples(client, "/sparql")
    assert objects(found, ENDPOINT, f"{SD}endpoint") == {ENDPOINT.value}
    formats = objects(found, ENDPOINT, f"{SD}resultFormat")
    assert {f"{FORMATS}SPARQL_Results_JSON", f"{FORMATS}Turtle"} <= formats
    assert {f"{SD}SPARQL11Query", f"{SD}SPARQL12Query"} == objects(found, ENDPOINT, f"{SD}supportedLanguage")
    assert objects(found, ENDPOINT, f"{SD}defaultDataset") == {WHOLE.value}
    assert objects(found, WHOLE, f"{SD}defaultGraph") == {DEFAULT.value}


def test_every_result_format_is_really_to_be_had(client: FlaskClient) -> None:
    names = {
        "SPARQL_Results_JSON": "application/sparql-results+json",
        "SPARQL_Results_XML": "application/sparql-results+xml",
        "SPARQL_Results_CSV": "text/csv",
        "SPARQL_Results_TSV": "text/tab-separated-values",
        "Turtle": "text/turtle",
        "N-Triples": "application/n-triples",
        "JSON-LD": "application/ld+json",
        "RDF_XML": "application/rdf+xml",
    }
    formats = {
        iri.removeprefix(FORMATS) for iri in objects(triples(client, "/sparql"), ENDPOINT, f"{SD}resultFormat")
    }
    assert formats == set(names)
    for media_type in names.values():
        query = "DESCRIBE <http://s/>" if media_type in list(names.values())[4:] else "SELECT * {}"
        response = client.get("/sparql", query_string={"query": query}, headers={"Accept": media_type})
        assert response.content_type.split(";")[0] == media_type


def test_every_function_is_one_that_the_engine_has(client: FlaskClient) -> None:
    functions = objects(triples(client, "/sparql"), ENDPOINT, f"{SD}extensionFunction")
    assert "http://www.opengis.net/def/function/geosparql/distance" in functions
    assert "http://www.w3.org/2001/XMLSchema#date" in functions
    assert "urn:x:none" not in functions
    assert len(functions) >= 15
    for function in functions:
        Store().query(f"ASK {{ BIND(<{function}>('') AS ?x) }}")


def test_updates_are_offered_only_where_they_are_taken(plain: FlaskClient, client: FlaskClient) -> None:
    update = NamedNode("http://localhost/update")
    assert objects(triples(plain, "/sparql"), update, f"{SD}supportedLanguage") == {f"{SD}SPARQL11Update"}
    assert f"{SD}EmptyGraphs" in objects(triples(plain, "/sparql"), ENDPOINT, f"{SD}feature")
    assert not objects(triples(client, "/sparql"), update, f"{SD}endpoint")
    plain.application.extensions["updates"] = False
    assert not objects(triples(plain, "/sparql"), update, f"{SD}endpoint")


def test_the_graphs_are_those_of_the_data(plain: FlaskClient) -> None:
    found = triples(plain, "/sparql")
    named = objects(found, WHOLE, f"{SD}namedGraph")
    names = {name for node in named for name in objects(found, NamedNode(node), f"{SD}name")}
    assert names == {"http://g/one", "http://g/empty"}
    for node in named:
        (graph,) = objects(found, NamedNode(node), f"{SD}graph")
        (size,) = objects(found, NamedNode(graph), f"{VOID}triples")
        assert len(list(parse(plain.get(graph.removeprefix("http://localhost")).data, RdfFormat.TURTLE))) == int(size)
    assert objects(found, DEFAULT, f"{VOID}triples") == {"4"}


def test_void_counts_what_is_there(plain: FlaskClient) -> None:
    found = triples(plain, "/.well-known/void")
    one = NamedNode("http://localhost/graphs?graph=http%3A%2F%2Fg%2Fone")
    assert objects(found, WHOLE, f"{VOID}triples") == {"5"}
    assert objects(found, WHOLE, f"{VOID}sparqlEndpoint") == {ENDPOINT.value}
    assert objects(found, WHOLE, f"{VOID}uriSpace") == {"http://x/a/"}
    assert objects(found, WHOLE, f"{VOID}entities") == {"2"}
    assert objects(found, WHOLE, f"{VOID}exampleResource") == {"http://x/a/1"}
    assert objects(found, WHOLE, f"{VOID}vocabulary") == {
        "http://c/",
        "http://p/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    }
    assert len(objects(found, WHOLE, f"{VOID}subset")) == 3
    assert objects(found, DEFAULT, f"{VOID}distinctSubjects") == {"2"}
    assert objects(found, DEFAULT, f"{VOID}distinctObjects") == {"3"}
    assert objects(found, one, f"{VOID}triples") == {"1"}


def test_void_divides_each_graph_by_class_and_property(plain: FlaskClient) -> None:
    found = triples(plain, "/.well-known/void")
    one = NamedNode("http://localhost/graphs?graph=http%3A%2F%2Fg%2Fone")
    (part,) = objects(found, DEFAULT, f"{VOID}classPartition")
    assert objects(found, NamedNode(part), f"{VOID}class") == {"http://c/A"}
    assert objects(found, NamedNode(part), f"{VOID}entities") == {"2"}
    parts = {
        next(iter(objects(found, NamedNode(node), f"{VOID}property"))): objects(
            found, NamedNode(node), f"{VOID}triples"
        )
        for node in objects(found, DEFAULT, f"{VOID}propertyPartition")
    }
    assert parts == {"http://p/p": {"2"}, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": {"2"}}
    (part,) = objects(found, one, f"{VOID}propertyPartition")
    assert Triple(NamedNode(part), NamedNode(f"{VOID}property"), NamedNode("http://p/q")) in found
    assert Triple(NamedNode(part), NamedNode(f"{VOID}triples"), Literal(1)) in found


def test_a_licence_is_told_where_the_data_state_one(plain: FlaskClient, memory: Memory) -> None:
    licence = "http://purl.org/dc/terms/license"
    assert not objects(triples(plain, "/.well-known/void"), WHOLE, licence)
    memory.update(
        f"INSERT DATA {{ GRAPH <http://g/m> {{ <http://d/> a <{VOID}Dataset> ; <{licence}> <http://l/> }} }}"
    )
    assert objects(triples(plain, "/.well-known/void"), WHOLE, licence) == {"http://l/"}


def test_an_empty_store_is_described_too(memory: Memory, plain: FlaskClient) -> None:
    memory.store = Store()
    found = triples(plain, "/.well-known/void")
    assert objects(found, WHOLE, f"{VOID}triples") == {"0"}
    assert objects(triples(plain, "/sparql"), DEFAULT, f"{VOID}triples") == {"0"}


def test_a_description_can_be_checked_again(plain: FlaskClient, memory: Memory) -> None:
    first = plain.get("/sparql").headers["ETag"]
    assert plain.get("/sparql", headers={"If-None-Match": first}).status_code == 304
    memory.update("INSERT DATA { <http://s/> <http://p/> 3 }")
    assert plain.get("/sparql", headers={"If-None-Match": first}).status_code == 200


def test_the_descriptions_name_graphs_that_are_there(client: FlaskClient) -> None:
    found = triples(client, "/.well-known/void")
    for graph in objects(found, WHOLE, f"{VOID}subset"):
        assert client.head(graph.removeprefix("http://localhost")).status_code == 200
    for example in objects(found, WHOLE, f"{VOID}exampleResource"):
        assert client.get(f"/{example.removeprefix('https://w3id.org/communique/')}").status_code == 200
