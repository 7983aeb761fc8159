"""The vocabulary as a page: our own terms with their names and definitions in every language they have."""

from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal

from graph.engine import Engine
from graph.namespaces import GRAPH_ONTOLOGY, VOCABULARY, prologue, shorten

_SECTIONS: Final = (
    ("Classes", ("owl:Class",)),
    ("Properties", ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")),
    ("Individuals", ()),
)
_QUERY: Final = (
    prologue("skos")
    + f"""SELECT ?term ?property ?value {{
        GRAPH {GRAPH_ONTOLOGY} {{ ?term ?property ?value }}
        FILTER(STRSTARTS(STR(?term), "{VOCABULARY}"))
    }} ORDER BY ?term ?property ?value"""
)


@dataclass
class VocabularyTerm:
    """One of our terms: its local name, its names, what it means, and the rest of what is said of it."""

    iri: str
    local: str
    types: list[str] = field(default_factory=list)
    names: list[Literal] = field(default_factory=list)
    definitions: list[Literal] = field(default_factory=list)
    relations: list[tuple[str, str]] = field(default_factory=list)


def terms(engine: Engine) -> list[tuple[str, list[VocabularyTerm]]]:
    """The sections of the page: classes, properties, and what is neither."""
    found: dict[str, VocabularyTerm] = {}
    for term, property_, value in engine.select(_QUERY).rows:
        iri = getattr(term, "value", "")
        entry = found.setdefault(iri, VocabularyTerm(iri, iri.removeprefix(VOCABULARY)))
        _add(entry, shorten(getattr(property_, "value", "")), value)
    return [(title, [t for t in found.values() if _section(t) == title]) for title, _ in _SECTIONS]


def _add(entry: VocabularyTerm, property_: str, value: object) -> None:
    if isinstance(value, Literal):
        if property_ in ("skos:prefLabel", "rdfs:label"):
            entry.names.append(value)
        elif property_ in ("skos:definition", "rdfs:comment"):
            entry.definitions.append(value)
    elif property_ == "rdf:type":
        entry.types.append(shorten(getattr(value, "value", "")))
    elif iri := getattr(value, "value", ""):
        entry.relations.append((property_, iri))


def _section(entry: VocabularyTerm) -> str:
    return next((title for title, types in _SECTIONS if set(types) & set(entry.types)), "Individuals")
