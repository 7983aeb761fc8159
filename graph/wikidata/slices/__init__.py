"""What Wikidata says, as graphs: one for each entity and revision, from records and from the facts that are shipped.

A slice is what one source says of one entity at one revision, or on one day if the revision is not known. It is never
edited: it is read each time from the record, whose SHA-256 is checked.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Triple

from graph.namespaces import term
from graph.wikidata.reading import EntityError
from graph.wikidata.records import RecordError, kept
from graph.wikidata.slices.description import Slice, described, triples_about
from graph.wikidata.slices.facts import FactError, read_facts
from graph.wikidata.slices.faults import SliceError
from graph.wikidata.slices.media import read_media
from graph.wikidata.slices.newest import newest
from graph.wikidata.slices.uniting import of_the_latest

__all__ = ["EntityError", "FactError", "RecordError", "SliceError", "Slices", "described", "newest", "read_slices"]

_SAME: Final = term("owl:sameAs")


@dataclass(frozen=True)
class Slices:
    """Graphs of slices, and what is said of where they come from."""

    graphs: dict[NamedNode, set[Triple]]
    retrieved: set[Triple]


def read_slices(*folders: Path) -> Slices:
    """The slices of folders: the records and the tables of facts in each.

    Raises RecordError, SliceError, EntityError and FactError.
    """
    found: dict[str, list[tuple[Slice, set[Triple]]]] = defaultdict(list)
    for folder in folders:
        for each, triples in _of_folder(folder):
            found[each.graph].append((each, triples))
    united = [each for held in found.values() for each in _of_graph(held)]
    return Slices(
        {NamedNode(each.graph): triples for each, triples in united},
        {triple for each, _ in united for triple in triples_about(each)},
    )


def _of_folder(folder: Path) -> Iterator[tuple[Slice, set[Triple]]]:
    yield from read_facts(folder)
    for record in kept(folder):
        yield from read_media(record)


def _of_graph(held: list[tuple[Slice, set[Triple]]]) -> Iterator[tuple[Slice, set[Triple]]]:
    """The slices of what several sources say of an entity at one revision, or on one day.

    The whole entity wins over parts of it; of several whole ones that which has most, for their records may have been
    cut to some languages or retrieved without pages, and then that which was retrieved last; what redirects to the
    entity any of them may tell. Parts from several addresses are slices of their own, with a graph for each, since
    a newer answer of one address replaces what that one said before.
    """
    whole = [each for each in held if not each[0].partial]
    if whole:
        redirects = {t for _, triples in whole for t in triples if t.predicate == _SAME}
        united = [(found, triples | redirects) for found, triples in whole]
        yield max(united, key=lambda each: (len(each[1]), each[0].retrieved, sorted(each[0].sha256)))
        return
    parts: dict[str, list[tuple[Slice, set[Triple]]]] = defaultdict(list)
    for each in held:
        parts[" ".join(sorted(each[0].urls))].append(each)
    for addresses, given in parts.items():
        name = f"/{sha256(addresses.encode()).hexdigest()[:12]}" if len(parts) > 1 else ""
        yield _joined(given, name)


def _joined(held: list[tuple[Slice, set[Triple]]], name: str) -> tuple[Slice, set[Triple]]:
    """One slice of what one address said at one revision or on one day; ``name`` goes after that of its graph."""
    parts = sorted(held, key=lambda each: (each[0].retrieved, sorted(each[0].sha256)))
    first = parts[0][0]
    joined = replace(
        first,
        graph=first.graph + name,
        modified=max(each.modified for each, _ in parts),
        retrieved=max(each.retrieved for each, _ in parts),
        sha256=frozenset().union(*(each.sha256 for each, _ in parts)),
        statements=frozenset().union(*(each.statements for each, _ in parts)),
    )
    return joined, of_the_latest([triples for _, triples in parts])
