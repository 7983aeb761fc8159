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


TENURES = b"""position,person,personID,start
President,A,Q1,2000
Minister of Defence,B,Q2,2001
Minister of Defence,C,Q3,2002
Emperor,D,Q4,2003
,E,Q5,2004
,F,Q6,
"""


def test_a_name_that_no_row_has_is_refused_with_those_that_rows_have(tmp_path: Path) -> None:
    rows = written(tmp_path / "rows.csv", TENURES)
    more = ("--position", "President=Q11", "--position", "Ministre of Defence=Q12")
    refused = importing(tmp_path / "records", rows, more=more)
    assert refused.exit_code == 2
    assert (
        "--position: no row calls its office 'Ministre of Defence'; what rows call offices: 'Minister of Defence', "
    ) in " ".join(refused.stderr.split())
    assert not (tmp_path / "records").exists()
    other = written(tmp_path / "other.csv", b"item,position\nQ9,Ministre of Defence\n")
    assert importing(tmp_path / "records", rows, other, more=more).exit_code == 0, "it is named in one of the files"


def test_of_many_names_those_that_are_likest_are_shown(tmp_path: Path) -> None:
    names = [f"Governor of Region {n}" for n in range(30)] + ["Prime Minister"]
    rows = written(tmp_path / "rows.csv", "\n".join(["item,position", *(f"Q1,{name}" for name in names)]).encode())
    said = " ".join(importing(tmp_path / "records", rows, more=("--position", "prime minister=Q1")).stderr.split())
    assert "what rows call offices: 'Prime Minister', " in said
    assert "and 26 more" in said


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("Q1",), "no row is without the name of an office; what rows call offices: 'Emperor'"),
        (("Emperor=Q1", "Emperor=Q2"), "'Emperor' is given two items, Q1 and Q2"),
        (("Q1", "Q2"), "the office of all rows is given two items, Q1 and Q2"),
        (("Emperor=P39",), "'Emperor=P39' is no office: write NAME=Q…, or Q… alone"),
        (("Emperor=",), "'Emperor=' is no office"),
    ],
)
def test_an_office_that_cannot_be_meant_is_refused(tmp_path: Path, given: tuple[str, ...], message: str) -> None:
    rows = written(tmp_path / "rows.csv", b"item,position\nQ9,Emperor\nQ8,Q7\n")
    more = tuple(word for each in given for word in ("--position", each))
    refused = importing(tmp_path / "records", rows, more=more)
    assert refused.exit_code == 2
    assert message in " ".join(refused.stderr.split())
    assert not (tmp_path / "records").exists()


def test_rows_of_offices_that_are_not_given_are_counted(tmp_path: Path) -> None:
    rows = written(tmp_path / "rows.csv", TENURES)
    told = importing(tmp_path / "records", rows, more=("--position", "President=Q11"))
    assert told.exit_code == 0
    assert (
        f"{rows}: 4 rows tell no tenure here, as no --position gives their office: 'Minister of Defence' (2), "
        "without a name (1), 'Emperor' (1)\n"
    ) == told.stderr
    all_ = ("President=Q11", "Minister of Defence=Q12", "Emperor=Q13", "Q14")
    more = tuple(word for each in all_ for word in ("--position", each))
    assert importing(tmp_path / "records", rows, more=more).stderr == ""


def test_rows_in_json_are_told_of_alike(tmp_path: Path) -> None:
    row = {"item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q9"}}
    row["position"] = {"type": "literal", "value": "Emperor"}
    path = written(tmp_path / "rows.srj", {"head": {"vars": [*row]}, "results": {"bindings": [row]}})
    refused = importing(tmp_path / "records", path, more=("--position", "Kaiser=Q1"))
    assert "what rows call offices: 'Emperor'" in " ".join(refused.stderr.split())
    assert importing(tmp_path / "records", path, more=("--position", "Emperor=Q1")).exit_code == 0


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
        (
            "a.json",
            {"error": {"code": "maxlag", "info": "wait"}},
            "it is an error that the site answered, and no entity",
        ),
        ("a.json", {"id": "P1", "type": "item", "claims": {}}, "P1: type is 'item', not one of property"),
        ("a.json", {"id": "Q1", "lastrevid": "07", "claims": {}}, "Q1: lastrevid is '07', which is not of its form"),
        ("a.csv", b"item,position\nP39,Q2\n", "row 1: 'P39' is no item"),
        (
            "a.srj",
            {"head": {"vars": ["item"]}, "results": {"bindings": [{"item": {"type": "uri", "value": None}}]}},
            "item: value is nothing, not a text",
        ),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, name: str, data: object, message: str) -> None:
    result = importing(tmp_path / "records", written(tmp_path / name, data))
    assert result.exit_code != 0
    assert message in result.stderr


