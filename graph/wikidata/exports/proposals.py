"""What could be given back: one row for each comparison and document, with what keeps it out of QuickStatements.

A row whose statement of Wikidata agrees proposes our document as its reference. That a document shows somebody in
office on a day supports the statement, and gives neither its start nor its end: missing qualifiers come from a tenure
of the authority file only, not from one that was itself taken from Wikidata, and if nothing speaks against them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.dataset import Dataset
from graph.documents import fold
from graph.facts import known
from graph.namespaces import term
from graph.wikidata.comparison import Finding, findings
from graph.wikidata.comparison.verdicts import Mention
from graph.wikidata.exports.addresses import settled
from graph.wikidata.exports.attested import Attested, attested
from graph.wikidata.exports.doubted import doubted
from graph.wikidata.exports.hindrances import AGREEING, hindrances
from graph.wikidata.exports.proposal import Proposal
from graph.wikidata.exports.qualifying import Terms
from graph.wikidata.exports.quotation import quotation
from graph.wikidata.exports.sources import Document, Source, sources
from graph.wikidata.links import exact, links_in

Key = tuple[str, str, str, bool]
"""The item, the statement, the page that is told as the source, and whether anything in it is doubtful."""


def proposals(dataset: Dataset, *, weak: bool = True) -> list[Proposal]:
    """All rows, in the order of items, statements and documents.

    What Wikidata has already, a reference with our document's URL, is not among them. Without ``weak``, a weak source
    hinders. A link that asks for another look hinders always.
    """
    every = list(findings(dataset))
    evidence = _Evidence.of(dataset, every)
    found: dict[Key, Proposal] = {}
    for finding in every:
        for each in evidence.rows(finding):
            key = _key(each)
            found[key] = _together(found[key], each) if key in found else each
    told = (replace(each, hindrances=tuple(hindrances(each, weak=weak))) for each in found.values())
    return sorted((each for each in told if not _is_settled(each)), key=_key)


@dataclass(frozen=True)
class _Evidence:
    """What findings rest on: assertions, tenures of the authority file, links; and the names of things."""

    sources: Mapping[str, Source]
    tenures: Mapping[str, Attested]
    terms: Terms
    items: Mapping[str, str]
    doubted: Mapping[str, str]
    names: Mapping[str, re.Pattern[str]]

    @classmethod
    def of(cls, dataset: Dataset, found: Sequence[Finding]) -> "_Evidence":
        tenures, links = attested(dataset), links_in(dataset.links)
        return cls(
            sources(dataset.provenance),
            tenures,
            Terms.of(dataset, found, tenures),
            exact(links),
            doubted(found, links),
            dict(_names(dataset)),
        )

    def rows(self, finding: Finding) -> Iterator[Proposal]:
        """One for each statement and each document."""
        own = [self.sources[each] for each in finding.assertions if each in self.sources]
        item = next((self.items[each] for each in finding.about if each in self.items), "")
        of_ours = finding.about if finding.nodes else ()
        doubts = tuple(self.doubted[each] for each in of_ours if each in self.doubted)
        for mention in finding.mentions or (None,):
            on = mention.entity.id if mention else item
            told = [*self._of_documents(finding, on, mention, own)]
            told += () if own else self._of_authority(finding, on, mention)
            yield from (replace(each, doubts=(*each.doubts, *doubts)) for each in told)

    def _of_documents(
        self, finding: Finding, item: str, mention: Mention | None, own: Iterable[Source]
    ) -> Iterator[Proposal]:
        by_document: dict[Document, list[Source]] = {}
        for source in own:
            by_document.setdefault(source.document, []).append(source)
        for document, several in by_document.items():
            fewest = min(len(source.weaknesses) for source in several)
            best = [source for source in several if len(source.weaknesses) == fewest]
            name = self.names.get(finding.about[0]) if finding.about else None
            quotes, context = _telling((quote for source in best for quote in source.quotes), name)
            assertions = tuple(source.assertion for source in best)
            yield Proposal(finding, item, mention, document, quotes, context, assertions, best[0].weaknesses)

    def _of_authority(self, finding: Finding, item: str, mention: Mention | None) -> Iterator[Proposal]:
        """A tenure of the authority file, or a comparison that is about Wikidata alone."""
        tenure = next((self.tenures[each] for each in finding.nodes if each in self.tenures), None)
        if tenure and tenure.is_from_wikidata:
            return
        added = tenure.lacking(mention.statement) if tenure and mention else ()
        doubts = tuple(self.terms.doubts(finding.about, mention.statement, added)) if mention and added else ()
        yield Proposal(finding, item, mention, tenure.document if tenure else None, added=added, doubts=doubts)


def _telling(quotes: Iterable[str], name: re.Pattern[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The quotes that name whom it is about, as far as they can be quoted; and the others."""
    every = tuple(dict.fromkeys(quotes))
    naming = tuple(quote for quote in every if name and name.search(quotation(quote)))
    return naming, tuple(quote for quote in every if quote not in naming)


def _names(dataset: Dataset) -> Iterator[tuple[str, re.Pattern[str]]]:
    """What finds any name of a thing of the authority file, as whole words."""
    for node, about in known(dataset.authority).items():
        texts = [*about.get(term("skos:prefLabel"), ()), *about.get(term("skos:altLabel"), ())]
        if texts:
            names = sorted({re.escape(fold(text.value)) for text in texts})
            yield node.value, re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)


def _key(each: Proposal) -> Key:
    statement = each.mention.statement.iri if each.mention else "/".join(each.finding.name)
    page = (settled(each.document.url) or each.document.iri) if each.document else ""
    return each.item, statement, page, bool(each.doubts)


def _together(first: Proposal, second: Proposal) -> Proposal:
    """Two comparisons of one statement with one page: the stronger one; if they are alike, with all evidence.

    A page that has two languages here is quoted in that of the first document.
    """
    kept, other = sorted((first, second), key=lambda each: (_strength(each), each.finding.name))
    if _strength(kept) != _strength(other):
        return kept
    alike = kept.document and other.document and kept.document.language == other.document.language
    return replace(
        kept,
        quotes=tuple(dict.fromkeys((*kept.quotes, *(other.quotes if alike else ())))),
        context=tuple(dict.fromkeys((*kept.context, *other.context))),
        assertions=tuple(dict.fromkeys((*kept.assertions, *other.assertions))),
        weaknesses=tuple(dict.fromkeys((*kept.weaknesses, *other.weaknesses))),
        added=tuple(dict.fromkeys((*kept.added, *other.added))),
    )


def _strength(each: Proposal) -> tuple[bool, int]:
    """That it agrees goes first, then that it has few weaknesses."""
    return each.finding.verdict not in AGREEING, len(each.weaknesses)


def _is_settled(each: Proposal) -> bool:
    """Whether the statement agrees, and has all that we have to give."""
    return each.finding.verdict in AGREEING and each.is_referenced and not each.added
