"""``communique wikidata compare``: what documents and Wikidata say, side by side, with a verdict and a sentence."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

import click
from pyoxigraph import NamedNode
from rich.padding import Padding
from rich.text import Text

from graph.engine import Engine
from graph.names import Names
from graph.namespaces import GRAPH_COMPARISONS, expand, prologue, shorten
from graph.sources import default_out
from graph.views.question import Question
from graph.wikidata.comparison import VERDICTS, Verdict
from server.clock_options import clocks_of, question_at, with_clocks
from server.compared import Compared, find
from server.shell import FORMATS, output, print_rows

_PAGE: Final = 200
_COLUMNS: Final = (
    "comparison", "verdict", "sentence", "about", "evidence", "statements", "slices", "with_source", "documents",
    "quotes", "guids", "ranks", "qualifiers", "revisions", "read",
)  # fmt: skip
_ITEM: Final = re.compile(r"(?:wd:|https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9][0-9]{0,9})")


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
@click.option(
    "--about",
    metavar="THING",
    help="A person, office, state, territory or event: IRI, slug or name, or an item: Q32024.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)
def compare_command(store: Path, verdicts: tuple[Verdict, ...], about: str | None, form: str, **clocks: Any) -> None:
    """Compare what documents say with what the slices of Wikidata say.

    With --valid-at, questions on what documents say are of what was so on that day; tenures of the authority file and
    what concerns Wikidata alone are of any day. Of slices the newest count at any clock.
    """
    with question_at(store, clocks_of(clocks)) as question:
        thing = _thing(question, about.strip()) if about else None
        engine = question.engine()
        _print(list(_found(engine, verdicts, thing)), _with_source(engine), form)


def _thing(question: Question, text: str) -> NamedNode:
    """What is called so; by the number of an item, what is linked to it here, else the item. Raises ArgumentError."""
    item = _ITEM.fullmatch(text)
    if not item:
        return Names(question.widest).resolve(text, "thing", "about")
    query = f"{prologue('skos', 'wd')}SELECT ?ours {{ ?ours skos:exactMatch wd:{item[1]} }} ORDER BY ?ours"
    linked = (row[0] for row in question.widest.select(query).rows)
    return next((term for term in linked if isinstance(term, NamedNode)), NamedNode(expand(f"wd:{item[1]}")))


def _with_source(engine: Engine) -> frozenset[str]:
    """The comparisons that put a tenure beside what it was read from."""
    pattern = f"GRAPH {GRAPH_COMPARISONS} {{ ?c cq:comparesWithSource true }}"
    rows = engine.select(f"{prologue('cq')}SELECT ?c {{ {pattern} }}").rows
    return frozenset(term.value for (term,) in rows if isinstance(term, NamedNode))


def _found(engine: Engine, verdicts: tuple[Verdict, ...], about: NamedNode | None) -> Iterator[Compared]:
    """All comparisons that are asked for, a page at a time."""
    offset = 0
    while page := find(engine, verdicts, about, _PAGE, offset):
        yield from page
        offset += _PAGE


def _print(found: list[Compared], with_source: Collection[str], form: str) -> None:
    if form != "table":
        print_rows(_COLUMNS, (_cells(each, each.iri in with_source) for each in found), form)
        return
    console = output()
    for verdict in VERDICTS:
        alike = [each for each in found if each.verdict == verdict]
        if alike:
            console.print(f"{verdict} ({_counted(alike, with_source)})", style="bold", markup=False)
        for each in alike:
            console.print(Padding(Text(each.sentence), (0, 0, 0, 2)))
            console.print(Padding(Text(shorten(each.iri), style="dim"), (0, 0, 1, 2)))
    if not found:
        click.echo("No comparison is like that.", err=True)


def _counted(alike: list[Compared], with_source: Collection[str]) -> str:
    """How many there are; and how many of them are no second witness."""
    own = sum(each.iri in with_source for each in alike)
    puts = "puts" if own == 1 else "put"
    return f"{len(alike)}, of which {own} {puts} a tenure beside what it was read from" if own else f"{len(alike)}"


def _cells(each: Compared, with_source: bool) -> tuple[str, ...]:
    """One row of text; of what may be several, IRIs with spaces between, all else in a line for each.

    The lines of documents and quotes are those of the evidence, the others those of the statements, in their order.
    """
    lists = (
        [iri for iri, _ in each.about],
        [item.assertion for item in each.evidence],
        [item.iri for item in each.statements],
        each.slices,
    )
    lines = (
        [item.document for item in each.evidence],
        [" / ".join(_in_line(quote.exact) for quote in item.quotes) for item in each.evidence],
        [item.guid for item in each.statements],
        [item.rank for item in each.statements],
        ["; ".join(item.qualifiers) for item in each.statements],
        [item.revision for item in each.statements],
        [item.read for item in each.statements],
    )
    own = "true" if with_source else "false"
    spaced, lined = (" ".join(listed) for listed in lists), ("\n".join(listed) for listed in lines)
    return each.iri, each.verdict, each.sentence, *spaced, own, *lined


def _in_line(text: str) -> str:
    return " ".join(text.split())
