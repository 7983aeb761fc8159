"""The front: answers kept before Flask, when they are given again and when not, and what it says of itself."""

import asyncio
import json
import logging
import threading
from typing import Any

import pytest
import stand_in
from flask import Response, request
from patience import DEADLINE
from stand_in import Body, Client, Engine, Reply, application, ask, front_on, get

from graph.engine import (
    Cancellation,
    EngineBusyError,
    EngineDownError,
    QueryMemoryError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
    asker,
)
from graph.engine.cached import Cached
from graph.engine.spool import Spool
from graph.engine.text.guard import LoadRefusedError
from graph.limits import Limits
from graph.reach.service import ServiceFailedError
from graph.store.faults import NoGraphError, UpdateMemoryError, UpdateTimeoutError, UploadSyntaxError
from graph.store.files import StoreBusyError
from server.front import Front
from server.front.remembered import matches

QUERY = "/sparql?query=a"


@pytest.fixture(autouse=True)
def named_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request of the stand-in client names a host, unless it names another."""
    plain = stand_in.scope_of

    def scope_of(method: str, target: str, headers: dict[str, str], client: str = "192.0.2.1") -> dict[str, Any]:
        return plain(method, target, {"host": "localhost", **headers}, client)

    monkeypatch.setattr(stand_in, "scope_of", scope_of)


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def front(engine: Engine) -> Front:
    return front_on(engine)


def test_the_same_request_is_answered_without_the_engine(front: Front, engine: Engine) -> None:
    first, second = get(front, QUERY), get(front, QUERY)
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("miss", "hit")
    assert first.body == second.body == b"answer to a"
    assert second.headers["content-length"] == "11"
    assert first.headers["etag"] == second.headers["etag"]
    assert second.headers["content-disposition"] == 'inline; filename="answer.csv"'
    assert engine.asked == ["a"]


def test_a_kept_answer_is_gone_with_its_version(front: Front, engine: Engine) -> None:
    first = get(front, QUERY)
    engine.version = "2" * 64
    engine.give = lambda _: Body(whole=b"new")
    second = get(front, QUERY)
    assert (second.body, second.headers["x-cache"]) == (b"new", "miss")
    assert second.headers["etag"] != first.headers["etag"]
    assert get(front, QUERY).headers["x-cache"] == "hit"


def test_an_answer_of_an_older_version_than_now_is_not_kept(engine: Engine) -> None:
    def give(query: str) -> Body:
        engine.version = "2" * 64
        return Body(whole=b"old")

    front = front_on(engine)
    engine.give = give
    answer = engine.respond
    engine.respond = lambda *given: answer_of_before(answer, *given)  # type: ignore[method-assign]
    assert get(front, QUERY).body == b"old"
    assert get(front, QUERY).headers["x-cache"] == "miss"


def answer_of_before(answer, *given):  # type: ignore[no-untyped-def]
    """The answer as the version before had it."""
    from dataclasses import replace

    return replace(answer(*given), version="1" * 64)


@pytest.mark.parametrize(
    "headers",
    [{"accept": "text/turtle"}, {"host": "elsewhere"}, {"authorization": "Bearer x"}, {"range": "bytes=0-1"}],
)
def test_what_an_answer_depends_on_is_told_apart(front: Front, engine: Engine, headers: dict[str, str]) -> None:
    get(front, QUERY)
    assert ask(front, "GET", QUERY, headers).headers["x-cache"] == "miss"
    get(front, "/sparql?query=%61")
    assert engine.asked == ["a"] * 3


def test_posted_queries_are_kept_by_their_body(front: Front, engine: Engine) -> None:
    replies = [ask(front, "POST", "/sparql", {}, body) for body in (b"a", b"b", b"a")]
    assert [reply.headers["x-cache"] for reply in replies] == ["miss", "miss", "hit"]
    assert replies[0].body == replies[2].body == b"answer to a"
    assert ask(front, "POST", "/sparql", {"content-type": "text/x"}, b"a").headers["x-cache"] == "miss"
    assert ask(front, "POST", "/sparql", {"if-none-match": "*"}, b"a").status == 200
    assert engine.asked == ["a", "b", "a"]


def test_a_streamed_answer_is_kept_once_it_has_ended(front: Front, engine: Engine) -> None:
    engine.give = lambda _: Body(b"one ", b"two", ended=True)
    first = get(front, QUERY)
    assert (first.body, first.ended) == (b"one two", True)
    assert "content-length" not in first.headers
    second = get(front, QUERY)
    assert (second.body, second.headers["x-cache"], second.headers["content-length"]) == (b"one two", "hit", "7")


def test_head_is_answered_from_what_was_kept_and_keeps_nothing(front: Front, engine: Engine) -> None:
    bodies: list[Body] = []
    engine.give = lambda _: bodies.append(Body(b"streamed")) or bodies[-1]  # type: ignore[func-returns-value]
    head = ask(front, "HEAD", QUERY)
    assert (head.status, head.body, bodies[0].closed) == (200, b"", True)
    engine.give = lambda _: Body(whole=b"whole")
    assert get(front, QUERY).headers["x-cache"] == "miss"
    head = ask(front, "HEAD", QUERY)
    assert (head.body, head.headers["content-length"], head.headers["x-cache"]) == (b"", "5", "hit")


def test_volatile_answers_are_never_kept(front: Front, engine: Engine) -> None:
    engine.volatile = True
    for _ in range(2):
        reply = get(front, QUERY)
        assert (reply.headers["cache-control"], reply.headers["x-cache"]) == ("no-store", "miss")
        assert "etag" not in reply.headers
    assert engine.asked == ["a", "a"]


def test_what_a_view_does_not_give_for_all_is_never_kept(engine: Engine) -> None:
    app = application(engine)

    @app.get("/mine")
    def mine() -> Response:
        return Response("mine", headers={"ETag": '"mine"'})

    front = Front(app, engine)
    assert [get(front, "/mine").headers["x-cache"] for _ in range(2)] == ["none", "none"]


def test_errors_are_never_kept(front: Front, engine: Engine) -> None:
    def give(query: str) -> Body:
        raise QueryTimeoutError("30 s are over")

    engine.give = give
    for _ in range(2):
        reply = get(front, QUERY)
        assert (reply.status, reply.headers["cache-control"]) == (504, "no-store")
    assert len(engine.asked) == 2


@pytest.mark.parametrize(
    ("error", "status", "retry"),
    [
        (QuerySyntaxError("bad", 2, 3), 400, None),
        (QueryTimeoutError("slow"), 504, None),
        (QueryMemoryError("large"), 507, None),
        (ResultTooLargeError("long"), 507, None),
        (EngineBusyError("full"), 503, "2"),
        (EngineDownError("down"), 503, "5"),
        (StoreBusyError("another"), 503, "5"),
        (UploadSyntaxError("bad", 2, 3), 400, None),
        (UpdateTimeoutError("slow"), 504, None),
        (UpdateMemoryError("large"), 507, None),
        (NoGraphError("none"), 404, None),
        (LoadRefusedError("no"), 403, None),
        (ServiceFailedError("none"), 502, None),
    ],
)
def test_each_fault_has_its_status_and_says_what_to_do(
    front: Front, engine: Engine, error: Exception, status: int, retry: str | None
) -> None:
    def give(query: str) -> Body:
        raise error

    engine.give = give
    reply = get(front, QUERY)
    problem = json.loads(reply.body)
    assert (reply.status, problem["status"], reply.headers.get("retry-after")) == (status, status, retry)
    assert problem["detail"] == str(error)
    assert problem["hint"]
    assert problem.get("line") == getattr(error, "line", None)


def test_pages_and_static_files_are_kept_too(front: Front, engine: Engine) -> None:
    assert [get(front, "/id/x").headers["x-cache"] for _ in range(2)] == ["miss", "hit"]
    assert [get(front, "/static/style.css").headers["x-cache"] for _ in range(2)] == ["miss", "hit"]
    assert engine.asked == ["page x"]


def test_a_page_made_while_the_data_change_is_not_kept(engine: Engine) -> None:
    app = application(engine)

    @app.before_request
    def change() -> None:
        engine.version = engine.version[1:] + str(len(engine.asked))

    reply = get(Front(app, engine), "/id/x")
    assert (reply.headers["cache-control"], "etag" in reply.headers) == ("no-cache", True)
    engine.give = lambda _: setattr(engine, "version", "3" * 64) or Body(whole=b"")  # type: ignore[func-returns-value]
    reply = get(Front(application(engine), engine), "/id/x")
    assert reply.headers["cache-control"] == "no-store"


def test_the_cache_is_bounded(engine: Engine) -> None:
    engine.give = lambda query: Body(whole=query.encode() * 100_000)
    front = front_on(engine, Limits(cache_bytes=1_000_000, cached_answer_bytes=250_000))
    for name in "abcdefgha":
        get(front, f"/sparql?query={name}")
    for name in "ijklmno":
        get(front, f"/sparql?query={name}")
    assert get(front, "/sparql?query=a").headers["x-cache"] == "hit"
    assert get(front, "/sparql?query=b").headers["x-cache"] == "miss"
    assert front._remembered.size <= 1_000_000
    assert [get(front, "/sparql?query=long").headers["x-cache"] for _ in range(2)] == ["miss", "miss"]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", W/{}', '"other",{}', "*"])
def test_who_has_it_already_gets_304(front: Front, engine: Engine, form: str) -> None:
    etag = get(front, QUERY).headers["etag"]
    for fresh in (front, front_on(engine)):
        reply = get(fresh, QUERY, if_none_match=form.format(etag))
        assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", etag)
        assert (reply.headers["vary"], reply.headers["cache-control"]) == ("Accept", "no-cache")
        assert "content-length" not in reply.headers
        assert get(fresh, QUERY).body == b"answer to a"


def test_who_has_something_else_gets_all_of_it(front: Front) -> None:
    etag = get(front, QUERY).headers["etag"].strip('"')
    for other in ('"other"', etag, f'"{etag}x"', ""):
        assert get(front, QUERY, if_none_match=other).status == 200


def test_nothing_matches_what_has_no_etag() -> None:
    assert not matches(b"*", b"")


def test_an_etag_tells_version_address_and_type_apart(front: Front, engine: Engine) -> None:
    etags = [get(front, target).headers["etag"] for target in (QUERY, "/sparql?query=b", "/id/a")]
    engine.version = "2" * 64
    etags.append(get(front, QUERY).headers["etag"])
    etags += [ask(front, "POST", "/sparql", {}, body).headers["etag"] for body in (b"a", b"b")]
    assert len(set(etags)) == len(etags)
    assert etags[0].startswith('"' + "1" * 16 + "-")


def spooled(data: bytes) -> Any:
    """A body as the pool gives it, which many can read."""
    spool = Spool(Limits(), lambda: None)
    reader = spool.reader(Cancellation())
    spool.write(data)
    spool.finish()
    return reader


def test_a_herd_is_answered_by_one_evaluation() -> None:
    together = threading.Barrier(50, timeout=DEADLINE)
    inner = Engine(lambda _: spooled(b"once"))
    app = application(Cached(inner, Limits()))  # type: ignore[arg-type]

    @app.before_request
    def wait_for_all() -> None:
        together.wait()

    front = Front(app, inner)  # type: ignore[arg-type]

    async def herd() -> list[Reply]:
        return await asyncio.gather(*(Client(front, "GET", QUERY, {}).run() for _ in range(50)))

    replies = asyncio.run(herd())
    assert {reply.body for reply in replies} == {b"once"}
    assert inner.asked == ["a"]
    assert [reply.headers["x-cache"] for reply in replies].count("miss") == 1


def test_a_request_id_is_taken_if_it_is_sane_and_always_sent_back(front: Front) -> None:
    for target in (QUERY, QUERY, "/healthz", "/nowhere"):
        assert get(front, target, x_request_id="trace-1.2_3").headers["x-request-id"] == "trace-1.2_3"
        for wrong in ("", "two words", "x" * 65, 'a"b', "línea"):
            assert get(front, target, x_request_id=wrong).headers["x-request-id"] != wrong
    names = [get(front, QUERY).headers["x-request-id"] for _ in range(20)]
    assert len(set(names)) == 20


def test_our_own_fault_is_logged_once_with_the_request(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        reply = get(front, "/fails", x_request_id="of-ours")
    assert reply.status == 500
    assert "of-ours" in json.loads(reply.body)["detail"]
    (record,) = caplog.records
    assert "of-ours" in record.getMessage()
    assert "a fault of ours" in str(record.exc_info)
    assert "a fault of ours" not in reply.body.decode()


def test_an_ending_service_says_so(front: Front) -> None:
    assert get(front, "/readyz").status == 200
    front.refuse_more()
    assert (get(front, QUERY).status, get(front, QUERY).headers["retry-after"]) == (503, "5")
    assert "ending" in json.loads(get(front, "/readyz").body)["missing"][0]
    assert get(front, "/healthz").status == 200


def test_a_service_without_workers_is_not_ready(front: Front, engine: Engine) -> None:
    assert json.loads(get(front, "/readyz").body) == {
        "ready": True, "missing": [], "version": engine.version, "workers": 4, "busy": 1, "waiting": 0,
    }  # fmt: skip
    engine.ready = False
    reply = get(front, "/readyz")
    assert (reply.status, json.loads(reply.body)["missing"]) == (503, ["no worker is up"])


def test_without_an_engine_nothing_is_kept() -> None:
    engine = Engine()
    front = Front(application(engine))
    assert [get(front, QUERY).headers["x-cache"] for _ in range(2)] == ["miss", "miss"]


def test_more_requests_than_threads_are_told_to_come_back(engine: Engine) -> None:
    inside, leave = threading.Semaphore(0), threading.Event()
    app = application(engine)

    @app.get("/waits")
    def waits() -> Response:
        inside.release()
        leave.wait(20)
        return Response("done")

    async def run() -> list[Reply]:
        front = Front(app, engine, Limits(waiting=1))
        tasks = [asyncio.create_task(Client(front, "GET", "/waits", {}).run()) for _ in range(65)]
        await asyncio.to_thread(lambda: [inside.acquire(timeout=DEADLINE) for _ in range(65)])
        refused = await Client(front, "GET", QUERY, {}).run()
        leave.set()
        return [refused, *await asyncio.gather(*tasks)]

    refused, *others = asyncio.run(run())
    assert (refused.status, refused.headers["retry-after"]) == (503, "1")
    assert {reply.body for reply in others} == {b"done"}


def test_the_address_is_passed_on_as_it_was_sent(engine: Engine) -> None:
    app = application(engine)

    @app.get("/raw/<path:rest>")
    def raw(rest: str) -> Response:
        return Response(json.dumps([rest, request.environ["REQUEST_URI"], request.args.get("x")]))

    reply = get(Front(app, engine), "/raw/é?x=日本", x_y="1")
    assert json.loads(reply.body) == ["é", "/raw/Ã©?x=%E6%97%A5%E6%9C%AC", "日本"]


def test_a_header_cannot_pass_for_another(engine: Engine) -> None:
    app = application(engine)
    app.add_url_rule("/seen", view_func=lambda: Response(request.headers.get("X-Thing", "nothing")))
    front = Front(app, engine)
    assert ask(front, "GET", "/seen", {"x-thing": "sent"}).body == b"sent"
    assert ask(front, "GET", "/seen", {"x_thing": "sent"}).body == b"nothing"


@pytest.mark.parametrize("host", ["", "a/b", "a b", "x, x", "a@b", "a:b", "a?b", "[", "é"])
def test_a_host_that_is_none_is_refused(front: Front, engine: Engine, host: str) -> None:
    for _ in range(2):
        reply = get(front, QUERY, host=host)
        assert (reply.status, "Host" in json.loads(reply.body)["detail"]) == (400, True)
    assert engine.asked == []


@pytest.mark.parametrize("host", ["example.org", "example.org:8080", "127.0.0.1:1", "[::1]:80", "xn--d1.example"])
def test_a_host_that_is_one_is_taken(front: Front, host: str) -> None:
    assert get(front, QUERY, host=host).status == 200


@pytest.mark.parametrize(("target", "method"), [("/sparql", "POST"), ("/update", "POST"), ("/graphs", "PUT")])
def test_a_compressed_body_is_refused(front: Front, engine: Engine, target: str, method: str) -> None:
    reply = ask(front, method, target, {"content-encoding": "gzip"}, b"x")
    assert (reply.status, reply.headers["accept-encoding"]) == (415, "identity")
    assert engine.asked == []
    good = {"content-encoding": "Identity", "authorization": "Bearer good"}
    assert ask(front, method, target, good, b"x").status == 200


def test_the_engine_knows_who_asks(front: Front, engine: Engine) -> None:
    engine.give = lambda _: Body(whole=asker.get().encode())
    for address in ("192.0.2.7", "192.0.2.8"):
        assert ask(front, "GET", f"/sparql?query={address}", address=address).body == address.encode()
    assert asker.get() == ""
