"""Allen's thirteen relations between two intervals of which only bounds are known.

J. F. Allen, "Maintaining knowledge about temporal intervals", CACM 26 (1983) 832–843; named as in OWL-Time (W3C,
2017) without its ``interval``. An interval lasts whole days: from the first moment of its first to the last moment of
its last, which is the first moment of the day after. So what ends on the 20th *meets* what starts on the 21st, is not
*before* it, and one day alone is a proper interval: which is what makes exactly one of the thirteen hold, always.
(Were days points, a single day would have no inside, and meet, start and finish what begins or ends with it.)

Each relation is an order of four moments, the two starts ``a`` and ``b`` and the two ends ``A`` and ``B``. It is
possible if days within the bounds stand in that order: earliest first, each as early as it can be. It is true if no
other is possible, false if it is not, else unknown (None).
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from math import inf
from typing import Final

from graph.dates import Bounds

_ORDERS: Final = {
    "before": "a A b B",
    "meets": "a Ab B",
    "overlaps": "a b A B",
    "starts": "ab A B",
    "during": "b a A B",
    "finishes": "b a AB",
    "equals": "ab AB",
}
_INVERSES: Final = {
    "before": "after",
    "meets": "metBy",
    "overlaps": "overlappedBy",
    "starts": "startedBy",
    "during": "contains",
    "finishes": "finishedBy",
    "equals": "equals",
}
UNIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "precedes": ("before", "meets"),
    "within": ("during", "starts", "finishes", "equals"),
}
"""What is asked most, as several relations at once: over on an earlier day; on no day but those of the other."""
RELATIONS: Final[Mapping[str, str]] = {
    **_ORDERS,
    **{_INVERSES[name]: order.translate(str.maketrans("aAbB", "bBaA")) for name, order in _ORDERS.items()},
}
"""The thirteen, each with its order of moments."""

Range = tuple[float, float]


class RelationError(ValueError):
    """There is no relation of that name, or bounds that no interval has."""


def holds(relation: str, first: Bounds, second: Bounds) -> bool | None:
    """Whether one of the thirteen, or of :data:`UNIONS`, holds: True and False are certain, None is unknown.

    Raises :class:`RelationError`.
    """
    if relation not in RELATIONS and relation not in UNIONS:
        raise RelationError(f"'{relation}' is no relation; there are: {', '.join([*RELATIONS, *UNIONS])}")
    wanted = frozenset(UNIONS.get(relation, (relation,)))
    found = possible(first, second)
    if found <= wanted:
        return True
    return None if found & wanted else False


@lru_cache(maxsize=65536)
def possible(first: Bounds, second: Bounds) -> frozenset[str]:
    """The relations that some two intervals within these bounds have; :class:`RelationError` if there are none."""
    moments = {"a": _start(first), "A": _end(first), "b": _start(second), "B": _end(second)}
    found = frozenset(name for name, order in RELATIONS.items() if _is_possible(order, moments))
    if not found:
        raise RelationError(f"no interval lies within {first} or {second}")
    return found


def _start(found: Bounds) -> Range:
    return _moment(found.start_earliest, -inf), _moment(found.start_latest, inf)


def _end(found: Bounds) -> Range:
    return _moment(found.end_earliest, -inf) + 1, _moment(found.end_latest, inf) + 1


def _moment(day: date | None, otherwise: float) -> float:
    return day.toordinal() if day else otherwise


def _is_possible(order: str, moments: Mapping[str, Range]) -> bool:
    """Whether each moment finds a place after the ones before it and within its range."""
    after = -inf
    for together in order.split():
        place = max(after, *(moments[each][0] for each in together))
        if place > min(moments[each][1] for each in together):
            return False
        after = place + 1
    return True
