"""The page on which a person judges: both sides beside each other, and judgements only with a token."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from stand_in import ask
from wikidata import reconcilable
from wikidata.both_sides import link
from wikidata.reconcilable import LINKS, MINISTER, NAMESAKE, write_reconcilable

from graph.engine import open_engine
from graph.limits import Limits
from graph.namespaces import expand
from graph.wikidata.links import NAME, read_links, write_links
from graph.wikidata.reconciliation.judging import MACHINE
from server.access import Tokens
from server.app import create_app
from server.cli import main
from server.front import Front
from server.judge import MOST_QUOTED, Judging

HTML = {"Accept": "text/html"}
LAVROV = expand("person:lavrov")
ACCEPT = f"accepted {LAVROV} {MINISTER}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reconcilable(tmp_path_factory.mktemp("judged"))


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    folder = tmp_path / "authority"
    folder.mkdir()
    write_links(folder, LINKS)
    return folder


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "tokens")


@pytest.fixture
def reading(store: Path) -> FlaskClient:
    """A client of a service that takes no judgements."""
    return create_app(open_engine(store)).test_client()


@pytest.fixture
def judging(store: Path, authority: Path, tokens: Tokens) -> FlaskClient:
    """A client of one that takes them."""
    app = create_app(open_engine(store))
    app.extensions["judging"] = Judging(authority, tokens)
    return app.test_client()


def form(token: str, **more: str) -> dict[str, str]:
    return {"judgement": ACCEPT, "by": "An editor", "date": "2026-07-02", "token": token} | more


def test_both_sides_stand_beside_each_other(reading: FlaskClient) -> None:
    page = reading.get("/wikidata/judge", headers=HTML).get_data(as_text=True)
    for told in (
        "Sergey Lavrov",
        "Сергей Лавров",
        "a 2 + 2 meeting &lt;b&gt;was&lt;/b&gt; held",
        "Valery Kistanov in EastRussia",
        f"https://www.wikidata.org/wiki/{MINISTER}",
        "Born, or founded: 1950-03-21.",
        "Minister of Foreign Affairs (Q1418873), from 2004-03-09",
        "80.0 of 100",
        "Revision 7, recorded 2026-07-22",
        "Foreign Minister of Russia from 2004-03-09",
    ):
        assert told in page
    assert NAMESAKE not in page, "what does not pass is shown of one thing only"
    assert "/wikidata/judge?thing=person%3Akishida" in page


def test_without_judging_the_page_shows_the_commands(reading: FlaskClient) -> None:
    page = reading.get("/wikidata/judge", headers=HTML).get_data(as_text=True)
    assert f"communique wikidata judge person:lavrov {MINISTER} --accept --by NAME --authority DIR" in page
    assert "communique wikidata judge person:lavrov --no-item" in page
    assert "<button name=" not in page


def test_of_one_thing_all_that_is_alike_is_shown_with_the_reason(reading: FlaskClient) -> None:
    page = reading.get("/wikidata/judge?thing=person:lavrov", headers=HTML).get_data(as_text=True)
    assert NAMESAKE in page
    assert "does not pass: life: ended 1999-08-02" in page
    assert "<mark>contradicts</mark>" in page
    assert "Nothing at hand has a name that is alike." in reading.get(
        "/wikidata/judge?thing=person:kishida", headers=HTML
    ).get_data(as_text=True)
    assert reading.get("/wikidata/judge?thing=person:nobody").status_code == 404


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which somebody has recorded candidates: one that is at hand under another name, one that is not."""
    rows = (("person:kishida", "Q999999", "Two <i>differ</i>."), ("person:kistanov", NAMESAKE, ""))
    candidates = [replace(link(ours, item, "candidate"), comment=why) for ours, item, why in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reconcilable, "LINKS", (*LINKS, *candidates))
        return write_reconcilable(tmp_path_factory.mktemp("waiting"))


