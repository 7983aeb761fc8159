"""Saved queries: from a name and arguments to an answer with labels, a page at a time.

An argument reaches the query only as a serialised RDF term in the place of an UNDEF, never as text. A thing is
named by its IRI, compact IRI, slug or any of its names; a date may be less precise where the parameter says which
day of it is meant.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.catalogue import PAGE_END, PAGE_LIMIT, ROW, Column, Parameter, SavedQuery, catalogue, saved_query
from graph.dates import Bounds, DateError, bounds
from graph.engine import Solutions, Term
from graph.heads import HeadError
from graph.labels import Selects
from graph.names import ArgumentError, Names
from graph.namespaces import expand, shorten, slug
from graph.paths import Versioned, connection

__all__ = [
    "ArgumentError",
    "Column",
    "HeadError",
    "Names",
    "Page",
    "PageError",
    "Parameter",
    "SavedQuery",
    "answer",
    "bind",
    "catalogue",
    "labelled",
    "options",
    "page_text",
    "saved_query",
    "terms_of",
]

_NOT_ON: Final = "#+ not-on:"
LIMIT: Final = 1000
MOST_OPTIONS: Final = 500
_DATE: Final = NamedNode(expand("xsd:date"))
_INTEGER: Final = NamedNode(expand("xsd:integer"))
_COMPUTED: Final = {"connection": connection}
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")


class PageError(ValueError):
    """A page lies past the end of the answer."""


@dataclass(frozen=True)
class Page:
    """Some rows of an answer, from ``offset`` on; ``more`` says whether others follow."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    limit: int
    offset: int
    more: bool


def bind(query: SavedQuery, arguments: Mapping[str, str], names: Names, page_end: int | None = None) -> str:
    """The query's text with its rows of UNDEF filled by the arguments; raises :class:`ArgumentError`.

    With ``page_end``, it may find no more than so many rows.
    """
    _check(query, arguments)
    terms = {"?" + name: str(term) for name, term in terms_of(query, arguments, names).items()}
    if page_end is not None:
        terms[PAGE_END] = str(Literal(str(page_end), datatype=_INTEGER))

    def fill(row: re.Match[str]) -> str:
        variables = row["variables"].split()
        return f"VALUES ({' '.join(variables)}) {{ ({' '.join(terms.get(each, 'UNDEF') for each in variables)}) }}"

    text = ROW.sub(fill, query.text)
    return text if page_end is None else PAGE_LIMIT.sub(f"LIMIT {page_end}", text)


def terms_of(query: SavedQuery, arguments: Mapping[str, str], names: Names) -> dict[str, Term]:
    """The terms that arguments and defaults stand for, by the query's variables; raises :class:`ArgumentError`."""
    found = {each.variable: _term(each, arguments, names) for each in query.parameters}
    return {variable: term for variable, term in found.items() if term is not None}


def _check(query: SavedQuery, arguments: Mapping[str, str]) -> None:
    """Refuses what is no parameter, and a range of dates that ends before it begins, by :class:`ArgumentError`."""
    known = ", ".join(parameter.name for parameter in query.parameters) or "nothing"
    for name in arguments:
        if query.parameter(name) is None:
            raise ArgumentError(name, f"{query.name} has no such parameter", f"one of its parameters: {known}")
    first, last = query.parameter("from"), query.parameter("to")
    if first and last and arguments.get("from", "").strip() and arguments.get("to", "").strip():
        begins, ends = _date(first, arguments["from"].strip()), _date(last, arguments["to"].strip())
        if begins.value > ends.value:
            raise ArgumentError("to", f"{ends.value} lies before {begins.value}", f"a date not before {begins.value}")


def _term(parameter: Parameter, arguments: Mapping[str, str], names: Names) -> Term | None:
    """The RDF term that an argument (or the default) stands for; a blank one counts as not given."""
    text = arguments.get(parameter.name, "").strip() or parameter.default
    if text is None:
        if parameter.required:
            raise ArgumentError(parameter.name, "is required", parameter.expected)
        return None
    if parameter.type == "date":
        return _date(parameter, text)
    if parameter.type == "integer":
        return _integer(parameter, text)
    return _thing(parameter, text, names)


def _date(parameter: Parameter, text: str) -> Literal:
    try:
        found = bounds(text)
    except DateError as error:
        raise ArgumentError(parameter.name, f"'{text}' is not a date", parameter.expected) from error
    day = found.end_latest if parameter.reads == "last" else found.start_earliest
    if day is None or (parameter.reads == "day" and found != Bounds(day, day, day, day)):
        raise ArgumentError(parameter.name, f"'{text}' is not one day", parameter.expected)
    return Literal(day.isoformat(), datatype=_DATE)


