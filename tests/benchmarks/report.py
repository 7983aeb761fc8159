"""What was measured, beside what the issue asks for, as tables and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .loads import Loaded
from .rounds import MEASURES, Compared
from .runaway import Disturbed

SLOW = 0.005
"""Seconds: what a query costs Oxigraph decides which target holds for it."""
MANY = 8
"""From so many clients on, kept answers must come faster everywhere."""


@dataclass(frozen=True)
class Target:
    """A bound on a ratio, ours by theirs."""

    what: str
    bound: float
    at_least: bool = False

    def __str__(self) -> str:
        return f"{self.what} {'≥' if self.at_least else '≤'} {self.bound:g} ×"

    def met(self, ratio: float) -> bool:
        """Whether a ratio is within it."""
        return ratio >= self.bound if self.at_least else ratio <= self.bound


@dataclass
class Report:
    """All that was measured in one run."""

    compared: list[Compared] = field(default_factory=list)
    loaded: list[Loaded] = field(default_factory=list)
    disturbed: list[Disturbed] = field(default_factory=list)
    memory: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def cost(self, compared: Compared) -> float:
        """The seconds that a query takes on Oxigraph by itself: uncached, with the fewest clients measured."""
        alike = [
            each
            for each in self.compared
            if (each.size, each.query, each.peer) == (compared.size, compared.query, "oxigraph") and not each.lost
        ]
        least = min(alike, key=lambda each: (each.clients, each.mode != "uncached"), default=None)
        return least.median("theirs", "p50") if least else float("inf")

    def targets(self, compared: Compared) -> list[Target]:
        """What the issue asks of one comparison."""
        if compared.peer != "oxigraph":
            return [Target("p50", 1.0), Target("throughput", 1.0, at_least=True)]
        slow = self.cost(compared) >= SLOW
        if compared.mode == "uncached":
            return [Target("p50", 1.2 if slow else 3.0)]
        ahead = [Target("throughput", 1.0, at_least=True)] if compared.clients >= MANY else []
        return [Target("throughput", 10.0, at_least=True)] if slow else ahead

    def verdicts(self) -> Iterator[tuple[str, Target, float, bool]]:
        """Everything for which there is a target: what it is, the target, the ratio, and whether it is met."""
        for each in self.compared:
            name = f"{each.size} {each.form} {each.mode} {each.clients} against {each.peer}"
            for target in self.targets(each):
                if not each.lost:
                    yield name, target, each.ratio(target.what), target.met(each.ratio(target.what))
                elif each.lost == ("ours",):
                    yield name, target, float("inf"), False
        for loaded in self.loaded:
            target = Target("seconds", 1.3)
            yield f"{loaded.size} load by {loaded.way}", target, loaded.ratio, target.met(loaded.ratio)
        for disturbed in self.disturbed:
            if disturbed.peer == "ours":
                target, ratio = Target("p99", 2.0), disturbed.ratio("p99")
                yield f"{disturbed.size} light query beside a runaway", target, ratio, target.met(ratio)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "compared": [each.as_json() for each in self.compared],
            "loaded": [each.as_json() for each in self.loaded],
            "disturbed": [each.as_json() for each in self.disturbed],
            "memory": self.memory,
            "differences": self.differences,
            "notes": self.notes,
            "targets": [
                {"of": name, "target": str(target), "ratio": ratio, "met": met}
                for name, target, ratio, met in self.verdicts()
            ],
        }


_COLUMNS = ("theirs", "ours", "p50", "p99", "theirs", "ours", "rate", "cpu")
_UNITS = ("p50 ms", "p50 ms", "ratio", "ratio", "per s", "per s", "ratio", "ratio")
_WIDTHS = (9, 9, 7, 7, 9, 9, 7, 7)


def _columns(words: Sequence[str]) -> str:
    return " ".join(f"{word:>{width}}" for word, width in zip(words, _WIDTHS, strict=True))


def text_of(report: Report) -> str:
    """The tables."""
    lines: list[str] = []
    groups = dict.fromkeys((each.size, each.mode, each.peer) for each in report.compared)
    for size, mode, peer in groups:
        lines += ["", f"{size}, {mode}, against {peer}", *_head()]
        of_it = [each for each in report.compared if (each.size, each.mode, each.peer) == (size, mode, peer)]
        lines += [_row(report, each) for each in of_it]
    lines += ["", *_loads(report), *_runaways(report), *_memory(report)]
    lines += [f"answers differ: {each}" for each in report.differences] + report.notes
    return "\n".join([*lines, "", *_summary(report)])


def _head() -> Iterator[str]:
    yield f"{'query':44} {'n':>3} {_columns(_COLUMNS)}  target"
    yield f"{'':48} {_columns(_UNITS)}"


def _row(report: Report, each: Compared) -> str:
    start = f"{each.form[:44]:44} {each.clients:3}"
    if each.lost:
        return f"{start} {' and '.join(each.lost)} did not finish"
    targets = report.targets(each)
    p50s = [f"{each.median(side, 'p50') * 1000:.2f}" for side in ("theirs", "ours")]
    rates = [f"{each.median(side, 'throughput'):.0f}" for side in ("theirs", "ours")]
    p50, p99, rate, cpu = (f"{each.ratio(what):.2f}" for what in MEASURES)
    verdict = ", ".join(f"{target} {_mark(target.met(each.ratio(target.what)))}" for target in targets)
    return f"{start} {_columns((*p50s, p50, p99, *rates, rate, cpu))}  {verdict}".rstrip()


def _mark(met: bool) -> str:
    return "pass" if met else "MISS"


def _loads(report: Report) -> Iterator[str]:
    for each in report.loaded:
        ours, theirs = min(each.ours), min(each.theirs)
        speed = f"{each.quads / ours:,.0f} against {each.quads / theirs:,.0f} of {each.quads:,} a second"
        met = _mark(Target("", 1.3).met(each.ratio))
        yield f"{each.size}: load by {each.way}: {speed}; {each.ratio:.2f} × the time (≤ 1.3 × {met})"


def _runaways(report: Report) -> Iterator[str]:
    for each in report.disturbed:
        ratio = each.ratio("p99")
        target = f" (≤ 2 × {_mark(ratio <= 2)})" if each.peer == "ours" else ""
        times = ", ".join(f"{told['p99'] * 1000:.2f}" for told in each.idle + each.during)
        yield f"{each.size}: light p99 beside a runaway, {each.peer}: {ratio:.2f} × idle{target}; ms: {times}"


def _memory(report: Report) -> Iterator[str]:
    for size, peers in report.memory.items():
        for name, moments in peers.items():
            told = "; ".join(f"{moment}: {value / 2**20:.0f} MiB" for moment, value in moments.items())
            yield f"{size}: memory of {name}: {told}"


def _summary(report: Report) -> Iterator[str]:
    verdicts = list(report.verdicts())
    missed = [(name, target, ratio) for name, target, ratio, met in verdicts if not met]
    yield f"{len(verdicts) - len(missed)} of {len(verdicts)} targets are met."
    yield from (f"MISS {ratio:8.2f}  {target!s:22} {name}" for name, target, ratio in missed)
