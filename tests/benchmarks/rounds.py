"""Rounds of load, paired: one on ours, one on the other server, in turn; what is compared are neighbours."""

import json
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from .asked import Asked
from .servers import HOST, Peer

Told = dict[str, Any]

MEASURES = ("p50", "p99", "throughput", "cpu")
"""Latencies, answers a second, and the processor time of all processes of the server for one answer."""
_TICK = 0.01


class LoadError(RuntimeError):
    """A server answered wrongly under load, or the load generator broke off."""


@dataclass(frozen=True)
class Terms:
    """How long a round takes, how many pairs there are, and the seconds after which a query is given up."""

    seconds: float
    pairs: int
    cap: float


@dataclass
class Compared:
    """Pairs of rounds on one query."""

    size: str
    query: str
    form: str
    mode: str
    clients: int
    peer: str
    ours: list[Told] = field(default_factory=list)
    theirs: list[Told] = field(default_factory=list)

    @property
    def lost(self) -> tuple[str, ...]:
        """Who has not answered everything in time: ours, theirs, or both."""
        sides = {"ours": self.ours, "theirs": self.theirs}
        return tuple(side for side, rounds in sides.items() if any(told["unfinished"] for told in rounds))

    def median(self, side: str, what: str) -> float:
        """The median of what was measured on one side, over all rounds."""
        return statistics.median(_value(told, what) for told in getattr(self, side))

    def ratio(self, what: str) -> float:
        """The median of ours by theirs, over neighbouring rounds."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return statistics.median(_value(one, what) / _value(other, what) for one, other in pairs)

    def as_json(self) -> dict[str, Any]:
        """All of it, with the ratios."""
        ratios = {} if self.lost else {what: self.ratio(what) for what in MEASURES}
        return {**asdict(self), "lost": self.lost, "ratios": ratios}


def _value(told: Told, what: str) -> float:
    if what == "throughput":
        return float(told["count"] / told["seconds"])
    if what == "cpu":
        return float(max(told["cpu"], _TICK) / told["count"])
    return float(told[what])


class Generator:
    """The load generator's process."""

    def __init__(self) -> None:
        script = str(Path(__file__).with_name("generator.py"))
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, "-S", "-E", script], stdin=pipe, stdout=pipe, text=True)
        self._number = 1
        self._lengths: dict[tuple[str, str, str], list[int | None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def round(self, peer: Peer, asked: Asked, clients: int, vary: bool, terms: Terms) -> Told:
        """One round, in which every request has a number of its own if they are to vary.

        Answers must have the status 200 and be as long as in the rounds before; raises :class:`LoadError`.
        """
        known = self._lengths.setdefault((peer.name, str(peer.folder), asked.form), [None] * len(asked.texts))
        command = {
            "host": HOST,
            "port": peer.port,
            "requests": [peer.request(text).decode("latin-1") for text in asked.texts],
            "lengths": known,
            "clients": clients,
            "vary": vary,
            "number": self._number,
            "seconds": terms.seconds,
            "cap": terms.cap,
        }
        told = self._answer(command)
        if told.get("failed") or told["wrong"]:
            raise LoadError(f"{peer.name}, {asked.form}: {told.get('failed') or told['first_wrong']}")
        known[:] = told.pop("lengths")
        if vary:
            self._number += told["count"] + clients
        return told

    def _answer(self, command: Told) -> Told:
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise LoadError("the load generator has no pipes")
        process.stdin.write(json.dumps(command) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise LoadError(f"the load generator ended ({process.poll()})")
        told: Told = json.loads(line)
        return told


class Bench:
    """Compares ours with another server, query by query."""

    def __init__(self, generator: Generator, size: str, ours: Peer, terms: Terms) -> None:
        self._generator = generator
        self._size = size
        self._ours = ours
        self._terms = terms

    def compare(self, peer: Peer, asked: Asked, mode: str, clients: int) -> Compared:
        """Rounds on ours and on the other in turn; one that does not finish ends the comparison."""
        found = Compared(self._size, asked.query, asked.form, mode, clients, peer.name)
        vary = mode == "uncached"
        for _ in range(self._terms.pairs):
            for server, told in ((self._ours, found.ours), (peer, found.theirs)):
                before = server.cpu()
                told.append(self._generator.round(server, asked, clients, vary, self._terms))
                told[-1]["cpu"] = server.cpu() - before
            if found.lost:
                for side in found.lost:
                    (self._ours if side == "ours" else peer).restart()
                break
        return found
