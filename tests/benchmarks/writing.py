"""Triples of a generated world: terms as text, and the dataset into which they go."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.dataset import Dataset, read_ontology
from graph.namespaces import expand

Fact = tuple[str, str | None]
ASSERTION = "a:"


class Terms(dict[str, str]):
    """Compact IRIs as N-Triples terms, each made once."""

    def __missing__(self, curie: str) -> str:
        self[curie] = found = f"<{expand(curie)}>"
        return found


TERMS = Terms()


def node(curie: str) -> str:
    """The term of a resource of which there are many; it is not kept."""
    return f"<{expand(curie)}>"


def text(words: str, language: str = "") -> str:
    """A literal without quotes or backslashes in it."""
    return f'"{words}"@{language}' if language else f'"{words}"'


def number(value: int) -> str:
    """An integer literal."""
    return f'"{value}"^^{TERMS["xsd:integer"]}'


def truth(value: bool) -> str:
    """A truth value."""
    return f'"{str(value).lower()}"^^{TERMS["xsd:boolean"]}'


@cache
def day(value: date) -> str:
    """A date literal."""
    return f'"{value.isoformat()}"^^{TERMS["xsd:date"]}'


def facts(subject: str, *given: Fact) -> list[str]:
    """Triples on one subject; a value that is None leaves its triple out."""
    return [f"{subject} {TERMS[name]} {value}" for name, value in given if value is not None]


class When:
    """A date as a source gives it, with its four bounds: a day, a month, a year, or from one day to another."""

    def __init__(self, edtf: str, first: date, last: date, lasting: bool = False) -> None:
        self.edtf, self.first, self.last = edtf, first, last
        self.literal = f'"{edtf}"^^{TERMS["edtf:EDTF"]}'
        start_by, end_from = (first, last) if lasting else (last, first)
        self.start_by, self.end_from = start_by, end_from
        days = zip(("start earliest", "start latest"), (first, start_by), strict=True)
        ends = zip(("end earliest", "end latest"), (end_from, last), strict=True)
        self.facts: tuple[Fact, ...] = (
            ("cq:when", self.literal),
            *((f"cq:{name.replace(' e', 'E').replace(' l', 'L')}", day(each)) for name, each in (*days, *ends)),
        )


@cache
def on_day(value: date) -> When:
    """Some day, exactly."""
    return When(value.isoformat(), value, value)


@cache
def in_month(value: date) -> When:
    """Some time in a month."""
    first = value.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return When(first.strftime("%Y-%m"), first, following - timedelta(days=1))


def lasting(first: date, days: int) -> When:
    """So many days from one on."""
    return between(first, first + timedelta(days=days))


@cache
def between(first: date, last: date) -> When:
    """From one day to another."""
    return When(f"{first.isoformat()}/{last.isoformat()}", first, last, lasting=True)


class Sink:
    """Takes triples as text, graph by graph, into the dataset of a build."""

    def __init__(self) -> None:
        self.dataset = Dataset(ontology=read_ontology())

    def authority(self, triples: Iterable[str]) -> None:
        """Who and what exists."""
        self.dataset.authority.update(_parsed(triples))

    def provenance(self, triples: Iterable[str]) -> None:
        """Documents, passages, assertions."""
        self.dataset.provenance.update(_parsed(triples))

    def admit(self, assertion: str, admission: str) -> None:
        """What an assertion is granted."""
        self.dataset.admitted[NamedNode(assertion[1:-1])] = admission

    def said(self, assertion: str, triples: Iterable[str]) -> None:
        """What an assertion says."""
        self.dataset.assertions.setdefault(NamedNode(assertion[1:-1]), set()).update(_parsed(triples))


def _parsed(triples: Iterable[str]) -> Iterator[Triple]:
    lines = "".join([f"{triple} .\n" for triple in triples])
    return (quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES))
