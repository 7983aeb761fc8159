"""The view that a query written for Wikidata's query service is asked of: the newest slice of each entity.

A slice of the whole entity wins over partial ones of any day, which add nothing to it: what they say is there too, or
was taken out, or has since been changed. Of several whole ones the one of the highest revision counts; one whose
revision is not known only where it was retrieved later than all whose is. Partial slices are united, but for those
all of whose addresses have a newer slice of the entity (a newer answer of one query replaces its older ones), and for
rows that say nothing more than a statement with its GUID.

What the dump says of the document about an entity (its revision, its day, how many statements it has) the query
service says of the entity itself; so the view has it at both, from slices of whole entities.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode, Triple

from graph.namespaces import PREFIXES, WIKIDATA, term
from graph.wikidata.slices.description import Slice, described
from graph.wikidata.terms import data_node, entity_node, schema, wikibase

_SAME = term("owl:sameAs")
_OF_THE_DOCUMENT = {
    *map(wikibase, ("statements", "sitelinks", "identifiers")),
    *map(schema, ("version", "dateModified")),
}
_SAID = tuple(WIKIDATA[role] for role in ("ps", "psv", "pq", "pqv"))


def newest(slices: Mapping[NamedNode, set[Triple]], retrieved: Iterable[Triple]) -> set[Triple]:
    """What Wikidata says by the newest slice of each entity, with redirects (``wd:Qold owl:sameAs wd:Qnew``)."""
    view: set[Triple] = set()
    for found in described(retrieved).values():
        counted = current(found)
        graphs = [slices.get(NamedNode(each.graph), set()) for each in counted]
        view |= graphs[0] if len(graphs) == 1 else _united(graphs)
        for each, graph in zip(counted, graphs, strict=True):
            view.update(() if each.partial else _of_the_entity(each.entity, graph))
        view |= _redirects(slices.get(NamedNode(each.graph), set()) for each in found)
    return view


def _redirects(graphs: Iterable[set[Triple]]) -> set[Triple]:
    """What redirects to an entity, by any slice of it: one that was asked for by the new name does not tell."""
    return {triple for graph in graphs for triple in graph if triple.predicate == _SAME}


def _of_the_entity(entity: str, graph: Iterable[Triple]) -> Iterator[Triple]:
    """What is said of the document about a whole entity, said of the entity."""
    document, node = data_node(entity), entity_node(entity)
    for each in graph:
        if each.subject == document and each.predicate in _OF_THE_DOCUMENT:
            yield Triple(node, each.predicate, each.object)


def current(found: Iterable[Slice]) -> tuple[Slice, ...]:
    """Of the slices of one entity, those that count: the newest whole one, else the partial ones."""
    known = tuple(found)
    whole = [each for each in known if not each.partial]
    if whole:
        return (newest_of(whole),)
    last: dict[str, str] = defaultdict(str)
    for each in known:
        for url in each.urls:
            last[url] = max(last[url], each.retrieved)
    return tuple(each for each in known if not each.urls or any(last[url] == each.retrieved for url in each.urls))


def newest_of(whole: Iterable[Slice]) -> Slice:
    """The newest of slices of one whole entity."""
    known = tuple(whole)
    with_revision = [each for each in known if each.revision]
    without = [each for each in known if not each.revision]
    first = max(with_revision, key=Slice.age, default=None)
    latest = max((each.retrieved for each in with_revision), default="")
    later = [each for each in without if each.retrieved > latest]
    return max(later, key=Slice.age) if later or first is None else first


def _united(graphs: Iterable[set[Triple]]) -> set[Triple]:
    view = set().union(*graphs)
    told: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for each in view:
        if each.predicate.value.startswith(_SAID):
            told[_node(each.subject)].add((each.predicate.value, str(each.object)))
    spare = set(_repeating(told))
    return {each for each in view if _node(each.subject) not in spare and _node(each.object) not in spare}


def _node(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _repeating(told: Mapping[str, set[tuple[str, str]]]) -> Iterator[str]:
    """The rows that say nothing that a statement does not say as well."""
    statements = [said for node, said in told.items() if node.startswith(WIKIDATA["wds"])]
    for node, said in told.items():
        if node.startswith(PREFIXES["row"]) and any(said <= each for each in statements):
            yield node
