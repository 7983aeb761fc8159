"""Judging and proposing: what is written into the links, what gives way, and what is refused."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import reconcilable
from both_sides import link
from click.testing import CliRunner, Result
from reconcilable import ENTITIES, LINKS, MINISTER, NAMESAKE, OFFICE, write_reconcilable

from graph.dates import bounds
from graph.engine import open_engine
from graph.namespaces import expand
from graph.wikidata.links import NAME, Link, LinkError, read_links, write_links
from graph.wikidata.reconciliation.at_hand import AtHand, UnknownThingError, at_hand
from graph.wikidata.reconciliation.judging import (
    MACHINE,
    AuthorityFolderError,
    JudgementError,
    Verdict,
    judgement,
    proposals,
    propose,
    record,
)
from server.cli import main

LAVROV = expand("person:lavrov")
DAY = "2026-07-02"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reconcilable(tmp_path_factory.mktemp("reconcilable"))


@pytest.fixture(scope="module")
def held(store: Path) -> AtHand:
    return at_hand(open_engine(store))


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    write_links(tmp_path, LINKS)
    return tmp_path


def verdict(item: str, status: str, **more: str) -> Verdict:
    return Verdict(LAVROV, item, status, "An editor", DAY, **more)  # type: ignore[arg-type]


def judge(held: AtHand, folder: Path, item: str, status: str, **more: str) -> tuple[Link, ...]:
    """Record a judgement on Lavrov, and the rows that it replaced."""
    return record(folder, judgement(held, verdict(item, status, **more)), held.entities).replaced


def of_lavrov(folder: Path) -> dict[str, str]:
    return {each.object: each.status for each in read_links(folder) if each.subject == LAVROV}


# What is at hand


def test_a_store_has_our_things_the_entities_and_the_links_at_hand(held: AtHand) -> None:
    assert {each.id for each in ENTITIES} == set(held.entities)
    assert sorted(held.links, key=lambda each: each.object) == sorted(LINKS, key=lambda each: each.object)
    lavrov = held.subject("person:lavrov")
    assert [(post.item, post.when) for post in lavrov.posts] == [(OFFICE, bounds("2017-03-20"))]
    assert [each.profile.id for each in held.reconciliation.candidates(lavrov) if each.passes] == [MINISTER]


@pytest.mark.parametrize("text", ["person:nobody", "nonsense", "https://example.org/x", "cq:Meeting"])
def test_other_things_are_refused(held: AtHand, text: str) -> None:
    with pytest.raises(UnknownThingError):
        held.subject(text)


# Judgements


def test_a_judgement_says_who_when_what_agreed_and_which_revision_was_seen(held: AtHand, authority: Path) -> None:
    assert judge(held, authority, MINISTER, "accepted") == ()
    (row,) = [each for each in read_links(authority) if each.subject == LAVROV]
    assert row == Link(
        LAVROV,
        "skos:exactMatch",
        MINISTER,
        "accepted",
        "semapv:ManualMappingCuration",
        "An editor",
        DAY,
        "Sergey Lavrov",
        "Sergey Lavrov",
        "7",
        (
            "office and date: Foreign Minister of Russia from 2004-03-09 "
            "(P39, Q58217$00000002-0000-0000-0000-000000000000), as said of 2017-03-20",
        ),
    )
    assert len(read_links(authority)) == len(LINKS) + 1, "the other rows stay"


def test_a_rejection_says_what_contradicts(held: AtHand, authority: Path) -> None:
    judge(held, authority, NAMESAKE, "rejected")
    (row,) = [each for each in read_links(authority) if each.subject == LAVROV]
    assert row.comment == "life: ended 1999-08-02 (P570 or P576), and was here 2017-03-20"
    assert row.agreed == ()
    judge(held, authority, NAMESAKE, "rejected", comment="Another man.")
    (row,) = [each for each in read_links(authority) if each.subject == LAVROV]
    assert row.comment == "Another man."


def test_what_wikidatas_labels_hide_is_left_out_and_hinders_nothing(held: AtHand, authority: Path) -> None:
    labelled = replace(held.entities[NAMESAKE], labels={"en": "Sergey\u202e Lav\u200brov"})
    hiding = replace(held, entities={**held.entities, NAMESAKE: labelled})
    judge(hiding, authority, NAMESAKE, "rejected")
    (row,) = [each for each in read_links(authority) if each.subject == LAVROV]
    assert row.object_label == "Sergey Lavrov"


def test_an_earlier_judgement_is_no_reason(held: AtHand) -> None:
    rejected = link("person:lavrov", NAMESAKE, "rejected")
    again = judgement(replace(held, links=(*LINKS, rejected)), verdict(NAMESAKE, "rejected"))
    assert again.comment == "life: ended 1999-08-02 (P570 or P576), and was here 2017-03-20"
    assert again.agreed == ()


def test_the_same_judgement_again_changes_no_byte(held: AtHand, authority: Path) -> None:
    judge(held, authority, MINISTER, "accepted")
    path = authority / NAME
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    done = record(authority, judgement(held, verdict(MINISTER, "accepted")), held.entities)
    assert (done.changed, done.replaced) == (False, ())
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, stamp)


def test_another_judgement_of_the_pair_replaces_the_former_and_tells_it(held: AtHand, authority: Path) -> None:
    judge(held, authority, MINISTER, "rejected")
    (former,) = judge(held, authority, MINISTER, "accepted")
    assert (former.object, former.status) == (MINISTER, "rejected")
    assert of_lavrov(authority) == {MINISTER: "accepted"}
    assert [each.status for each in judge(held, authority, MINISTER, "stale")] == ["accepted"]


def test_an_item_that_is_found_replaces_that_there_is_none(held: AtHand, authority: Path) -> None:
    judge(held, authority, "", "no-item")
    assert [each.status for each in judge(held, authority, MINISTER, "accepted")] == ["no-item"]
    assert of_lavrov(authority) == {MINISTER: "accepted"}
    with pytest.raises(LinkError, match="it has an accepted item, and is said to have none"):
        judge(held, authority, "", "no-item")


def test_what_cannot_stand_is_refused_and_nothing_is_written(held: AtHand, authority: Path) -> None:
    judge(held, authority, MINISTER, "accepted")
    before = (authority / NAME).read_bytes()
    with pytest.raises(LinkError, match="is linked as the same to two items"):
        judge(held, authority, NAMESAKE, "accepted")
    with pytest.raises(LinkError, match="class that does not fit"):
        judge(held, authority, "Q159", "accepted", predicate="skos:broadMatch")
    with pytest.raises(JudgementError, match="control character"):
        judge(held, authority, NAMESAKE, "rejected", comment="a\tb")
    assert (authority / NAME).read_bytes() == before


def test_an_item_that_nobody_saw_is_rejected_but_never_accepted(held: AtHand, authority: Path) -> None:
    with pytest.raises(JudgementError, match="nothing of Q999999 is at hand"):
        judge(held, authority, "Q999999", "accepted")
    judge(held, authority, "Q999999", "rejected")
    assert of_lavrov(authority) == {"Q999999": "rejected"}
    for wrong in ("Q0", "P39", "q1", "Q1 Q2", "wd:Q1"):
        with pytest.raises(JudgementError, match="is no item of Wikidata"):
            judge(held, authority, wrong, "rejected")
    wrong_items = (("", "accepted", "give the item .* to accept"), (MINISTER, "no-item", "--no-item takes no item"))
    for item, status, told in wrong_items:
        with pytest.raises(JudgementError, match=told):
            judge(held, authority, item, status)


def test_a_folder_that_cannot_be_written_is_told(held: AtHand, tmp_path: Path) -> None:
    with pytest.raises(AuthorityFolderError, match="no folder of authority files"):
        judge(held, tmp_path / "none", MINISTER, "accepted")
    with pytest.raises(AuthorityFolderError, match="no folder of authority files"):
        judge(held, Path(__file__), MINISTER, "accepted")
    with pytest.raises(AuthorityFolderError, match="the links cannot be written"):
        judge(held, Path("/proc/self"), MINISTER, "accepted")


def test_two_who_judge_at_once_both_find_their_judgement(held: AtHand, authority: Path) -> None:
    items = [f"Q{number}" for number in range(1000, 1020)]
    threads = [threading.Thread(target=judge, args=(held, authority, item, "rejected")) for item in items]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert of_lavrov(authority) == dict.fromkeys(items, "rejected")


# Proposals


def proposed(held: AtHand) -> list[Link]:
    return proposals(held.reconciliation.candidates(held.subject("person:lavrov")), DAY)


def test_what_passes_the_gate_is_proposed_with_its_score(held: AtHand, authority: Path) -> None:
    done = propose(authority, proposed(held), held.entities)
    (row,) = done.written
    assert (row.object, row.status, row.author, row.justification) == (
        MINISTER,
        "candidate",
        MACHINE,
        "semapv:CompositeMatching",
    )
    assert row.confidence == "0.80"
    assert of_lavrov(authority) == {MINISTER: "candidate"}


def test_proposing_again_on_another_day_changes_nothing(held: AtHand, authority: Path) -> None:
    propose(authority, proposed(held), held.entities)
    before = (authority / NAME).read_bytes()
    later = proposals(held.reconciliation.candidates(held.subject("person:lavrov")), "2027-01-01")
    done = propose(authority, later, held.entities)
    assert (done.written, done.unchanged, done.judged) == ((), 1, 0)
    assert (authority / NAME).read_bytes() == before


@pytest.mark.parametrize(
    ("item", "status"),
    [(MINISTER, "accepted"), (MINISTER, "rejected"), (MINISTER, "stale"), (MINISTER, "candidate"), ("", "no-item")],
)
def test_nothing_is_proposed_over_a_judgement(held: AtHand, authority: Path, item: str, status: str) -> None:
    judge(held, authority, item, status)
    before = (authority / NAME).read_bytes()
    done = propose(authority, proposed(held), held.entities)
    assert (done.written, done.judged) == ((), 1)
    assert (authority / NAME).read_bytes() == before


def test_a_decision_sets_proposals_aside_and_leaves_judgements(held: AtHand, authority: Path) -> None:
    write_links(authority, [*LINKS, link("person:lavrov", "Q5000", "rejected")])
    propose(authority, proposed(held), held.entities)
    assert [each.author for each in judge(held, authority, "", "no-item")] == [MACHINE]
    assert of_lavrov(authority) == {"": "no-item", "Q5000": "rejected"}


def test_no_row_is_lost_where_a_pair_is_accepted_and_rejected(held: AtHand, authority: Path) -> None:
    both = [link("person:lavrov", MINISTER), link("person:lavrov", MINISTER, "rejected")]
    write_links(authority, [*LINKS, *both, link("person:kishida", "Q1", "rejected")])
    before = (authority / NAME).read_bytes()
    with pytest.raises(LinkError, match="judged twice"):
        propose(authority, proposed(held), held.entities)
    with pytest.raises(LinkError, match="judged twice"):
        propose(authority, [], held.entities)
    with pytest.raises(LinkError, match="judged twice"):
        judge(held, authority, NAMESAKE, "rejected")
    assert (authority / NAME).read_bytes() == before
    assert {each.status for each in judge(held, authority, MINISTER, "accepted")} == {"accepted", "rejected"}
    assert of_lavrov(authority) == {MINISTER: "accepted"}, "judging the pair again mends it, and tells both rows"


def test_the_program_judges_nothing(held: AtHand) -> None:
    for author in (MACHINE, f" {MACHINE} "):
        with pytest.raises(JudgementError, match="say which person judges"):
            judgement(held, Verdict(LAVROV, MINISTER, "candidate", author, DAY))


def test_links_that_stand_elsewhere_are_written_there(held: AtHand, authority: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (authority / NAME).rename(elsewhere / "kept.tsv")
    (authority / NAME).symlink_to(elsewhere / "kept.tsv")
    judge(held, authority, MINISTER, "accepted")
    assert (authority / NAME).is_symlink()
    assert of_lavrov(authority) == {MINISTER: "accepted"}
    assert [each.name for each in elsewhere.iterdir()] == ["kept.tsv"]
    (authority / NAME).unlink()
    (authority / NAME).symlink_to(NAME)
    with pytest.raises(LinkError, match="a symbolic link that leads nowhere"):
        judge(held, authority, MINISTER, "accepted")


# The commands


@pytest.fixture
def run(store: Path, authority: Path, runner: CliRunner) -> Callable[..., Result]:
    def invoke(command: str, *arguments: str) -> Result:
        given = ["wikidata", command, "--store", str(store), "--authority", str(authority), "--date", DAY, *arguments]
        return runner.invoke(main, given)

    return invoke


def shown(parts: str) -> str:
    """The sum of printed parts."""
    return f"{sum(float(each.rpartition(' ')[2]) for each in parts.split(', ')):.1f}"


def test_reconcile_shows_each_candidate_with_its_parts(run: Callable[..., Result]) -> None:
    done = run("reconcile", "person:lavrov", "--format", "json")
    rows = json.loads(done.stdout)
    assert [(row["item"], row["score"], row["gate"]) for row in rows] == [
        (MINISTER, "80.0", "passes"),
        (
            NAMESAKE,
            shown(rows[1]["parts"]),
            "life: ended 1999-08-02 (P570 or P576), and was here 2017-03-20; no independent fact agrees",
        ),
    ]
    assert rows[0]["parts"] == "name 40.0, exact name 10.0, class 10.0, office and date 20.0"
    assert "1 things were compared with 4 entities; for 1 an item passes the gate." in done.stderr
    assert float(rows[1]["score"]) > 40, "the veto does not hide how alike they are"
    limited = run("reconcile", "person:lavrov", "--format", "json", "--limit", "1")
    assert len(json.loads(limited.stdout)) == 1


def test_reconcile_leaves_out_what_is_judged_and_says_what_has_no_candidate(run: Callable[..., Result]) -> None:
    done = run("reconcile", "--format", "csv")
    assert "person:lavrov" in done.stdout
    assert "state:russia" not in done.stdout
    assert "Nothing passes for format:2plus2, organisation:eastrussia, person:kishida" in done.stderr
    assert "judge --no-item says so" in done.stderr


def test_of_what_is_linked_reconcile_says_to_what_and_advises_no_other_judgement(run: Callable[..., Result]) -> None:
    done = run("reconcile", "state:russia", "person:kishida", "--format", "csv")
    linked = (
        "state:russia is linked to Q159, as An editor judged on 2026-07-01; `communique wikidata judge state:russia"
    )
    assert f"{linked} Q159 --stale`, or --reject, says otherwise." in done.stderr
    assert "Nothing passes for person:kishida: where Wikidata has no item, judge --no-item says so." in done.stderr


def test_of_what_has_no_item_reconcile_says_who_judged_so(tmp_path: Path, runner: CliRunner) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reconcilable, "LINKS", (*LINKS, link("person:kishida", "", "no-item")))
        write_reconcilable(tmp_path)
    done = runner.invoke(main, ["wikidata", "reconcile", "person:kishida", "--store", str(tmp_path)])
    assert "person:kishida has no item, as An editor judged on 2026-07-01" in done.stderr
    assert "Nothing passes" not in done.stderr


def test_reconcile_writes_only_where_it_is_told_to(run: Callable[..., Result], authority: Path, store: Path) -> None:
    before = (authority / NAME).read_bytes()
    assert run("reconcile").exit_code == 0
    assert (authority / NAME).read_bytes() == before
    done = run("reconcile", "--write")
    assert "Wrote 1 candidates" in done.stderr
    assert "is after today" in run("reconcile", "--write", "--date", "9999-12-31").stderr
    assert of_lavrov(authority) == {MINISTER: "candidate"}
    refused = CliRunner().invoke(main, ["wikidata", "reconcile", "--write", "--store", str(store)])
    assert (refused.exit_code, "--write needs --authority" in refused.stderr) == (2, True)


def test_judge_shows_what_agreed_and_tells_what_it_replaced(run: Callable[..., Result], authority: Path) -> None:
    done = run("judge", "person:lavrov", MINISTER, "--accept", "--by", "An editor", "--format", "json")
    features = {row["feature"]: (row["verdict"], row["part"]) for row in json.loads(done.stdout)}
    assert features["office and date"] == ("agrees", "20.0")
    assert f"Recorded in {authority / NAME}: person:lavrov skos:exactMatch {MINISTER}: accepted." in done.stderr
    assert "Stands already" in run("judge", "person:lavrov", MINISTER, "--accept", "--by", "An editor").stderr
    done = run("judge", "person:lavrov", MINISTER, "--reject", "--by", "Another")
    replaced = f"Replaced: person:lavrov skos:exactMatch {MINISTER}: accepted, judged by An editor on {DAY}."
    assert replaced in done.stderr
    done = run("judge", "person:lavrov", "--no-item", "--by", "Another")
    assert (done.exit_code, done.stdout) == (0, "")
    assert of_lavrov(authority) == {MINISTER: "rejected", "": "no-item"}


def test_the_same_judgement_again_keeps_the_comment_and_tells_that_of_what_it_replaces(
    run: Callable[..., Result], authority: Path
) -> None:
    assert run("judge", "person:lavrov", NAMESAKE, "--reject", "--by", "I", "--comment", "His uncle.").exit_code == 0
    done = run("judge", "person:lavrov", NAMESAKE, "--reject", "--by", "Another")
    assert f"judged by I on {DAY}. Its comment was: His uncle." in done.stderr
    assert [each.comment for each in read_links(authority) if each.subject == LAVROV] == ["His uncle."]
    assert "Stands already" in run("judge", "person:lavrov", NAMESAKE, "--reject", "--by", "Another").stderr
    run("judge", "person:lavrov", NAMESAKE, "--reject", "--by", "Another", "--comment", "An aunt.")
    assert [each.comment for each in read_links(authority) if each.subject == LAVROV] == ["An aunt."]
    done = run("judge", "person:lavrov", NAMESAKE, "--candidate", "--by", "Another")
    assert "Its comment was: An aunt." in done.stderr
    assert [each.comment for each in read_links(authority) if each.subject == LAVROV] == [""], "another judgement"


def test_who_accepts_what_does_not_pass_is_warned(run: Callable[..., Result], authority: Path) -> None:
    assert "Warning" not in run("judge", "person:lavrov", NAMESAKE, "--reject", "--by", "I").stderr
    done = run("judge", "person:lavrov", NAMESAKE, "--accept", "--by", "I")
    assert f"Warning: {NAMESAKE} does not pass: life: ended 1999-08-02 (P570 or P576)" in done.stderr
    assert "; recorded as you say." in done.stderr
    assert of_lavrov(authority) == {NAMESAKE: "accepted"}
    run("judge", "person:lavrov", NAMESAKE, "--reject", "--by", "I")
    assert "Warning" not in run("judge", "person:lavrov", MINISTER, "--accept", "--by", "I").stderr


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which somebody has recorded candidates: one that is at hand under another name, one that is not."""
    rows = (("person:kishida", "Q999999", "Two sources differ."), ("person:kistanov", NAMESAKE, ""))
    candidates = [replace(link(ours, item, "candidate"), comment=why) for ours, item, why in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reconcilable, "LINKS", (*LINKS, *candidates))
        return write_reconcilable(tmp_path_factory.mktemp("waiting"))


