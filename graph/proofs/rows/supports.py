"""Sets of supports: both, either, and only the minimal ones."""

from collections.abc import Iterable, Sequence
from itertools import product

from graph.proofs.rows.model import Fact, Support

Supports = Sequence[Support]
ALWAYS: Supports = (Support(),)
NEVER: Supports = ()


def both(parts: Iterable[Supports], most: int) -> Supports:
    """Each support of one part with each of every other; of more than ``most``, the smallest."""
    found: Supports = ALWAYS
    for part in parts:
        if len(part) == 1:
            found = [each | part[0] for each in found]
        else:
            found = minimal((one | other for one, other in product(found, part)))[:most]
    return found


def minimal(supports: Iterable[Support]) -> list[Support]:
    """Those of which no other has fewer of the same facts, the smallest first."""
    kept: list[Support] = []
    for support in sorted(set(supports), key=_size):
        if not any(each.facts <= support.facts for each in kept):
            kept.append(support)
    return kept


def _size(support: Support) -> tuple[int, list[str], list[str]]:
    return len(support.facts), sorted(map(_text, support.facts)), sorted(support.absences)


def _text(fact: Fact) -> str:
    return f"{fact.triple} {fact.graph}"
