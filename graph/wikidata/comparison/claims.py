"""Territorial claims, claimant by claimant, as points of view: none is an error, and nothing says whose it is."""

from collections.abc import Iterator

from graph.wikidata.comparison.ours import Said
from graph.wikidata.comparison.sides import Answer, Sides, slices
from graph.wikidata.comparison.verdicts import Finding, Mention, whole
from graph.wikidata.comparison.words import called, verb
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
            slices=slices([sides.theirs.entity(territory)]),
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
        words = _in_words(sides, entity, of_claimant[0])
        return ("agree", f"Wikidata records that view: {words}"), [Mention(each, entity) for each in of_claimant]
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


def _in_words(sides: Sides, entity: Entity, statement: Statement) -> str:
    name = sides.name(statement.item or "")
    mention = called(Mention(statement, entity))
    if statement.property == CLAIMED_BY:
        return f"its {mention} says that {name} claims it (P1336)"
    return f"its {mention} lists it under {name} (P17)"
