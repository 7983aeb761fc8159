"""``owl:sameAs`` for accepted exact links, for those who ask for it; the graph itself has ``skos:exactMatch``."""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from graph.namespaces import PREFIXES, kind, term
from graph.wikidata.links import Link, exact

WARNING: Final = (
    "owl:sameAs says more than was judged. Under OWL, what is said of one side is said of the other: what Wikidata",
    "says would stand as if our documents said it, and the other way round. Wikidata itself writes owl:sameAs for",
    "redirects only. Load this into no graph whose statements must keep their source.",
)


def same_as(links: Iterable[Link]) -> bytes:
    """Turtle, with the warning as its head."""
    pairs = sorted(exact(links).items())
    triples = [Triple(NamedNode(ours), term("owl:sameAs"), term(f"wd:{item}")) for ours, item in pairs]
    used = {name: PREFIXES[name] for name in sorted({kind(ours) or "owl" for ours, _ in pairs} | {"owl", "wd"})}
    head = "".join(f"# {line}\n" for line in WARNING)
    return head.encode() + (serialize(triples, format=RdfFormat.TURTLE, prefixes=used) or b"")
