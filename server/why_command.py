"""``communique why S P O``: why a triple holds, as a tree with the quotes under it."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click
from pyoxigraph import RdfFormat, serialize
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from graph.engine import Engine
from graph.limits import read_limits
from graph.names import ArgumentError, Names
from graph.namespaces import PREFIXES
from graph.proofs import Explanation, why
from graph.proofs.words import Words
from server.clock_options import clocks_of, question_at, tell_other, with_clocks
from server.shell import output
from server.statements import Evidence
from server.why import bound
from server.why_data import as_json, as_prov
from server.why_shown import Page, Shown, shown
from server.why_terms import read_triple

_FORMATS: Final = ("table", "json", "turtle")


def why_command(default_store: Callable[[], Path]) -> click.Command:
    """The command, on the store that is meant where none is named."""
    command = click.Command(
        "why",
        params=[
            *(click.Argument([name]) for name in ("subject", "predicate", "object")),
            click.Option(
                ["--store"],
                type=click.Path(file_okay=False, path_type=Path),
                default=default_store,
                envvar="COMMUNIQUE_STORE",
                show_default="$XDG_DATA_HOME/communique",
                show_envvar=True,
                help="The built folder.",
            ),
            click.Option(
                ["--format", "form"],
                type=click.Choice(_FORMATS),
                default="table",
                show_default=True,
                help="How to print: a tree with its quotes, JSON, or PROV-O in Turtle.",
            ),
            click.Option(
                ["--all", "every"], is_flag=True, help="Print every proof of the tree, not the first alone."
            ),
        ],
        callback=_why,
        help=_why.__doc__,
    )
    return with_clocks(command)


def _why(store: Path, form: str, every: bool, **given: Any) -> None:
    """Tell why SUBJECT PREDICATE OBJECT holds: rule by rule, down to the quoted words.

    Each is an IRI, a slug or a name in any language; OBJECT may be a literal, as it reads or as in Turtle.
    """
    with question_at(store, clocks_of(given)) as question:
        _tell(question.engine(), given, form, every=every)
        tell_other(question)


def _tell(engine: Engine, named: Mapping[str, str], form: str, *, every: bool) -> None:
    try:
        triple = read_triple(named["subject"], named["predicate"], named["object"], engine, Names(engine))
    except ArgumentError as error:
        raise click.UsageError(str(error)) from error
    explanation = why(engine, triple, bound(read_limits()))
    words = Words(engine, explanation)
    if form == "json":
        click.echo(json.dumps(as_json(explanation, words), ensure_ascii=False, indent=1))
    elif form == "turtle":
        triples = dict.fromkeys(as_prov(explanation, words))
        click.echo(serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES), nl=False)
    else:
        _print(output(), explanation, shown(explanation, words), every=every)


def _print(console: Console, explanation: Explanation, page: Page, *, every: bool) -> None:
    proofs = page.proofs if every else page.proofs[:1]
    for number, proof in enumerate(proofs, 1):
        if len(page.proofs) > 1:
            console.print(f"Proof {number} of {len(page.proofs)}, from {page.sizes[number - 1]} statements:")
        console.print(_tree(proof))
    told = sorted({number for proof in proofs for number in _numbers(proof)})
    for number in told:
        console.print()
        _print_evidence(console, number, page.evidence[number - 1])
    if explanation.cut:
        click.echo(
            f"The search was cut by its bound on {' and '.join(explanation.cut)}: there may be more.", err=True
        )
    elif len(proofs) < len(page.proofs):
        click.echo(f"There are {len(page.proofs) - 1} more proofs: ask with --all.", err=True)


def _tree(item: Shown) -> Tree:
    tree = Tree(_line(item))
    for under in item.under:
        tree.add(_tree(under))
    for absence in item.absent:
        tree.add(Text(absence, style="dim"))
    return tree


def _line(item: Shown) -> Text:
    numbers = "".join(f" [{number}]" for number in item.numbers)
    if item.kind != "step":
        return Text.assemble(item.text, (f", {item.ground}{numbers}", "dim"))
    shown_before = "; as shown above" if item.repeated else ""
    return Text.assemble((item.text, "bold"), (f": {item.ground} (rule {item.rule}){shown_before}", "dim"))


def _numbers(item: Shown) -> Iterator[int]:
    yield from item.numbers
    for under in item.under:
        yield from _numbers(under)


def _print_evidence(console: Console, number: int, evidence: Evidence) -> None:
    console.print(f"[{number}] {evidence.attribution} ({evidence.modality.lower()})", markup=False)
    for quote in evidence.quotes:
        words = " ".join(quote.exact.split())
        console.print(f"    “{words}” {evidence.title}, {quote.start}–{quote.end}", markup=False, style="dim")
