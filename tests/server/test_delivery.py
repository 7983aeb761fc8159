"""Bodies: of answers, which clients read at their own pace or not at all, and of requests, which they send so."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from patience import DEADLINE
from stand_in import Body, Client, Engine, Reply, application, ask, front_on, get
from test_front import named_host  # noqa: F401 - a fixture for every test

from graph.engine import CancelledError, QueryTimeoutError
from graph.limits import Limits
from server.front import Front

QUERY = "/sparql?query=a"
BLOCK = b"x" * 65536


def run(steps: Callable[[], Awaitable[Any]]) -> Any:
    """Run a test's steps, within the time."""

    async def bounded() -> Any:
        async with asyncio.timeout(20):
            return await steps()

    return asyncio.run(bounded())


async def until(condition: Callable[[], object]) -> None:
    """Wait for what happens in other tasks and threads."""
    while not condition():
        await asyncio.sleep(0.001)


def test_a_small_answer_has_its_length() -> None:
    reply = get(front_on(Engine()), QUERY)
    assert (reply.headers["content-length"], reply.body, reply.ended) == ("11", b"answer to a", True)


def test_a_body_is_sent_as_it_comes() -> None:
    body = Body(b"first")

    async def steps() -> Reply:
        client = Client(front_on(Engine(lambda _: body)), "GET", QUERY, {})
        task = asyncio.create_task(client.run())
        await until(lambda: client.reply.body == b"first")
        threading.Thread(target=body.add, args=(b" second", True)).start()
        return await task

    reply = run(steps)
    assert (reply.status, reply.body, reply.ended, reply.error) == (200, b"first second", True, None)
    assert "content-length" not in reply.headers
    assert body.closed


def test_a_body_that_fails_midway_is_broken_off() -> None:
    body = Body(b"first")
    body.add(b"second", QueryTimeoutError("30 s are over"))
    front = front_on(Engine(lambda _: body))
    reply = get(front, QUERY)
    assert (reply.status, reply.ended, type(reply.error)) == (200, False, QueryTimeoutError)
    assert body.closed
    assert 'communique_request_seconds_count{cache="miss",outcome="timeout",route="sparql"} 1.0' in text(front)
    assert get(front, QUERY).headers["x-cache"] == "miss"


def text(front: Front) -> str:
    return front.metrics.text().decode()


def test_a_body_that_fails_before_its_first_block_is_an_error() -> None:
    body = Body()
    body.add(b"", QueryTimeoutError("30 s are over"))
    reply = get(front_on(Engine(lambda _: body)), QUERY)
    assert (reply.status, reply.headers["content-type"]) == (504, "application/problem+json")
    assert "LIMIT" in json.loads(reply.body)["detail"]
    assert body.closed


def test_a_client_who_leaves_midway_closes_the_body() -> None:
    body = Body(b"first")

    async def steps() -> Reply:
        client = Client(front_on(Engine(lambda _: body)), "GET", QUERY, {})
        task = asyncio.create_task(client.run())
        await until(lambda: client.reply.body)
        client.leave()
        return await task

    reply = run(steps)
    assert (reply.ended, type(reply.error)) == (False, CancelledError)
    assert body.closed


def test_a_client_who_leaves_before_the_first_byte_cancels(caplog: pytest.LogCaptureFixture) -> None:
    cancelled = threading.Event()
    engine = Engine()
    app = application(engine)

    @app.get("/waits")
    def waits() -> str:
        from flask import request

        from server.exchange import exchange_of

        exchange_of(request.environ).cancellation.on_cancel(cancelled.set)
        assert cancelled.wait(DEADLINE)
        raise CancelledError("nobody waits")

    async def steps() -> Reply:
        client = Client(Front(app, engine), "GET", "/waits", {})  # type: ignore[arg-type]
        task = asyncio.create_task(client.run())
        client.leave()
        return await task

    assert run(steps).status == 503
    assert cancelled.is_set()
    assert caplog.records == []


def test_a_client_who_reads_nothing_is_cut_off() -> None:
    body = Body(*[BLOCK] * 100)

    async def steps() -> Reply:
        front = front_on(Engine(lambda _: body), Limits(stalled_seconds=0.05))
        client = Client(front, "GET", QUERY, {})
        client.reading.clear()
        return await client.run()

    reply = run(steps)
    assert "read nothing for 0.05 s" in str(reply.error)
    assert (reply.ended, body.closed, body.taken) == (False, True, 1)


