"""The spool: one answer for many readers, in bounded memory; what it refuses, and when it is let go."""

import gc
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from patience import DEADLINE

from graph.engine import Cancellation, CancelledError, ResultTooLargeError, SpoolFullError
from graph.engine.spool import BLOCK, IN_MEMORY, Account, Reader, Spool
from graph.engine.whole import Whole
from graph.limits import Limits

LIMITS = Limits()


def blocks(count: int) -> Iterator[bytes]:
    """Blocks that all differ."""
    return (number.to_bytes(4, "big") * (BLOCK // 4) for number in range(count))


def unused() -> None:
    """What is called when all readers have left."""


def open_files() -> int:
    gc.collect()  # what other tests have left is closed now, and not in between
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("count", [0, 1, IN_MEMORY // BLOCK, 20])
def test_a_reader_gets_what_was_written(count: int) -> None:
    spool = Spool(LIMITS, unused)
    body = spool.reader(Cancellation())
    for block in blocks(count):
        spool.write(block)
    spool.finish()
    assert body.whole == b"".join(blocks(count))
    assert b"".join(body) == b"".join(blocks(count))


def test_readers_read_at_their_own_pace_while_it_is_written() -> None:
    spool = Spool(LIMITS, unused)
    fast, slow = (spool.reader(Cancellation()) for _ in range(2))
    for block in blocks(10):
        spool.write(block)
        assert next(fast) == block
    assert fast.whole is None
    late = fast.another(Cancellation())
    spool.finish()
    assert list(slow) == list(late) == list(blocks(10))
    assert list(fast) == []


def test_waiting_readers_are_woken() -> None:
    spool = Spool(LIMITS, unused)
    got: list[bytes] = []
    readers = [
        threading.Thread(target=lambda body: got.append(b"".join(body)), args=[spool.reader(Cancellation())])
        for _ in range(20)
    ]
    for reader in readers:
        reader.start()
    for block in blocks(5):
        spool.write(block)
    spool.finish()
    for reader in readers:
        reader.join(DEADLINE)
    assert got == [b"".join(blocks(5))] * 20


def test_polling_never_waits_and_is_told_once() -> None:
    spool = Spool(LIMITS, unused)
    body, told = spool.reader(Cancellation()), []
    assert body.poll(lambda: told.append("block")) is None
    spool.write(b"x")
    spool.write(b"y")
    assert told == ["block"]
    assert body.poll(unused) == b"xy"
    assert body.poll(lambda: told.append("end")) is None
    spool.finish()
    assert told == ["block", "end"]
    assert body.poll(unused) == b""
    assert body.poll(unused) == b""


def test_polling_hears_of_a_cancellation() -> None:
    cancellation = Cancellation()
    spool, told = Spool(LIMITS, unused), []
    body = spool.reader(cancellation)
    assert body.poll(lambda: told.append(True)) is None
    cancellation.cancel()
    assert told == [True]
    with pytest.raises(CancelledError):
        body.poll(unused)


def test_an_error_comes_after_what_was_written_before_it() -> None:
    spool = Spool(LIMITS, unused)
    body = spool.reader(Cancellation())
    spool.write(b"x")
    spool.finish(ValueError("midway"))
    assert body.whole is None
    assert next(body) == b"x"
    with pytest.raises(ValueError, match="midway"):
        next(body)


def test_a_result_that_is_too_large_is_an_error() -> None:
    spool = Spool(Limits(result_bytes=3), unused)
    body = spool.reader(Cancellation())
    spool.write(b"xyz")
    with pytest.raises(ResultTooLargeError, match="LIMIT"):
        spool.write(b"x")
    assert next(body) == b"xyz"


def test_what_all_answers_take_on_the_disk_is_bounded() -> None:
    account = Account(6 * BLOCK)
    first, second = (Spool(LIMITS, unused, account) for _ in range(2))
    bodies = [spool.reader(Cancellation()) for spool in (first, second)]
    for block in blocks(8):
        first.write(block)
    for block in blocks(6):
        second.write(block)
    with pytest.raises(SpoolFullError, match="ask again later"):
        second.write(b"x")
    first.finish()
    bodies[0].close()
    assert account.taken == 2 * BLOCK
    second.write(b"x")
    second.finish()
    assert len(b"".join(bodies[1])) == 6 * BLOCK + 1
    assert account.taken == 0


def test_one_asker_takes_no_more_than_half_of_the_disk() -> None:
    account = Account(8 * BLOCK)
    slow = [Spool(LIMITS, unused, account, "a") for _ in range(2)]
    other = Spool(LIMITS, unused, account, "b")
    bodies = [spool.reader(Cancellation()) for spool in (*slow, other)]
    for spool in slow:
        for block in blocks(IN_MEMORY // BLOCK + 2):
            spool.write(block)
    with pytest.raises(SpoolFullError, match="your answers"):
        slow[0].write(b"x")
    for block in blocks(8):
        other.write(block)
    for spool in (*slow, other):
        spool.finish()
    assert b"".join(bodies[2]) == b"".join(blocks(8))
    bodies[0].close()
    again = Spool(LIMITS, unused, account, "a")
    bodies.append(again.reader(Cancellation()))
    for block in blocks(IN_MEMORY // BLOCK + 2):
        again.write(block)
    again.finish()
    for body in bodies:
        body.close()
    assert account.taken == 0


def test_a_listener_that_fails_keeps_nobody_waiting() -> None:
    spool, told = Spool(LIMITS, unused), []
    body = spool.reader(Cancellation())

    def failing() -> None:
        raise OSError("pread")

    spool.when_finished(failing)
    spool.when_finished(lambda: told.append("end"))
    assert body.poll(lambda: told.append("more")) is None
    spool.finish()
    assert told == ["end", "more"]
    assert body.poll(unused) == b""


def test_what_cannot_be_read_again_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(LIMITS, unused)
    body = spool.reader(Cancellation())
    for block in blocks(8):
        spool.write(block)
    spool.finish()

    def failing(*_: int) -> bytes:
        raise OSError("pread")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", failing)
        assert body.whole is None
    assert body.whole == b"".join(blocks(8))


def test_a_full_disk_fails_that_answer_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account(LIMITS.spool_bytes)
    full, other = (Spool(LIMITS, unused, account) for _ in range(2))
    body = full.reader(Cancellation())
    full.write(b"x" * IN_MEMORY)
    with monkeypatch.context() as patch, Path("/dev/full").open("r+b", buffering=0) as device:
        patch.setattr(tempfile, "TemporaryFile", lambda **_: device)
        with pytest.raises(SpoolFullError, match="No space left"):
            full.write(b"y")
    full.finish(SpoolFullError("No space left"))
    with pytest.raises(SpoolFullError):
        b"".join(body)
    assert account.taken == 0
    reader = other.reader(Cancellation())
    for block in blocks(8):
        other.write(block)
    other.finish()
    assert b"".join(reader) == b"".join(blocks(8))


def test_no_directory_for_files_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    spool = Spool(LIMITS, unused)
    with pytest.raises(SpoolFullError, match="No such file"):
        spool.write(b"x" * (IN_MEMORY + 1))


class TestLeaving:
    """The last reader takes the answer with it."""

    def test_the_last_one_abandons_it(self) -> None:
        told: list[bool] = []
        spool = Spool(LIMITS, lambda: told.append(True))
        first, second = (spool.reader(Cancellation()) for _ in range(2))
        spool.write(b"x")
        first.close()
        first.close()
        assert not told
        second.close()
        assert told == [True]
        with pytest.raises(CancelledError):
            spool.write(b"y")
        with pytest.raises(CancelledError):
            spool.reader(Cancellation())

    def test_one_who_leaves_after_the_end_abandons_nothing(self) -> None:
        told: list[bool] = []
        spool = Spool(LIMITS, lambda: told.append(True))
        body = spool.reader(Cancellation())
        spool.finish()
        body.close()
        assert not told

    def test_one_who_forgets_to_close_leaves_too(self) -> None:
        told: list[bool] = []
        spool = Spool(LIMITS, lambda: told.append(True))
        spool.reader(Cancellation())
        assert told == [True]
        assert spool.whole is None

    def test_cancelling_is_leaving(self) -> None:
        told: list[bool] = []
        spool, cancellation = Spool(LIMITS, lambda: told.append(True)), Cancellation()
        body = spool.reader(cancellation)
        cancellation.cancel()
        assert told == [True]
        with pytest.raises(CancelledError):
            next(body)

    @pytest.mark.parametrize("leave_first", [False, True])
    def test_the_file_is_closed(self, leave_first: bool) -> None:
        before = open_files()
        spool = Spool(LIMITS, unused)
        body = spool.reader(Cancellation())
        for block in blocks(8):
            spool.write(block)
        assert open_files() == before + 1
        steps: list[Callable[[], Any]] = [spool.finish, body.close]
        for step in reversed(steps) if leave_first else steps:
            step()
        assert open_files() == before

    def test_the_file_has_no_name(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        spool = Spool(LIMITS, unused)
        body = spool.reader(Cancellation())
        spool.write(b"x" * (IN_MEMORY + 1))
        assert not list(tmp_path.iterdir())
        body.close()


def test_who_waits_for_the_end_is_told_while_all_is_there() -> None:
    seen: list[bytes | None] = []
    spool = Spool(LIMITS, unused)
    body = spool.reader(Cancellation())
    spool.write(b"x")
    body.when_finished(lambda: seen.append(body.whole))
    assert not seen
    spool.finish()
    assert seen == [b"x"]
    body.when_finished(lambda: seen.append(b"late"))
    assert seen == [b"x", b"late"]


def test_what_is_too_large_to_be_kept_is_not_given_whole() -> None:
    spool = Spool(Limits(cached_answer_bytes=3), unused)
    body = spool.reader(Cancellation())
    spool.write(b"xyz")
    spool.write(b"x")
    spool.finish()
    assert body.whole is None
    assert b"".join(body) == b"xyzx"


@pytest.mark.parametrize("size", [0, 10, 3 * BLOCK])
def test_a_whole_answer_is_a_body(size: int) -> None:
    data = os.urandom(size)
    body: Whole | Reader = Whole(data)
    assert body.whole == data
    assert b"".join(body) == data
    assert body.poll(unused) == b""
    assert b"".join(body.another(Cancellation())) == data


def test_a_whole_answer_can_be_closed() -> None:
    cancellation = Cancellation()
    body = Whole(b"x" * 2 * BLOCK, cancellation)
    cancellation.cancel()
    with pytest.raises(CancelledError):
        body.poll(unused)
