"""The values that entities have, and the entities that have a value: one question for a property and all of a batch.

The latter is for queries that have no name to look for. There, values are looked up as they are written: an entity by
its identifier or by exactly one of its names, a text in any of the languages, a number, a whole day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final

from pyoxigraph import Literal, NamedNode
from werkzeug.exceptions import RequestEntityTooLarge

from graph.engine import Engine, Term
from graph.labels import values
from graph.namespaces import term
from server.reconciliation.identifiers import iri_of
from server.reconciliation.offer import Offer
from server.reconciliation.properties import PREFIXES, Property
from server.reconciliation.reading import MOST_CANDIDATES, Condition, Query, Wanted
from server.reconciliation.turns import go_on

_DATATYPES: Final = tuple(map(term, ("xsd:date", "edtf:EDTF", "xsd:integer", "xsd:boolean")))
_LANGUAGES: Final = ("en", "ru", "ja")

Values = Mapping[str, tuple[Term, ...]]
Holders = Mapping[tuple[str, Term], tuple[str, ...]]


def values_of(engine: Engine, found: Property, iris: Iterable[str], most: int) -> Values:
    """The values of a property by entity, in a stable order; raises 413 where there are more than ``most``."""
    query = (
        f"{PREFIXES}SELECT DISTINCT ?thing ?value {{ VALUES ?thing {{ {values(sorted(set(iris)))} }}"
        f" {found.pattern('?thing', '?value')} }} LIMIT {most + 1}"
    )
    rows = engine.select(query).rows
    if len(rows) > most:
        raise RequestEntityTooLarge(f"'{found.id}' has more than {most:,} values here: ask about fewer entities")
    held: dict[str, list[Term]] = defaultdict(list)
    for thing, value in rows:
        if isinstance(thing, NamedNode) and value is not None:
            held[thing.value].append(value)
    return {iri: tuple(sorted(terms, key=str)) for iri, terms in held.items()}


def holders_of(queries: Iterable[Query], offer: Offer, engine: Engine) -> Holders:
    """The entities that have a value of a property, for each that is wanted by a query without a name."""
    wanted: dict[str, set[Term]] = defaultdict(set)
    for query in queries:
        for condition in query.conditions if query.text is None else ():
            wanted[condition.pid].update(_terms(condition, offer))
    found: dict[tuple[str, Term], list[str]] = defaultdict(list)
    for pid, terms in wanted.items():
        go_on()
        property_ = offer.properties.get(pid)
        for thing, value in _holders(property_, terms, engine) if property_ and terms else ():
            if thing in offer.entities:
                found[pid, value].append(thing)
    return {key: tuple(sorted(iris)) for key, iris in found.items()}


def having(conditions: Iterable[Condition], holders: Holders, offer: Offer) -> list[str]:
    """The entities that have a value that one of the conditions wants, in the order of IRIs."""
    pairs = ((condition.pid, value) for condition in conditions for value in _terms(condition, offer))
    return sorted({iri for pair in pairs for iri in holders.get(pair, ())})


def _holders(found: Property, terms: Iterable[Term], engine: Engine) -> Iterator[tuple[str, Term]]:
    listed = sorted(map(str, terms))
    most = MOST_CANDIDATES * len(listed)
    pattern = f"VALUES ?value {{ {' '.join(listed)} }} {found.pattern('?thing', '?value')}"
    query = f"SELECT DISTINCT ?thing ?value {{ {pattern} }} ORDER BY ?thing ?value LIMIT {most}"
    for thing, value in engine.select(PREFIXES + query).rows:
        if isinstance(thing, NamedNode) and value is not None:
            yield thing.value, value


def _terms(condition: Condition, offer: Offer) -> Iterator[Term]:
    for wanted in condition.values:
        yield from _things(wanted, offer)
        if not wanted.is_id:
            yield from _literals(wanted.text)


def _things(wanted: Wanted, offer: Offer) -> Iterator[NamedNode]:
    iri = iri_of(wanted.text)
    if iri:
        yield from map(NamedNode, sorted({iri, offer.meant(iri) or iri}))
    elif not wanted.is_id:
        yield from map(NamedNode, offer.names.exact(wanted.text))


def _literals(text: str) -> Iterator[Literal]:
    yield Literal(text)
    yield from (Literal(text, language=each) for each in _LANGUAGES)
    with suppress(ValueError):
        yield from (Literal(text.partition("T")[0], datatype=each) for each in _DATATYPES)
