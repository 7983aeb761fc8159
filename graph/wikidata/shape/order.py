"""The one order of what has none: statements, snaks, references."""

from collections.abc import Iterable
from typing import TypeVar

from graph.wikidata.model import Reference, Snak, Statement

Ordered = TypeVar("Ordered", Statement, Snak, Reference)


def in_order(found: Iterable[Ordered]) -> tuple[Ordered, ...]:
    """Statements by property and node, snaks by property and value, references by hash; each once."""
    return tuple(sorted(dict.fromkeys(found), key=_key))


def _key(each: Statement | Snak | Reference) -> tuple[int, str, str]:
    if isinstance(each, Statement):
        return _number(each.property), each.iri, ""
    if isinstance(each, Reference):
        return 0, each.hash, ""
    return _number(each.property), each.kind, repr(each.value)


def _number(property_: str) -> int:
    return int(property_[1:])
