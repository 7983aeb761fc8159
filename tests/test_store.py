"""Folders of both kinds: what is current, what readers hold, and what a build leaves alone."""

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store
from small_store import build_small, quads

from graph.build import build
from graph.limits import Limits
from graph.namespaces import GRAPH_MERGED
from graph.sources import SOURCES
from graph.store import Manifest, NoStoreError, Snapshot, current, kind, reading, write
from graph.store.plain import PlainStore, WrongKindError


def build_other(folder: Path, number: int) -> Manifest:
    """A version of the corpus with one triple more, which tells its number."""
    more = Quad(NamedNode("a:s"), NamedNode("a:p"), NamedNode(f"a:{number}"), GRAPH_MERGED)
    return write(folder, [*quads(), more], f"{number}", {}, dict.fromkeys(SOURCES))


def stores(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_dir() and path.name != "history"}


def datasets(folder: Path) -> set[str]:
    return {path.stem.removeprefix("dataset-") for path in folder.glob("dataset-*")}


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "corpus"
    made.mkdir()
    return made


def test_the_current_version_of_a_corpus_is_what_was_built_last(folder) -> None:
    for number in range(2):
        manifest = build_other(folder, number)
        assert current(folder) == Snapshot(manifest.version, folder / manifest.store)
    assert kind(folder) == "corpus"


@pytest.mark.parametrize("asks", [current, kind])
def test_a_folder_without_a_store_is_told(folder, asks) -> None:
    with pytest.raises(NoStoreError, match="communique build"):
        asks(folder)


def test_the_current_version_and_the_one_before_are_kept(folder) -> None:
    made = [build_other(folder, number).store for number in range(4)]
    assert stores(folder) == set(made[2:])
    assert datasets(folder) == {name.removeprefix("store-") for name in made[2:]}


def test_a_version_that_somebody_reads_is_kept_until_a_later_build(folder) -> None:
    held = build_small(folder).store
    snapshot = current(folder)
    with reading(snapshot):
        made = [build_other(folder, number).store for number in range(3)]
        assert stores(folder) == {held, *made[1:]}
        assert len(datasets(folder)) == 3
        assert len(Store.read_only(str(snapshot.path)))
    made.append(build_other(folder, 3).store)
    assert stores(folder) == set(made[2:])
    with pytest.raises(NoStoreError, match="removed"), reading(snapshot):
        pass


def test_a_reader_that_is_killed_holds_nothing(folder) -> None:
    build_small(folder)
    source = (
        "import sys; from pathlib import Path; from graph.store import current, reading\n"
        "with reading(current(Path(sys.argv[1]))): print('reading', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", source, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"reading\n"
        for number in range(3):
            build_other(folder, number)
        assert len(stores(folder)) == 3
        reader.kill()
    build_other(folder, 3)
    assert len(stores(folder)) == 2


def test_many_may_read_at_once(folder) -> None:
    build_small(folder)
    snapshot = current(folder)
    with reading(snapshot), reading(snapshot):
        assert len(Store.read_only(str(snapshot.path)))


def test_a_damaged_store_that_somebody_reads_is_built_again(folder) -> None:
    manifest = build_small(folder)
    snapshot = current(folder)
    (snapshot.path / "CURRENT").unlink()
    with reading(snapshot):
        assert build_small(folder) == manifest
    assert len(Store.read_only(str(current(folder).path)))
    assert stores(folder) == {manifest.store}


def test_a_build_does_not_take_a_plain_store_for_its_own(tmp_path) -> None:
    folder = tmp_path / "plain"
    PlainStore(folder, Limits(), lambda _: None).close()
    with pytest.raises(WrongKindError, match="plain store"):
        build(folder)
    assert kind(folder) == "plain"
