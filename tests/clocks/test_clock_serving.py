"""The clocks of the real service: workers, kept answers, and a later version; and of the shell."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, parse
from small_corpus import SmallCorpus
from test_known_at import DIALOGUE, SUMMIT, TALKS

from graph.limits import Limits
from graph.store.corpus import read_manifest, recorded_versions, write
from graph.store.plain import PlainStore
from server.cli import main

SECONDS = 120.0
QUERY = "SELECT ?m { ?m a <https://w3id.org/communique/vocab#Meeting> }"


class Served:
    """The real service on a folder, and a client of it."""

    def __init__(self, *options: str) -> None:
        path = os.pathsep.join(each or str(Path.cwd()) for each in sys.path)
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from server.cli import main; main()",
                "serve",
                "--no-log",
                "--port",
                "0",
                *options,
            ],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert self._process.stderr is not None
        url = next(line for line in self._process.stderr if line.startswith("Serving ")).split()[1]
        threading.Thread(target=self._process.stderr.read, daemon=True).start()
        self.client = httpx.Client(base_url=url, timeout=SECONDS)

    def version(self) -> str:
        return str(self.client.get("readyz").json()["version"])

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self._process.terminate()
        self._process.wait(SECONDS)


@pytest.fixture
def small(tmp_path: Path) -> SmallCorpus:
    return SmallCorpus(tmp_path).write()


@pytest.fixture
def corpus(built: Path, tmp_path: Path) -> Path:
    """A copy of the built corpus, to be changed."""
    shutil.copytree(built, tmp_path / "corpus", ignore=shutil.ignore_patterns("views"))
    return tmp_path / "corpus"


def without_000(folder: Path) -> None:
    """A later version, of 1 December 2026, in which nothing of the document 000 stands."""
    held = read_manifest(folder)
    quads = parse((folder / held.dataset).read_bytes(), format=RdfFormat.N_QUADS)
    kept = [quad for quad in quads if "kistanov" not in str(quad) and "strategic-dialogue" not in str(quad)]
    write(folder, kept, "later", {}, held.sources, "2026-12-01")


def test_kept_answers_never_mix_views_and_a_later_version_is_another_one(corpus) -> None:
    with Served("--read-only", "--store", str(corpus), "--view-waiting-seconds", "120") as served:

        def ask(**given: str):
            named = {name.replace("_", "-"): value for name, value in given.items()}
            response = served.client.get(
                "sparql",
                params={"query": QUERY, **named},
                headers={"Accept": "application/sparql-results+json"},
            )
            assert response.status_code == 200, response.text
            return response, len(response.json()["results"]["bindings"])

        asked = ({}, {"known_at": "2017-03-20"}, {"known_at": "2017-04-10", "certainty": "possible"})
        asked = (*asked, {"known_at": "2017-03-19"}, {"recorded_at": "2020-01-01"})
        numbers = [8, 4, 8, 0, 0]
        # What was possibly known on 10 April is all there is: the answer without clocks is at hand.
        firsts = ["miss", "miss", "hit", "miss", "miss"]
        for turns in (firsts, ["hit"] * 5, ["hit"] * 5):
            for given, number, turn in zip(asked, numbers, turns, strict=True):
                response, found = ask(**given)
                assert (found, response.headers["X-Cache"]) == (number, turn), given
        assert len({ask(**given)[0].headers["ETag"] for given in asked}) == len(asked)
        assert not (corpus / "views").exists(), "--read-only writes nothing into the folder"

        first = served.version()
        without_000(corpus)
        deadline = time.monotonic() + SECONDS
        while served.version() == first:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert ask()[1] < 8
        before, number = ask(recorded_at="2026-11-30")
        assert number == 8
        assert before.headers["ETag"][1:17] == first[:16]
        assert ask(recorded_at="2026-12-01")[1] == ask()[1]
        assert ask(recorded_at="2026-11-21", known_at="2017-03-20")[1] == 4
        assert "communique_engine_cache" in served.client.get("metrics").text


def test_a_version_whose_snapshot_is_gone_is_asked_all_the_same(corpus, runner) -> None:
    held = recorded_versions(corpus)[0].version
    without_000(corpus)
    shutil.rmtree(corpus / f"store-{held[:16]}")
    (corpus / f"dataset-{held[:16]}.nq").unlink()
    query = corpus / "query.rq"
    query.write_text(QUERY)
    for day, number in (("2026-11-21", 8), ("2026-11-20", 0)):
        done = runner.invoke(
            main, ["query", str(query), "--store", str(corpus), "--recorded-at", day, "--format", "csv"]
        )
        assert done.exit_code == 0, done.output
        assert len(done.stdout.splitlines()) == 1 + number
    assert held[:16] in {path.name for path in (corpus / "views").iterdir()}


@pytest.mark.parametrize(
    "name", ["merge", "merged[]", "merged%20", "+Merged", "MERGE", "known-at[]", "known.at", "recorded-at%00"]
)
def test_a_misspelt_clock_is_refused_with_its_right_name(corpus_client, name) -> None:
    response = corpus_client.get(f"/reconcile?{name}=true")
    assert response.status_code == 400
    meant = next(each for each in ("merged", "known-at", "recorded-at") if each[:5] in name.lower().replace(".", "-"))
    assert f"it is called '{meant}'" in response.json["detail"]


@pytest.mark.parametrize("clock", ["known-at=2017-03-20", "merged=true"])
def test_nothing_is_judged_at_a_clock(timed, clock) -> None:
    response = timed.post(f"/wikidata/judge?{clock}", data={"judgement": "x"}, headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert "what is written has no clocks" in response.json["detail"]
    assert timed.post("/wikidata/judge?merged=false", data={"judgement": "x"}).status_code == 403


class TestShell:
    @pytest.fixture
    def run(self, built, runner: CliRunner, tmp_path):
        shutil.copytree(built, tmp_path / "store", ignore=shutil.ignore_patterns("views"))

        def runs(*words: str):
            return runner.invoke(main, words, env={"COMMUNIQUE_STORE": str(tmp_path / "store")})

        return runs

    def test_it_asks_saved_queries_its_own_and_for_evidence(self, run, tmp_path) -> None:
        asked = run("ask", "meetings", "--known-at", "2017-04-10", "--format", "json")
        rows = json.loads(asked.stdout)["results"]["bindings"]
        marks = {row["meeting"]["value"].rpartition("/")[2]: row["certainty"]["value"] for row in rows}
        assert marks[SUMMIT.partition(":")[2]] == marks[DIALOGUE.partition(":")[2]] == "possible"
        certain = run("ask", "meetings", "--known-at", "2017-04-10", "--certainty", "certain", "--format", "csv")
        assert len(certain.stdout.splitlines()) == 1 + 2, "of the other two, the number of documents is not certain"
        (tmp_path / "q.rq").write_text(QUERY)
        own = run("query", str(tmp_path / "q.rq"), "--known-at", "2017-04-10", "--format", "csv")
        assert len(own.stdout.splitlines()) == 1 + 4
        assert "--certainty possible" in own.stderr
        words = run("evidence", TALKS, "--known-at", "2017-03-20")
        assert "The Moscow Times" in words.stdout
        assert "EastRussia" not in words.stdout
        assert "; possible)" in run("evidence", DIALOGUE, "--known-at", "2017-04-10").stdout

    @pytest.mark.parametrize("options", [("--known-at", "2017"), ("--certainty", "certain"), ("--recorded-at", "x")])
    def test_it_refuses_what_is_no_clock(self, run, options) -> None:
        done = run("ask", "meetings", *options)
        assert done.exit_code == 1
        assert done.stderr.startswith("Error: ")

    def test_a_plain_store_has_no_clocks(self, runner, tmp_path) -> None:
        PlainStore(tmp_path / "plain", Limits(), lambda _: None).close()
        words = ["ask", "meetings", "--known-at", "2017-03-20", "--store", str(tmp_path / "plain")]
        done = runner.invoke(main, words)
        assert done.exit_code == 1
        assert "a plain store has no clocks" in done.stderr

    def test_a_build_is_recorded_when_it_is_told(self, runner, small, tmp_path) -> None:
        out = tmp_path / "out"

        def build(*words: str):
            given = ["build", "--out", str(out), "--corpus", str(small.corpus), "--documents", str(small.texts)]
            return runner.invoke(main, [*given, *words])

        assert build().exit_code == 0
        assert [each.time for each in recorded_versions(out)] == ["2026-11-21"]
        small.assertions = small.assertions[:1]
        small.write()
        early = build("--recorded", "2026-11-20")
        assert early.exit_code == 1
        assert "lies before that of version" in early.stderr
        assert build("--recorded", "2027-01-01T10:00:00Z").exit_code == 0
        small.text += "More was said.\n"
        small.write()
        assert build().exit_code == 0, "by default never before the last one"
        assert [each.time for each in recorded_versions(out)][1:] == ["2027-01-01T10:00:00Z"] * 2
