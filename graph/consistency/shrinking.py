"""A smallest set that still contradicts itself, by deletion: first in large pieces, then one by one.

owlready2 gives no justifications, so the reasoner is asked as a black box: Kalyanpur, Parsia, Horridge and Sirin,
"Finding all justifications of OWL DL entailments" (ISWC 2007), the contracting half; pieces are halved as in Junker's
QuickXplain (AAAI 2004). Since what contradicts itself does so in any larger company, one pass at each size is enough.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Member = TypeVar("Member")

MOST_ASKED: Final = 100
"""How often the reasoner is asked for the sake of one explanation; at half a second to two each."""


@dataclass(frozen=True)
class Shrunk(Generic[Member]):
    """What is left; ``minimal`` says whether no member can be spared, or else the bound came first."""

    members: tuple[Member, ...]
    minimal: bool
    asked: int


def shrink(
    members: Sequence[Member],
    contradicts: Callable[[Sequence[Member]], bool],
    piece: int | None = None,
    most: int = MOST_ASKED,
) -> Shrunk[Member]:
    """Leave out of a contradictory set whatever can be spared, from pieces of that size (a half) down to single ones.

    Asks at most so many times; what it returns contradicts itself in any case.
    """
    left, asked = list(members), 0
    size = piece or max(1, len(left) // 2)
    while True:
        start = 0
        while start < len(left):
            if asked == most:
                return Shrunk(tuple(left), minimal=False, asked=asked)
            spared = left[:start] + left[start + size :]
            asked += 1
            if contradicts(spared):
                left = spared
            else:
                start += size
        if size == 1:
            return Shrunk(tuple(left), minimal=True, asked=asked)
        size = max(1, min(size, len(left)) // 2)
