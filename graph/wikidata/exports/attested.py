"""Tenures of the authority file that rest on a source of their own: what Wikidata's undated statements may lack."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.dataset import TYPE, Dataset
from graph.facts import Known, known, nodes
from graph.namespaces import term
from graph.wikidata.exports.addresses import is_of_wikidata, is_of_wikimedia
from graph.wikidata.exports.sources import Document, documents, value
from graph.wikidata.exports.times import END, START, lasting
from graph.wikidata.model import Snak, Statement


@dataclass(frozen=True)
class Attested:
    """A tenure: its date in EDTF, and the documents or pages that it was taken from.

    ``is_from_wikidata`` says that one of them is Wikidata itself, so that it has nothing to tell Wikidata.
    """

    when: str
    documents: tuple[Document, ...]
    is_from_wikidata: bool

    @property
    def document(self) -> Document | None:
        """The one that stands for all: a page that is no source for Wikidata goes first, since it hinders."""
        return min(self.documents, key=lambda each: (not is_of_wikimedia(each.url), each.iri), default=None)

    def lacking(self, statement: Statement) -> tuple[Snak, ...]:
        """Start and end that the tenure has, as plain dates, and a statement of Wikidata says nothing of."""
        span = lasting(self.when)
        told = zip((START, END), span, strict=True) if span else ()
        return tuple(
            Snak(name, time, datatype="time") for name, time in told if time and not statement.qualifier(name)
        )


def attested(dataset: Dataset) -> dict[str, Attested]:
    """The tenures of the authority file by their IRIs."""
    ours = documents(dataset.provenance)
    return {
        node.value: _attested(about, ours)
        for node, about in known(dataset.authority).items()
        if term("org:Membership") in about[TYPE]
    }


def _attested(about: Known, ours: Mapping[NamedNode, Document]) -> Attested:
    """Each origin is one of our documents, or a page by its address; anything else that we minted is Wikidata's."""
    origins, read = nodes(about, "prov:wasDerivedFrom"), value(about, "cq:recordedOn")
    found = [ours.get(each, Document(each.value, "", "", each.value, recorded=read)) for each in origins]
    return Attested(value(about, "cq:when"), tuple(found), any(is_of_wikidata(each.url) for each in found))
