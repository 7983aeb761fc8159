"""The plain store: whole writes or none, one writer, bounds, what is kept and what is refused."""

import os
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QuerySolutions, Store
from small_store import build_small

from graph.limits import Limits
from graph.store import NoStoreError, Snapshot, StoreBusyError, current, kind, reading
from graph.store.faults import (
    DiskError,
    GraphIriError,
    MediaTypeError,
    NoGraphError,
    UpdateEvaluationError,
    UpdateMemoryError,
    UpdateSyntaxError,
    UpdateTimeoutError,
    UploadSyntaxError,
    WriterGoneError,
)
from graph.store.plain import PlainStore, WrongKindError
from graph.store.uploads import BULK, Upload

MIB = 1024 * 1024
ENDLESS = "INSERT { ?a <a:p> ?z } WHERE { " + " ".join(f"?a{n} <a:n> ?b{n} ." for n in range(6)) + " }"


def turtle(text: str, base: str = "http://base.test/") -> Upload:
    return Upload(text.encode(), "text/turtle", base)


def many(count: int, length: int = 60) -> bytes:
    """N-Triples, enough for a bulk load."""
    return "".join(f'<a:{n}> <a:n> "{n:0{length}}" .\n' for n in range(count)).encode()


def bulk(count: int = 5000) -> Upload:
    data = many(count)
    assert len(data) > BULK
    return Upload(data, "application/n-triples", "")


def rows(folder: Path, query: str) -> list[tuple[str, ...]]:
    found = Store.read_only(str(current(folder).path)).query(query)
    assert isinstance(found, QuerySolutions)
    return sorted(tuple(str(value) for value in row) for row in found)


def held(folder: Path, graph: str | None = None) -> set[str]:
    """The triples of a graph as text."""
    store = Store.read_only(str(current(folder).path))
    name = NamedNode(graph) if graph else DefaultGraph()
    return {str(quad.triple) for quad in store.quads_for_pattern(None, None, None, name)}


def graphs(folder: Path) -> set[str]:
    return {str(name) for name in Store.read_only(str(current(folder).path)).named_graphs()}


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "plain"


@pytest.fixture
def opened(folder) -> Iterator[Callable[..., PlainStore]]:
    """Opens the store with some limits changed; closes what is open at the end."""
    stores: list[PlainStore] = []

    def opens(**limits) -> PlainStore:
        for each in stores:
            each.close()
        stores.append(PlainStore(folder, replace(Limits(), **limits), lambda _: None))
        return stores[-1]

    yield opens
    for each in stores:
        each.close()


@pytest.fixture
def store(opened) -> PlainStore:
    return opened()


