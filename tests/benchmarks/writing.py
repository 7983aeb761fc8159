"""N-Quads of a generated world: terms as text, and where each triple goes.

What is admitted stands in its own graph, in *merged* and in the default graph, as in a built store.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache

from graph.namespaces import (
    GRAPH_AUTHORITY,
    GRAPH_ENTAILED,
    GRAPH_INDEX,
    GRAPH_MERGED,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    expand,
)

Fact = tuple[str, str | None]
ASSERTION = "a:"


class Terms(dict[str, str]):
    """Compact IRIs as N-Quads terms, each made once."""

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
    """From one day to another."""
    last = first + timedelta(days=days)
    return When(f"{first.isoformat()}/{last.isoformat()}", first, last, lasting=True)


class Sink:
    """Takes triples graph by graph, writes N-Quads, and counts them."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self.quads = 0

    def _put(self, triples: Iterable[str], *graphs: str) -> None:
        held = list(triples)
        for graph in graphs:
            end = f" {graph} .\n" if graph else " .\n"
            self._write("".join([triple + end for triple in held]))
        self.quads += len(held) * len(graphs)

    def ontology(self, triples: Iterable[str]) -> None:
        """Terms and labels of the vocabulary, which are no part of merged."""
        self._put(triples, str(GRAPH_ONTOLOGY))

    def index(self, triples: Iterable[str]) -> None:
        """Where things are looked up, which is no part of merged either."""
        self._put(triples, str(GRAPH_INDEX))

    def authority(self, triples: Iterable[str]) -> None:
        """Who and what exists."""
        self._put(triples, str(GRAPH_AUTHORITY), str(GRAPH_MERGED), "")

    def provenance(self, triples: Iterable[str]) -> None:
        """Documents, assertions, passages, voices."""
        self._put(triples, str(GRAPH_PROVENANCE), str(GRAPH_MERGED), "")

    def entailed(self, triples: Iterable[str]) -> None:
        """What rules conclude."""
        self._put(triples, str(GRAPH_ENTAILED), str(GRAPH_MERGED), "")

    def said(self, assertion: str, triples: Iterable[str]) -> None:
        """What an assertion says that is admitted."""
        self._put(triples, assertion, str(GRAPH_MERGED), "")

    def only_said(self, assertion: str, triples: Iterable[str]) -> None:
        """What an assertion says that is not."""
        self._put(triples, assertion)

    def stated(self, triples: Iterable[str]) -> None:
        """Which assertions state a thing: in merged alone."""
        self._put(triples, str(GRAPH_MERGED), "")