def test_candidates_on_record_are_shown_with_what_can_be_judged(
    waiting: Path, authority: Path, tokens: Tokens
) -> None:
    app = create_app(open_engine(waiting))
    without = app.test_client().get("/wikidata/judge", headers=HTML).text
    assert "Recorded as a candidate by An editor on 2026-07-01: Two &lt;i&gt;differ&lt;/i&gt;." in without
    assert "communique wikidata fetch Q999999" in without
    assert "judge person:kishida Q999999 --reject" in without
    assert "judge person:kishida --no-item" in without
    assert "Q999999 --accept" not in without
    assert f"judge person:kistanov {NAMESAKE} --accept" in without
    for thing in ("person%3Akishida", "person%3Akistanov"):
        assert f"/wikidata/judge?thing={thing}" not in without, "a candidate waits, so that there may be an item"
    assert "/wikidata/judge?thing=format%3A2plus2" in without
    app.extensions["judging"] = Judging(authority, tokens)
    for page in ("/wikidata/judge", "/wikidata/judge?thing=person:kishida"):
        text = app.test_client().get(page, headers=HTML).text
        assert f'value="rejected {expand("person:kishida")} Q999999"' in text
        assert f'value="accepted {expand("person:kishida")} Q999999"' not in text
        assert "Nothing at hand has a name that is alike" not in text


NO_ITEM = ("--no-item", f'value="no-item {expand("state:russia")}')


def test_of_what_is_linked_the_page_says_to_what_and_does_not_offer_that_there_is_none(
    reading: FlaskClient, judging: FlaskClient, tokens: Tokens
) -> None:
    page = "/wikidata/judge?thing=state:russia"
    text = reading.get(page, headers=HTML).text
    assert "Q159</small>, as An editor judged on 2026-07-01" in text
    assert "communique wikidata judge state:russia Q159 --stale" in text
    assert not [each for each in NO_ITEM if each in text]
    text = judging.get(page, headers=HTML).text
    assert f'value="stale {expand("state:russia")} Q159"' in text
    assert not [each for each in NO_ITEM if each in text]
    given = form(tokens.new(["judge"]), judgement=f"stale {expand('state:russia')} Q159")
    assert judging.post("/wikidata/judge", data=given).status_code == 200
    text = judging.get(page, headers=HTML).text
    assert NO_ITEM[1] in text, "the folder counts, not the graph that was built before"
    assert "Linked to" not in text
    judging.post("/wikidata/judge", data=given | {"judgement": f"no-item {expand('state:russia')}"})
    text = judging.get(page, headers=HTML).text
    assert "Wikidata has no item for it, as An editor judged on 2026-07-02" in text
    assert NO_ITEM[1] not in text


def test_what_is_accepted_and_does_not_pass_is_told(judging: FlaskClient, authority: Path, tokens: Tokens) -> None:
    token = tokens.new(["judge"])
    given = form(token, judgement=f"rejected {LAVROV} {NAMESAKE}", comment="His uncle.")
    assert "does not pass" not in judging.post("/wikidata/judge", data=given).text
    judging.post("/wikidata/judge", data=given | {"comment": "", "by": "Another"})
    assert [each.comment for each in read_links(authority) if each.subject == LAVROV] == ["His uncle."]
    text = judging.post("/wikidata/judge", data=form(token, judgement=f"accepted {LAVROV} {NAMESAKE}")).text
    assert "It does not pass: life: ended 1999-08-02" in text
    assert "recorded as you say" in text
    assert "Its comment was: His uncle." in text
    again = judging.post("/wikidata/judge", data=form(token, judgement=f"rejected {LAVROV} {NAMESAKE}"))
    assert again.status_code == 200
    assert "does not pass" not in judging.post("/wikidata/judge", data=form(token)).text
    assert {each.object: each.status for each in read_links(authority) if each.subject == LAVROV} == {
        NAMESAKE: "rejected",
        MINISTER: "accepted",
    }


def test_a_service_that_takes_no_judgements_refuses_them(reading: FlaskClient, tokens: Tokens) -> None:
    answer = reading.post("/wikidata/judge", data=form(tokens.new(["judge"])))
    assert answer.status_code == 403
    assert "--judge DIR" in answer.get_json(force=True)["detail"]


