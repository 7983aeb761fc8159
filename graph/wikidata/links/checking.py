"""What cannot stand: links that contradict each other, or what Wikidata says of their items."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from graph.namespaces import shorten
from graph.wikidata.classes import classes, fits
from graph.wikidata.links.model import EXACT, Link, LinkError, accepted
from graph.wikidata.model import Entity

_ADVICE = "judge them again: `communique wikidata judge`"


def check_links(links: Iterable[Link], entities: Mapping[str, Entity]) -> None:
    """Refuse links that cannot stand beside each other and beside the entities at hand; raises LinkError."""
    held = [*links]
    _refuse_twice(held)
    exact = [link for link in accepted(held) if link.predicate == EXACT]
    _refuse_shared(exact, lambda link: link.subject, "is linked as the same to two items")
    _refuse_shared(exact, lambda link: link.object, "is the item of two things")
    _refuse_different(accepted(held), entities)
    for link in accepted(held):
        _refuse_redirect(link, entities)
        _refuse_unfitting(link, entities)


def _refuse_twice(links: list[Link]) -> None:
    """One pair has one judgement; another predicate is another question, but what is rejected is not accepted so."""
    judged: dict[tuple[str, str, str], Link] = {}
    by_pair: dict[tuple[str, str], Link] = {}
    for link in links:
        first = judged.setdefault((*link.pair, link.predicate), link)
        if first is not link:
            raise LinkError(f"{_at(link)} is judged twice, as {first.status} and {link.status}: keep one row")
        other = by_pair.setdefault(link.pair, link)
        if {other.status, link.status} == {"accepted", "rejected"}:
            raise LinkError(
                f"{_at(link)} is accepted, and beside that rejected ({other.place or 'above'}): {_ADVICE}"
            )
    for link in links:
        if link.status == "no-item" and any(
            x.subject == link.subject and x.predicate == link.predicate for x in accepted(links)
        ):
            raise LinkError(f"{_at(link)}: it has an accepted item, and is said to have none: {_ADVICE}")


def _refuse_shared(links: list[Link], key: Callable[[Link], str], problem: str) -> None:
    first: dict[str, Link] = {}
    for link in links:
        other = first.setdefault(key(link), link)
        if other is not link:
            raise LinkError(f"{shorten(key(link))} {problem}: {_at(other)}, {_at(link)}; {_ADVICE}")


def _refuse_different(links: list[Link], entities: Mapping[str, Entity]) -> None:
    """Items of one subject that Wikidata calls different from (P1889) each other are not one thing."""
    of_subject: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        of_subject[link.subject].append(link)
    for each in of_subject.values():
        for first, second in combinations(each, 2):
            if _differ(first.object, second.object, entities) and "skos:broadMatch" not in (
                first.predicate,
                second.predicate,
            ):
                raise LinkError(
                    f"{_at(first)} and {_at(second)}: Wikidata calls the two items different (P1889); {_ADVICE}"
                )


def _differ(first: str, second: str, entities: Mapping[str, Entity]) -> bool:
    pairs = ((first, second), (second, first))
    return any(a in entities and b in entities[a].items("P1889") for a, b in pairs)


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
