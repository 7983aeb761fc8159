"""EDTF → bounds: single dates, one of a set, and intervals."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from graph.dates.spans import DateError, refusal, span

OpenSpan = tuple[date | None, date | None]


@dataclass(frozen=True)
class Bounds:
    """The first and last day on which something may have started, and may have ended; None is open."""

    start_earliest: date | None
    start_latest: date | None
    end_earliest: date | None
    end_latest: date | None

    @classmethod
    def some_time_in(cls, first: date | None, last: date | None) -> "Bounds":
        """The bounds of what started and ended within these days."""
        return cls(first, last, first, last)

    def contains(self, other: "Bounds") -> bool:
        """Whether every day that the other allows is allowed by this one, for start and end alike."""
        return (
            _no_later(self.start_earliest, other.start_earliest)
            and _no_later(self.end_earliest, other.end_earliest)
            and _no_earlier(self.start_latest, other.start_latest)
            and _no_earlier(self.end_latest, other.end_latest)
        )


def _no_later(first: date | None, second: date | None) -> bool:
    return first is None or (second is not None and first <= second)


def _no_earlier(first: date | None, second: date | None) -> bool:
    return first is None or (second is not None and first >= second)


@lru_cache(maxsize=16384)
def bounds(text: str) -> Bounds:
    """The four bounds of an EDTF date; raises :class:`DateError` for any other text."""
    if text.startswith("[") and text.endswith("]"):
        return Bounds.some_time_in(*_set(text))
    first, slash, last = text.partition("/")
    if slash:
        return _lasting(first, last, text)
    return Bounds.some_time_in(*span(text, text))


def _lasting(first: str, last: str, text: str) -> Bounds:
    starts, ends = _end_of_interval(first, text), _end_of_interval(last, text)
    if starts == ends == (None, None):
        raise DateError(f"'{text}' says neither when it starts nor when it ends: leave the date out")
    if starts[0] and ends[1] and starts[0] > ends[1]:
        raise DateError(f"'{text}' ends before it starts: put the earlier date first")
    return Bounds(starts[0], _earlier(starts[1], ends[1]), _later(ends[0], starts[0]), ends[1])


def _end_of_interval(part: str, text: str) -> OpenSpan:
    return (None, None) if part in ("", "..") else span(part, text)


def _earlier(first: date | None, second: date | None) -> date | None:
    return min(first, second) if first and second else first or second


def _later(first: date | None, second: date | None) -> date | None:
    return max(first, second) if first and second else first or second


def _set(text: str) -> OpenSpan:
    members = [_member(member.strip(), text) for member in text[1:-1].split(",")]
    firsts = [first for first, _ in members if first]
    lasts = [last for _, last in members if last]
    count = len(members)
    return min(firsts) if len(firsts) == count else None, max(lasts) if len(lasts) == count else None


def _member(member: str, text: str) -> OpenSpan:
    first, dots, last = member.partition("..")
    if not dots:
        return span(member, text)
    if not first and not last:
        raise refusal(text)
    begin = span(first, text)[0] if first else None
    end = span(last, text)[1] if last else None
    if begin and end and begin > end:
        raise DateError(f"'{text}' ends before it starts: put the earlier date first")
    return begin, end
