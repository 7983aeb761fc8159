"""The service put together: folders that are followed, plain stores, and options that contradict each other."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from patience import DEADLINE
from small_store import build_small
from test_serving import Process
from test_store import build_other

from graph.store import current
from server.cli import main

COMMAND = ("-c", "from server.cli import main; main()", "serve", "--no-log", "--port", "0", "--workers", "2")


class Served(Process):
    """The real command, and a client of it."""

    def __init__(self, *options: str) -> None:
        super().__init__(*COMMAND, *options, stream="stderr")
        while not (url := self.line().partition("Serving ")[2]):
            pass
        self.client = httpx.Client(base_url=url, timeout=DEADLINE)

    def ready(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("readyz").json()
        return found


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_later_build_is_picked_up_and_no_request_is_dropped(tmp_path: Path) -> None:
    build_small(tmp_path)
    with Served("--read-only", "--store", str(tmp_path)) as served:
        until(lambda: served.ready()["ready"])
        first = served.ready()["version"]
        build_other(tmp_path, 1)
        answers = {200}
        while served.ready()["version"] == first:
            answers.add(served.client.get("queries/sources.csv").status_code)
        assert answers == {200}
        assert served.ready()["version"] == current(tmp_path).version
        assert served.client.get("queries/sources.csv").status_code == 200


def test_a_version_that_cannot_be_opened_does_not_take_the_place_of_a_good_one(tmp_path: Path) -> None:
    build_small(tmp_path)
    good = current(tmp_path).version
    with Served("--read-only", "--store", str(tmp_path)) as served:
        until(lambda: served.ready()["ready"])
        manifest = json.loads((tmp_path / "build.json").read_text())
        (tmp_path / "store-bad").mkdir()
        (tmp_path / "new.json").write_text(json.dumps({**manifest, "version": "bad", "store": "store-bad"}))
        (tmp_path / "new.json").replace(tmp_path / "build.json")
        while "still serving version" not in served.line():
            pass
        assert served.ready() == {**served.ready(), "ready": True, "version": good}
        assert served.client.get("queries/meetings.csv").status_code == 200


def test_a_plain_store_is_made_and_not_written_without_leave(tmp_path: Path) -> None:
    with Served("--plain", str(tmp_path / "new"), "--public-url", "https://data.example.org/") as served:
        until(lambda: served.ready()["ready"])
        assert "A SPARQL store" in served.client.get("", headers={"Accept": "text/html"}).text
        described = served.client.get("sparql", headers={"Accept": "text/turtle"}).text
        assert "<https://data.example.org/sparql>" in described
        assert str(served.client.base_url) not in described
        counted = served.client.get("sparql", params={"query": "ASK { ?s ?p ?o }"}, headers={"Accept": "text/csv"})
        assert counted.text.strip() == "false"
        refused = served.client.post("update", data={"update": "INSERT DATA { <a:b> <a:c> 1 }"})
        assert refused.status_code == 403
        assert "--allow-updates" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--plain", "x", "--engine", "http://127.0.0.1/"), "give one of them"),
        (("--allow-updates",), "needs --plain"),
        (("--plain", "x", "--allow-updates"), "does not go with --read-only"),
        (("--default-graph", "http://g/"), "is for --engine"),
        (("--query-seconds", "0"), "at least"),
        (("--public-url", "https://data.example.org/path"), "and no path"),
        (("--allow-service", "file:///etc/passwd"), "cannot be allowed"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    small_store: Path, options: tuple[str, ...], complaint: str
) -> None:
    run = CliRunner().invoke(main, ["serve", "--read-only", "--store", str(small_store), *options])
    assert run.exit_code != 0
    assert complaint in run.output


def test_an_endpoint_elsewhere_stands_behind_the_same_pages(tmp_path: Path, small_store: Path) -> None:
    shutil.copytree(small_store, tmp_path / "copy")
    with Served("--read-only", "--store", str(tmp_path / "copy")) as behind:
        until(lambda: behind.ready()["ready"])
        with Served("--engine", f"{behind.client.base_url}sparql") as served:
            asked = "queries/names-of.csv?territory=southern-kurils"
            assert served.client.get(asked).text == behind.client.get(asked).text
