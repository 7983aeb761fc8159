"""Events that came about, and their dates."""

from collections.abc import Iterator

from graph.dates import Bounds
from graph.wikidata.comparison.intervals import covers
from graph.wikidata.comparison.ours import Said, days_slug
from graph.wikidata.comparison.sides import Answer, Sides, slices
from graph.wikidata.comparison.theirs import END, START
from graph.wikidata.comparison.verdicts import Finding, Mention, whole
from graph.wikidata.comparison.words import called, on_days, time_in_words, verb
from graph.wikidata.model import Entity, Statement, Time
from graph.wikidata.times import bounds_of

POINT_IN_TIME = "P585"


def event_findings(sides: Sides) -> Iterator[Finding]:
    """One finding for each event and date."""
    for said in sides.ours.events():
        (event,) = said.things
        (verdict, words), mentions = _answer(sides, said)
        authors, name = sides.ours.authors(said.assertions), sides.ours.name(event)
        yield Finding(
            name=("event", *whole(event), *days_slug(said.days)),
            verdict=verdict,
            aspect="cq:when",
            about=(event,),
            label=f"{name}: {on_days(said.days).removeprefix('on ')}",
            sentence=f"{verb(authors, 'tells', 'tell')} of “{name}” {on_days(said.days)}; {words}.",
            nodes=tuple(sorted(said.nodes)),
            assertions=tuple(sorted(said.assertions)),
            mentions=tuple(mentions),
            slices=slices([sides.theirs.entity(event)]),
            days=said.days,
        )


def _answer(sides: Sides, said: Said) -> tuple[Answer, list[Mention]]:
    (event,) = said.things
    entity = sides.theirs.entity(event)
    hindrance = sides.hindrance(event)
    if hindrance or entity is None:
        verdict, words = hindrance or ("silent", "")
        return (verdict, "no item of Wikidata is linked to it" if verdict == "not-linked" else words), []
    dated = [each for each in _dated(entity) if each.rank != "deprecated"]
    deprecated = [each for each in _dated(entity) if each.rank == "deprecated"]
    if dated:
        return _verdict(entity, said.days, dated), [Mention(each, entity) for each in dated]
    if deprecated:
        words = f"Wikidata's {called(Mention(deprecated[0], entity))} is marked there as deprecated"
        return ("deprecated-only", words), [Mention(each, entity) for each in deprecated]
    return ("undated", f"Wikidata's item {entity.id} gives no date"), []


def _dated(entity: Entity) -> list[Statement]:
    return [each for name in (POINT_IN_TIME, START, END) for each in entity.of(name)]


def _verdict(entity: Entity, ours: Bounds, dated: list[Statement]) -> Answer:
    """By what all dates of the event taken together allow."""
    theirs = _bounds(dated)
    listed = " and ".join(f"{_MEANS[each.property]} {time_in_words(each.main)}" for each in dated)
    words = f"Wikidata's item {entity.id} has {listed}"
    if (theirs.start_earliest, theirs.end_latest) == (ours.start_earliest, ours.end_latest):
        return "agree", words
    cover = covers(theirs, ours)
    if cover in ("before", "after"):
        return ("ended-before" if cover == "before" else "starts-after"), words
    return "agree-within-precision", words


_MEANS = {POINT_IN_TIME: "the date", START: "the start", END: "the end"}


def _bounds(dated: list[Statement]) -> Bounds:
    """From the first day that a start or a date may mean to the last day that an end or a date may mean."""
    found = {each.property: bounds_of(each.main.value) for each in dated if isinstance(each.main.value, Time)}
    first, last = found.get(START), found.get(END)
    point = found.get(POINT_IN_TIME)
    begin, finish = first or point or last, last or point or first
    return Bounds(
        begin.start_earliest if begin else None,
        begin.start_latest if begin else None,
        finish.end_earliest if finish else None,
        finish.end_latest if finish else None,
    )
