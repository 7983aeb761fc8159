"""``communique wikidata import`` and ``diff``: files into records, and what changed."""

import csv
import gzip
import io
import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from slicing import entity, item, kishida, snak, statement

from graph.wikidata.records import kept
from graph.wikidata.slices import read_slices
from server.cli import main

URL = "https://example.org/slices/"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["wikidata", *map(str, arguments)])


def importing(folder: Path, *files: Path, url: str = URL, more: tuple[str, ...] = ()) -> Result:
    given = ("--into", folder, "--url", url, "--retrieved", "2026-04-22", "--format", "csv")
    return run("import", *files, *given, *more)


def written(path: Path, data: object) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def test_files_are_kept_as_they_are_and_each_is_counted(tmp_path: Path) -> None:
    first = written(tmp_path / "Q359480.json", kishida())
    lines = f"{json.dumps(entity('Q1'))}\n{json.dumps(entity('Q2'))}\n"
    second = written(tmp_path / "two.jsonl.gz", gzip.compress(lines.encode(), mtime=0))
    result = importing(tmp_path / "records", first, second)
    assert result.exit_code == 0, result.output
    rows = [*csv.DictReader(io.StringIO(result.stdout))]
    assert [(row["file"], row["entities"]) for row in rows] == [(str(first), "1"), (str(second), "2")]
    records = kept(tmp_path / "records")
    assert {(each.url, each.retrieved, each.media_type) for each in records} == {
        (URL + "Q359480.json", "2026-04-22", "application/json"),
        (URL + "two.jsonl.gz", "2026-04-22", "application/x-ndjson"),
    }
    assert {each.read() for each in records} == {first.read_bytes(), second.read_bytes()}
    assert len(read_slices(tmp_path / "records").graphs) == 3


def test_rows_are_told_which_offices_they_name(tmp_path: Path) -> None:
    rows = written(tmp_path / "rows.csv", b"position,person,personID,start\nPresident,A,Q1,2000\n")
    refused = importing(tmp_path / "records", rows)
    assert refused.exit_code == 1
    assert f"{rows}, row 1: 'President' is no identifier of an office" in refused.stderr
    assert importing(tmp_path / "records", rows, more=("--position", "President=Q218295")).exit_code == 0
    (record,) = kept(tmp_path / "records")
    assert record.positions == (("President", "Q218295"),)
    assert importing(tmp_path / "b", rows, more=("--position", "Q218295x")).exit_code == 2


def test_nothing_is_kept_if_one_file_cannot_be_read(tmp_path: Path) -> None:
    good, bad = written(tmp_path / "good.json", kishida()), written(tmp_path / "bad.json", b"{")
    result = importing(tmp_path / "records", good, bad)
    assert result.exit_code == 1
    assert f"{bad}: it is no JSON" in result.stderr
    assert not (tmp_path / "records").exists()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "its name does not tell what it is: say --media-type"),
        ("a.csv", b"item,position\n", "nothing is said of any entity in it"),
        ("a.json", {"entities": {"Q1": {"id": "Q1", "missing": ""}}}, "nothing is said of any entity in it"),
        ("a.csv", b"item,colour\nQ1,red\n", "the column 'colour' is not known"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, name: str, data: object, message: str) -> None:
    result = importing(tmp_path / "records", written(tmp_path / name, data))
    assert result.exit_code != 0
    assert message in result.stderr


def test_an_address_and_a_media_type_may_be_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", kishida())
    more = ("--media-type", "application/json")
    assert importing(tmp_path / "records", path, url="https://example.org/q", more=more).exit_code == 0
    assert [each.url for each in kept(tmp_path / "records")] == ["https://example.org/q"]
    assert "is no address" in importing(tmp_path / "records", path, url="here", more=more).stderr


def office(name: str) -> dict:
    return statement("Q1$a", snak("P39", item("Q2")), "normal", [snak(name, item("Q3"))])


