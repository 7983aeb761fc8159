"""The view that a query written for Wikidata's query service is asked of: the newest slice of each entity.

A slice of the whole entity wins over partial ones of any day, which add nothing to it: what they say is there too, or
was taken out, or has since been changed. Of several whole ones the one of the highest revision counts; one whose
revision is not known only where it was retrieved later than all whose is. Partial slices are united; but a newer
answer of one address replaces its older ones, also where it has no rows of an entity any more; of a statement with
its GUID the latest retrieval counts; and rows that say nothing more than such a statement are left out.

What was an item may redirect later, and the reverse: of both the newest counts, by the same rule.

What the dump says of the document about an entity (its revision, its day, how many statements it has) the query
service says of the entity itself; so the view has it at both, from slices of whole entities.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode, Triple

from graph.namespaces import term
from graph.wikidata.slices.description import Slice, described
from graph.wikidata.slices.uniting import united
from graph.wikidata.terms import data_node, entity_node, identifier_of, schema, wikibase

_SAME = term("owl:sameAs")
_OF_THE_DOCUMENT = {
    *map(wikibase, ("statements", "sitelinks", "identifiers")),
    *map(schema, ("version", "dateModified")),
}


def newest(slices: Mapping[NamedNode, set[Triple]], retrieved: Iterable[Triple]) -> set[Triple]:
    """What Wikidata says by the newest slice of each entity, with redirects (``wd:Qold owl:sameAs wd:Qnew``)."""
    known = described(retrieved)
    last, redirects = _last_answers(known), dict(_redirects(slices, known))
    view: set[Triple] = set()
    for entity, found in known.items():
        counted = () if entity in redirects else sorted(current(found, last), key=_retrieval)
        graphs = [slices.get(NamedNode(each.graph), set()) for each in counted]
        view |= graphs[0] if len(graphs) == 1 else united(graphs)
        for each, graph in zip(counted, graphs, strict=True):
            view.update(() if each.partial else _of_the_entity(each.entity, graph))
    return {each for each in view if each.predicate != _SAME}.union(redirects.values())


def _redirects(
    slices: Mapping[NamedNode, set[Triple]], known: Mapping[str, Iterable[Slice]]
) -> Iterator[tuple[str, Triple]]:
    """What redirects to an entity, by any slice of it: one that was asked for by the new name does not tell.

    It does so no longer if a newer slice has it as an entity of its own.
    """
    told: dict[str, dict[Slice, Triple]] = defaultdict(dict)
    for entity, found in known.items():
        for each in found:
            for triple in slices.get(NamedNode(each.graph), ()):
                old = _redirecting(triple, entity)
                if old:
                    told[old][each] = triple
    for old, by in told.items():
        latest = newest_of((*known.get(old, ()), *by))
        if latest in by:
            yield old, by[latest]


def _redirecting(triple: Triple, entity: str) -> str:
    """The identifier that redirects to an entity, by a triple; empty for any other triple."""
    if triple.predicate != _SAME or triple.object != entity_node(entity):
        return ""
    old = identifier_of(triple.subject.value) if isinstance(triple.subject, NamedNode) else ""
    return "" if old == entity else old


def _last_answers(known: Mapping[str, Iterable[Slice]]) -> dict[str, str]:
    """The day of the last answer of each address that rows came from, whatever they are of."""
    rows = (each for found in known.values() for each in found if each.partial and not each.revision)
    return _last(rows)


def _last(slices: Iterable[Slice]) -> dict[str, str]:
    last: dict[str, str] = {}
    for each in slices:
        for url in each.urls:
            last[url] = max(last.get(url, ""), each.retrieved)
    return last


def _retrieval(found: Slice) -> tuple[str, int, str]:
    return found.retrieved, int(found.revision or 0), found.graph


def _of_the_entity(entity: str, graph: Iterable[Triple]) -> Iterator[Triple]:
    """What is said of the document about a whole entity, said of the entity."""
    document, node = data_node(entity), entity_node(entity)
    for each in graph:
        if each.subject == document and each.predicate in _OF_THE_DOCUMENT:
            yield Triple(node, each.predicate, each.object)


def current(found: Iterable[Slice], answered: Mapping[str, str] | None = None) -> tuple[Slice, ...]:
    """Of the slices of one entity, those that count: the newest whole one, else the partial ones.

    ``answered`` has the day of the last answer of each address, which may be of other entities alone.
    """
    known = tuple(found)
    whole = [each for each in known if not each.partial]
    if whole:
        return (newest_of(whole),)
    last = {**_last(known), **(answered or {})}
    return tuple(each for each in known if not each.urls or any(last[url] <= each.retrieved for url in each.urls))


def newest_of(whole: Iterable[Slice]) -> Slice:
    """The newest of slices of one whole entity."""
    known = tuple(whole)
    with_revision = [each for each in known if each.revision]
    without = [each for each in known if not each.revision]
    first = max(with_revision, key=Slice.age, default=None)
    latest = max((each.retrieved for each in with_revision), default="")
    later = [each for each in without if each.retrieved > latest]
    return max(later, key=Slice.age) if later or first is None else first
