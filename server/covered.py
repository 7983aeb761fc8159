"""What the documents cover, told where they have nothing on a question: absence is honest only within it."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.engine import Engine
from graph.names import Names
from graph.namespaces import prologue, shorten

MOST: Final = 20
_QUERY: Final = (
    prologue("cq")
    + "SELECT DISTINCT ?coverage ?completeness ?when { ?coverage a cq:Coverage ; cq:completeness ?completeness ; "
    + f"cq:when ?when }} ORDER BY ?completeness ?coverage ?when LIMIT {MOST}"
)


@dataclass(frozen=True)
class Covered:
    """One coverage: where it is told of, its label and completeness in words, and its period (EDTF)."""

    iri: str
    label: str
    completeness: str
    period: str


def coverages(engine: Engine, names: Names) -> tuple[Covered, ...]:
    """The coverages of the data, the complete ones first; at most :data:`MOST`."""
    found = []
    for coverage, completeness, when in engine.select(_QUERY).rows:
        if isinstance(coverage, NamedNode) and isinstance(completeness, NamedNode) and isinstance(when, Literal):
            label, words = (names.label(each.value) or shorten(each.value) for each in (coverage, completeness))
            found.append(Covered(coverage.value, label, words, when.value))
    return tuple(found)
