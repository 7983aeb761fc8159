"""What a store has of Wikidata: slices with their sources, and links with who judged them."""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.engine import Engine
from graph.namespaces import GRAPH_LINKS, GRAPH_SLICES, PREFIXES, prologue, shorten, slug
from server.labels import in_words, item_labels, labels

_SLICES = f"""{prologue("cq")}
SELECT ?graph ?item (SAMPLE(?rev) AS ?revision) (SAMPLE(?day) AS ?read)
  (SAMPLE(?part) AS ?partial) (GROUP_CONCAT(DISTINCT STR(?url); separator=" ") AS ?urls) {{
  GRAPH {GRAPH_SLICES} {{
    ?graph a cq:Slice ; cq:sliceOf ?item .
    OPTIONAL {{ ?graph cq:revision ?rev }} OPTIONAL {{ ?graph cq:recordedOn ?day }}
    OPTIONAL {{ ?graph cq:isPartial ?part }} OPTIONAL {{ ?graph cq:retrievedFrom ?url }}
  }}
}} GROUP BY ?graph ?item ORDER BY ?graph"""
_LINKS = f"""{prologue("cq", "owl", "sssom", "rdfs")}
SELECT ?link ?ours ?item (SAMPLE(?label) AS ?name) ?relation ?status (SAMPLE(?by) AS ?author) (SAMPLE(?on) AS ?day)
  (GROUP_CONCAT(DISTINCT ?fact; separator="|") AS ?agreed) (SAMPLE(?words) AS ?comment) {{
  GRAPH {GRAPH_LINKS} {{
    ?link a sssom:Mapping ; owl:annotatedSource ?ours ; owl:annotatedTarget ?item ;
      owl:annotatedProperty ?relation ; cq:linkStatus ?status .
    OPTIONAL {{ ?link sssom:object_label ?label }} OPTIONAL {{ ?link sssom:author_label ?by }}
    OPTIONAL {{ ?link sssom:mapping_date ?on }} OPTIONAL {{ ?link cq:agreedOn ?fact }}
    OPTIONAL {{ ?link rdfs:comment ?words }}
  }}
}} GROUP BY ?link ?ours ?item ?relation ?status ORDER BY ?link"""


@dataclass(frozen=True)
class SliceShown:
    """What a source says of one entity, as the overview lists it."""

    graph: str
    item: str
    name: str
    ours: tuple[str, str] | None
    revision: str
    read: str
    partial: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class LinkShown:
    """One judgement on a thing of ours and an item."""

    ours: tuple[str, str]
    item: str
    name: str
    relation: str
    status: str
    author: str
    day: str
    agreed: tuple[str, ...]
    comment: str


def slices_held(engine: Engine, ours: Mapping[str, tuple[str, str]]) -> list[SliceShown]:
    """The slices: those of things of ours (by item: IRI and name) first, then by name."""
    found = []
    rows = [tuple(map(_value, row)) for row in engine.select(_SLICES).rows]
    names = item_labels(engine, (row[1] for row in rows))
    for graph, item, revision, read, partial, urls in rows:
        own, sources = slug(item), tuple(sorted(urls.split()))
        name = names.get(item, own)
        found.append(SliceShown(graph, own, name, ours.get(own), revision, read, partial == "true", sources))
    return sorted(found, key=lambda each: (each.ours is None, each.name.casefold(), each.graph))


def links_held(engine: Engine) -> list[LinkShown]:
    """The judgements, by what they are on."""
    rows = engine.select(_LINKS).rows
    names = labels(engine, (term for row in rows for term in (row[1], row[5])))
    return [_link(tuple(map(_value, row)), names) for row in rows]


def _link(cells: tuple[str, ...], names: Mapping[str, str]) -> LinkShown:
    _, ours, item, name, relation, status, author, day, agreed, comment = cells
    return LinkShown(
        ours=(ours, in_words(ours, names)),
        item=slug(item) if item.startswith(PREFIXES["wd"]) else "",
        name=name,
        relation=shorten(relation).partition(":")[2].removesuffix("Match"),
        status=in_words(status, names),
        author=author,
        day=day,
        agreed=tuple(sorted(filter(None, agreed.split("|")))),
        comment=comment,
    )


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))
