"""The slices in a record, by what its bytes are: entity JSON, lines of it, Turtle, rows of the query service.

Whatever the bytes, they may be packed by gzip.
"""

import csv
import gzip
import io
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeGuard, cast

from pyoxigraph import Triple

from graph.namespaces import slice_graph
from graph.wikidata.model import Entity, Part
from graph.wikidata.reading import EntityError, read_entities
from graph.wikidata.reading.checks import as_list, as_text
from graph.wikidata.records import Record
from graph.wikidata.shape import triples_of
from graph.wikidata.slices.description import Slice, source_of
from graph.wikidata.slices.faults import SliceError
from graph.wikidata.slices.rows import facts_in, offices_named
from graph.wikidata.slices.turtle import entities_in

MEDIA_TYPES: Final = {
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".srj": "application/sparql-results+json",
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".csv": "text/csv",
}
"""What is read, by the ending of a file's name (before ``.gz``)."""
MOST_BYTES: Final = 2**30
"""How many bytes a packed record may unpack to."""

_GZIP: Final = b"\x1f\x8b"
_OF_ROWS: Final = ("text/csv", "application/json", "application/x-ndjson", "application/sparql-results+json")

Sliced = Iterator[tuple[Slice, set[Triple]]]


def read_media(record: Record) -> Sliced:
    """The slices that a record holds; raises RecordError, SliceError and EntityError."""
    return read_bytes(record.read(), record)


def read_bytes(packed: bytes, record: Record, name: str = "") -> Sliced:
    """The slices in bytes, which are or are to be kept as a record; raises SliceError and EntityError.

    ``name`` is what errors call them by, else the address.
    """
    place = name or record.url
    data = unpacked(packed, place)
    source = source_of(record.retrieved, record.url, record.sha256)
    if record.media_type in ("text/turtle", "application/n-triples"):
        return entities_in(data, record.media_type, source, place)
    text = _decoded(data, place)
    if record.media_type == "text/csv":
        return facts_in(*_table(text, place), dict(record.positions), source, place)
    if record.media_type in MEDIA_TYPES.values():
        return _of_json(text, record, source, place)
    raise SliceError(f"{place}: {record.media_type} is not read; what is: {', '.join(sorted(MEDIA_TYPES.values()))}")


def offices_in(packed: bytes, record: Record, name: str) -> Counter[tuple[str, bool]]:
    """What the rows in bytes call offices, and whether they date them, with the count of rows.

    Raises SliceError; ``name`` is what errors call the bytes by.
    """
    if record.media_type not in _OF_ROWS:
        return Counter()
    text = _decoded(unpacked(packed, name), name)
    if record.media_type == "text/csv":
        return Counter(offices_named(*_table(text, name)))
    tables = (_bindings(value, name) for _, value in _values(text, name) if _is_rows(value))
    return Counter(each for columns, rows in tables for each in offices_named(columns, rows))


def untold_in(record: Record, entity: str) -> frozenset[Part]:
    """The parts of an entity that a record of entity JSON does not have; none for other records.

    Raises RecordError, SliceError and EntityError.
    """
    if record.media_type not in (MEDIA_TYPES[".json"], MEDIA_TYPES[".jsonl"]):
        return frozenset()
    text = _decoded(unpacked(record.read(), record.url), record.url)
    found = (each for _, value in _values(text, record.url) if not _is_rows(value) for each in read_entities(value))
    return next((each.untold for each in found if each.id == entity), frozenset())


def unpacked(data: bytes, place: str) -> bytes:
    """Bytes as they are, or unpacked if they are packed by gzip; raises SliceError."""
    if not data.startswith(_GZIP):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as file:
            found = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SliceError(f"{place}: it is packed by gzip, and broken: {error}") from error
    if len(found) > MOST_BYTES:
        raise SliceError(f"{place}: it unpacks to more than {MOST_BYTES} bytes: import it in parts")
    return found


def _decoded(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SliceError(f"{place}: it is not UTF-8: {error}") from error


def _table(text: str, place: str) -> tuple[Sequence[str], list[dict[str, str]]]:
    """The columns and rows of CSV."""
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        columns, rows = table.fieldnames or (), [*table]
    except csv.Error as error:
        raise SliceError(f"{place}: it is no CSV: {error}") from error
    if any(None in row or None in row.values() for row in rows):
        raise SliceError(f"{place}: not all rows have as many cells as there are columns")
    return columns, rows


def _of_json(text: str, record: Record, source: Slice, place: str) -> Sliced:
    for number, found in _values(text, place):
        if _is_rows(found):
            yield from facts_in(*_bindings(found, place), dict(record.positions), source, place)
            continue
        try:
            for entity in _united(read_entities(found, record.retrieved)):
                yield _whole(entity, source)
        except EntityError as error:
            raise EntityError(f"{place}{f', line {number}' * bool(number)}: {error}") from error


def _united(answer: Iterable[Entity]) -> list[Entity]:
    """The entities of one answer; one that was asked for by several identifiers once, with what redirects to it."""
    first: dict[str, Entity] = {}
    others: list[Entity] = []
    for each in answer:
        same = first.setdefault(each.id, each)
        if replace(same, redirects=each.redirects) == each:
            first[each.id] = replace(each, redirects=tuple(sorted({*same.redirects, *each.redirects})))
        else:
            others.append(each)
    return [*first.values(), *others]


def _values(text: str, place: str) -> Iterator[tuple[int | str, object]]:
    """The JSON value of a text (with no line number), or those of its lines, as dumps have them."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        if "\n" not in text.strip():
            raise SliceError(f"{place}: it is no JSON: {error}") from error
    else:
        yield from ((("", each) for each in found) if isinstance(found, list) else [("", found)])
        return
    for number, line in enumerate(text.split("\n"), 1):
        entity = line.strip(" \t\r").removesuffix(",")
        if entity not in ("", "[", "]"):
            yield number, _line(entity, f"{place}, line {number}")


def _line(text: str, place: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SliceError(f"{place}: it is no JSON: {error}") from error


def _is_rows(found: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(found, dict) and "results" in found


def _bindings(found: Mapping[str, object], place: str) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and rows of SPARQL results in JSON."""
    try:
        head, results = (cast(Mapping[str, object], found[name]) for name in ("head", "results"))
        columns = [as_text(name, "head", "a name") for name in as_list(head["vars"], "head, vars")]
        rows = [
            {name: _cell(cast(Mapping[str, object], cell), name) for name, cell in row.items()}
            for row in cast(list[Mapping[str, object]], results["bindings"])
        ]
    except EntityError as error:
        raise SliceError(f"{place}: these are no SPARQL results in JSON: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise SliceError(f"{place}: these are no SPARQL results in JSON: {error!r}") from error
    return columns, [{name: row.get(name, "") for name in columns} for row in rows]


def _cell(cell: Mapping[str, object], name: str) -> str:
    text = as_text(cell["value"], name, "value")
    return f"_:{text}" if cell["type"] == "bnode" else text


def _whole(entity: Entity, source: Slice) -> tuple[Slice, set[Triple]]:
    graph = slice_graph(entity.id, entity.revision or source.retrieved).value
    found = replace(
        source,
        graph=graph,
        entity=entity.id,
        revision=entity.revision,
        modified=entity.modified,
        partial=entity.partial,
        statements=frozenset(each.iri for each in entity.statements) if entity.partial else frozenset(),
    )
    return found, triples_of(entity)
