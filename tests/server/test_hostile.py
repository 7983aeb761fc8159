"""Real servers under hostile requests: nothing reaches the trap, nothing fails, nothing hangs."""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit

import hostile
import httpx
import pytest
from patience import DEADLINE

SERVER_ERROR = 500
MAIN = ("-c", "from server.cli import main; main()")
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


class Served:
    """A server that runs the command, in a process of its own, with a client for it."""

    def __init__(self, trap: hostile.Trap, *arguments: str, token: str = "") -> None:
        self.trap = trap
        self.process = subprocess.Popen(
            [sys.executable, *MAIN, "serve", "--port", "0", *arguments],
            env=ENVIRONMENT,
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()
        while not (url := lines.get(timeout=DEADLINE).partition("Serving ")[2].strip()):
            pass
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.client = httpx.Client(base_url=url, headers=headers, timeout=DEADLINE, trust_env=False)

    def _read(self, lines: "queue.Queue[str]") -> None:
        for line in self.process.stderr or ():
            lines.put(line)

    def send(self, method: str, target: str, **given: object) -> httpx.Response:
        """One request, whose answer must be none of a failing server, nor lead elsewhere."""
        response = self.client.request(method, httpx.URL(target), **given)  # type: ignore[arg-type]
        assert response.status_code < SERVER_ERROR, response.text
        assert urlsplit(response.headers.get("location", "")).netloc == ""
        return response

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(DEADLINE)


@pytest.fixture(scope="module")
def trap() -> Iterator[hostile.Trap]:
    with hostile.Trap() as listening:
        yield listening


@pytest.fixture(autouse=True)
def nothing_comes(request: pytest.FixtureRequest, trap: hostile.Trap) -> Iterator[None]:
    """In no test may the trap be touched, but in the one that sees whether it is there."""
    before = trap.count()
    yield
    own = request.function is test_the_trap_sees_whoever_comes
    assert trap.count() == before + own, "the server has reached out"


@pytest.fixture(scope="module")
def corpus(trap: hostile.Trap, small_store: Path) -> Iterator[Served]:
    """A server on the small corpus."""
    with Served(trap, "--read-only", "--store", str(small_store)) as served:
        yield served


@pytest.fixture(scope="module")
def plain(trap: hostile.Trap, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on a plain store that whoever asks may write."""
    folder = tmp_path_factory.mktemp("hostile") / "plain"
    command = [sys.executable, *MAIN, "token", str(folder), "--scope", "update,graph-store"]
    folder.mkdir()
    made = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=DEADLINE, check=True)
    with Served(trap, "--plain", str(folder), "--allow-updates", token=made.stdout.strip()) as served:
        loaded = served.send(
            "PUT", "graphs?default", content=b"<a:a> <a:b> 'x' .", headers={"Content-Type": "text/turtle"}
        )
        assert loaded.is_success, loaded.text
        yield served


@pytest.fixture(params=["corpus", "plain"])
def served(request: pytest.FixtureRequest) -> Served:
    """Each of the two servers."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Served)
    return found


def test_the_trap_sees_whoever_comes(trap: hostile.Trap) -> None:
    assert httpx.get(trap.url(), trust_env=False).status_code == 404


@pytest.mark.parametrize("query", [*hostile.REACHING, *hostile.TRYING])
def test_hostile_queries(served: Served, query: str) -> None:
    text = served.trap.set(query)
    refused = [
        served.send("GET", "sparql?query=" + quote(text)),
        served.send("POST", "sparql", data={"query": text}),
        served.send("POST", "sparql", content=text.encode(), headers={"Content-Type": "application/sparql-query"}),
    ]
    if query in hostile.REACHING:
        assert {response.status_code for response in refused} <= {400, 403}
        assert all("SERVICE" in response.text for response in refused)


@pytest.mark.parametrize("update", [*hostile.REACHING_UPDATES, *hostile.TRYING_UPDATES])
def test_hostile_updates(served: Served, update: str) -> None:
    text = served.trap.set(update)
    served.send("POST", "update", data={"update": text})
    served.send("POST", "update", content=text.encode(), headers={"Content-Type": "application/sparql-update"})
    served.send("POST", "sparql", data={"update": text})
    served.send("GET", "sparql?query=" + quote(text))


@pytest.mark.parametrize("path", hostile.PATHS)
def test_hostile_addresses(served: Served, path: str) -> None:
    target = str(served.client.base_url).rstrip("/") + served.trap.set(path)
    for accept in ("text/html", "text/turtle", "*/*"):
        served.send("GET", target, headers={"Accept": accept})


@pytest.mark.parametrize("headers", hostile.HEADERS)
def test_hostile_headers(served: Served, headers: dict[str, str]) -> None:
    given = {name: served.trap.set(value) for name, value in headers.items()}
    for target in (
        "",
        "queries",
        "queries/meetings",
        "sparql",
        "id/person/lavrov",
        "graphs?default",
        ".well-known/void",
    ):
        served.send("GET", target, headers=given)


@pytest.mark.parametrize(
    "parameters",
    ["using-graph-uri={}", "using-named-graph-uri={}", "using-graph-uri={}&using-named-graph-uri={}"],
)
def test_graphs_beside_an_update_are_only_names(served: Served, parameters: str) -> None:
    for address in (served.trap.url("absent"), "file:///etc/hostname"):
        target = "update?" + parameters.replace("{}", quote(address))
        update = "INSERT { ?s <a:copied> ?o } WHERE { ?s ?p ?o }"
        served.send("POST", target, content=update, headers={"Content-Type": "application/sparql-update"})
    left = served.send("GET", "sparql?query=" + quote("ASK { ?s <a:copied> ?o }"), headers={"Accept": "text/csv"})
    assert "true" not in left.text


@pytest.mark.parametrize(("media_type", "text"), hostile.UPLOADS)
def test_hostile_uploads(served: Served, media_type: str, text: str) -> None:
    data = served.trap.set(text).encode()
    headers = {"Content-Type": served.trap.set(media_type)}
    for method in ("PUT", "POST"):
        served.send(method, "graphs?graph=" + quote("urn:upload"), content=data, headers=headers)
        served.send(method, "graphs?graph=" + quote(served.trap.url()), content=data, headers=headers)
    files = {"graph": ("x", data, headers["Content-Type"])}
    served.send("POST", "graphs?default", files=files)
    asked = "sparql?query=" + quote(
        "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(CONTAINS(STR(?o), 'root:')) }"
    )
    assert "root:" not in served.send("GET", asked, headers={"Accept": "text/csv"}).text


@pytest.mark.parametrize("query", hostile.INNOCENT)
def test_innocent_queries(served: Served, query: str) -> None:
    response = served.send("POST", "sparql", data={"query": query})
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("update", hostile.INNOCENT_UPDATES)
def test_innocent_updates(plain: Served, update: str) -> None:
    response = plain.send("POST", "update", data={"update": update})
    assert response.is_success, response.text


def test_what_is_allowed_by_mistake_does_not_lead_to_this_machine(trap: hostile.Trap, small_store: Path) -> None:
    addresses = [trap.set(each) for each in ("http://TRAP/", "http://localhost:PORT/", "http://2130706433:PORT/")]
    options = [part for address in addresses for part in ("--allow-service", address)]
    with Served(trap, "--read-only", "--store", str(small_store), *options) as served:
        for address in addresses:
            query = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
            assert served.client.post("sparql", data={"query": query}).status_code == 502
            silent = served.send("POST", "sparql", data={"query": query.replace("SERVICE", "SERVICE SILENT")})
            assert silent.is_success, silent.text
        other = served.send("POST", "sparql", data={"query": "ASK { SERVICE <http://other.example/> {} }"})
        assert other.status_code == 403


def test_both_servers_are_as_they_were(corpus: Served, plain: Served) -> None:
    for served in (corpus, plain):
        assert served.process.poll() is None
        assert served.send("GET", "healthz").status_code == 200
