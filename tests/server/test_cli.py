"""The commands: data on standard output, everything else on standard error, one line for an error."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_corpus import HELD, SmallCorpus

from graph.saved_query import catalogue
from graph.sources import default_authority
from server.cli import main


@pytest.fixture
def ask(runner: CliRunner, small_store: Path):  # type: ignore[no-untyped-def]
    def run(*arguments: str, code: int = 0, **more: str) -> Result:
        result = runner.invoke(main, [*arguments, "--store", str(small_store)], **more)  # type: ignore[arg-type]
        assert result.exit_code == code, result.output
        return result

    return run


def test_every_saved_query_is_a_command_with_its_parameters(runner: CliRunner) -> None:
    listed = runner.invoke(main, ["ask", "--help"]).output
    for name, query in catalogue().items():
        assert name in listed
        told = runner.invoke(main, ["ask", name, "--help"])
        assert told.exit_code == 0
        assert all(f"--{parameter.name}" in told.output for parameter in query.parameters)
        assert told.stderr == ""


def test_an_answer_as_a_table_of_labels(ask) -> None:  # type: ignore[no-untyped-def]
    shown = ask("ask", "meetings").stdout
    assert "2+2" in shown
    assert "meetingLabel" not in shown


def test_an_answer_as_csv_and_json(ask) -> None:  # type: ignore[no-untyped-def]
    header, row = csv.reader(io.StringIO(ask("ask", "meetings", "--format", "csv").stdout, newline=""))
    assert row[header.index("earliest")] == "2017-03-20"
    document = json.loads(ask("ask", "meetings", "--format", "json", "--other-state", "").stdout)
    assert document["head"]["vars"] == header


def test_format_is_how_to_print_and_a_format_of_meetings(ask) -> None:  # type: ignore[no-untyped-def]
    both = ask("ask", "meetings", "--format", "2plus2", "--format", "csv").stdout
    assert both.count("talks-2017") > 0
    assert "how to print" in ask("ask", "meetings", "--help").stdout
    assert "more than once" in ask("ask", "meetings", "--format", "csv", "--format", "json", code=2).stderr


def test_a_page_says_that_there_is_more(ask) -> None:  # type: ignore[no-untyped-def]
    result = ask("ask", "timeline", "--limit", "1")
    assert "--offset 1" in result.stderr
    assert "--offset" not in result.stdout
    assert "ends before it" in ask("ask", "timeline", "--offset", "99", code=1).stderr


def test_a_wrong_argument_is_a_fault_of_use(ask) -> None:  # type: ignore[no-untyped-def]
    result = ask("ask", "meetings", "--state", "Japann", code=2)
    assert result.stdout == ""
    assert "Japan (state:japan)" in result.stderr


def test_a_missing_argument_and_an_unknown_query(ask) -> None:  # type: ignore[no-untyped-def]
    assert "--meeting" in ask("ask", "participants", code=2).stderr
    assert "No such command" in ask("ask", "nothing", code=2).stderr


def test_a_missing_store_says_what_to_do(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(main, ["ask", "meetings"], env={"COMMUNIQUE_STORE": str(tmp_path / "none")})
    assert result.exit_code == 1
    assert "communique build" in result.stderr
    assert result.stderr.count("\n") == 1


QUERIES = [
    ("SELECT (1 AS ?x) {}", "table", "1"),
    ("SELECT (1 AS ?x) {}", "csv", "x\r\n1\r\n"),
    ("SELECT (1 AS ?x) {}", "json", '"bindings"'),
    ("ASK {}", "table", "yes"),
    ("ASK {}", "json", '"boolean":true'),
    ("CONSTRUCT { <http://s/> <http://p/> 1 } WHERE {}", "table", "<http://s/> <http://p/> 1 ."),
    ("CONSTRUCT { <http://s/> <http://p/> 1 } WHERE {}", "json", '"@id":"http://s/"'),
]


@pytest.mark.parametrize(("query", "form", "wanted"), QUERIES)
def test_a_query_of_ones_own(ask, query: str, form: str, wanted: str) -> None:  # type: ignore[no-untyped-def]
    assert wanted in ask("query", "-", "--format", form, input=query).stdout_bytes.decode()


def test_a_query_from_a_file(ask, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "count.rq"
    file.write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", encoding="utf-8")
    assert int(ask("query", str(file), "--format", "csv").stdout.split()[1]) > 50


def test_faults_of_a_query(ask) -> None:  # type: ignore[no-untyped-def]
    assert "line 2, column 3" in ask("query", "-", input="ASK {\n x", code=1).stderr
    assert "SERVICE" in ask("query", "-", input="ASK { SERVICE <http://127.0.0.1:9/> {} }", code=1).stderr
    assert "table" in ask("query", "-", "--format", "csv", input="DESCRIBE <http://s/>", code=2).stderr


def test_evidence_prints_the_quotes(ask) -> None:  # type: ignore[no-untyped-def]
    shown = ask("evidence", "meeting:talks-2017").stdout
    assert "“a 2 + 2 meeting <b>was</b> held”" in shown
    assert "Valery Kistanov in EastRussia" in shown
    assert json.loads(ask("evidence", "meeting:talks-2017", "--format", "json").stdout)["results"]["bindings"]
    assert "nobody" in ask("evidence", "person:nobody", code=2).stderr


def test_build_reports_on_standard_error(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(main, ["build", "--out", str(tmp_path / "store")])
    assert result.exit_code == 0, result.output
    assert "version" in result.stderr
    assert "assertions" in result.stdout


def test_build_takes_another_corpus_and_authority_and_tells_empty_seats(runner: CliRunner, tmp_path: Path) -> None:
    seats = [HELD.replace("- {{who: person:kishida, as: office:jp-foreign-minister}}", "- {{for: state:japan}}")]
    small = SmallCorpus(tmp_path, assertions=seats).write()
    sources = [
        "--corpus",
        str(small.corpus),
        "--authority",
        str(default_authority()),
        "--documents",
        str(small.texts),
    ]
    result = runner.invoke(main, ["build", "--out", str(tmp_path / "store"), *sources])
    assert result.exit_code == 0, result.output
    told = [line for line in result.stderr.splitlines() if line.startswith("Empty seat")]
    assert told == ["Empty seat: meeting:small-bonn: nobody is named as postkind:foreign-minister of state:japan"]
    assert "quotes checked" in result.stderr


def test_a_fault_of_a_file_is_told_with_its_line(runner: CliRunner, tmp_path: Path) -> None:
    small = SmallCorpus(tmp_path, assertions=[HELD.replace("status: Held", "status: Hold")]).write(locked=False)
    result = runner.invoke(main, ["build", "--out", str(tmp_path / "store"), "--corpus", str(small.corpus)])
    assert result.exit_code == 1
    assert f"{small.path}:" in result.stderr
    assert "'Held'" in result.stderr
    assert not (tmp_path / "store" / "build.json").exists()


def test_the_sentences_of_a_text_with_what_its_file_needs(runner: CliRunner, tmp_path: Path) -> None:
    small = SmallCorpus(tmp_path).write()
    result = runner.invoke(main, ["sentences", str(small.texts / "small.txt"), "--format", "json"])
    rows = json.loads(result.stdout)
    assert [row["sentence"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert (rows[0]["hash"], rows[0]["text"]) == ("7c68b2d70cd8", "Talks in Bonn")
    assert f"length: {len(small.text)}" in result.stderr


def test_the_schema_knows_what_an_assertion_may_say(runner: CliRunner) -> None:
    schema = json.loads(runner.invoke(main, ["schema"]).stdout)
    assert {"document", "assertions", "nothing-asserted"} == set(schema["properties"])
    assert "in format" in schema["$defs"]["Meeting"]["properties"]
    assert schema["$defs"]["Meeting"]["additionalProperties"] is False


def test_an_unexpected_fault_is_not_hidden(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr("server.cli.build", fail)
    result = runner.invoke(main, ["build", "--out", "unused"])
    assert isinstance(result.exception, ValueError)


def test_anchor_writes_locks(runner: CliRunner, tmp_path: Path) -> None:
    small = SmallCorpus(tmp_path).write()
    result = runner.invoke(main, ["anchor", "--corpus", str(small.corpus), "--documents", str(small.texts)])
    assert result.exit_code == 0, result.output
    assert result.stdout.split() == [str(small.corpus / "small.lock.json")]


def test_coverage_accounts_for_every_sentence(runner: CliRunner) -> None:
    result = runner.invoke(main, ["coverage", "--format", "json"])
    assert result.exit_code == 0, result.output
    assert {row["unaccounted"] for row in json.loads(result.stdout)} == {"0"}


def test_coverage_fails_on_a_sentence_that_is_not_accounted_for(runner: CliRunner, tmp_path: Path) -> None:
    small = SmallCorpus(tmp_path).write()
    result = runner.invoke(main, ["coverage", "--corpus", str(small.corpus), "--documents", str(small.texts)])
    assert result.exit_code == 1
    assert "small" in result.stdout
    assert "carry no assertion" in result.stderr


def test_a_reader_who_has_enough_is_no_fault(small_store: Path) -> None:
    command = [sys.executable, "-c", "from server.cli import main; main()", "query", "-", "--format", "csv"]
    variables = {**os.environ, "COMMUNIQUE_STORE": str(small_store), "PYTHONPATH": os.pathsep.join(sys.path)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=variables, **pipes) as process:
        values = " ".join(map(str, range(200)))
        query = f"SELECT * {{ VALUES ?x {{ {values} }} VALUES ?y {{ {values} }} VALUES ?z {{ {values} }} }}"
        process.stdin.write(query.encode())
        process.stdin.close()
        assert process.stdout.read(3) == b"x,y"
        process.stdout.close()
        assert process.stderr.read() == b""
