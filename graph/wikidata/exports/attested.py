"""Tenures of the authority file that rest on a source of their own: what Wikidata's undated statements may lack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from graph.dataset import TYPE, Dataset
from graph.facts import Known, known, nodes
from graph.namespaces import term
from graph.wikidata.exports.sources import Document, documents, value
from graph.wikidata.exports.times import END, START, lasting
from graph.wikidata.model import Snak, Statement

_HOSTS: Final = ("http://www.wikidata.org/", "https://www.wikidata.org/")


@dataclass(frozen=True)
class Attested:
    """A tenure: its date in EDTF, and the document or page that it was taken from, if that is told."""

    when: str
    document: Document | None

    @property
    def is_from_wikidata(self) -> bool:
        """Whether it was itself taken from Wikidata, so that it has nothing to tell Wikidata."""
        return self.document is not None and self.document.iri.startswith(_HOSTS)

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
        node.value: Attested(value(about, "cq:when"), _origin(about, ours))
        for node, about in known(dataset.authority).items()
        if term("org:Membership") in about[TYPE]
    }


def _origin(about: Known, ours: Mapping[NamedNode, Document]) -> Document | None:
    """One of our documents, or a page by its address."""
    for origin in nodes(about, "prov:wasDerivedFrom"):
        page = Document(origin.value, "", "", origin.value, recorded=value(about, "cq:recordedOn"))
        return ours.get(origin, page)
    return None
