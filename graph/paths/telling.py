"""The answer to ``connection``: each hop with its evidence, and the whole in one English sentence."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.engine import Solutions, Term
from graph.labels import values
from graph.names import ArgumentError, Names
from graph.namespaces import GRAPH_INDEX, expand, prologue, shorten
from graph.paths.contacts import UNKNOWN, Contacts
from graph.paths.gathering import Gathering, Versioned
from graph.paths.search import Hop, Question, Route, routes
from graph.paths.sentence import Passing, sentence

COLUMNS: Final = (
    "route", "hop", "person", "meeting", "other", "earliest", "latest", "place", "evidence", "quote", "sentence",
)  # fmt: skip
_GATHERED: Final = Gathering()
_DATE, _INTEGER = NamedNode(expand("xsd:date")), NamedNode(expand("xsd:integer"))
_GROUNDS: Final = f"""{prologue("cq")}
SELECT DISTINCT ?meeting ?person ?evidence ?unnamed WHERE {{
  VALUES (?meeting ?person) {{ ASKED }}
  ?meeting cq:hasParticipation ?part .
  ?part cq:participant ?person ; cq:status cq:Held ; cq:statedIn ?evidence .
  ?evidence cq:admission cq:Premise .
  OPTIONAL {{ ?part cq:unnamed ?unnamed }}
}}"""
_QUOTES: Final = f"""{prologue("cq", "oa")}
SELECT ?evidence ?start ?quote WHERE {{
  VALUES ?evidence {{ ASKED }}
  ?evidence cq:restsOn ?passage .
  ?passage oa:hasSelector ?position, ?exact .
  ?position oa:start ?start .
  ?exact oa:exact ?quote .
}}"""
_PLACES: Final = f"""SELECT ?meeting ?place WHERE {{
  VALUES ?meeting {{ ASKED }}
  GRAPH {GRAPH_INDEX} {{ ?meeting <{GRAPH_INDEX.value}#place> ?place }}
}}"""

Row = tuple[Term | None, ...]


def connection(terms: Mapping[str, Term], engine: Versioned, names: Names) -> Solutions:
    """How a word could have passed: the rows of both chains, or of the one that is both; none if there is none.

    ``terms`` are the arguments by their variables. Raises :class:`graph.names.ArgumentError` for one person asked for
    twice and a period without days, and what the engine raises.
    """
    source, target = terms["fromPerson"], terms["toPerson"]
    since, before = _day(terms.get("from")), _day(terms.get("before"))
    if source == target:
        raise ArgumentError("to-person", "is the same person", "another person")
    if since >= before:
        raise ArgumentError("before", "leaves no day", "a day after the one from which on meetings count")
    contacts = _GATHERED.of(engine)
    one, other = (_number(contacts, each) for each in (source, target))
    if one is None or other is None:
        return Solutions(COLUMNS, ())
    found = routes(contacts, Question(one, other, since, before))
    return Solutions(COLUMNS, tuple(_rows(contacts, *found, engine, names)) if found else ())


def _number(contacts: Contacts, person: Term) -> int | None:
    return contacts.number.get(person.value) if isinstance(person, NamedNode) else None


def _day(term: Term | None) -> int:
    return date.fromisoformat(term.value).toordinal() if isinstance(term, Literal) else UNKNOWN


def _rows(contacts: Contacts, first: Route, short: Route, engine: Versioned, names: Names) -> Iterator[Row]:
    """Per chain and hop a row for each assertion on which it rests, the sentence in the first row of a chain."""
    chains = {"earliest and fewest": first} if first == short else {"earliest": first, "fewest": short}
    evidence = _Evidence(engine, contacts, {*first, *short})
    told = {iri for each in evidence.passings.values() for iri in (each.person, each.meeting, each.other, each.place)}
    names.learn(filter(None, told))
    for name, route in chains.items():
        passings = [evidence.passings[hop] for hop in route]
        whole: Literal | None = Literal(sentence(passings, lambda iri: names.label(iri) or shorten(iri)))
        for number, passing in enumerate(passings, 1):
            for assertion, quote in evidence.of(passing):
                yield (Literal(name), _integer(number), *_cells(passing), assertion, quote, whole)
                whole = None


def _cells(passing: Passing) -> tuple[Term | None, ...]:
    earliest = Literal(passing.earliest.isoformat(), datatype=_DATE) if passing.earliest else None
    latest = Literal(passing.latest.isoformat(), datatype=_DATE)
    place = NamedNode(passing.place) if passing.place else None
    return *map(NamedNode, (passing.person, passing.meeting, passing.other)), earliest, latest, place


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=_INTEGER)


class _Evidence:
    """What is known of some hops: place, grounds, quotes; asked for all of them at once."""

    def __init__(self, engine: Versioned, contacts: Contacts, hops: set[Hop]) -> None:
        meetings = values(sorted({contacts.meetings[hop.meeting] for hop in hops}))
        places = {row[0]: row[1] for row in _texts(engine, _PLACES.replace("ASKED", meetings))}
        self._stated: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
        pairs = {(contacts.meetings[h.meeting], contacts.people[p]) for h in hops for p in (h.person, h.other)}
        asked = " ".join(f"({values(pair)})" for pair in sorted(pairs))
        for meeting, person, assertion, unnamed in _texts(engine, _GROUNDS.replace("ASKED", asked)):
            self._stated[meeting, person][assertion] = unnamed == "true"
        self._quotes = self._quoted(engine)
        self.passings = {hop: self._passing(contacts, hop, places) for hop in hops}

    def of(self, passing: Passing) -> list[tuple[NamedNode | None, Literal | None]]:
        """The assertions that state both attendances, else each that states one, with their words."""
        one, other = (self._stated[passing.meeting, each] for each in (passing.person, passing.other))
        found = sorted(one.keys() & other.keys() or one.keys() | other.keys())
        return [(NamedNode(each), Literal(" … ".join(self._quotes[each]))) for each in found] or [(None, None)]

    def _passing(self, contacts: Contacts, hop: Hop, places: Mapping[str, str]) -> Passing:
        person, meeting, other = (
            contacts.people[hop.person],
            contacts.meetings[hop.meeting],
            contacts.people[hop.other],
        )
        start, end = contacts.starts[hop.meeting], contacts.ends[hop.meeting]
        by_office = frozenset(each for each in (person, other) if all(self._stated[meeting, each].values()))
        earliest = date.fromordinal(start) if start != UNKNOWN else None
        return Passing(person, meeting, other, earliest, date.fromordinal(end), places.get(meeting), by_office)

    def _quoted(self, engine: Versioned) -> dict[str, list[str]]:
        """The words of each assertion in the order in which they stand."""
        asked = values(sorted({assertion for stated in self._stated.values() for assertion in stated}))
        found: dict[str, set[tuple[int, str]]] = defaultdict(set)
        for assertion, start, quote in _texts(engine, _QUOTES.replace("ASKED", asked)):
            found[assertion].add((int(start), quote))
        return defaultdict(list, {each: [quote for _, quote in sorted(quotes)] for each, quotes in found.items()})


def _texts(engine: Versioned, query: str) -> Iterator[tuple[str, ...]]:
    """The rows as texts, empty where there is no value."""
    for row in engine.select(query).rows:
        yield tuple(cell.value if isinstance(cell, NamedNode | Literal) else "" for cell in row)
