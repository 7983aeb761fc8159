"""A proposal: what we could tell Wikidata about one of its statements, from one document."""

from dataclasses import dataclass
from typing import Final

from graph.wikidata.comparison import Finding
from graph.wikidata.comparison.verdicts import Mention
from graph.wikidata.exports.addresses import settled
from graph.wikidata.exports.sources import Document
from graph.wikidata.model import Reference, Snak, Text

URL: Final = "P854"


@dataclass(frozen=True)
class Proposal:
    """One row: a comparison, the statement of Wikidata that it is about (None where there is none), and our evidence.

    ``item`` is the item that it is about, ``added`` the qualifiers that the statement lacks and we have evidence for,
    ``doubts`` why they, or a link behind the row, may be wrong. ``document`` is None where no document says it;
    ``quotes`` are its words that name whom it is about, ``context`` those that do not. ``weaknesses`` tells why
    editors may not like the evidence, and ``hindrances`` why QuickStatements cannot take the row: if nothing hinders,
    it is proposed.
    """

    finding: Finding
    item: str
    mention: Mention | None
    document: Document | None
    quotes: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    assertions: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()
    added: tuple[Snak, ...] = ()
    doubts: tuple[str, ...] = ()
    hindrances: tuple[str, ...] = ()

    @property
    def is_referenced(self) -> bool:
        """Whether the statement has a reference with our document's URL already."""
        if self.mention is None or self.document is None or not self.document.url:
            return False
        ours = settled(self.document.url)
        return any(ours in addresses(each) for each in self.mention.statement.references)


def addresses(reference: Reference) -> set[str]:
    """The reference URLs of a reference, settled."""
    values = (snak.value for snak in reference.snaks if snak.property == URL)
    return {settled(value.text) for value in values if isinstance(value, Text)}
