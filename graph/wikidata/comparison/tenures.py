"""The tenures of the authority file beside what Wikidata's newest slices say of the same person and office.

A statement on another term, one that has no day in common with the tenure or only that of a handover, says nothing of
this one. Terms of ours that adjoin each other count as one time beside a statement that lasts through them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from graph.dates import Bounds
from graph.wikidata.comparison.intervals import Days, Place, apart, ends, may_follow, place, starts
from graph.wikidata.comparison.origin import (
    is_its_source,
    rejected_sources,
    rests_on_wikidata_alone,
    was_read_from,
)
from graph.wikidata.comparison.ours import Tenure
from graph.wikidata.comparison.sides import Answer, Sides, looked_into, says_nothing
from graph.wikidata.comparison.theirs import END, Holding, item_iri
from graph.wikidata.comparison.verdicts import Finding, Verdict, part
from graph.wikidata.comparison.words import called, has, in_words, lasting, read_on, source_called, span, told
from graph.wikidata.links import Link

Terms = Sequence[Tenure]


def tenure_findings(sides: Sides) -> Iterator[Finding]:
    """One finding for each tenure of the authority file."""
    terms: dict[tuple[str, str], list[Tenure]] = defaultdict(list)
    every = [*sides.ours.tenures()]
    for tenure in every:
        terms[tenure.person, tenure.office].append(tenure)
    for tenure in every:
        answer, mentions = _answer(sides, tenure, terms[tenure.person, tenure.office])
        yield _finding(sides, tenure, answer, mentions)


def _finding(sides: Sides, tenure: Tenure, answer: Answer, mentions: Sequence[Holding]) -> Finding:
    person, office = sides.ours.name(tenure.person), sides.ours.name(tenure.office)
    read = f", as read on {in_words(date.fromisoformat(tenure.read))}," if tenure.read else ""
    rejected = [*rejected_sources(sides.theirs, tenure)]
    still = "".join(_still_rests(person, source, link) for source, link in rejected)
    return Finding(
        name=("tenure", part(tenure.node)),
        verdict=answer[0],
        aspect="cq:when",
        about=(tenure.person, tenure.office, *sorted({item_iri(link.object) for _, link in rejected})),
        label=f"{person}, {office}, {lasting(tenure.days)}",
        sentence=f"Our authority file{read} has {person} as {office} {lasting(tenure.days)}; {answer[1]}{still}.",
        nodes=(tenure.node,),
        mentions=tuple(mentions),
        slices=looked_into(mentions, sides.theirs.entity(tenure.person)),
        days=tenure.days,
        with_source=rests_on_wikidata_alone(tenure) and any(_source(tenure, each) for each in mentions),
    )


def _still_rests(person: str, source: str, link: Link) -> str:
    """What whoever rejects a link must know: the authority file does not follow the judgement."""
    return (
        f"; and yet the tenure still rests on {source_called(source)}, though {link.author} on {link.date} judged "
        f"{link.object} not to be {person}"
    )


def _answer(sides: Sides, tenure: Tenure, terms: Terms) -> tuple[Answer, list[Holding]]:
    hindrance = sides.hindrance(tenure.person, tenure.office)
    if hindrance:
        return hindrance, []
    person, office = sides.theirs.items[tenure.person], sides.theirs.items[tenure.office]
    every = [each for each in sides.theirs.holders(office) if each.person == person]
    held = [each for each in every if _may_mean(tenure, each)]
    dated = [each for each in held if each.counts and each.bounds]
    undated = [each for each in held if each.counts and not each.bounds]
    deprecated = [each for each in held if not each.counts]
    if dated:
        nearest = min(dated, key=lambda each: _distance(tenure, each))
        return _beside(tenure, nearest, terms), [nearest]
    if undated:
        words = f"{has(undated[0], sides.ours.name(tenure.person))}{_source(tenure, undated[0], ' ({})')}"
        return ("undated", words), [*undated]
    if deprecated:
        words = f"Wikidata's {told(deprecated[0])}{_source(tenure, deprecated[0])}, is marked there as deprecated"
        return ("deprecated-only", words), [*deprecated]
    return _silent(sides, tenure, every), []


def _may_mean(tenure: Tenure, holding: Holding) -> bool:
    """Whether a statement may be on this term: one from which it was read is, however far apart they are by now."""
    return is_its_source(tenure, holding) or holding.bounds is None or not apart(tenure.days, holding.bounds)


def _silent(sides: Sides, tenure: Tenure, others: Sequence[Holding]) -> Answer:
    """Nothing of this term; the other terms in that office are named."""
    entity = sides.theirs.entities[sides.theirs.items[tenure.person]]
    there = ", though it was read from there" if was_read_from(tenure, entity) else ""
    if not others:
        return "silent", f"{says_nothing(entity, 'that office')}{there}"
    listed = ", and ".join(f"{told(each)}{'' if each.counts else ' (deprecated there)'}" for each in others)
    return "silent", f"{says_nothing(entity, 'that term')}{there}; of the office it has {listed}"


_AS: dict[Verdict, str] = {
    "agree": "so has",
    "agree-within-precision": "that fits, as far as it goes,",
    "starts-after": "a later start has",
    "ended-before": "an earlier end has",
    "other-dates": "a longer time has",
}


@dataclass(frozen=True)
class _Outer:
    """How a start and an end lie beside a statement's, and whether adjoining terms of ours are counted in."""

    begun: Place
    ended: Place
    joined: bool

    @property
    def verdict(self) -> Verdict:
        """By start and end."""
        if self.begun == "later":
            return "starts-after"
        if self.ended == "earlier":
            return "ended-before"
        if self.begun == "earlier" or self.ended == "later":
            return "other-dates"
        return "agree" if self.begun == self.ended == "same" else "agree-within-precision"


