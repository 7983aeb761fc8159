"""What the graph says of one resource, each statement with its ground: quotes, the authority file, or a rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.engine import Engine, Term
from graph.namespaces import (
    GRAPH_AUTHORITY,
    GRAPH_ENTAILED,
    GRAPH_ENTAILED_WITH_WIKIDATA,
    GRAPH_INDEX,
    GRAPH_LINKS,
    GRAPH_MERGED,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    GRAPH_TENURES,
    GRAPH_WIKIDATA,
    GRAPH_WITH_WIKIDATA,
    PREFIXES,
    cq,
    kind,
    prologue,
)
from server.labels import in_words, labels, values
from server.why_terms import address

MOST_INCOMING: Final = 500
STATED_IN: Final = cq("statedIn").value
TYPE: Final = PREFIXES["rdf"] + "type"
# Nodes that have no name of their own and are shown where they are mentioned.
NESTED: Final = frozenset({"participation", "voice", "slot", "name"})
_NAME_PROPERTIES: Final = tuple(
    PREFIXES[prefix] + local
    for prefix, local in (("skos", "prefLabel"), ("skos", "altLabel"), ("rdfs", "label"), ("dcterms", "title"))
)
# What a reader looks for first; the bounds of a date, which say it once more, come last.
_FIRST: Final = (
    TYPE,
    *(cq(name).value for name in ("status", "modality", "when", "inFormat", "inSeries", "changeKind", "by")),
    PREFIXES["schema"] + "location",
    *(
        cq(name).value
        for name in (
            "hasParticipation",
            "claimant",
            "territory",
            "speaker",
            "holder",
            "addressee",
            "stance",
            "summary",
        )
    ),
)
_LAST: Final = tuple(cq(name).value for name in ("startEarliest", "startLatest", "endEarliest", "endLatest"))
_GROUNDS: Final = {
    GRAPH_ENTAILED.value: "inferred",
    GRAPH_AUTHORITY.value: "authority file",
    GRAPH_PROVENANCE.value: "record of evidence",
    GRAPH_ONTOLOGY.value: "ontology",
    GRAPH_LINKS.value: "link to Wikidata",
    GRAPH_TENURES.value: "Wikidata",
    GRAPH_WIKIDATA.value: "Wikidata",
}
_VIEWS: Final = frozenset((GRAPH_MERGED, GRAPH_WITH_WIKIDATA, GRAPH_INDEX))
_OF_THE_MERGE: Final = frozenset((GRAPH_TENURES, GRAPH_ENTAILED_WITH_WIKIDATA))
"""They say something where the view that is asked has it: the one with Wikidata."""


@dataclass(frozen=True)
class Quote:
    """Exact words of a document, and where they stand in it."""

    exact: str
    start: int
    end: int


@dataclass
class Evidence:
    """An assertion, as the ground of a statement; ``language`` is that of its document, and so of its quotes."""

    assertion: str
    document: str = ""
    title: str = ""
    language: str = ""
    attribution: str = ""
    modality: str = ""
    quotes: list[Quote] = field(default_factory=list)


@dataclass
class Value:
    """One value of a property: the term, its name, its grounds; where it is inferred, the address of its proofs."""

    term: Term
    name: str
    grounds: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    nested: "list[Group]" = field(default_factory=list)
    why: str = ""


@dataclass
class Group:
    """A property of a resource, with its values."""

    predicate: str
    name: str
    values: list[Value]


@dataclass
class Description:
    """Everything about one resource that its page shows."""

    iri: str
    name: str
    names: list[Literal]
    groups: list[Group]
    unadmitted: list[Group]
    incoming: list[Group]
    incoming_cut: bool


Statement = tuple[NamedNode, Term]
Nested = dict[str, dict[Statement, frozenset[str]]]
"""The statements about each node, with the graph of what is inferred where they stand in it."""


def describe(engine: Engine, node: NamedNode) -> Description | None:
    """The description of a resource, or None where the graph does not know it."""
    grounds = _grounds(engine, node)
    incoming = _incoming(engine, node)
    if not grounds and not incoming:
        return None
    said = {
        statement: graphs
        for statement, graphs in grounds.items()
        if statement[0].value not in (*_NAME_PROPERTIES, STATED_IN)
    }
    inner = nested_statements(engine, (value for _, value in said))
    mentioned = [*_terms(said), *_terms(incoming), *(t for s in inner.values() for t in _terms(s)), node]
    names = labels(engine, mentioned)
    evidence = evidence_of(engine, {graph for graphs in said.values() for graph in graphs if _asserts(graph)})
    admitted = {s: g for s, g in said.items() if "" in g or not any(_asserts(graph) for graph in g)}
    return Description(
        iri=node.value,
        name=in_words(node.value, names),
        names=[v for p, v in grounds if p.value in _NAME_PROPERTIES and isinstance(v, Literal)],
        groups=_with_proofs(node, _grouped(admitted, names, evidence, inner)),
        unadmitted=_grouped({s: g for s, g in said.items() if s not in admitted}, names, evidence, inner),
        incoming=_grouped(dict.fromkeys(incoming[:MOST_INCOMING], frozenset()), names, {}, {}),
        incoming_cut=len(incoming) > MOST_INCOMING,
    )


def nested_statements(engine: Engine, terms: Iterable[Term]) -> Nested:
    """What is said of those nodes among the terms that are shown where they are mentioned."""
    nodes = sorted({t.value for t in terms if isinstance(t, NamedNode) and is_nested(t)})
    if not nodes:
        return {}
    inferred = f"GRAPH ?graph {{ ?s ?p ?o }} FILTER (?graph = {GRAPH_ENTAILED})"
    pattern = f"VALUES ?s {{ {values(map(NamedNode, nodes))} }} ?s ?p ?o OPTIONAL {{ {inferred} }}"
    query = f"SELECT ?s ?p ?o ?graph {{ {pattern} }} ORDER BY ?s ?p ?o"
    found: Nested = {}
    for subject, predicate, value, graph in engine.select(query).rows:
        match subject, predicate:
            case NamedNode(), NamedNode() if value is not None and predicate.value not in (STATED_IN, TYPE):
                graphs = frozenset({graph.value}) if isinstance(graph, NamedNode) else frozenset[str]()
                found.setdefault(subject.value, {})[predicate, value] = graphs
    return found


def is_nested(node: NamedNode) -> bool:
    """Whether a node has no page worth a visit: it only joins others, or is a part of a passage."""
    return kind(node.value) in NESTED or (kind(node.value) == "passage" and "#" in node.value)


def evidence_of(engine: Engine, assertions: Iterable[str]) -> dict[str, Evidence]:
    """The evidence of each assertion, its quotes in the order of the document."""
    nodes = sorted(set(assertions))
    if not nodes:
        return {}
    found = {iri: Evidence(iri) for iri in nodes}
    solutions = engine.select(_evidence_query(nodes))
    for row in solutions.rows:
        cells = {n: getattr(t, "value", "") for n, t in zip(solutions.variables, row, strict=True)}
        item = found[cells["assertion"]]
        item.document, item.title, item.language = cells["document"], cells["title"], cells["language"]
        item.attribution, item.modality = cells["attribution"], cells["modality"].rpartition("#")[2]
        if cells["exact"]:
            quote = Quote(cells["exact"], int(cells["start"] or 0), int(cells["end"] or 0))
            item.quotes += [quote] if quote not in item.quotes else []
    return found


def grouped(statements: Iterable[Statement], names: Mapping[str, str]) -> list[Group]:
    """Statements under their properties, without grounds."""
    return _grouped(dict.fromkeys(statements, frozenset()), names, {}, {})


def _evidence_query(assertions: list[str]) -> str:
    return (
        prologue("cq", "oa", "dcterms")
        + f"""SELECT ?assertion ?document ?title ?language ?attribution ?modality ?exact ?start ?end {{
          VALUES ?assertion {{ {values(map(NamedNode, assertions))} }}
          ?assertion cq:inDocument ?document .
          OPTIONAL {{ ?document dcterms:title ?title }} OPTIONAL {{ ?document dcterms:language ?language }}
          OPTIONAL {{ ?assertion cq:attribution ?attribution }} OPTIONAL {{ ?assertion cq:modality ?modality }}
          OPTIONAL {{ ?assertion cq:restsOn ?passage . ?passage oa:hasSelector ?quote, ?position .
            ?quote oa:exact ?exact . ?position oa:start ?start ; oa:end ?end }}
        }} ORDER BY ?assertion ?start ?end ?language"""
    )


def _grounds(engine: Engine, node: NamedNode) -> dict[Statement, frozenset[str]]:
    """Each statement about the node with the graphs that hold it; '' is the default graph."""
    query = f"SELECT ?p ?o ?g {{ {{ {node} ?p ?o }} UNION {{ GRAPH ?g {{ {node} ?p ?o }} }} }} ORDER BY ?p ?o"
    found: dict[Statement, set[str]] = {}
    merged: dict[Statement, set[str]] = {}
    for predicate, value, graph in engine.select(query).rows:
        if isinstance(predicate, NamedNode) and value is not None and graph not in _VIEWS:
            held = merged if graph in _OF_THE_MERGE else found
            held.setdefault((predicate, value), set()).add(getattr(graph, "value", ""))
    return {statement: frozenset(graphs | merged.get(statement, set())) for statement, graphs in found.items()}


def _incoming(engine: Engine, node: NamedNode) -> list[Statement]:
    """What is said with the node, as far as a page shows it; only that much is sorted."""
    some = f"SELECT DISTINCT ?p ?s {{ ?s ?p {node} }} LIMIT {MOST_INCOMING + 1}"
    query = f"SELECT ?p ?s {{ {{ {some} }} }} ORDER BY ?p ?s"
    rows = engine.select(query).rows
    return [(p, s) for p, s in rows if isinstance(p, NamedNode) and s is not None and p.value != STATED_IN]


def _asserts(graph: str) -> bool:
    return kind(graph) == "assertion"


def _terms(statements: Iterable[Statement]) -> Iterable[Term]:
    return (term for statement in statements for term in statement)


def _grouped(
    statements: Mapping[Statement, frozenset[str]],
    names: Mapping[str, str],
    evidence: Mapping[str, Evidence],
    inner: Nested,
) -> list[Group]:
    groups: dict[str, Group] = {}
    for (predicate, term), graphs in statements.items():
        iri = predicate.value
        group = groups.setdefault(iri, Group(iri, in_words(iri, names), []))
        group.values.append(_value(term, graphs, names, evidence, inner))
    return sorted(groups.values(), key=_place)


def _with_proofs(node: NamedNode, groups: list[Group]) -> list[Group]:
    """The groups with the address of the proofs of what is inferred, which comes after what is said."""
    for group in groups:
        group.values.sort(key=_is_inferred)
        for value in filter(_is_inferred, group.values):
            value.why = address(Triple(node, NamedNode(group.predicate), value.term))
    return groups


def _is_inferred(value: Value) -> bool:
    return _GROUNDS[GRAPH_ENTAILED.value] in value.grounds


def _place(group: Group) -> tuple[int, str]:
    """Where a property stands on a page."""
    if group.predicate in _FIRST:
        return _FIRST.index(group.predicate), ""
    if group.predicate in _LAST:
        return len(_FIRST) + 1 + _LAST.index(group.predicate), ""
    return len(_FIRST), group.name


def _value(
    term: Term,
    graphs: frozenset[str],
    names: Mapping[str, str],
    evidence: Mapping[str, Evidence],
    inner: Nested,
) -> Value:
    name = in_words(term.value, names) if isinstance(term, NamedNode) else str(getattr(term, "value", term))
    return Value(
        term,
        name,
        [_GROUNDS[graph] for graph in sorted(graphs) if graph in _GROUNDS],
        [evidence[graph] for graph in sorted(graphs) if graph in evidence],
        _with_proofs(term, _grouped(inner[term.value], names, {}, {}))
        if isinstance(term, NamedNode) and term.value in inner
        else [],
    )
