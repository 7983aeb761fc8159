"""The vocabulary of one version of the data: what its terms are called, and which class lies in which."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.labels import Selects
from graph.namespaces import GRAPH_ONTOLOGY, expand, prologue, shorten

_TERMS: Final = (
    prologue("rdfs", "skos") + "SELECT ?term ?about ?value { VALUES ?about { rdfs:subClassOf skos:prefLabel"
    f" skos:definition }} GRAPH {GRAPH_ONTOLOGY} {{ ?term ?about ?value }} }}"
)
_BROADER: Final = expand("rdfs:subClassOf")
_LABEL: Final = expand("skos:prefLabel")
_LANGUAGE: Final = "en"


class Vocabulary:
    """The terms of the ontology."""

    def __init__(self, engine: Selects) -> None:
        self._labels: dict[str, list[Literal]] = defaultdict(list)
        self._definitions: dict[str, str] = {}
        self._broader: dict[str, set[str]] = defaultdict(set)
        for term, about, value in engine.select(_TERMS).rows:
            match term, about, value:
                case NamedNode(), NamedNode(), NamedNode() if about.value == _BROADER:
                    self._broader[term.value].add(value.value)
                case NamedNode(), NamedNode(), Literal() if about.value == _LABEL:
                    self._labels[term.value].append(value)
                case NamedNode(), NamedNode(), Literal() if value.language == _LANGUAGE:
                    self._definitions[term.value] = value.value

    def name(self, iri: str) -> str:
        """What a term is called in English, else in another language, else its compact IRI."""
        found = sorted(self._labels.get(iri, ()), key=lambda each: (each.language != _LANGUAGE, str(each)))
        return found[0].value if found else shorten(iri)

    def names(self, iri: str) -> tuple[str, ...]:
        """What a term is called in every language."""
        return tuple(sorted({each.value for each in self._labels.get(iri, ())}))

    def definition(self, iri: str) -> str:
        """What a term means, or ''."""
        return self._definitions.get(iri, "")

    def broader(self, iri: str) -> tuple[str, ...]:
        """The classes that a class lies in directly."""
        return tuple(sorted(self._broader.get(iri, ())))

    def closure(self, iris: Iterable[str]) -> frozenset[str]:
        """The classes, and all that they lie in."""
        found: set[str] = set()
        left = list(iris)
        while left:
            each = left.pop()
            if each not in found:
                found.add(each)
                left.extend(self._broader.get(each, ()))
        return frozenset(found)

    def most_specific(self, iris: Iterable[str]) -> tuple[str, ...]:
        """Those of the classes in which none of the others lies."""
        given = set(iris)
        return tuple(sorted(each for each in given if not any(self._lies_in(other, each) for other in given)))

    def _lies_in(self, narrower: str, wider: str) -> bool:
        """Whether a class lies in another one, which does not lie in it."""
        return wider in self.closure([narrower]) and narrower not in self.closure([wider])
