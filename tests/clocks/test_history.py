"""The history: any version that was ever recorded is rebuilt byte for byte, whatever has been pruned or killed."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad
from small_store import quads

from graph.namespaces import GRAPH_MERGED
from graph.sources import SOURCES
from graph.store import Manifest, current, read_manifest, write, writer
from graph.store.corpus import canonical, recorded_versions
from graph.store.history import (
    DamagedStoreError,
    RecordingTimeError,
    difference,
    moment,
    rebuild,
    recorded_by,
)
from graph.store.upkeep import backup, held_versions, restore
from server.cli import main


def version_of(folder: Path, number: int, recorded: str = "") -> tuple[Manifest, bytes]:
    """A version of which a few quads tell the number, and its bytes."""
    more = [
        Quad(NamedNode("a:s"), NamedNode("a:p"), NamedNode(f"a:{n}"), GRAPH_MERGED) for n in range(number, number + 3)
    ]
    data = canonical([*quads(), *more])
    with writer(folder):
        return write(folder, [*quads(), *more], f"{number}", {}, dict.fromkeys(SOURCES), recorded), data


@pytest.fixture
def grown(tmp_path: Path) -> tuple[Path, dict[str, bytes]]:
    """A folder with five versions, of which two have snapshots, and the bytes of each."""
    folder = tmp_path / "corpus"
    made = [version_of(folder, number, f"2026-11-0{number + 1}") for number in range(5)]
    return folder, {manifest.version: data for manifest, data in made}


def test_a_pruned_version_is_rebuilt_byte_for_byte(grown) -> None:
    folder, held = grown
    assert len(list(folder.glob("store-*"))) == len(list(folder.glob("dataset-*"))) == 2
    for version, data in held.items():
        rebuilt = rebuild(folder, recorded_versions(folder), version)
        assert rebuilt == data
        assert hashlib.sha256(rebuilt).hexdigest() == version


def test_only_differences_are_kept(grown) -> None:
    folder, held = grown
    deltas = sorted((folder / "history").iterdir())
    assert [path.name[:6] for path in deltas] == ["000002", "000003", "000004", "000005"]
    assert sum(path.stat().st_size for path in deltas) < len(next(iter(held.values()))) / 10


def test_the_manifest_lists_the_times_that_were_given(grown) -> None:
    folder, held = grown
    told = json.loads((folder / "build.json").read_text())["versions"]
    assert [(each["version"], each["time"]) for each in told] == [
        (version, f"2026-11-0{number}") for number, version in enumerate(held, 1)
    ]


def test_the_newest_version_by_a_time_is_meant(grown) -> None:
    folder, held = grown
    listed, versions = recorded_versions(folder), list(held)
    asked = {"2026-10-31": None, "2026-11-01": 0, "2026-11-03T12:00:00Z": 1, "2026-11-03": 2, "2030-01-01": 4}
    for text, number in asked.items():
        found = recorded_by(listed, text)
        assert (found.version if found else None) == (None if number is None else versions[number])


def test_of_several_recorded_at_the_same_time_the_last_counts(tmp_path) -> None:
    made = [version_of(tmp_path, number, "2026-11-21")[0].version for number in range(3)]
    found = recorded_by(recorded_versions(tmp_path), "2026-11-21")
    assert found is not None
    assert found.version == made[-1]


def test_the_past_cannot_be_changed(grown) -> None:
    folder, _ = grown
    before = (folder / "build.json").read_bytes()
    for early in ("2026-11-04", "2026-11-05T00:00:00Z"):
        with pytest.raises(RecordingTimeError, match="lies before that of version .* 2026-11-05"):
            version_of(folder, 9, early)
    assert (folder / "build.json").read_bytes() == before


def test_the_same_data_are_recorded_once_and_former_data_again(grown) -> None:
    folder, held = grown
    first, last = next(iter(held)), list(held)[-1]
    assert version_of(folder, 4, "2026-12-01")[0].versions[-1].time == "2026-11-05"
    assert version_of(folder, 0, "2026-12-02")[0].version == first
    listed = recorded_versions(folder)
    assert [each.version for each in listed[-2:]] == [last, first]
    assert all(rebuild(folder, listed, version) == data for version, data in held.items())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11",
        "2026-13-01",
        "21.11.2026",
        "2026-11-21T10:00",
        "now",
        "２０２６-11-21",
        "2026-11-21 ",
        "9" * 5000,
    ],
)
def test_what_is_no_time_is_refused(text) -> None:
    with pytest.raises(RecordingTimeError, match="is no day or time"):
        moment(text)


LINES = st.lists(st.binary(max_size=4).map(lambda word: word.replace(b"\n", b"") + b"\n"), unique=True, max_size=30)


@given(LINES, LINES)
def test_a_difference_leads_there_and_back(one, other) -> None:
    one, other = sorted(one), sorted(other)
    delta = [line for _, line in difference(iter(one), iter(other))]
    assert [line for _, line in difference(iter(one), iter(delta))] == other
    assert [line for _, line in difference(iter(other), iter(delta))] == one
    assert {sign for sign, line in difference(iter(one), iter(other)) if line in one} <= {b"-"}


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"x"),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
    ],
)
def test_a_lost_delta_is_told_and_nothing_else_is_given_out(grown, harm) -> None:
    folder, held = grown
    harm(sorted((folder / "history").iterdir())[0])
    with pytest.raises(DamagedStoreError):
        rebuild(folder, recorded_versions(folder), next(iter(held)))
    assert rebuild(folder, recorded_versions(folder), list(held)[2])


def test_a_changed_delta_is_noticed_by_the_hash(grown) -> None:
    import gzip

    folder, held = grown
    path = sorted((folder / "history").iterdir())[1]
    head, *lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(head + b"".join(lines[1:])))
    with pytest.raises(DamagedStoreError, match="hash"):
        rebuild(folder, recorded_versions(folder), next(iter(held)))


def test_a_backup_has_the_history_and_a_restored_store_too(grown, tmp_path) -> None:
    folder, held = grown
    saved, other = tmp_path / "saved", tmp_path / "other"
    backup(folder, saved)
    version_of(other, 7, "2027-01-01")
    version_of(other, 8, "2027-01-02")
    restore(other, saved)
    for place in (saved, other):
        listed = recorded_versions(place)
        assert listed == recorded_versions(folder)
        assert all(rebuild(place, listed, version) == data for version, data in held.items())
    assert len(list((other / "history").iterdir())) == 4


def test_the_list_of_versions_shows_what_was_pruned(grown, runner) -> None:
    folder, held = grown
    listed = held_versions(folder)
    assert [each.version for each in listed] == [version[:16] for version in reversed(held)]
    assert [bool(each.quads) for each in listed] == [True, True, False, False, False]
    done = runner.invoke(main, ["versions", "--store", str(folder), "--format", "json"])
    assert [row["recorded"] for row in json.loads(done.stdout)] == [f"2026-11-0{day}" for day in (5, 4, 3, 2, 1)]


def test_a_store_from_before_there_was_a_history_begins_one(tmp_path) -> None:
    first, data = version_of(tmp_path, 0)
    told = json.loads((tmp_path / "build.json").read_text())
    del told["versions"]
    (tmp_path / "build.json").write_text(json.dumps(told))
    assert version_of(tmp_path, 1, "2026-11-21")[0].versions[0].version == first.version
    assert rebuild(tmp_path, recorded_versions(tmp_path), first.version) == data


WRITING = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from test_history import version_of
for number in range(1, 1000):
    print(number, flush=True)
    version_of(Path(sys.argv[1]), number)
"""


@pytest.mark.kills
def test_killed_builds_lose_no_recorded_version(tmp_path) -> None:
    folder = tmp_path / "corpus"
    version_of(folder, 0)
    here = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    for turn in range(12):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(each or str(Path.cwd()) for each in sys.path)}
        process = subprocess.Popen(
            [sys.executable, "-c", WRITING.format(path=here), str(folder)], stdout=subprocess.PIPE, env=environment
        )
        assert process.stdout is not None
        for _ in range(1 + turn % 3):
            process.stdout.readline()
        time.sleep(0.007 * turn)
        process.send_signal(signal.SIGKILL)
        process.wait()
        listed = recorded_versions(folder)
        assert listed[-1].version == read_manifest(folder).version == current(folder).version
        for each in {listed[0], listed[len(listed) // 2], listed[-1]}:
            rebuild(folder, listed, each.version)
    version_of(folder, 5000)
    names = {path.name for path in (folder / "history").iterdir()}
    assert names == {each.delta for each in recorded_versions(folder)} - {""}
