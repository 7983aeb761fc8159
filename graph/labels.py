"""Labels: what to call each thing of an answer, asked of the graph as they are needed and kept for its version."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode

from graph.engine import Solutions, Term
from graph.namespaces import GRAPH_ONTOLOGY, expand, kind, prologue, shorten

MOST_KEPT: Final = 200_000
PREFERRED: Final = (expand("skos:prefLabel"), expand("dcterms:title"), expand("rdfs:label"))
ALTERNATIVE: Final = (expand("skos:altLabel"), expand("skosxl:literalForm"), expand("skos:hiddenLabel"))
DESCRIBING: Final = (expand("cq:attribution"), expand("cq:summary"))
_ALL: Final = (*PREFERRED, *ALTERNATIVE, *DESCRIBING)
TENURE: Final = "tenure"
_NO_END: Final = "9999"
_LANGUAGES: Final = {"en": 0, "": 1}
_USUAL: Final = {
    "assertion": expand("cq:attribution"),
    "document": expand("dcterms:title"),
    "name": expand("skosxl:literalForm"),
}
_ONTOLOGY: Final = (
    "SELECT ?thing ?property ?label { VALUES ?property { "
    + " ".join(f"<{iri}>" for iri in _ALL)
    + f" }} GRAPH {GRAPH_ONTOLOGY} {{ ?thing ?property ?label }} }}"
)

Rank = tuple[int, int, str, str]


class Selects(Protocol):
    """The part of an engine that only looks things up: whatever answers SELECT queries."""

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""


def node(iri: str) -> NamedNode | None:
    """The node of an IRI, or None for what is none."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def values(iris: Iterable[str]) -> str:
    """IRIs as the body of a ``VALUES`` block; what is no IRI is left out."""
    return " ".join(str(found) for found in map(node, iris) if found)


def named(rows: Iterable[Sequence[Term | None]]) -> Iterator[tuple[str, str, Literal]]:
    """Rows of thing, property and label, where they are IRIs and a literal."""
    for thing, given, label in rows:
        if isinstance(thing, NamedNode) and isinstance(given, NamedNode) and isinstance(label, Literal):
            yield thing.value, given.value, label


class Labels:
    """The labels of one version of the data."""

    def __init__(self, engine: Selects) -> None:
        self._engine = engine
        self._kept: dict[str, Literal | None] = {}
        self._terms: dict[str, Literal] | None = None

    def of(self, iri: str) -> Literal | None:
        """The label of a resource: English, else another; or None where it has none."""
        if iri not in self._kept:
            self.learn((iri,))
        return self._kept.get(iri)

    def learn(self, iris: Iterable[str]) -> None:
        """Ask for the labels of all these at once."""
        unknown = sorted({iri for iri in iris if iri not in self._kept})
        if len(self._kept) + len(unknown) > MOST_KEPT:
            self._kept.clear()
        self._kept |= dict.fromkeys(unknown)
        self._learn_usual(unknown)
        self._learn_other([iri for iri in unknown if self._kept[iri] is None])
        tenures = [iri for iri in unknown if self._kept[iri] is None and kind(iri) == TENURE]
        if tenures:
            self._learn_tenures(tenures)

    def _learn_usual(self, iris: Iterable[str]) -> None:
        """By the one property that things of a kind are usually named by; one at a time is fast."""
        asked: dict[str, list[str]] = defaultdict(list)
        for iri in iris:
            asked[_USUAL.get(kind(iri) or "", PREFERRED[0])].append(iri)
        for usual, found in asked.items():
            pattern = f"VALUES ?thing {{ {values(found)} }} ?thing <{usual}> ?label BIND (<{usual}> AS ?property)"
            self._keep(f"SELECT ?thing ?property ?label {{ {pattern} }}")

    def _learn_other(self, iris: Iterable[str]) -> None:
        """By any property, in any graph; terms of the ontology are known together."""
        rest = []
        for iri in iris:
            self._kept[iri] = self._ontology().get(iri)
            if self._kept[iri] is None:
                rest.append(iri)
        if rest:
            pattern = "?thing ?property ?label FILTER (?property IN (" + ", ".join(f"<{iri}>" for iri in _ALL) + "))"
            given = f"VALUES ?thing {{ {values(rest)} }}"
            self._keep(f"SELECT ?thing ?property ?label {{ {given} {pattern} }}")
            self._keep(f"SELECT ?thing ?property ?label {{ {given} GRAPH ?graph {{ {pattern} }} }}")

    def _learn_tenures(self, iris: Sequence[str]) -> None:
        """By who held which office when: a tenure is what joins these, and nobody has named it."""
        query = f"""SELECT ?tenure ?who ?office ?first ?last {{ VALUES ?tenure {{ {values(iris)} }}
            ?tenure org:member ?who ; cq:heldPost ?office .
            OPTIONAL {{ ?tenure cq:startEarliest ?first }} OPTIONAL {{ ?tenure cq:endLatest ?last }} }}"""
        found = self._engine.select(prologue("cq", "org") + query).rows
        rows = sorted(([getattr(cell, "value", "") for cell in row] for row in found), reverse=True)
        self.learn(iri for row in rows for iri in row[1:3])
        for tenure, who, office, first, last in rows:
            told = f"{self._called(who)} as {self._called(office)}{_years(first, last)}"
            self._kept[tenure] = Literal(told, language="en")

    def _called(self, iri: str) -> str:
        found = self.of(iri)
        return found.value if found else shorten(iri)

    def _ontology(self) -> dict[str, Literal]:
        if self._terms is None:
            self._terms = best(named(self._engine.select(_ONTOLOGY).rows))
        return self._terms

    def _keep(self, query: str) -> None:
        for thing, label in best(named(self._engine.select(query).rows)).items():
            self._kept[thing] = self._kept[thing] or label


def _years(first: str, last: str) -> str:
    """The years of the first and the last day on which a tenure may have lasted, as far as they are known."""
    begun, ended = first[:4], "" if last.startswith(_NO_END) else last[:4]
    if begun == ended:
        return f", {begun}" if begun else ""
    return f", {begun}–{ended}" if begun and ended else f", from {begun}" if begun else f", until {ended}"


def best(found: Iterable[tuple[str, str, Literal]]) -> dict[str, Literal]:
    """The best label of each thing."""
    ranked: dict[str, tuple[Rank, Literal]] = {}
    for thing, given, label in found:
        rank = _rank(given, label)
        if thing not in ranked or rank < ranked[thing][0]:
            ranked[thing] = (rank, label)
    return {thing: label for thing, (_, label) in ranked.items()}


def _rank(given: str, label: Literal) -> Rank:
    """Preferred names before alternative ones and descriptions, English before other languages."""
    groups = (PREFERRED, ALTERNATIVE, DESCRIBING)
    group = next(number for number, members in enumerate(groups) if given in members)
    language = label.language or ""
    return (group, _LANGUAGES.get(language, 2), language, label.value)
