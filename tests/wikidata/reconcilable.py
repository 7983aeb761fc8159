"""A small store to reconcile: the tiny dataset, beside a minister, his namesake, and the office that one held."""

from pathlib import Path

from pyoxigraph import Quad, Triple
from small_store import quads
from wikidata.both_sides import World, entity, link

from graph.dataset import Dataset
from graph.namespaces import GRAPH_LINKS, GRAPH_MERGED, GRAPH_SLICES, GRAPH_WIKIDATA, cq, term
from graph.sources import SOURCES
from graph.store import write

MINISTER = "Q58217"
NAMESAKE = "Q900000001"
OFFICE = "Q1418873"
ENTITIES = (
    entity(MINISTER, "Sergey Lavrov", "P31 Q5", f"P39 {OFFICE} P580=2004-03-09", "P569 1950-03-21"),
    entity(NAMESAKE, "Sergei Lavrov", "P31 Q5", "P569 1911", "P570 1999-08-02"),
    entity(OFFICE, "Minister of Foreign Affairs", "P31 Q4164871", "P17 Q159"),
    entity("Q159", "Russia", "P31 Q3624078"),
)
LINKS = (link("office:ru-foreign-minister", OFFICE), link("state:russia", "Q159"))


def write_reconcilable(folder: Path) -> Path:
    """Write it as a built folder."""
    made = World(Dataset()).beside(ENTITIES, LINKS).dataset
    named = {**made.slices, GRAPH_WIKIDATA: made.wikidata, GRAPH_SLICES: made.retrieved, GRAPH_LINKS: made.links}
    named[GRAPH_MERGED] = {Triple(term("participation:talks-2017.lavrov"), cq("statedIn"), term("a:first-held"))}
    more = [Quad(t.subject, t.predicate, t.object, name) for name, graph in named.items() for t in graph]
    write(folder, [*quads(), *more], inputs="by hand", counts={}, sources=dict.fromkeys(SOURCES))
    return folder
