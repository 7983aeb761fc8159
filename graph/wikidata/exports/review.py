"""The list to review: tab-separated rows on all that QuickStatements cannot take, each with the reason."""

from collections.abc import Iterable
from typing import Final

from graph.documents import fold
from graph.namespaces import shorten
from graph.wikidata.comparison.words import qualifier
from graph.wikidata.exports.proposal import Proposal
from graph.wikidata.model import Snak

COLUMNS: Final = (
    "guid", "item", "property", "ours", "theirs", "verdict", "rank", "would_add", "quote", "document", "url",
    "assertions", "why_not", "weak_because",
)  # fmt: skip
_SEPARATOR: Final = " | "


def as_review(proposed: Iterable[Proposal]) -> str:
    """The head and a row for each proposal that something hinders."""
    rows = [COLUMNS, *(_row(each) for each in proposed if each.hindrances)]
    return "".join("\t".join(map(_cell, row)) + "\n" for row in rows)


def _cell(text: str) -> str:
    """A text without TABs and line ends, which stand between cells and rows."""
    return fold(text)


def _row(each: Proposal) -> tuple[str, ...]:
    statement = each.mention.statement if each.mention else None
    document = each.document
    return (
        statement.guid if statement else "",
        each.item,
        statement.property if statement else "",
        each.finding.label,
        theirs(statement.main, statement.qualifiers) if statement else "",
        each.finding.verdict,
        (statement.rank or "") if statement else "",
        _SEPARATOR.join(map(qualifier, each.added)),
        _SEPARATOR.join(each.quotes or each.context),
        (document.title or shorten(document.iri)) if document else "",
        document.url if document else "",
        " ".join(map(shorten, each.assertions)),
        "; ".join(each.hindrances),
        ", ".join(each.weaknesses),
    )


def theirs(main: Snak, qualifiers: Iterable[Snak]) -> str:
    """A statement in short: ``P39 Q274948 (P580 2012-12-26; P582 2020-09-16)``."""
    told = "; ".join(map(qualifier, qualifiers))
    return f"{qualifier(main)} ({told})" if told else qualifier(main)
