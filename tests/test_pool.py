"""Worker processes: bounded in time, memory and reach; whatever one query does, nobody else's is hurt."""

import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path

import pytest
from patience import DEADLINE
from pyoxigraph import Literal, NamedNode, Quad, Triple
from small_store import build_small, quads

from graph.child import Child, Message
from graph.engine import (
    Cancellation,
    CancelledError,
    Engine,
    EngineBusyError,
    EngineDownError,
    GraphNameError,
    QueryCrashError,
    QueryEvaluationError,
    QueryMemoryError,
    QuerySyntaxError,
    QueryTimeoutError,
    Response,
    ResultTooLargeError,
    ServiceRefusedError,
    SpoolFullError,
    UnwritableError,
    asker,
    open_pool,
)
from graph.engine.cached import Cached
from graph.engine.spool import BLOCK, Spool
from graph.engine.workers.pool import OUTCOMES, Pool
from graph.engine.workers.run import Run
from graph.limits import Limits
from graph.namespaces import GRAPH_AUTHORITY, GRAPH_MERGED
from graph.store import NoStoreError, Snapshot, current, write

CSV = "text/csv"
MIB = 1024 * 1024
# For a loaded machine; alone it is a few milliseconds.
MARGIN = 1.0


def product(size: int, count: int) -> str:
    return "{ " + " ".join(f"VALUES ?x{n} {{ {' '.join(map(str, range(size)))} }}" for n in range(count)) + " }"


ENDLESS = f"SELECT (COUNT(*) AS ?n) {product(300, 6)}"
ENDLESS_ROWS = f"SELECT * {product(300, 6)}"
LARGE = f"SELECT ?x0 {product(150, 2)}"
GREEDY = f"SELECT * {product(300, 4)} ORDER BY ?x0"
UNKNOWN = "SELECT " + " ".join(f"(<http://f/{n}>(1) AS ?x{n})" for n in range(30)) + " {}"
LIGHT = "SELECT (1 AS ?x) {}"


class Told:
    """What a pool has told of its queries."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []

    def __call__(self, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.outcomes.append(outcome)


def make(folder: Path, told: Callable[[str, float], None] | None = None, **limits: float) -> Pool:
    return open_pool(folder, Limits(**{"workers": 2, **limits}), told)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pool(small_store: Path) -> Iterator[Pool]:
    """Two workers on the tiny store, with limits that are tight but for time."""
    pool = make(small_store, query_memory=128 * MIB, result_bytes=64 * MIB)
    wait_until(lambda: pool.workers == 2)
    yield pool
    pool.close()


@pytest.fixture
def made(small_store: Path) -> Iterator[Callable[..., Pool]]:
    """Makes pools on the tiny store, and closes them."""
    pools: list[Pool] = []

    def maker(told: Callable[[str, float], None] | None = None, **limits: float) -> Pool:
        pools.append(make(small_store, told, **limits))
        return pools[-1]

    yield maker
    for each in pools:
        each.close()


@pytest.fixture
def own(small_store: Path, tmp_path: Path) -> Path:
    """A folder that no other pool reads."""
    return Path(shutil.copytree(small_store, tmp_path / "own"))


def ask(engine: Engine, query: str = LIGHT, media_type: str = CSV) -> bytes:
    return b"".join(engine.respond(query, media_type).body)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def workers_of(parent: int) -> set[int]:
    """The pids of the workers that a process has started."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
            command = path.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(words[1]) == parent and words[0] != "Z" and b"graph.engine.workers.worker" in command:
            found.add(int(path.parent.name))
    return found


def holders(snapshot: Snapshot) -> set[int]:
    """The workers of this process that hold files of a snapshot open."""
    return {pid for pid in workers_of(os.getpid()) if any(opened_in(pid, snapshot.path))}


def opened_in(pid: int, folder: Path) -> Iterator[str]:
    """What a process holds open below a folder; files that it closes meanwhile do not count."""
    with suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                if (target := str(link.readlink())).startswith(str(folder)):
                    yield target