def test_reconcile_shows_the_candidates_that_are_recorded(waiting: Path, runner: CliRunner) -> None:
    things = ("person:kishida", "person:kistanov", "format:2plus2")
    done = runner.invoke(main, ["wikidata", "reconcile", *things, "--store", str(waiting), "--format", "json"])
    rows = {row["thing"]: row for row in json.loads(done.stdout)}
    assert (rows["person:kishida"]["item"], rows["person:kishida"]["score"]) == ("Q999999", "")
    assert rows["person:kishida"]["gate"] == "nothing of it is at hand"
    assert (rows["person:kistanov"]["item"], bool(rows["person:kistanov"]["score"])) == (NAMESAKE, True)
    assert "person:kishida: Q999999 is recorded as a candidate by An editor on 2026-07-01: Two sources differ. " in (
        done.stderr
    )
    assert "`communique wikidata fetch Q999999`" in done.stderr
    assert f"`communique wikidata judge person:kistanov {NAMESAKE} --accept`" in done.stderr
    assert "Q999999 --accept" not in done.stderr
    assert "for 0 an item passes" in done.stderr
    assert "Nothing passes for format:2plus2: where" in done.stderr, "nobody waits for a judgement on it"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["person:lavrov", MINISTER, "--by", "I"], "give one of --accept"),
        (["person:lavrov", MINISTER, "--accept"], "Missing option '--by'"),
        (["person:lavrov", "--accept", "--by", "I"], "give the item (Q…) to accept"),
        (["person:lavrov", "--reject", "--by", "I"], "give the item (Q…) to reject"),
        (["person:lavrov", MINISTER, "--no-item", "--by", "I"], "--no-item takes no item"),
        (["person:lavrov", "Q999", "--accept", "--by", "I"], "nothing of Q999 is at hand"),
        (["person:nobody", MINISTER, "--accept", "--by", "I"], "none of the things"),
        (["person:lavrov", MINISTER, "--accept", "--by", " "], "who judged is missing"),
        (["person:lavrov", MINISTER, "--candidate", "--by", MACHINE], "say which person judges"),
        (["person:lavrov", MINISTER, "--accept", "--by", "I", "--date", "9999-12-31"], "is after today"),
        (["person:lavrov", MINISTER, "--accept", "--by", "I", "--date", "tomorrow"], "the day of the judgement is"),
        (["person:lavrov", "Q159", "--accept", "--by", "I", "--predicate", "broad"], "does not fit"),
        (["person:lavrov", MINISTER, "--accept", "--by", "I", "--comment", "a\tb"], "control character"),
        (
            ["person:lavrov", MINISTER, "--accept", "--by", "Ann\u202e"],
            "who judged has an invisible character, U+202E",
        ),
        (
            ["person:lavrov", MINISTER, "--reject", "--by", "I", "--comment", "a\u00adb"],
            "U+00AD SOFT HYPHEN: leave it",
        ),
    ],
)
def test_judge_refuses_in_one_line(run: Callable[..., Result], authority: Path, given: list[str], told: str) -> None:
    before = (authority / NAME).read_bytes()
    done = run("judge", *given)
    assert done.exit_code in (1, 2)
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert (authority / NAME).read_bytes() == before
