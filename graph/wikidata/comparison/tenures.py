"""The tenures of the authority file beside what Wikidata's newest slices say of the same person and office."""

from collections.abc import Iterator
from datetime import date

from graph.dates import Bounds
from graph.wikidata.comparison.intervals import Days, Place, ends, place, starts
from graph.wikidata.comparison.ours import Tenure
from graph.wikidata.comparison.sides import Answer, Sides, slices
from graph.wikidata.comparison.theirs import END, Holding
from graph.wikidata.comparison.verdicts import Finding, Mention, Verdict, part
from graph.wikidata.comparison.words import called, has, in_words, lasting, told


def tenure_findings(sides: Sides) -> Iterator[Finding]:
    """One finding for each tenure of the authority file."""
    for tenure in sides.ours.tenures():
        (verdict, words), mentions = _answer(sides, tenure)
        person, office = sides.ours.name(tenure.person), sides.ours.name(tenure.office)
        read = f", as read on {in_words(date.fromisoformat(tenure.read))}," if tenure.read else ""
        yield Finding(
            name=("tenure", part(tenure.node)),
            verdict=verdict,
            aspect="cq:when",
            about=(tenure.person, tenure.office),
            label=f"{person}, {office}, {lasting(tenure.days)}",
            sentence=f"Our authority file{read} has {person} as {office} {lasting(tenure.days)}; {words}.",
            nodes=(tenure.node,),
            mentions=tuple(mentions),
            slices=slices([sides.theirs.entity(tenure.person)]),
            days=tenure.days,
        )


def _answer(sides: Sides, tenure: Tenure) -> tuple[Answer, list[Mention]]:
    hindrance = sides.hindrance(tenure.person, tenure.office)
    if hindrance:
        return hindrance, []
    person, office = sides.theirs.items[tenure.person], sides.theirs.items[tenure.office]
    held = [each for each in sides.theirs.holders(office) if each.person == person]
    dated = [each for each in held if each.counts and each.bounds]
    undated = [each for each in held if each.counts and not each.bounds]
    deprecated = [each for each in held if not each.counts]
    if dated:
        nearest = min(dated, key=lambda each: _distance(tenure, each))
        verdict = _verdict(tenure, nearest)
        same = verdict == "agree" and tenure.days.end_latest
        return (verdict, f"{_AS[verdict]} Wikidata's {called(nearest) if same else told(nearest)}"), [nearest]
    if undated:
        return ("undated", has(undated[0], sides.ours.name(tenure.person))), [*undated]
    if deprecated:
        return ("deprecated-only", f"Wikidata's {told(deprecated[0])} is marked there as deprecated"), [*deprecated]
    return ("silent", f"Wikidata's item {person} says nothing of that office in the slice here"), []


_AS: dict[Verdict, str] = {
    "agree": "so has",
    "agree-within-precision": "that fits, as far as it goes,",
    "starts-after": "a later start has",
    "ended-before": "an earlier end has",
    "other-dates": "a longer time has",
}


def _verdict(tenure: Tenure, holding: Holding) -> Verdict:
    """By start and end; an end that either side leaves open is no other end."""
    bounds = holding.bounds or tenure.days
    begun = place(starts(tenure.days), starts(bounds))
    ended = _end(tenure, holding, bounds)
    if begun == "later":
        return "starts-after"
    if ended == "earlier":
        return "ended-before"
    if begun == "earlier" or ended == "later":
        return "other-dates"
    return "agree" if begun == ended == "same" else "agree-within-precision"


def _end(tenure: Tenure, holding: Holding, bounds: Bounds) -> Place:
    if tenure.days.end_latest is None:
        # Ours was open on the day of reading: an end that came later is news, and one that came before is another.
        read = date.fromisoformat(tenure.read) if tenure.read else None
        return "earlier" if read and bounds.end_latest and bounds.end_latest < read else "same"
    return place(ends(tenure.days), ends(bounds)) if holding.statement.qualifier(END) else "within"


def _distance(tenure: Tenure, holding: Holding) -> tuple[bool, int, int]:
    """How far a statement lies from a tenure: not its source, days between starts, days between ends."""
    bounds = holding.bounds or tenure.days
    apart = holding.statement.iri != tenure.source
    return apart, _days_between(starts(tenure.days), starts(bounds)), _days_between(ends(tenure.days), ends(bounds))


def _days_between(one: Days, other: Days) -> int:
    return abs((one[0] - other[0]).days) if one[0] and other[0] else 0
