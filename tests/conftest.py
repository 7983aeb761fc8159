"""Fixtures that several tests share."""

from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from small_store import build_small

from graph.build import build
from graph.engine import Engine, open_engine
from server.app import create_app

LONGEST: Final = (
    "test_build", "test_kills", "test_conformance", "test_smoke", "test_views", "test_valid_at",
    "test_small_worlds_met", "test_consistency", "test_pages", "test_serving", "test_world",
)  # fmt: skip
"""The files that take longest. They begin, so that no process is left alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first; all others stay in their order."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built folder with the tiny dataset of ``small_store.py``."""
    folder = tmp_path_factory.mktemp("small")
    build_small(folder)
    return folder


@pytest.fixture(scope="session")
def engine(small_store: Path) -> Engine:
    """The embedded engine on the tiny store."""
    return open_engine(small_store)


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The web application on the tiny store."""
    return create_app(engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application, without a server."""
    return app.test_client()


@pytest.fixture
def runner() -> CliRunner:
    """Runs commands, with standard output and error apart."""
    return CliRunner()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the graph of the corpus that the program ships, built without the texts."""
    out = tmp_path_factory.mktemp("golden")
    build(out)
    return out


@pytest.fixture(scope="session")
def corpus_engine(built: Path) -> Engine:
    """The embedded engine on the graph of the corpus."""
    return open_engine(built)


@pytest.fixture
def corpus_client(corpus_engine: Engine) -> FlaskClient:
    """A client of the application on the graph of the corpus."""
    return create_app(corpus_engine).test_client()
