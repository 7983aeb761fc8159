"""One gate for the source: lint, format, types, and the sizes of modules and functions."""

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.source

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for package in ("graph", "server") for path in (ROOT / package).rglob("*.py"))
LONGEST_MODULE = 300


def run(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    assert not run("ruff", "check", "--no-cache", ".")


def test_everything_is_formatted() -> None:
    assert not run("ruff", "format", "--check", "--no-cache", ".")


def test_everything_is_typed() -> None:
    assert not run("mypy", "--strict")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_two_ideas(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_MODULE


def test_functions_are_short() -> None:
    nodes = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    lengths = [n.end_lineno - n.lineno + 1 for n in nodes if isinstance(n, ast.FunctionDef) and n.end_lineno]
    assert statistics.median(lengths) < 10
    assert sum(length > 25 for length in lengths) <= len(lengths) * 0.02


def test_nothing_is_left_undone() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")
    files = [
        path for path in ROOT.rglob("*") if path.suffix in {".py", ".ttl", ".rq", ".md"} and ".venv" not in path.parts
    ]
    left = [f"{path}: {mark}" for path in files for mark in marks if mark in path.read_text(encoding="utf-8")]
    assert not left
