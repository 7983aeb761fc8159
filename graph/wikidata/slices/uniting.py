"""Partial slices of one entity as one: each statement by the latest retrieval that tells it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Triple

from graph.namespaces import PREFIXES, WIKIDATA, term
from graph.wikidata.terms import identifier_of, wikibase

_TYPE = term("rdf:type")
_SAID = tuple(WIKIDATA[role] for role in ("ps", "psv", "pq", "pqv"))


def united(graphs: Sequence[set[Triple]]) -> set[Triple]:
    """The triples of graphs, the oldest first, without rows that say no more than a statement with its GUID."""
    view = of_the_latest(graphs)
    told: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for each in view:
        if each.predicate.value.startswith(_SAID):
            told[_node(each.subject)].add((each.predicate.value, str(each.object)))
    spare = set(_repeating(told))
    return {each for each in view if _node(each.subject) not in spare and _node(each.object) not in spare}


def of_the_latest(graphs: Sequence[set[Triple]]) -> set[Triple]:
    """The triples of graphs, the oldest first; of a statement with its GUID those of the last that tells of it."""
    view: set[Triple] = set()
    later: set[str] = set()
    for graph in reversed(graphs):
        view |= _without(graph, later)
        later |= {each for each in map(_subject, graph) if each.startswith(WIKIDATA["wds"])}
    return view


def _without(graph: set[Triple], statements: Collection[str]) -> set[Triple]:
    kept = {each for each in graph if _subject(each) not in statements and _node(each.object) not in statements}
    stale = {*_truthy(graph)} - {*_truthy(kept)}
    return {each for each in kept if not (stale and (each.predicate, each.object) in stale and _is_of_entity(each))}


def _truthy(graph: Iterable[Triple]) -> Iterator[tuple[NamedNode, object]]:
    """What the best statements of a graph let be said of the entity itself."""
    held = [*graph]
    best = {each.subject for each in held if each.object == wikibase("BestRank")}
    for each in held:
        if each.subject in best:
            property_ = each.predicate.value.removeprefix(WIKIDATA["ps"])
            if property_ != each.predicate.value:
                yield NamedNode(WIKIDATA["wdt"] + property_), each.object
            elif each.predicate == _TYPE and _node(each.object).startswith(WIKIDATA["wdno"]):
                yield _TYPE, each.object


def _is_of_entity(triple: Triple) -> bool:
    return bool(identifier_of(_subject(triple)))


def _subject(triple: Triple) -> str:
    return _node(triple.subject)


def _node(found: object) -> str:
    return found.value if isinstance(found, NamedNode) else ""


def _repeating(told: Mapping[str, set[tuple[str, str]]]) -> Iterator[str]:
    """The rows that say nothing that a statement does not say as well."""
    statements = [said for node, said in told.items() if node.startswith(WIKIDATA["wds"])]
    for node, said in told.items():
        if node.startswith(PREFIXES["row"]) and any(said <= each for each in statements):
            yield node
