"""The documentation is tested: what there is is documented, what is documented is there, and examples run."""

import re
import shlex
from dataclasses import Field, fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from graph.catalogue import catalogue
from graph.limits import Limits
from graph.rules import read_rules
from graph.rules.computed import COMPUTED
from server.app import create_app
from server.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
REASONING = (ROOT / "docs" / "reasoning.md").read_text(encoding="utf-8")
WIKIDATA = (ROOT / "docs" / "wikidata.md").read_text(encoding="utf-8")


def all_commands() -> dict[str, click.Command]:
    """Every command by its words; one that has commands of its own stands for these."""
    groups = {name: command for name, command in main.commands.items() if getattr(command, "commands", None)}
    within = {f"{name} {sub}": each for name, group in groups.items() for sub, each in group.commands.items()}
    return {name: command for name, command in main.commands.items() if name not in groups} | within


COMMANDS = all_commands()


def row(name: str, text: str = REFERENCE) -> list[str]:
    """The cells of the table row that begins with a name in code."""
    found = [line for line in text.splitlines() if re.match(rf"\| `{re.escape(name)}[ `]", line)]
    assert found, f"docs/reference.md has no row for {name}"
    return [cell.strip() for cell in found[0].strip("|").split("|")]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_each_of_its_options_is_documented(name: str) -> None:
    options = row(f"communique {name}")[-1]
    declared = {
        opt for p in COMMANDS[name].params if isinstance(p, click.Option) for opt in (*p.opts, *p.secondary_opts)
    }
    limits = {f"--{limit.name.replace('_', '-')}" for limit in fields(Limits)}
    assert declared - limits - {"--help", "-h"} <= set(re.findall(r"--[a-z-]+", options))
    assert not declared & limits or declared >= limits


@pytest.mark.parametrize("limit", fields(Limits), ids=lambda limit: limit.name)
def test_every_limit_is_documented(limit: Field) -> None:
    _, default, unit, reason = row(limit.name)
    assert (default, unit, reason) == (f"{limit.default:,}", limit.metadata["unit"], limit.metadata["reason"])


def test_every_documented_command_exists() -> None:
    assert set(re.findall(r"^\| `communique ((?:wikidata )?[a-z]+)", REFERENCE, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.source
def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    sources = "".join(
        p.read_text(encoding="utf-8") for folder in ("graph", "server") for p in (ROOT / folder).rglob("*.py")
    )
    pattern = r"\b(?:COMMUNIQUE_[A-Z]+(?:_[A-Z]+)*|XDG_DATA_HOME)\b"
    assert set(re.findall(pattern, sources)) == set(re.findall(rf"^\| `({pattern})`", REFERENCE, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_saved_query_is_documented_with_its_parameters_and_columns(name: str) -> None:
    query = catalogue()[name]
    _, parameters, columns = row(name)
    documented = {word.strip(","): word.endswith("?") for word in parameters.split()}
    assert {word.rstrip("?"): optional for word, optional in documented.items()} == {
        parameter.name: not parameter.required for parameter in query.parameters
    }
    assert columns.split(", ") == [column.name for column in query.columns]
    assert f"`{name}`" in README


def test_every_documented_saved_query_exists() -> None:
    section = REFERENCE.partition("## Saved queries")[2].partition("What is not obvious")[0]
    assert set(re.findall(r"^\| `([a-z-]+)`", section, re.MULTILINE)) == set(catalogue())


def test_every_rule_is_documented() -> None:
    section = REFERENCE.partition("## Rules")[2]
    rules = {rule.name for rule in (*read_rules(), *COMPUTED)}
    assert set(re.findall(r"^\| `([a-z0-9-]+)`", section, re.MULTILINE)) == rules


def test_every_route_is_documented(corpus_engine) -> None:
    rules = {
        re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"<\1>", str(r))
        for r in create_app(corpus_engine).url_map.iter_rules()
    }
    documented = set(re.findall(r"`(/[^`]*)`", REFERENCE.partition("## Routes")[2].partition("## Saved queries")[0]))
    assert {rule.rstrip("/") or "/" for rule in rules} <= {route.rstrip("/") or "/" for route in documented}


def examples(text: str) -> list[tuple[str, str]]:
    """The commands of ``console`` blocks with the output that stands below each."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [
        (command, output) for block in blocks for command, output in re.findall(r"\$ (.*)\n((?:[^$].*\n|\n)*)", block)
    ]


@pytest.mark.parametrize(("command", "output"), examples(README + GUIDE + REASONING + WIKIDATA))
def test_the_examples_give_what_stands_below_them(built, command: str, output: str) -> None:
    program, _, arguments = command.partition("communique ")
    assert program == "uv run "
    done = CliRunner().invoke(main, shlex.split(arguments), env={"COMMUNIQUE_STORE": str(built)})
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == output.strip()


@pytest.mark.parametrize("query", re.findall(r"```sparql\n(.*?)```", GUIDE + REASONING + WIKIDATA, re.DOTALL))
def test_the_sparql_of_the_guide_runs_and_finds_something(corpus_engine, query: str) -> None:
    assert corpus_engine.select(query).rows


@pytest.mark.source
def test_the_two_commands_of_the_readme_are_those_that_ci_runs() -> None:
    assert "pip install uv && uv run communique serve" in README
    assert "\nuv run pytest\n" in README
    assert "pytest" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_links_between_the_documents_hold() -> None:
    for name in re.findall(r"\b([a-z]+\.md)\b", README):
        assert (ROOT / "docs" / name).is_file(), name
