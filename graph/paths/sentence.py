"""One English sentence for a chain of meetings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Passing:
    """At a meeting the word passes from one person to another. All but the days are IRIs.

    ``by_office`` are those of the two of whom it is inferred that they were there, from an office that was.
    """

    person: str
    meeting: str
    other: str
    earliest: date | None
    latest: date
    place: str | None
    by_office: frozenset[str] = frozenset()


def sentence(passings: Sequence[Passing], label: Callable[[str], str]) -> str:
    """The whole chain in one sentence: who could have told whom, where and when, and that the order is certain."""
    first, last = passings[0], passings[-1]
    whole = f"A word could have passed from {label(first.person)} to {label(last.other)} by {spelt(last.latest)}"
    if first is last:
        return f"{whole}, {_where(first, label)}."
    steps = [f"from {label(each.person)} to {label(each.other)} {_where(each, label)}" for each in passings]
    return f"{whole}: {'; then '.join(steps)}; each meeting began on a later day than the one before it ended."


def _where(passing: Passing, label: Callable[[str], str]) -> str:
    place = f", {label(passing.place)}" if passing.place else ""
    inferred = [label(each) for each in (passing.person, passing.other) if each in passing.by_office]
    doubt = f" (attendance of {' and '.join(inferred)} inferred from the office)" if inferred else ""
    return f"at “{label(passing.meeting)}” ({_when(passing)}{place}){doubt}"


def _when(passing: Passing) -> str:
    if passing.earliest is None:
        return f"by {spelt(passing.latest)}"
    if passing.earliest == passing.latest:
        return spelt(passing.latest)
    return f"some time from {spelt(passing.earliest)} to {spelt(passing.latest)}"


def spelt(day: date) -> str:
    """A day as in "20 March 2017"."""
    return f"{day.day} {day:%B} {day.year}"