def test_a_judgement_with_a_token_is_recorded_and_told(judging: FlaskClient, authority: Path, tokens: Tokens) -> None:
    token = tokens.new(["judge"])
    page = judging.post("/wikidata/judge", data=form(token, judgement=f"rejected {LAVROV} {MINISTER}"))
    assert page.status_code == 200
    answer = judging.post("/wikidata/judge", data=form(token))
    text = answer.get_data(as_text=True)
    assert "accepted, by An editor on 2026-07-02" in text
    assert "It replaces: rejected" in text
    assert "after the next <code>communique build</code>" in text
    (row,) = [each for each in read_links(authority) if each.subject == LAVROV]
    assert (row.object, row.status, row.author) == (MINISTER, "accepted", "An editor")
    assert "Judged since the build: Q58217 accepted" in judging.get("/wikidata/judge").get_data(as_text=True)


def test_the_token_may_stand_in_the_header(judging: FlaskClient, authority: Path, tokens: Tokens) -> None:
    given = {name: value for name, value in form("").items() if name != "token"}
    headers = {"Authorization": f"Bearer {tokens.new(['judge'])}"}
    given["judgement"] = f"no-item {LAVROV}"
    assert judging.post("/wikidata/judge", data=given, headers=headers).status_code == 200
    assert [each.status for each in read_links(authority) if each.subject == LAVROV] == ["no-item"]


@pytest.mark.parametrize("scopes", [None, [], ["update", "graph-store"]])
def test_without_a_token_of_the_scope_nothing_is_recorded(
    judging: FlaskClient, authority: Path, tokens: Tokens, scopes: list[str] | None
) -> None:
    before = (authority / NAME).read_bytes()
    token = {"token": tokens.new(scopes) if scopes else "cq_guessed"} if scopes is not None else {}
    given = {name: value for name, value in form("").items() if name != "token"} | token
    assert judging.post("/wikidata/judge", data=given).status_code == (403 if scopes else 401)
    assert judging.post(f"/wikidata/judge?token={tokens.new(['judge'])}", data=given).status_code in (401, 403)
    assert (authority / NAME).read_bytes() == before


def test_guesses_in_the_form_count_as_those_in_the_header_do(store: Path, authority: Path, tokens: Tokens) -> None:
    engine = open_engine(store)
    app = create_app(engine)
    app.extensions["judging"] = Judging(authority, tokens)
    front = Front(app, engine, Limits(failures_per_second=0.1))
    good = tokens.new(["judge"])

    def sent(token: str, address: str = "192.0.2.1", **header: str) -> int:
        headers = {"host": "localhost", "content-type": "application/x-www-form-urlencoded", **header}
        body = urlencode(form(token)).encode()
        return ask(front, "POST", "/wikidata/judge", headers, body, address=address).status

    assert sent(good) == 200
    assert sent("cq_guessed") == 401
    assert sent("cq_guessed") == 429, "one at once, and the next after ten seconds"
    assert sent(good) == 429, "else whoever guesses would learn that this one is right"
    assert sent("", authorization=f"Bearer {good}") == 429
    assert sent(good, "192.0.2.2") == 200, "nobody else is locked out"
    assert ask(front, "GET", "/wikidata/judge", {"host": "localhost"}).status == 200
    front.close()


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"judgement": ""}, 400),
        ({"judgement": "liked x y"}, 400),
        ({"by": " "}, 400),
        ({"predicate": "owl:sameAs"}, 400),
        ({"judgement": f"accepted {LAVROV} Q999"}, 400),
        ({"judgement": f"{ACCEPT} Q2"}, 400),
        ({"judgement": f"accepted {LAVROV}"}, 400),
        ({"judgement": f"accepted urn:x {MINISTER}"}, 400),
        ({"judgement": f"accepted {LAVROV} Q159"}, 409),
        ({"date": "yesterday"}, 400),
        ({"date": "9999-12-31"}, 400),
        ({"by": MACHINE}, 400),
        ({"by": "An editor\u202e"}, 400),
        ({"comment": "two\nlines"}, 400),
    ],
)
def test_what_is_wrong_is_told_and_not_recorded(
    judging: FlaskClient, authority: Path, tokens: Tokens, wrong: dict[str, str], status: int
) -> None:
    before = (authority / NAME).read_bytes()
    answer = judging.post("/wikidata/judge", data=form(tokens.new(["judge"]), **wrong))
    assert answer.status_code == status
    assert answer.get_json(force=True)["detail"]
    assert (authority / NAME).read_bytes() == before