class TestWrites:
    def test_a_new_folder_becomes_an_empty_store(self, store, folder) -> None:
        assert kind(folder) == "plain"
        assert store.snapshot == current(folder)
        assert store.version.startswith("000001-")
        assert held(folder) == set()

    def test_an_update_makes_a_version_and_the_former_one_stays_as_it_was(self, store, folder) -> None:
        before = store.snapshot
        version = store.update("INSERT DATA { <a:s> <a:p> 1 }")
        assert version == store.version == current(folder).version
        assert version > before.version
        assert len(Store.read_only(str(before.path))) == 0
        assert len(held(folder)) == 1

    def test_a_later_server_finds_what_was_written(self, store, opened, folder) -> None:
        version = store.update("INSERT DATA { <a:s> <a:p> 1 }")
        again = opened()
        assert again.version == version
        assert again.update("INSERT DATA { <a:s> <a:p> 2 }") > version
        assert len(held(folder)) == 2

    def test_a_new_version_is_published_before_it_is_acknowledged(self, folder) -> None:
        told: list[Snapshot] = []
        store = PlainStore(folder, Limits(), told.append)
        version = store.update("INSERT DATA { <a:s> <a:p> 1 }")
        store.close()
        assert [snapshot.version for snapshot in told] == [version]

    def test_an_update_of_which_the_third_part_fails_leaves_nothing(self, store, folder) -> None:
        store.update("INSERT DATA { <a:s> <a:p> 1 }")
        with pytest.raises(UpdateEvaluationError, match="a:nowhere"):
            store.update("DELETE WHERE { ?s ?p ?o } ; INSERT DATA { <a:s> <a:p> 2 } ; DROP GRAPH <a:nowhere>")
        store.update("INSERT DATA { <a:s> <a:p> 3 }")
        assert {triple.split('"')[1] for triple in held(folder)} == {"1", "3"}

    def test_an_update_that_cannot_be_read_tells_where(self, store) -> None:
        version = store.version
        with pytest.raises(UpdateSyntaxError, match="error at 1:13"):
            store.update("INSERT DATA nonsense")
        assert store.version == version

    def test_an_unknown_function_is_no_crash(self, store) -> None:
        store.update("INSERT DATA { <a:s> <a:p> 1 }")
        pid = store.writer_pid
        with pytest.raises(UpdateEvaluationError, match="a:function"):
            store.update("INSERT { ?s <a:q> ?n } WHERE { ?s ?p ?o BIND(<a:function>(?o) AS ?n) }")
        assert store.writer_pid == pid

    def test_who_writes_at_once_shares_versions_and_loses_nothing(self, store, folder) -> None:
        with ThreadPoolExecutor(8) as threads:
            texts = (f"INSERT DATA {{ <a:{n}> <a:p> {n} }}" for n in range(80))
            versions = list(threads.map(store.update, texts))
        assert len(held(folder)) == 80
        assert len(set(versions)) < 80
        assert max(versions) == store.version

    def test_one_that_fails_harms_only_itself(self, store, folder) -> None:
        with ThreadPoolExecutor(8) as threads:
            texts = [f"INSERT DATA {{ <a:{n}> <a:p> {n} }} {'; DROP GRAPH <a:x>' * (n % 3 == 0)}" for n in range(60)]
            made = [threads.submit(store.update, text) for text in texts]
        faults = [n for n, each in enumerate(made) if isinstance(each.exception(), UpdateEvaluationError)]
        assert faults == list(range(0, 60, 3))
        assert len(held(folder)) == 40

    def test_a_condition_is_asked_with_the_version_and_the_graph_and_may_refuse(self, store) -> None:
        seen: list[tuple[str, bool]] = []

        def refuse(version: str, exists: bool) -> None:
            seen.append((version, exists))
            raise PermissionError("no")

        store.put("a:g", [turtle("<s> <p> 1 .")], True)
        version = store.version
        for write in (
            lambda: store.update("CLEAR ALL", refuse),
            lambda: store.put("a:g", [], True, refuse),
            lambda: store.put("a:h", [], True, refuse),
            lambda: store.put(None, [], True, refuse),
            lambda: store.delete("a:h", refuse),
        ):
            with pytest.raises(PermissionError):
                write()
        assert seen == [(version, exists) for exists in (True, True, False, True, False)]
        assert store.version == version

    def test_a_condition_holds_for_one_of_many_only(self, store) -> None:
        """Who asked for the same version at once: one writes, the others are refused."""
        first = store.version

        def unchanged(version: str, _: bool) -> None:
            if version != first:
                raise PermissionError(version)

        with ThreadPoolExecutor(6) as threads:
            text = "INSERT DATA { <a:s> <a:p> 1 }"
            made = [threads.submit(store.update, text, unchanged) for _ in range(6)]
        assert sorted(each.exception() is None for each in made) == [False] * 5 + [True]

    def test_nobody_writes_between_a_condition_and_its_write(self, store) -> None:
        others: list[Thread] = []
        made: list[str] = []

        def let_another_try(version: str, _: bool) -> None:
            made.append(version)
            others.append(Thread(target=lambda: made.append(store.update("INSERT DATA { <a:s> <a:p> 2 }"))))
            others[0].start()
            others[0].join(0.1)

        version = store.update("INSERT DATA { <a:s> <a:p> 1 }", let_another_try)
        others[0].join()
        before, after = made
        assert [int(each[:6]) for each in (before, version, after)] == [1, 2, 3]


