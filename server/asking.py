"""Asking in the shell: saved queries as commands with options, queries of one's own, and evidence."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from graph.engine import Engine, Federated
from graph.limits import read_limits
from graph.names import ArgumentError, Names
from graph.saved_query import LIMIT, Parameter, SavedQuery, catalogue
from graph.views.question import Question
from graph.wikidata.querying.engine import OnSlices
from server.clock_options import clock_options, clocks_of, question_at, tell_other
from server.explained import print_page_explained
from server.federated import HEADER, federating, line, reach_of
from server.shell import FORMATS, output, print_terms
from server.tables import plain

_GRAPH_TYPES = {"table": "text/turtle", "json": "application/ld+json"}
_RESULT_TYPES = {"csv": "text/csv", "json": "application/sparql-results+json"}


class AskGroup(click.Group):
    """``ask``: one command for each saved query, with an option for each of its parameters."""

    def __init__(self, default_store: Callable[[], Path], **attributes: Any) -> None:
        super().__init__(**attributes)
        self._default_store = default_store

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click gives it
        """The names of the saved queries."""
        return list(catalogue())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click gives it
        """The command of one saved query."""
        query = catalogue().get(cmd_name)
        return _command(query, self._default_store) if query else None


def _command(query: SavedQuery, default_store: Callable[[], Path]) -> click.Command:
    def run(**given: Any) -> None:
        store, limit, offset = (given.pop(name) for name in ("store", "limit", "offset"))
        form, asked_format = _formats(given.pop("formats"))
        explain = given.pop("explain")
        clocks = clocks_of(given)
        arguments = {name.replace("_", "-"): value for name, value in given.items() if value is not None}
        if asked_format:
            arguments["format"] = asked_format
        with question_at(store, clocks) as question:
            limit = min(limit, read_limits().explained_rows) if explain else limit
            page = question.page(query, arguments, Names(question.widest), limit, offset)
            if explain:
                print_page_explained(question, query, arguments, page, form)
            else:
                print_terms(page.columns, page.rows, form)
        if page.more:
            rest = f"--offset {offset + limit}"
            click.echo(f"There are more rows: ask again with {rest}.", err=True)

    return click.Command(
        query.name,
        params=[
            *(_option(parameter) for parameter in query.parameters if parameter.name != "format"),
            _format_option(query.parameter("format")),
            *_page_options(default_store),
            *clock_options(),
            _explain_option(),
        ],
        callback=run,
        help=f"{query.question}\n\n{query.description}",
        short_help=query.title,
    )


def _explain_option() -> click.Option:
    return click.Option(["--explain"], is_flag=True, help="Each row with the words that it rests on.")


def _option(parameter: Parameter) -> click.Option:
    return click.Option(
        [f"--{parameter.name}", parameter.name.replace("-", "_")],
        required=parameter.required and parameter.default is None,
        help=f"{parameter.description} Expected: {parameter.expected}.",
        metavar=parameter.type.upper(),
    )


def _format_option(parameter: Parameter | None) -> click.Option:
    """How to print; where the query has a parameter of that name, the same option takes both."""
    if parameter is None:
        choice = click.Choice(FORMATS)
        return click.Option(
            ["--format", "formats"], type=choice, multiple=True, help="How to print.  [default: table]"
        )
    return click.Option(
        ["--format", "formats"],
        multiple=True,
        metavar="FORMAT",
        help=f"{parameter.description} Expected: {parameter.expected}; or how to print: {', '.join(FORMATS)}."
        " May be given once for each.",
    )


def _formats(given: tuple[str, ...]) -> tuple[str, str | None]:
    """The two meanings of ``--format``: how to print, and a query's own parameter."""
    printed = [value for value in given if value in FORMATS]
    asked = [value for value in given if value not in FORMATS]
    if len(printed) > 1 or len(asked) > 1:
        raise click.UsageError(f"--format is given more than once: {', '.join(given)}")
    return printed[0] if printed else "table", asked[0] if asked else None


def _page_options(default_store: Callable[[], Path]) -> list[click.Parameter]:
    return [
        click.Option(["--limit"], type=click.IntRange(1), default=LIMIT, show_default=True, help="How many rows."),
        click.Option(["--offset"], type=click.IntRange(0), default=0, show_default=True, help="Rows to pass over."),
        click.Option(
            ["--store"],
            type=click.Path(file_okay=False, path_type=Path),
            default=default_store,
            envvar="COMMUNIQUE_STORE",
            show_envvar=True,
            show_default="$XDG_DATA_HOME/communique",
            help="The built folder.",
        ),
    ]


def print_query(question: Question, query: str, form: str) -> None:
    """The answer to a query: a table, or streamed in a standard format."""
    engine = federating(question.engine(), reach_of(read_limits()), _tell_federated)
    tell_other(question)
    _print_answer(engine, query, form)


def print_query_on_slices(question: Question, query: str, form: str) -> None:
    """The same for a query that is written for the Wikidata Query Service, from the newest slices."""
    engine = federating(question.engine(), reach_of(read_limits()), _tell_federated)
    tell_other(question)
    slices = OnSlices(engine)
    _print_answer(slices, query, form)
    for each in slices.incomplete(query):
        way = f"parts of entities do not tell the best rank: ask by p:{each}/ps:{each}"
        click.echo(f"wdt:{each} may miss values here: {way}", err=True)


def _print_answer(engine: Engine, query: str, form: str) -> None:
    tabular = "text/csv" in engine.formats(query)
    if tabular and form == "table":
        _print_solutions(engine, query)
        return
    media_type = (_RESULT_TYPES if tabular else _GRAPH_TYPES).get(form)
    if media_type is None:
        raise click.UsageError("a graph is no table: use --format json (JSON-LD), or leave it out for Turtle")
    block = b""
    for block in engine.respond(query, media_type).body:
        sys.stdout.buffer.write(block)
    sys.stdout.buffer.write(b"" if block.endswith(b"\n") else b"\n")


def _tell_federated(told: Federated) -> None:
    """Say on standard error what answered for another service."""
    click.echo(f"{HEADER}: {line(told)}", err=True)


def _print_solutions(engine: Engine, query: str) -> None:
    if engine.form(query) == "ASK":
        click.echo("yes" if engine.ask(query) else "no")
        return
    found = engine.select(query)
    print_terms(found.variables, found.rows, "table")


def print_evidence(question: Question, iri: str, form: str) -> None:
    """The quotes under what is said of a resource."""
    try:
        page = question.page(catalogue()["evidence-for"], {"resource": iri}, Names(question.widest))
    except ArgumentError as error:
        raise click.UsageError(str(error).replace("resource:", "IRI:", 1)) from error
    if form != "table":
        print_terms(page.columns, page.rows, form)
        return
    console = output()
    for row in page.rows:
        cells = {name: plain(term) for name, term in zip(page.columns, row, strict=True)}
        console.print(f"“{cells['quote']}”", markup=False)
        source = f"{cells['documentLabel'] or cells['document']}, characters {cells['start']}–{cells['end']}"
        mark = "; possible" if cells.get("certainty") == "possible" else ""
        console.print(f"  {cells['attribution']} ({source}; {cells['assertion']}{mark})\n", style="dim", markup=False)
