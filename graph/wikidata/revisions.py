"""What changed between two slices of an entity: statements by GUID, in each its value, rank, qualifiers, references.

Statements of rows, which have no GUID, are named by all that they say: of a changed one it is told that one was taken
out and one put in. What is compared is what both slices may know: from a partial one nothing is taken out, nor is
anything put in beside it, be it a statement, its rank, a qualifier or a reference; and labels, descriptions, aliases
or pages are left out where one of both was retrieved without them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from graph.wikidata.model import (
    DAY,
    MONTH,
    YEAR,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    Part,
    Quantity,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)

What = Literal["statement", "value", "rank", "qualifier", "reference", "label", "description", "alias", "sitelink"]

_Cited = TypeVar("_Cited", Snak, Reference)


class OtherEntityError(ValueError):
    """Two slices that are to be compared are of two entities."""


@dataclass(frozen=True)
class Change:
    """One change: what kind of thing, where (a GUID, a language, a site), its property, what was and what is now.

    What was put in has nothing before it, what was taken out nothing after it.
    """

    what: What
    where: str
    property: str
    before: str
    after: str


def changes(before: Entity, after: Entity) -> tuple[Change, ...]:
    """The changes from one slice of an entity to another; raises OtherEntityError."""
    if before.id != after.id:
        raise OtherEntityError(f"{before.id} and {after.id} are two entities: compare two slices of one")
    return (*_of_statements(before, after), *_of_terms(before, after))


def shown_value(value: Value) -> str:
    """A value in a line: ``Q7747``, ``2012-05-07``, ``1995``, ``+170 Q174728``."""
    if isinstance(value, Item):
        return value.id
    if isinstance(value, Text):
        return value.text
    if isinstance(value, Monolingual):
        return f"{value.text} ({value.language})"
    if isinstance(value, Time):
        return _date(value)
    if isinstance(value, Quantity):
        bounds = f" [{value.lower}..{value.upper}]" if value.upper or value.lower else ""
        return f"{value.amount}{bounds}{'' if value.unit == '1' else ' ' + value.unit.rpartition('/')[2]}"
    return _place(value)


def shown_snak(snak: Snak) -> str:
    """A snak's value in a line; ``unknown value`` and ``no value`` for those."""
    if snak.value is None:
        return "unknown value" if snak.kind == "somevalue" else "no value"
    return shown_value(snak.value)


def _date(value: Time) -> str:
    text = value.time.removeprefix("+")
    year, month, day = text.removesuffix("T00:00:00Z").rsplit("-", 2)
    calendar = "" if value.calendar.endswith("Q1985727") else f" ({value.calendar.rpartition('/')[2]})"
    parts = (year, month, day) if value.precision >= DAY else (year, month) if value.precision == MONTH else (year,)
    return "-".join(parts) + ("" if value.precision >= YEAR else f" (precision {value.precision})") + calendar


def _place(value: Coordinate) -> str:
    return f"{value.latitude} {value.longitude}"


def _of_statements(before: Entity, after: Entity) -> Iterator[Change]:
    old, new = ({each.iri: each for each in entity.statements} for entity in (before, after))
    for each in (*after.statements, *(gone for gone in before.statements if gone.iri not in new)):
        was, now = old.get(each.iri), new.get(each.iri)
        if was and now:
            yield from _within(was, now, gone=not after.partial, come=not before.partial)
        elif not (before.partial if now else after.partial):
            text = _statement(each)
            yield Change("statement", each.guid or each.iri, each.property, text if was else "", text if now else "")


def _within(was: Statement, now: Statement, *, gone: bool, come: bool) -> Iterator[Change]:
    """``gone`` and ``come``: whether what one of both does not have can be told to be taken out or put in."""
    where, property_ = now.guid or now.iri, now.property
    if was.main != now.main:
        yield Change("value", where, property_, shown_snak(was.main), shown_snak(now.main))
    if was.rank != now.rank and (now.rank or gone) and (was.rank or come):
        yield Change("rank", where, property_, was.rank or "", now.rank or "")
    for snak, is_new in _difference(was.qualifiers, now.qualifiers, gone=gone, come=come):
        text = f"{snak.property} {shown_snak(snak)}"
        yield Change("qualifier", where, property_, "" if is_new else text, text if is_new else "")
    for reference, is_new in _difference(was.references, now.references, gone=gone, come=come):
        text = _reference(reference)
        yield Change("reference", where, property_, "" if is_new else text, text if is_new else "")


def _difference(
    was: tuple[_Cited, ...], now: tuple[_Cited, ...], *, gone: bool, come: bool
) -> Iterator[tuple[_Cited, bool]]:
    """What was taken out, then what was put in."""
    yield from ((each, False) for each in was if gone and each not in now)
    yield from ((each, True) for each in now if come and each not in was)


def _statement(statement: Statement) -> str:
    qualifiers = (f"{each.property} {shown_snak(each)}" for each in statement.qualifiers)
    return "; ".join((shown_snak(statement.main), *qualifiers))


def _reference(reference: Reference) -> str:
    return "; ".join(f"{each.property} {shown_snak(each)}" for each in reference.snaks)


def _of_terms(before: Entity, after: Entity) -> Iterator[Change]:
    pairs: tuple[tuple[What, Part, Mapping[str, str], Mapping[str, str]], ...] = (
        ("label", "labels", before.labels, after.labels),
        ("description", "descriptions", before.descriptions, after.descriptions),
        ("alias", "aliases", _joined(before), _joined(after)),
        ("sitelink", "sitelinks", _pages(before), _pages(after)),
    )
    for what, part, was, now in pairs:
        if part in before.untold | after.untold:
            continue
        for where in sorted(was.keys() | now.keys()):
            old, new = was.get(where, ""), now.get(where, "")
            unknown = (not old and before.partial) or (not new and after.partial)
            if old != new and not unknown:
                yield Change(what, where, "", old, new)


def _joined(entity: Entity) -> dict[str, str]:
    return {language: " | ".join(texts) for language, texts in entity.aliases.items()}


def _pages(entity: Entity) -> dict[str, str]:
    return {link.site: link.title for link in entity.sitelinks}
