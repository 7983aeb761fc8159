"""Events that came about, and their dates.

Of several dates, each is compared by itself and the one that agrees best decides; which others differ is told. A
start or an end that Wikidata does not give is open: what is only known to have begun may have lasted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from graph.dates import Bounds
from graph.wikidata.comparison.intervals import (
    Cover,
    covers,
    ends,
    is_contradictory,
    is_lasting,
    is_undated,
    place,
    starts,
)
from graph.wikidata.comparison.ours import Said, days_slug
from graph.wikidata.comparison.sides import Answer, Sides, looked_into
from graph.wikidata.comparison.theirs import END, START
from graph.wikidata.comparison.verdicts import Finding, Mention, Verdict, whole
from graph.wikidata.comparison.words import called, on_days, time_in_words, verb
from graph.wikidata.model import Entity, Statement
from graph.wikidata.times import tenure_bounds

POINT_IN_TIME = "P585"


@dataclass(frozen=True)
class _Time:
    """When it was, as a date, or as a start with an end, says it."""

    statements: tuple[Statement, ...]
    days: Bounds


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
            slices=looked_into(mentions, sides.theirs.entity(event)),
            days=said.days,
        )


def _answer(sides: Sides, said: Said) -> tuple[Answer, list[Mention]]:
    (event,) = said.things
    entity = sides.theirs.entity(event)
    hindrance = sides.hindrance(event)
    if hindrance or entity is None:
        verdict, words = hindrance or ("silent", "")
        return (verdict, "no item of Wikidata is linked to it" if verdict == "not-linked" else words), []
    every = [each for name in (POINT_IN_TIME, START, END) for each in entity.of(name)]
    dated = [each for each in every if each.rank != "deprecated"]
    if times := _times(dated):
        return _verdict(entity, said.days, times), [Mention(each, entity) for each in dated]
    if dated:
        words = f"Wikidata's item {entity.id} has {_listed(dated)}"
        return ("undated", words), [Mention(each, entity) for each in dated]
    if every:
        words = f"Wikidata's {called(Mention(every[0], entity))} is marked there as deprecated"
        return ("deprecated-only", words), [Mention(each, entity) for each in every]
    if entity.partial:
        return ("silent", f"Wikidata's item {entity.id} gives no date in the slice here"), []
    return ("undated", f"Wikidata's item {entity.id} gives no date"), []


def _times(dated: list[Statement]) -> list[_Time]:
    """Each date, and each start with each end; without what tells no day, or ends before it begins."""
    points, begun, ended = ([each for each in dated if each.property == name] for name in (POINT_IN_TIME, START, END))
    spans: list[tuple[Statement, ...]] = [*product(begun, ended)] or [(each,) for each in (*begun, *ended)]
    found = [*(_point(each) for each in points), *map(_span, spans)]
    return [each for each in found if not is_undated(each.days) and not is_contradictory(each.days)]


def _point(statement: Statement) -> _Time:
    only = tenure_bounds((statement.main,), ())
    return _Time((statement,), Bounds.some_time_in(only.start_earliest, only.start_latest))


def _span(statements: tuple[Statement, ...]) -> _Time:
    begun, ended = ([each.main for each in statements if each.property == name] for name in (START, END))
    return _Time(statements, tenure_bounds(begun, ended))


def _verdict(entity: Entity, ours: Bounds, times: list[_Time]) -> Answer:
    """By the time that agrees best; where all differ, and each in its own way, the dates are others."""
    found = [(_beside(ours, each), each) for each in times]
    verdicts = {verdict for verdict, _ in found}
    best = next((each for each in _AGREEING if each in verdicts), None)
    words = f"Wikidata's item {entity.id} has {_listed([one for each in times for one in each.statements])}"
    if best is None:
        return (verdicts.pop() if len(verdicts) == 1 else "other-dates"), words
    fitting = [one for verdict, each in found if verdict in _AGREEING for one in each.statements]
    others = verdicts.difference(_AGREEING)
    return best, f"{words}, of which {_listed(fitting)} fits" if others else words


_AGREEING: tuple[Verdict, ...] = ("agree", "agree-within-precision")


def _beside(ours: Bounds, time: _Time) -> Verdict:
    """A time of theirs beside ours: what lasted by start and end, a day by whether it lies within."""
    theirs = time.days
    if theirs == ours:
        return "agree"
    if not is_lasting(ours) or time.statements[0].property == POINT_IN_TIME:
        # Whichever of them lasts, it is asked whether the other may be a day of it.
        ours = Bounds.some_time_in(ours.start_earliest, ours.end_latest)
        return _BY_COVER.get(covers(theirs, ours), "agree-within-precision")
    begun, ended = place(starts(ours), starts(theirs)), place(ends(ours), ends(theirs))
    if begun == "later":
        return "starts-after"
    if ended == "earlier":
        return "ended-before"
    return "other-dates" if begun == "earlier" or ended == "later" else "agree-within-precision"


_BY_COVER: Mapping[Cover, Verdict] = {"before": "ended-before", "after": "starts-after"}


_MEANS = {POINT_IN_TIME: "the date", START: "the start", END: "the end"}


def _listed(dated: list[Statement]) -> str:
    once = {each.iri: each for each in dated}.values()
    return " and ".join(f"{_MEANS[each.property]} {time_in_words(each.main)}" for each in once)
