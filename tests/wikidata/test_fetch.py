"""``communique wikidata fetch``: what it says, its exit code, and what is left when it is stopped in the middle."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fetched_from import API, CONTACT, DATA, DAY, asked_data, small_site
from patience import DEADLINE
from small_entities import MINISTER, OFFICE, OLD_OFFICE, item
from stand_in_site import Fault, Reply, StandIn, serving

from graph.namespaces import expand
from graph.wikidata.client.alone import alone_in
from graph.wikidata.links import Link, write_links
from graph.wikidata.records import kept
from server.cli import main

COMMAND = """
import signal, sys
from server.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs would ignore it
main(sys.argv[1:])
"""
PROGRAM = """
import sys
from pathlib import Path
from graph.wikidata.client import Site, fetch
url, folder, *ids = sys.argv[1:]
fetch(ids, Path(folder), Site(url, "test@example.org"), retrieved="2026-04-21")
"""
MANY = [f"Q{n}" for n in range(1, 13)]


@pytest.fixture
def site() -> Iterator[StandIn]:
    with serving(small_site(more=12)) as site:
        yield site


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COMMUNIQUE_WIKIDATA", "COMMUNIQUE_WIKIDATA_SITE", "COMMUNIQUE_CONTACT"):
        monkeypatch.delenv(name, raising=False)


def run(runner: CliRunner, *given: object) -> Result:
    return runner.invoke(main, ["wikidata", "fetch", *map(str, given)])


def counts(result: Result) -> dict[str, int]:
    return {row["outcome"]: int(row["entities"]) for row in json.loads(result.stdout) if row["entities"] != "0"}


def test_what_became_of_each_is_told(runner: CliRunner, site: StandIn, tmp_path: Path) -> None:
    options = ("--site", site.url, "--into", tmp_path, "--retrieved", DAY, "--format", "json")
    result = run(runner, MINISTER, OLD_OFFICE, "Q77777", *options)
    assert result.exit_code == 1
    assert counts(result) == {"fetched": 1, "redirected": 1, "missing": 1}
    assert f"{OLD_OFFICE} redirects to {OFFICE}." in result.stderr
    assert "Q77777 is missing: there is no such entity, or no more." in result.stderr
    assert {record.retrieved for record in kept(tmp_path)} == {DAY}
    again = run(runner, MINISTER, OLD_OFFICE, "Q1", *options, "--refresh")
    assert (again.exit_code, counts(again)) == (0, {"unchanged": 2, "fetched": 1})


def test_what_failed_is_told_and_the_exit_code_says_so(runner: CliRunner, site: StandIn, tmp_path: Path) -> None:
    site.fail(DATA, Fault(Reply(418, b"I am a teapot", "text/plain")))
    result = run(runner, MINISTER, "--site", site.url, "--into", tmp_path, "--format", "json")
    assert (result.exit_code, counts(result)) == (1, {"failed": 1})
    assert (
        f"{MINISTER} failed: {site.url}{DATA}{MINISTER}.json?revision=12 answered 418: I am a teapot" in result.stderr
    )


def test_settings_say_where_and_who(
    runner: CliRunner, site: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_WIKIDATA_SITE", site.url)
    monkeypatch.setenv("COMMUNIQUE_WIKIDATA", str(tmp_path / "records"))
    monkeypatch.setenv("COMMUNIQUE_CONTACT", CONTACT)
    assert run(runner, MINISTER).exit_code == 0
    assert len(kept(tmp_path / "records")) == 1
    assert f"({CONTACT})" in site.asked[0].agent


def test_what_is_linked_is_fetched_unless_the_link_is_rejected(
    runner: CliRunner, site: StandIn, tmp_path: Path
) -> None:
    statuses = ("accepted", "candidate", "stale", "rejected", "no-item")
    links = [
        Link(
            expand(f"person:example-{n}"), "skos:exactMatch", "" if status == "no-item" else f"Q{n}", status,
            "semapv:ManualMappingCuration", "Ann Example", DAY,
        )
        for n, status in enumerate(statuses, 1)
    ]  # fmt: skip
    (tmp_path / "authority").mkdir()
    write_links(tmp_path / "authority", links)
    options = ("--site", site.url, "--into", tmp_path / "records", "--authority", tmp_path / "authority")
    result = run(runner, "--linked", "Q9", "Q1", *options)
    assert result.exit_code == 0, result.stderr
    assert sorted(asked_data(site)) == [f"Q{n}.json?revision={100 + n}" for n in (1, 2, 3, 9)]


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ([], 2, "name entities (Q7747), or give --linked"),
        (["Putin"], 1, "'Putin' is no identifier of an item or property"),
        (["Q1"], 1, "www.wikidata.org wants to know whom to ask"),
        (["Q1", "--contact", "me"], 1, "the contact 'me' is no e-mail address"),
        (["Q1", "--site", "example.org"], 1, "'example.org' is no address of a site"),
        (["Q1", "--retrieved", "yesterday"], 2, "'yesterday' does not match the format"),
        (["Q1", "--retrieved", "9999-12-31"], 2, "9999-12-31 has not come yet"),
    ],
)
def test_what_cannot_be_done_is_told(
    runner: CliRunner, tmp_path: Path, given: list[str], code: int, message: str
) -> None:
    result = run(runner, "--into", tmp_path / "records", *given)
    assert result.exit_code == code
    assert message in result.stderr
    assert not (tmp_path / "records").exists()


def test_a_site_that_refuses_ends_it_with_what_it_said(runner: CliRunner, site: StandIn, tmp_path: Path) -> None:
    site.fail(API, Fault(), Fault(Reply(403, b"Please set a user-agent", "text/plain")))
    options = ("--site", site.url, "--into", tmp_path, "--format", "json")
    assert run(runner, MINISTER, *options).exit_code == 0
    result = run(runner, OFFICE, *options)
    assert result.exit_code == 1
    assert "403: Please set a user-agent" in result.stderr
    assert "What was fetched is kept: the same command goes on from here." in result.stderr


def whole(folder: Path) -> set[str]:
    """The entities that are kept, after every record has been read and checked."""
    return {entity for record in kept(folder) for entity in json.loads(record.read())["entities"]}


def start(site: StandIn, folder: Path, program: str = PROGRAM) -> "subprocess.Popen[str]":
    given = [site.url, str(folder), *MANY]
    if program == COMMAND:
        given = ["wikidata", "fetch", "--site", site.url, "--into", str(folder), *MANY]
    return subprocess.Popen([sys.executable, "-c", program, *given], stderr=subprocess.PIPE, text=True)


@pytest.mark.kills
@pytest.mark.parametrize("request_number", [1, 6, 12])
def test_a_fetch_that_is_killed_goes_on_where_it_stood(site: StandIn, tmp_path: Path, request_number: int) -> None:
    """Killed when so many documents have been asked for: what is kept is whole, and is not asked for again."""
    running: list[subprocess.Popen[str]] = []

    def kill() -> None:
        running[0].kill()

    site.fail(DATA, *[Fault()] * (request_number - 1), Fault(before=kill))
    running.append(start(site, tmp_path))
    assert running[0].wait(DEADLINE) == -signal.SIGKILL
    held = whole(tmp_path)
    assert request_number - 3 <= len(held) < request_number, "two others may have been under way"
    site.asked.clear()
    assert start(site, tmp_path).wait(DEADLINE) == 0
    assert {each.partition(".")[0] for each in asked_data(site)} == set(MANY) - held
    assert len(asked_data(site)) == len(MANY) - len(held)
    assert whole(tmp_path) == set(MANY)


@pytest.mark.kills
def test_an_interrupted_fetch_says_how_to_go_on(site: StandIn, tmp_path: Path) -> None:
    running: list[subprocess.Popen[str]] = []

    def interrupt() -> None:
        running[0].send_signal(signal.SIGINT)
        running[0].wait(DEADLINE)

    site.fail(DATA, *[Fault()] * 5, Fault(before=interrupt))
    running.append(start(site, tmp_path, COMMAND))
    _, said = running[0].communicate(timeout=DEADLINE)
    assert running[0].returncode == 130
    assert "Interrupted. What was fetched is kept: the same command goes on from here." in said
    assert "Traceback" not in said
    assert 3 <= len(whole(tmp_path)) <= 5


def test_an_entity_of_another_revision_is_beside_the_former_one(
    runner: CliRunner, site: StandIn, tmp_path: Path
) -> None:
    options = ("--site", site.url, "--into", tmp_path)
    assert run(runner, OFFICE, *options).exit_code == 0
    site.holdings.add(item(OFFICE, "minister of more examples", 22))
    assert run(runner, OFFICE, *options, "--refresh").exit_code == 0
    assert sorted(record.revision for record in kept(tmp_path)) == ["21", "22"]


@pytest.mark.kills
def test_a_second_fetch_into_a_folder_is_refused_until_the_first_has_ended(site: StandIn, tmp_path: Path) -> None:
    """While the first waits for an answer the second asks nothing; when the first is killed no lock is left."""
    folder = tmp_path / "records"
    running: list[subprocess.Popen[str]] = []
    refused: list[tuple[int, str, int]] = []

    def second() -> None:
        asked, other = len(site.asked), start(site, folder)
        _, said = other.communicate(timeout=DEADLINE)
        refused.append((other.returncode, said, len(site.asked) - asked))
        running[0].kill()

    site.fail(API, Fault(before=second))
    running.append(start(site, folder))
    assert running[0].wait(DEADLINE) == -signal.SIGKILL
    ((code, said, requests),) = refused
    assert (code, requests) == (1, 0)
    assert f"FetchAtWorkError: {folder}: another fetch is at work in this folder" in said
    assert [*folder.iterdir()] == []
    assert start(site, folder).wait(DEADLINE) == 0
    assert whole(folder) == set(MANY)


def test_who_is_refused_is_told_what_to_do(runner: CliRunner, site: StandIn, tmp_path: Path) -> None:
    with alone_in(tmp_path):
        result = run(runner, MINISTER, "--site", site.url, "--into", tmp_path)
    assert (result.exit_code, site.asked) == (1, [])
    assert "wait until it has ended, then give the same command again" in result.stderr
    assert run(runner, MINISTER, "--site", site.url, "--into", tmp_path).exit_code == 0