def _beside(tenure: Tenure, holding: Holding, terms: Terms) -> Answer:
    """A tenure beside a statement, by start and end."""
    outer = _outer(tenure, holding, terms)
    one = "with our adjoining terms as one time, " if outer.joined else ""
    same = outer.verdict == "agree" and tenure.days.end_latest and not outer.joined
    when = "" if same else f": {span(holding.statement)}"
    words = f"{one}{_AS[outer.verdict]} Wikidata's {called(holding)}{_source(tenure, holding)}"
    # The day on which ours was read from there has been told.
    stood = "" if _source(tenure, holding) and tenure.read == holding.read else f", as {read_on(holding)}"
    return outer.verdict, f"{words}{stood}{when}"


def _outer(tenure: Tenure, holding: Holding, terms: Terms) -> _Outer:
    """Where a statement begins earlier, or ends later, but within adjoining terms of ours, that is no other bound."""
    begun, ended = _start(tenure, holding), _end(tenure, holding)
    before = begun == "earlier" and any(
        _start(each, holding) != "earlier" for each in _adjoining(tenure, terms, "before")
    )
    after = ended == "later" and any(_end(each, holding) != "later" for each in _adjoining(tenure, terms, "after"))
    return _Outer("same" if before else begun, "same" if after else ended, before or after)


def _adjoining(tenure: Tenure, terms: Terms, way: Literal["before", "after"]) -> list[Tenure]:
    """The terms that one after the other go before a tenure, or come after it, by the next day at the latest."""
    chain = [tenure]
    for each in chain:  # which grows
        if way == "before":
            found = [other for other in terms if _is_next(other.days, each.days)]
        else:
            found = [other for other in terms if _is_next(each.days, other.days)]
        chain += [other for other in found if other not in chain]
    return chain[1:]


def _is_next(earlier: Bounds, later: Bounds) -> bool:
    first, then = earlier.start_earliest, later.start_earliest
    return bool(first and then and first < then and may_follow(earlier, later))


def _source(tenure: Tenure, holding: Holding, words: str = ", {}") -> str:
    """That a tenure was read from the statement itself, or from its item; nothing otherwise."""
    if not was_read_from(tenure, holding.entity):
        return ""
    itself = is_its_source(tenure, holding) or not holding.statement.guid
    return words.format("from which it was read" if itself else "from whose item it was read")


def _start(tenure: Tenure, holding: Holding) -> Place:
    return place(starts(tenure.days), starts(holding.bounds or tenure.days))


def _end(tenure: Tenure, holding: Holding) -> Place:
    """An end that either side leaves open is no other end."""
    bounds = holding.bounds or tenure.days
    if tenure.days.end_latest is None:
        # Ours was open on the day of reading: an end that came later is news, and one that came before is another.
        read = date.fromisoformat(tenure.read) if tenure.read else None
        return "earlier" if read and bounds.end_latest and bounds.end_latest < read else "same"
    return place(ends(tenure.days), ends(bounds)) if holding.statement.qualifier(END) else "within"


def _distance(tenure: Tenure, holding: Holding) -> tuple[bool, int, int]:
    """How far a statement lies from a tenure: not its source, days between starts, days between ends."""
    bounds = holding.bounds or tenure.days
    other = not is_its_source(tenure, holding)
    return other, _days_between(starts(tenure.days), starts(bounds)), _days_between(ends(tenure.days), ends(bounds))


def _days_between(one: Days, other: Days) -> int:
    return abs((one[0] - other[0]).days) if one[0] and other[0] else 0
