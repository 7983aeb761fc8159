"""The graph of the two documents, built once, and questions put to its saved queries."""

from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode

from graph.engine import Engine
from graph.names import Names
from graph.namespaces import prologue, shorten
from graph.saved_query import answer, catalogue

Row = dict[str, str]
Ask = Callable[..., list[Row]]


@pytest.fixture(scope="session")
def ask(corpus_engine: Engine) -> Ask:
    """Asks a saved query; a row is a dict of the columns that are bound, IRIs in their compact form."""
    names = Names(corpus_engine)

    def asked(name: str, **arguments: str) -> list[Row]:
        given = {key.replace("_", "-").strip("-"): value for key, value in arguments.items()}
        page = answer(catalogue()[name], given, corpus_engine, names)
        return [
            {c: text(cell) for c, cell in zip(page.columns, row, strict=True) if cell is not None}
            for row in page.rows
        ]

    return asked


@pytest.fixture(scope="session")
def holds(corpus_engine: Engine) -> Callable[[str], bool]:
    """Whether a pattern has a match in the default graph (or in the graphs that it names)."""
    return lambda pattern: corpus_engine.ask(prologue() + f"ASK {{ {pattern} }}")


def text(cell: object) -> str:
    if isinstance(cell, NamedNode):
        return shorten(cell.value)
    assert isinstance(cell, Literal), cell
    return cell.value
