"""The benchmarks of reasoning: deriving a world and changes of it, other reasoners, proofs, rows and connections.

``uv run python -m tests.benchmarks.reasoning`` from the checkout. What is compared with a target is a ratio, or a
percentile on this machine; each figure is of one run.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from graph.engine import open_engine
from graph.saved_query import catalogue

from .bench import tell
from .deriving import REASONERS, Beside, Changed, Derived, beside, changed, derived, premises_of
from .proving import Timed, connections, proofs, rows
from .sizes import SIZES, Size, folder_of

PARTS = ("derive", "beside", "prove")
MOST_BESIDE = 10_000
"""Meetings: the other reasoners are not asked for more."""
ONE_DOCUMENT = 0.01
"""The share of the whole run that one document may take."""
QUICK = {"proof": 0.2, "row": 0.2, "connection": 0.1}
"""Seconds, at the 95th percentile."""


@dataclass
class Report:
    """All that was measured in one run."""

    derived: list[Derived] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    timed: list[Timed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self)


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reasoning", description=__doc__)
    parser.add_argument("--meetings", type=_numbers, default=(10_000,), help="sizes to derive, such as 10000,300000")
    parser.add_argument("--size", choices=tuple(SIZES), default="corpus", help="the store to prove in")
    parser.add_argument("--without", type=lambda text: tuple(text.split(",")), default=(), help=f"any of {PARTS}")
    parser.add_argument("--count", type=int, default=40, help="how many questions of a kind")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--store", type=Path, help="where the sizes' folders are kept, to be used again")
    return parser.parse_args(arguments)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def run(given: argparse.Namespace) -> Report:
    """Measure everything that is asked for."""
    report = Report()
    for meetings in given.meetings if "derive" not in given.without else ():
        _derive(report, meetings)
    if "beside" not in given.without:
        _beside(report, min(MOST_BESIDE, *given.meetings))
    if "prove" not in given.without:
        with tempfile.TemporaryDirectory() as scratch:
            _prove(report, SIZES[given.size], given.store or Path(scratch), given.count)
    return report


def _derive(report: Report, meetings: int) -> None:
    tell(f"{meetings} meetings: the rules")
    dataset = premises_of(meetings)
    whole, rules = derived(meetings, dataset.premises())
    report.derived.append(whole)
    report.changed += changed(whole, rules, dataset, 3)


def _beside(report: Report, meetings: int) -> None:
    premises = premises_of(meetings).premises()
    for name in REASONERS:
        tell(f"{meetings} meetings: beside {name}")
        try:
            report.beside.append(beside(meetings, name, premises))
        except ModuleNotFoundError as error:
            report.notes.append(f"{name} is left out: {error}")


def _prove(report: Report, size: Size, within: Path, count: int) -> None:
    engine = open_engine(folder_of(size, within, tell))
    tell(f"{size.name}: proofs")
    report.timed += proofs(size.name, engine, count)
    tell(f"{size.name}: rows")
    report.timed += rows(size.name, engine, size.meetings, count)
    if "connection" in catalogue() and size.meetings:
        tell(f"{size.name}: connections")
        report.timed += connections(size.name, engine, size.meetings, count)
    else:
        report.notes.append(f"{size.name}: connections are asked of generated worlds, where that query is there")


def text_of(report: Report) -> str:
    """The figures, one a line, each beside its target if there is one."""
    return "\n".join([*_derived(report), *_changed(report), *_reasoners(report), *_times(report), *report.notes])


def _derived(report: Report) -> Iterator[str]:
    first = report.derived[0] if report.derived else None
    for each in report.derived:
        slower = first.speed / each.speed if first else 1
        yield (
            f"{each.meetings:>9,} meetings derived: {each.premises:,} premises, {each.entailed:,} entailed in "
            f"{each.seconds:.1f} s: {each.speed:,.0f} premises/s, {slower:.2f} × the time per premise of the first; "
            f"{each.memory:,} MiB"
        )


def _changed(report: Report) -> Iterator[str]:
    for each in report.changed:
        verdict = "pass" if each.share <= ONE_DOCUMENT else "MISS"
        yield (
            f"{each.meetings:>9,} meetings, {each.document} {each.way}: {each.premises} premises in "
            f"{each.seconds * 1000:.1f} ms: {each.share:.3%} of the whole run (≤ {ONE_DOCUMENT:.0%} {verdict})"
        )


def _reasoners(report: Report) -> Iterator[str]:
    for each in report.beside:
        yield (
            f"{each.meetings:>9,} meetings, OWL rules: ours {each.ours:.2f} s, {each.name} {each.theirs:.2f} s: "
            f"{each.ratio:.2f} × its time; it misses {each.missing} of ours, and concludes {each.more:,} more"
        )


def _times(report: Report) -> Iterator[str]:
    for each in report.timed:
        verdict = "pass" if each.p95 <= QUICK[each.kind] else "MISS"
        yield (
            f"{each.size}: {each.kind} {each.what}: p50 {each.p50 * 1000:.1f} ms, p95 {each.p95 * 1000:.1f} ms "
            f"(≤ {QUICK[each.kind] * 1000:.0f} {verdict}), worst {each.worst * 1000:.1f} ms; "
            f"{each.count} asked, {each.cut} cut"
        )


def main() -> None:
    """Measure, print the figures, and write the JSON."""
    given = options()
    report = run(given)
    print(text_of(report))  # noqa: T201
    if given.json:
        given.json.write_text(json.dumps(report.as_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
