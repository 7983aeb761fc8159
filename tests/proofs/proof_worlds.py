"""Small worlds in memory: premises, what is only admitted, and what the rules conclude, as an engine serves them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse

from graph.engine import Solutions
from graph.namespaces import (
    GRAPH_AUTHORITY,
    GRAPH_ENTAILED,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    cq,
    prologue,
    shorten,
    term,
)
from graph.proofs import Explanation, Leaf, Proof, leaves, why
from graph.proofs.ruleset import own_rules
from graph.rules import Rule, entail

RULES = own_rules()
DOCUMENT = """document:{name} a cq:Document .
a:{name} a cq:Assertion ; cq:admission cq:{granted} ; cq:inDocument document:{name} ; cq:restsOn passage:{name}.0-5 ;
  cq:attribution "Somebody in {name}" ; cq:modality cq:Asserted .
passage:{name}.0-5 oa:hasSource document:{name} ; oa:hasSelector <urn:{name}#q>, <urn:{name}#p> .
<urn:{name}#q> oa:exact "words" . <urn:{name}#p> oa:start 0 ; oa:end 5 .
"""


class InMemory:
    """An engine on quads; of the protocol, what proofs need."""

    version = "0123456789abcdef" * 4

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.store = Store()
        self.store.extend(quads)
        self.asked = 0

    def select(self, query: str) -> Solutions:
        self.asked += 1
        found = self.store.query(query)
        assert isinstance(found, QuerySolutions)
        names = tuple(variable.value for variable in found.variables)
        return Solutions(names, tuple(tuple(row[name] for name in names) for row in found))


def turtle(text: str) -> set[Triple]:
    return {quad.triple for quad in parse(prologue() + text, format=RdfFormat.TURTLE)}


def t(subject: str, predicate: str, value: str) -> Triple:
    return Triple(term(subject), term(predicate), term(value))


def text(triple: Triple) -> str:
    return " ".join(shorten(getattr(term, "value", "")) for term in triple)


@dataclass
class World:
    """The graphs of a world; ``said`` are assertions by name: what each is granted, and its triples."""

    authority: set[Triple] = field(default_factory=set)
    said: Mapping[str, tuple[str, set[Triple]]] = field(default_factory=dict)
    provenance: set[Triple] = field(default_factory=set)
    ontology: set[Triple] = field(default_factory=set)
    rules: Sequence[Rule] = RULES

    def __post_init__(self) -> None:
        for name, (granted, _) in self.said.items():
            self.provenance = self.provenance | turtle(DOCUMENT.format(name=name, granted=granted))
        self.entailed = entail(self.premises, self.rules)
        self.engine = InMemory(self.quads())

    @property
    def premises(self) -> set[Triple]:
        granted = (graph for admission, graph in self.said.values() if admission == "Premise")
        accounts = {
            a for a in self.provenance if shorten(str(getattr(a.subject, "value", ""))).startswith("account:")
        }
        return self.authority.union(self.ontology, accounts, *granted)

    def quads(self) -> Iterable[Quad]:
        admitted = [graph for admission, graph in self.said.values() if admission != "StatementOnly"]
        merged = self.authority.union(self.provenance, self.entailed, *admitted)
        yield from (Quad(a.subject, a.predicate, a.object) for a in merged)
        named: dict[NamedNode, set[Triple]] = {term(f"a:{name}"): graph for name, (_, graph) in self.said.items()}
        named |= {GRAPH_AUTHORITY: self.authority, GRAPH_ONTOLOGY: self.ontology}
        named |= {GRAPH_PROVENANCE: self.provenance, GRAPH_ENTAILED: self.entailed}
        for graph, triples in named.items():
            yield from (Quad(a.subject, a.predicate, a.object, graph) for a in triples)

    def why(self, subject: str, predicate: str, value: str) -> Explanation:
        return why(self.engine, t(subject, predicate, value), rules=self.rules)  # type: ignore[arg-type]

    def supports(self, subject: str, predicate: str, value: str) -> set[frozenset[str]]:
        found = self.why(subject, predicate, value).supports
        return {frozenset(map(text, support)) for support in found}


def quoted(proof: Proof) -> set[str]:
    """The words under a proof."""
    return {quote.exact for leaf in leaves(proof) for quote in leaf.quotes}


def kinds(proof: Proof) -> dict[str, set[str]]:
    """The leaves of a proof by kind, in compact form."""
    found: dict[str, set[str]] = {}
    for leaf in leaves(proof):
        found.setdefault(leaf.kind, set()).add(text(leaf.triple))
    return found


def is_leaf(proof: Proof) -> bool:
    return isinstance(proof, Leaf)


STATUS = cq("status")
