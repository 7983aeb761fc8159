"""What the service tells of itself: metrics, and the log."""

import io
import json
import logging
import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from patience import DEADLINE
from prometheus_client.parser import text_string_to_metric_families
from stand_in import Body, Engine, ask, front_on, get
from test_front import named_host  # noqa: F401 - a fixture for every test

from graph.limits import Limits
from server.front import Front
from server.front import journal as journal_module
from server.front.journal import Journal
from server.front.observed import Metrics, route_of
from server.limits_command import limits_command

QUERY = "/sparql?query=a"
SECRET = "Bearer cq_secret-token"


def samples(front: Front) -> dict[str, float]:
    """The metrics by name and labels."""
    return {
        sample.name + json.dumps(sample.labels, sort_keys=True): sample.value
        for family in text_string_to_metric_families(get(front, "/metrics").body.decode())
        for sample in family.samples
    }


def test_requests_are_counted_by_status_cache_and_outcome() -> None:
    engine = Engine()
    front = front_on(engine)
    get(front, QUERY), get(front, QUERY), get(front, "/nowhere"), ask(front, "BREW", "/id/x")
    found = samples(front)
    assert found['communique_requests_total{"method": "GET", "route": "sparql", "status": "200"}'] == 2
    assert found['communique_requests_total{"method": "GET", "route": "other", "status": "404"}'] == 1
    assert found['communique_requests_total{"method": "other", "route": "id", "status": "405"}'] == 1
    assert found['communique_cache_answers_total{"result": "hit"}'] == 1
    assert found['communique_cache_answers_total{"result": "miss"}'] == 1
    assert found['communique_request_seconds_count{"cache": "hit", "outcome": "ok", "route": "sparql"}'] == 1
    assert found["communique_sent_bytes_total{}"] >= 22


def test_the_engine_is_told_of() -> None:
    engine = Engine()
    front = front_on(engine)
    for outcome in ("ok", "ok", "timeout", "memory", "crash", "crash", "syntax"):
        front.metrics.tell(outcome, 0.02)
    found = samples(front)
    assert found['communique_queries_total{"outcome": "ok"}'] == 2
    assert found['communique_worker_kills_total{"reason": "crash"}'] == 2
    assert found['communique_worker_kills_total{"reason": "timeout"}'] == 1
    assert found["communique_query_seconds_count{}"] == 7
    assert found['communique_query_seconds_bucket{"le": "0.01"}'] == 0
    assert found['communique_query_seconds_bucket{"le": "0.025"}'] == 7
    assert (found["communique_workers{}"], found["communique_busy{}"], found["communique_waiting{}"]) == (4, 1, 0)
    assert found[f'communique_version_info{{"version": "{engine.version}"}}'] == 1
    engine.version = "2" * 64
    found = samples(front)
    assert found[f'communique_version_info{{"version": "{engine.version}"}}'] == 1
    assert found["communique_versions_seen{}"] == 2
    assert "1" * 64 not in repr(vars(front.metrics))


def test_writes_are_counted() -> None:
    front = front_on(Engine())
    for token in ("Bearer good", "Bearer good", "Bearer bad"):
        ask(front, "POST", "/update", {"authorization": token}, b"x")
    found = samples(front)
    assert found['communique_writes_total{"outcome": "ok", "route": "update"}'] == 2
    assert found['communique_writes_total{"outcome": "refused", "route": "update"}'] == 1