def test_a_kept_answer_is_not_forced_upon_who_does_not_read() -> None:
    async def steps() -> Reply:
        front = front_on(Engine(lambda _: Body(whole=BLOCK * 10)), Limits(stalled_seconds=0.05))
        assert (await Client(front, "GET", QUERY, {}).run()).body == BLOCK * 10
        kept = await Client(front, "GET", QUERY, {}).run()
        assert (kept.body, kept.headers["x-cache"], kept.ended) == (BLOCK * 10, "hit", True)
        client = Client(front, "GET", QUERY, {})
        client.reading.clear()
        return await client.run()

    assert "read nothing" in str(run(steps).error)


def test_slow_readers_hold_no_thread_and_no_more_than_they_read() -> None:
    bodies: list[Body] = []

    def give(query: str) -> Body:
        if query == "light":
            return Body(whole=b"light")
        bodies.append(Body(*[BLOCK] * 50))
        return bodies[-1]

    async def steps() -> None:
        front = front_on(Engine(give), Limits(waiting=1, queries_per_second=0))
        clients = [Client(front, "GET", f"/sparql?query={number}", {}) for number in range(300)]
        tasks = []
        for client in clients:
            client.reading.clear()
            tasks.append(asyncio.create_task(client.run()))
            await client.started.wait()
        light = await Client(front, "GET", "/sparql?query=light", {}).run()
        assert light.body == b"light"
        assert sum(body.taken for body in bodies) == len(clients)
        front.cancel_all()
        for client in clients:
            client.reading.set()
        assert all(isinstance(reply.error, CancelledError) for reply in await asyncio.gather(*tasks))
        assert not front.busy

    run(steps)
    assert all(body.closed for body in bodies)


def test_a_body_that_is_too_large_is_refused_by_its_length_and_by_its_bytes() -> None:
    front = front_on(Engine(), Limits(body_bytes=10))
    assert ask(front, "POST", "/sparql", {}, b"x" * 10).status == 200
    for headers in ({"content-length": "11"}, {"content-length": "1", "transfer-encoding": "chunked"}):
        reply = ask(front, "POST", "/sparql", headers, b"x" * 6, b"x" * 5)
        assert (reply.status, reply.headers["connection"]) == (413, "close")
    assert ask(front, "POST", "/sparql", {"content-length": "many"}, b"x").status == 400


def test_no_more_is_read_than_is_allowed() -> None:
    async def steps() -> int:
        headers = {"content-length": "1", "transfer-encoding": "chunked"}
        client = Client(front_on(Engine(), Limits(body_bytes=10)), "POST", "/sparql", headers, *[b"xxxx"] * 100)
        assert (await client.run()).status == 413
        return client.left

    assert run(steps) == 97


def test_a_large_body_needs_a_token_that_is_known() -> None:
    limits = Limits(body_bytes=10, upload_bytes=200_000)
    front = front_on(Engine(), limits, may_upload=lambda token: token == "good")
    large = b"x" * 200_000
    good = {"authorization": "Bearer good"}
    assert ask(front, "PUT", "/graphs", good, large[:100_000], large[100_000:]).body == b"200000"
    assert ask(front, "PUT", "/graphs", good, large, b"x").status == 413
    assert ask(front, "PUT", "/graphs", {"authorization": "Bearer bad"}, large).status == 413
    assert ask(front, "PUT", "/graphs", {"authorization": "Basic good"}, large).status == 413
    assert ask(front, "POST", "/sparql", good, large).status == 413
    assert ask(front_on(Engine(), limits), "PUT", "/graphs", good, large).status == 413


def test_uploads_at_the_same_time_wait_on_the_disk_for_their_turn() -> None:
    inside, most = [0], [0]
    engine = Engine()
    app = application(engine)

    @app.put("/graphs/x")
    def write_slowly() -> str:
        from flask import request

        inside[0] += 1
        most[0] = max(most[0], inside[0])
        length = len(request.get_data())
        inside[0] -= 1
        return str(length)

    async def steps() -> list[Reply]:
        limits = Limits(body_bytes=1000)
        front = Front(app, engine, limits, may_upload=lambda _: True)  # type: ignore[arg-type]
        sending = {"authorization": "Bearer good"}
        clients = [Client(front, "PUT", "/graphs/x", sending, *[BLOCK] * 20) for _ in range(20)]
        return await asyncio.gather(*(client.run() for client in clients))

    assert {reply.body for reply in run(steps)} == {b"1310720"}
    assert most == [1]


