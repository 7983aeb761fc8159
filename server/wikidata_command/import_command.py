"""``communique wikidata import``: what was retrieved from Wikidata by other means, into the folder of records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

import click
from pyoxigraph import Triple
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graph.sources import default_records
from graph.wikidata.entities import ShapeError, entities
from graph.wikidata.records import Record, RecordError, keep, record_of
from graph.wikidata.slices import EntityError, SliceError
from graph.wikidata.slices.description import Slice, triples_about
from graph.wikidata.slices.media import MEDIA_TYPES, read_bytes
from graph.wikidata.terms import ENTITY
from server.shell import FORMATS, print_rows

_COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


@dataclass(frozen=True)
class Read:
    """A file that was read: its bytes, the record that it becomes, and what it holds."""

    path: Path
    data: bytes
    record: Record
    entities: int
    triples: int


@click.command("import")
@click.argument(
    "paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_records,
    envvar="COMMUNIQUE_WIKIDATA",
    show_default="$XDG_DATA_HOME/communique-wikidata",
    show_envvar=True,
    help="The folder of records.",
)
@click.option(
    "--url",
    required=True,
    metavar="URL",
    help="Where it was retrieved from; one that ends in / goes before the names.",
)
@click.option(
    "--retrieved",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day on which it was retrieved.  [default: today]",
)
@click.option(
    "--position",
    "positions",
    multiple=True,
    metavar="NAME=Q…",
    help="The office that a table calls so, or, as Q… alone, that of all its rows; repeatable.",
)
@click.option(
    "--media-type",
    type=click.Choice(sorted(set(MEDIA_TYPES.values()))),
    help="What the files are.  [default: told from their names]",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)
def import_command(  # noqa: PLR0917
    paths: tuple[Path, ...],
    into: Path,
    url: str,
    retrieved: datetime | None,
    positions: tuple[str, ...],
    media_type: str | None,
    form: str,
) -> None:
    """Keep files as records: entity JSON, its lines, dump Turtle, rows of the query service; packed by gzip or not.

    All files are read before one is kept. Kept are the bytes as they are.
    """
    day = _day(retrieved)
    offices = dict(map(_position, positions))
    try:
        read = [
            _read(path, _named(path, url), day, media_type or _media_type(path), offices) for path in _shown(paths)
        ]
        for each in read:
            _keep(each, into)
    except (EntityError, RecordError, SliceError, OSError) as error:
        raise click.ClickException(str(error)) from error
    rows = ([str(each.path), str(each.entities), str(each.triples), each.record.sha256] for each in read)
    print_rows(("file", "entities", "triples", "sha256"), rows, form)


def _day(retrieved: datetime | None) -> str:
    """The day of retrieval: tomorrow may have begun elsewhere, the day after it has not."""
    today = date.today()
    day = retrieved.date() if retrieved else today
    if day > today + timedelta(days=1):
        raise click.BadParameter(f"{day} has not come yet: today is {today}", param_hint="--retrieved")
    return day.isoformat()


def _position(text: str) -> tuple[str, str]:
    name, _, item = text.rpartition("=")
    if not ENTITY.fullmatch(item):
        raise click.BadParameter(
            f"'{text}' is no office: write NAME=Q218295, or Q218295 alone", param_hint="--position"
        )
    return name, item


def _media_type(path: Path) -> str:
    ending = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if ending not in MEDIA_TYPES:
        raise click.UsageError(f"{path}: its name does not tell what it is: say --media-type")
    return MEDIA_TYPES[ending]


def _named(path: Path, url: str) -> str:
    return url + quote(path.name) if url.endswith("/") else url


def _shown(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files one after the other, with a progress display on a terminal."""
    console = Console(stderr=True)
    with Progress(*_COLUMNS, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading", total=len(paths))
        for path in paths:
            progress.update(task, description=path.name)
            yield path
            progress.advance(task)


def _read(path: Path, url: str, day: str, media_type: str, offices: Mapping[str, str]) -> Read:
    if not path.is_file():
        raise SliceError(f"{path}: it is no regular file: write what it gives to one, and import that")
    data = path.read_bytes()
    record = record_of(data, url=_named(path, url), media_type=media_type, retrieved=day, positions=offices)
    sizes = [_checked(found, triples, path) for found, triples in read_bytes(data, record, str(path))]
    if not sizes:
        raise SliceError(f"{path}: nothing is said of any entity in it")
    return Read(path, data, record, len(sizes), sum(sizes))


def _checked(found: Slice, triples: set[Triple], path: Path) -> int:
    """How many triples a slice has, if it can be read as an entity, which a build will do; raises SliceError."""
    try:
        read = entities(triples, triples_about(found))
    except ShapeError as error:
        raise SliceError(f"{path}: {error}") from error
    if found.entity not in read:
        raise SliceError(f"{path}: the document of {found.entity} does not say that it is about it")
    return len(triples)


def _keep(read: Read, into: Path) -> None:
    record = read.record
    keep(
        into,
        read.data,
        url=record.url,
        media_type=record.media_type,
        retrieved=record.retrieved,
        positions=dict(record.positions),
    )
