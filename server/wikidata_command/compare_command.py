"""``communique wikidata compare``: what documents and Wikidata say, side by side, with a verdict and a sentence."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
from pyoxigraph import NamedNode
from rich.padding import Padding
from rich.text import Text

from graph.engine import Engine
from graph.names import Names
from graph.namespaces import shorten
from graph.sources import default_out
from graph.wikidata.comparison import VERDICTS, Verdict
from server.clock_options import clocks_of, question_at, with_clocks
from server.compared import Compared, find
from server.shell import FORMATS, output, print_rows

_PAGE: Final = 200
_COLUMNS: Final = ("comparison", "verdict", "sentence", "about", "evidence", "statements", "slices")


@with_clocks
@click.command("compare")
@click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_out,
    envvar="COMMUNIQUE_STORE",
    show_envvar=True,
    show_default="$XDG_DATA_HOME/communique",
    help="The built folder.",
)
@click.option(
    "--verdict", "verdicts", type=click.Choice(VERDICTS), multiple=True, help="Only these; may be repeated."
)
@click.option("--about", metavar="THING", help="A person, office, state, territory or event: IRI, slug or name.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)
def compare_command(store: Path, verdicts: tuple[Verdict, ...], about: str | None, form: str, **clocks: Any) -> None:
    """Compare what documents say with what the slices of Wikidata say."""
    with question_at(store, clocks_of(clocks)) as question:
        thing = Names(question.widest).resolve(about, "thing", "about") if about else None
        _print(list(_found(question.engine(), verdicts, thing)), form)


def _found(engine: Engine, verdicts: tuple[Verdict, ...], about: NamedNode | None) -> Iterator[Compared]:
    """All comparisons that are asked for, a page at a time."""
    offset = 0
    while page := find(engine, verdicts, about, _PAGE, offset):
        yield from page
        offset += _PAGE


def _print(found: list[Compared], form: str) -> None:
    if form != "table":
        print_rows(_COLUMNS, (_cells(each) for each in found), form)
        return
    console = output()
    for verdict in VERDICTS:
        alike = [each for each in found if each.verdict == verdict]
        if alike:
            console.print(f"{verdict} ({len(alike)})", style="bold", markup=False)
        for each in alike:
            console.print(Padding(Text(each.sentence), (0, 0, 0, 2)))
            console.print(Padding(Text(shorten(each.iri), style="dim"), (0, 0, 1, 2)))
    if not found:
        click.echo("No comparison is like that.", err=True)


def _cells(each: Compared) -> tuple[str, ...]:
    """One row of text; of what may be several, the IRIs with spaces between."""
    lists = (
        [iri for iri, _ in each.about],
        [item.assertion for item in each.evidence],
        [item.iri for item in each.statements],
        each.slices,
    )
    return each.iri, each.verdict, each.sentence, *(" ".join(listed) for listed in lists)
