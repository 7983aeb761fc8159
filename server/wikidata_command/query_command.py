"""``communique wikidata query``: a query written for the Wikidata Query Service, on the newest slices."""

from pathlib import Path
from typing import TextIO

import click

from graph.sources import default_out
from server.asking import print_query_on_slices
from server.clock_options import clocks_of, question_at, with_clocks
from server.shell import FORMATS


@with_clocks
@click.command("query")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_out,
    envvar="COMMUNIQUE_STORE",
    show_default="$XDG_DATA_HOME/communique",
    show_envvar=True,
    help="The built folder.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)
def query_command(file: TextIO, store: Path, form: str, **clocks: str | None) -> None:
    """Run the query in FILE, or from standard input for '-', as the Wikidata Query Service would.

    Its prefixes are declared, and its label service is answered; what is not in the store is not known.
    """
    with question_at(store, clocks_of(clocks)) as question:
        print_query_on_slices(question, file.read(), form)