def test_where_the_links_cannot_be_read_or_written_the_page_says_so(
    judging: FlaskClient, authority: Path, tokens: Tokens
) -> None:
    (authority / NAME).write_text("nonsense\n", encoding="utf-8")
    answer = judging.get("/wikidata/judge")
    assert (answer.status_code, NAME in answer.get_json(force=True)["detail"]) == (409, True)
    (authority / NAME).unlink()
    authority.rmdir()
    answer = judging.post("/wikidata/judge", data=form(tokens.new(["judge"])))
    assert (answer.status_code, "no folder" in answer.get_json(force=True)["detail"]) == (503, True)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("status", f"{NAME}:LINE: status is 'liked': expected one of"),
        ("bytes", f"{NAME}: cannot be read: 'utf-8' codec"),
        ("linked", f"{NAME}:LINE: status is 'liked': expected one of"),
        ("folder", f"{NAME}: it is no file"),
        ("nowhere", "no folder of authority files"),
    ],
)
def test_what_is_damaged_is_told_and_not_where_it_is(
    judging: FlaskClient, authority: Path, tokens: Tokens, damage: str, told: str
) -> None:
    token, path = tokens.new(["judge"]), authority / NAME
    first = next(number for number, line in enumerate(path.read_text().splitlines(), 1) if not line.startswith("#"))
    told = told.replace("LINE", str(first + 1))
    damaged(path, damage)
    answers = [judging.post("/wikidata/judge", data=form(token))]
    if damage != "nowhere":
        answers.append(judging.get("/wikidata/judge"))
        assert {each.get_json(force=True)["title"] for each in answers} == {"The file of links is damaged"}
    for answer in (*answers, judging.post("/wikidata/judge", data=form(token), headers=HTML)):
        assert answer.status_code == (503 if damage == "nowhere" else 409)
        assert str(authority.parent) not in answer.text
    assert answers[0].get_json(force=True)["detail"].startswith(told)


def damaged(path: Path, damage: str) -> None:
    """Do to a file of links what its name says."""
    wrong = path.read_text(encoding="utf-8").replace("\taccepted\t", "\tliked\t").replace("\trejected\t", "\tliked\t")
    if damage == "bytes":
        path.write_bytes(path.read_bytes() + b"\xff\n")
    elif damage == "status":
        path.write_text(wrong, encoding="utf-8")
    else:
        path.unlink()
    if damage == "linked":
        elsewhere = path.parent.parent / "elsewhere.tsv"
        elsewhere.write_text(wrong, encoding="utf-8")
        path.symlink_to(elsewhere)
    elif damage == "folder":
        path.mkdir()
    elif damage == "nowhere":
        path.parent.rmdir()


def test_the_words_that_name_a_thing_come_first(corpus_client: FlaskClient) -> None:
    page = corpus_client.get("/wikidata/judge?thing=person:kistanov", headers=HTML).text
    quotes = re.findall(r"<blockquote[^>]*><p>([^<]*)", page)
    assert "Valery Kistanov" in quotes[0]
    assert len(quotes) <= MOST_QUOTED**2


def test_only_a_form_is_taken(judging: FlaskClient, tokens: Tokens) -> None:
    headers = {"Authorization": f"Bearer {tokens.new(['judge'])}"}
    assert judging.post("/wikidata/judge", json={"judgement": ACCEPT}, headers=headers).status_code == 415


def test_the_enter_key_judges_nothing_and_no_page_is_kept(judging: FlaskClient) -> None:
    answer = judging.get("/wikidata/judge", headers=HTML)
    first = re.search(r"<form action=\"/wikidata/judge\" method=\"post\">.*?(<button[^>]*>)", answer.text, re.DOTALL)
    assert first
    assert first[1] == "<button disabled hidden>"
    assert answer.cache_control.no_store


def test_judge_is_for_a_graph_that_is_built_and_written(runner, tmp_path: Path) -> None:
    for other in (["--read-only"], ["--plain", str(tmp_path / "plain")], ["--engine", "http://127.0.0.1:9/sparql"]):
        done = runner.invoke(main, ["serve", "--judge", str(tmp_path), *other])
        assert done.exit_code == 2
        assert "--judge is for a graph that `communique build` made" in done.stderr
