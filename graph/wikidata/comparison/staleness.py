"""Links that ask for another look: the item was merged away, or what agreed when the link was judged agrees no more.

A fact that agreed is checked where it can be read: it names a property, ``(P39)``, perhaps with the statement, or
several of which one has it, ``(P17, P27 or P1001)``; and before it the days that agreed, or the item that did,
``(Q17)``, which may also stand with it, ``(P17 Q17)``. Where a slice has only some of an item's statements, what is
missing there proves nothing: only the fact's own statement, by its identifier or by property and item, can deny it.
"""

import re
from collections.abc import Iterator
from typing import Final

from graph.namespaces import expand
from graph.wikidata.comparison.sides import Sides, looked_into
from graph.wikidata.comparison.verdicts import Finding, Mention, part, whole
from graph.wikidata.comparison.words import as_read
from graph.wikidata.links import Link
from graph.wikidata.model import DAY, MONTH, Entity, Snak, Statement, Time

_FACT: Final = re.compile(
    r"^(?P<words>[^()]*)(?:\((?P<before>Q[1-9][0-9]*)\) )?"
    r"\((?P<properties>P[1-9][0-9]*(?:(?:, | or )P[1-9][0-9]*)*)"
    r"(?:, (?P<guid>[Qq][1-9][0-9]*\$[^ )]*))?(?: (?P<item>Q[1-9][0-9]*))?\)"
)
_PROPERTY: Final = re.compile(r"P[1-9][0-9]*")
_DATE: Final = re.compile(r"\b[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?\b")


def stale_findings(sides: Sides) -> Iterator[Finding]:
    """One finding for each accepted link that no longer stands as it was judged."""
    for link in sides.theirs.accepted:
        current = sides.theirs.current(link.object)
        entity = sides.theirs.entities.get(current)
        problem = _problem(link, current, entity)
        if problem:
            yield _finding(sides, link, entity, problem)
    for link in sides.theirs.links:
        if link.status == "stale":
            yield _finding(sides, link, sides.theirs.entities.get(link.object), link.comment or "it was found stale")


def _problem(link: Link, current: str, entity: Entity | None) -> str:
    if current != link.object:
        return f"{link.object} is now a redirect to {current}"
    if entity is None:
        return ""
    gone = [fact for fact in link.agreed if not still_agrees(fact, entity)]
    marked = [fact for fact in gone if still_agrees(fact, entity, deprecated=True)]
    ways = (
        ("no longer says", [fact for fact in gone if fact not in marked]),
        ("has marked as deprecated", marked),
    )
    found = [f"{way}: {'; '.join(facts)}" for way, facts in ways if facts]
    return f"the item ({as_read(entity)}) {', and '.join(found)}" if found else ""


def still_agrees(fact: str, entity: Entity, *, deprecated: bool = False) -> bool:
    """Whether a fact that once agreed stands in the entity, or cannot be read or denied from it.

    What is marked as deprecated there does not count, unless it is asked for.
    """
    match = _FACT.match(fact)
    if match is None:
        return True
    properties = set(_PROPERTY.findall(match["properties"]))
    statements = [each for each in entity.statements if each.property in properties]
    wanted, item = set(_DATE.findall(match["words"])), match["item"] or match["before"]
    if entity.partial and not any(_is_own(each, match["guid"], item) for each in statements):
        return True
    counted = [each for each in statements if deprecated or each.rank != "deprecated"]
    return not (wanted or item) or any(_has(wanted, each) and item in (None, each.item) for each in counted)


def _is_own(statement: Statement, guid: str | None, item: str | None) -> bool:
    """Whether a statement is the one that a fact was read from, by its identifier or else by its item."""
    return statement.guid.lower() == guid.lower() if guid else item is not None and statement.item == item


def _has(wanted: set[str], statement: Statement) -> bool:
    """Whether a statement gives all these days, months or years."""
    times = _times(statement)
    return all(any(time.startswith(each) for time in times) for each in wanted)


def _times(statement: Statement) -> set[str]:
    """The days, months or years that a statement gives, as they are written."""
    return {_written(snak) for snak in (statement.main, *statement.qualifiers) if isinstance(snak.value, Time)}


def _written(snak: Snak) -> str:
    assert isinstance(snak.value, Time)  # noqa: S101 - filtered above
    length = {DAY: 10, MONTH: 7}.get(min(snak.value.precision, DAY), 4)
    return snak.value.time.lstrip("+")[:length]


def _on_offices(entity: Entity) -> tuple[Mention, ...]:
    return tuple(Mention(each, entity) for each in entity.of("P39"))


def _finding(sides: Sides, link: Link, entity: Entity | None, problem: str) -> Finding:
    name = sides.ours.name(link.subject)
    mentions = _on_offices(entity) if entity and "P39" in problem else ()
    return Finding(
        name=("link", *whole(link.subject), link.object.lower(), part(expand(link.predicate))),
        verdict="link-stale",
        aspect=link.predicate,
        about=(link.subject,),
        label=f"{name} and {link.object}",
        sentence=f"The link of {name} to Wikidata's {link.object}, judged by {link.author} on {link.date}, "
        f"asks for another look: {problem}.",
        mentions=mentions,
        slices=looked_into(mentions, entity),
    )
