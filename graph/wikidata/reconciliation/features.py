"""The features of a candidate: what agrees, contradicts or is not known, each with its part in the score.

What is not known is neither: Wikidata is incomplete, and so are the documents. Each feature is a function of a thing
of ours, an item, and the ground on which both are seen.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from graph.dates import Bounds
from graph.namespaces import shorten
from graph.wikidata.classes import fits
from graph.wikidata.reconciliation.ground import Ground
from graph.wikidata.reconciliation.profiles import Held, Profile
from graph.wikidata.reconciliation.subjects import Post, Subject

Verdict = Literal["agrees", "contradicts", "unknown"]
PARTS: Final[Mapping[str, int]] = {
    "name": 40, "exact name": 10, "class": 10, "office and date": 20, "birth": 10, "state": 5, "place": 5,
    "life": 0, "judgement": 0,
}  # fmt: skip
"""The most that each feature gives, 100 in all; those of 0 can only contradict."""
INDEPENDENT: Final = frozenset(("office and date", "birth", "state", "place"))
"""The features that a name does not decide: one of them must agree."""


@dataclass(frozen=True)
class Feature:
    """One feature of a candidate: its verdict, its part in the score, and what is the case in words."""

    name: str
    verdict: Verdict
    told: str
    part: float = 0.0


def in_words(feature: Feature) -> str:
    """A feature in words."""
    return f"{feature.name}: {feature.told}"


Judge = Callable[[Subject, Profile, Ground], Feature | None]


def features(subject: Subject, profile: Profile, ground: Ground) -> Iterator[Feature]:
    """The features beside the names, in the order in which they are told."""
    for judge in _JUDGES:
        found = judge(subject, profile, ground)
        if found:
            yield found


def named(alike: float, exact: bool) -> Iterator[Feature]:
    """The features of the names: how alike the best two are, 0 to 100, and whether one is the same."""
    yield Feature("name", "unknown", f"{alike:.1f} of 100 alike", PARTS["name"] * alike / 100)
    if exact:
        yield _agrees("exact name", "one of its names is the same")


def _class(subject: Subject, profile: Profile, ground: Ground) -> Feature:
    found = fits(subject.iri, profile.entity, ground.entities)
    told = ", ".join(map(ground.label, sorted(profile.entity.items("P31") | profile.entity.items("P279"))))
    if found:
        return _agrees("class", f"fits the kind {subject.kind} ({told})")
    if found is False:
        return Feature("class", "contradicts", f"does not fit the kind {subject.kind} ({told})")
    given = told or "none is given"
    if (subject.kind, profile.id) in ground.uses:
        return _agrees("class", f"none decides ({given}), and Wikidata uses it as the kind {subject.kind}")
    return Feature("class", "unknown", f"none that is known to fit the kind {subject.kind} ({given})")


def _office(subject: Subject, profile: Profile, ground: Ground) -> Feature | None:
    pairs = [(post, held) for post in subject.posts for held in profile.held if held.office == post.item]
    agreed = [_told(post, held, ground) for post, held in pairs if _covers(held, post.when)]
    if agreed:
        return _agrees("office and date", agreed[0])
    excluded = [post for post in subject.posts if _excludes(post, [held for of, held in pairs if of is post])]
    if excluded:
        post = excluded[0]
        told = f"{post.label or ground.label(post.item)} at another time than {days(post.when)}: {_times(pairs)}"
        return Feature("office and date", "contradicts", told)
    if pairs:
        return Feature("office and date", "unknown", f"the office without dates that decide: {_times(pairs)}")
    known = any(post.item for post in subject.posts)
    why = "the office is not among those given" if known else "the office is not linked yet"
    return Feature("office and date", "unknown", why) if subject.posts else None


def _told(post: Post, held: Held, ground: Ground) -> str:
    statement = f"P39, {held.guid}" if held.guid else "P39"
    return f"{post.label or ground.label(post.item)} {days(held.when)} ({statement}), as said of {days(post.when)}"


def _times(pairs: Iterable[tuple[Post, Held]]) -> str:
    return ", ".join(sorted({days(held.when) for _, held in pairs}))


def _excludes(post: Post, held: list[Held]) -> bool:
    """Whether the item held this office, and at no time that may be that of the post."""
    return bool(held) and all(each.when is not None and _apart(each.when, post.when) for each in held)


def _birth(subject: Subject, profile: Profile, ground: Ground) -> Feature | None:  # noqa: ARG001 - one signature
    if subject.birth is None or not profile.births:
        return None
    told = f"born {', '.join(map(days, profile.births))} (P569), here {days(subject.birth)}"
    if all(_apart(each, subject.birth) for each in profile.births):
        return Feature("birth", "contradicts", told)
    if any(each == subject.birth and each.start_earliest == each.end_latest for each in profile.births):
        return _agrees("birth", told)
    return Feature("birth", "unknown", told + ": not both to the day")


def _life(subject: Subject, profile: Profile, ground: Ground) -> Feature | None:  # noqa: ARG001 - one signature
    for seen in (*subject.seen, *(post.when for post in subject.posts)):
        if profile.deaths and all(_before(each, seen) for each in profile.deaths):
            died = ", ".join(map(days, profile.deaths))
            return Feature("life", "contradicts", f"ended {died} (P570 or P576), and was here {days(seen)}")
        if profile.births and all(_before(seen, each) for each in profile.births):
            born = ", ".join(map(days, profile.births))
            return Feature("life", "contradicts", f"began {born} (P569 or P571), and was here {days(seen)}")
    return None


def _state(subject: Subject, profile: Profile, ground: Ground) -> Feature | None:
    """Another of the states that are linked contradicts; one that is not may be a former one of ours."""
    if not subject.states or not profile.states:
        return None
    told = ", ".join(map(ground.label, sorted(profile.states)))
    if shared := subject.states & profile.states:
        return _agrees("state", f"{', '.join(map(ground.label, sorted(shared)))} (P17, P27 or P1001)")
    if profile.states <= ground.things.keys():
        ours = ", ".join(map(ground.label, sorted(subject.states)))
        return Feature("state", "contradicts", f"of {told}, here of {ours}")
    return Feature("state", "unknown", f"of {told}")


def _place(subject: Subject, profile: Profile, ground: Ground) -> Feature | None:
    around, within = subject.around & profile.capitals, subject.within & profile.within
    if around:
        return _agrees("place", f"its capital {', '.join(map(ground.label, sorted(around)))} (P36) lies in it")
    if within:
        return _agrees("place", f"lies in or is a part of {', '.join(map(ground.label, sorted(within)))}")
    return None


def _judged(subject: Subject, profile: Profile, ground: Ground) -> Feature | None:
    if (subject.iri, profile.id) in ground.rejected:
        return Feature("judgement", "contradicts", "was rejected by a person")
    taken = ground.things.get(profile.id, subject.iri)
    if taken != subject.iri:
        return Feature("judgement", "contradicts", f"is {shorten(taken)} by an accepted link")
    linked = {ground.items.get(subject.iri, ""), *ground.related.get(subject.iri, ())} - {"", profile.id}
    for other in sorted(linked):
        entity = ground.entities.get(other)
        if other in profile.entity.items("P1889") or (entity and profile.id in entity.items("P1889")):
            return Feature(
                "judgement", "contradicts", f"Wikidata calls it different from {ground.label(other)} (P1889)"
            )
    return None


_JUDGES: Final[tuple[Judge, ...]] = (_class, _office, _birth, _life, _state, _place, _judged)


def _agrees(name: str, told: str) -> Feature:
    return Feature(name, "agrees", told, float(PARTS[name]))


def _covers(held: Held, when: Bounds) -> bool:
    """Whether the office was held on every day that is meant; where Wikidata gives no end, it is held still."""
    if held.when is None or held.when.start_latest is None or when.start_earliest is None:
        return False
    until, last = held.when.end_earliest, when.end_latest
    ends_later = last is not None and until is not None and last <= until
    return held.when.start_latest <= when.start_earliest and (held.is_open or ends_later)


def _apart(one: Bounds, other: Bounds) -> bool:
    return _before(one, other) or _before(other, one)


def _before(one: Bounds, other: Bounds) -> bool:
    """Whether the one was over before the other began, for certain."""
    return one.end_latest is not None and other.start_earliest is not None and one.end_latest < other.start_earliest


def days(when: Bounds | None) -> str:
    """Bounds for people to read: ``2012-12-26 to 2017-08-03``, with what is open left out."""
    if when is None:
        return "without a date"
    start, end = _span(when.start_earliest, when.start_latest), _span(when.end_earliest, when.end_latest)
    if start == end:
        return start
    return f"from {start}" if when.end_latest is None else f"{start} to {end}"


def _span(first: date | None, last: date | None) -> str:
    return f"{first or ''}" if first == last else f"{first or ''}..{last or ''}"
