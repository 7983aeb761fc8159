"""Kill -9 at seeded random moments: what is acknowledged is held, whole; nothing else is; and the next write works.

The seed decides the moments, counted from an event (the start, or an acknowledged write); how far the program has
come by then differs from run to run.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from acknowledging import BULK_TRIPLES, graph_of, is_large, write
from pyoxigraph import NamedNode, Store

from graph.limits import Limits
from graph.store import current, reading
from graph.store.faults import WriterGoneError
from graph.store.plain import PlainStore

pytestmark = pytest.mark.kills

SERVER_KILLS = 50
START_KILLS = 15
WRITER_KILLS = 140
SECONDS_TO_OPEN = 10.0
"""Measured: 0.02 s. On a machine that does much else besides it may take longer; a replay of a log took 40."""


def committed(folder: Path) -> int:
    """The last write that the current version holds: all before it are held, whole and once, and none after it."""
    started = time.monotonic()
    snapshot = current(folder)
    with reading(snapshot):
        store = Store.read_only(str(snapshot.path))
        assert time.monotonic() - started < SECONDS_TO_OPEN
        small = sorted(int(quad.object.value) for quad in store.quads_for_pattern(None, NamedNode("a:number"), None))
        counters = [int(quad.object.value) for quad in store.quads_for_pattern(NamedNode("a:counter"), None, None)]
        large = {str(name): loaded(store, name) for name in store.named_graphs()}
        assert len(store) == len(small) + len(counters) + len(large) * BULK_TRIPLES
    last = max([0, *small, *large.values()])
    assert small == [number for number in range(1, last + 1) if not is_large(number)]
    assert counters == small[-1:], "an update was done in part"
    assert large == {f"<{graph_of(number)}>": number for number in range(1, last + 1) if is_large(number)}
    return last


def loaded(store: Store, graph: NamedNode) -> int:
    """The write that a graph holds, all of it."""
    numbers = [int(quad.object.value.split()[0]) for quad in store.quads_for_pattern(None, None, None, graph)]
    assert len(numbers) == BULK_TRIPLES, "a bulk load was done in part"
    assert len(set(numbers)) == 1, "a graph was replaced in part"
    return numbers[0]


@contextmanager
def server(folder: Path, first: int) -> Iterator["subprocess.Popen[str]"]:
    program = Path(__file__).with_name("acknowledging.py")
    path = os.pathsep.join(each or str(Path.cwd()) for each in sys.path)
    process = subprocess.Popen(
        [sys.executable, str(program), str(folder), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def kill_after(process: "subprocess.Popen[str]", writes: int, seconds: float) -> tuple[int, int]:
    """Kill it some time after so many writes; returns the last write acknowledged and the last one sent."""
    assert process.stdout is not None
    told = {"held": 0, "sent": 0}
    count = 0
    for line in process.stdout:
        word, number = line.split()
        told[word] = int(number)
        count += word == "held"
        if count == writes:
            time.sleep(seconds)
            process.kill()
    process.wait()
    assert process.returncode == -signal.SIGKILL
    return told["held"], told["sent"]


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_server_that_is_killed_loses_nothing_that_it_acknowledged(tmp_path) -> None:
    moments = random.Random(20170320)
    folder, last = tmp_path / "plain", 0
    for _ in range(SERVER_KILLS):
        with server(folder, last + 1) as process:
            held, sent = kill_after(process, moments.randrange(1, 8), moments.uniform(0, 0.03))
        found = committed(folder)
        assert max(held, last) <= found <= sent
        last = found


def test_a_server_that_is_killed_while_it_starts_harms_nothing(tmp_path) -> None:
    moments = random.Random(7)
    folder, last = tmp_path / "plain", 0
    for _ in range(START_KILLS):
        with server(folder, last + 1) as process:
            time.sleep(moments.uniform(0.05, 0.4))
            process.kill()
            held = [int(line.split()[1]) for line in process.stdout or () if line.startswith("held")]
        last = max([last, *held])
        if (folder / "plain.json").exists():
            assert committed(folder) >= last
            last = committed(folder)
    store = PlainStore(folder, Limits(), lambda _: None)
    write(store, last + 1)
    store.close()
    assert committed(folder) == last + 1


def test_a_writing_process_ends_with_its_server(tmp_path) -> None:
    with server(tmp_path / "plain", 1) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline().split()[1])
        assert is_alive(pid)
    deadline = time.monotonic() + SECONDS_TO_OPEN
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.005)
    assert not is_alive(pid)


def test_a_writing_process_that_is_killed_takes_only_the_write_under_way_with_it(tmp_path) -> None:
    moments = random.Random(20260101)
    folder, number = tmp_path / "plain", 1
    store = PlainStore(folder, Limits(), lambda _: None)
    write(store, number)
    with Killer() as killer:
        for _ in range(WRITER_KILLS):
            pid = store.writer_pid
            killer.kill(pid, moments.uniform(0, 0.05))
            number = write_while_it_lives(store, pid, number)
            assert committed(folder) == number
            number += 1
            write(store, number)
    store.close()


def write_while_it_lives(store: PlainStore, pid: int | None, number: int) -> int:
    """Write on until the process has been killed; the last write that was acknowledged."""
    deadline = time.monotonic() + SECONDS_TO_OPEN
    while store.writer_pid == pid:
        assert time.monotonic() < deadline, "the writing process was not killed"
        try:
            write(store, number + 1)
        except WriterGoneError:
            break
        number += 1
    return number


class Killer:
    """A process that kills others a little later; so small that it is punctual."""

    SOURCE = (
        "import os, sys, time\n"
        "for line in sys.stdin:\n"
        "    pid, seconds = line.split()\n"
        "    time.sleep(float(seconds))\n"
        "    os.kill(int(pid), 9)\n"
    )

    def __enter__(self) -> "Killer":
        self._process = subprocess.Popen([sys.executable, "-c", self.SOURCE], stdin=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def kill(self, pid: int | None, seconds: float) -> None:
        assert pid is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{pid} {seconds}\n")
        self._process.stdin.flush()
