"""Comparisons with Wikidata, as the page and the shell show them: both sides, each with what it rests on."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import NamedNode

from graph.engine import Engine, Term
from graph.labels import Selects
from graph.namespaces import (
    GRAPH_COMPARISONS,
    GRAPH_ONTOLOGY,
    GRAPH_SLICES,
    GRAPH_WIKIDATA,
    PREFIXES,
    expand,
    prologue,
    slug,
)
from graph.wikidata.comparison import VERDICTS, Verdict, individual, verdict_of
from server.labels import in_words, item_labels, labels, values
from server.statements import Evidence, Quote, evidence_of

_LONG_WORD: Final = 4
_ITEM_PAGE: Final = "https://www.wikidata.org/wiki/"
_REVISION_PAGE: Final = "https://www.wikidata.org/w/index.php?title={item}&oldid={revision}"
_SKOLEM: Final = "/.well-known/genid/"
_UNKNOWN: Final = "unknown value"
_LISTED: Final = ("comparesAbout", "compares", "comparedEvidence", "comparedStatement", "comparedSlice")
_OF_STATEMENTS: Final = ("statementOf", "guid", "qualifiersInWords", "inSlice", "recordedOn")
_IN_WORDS: Final = {
    "P17": "country", "P39": "position held", "P276": "location", "P580": "start", "P582": "end", "P585": "date",
    "P1336": "territory claimed by", "P1365": "replaces", "P1366": "replaced by", "P1545": "series ordinal",
    "P2241": "reason for deprecated rank", "P7452": "reason for preferred rank",
}  # fmt: skip


@dataclass
class Shown:
    """A statement of Wikidata: whose, what, at which revision, read when, with its rank and qualifiers.

    ``pid`` is its property (``P39``) and ``value`` what it says of that; empty where no slice is at hand.
    """

    iri: str
    item: str = ""
    name: str = ""
    pid: str = ""
    value: str = ""
    guid: str = ""
    rank: str = ""
    qualifiers: list[str] = field(default_factory=list)
    revision: str = ""
    read: str = ""

    @property
    def page(self) -> str:
        """Where a reader sees the statement on Wikidata as it is now; without a GUID, its property."""
        place = self.guid or self.pid
        return f"{_ITEM_PAGE}{self.item}" + (f"#{place}" if place else "")

    @property
    def property_in_words(self) -> str:
        """What its property is called: ``position held (P39)``."""
        return f"{_IN_WORDS[self.pid]} ({self.pid})" if self.pid in _IN_WORDS else self.pid

    @property
    def revision_page(self) -> str:
        """Where the revision that was read is shown; empty where it is not known."""
        return _REVISION_PAGE.format(item=self.item, revision=self.revision) if self.revision else ""


@dataclass
class Compared:
    """One comparison; of the quotes of its evidence, those with most words in common with its label come first."""

    iri: str
    verdict: Verdict
    label: str
    sentence: str
    about: list[tuple[str, str]] = field(default_factory=list)
    compares: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    statements: list[Shown] = field(default_factory=list)
    slices: list[str] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """Its name on a page."""
        return slug(self.iri)


def verdict_counts(engine: Selects) -> dict[Verdict, int]:
    """How many comparisons have each verdict that any has, in the order of verdicts."""
    query = f"SELECT ?v (COUNT(?c) AS ?n) {{ {_in('?c cq:verdict ?v')} }} GROUP BY ?v"
    found: Counter[Verdict] = Counter()
    for verdict, number in engine.select(prologue("cq") + query).rows:
        known = verdict_of(getattr(verdict, "value", ""))
        if known:
            found[known] += int(getattr(number, "value", 0))
    return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}


def is_compared(engine: Engine, thing: NamedNode) -> bool:
    """Whether there is a comparison about a thing."""
    return engine.ask(f"{prologue('cq')}ASK {{ {_in(f'?c cq:comparesAbout {thing}')} }}")


def meanings(engine: Selects) -> dict[Verdict, str]:
    """What each verdict means, in the words of the vocabulary."""
    pattern = f"GRAPH {GRAPH_ONTOLOGY} {{ ?v a cq:Verdict ; skos:definition ?text FILTER (LANG(?text) = 'en') }}"
    rows = engine.select(prologue("cq", "skos") + f"SELECT ?v ?text {{ {pattern} }}").rows
    found = {verdict_of(_text(verdict)): _text(text) for verdict, text in rows}
    return {verdict: found[verdict] for verdict in VERDICTS if verdict in found}


def find(
    engine: Engine,
    verdicts: Sequence[Verdict] = (),
    about: NamedNode | None = None,
    limit: int = 1000,
    offset: int = 0,
) -> list[Compared]:
    """Comparisons with any of these verdicts (or any at all), about one thing (or anything), by verdict and name."""
    wanted = " ".join(str(individual(each)) for each in verdicts or VERDICTS)
    asked = f"VALUES ?verdict {{ {wanted} }} " + _in(
        "?c cq:verdict ?verdict ; skos:prefLabel ?label ; cq:inWords ?sentence"
        + (f" ; cq:comparesAbout {about}" if about else "")
    )
    page = (
        f"SELECT ?c ?verdict ?label ?sentence {{ {asked} }} ORDER BY ?verdict ?label ?c LIMIT {limit} OFFSET {offset}"
    )
    found = {}
    for row in engine.select(prologue("cq", "skos") + page).rows:
        iri, verdict, label, sentence = (getattr(term, "value", "") for term in row)
        found[iri] = Compared(iri, verdict_of(verdict) or "silent", label, sentence)
    _fill(engine, found)
    return list(found.values())


def _fill(engine: Engine, found: Mapping[str, Compared]) -> None:
    """What each comparison is about and rests on."""
    if not found:
        return
    told = _told(engine, found, _LISTED)
    evidence = evidence_of(engine, _all(told, "comparedEvidence"))
    statements = _statements(engine, _all(told, "comparedStatement"))
    things = _all(told, "comparesAbout")
    names = {**labels(engine, map(NamedNode, things)), **item_labels(engine, things)}
    for iri, each in found.items():
        listed = told.get(iri, {})
        each.about = [(thing, in_words(thing, names)) for thing in listed.get("comparesAbout", ())]
        each.compares = listed.get("compares", [])
        each.evidence = [_sorted(evidence[name], _words(each.label)) for name in listed.get("comparedEvidence", ())]
        shown = (statements[name] for name in listed.get("comparedStatement", ()))
        each.statements = sorted(shown, key=lambda statement: (statement.qualifiers, statement.iri))
        each.slices = listed.get("comparedSlice", [])


def nearest_first(evidence: Iterable[Evidence], text: str) -> list[Evidence]:
    """Those first, and of each the quotes, that have most words in common with a text; else in their order."""
    wanted = _words(text)
    found = [_sorted(each, wanted) for each in evidence]
    return sorted(found, key=lambda each: -max((_shared(quote, wanted) for quote in each.quotes), default=0))


def _sorted(evidence: Evidence, wanted: set[str]) -> Evidence:
    """The evidence with the quotes first that have most of the words."""
    return replace(evidence, quotes=sorted(evidence.quotes, key=lambda each: (-_shared(each, wanted), each.start)))


def _shared(quote: Quote, wanted: set[str]) -> int:
    return len(wanted & _words(quote.exact))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= _LONG_WORD}


def _statements(engine: Engine, iris: Iterable[str]) -> dict[str, Shown]:
    found = {iri: Shown(iri) for iri in iris}
    told = _told(engine, found, _OF_STATEMENTS, rank=expand("wikibase:rank"))
    revisions = _revisions(engine, _all(told, "inSlice"))
    for iri, said in told.items():
        shown = found[iri]
        shown.item = slug(_first(said, "statementOf"))
        shown.guid, shown.read = _first(said, "guid"), _first(said, "recordedOn")
        shown.revision = revisions.get(_first(said, "inSlice"), "")
        shown.rank = slug(_first(said, "rank")).removesuffix("Rank").lower()
        shown.qualifiers = [_in_words(text) for text in _first(said, "qualifiersInWords").split("; ") if text]
    mains = _mains(engine, found)
    items = {expand(f"wd:{shown.item}") for shown in found.values() if shown.item}
    names = item_labels(engine, items | {value for _, value in mains.values()})
    for iri, shown in found.items():
        shown.name = names.get(expand(f"wd:{shown.item}"), shown.item)
        shown.pid, value = mains.get(iri, ("", ""))
        own = value.removeprefix(PREFIXES["wd"])
        shown.value = _UNKNOWN if _SKOLEM in value else f"{names[value]} ({own})" if value in names else own
    return found


def _mains(engine: Selects, statements: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The property and the value of each statement, as the newest slices have them."""
    pattern = f"VALUES ?s {{ {values(map(NamedNode, statements))} }} GRAPH {GRAPH_WIKIDATA} {{ ?s ?p ?value }}"
    main = f'FILTER (STRSTARTS(STR(?p), "{PREFIXES["ps"]}P"))'
    rows = engine.select(f"SELECT ?s ?p ?value {{ {pattern} {main} }} ORDER BY ?s ?p ?value").rows
    return {_text(statement): (slug(_text(property_)), _text(value)) for statement, property_, value in rows}