class Background:
    """Queries that run in threads of their own."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._threads = ThreadPoolExecutor(64)

    def start(self, query: str, count: int = 1) -> list[tuple[Cancellation, "Future[Response]"]]:
        begun = []
        for _ in range(count):
            cancellation = Cancellation()
            answer = self._threads.submit(self._pool.respond, query, CSV, (), (), cancellation)
            begun.append((cancellation, answer))
        return begun


class TestAnswers:
    """What an engine in this process says, a pool says too."""

    QUERIES = (
        LIGHT,
        "ASK {}",
        "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o",
        LARGE,
    )

    @pytest.mark.parametrize("query", QUERIES)
    def test_the_bytes_are_the_same_in_every_format(self, pool: Pool, engine: Engine, query: str) -> None:
        assert pool.formats(query) == engine.formats(query)
        for media_type in engine.formats(query):
            try:
                expected = b"".join(engine.respond(query, media_type).body)
            except UnwritableError:
                continue
            response = pool.respond(query, media_type)
            assert response.body.whole in (None, expected)
            assert b"".join(response.body) == expected
            assert (response.version, response.source, response.volatile) == (engine.version, "evaluated", False)

    def test_solutions_truth_and_triples_are_the_same(self, pool: Pool, engine: Engine) -> None:
        query = "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"
        assert pool.select(query) == engine.select(query)
        assert pool.select("SELECT ?x ?y { BIND('a'@en AS ?x) }").rows == ((Literal("a", language="en"), None),)
        assert pool.ask("ASK {}")
        assert not pool.ask("ASK { <http://nobody/> ?p ?o }")
        query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
        assert set(pool.construct(query)) == set(engine.construct(query))
        made = Triple(NamedNode("http://s/"), NamedNode("http://p/"), Literal(1))
        assert list(pool.construct("CONSTRUCT { <http://s/> <http://p/> 1 } WHERE {}")) == [made]

    @pytest.mark.parametrize("method", ["select", "ask", "construct"])
    def test_the_wrong_kind_of_query_is_an_error(self, pool: Pool, method: str) -> None:
        query = "ASK {}" if method != "ask" else "SELECT * {}"
        with pytest.raises(QuerySyntaxError, match="expected"):
            list(getattr(pool, method)(query))

    def test_given_graphs_are_the_whole_dataset(self, pool: Pool, engine: Engine) -> None:
        query = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        for default, named in [((GRAPH_AUTHORITY.value,), ()), ((), (GRAPH_AUTHORITY.value,)), (("http://no/",), ())]:
            expected = b"".join(engine.respond(query, CSV, default, named).body)
            assert b"".join(pool.respond(query, CSV, default, named).body) == expected

    def test_a_volatile_answer_says_so(self, pool: Pool) -> None:
        assert pool.respond("SELECT (NOW() AS ?x) {}", CSV).volatile


class TestErrors:
    """Errors of a worker are our own, and hurt no worker."""

    CASES = (
        ("SELECT *\n{ ?s ?p }", CSV, QuerySyntaxError, "line 2, column 10", "syntax"),
        (UNKNOWN, CSV, QueryEvaluationError, "http://f/", "evaluation"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", CSV, ServiceRefusedError, "SERVICE", "refused"),
        ("SELECT ('a\\u0001' AS ?x) {}", "application/sparql-results+xml", UnwritableError, "XML", "unwritable"),
        ("SELECT * " + "{" * 300 + "}" * 300, CSV, QueryEvaluationError, "divide", "evaluation"),
    )

    @pytest.mark.parametrize(("query", "media_type", "error", "said", "outcome"), CASES)
    def test_it_is_the_same_error(  # noqa: PLR0917
        self, pool: Pool, engine: Engine, query: str, media_type: str, error: type[Exception], said: str, outcome: str
    ) -> None:
        before = workers_of(os.getpid())
        with pytest.raises(error, match=said) as caught:
            pool.respond(query, media_type)
        with pytest.raises(error) as expected:
            engine.respond(query, media_type)
        assert str(caught.value) == str(expected.value)
        assert vars(caught.value) == vars(expected.value)
        assert OUTCOMES.get(type(caught.value), "evaluation") == outcome
        assert workers_of(os.getpid()) == before

    def test_a_graph_that_is_no_iri_is_said(self, pool: Pool) -> None:
        with pytest.raises(GraphNameError, match="'no iri'"):
            pool.respond(LIGHT, CSV, ["no iri"])

    def test_half_a_character_is_a_syntax_error(self, pool: Pool) -> None:
        with pytest.raises(QuerySyntaxError, match="surrogate"):
            pool.respond("SELECT ('\ud800' AS ?x) {}", CSV)

    def test_an_error_midway_comes_from_the_body(self, pool: Pool) -> None:
        rows = "'x' " * 50_000 + "'a\\u0001'"
        body = pool.respond(f"SELECT * {{ VALUES ?x {{ {rows} }} }}", "application/sparql-results+xml").body
        with pytest.raises(UnwritableError):
            b"".join(body)
        assert ask(pool)

    def test_a_result_that_is_too_large_is_stopped(self, made: Callable[..., Pool]) -> None:
        told = Told()
        pool = made(told, result_bytes=3 * BLOCK)
        body = pool.respond(ENDLESS_ROWS, CSV).body
        with pytest.raises(ResultTooLargeError, match="LIMIT"):
            b"".join(body)
        assert ask(pool)
        assert told.outcomes == ["too-large", "ok"]

    def test_no_room_on_the_disk_is_said(self, made: Callable[..., Pool]) -> None:
        pool = made(spool_bytes=3 * BLOCK)
        with pytest.raises(SpoolFullError, match="ask again later"):
            ask(pool, ENDLESS_ROWS)
        assert ask(pool)


@pytest.mark.kills
class TestTime:
    """A query past its time is killed, and costs nobody else anything."""

    @pytest.mark.parametrize("limit", [0.2, 0.8])
    def test_it_is_stopped_at_the_limit(self, made: Callable[..., Pool], limit: float) -> None:
        told = Told()
        pool = made(told, query_seconds=limit)
        ask(pool)
        before = workers_of(os.getpid())
        started = time.monotonic()
        with pytest.raises(QueryTimeoutError, match=f"{limit:g} seconds"):
            pool.respond(ENDLESS, CSV)
        assert limit <= time.monotonic() - started < limit + 0.2 + MARGIN
        wait_until(lambda: len(before - workers_of(os.getpid())) == 1)
        wait_until(lambda: pool.workers == 2 and not pool.busy)
        assert ask(pool)
        assert told.outcomes == ["ok", "timeout", "ok"]

    def test_one_that_has_begun_to_answer_is_stopped_too(self, made: Callable[..., Pool]) -> None:
        pool = made(query_seconds=0.3)
        ask(pool)
        started = time.monotonic()
        body = pool.respond(ENDLESS_ROWS, CSV).body
        with pytest.raises(QueryTimeoutError):
            b"".join(body)
        assert time.monotonic() - started < 0.5 + MARGIN

    def test_one_that_never_pauses_is_stopped_too(self) -> None:
        class Talkative(Child):
            """A worker whose next block is always there."""

            def __init__(self) -> None:
                self.pid = 0
                self.killed = False

            def send(self, message: Mapping[str, object], payload: bytes = b"") -> None:
                """Nothing is asked of it."""

            def receive(self, _timeout: float | None = None) -> Message:
                return {"more": True}, b"x"

            def kill(self, wait: bool = True) -> None:
                self.killed = not wait

        worker = Talkative()
        run = Run(worker, Limits(query_seconds=0.1), {}, b"")
        started = time.monotonic()
        with pytest.raises(QueryTimeoutError):
            deque(iter(run.block, None), maxlen=0)
        assert 0.1 <= time.monotonic() - started < 0.2 + MARGIN
        assert worker.killed

    def test_others_are_answered_meanwhile(self, made: Callable[..., Pool]) -> None:
        pool = made(query_seconds=1.0)
        ask(pool)
        (_, slow), *_ = Background(pool).start(ENDLESS)
        wait_until(lambda: pool.busy == 1)
        answered = 0
        while not slow.done():
            assert ask(pool)
            answered += 1
        assert answered > 10
        assert isinstance(slow.exception(), QueryTimeoutError)

    def test_a_long_one_gives_way_to_others(self, own: Path) -> None:
        pool = make(own, workers=1, query_seconds=DEADLINE)
        ask(pool)
        (pid,) = holders(pool.snapshot)
        (cancellation, _), *_ = Background(pool).start(ENDLESS)
        tasks = [int(path.name) for path in Path(f"/proc/{pid}/task").iterdir()]
        wait_until(lambda: all(os.getpriority(os.PRIO_PROCESS, task) == 10 for task in tasks))
        cancellation.cancel()
        pool.close()

    def test_its_worker_is_renewed(self, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("graph.engine.workers.run.SECONDS_TO_TIRE", 0.05)
        pool = make(own, workers=1, query_seconds=DEADLINE)
        ask(pool)
        (pid,) = holders(pool.snapshot)
        assert ask(pool, f"SELECT (COUNT(*) AS ?n) {product(200, 3)}") == b"n\r\n8000000\r\n"
        assert ask(pool)
        assert pid not in holders(pool.snapshot)
        pool.close()

    def test_a_client_that_leaves_stops_its_query(self, made: Callable[..., Pool]) -> None:
        told = Told()
        pool = made(told, query_seconds=DEADLINE)
        ask(pool)
        (cancellation, slow), *_ = Background(pool).start(ENDLESS)
        wait_until(lambda: pool.busy == 1)
        started = time.monotonic()
        cancellation.cancel()
        assert isinstance(slow.exception(DEADLINE), CancelledError)
        assert time.monotonic() - started < 0.2 + MARGIN
        wait_until(lambda: not pool.busy)
        assert told.outcomes == ["ok", "cancelled"]

    def test_a_reader_that_leaves_stops_its_query(self, made: Callable[..., Pool]) -> None:
        pool = made(query_seconds=DEADLINE)
        body = pool.respond(ENDLESS_ROWS, CSV).body
        assert len(next(iter(body))) >= BLOCK
        body.close()
        wait_until(lambda: pool.workers == 2 and not pool.busy)

    def test_a_cancellation_that_comes_late_kills_nobody(self, pool: Pool) -> None:
        ask(pool)
        before = workers_of(os.getpid())
        cancellation = Cancellation()
        assert b"".join(pool.respond(LIGHT, CSV, cancellation=cancellation).body)
        cancellation.cancel()
        assert ask(pool)
        assert workers_of(os.getpid()) == before

    def test_setting_the_clock_changes_nothing(
        self, made: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pool = made(query_seconds=DEADLINE)
        ask(pool)
        clock = time.time
        for hours in (-48, 48):
            monkeypatch.setattr(time, "time", lambda hours=hours: clock() + 3600 * hours)
            assert ask(pool)


@pytest.mark.kills
class TestMemory:
    """A query past its memory ends its worker, which is replaced."""

    def test_it_is_an_error_of_its_own(self, made: Callable[..., Pool]) -> None:
        told = Told()
        pool = made(told, query_memory=64 * MIB)
        with pytest.raises(QueryMemoryError, match="64 MiB"):
            ask(pool, GREEDY)
        wait_until(lambda: pool.workers == 2 and not pool.busy)
        assert ask(pool)
        assert told.outcomes == ["memory", "ok"]

    def test_its_neighbours_do_not_notice(self, made: Callable[..., Pool]) -> None:
        pool = made(query_memory=64 * MIB)
        ask(pool)
        greedy = Background(pool).start(GREEDY, 3)
        answers = {ask(pool) for _ in range(50)}
        assert len(answers) == 1
        for _, answer in greedy:
            assert isinstance(answer.exception(DEADLINE), QueryMemoryError)

    def test_a_small_budget_is_enough_for_a_light_query(self, made: Callable[..., Pool], engine: Engine) -> None:
        query = "SELECT * { ?s ?p ?o }"
        assert len(ask(made(query_memory=16 * MIB), query)) == len(ask(engine, query))


@pytest.mark.kills
class TestLine:
    """Queries wait in a line of bounded length, for a bounded time."""

    def test_who_waits_too_long_is_told(self, made: Callable[..., Pool]) -> None:
        told = Told()
        pool = made(told, workers=1, waiting_seconds=0.1, query_seconds=DEADLINE)
        wait_until(lambda: pool.ready)
        ask(pool)
        (cancellation, _), *_ = Background(pool).start(ENDLESS)
        wait_until(lambda: pool.busy == 1)
        with pytest.raises(EngineBusyError, match="0.1 seconds"):
            ask(pool)
        cancellation.cancel()
        wait_until(lambda: "cancelled" in told.outcomes)
        assert told.outcomes[:2] == ["ok", "busy"]

    def test_a_full_line_refuses_at_once(self, made: Callable[..., Pool]) -> None:
        pool = made(workers=1, waiting=3, query_seconds=DEADLINE)
        ask(pool)
        begun = Background(pool).start(ENDLESS, 4)
        wait_until(lambda: pool.waiting == 3)
        with pytest.raises(EngineBusyError, match="3 queries are waiting"):
            ask(pool)
        for cancellation, _ in begun:
            cancellation.cancel()
        wait_until(lambda: not pool.waiting)
        assert ask(pool)

    def test_who_leaves_the_line_is_not_served(self, made: Callable[..., Pool]) -> None:
        pool = made(workers=1, query_seconds=DEADLINE)
        ask(pool)
        background = Background(pool)
        (first, _), *_ = background.start(ENDLESS)
        wait_until(lambda: pool.busy == 1)
        (second, answer), *_ = background.start(ENDLESS)
        wait_until(lambda: pool.waiting == 1)
        second.cancel()
        assert isinstance(answer.exception(DEADLINE), CancelledError)
        first.cancel()
        assert ask(pool)

    def test_two_hundred_threads_are_all_answered(self, made: Callable[..., Pool]) -> None:
        pool = made(waiting_seconds=DEADLINE)
        with ThreadPoolExecutor(200) as threads:
            answers = list(threads.map(lambda n: ask(pool, f"SELECT ({n} AS ?x) {{}}"), range(600)))
        assert answers == [f"x\r\n{n}\r\n".encode() for n in range(600)]

    def test_two_queries_run_at_once(self, made: Callable[..., Pool]) -> None:
        pool = made(query_seconds=DEADLINE)
        begun = Background(pool).start(ENDLESS) + Background(pool).start(ENDLESS_ROWS.replace("*", "?x1"))
        wait_until(lambda: pool.busy == 2)
        for cancellation, _ in begun:
            cancellation.cancel()


@pytest.mark.kills
class TestLost:
    """Whatever goes wrong, a worker comes back."""

    def test_a_first_block_that_is_too_large_gives_its_worker_back(self, made: Callable[..., Pool]) -> None:
        told = Told()
        pool = made(told, result_bytes=1000, waiting_seconds=DEADLINE)
        for _ in range(6):
            with pytest.raises(ResultTooLargeError):
                pool.respond(LARGE, CSV)
        assert ask(pool)
        assert told.outcomes == [*["too-large"] * 6, "ok"]
        wait_until(lambda: pool.workers == 2 and not pool.busy)

    @pytest.mark.parametrize("method", ["reader", "write"])
    def test_no_reader_gives_its_worker_back(
        self, made: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch, method: str
    ) -> None:
        def failing(*_: object) -> None:
            raise OSError(24, "Too many open files")

        pool = made(waiting_seconds=DEADLINE)
        with monkeypatch.context() as patch:
            patch.setattr(Spool, method, failing)
            for _ in range(3):
                with pytest.raises(OSError, match="Too many"):
                    pool.respond(LARGE, CSV)
        assert ask(pool, LARGE)

    def test_an_end_that_fails_loses_neither_worker_nor_answer(
        self, made: Callable[..., Pool], caplog: pytest.LogCaptureFixture
    ) -> None:
        failures = [MemoryError(), OSError("pread")]

        def tell(_outcome: str, _seconds: float) -> None:
            if failures:
                raise failures.pop()

        pool = made(tell, waiting_seconds=DEADLINE)
        lengths = {len(ask(pool, LARGE)) for _ in range(3)}
        assert len(lengths) == 1
        wait_until(lambda: pool.workers == 2 and not pool.busy)
        assert ask(pool)
        assert "MemoryError" in caplog.text

    def test_one_that_nobody_has_is_replaced(
        self, made: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("graph.engine.workers.seat.SECONDS_BETWEEN_LOOKS", 0.05)
        pool = made(workers=1, waiting_seconds=DEADLINE)
        wait_until(lambda: pool.ready)
        seat = pool._line.take(Cancellation())
        assert seat._child
        pid = seat._child.pid
        assert ask(pool)
        wait_until(lambda: pid not in workers_of(os.getpid()))

    def test_a_pool_without_workers_is_not_ready(self, made: Callable[..., Pool]) -> None:
        pool = made(workers=1)
        wait_until(lambda: pool.ready)
        seat = pool._line.take(Cancellation())
        assert seat._child
        seat._child.kill()
        assert not pool.ready
        seat.release(None)
        wait_until(lambda: pool.ready)


@pytest.mark.kills
class TestTurns:
    """One who asks much leaves room for others."""

    def test_a_light_query_of_another_does_not_wait_for_runaways(self, made: Callable[..., Pool]) -> None:
        pool = made(query_seconds=3)
        wait_until(lambda: pool.workers == 2 and not pool.busy)
        cancellation = Cancellation()
        with ThreadPoolExecutor(8) as threads:
            for _ in range(6):
                threads.submit(copy_context().run, self._ask, "a", pool, ENDLESS, cancellation)
            wait_until(lambda: pool.waiting == 5)
            started = time.monotonic()
            for _ in range(5):
                assert copy_context().run(self._ask, "b", pool, LIGHT, Cancellation())
            assert time.monotonic() - started < 1.5
            assert (pool.busy, pool.waiting) == (1, 5)
            cancellation.cancel()

    @staticmethod
    def _ask(name: str, pool: Pool, query: str, cancellation: Cancellation) -> bytes:
        asker.set(name)
        return b"".join(pool.respond(query, CSV, cancellation=cancellation).body)


class TestReaders:
    """How fast its readers read is no matter of a worker's."""

    def test_hundreds_of_slow_readers_hold_no_worker(self, made: Callable[..., Pool]) -> None:
        pool = made(waiting_seconds=DEADLINE)
        bodies = [pool.respond(LARGE, CSV).body for _ in range(300)]
        assert {len(next(iter(body))) for body in bodies} == {BLOCK}
        wait_until(lambda: not pool.busy)
        assert ask(pool)
        expected = ask(pool, LARGE)
        assert all(b"".join(body) == expected[BLOCK:] for body in bodies)

    def test_ten_million_rows_for_a_slow_reader_take_no_memory(self, made: Callable[..., Pool]) -> None:
        pool = made(query_seconds=60, result_bytes=256 * MIB)
        ask(pool, LARGE)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        body = pool.respond(f"SELECT (1 AS ?x) {product(3163, 2)}", CSV).body
        rows = next(body).count(b"\n")
        wait_until(lambda: not pool.busy)
        rows += sum(block.count(b"\n") for block in body)
        assert rows == 1 + 3163 * 3163
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024


