"""What of a version is known and valid at a clock: the part of its dataset from which a view is derived.

*Known*: the documents published by a day, with their assertions and all that hangs on these. A document that may
have been published by then is known in the possible view only, and so is one without a date. An assertion that is
inferred from one of an unknown document is not known: its ground is not.

*Valid*: of what each assertion says, the dated things that its own bounds let be on a day, with what they lead to
that has no date of its own (participations, places named with them). An open bound is open: it makes nothing certain.
What has no date, and does not hang on anything that has one, is valid in the possible view only. A coverage vouches
for all meetings of its time, of which the view has but those of a day: no coverage is there, also of the authority
file. An account is there with its event, whoever gives it: also a calling-off that does not say when it would have
been.

But for that, the authority file and the ontology are always there; so is the provenance of what is known.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from graph.accounts import accounts
from graph.admission import STATEMENT_ONLY
from graph.dataset import TYPE, Dataset
from graph.facts import Known, day, known, nodes
from graph.namespaces import (
    GRAPH_AUTHORITY,
    GRAPH_COMPARISONS,
    GRAPH_ENTAILED,
    GRAPH_ENTAILED_WITH_WIKIDATA,
    GRAPH_INDEX,
    GRAPH_LINKS,
    GRAPH_MERGED,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    GRAPH_SLICES,
    GRAPH_TENURES,
    GRAPH_WIKIDATA,
    GRAPH_WITH_WIKIDATA,
    cq,
    is_slice,
    slug,
)
from graph.views.clocks import Certainty

WHEN: Final = cq("when")
SELECTION: Final = 3
"""Goes up when the same clocks select something else: a view that was made before is not taken for one of now."""
_COVERAGE: Final = cq("Coverage")
_DERIVED: Final = frozenset(
    (
        GRAPH_ENTAILED,
        GRAPH_INDEX,
        GRAPH_MERGED,
        GRAPH_WIKIDATA,
        GRAPH_COMPARISONS,
        GRAPH_TENURES,
        GRAPH_ENTAILED_WITH_WIKIDATA,
        GRAPH_WITH_WIKIDATA,
    )
)
_SOURCES: Final = frozenset((cq("Document"), cq("Assertion")))


@dataclass(frozen=True)
class Span:
    """The four bounds of a date, as days in ISO 8601; one that is open is None."""

    start_earliest: str | None
    start_latest: str | None
    end_earliest: str | None
    end_latest: str | None

    @classmethod
    def of(cls, about: Known) -> "Span":
        """The span of a dated thing."""
        return cls(*(day(about, name) for name in ("startEarliest", "startLatest", "endEarliest", "endLatest")))

    def certainly(self) -> tuple[str, str] | None:
        """The first and last day on which it certainly was, if any."""
        first, last = self.start_latest, self.end_earliest
        return (first, last) if first and last and first <= last else None

    def possibly(self) -> tuple[str | None, str | None]:
        """The first and last day on which it may have been."""
        return self.start_earliest, self.end_latest

    def admits(self, asked: str, certainty: Certainty) -> bool:
        """Whether it was on that day, certainly or possibly."""
        if certainty == "certain":
            sure = self.certainly()
            return sure is not None and sure[0] <= asked <= sure[1]
        first, last = self.possibly()
        return (first is None or first <= asked) and (last is None or asked <= last)

    def published(self, asked: str, certainty: Certainty) -> bool:
        """Whether what was published then was known on that day, certainly or possibly."""
        if certainty == "possible":
            return self.start_earliest is None or self.start_earliest <= asked
        return self.end_latest is not None and self.end_latest <= asked


def read_dataset(store: Store) -> Dataset:
    """The dataset of a version, from its store, without what was derived."""
    dataset = Dataset()
    held = {GRAPH_PROVENANCE: dataset.provenance, GRAPH_AUTHORITY: dataset.authority}
    held |= {GRAPH_ONTOLOGY: dataset.ontology, GRAPH_LINKS: dataset.links, GRAPH_SLICES: dataset.retrieved}
    for name in store.named_graphs():
        if isinstance(name, NamedNode) and name not in _DERIVED:
            graph = held.get(name)
            if graph is None:
                graphs = dataset.slices if is_slice(name) else dataset.assertions
                graph = graphs[name] = set()
            graph.update(quad.triple for quad in store.quads_for_pattern(None, None, None, name))
    for t in dataset.provenance:
        if t.predicate == TYPE and t.object == cq("Assertion") and isinstance(t.subject, NamedNode):
            dataset.assertions.setdefault(t.subject, set())
    granted = {t.subject: slug(_value(t)) for t in dataset.provenance if t.predicate == cq("admission")}
    dataset.admitted = {name: granted.get(name, STATEMENT_ONLY) for name in dataset.assertions}
    return dataset


def _value(t: Triple) -> str:
    return t.object.value if isinstance(t.object, NamedNode | Literal) else ""


def published(dataset: Dataset) -> dict[NamedNode, Span]:
    """When each document was published."""
    facts = known(dataset.provenance)
    return {node: Span.of(about) for node, about in facts.items() if cq("Document") in about.get(TYPE, ())}


def only_known(dataset: Dataset, documents: Set[NamedNode]) -> Dataset:
    """What some documents say, with its provenance; nothing of any other document."""
    facts = known(dataset.provenance)
    kept = {*documents, *_known_assertions(facts, documents)}
    others = {node for node, about in facts.items() if not _SOURCES.isdisjoint(about[TYPE])} - kept
    gone = others | (_hanging(facts, others) - _hanging(facts, kept))
    provenance = {t for t in dataset.provenance if t.subject not in gone and t.object not in gone}
    assertions = {name: graph for name, graph in dataset.assertions.items() if name in kept}
    return _accounted(dataset, assertions, provenance)


def _known_assertions(facts: Mapping[NamedNode, Known], documents: Set[NamedNode]) -> set[NamedNode]:
    """The assertions of some documents but for those inferred, over any number of steps, from one of another."""
    wanted = {
        node
        for node, about in facts.items()
        if cq("Assertion") in about[TYPE] and documents >= {*nodes(about, "cq:inDocument")}
    }
    while lost := {node for node in wanted if not wanted.issuperset(nodes(facts[node], "cq:inferredFrom"))}:
        wanted -= lost
    return wanted


def _hanging(facts: Mapping[NamedNode, Known], roots: Iterable[NamedNode]) -> set[NamedNode]:
    """What documents and assertions lead to, and is none of these: passages, voices."""

    def follow(node: NamedNode) -> Iterator[NamedNode]:
        found = (value for values in facts[node].values() for value in values if isinstance(value, NamedNode))
        return (each for each in found if each in facts and _SOURCES.isdisjoint(facts[each][TYPE]))

    return _reached(roots, follow)


def _reached(roots: Iterable[NamedNode], follow: Callable[[NamedNode], Iterable[NamedNode]]) -> set[NamedNode]:
    """What lies some steps behind the roots."""
    found: set[NamedNode] = set()
    left = list(roots)
    while left:
        new = set(follow(left.pop())) - found
        found |= new
        left += new
    return found


def only_valid(dataset: Dataset, asked: str, certainty: Certainty) -> Dataset:
    """What each assertion says of things that were on a day, certainly or possibly, without any coverage.

    What is told of the status of an event that is left is told by all assertions, also by one that does not date it.
    """
    assertions = {name: _valid(graph, asked, certainty) for name, graph in dataset.assertions.items()}
    left = {t.subject for graph in assertions.values() for t in graph}
    of_others = {t.subject for t in dataset.provenance if t.predicate == cq("accountOf") and t.object not in left}
    provenance = {t for t in dataset.provenance if t.subject not in of_others}
    coverages = _coverages(dataset.authority)
    authority = {t for t in dataset.authority if t.subject not in coverages}
    return replace(dataset, assertions=assertions, provenance=provenance, authority=authority)


def _coverages(graph: Iterable[Triple]) -> set[Triple | NamedNode | BlankNode]:
    """What vouches for all meetings of a time; it would vouch for those that are left out, too."""
    return {t.subject for t in graph if t.predicate == TYPE and t.object == _COVERAGE}


def _valid(graph: set[Triple], asked: str, certainty: Certainty) -> set[Triple]:
    facts = known(graph)
    dated = {node for node, about in facts.items() if WHEN in about}

    def follow(node: NamedNode) -> Iterator[NamedNode]:
        found = (value for values in facts[node].values() for value in values if isinstance(value, NamedNode))
        return (each for each in found if each in facts and each not in dated)

    valid = {node for node in dated if Span.of(facts[node]).admits(asked, certainty)}
    if certainty == "possible":
        valid |= facts.keys() - dated - _reached(dated, follow)
    valid |= _reached(valid, follow)
    left = valid - _coverages(graph)
    return {t for t in graph if t.subject in left}


def _accounted(dataset: Dataset, assertions: dict[NamedNode, set[Triple]], provenance: set[Triple]) -> Dataset:
    """The dataset with these assertions; what they tell of the status of events is gathered anew."""
    account = cq("Account")
    former = {t.subject for t in provenance if t.predicate == TYPE and t.object == account}
    kept = {t for t in provenance if t.subject not in former}
    admitted = {name: dataset.admitted[name] for name in assertions}
    told = accounts(assertions, admitted, kept)
    return replace(dataset, assertions=assertions, admitted=admitted, provenance=kept | told)
