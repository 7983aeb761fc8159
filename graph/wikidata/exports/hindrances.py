"""Why QuickStatements cannot take a proposal, so that it goes to the list that a person reviews.

QuickStatements finds a statement by item, property and value. So the value must stand once on the item, and all of
the item's statements must be known for that; the document must agree with the statement, and have an address.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from graph.wikidata.comparison import Verdict
from graph.wikidata.comparison.verdicts import Mention
from graph.wikidata.exports.addresses import is_of_wikidata, is_of_wikimedia
from graph.wikidata.exports.proposal import Proposal
from graph.wikidata.exports.quickstatements import is_carried, value_text
from graph.wikidata.exports.sources import Document

AGREEING: Final[tuple[Verdict, ...]] = ("agree", "agree-within-precision")
_COUNTRY: Final = "P17"
_BY_VERDICT: Final[Mapping[Verdict, str]] = {
    "silent": "nothing of Wikidata that is at hand says it, and a new statement is an editor's decision",
    "undated": "the statement has no dates, and being in office on a day gives neither a start nor an end",
    "deprecated-only": "the statement is marked as deprecated",
    "not-linked": "a thing that it is about is not linked to an item",
    "not-retrieved": "its item has not been read",
    "link-stale": "the link asks for another look",
    "chain-gap": "it is between Wikidata's own statements",
    "duplicate": "it is between Wikidata's own statements",
}


def hindrances(each: Proposal, *, weak: bool) -> Iterator[str]:
    """All that hinders, in words; with ``weak``, a weak source does not."""
    if each.finding.verdict not in AGREEING:
        yield _BY_VERDICT.get(each.finding.verdict, f"the two sides differ: {each.finding.verdict}")
    if each.mention is not None:
        yield from _unaddressed(each.mention)
    if unfit := _without_evidence(each.document):
        yield unfit
    yield from each.doubts
    if each.weaknesses and not weak:
        yield "a weak source"


def _without_evidence(document: Document | None) -> str:
    """Why the document cannot be a reference."""
    if document is None:
        return "no document of ours says it"
    if not document.url:
        return "the document has no URL"
    if is_of_wikimedia(document.url) or is_of_wikidata(document.url):
        return "the document is a page of Wikidata or of its sister projects, which are no source for it"
    return "" if is_carried(document.url) else "QuickStatements cannot carry the document's URL"


def _unaddressed(mention: Mention) -> Iterator[str]:
    """Why item, property and value do not name one statement."""
    statement, entity = mention.statement, mention.entity
    alike = [each for each in entity.of(statement.property) if each.main == statement.main]
    if len(alike) > 1:
        yield f"the item has {len(alike)} statements of {statement.property} with this value"
    elif entity.partial:
        yield f"not all of the item's statements are known here: `communique wikidata fetch {entity.id}`"
    if not value_text(statement.main):
        yield "QuickStatements cannot name the value"
    if statement.property == _COUNTRY:
        yield "P17 says whose it is, and our document no more than who claims it"
