"""How fast the rules conclude: a whole world, one document more or less in it; and beside other reasoners."""

import resource
import time
from collections.abc import Iterable, Set
from dataclasses import dataclass

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from graph.accounts import accounts
from graph.dataset import Dataset
from graph.namespaces import cq
from graph.rules import Materialisation, read_rules

from .world import World

OWL_RULES = frozenset(("subclass", "subproperty", "domain", "range", "symmetric", "transitive"))


@dataclass(frozen=True)
class Derived:
    """A world from nothing: its premises and conclusions, the seconds that the rules took, the process' MiB then."""

    meetings: int
    premises: int
    entailed: int
    seconds: float
    memory: int

    @property
    def speed(self) -> float:
        """Premises a second."""
        return self.premises / self.seconds


@dataclass(frozen=True)
class Changed:
    """One document into a world, or out of it: its premises, the seconds, and what share of the whole run that is."""

    meetings: int
    document: str
    way: str
    premises: int
    seconds: float
    share: float


@dataclass(frozen=True)
class Beside:
    """Another reasoner on the same triples and axioms; what we conclude from the OWL rules and it does not."""

    meetings: int
    name: str
    ours: float
    theirs: float
    missing: int
    more: int

    @property
    def ratio(self) -> float:
        """Our seconds by theirs."""
        return self.ours / self.theirs


def premises_of(meetings: int) -> Dataset:
    """A generated world before anything is concluded."""
    world = World(meetings)
    world.write()
    made = world.sink.dataset
    made.provenance |= accounts(made.assertions, made.admitted, made.provenance)
    return made


def derived(meetings: int, premises: Set[Triple]) -> tuple[Derived, Materialisation]:
    """Conclude everything, and tell how long that took."""
    rules = Materialisation()
    began = time.perf_counter()
    rules.update(premises)
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Derived(meetings, len(premises), len(rules.entailed), seconds, memory), rules


def changed(whole: Derived, rules: Materialisation, dataset: Dataset, documents: int) -> list[Changed]:
    """Take single documents out and put them back in: newspapers of the middle of the time, and one chronicle."""
    found = []
    told = _assertions(dataset)
    names = sorted(told)
    papers = [name for name in names if "/news-" in name]
    chosen = [papers[len(papers) * n // (documents + 1)] for n in range(1, documents + 1)]
    for name in [*chosen, next(name for name in names if "/chronicle-" in name)]:
        own = _premises_of_document(dataset, told, name)
        for way, added, removed in (("out", set(), own), ("in", own, set())):
            began = time.perf_counter()
            rules.update(added, removed)
            seconds = time.perf_counter() - began
            slug = name.rpartition("/")[2]
            found.append(Changed(whole.meetings, slug, way, len(own), seconds, seconds / whole.seconds))
    return found


def _assertions(dataset: Dataset) -> dict[str, set[NamedNode]]:
    """The assertions of each document."""
    found: dict[str, set[NamedNode]] = {}
    for t in dataset.provenance:
        if t.predicate == cq("inDocument") and isinstance(t.object, NamedNode) and isinstance(t.subject, NamedNode):
            found.setdefault(t.object.value, set()).add(t.subject)
    return found


def _premises_of_document(dataset: Dataset, told: dict[str, set[NamedNode]], document: str) -> set[Triple]:
    """What rules build on, of this document alone."""
    own = told[document]
    graphs = {name: dataset.assertions[name] for name in own}
    granted = {name: dataset.admitted[name] for name in own}
    alone = Dataset(graphs, granted, {t for t in dataset.provenance if t.subject in own or _is(t, document)})
    alone.provenance |= accounts(graphs, granted, alone.provenance)
    others = (dataset.assertions[name] for name in dataset.assertions.keys() - own)
    shared = {t for graph in others for t in graph} & alone.premises()
    return alone.premises() - shared


def _is(t: Triple, iri: str) -> bool:
    return isinstance(t.subject, NamedNode) and t.subject.value == iri


def beside(meetings: int, name: str, premises: Set[Triple]) -> Beside:
    """The OWL rules against a reasoner that knows the same and more; raises ModuleNotFoundError."""
    rules = Materialisation([rule for rule in read_rules() if rule.name in OWL_RULES])
    began = time.perf_counter()
    rules.update(premises)
    ours = time.perf_counter() - began
    theirs, found = REASONERS[name](premises)
    told = {str(t) for t in rules.entailed}
    return Beside(meetings, name, ours, theirs, len(told - found), len(found - told - {str(t) for t in premises}))


def _turtle(triples: Iterable[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _reasonable(premises: Set[Triple]) -> tuple[float, set[str]]:
    from rdflib import Graph
    from reasonable import PyReasoner

    graph = Graph().parse(_turtle(premises), format="nt")
    reasoner = PyReasoner()
    reasoner.from_graph(graph)
    began = time.perf_counter()
    found = reasoner.reason()
    return time.perf_counter() - began, {" ".join(each.n3() for each in triple) for triple in found}


def _owlrl(premises: Set[Triple]) -> tuple[float, set[str]]:
    from owlrl import DeductiveClosure, OWLRL_Semantics
    from rdflib import Graph

    graph = Graph().parse(_turtle(premises), format="nt")
    began = time.perf_counter()
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return time.perf_counter() - began, {" ".join(each.n3() for each in triple) for triple in graph}


REASONERS = {"reasonable": _reasonable, "owlrl": _owlrl}