def _in_words(qualifier: str) -> str:
    """A qualifier as a reader understands it: ``start (P580) 2016-08-03``."""
    property_, _, value = qualifier.partition(" ")
    return f"{_IN_WORDS[property_]} ({property_}) {value}" if property_ in _IN_WORDS else qualifier


def _revisions(engine: Selects, slices: Iterable[str]) -> dict[str, str]:
    """The revision of each slice, where it is known."""
    given = f"VALUES ?slice {{ {values(map(NamedNode, sorted(slices)))} }}"
    query = f"SELECT ?slice ?revision {{ {given} GRAPH {GRAPH_SLICES} {{ ?slice cq:revision ?revision }} }}"
    return {_text(slice_): _text(revision) for slice_, revision in engine.select(prologue("cq") + query).rows}


def _told(
    engine: Selects, subjects: Iterable[str], names: Iterable[str], **others: str
) -> dict[str, dict[str, list[str]]]:
    """What the comparisons' graph says of subjects, by the names of properties, in a stable order."""
    properties = {expand(f"cq:{name}"): name for name in names} | {iri: name for name, iri in others.items()}
    asked = f"VALUES ?s {{ {values(map(NamedNode, subjects))} }} VALUES ?p {{ {values(map(NamedNode, properties))} }}"
    rows = engine.select(f"SELECT ?s ?p ?o {{ {asked} {_in('?s ?p ?o')} }} ORDER BY ?s ?p ?o").rows
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        subject, predicate, value = (_text(term) for term in row)
        found.setdefault(subject, {}).setdefault(properties[predicate], []).append(value)
    return found


def _in(pattern: str) -> str:
    return f"GRAPH {GRAPH_COMPARISONS} {{ {pattern} }}"


def _all(told: Mapping[str, Mapping[str, list[str]]], name: str) -> set[str]:
    return {value for said in told.values() for value in said.get(name, ())}


def _first(said: Mapping[str, list[str]], name: str) -> str:
    return next(iter(said.get(name, ())), "")


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