def _integer(parameter: Parameter, text: str) -> Literal:
    if not _WHOLE_NUMBER.fullmatch(text):
        raise ArgumentError(parameter.name, f"'{text}' is not a whole number", parameter.expected)
    return Literal(str(int(text)), datatype=_INTEGER)


def _thing(parameter: Parameter, text: str, names: Names) -> NamedNode:
    found = names.resolve(text, parameter.type, parameter.name)
    if parameter.choices and slug(found.value) not in parameter.choices:
        raise ArgumentError(parameter.name, f"'{text}' is not among the choices", parameter.expected)
    return found


def page_text(
    query: SavedQuery, arguments: Mapping[str, str], names: Names, limit: int = LIMIT, offset: int = 0
) -> str:
    """The SPARQL of one page and one row more, without indentation and comments but for the stores that it is not on.

    Raises :class:`ArgumentError`.
    """
    lines = (line.strip() for line in bind(query, arguments, names, offset + limit + 1).splitlines())
    text = "\n".join(line for line in lines if line and (line.startswith(_NOT_ON) or line[0] != "#"))
    return f"{text}\nLIMIT {limit + 1} OFFSET {offset}"


def solutions(  # noqa: PLR0917
    query: SavedQuery,
    arguments: Mapping[str, str],
    engine: Versioned,
    names: Names,
    limit: int = LIMIT,
    offset: int = 0,
) -> Solutions:
    """The rows of one page and one more, asked of the engine or computed; raises :class:`ArgumentError`."""
    if not query.computed:
        return engine.select(page_text(query, arguments, names, limit, offset))
    _check(query, arguments)
    found = _COMPUTED[query.computed](terms_of(query, arguments, names), engine, names)
    return Solutions(found.variables, found.rows[offset : offset + limit + 1])


def answer(  # noqa: PLR0917
    query: SavedQuery,
    arguments: Mapping[str, str],
    engine: Versioned,
    names: Names,
    limit: int = LIMIT,
    offset: int = 0,
) -> Page:
    """One page of the answer; raises :class:`ArgumentError`, and :class:`PageError` for a page past the end."""
    if limit < 1:
        raise ArgumentError("limit", f"{limit} rows are no page", "a whole number from 1")
    if offset < 0:
        raise ArgumentError("offset", f"{offset} lies before the first row", "a whole number from 0")
    found = solutions(query, arguments, engine, names, limit, offset)
    if offset and not found.rows:
        raise PageError(f"{query.name} has no row {offset + 1}: the answer ends before it")
    rows = labelled(query, Solutions(found.variables, found.rows[:limit]), names)
    return Page(query.header, rows, limit, offset, len(found.rows) > limit)


def labelled(query: SavedQuery, found: Solutions, names: Names) -> tuple[tuple[Term | None, ...], ...]:
    """Rows as they are shown: in the order of the query's columns, a label after each thing."""
    names.learn({cell.value for row in found.rows for cell in row if isinstance(cell, NamedNode)})
    return tuple(_with_labels(query, found, row, names) for row in found.rows)


def _with_labels(
    query: SavedQuery, found: Solutions, row: tuple[Term | None, ...], names: Names
) -> tuple[Term | None, ...]:
    cells = dict(zip(found.variables, row, strict=True))
    return tuple(
        cell
        for column in query.columns
        for cell in (
            (cells[column.name], _label(cells[column.name], names)) if column.type == "iri" else (cells[column.name],)
        )
    )


def _label(cell: Term | None, names: Names) -> Literal | None:
    if not isinstance(cell, NamedNode):
        return None
    return names.label_literal(cell.value) or Literal(shorten(cell.value))


def options(parameter: Parameter, engine: Selects, names: Names) -> tuple[tuple[str, str], ...]:
    """What a form may offer for a parameter, as (value, label): its choices, or what its choices query finds.

    Nothing where that is more than a list can hold: it is then asked for by name.
    """
    if parameter.choices:
        return tuple((choice, names.label(expand(f"cq:{choice}")) or choice) for choice in parameter.choices)
    if parameter.choices_query is None:
        return ()
    rows = engine.select(f"{parameter.choices_query}\nLIMIT {MOST_OPTIONS + 1}").rows
    found = {row[0].value for row in rows if isinstance(row[0], NamedNode)}
    return names.labelled(found) if len(rows) <= MOST_OPTIONS else ()
