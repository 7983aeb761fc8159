"""The batch for QuickStatements: one line for each statement and document; nothing of it is ever sent by us.

A line names the statement by item, property and value, adds the qualifiers that it lacks, then one reference: URL
(S854), title (S1476), day of publication (S577), day on which we read it (S813), the words (S1683). What a column
cannot carry is left out. The edit summary flags a weak source, and tells by which revision of the item it was made.
"""

from collections.abc import Iterable, Iterator

from graph.namespaces import shorten
from graph.wikidata.comparison.words import as_read
from graph.wikidata.exports.proposal import URL, Proposal
from graph.wikidata.exports.quickstatements import is_carried, value_text
from graph.wikidata.exports.quotation import quotation
from graph.wikidata.exports.sources import Document
from graph.wikidata.exports.times import time_of
from graph.wikidata.model import Entity, Monolingual, Snak, Text


class UnaddressedError(ValueError):
    """A proposal names no statement of Wikidata, or rests on no document, so that it is no command."""


def as_batch(proposed: Iterable[Proposal]) -> str:
    """The lines of all proposals that nothing hinders."""
    return "".join(f"{line(each)}\n" for each in proposed if not each.hindrances)


def line(each: Proposal) -> str:
    """One command, with its edit summary; raises UnaddressedError."""
    if each.mention is None or each.document is None:
        raise UnaddressedError(f"{each.finding.label}: without a statement and a document there is nothing to add to")
    statement = each.mention.statement
    columns = [each.item, statement.property, value_text(statement.main)]
    for snak in each.added:
        columns += [snak.property, value_text(snak)]
    for snak in () if each.is_referenced else reference(each.document, each.quotes):
        if text := value_text(snak):
            columns += [snak.property.replace("P", "S", 1), text]
    return "\t".join(columns) + f" /* {_summary(each, each.mention.entity)} */"


def reference(document: Document, quotes: Iterable[str]) -> Iterator[Snak]:
    """What the reference says, column by column."""
    yield Snak(URL, Text(document.url), datatype="url")
    if document.title:
        yield Snak("P1476", Monolingual(document.title, document.language), datatype="monolingualtext")
    if published := time_of(document.published):
        yield Snak("P577", published, datatype="time")
    if read := time_of(document.recorded):
        yield Snak("P813", read, datatype="time")
    for text in filter(None, map(quotation, quotes)):
        yield Snak("P1683", Monolingual(text, document.language), datatype="monolingualtext")


def _summary(each: Proposal, beside: Entity) -> str:
    told = (
        f"weak source: {', '.join(each.weaknesses)}" if each.weaknesses else "",
        ", ".join(map(shorten, each.assertions)) or "reference",
        f"{beside.id} {as_read(beside)}",
    )
    text = "; ".join(filter(None, told))
    return text if is_carried(text) else "reference"
