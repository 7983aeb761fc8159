"""The slices in a record, by what its bytes are: entity JSON, lines of it, Turtle, rows of the query service.

Whatever the bytes, they may be packed by gzip.
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, cast

from pyoxigraph import Triple

from graph.namespaces import slice_graph
from graph.wikidata.model import Entity
from graph.wikidata.reading import EntityError, read_entities
from graph.wikidata.records import Record
from graph.wikidata.shape import triples_of
from graph.wikidata.slices.description import Slice, source_of
from graph.wikidata.slices.faults import SliceError
from graph.wikidata.slices.rows import facts_in
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
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SliceError(f"{place}: it is not UTF-8: {error}") from error
    if record.media_type == "text/csv":
        return _of_csv(text, record, source, place)
    if record.media_type in MEDIA_TYPES.values():
        return _of_json(text, record, source, place)
    raise SliceError(f"{place}: {record.media_type} is not read; what is: {', '.join(sorted(MEDIA_TYPES.values()))}")


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


def _of_csv(text: str, record: Record, source: Slice, place: str) -> Sliced:
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        columns, rows = table.fieldnames or (), [*table]
    except csv.Error as error:
        raise SliceError(f"{place}: it is no CSV: {error}") from error
    if any(None in row or None in row.values() for row in rows):
        raise SliceError(f"{place}: not all rows have as many cells as there are columns")
    return facts_in(columns, rows, dict(record.positions), source, place)


def _of_json(text: str, record: Record, source: Slice, place: str) -> Sliced:
    for number, found in _values(text, place):
        if isinstance(found, dict) and "results" in found:
            yield from facts_in(*_bindings(found, place), dict(record.positions), source, place)
            continue
        try:
            for entity in read_entities(found, record.retrieved):
                yield _whole(entity, source)
        except EntityError as error:
            raise EntityError(f"{place}{f', line {number}' * bool(number)}: {error}") from error


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


def _bindings(found: Mapping[str, object], place: str) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and rows of SPARQL results in JSON."""
    try:
        head, results = (cast(Mapping[str, object], found[name]) for name in ("head", "results"))
        columns = [str(name) for name in cast(list[object], head["vars"])]
        rows = [
            {str(name): _cell(cast(Mapping[str, str], cell)) for name, cell in row.items()}
            for row in cast(list[Mapping[str, object]], results["bindings"])
        ]
    except UnicodeEncodeError as error:
        raise SliceError(f"{place}: a value in it has half of a surrogate pair") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise SliceError(f"{place}: these are no SPARQL results in JSON: {error!r}") from error
    return columns, [{name: row.get(name, "") for name in columns} for row in rows]


def _cell(cell: Mapping[str, str]) -> str:
    text = str(cell["value"])
    text.encode()
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
