"""The features of a candidate: what agrees, contradicts or is not known, each with its part in the score.

What is not known is neither: Wikidata is incomplete, and so are the documents. Each feature is a function of a thing
of ours, an item, and the ground on which both are seen.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from graph.dates import Bounds
from graph.namespaces import shorten
from graph.wikidata.classes import fits
from graph.wikidata.reconciliation.ground import Ground
from graph.wikidata.reconciliation.profiles import Profile
from graph.wikidata.reconciliation.spans import OLDEST, YOUNGEST, apart, before, covers, days, is_no_age
from graph.wikidata.reconciliation.subjects import Post, Subject

Verdict = Literal["agrees", "contradicts", "unknown"]
PARTS: Final[Mapping[str, int]] = {
    "name": 40, "exact name": 10, "class": 10, "office and date": 20, "birth": 10, "state": 5, "place": 5,
    "life": 0, "judgement": 0,
}  # fmt: skip
"""The most that each feature gives, 100 in all; those of 0 can only contradict."""
INDEPENDENT: Final = frozenset(("office and date", "birth", "state", "place"))
"""The features that a name does not decide: one of them must agree."""
_OF_ONE_STATE: Final = frozenset(("office", "organisation"))
"""The kinds that another state excludes: people have several, and of some places states disagree."""


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


Judge = Callable[[Subject, Profile, Ground], Iterable[Feature]]


def features(subject: Subject, profile: Profile, ground: Ground) -> Iterator[Feature]:
    """The features beside the names, in the order in which they are told.

    There is one for each post and each birth, so that none hides what contradicts; only the first of a name that
    agrees has a part in the score.
    """
    scored: set[str] = set()
    for found in dict.fromkeys(each for judge in _JUDGES for each in judge(subject, profile, ground)):
        yield replace(found, part=0.0) if found.name in scored else found
        scored |= {found.name} if found.part else set()


def named(alike: float, exact: bool) -> Iterator[Feature]:
    """The features of the names: how alike the best two are, 0 to 100, and whether one is the same."""
    yield Feature("name", "unknown", f"{alike:.1f} of 100 alike", PARTS["name"] * alike / 100)
    if exact:
        yield _agrees("exact name", "one of its names is the same")


def _class(subject: Subject, profile: Profile, ground: Ground) -> Iterator[Feature]:
    yield _class_of(subject, profile, ground)


def _class_of(subject: Subject, profile: Profile, ground: Ground) -> Feature:
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


def _office(subject: Subject, profile: Profile, ground: Ground) -> Iterator[Feature]:
    return (_post(post, profile, ground) for post in subject.posts)


def _post(post: Post, profile: Profile, ground: Ground) -> Feature:
    held = [each for each in profile.held if each.office == post.item]
    if not held:
        why = "the office is not among those given" if post.item else "the office is not linked yet"
        return Feature("office and date", "unknown", why)
    office, times = post.label or ground.label(post.item), ", ".join(sorted({days(each.when) for each in held}))
    for each in held:
        if covers(each, post.when):
            statement = f"P39, {each.guid}" if each.guid else "P39"
            told = f"{office} {days(each.when)} ({statement}), as said of {days(post.when)}"
            return _agrees("office and date", told)
    if all(each.when is not None and apart(each.when, post.when) for each in held):
        return Feature("office and date", "contradicts", f"{office} at another time than {days(post.when)}: {times}")
    return Feature("office and date", "unknown", f"the office without dates that decide: {times}")


def _birth(subject: Subject, profile: Profile, ground: Ground) -> Iterator[Feature]:  # noqa: ARG001 - one signature
    for each in profile.births if subject.birth else ():
        told = f"born {days(each)} (P569), here {days(subject.birth)}"
        if subject.birth and apart(each, subject.birth):
            yield Feature("birth", "contradicts", told)
        elif each == subject.birth and each.start_earliest == each.end_latest:
            yield _agrees("birth", told)
        else:
            yield Feature("birth", "unknown", told + ": not both to the day")


def _life(subject: Subject, profile: Profile, ground: Ground) -> Iterator[Feature]:  # noqa: ARG001 - one signature
    """The first of all times that lies outside the life of the item."""
    times = (*subject.seen, *(post.when for post in subject.posts))
    told = (_outside(profile, seen, subject.kind == "person") for seen in times)
    first = next(filter(None, told), "")
    if first:
        yield Feature("life", "contradicts", first)


def _outside(profile: Profile, seen: Bounds, is_person: bool) -> str:
    """Why something that was there then is not the item, in words; empty where it may be."""
    births, deaths = profile.births, profile.deaths
    born = ", ".join(map(days, births))
    if deaths and all(before(each, seen) for each in deaths):
        return f"ended {', '.join(map(days, deaths))} (P570 or P576), and was here {days(seen)}"
    if births and all(before(seen, each) for each in births):
        return f"began {born} (P569 or P571), and was here {days(seen)}"
    if births and is_person and all(is_no_age(each, seen) for each in births):
        return f"born {born} (P569), and was here {days(seen)}, not at an age from {YOUNGEST} to {OLDEST}"
    return ""


def _state(subject: Subject, profile: Profile, ground: Ground) -> Iterator[Feature]:
    if subject.states and profile.states:
        yield _of_state(subject, profile, ground)


def _of_state(subject: Subject, profile: Profile, ground: Ground) -> Feature:
    """Another of the states that are linked contradicts some kinds; one that is not may be a former one of ours."""
    told = ", ".join(map(ground.label, sorted(profile.states)))
    if shared := subject.states & profile.states:
        return _agrees("state", f"{', '.join(map(ground.label, sorted(shared)))} (P17, P27 or P1001)")
    if subject.kind in _OF_ONE_STATE and profile.states <= ground.things.keys():
        ours = ", ".join(map(ground.label, sorted(subject.states)))
        return Feature("state", "contradicts", f"of {told}, here of {ours}")
    return Feature("state", "unknown", f"of {told}")


def _place(subject: Subject, profile: Profile, ground: Ground) -> Iterator[Feature]:
    around, within = subject.around & profile.capitals, subject.within & profile.within
    if around:
        yield _agrees("place", f"its capital {', '.join(map(ground.label, sorted(around)))} (P36) lies in it")
    elif within:
        yield _agrees("place", f"lies in or is a part of {', '.join(map(ground.label, sorted(within)))}")


def _judged(subject: Subject, profile: Profile, ground: Ground) -> Iterator[Feature]:
    if (subject.iri, profile.id) in ground.rejected:
        yield Feature("judgement", "contradicts", "was rejected by a person")
    taken = ground.things.get(profile.id, subject.iri)
    if taken != subject.iri:
        yield Feature("judgement", "contradicts", f"is {shorten(taken)} by an accepted link")
    linked = {ground.items.get(subject.iri, ""), *ground.related.get(subject.iri, ())} - {"", profile.id}
    for other in sorted(linked):
        entity = ground.entities.get(other)
        if other in profile.entity.items("P1889") or (entity and profile.id in entity.items("P1889")):
            told = f"Wikidata calls it different from {ground.label(other)} (P1889)"
            yield Feature("judgement", "contradicts", told)


_JUDGES: Final[tuple[Judge, ...]] = (_class, _office, _birth, _life, _state, _place, _judged)


def _agrees(name: str, told: str) -> Feature:
    return Feature(name, "agrees", told, float(PARTS[name]))
