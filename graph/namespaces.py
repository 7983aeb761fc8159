"""Prefixes, and how IRIs are minted: the only place where our own IRIs stand as text.

Every resource is ``https://w3id.org/communique/id/<kind>/<slug>``. A kind is also the prefix under which
assertion files, Turtle and queries name the resource (``meeting:ru-jp-2plus2-2017-03-20``); an assertion's
prefix is the short ``a:``.
"""

import re
from typing import Final

from pyoxigraph import NamedNode

BASE: Final = "https://w3id.org/communique/"
VOCABULARY: Final = BASE + "vocab#"
RESOURCES: Final = BASE + "id/"
GRAPHS: Final = BASE + "graph/"
FUNCTIONS: Final = BASE + "function#"

KINDS: Final = (
    "account", "agreement", "assertion", "call", "candidate", "change", "claim", "comparison", "coverage",
    "deployment", "dispute", "document", "encounter", "event", "format", "gap", "group", "incumbency", "link",
    "meeting", "name", "office", "organisation", "participation", "passage", "person", "place", "postkind",
    "proposal", "row", "series", "slot", "state", "statement", "system", "tenure", "territory", "topic", "vacancy",
    "visit", "voice",
)  # fmt: skip

STANDARD: Final = {
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "time": "http://www.w3.org/2006/time#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sssom": "https://w3id.org/sssom/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# Wikidata's own, as its RDF export and its query service name them (mw:Wikibase/Indexing/RDF Dump Format).
WIKIDATA: Final = {
    "wd": "http://www.wikidata.org/entity/",
    "wds": "http://www.wikidata.org/entity/statement/",
    "wdref": "http://www.wikidata.org/reference/",
    "wdv": "http://www.wikidata.org/value/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "wdtn": "http://www.wikidata.org/prop/direct-normalized/",
    "p": "http://www.wikidata.org/prop/",
    "ps": "http://www.wikidata.org/prop/statement/",
    "psv": "http://www.wikidata.org/prop/statement/value/",
    "pq": "http://www.wikidata.org/prop/qualifier/",
    "pqv": "http://www.wikidata.org/prop/qualifier/value/",
    "pr": "http://www.wikidata.org/prop/reference/",
    "prv": "http://www.wikidata.org/prop/reference/value/",
    "wdno": "http://www.wikidata.org/prop/novalue/",
    "wikibase": "http://wikiba.se/ontology#",
}

PREFIXES: Final[dict[str, str]] = {
    "cq": VOCABULARY,
    "cqf": FUNCTIONS,
    "a": RESOURCES + "assertion/",
    **{kind: f"{RESOURCES}{kind}/" for kind in KINDS if kind != "assertion"},
    **STANDARD,
    **WIKIDATA,
}

GRAPH_PROVENANCE: Final = NamedNode(GRAPHS + "provenance")
GRAPH_AUTHORITY: Final = NamedNode(GRAPHS + "authority")
GRAPH_ONTOLOGY: Final = NamedNode(GRAPHS + "ontology")
GRAPH_ENTAILED: Final = NamedNode(GRAPHS + "entailed")
GRAPH_MERGED: Final = NamedNode(GRAPHS + "merged")
GRAPH_INDEX: Final = NamedNode(GRAPHS + "index")
GRAPH_LINKS: Final = NamedNode(GRAPHS + "links")
# What Wikidata says: the newest slice of each entity; below it, one graph for each entity and revision.
GRAPH_WIKIDATA: Final = NamedNode(GRAPHS + "wikidata")
GRAPH_SLICES: Final = NamedNode(GRAPHS + "slices")
GRAPH_COMPARISONS: Final = NamedNode(GRAPHS + "comparisons")
# The merge: tenures that links let us read from slices, what is then entailed, and the whole view.
GRAPH_TENURES: Final = NamedNode(GRAPHS + "tenures")
GRAPH_ENTAILED_WITH_WIKIDATA: Final = NamedNode(GRAPHS + "entailed-with-wikidata")
GRAPH_WITH_WIKIDATA: Final = NamedNode(GRAPHS + "with-wikidata")
# In a remote store only: the graph that says which version it holds, and a graph that is nowhere.
GRAPH_VERSION: Final = NamedNode(GRAPHS + "version")
GRAPH_NONE: Final = NamedNode(GRAPHS + "none")

_SLUG = re.compile(r"[a-z0-9]+(?:[-.+][a-z0-9]+)*")
_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


class UnknownPrefixError(ValueError):
    """A compact IRI uses a prefix that is not declared."""


class SlugError(ValueError):
    """A slug has characters other than lower-case letters, digits and single ``-``, ``.``, ``+`` between."""


def cq(name: str) -> NamedNode:
    """The vocabulary term of that local name."""
    return NamedNode(VOCABULARY + name)


def term(curie: str) -> NamedNode:
    """The node that a compact IRI names; raises :class:`UnknownPrefixError`."""
    return NamedNode(expand(curie))


def mint(kind: str, *parts: str) -> NamedNode:
    """The IRI of a resource of a kind; several parts are joined by ``.``; raises :class:`SlugError`."""
    if kind not in KINDS:
        raise UnknownPrefixError(f"'{kind}' is no kind of resource; kinds are: {', '.join(KINDS)}")
    name = ".".join(parts)
    if not _SLUG.fullmatch(name):
        raise SlugError(f"'{name}' cannot name a {kind}: use lower-case letters, digits and single hyphens")
    return NamedNode(f"{RESOURCES}{kind}/{name}")


def expand(curie: str) -> str:
    """``person:lavrov`` to its full IRI; raises :class:`UnknownPrefixError`."""
    prefix, colon, local = curie.partition(":")
    if not colon or prefix not in PREFIXES:
        raise UnknownPrefixError(f"'{curie}' has no known prefix; known are: {', '.join(PREFIXES)}")
    return PREFIXES[prefix] + local


def shorten(iri: str) -> str:
    """The compact form of an IRI where a prefix fits, else the IRI as it is."""
    for prefix, namespace in _LONGEST_FIRST:
        local = iri.removeprefix(namespace)
        if local != iri and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return iri


def slug(iri: str) -> str:
    """The last segment of an IRI: what stands after its last ``/`` or ``#``."""
    return re.split(r"[/#]", iri)[-1]


def kind(iri: str) -> str | None:
    """The kind of a minted resource (``person`` …), or None for any other IRI."""
    rest = iri.removeprefix(RESOURCES)
    found = rest.partition("/")[0]
    return found if rest != iri and found in KINDS else None


def slice_graph(entity: str, revision: str) -> NamedNode:
    """The graph of what Wikidata says of an entity (``Q7747``) at a revision, or on a day if that is not known."""
    return NamedNode(f"{GRAPH_WIKIDATA.value}/{entity}/{revision}")


def is_slice(graph: NamedNode) -> bool:
    """Whether a graph is a slice: what Wikidata says of one entity at one revision."""
    return graph.value.startswith(GRAPH_WIKIDATA.value + "/")


def is_minted(iri: str) -> bool:
    """Whether an IRI lies in our namespace, so that our server answers for it."""
    return iri.startswith(BASE)


def prologue(*prefixes: str) -> str:
    """SPARQL ``PREFIX`` lines for the given prefixes, or for all of them."""
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in prefixes or PREFIXES)