def test_queries_are_counted_from_several_threads() -> None:
    metrics = Metrics()
    threads = [threading.Thread(target=lambda: [metrics.tell("ok", 0.1) for _ in range(2000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 'communique_queries_total{outcome="ok"} 16000.0' in metrics.text().decode()


def test_what_a_client_sends_makes_no_new_label() -> None:
    front = front_on(Engine())
    for number in range(50):
        ask(front, f"M{number}", f"/{number}/x")
    assert sum("communique_requests_total" in name for name in samples(front)) <= 2


@pytest.mark.parametrize(
    ("path", "route"),
    [("/", "home"), ("/sparql", "sparql"), ("/queries.json", "queries"), ("/vocab.ttl", "vocab"),
     ("/.well-known/void", ".well-known"), ("/.env", "other"), ("/graphs/a/b", "graphs"), ("//", "home")],
)  # fmt: skip
def test_routes(path: str, route: str) -> None:
    assert route_of(path) == route


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A front that logs, and a way to get its lines."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    engine = Engine()
    front = front_on(engine, log=True)
    front.engine = engine  # type: ignore[attr-defined]

    def read() -> list[dict[str, Any]]:
        front.close()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    read.front = front  # type: ignore[attr-defined]
    yield read
    front.close()


def test_each_request_is_one_line(lines: Any) -> None:
    front = lines.front
    get(front, QUERY, x_request_id="one"), get(front, QUERY, x_request_id="two"), get(front, "/nowhere")
    miss, hit, missing = lines()
    assert set(miss) == set(hit)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", hit["time"])
    assert (miss["request_id"], miss["cache"], miss["status"], miss["outcome"]) == ("one", "miss", 200, "ok")
    assert (hit["request_id"], hit["cache"], hit["status"], hit["bytes"]) == ("two", "hit", 200, 11)
    assert (hit["address"], hit["method"], hit["path"]) == ("192.0.2.1", "GET", "/sparql")
    assert miss["query"] == hit["query"] == "ca978112ca1bbdca"
    assert hit["version"] == "1" * 64
    assert hit["milliseconds"] >= 0
    assert (missing["status"], missing["outcome"], missing["query"]) == (404, "refused", "")


def test_a_request_cannot_write_a_line_of_its_own(lines: Any) -> None:
    evil = 'x"}\n{"forged": 1'
    get(lines.front, f"/id/{evil}"), get(lines.front, f"/id/{evil}")
    get(lines.front, QUERY, x_request_id=evil)
    found = lines()
    assert len(found) == 3
    assert all("forged" not in line for line in found)
    assert [line["path"] for line in found[:2]] == [f"/id/{evil}"] * 2


def test_an_address_cannot_write_into_a_line(lines: Any) -> None:
    for _ in range(2):
        ask(lines.front, "GET", QUERY, address='x", "forged": "1')
    assert [line["address"] for line in lines()] == ['x", "forged": "1'] * 2


def test_no_token_and_no_parameter_is_written(lines: Any) -> None:
    front = lines.front
    ask(front, "POST", "/update?token=cq_secret-token", {"authorization": SECRET}, b"cq_secret-token")
    ask(front, "GET", "/fails?access_token=cq_secret-token", {"authorization": SECRET})
    get(front, "/sparql?query=secret-token"), get(front, "/sparql?query=secret-token")
    assert "secret-token" not in json.dumps(lines())


def test_a_fault_of_ours_is_written_in_full_once(lines: Any) -> None:
    get(lines.front, "/fails", x_request_id="of-ours")
    found = lines()
    traces = [line for line in found if "trace" in line]
    assert len(traces) == 1
    assert "RuntimeError: a fault of ours" in traces[0]["trace"]
    assert {line["request_id"] for line in found} == {"of-ours"}


def test_a_body_that_fails_midway_is_written_with_its_fault(lines: Any) -> None:
    body = Body(b"first")
    body.add(b"", RuntimeError("broken midway"))
    lines.front.engine.give = lambda _: body
    get(lines.front, QUERY)
    fault, request = lines()
    assert "broken midway" in fault["trace"]
    assert (request["status"], request["outcome"], request["bytes"]) == (200, "failed", 5)


def test_nothing_is_written_unless_asked(capfd: pytest.CaptureFixture[str]) -> None:
    front = front_on(Engine())
    get(front, QUERY)
    front.close()
    assert capfd.readouterr() == ("", "")


class Stuck(io.StringIO):
    """A reader of the log who has stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()

    def write(self, text: str) -> int:
        self.free.wait(20)
        return super().write(text)


def test_a_log_that_nobody_reads_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "MOST_WAITING", 100)
    stream = Stuck()
    journal = Journal(stream)
    for number in range(1000):
        journal.write(f'"{number}"')
    stream.free.set()
    deadline = time.monotonic() + DEADLINE
    while "lost" not in stream.getvalue() and time.monotonic() < deadline:
        journal.tell(more=True)
    journal.close()
    assert re.search(r"\d+ lines lost", stream.getvalue())
    assert '"0"' in stream.getvalue()


class Full(io.StringIO):
    """A disk that is full for a while."""

    full = True

    def write(self, text: str) -> int:
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(text)


def test_a_log_that_cannot_be_written_is_tried_again() -> None:
    stream = Full()
    journal = Journal(stream)
    journal.write('"lost"')
    deadline = time.monotonic() + DEADLINE
    while not journal._lost and time.monotonic() < deadline:
        time.sleep(0.01)
    assert journal._thread.is_alive()
    stream.full = False
    journal.write('"written"')
    journal.close()
    assert '"written"' in stream.getvalue()
    assert "1 lines lost" in stream.getvalue()


def test_python_s_own_log_stands_in_it() -> None:
    stream = io.StringIO()
    journal = Journal(stream)
    logging.getLogger("some.module").warning("two\nlines of %s", "text")
    journal.close()
    logging.getLogger("some.module").warning("later")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["message"] == "two\nlines of text"


def test_limits_are_shown_with_their_values_and_reasons(tmp_path: Path) -> None:
    runner = CliRunner()
    found = runner.invoke(limits_command, ["--format", "json"], env={"COMMUNIQUE_QUERY_SECONDS": "7.5"})
    rows = {row["limit"]: row for row in json.loads(found.output)}
    assert len(rows) == len(Limits.__dataclass_fields__)
    row = rows["query_seconds"]
    assert (row["value"], row["default"], row["unit"]) == ("7.5", "30", "seconds")
    assert row["setting"] == "COMMUNIQUE_QUERY_SECONDS"
    assert all(row["reason"] for row in rows.values())
    assert "query_seconds" in runner.invoke(limits_command).output
    wrong = runner.invoke(limits_command, env={"COMMUNIQUE_QUERY_SECONDS": "long"})
    assert wrong.exit_code == 1
    assert "COMMUNIQUE_QUERY_SECONDS is 'long'" in wrong.output
