"""Who held which office on which day: what documents say, beside Wikidata's statements *position held* (P39)."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph.dates import Bounds
from graph.wikidata.comparison.intervals import Cover, covers, covers_beyond_handover, is_lasting, joined, overlap
from graph.wikidata.comparison.ours import Said, days_slug
from graph.wikidata.comparison.sides import Answer, Sides, looked_into, says_nothing
from graph.wikidata.comparison.theirs import Holding
from graph.wikidata.comparison.verdicts import Finding, Mention, part
from graph.wikidata.comparison.words import has, on_days, span_as_read, told, verb

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
        """Others' statements that certainly cover the days, or, of days that lasted, some of them."""
        return [each for each in self.of_others if each.counts and each.bounds and self._is_then(each.bounds)]

    def _is_then(self, held: Bounds) -> bool:
        lasted = is_lasting(self.days) and overlap(held, self.days)
        return lasted or covers(held, self.days) == "certainly"

    def rivals(self, own: list[Holding]) -> list[Holding]:
        """Of these, those that share more with the person's own statements than the day of a handover."""
        return [each for each in self.holders() if self._goes_beyond(each) or all(map(self._goes_beyond, own))]

    def _goes_beyond(self, holding: Holding) -> bool:
        """Whether it cannot be that a handover on the day asked about is all that it has of the days."""
        several = self.days.start_earliest != self.days.end_latest
        return several or bool(holding.bounds and covers_beyond_handover(holding.bounds, self.days))

    def together(self, cover: Cover) -> list[Holding]:
        """The person's statements that one after the other, though none alone, cover the days so."""
        dated = [each for each in self.of_person if each.counts and each.bounds]
        for number, each in enumerate(dated):
            chain, whole = [each], each.bounds
            for later in dated[number + 1 :]:
                longer = joined(whole, later.bounds) if whole and later.bounds else None
                if longer:
                    chain, whole = [*chain, later], longer
            if whole and len(chain) > 1 and covers(whole, self.days) == cover:
                return chain
        return []

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
            slices=looked_into(mentions, sides.theirs.entity(person)),
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
        return _beside_rivals(sides, held, sure, ("agree", has(sure[0], person)))
    if whole := held.together("certainly"):
        return _beside_rivals(sides, held, whole, ("agree", _one_after_another(whole, person)))
    if possible := held.that("maybe"):
        allowed: Answer = ("agree-within-precision", f"{has(possible[0], person)}, which allows that date")
        return _beside_rivals(sides, held, possible, allowed)
    if parts := held.together("maybe"):
        allowed = ("agree-within-precision", f"{_one_after_another(parts, person)}, which allows that date")
        return _beside_rivals(sides, held, parts, allowed)
    if undated := held.undated():
        holders = held.holders()
        instead = f"; then {_others(sides, holders)}" if holders else ""
        return ("undated", f"{has(undated[0], person)}{instead}"), [*undated, *holders]
    return _missed(sides, said, held)


def _beside_rivals(sides: Sides, held: _Held, own: list[Holding], answer: Answer) -> Found:
    """What the person's own statements say, unless somebody else is certainly in the office at the same time."""
    rivals = held.rivals(own)
    if not rivals:
        return answer, [*own]
    return ("overlap", f"{answer[1]}, and {_others(sides, rivals)} at the same time"), [*own, *rivals]


def _one_after_another(own: list[Holding], person: str) -> str:
    return f"{has(own[0], person)}, and then {' and '.join(map(span_as_read, own[1:]))}"


def _missed(sides: Sides, said: Said, held: _Held) -> Found:
    """Where no statement of the person allows the date."""
    person, holders = sides.ours.name(said.things[0]), held.holders()
    before, after = held.that("before"), held.that("after")
    instead = f"; then {_others(sides, holders)}" if holders else ""
    if before:
        again = f", and again only {span_as_read(after[0])}" if after else ""
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
    return says_nothing(entity, "that office") if entity else ""
