"""The line: who waits takes turns, and what is handed over is never lost."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from patience import DEADLINE

from graph.engine import Cancellation, EngineBusyError, EngineDownError
from graph.engine.workers import line as module
from graph.engine.workers.line import Line


class Takers:
    """Threads that wait in a line, one after another."""

    def __init__(self, line: Line[int]) -> None:
        self._line = line
        self._threads = ThreadPoolExecutor(20)
        self.order: list[str] = []

    def start(self, asker: str) -> "Future[int]":
        before = self._line.waiting
        taken = self._threads.submit(self._take, asker)
        while not taken.done() and self._line.waiting == before:
            time.sleep(0.001)
        return taken

    def _take(self, asker: str) -> int:
        item = self._line.take(Cancellation(), asker)
        self.order.append(asker)
        return item


def test_what_is_given_to_one_whose_time_is_over_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    popped = threading.Event()

    class Slow(module._Waiting[int]):
        """It takes long to be given something."""

        @property
        def given(self) -> int | None:
            return self.__dict__.get("held")

        @given.setter
        def given(self, item: int | None) -> None:
            if item is not None:
                popped.set()
                time.sleep(0.5)
            self.__dict__["held"] = item

    monkeypatch.setattr(module, "_Waiting", Slow)
    line: Line[int] = Line(9, 0.3, 9)
    taken = Takers(line).start("")
    line.add(1)
    assert popped.is_set()
    assert taken.result(DEADLINE) == 1


def test_askers_take_turns() -> None:
    line: Line[int] = Line(9, DEADLINE, 9)
    takers = Takers(line)
    begun = [takers.start(asker) for asker in "aaabbc"]
    for number in range(6):
        line.add(number)
        while sum(each.done() for each in begun) != number + 1:
            time.sleep(0.001)
    assert "".join(takers.order) == "abcaba"
    assert sorted(each.result() for each in begun) == list(range(6))


def test_one_asker_has_no_more_than_its_share() -> None:
    line: Line[int] = Line(9, DEADLINE, 2)
    takers = Takers(line)
    for number in range(3):
        line.add(number)
    first, _, third = (takers.start("a") for _ in range(3))
    assert (line.waiting, line.free) == (1, 1)
    other = line.take(Cancellation(), "b")
    line.add(other)
    assert not third.done()
    line.add(first.result(DEADLINE))
    assert third.result(DEADLINE) in {other, first.result()}
    assert line.free == 1


def test_nobody_in_particular_has_all() -> None:
    line: Line[int] = Line(9, 0.0, 1)
    for number in range(3):
        line.add(number)
    assert {line.take(Cancellation()) for _ in range(3)} == {0, 1, 2}


def test_what_is_forgotten_counts_for_nobody() -> None:
    line: Line[int] = Line(9, DEADLINE, 1)
    line.add(1)
    line.add(2)
    held = line.take(Cancellation(), "a")
    waiting = Takers(line).start("a")
    line.forget(held)
    assert {held, waiting.result(DEADLINE)} == {1, 2}


def test_one_asker_has_no_more_than_half_of_the_places() -> None:
    line: Line[int] = Line(4, DEADLINE, 1)
    takers = Takers(line)
    begun = [takers.start("a") for _ in range(2)]
    with pytest.raises(EngineBusyError, match="waiting already"):
        line.take(Cancellation(), "a")
    begun.append(takers.start("b"))
    line.close("over")
    for each in begun:
        assert isinstance(each.exception(DEADLINE), EngineDownError)


def test_what_is_added_twice_is_given_once() -> None:
    line: Line[int] = Line(9, 0.0, 9)
    line.add(1)
    line.add(1)
    assert line.take(Cancellation()) == 1
    with pytest.raises(EngineBusyError):
        line.take(Cancellation())
