"""Territorial claims, claimant by claimant, as points of view: none is an error, and nothing says whose it is."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from graph.dates import Bounds
from graph.facts import day, nodes
from graph.wikidata.comparison.intervals import Cover, covers
from graph.wikidata.comparison.ours import Said
from graph.wikidata.comparison.sides import Answer, Sides, looked_into
from graph.wikidata.comparison.theirs import END, START, bounds_of
from graph.wikidata.comparison.verdicts import Finding, Mention, Verdict, whole
from graph.wikidata.comparison.words import called, span_as_read, verb
from graph.wikidata.model import Entity, Statement

CLAIMED_BY = "P1336"
COUNTRY = "P17"


def claim_findings(sides: Sides) -> Iterator[Finding]:
    """One finding for each claimant and territory."""
    for said in sides.ours.claims():
        claimant, territory = said.things
        (verdict, words), mentions = _answer(sides, said)
        who, what = sides.ours.name(claimant), sides.ours.name(territory)
        authors = sides.ours.authors(said.assertions)
        yield Finding(
            name=("claim", *whole(claimant), *whole(territory)),
            verdict=verdict,
            aspect="cq:claimant",
            about=(claimant, territory),
            label=f"{who} and {what}",
            sentence=f"{verb(authors, 'tells', 'tell')} of a claim of {who} to {what}; {words}.",
            nodes=tuple(sorted(said.nodes)),
            assertions=tuple(sorted(said.assertions)),
            mentions=tuple(mentions),
            slices=looked_into(mentions, sides.theirs.entity(territory)),
        )


def _answer(sides: Sides, said: Said) -> tuple[Answer, list[Mention]]:
    claimant, territory = said.things
    entity = sides.theirs.entity(territory)
    hindrance = sides.hindrance(territory, claimant)
    if hindrance or entity is None:
        return hindrance or ("silent", ""), []
    views = [*entity.of(CLAIMED_BY), *entity.of(COUNTRY)]
    counted = [each for each in views if each.rank != "deprecated" and each.item]
    of_claimant = [each for each in counted if each.item == sides.theirs.items[claimant]]
    if of_claimant:
        return _at_the_time(sides, said, [Mention(each, entity) for each in of_claimant])
    deprecated = [each for each in views if each.item == sides.theirs.items[claimant]]
    if deprecated:
        words = f"Wikidata's {called(Mention(deprecated[0], entity))} on that view is marked there as deprecated"
        return ("deprecated-only", words), [Mention(each, entity) for each in deprecated]
    if counted:
        listed = ", and ".join(_in_words(sides, entity, each) for each in counted)
        return ("other-view", f"Wikidata records another point of view: {listed}"), [
            Mention(each, entity) for each in counted
        ]
    return ("silent", f"Wikidata's item {entity.id} records no view on that"), []


def _at_the_time(sides: Sides, said: Said, mentions: list[Mention]) -> tuple[Answer, list[Mention]]:
    """Whether the view is one of the documents' time: it may have a start and an end of its own (P580, P582)."""
    days = [_day(sides, assertion) for assertion in sorted(said.assertions)]
    covered = [(_cover(each, days), each) for each in mentions]
    best = min((cover for cover, _ in covered), key=list(_VERDICTS).index)
    fitting = [each for cover, each in covered if cover == best]
    words = _in_words(sides, fitting[0].entity, fitting[0].statement)
    return (_VERDICTS[best], _WORDS[best].format(words)), fitting


_VERDICTS: Final[Mapping[Cover, Verdict]] = {
    "certainly": "agree",
    "maybe": "agree-within-precision",
    "before": "ended-before",
    "after": "starts-after",
}
_WORDS: Final[Mapping[Cover, str]] = {
    "certainly": "Wikidata records that view: {}",
    "maybe": "Wikidata records that view, as far as its dates go: {}",
    "before": "Wikidata records that view of a time before the document: {}",
    "after": "Wikidata records that view of a time after the document: {}",
}


def _cover(mention: Mention, days: list[Bounds]) -> Cover:
    """Whether a view holds at the time of all documents; one without dates holds at any time."""
    held = bounds_of(mention.statement, mention.entity)
    found = {covers(held, each) for each in days} if held else set()
    return next((each for each in ("before", "after", "maybe") if each in found), "certainly")


def _day(sides: Sides, assertion: str) -> Bounds:
    """When the document is from that tells of the claim; open where it has no date."""
    facts = sides.ours._told
    document = min((each.value for each in nodes(facts(assertion), "cq:inDocument")), default="")
    days = (day(facts(document), name) for name in ("startEarliest", "startLatest", "endEarliest", "endLatest"))
    return Bounds(*(date.fromisoformat(each) if each else None for each in days))


def _in_words(sides: Sides, entity: Entity, statement: Statement) -> str:
    name = sides.name(statement.item or "")
    mention = called(Mention(statement, entity))
    when = (
        f", {span_as_read(Mention(statement, entity))}"
        if statement.qualifier(START) or statement.qualifier(END)
        else ""
    )
    if statement.property == CLAIMED_BY:
        return f"its {mention} says that {name} claims it (P1336){when}"
    return f"its {mention} lists it under {name} (P17){when}"
