"""Wikidata by itself, in the offices of the documents: a tenure told several times, chains that do not close."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from graph.dates import Bounds
from graph.namespaces import kind
from graph.wikidata.comparison.intervals import ONE_DAY, covers, may_follow, overlap
from graph.wikidata.comparison.sides import Sides, looked_into
from graph.wikidata.comparison.theirs import REPLACED_BY, REPLACES, Holding
from graph.wikidata.comparison.verdicts import Finding, digits, part
from graph.wikidata.comparison.words import called, on_days, span, span_as_read, told


def chain_findings(sides: Sides) -> Iterator[Finding]:
    """Duplicates and gaps in each office that is linked."""
    for office, item in sorted(sides.theirs.items.items()):
        if kind(office) == "office":
            every = sides.theirs.holders(item)
            held = [each for each in every if each.counts and each.bounds]
            yield from _duplicates(sides, office, [each for each in every if each.counts])
            if sides.ours.is_held_by_one(office):
                if all(each.bounds for each in every if each.counts):
                    # Whoever has the office without dates may have had it in any gap.
                    yield from _gaps(sides, office, held)
                yield from _broken_links(sides, office, every)


def _duplicates(sides: Sides, office: str, held: Sequence[Holding]) -> Iterator[Finding]:
    for person in sorted({each.person for each in held}):
        for alike in _alike([each for each in held if each.person == person]):
            name, post = sides.name(person), sides.ours.name(office)
            listed = "; ".join(told(each) for each in alike)
            yield Finding(
                name=("duplicate", part(sides.iri(person)), part(office), digits(*alike)),
                verdict="duplicate",
                aspect="cq:heldPost",
                about=(sides.iri(person), office),
                label=f"{name}, {post}: {len(alike)} statements of one time",
                sentence=f"Wikidata has {name} as {post} in {len(alike)} statements {_how(alike)}: {listed}.",
                mentions=tuple(alike),
                slices=looked_into(alike),
            )


def _how(alike: Sequence[Holding]) -> str:
    return "whose times overlap" if any(_overlap(alike[0], each) for each in alike[1:]) else "that say the same"


def _alike(held: Sequence[Holding]) -> Iterator[list[Holding]]:
    """Groups of statements, each of which overlaps another of its group, or has the same qualifiers.

    One without identifier, of a query's answer, may be the same as one with an identifier that begins on its day.
    """
    known = {_begins(each) for each in held if each.statement.guid}
    several = [each for each in held if each.statement.guid or _begins(each) not in known]
    groups: list[list[Holding]] = []
    for each in several:
        joined = [group for group in groups if any(_are_alike(each, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(other for group in joined for other in group), each])
    return (group for group in groups if len(group) > 1)


def _begins(holding: Holding) -> date | None:
    return holding.bounds.start_earliest if holding.bounds else None


def _are_alike(one: Holding, other: Holding) -> bool:
    return _overlap(one, other) or set(one.statement.qualifiers) == set(other.statement.qualifiers)


def _overlap(one: Holding, other: Holding) -> bool:
    return one.bounds is not None and other.bounds is not None and overlap(one.bounds, other.bounds)


def _gaps(sides: Sides, office: str, held: Sequence[Holding]) -> Iterator[Finding]:
    """Days between consecutive tenures that certainly belong to neither."""
    latest: Holding | None = None
    for each in held:
        if latest and _leaves_gap(latest, each) and not _may_be_filled(sides, office, _between(latest, each)):
            yield _gap(sides, office, latest, each)
        if latest is None or _end_of(each) >= _end_of(latest):
            latest = each


def _end_of(holding: Holding) -> str:
    """The last day that it may have lasted; what has no end sorts after all."""
    last = holding.bounds.end_latest if holding.bounds else None
    return last.isoformat() if last else "9"


def _leaves_gap(earlier: Holding, later: Holding) -> bool:
    last = earlier.bounds.end_latest if earlier.bounds else None
    first = later.bounds.start_earliest if later.bounds else None
    return bool(last and first and first - last > ONE_DAY)


def _between(earlier: Holding, later: Holding) -> Bounds:
    last = earlier.bounds.end_latest if earlier.bounds else None
    first = later.bounds.start_earliest if later.bounds else None
    return Bounds.some_time_in(last and last + ONE_DAY, first and first - ONE_DAY)


def _may_be_filled(sides: Sides, office: str, days: Bounds) -> bool:
    """Whether, by the authority file, somebody was in office then of whose linked item no slice is here."""
    return any(
        tenure.office == office
        and tenure.person in sides.theirs.items
        and sides.theirs.entity(tenure.person) is None
        and covers(tenure.days, days) in ("certainly", "maybe")
        for tenure in sides.ours.tenures()
    )


def _gap(sides: Sides, office: str, earlier: Holding, later: Holding) -> Finding:
    days = _between(earlier, later)
    post = sides.ours.name(office)
    before, after = sides.name(earlier.person), sides.name(later.person)
    return Finding(
        name=("gap", part(office), f"{days.start_earliest}", f"{days.end_latest}"),
        verdict="chain-gap",
        aspect="cq:heldPost",
        about=(office, sides.iri(earlier.person), sides.iri(later.person)),
        label=f"{post}, nobody {on_days(days)}",
        sentence=f"By the slices of Wikidata here, nobody is {post} {on_days(days)}: {before} is in office "
        f"{span(earlier.statement)} ({called(earlier)}), and the next, {after}, {span_as_read(later)} "
        f"({called(later)}).",
        mentions=(earlier, later),
        slices=looked_into((earlier, later)),
        days=days,
    )


@dataclass(frozen=True)
class _Link:
    """A link of a chain: a statement that by a property (P1365, P1366) names a predecessor or successor."""

    holding: Holding
    by: str
    other: str

    def fits(self, theirs: Holding) -> bool:
        """Whether the other's time may come right before, or after, as the property says."""
        earlier, later = (theirs, self.holding) if self.by == REPLACES else (self.holding, theirs)
        return bool(earlier.bounds and later.bounds and may_follow(earlier.bounds, later.bounds))

    @property
    def back(self) -> str:
        """The property that points the other way."""
        return REPLACED_BY if self.by == REPLACES else REPLACES


