"""Backups and restoring, of both kinds of store: verified, whole or not at all; and the list of versions."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import click
import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, Store
from small_store import build_small
from test_store import build_other

from graph.limits import Limits
from graph.store import NoStoreError, StoreBusyError, current, kind, reading, writer
from graph.store.inventory import DamagedStoreError, inventory
from graph.store.plain import PlainStore
from graph.store.upkeep import (
    BACKUP,
    NoBackupError,
    TargetExistsError,
    TargetInsideError,
    backup,
    held_versions,
    read_backup,
    restore,
)
from graph.store.uploads import Upload
from server.upkeep import upkeep_commands


def opened(folder: Path) -> PlainStore:
    return PlainStore(folder, Limits(), lambda _: None)


def fill(store: PlainStore) -> str:
    store.put("a:g", [Upload(b"_:b <a:p> 1, 2 .", "text/turtle", "")], True)
    store.put("a:empty", [], True)
    return store.update('INSERT DATA { <a:s> <a:p> "one" }')


def held(folder: Path) -> list[bytes]:
    data = Store.read_only(str(current(folder).path)).dump(format=RdfFormat.N_QUADS)
    assert data is not None
    return sorted(data.splitlines())


@pytest.fixture
def plain(tmp_path) -> Path:
    store = opened(tmp_path / "plain")
    fill(store)
    store.close()
    return tmp_path / "plain"


@pytest.fixture
def built(tmp_path) -> Path:
    (tmp_path / "corpus").mkdir()
    build_small(tmp_path / "corpus")
    return tmp_path / "corpus"


@pytest.fixture(params=["plain", "built"])
def folder(request) -> Path:
    """A store of either kind."""
    found: Path = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def saved(tmp_path) -> Path:
    return tmp_path / "saved"


def change(folder: Path) -> None:
    """Make another version."""
    if kind(folder) == "corpus":
        build_other(folder, 1)
        return
    store = opened(folder)
    store.update("DELETE WHERE { ?s ?p ?o } ; DROP GRAPH <a:g>")
    store.close()


def damage(path: Path) -> None:
    """Change a byte in the middle of every table of a store, of its own copy."""
    for table in path.glob("*.sst"):
        data = bytearray(table.read_bytes())
        data[len(data) // 3] ^= 0xFF
        table.unlink()
        table.write_bytes(data)


class TestInventory:
    def test_it_counts_each_graph_and_hashes_the_sorted_lines(self, plain, tmp_path) -> None:
        found = inventory(current(plain).path)
        assert found.graphs == {"default": 1, "<a:g>": 2, "<a:empty>": 0}
        assert found.quads == 3
        (tmp_path / "lines").write_bytes(b"".join(line + b"\n" for line in held(plain)))
        told = subprocess.run(["sha256sum", tmp_path / "lines"], capture_output=True, check=True).stdout.decode()
        assert told.split()[0] == found.sha256

    def test_what_is_sorted_in_pieces_has_the_same_hash(self, plain, monkeypatch) -> None:
        whole = inventory(current(plain).path)
        monkeypatch.setattr("graph.store.inventory._AT_ONCE", 1)
        assert inventory(current(plain).path) == whole

    def test_what_is_no_store_is_told(self, tmp_path) -> None:
        with pytest.raises(DamagedStoreError, match="cannot be read"):
            inventory(tmp_path / "nothing")


class TestBackup:
    def test_a_backup_is_a_store_of_its_own(self, folder, saved) -> None:
        done = backup(folder, saved)
        assert done == read_backup(saved)
        assert done.version == current(folder).version == current(saved).version
        assert kind(saved) == kind(folder) == done.kind
        assert held(saved) == held(folder)
        assert done.inventory.quads == len(held(folder))

    def test_it_takes_hardly_any_disk_beside_the_store(self, plain, saved) -> None:
        """Its tables are the same files."""
        backup(plain, saved)
        tables = list(current(saved).path.glob("*.sst"))
        assert tables
        assert all(path.stat().st_nlink > 1 for path in tables)

    def test_on_another_file_system_it_is_copied(self, plain, saved, monkeypatch) -> None:
        def refuse(*_: object) -> None:
            raise OSError(18, "Invalid cross-device link")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
        backup(plain, saved)
        assert held(saved) == held(plain)
        assert all(path.stat().st_nlink == 1 for path in current(saved).path.iterdir())

    def test_it_can_be_made_while_a_server_writes(self, plain, saved) -> None:
        """Each is of one version, even where that one is removed as soon as the next is there."""
        store, ended = PlainStore(plain, replace(Limits(), kept_versions=1), lambda _: None), Event()

        def write() -> int:
            number = 0
            while not ended.is_set():
                number += 1
                store.update(f"INSERT DATA {{ <a:n> <a:n> {number} }}")
            return number

        with ThreadPoolExecutor(1) as threads:
            written = threads.submit(write)
            for number in range(10):
                backup(plain, saved / str(number))
            ended.set()
        assert written.result() > 1
        store.close()
        for number in range(10):
            numbers = sorted(
                int(quad.object.value)
                for quad in Store.read_only(str(current(saved / str(number)).path))
                if str(quad.subject) == "<a:n>"
            )
            assert numbers == list(range(1, len(numbers) + 1))

    @pytest.mark.parametrize("is_folder", [True, False])
    def test_it_is_not_written_over_anything(self, plain, saved, is_folder: bool) -> None:
        if is_folder:
            saved.mkdir()
            (saved / "thesis.txt").write_text("years of work")
        else:
            saved.write_text("years of work")
        with pytest.raises(TargetExistsError, match="something is there already"):
            backup(plain, saved)

    def test_an_empty_folder_will_do(self, plain, saved) -> None:
        saved.mkdir()
        backup(plain, saved)
        assert held(saved) == held(plain)

    def test_no_store_and_a_damaged_one_leave_no_backup(self, plain, saved, tmp_path) -> None:
        with pytest.raises(NoStoreError):
            backup(tmp_path / "none", saved)
        damage(current(plain).path)
        with pytest.raises(DamagedStoreError):
            backup(plain, saved)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["plain"]


class TestRestore:
    def test_what_was_saved_is_there_again(self, folder, saved) -> None:
        before = held(folder)
        backup(folder, saved)
        change(folder)
        assert held(folder) != before
        assert restore(folder, saved) == current(folder).version
        assert held(folder) == before

    def test_into_a_new_folder(self, folder, saved, tmp_path) -> None:
        backup(folder, saved)
        restore(tmp_path / "new", saved)
        assert held(tmp_path / "new") == held(folder)
        assert kind(tmp_path / "new") == kind(folder)

    def test_a_corpus_has_its_version_again_and_a_plain_store_a_new_one(self, plain, built, tmp_path) -> None:
        for folder in (plain, built):
            before = current(folder).version
            backup(folder, tmp_path / f"{folder.name}-saved")
            restore(folder, tmp_path / f"{folder.name}-saved")
            assert (current(folder).version == before) == (folder == built)
        assert current(plain).version.startswith("000005-")

    def test_a_plain_store_can_be_written_afterwards_and_the_backup_stays_as_it_was(self, plain, saved) -> None:
        backup(plain, saved)
        change(plain)
        restore(plain, saved)
        before = held(saved)
        store = opened(plain)
        assert store.update('INSERT DATA { <a:s> <a:p> "two" }').startswith("000007-")
        store.close()
        assert len(held(plain)) == len(before) + 1
        assert held(saved) == before
        assert inventory(current(saved).path) == read_backup(saved).inventory

    def test_while_a_server_or_a_build_holds_the_folder_it_is_refused(self, plain, built, saved, tmp_path) -> None:
        backup(plain, saved)
        store = opened(plain)
        with pytest.raises(StoreBusyError, match="stop it first"):
            restore(plain, saved)
        store.close()
        backup(built, tmp_path / "other")
        with writer(built), pytest.raises(StoreBusyError, match="stop it first"):
            restore(built, tmp_path / "other")

    def test_readers_of_the_version_that_is_restored_go_on(self, built, saved) -> None:
        backup(built, saved)
        with reading(current(built)):
            read = Store.read_only(str(current(built).path))
            restore(built, saved)
            assert len(read) == len(held(built))

    def test_a_damaged_backup_is_told_and_the_store_stays_as_it_was(self, folder, saved) -> None:
        backup(folder, saved)
        change(folder)
        before, version = held(folder), current(folder).version
        names = {path for path in folder.rglob("*") if path.name != "writer.lock"}
        damage(current(saved).path)
        with pytest.raises(DamagedStoreError):
            restore(folder, saved)
        assert (held(folder), current(folder).version) == (before, version)
        assert {path for path in folder.rglob("*") if path.name != "writer.lock"} == names

    def test_a_backup_that_was_written_to_is_not_what_was_saved(self, plain, saved) -> None:
        backup(plain, saved)
        store = opened(saved)
        store.update("INSERT DATA { <a:more> <a:p> 1 }")
        store.close()
        with pytest.raises(DamagedStoreError, match="4 quads .* where 3"):
            restore(plain, saved)

    def test_n_quads_that_are_not_those_of_the_version_are_told(self, built, saved) -> None:
        backup(built, saved)
        (path,) = saved.glob("dataset-*.nq")
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data[: len(data) // 2])
        with pytest.raises(DamagedStoreError, match="dataset-"):
            restore(built, saved)

    def test_one_kind_is_not_restored_over_the_other(self, plain, built, saved) -> None:
        backup(plain, saved)
        with pytest.raises(NoBackupError, match="plain"):
            restore(built, saved)
        assert kind(built) == "corpus"

    @pytest.mark.parametrize("text", [None, "{", "[]", '{"kind": "plain"}'])
    def test_what_is_no_backup_is_told(self, plain, saved, text: str | None) -> None:
        backup(plain, saved)
        (saved / BACKUP).unlink()
        if text is not None:
            (saved / BACKUP).write_text(text)
        with pytest.raises(NoBackupError, match="no backup is there"):
            restore(plain, saved)


class TestVersions:
    def test_they_are_listed_newest_first(self, plain) -> None:
        found = held_versions(plain)
        assert [each.version[:6] for each in found] == ["000004", "000003", "000002", "000001"]
        assert [each.quads for each in found] == [3, 2, 2, 0]
        assert [each.is_current for each in found] == [True, False, False, False]
        assert found[0].time.endswith("+00:00")

    def test_bytes_are_what_is_really_used(self, plain) -> None:
        """Together they are what all files take, each once."""
        files = {file.stat().st_ino: file.stat() for file in (plain / "versions").rglob("*") if file.is_file()}
        used = sum(status.st_blocks * 512 for status in files.values())
        assert sum(each.bytes for each in held_versions(plain)) == used

    def test_whoever_reads_one_is_seen(self, folder) -> None:
        assert [each.is_read for each in held_versions(folder) if each.is_current] == [False]
        with reading(current(folder)):
            assert [each.is_read for each in held_versions(folder) if each.is_current] == [True]

    def test_those_of_a_corpus_are_listed_too(self, built) -> None:
        build_other(built, 1)
        found = held_versions(built)
        assert next(each.version for each in found) == current(built).version[:16]
        assert [each.is_current for each in found] == [True, False]
        assert found[0].quads == found[1].quads + 2


class TestCommands:
    @pytest.fixture
    def run(self, plain):
        group = click.Group(commands=upkeep_commands(lambda: plain))

        def runs(*arguments: object) -> Result:
            return CliRunner().invoke(group, [str(each) for each in arguments], catch_exceptions=False)

        return runs

    def test_they_save_and_restore_and_tell_what_they_did(self, run, plain, saved, monkeypatch) -> None:
        monkeypatch.delenv("COMMUNIQUE_STORE", raising=False)
        version = current(plain).version
        assert run("backup", saved).stderr == f"Saved version {version} of {plain} in {saved}: 3 quads.\n"
        told = run("restore", saved).stderr
        assert told == f"Restored {saved} to {plain} as version {current(plain).version}.\n"

    def test_they_list_the_versions_of_the_store_that_is_named(self, run, built) -> None:
        (only,) = json.loads(run("versions", "--store", built, "--format", "json").stdout)
        assert only == {
            "version": current(built).version[:16],
            "recorded": "",
            "committed": only["committed"],
            "quads": str(len(held(built))),
            "bytes": only["bytes"],
            "current": "yes",
            "in use": "no",
        }

    def test_a_plain_store_may_be_named_as_serve_names_it(self, run, plain) -> None:
        assert run("versions", "--plain", plain, "--format", "csv").stdout.count("\n") == 5


@pytest.mark.parametrize("inside", ["versions/mine", "mine", "store-mine"])
def test_a_backup_inside_the_store_itself_is_refused(tmp_path: Path, inside: str) -> None:
    PlainStore(tmp_path / "plain", Limits(), lambda _: None).close()
    with pytest.raises(TargetInsideError, match="own folder"):
        backup(tmp_path / "plain", tmp_path / "plain" / inside)