def test_diff_tells_what_changed(tmp_path: Path) -> None:
    files = [
        written(tmp_path / f"{revision}.json", entity("Q1", office(name), revision=revision, labels=labels))
        for revision, name, labels in ((5, "P642", {}), (7, "P2389", {}), (9, "P2389", {"en": {"value": "A"}}))
    ]
    assert importing(tmp_path / "records", *files).exit_code == 0

    def told(*more: str) -> list[list[str]]:
        result = run("diff", "Q1", "--wikidata", tmp_path / "records", "--format", "csv", *more)
        assert result.exit_code == 0, result.output
        return [*csv.reader(io.StringIO(result.stdout))][1:]

    assert told() == [["label", "", "en", "", "A"]]
    moved = [["qualifier", "P39", "Q1$a", "P642 Q3", ""], ["qualifier", "P39", "Q1$a", "", "P2389 Q3"]]
    assert told("--from", "5", "--to", "7") == moved
    assert told("--from", "5", "--property", "P39") == moved
    missing = run("diff", "Q1", "--wikidata", tmp_path / "records", "--from", "6")
    assert missing.exit_code == 1
    assert "there is no slice of Q1 at '6'; there are: 5, 7, 9" in missing.stderr
    none = run("diff", "Q404", "--wikidata", tmp_path / "records")
    assert "two whole slices of Q404 are needed; there are: none" in none.stderr


def test_diff_takes_whole_slices_unless_others_are_named(tmp_path: Path) -> None:
    """A partial slice stays one also if neither has a revision: what it does not have is not told as put in."""
    kept = tmp_path / "records"
    rows = written(tmp_path / "rows.csv", b"item,position,psid\nQ1,Q2,Q1-a\n")
    assert importing(kept, rows, more=("--retrieved", "2026-04-20")).exit_code == 0
    other = statement("Q1$b", snak("P39", item("Q4")))
    assert (
        importing(kept, written(tmp_path / "a.json", entity("Q1", office("P642"), other, revision=None))).exit_code
        == 0
    )
    one = run("diff", "Q1", "--wikidata", kept)
    assert one.exit_code == 1
    assert "two whole slices of Q1 are needed; there are: 2026-04-20 (partial), 2026-04-22" in one.stderr
    named = run("diff", "Q1", "--wikidata", kept, "--from", "2026-04-20")
    assert named.exit_code == 0
    assert "0 changes in Q1 from 2026-04-20 to 2026-04-22" in named.stderr


def test_what_no_build_could_read_is_refused(tmp_path: Path) -> None:
    data = (
        b"<https://www.wikidata.org/wiki/Special:EntityData/Q1> <http://schema.org/version> 5 ;"
        b" <http://schema.org/about> <http://www.wikidata.org/entity/Q1> . "
    )
    said = b"<http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/P39> "
    silent = written(tmp_path / "a.ttl", data + said + b"<http://www.wikidata.org/entity/statement/Q1-a> .")
    refused = importing(tmp_path / "records", silent)
    assert refused.exit_code == 1
    assert f"{silent}: Q1, P39: nothing is said of the statement" in refused.stderr
    of_nothing = written(tmp_path / "b.ttl", data.replace(b"/entity/Q1", b"/entity/Q2"))
    refused = importing(tmp_path / "records", of_nothing)
    assert f"{of_nothing}: the document of Q1 does not say that it is about it" in refused.stderr
    assert not (tmp_path / "records").exists()


def test_a_day_to_come_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", kishida())
    for days, code in ((0, 0), (2, 2)):
        day = (date.today() + timedelta(days=days)).isoformat()
        result = importing(tmp_path / "records", path, more=("--retrieved", day))
        assert result.exit_code == code, result.output
    assert "has not come yet" in result.stderr
    os.mkfifo(tmp_path / "pipe.json")
    refused = importing(tmp_path / "records", tmp_path / "pipe.json")
    assert refused.exit_code == 1
    assert "pipe.json: it is no regular file" in refused.stderr
