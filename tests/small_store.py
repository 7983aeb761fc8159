"""A tiny dataset by hand, of the real shape: two documents on one meeting, a plan, a claim, something inferred."""

from collections import defaultdict
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from graph.admission import PREMISE, STATEMENT_ONLY
from graph.dataset import Dataset
from graph.index import index
from graph.namespaces import GRAPH_INDEX, GRAPH_MERGED, GRAPHS, PREFIXES
from graph.sources import SOURCES
from graph.store import Manifest, write

TRIG = Path(__file__).with_suffix(".trig")
STATED = """
meeting:talks-2017 cq:statedIn a:first-held, a:second-held .
visit:abe-russia cq:statedIn a:visit-planned .
claim:japan-southern-kurils cq:statedIn a:claim .
"""
WHOLE = ("authority", "provenance", "ontology", "entailed")
ADMITTED = ("a:first-held", "a:second-held", "a:visit-planned", "a:claim")


def quads() -> list[Quad]:
    """Every graph, and the merged one made of what is admitted."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in {**PREFIXES, "graph": GRAPHS}.items())
    given = list(parse(prefixes + TRIG.read_text(encoding="utf-8"), format=RdfFormat.TRIG))
    stated = list(parse(prefixes + STATED, format=RdfFormat.TURTLE))
    admitted = {f"<{PREFIXES['a']}{name.removeprefix('a:')}>" for name in ADMITTED}
    merged = admitted | {f"<{GRAPHS}{name}>" for name in ("authority", "provenance", "entailed")}
    into = [q for q in given if str(q.graph_name) in merged] + stated
    looked_up = [Quad(t.subject, t.predicate, t.object, GRAPH_INDEX) for t in index(_dataset(given, admitted))]
    return given + looked_up + [Quad(q.subject, q.predicate, q.object, GRAPH_MERGED) for q in into]


def _dataset(given: list[Quad], admitted: set[str]) -> Dataset:
    """The same as a build holds it, for the index."""
    graphs: dict[str, set[Triple]] = defaultdict(set)
    for quad in given:
        graphs[str(quad.graph_name)].add(quad.triple)
    made = Dataset(**{name: graphs.pop(f"<{GRAPHS}{name}>", set()) for name in WHOLE})
    made.assertions = {NamedNode(name[1:-1]): graph for name, graph in graphs.items()}
    made.admitted = {name: PREMISE if str(name) in admitted else STATEMENT_ONLY for name in made.assertions}
    return made


def build_small(folder: Path) -> Manifest:
    """Write it as a built folder."""
    return write(folder, quads(), inputs="by hand", counts={}, sources=dict.fromkeys(SOURCES))