@pytest.mark.parametrize("url", ["https://example.org/%zz", "http://[::1/", "https://example.org/\x00", "here", ""])
def test_an_address_that_rdf_cannot_have_is_refused(tmp_path: Path, url: str) -> None:
    refused = importing(tmp_path / "records", written(tmp_path / "a.json", kishida()), url=url)
    assert refused.exit_code == 2
    assert "is no address: give that which the files came from" in " ".join(refused.stderr.split())
    assert not (tmp_path / "records").exists()


def test_a_file_may_have_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = written(tmp_path / os.fsdecode(b"a\xff.json"), kishida())
    for form in ("csv", "json", "table"):
        told = importing(tmp_path / "records", path, more=("--format", form))
        assert told.exit_code == 0, told.output
        assert "a\\" in told.stdout
    assert [each.url for each in kept(tmp_path / "records")] == [URL + "a%FF.json"]


def test_an_entity_that_stands_twice_in_a_file_is_told_alike(tmp_path: Path) -> None:
    lines = [json.dumps(each) for each in (entity("Q1"), entity("Q2"), entity("Q1"))]
    alike = written(tmp_path / "alike.jsonl", "\n".join(lines).encode())
    assert importing(tmp_path / "records", alike).exit_code == 0
    lines.append(json.dumps(entity("Q1", labels={"en": {"value": "A"}})))
    refused = importing(tmp_path / "b", written(tmp_path / "other.jsonl", "\n".join(lines).encode()))
    assert refused.exit_code == 1
    assert "Q1 stands in it twice, with other contents: leave one out" in refused.stderr
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("is_first", [False, True])
def test_an_answer_may_have_an_entity_and_what_redirects_to_it(tmp_path: Path, is_first: bool) -> None:
    told = {"Q1": entity("Q1"), "Q8": entity("Q1", redirects={"from": "Q8", "to": "Q1"})}
    told["Q9"] = entity("Q1", redirects={"from": "Q9", "to": "Q1"})
    order = sorted(told, reverse=is_first)
    path = written(tmp_path / "a.json", {"entities": {name: told[name] for name in order}})
    assert importing(tmp_path / "records", path).exit_code == 0
    slices = read_slices(tmp_path / "records")
    (graph,) = slices.graphs.values()
    same = {each.subject.value.rpartition("/")[2] for each in graph if each.predicate.value.endswith("sameAs")}
    assert same == {"Q8", "Q9"}


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


def test_diff_takes_the_slices_that_the_view_would_take(tmp_path: Path) -> None:
    """An answer without a revision counts as newer if it was retrieved later than all that have one."""
    folder = tmp_path / "records"
    for day, revision, name in (("2026-04-20", 5, "P1"), ("2026-04-21", 7, "P2"), ("2026-04-23", None, "P3")):
        path = written(tmp_path / f"{name}.json", entity("Q1", office(name), revision=revision))
        assert importing(folder, path, more=("--retrieved", day)).exit_code == 0
    assert "2 changes in Q1 from 7 to 2026-04-23" in run("diff", "Q1", "--wikidata", folder).stderr
    assert "2 changes in Q1 from 5 to 7" in run("diff", "Q1", "--wikidata", folder, "--to", "7").stderr


@pytest.mark.parametrize("given", [("Putin",), ("",), ("Q1", "--property", "39"), ("Q1", "--property", "Q39")])
def test_diff_refuses_what_is_no_identifier(tmp_path: Path, given: tuple[str, ...]) -> None:
    refused = run("diff", *given, "--wikidata", tmp_path)
    assert refused.exit_code == 2
    assert f"'{given[-1]}' is no identifier, such as Q7747 or P39" in refused.stderr


def test_diff_says_which_parts_a_slice_was_retrieved_without(tmp_path: Path) -> None:
    """The older answer was asked for statements alone; the labels and pages of the newer one are not new."""
    whole = entity(
        "Q1", office("P642"), revision=7, labels={"en": {"value": "A"}}, sitelinks={"enwiki": {"title": "A"}}
    )
    claims = {**entity("Q1", office("P2389"), revision=5)}
    for name in ("labels", "descriptions", "aliases", "sitelinks"):
        del claims[name]
    kept = tmp_path / "records"
    lines = f"{json.dumps(entity('Q2'))}\n{json.dumps(claims)}\n"
    assert importing(kept, written(tmp_path / "old.jsonl", lines.encode())).exit_code == 0
    assert importing(kept, written(tmp_path / "new.json", whole)).exit_code == 0
    told = run("diff", "Q1", "--wikidata", kept, "--format", "csv")
    assert [row[0] for row in csv.reader(io.StringIO(told.stdout))] == ["what", "qualifier", "qualifier"]
    assert told.stderr == (
        "Not compared, as not retrieved: aliases (not in 5), descriptions (not in 5), labels (not in 5), "
        "sitelinks (not in 5)\n"
        "2 changes in Q1 from 5 to 7\n"
    )
    only = run("diff", "Q1", "--wikidata", kept, "--property", "P39")
    assert only.stderr == "2 changes in Q1 from 5 to 7\n"


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
