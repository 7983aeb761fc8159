"""The benchmarks run through, at corpus size and with tiny rounds; how fast anything is, is not asserted."""

import json
import socket
from argparse import Namespace
from pathlib import Path

import pytest
from benchmarks import reasoning
from benchmarks.answers import Answer, difference, is_total, order_of, read
from benchmarks.asked import asked
from benchmarks.bench import MODES, options, run
from benchmarks.generator import at, body_of, is_whole
from benchmarks.report import Report, Target, text_of
from benchmarks.rounds import Compared, Generator, Terms
from benchmarks.servers import HOST, PEERS, Oxigraph, Peer, running

from graph.saved_query import catalogue

pytestmark = pytest.mark.benchmarks

TINY = ("--seconds", "0.02", "--pairs", "1", "--cap", "20")


@pytest.fixture(scope="module")
def stores(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the corpus' folder is found, so that it is not built again."""
    folder = tmp_path_factory.mktemp("sizes")
    (folder / "corpus").symlink_to(built)
    return folder


def tiny(stores: Path, *more: str) -> Namespace:
    return options([*TINY, "--store", str(stores), *more])


@pytest.fixture(scope="module")
def report(stores: Path) -> Report:
    return run(tiny(stores, "--clients", "1,8", "--peers", "oxigraph"))


def test_each_saved_query_is_answered_alike_by_ours_and_by_oxigraph(report: Report) -> None:
    assert report.differences == []
    assert report.notes == []


def test_every_saved_query_is_measured_in_every_way(report: Report) -> None:
    measured = {(each.query, each.mode, each.clients) for each in report.compared}
    assert measured == {(query, mode, clients) for query in catalogue() for mode in MODES for clients in (1, 8)}
    assert not any(each.lost for each in report.compared)


def test_answers_are_cached_when_asked_again_and_not_when_the_text_is_new(report: Report) -> None:
    dear = [each for each in report.compared if each.query == "disagreements" and each.clients == 1]
    rates = {each.mode: each.median("ours", "throughput") for each in dear}
    assert rates["cached"] > rates["uncached"]


def test_ratios_are_reported_beside_their_targets(report: Report) -> None:
    told = text_of(report)
    for name in catalogue():
        assert f"\n{name}" in told
    for words in ("targets are met", "load by upload", "load by build", "beside a runaway", "memory of ours"):
        assert words in told
    found = json.loads(json.dumps(report.as_json()))
    assert len(found["targets"]) == sum(1 for _ in report.verdicts()) > 2 * len(catalogue())
    assert {item["met"] for item in found["targets"]} <= {True, False}


def test_rdflib_endpoint_is_measured_too(stores: Path) -> None:
    given = ("--queries", "participants", "--peers", "rdflib-endpoint", "--without", "loads", "--clients", "1")
    report = run(tiny(stores, *given))
    assert [(each.mode, each.lost) for each in report.compared] == [("uncached", ()), ("cached", ())]
    assert [verdict[1] for verdict in report.verdicts()] == 2 * [Target("p50", 1.0), Target("throughput", 1.0, True)]


class Silent(Peer):
    """A server that takes connections and never answers."""

    name = "silent"

    def start(self) -> None:
        self._listening = socket.create_server((HOST, 0))
        self.port = self._listening.getsockname()[1]

    def stop(self) -> None:
        self._listening.close()


def test_a_server_that_does_not_finish_is_told(stores: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PEERS, "silent", Silent)
    given = ("--queries", "meetings,sources", "--peers", "silent", "--without", "loads", "--cap", "0.5")
    report = run(tiny(stores, *given))
    assert report.compared == []
    assert [note.partition(" on ")[2] for note in report.notes] == 2 * ["silent: did not finish"]
    with Generator() as generator, running(Silent(stores / "corpus")) as silent:
        terms = Terms(0.01, 1, 0.05)
        for vary in (True, False):
            lost = generator.round(silent, asked(None)[0], 2, vary, terms)
            assert (lost["count"], lost["unfinished"]) == (0, 2)


def test_an_answer_that_differs_is_noticed(stores: Path) -> None:
    query = next(each for each in asked(None) if each.query == "meetings").texts[0]
    with running(Oxigraph(stores / "corpus")) as server:
        answer = read(server.ask(query, 20))
    assert order_of(query) == ("earliest", "latest", "meeting")
    assert is_total(query, answer)
    assert difference(query, answer, answer) == ""
    turned = Answer(answer.variables, answer.solutions[::-1], answer.length)
    assert "another order" in difference(query, answer, turned)
    fewer = Answer(answer.variables, answer.solutions[1:], answer.length)
    assert "1 only in ours" in difference(query, answer, fewer)


def told(p50: float, count: int = 10, unfinished: int = 0) -> dict[str, float]:
    return {"p50": p50, "p99": p50, "count": count, "seconds": 1.0, "unfinished": unfinished, "cpu": 0.1}


def test_targets_depend_on_what_a_query_costs_the_other_server() -> None:
    quick = Compared("corpus", "q", "q", "uncached", 1, "oxigraph", [told(0.002)], [told(0.001)])
    slow = Compared("corpus", "s", "s", "uncached", 1, "oxigraph", [told(0.02)], [told(0.01)])
    kept = Compared("corpus", "s", "s", "cached", 64, "oxigraph", [told(0.001, 100)], [told(0.6)])
    report = Report([quick, slow, kept])
    assert [(target, met) for _, target, _, met in report.verdicts()] == [
        (Target("p50", 3.0), True),
        (Target("p50", 1.2), False),
        (Target("throughput", 10.0, at_least=True), True),
    ]


def test_not_finishing_misses_the_target_unless_the_other_does_not_either() -> None:
    ours = Compared("corpus", "q", "q", "uncached", 1, "oxigraph", [told(0.1, 0, 1)], [told(0.01)])
    both = Compared("corpus", "r", "r", "uncached", 1, "oxigraph", [told(0.1, 0, 1)], [told(0.1, 0, 1)])
    report = Report([ours, both])
    assert [(name.split()[1], met) for name, _, _, met in report.verdicts()] == [("q", False)]
    assert "ours did not finish" in text_of(report)
    assert "ours and theirs did not finish" in text_of(report)


def test_an_answer_is_whole_by_its_length_or_by_its_last_chunk() -> None:
    counted = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    for answer in (counted, chunked):
        assert is_whole(answer)
        assert not any(is_whole(answer[:end]) for end in range(len(answer)))
        assert body_of(answer) == b"abcde"
    assert [at([1.0, 2.0, 3.0, 4.0], part) for part in (0.5, 0.99)] == [2.0, 4.0]


def test_reasoning_is_measured_beside_other_reasoners_and_its_targets(stores: Path) -> None:
    pytest.importorskip("reasonable")
    given = reasoning.options(["--meetings", "100,200", "--count", "1", "--store", str(stores)])
    found = reasoning.run(given)
    told = reasoning.text_of(found)
    assert [each.meetings for each in found.derived] == [100, 200]
    assert {each.way for each in found.changed} == {"in", "out"}
    assert {(each.name, each.missing) for each in found.beside} == {("reasonable", 0), ("owlrl", 0)}
    assert {each.kind for each in found.timed} == {"proof", "row"}
    assert {each.what for each in found.timed if each.kind == "row"} <= set(catalogue())
    for words in ("premises/s", "of the whole run", "× its time", "proof cq:met", "row meetings"):
        assert words in told
    assert json.loads(json.dumps(found.as_json()))["derived"][0]["meetings"] == 100
