"""What the data hold, in numbers: graphs, classes, properties, where IRIs begin. All of it asked of the engine.

The engine keeps the answers as long as the data do not change. Lists are cut at a bound, the largest first, so that
a store with a million graphs or properties is described too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from os.path import commonprefix
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.engine import Engine, QueryEvaluationError, QuerySyntaxError
from graph.namespaces import prologue

MOST_GRAPHS: Final = 1000
MOST_PARTS: Final = 2000
MOST_SPACES: Final = 500
EXAMPLES: Final = 3
_CLASSES_TRIED: Final = 6
_MOSTLY: Final = 0.9
_TRIPLES: Final = "(COUNT(*) AS ?n)"
_SHARES: Final = f"{_TRIPLES} (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)"


@dataclass(frozen=True)
class Part:
    """The triples with one property, or the things of one class (then ``subjects`` counts them), in one graph."""

    graph: str | None
    term: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class GraphSize:
    """How much is in a graph; the default graph has no name."""

    name: str | None
    triples: int
    subjects: int = 0
    objects: int = 0


@dataclass(frozen=True)
class Space:
    """How the IRIs of most subjects of the default graph begin, and how many subjects begin so."""

    prefix: str
    subjects: int


def graph_sizes(engine: Engine, distinct: bool = True) -> list[GraphSize]:
    """The default graph, then the named graphs, the largest first; also those that exist and are empty.

    Counting what is distinct takes most of the time; where it is not asked for, it is 0.
    """
    counts = _SHARES if distinct else _TRIPLES
    default = GraphSize(None, *map(_number, engine.select(f"SELECT {counts} {{ ?s ?p ?o }}").rows[0]))
    query = f"SELECT ?g {counts} {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g ORDER BY DESC(?n) ?g LIMIT {MOST_GRAPHS}"
    named = [GraphSize(_iri(row[0]), *map(_number, row[1:])) for row in engine.select(query).rows]
    known = {size.name for size in named}
    names = _names(engine) if len(named) < MOST_GRAPHS else []
    return [default, *named, *(GraphSize(name, 0) for name in names if name not in known)]


def classes(engine: Engine) -> list[Part]:
    """The classes of each graph, by how many things are of them."""
    return _parts(engine, "?s a ?term BIND(?term AS ?o)")


def properties(engine: Engine) -> list[Part]:
    """The properties of each graph, by how many triples have them."""
    return _parts(engine, "?s ?term ?o")


def space(engine: Engine) -> Space | None:
    """Where the IRIs of at least nine in ten subjects begin; None where they have no authority in common."""
    query = (
        "SELECT ?space (COUNT(*) AS ?n) { { SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s)) } }"
        ' BIND(REPLACE(STR(?s), "[^/#]*$", "") AS ?space) } GROUP BY ?space'
        f" ORDER BY DESC(?n) ?space LIMIT {MOST_SPACES}"
    )
    found = [(str(getattr(text, "value", "")), _number(count)) for text, count in engine.select(query).rows]
    enough, sum_of, taken = _MOSTLY * sum(count for _, count in found), 0, []
    for text, count in found:
        if sum_of < enough:
            taken.append(text)
            sum_of += count
    prefix = commonprefix(taken)  # noqa: RUF071 - of IRIs, which are no paths of files
    prefix = prefix[: max(prefix.rfind("/"), prefix.rfind("#")) + 1]
    if not prefix.partition("://")[2]:
        return None
    return Space(prefix, sum(count for text, count in found if text.startswith(prefix)))


def examples(engine: Engine, of_classes: Iterable[Part]) -> list[str]:
    """A resource of each of the largest classes of the default graph, a part of a page (``#``) for none."""
    found: dict[str, None] = {}
    for part in [part for part in of_classes if part.graph is None][:_CLASSES_TRIED]:
        whole = 'FILTER(isIRI(?s) && !CONTAINS(STR(?s), "#"))'
        rows = engine.select(f"SELECT (MIN(?s) AS ?example) {{ ?s a {NamedNode(part.term)} {whole} }}").rows
        found.update(dict.fromkeys(_iri(row[0]) for row in rows if row[0] is not None))
    return list(found)[:EXAMPLES]


def licences(engine: Engine) -> list[str]:
    """The licences that the data state of data sets."""
    stated = "?set a ?kind ; dcterms:license ?licence"
    kinds = "VALUES ?kind { <http://rdfs.org/ns/void#Dataset> <http://www.w3.org/ns/dcat#Dataset> }"
    query = prologue("dcterms") + (
        f"SELECT DISTINCT ?licence {{ {kinds} {{ {stated} }} UNION {{ GRAPH ?g {{ {stated} }} }}"
        " FILTER(isIRI(?licence)) } ORDER BY ?licence LIMIT 10"
    )
    return [_iri(row[0]) for row in engine.select(query).rows]


def _parts(engine: Engine, pattern: str) -> list[Part]:
    """The parts of the default graph, then those of the named graphs."""
    iris = "FILTER(isIRI(?term))"
    order = f"ORDER BY DESC(?n) ?term LIMIT {MOST_PARTS}"
    inner = f"SELECT ?term {_SHARES} {{ {pattern} {iris} }} GROUP BY ?term {order}"
    outer = f"SELECT ?g ?term {_SHARES} {{ GRAPH ?g {{ {pattern} }} {iris} }} GROUP BY ?g ?term {order} "
    default = [Part(None, _iri(row[0]), *map(_number, row[1:])) for row in engine.select(inner).rows]
    named = [Part(_iri(row[0]), _iri(row[1]), *map(_number, row[2:])) for row in engine.select(outer).rows]
    return default + named


def _names(engine: Engine) -> list[str]:
    """The graphs by name, also the empty ones; none from an engine that takes no empty pattern (Virtuoso)."""
    try:
        rows = engine.select(f"SELECT ?g {{ GRAPH ?g {{}} }} ORDER BY ?g LIMIT {MOST_GRAPHS}").rows
    except (QueryEvaluationError, QuerySyntaxError):
        return []
    return [_iri(row[0]) for row in rows if row[0] is not None]


def _iri(term: Any) -> str:
    return str(term.value) if isinstance(term, NamedNode) else str(term)


def _number(term: Any) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
