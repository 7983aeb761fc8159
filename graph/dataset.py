"""From assertions and authority to an RDF dataset: named graphs, admission, and the merged view.

One named graph per assertion (its content), and the graphs *provenance*, *authority*, *ontology*, *entailed*, *index*
and *merged*. Merged is what people query: what is admitted, its provenance, the authority file and what is entailed,
with ``cq:statedIn`` from each thing said to the assertions that say it. There is no blank node.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graph.accounts import accounts
from graph.admission import ADMITTED, PREMISE, STATEMENT_ONLY, admission_of
from graph.anchors import Lock
from graph.assertions import CorpusFile, mentioned
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
    PREFIXES,
    cq,
    expand,
    shorten,
    term,
)
from graph.nodes import Names, document_nodes

TYPE = term("rdf:type")
Term = NamedNode | BlankNode | Literal | Triple
STATED_IN = cq("statedIn")
ONTOLOGY_FILES = ("diplomacy.ttl", "evidence.ttl", "reasoning.ttl", "wikidata.ttl", "alignments.ttl", "admission.ttl")
_PREF_LABEL = term("skos:prefLabel")
_MATCHES = frozenset(map(term, ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch")))
_AXIOMS = frozenset(
    term(name) for name in ("rdf:type", "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range")
)


class TurtleError(ValueError):
    """A Turtle file of the ontology or the authority cannot be read, or has a blank node."""


class UnknownResourceError(ValueError):
    """An assertion file mentions a resource that neither the authority file nor any assertion knows."""


class IdentifierClashError(ValueError):
    """One IRI is used for things of different types."""


@dataclass
class Dataset:
    """The quads of a build, graph by graph, each a set.

    ``admitted`` holds what each assertion is granted. Where that is *statement only*, a statement is admitted if
    it is the innermost voice's own; what a voice denies or alleges that others said is not.

    ``links`` are the judgements on what is the same in Wikidata, ``slices`` what Wikidata says, by entity and
    revision, and ``retrieved`` where each slice comes from. From these :mod:`graph.wikidata` makes the rest:
    ``wikidata`` is the newest slice of each entity, ``comparisons`` what both sides say, and ``tenures``,
    ``entailed_with_wikidata`` and ``with_wikidata`` the merge.
    """

    assertions: dict[NamedNode, set[Triple]] = field(default_factory=dict)
    admitted: dict[NamedNode, str] = field(default_factory=dict)
    provenance: set[Triple] = field(default_factory=set)
    authority: set[Triple] = field(default_factory=set)
    ontology: set[Triple] = field(default_factory=set)
    entailed: set[Triple] = field(default_factory=set)
    index: set[Triple] = field(default_factory=set)
    links: set[Triple] = field(default_factory=set)
    slices: dict[NamedNode, set[Triple]] = field(default_factory=dict)
    retrieved: set[Triple] = field(default_factory=set)
    wikidata: set[Triple] = field(default_factory=set)
    comparisons: set[Triple] = field(default_factory=set)
    tenures: set[Triple] = field(default_factory=set)
    entailed_with_wikidata: set[Triple] = field(default_factory=set)
    with_wikidata: set[Triple] = field(default_factory=set)

    def premises(self) -> set[Triple]:
        """What rules may build on: authority file, axioms, accounts, and assertions granted to be premises."""
        granted = (graph for name, graph in self.assertions.items() if self.admitted[name] == PREMISE)
        axioms = (t for t in self.ontology if t.predicate in _AXIOMS)
        told = (t for t in self.provenance if _iri(t).startswith(PREFIXES["account"]))
        return self.authority.union(axioms, told, *granted)

    def granted(self) -> dict[NamedNode, set[Triple]]:
        """What of each assertion's graph is admitted."""
        voices = {t.subject: t.object for t in self.provenance if t.predicate == cq("speaker")}
        return {name: set(self._granted(name, voices.get(name))) for name in self.assertions}

    def merged(self) -> set[Triple]:
        """The view that people query."""
        granted = self.granted()
        stated = {Triple(s, STATED_IN, name) for name, graph in granted.items() for s in _typed(graph)}
        return self.authority.union(self.provenance, self.entailed, self.matches(), stated, *granted.values())

    def matches(self) -> set[Triple]:
        """What accepted links say is the same in Wikidata, without who judged so."""
        return {t for t in self.links if t.predicate in _MATCHES}

    def _granted(self, name: NamedNode, voice: Term | None) -> Iterable[Triple]:
        graph = self.assertions[name]
        if self.admitted[name] in (PREMISE, ADMITTED):
            return graph
        statements = {t.subject for t in graph if t.predicate == TYPE and t.object == cq("Statement")}
        own = {t.subject for t in graph if t.predicate in (cq("speaker"), cq("holder")) and t.object == voice}
        return (t for t in graph if t.subject in statements & own)

    def quads(self) -> Iterator[Quad]:
        """Every named graph's quads, merged included; the default graph is the store's affair."""
        named: Mapping[NamedNode, Iterable[Triple]] = {
            **self.assertions,
            **self.slices,
            GRAPH_PROVENANCE: self.provenance,
            GRAPH_AUTHORITY: self.authority,
            GRAPH_ONTOLOGY: self.ontology,
            GRAPH_ENTAILED: self.entailed,
            GRAPH_INDEX: self.index,
            GRAPH_MERGED: self.merged(),
            GRAPH_LINKS: self.links,
            GRAPH_SLICES: self.retrieved,
            GRAPH_WIKIDATA: self.wikidata,
            GRAPH_COMPARISONS: self.comparisons,
            GRAPH_TENURES: self.tenures,
            GRAPH_ENTAILED_WITH_WIKIDATA: self.entailed_with_wikidata,
            GRAPH_WITH_WIKIDATA: self.with_wikidata,
        }
        return (Quad(t.subject, t.predicate, t.object, name) for name, graph in named.items() for t in graph)


