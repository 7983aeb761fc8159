"""Names of things, for pages: what a resource is called, in the language of the page where it has such a name."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.engine import Engine, Term
from graph.labels import TENURE, Labels, Selects
from graph.namespaces import (
    GRAPH_COMPARISONS,
    GRAPH_ONTOLOGY,
    GRAPH_WIKIDATA,
    PREFIXES,
    expand,
    kind,
    prologue,
    shorten,
    slug,
)

PAGE_LANGUAGE: Final = "en"
_OURS: Final = {expand("rdf:type"): "is a"}
_NAMES: Final = "skos:prefLabel|skosxl:literalForm|dcterms:title|rdfs:label"


def values(nodes: Iterable[Term]) -> str:
    """The terms as the body of a SPARQL ``VALUES`` block."""
    return " ".join(str(node) for node in nodes)


def labels(engine: Engine, terms: Iterable[Term | None]) -> Mapping[str, str]:
    """A name for each IRI among the terms that has one, in the data or in the ontology."""
    wanted = sorted({term for term in terms if isinstance(term, NamedNode)}, key=lambda node: node.value)
    if not wanted:
        return {}
    found: dict[str, list[Literal]] = {}
    for node, name in engine.select(_query(wanted)).rows:
        if isinstance(node, NamedNode) and isinstance(name, Literal):
            found.setdefault(node.value, []).append(name)
    called = {iri: min(names, key=_preference).value for iri, names in found.items()}
    nameless = [node.value for node in wanted if node.value not in called and kind(node.value) == TENURE]
    return called | _of_tenures(engine, nameless)


def _of_tenures(engine: Engine, iris: Collection[str]) -> dict[str, str]:
    """What tenures are called after, which have no names in the data."""
    known = Labels(engine)
    known.learn(iris)
    return {iri: name.value for iri in iris if (name := known.of(iri))}


def item_labels(engine: Selects, iris: Iterable[str]) -> dict[str, str]:
    """What the newest slices call items of Wikidata, which are in no view but their own.

    In English, else for all languages (``mul``), else in the first other language that there is.
    """
    items = {iri for iri in iris if iri.startswith(PREFIXES["wd"])}
    found: dict[str, str] = {}
    for only in ('FILTER (LANG(?label) IN ("en", "mul"))', ""):
        left = values(map(NamedNode, sorted(items - found.keys())))
        pattern = f"VALUES ?item {{ {left} }} GRAPH {GRAPH_WIKIDATA} {{ ?item rdfs:label ?label {only} }}"
        query = (
            f"{prologue('rdfs')}SELECT ?item ?label (LANG(?label) AS ?in) {{ {pattern} }} ORDER BY ?item ?in ?label"
        )
        for item, label, _ in engine.select(query).rows if left else ():
            found.setdefault(getattr(item, "value", ""), getattr(label, "value", ""))
    return found


def in_words(iri: str, names: Mapping[str, str]) -> str:
    """What to call an IRI on a page: its label, else its last segment for our own, else its compact form."""
    known = names.get(iri) or _OURS.get(iri)
    if known:
        return known
    compact = shorten(iri)
    return compact if compact != iri else slug(iri) or iri


def _query(nodes: list[NamedNode]) -> str:
    return (
        prologue("skos", "skosxl", "dcterms", "rdfs")
        + f"SELECT DISTINCT ?node ?name {{ VALUES ?node {{ {values(nodes)} }} "
        + f"{{ ?node {_NAMES} ?name }} UNION {{ VALUES ?beside {{ {GRAPH_ONTOLOGY} {GRAPH_COMPARISONS} }}"
        + f" GRAPH ?beside {{ ?node {_NAMES} ?name }} }} }}"
    )


def _preference(name: Literal) -> tuple[int, str]:
    """English first, then names without a language, then any other, in a stable order."""
    rank = {PAGE_LANGUAGE: 0, None: 1}.get(name.language, 2)
    return rank, name.value
