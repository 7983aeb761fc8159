"""The graph of the two documents, asked at clocks, in the shell's way and over HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.engine import Engine, open_engine
from graph.engine.embedded import Embedded
from graph.limits import Limits
from graph.names import Names
from graph.namespaces import prologue, shorten
from graph.saved_query import catalogue
from graph.views import Views
from graph.views.clocks import read_clocks
from graph.views.question import Question
from server.app import create_app

PATIENT = Limits(view_waiting_seconds=120.0)
Row = dict[str, str]


@pytest.fixture(scope="session")
def views(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Views]:
    """The views of the corpus, kept for all tests."""
    held = Views(built, PATIENT, Embedded, tmp_path_factory.mktemp("views"))
    yield held
    held.close()


@pytest.fixture(scope="session")
def at(views: Views, corpus_engine: Engine) -> Iterator[Callable[..., Question]]:
    """A question at clocks: ``at(known_at="2017-03-20")``."""
    asked: list[Question] = []

    def question(**given: str) -> Question:
        clocks = read_clocks((name.replace("_", "-"), value) for name, value in given.items())
        asked.append(Question(clocks, views, corpus_engine))
        return asked[-1]

    yield question
    for each in asked:
        each.close()


@pytest.fixture(scope="session")
def found(at: Callable[..., Question]) -> Callable[..., set[str]]:
    """What one variable of a pattern may be at clocks, in compact form, in one view."""

    def values(pattern: str, **given: str) -> set[str]:
        rows = at(**given).engine().select(prologue() + f"SELECT DISTINCT ?x {{ {pattern} }}").rows
        return {shorten(getattr(row[0], "value", "")) for row in rows}

    return values


@pytest.fixture(scope="session")
def rows(at: Callable[..., Question]) -> Callable[..., list[Row]]:
    """A saved query's rows at clocks: ``rows("meetings", {}, known_at=...)``."""

    def asked(name: str, arguments: dict[str, str], limit: int = 1000, offset: int = 0, **given: str) -> list[Row]:
        question = at(**given)
        page = question.page(catalogue()[name], arguments, Names(question.widest), limit, offset)
        return [
            {c: shorten(getattr(cell, "value", "")) for c, cell in zip(page.columns, row, strict=True)}
            for row in page.rows
        ]

    return asked


@pytest.fixture
def timed(built: Path, views: Views) -> FlaskClient:
    """A client of the application that has clocks."""
    return create_app(open_engine(built), views=views).test_client()
