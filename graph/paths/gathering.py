"""The contacts of one version of the data, asked of an engine in pages and kept.

A page is the meetings of a few months, by the lists of the index (``graph.index``): so each is a small query, within
any engine's limits, and the whole takes seconds, not one long query. At 300,000 meetings with seven people each that
is some 120 pages; others who ask meanwhile wait for it for a while, and are then told to come back.
"""

from datetime import date
from threading import Lock
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode

from graph.engine import EngineBusyError, Solutions, Term
from graph.namespaces import GRAPH_INDEX, prologue
from graph.paths.contacts import Contacts, Meeting

MOST_KEPT: Final = 4
_LISTS_A_PAGE: Final = 4
# The number tells Oxigraph to begin there, as in the saved queries; four months with so many people would be cut.
_MOST_OF_A_PAGE: Final = 999_999
_SECONDS_TO_WAIT: Final = 10.0
_LISTS: Final = f"""{prologue("cq", "schema")}
SELECT ?list WHERE {{
  GRAPH {GRAPH_INDEX} {{ ?list schema:about cq:Meeting ; schema:temporalCoverage ?period }}
}} ORDER BY ?period ?list"""
_PAGE: Final = f"""{prologue("cq", "rdfs")}
SELECT ?meeting ?earliest ?latest ?person WHERE {{
  {{
    SELECT ?meeting ?person WHERE {{
      {{
        SELECT ?meeting WHERE {{
          GRAPH {GRAPH_INDEX} {{ VALUES ?list {{ LISTED }} ?list rdfs:member ?meeting }}
        }}
        LIMIT {_MOST_OF_A_PAGE}
      }}
      ?person cq:tookPartIn ?meeting .
    }}
    LIMIT {_MOST_OF_A_PAGE}
  }}
  ?meeting cq:latest ?latest .
  OPTIONAL {{ ?meeting cq:earliest ?earliest }}
}}"""


class Versioned(Protocol):
    """The part of an engine that tells which data it answers from."""

    @property
    def version(self) -> str:
        """The same for the same bytes of data; empty if unknown."""

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""


class Gathering:
    """The contacts of the last few versions that were asked for; safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: dict[str, Contacts] = {}
        self._lock = Lock()

    def of(self, engine: Versioned) -> Contacts:
        """The contacts of an engine's data: gathered when first asked for, and each time if it has no version.

        Raises what the engine raises, and :class:`graph.engine.EngineBusyError` while somebody else gathers.
        """
        version = engine.version
        if version in self._kept:
            return self._kept[version]
        if not self._lock.acquire(timeout=_SECONDS_TO_WAIT):
            raise EngineBusyError("who met whom is being put in order for the first time: ask again in a moment")
        try:
            return self._kept.get(version) or self._gathered(engine, version)
        finally:
            self._lock.release()

    def _gathered(self, engine: Versioned, version: str) -> Contacts:
        found = Contacts(gather(engine))
        if version and engine.version == version:
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[version] = found
        return found


def gather(engine: Versioned) -> list[Meeting]:
    """All held meetings that are over by some day, with who took part, page by page."""
    found: dict[str, Meeting] = {}
    people: dict[str, str] = {}
    lists = [str(row[0]) for row in engine.select(_LISTS).rows]
    for place in range(0, len(lists), _LISTS_A_PAGE):
        text = _PAGE.replace("LISTED", " ".join(lists[place : place + _LISTS_A_PAGE]))
        for meeting, first, last, person in engine.select(text).rows:
            known = _meeting(found, meeting, first, last)
            if known and isinstance(person, NamedNode):
                known.people.append(people.setdefault(person.value, person.value))
    return list(found.values())


def _meeting(
    found: dict[str, Meeting], meeting: Term | None, first: Term | None, last: Term | None
) -> Meeting | None:
    """The meeting of a row; a long one stands in several lists."""
    if not isinstance(meeting, NamedNode) or not isinstance(last, Literal):
        return None
    if meeting.value not in found:
        earliest = date.fromisoformat(first.value) if isinstance(first, Literal) else None
        found[meeting.value] = Meeting(meeting.value, earliest, date.fromisoformat(last.value), [])
    return found[meeting.value]
