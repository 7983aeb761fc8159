"""The benchmarks: ours, Oxigraph's server and rdflib-endpoint on the same data, measured in turn.

``uv run python -m tests.benchmarks.bench`` from the checkout. Servers and load generator share the processors of one
machine, so ratios count and times do not.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from .answers import Answer, difference, read
from .asked import Asked, asked
from .loads import loads
from .report import Report, text_of
from .rounds import Bench, Generator, LoadError, Terms
from .runaway import LIGHT, disturbed
from .servers import PEERS, Ours, Peer, PeerError, RdflibEndpoint, running
from .sizes import SIZES, Size, folder_of

MODES = ("uncached", "cached")
RDFLIB = RdflibEndpoint.name
SECONDS_BESIDE_A_RUNAWAY = 2.0


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.bench", description=__doc__)
    parser.add_argument("--size", choices=(*SIZES, "all"), default="corpus")
    parser.add_argument("--clients", type=_numbers, default=(1, 8, 64), help="such as 1,8,64")
    parser.add_argument("--seconds", type=float, default=0.1, help="how long a round takes")
    parser.add_argument("--pairs", type=int, default=3, help="how many pairs of rounds there are")
    parser.add_argument("--cap", type=float, default=5.0, help="seconds after which a query did not finish")
    parser.add_argument("--peers", type=_names, default=("oxigraph", RDFLIB))
    parser.add_argument("--queries", type=_names, default=(), help="only these saved queries")
    parser.add_argument("--without", type=_names, default=(), help="any of queries,loads,runaway")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--store", type=Path, help="where the sizes' folders are kept, to be used again")
    return parser.parse_args(arguments)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def tell(words: str) -> None:
    """Say what is being done."""
    print(f"[{time.strftime('%H:%M:%S')}] {words}", file=sys.stderr, flush=True)  # noqa: T201


def run(given: argparse.Namespace) -> Report:
    """Measure everything that is asked for."""
    report = Report()
    with ExitStack() as held:
        scratch = Path(held.enter_context(tempfile.TemporaryDirectory()))
        generator = held.enter_context(Generator())
        for size in SIZES.values() if given.size == "all" else (SIZES[given.size],):
            folder = folder_of(size, given.store or scratch, tell)
            OneSize(size, folder, given, report, generator).run(scratch / "loads")
    return report


class OneSize:
    """All measurements at one size."""

    def __init__(
        self, size: Size, folder: Path, given: argparse.Namespace, report: Report, generator: Generator
    ) -> None:
        self._size = size
        self._folder = folder
        self._given = given
        self._report = report
        self._generator = generator
        self._all = asked(size.meetings)
        self._asked = [each for each in self._all if not given.queries or each.query in given.queries]

    def run(self, scratch: Path) -> None:
        """Queries against each peer, runaways, and loading."""
        with running(Ours(self._folder)) as ours:
            for name in self._given.peers:
                if name != RDFLIB or self._size.for_rdflib:
                    self._against(PEERS[name](self._folder), ours)
            self._remember(ours)
        if "loads" not in self._given.without:
            tell(f"{self._size.name}: loading")
            self._report.loaded += loads(self._size.name, self._folder, scratch)

    def _against(self, peer: Peer, ours: Peer) -> None:
        tell(f"{self._size.name}: {peer.name} is being started")
        try:
            with running(peer):
                if "queries" not in self._given.without:
                    self._queries(peer, ours)
                self._remember(peer)
                if "runaway" not in self._given.without and peer.name == "oxigraph":
                    self._runaway(peer, ours)
        except PeerError as error:
            self._report.notes.append(f"{self._size.name}: {peer.name} is left out: {error}")

    def _queries(self, peer: Peer, ours: Peer) -> None:
        bench = Bench(self._generator, self._size.name, ours, self._terms(peer))
        for each in self._asked:
            tell(f"{self._size.name}: {each.form} against {peer.name}")
            try:
                self._compare(bench, each, peer, ours)
            except (LoadError, PeerError) as error:
                self._report.notes.append(f"{self._size.name}: {error}")

    def _terms(self, peer: Peer) -> Terms:
        """rdflib-endpoint is so slow that one pair of rounds tells it."""
        given = self._given
        return Terms(given.seconds, 1 if peer.name == RDFLIB else given.pairs, given.cap)

    def _compare(self, bench: Bench, each: Asked, peer: Peer, ours: Peer) -> None:
        """All ways to ask one query, until a side does not finish with the fewest clients."""
        if not self._same(each, peer, ours):
            return
        for mode, clients in self._kinds(peer):
            found = bench.compare(peer, each, mode, clients)
            self._report.compared.append(found)
            if found.lost and clients == min(self._given.clients):
                return

    def _kinds(self, peer: Peer) -> Iterator[tuple[str, int]]:
        """rdflib-endpoint answers one query at a time, so more is not learnt from more clients."""
        if peer.name == RDFLIB:
            yield from ((mode, min(self._given.clients)) for mode in MODES)
        else:
            yield from ((mode, clients) for clients in self._given.clients for mode in MODES)

    def _same(self, each: Asked, peer: Peer, ours: Peer) -> bool:
        """Note whether both say the same; False where one does not answer in time."""
        for text in each.texts:
            said: list[Answer] = []
            for server in (ours, peer):
                try:
                    said.append(read(server.ask(text, self._given.cap)))
                except TimeoutError:
                    self._report.notes.append(f"{self._size.name}: {each.form} on {server.name}: did not finish")
                    server.restart()
                    return False
            if found := difference(text, *said):
                self._report.differences.append(f"{self._size.name}, {each.form}, {peer.name}: {found}")
        return True

    def _runaway(self, peer: Peer, ours: Peer) -> None:
        light = next(each for each in self._all if each.query == LIGHT)
        seconds = min(SECONDS_BESIDE_A_RUNAWAY, 10 * self._given.seconds)
        terms = Terms(seconds, self._given.pairs, self._given.cap)
        for server in (ours, peer):
            tell(f"{self._size.name}: a runaway on {server.name}")
            self._report.disturbed.append(disturbed(self._size.name, self._generator, server, light, terms))

    def _remember(self, peer: Peer) -> None:
        self._report.memory.setdefault(self._size.name, {})[peer.name] = peer.memory()


def main() -> None:
    """Measure, print the tables, and write the JSON."""
    given = options()
    began = time.monotonic()
    report = run(given)
    print(text_of(report))  # noqa: T201
    tell(f"{time.monotonic() - began:.0f} s")
    if given.json:
        given.json.write_text(json.dumps(report.as_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
