"""Interval logic with precision: whether a time in an office certainly, possibly or never covers days.

Both days of a handover belong to both holders: a document that names either of them on that day is right.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, Literal

from graph.dates import Bounds

Cover = Literal["certainly", "maybe", "before", "after"]
Place = Literal["same", "within", "earlier", "later"]
Days = tuple[date | None, date | None]
ONE_DAY: Final = timedelta(1)


def covers(held: Bounds, asked: Bounds) -> Cover:
    """Whether what lasted within bounds covers days.

    ``before`` says that it certainly ended before they did, ``after`` that it began only after they had begun. Of one
    day, and of some day within several, that is to miss them all; of a time that lasted, to miss a part of it.
    """
    first, last = asked.start_earliest, asked.end_latest
    begun, ended = asked.start_latest or last, asked.end_earliest or first
    if held.end_latest and ended and held.end_latest < ended:
        return "before"
    if held.start_earliest and begun and held.start_earliest > begun:
        return "after"
    starts = held.start_latest and first and held.start_latest <= first
    ends = held.end_earliest and last and held.end_earliest >= last
    return "certainly" if starts and ends else "maybe"


def covers_beyond_handover(held: Bounds, asked: Bounds) -> bool:
    """Whether it covers the days certainly, and more on both sides: not only as a day that two holders share."""
    first, last = asked.start_earliest, asked.end_latest
    starts = held.start_latest and first and held.start_latest < first
    ends = held.end_earliest and last and held.end_earliest > last
    return bool(starts and ends)


def is_lasting(asked: Bounds) -> bool:
    """Whether it certainly lasted from one day to another, and is not some day within them."""
    return bool(asked.start_latest and asked.end_earliest and asked.start_latest < asked.end_earliest)


def joined(earlier: Bounds, later: Bounds) -> Bounds | None:
    """Two times as one, of which the later may begin by the day after the earlier ends; None where it cannot."""
    ended, begun = earlier.end_latest, later.start_earliest
    if ended and begun and begun - ended > ONE_DAY:
        return None
    sure = earlier.end_earliest and later.start_latest and later.start_latest - earlier.end_earliest <= ONE_DAY
    last = max(ended, later.end_latest) if ended and later.end_latest else None
    known = [day for day in (earlier.end_earliest, later.end_earliest if sure else None) if day]
    return Bounds(earlier.start_earliest, earlier.start_latest, max(known, default=None), last)


def overlap(one: Bounds, other: Bounds) -> bool:
    """Whether two times certainly have more in common than a day on which one ends and the other begins."""
    return _begins_within(one, other) and _begins_within(other, one)


def apart(one: Bounds, other: Bounds) -> bool:
    """Whether two times certainly have nothing in common but, at most, the day of a handover between them."""
    return _over_by(one, other) or _over_by(other, one)


def _over_by(earlier: Bounds, later: Bounds) -> bool:
    ended, begun = earlier.end_latest, later.start_earliest
    if ended is None or begun is None or ended != begun:
        return bool(ended and begun and ended < begun)
    # What begins and ends on the one day is no more than that day, and has it in common.
    return bool(
        earlier.start_latest and earlier.start_latest < ended and later.end_earliest and later.end_earliest > begun
    )


def _begins_within(one: Bounds, other: Bounds) -> bool:
    return bool(one.start_latest and other.end_earliest and one.start_latest < other.end_earliest)


def place(ours: Days, theirs: Days) -> Place:
    """Where one date of theirs lies beside one of ours, each the first and last day that it may mean."""
    if ours == theirs:
        return "same"
    if theirs[1] and ours[0] and theirs[1] < ours[0]:
        return "earlier"
    if theirs[0] and ours[1] and theirs[0] > ours[1]:
        return "later"
    return "within"


def may_follow(earlier: Bounds, later: Bounds) -> bool:
    """Whether a time may begin on the day on which another ends, or on the day after."""
    too_early = later.start_latest and earlier.end_earliest and later.start_latest < earlier.end_earliest
    too_late = later.start_earliest and earlier.end_latest and later.start_earliest - earlier.end_latest > ONE_DAY
    return not too_early and not too_late


def starts(bounds: Bounds) -> Days:
    """The days on which it may have begun."""
    return bounds.start_earliest, bounds.start_latest


def ends(bounds: Bounds) -> Days:
    """The days on which it may have ended."""
    return bounds.end_earliest, bounds.end_latest


def is_undated(bounds: Bounds) -> bool:
    """Whether nothing is known of when it was."""
    return not any((*starts(bounds), *ends(bounds)))


def is_contradictory(bounds: Bounds) -> bool:
    """Whether it would have ended before it began."""
    return bool(bounds.start_earliest and bounds.end_latest and bounds.end_latest < bounds.start_earliest)


def lasting_until(bounds: Bounds, read: date | None) -> Bounds:
    """An open end: what had begun by the day of reading still lasted then; what came after is not known."""
    begun = bounds.start_latest is not None and read is not None and bounds.start_latest <= read
    return replace(bounds, end_earliest=read if begun else bounds.end_earliest, end_latest=None)
