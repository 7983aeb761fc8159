"""``communique wikidata fetch``: records of entities from Wikidata's site, or another Wikibase, into a folder."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, get_args

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graph.sources import default_authority, default_records
from graph.wikidata.client import WIKIDATA, Fetched, Outcome, Site, SiteError, fetch, identifier
from graph.wikidata.links import read_links
from server.shell import FORMATS, print_rows
from server.wikidata_command.import_command import retrieval_day

_COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
_LOST: Final = ("missing", "failed")
_INTERRUPTED: Final = 130
_folder: Final = click.Path(file_okay=False, path_type=Path)


@click.command("fetch")
@click.argument("ids", nargs=-1, metavar="[Q…]...")
@click.option("--linked", is_flag=True, help="Every item that a link leads to, unless the link is rejected.")
@click.option(
    "--authority",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=default_authority,
    show_default="the shipped one",
    help="The folder of authority files with the links.",
)
@click.option(
    "--into",
    type=_folder,
    default=default_records,
    envvar="COMMUNIQUE_WIKIDATA",
    show_default="$XDG_DATA_HOME/communique-wikidata",
    show_envvar=True,
    help="The folder of records.",
)
@click.option(
    "--site",
    metavar="URL",
    default=WIKIDATA,
    envvar="COMMUNIQUE_WIKIDATA_SITE",
    show_default=True,
    show_envvar=True,
    help="The Wikibase to fetch from.",
)
@click.option(
    "--contact",
    metavar="TEXT",
    default="",
    envvar="COMMUNIQUE_CONTACT",
    show_envvar=True,
    help="Your e-mail address, URL or user page, which the site is told; Wikidata wants one.",
)
@click.option(
    "--retrieved",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day of retrieval to record.  [default: today]",
)
@click.option("--refresh", is_flag=True, help="Ask for newer revisions of what is kept, too.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)
def fetch_command(  # noqa: PLR0917
    ids: tuple[str, ...],
    linked: bool,
    authority: Path,
    into: Path,
    site: str,
    contact: str,
    retrieved: datetime | None,
    refresh: bool,
    form: str,
) -> None:
    """Fetch the entities Q… from Wikidata, whole, with URL, hash, revision and day.

    What is kept is not fetched again, so the same command goes on where one was broken off. The exit code is 1 if an
    entity is missing there or could not be fetched.
    """
    wanted = _wanted(ids, authority if linked else None)
    day = retrieval_day(retrieved)
    results: list[Fetched] = []
    with _told(results, form), _display(len(wanted), results) as tell:
        fetch(wanted, into, Site(site, contact), retrieved=day, refresh=refresh, on_result=tell)
    if any(result.outcome in _LOST for result in results):
        raise click.exceptions.Exit(1)


def _wanted(ids: Sequence[str], authority: Path | None) -> list[str]:
    links = read_links(authority) if authority else ()
    objects = [link.object for link in links if link.object and link.status != "rejected"]
    wanted = list(dict.fromkeys([*map(identifier, ids), *objects]))
    if not wanted:
        raise click.UsageError("name entities (Q7747), or give --linked")
    return wanted


@contextmanager
def _display(total: int, results: list[Fetched]) -> Iterator[Callable[[Fetched], None]]:
    """A bar on the terminal; what is called with each result collects it and moves the bar."""
    with Progress(*_COLUMNS, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("fetch", total=total)

        def tell(result: Fetched) -> None:
            results.append(result)
            progress.update(task, advance=1, description=f"{result.outcome} {result.id}")

        yield tell


@contextmanager
def _told(results: list[Fetched], form: str) -> Iterator[None]:
    """At the end, however it comes, tell what became of the entities: each trouble, and how many there are of all."""
    try:
        yield
    except SiteError as error:
        _tell(results, form)
        raise click.ClickException(
            f"{error}\nWhat was fetched is kept: the same command goes on from here."
        ) from error
    except KeyboardInterrupt as error:
        _tell(results, form)
        click.echo("Interrupted. What was fetched is kept: the same command goes on from here.", err=True)
        raise click.exceptions.Exit(_INTERRUPTED) from error
    _tell(results, form)


def _tell(results: Sequence[Fetched], form: str) -> None:
    for result in results:
        if result.outcome == "redirected":
            click.echo(f"{result.id} redirects to {result.entity}.", err=True)
        if result.outcome == "missing":
            click.echo(f"{result.id} is missing: there is no such entity, or no more.", err=True)
        if result.outcome == "failed":
            click.echo(f"{result.id} failed: {result.message}", err=True)
    counts = Counter(result.outcome for result in results)
    print_rows(("outcome", "entities"), [(name, str(counts[name])) for name in get_args(Outcome)], form)
