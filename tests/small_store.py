"""A tiny dataset by hand, of the real shape: two documents on one meeting, a plan, a claim, something inferred."""

from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from graph.build import SOURCES
from graph.namespaces import GRAPH_MERGED, GRAPHS, PREFIXES
from graph.store import Manifest, write

TRIG = Path(__file__).with_suffix(".trig")
STATED = """
meeting:talks-2017 cq:statedIn a:first-held, a:second-held .
visit:abe-russia cq:statedIn a:visit-planned .
claim:japan-southern-kurils cq:statedIn a:claim .
"""
ADMITTED = ("a:first-held", "a:second-held", "a:visit-planned", "a:claim")


def quads() -> list[Quad]:
    """Every graph, and the merged one made of what is admitted."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in {**PREFIXES, "graph": GRAPHS}.items())
    given = list(parse(prefixes + TRIG.read_text(encoding="utf-8"), format=RdfFormat.TRIG))
    stated = list(parse(prefixes + STATED, format=RdfFormat.TURTLE))
    admitted = {f"<{PREFIXES['a']}{name.removeprefix('a:')}>" for name in ADMITTED}
    merged = admitted | {f"<{GRAPHS}{name}>" for name in ("authority", "provenance", "entailed")}
    into = [q for q in given if str(q.graph_name) in merged] + stated
    return given + [Quad(q.subject, q.predicate, q.object, GRAPH_MERGED) for q in into]


def build_small(folder: Path) -> Manifest:
    """Write it as a built folder."""
    return write(folder, quads(), inputs="by hand", counts={}, sources=dict.fromkeys(SOURCES))
