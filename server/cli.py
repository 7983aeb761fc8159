"""The command line: ``communique``. Data go to standard output, everything else to standard error."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from graph.build import BuildReport, build, is_current, recorded_sources
from graph.limits import read_limits
from graph.names import ArgumentError
from graph.publish import publish
from graph.sources import SOURCES, default_documents, default_out, default_records
from server.asking import AskGroup, print_evidence, print_query
from server.check_command import check_command
from server.clock_options import clocks_of, question_at, with_clocks
from server.corpus_commands import corpus_commands
from server.date_command import date_command
from server.explained import print_query_explained
from server.limits_command import limits_command
from server.serve_options import serve_options, service_of
from server.serving import leave
from server.serving import serve as serve_front
from server.shell import FORMATS, print_rows
from server.source_options import FOLDER, documents_option, records_option, serve_source_options, source_options
from server.tokens_command import token
from server.upkeep import upkeep_commands
from server.why_command import why_command
from server.wikidata_command import wikidata

HOST: Final = "127.0.0.1"
PORT: Final = 8000

_COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
_store = click.option(
    "--store",
    type=FOLDER,
    default=default_out,
    envvar="COMMUNIQUE_STORE",
    show_default="$XDG_DATA_HOME/communique",
    show_envvar=True,
    help="The built folder.",
)
_format = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)


class Commands(click.Group):
    """The group of all commands: an error that is expected becomes one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; our own errors end it with their message."""
        try:
            return super().invoke(ctx)
        except ArgumentError as error:
            raise click.UsageError(f"--{error}") from error
        except (ValueError, OSError) as error:
            if not _is_expected(error):
                raise
            raise click.ClickException(str(error)) from error


def _is_expected(error: Exception) -> bool:
    if isinstance(error, BrokenPipeError):
        return False
    return isinstance(error, OSError) or type(error).__module__.partition(".")[0] in ("graph", "server")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="communique")
def main() -> None:
    """Who met whom, in which format, who claims what: a graph in which every triple rests on quoted words."""


@main.command("build")
@documents_option
@click.option(
    "--out",
    type=FOLDER,
    default=default_out,
    envvar="COMMUNIQUE_STORE",
    show_default="$XDG_DATA_HOME/communique",
    show_envvar=True,
    help="The folder to build.",
)
@source_options
@records_option
@click.option("--recorded", metavar="TIME", help="When it counts as recorded.  [default: the documents' latest day]")
@click.option("--engine", metavar="URL", help="Load what was built into the store behind this SPARQL endpoint, too.")
@click.option("--engine-graph-store", metavar="URL", help="Where it takes graphs, if it does not tell.")
def build_command(  # noqa: PLR0917
    documents: Path | None,
    out: Path,
    corpus: Path | None,
    authority: Path | None,
    wikidata: Path,
    recorded: str | None,
    engine: str | None,
    engine_graph_store: str | None,
) -> None:
    """Build the store from assertion files, authority files and ontology."""
    if engine_graph_store and not engine:
        raise click.UsageError("--engine-graph-store is for --engine URL")
    report = _build(out, documents, corpus, authority, wikidata, recorded)
    print_rows(("count", "number"), [(name, str(number)) for name, number in report.counts.items()], "table")
    if engine:
        _load_elsewhere(out, engine, engine_graph_store)


def _load_elsewhere(out: Path, engine: str, graph_store: str | None) -> None:
    with Progress(*_COLUMNS, console=Console(stderr=True), transient=True) as display:
        done = publish(out, engine, read_limits(), graph_store, _progress(display))
    click.echo(f"Loaded {done.triples} triples in {done.graphs} graphs in {done.seconds:.1f} s.", err=True)


def _build(  # noqa: PLR0917
    out: Path,
    documents: Path | None,
    corpus: Path | None = None,
    authority: Path | None = None,
    wikidata: Path | None = None,
    recorded: str | None = None,
) -> BuildReport:
    console = Console(stderr=True)
    with Progress(*_COLUMNS, console=console, transient=True) as progress:
        report = build(out, documents, corpus, authority, _progress(progress), recorded, wikidata)
    checked = "quotes checked against the texts" if report.quotes_checked else "quotes not re-checked: no texts"
    for seat in report.empty_slots:
        click.echo(f"Empty seat: {seat.meeting}: {seat.message}", err=True)
    click.echo(f"Built {out} in {report.seconds:.1f} s, version {report.version[:16]}; {checked}.", err=True)
    return report


def _progress(display: Progress) -> Callable[[str, int, int], None]:
    task = display.add_task("build")

    def show(step: str, done: int, total: int) -> None:
        display.update(task, description=step, completed=done, total=total)

    return show


@main.command("serve")
@click.option("--host", default=HOST, show_default=True, help="The address to serve on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@_store
@serve_source_options
@serve_options
def serve_command(host: str, port: int, store: Path, **given: Any) -> None:
    """Serve the graph over HTTP; build it first where it is missing or out of date.

    Folders of sources that are not given are those that the store was built from.
    """
    if not (given["plain"] or given["engine"] or given["read_only"]):
        _bring_up_to_date(store, {name: given[name] for name in SOURCES})
    with service_of(store, given) as service:
        serve_front(service.front, host, port, lambda url: click.echo(f"Serving {url}", err=True))
    leave()


def _bring_up_to_date(store: Path, given: dict[str, Path | None]) -> None:
    recorded = recorded_sources(store)
    gone = [str(folder) for name, folder in recorded.items() if folder and not given[name] and not folder.is_dir()]
    if gone:
        click.echo(f"{' and '.join(gone)} is gone: serving what was built from it.", err=True)
        return
    sources = {name: folder or recorded[name] for name, folder in given.items()}
    sources["documents"] = sources["documents"] or default_documents()
    sources["wikidata"] = sources["wikidata"] or default_records()
    if not is_current(store, **sources):
        _build(store, sources["documents"], sources["corpus"], sources["authority"], sources["wikidata"])


main.add_command(
    AskGroup(
        default_out,
        name="ask",
        params=[],
        help="Ask a saved query; 'communique ask NAME --help' tells its parameters.",
    )
)


@with_clocks
@main.command("query")
@click.argument("file", type=click.File(encoding="utf-8"))
@_store
@_format
@click.option("--explain", is_flag=True, help="Each row with the words that it rests on.")
def query_command(file: TextIO, store: Path, form: str, *, explain: bool, **clocks: str | None) -> None:
    """Run the SPARQL query in FILE, or from standard input for '-'."""
    with question_at(store, clocks_of(clocks)) as question:
        (print_query_explained if explain else print_query)(question, file.read(), form)


@with_clocks
@main.command("evidence")
@click.argument("iri")
@_store
@_format
def evidence_command(iri: str, store: Path, form: str, **clocks: str | None) -> None:
    """Print the quotes on which what is said of IRI rests."""
    with question_at(store, clocks_of(clocks)) as question:
        print_evidence(question, iri, form)


for _command in (*corpus_commands, token, limits_command, wikidata, *upkeep_commands(default_out)):
    main.add_command(_command)
main.add_command(check_command(default_out))
main.add_command(date_command)
main.add_command(why_command(default_out))
