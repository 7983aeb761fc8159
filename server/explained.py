"""Rows with what they rest on, in the shell: ``--explain``."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Final

import click

from graph.engine import Engine, Term
from graph.limits import read_limits
from graph.names import Names
from graph.namespaces import shorten
from graph.proofs.rows import Row, read_query
from graph.proofs.rows.told import ToldRow
from graph.saved_query import Page, SavedQuery, terms_of
from graph.views.question import Question
from server.explaining import ShownRow, answer_document, as_json, as_page, explain, explain_page
from server.shell import output
from server.tables import plain, sparql_json

_FORMS: Final = ("table", "json")


def print_page_explained(
    question: Question, query: SavedQuery, arguments: Mapping[str, str], page: Page, form: str
) -> None:
    """A page of a saved query, each row with its words; raises CannotExplainError."""
    _check(form)
    terms = terms_of(query, arguments, Names(question.widest))

    def engine_of(view: str) -> Engine:
        return question.engine("possible" if view == "possible" else "certain") if view else question.engine()

    told = explain_page(engine_of, query, terms, page, read_limits())
    if form == "json":
        sys.stdout.write(sparql_json(page.columns, page.rows, explanations=[as_json(row) for row in told]))
        return
    shown = [n for n, name in enumerate(page.columns) if name + "Label" not in page.columns]
    _print(question.widest, [[row[n] for n in shown] for row in page.rows], told)


def print_query_explained(question: Question, query: str, form: str) -> None:
    """The first rows of a query's answer, each with its words; raises CannotExplainError."""
    _check(form)
    engine, limits, read = question.engine(), read_limits(), read_query(query)
    truth = engine.ask(query) if read.form == "ASK" else None
    names, rows, more = ([], [{}] if truth else [], False) if truth is not None else _rows(engine, query)
    told = explain(engine, read, rows, limits)
    if form == "json":
        document = answer_document(names, rows, told, truth=truth, cut=more)
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        return
    if truth is not None:
        click.echo("yes" if truth else "no")
    _print(engine, [list(row.values()) for row in rows], told)
    if more:
        click.echo(f"These are the first {limits.explained_rows} rows.", err=True)


def _check(form: str) -> None:
    if form not in _FORMS:
        raise click.UsageError(f"--explain prints as {' or '.join(_FORMS)}")


def _rows(engine: Engine, query: str) -> tuple[list[str], list[Row], bool]:
    found, most = engine.select(query), read_limits().explained_rows
    rows: list[Row] = [dict(zip(found.variables, row, strict=True)) for row in found.rows[:most]]
    return list(found.variables), rows, len(found.rows) > most


def _print(engine: Engine, rows: Sequence[Sequence[Term | None]], told: Sequence[ToldRow]) -> None:
    for cells, row in zip(rows, as_page(engine, told), strict=True):
        if cells:
            output().print(" | ".join(shorten(plain(cell)) for cell in cells), style="bold", markup=False)
        _print_row(row)


def _print_row(row: ShownRow) -> None:
    console = output()
    for number, item in enumerate(row.evidence, 1):
        for quote in item.quotes:
            console.print(f"  [{number}] “{quote.exact}” (characters {quote.start}–{quote.end})", markup=False)
        console.print(f"      {item.attribution or item.assertion}: {item.title}", style="dim", markup=False)
    for number, support in enumerate(row.supports, 1):
        console.print(f"  way {number} of {len(row.supports)}", style="dim", markup=False)
        for fact in support.facts:
            cited = "".join(f" [{each}]" for each in fact.numbers)
            ground = ": ".join(filter(None, (fact.ground, fact.rule)))
            told = f"{' '.join(part.text for part in fact.statement)}{f' ({ground})' if ground else ''}{cited}"
            console.print(f"    {told}", markup=False)
            for each in fact.under:
                console.print(f"      from: {each}", style="dim", markup=False)
        for absence in support.absences:
            console.print(f"    nothing fits {absence}", style="dim", markup=False)
    for cut in row.cut:
        console.print(f"  not all was looked at: {cut}", style="dim", markup=False)
