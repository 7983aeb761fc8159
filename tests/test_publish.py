"""Loading a built folder into a remote store, whole or with a word of where it failed."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse
from remote_stores import Request, StandIn, free_port, json_head, oxigraph, stand_in
from small_store import quads

import graph.publish
from graph.engine.remote import Remote
from graph.engine.remote.complaints import RemoteUnreachableError
from graph.engine.remote.endpoint import endpoint
from graph.engine.remote.sending import GraphStore
from graph.limits import Limits
from graph.namespaces import GRAPH_AUTHORITY, GRAPH_ENTAILED, GRAPH_MERGED, GRAPH_VERSION
from graph.publish import PublishError, publish
from graph.sources import SOURCES
from graph.store import NoStoreError, current, write

FOREIGN = NamedNode("http://foreign/graph")
EMPTY = b'{"head":{"vars":[]},"results":{"bindings":[]}}'


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small that the tiny dataset takes several; and nobody reads what is loaded."""
    monkeypatch.setattr(graph.publish, "PART", 7)
    monkeypatch.setattr(graph.publish, "SECONDS_TO_SETTLE", 0)


@pytest.fixture(scope="module")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as url:
        yield url


@pytest.fixture
def url(store_url: str) -> Iterator[str]:
    """The store with one graph that is none of ours."""
    with GraphStore(GraphStore.beside(endpoint(store_url)), 10) as sender:
        sender.put(FOREIGN, b"<http://a/> <http://b/> <http://c/> .\n")
    yield store_url
    with Remote(store_url, Limits()) as engine, GraphStore(GraphStore.beside(endpoint(store_url)), 10) as sender:
        for row in engine.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").rows:
            sender.delete(NamedNode(row[0].value))  # type: ignore[union-attr]
        sender.delete(DefaultGraph())


def dump(url: str) -> set[Quad]:
    """What a store holds, but for the graph that is none of ours."""
    with Remote(url, Limits()) as engine:
        rows = engine.select("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")
        places = [rows.variables.index(name) for name in "spog"]
        found = ((row[s], row[p], row[o], row[g] or DefaultGraph()) for row in rows.rows for s, p, o, g in [places])
        return {Quad(*terms) for terms in found if terms[3] != FOREIGN}  # type: ignore[arg-type]


def held(folder: Path) -> set[Quad]:
    """What a folder holds, with its version as a store says it."""
    snapshot = current(folder)
    line = f'{GRAPH_VERSION} <http://www.w3.org/2002/07/owl#versionInfo> "{snapshot.version}" {GRAPH_VERSION} .'
    return set(Store.read_only(str(snapshot.path))) | set(parse(line, format=RdfFormat.N_QUADS))


def smaller(folder: Path) -> Path:
    """A built folder with a graph fewer, and a triple fewer in another."""
    authority = [quad for quad in quads() if quad.graph_name == GRAPH_AUTHORITY]
    kept = [quad for quad in quads() if quad.graph_name not in (GRAPH_AUTHORITY, GRAPH_ENTAILED)] + authority[1:]
    write(folder, kept, inputs="by hand", counts={}, sources=dict.fromkeys(SOURCES))
    return folder


