"""What things are called: labels, aliases and descriptions by thing and language."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.dataset import Dataset
from graph.documents import fold
from graph.namespaces import GRAPH_AUTHORITY, expand, term

Named = dict[str, dict[str, list[str]]]
"""The texts of each thing by language."""

_LABELS: Final = (term("skos:prefLabel"), term("dcterms:title"))
_ALIASES: Final = (term("skos:altLabel"), term("skos:hiddenLabel"))
_DESCRIPTIONS: Final = (term("skos:definition"),)
_ANY: Final = "mul"
"""Wikidata's code of a text that is in no language, or in all."""
_OURS: Final = {
    GRAPH_AUTHORITY.value: {"en": "authority file of Communiqué"},
    expand("rdf:type"): {"en": "is announced as"},
}
"""Names of what the ontology has no name for."""


class Texts:
    """The texts of some graphs, those of each in their order; a second label in one language is an alias."""

    def __init__(self, graphs: Iterable[Iterable[Triple]]) -> None:
        self._labels: Named = defaultdict(lambda: defaultdict(list))
        self._aliases: Named = defaultdict(lambda: defaultdict(list))
        self._descriptions: Named = defaultdict(lambda: defaultdict(list))
        kept = {
            **dict.fromkeys(_LABELS, self._labels),
            **dict.fromkeys(_ALIASES, self._aliases),
            **dict.fromkeys(_DESCRIPTIONS, self._descriptions),
        }
        for graph in graphs:
            for t in sorted((t for t in graph if t.predicate in kept), key=str):
                if isinstance(t.subject, NamedNode) and isinstance(t.object, Literal):
                    kept[t.predicate][t.subject.value][t.object.language or _ANY].append(fold(t.object.value))

    @classmethod
    def of(cls, dataset: Dataset) -> "Texts":
        """The texts of all that is passed on, and of the ontology."""
        granted = sorted(dataset.granted().items(), key=lambda each: each[0].value)
        return cls((dataset.ontology, dataset.authority, dataset.provenance, *(graph for _, graph in granted)))

    def labels(self, iri: str) -> dict[str, str]:
        """One label for each language."""
        return _OURS.get(iri) or {language: texts[0] for language, texts in sorted(self._labels[iri].items())}

    def aliases(self, iri: str) -> dict[str, tuple[str, ...]]:
        """The other names by language, each once."""
        labels = self.labels(iri)
        languages = sorted({*self._labels[iri], *self._aliases[iri]})
        named = {
            each: {*self._labels[iri][each], *self._aliases[iri][each]} - {labels.get(each)} for each in languages
        }
        return {language: tuple(sorted(texts)) for language, texts in named.items() if texts}

    def descriptions(self, iri: str) -> dict[str, str]:
        """One description for each language."""
        return {language: texts[0] for language, texts in sorted(self._descriptions[iri].items())}
