"""Tokens: who may write, and that nobody can learn a token from what is kept."""

import json
import stat
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from werkzeug.exceptions import Forbidden, HTTPException, Unauthorized

from server.access import FILE, ScopeError, TokenFileError, Tokens, UnknownTokenError
from server.tokens_command import token as command


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "store")


def refused(tokens: Tokens, header: str | None, scope: str = "update") -> HTTPException:
    with pytest.raises(HTTPException) as caught:
        tokens.check(header, scope)
    return caught.value


def test_a_token_is_good_for_its_scopes_only(tokens: Tokens) -> None:
    text = tokens.new(["update"], "import")
    assert tokens.check(f"Bearer {text}", "update") == tokens.all()[0].id
    assert tokens.check(f"bearer  {text} ", "update")
    error = refused(tokens, f"Bearer {text}", "graph-store")
    assert isinstance(error, Forbidden)
    assert "graph-store" in str(error.description)
    assert text not in str(error.description)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic dXNlcjpw", "Bearer nonsense", "Bearer é\udcff"]
)
def test_without_a_known_token_it_is_401_with_the_scheme(tokens: Tokens, header: str | None) -> None:
    tokens.new(["update"])
    error = refused(tokens, header)
    assert isinstance(error, Unauthorized)
    told = dict(error.get_headers())["WWW-Authenticate"]
    assert told.startswith('Bearer realm="communique store"')
    assert ("invalid_token" in told) == (header in ("Bearer nonsense", "Bearer é\udcff"))


def test_where_no_token_was_made_none_is_good(tokens: Tokens) -> None:
    assert isinstance(refused(tokens, "Bearer cq_x"), Unauthorized)
    assert not tokens.knows("cq_x")


def test_the_file_holds_no_token_and_is_its_owners(tokens: Tokens, tmp_path: Path) -> None:
    made = [tokens.new(["update", "graph-store"]) for _ in range(3)]
    file = tmp_path / "store" / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="utf-8")
    assert not any(token in text for token in made)
    assert len(set(made)) == 3
    assert all(len(token) >= 43 for token in made)
    assert {entry["sha256"][:12] for entry in json.loads(text)["tokens"]} == {held.id for held in tokens.all()}


def test_a_revoked_token_ends_at_once_in_a_server_that_runs(tokens: Tokens, tmp_path: Path) -> None:
    text = tokens.new(["update"])
    other = Tokens(tmp_path / "store")
    assert other.check(f"Bearer {text}", "update")
    tokens.revoke(tokens.all()[0].id)
    assert isinstance(refused(other, f"Bearer {text}"), Unauthorized)
    later = tokens.new(["update"])
    assert other.knows(later)
    with pytest.raises(UnknownTokenError, match="no token 'x'"):
        tokens.revoke("x")


def test_a_damaged_file_lets_nobody_write(tokens: Tokens, tmp_path: Path) -> None:
    text = tokens.new(["update"])
    for damaged in ("", "{}", '{"tokens": [{"id": 1}]}', "\0"):
        (tmp_path / "store" / FILE).write_text(damaged, encoding="utf-8")
        with pytest.raises(TokenFileError):
            tokens.check(f"Bearer {text}", "update")


def test_scopes_are_those_there_are(tokens: Tokens) -> None:
    for scopes in ([], ["all"], ["update", ""]):
        with pytest.raises(ScopeError, match="graph-store"):
            tokens.new(scopes)


def test_tokens_made_at_the_same_time_are_all_kept(tokens: Tokens) -> None:
    threads = [threading.Thread(target=tokens.new, args=(["update"],)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens.all()) == 8


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_the_command_prints_a_token_once_and_lists_and_revokes(tmp_path: Path) -> None:
    made = run(str(tmp_path), "--scope", "update,graph-store", "--label", "job [1]")
    text = made.stdout.strip()
    assert Tokens(tmp_path).check(f"Bearer {text}", "graph-store")
    listed = json.loads(run(str(tmp_path), "--list", "--format", "json").stdout)
    assert [(row["scopes"], row["label"]) for row in listed] == [("update,graph-store", "job [1]")]
    assert text not in run(str(tmp_path), "--list").output
    assert run(str(tmp_path), "--revoke", listed[0]["id"]).exit_code == 0
    assert json.loads(run(str(tmp_path), "--list", "--format", "json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "--scope"),
        (["--scope", "update", "--list"], 2, "one of"),
        (["--scope", "everything"], 2, "graph-store"),
        (["--revoke", "abc"], 1, "no token"),
    ],
)
def test_faults_of_the_command(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    result = run(str(tmp_path), *arguments)
    assert result.exit_code == code
    assert said in result.stderr
