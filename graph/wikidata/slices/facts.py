"""Tables of single facts: the slice that is shipped, readable, one fact in each row.

A folder may hold ``sources.tsv``, in which each source has a key, its name, its address, the day of retrieval and the
SHA-256 of what was retrieved, and other ``*.tsv`` files with facts. Lines that begin with ``#`` are comments. The
columns of a fact:

- ``item``; ``property``, or ``label`` or ``alias`` for a name; ``value``: ``Q7747``, ``1952-10-07`` (as precise as it
  is written), ``"a text"``, ``"a name"@en``, ``?`` for an unknown value, ``-`` for none;
- ``start`` and ``end`` (P580 and P582), and ``qualifiers`` of other properties (``P1365=Q23530; P1545="4"``);
- ``rank`` and ``statement`` (the GUID), empty where the source did not tell them;
- ``revision`` of the item, empty where the source did not tell it; and the key of the ``source``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar, cast

from pyoxigraph import Triple

from graph.wikidata.model import Monolingual, Rank, Snak
from graph.wikidata.reading.checks import is_of
from graph.wikidata.shape.iris import is_iri
from graph.wikidata.slices.description import Slice, source_of
from graph.wikidata.slices.parts import END, START, Fact, Name, partial, snak, value_in
from graph.wikidata.terms import ENTITY, GUID, PROPERTY, REVISION

SOURCES: Final = "sources.tsv"
SOURCE_COLUMNS: Final = ("key", "name", "url", "retrieved", "sha256")
FACT_COLUMNS: Final = (
    "item", "property", "value", "start", "end", "qualifiers", "rank", "statement", "revision", "source",
)  # fmt: skip
_DAY: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_RANKS: Final = ("", "preferred", "normal", "deprecated")
_NAMES: Final = ("label", "alias")
_QUALIFIER: Final = re.compile(r'\s*(P[0-9]+)=("[^"]*"(?:@[a-z0-9-]+)?|[^;"]+)\s*(?:;|$)')

Row = Mapping[str, str]
Told = TypeVar("Told", Fact, Name)


class FactError(ValueError):
    """A table of facts cannot be read; the message says file and line."""


@dataclass(frozen=True)
class Source:
    """Where facts come from."""

    name: str
    url: str
    retrieved: str
    sha256: str


def read_facts(folder: Path) -> Iterator[tuple[Slice, set[Triple]]]:
    """The partial slices of a folder's tables of facts: one for each item, source and revision; raises FactError."""
    sources = read_sources(folder / SOURCES)
    told: dict[tuple[str, str, str], list[Fact | Name]] = defaultdict(list)
    for path in sorted(folder.glob("*.tsv")):
        for place, row in rows_of(path, FACT_COLUMNS) if path.name != SOURCES else ():
            if row["source"] not in sources:
                raise FactError(f"{place}: '{row['source']}' is no key of {SOURCES}")
            read = _name if row["property"] in _NAMES else fact_of
            told[row["item"], row["revision"], row["source"]].append(read(row, place))
    for (item, revision, key), each in sorted(told.items(), key=lambda pair: pair[0]):
        source = sources[key]
        found = replace(source_of(source.retrieved, source.url, source.sha256), entity=item, revision=revision)
        yield partial(found, _only(each, Fact), _only(each, Name))


def _only(told: Iterable[Fact | Name], kind: type[Told]) -> Iterator[Told]:
    return (each for each in told if isinstance(each, kind))


def read_sources(path: Path) -> dict[str, Source]:
    """The sources of facts, by key; none if there is no such file. Raises FactError."""
    found = rows_of(path, SOURCE_COLUMNS) if path.exists() else ()
    return {row["key"]: _source(row, place) for place, row in found}


def _source(row: Row, place: str) -> Source:
    if not (is_iri(row["url"]) and _DAY.fullmatch(row["retrieved"]) and _SHA256.fullmatch(row["sha256"])):
        raise FactError(f"{place}: a source has an address, a day such as 2022-08-02 and a SHA-256")
    return Source(row["name"], row["url"], row["retrieved"], row["sha256"])


def rows_of(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, Row]]:
    """The rows of a table with their places (file and line); raises FactError."""
    lines = [
        (number, line)
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if line and not line.startswith("#")
    ]
    if not lines or tuple(lines[0][1].split("\t")) != tuple(columns):
        raise FactError(f"{path}: the first line must name the columns {', '.join(columns)}, with tabs between")
    for number, line in lines[1:]:
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise FactError(f"{path}, line {number}: {len(cells)} cells stand where {len(columns)} were expected")
        yield f"{path}, line {number}", dict(zip(columns, cells, strict=True))


def fact_of(row: Row, place: str) -> Fact:
    """The fact of a row; raises FactError."""
    for name, pattern in (("item", ENTITY), ("property", PROPERTY), ("revision", REVISION)):
        if not pattern.fullmatch(row[name]):
            raise FactError(f"{place}: '{row[name]}' is no {name}")
    if row["rank"] not in _RANKS:
        raise FactError(f"{place}: '{row['rank']}' is no rank: write {', '.join(_RANKS[1:])} or nothing")
    if row["statement"] and not GUID.fullmatch(row["statement"]):
        raise FactError(f"{place}: '{row['statement']}' is no GUID of a statement")
    if row["statement"] and not is_of(row["statement"], row["item"]):
        raise FactError(f"{place}: '{row['statement']}' is no GUID of a statement of {row['item']}")
    dates = [_snak(name, row[column], place) for name, column in ((START, "start"), (END, "end")) if row[column]]
    return Fact(
        row["item"],
        _snak(row["property"], row["value"], place),
        (*dates, *_qualifiers(row["qualifiers"], place)),
        cast(Rank, row["rank"]) if row["rank"] else None,
        row["statement"],
    )


def _name(row: Row, place: str) -> Name:
    value = value_in(row["value"])
    if not isinstance(value, Monolingual) or not ENTITY.fullmatch(row["item"]):
        raise FactError(f'{place}: write a {row["property"]} of an item as "Vladimir Putin"@en')
    return Name(row["property"], value.text, value.language)


def _qualifiers(text: str, place: str) -> Iterator[Snak]:
    at = 0
    while at < len(text):
        match = _QUALIFIER.match(text, at)
        if match is None:
            raise FactError(f"{place}: '{text[at:]}' is no qualifier: write P1365=Q23530; P1545=\"4\"")
        yield _snak(match[1], match[2].strip(), place)
        at = match.end()


def _snak(property_: str, text: str, place: str) -> Snak:
    if text in ("?", "-"):
        return snak(property_, None, "somevalue" if text == "?" else "novalue")
    value = value_in(text)
    if value is None:
        raise FactError(f"{place}: '{text}' is no value of {property_}: write an item, a date, \"a text\", ? or -")
    return snak(property_, value)
