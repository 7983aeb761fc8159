"""Fixtures that several tests share."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from small_store import build_small

from graph.build import build
from graph.engine import Engine, open_engine
from server.app import create_app


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
