"""The W3C's test suites, over HTTP against a freshly started plain server, by the runner of ``../shared/tools``.

What fails is listed here, and in ``docs/conformance.md``, with the reason. A test that fails and is not listed fails
this one, and so does one that is listed and passes.
"""

import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.access import Tokens

pytestmark = [pytest.mark.shared, pytest.mark.conformance]

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
RUNNER = SHARED / "tools" / "w3c_http.py"
DOCS = ROOT / "docs" / "conformance.md"
START = 30
WHOLE = 900

LEAST = {
    "1.1 protocol": (34, 34),
    "1.1 gsp-indirect": (9, 9),
    "1.1 gsp-direct": (4, 4),
    "1.1 service-description": (3, 3),
    "1.1 update-eval": (94, 94),
    "1.1 update-syntax": (55, 55),
    "1.1 query-eval": (215, 225),
    "1.1 query-syntax": (113, 114),
    "1.1 results": (9, 10),
}
LEAST_1_2 = (264, 269)

_EMPTY_PATH = "Oxigraph lets a path of no length match only terms that are in the data; the graph here is empty"
_GRAPH_VARIABLE = "Oxigraph evaluates what stands in GRAPH ?g without binding ?g first"
FAILING = {
    "sparql11/aggregates#agg-groupconcat-04": "Oxigraph keeps the language tag that all the strings share",
    "sparql11/aggregates#agg-groupconcat-06": "Oxigraph keeps the language tag of the only string",
    "sparql11/aggregates#agg-empty-group-count-graph": _GRAPH_VARIABLE,
    "sparql11/bindings#graph": _GRAPH_VARIABLE,
    "sparql11/negation#graph-minus": _GRAPH_VARIABLE,
    "sparql11/functions#bnode01": "Oxigraph's BNODE(text) is one blank node in all solutions, not one in each",
    "sparql11/property-path#zero_or_more_set_start": _EMPTY_PATH,
    "sparql11/property-path#zero_or_more_set_end": _EMPTY_PATH,
    "sparql11/property-path#zero_or_one_set_start": _EMPTY_PATH,
    "sparql11/property-path#zero_or_one_set_end": _EMPTY_PATH,
    "sparql11/syntax-fed#test_3": "on purpose: SERVICE, also SILENT, is refused in words where it may not be asked",
    "sparql11/csv-tsv-res#tsv03": "Oxigraph stores numbers by value: 1.0e6 loses its spelling, -3 its derived type",
    "sparql12/grouping#group01": "Oxigraph stores numbers by value: 1 and 001 are one term",
    "sparql12/grouping#select-variable-reuse": "Oxigraph's parser takes no variable that SELECT itself has made",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    if not RUNNER.is_file() or not (SHARED / "w3c").is_dir():
        pytest.skip("../shared/w3c and ../shared/tools/w3c_http.py are not there")
    folder = tmp_path_factory.mktemp("conformance") / "plain"
    token = Tokens(folder).new(["update", "graph-store"])
    server, url = started(folder)
    try:
        yield run(url, token)
    finally:
        server.terminate()
        server.wait(START)


def started(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """The server, and its URL once it takes connections. Two workers, since each reads every version written."""
    command = [sys.executable, "-c", "from server.cli import main; main()", "serve", "--plain", str(folder)]
    server = subprocess.Popen(
        [*command, "--allow-updates", "--port", "0", "--workers", "2"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in server.stderr or ():
            lines.put(line)

    threading.Thread(target=read, daemon=True).start()
    while not (url := lines.get(timeout=START).partition("Serving ")[2].strip()):
        pass
    return server, url.rstrip("/")


def run(url: str, token: str) -> dict[str, Any]:
    targets = ["--endpoint-query", f"{url}/sparql", "--endpoint-update", f"{url}/update", "--gsp", f"{url}/graphs"]
    command = [sys.executable, str(RUNNER), *targets, "--suite", str(SHARED / "w3c"), "--token", token, "--json", "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WHOLE, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def score(outcomes: dict[str, Any], group: str) -> tuple[int, int]:
    return outcomes["groups"][group]["passed"], outcomes["groups"][group]["total"]


@pytest.mark.parametrize("group", LEAST)
def test_each_group_of_1_1_passes_at_least_so_much(outcomes: dict[str, Any], group: str) -> None:
    passed, total = score(outcomes, group)
    assert (passed >= LEAST[group][0], total) == (True, LEAST[group][1]), f"{group}: {passed} of {total}"


def test_all_groups_of_1_2_pass_at_least_so_much(outcomes: dict[str, Any]) -> None:
    scores = [score(outcomes, group) for group in outcomes["groups"] if group.startswith("1.2 ")]
    passed, total = (sum(numbers) for numbers in zip(*scores, strict=True))
    assert (passed >= LEAST_1_2[0], total) == (True, LEAST_1_2[1]), f"{passed} of {total}"


def test_what_fails_is_what_is_listed(outcomes: dict[str, Any]) -> None:
    details = {test["id"]: test["detail"] for test in outcomes["tests"] if test["status"] in ("fail", "error")}
    unlisted = {name: detail for name, detail in details.items() if name not in FAILING}
    assert not unlisted, "these fail and are not listed"
    assert not set(FAILING) - set(details), "these are listed and pass"


def test_the_documentation_lists_the_same(outcomes: dict[str, Any]) -> None:
    if not DOCS.is_file():
        pytest.skip("docs/conformance.md is not there (the wheel has no docs)")
    text = DOCS.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(sparql1[12]/[^`]+)` \| (.+?) \|$", text, re.MULTILINE)
    assert dict(rows) == FAILING
    for group in outcomes["groups"]:
        if outcomes["groups"][group]["total"]:
            passed, total = score(outcomes, group)
            assert f"| {group} | {passed}/{total} |" in text, group
