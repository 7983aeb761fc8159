"""What cannot stand: links that contradict each other, or what Wikidata says of their items."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from graph.namespaces import shorten
from graph.wikidata.classes import classes, fits
from graph.wikidata.links.model import Link, LinkError, accepted
from graph.wikidata.model import Entity

_BROAD = "skos:broadMatch"
_ADVICE = "judge them again: `communique wikidata judge`"


def check_links(links: Iterable[Link], entities: Mapping[str, Entity]) -> None:
    """Refuse links that cannot stand beside each other and beside the entities at hand; raises LinkError.

    A broad match is no identity: a thing may fall under several items, and several things under one.
    """
    held = [*links]
    _refuse_twice(held)
    _refuse_denied(held)
    same = [link for link in accepted(held) if link.predicate != _BROAD]
    target = _targets(entities)
    _refuse_shared(same, lambda link: shorten(link.subject), "is linked as the same to two items")
    _refuse_shared(same, lambda link: target.get(link.object, link.object), "is the item of two things")
    _refuse_different(held, entities, target)
    for link in accepted(held):
        _refuse_redirect(link, entities)
        _refuse_unfitting(link, entities)


def _targets(entities: Mapping[str, Entity]) -> dict[str, str]:
    """Where each item that redirects leads."""
    return {old: entity.id for entity in entities.values() for old in entity.redirects}


def _refuse_twice(links: list[Link]) -> None:
    """One pair has one judgement in one relation."""
    judged: dict[tuple[str, str, str], Link] = {}
    for link in links:
        first = judged.setdefault((*link.pair, link.predicate), link)
        if first is not link:
            raise LinkError(f"{_at(link)} is judged twice, {_how(first, link)}: keep one row")


def _how(first: Link, second: Link) -> str:
    """How two rows judge, and where the first one is."""
    where = f" ({first.place})" if first.place else ""
    both = first.status == second.status
    return f"both times as {first.status}{where}" if both else f"as {first.status}{where} and as {second.status}"


def _refuse_denied(links: list[Link]) -> None:
    """What is accepted in some relation is not rejected in another, nor said to have no item in the same."""
    rejected = {link.pair: link for link in links if link.status == "rejected"}
    without = {(link.subject, link.predicate): link for link in links if link.status == "no-item"}
    for link in accepted(links):
        if other := rejected.get(link.pair):
            raise LinkError(
                f"{_at(link)} is accepted, and beside that rejected ({other.place or 'above'}): {_ADVICE}"
            )
        if other := without.get((link.subject, link.predicate)):
            raise LinkError(f"{_at(other)}: it has an accepted item, and is said to have none: {_ADVICE}")


def _refuse_shared(links: list[Link], key: Callable[[Link], str], problem: str) -> None:
    first: dict[str, Link] = {}
    for link in links:
        other = first.setdefault(key(link), link)
        if other is not link:
            raise LinkError(f"{key(link)} {problem}: {_at(other)}, {_at(link)}; {_ADVICE}")


def _refuse_different(links: list[Link], entities: Mapping[str, Entity], target: Mapping[str, str]) -> None:
    """Items of which Wikidata says that they are different (P1889) are not both what one thing is, or is like."""
    of_subject: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        if link.status in ("accepted", "stale") and link.predicate != _BROAD:
            of_subject[link.subject].append(link)
    for each in of_subject.values():
        for first, second in combinations(each, 2):
            one, other = (target.get(link.object, link.object) for link in (first, second))
            if _differ(one, other, entities, target):
                problem = "Wikidata calls the two items different (P1889)"
                raise LinkError(f"{_at(first)} and {_at(second)}: {problem}; {_ADVICE}")


def _differ(first: str, second: str, entities: Mapping[str, Entity], target: Mapping[str, str]) -> bool:
    def calls(one: str, other: str) -> bool:
        return one in entities and other in {target.get(each, each) for each in entities[one].items("P1889")}

    return calls(first, second) or calls(second, first)


def _refuse_redirect(link: Link, entities: Mapping[str, Entity]) -> None:
    """A redirect that came after the judgement makes the link stale, and is told by the comparison."""
    for entity in entities.values():
        if link.object in entity.redirects and entity.retrieved <= link.date:
            raise LinkError(f"{_at(link)}: {link.object} redirects to {entity.id}; link that one")


def _refuse_unfitting(link: Link, entities: Mapping[str, Entity]) -> None:
    entity = entities.get(link.object)
    if entity is not None and fits(link.subject, entity, entities) is False:
        found = ", ".join(sorted(classes(entity, entities) - {entity.id}))
        raise LinkError(f"{_at(link)}: the item is of a class that does not fit ({found}); {_ADVICE}")


def _at(link: Link) -> str:
    place = f"{link.place}: " if link.place else ""
    return f"{place}{shorten(link.subject)} and {link.object or 'no item'}"
