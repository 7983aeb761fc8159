"""``communique wikidata import``: what was retrieved from Wikidata by other means, into the folder of records."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
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
from graph.wikidata.shape.iris import is_iri
from graph.wikidata.slices import EntityError, SliceError
from graph.wikidata.slices.description import Slice, triples_about
from graph.wikidata.slices.media import MEDIA_TYPES, Sliced, offices_in, read_bytes
from graph.wikidata.terms import ENTITY
from server.shell import FORMATS, print_rows

_COLUMNS: Final = (
    TextColumn("{task.description}", markup=False),
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
)
_NAMES_SHOWN: Final = 5


@dataclass(frozen=True)
class Read:
    """A file that was read: its bytes, the record that it becomes, and what it holds.

    ``offices`` counts its rows by what they call the office, if that is no item, and by whether they have dates.
    """

    path: Path
    data: bytes
    record: Record
    entities: int
    triples: int
    offices: Counter[tuple[str, bool]]


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
    day = retrieval_day(retrieved)
    offices = _offices(positions)
    try:
        read = [
            _read(path, _named(path, url), day, media_type or _media_type(path), offices) for path in _shown(paths)
        ]
        _check_named(offices, read)
        for each in read:
            _check_said(each)
        for each in read:
            _keep(each, into)
    except (EntityError, RecordError, SliceError, OSError) as error:
        raise click.ClickException(str(error)) from error
    rows = ([_written(each.path), str(each.entities), str(each.triples), each.record.sha256] for each in read)
    print_rows(("file", "entities", "triples", "sha256"), rows, form)
    for each in read if offices else ():
        _tell_passed_over(each, offices)


def retrieval_day(retrieved: datetime | None) -> str:
    """The day of retrieval, which is today where none is given; raises click.BadParameter for one to come.

    Tomorrow may have begun elsewhere, the day after it has not.
    """
    today = date.today()
    day = retrieved.date() if retrieved else today
    if day > today + timedelta(days=1):
        raise click.BadParameter(f"{day} has not come yet: today is {today}", param_hint="--retrieved")
    return day.isoformat()


def _offices(positions: Iterable[str]) -> dict[str, str]:
    """The items of offices by the names that tables have for them; that of rows without a name by ``""``."""
    found: dict[str, str] = {}
    for text in positions:
        name, _, item = text.rpartition("=")
        if not (item.startswith("Q") and ENTITY.fullmatch(item)):
            raise click.BadParameter(f"'{text}' is no office: write NAME=Q…, or Q… alone", param_hint="--position")
        if found.setdefault(name, item) != item:
            whose = f"'{name}'" if name else "the office of all rows"
            raise click.BadParameter(
                f"{whose} is given two items, {found[name]} and {item}: leave one out", param_hint="--position"
            )
    return found


def _check_named(offices: Mapping[str, str], read: Iterable[Read]) -> None:
    """Each office that is given is that of a row in some file; an error names the offices there, the likest first."""
    named = {name for each in read for name, _ in each.offices}
    for wanted in offices:
        if wanted in named:
            continue
        said = f"no row calls its office '{wanted}'" if wanted else "no row is without the name of an office"
        likest = sorted(named - {""}, key=lambda name: (-SequenceMatcher(None, wanted, name).ratio(), name))
        raise click.BadParameter(
            f"{said}; what rows call offices: {_cut(list(map(repr, likest)))}", param_hint="--position"
        )


def _check_said(read: Read) -> None:
    if not read.entities:
        raise SliceError(f"{read.path}: nothing is said of any entity in it")


def _tell_passed_over(read: Read, offices: Mapping[str, str]) -> None:
    """How many rows of a file tell no tenure, because nobody said which item their office is."""
    lost: Counter[str] = Counter()
    for (name, has_dates), count in read.offices.items():
        if name not in offices and (name or has_dates):
            lost[name] += count
    if lost:
        most = sorted(lost, key=lambda name: (-lost[name], name))
        names = _cut([f"{repr(name) if name else 'without a name'} ({lost[name]})" for name in most])
        told = f"{lost.total()} rows tell no tenure here, as no --position gives their office: {names}"
        click.echo(f"{_written(read.path)}: {told}", err=True)


def _cut(names: Sequence[str]) -> str:
    more = len(names) - _NAMES_SHOWN
    return (", ".join(names[:_NAMES_SHOWN]) or "nothing but items") + (f" and {more} more" if more > 0 else "")


def _media_type(path: Path) -> str:
    ending = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if ending not in MEDIA_TYPES:
        raise click.UsageError(f"{path}: its name does not tell what it is: say --media-type")
    return MEDIA_TYPES[ending]


def _named(path: Path, url: str) -> str:
    named = url + quote(os.fsencode(path.name)) if url.endswith("/") else url
    if not is_iri(named):
        raise click.BadParameter(
            f"{named!r} is no address: give that which the files came from, and percent-encode what is strange in it",
            param_hint="--url",
        )
    return named


def _written(path: Path) -> str:
    """A file's name as it can be printed, also where it is not UTF-8."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _shown(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files one after the other, with a progress display on a terminal."""
    console = Console(stderr=True)
    with Progress(*_COLUMNS, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading", total=len(paths))
        for path in paths:
            progress.update(task, description=_written(path))
            yield path
            progress.advance(task)


def _read(path: Path, url: str, day: str, media_type: str, offices: Mapping[str, str]) -> Read:
    if not path.is_file():
        raise SliceError(f"{path}: it is no regular file: write what it gives to one, and import that")
    data = path.read_bytes()
    record = record_of(data, url=_named(path, url), media_type=media_type, retrieved=day, positions=offices)
    sizes = [
        _checked(found, triples, path) for found, triples in _told_alike(read_bytes(data, record, str(path)), path)
    ]
    named = offices_in(data, record, str(path)) if offices else Counter()
    return Read(path, data, record, len(sizes), sum(sizes), named)


def _told_alike(slices: Sliced, path: Path) -> Sliced:
    """The slices of a file; raises SliceError if a whole entity stands in it twice, and is not told alike."""
    whole: dict[str, int] = {}
    for found, triples in slices:
        if not found.partial:
            told = hash(frozenset(triples))
            if whole.setdefault(found.graph, told) != told:
                raise SliceError(f"{path}: {found.entity} stands in it twice, with other contents: leave one out")
        yield found, triples


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
