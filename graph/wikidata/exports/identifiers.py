"""Identifiers of Wikibase for things that have none in Wikidata.

Readers of Wikibase's JSON take nothing but ``Q`` or ``P`` with a number, of 32 bits with a sign. So a thing of ours
gets a number from 2,000,000,000 on, far above Wikidata's own: from the hash of its IRI, so that it stays the same
whatever else is exported; two with one hash are told apart in the order of their IRIs.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, Literal

FIRST: Final = 2_000_000_000
LAST: Final = 2_147_483_647


def identifiers(letter: Literal["Q", "P"], names: Iterable[str]) -> dict[str, str]:
    """An identifier for each name."""
    found: dict[str, str] = {}
    taken: set[int] = set()
    for name in sorted(set(names)):
        number = _number(name)
        while number in taken:
            number = number + 1 if number < LAST else FIRST
        taken.add(number)
        found[name] = f"{letter}{number}"
    return found


def is_local(identifier: str) -> bool:
    """Whether an identifier is one of ours, and Wikidata has no such entity."""
    return identifier[:1] in ("Q", "P") and identifier[1:].isdigit() and int(identifier[1:]) >= FIRST


def _number(name: str) -> int:
    return FIRST + int.from_bytes(sha256(name.encode()).digest()[:8]) % (LAST - FIRST + 1)
