"""Who held which office on which day: what documents say, beside Wikidata's statements *position held* (P39)."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph.dates import Bounds
from graph.wikidata.comparison.intervals import Cover, covers, covers_beyond_handover
from graph.wikidata.comparison.ours import Said, days_slug
from graph.wikidata.comparison.sides import Answer, Sides, slices
from graph.wikidata.comparison.theirs import Holding
from graph.wikidata.comparison.verdicts import Finding, Mention, part
from graph.wikidata.comparison.words import has, on_days, span, told, verb

Found = tuple[Answer, list[Mention]]
"""A verdict in words, and the statements that show it."""


@dataclass(frozen=True)
class _Held:
    """What Wikidata has on an office question, sorted by what it says of the days asked about."""

    days: Bounds
    of_person: tuple[Holding, ...]
    of_others: tuple[Holding, ...]

    def that(self, *covering: Cover) -> list[Holding]:
        """The person's dated statements that cover the days so."""
        return [each for each in self.of_person if each.counts and each.bounds and self._cover(each) in covering]

    def undated(self) -> list[Holding]:
        """The person's statements without dates."""
        return [each for each in self.of_person if each.counts and each.bounds is None]

    def deprecated(self) -> list[Holding]:
        """The person's statements that Wikidata has marked as wrong."""
        return [each for each in self.of_person if not each.counts]

    def holders(self) -> list[Holding]:
        """Others' statements that certainly cover the days."""
        return [each for each in self.of_others if each.counts and each.bounds and self._cover(each) == "certainly"]

    def rivals(self) -> list[Holding]:
        """Of these, those that have more in common with the days than a handover."""
        return [each for each in self.holders() if each.bounds and covers_beyond_handover(each.bounds, self.days)]

    def _cover(self, holding: Holding) -> Cover:
        return covers(holding.bounds or self.days, self.days)


def office_findings(sides: Sides) -> Iterator[Finding]:
    """One finding for each person, office and date."""
    for said in sides.ours.offices():
        person, office = said.things
        (verdict, words), mentions = _answer(sides, said)
        question = f"{sides.ours.name(person)}, {sides.ours.name(office)}, {on_days(said.days).removeprefix('on ')}"
        yield Finding(
            name=("office", part(person), part(office), *days_slug(said.days)),
            verdict=verdict,
            aspect="cq:heldPost",
            about=(person, office),
            label=question,
            sentence=f"{_claim(sides, said)}; {words}.",
            nodes=tuple(sorted(said.nodes)),
            assertions=tuple(sorted(said.assertions)),
            mentions=tuple(mentions),
            slices=slices([sides.theirs.entity(person), *(each.entity for each in mentions)]),
            days=said.days,
        )


def _claim(sides: Sides, said: Said) -> str:
    person, office = map(sides.ours.name, said.things)
    authors = sides.ours.authors(said.assertions)
    return f"{verb(authors, 'names', 'name')} {person} as {office} {on_days(said.days)}"


def _answer(sides: Sides, said: Said) -> Found:
    person, office = said.things
    hindrance = sides.hindrance(person, office)
    entity = sides.theirs.entity(person)
    if hindrance and hindrance[0] == "not-linked" and entity and office not in sides.theirs.items:
        hindrance = sides.unlinked_office(entity, office, said.days) or hindrance
    if hindrance or entity is None:
        return hindrance or ("silent", ""), []
    every = sides.theirs.holders(sides.theirs.items[office])
    own = tuple(each for each in every if each.person == entity.id)
    others = tuple(each for each in every if each.person != entity.id) if sides.ours.is_held_by_one(office) else ()
    return _verdict(sides, said, _Held(said.days, own, others))


def _verdict(sides: Sides, said: Said, held: _Held) -> Found:
    """By the strongest of what the person's statements say."""
    person = sides.ours.name(said.things[0])
    if sure := held.that("certainly"):
        if rivals := held.rivals():
            words = f"{has(sure[0], person)}, and {_others(sides, rivals)} at the same time"
            return ("overlap", words), [*sure, *rivals]
        return ("agree", has(sure[0], person)), [*sure]
    if possible := held.that("maybe"):
        return ("agree-within-precision", f"{has(possible[0], person)}, which allows that date"), [*possible]
    if undated := held.undated():
        return ("undated", has(undated[0], person)), [*undated]
    return _missed(sides, said, held)


def _missed(sides: Sides, said: Said, held: _Held) -> Found:
    """Where no statement of the person allows the date."""
    person, holders = sides.ours.name(said.things[0]), held.holders()
    before, after = held.that("before"), held.that("after")
    instead = f"; then {_others(sides, holders)}" if holders else ""
    if before:
        again = f", and again only {span(after[0].statement)}" if after else ""
        shown: list[Mention] = [*before, *after, *holders]
        return ("ended-before", f"{has(before[-1], person)}, before that{again}{instead}"), shown
    if after:
        return ("starts-after", f"{has(after[0], person)}, after that{instead}"), [*after, *holders]
    if deprecated := held.deprecated():
        return ("deprecated-only", f"{has(deprecated[0], person)}, and is marked as deprecated there"), [*deprecated]
    if holders:
        return ("other-holder", f"{_nothing(sides, said)}; instead {_others(sides, holders)} then"), [*holders]
    return ("silent", _nothing(sides, said)), []


def _others(sides: Sides, holders: list[Holding]) -> str:
    return "Wikidata has " + " and ".join(f"{sides.name(each.person)} in it ({told(each)})" for each in holders)


def _nothing(sides: Sides, said: Said) -> str:
    entity = sides.theirs.entity(said.things[0])
    partial = " in the slice here, which has only some of its statements" if entity and entity.partial else ""
    return f"Wikidata's item {entity.id if entity else ''} says nothing of that office{partial}"