def test_what_waits_on_the_disk_is_bounded() -> None:
    limits = Limits(body_bytes=10, spool_bytes=100_000)
    front = front_on(Engine(), limits, may_upload=lambda _: True)
    good = {"authorization": "Bearer good"}
    reply = ask(front, "PUT", "/graphs", good, BLOCK, BLOCK)
    assert (reply.status, reply.headers["retry-after"]) == (503, "10")
    assert ask(front, "PUT", "/graphs", good, BLOCK).status == 200


def test_a_client_who_sends_too_slowly_is_told_and_cut_off() -> None:
    async def steps() -> Reply:
        client = Client(front_on(Engine(), Limits(request_seconds=0.05)), "POST", "/sparql", {}, b"a", b"b")
        client.send_no_more()
        return await client.run()

    reply = run(steps)
    assert (reply.status, reply.headers["connection"]) == (408, "close")


def test_a_large_body_that_keeps_coming_has_its_time() -> None:
    async def steps() -> Reply:
        limits = Limits(request_seconds=0.3, body_bytes=10)
        front = front_on(Engine(), limits, may_upload=lambda _: True)
        client = Client(front, "PUT", "/graphs", {"authorization": "Bearer good"}, b"a" * 10, b"b")
        client.send_no_more()
        task = asyncio.create_task(client.run())
        for _ in range(8):
            await asyncio.sleep(0.1)
            client.send(b"c" * 10)
        client.send(b"d", more=False)
        return await task

    assert run(steps).body == b"92"


def test_a_client_who_leaves_while_sending_is_forgotten() -> None:
    engine = Engine()

    async def steps() -> Reply:
        client = Client(front_on(engine), "POST", "/sparql", {}, b"a", b"b")
        client.send_no_more()
        client.leave()
        return await client.run()

    assert run(steps).status == 503
    assert engine.asked == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_reading_request_may_have_a_body_which_is_ignored(method: str) -> None:
    assert ask(front_on(Engine()), method, QUERY, {}, b"ignored").status == 200


class Old(Client):
    """A client of HTTP/1.0, to whom a body that is broken off looks like one that ends."""

    async def run(self) -> Reply:
        self._scope["http_version"] = "1"
        return await super().run()


def test_an_old_client_gets_no_part_of_what_fails_midway() -> None:
    body = Body(b"first")
    body.add(b"second", QueryTimeoutError("30 s are over"))
    front = front_on(Engine(lambda _: body))
    reply = run(Old(front, "GET", QUERY, {}).run)
    assert (reply.status, reply.error, b"first" in reply.body) == (504, None, False)
    assert body.closed


def test_an_old_client_gets_a_long_answer_with_its_length() -> None:
    body = Body(*[BLOCK] * 20, ended=True)
    front = front_on(Engine(lambda _: body))
    reply = run(Old(front, "GET", QUERY, {}).run)
    assert (reply.status, reply.body, reply.ended) == (200, BLOCK * 20, True)
    assert reply.headers["content-length"] == str(len(BLOCK) * 20)
    assert body.closed
    assert front._replies._gathering.taken == 0


def test_what_waits_for_old_clients_is_bounded() -> None:
    front = front_on(Engine(lambda _: Body(*[BLOCK] * 20, ended=True)), Limits(spool_bytes=500_000))
    assert run(Old(front, "GET", QUERY, {}).run).status == 503
    assert front._replies._gathering.taken == 0


def test_an_old_client_who_leaves_leaves_nothing_behind() -> None:
    body = Body(*[BLOCK] * 20)

    async def steps() -> Reply:
        client = Old(front, "GET", QUERY, {})
        task = asyncio.create_task(client.run())
        await until(lambda: body.taken == 20)
        client.leave()
        return await task

    front = front_on(Engine(lambda _: body))
    assert run(steps).status == 503
    assert (body.closed, front._replies._gathering.taken) == (True, 0)
