"""The command line: ``communique``. Data go to standard output, everything else to standard error."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from graph.anchors import anchor, short_hash
from graph.assertions import json_schema
from graph.build import (
    SOURCES,
    BuildReport,
    build,
    default_corpus,
    default_documents,
    default_out,
    is_current,
    recorded_sources,
)
from graph.coverage import accounts, unaccounted
from graph.documents import fold, read, sentences, sha256
from graph.limits import read_limits
from graph.names import ArgumentError
from graph.publish import publish
from server.asking import AskGroup, print_evidence, print_query
from server.check_command import check_command
from server.clock_options import clocks_of, question_at, with_clocks
from server.date_command import date_command
from server.explained import print_query_explained
from server.limits_command import limits_command
from server.serve_options import serve_options, service_of
from server.serving import leave
from server.serving import serve as serve_front
from server.shell import FORMATS, print_rows
from server.tokens_command import token
from server.upkeep import upkeep_commands
from server.why_command import why_command

HOST: Final = "127.0.0.1"
PORT: Final = 8000

_COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
_DOCUMENTS: Final = "The folder of texts against which quotes are checked."
_CORPUS: Final = "The folder of assertion files."
_AUTHORITY: Final = "The folder of authority files."
_folder = click.Path(file_okay=False, path_type=Path)
_existing = click.Path(exists=True, file_okay=False, path_type=Path)
_store = click.option(
    "--store",
    type=_folder,
    default=default_out,
    envvar="COMMUNIQUE_STORE",
    show_default="$XDG_DATA_HOME/communique",
    show_envvar=True,
    help="The built folder.",
)
_documents = click.option(
    "--documents",
    type=_folder,
    default=default_documents,
    envvar="COMMUNIQUE_DOCUMENTS",
    show_default="../shared/seeds where it is there",
    show_envvar=True,
    help=_DOCUMENTS,
)
_corpus = click.option("--corpus", type=_existing, default=default_corpus, help=_CORPUS)
_other_corpus = click.option("--corpus", type=_existing, help=_CORPUS)
_other_authority = click.option("--authority", type=_existing, help=_AUTHORITY)
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
@_documents
@click.option(
    "--out",
    type=_folder,
    default=default_out,
    envvar="COMMUNIQUE_STORE",
    show_default="$XDG_DATA_HOME/communique",
    show_envvar=True,
    help="The folder to build.",
)
@_other_corpus
@_other_authority
@click.option("--recorded", metavar="TIME", help="When it counts as recorded.  [default: the documents' latest day]")
@click.option("--engine", metavar="URL", help="Load what was built into the store behind this SPARQL endpoint, too.")
@click.option("--engine-graph-store", metavar="URL", help="Where it takes graphs, if it does not tell.")
def build_command(  # noqa: PLR0917
    documents: Path | None,
    out: Path,
    corpus: Path | None,
    authority: Path | None,
    recorded: str | None,
    engine: str | None,
    engine_graph_store: str | None,
) -> None:
    """Build the store from assertion files, authority files and ontology."""
    if engine_graph_store and not engine:
        raise click.UsageError("--engine-graph-store is for --engine URL")
    report = _build(out, documents, corpus, authority, recorded)
    print_rows(("count", "number"), [(name, str(number)) for name, number in report.counts.items()], "table")
    if engine:
        _load_elsewhere(out, engine, engine_graph_store)


def _load_elsewhere(out: Path, engine: str, graph_store: str | None) -> None:
    with Progress(*_COLUMNS, console=Console(stderr=True), transient=True) as display:
        done = publish(out, engine, read_limits(), graph_store, _progress(display))
    click.echo(f"Loaded {done.triples} triples in {done.graphs} graphs in {done.seconds:.1f} s.", err=True)


def _build(
    out: Path,
    documents: Path | None,
    corpus: Path | None = None,
    authority: Path | None = None,
    recorded: str | None = None,
) -> BuildReport:
    console = Console(stderr=True)
    with Progress(*_COLUMNS, console=console, transient=True) as progress:
        report = build(out, documents, corpus, authority, _progress(progress), recorded)
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


@main.command("anchor")
@_documents
@_corpus
def anchor_command(documents: Path | None, corpus: Path) -> None:
    """Find every quote in its text and write the lock files."""
    for path in anchor(corpus, _needed(documents)):
        click.echo(path)


def _needed(documents: Path | None) -> Path:
    if documents is None:
        raise click.UsageError("the texts are needed: give --documents or set COMMUNIQUE_DOCUMENTS")
    return documents


@main.command("sentences")
@click.argument("text", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_format
def sentences_command(text: Path, form: str) -> None:
    """Number the sentences of TEXT, with what its assertion file needs: hashes, SHA-256 and length."""
    words = read(text)
    spans = ((n, fold(words[span.start : span.end])) for n, span in enumerate(sentences(words), 1))
    print_rows(("sentence", "hash", "text"), [(str(n), short_hash(said), said) for n, said in spans], form)
    click.echo(f"sha256: {sha256(words)}\nlength: {len(words)}", err=True)


@main.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of assertion files, for editors."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@main.command("coverage")
@_documents
@_corpus
@_format
def coverage_command(documents: Path | None, corpus: Path, form: str) -> None:
    """Account for every sentence of every document; fail on one that is not accounted for."""
    found = accounts(corpus, documents)
    columns = ("document", "sentences", "asserted", "listed", "unaccounted", "assertions", "quotes", "quoted")
    rows = [
        (
            item.document,
            str(item.sentences),
            str(item.asserted),
            ", ".join(f"{count} {reason}" for reason, count in item.listed.items()),
            str(len(item.unaccounted)),
            str(item.assertions),
            str(item.quotes),
            f"{item.quoted_share:.1%}",
        )
        for item in found
    ]
    print_rows(columns, rows, form)
    complaints = unaccounted(found)
    if complaints:
        raise click.ClickException("; ".join(complaints))


@main.command("serve")
@click.option("--host", default=HOST, show_default=True, help="The address to serve on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@_store
@click.option("--documents", type=_folder, envvar="COMMUNIQUE_DOCUMENTS", show_envvar=True, help=_DOCUMENTS)
@_other_corpus
@_other_authority
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
    if not is_current(store, **sources):
        _build(store, sources["documents"], sources["corpus"], sources["authority"])


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


for _command in (token, limits_command, *upkeep_commands(default_out)):
    main.add_command(_command)
main.add_command(check_command(default_out))
main.add_command(date_command)
main.add_command(why_command(default_out))