Problem = tuple[str, tuple[Holding, ...]]
"""What is wrong with a link of a chain, and the statements that show it."""


def _broken_links(sides: Sides, office: str, every: Sequence[Holding]) -> Iterator[Finding]:
    """Links of the chain that the other's own statements do not confirm."""
    for each in (each for each in every if each.counts and each.bounds):
        for property_ in (REPLACES, REPLACED_BY):
            for other in _named(each, property_):
                link = _Link(each, property_, sides.theirs.current(other))
                problem = _problem(sides, every, link)
                if problem:
                    yield _broken(sides, office, link, problem)


def _named(holding: Holding, property_: str) -> list[str]:
    found = (getattr(snak.value, "id", "") for snak in holding.statement.qualifier(property_))
    return sorted({item for item in found if item})


def _problem(sides: Sides, every: Sequence[Holding], link: _Link) -> Problem | None:
    """None where nothing is known to be wrong.

    Of a person of whom slices have only some statements, nothing that is missing is held against Wikidata.
    """
    entity = sides.theirs.entities.get(link.other)
    if entity is None:
        return None
    name, held = sides.name(entity.id), [each for each in every if each.person == entity.id]
    theirs = [each for each in held if each.counts and each.bounds]
    if not theirs:
        return None if entity.partial else _without_dates(name, held)
    fitting = [each for each in theirs if link.fits(each)]
    if not fitting:
        return f"{name}'s own time there does not fit: {told(theirs[0])}", (theirs[0],)
    named = {item for each in fitting for item in map(sides.theirs.current, _named(each, link.back))}
    if link.holding.person in named or (not named and entity.partial):
        return None
    instead = f"names {' and '.join(map(sides.name, sorted(named)))} instead" if named else "does not point back"
    return f"{called(fitting[0])} on {name} {instead}", (fitting[0],)


def _without_dates(name: str, held: Sequence[Holding]) -> Problem:
    """That nothing dated has the other in the office, with what is there instead: undated, or deprecated."""
    words = f"no dated statement has {name} in that office"
    found = sorted(held, key=lambda each: not each.counts)[:1]
    for each in found:
        words += f", only {told(each)}{'' if each.counts else ', which is marked there as deprecated'}"
    return words, tuple(found)


def _broken(sides: Sides, office: str, link: _Link, problem: Problem) -> Finding:
    words, shown = problem
    who, post, named = sides.name(link.holding.person), sides.ours.name(office), sides.name(link.other)
    says = f"{who} replaced {named} (P1365)" if link.by == REPLACES else f"{named} replaced {who} (P1366)"
    person = sides.iri(link.holding.person)
    return Finding(
        name=("chain", part(office), part(person), link.other.lower(), digits(link.holding)),
        verdict="chain-gap",
        aspect="cq:heldPost",
        about=(office, person, sides.iri(link.other)),
        label=f"{post}: {says}",
        sentence=f"Wikidata's {told(link.holding)} says that, as {post}, {says}, but {words}.",
        mentions=(link.holding, *shown),
        slices=looked_into((link.holding, *shown)),
    )
