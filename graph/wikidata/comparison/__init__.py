"""Comparison: what documents say and what Wikidata says, question by question, each with a typed verdict.

Of every office that a document gives somebody on a date, every tenure of the authority file, every event and every
territorial claim, one node tells whether Wikidata agrees, is silent or differs, and how. Beside these stand faults of
Wikidata in the offices concerned, and links that ask for another look. Nothing of this is merged into anything: that
both sides differ is data, and neither is corrected.

What is not linked to an item has the verdict *not linked* rather than no node: so a count of verdicts tells how much
has been compared, and how much has not.
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Triple

from graph.dataset import Dataset
from graph.wikidata.comparison.chains import chain_findings
from graph.wikidata.comparison.claims import claim_findings
from graph.wikidata.comparison.events import event_findings
from graph.wikidata.comparison.offices import office_findings
from graph.wikidata.comparison.sides import Sides
from graph.wikidata.comparison.staleness import stale_findings
from graph.wikidata.comparison.tenures import tenure_findings
from graph.wikidata.comparison.triples import triples_of
from graph.wikidata.comparison.twins import twin_findings
from graph.wikidata.comparison.verdicts import NO_DIFFERENCE, VERDICTS, Finding, Verdict, individual, verdict_of
from graph.wikidata.entities import Entities

__all__ = [
    "NO_DIFFERENCE",
    "VERDICTS",
    "Finding",
    "Verdict",
    "comparisons",
    "findings",
    "individual",
    "verdict_of",
]


_ALL: Final = (
    office_findings,
    tenure_findings,
    event_findings,
    claim_findings,
    chain_findings,
    twin_findings,
    stale_findings,
)


def comparisons(dataset: Dataset, known: Entities | None = None) -> set[Triple]:
    """The comparisons of a dataset that has its links and its newest slices, as triples.

    ``known`` are the entities that these are about, for those who have read them.
    """
    return triples_of(findings(dataset, known))


def findings(dataset: Dataset, known: Entities | None = None) -> Iterator[Finding]:
    """The same, one by one."""
    sides = Sides.of(dataset, known)
    for found in _ALL:
        yield from found(sides)
