"""Leaves that stand on what others say: tenures read in slices of Wikidata, its own statements, and links to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode, Triple

from graph.engine import Term
from graph.labels import Selects
from graph.namespaces import GRAPH_LINKS, GRAPH_SLICES, GRAPH_TENURES, is_slice, prologue
from graph.proofs.model import Leaf


def leaves_elsewhere(engine: Selects, places: Mapping[Triple, Iterable[str]]) -> dict[Triple, Leaf]:
    """The leaf of each triple that stands in the graph of tenures, in that of links or in a slice; else none.

    At most three queries for all of them.
    """
    held = {triple: set(graphs) for triple, graphs in places.items()}
    tenures = [triple for triple, graphs in held.items() if GRAPH_TENURES.value in graphs]
    links = [triple for triple, graphs in held.items() if GRAPH_LINKS.value in graphs]
    slices = {triple: found for triple, graphs in held.items() if (found := sorted(filter(_is_slice, graphs)))}
    return {**_in_slices(engine, slices), **_of_links(engine, links), **_of_tenures(engine, tenures)}


def _is_slice(graph: str) -> bool:
    return is_slice(NamedNode(graph))


def _of_tenures(engine: Selects, triples: Iterable[Triple]) -> dict[Triple, Leaf]:
    """What a tenure is derived from: the statement, then the links; and when it was read, at which revision."""
    held = list(triples)
    query = f"""SELECT ?tenure ?statement ?read ?revision ?link {{ {_values("tenure", held)}
        GRAPH {GRAPH_TENURES} {{ ?tenure prov:wasDerivedFrom ?statement ; cq:recordedOn ?read ; cq:readIn ?slice ;
            cq:restsOnLink ?link }}
        OPTIONAL {{ GRAPH {GRAPH_SLICES} {{ ?slice cq:revision ?revision }} }} }} ORDER BY ?tenure ?link"""
    found: dict[str, tuple[str, str, str]] = {}
    links: dict[str, list[str]] = defaultdict(list)
    for row in engine.select(prologue("cq", "prov") + query).rows if held else ():
        tenure, statement, read, revision, link = map(_text, row)
        found[tenure] = statement, read, revision
        links[tenure].append(link)
    leaves = {}
    for triple in held:
        tenure = _text(triple.subject)
        if tenure in found:
            statement, read, revision = found[tenure]
            leaves[triple] = Leaf(triple, "wikidata", (statement, *links[tenure]), recorded=read, revision=revision)
    return leaves


def _of_links(engine: Selects, triples: Iterable[Triple]) -> dict[Triple, Leaf]:
    """The judgement that a triple belongs to, or that has made it a match."""
    held = list(triples)
    query = f"""SELECT ?s ?o ?link ?day {{
        {{ {_values("link", held)} GRAPH {GRAPH_LINKS} {{ ?link sssom:mapping_date ?day }} }} UNION
        {{ {_values("s", held)} GRAPH {GRAPH_LINKS} {{ ?link owl:annotatedSource ?s ; owl:annotatedTarget ?o ;
            sssom:mapping_date ?day }} }} }} ORDER BY ?link"""
    rows = [tuple(map(_text, row)) for row in (engine.select(prologue("owl", "sssom") + query).rows if held else ())]
    judged = {(s, o): (link, day) for s, o, link, day in rows} | {(link, ""): (link, day) for _, _, link, day in rows}
    leaves = {}
    for triple in held:
        subject = _text(triple.subject)
        link, day = judged.get((subject, "")) or judged.get((subject, _text(triple.object))) or (subject, "")
        leaves[triple] = Leaf(triple, "link", (link,), recorded=day)
    return leaves


def _in_slices(engine: Selects, places: Mapping[Triple, list[str]]) -> dict[Triple, Leaf]:
    """The newest slice that has it."""
    graphs = " ".join(str(NamedNode(graph)) for graph in sorted({g for found in places.values() for g in found}))
    query = f"""SELECT ?slice ?read ?revision {{ VALUES ?slice {{ {graphs} }} GRAPH {GRAPH_SLICES} {{
        ?slice cq:recordedOn ?read OPTIONAL {{ ?slice cq:revision ?revision }} }} }}"""
    rows = engine.select(prologue("cq") + query).rows if graphs else ()
    told = {_text(slice_): (_text(read), _text(revision)) for slice_, read, revision in rows}
    leaves = {}
    for triple, found in places.items():
        newest = max(found, key=lambda graph: (told.get(graph, ("", ""))[0], graph))
        read, revision = told.get(newest, ("", ""))
        leaves[triple] = Leaf(triple, "wikidata", (newest,), recorded=read, revision=revision)
    return leaves


def _values(name: str, triples: Iterable[Triple]) -> str:
    subjects = sorted({str(triple.subject) for triple in triples})
    return f"VALUES ?{name} {{ {' '.join(subjects)} }}"


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