class TestGraphs:
    def test_put_replaces_and_post_adds(self, store, folder) -> None:
        assert store.put("a:g", [turtle("<s> <p> 1 .")], replace=True).created
        assert not store.put("a:g", [turtle("<s> <p> 2 .")], replace=False).created
        assert len(held(folder, "a:g")) == 2
        assert not store.put("a:g", [turtle("<s> <p> 3 .")], replace=True).created
        assert len(held(folder, "a:g")) == 1
        assert held(folder) == set()

    def test_the_default_graph_is_always_there(self, store, folder) -> None:
        assert not store.put(None, [turtle("<s> <p> 1 .")], replace=True).created
        assert len(held(folder)) == 1
        store.delete(None)
        assert held(folder) == set()

    @pytest.mark.parametrize("replace", [True, False])
    def test_an_empty_graph_is_there_once_it_is_put(self, store, folder, replace: bool) -> None:
        assert store.put("a:g", [turtle("")], replace).created
        assert graphs(folder) == {"<a:g>"}
        assert not store.put("a:g", [turtle("")], replace).created

    def test_a_graph_that_is_deleted_is_gone_and_cannot_be_deleted_again(self, store, folder) -> None:
        store.put("a:g", [turtle("<s> <p> 1 .")], True)
        store.delete("a:g")
        assert graphs(folder) == set()
        version = store.version
        with pytest.raises(NoGraphError, match="a:g"):
            store.delete("a:g")
        assert store.version == version

    def test_a_name_that_is_no_iri_is_refused(self, store) -> None:
        with pytest.raises(GraphIriError, match="not an iri"):
            store.put("not an iri", [], True)

    @pytest.mark.parametrize(
        ("media_type", "text"),
        [
            ("text/turtle", '<s> <p> "o" .'),
            ("application/n-triples", '<http://base.test/s> <http://base.test/p> "o" .'),
            ("application/n-quads", '<http://base.test/s> <http://base.test/p> "o" .'),
            ("application/trig", '{ <s> <p> "o" . }'),
            ("application/ld+json", '{"@id": "s", "http://base.test/p": "o"}'),
            (
                "application/rdf+xml",
                '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://base.test/">'
                '<rdf:Description rdf:about="s"><p>o</p></rdf:Description></rdf:RDF>',
            ),
        ],
    )
    def test_every_syntax_is_read_with_its_base(self, store, folder, media_type: str, text: str) -> None:
        store.put("a:g", [Upload(text.encode(), media_type, "http://base.test/")], True)
        assert held(folder, "a:g") == {'<http://base.test/s> <http://base.test/p> "o"'}

    @pytest.mark.parametrize(
        ("media_type", "text"),
        [
            ("application/n-quads", "<a:s> <a:p> <a:o> <a:other> ."),
            ("application/trig", "<a:other> { <a:s> <a:p> <a:o> }"),
            ("application/ld+json", '{"@id": "a:other", "@graph": [{"@id": "a:s", "a:p": "o"}]}'),
        ],
    )
    @pytest.mark.parametrize("size", [0, BULK])
    def test_named_graphs_have_no_place_in_a_graph(
        self, store, folder, media_type: str, text: str, size: int
    ) -> None:
        with pytest.raises(UploadSyntaxError, match="Named graphs are not allowed"):
            store.put("a:g", [Upload(text.encode() + b"\n" * size, media_type, "")], True)
        assert graphs(folder) == set()

    def test_what_is_no_rdf_is_refused(self, store) -> None:
        with pytest.raises(MediaTypeError, match="text/html.*text/turtle"):
            store.put("a:g", [Upload(b"", "text/html", "")], True)

    def test_a_syntax_error_tells_where_and_changes_nothing(self, store, folder) -> None:
        store.put("a:g", [turtle("<s> <p> 1 .")], True)
        with pytest.raises(UploadSyntaxError, match="text/turtle") as caught:
            store.put("a:g", [turtle("<s> <p> 2 ."), turtle("<s> <p> 3 .\n<s> nonsense")], True)
        assert caught.value.line == 2
        assert len(held(folder, "a:g")) == 1

    def test_a_syntax_error_in_a_bulk_load_adds_and_removes_nothing(self, store, folder) -> None:
        store.put("a:g", [turtle("<s> <p> 1 .")], True)
        broken = Upload(many(5000) + b"nonsense", "application/n-triples", "")
        for replace_all in (True, False):
            with pytest.raises(UploadSyntaxError) as caught:
                store.put("a:g", [bulk(), broken], replace_all)
            assert caught.value.line == 5001
        store.update("INSERT DATA { <a:s> <a:p> 1 }")
        assert len(held(folder, "a:g")) == 1
        assert len(held(folder)) == 1

    def test_a_bulk_load_is_whole(self, store, folder) -> None:
        assert store.put("a:g", [bulk(), turtle("<s> <p> 1 .")], True).created
        assert len(held(folder, "a:g")) == 5001

    @pytest.mark.parametrize("size", [0, BULK])
    def test_blank_nodes_of_separate_uploads_stay_apart_and_those_of_one_do_not(self, store, folder, size) -> None:
        upload = Upload(b"_:x <a:p> 1 . _:x <a:q> 2 ." + b"\n" * size, "text/turtle", "")
        store.put("a:g", [upload, upload], True)
        store.put("a:g", [upload], False)
        stored = Store.read_only(str(current(folder).path))
        subjects = {quad.subject for quad in stored}
        assert len(stored) == 6
        assert len(subjects) == 3
        assert all(isinstance(subject, BlankNode) for subject in subjects)

    def test_a_large_graph_is_replaced_and_deleted_and_others_are_not(self, store, folder) -> None:
        """The store is then copied without it, which is quicker."""
        store.put("a:other", [turtle("<s> <p> 1 .")], True)
        store.put("a:empty", [], True)
        store.put(None, [bulk(50_000)], True)
        store.put(None, [turtle("<s> <p> 1 .")], True)
        assert len(held(folder)) == 1
        store.put("a:g", [bulk(50_000)], False)
        store.delete("a:g")
        assert graphs(folder) == {"<a:other>", "<a:empty>"}
        assert (len(held(folder, "a:other")), len(held(folder))) == (1, 1)
        store.update("INSERT DATA { <a:s> <a:p> 2 }")
        assert len(held(folder)) == 2


