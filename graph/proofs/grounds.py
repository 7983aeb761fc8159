"""Grounds: for many triples at once, where each is stated, in which words, and whether it is inferred."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, Triple

from graph.engine import Term
from graph.labels import Selects
from graph.namespaces import (
    GRAPH_AUTHORITY,
    GRAPH_ENTAILED,
    GRAPH_ENTAILED_WITH_WIKIDATA,
    GRAPH_INDEX,
    GRAPH_LINKS,
    GRAPH_MERGED,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    GRAPH_TENURES,
    GRAPH_WIKIDATA,
    GRAPH_WITH_WIKIDATA,
    cq,
    kind,
    prologue,
)
from graph.proofs.elsewhere import leaves_elsewhere
from graph.proofs.model import Ground, Leaf, Quote, Standing

AT_ONCE: Final = 500
STATED_IN: Final = cq("statedIn")
_PREMISE: Final = cq("Premise")
_VIEWS: Final = (GRAPH_MERGED, GRAPH_WITH_WIKIDATA, GRAPH_WIKIDATA)
_CONCLUDED: Final = (GRAPH_ENTAILED, GRAPH_ENTAILED_WITH_WIKIDATA, GRAPH_INDEX)
_NO_STATEMENT: Final = frozenset(graph.value for graph in (*_VIEWS, *_CONCLUDED))
_WIKIDATA: Final = "http://www.wikidata.org/"
_NOTHING: Final = ("", "", "")


def standings(engine: Selects, triples: Sequence[Triple]) -> dict[Triple, tuple[Standing, bool]]:
    """How each triple that is anywhere in the data stands, and whether it is entailed: a query for every 500."""
    found: dict[Triple, tuple[Standing, bool]] = {}
    for start in range(0, len(triples), AT_ONCE):
        for triple, where in _places(engine, triples[start : start + AT_ONCE]).items():
            found[triple] = _standing(triple, where), where.is_entailed
    return found


def grounds(engine: Selects, triples: Iterable[Triple]) -> dict[Triple, Ground]:
    """The ground of each triple that is anywhere in the data; those that are not are left out.

    At most six queries for every 500 triples.
    """
    wanted = list(dict.fromkeys(triples))
    found: dict[Triple, Ground] = {}
    for start in range(0, len(wanted), AT_ONCE):
        found |= _grounds(engine, wanted[start : start + AT_ONCE])
    return found


@dataclass
class _Where:
    """The graphs in which a triple stands; of assertions, those that are granted Premise."""

    merged: bool = False
    graphs: set[str] = field(default_factory=set)
    granted: set[str] = field(default_factory=set)

    @property
    def is_entailed(self) -> bool:
        return GRAPH_ENTAILED.value in self.graphs

    def stated(self) -> list[str]:
        return sorted(self.graphs - _NO_STATEMENT)


def _grounds(engine: Selects, triples: Sequence[Triple]) -> dict[Triple, Ground]:
    places = _places(engine, triples)
    about = _about(engine, places)
    telling = (_assertions(where) or [_recorded_in(triple, about)] for triple, where in places.items())
    quotes = quotes_of(engine, set().union(*telling) - {""})
    elsewhere = leaves_elsewhere(engine, {triple: where.graphs for triple, where in places.items()})
    return {triple: _ground(triple, where, about, quotes, elsewhere.get(triple)) for triple, where in places.items()}


def _places(engine: Selects, triples: Sequence[Triple]) -> dict[Triple, _Where]:
    rows = " ".join(f"({n} {t.subject} {t.predicate} {t.object})" for n, t in enumerate(triples))
    given = f"VALUES (?n ?s ?p ?o) {{ {rows} }}"
    query = (
        f"SELECT ?n ?g ?granted {{ {{ {given} ?s ?p ?o }} UNION "
        f"{{ {given} GRAPH ?g {{ ?s ?p ?o }} OPTIONAL {{ ?g cq:admission ?granted }} }} }}"
    )
    found: dict[Triple, _Where] = defaultdict(_Where)
    for n, graph, granted in engine.select(prologue("cq") + query).rows:
        where = found[triples[int(_text(n))]]
        if graph is None:
            where.merged = True
        else:
            where.graphs.add(_text(graph))
            where.granted |= {_text(graph)} if granted == _PREMISE else set()
    return {triple: found[triple] for triple in triples if triple in found}


def _about(engine: Selects, places: Mapping[Triple, _Where]) -> dict[str, tuple[str, str, str]]:
    """Of each subject of records and of the authority file: its assertion, its source elsewhere, when recorded."""
    graphs = (GRAPH_PROVENANCE.value, GRAPH_AUTHORITY.value)
    wanted = {_text(t.subject) for t, where in places.items() if not where.graphs.isdisjoint(graphs)}
    if not wanted:
        return {}
    query = f"""SELECT ?s ?assertion ?source ?recorded {{ VALUES ?s {{ {_iris(wanted)} }}
        OPTIONAL {{ ?s cq:accountIn ?assertion }} OPTIONAL {{ ?s prov:wasDerivedFrom ?source }}
        OPTIONAL {{ ?s cq:recordedOn ?recorded }} }} ORDER BY ?s ?source"""
    return {
        _text(row[0]): (_text(row[1]), _text(row[2]), _text(row[3]))
        for row in reversed(engine.select(prologue("cq", "prov") + query).rows)
    }


def quotes_of(engine: Selects, assertions: Iterable[str]) -> dict[str, tuple[Quote, ...]]:
    """The passages on which each assertion rests, in the order of the document."""
    wanted = sorted(set(assertions))
    if not wanted:
        return {}
    query = f"""SELECT ?document ?start ?end ?exact ?assertion ?title ?attribution ?modality ?sentence ?passage {{
        VALUES ?assertion {{ {_iris(wanted)} }} ?assertion cq:inDocument ?document ; cq:restsOn ?passage .
        ?passage oa:hasSelector ?quote , ?position .
        ?quote oa:exact ?exact . ?position oa:start ?start ; oa:end ?end .
        OPTIONAL {{ ?document dcterms:title ?title }} OPTIONAL {{ ?assertion cq:attribution ?attribution }}
        OPTIONAL {{ ?assertion cq:modality ?modality }} OPTIONAL {{ ?passage cq:inSentence ?sentence }} }}"""
    found: dict[str, dict[tuple[str, int, int], Quote]] = defaultdict(dict)
    rows = engine.select(prologue("cq", "oa", "dcterms") + query).rows
    for quote in sorted((_quote([*map(_text, row)]) for row in rows), key=lambda quote: quote.sentence or 0):
        found[quote.assertion].setdefault((quote.document, quote.start, quote.end), quote)
    return {assertion: tuple(sorted(quotes.values())) for assertion, quotes in found.items()}


def _quote(cells: Sequence[str]) -> Quote:
    document, start, end, exact, assertion, title, attribution, modality, sentence, passage = cells
    manner = modality.rpartition("#")[2]
    number = int(sentence) if sentence else None
    return Quote(document, int(start), int(end), exact, assertion, title, attribution, manner, number, passage)


def _ground(
    triple: Triple,
    where: _Where,
    about: Mapping[str, tuple[str, str, str]],
    quotes: Mapping[str, tuple[Quote, ...]],
    elsewhere: Leaf | None,
) -> Ground:
    standing = _standing(triple, where)
    leaf = _leaf(triple, where, about, quotes, elsewhere) if standing != "none" else None
    return Ground(leaf, standing, where.is_entailed)


def _standing(triple: Triple, where: _Where) -> Standing:
    """By the same rule as the build's premises: authority, axioms, granted assertions, and accounts.

    In the view with Wikidata, which has them, its tenures, too; and links, from which nothing follows in other views.
    """
    if not where.stated() and triple.predicate != STATED_IN:
        return "none"
    if where.granted or not where.graphs.isdisjoint((GRAPH_AUTHORITY.value, GRAPH_ONTOLOGY.value)):
        return "premise"
    if GRAPH_PROVENANCE.value in where.graphs and kind(_text(triple.subject)) == "account":
        return "premise"
    if where.merged and not where.graphs.isdisjoint((GRAPH_TENURES.value, GRAPH_LINKS.value)):
        return "premise"
    return "admitted" if where.merged else "said"


def _leaf(
    triple: Triple,
    where: _Where,
    about: Mapping[str, tuple[str, str, str]],
    quotes: Mapping[str, tuple[Quote, ...]],
    elsewhere: Leaf | None,
) -> Leaf:
    # Where a premise says it, those that are merely admitted or not believed are no evidence for it.
    telling = sorted(where.granted) or _assertions(where)
    if telling:
        return Leaf(triple, "quote", tuple(telling), _all(telling, quotes))
    if GRAPH_AUTHORITY.value in where.graphs:
        _, source, recorded = about.get(_text(triple.subject), _NOTHING)
        if source.startswith(_WIKIDATA):
            return Leaf(triple, "wikidata", (source,), recorded=recorded)
        return Leaf(triple, "authority", (GRAPH_AUTHORITY.value,))
    if elsewhere is not None:
        return elsewhere
    if GRAPH_ONTOLOGY.value in where.graphs:
        return Leaf(triple, "axiom", (GRAPH_ONTOLOGY.value,))
    return Leaf(triple, "record", (GRAPH_PROVENANCE.value,), _all([_recorded_in(triple, about)], quotes))


def _recorded_in(triple: Triple, about: Mapping[str, tuple[str, str, str]]) -> str:
    """The assertion that a record is about: its subject or object, or the one whose account it belongs to."""
    if triple.predicate == STATED_IN:
        return _text(triple.object)
    subject = _text(triple.subject)
    return subject if kind(subject) == "assertion" else about.get(subject, _NOTHING)[0]


def _all(assertions: Iterable[str], quotes: Mapping[str, tuple[Quote, ...]]) -> tuple[Quote, ...]:
    return tuple(sorted({quote for assertion in assertions for quote in quotes.get(assertion, ())}))


def _assertions(where: _Where) -> list[str]:
    return [graph for graph in where.stated() if kind(graph) == "assertion"]


def _iris(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in sorted(iris))


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