@pytest.fixture
def two(tmp_path: Path) -> tuple[Snapshot, Snapshot, Path]:
    """Two snapshots of one folder, the second with a triple more, and the folder, where the first is current."""
    extra = Quad(NamedNode("http://new/"), NamedNode("http://p/"), Literal(1), GRAPH_MERGED)
    write(tmp_path, [*quads(), extra], inputs="", counts={}, sources={})
    second = current(tmp_path)
    build_small(tmp_path)
    return current(tmp_path), second, tmp_path


NEW = "ASK { <http://new/> ?p ?o }"


class TestSwitch:
    """A new snapshot is read by every query that begins after the switch, and no query is lost."""

    def test_queries_read_the_new_one_at_once(self, two: tuple[Snapshot, Snapshot, Path]) -> None:
        first, second, _ = two
        pool = Pool(first, Limits(workers=3))
        assert not any(pool.ask(NEW) for _ in range(6))
        for _ in range(5):
            pool.switch(second)
            assert pool.version == second.version
            assert all(pool.ask(NEW) for _ in range(6))
            assert pool.respond(NEW, CSV).version == second.version
            pool.switch(first)
            assert not any(pool.ask(NEW) for _ in range(6))
        pool.close()

    def test_no_request_is_lost(self, two: tuple[Snapshot, Snapshot, Path]) -> None:
        first, second, _ = two
        told = Told()
        pool = Pool(first, Limits(workers=2), told)
        done = threading.Event()

        def asking() -> int:
            count = 0
            while not done.is_set():
                response = pool.respond(NEW, CSV)
                assert (response.version == second.version) is (b"".join(response.body) == b"true")
                count += 1
            return count

        with ThreadPoolExecutor(4) as threads:
            counts = [threads.submit(asking) for _ in range(4)]
            for _ in range(20):
                for snapshot in (second, first):
                    pool.switch(snapshot)
                    assert pool.ask(NEW) is (snapshot == second)
            done.set()
        assert all(each.result() for each in counts)
        assert set(told.outcomes) == {"ok"}
        pool.close()

    @pytest.mark.kills
    def test_one_that_runs_ends_on_the_old_one(self, two: tuple[Snapshot, Snapshot, Path]) -> None:
        first, second, _ = two
        pool = Pool(first, Limits(workers=1))
        body = pool.respond(f"SELECT * {{ {{ {LARGE} }} UNION {{ <http://new/> ?p ?o }} }}", CSV).body
        pool.switch(second)
        assert pool.ask(NEW)
        assert b"http://p/" not in b"".join(body)
        pool.close()

    def test_idle_workers_let_the_old_one_go(self, two: tuple[Snapshot, Snapshot, Path]) -> None:
        first, second, _ = two
        pool = Pool(first, Limits(workers=3))
        wait_until(lambda: len(holders(first)) == 3)
        before = holders(first)
        pool.switch(second)
        wait_until(lambda: not holders(first))
        wait_until(lambda: holders(second) == before)
        pool.close()

    def test_a_snapshot_that_is_not_there_is_refused(self, two: tuple[Snapshot, Snapshot, Path]) -> None:
        first, _, folder = two
        pool = Pool(first, Limits(workers=1))
        with pytest.raises(NoStoreError):
            pool.switch(Snapshot("gone", folder / "gone"))
        assert pool.version == first.version
        assert not pool.ask(NEW)
        pool.close()

    def test_kept_answers_go_with_their_version(self, two: tuple[Snapshot, Snapshot, Path]) -> None:
        first, second, _ = two
        pool = Pool(first, Limits(workers=1))
        cached = Cached(pool, Limits())
        assert [cached.respond(NEW, CSV).source for _ in range(2)] == ["evaluated", "cached"]
        pool.switch(second)
        assert cached.ask(NEW)
        assert cached.version == second.version
        pool.close()


