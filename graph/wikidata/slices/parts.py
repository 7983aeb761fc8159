"""Partial slices: single facts, from rows of a table, with or without the GUID of their statement."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from pyoxigraph import NamedNode, Triple

from graph.namespaces import mint, slice_graph, term
from graph.wikidata.model import (
    DAY,
    MONTH,
    YEAR,
    Entity,
    Item,
    Kind,
    Monolingual,
    Rank,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)
from graph.wikidata.shape import triples_of
from graph.wikidata.shape.dates import settled
from graph.wikidata.shape.order import in_order
from graph.wikidata.shape.values import simple_value
from graph.wikidata.slices.description import Slice
from graph.wikidata.terms import ENTITY, entity_node, statement_node

START: Final = "P580"
END: Final = "P582"

_DATE: Final = re.compile(r"(-?[0-9]{4,})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_TEXT: Final = re.compile(r'"([^"]*)"(?:@([a-z]{1,8}(?:-[a-z0-9]{1,8})*))?')
_DATATYPES: Final = {Item: "wikibase-item", Time: "time", Text: "string", Monolingual: "monolingualtext"}


@dataclass(frozen=True)
class Fact:
    """What a row says of an item: a property's value, with qualifiers; rank and GUID where the row tells them."""

    item: str
    main: Snak
    qualifiers: tuple[Snak, ...] = ()
    rank: Rank | None = None
    guid: str = ""


@dataclass(frozen=True)
class Name:
    """What a row says an item is called: a ``label`` or an ``alias``, in a language."""

    kind: str
    text: str
    language: str


def snak(property_: str, value: Value | None, kind: Kind = "value") -> Snak:
    """A snak with the datatype that its value shows."""
    return Snak(property_, value, kind, _DATATYPES.get(type(value), ""))


def date_of(text: str) -> Time | None:
    """``2017``, ``2017-03`` or ``2017-03-20``, as precise as it is written; None for a text that is no date."""
    match = _DATE.fullmatch(text)
    if match is None or not int(match[1]):
        return None
    precision = DAY if match[3] else MONTH if match[2] else YEAR
    year = match[1] if match[1].startswith("-") else f"+{match[1]}"
    found = Time(f"{year}-{match[2] or '01'}-{match[3] or '01'}T00:00:00Z", precision)
    return found if settled(found) == found else None


def value_in(text: str) -> Value | None:
    """An item (``Q7747``), a date, a text (``"4"``) or a text in a language (``"four"@en``); None for any other."""
    if ENTITY.fullmatch(text):
        return Item(text)
    match = _TEXT.fullmatch(text)
    if match is None:
        return date_of(text)
    return Monolingual(match[1], match[2]) if match[2] else Text(match[1])


def statement_of(fact: Fact) -> Statement:
    """The statement of a fact; one without GUID has a node that is named by all that the fact says."""
    qualifiers = in_order(fact.qualifiers)
    node = statement_node(fact.guid) if fact.guid else _row(fact, qualifiers)
    return Statement(node.value, fact.guid, fact.item, fact.main, fact.rank, qualifiers)


def _row(fact: Fact, qualifiers: tuple[Snak, ...]) -> NamedNode:
    said = "\n".join(map(_said, (fact.main, *qualifiers)))
    digest = sha256(said.encode()).hexdigest()[:16]
    return mint("row", f"{fact.item}-{fact.main.property}-{digest}".lower())


def _said(each: Snak) -> str:
    value = "" if each.value is None else str(simple_value(each))
    precision = each.value.precision if isinstance(each.value, Time) else ""
    return f"{each.property} {each.kind} {value} {precision}"


def partial(source: Slice, facts: Iterable[Fact], names: Iterable[Name]) -> tuple[Slice, set[Triple]]:
    """The partial slice of an entity, with the facts and names that a source tells of it.

    ``source`` says which entity, where from and when.
    """
    statements = in_order(statement_of(each) for each in facts)
    found = replace(
        source,
        graph=slice_graph(source.entity, source.revision or source.retrieved).value,
        partial=True,
        statements=frozenset(each.iri for each in statements),
    )
    called = _by_language(names)
    entity = Entity(
        found.entity,
        found.revision,
        found.modified,
        found.retrieved,
        found.graph,
        partial=True,
        labels={language: texts[0] for language, texts in called["label"].items()},
        aliases=called["alias"],
        statements=statements,
        type="property" if found.entity.startswith("P") else "item",
    )
    return found, {*triples_of(entity), *_derived(statements)}


def _by_language(names: Iterable[Name]) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {"label": {}, "alias": {}}
    for each in names:
        texts = found[each.kind].get(each.language, ())
        found[each.kind][each.language] = tuple(sorted({*texts, each.text}))
    return found


def _derived(statements: Iterable[Statement]) -> Iterator[Triple]:
    for each in statements:
        if not each.guid:
            yield Triple(NamedNode(each.iri), term("prov:wasDerivedFrom"), entity_node(each.subject))
