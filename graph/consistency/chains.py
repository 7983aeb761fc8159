"""Plain contradictions, found without a reasoner: a thing in two disjoint classes, or a thing that met itself.

Each is found with the chain of triples that leads to it: a type, or a domain or range; the classes and properties
above. It is where to look first: a reasoner still has to confirm it, and what is not so plain only a reasoner finds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pyoxigraph import NamedNode, Triple

from graph.namespaces import term

Chain = tuple[Triple, ...]

_TYPE, _IRREFLEXIVE = term("rdf:type"), term("owl:IrreflexiveProperty")
_SUBCLASS, _SUBPROPERTY = term("rdfs:subClassOf"), term("rdfs:subPropertyOf")
_DOMAIN, _RANGE, _DISJOINT = term("rdfs:domain"), term("rdfs:range"), term("owl:disjointWith")


def plainest(triples: Iterable[Triple]) -> Chain:
    """The shortest chain that leads to a contradiction, the first in the order of text among equals; or nothing."""
    found = (dict.fromkeys(clash) for clash in _Chains(triples).clashes())
    return min(map(tuple, found), key=lambda clash: (len(clash), sorted(map(str, clash))), default=())


class _Chains:
    """Which triples put each thing into its classes."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_predicate: dict[NamedNode, list[Triple]] = defaultdict(list)
        for t in sorted(triples, key=str):
            self._by_predicate[t.predicate].append(t)
        self._axioms = {
            name: self._by_subject(name) for name in (_SUBCLASS, _SUBPROPERTY, _DOMAIN, _RANGE, _DISJOINT)
        }
        self._above: dict[tuple[NamedNode, NamedNode], dict[NamedNode, Chain]] = {}

    def _by_subject(self, predicate: NamedNode) -> dict[NamedNode, list[Triple]]:
        found: dict[NamedNode, list[Triple]] = defaultdict(list)
        for t in self._by_predicate[predicate]:
            if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
                found[t.subject].append(t)
        return found

    def clashes(self) -> Iterator[Sequence[Triple]]:
        """Each contradiction."""
        for irreflexive in (t for t in self._by_predicate[_TYPE] if t.object == _IRREFLEXIVE):
            if isinstance(irreflexive.subject, NamedNode):
                to_itself = (t for t in self._by_predicate[irreflexive.subject] if t.subject == t.object)
                yield from ((t, irreflexive) for t in to_itself)
        for classes in self._classes().values():
            for one, first in classes.items():
                for apart in self._axioms[_DISJOINT].get(one, ()):
                    if isinstance(apart.object, NamedNode) and apart.object in classes:
                        yield *first, *classes[apart.object], apart

    def _classes(self) -> dict[NamedNode, dict[NamedNode, Chain]]:
        """Of each thing its classes, each with the shortest chain to it."""
        found: dict[NamedNode, dict[NamedNode, Chain]] = defaultdict(dict)
        for thing, member, given in self._memberships():
            for one, more in self._ways_up(_SUBCLASS, member).items():
                way = given + more
                if one not in found[thing] or len(way) < len(found[thing][one]):
                    found[thing][one] = way
        return found

    def _memberships(self) -> Iterator[tuple[NamedNode, NamedNode, Chain]]:
        """Each thing with a class that a type, a domain or a range gives it, and the triples that do."""
        for t in self._by_predicate[_TYPE]:
            if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
                yield t.subject, t.object, (t,)
        for given in [name for name in self._by_predicate if name != _TYPE]:
            for above, way in self._ways_up(_SUBPROPERTY, given).items():
                ends = [(t, False) for t in self._axioms[_DOMAIN].get(above, ())]
                ends += [(t, True) for t in self._axioms[_RANGE].get(above, ())]
                for axiom, is_range in ends:
                    for t in self._by_predicate[given]:
                        thing = t.object if is_range else t.subject
                        if isinstance(thing, NamedNode) and isinstance(axiom.object, NamedNode):
                            yield thing, axiom.object, (t, *way, axiom)

    def _ways_up(self, predicate: NamedNode, start: NamedNode) -> dict[NamedNode, Chain]:
        """Everything above a class or a property, and itself, each with the shortest chain of axioms to it."""
        if (predicate, start) not in self._above:
            found: dict[NamedNode, Chain] = {start: ()}
            reached = [start]
            while reached:
                steps = list(chain.from_iterable(self._axioms[predicate].get(one, ()) for one in reached))
                reached = []
                for t in steps:
                    if isinstance(t.object, NamedNode) and t.object not in found:
                        found[t.object] = (*found[t.subject], t)  # type: ignore[index]
                        reached.append(t.object)
            self._above[predicate, start] = found
        return self._above[predicate, start]