class TestLoading:
    def test_everything_is_there_and_the_version_last(self, small_store: Path, url: str) -> None:
        told: list[tuple[str, int, int]] = []
        report = publish(small_store, url, progress=lambda *step: told.append(step))
        assert report.version == current(small_store).version
        assert dump(url) == held(small_store)
        assert [sent for _, sent, _ in told] == sorted(sent for _, sent, _ in told)
        assert told[-1][1:] == (report.triples, report.triples)

    def test_what_is_there_is_not_sent_again(self, small_store: Path, url: str) -> None:
        assert publish(small_store, url).triples > 0
        assert publish(small_store, url).triples == 0

    def test_another_version_replaces_it_and_nothing_else(self, small_store: Path, url: str, tmp_path: Path) -> None:
        publish(small_store, url)
        report = publish(smaller(tmp_path), url)
        assert report.removed == 1
        assert dump(url) == held(tmp_path)
        with Remote(url, Limits()) as engine:
            assert engine.ask(f"ASK {{ GRAPH {FOREIGN} {{ ?s ?p ?o }} }}")

    def test_a_union_of_all_graphs_is_no_default_graph_to_be_filled(self, small_store: Path, tmp_path: Path) -> None:
        with oxigraph(tmp_path, "--union-default-graph") as url:
            assert publish(small_store, url).union
            with Remote(url, Limits()) as engine:
                assert engine.default_graph == GRAPH_MERGED.value
                count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
                merged = sum(quad.graph_name == GRAPH_MERGED for quad in set(quads()))
                assert engine.select(count).rows[0][0].value == str(merged)  # type: ignore[union-attr]

    def test_who_has_read_the_former_version_is_waited_for(
        self, small_store: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slept: list[float] = []
        monkeypatch.setattr(graph.publish, "SECONDS_TO_SETTLE", 4.5)
        monkeypatch.setattr("graph.publish.sleep", slept.append)
        publish(small_store, url)
        assert slept == []
        publish(smaller(tmp_path), url)
        assert slept == [4.5]


class Between:
    """Passes on what is sent to a store's graphs, but for what a test takes out."""

    def __init__(self, url: str) -> None:
        self.target = GraphStore.beside(endpoint(url)).url
        self.client = httpx.Client(trust_env=False)
        self.sent = 0
        self.fail_at = self.drop_at = -1

    def __call__(self, request: Request, store: StandIn) -> None:
        self.sent += 1
        if self.sent == self.fail_at:
            store.send("507 Full\nContent-Type: text/plain\nContent-Length: 9", b"disk full")
            return
        if self.sent != self.drop_at:
            kind = {"Content-Type": request.headers.get("Content-Type", "")}
            place = self.target + request.path.removeprefix("/query")
            self.client.request(request.method, place, content=request.body, headers=kind).raise_for_status()
        store.send("204 Fine")


class TestFailing:
    def test_a_half_loaded_store_claims_no_version_and_is_mended_by_running_it_again(
        self, small_store: Path, url: str, tmp_path: Path
    ) -> None:
        publish(smaller(tmp_path), url)
        between = Between(url)
        with stand_in(between) as store:
            between.fail_at = 5
            with pytest.raises(PublishError, match=r"communique/\S+: the store answered 507: disk full"):
                publish(small_store, url, graph_store=store.url())
            with Remote(url, Limits()) as engine:
                assert engine.ready
                assert engine.version == ""
        publish(small_store, url)
        assert dump(url) == held(small_store)

    def test_what_the_store_says_it_took_is_counted(self, small_store: Path, url: str) -> None:
        between = Between(url)
        with stand_in(between) as store:
            between.drop_at = 4
            with pytest.raises(PublishError, match=r"\d+ triples were sent, and the store counts \d+"):
                publish(small_store, url, graph_store=store.url())
        with Remote(url, Limits()) as engine:
            assert engine.version == ""

    def test_nobody_is_there(self, small_store: Path) -> None:
        with pytest.raises(RemoteUnreachableError):
            publish(small_store, f"http://127.0.0.1:{free_port()}/query")

    def test_a_store_that_nobody_knows_needs_its_url(self, small_store: Path) -> None:
        def reply(request: Request, store: StandIn) -> None:
            store.send(json_head(len(EMPTY)), EMPTY)

        with stand_in(reply) as store, pytest.raises(PublishError, match="give the URL"):
            publish(small_store, store.url())

    def test_credentials_go_to_no_other_host(self, small_store: Path, url: str) -> None:
        with stand_in(Between(url)) as store:
            publish(small_store, url.replace("http://", "http://zoe:secret@"), graph_store=store.url())
            assert {request.scheme for request in store.requests} == {""}

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(NoStoreError):
            publish(tmp_path, "http://127.0.0.1:1/")

    def test_blank_nodes_are_not_sent_in_parts(self, url: str, tmp_path: Path) -> None:
        blank = Quad(BlankNode(), NamedNode("http://b/"), BlankNode(), GRAPH_AUTHORITY)
        write(tmp_path, [blank], inputs="by hand", counts={}, sources=dict.fromkeys(SOURCES))
        with pytest.raises(PublishError, match="blank nodes"):
            publish(tmp_path, url)
