"""Rows and quotes on a terminal or in a pipe."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from graph.engine import Term
from graph.namespaces import shorten
from server.tables import csv_of_text, csv_text, plain, sparql_json

FORMATS: Final = ("table", "csv", "json")
_WIDTH_OF_A_PIPE: Final = 200
_AS_IRIS: Final = ("evidence", "assertion")


def output() -> Console:
    """Standard output: as wide as the terminal, or wide where there is none."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE, soft_wrap=False, highlight=False)


def print_terms(columns: Sequence[str], rows: Iterable[Sequence[Term | None]], form: str) -> None:
    """RDF terms: in the standard formats, or as a table of labels."""
    if form == "json":
        sys.stdout.write(sparql_json(columns, rows))
    elif form == "csv":
        sys.stdout.write(csv_text(columns, rows))
    else:
        shown = [number for number, name in enumerate(columns) if _is_shown(name, columns)]
        names = [columns[number].removesuffix("Label") for number in shown]
        _print_table(names, ([shorten(plain(row[number])) for number in shown] for row in rows))


def _is_shown(name: str, columns: Sequence[str]) -> bool:
    """Of a thing its label, of an assertion its IRI: its label, who says so, is the same for many."""
    if name.removesuffix("Label") in _AS_IRIS:
        return not name.endswith("Label")
    return name + "Label" not in columns


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[str]], form: str) -> None:
    """Rows of text."""
    if form == "json":
        sys.stdout.write(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False))
        sys.stdout.write("\n")
    elif form == "csv":
        sys.stdout.write(csv_of_text(columns, rows))
    else:
        _print_table(columns, rows)


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    output().print(table)
