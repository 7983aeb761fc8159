"""What an assertion says: the triples of its own graph, subject by subject."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.engine import Engine
from server.labels import in_words, labels
from server.statements import Group, Statement, Value, grouped, is_nested


@dataclass
class Said:
    """One thing that an assertion speaks of, and what it says of it."""

    iri: str
    name: str
    groups: list[Group]


def said_in(engine: Engine, which: str) -> dict[str, list[Said]]:
    """By assertion, for those that a graph pattern binds to ``?assertion``."""
    query = f"SELECT ?assertion ?s ?p ?o {{ {which} GRAPH ?assertion {{ ?s ?p ?o }} }} ORDER BY ?assertion ?s ?p ?o"
    rows = engine.select(query).rows
    names = labels(engine, {term for row in rows for term in row[1:]})
    said: dict[tuple[str, str], list[Statement]] = {}
    for assertion, subject, predicate, value in rows:
        match assertion, subject, predicate:
            case NamedNode(), NamedNode(), NamedNode() if value is not None:
                said.setdefault((assertion.value, subject.value), []).append((predicate, value))
    found: dict[str, list[Said]] = {}
    for (assertion_iri, subject_iri), statements in said.items():
        item = Said(subject_iri, in_words(subject_iri, names), grouped(statements, names))
        found.setdefault(assertion_iri, []).append(item)
    for things in found.values():
        _nest(things)
    return found


def _nest(things: list[Said]) -> None:
    """Put what is said of a participation or a voice where it is mentioned, and drop it from the top."""
    inner = {thing.iri: thing for thing in things if is_nested(NamedNode(thing.iri))}
    mentioned = set()
    for value in _values(things):
        iri = getattr(value.term, "value", "")
        if iri in inner:
            value.nested = inner[iri].groups
            mentioned.add(iri)
    things[:] = [thing for thing in things if thing.iri not in mentioned]


def _values(things: list[Said]) -> Iterator[Value]:
    return (value for thing in things for group in thing.groups for value in group.values)