RDF_XML = (
    '<?xml version="1.0"?>%s<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.test/">'
    '<rdf:Description rdf:about="http://e.test/s"><e:p>%s</e:p></rdf:Description></rdf:RDF>'
)


def entities(levels: int, before: str = "", after: str = "") -> str:
    declared = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, levels + 1))
    return f'<!DOCTYPE r [{before}<!ENTITY x0 "yyyyyyyyyy">{declared}{after}]>'


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Iterator[tuple[PlainStore, Path]]:
    folder = tmp_path_factory.mktemp("hostile") / "plain"
    store = PlainStore(folder, Limits(), lambda _: None)
    yield store, folder
    store.close()


class TestHostileUploads:
    """One store takes them all, and each finds it as it should be."""

    @pytest.fixture
    def store(self, hostile) -> PlainStore:
        return hostile[0]

    @pytest.fixture
    def folder(self, hostile) -> Path:
        return hostile[1]

    def put(self, store: PlainStore, media_type: str, text: str) -> None:
        store.put("a:g", [Upload(text.encode(), media_type, "http://e.test/")], True)

    def test_short_entities_are_read(self, store, folder) -> None:
        declared = '<!DOCTYPE r [<!ENTITY ns "http://e.test/"><!ENTITY two "&ns;two">]>'
        self.put(store, "application/rdf+xml", RDF_XML % (declared, "&two;"))
        assert held(folder, "a:g") == {'<http://e.test/s> <http://e.test/p> "http://e.test/two"'}

    @pytest.mark.parametrize(("before", "after"), [("", ""), ("<!-- ", " -->")])
    def test_entities_that_multiply_are_refused_even_in_a_comment(self, store, before: str, after: str) -> None:
        """Oxigraph reads the declarations in a comment, too."""
        with pytest.raises(UploadSyntaxError, match="entities stand for|amplification"):
            self.put(store, "application/rdf+xml", RDF_XML % (entities(9, before, after), "&x9;"))

    def test_an_entity_used_over_and_over_is_refused(self, store) -> None:
        declared = f'<!DOCTYPE r [<!ENTITY x "{"y" * 20_000}">]>'
        with pytest.raises(UploadSyntaxError, match="entities stand for"):
            self.put(store, "application/rdf+xml", RDF_XML % (declared, "&x;" * 1000))

    @pytest.mark.parametrize(
        "declared",
        [
            '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>',
        ],
    )
    def test_an_external_entity_is_not_fetched(self, store, declared: str) -> None:
        with pytest.raises(UploadSyntaxError):
            self.put(store, "application/rdf+xml", RDF_XML % (declared, "&x;"))

    def test_an_external_dtd_is_not_fetched(self, store, folder) -> None:
        self.put(store, "application/rdf+xml", RDF_XML % ('<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">', "q"))
        assert len(held(folder, "a:g")) == 1

    def test_a_remote_context_is_not_fetched(self, store) -> None:
        with pytest.raises(UploadSyntaxError, match="remote contexts"):
            self.put(store, "application/ld+json", '{"@context": "http://127.0.0.1:9/c", "@id": "a:s", "p": "o"}')

    @pytest.mark.parametrize("size", [0, BULK])
    @pytest.mark.parametrize(
        ("media_type", "text"),
        [
            ("text/turtle", "<a:s> <a:p> " + "<<( <a:s> <a:p> " * 30_000 + "<a:o>" + " )>>" * 30_000 + " ."),
            ("application/ld+json", '{"@id": "a:s", "a:p": ' * 30_000 + '"o"' + "}" * 30_000),
            ("application/ld+json", '{"@id": "a:s", "a:p": ' + '{"@list": [' * 9_000 + '"o"' + "]}" * 9_000 + "}"),
            ("application/rdf+xml", RDF_XML % ("", "<e:A><e:p>" * 9_000 + "</e:p></e:A>" * 9_000)),
        ],
    )
    def test_what_is_nested_too_deeply_is_refused_at_once(self, store, media_type: str, text: str, size: int) -> None:
        pid = store.writer_pid
        with pytest.raises(UploadSyntaxError, match="nested more than 200 levels"):
            self.put(store, media_type, text + " " * size)
        assert store.writer_pid == pid

    def test_brackets_in_strings_iris_and_comments_nest_nothing(self, store, folder) -> None:
        text = '<a:s> <a:p> "std::cout << x << y" . # <<\n' * 300 + "<a:s> <a:p> '''<< \" <<''', \"\\\"<<\" ."
        self.put(store, "text/turtle", text)
        assert len(held(folder, "a:g")) == 3
        self.put(store, "application/ld+json", '{"@id": "a:s", "a:p": ["' + '{[\\"' * 500 + '"]}')
        assert len(held(folder, "a:g")) == 1

    @pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/ld+json"])
    @pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00" * 10, "é".encode("latin-1"), b"<", b"{", b"&x;"])
    def test_bytes_that_are_no_text_are_a_syntax_error(self, store, media_type: str, data: bytes) -> None:
        with pytest.raises(UploadSyntaxError):
            store.put("a:g", [Upload(data, media_type, "http://e.test/")], True)


class TestBounds:
    def test_an_update_that_takes_too_long_is_ended_and_nothing_of_it_stays(self, opened, folder) -> None:
        opened().put(None, [bulk()], True)
        store = opened(update_seconds=0.5)
        store.update("INSERT DATA { <a:s> <a:p> 0 }")
        started = time.monotonic()
        with pytest.raises(UpdateTimeoutError, match=r"0\.5 s"):
            store.update("INSERT DATA { <a:s> <a:p> 1 } ; " + ENDLESS)
        assert time.monotonic() - started < 1.5
        store.update("INSERT DATA { <a:s> <a:p> 2 }")
        assert rows(folder, "SELECT ?o { <a:s> <a:p> ?o } ORDER BY ?o") == [
            (f'"{n}"^^<{XSD}integer>',) for n in (0, 2)
        ]

    def test_an_update_that_takes_too_much_memory_is_ended_and_nothing_of_it_stays(self, opened, folder) -> None:
        opened().put(None, [bulk()], True)
        store = opened(update_memory=64 * MIB)
        with pytest.raises(UpdateMemoryError, match="more memory"):
            store.update("INSERT DATA { <a:s> <a:p> 1 } ; INSERT { ?a <a:x> ?d } WHERE { ?a <a:n> ?b . ?c <a:n> ?d }")
        store.update("INSERT DATA { <a:s> <a:p> 2 }")
        assert len(held(folder)) == 5001

    def test_others_who_wait_do_not_suffer_from_one_that_is_ended(self, opened, folder) -> None:
        opened().put(None, [bulk()], True)
        store = opened(update_seconds=0.5)
        with ThreadPoolExecutor(6) as threads:
            texts = [f"INSERT DATA {{ <a:s> <a:p> {n} }}" for n in range(5)]
            made = [threads.submit(store.update, text) for text in (texts[0], ENDLESS, *texts[1:])]
        faults = [each.exception() for each in made]
        assert [type(fault) for fault in faults] == [type(None), UpdateTimeoutError, *[type(None)] * 4]
        assert len(held(folder)) == 5005

    @pytest.mark.kills
    def test_a_writing_process_that_is_killed_is_replaced(self, store, folder) -> None:
        store.update("INSERT DATA { <a:s> <a:p> 1 }")
        former, acknowledged = store.writer_pid, {"1", "3"}
        assert former is not None
        os.kill(former, signal.SIGKILL)
        # Its end may be noticed before the next write, which then goes to its successor; else that is refused.
        try:
            store.update("INSERT DATA { <a:s> <a:p> 2 }")
            acknowledged.add("2")
        except WriterGoneError as error:
            assert "send it again" in str(error)  # noqa: PT017
        store.update("INSERT DATA { <a:s> <a:p> 3 }")
        assert store.writer_pid != former
        assert {triple.split('"')[1] for triple in held(folder)} == acknowledged

    @pytest.mark.parametrize(
        "writes",
        [
            lambda store: store.update("INSERT DATA { <a:s> <a:p> 2 }"),
            lambda store: store.put("a:g", [bulk()], True),
        ],
        ids=["update", "bulk"],
    )
    def test_a_full_disk_is_told_and_afterwards_it_goes_on(self, store, folder, writes) -> None:
        """The writing process may write no file longer than a few bytes more: as if the disk were full."""
        version = store.update("INSERT DATA { <a:s> <a:p> 1 }")
        assert store.writer_pid is not None
        resource.prlimit(store.writer_pid, resource.RLIMIT_FSIZE, (2048, resource.RLIM_INFINITY))
        with pytest.raises(DiskError, match="the disk did not take it"):
            writes(store)
        assert store.version == current(folder).version == version
        assert len(held(folder)) == 1
        store.update("INSERT DATA { <a:s> <a:p> 3 }")
        assert {triple.split('"')[1] for triple in held(folder)} == {"1", "3"}
        assert not list((folder / "versions").glob("*.partial"))

    def test_a_manifest_that_cannot_be_written_is_told_and_nothing_is_acknowledged(self, store, folder) -> None:
        version = store.update("INSERT DATA { <a:s> <a:p> 1 }")
        (folder / "plain.json.partial").mkdir()
        with pytest.raises(DiskError):
            store.update("INSERT DATA { <a:s> <a:p> 2 }")
        assert current(folder).version == version
        (folder / "plain.json.partial").rmdir()
        store.update("INSERT DATA { <a:s> <a:p> 3 }")
        assert {triple.split('"')[1] for triple in held(folder)} == {"1", "3"}


XSD = "http://www.w3.org/2001/XMLSchema#"


class TestOneWriter:
    def test_a_second_server_is_told_and_harms_nothing(self, store, folder) -> None:
        with pytest.raises(StoreBusyError, match="another server"):
            PlainStore(folder, Limits(), lambda _: None)
        assert store.update("INSERT DATA { <a:s> <a:p> 1 }") == current(folder).version

    def test_a_store_that_is_closed_takes_nothing_and_can_be_opened(self, store, folder) -> None:
        store.close()
        store.close()
        with pytest.raises(WriterGoneError, match="closed"):
            store.update("INSERT DATA { <a:s> <a:p> 1 }")
        PlainStore(folder, Limits(), lambda _: None).close()

    def test_a_corpus_is_not_opened_for_writing(self, folder) -> None:
        folder.mkdir()
        build_small(folder)
        with pytest.raises(WrongKindError, match="corpus"):
            PlainStore(folder, Limits(), lambda _: None)
        assert kind(folder) == "corpus"

    def test_a_folder_of_other_things_is_left_alone(self, folder) -> None:
        folder.mkdir()
        (folder / "thesis.txt").write_text("years of work")
        with pytest.raises(WrongKindError, match=r"thesis\.txt"):
            PlainStore(folder, Limits(), lambda _: None)
        assert [path.name for path in folder.iterdir()] == ["thesis.txt"]

    def test_tokens_may_be_there_before_the_store(self, folder) -> None:
        folder.mkdir()
        (folder / "tokens.json").write_text("{}")
        PlainStore(folder, Limits(), lambda _: None).close()
        assert kind(folder) == "plain"

    def test_what_was_being_made_when_all_was_killed_is_removed(self, store, opened, folder) -> None:
        version = store.version
        store.close()
        (folder / "versions" / "000002-0000000000000000.partial").mkdir()
        (folder / "versions" / "000002-1111111111111111").mkdir()
        (folder / "live" / "rubbish").write_text("half")
        store = opened()
        assert store.version == version
        store.update("INSERT DATA { <a:s> <a:p> 1 }")
        assert len(list((folder / "versions").iterdir())) == 2
        assert not (folder / "live" / "rubbish").exists()

    def test_a_damaged_manifest_is_told_and_not_overwritten(self, store, folder) -> None:
        store.close()
        (folder / "plain.json").write_text('{"kind": "plain"')
        with pytest.raises(NoStoreError, match="plain"):
            PlainStore(folder, Limits(), lambda _: None)
        assert (folder / "plain.json").read_text() == '{"kind": "plain"'


def kept(folder: Path) -> list[int]:
    return sorted(int(path.name[:6]) for path in (folder / "versions").iterdir())


def write(store: PlainStore, times: int) -> None:
    for n in range(times):
        store.update(f"INSERT DATA {{ <a:s> <a:p> {n} }}")


class TestRetention:
    def test_so_many_versions_are_kept(self, opened, folder) -> None:
        write(opened(kept_versions=3), 6)
        assert kept(folder) == [5, 6, 7]

    def test_old_versions_are_removed_by_their_time(self, opened, folder, monkeypatch) -> None:
        now = time.time()
        write(opened(kept_days=1.0), 2)
        monkeypatch.setattr(time, "time", lambda: now + 2 * 24 * 60 * 60)
        write(opened(kept_days=1.0), 1)
        assert kept(folder) == [4]

    def test_versions_that_take_too_much_disk_are_removed(self, opened, folder) -> None:
        store = opened(kept_bytes=MIB)
        write(store, 2)
        assert kept(folder) == [1, 2, 3]
        store.put(
            None, [Upload(os.urandom(2 * MIB).hex().join(('<a:s> <a:p> "', '" .')).encode(), "text/turtle", "")], True
        )
        assert kept(folder) == [4]

    def test_files_that_versions_share_count_once(self, opened, folder) -> None:
        store = opened(kept_bytes=9 * MIB)
        store.put(
            "a:g", [Upload(os.urandom(MIB).hex().join(('<a:s> <a:p> "', '" .')).encode(), "text/turtle", "")], True
        )
        write(store, 4)
        assert kept(folder) == [1, 2, 3, 4, 5, 6]

    def test_a_clock_that_is_set_back_changes_neither_order_nor_retention(self, opened, folder, monkeypatch) -> None:
        write(opened(), 2)
        monkeypatch.setattr(time, "time", lambda: 0.0)
        store = opened(kept_versions=3)
        write(store, 2)
        assert kept(folder) == [3, 4, 5]
        assert current(folder).version == store.version
        assert store.version.startswith("000005-")
        assert len(held(folder)) == 2

    def test_a_version_that_somebody_reads_stays_until_they_have_read_it(self, opened, folder) -> None:
        store = opened(kept_versions=1)
        store.update("INSERT DATA { <a:s> <a:p> 1 }")
        with reading(store.snapshot):
            read = Store.read_only(str(store.snapshot.path))
            write(store, 3)
            assert kept(folder) == [2, 5]
            assert len(read) == 1
        write(store, 1)
        assert kept(folder) == [6]

    def test_a_version_that_has_gone_cannot_be_read(self, opened) -> None:
        store = opened(kept_versions=1)
        former = store.snapshot
        write(store, 1)
        with pytest.raises(NoStoreError, match="removed"), reading(former):
            pass

    def test_a_version_that_goes_just_before_it_is_held_cannot_be_read(self, store, monkeypatch) -> None:
        def too_late(held: int, operation: int) -> None:
            shutil.rmtree(store.snapshot.path)

        monkeypatch.setattr("graph.store.snapshots.fcntl.flock", too_late)
        with pytest.raises(NoStoreError, match="removed"), reading(store.snapshot):
            pass

    def test_readers_follow_the_folder_while_it_is_written(self, opened, folder) -> None:
        """Each finds a whole version: the writes it holds begin with the first and leave none out."""
        store = opened(kept_versions=1)
        ended = Event()
        seen: list[int] = []

        def follow() -> None:
            while not ended.is_set():
                try:
                    snapshot = current(folder)
                    with reading(snapshot):
                        found = sorted(int(quad.object.value) for quad in Store.read_only(str(snapshot.path)))
                except NoStoreError:
                    continue
                assert found == list(range(len(found)))
                seen.append(len(found))

        with ThreadPoolExecutor(2) as threads:
            followers = [threads.submit(follow) for _ in range(2)]
            write(store, 40)
            ended.set()
        for follower in followers:
            follower.result()
        assert len(set(seen)) > 2