def _typed(graph: Iterable[Triple]) -> set[NamedNode]:
    return {t.subject for t in graph if t.predicate == TYPE and isinstance(t.subject, NamedNode)}


@cache
def context() -> dict[str, object]:
    """The JSON-LD context of assertion files."""
    data: dict[str, object] = json.loads(files("ontology").joinpath("context.jsonld").read_text(encoding="utf-8"))
    context: dict[str, object] = data["@context"]  # type: ignore[assignment]
    return context


def read_authority(folder: Path) -> set[Triple]:
    """All triples of a folder's ``*.ttl`` files; raises TurtleError with the file and the parser's line."""
    return _turtle(sorted(folder.glob("*.ttl")))


def read_ontology() -> set[Triple]:
    """The vocabulary: terms, alignments and admission table, without the shapes; raises TurtleError."""
    return _turtle(files("ontology").joinpath(name) for name in ONTOLOGY_FILES)


def _turtle(found: Iterable[Traversable | Path]) -> set[Triple]:
    triples: set[Triple] = set()
    for file in found:
        try:
            triples |= {
                Triple(q.subject, q.predicate, q.object) for q in parse(file.read_bytes(), format=RdfFormat.TURTLE)
            }
        except (SyntaxError, OSError) as error:
            raise TurtleError(f"{file}: cannot be read as Turtle: {error}") from error
    return triples


def names_of(authority: Iterable[Triple]) -> Names:
    """English labels and outlets, for attributions in words."""
    labels, outlets = {}, set()
    for t in authority:
        if t.predicate == _PREF_LABEL and isinstance(t.object, Literal) and t.object.language == "en":
            labels[_iri(t)] = t.object.value
        elif t.predicate == TYPE and t.object == cq("Outlet"):
            outlets.add(_iri(t))
    return Names(labels, frozenset(outlets))


def _iri(t: Triple) -> str:
    return t.subject.value if isinstance(t.subject, NamedNode) else ""


def assemble(corpus: Iterable[tuple[CorpusFile, Lock]], authority: set[Triple], ontology: set[Triple]) -> Dataset:
    """The dataset of a corpus, before entailment; raises UnknownResourceError and IdentifierClashError."""
    dataset = Dataset(authority=authority, ontology=ontology)
    names = names_of(authority)
    held = list(corpus)
    for file, lock in held:
        _add(dataset, file, lock, names)
    dataset.provenance |= accounts(dataset.assertions, dataset.admitted, dataset.provenance)
    _check_mentions([file for file, _ in held], dataset)
    _check_types(dataset)
    _check_matches(dataset)
    _check_blank_nodes(dataset)
    return dataset


def _add(dataset: Dataset, file: CorpusFile, lock: Lock, names: Names) -> None:
    for assertion in file.content.assertions:
        name = NamedNode(expand(assertion.id))
        dataset.assertions[name] = set()
        dataset.admitted[name] = STATEMENT_ONLY
        if assertion.says:
            dataset.admitted[name] = admission_of(file, assertion)
            dataset.provenance.add(Triple(name, cq("admission"), cq(dataset.admitted[name])))
    nodes = list(document_nodes(file, lock, names))
    for quad in parse(json.dumps({"@context": context(), "@graph": nodes}), format=RdfFormat.JSON_LD):
        triple = Triple(quad.subject, quad.predicate, quad.object)
        graph = (
            dataset.provenance if isinstance(quad.graph_name, DefaultGraph) else dataset.assertions[quad.graph_name]
        )
        graph.add(triple)


def _subjects(dataset: Dataset) -> set[str]:
    graphs = (dataset.authority, dataset.provenance, *dataset.assertions.values())
    return {subject.value for graph in graphs for subject in _typed(graph)}


def _check_mentions(corpus: list[CorpusFile], dataset: Dataset) -> None:
    known = {shorten(iri) for iri in _subjects(dataset)}
    for file in corpus:
        for curie, place in mentioned(file).items():
            if curie not in known:
                near = get_close_matches(curie, known, n=3, cutoff=0.6)
                advice = f"did you mean {' or '.join(near)}?" if near else "add it to graph/authority, or state it"
                raise UnknownResourceError(
                    f"{place}: {curie} is known neither to the authority file nor to the corpus; {advice}"
                )


def _check_types(dataset: Dataset) -> None:
    types: dict[str, tuple[NamedNode, NamedNode]] = {}
    for name, graph in dataset.assertions.items():
        for t in graph:
            if t.predicate == TYPE and isinstance(t.object, NamedNode):
                first, where = types.setdefault(_iri(t), (t.object, name))
                if first != t.object:
                    raise IdentifierClashError(
                        f"{shorten(_iri(t))} is a {shorten(t.object.value)} in {shorten(name.value)}, but a "
                        f"{shorten(first.value)} in {shorten(where.value)}: give one of them another id"
                    )


def _check_matches(dataset: Dataset) -> None:
    """What is the same elsewhere is a judgement, which has its judge and its day."""
    for t in dataset.authority.union(*dataset.assertions.values()):
        if t.predicate in _MATCHES:
            raise TurtleError(
                f"{shorten(_iri(t))} has {shorten(t.predicate.value)}: write a link into links.sssom.tsv"
            )


def _check_blank_nodes(dataset: Dataset) -> None:
    for quad in dataset.quads():
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise TurtleError(f"a blank node stands in {quad.graph_name} ({quad}); give it an IRI")
