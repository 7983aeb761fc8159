"""``communique wikidata export``: the command with its options, and owl:sameAs."""

import json
from pathlib import Path

import pytest
from both_sides import link
from click.testing import CliRunner, Result
from exporting import lines, ministers, proposed, shipped
from pyoxigraph import RdfFormat, parse

from graph.namespaces import expand, term
from graph.sources import SOURCES
from graph.store import write
from graph.wikidata.exports import WARNING, as_batch, as_review, same_as
from server.cli import main

WHO = (
    "--creator",
    "https://orcid.example/0000-0001",
    "--license",
    "https://creativecommons.org/publicdomain/zero/1.0/",
)
WHEN = ("--created", "2026-11-22T09:00:00Z")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the shipped corpus beside two small slices, without what rules conclude: exports do not need it."""
    folder = tmp_path_factory.mktemp("exported")
    write(folder, ministers().quads(), "inputs", {}, dict.fromkeys(SOURCES), "2026-11-21")
    return folder


def run(store: Path, *given: str) -> Result:
    return CliRunner().invoke(main, ["wikidata", "export", "--store", str(store), *given])


def test_quickstatements_go_to_standard_output_and_the_summary_to_standard_error(store: Path) -> None:
    result = run(store, "--form", "quickstatements")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == as_batch(proposed())
    left = len(proposed()) - 2
    assert result.stderr == (
        f"2 lines (2 flagged as weak sources); {left} rows are left to review, with the reason of each "
        "(--form review). Nothing was sent.\n"
    )


def test_without_weak_sources_the_rows_are_left_to_review(store: Path) -> None:
    assert run(store, "--form", "quickstatements", "--without-weak").stdout == ""
    review = run(store, "--form", "review", "--without-weak").stdout
    assert review == as_review(proposed(weak=False))
    assert review.count("a weak source") >= 2


def test_json_is_written_whole_into_a_file(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph.jsonl"
    result = run(store, "--form", "json", "--out", str(out))
    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_bytes() == lines()
    items = [json.loads(line)["type"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert result.stderr == f"{items.count('item')} items, and {items.count('property')} properties of our own.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["graph.jsonl"]


def test_a_file_that_cannot_be_written_leaves_what_was_there(store: Path, tmp_path: Path) -> None:
    result = run(store, "--form", "same-as", "--out", str(tmp_path / "nowhere" / "same.ttl"))
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr


def test_all_nanopublications_go_into_a_folder_one_file_each(store: Path, tmp_path: Path) -> None:
    result = run(store, "--form", "nanopubs", "--all", *WHO, *WHEN, "--out", str(tmp_path))
    assert result.exit_code == 0, result.stderr
    files = sorted(tmp_path.iterdir())
    assert len(files) == len(shipped().assertions) - 9
    assert result.stderr == (
        f"{len(files)} nanopublications; 9 assertions have nothing to publish. They are not signed, and nothing was "
        "sent.\n"
    )
    one = tmp_path / "streltsov-2plus2-held.trig"
    graphs = {quad.graph_name.value for quad in parse(one.read_bytes(), format=RdfFormat.TRIG)}
    assert len(graphs) == 4
    again = tmp_path / "again.trig"
    run(store, "--form", "nanopubs", "--assertion", "streltsov-2plus2-held", *WHO, *WHEN, "--out", str(again))
    assert again.read_bytes() == one.read_bytes()


@pytest.mark.parametrize("named", ["streltsov-abe-visit", "a:streltsov-abe-visit", expand("a:streltsov-abe-visit")])
def test_an_assertion_is_named_by_slug_prefix_or_iri(store: Path, named: str) -> None:
    result = run(store, "--form", "nanopubs", "--assertion", named, *WHO, *WHEN)
    assert result.exit_code == 0, result.stderr
    quads = list(parse(result.stdout, format=RdfFormat.TRIG))
    assert term("a:streltsov-abe-visit") in {quad.graph_name for quad in quads}


def test_two_assertions_go_into_one_text(store: Path) -> None:
    two = ("--assertion", "a:streltsov-abe-visit", "--assertion", "a:streltsov-2plus2-held")
    result = run(store, "--form", "nanopubs", *two, *WHO, *WHEN)
    assert len({quad.graph_name for quad in parse(result.stdout, format=RdfFormat.TRIG)}) == 8


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ((), "Missing option '--form'"),
        (("--form", "csv"), "'csv' is not one of"),
        (("--form", "nanopubs", *WHO), "give --assertion, once or more, or --all"),
        (("--form", "nanopubs", "--all", "--assertion", "a:x", *WHO), "give --assertion, once or more, or --all"),
        (("--form", "nanopubs", "--all"), "give --creator IRI and --license IRI"),
        (("--form", "json", "--all"), "are for --form nanopubs"),
        (("--form", "json", "--without-weak"), "--without-weak is for"),
    ],
)
def test_options_that_do_not_fit_are_refused(store: Path, given: tuple[str, ...], problem: str) -> None:
    result = run(store, *given)
    assert result.exit_code == 2
    assert problem in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (("--assertion", "a:nowhere"), "there is no assertion a:nowhere"),
        (("--assertion", "x:y"), "'x:y' cannot name a assertion"),
        (("--assertion", "No Slug"), "'No Slug' cannot name a assertion"),
        (("--assertion", "https://x.example/ y"), "cannot name a assertion"),
        (("--all", "--created", "soon"), "created 'soon' is no time"),
    ],
)
def test_what_cannot_be_published_is_told(store: Path, given: tuple[str, ...], problem: str) -> None:
    result = run(store, "--form", "nanopubs", *WHO, *given)
    assert result.exit_code == 1
    assert problem in result.stderr


def test_no_store_no_export(tmp_path: Path) -> None:
    result = run(tmp_path, "--form", "json")
    assert result.exit_code == 1
    assert "no store is there" in result.stderr


def test_same_as_has_the_accepted_exact_links_alone_under_a_warning(store: Path) -> None:
    result = run(store, "--form", "same-as")
    head = [line for line in result.stdout.splitlines() if line.startswith("#")]
    assert head == [f"# {line}" for line in WARNING]
    triples = list(parse(result.stdout, format=RdfFormat.TURTLE))
    assert {triple.predicate for triple in triples} == {term("owl:sameAs")}
    pairs = {(triple.subject, triple.object) for triple in triples}
    assert (term("person:lavrov"), term("wd:Q58217")) in pairs
    assert (term("person:putin"), term("wd:Q7747")) in pairs
    assert not {item for _, item in pairs} & {term("wd:Q19300851"), term("wd:Q130234762"), term("wd:Q2761147")}


def test_the_graph_itself_has_no_same_as_to_an_item() -> None:
    assert not [t for t in shipped().links if t.predicate == term("owl:sameAs")]


def test_rejected_candidate_close_and_missing_links_are_no_same_as() -> None:
    links = [
        link("person:ito", "Q1"),
        link("person:sato", "Q2", "rejected"),
        link("person:kistanov", "Q3", "candidate"),
        link("state:japan", "Q17", predicate="skos:closeMatch"),
        link("person:abe", "", "no-item"),
    ]
    (only,) = parse(same_as(links), format=RdfFormat.TURTLE)
    assert (only.subject, only.object) == (term("person:ito"), term("wd:Q1"))
    assert list(parse(same_as([]), format=RdfFormat.TURTLE)) == []