@pytest.mark.kills
class TestCrashes:
    """Workers that end for reasons of their own."""

    def test_idle_workers_that_are_killed_are_replaced(self, own: Path) -> None:
        told = Told()
        pool = make(own, told)
        wait_until(lambda: len(holders(pool.snapshot)) == 2)
        for pid in holders(pool.snapshot):
            os.kill(pid, signal.SIGKILL)
        assert all(ask(pool) for _ in range(10))
        wait_until(lambda: len(holders(pool.snapshot)) == 2)
        assert set(told.outcomes) == {"ok"}
        pool.close()

    def test_nobody_has_to_ask_for_that(self, own: Path) -> None:
        pool = make(own, workers=1)
        wait_until(lambda: len(holders(pool.snapshot)) == 1)
        (pid,) = holders(pool.snapshot)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: len(holders(pool.snapshot) - {pid}) == 1)
        pool.close()

    def test_a_query_whose_worker_somebody_kills_is_asked_again(self, own: Path) -> None:
        pool = make(own, workers=1, query_seconds=DEADLINE)
        ask(pool)
        (_, answer), *_ = Background(pool).start(f"SELECT (COUNT(*) AS ?n) {product(200, 3)}")
        wait_until(lambda: pool.busy == 1)
        (pid,) = holders(pool.snapshot)
        os.kill(pid, signal.SIGKILL)
        assert b"".join(answer.result(DEADLINE).body) == b"n\r\n8000000\r\n"
        pool.close()

    def test_one_that_kills_its_worker_again_and_again_is_an_error(self, own: Path) -> None:
        told = Told()
        pool = make(own, told, workers=1, query_seconds=DEADLINE)
        ask(pool)
        (_, answer), *_ = Background(pool).start(ENDLESS)
        killed: set[int] = set()
        while not answer.done():
            for pid in holders(pool.snapshot) - killed if pool.busy else ():
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
        assert isinstance(answer.exception(), QueryCrashError)
        assert ask(pool)
        assert told.outcomes == ["ok", "crash", "ok"]
        pool.close()

    def test_a_worker_that_dies_midway_breaks_the_body_off(self, own: Path) -> None:
        pool = make(own, workers=1, query_seconds=DEADLINE)
        body = pool.respond(ENDLESS_ROWS, CSV).body
        (pid,) = holders(pool.snapshot)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(QueryCrashError):
            b"".join(body)
        assert ask(pool)
        pool.close()

    def test_a_crash_loop_is_told_and_ends_by_itself(
        self, tmp_path: Path, small_store: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken = Snapshot("1", tmp_path / "store")
        broken.path.mkdir()
        told = Told()
        with caplog.at_level(logging.WARNING):
            pool = Pool(broken, Limits(workers=2), told)
            with pytest.raises(EngineDownError, match="no worker can be started") as caught:
                ask(pool)
            assert str(caught.value) == "no worker can be started at present"
            with pytest.raises(EngineDownError):
                ask(pool)
            assert not pool.ready
            assert pool.workers == 0
            assert 1 <= len(caplog.records) < 20
            assert str(broken.path) in caplog.text
            shutil.copytree(current(small_store).path, broken.path, dirs_exist_ok=True)
            wait_until(lambda: pool.ready)
        assert ask(pool)
        assert told.outcomes == ["down", "down", "ok"]
        pool.close()

    def test_a_closed_pool_has_no_workers_and_says_so(self, made: Callable[..., Pool]) -> None:
        before = workers_of(os.getpid())
        pool = made(query_seconds=DEADLINE)
        ask(pool)
        body = pool.respond(ENDLESS_ROWS, CSV).body
        pool.close()
        with pytest.raises(EngineDownError, match="closed"):
            ask(pool)
        with pytest.raises(EngineDownError, match="closed"):
            b"".join(body)
        assert not pool.ready
        assert workers_of(os.getpid()) == before

    def test_no_snapshot_is_said_at_once(self, tmp_path: Path) -> None:
        with pytest.raises(NoStoreError):
            Pool(Snapshot("1", tmp_path / "gone"), Limits())
        with pytest.raises(NoStoreError):
            open_pool(tmp_path)


SERVER = """
import sys, time
sys.path[:0] = {path!r}
from pathlib import Path
from threading import Thread
from graph.engine import open_pool
from graph.limits import Limits
pool = open_pool(Path({folder!r}), Limits(workers=3))
Thread(target=lambda: pool.respond({query!r}, "text/csv")).start()
while pool.busy != 1 or pool.workers != 3:
    time.sleep(0.01)
print("begun", flush=True)
"""


@pytest.mark.kills
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_the_server(small_store: Path, number: int) -> None:
    path = [str(Path(__file__).parents[1])]
    code = SERVER.format(path=path, folder=str(small_store), query=ENDLESS)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as server:
        assert server.stdout
        assert server.stdout.readline() == b"begun\n"
        workers = workers_of(server.pid)
        assert len(workers) == 3
        server.send_signal(number)
        server.wait(DEADLINE)
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
