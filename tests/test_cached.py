"""Answers that are given again, and evaluations that are shared."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from queue import SimpleQueue

import pytest
from patience import DEADLINE

from graph.engine import Cancellation, CancelledError, QuerySyntaxError, Response, asker
from graph.engine.answers import Answers
from graph.engine.cached import Cached
from graph.engine.spool import Spool
from graph.engine.whole import Whole
from graph.limits import Limits

CSV = "text/csv"
QUERY = "SELECT * { ?s ?p ?o }"


class Evaluation:
    """One evaluation by the engine below, which the test brings on its way."""

    def __init__(self, query: str, limits: Limits, cancellation: Cancellation) -> None:
        self.query = query
        self.spool = Spool(limits, self._abandon)
        self.abandoned = threading.Event()
        self.cancellation = cancellation
        self.error: Exception | None = None
        self.begun = threading.Event()
        cancellation.on_cancel(self._abandon)

    def _abandon(self) -> None:
        self.abandoned.set()
        self.error = self.error or CancelledError("stopped")
        self.begun.set()

    def begin(self, block: bytes = b"x") -> None:
        self.body = self.spool.reader(self.cancellation)
        self.spool.write(block)
        self.begun.set()

    def fail(self, error: Exception) -> None:
        self.error = error
        self.begun.set()

    def answer(self, data: bytes) -> None:
        self.begin(data)
        self.spool.finish()


class Below(Answers):
    """An engine that evaluates as the test says."""

    def __init__(self) -> None:
        self.held = "1"
        self.limits = Limits()
        self.evaluations: SimpleQueue[Evaluation] = SimpleQueue()
        self.count = 0
        self.data: bytes | None = None

    @property
    def version(self) -> str:
        return self.held

    def respond(
        self,
        query: str,
        media_type: str,
        _default_graphs: Sequence[str] = (),
        _named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        self.count += 1
        version = self.held
        if self.data is not None:
            return Response(media_type, version, Whole(self.data), volatile="volatile" in query)
        evaluation = Evaluation(query, self.limits, cancellation or Cancellation())
        self.evaluations.put(evaluation)
        assert evaluation.begun.wait(DEADLINE)
        if evaluation.error:
            raise evaluation.error
        body = evaluation.body
        del evaluation.body
        return Response(media_type, version, body)

    def next(self) -> Evaluation:
        return self.evaluations.get(timeout=DEADLINE)


@pytest.fixture
def below() -> Below:
    """The engine below."""
    return Below()


@pytest.fixture
def cached(below: Below) -> Cached:
    """The engine above it."""
    return Cached(below, Limits())


def ask(
    engine: Cached,
    query: str = QUERY,
    media_type: str = CSV,
    default: Sequence[str] = (),
    named: Sequence[str] = (),
) -> tuple[bytes, str]:
    response = engine.respond(query, media_type, default, named)
    return b"".join(response.body), response.source


class Asking:
    """Requests from several threads at once."""

    def __init__(self, cached: Cached) -> None:
        self._cached = cached
        self._threads = ThreadPoolExecutor(50)

    def start(self, query: str = QUERY, cancellation: Cancellation | None = None) -> "Future[Response]":
        return self._threads.submit(self._cached.respond, query, CSV, (), (), cancellation)


@pytest.fixture
def asking(cached: Cached) -> Asking:
    """Threads that ask."""
    return Asking(cached)


def wait_until(condition: Callable[[], bool]) -> None:
    done = threading.Event()
    deadline = DEADLINE * 1000
    while not condition() and deadline:
        done.wait(0.001)
        deadline -= 1
    assert condition()


def waiting(cached: Cached, count: int) -> None:
    """Wait until so many callers wait for evaluations."""
    wait_until(lambda: cached.callers == count)


class TestKept:
    """Complete answers are given again."""

    def test_the_second_answer_is_the_kept_one(self, cached: Cached, below: Below) -> None:
        below.data = b"answer"
        assert ask(cached) == (b"answer", "evaluated")
        below.data = b"other"
        assert ask(cached) == (b"answer", "cached")
        assert ask(cached, "SELECT *\n{ ?s ?p ?o } # again") == (b"answer", "cached")
        assert (cached.hits, cached.misses, cached.shared, below.count) == (2, 1, 0, 1)

    @pytest.mark.parametrize(
        ("media_type", "graphs"),
        [("text/tab-separated-values", ()), (CSV, (["http://a/"],)), (CSV, ([], ["http://a/"]))],
    )
    def test_another_format_or_dataset_is_another_answer(
        self, cached: Cached, below: Below, media_type: str, graphs: tuple[Sequence[str], ...]
    ) -> None:
        below.data = b"answer"
        ask(cached)
        below.data = b"other"
        assert ask(cached, QUERY, media_type, *graphs) == (b"other", "evaluated")

    def test_another_version_is_another_answer(self, cached: Cached, below: Below) -> None:
        below.data = b"old"
        ask(cached)
        below.held, below.data = "2", b"new"
        assert ask(cached) == (b"new", "evaluated")
        assert cached.bytes < 2 * 1024
        assert cached.respond(QUERY, CSV).version == "2"

    @pytest.mark.parametrize("query", ["SELECT (NOW() AS ?x) {}", "SELECT ?volatile {}"])
    def test_volatile_answers_are_not_kept(self, cached: Cached, below: Below, query: str) -> None:
        below.data = b"answer"
        assert ask(cached, query) == ask(cached, query) == (b"answer", "evaluated")

    def test_a_large_answer_is_not_kept(self, below: Below) -> None:
        cached = Cached(below, Limits(cached_answer_bytes=5))
        below.data = b"answer"
        assert [ask(cached)[1] for _ in range(2)] == ["evaluated", "evaluated"]

    def test_what_was_used_longest_ago_goes(self, below: Below) -> None:
        cached = Cached(below, Limits(cache_bytes=10_000))
        below.data = b"x" * 2000
        for number in range(5):
            ask(cached, f"ASK {{ {number} }}")
            assert ask(cached, "ASK { 0 }")[1] == "cached"
            assert cached.bytes <= 10_000
        assert ask(cached, "ASK { 4 }")[1] == "cached"
        assert ask(cached, "ASK { 1 }")[1] == "evaluated"

    def test_no_cache_keeps_nothing(self, below: Below) -> None:
        cached = Cached(below, Limits(cache_bytes=0))
        below.data = b"answer"
        assert [ask(cached)[1] for _ in range(2)] == ["evaluated", "evaluated"]
        assert cached.bytes == 0

    def test_an_answer_that_came_in_blocks_is_kept_at_its_end(
        self, cached: Cached, below: Below, asking: Asking
    ) -> None:
        first = asking.start()
        evaluation = below.next()
        evaluation.begin(b"x" * 300_000)
        body = first.result(DEADLINE).body
        evaluation.spool.write(b"y")
        evaluation.spool.finish()
        assert ask(cached) == (b"x" * 300_000 + b"y", "cached")
        assert b"".join(body) == b"x" * 300_000 + b"y"

    def test_an_answer_that_fails_midway_is_not_kept(self, cached: Cached, below: Below, asking: Asking) -> None:
        first = asking.start()
        evaluation = below.next()
        evaluation.begin()
        body = first.result(DEADLINE).body
        evaluation.spool.finish(ValueError("midway"))
        with pytest.raises(ValueError, match="midway"):
            b"".join(body)
        below.data = b"answer"
        assert ask(cached) == (b"answer", "evaluated")

    def test_an_answer_of_a_version_that_has_gone_is_not_kept(
        self, cached: Cached, below: Below, asking: Asking
    ) -> None:
        first = asking.start()
        evaluation = below.next()
        below.held = "2"
        evaluation.answer(b"old")
        assert first.result(DEADLINE).version == "1"
        below.data = b"new"
        assert ask(cached) == (b"new", "evaluated")


class TestShared:
    """The very same query is evaluated once at a time."""

    def test_all_who_ask_meanwhile_share_it(self, cached: Cached, below: Below, asking: Asking) -> None:
        asked = [asking.start() for _ in range(20)]
        waiting(cached, 20)
        evaluation = below.next()
        evaluation.begin(b"x")
        late = asking.start().result(DEADLINE)
        evaluation.spool.write(b"y")
        evaluation.spool.finish()
        responses = [each.result(DEADLINE) for each in asked]
        assert {b"".join(each.body) for each in [*responses, late]} == {b"xy"}
        assert sorted(each.source for each in responses) == ["evaluated", *["shared"] * 19]
        assert (below.count, cached.misses, cached.shared, late.source) == (1, 1, 20, "shared")
        assert not evaluation.abandoned.is_set()

    def test_another_text_is_evaluated_by_itself(self, cached: Cached, below: Below, asking: Asking) -> None:
        asked = [asking.start(query) for query in (QUERY, QUERY + " ")]
        waiting(cached, 2)
        for each in (below.next(), below.next()):
            each.answer(each.query.encode())
        assert [each.result(DEADLINE).source for each in asked] == ["evaluated", "evaluated"]

    def test_volatile_queries_share_nothing(self, below: Below, asking: Asking) -> None:
        asked = [asking.start("SELECT (RAND() AS ?x) {}") for _ in range(2)]
        for number in (b"1", b"2"):
            below.next().answer(number)
        assert {b"".join(each.result(DEADLINE).body) for each in asked} == {b"1", b"2"}

    def test_its_error_is_everybodys_and_is_not_kept(self, cached: Cached, below: Below, asking: Asking) -> None:
        asked = [asking.start() for _ in range(5)]
        waiting(cached, 5)
        below.next().fail(QuerySyntaxError("wrong", 1, 2))
        errors = [each.exception(DEADLINE) for each in asked]
        assert [
            (str(error), error.line, error.column) for error in errors if isinstance(error, QuerySyntaxError)
        ] == [("line 1, column 2: wrong", 1, 2)] * 5
        assert len({id(error) for error in errors}) == 5
        below.data = b"answer"
        assert ask(cached) == (b"answer", "evaluated")

    def test_it_goes_on_until_the_last_has_left(self, cached: Cached, below: Below, asking: Asking) -> None:
        cancellations = [Cancellation() for _ in range(3)]
        asked = [asking.start(cancellation=each) for each in cancellations]
        waiting(cached, 3)
        evaluation = below.next()
        for cancellation in cancellations[:2]:
            cancellation.cancel()
        waiting(cached, 1)
        assert not evaluation.abandoned.is_set()
        cancellations[2].cancel()
        assert evaluation.abandoned.wait(DEADLINE)
        for each in asked:
            assert isinstance(each.exception(DEADLINE), CancelledError)

    def test_who_asked_first_may_leave(self, cached: Cached, below: Below, asking: Asking) -> None:
        cancellation = Cancellation()
        first = asking.start(cancellation=cancellation)
        evaluation = below.next()
        second = asking.start()
        waiting(cached, 2)
        cancellation.cancel()
        evaluation.answer(b"answer")
        assert b"".join(second.result(DEADLINE).body) == b"answer"
        assert isinstance(first.exception(DEADLINE), CancelledError)

    def test_who_waits_may_leave_at_once(self, cached: Cached, below: Below, asking: Asking) -> None:
        first = asking.start()
        evaluation = below.next()
        cancellation = Cancellation()
        second = asking.start(cancellation=cancellation)
        waiting(cached, 2)
        cancellation.cancel()
        assert isinstance(second.exception(DEADLINE), CancelledError)
        evaluation.answer(b"answer")
        assert b"".join(first.result(DEADLINE).body) == b"answer"

    def test_readers_may_leave_after_the_first_bytes(self, cached: Cached, below: Below, asking: Asking) -> None:
        asked = [asking.start() for _ in range(3)]
        waiting(cached, 3)
        evaluation = below.next()
        evaluation.begin()
        bodies = [each.result(DEADLINE).body for each in asked]
        for body in bodies[:2]:
            body.close()
        assert not evaluation.abandoned.is_set()
        bodies[2].close()
        assert evaluation.abandoned.is_set()

    def test_who_comes_when_the_last_has_left_has_a_new_one(self, below: Below, asking: Asking) -> None:
        cancellation = Cancellation()
        first = asking.start(cancellation=cancellation)
        evaluation = below.next()
        cancellation.cancel()
        assert evaluation.abandoned.wait(DEADLINE)
        second = asking.start()
        below.next().answer(b"answer")
        assert b"".join(second.result(DEADLINE).body) == b"answer"
        assert isinstance(first.exception(DEADLINE), CancelledError)

    def test_who_comes_when_all_readers_have_left_has_a_new_one(self, below: Below, asking: Asking) -> None:
        first = asking.start()
        evaluation = below.next()
        evaluation.begin()
        first.result(DEADLINE).body.close()
        assert evaluation.abandoned.is_set()
        second = asking.start()
        below.next().answer(b"answer")
        assert b"".join(second.result(DEADLINE).body) == b"answer"

    def test_who_asked_first_evaluates_in_its_own_context(
        self, cached: Cached, below: Below, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []
        below.data = b"answer"
        inner = below.respond
        monkeypatch.setattr(below, "respond", lambda *given: seen.append(asker.get()) or inner(*given))
        for number, query in enumerate([QUERY, "SELECT (RAND() AS ?x) {}"]):
            copy_context().run(lambda name, text: (asker.set(name), ask(cached, text)), str(number), query)
        assert seen == ["0", "1"]

    def test_an_answer_that_cannot_be_kept_is_not_shared_for_ever(
        self, cached: Cached, below: Below, asking: Asking, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = asking.start()
        evaluation = below.next()
        evaluation.begin()
        body = first.result(DEADLINE).body
        with monkeypatch.context() as patch:
            patch.setattr(cached, "_keep", lambda *_: 1 / 0)
            evaluation.spool.finish()
        assert b"".join(body) == b"x"
        below.data = b"answer"
        assert ask(cached) == (b"answer", "evaluated")

    def test_an_engine_that_is_not_spooled_is_refused(self, engine: Answers) -> None:
        with pytest.raises(TypeError, match="spooled"):
            Cached(engine, Limits()).respond(QUERY, CSV)
