"""Links that ask for another look: no edit goes out through them, and no export says what they said.

They were accepted, and Wikidata has changed since: the item is a redirect now, or no longer says what agreed. Whether
that is so is found by the comparison (verdict *link-stale*); it holds until somebody judges the link again.
"""

from collections.abc import Iterable

from graph.dataset import Dataset
from graph.wikidata.comparison import Finding
from graph.wikidata.comparison.sides import Sides
from graph.wikidata.comparison.staleness import stale_findings
from graph.wikidata.links import EXACT, Link, exact, links_in


def doubted(found: Iterable[Finding], links: Iterable[Link]) -> dict[str, str]:
    """Why the accepted exact link of a thing of ours asks for another look, in words, by our IRI."""
    items = exact(links)
    return {
        each.about[0]: each.sentence[:1].lower() + each.sentence[1:].removesuffix(".")
        for each in found
        if each.verdict == "link-stale" and each.aspect == EXACT and _is_of(each, items)
    }


def doubted_in(dataset: Dataset) -> dict[str, str]:
    """The same of a dataset that has its links and its newest slices."""
    return doubted(stale_findings(Sides.of(dataset)), links_in(dataset.links))


def _is_of(finding: Finding, items: dict[str, str]) -> bool:
    """Whether it is about the accepted link of its thing, and not about another one that was given up."""
    (ours,) = finding.about
    return ours in items and items[ours].lower() in finding.name
