"""The build: whole, deterministic, and harmless when it fails."""

import multiprocessing
import os
import signal

import pytest
from patience import DEADLINE
from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, Store
from small_corpus import HELD, PLANNED, SmallCorpus

from graph.build import STEPS, build, is_current
from graph.dataset import IdentifierClashError, UnknownResourceError
from graph.dates import DateError
from graph.documents import EvidenceError, UnreadableDocumentError
from graph.namespaces import GRAPH_ENTAILED, GRAPH_MERGED, prologue, term
from graph.store import NoStoreError, StoreBusyError, read_manifest, writer
from graph.validation import InvalidDataError


def opened(out) -> Store:
    return Store.read_only(str(out / read_manifest(out).store))


def asks(out, pattern: str) -> bool:
    answer = opened(out).query(prologue() + f"ASK {{ {pattern} }}")
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


@pytest.fixture
def small(tmp_path) -> SmallCorpus:
    return SmallCorpus(tmp_path).write()


def test_the_same_input_builds_the_same_bytes_with_and_without_the_texts(small, tmp_path) -> None:
    first = build(tmp_path / "one", small.texts, small.corpus)
    second = build(tmp_path / "two", None, small.corpus)
    names = [read_manifest(tmp_path / out).dataset for out in ("one", "two")]
    assert (tmp_path / "one" / names[0]).read_bytes() == (tmp_path / "two" / names[1]).read_bytes()
    assert first.version == second.version
    assert (first.quotes_checked, second.quotes_checked) == (True, False)


def test_progress_tells_every_step_in_order(small, tmp_path) -> None:
    told: list[tuple[str, int, int]] = []
    build(tmp_path / "out", None, small.corpus, progress=lambda *step: told.append(step))
    assert [name for name, _, _ in told[: len(STEPS)]] == list(STEPS)
    assert told[-1][1:] == (len(STEPS), len(STEPS))


def test_the_default_graph_is_the_merged_graph_triple_for_triple(small, tmp_path) -> None:
    build(tmp_path / "out", None, small.corpus)
    store = opened(tmp_path / "out")
    merged = {(q.subject, q.predicate, q.object) for q in store.quads_for_pattern(None, None, None, GRAPH_MERGED)}
    default = [(q.subject, q.predicate, q.object) for q in store.quads_for_pattern(None, None, None, DefaultGraph())]
    assert len(default) == len(merged)
    assert set(default) == merged


def test_who_took_part_in_a_held_meeting_for_different_states_has_met(small, tmp_path) -> None:
    build(tmp_path / "out", None, small.corpus)
    assert asks(tmp_path / "out", "person:lavrov cq:met person:kishida")
    assert asks(tmp_path / "out", "person:kishida cq:met person:lavrov")


def test_a_planned_meeting_makes_nobody_meet(small, tmp_path) -> None:
    build(tmp_path / "out", None, small.corpus)
    assert asks(tmp_path / "out", "meeting:small-may cq:status cq:Planned")
    assert not asks(tmp_path / "out", "person:inada cq:met ?other")
    assert not asks(tmp_path / "out", "person:inada cq:tookPartIn ?meeting")


def test_an_announced_attendance_does_not_count_when_the_meeting_is_held_without_it(tmp_path) -> None:
    announced = PLANNED.replace("meeting:small-may", "meeting:small-bonn").replace("2017-05-20", "2017-02-17")
    small = SmallCorpus(tmp_path, assertions=[HELD, announced]).write()
    build(tmp_path / "out", None, small.corpus)
    assert asks(tmp_path / "out", "person:lavrov cq:met person:kishida")
    assert not asks(tmp_path / "out", "person:inada cq:met ?other")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("modality: Asserted", "modality: Expected"),
        ("modality: Asserted", "modality: Denied"),
        ("modality: Asserted", "modality: Opinion"),
        ("modality: Asserted", "modality: Accusation"),
        ("[person:streltsov]", "[group:japanese-media, person:streltsov]"),
        ("status: Held", "status: Cancelled"),
        ("status: Held", "status: Postponed"),
    ],
)
def test_what_is_no_premise_makes_nobody_meet(tmp_path, old: str, new: str) -> None:
    small = SmallCorpus(tmp_path, assertions=[HELD.replace(old, new)]).write()
    build(tmp_path / "out", None, small.corpus)
    assert not asks(tmp_path / "out", "?one cq:met ?other")


def test_what_somebody_thinks_is_not_in_the_merged_graph_but_that_they_said_it_is(tmp_path) -> None:
    said = HELD.replace("modality: Asserted", "modality: Opinion")
    statement = """  - {{type: Statement, id: statement:small, about: topic:peace-treaty, speaker: person:streltsov,
       label: A remark, summary: He speaks of the treaty.}}
"""
    body = said.replace("  says:\n", "  says:\n  -\n") + statement
    small = SmallCorpus(tmp_path, assertions=[body]).write()
    build(tmp_path / "out", None, small.corpus)
    assert asks(tmp_path / "out", "statement:small cq:speaker person:streltsov ; cq:statedIn a:small-held")
    assert not asks(tmp_path / "out", "meeting:small-bonn ?p ?o")
    assert asks(tmp_path / "out", "GRAPH a:small-held { meeting:small-bonn cq:status cq:Held }")
    assert asks(tmp_path / "out", "a:small-held cq:modality cq:Opinion ; cq:restsOn ?passage")


def test_a_side_that_is_not_stated_is_inferred_from_the_post_and_marked_so(small, tmp_path) -> None:
    build(tmp_path / "out", None, small.corpus)
    participation = "?p cq:participant person:kishida ; cq:representing state:japan"
    assert asks(tmp_path / "out", participation)
    assert asks(tmp_path / "out", f"GRAPH <{GRAPH_ENTAILED.value}> {{ ?p cq:representing state:japan }}")
    assert not asks(tmp_path / "out", f"GRAPH a:small-held {{ {participation} }}")


def test_every_triple_said_has_its_ground(small, tmp_path) -> None:
    """Each triple of the merged graph is in an assertion with a passage, or in authority, provenance, entailed."""
    build(tmp_path / "out", None, small.corpus)
    store = opened(tmp_path / "out")
    stated_in = term("cq:statedIn")
    for quad in store.quads_for_pattern(None, None, None, GRAPH_MERGED):
        if quad.predicate == stated_in:
            continue
        homes = {
            found.graph_name
            for found in store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
            if found.graph_name not in (GRAPH_MERGED, DefaultGraph())
        }
        assert homes, quad
        for home in homes:
            if isinstance(home, NamedNode) and "/id/assertion/" in home.value:
                assert list(store.quads_for_pattern(home, term("cq:restsOn"), None, GRAPH_MERGED)), home


def test_an_unknown_resource_stops_the_build_with_its_line_and_a_near_name(tmp_path) -> None:
    small = SmallCorpus(tmp_path, assertions=[HELD.replace("person:kishida", "person:kishda")]).write()
    with pytest.raises(UnknownResourceError, match=r"small\.yaml:13: person:kishda .* did you mean person:kishida"):
        build(tmp_path / "out", None, small.corpus)


def test_a_clash_of_identifiers_stops_the_build(tmp_path) -> None:
    other = PLANNED.replace("type: Meeting", "type: Event").replace("meeting:small-may", "event:x")
    proposal = (
        "- id: a:{name}-p\n  quote: Nothing else happened\n  modality: Asserted\n  voices: [person:streltsov]\n"
        "  says: {{type: Founding, id: event:x, label: A founding, founded: organisation:un}}\n"
    )
    small = SmallCorpus(tmp_path, assertions=[other, proposal]).write()
    with pytest.raises(IdentifierClashError, match="event:x is a cq:"):
        build(tmp_path / "out", None, small.corpus)


def test_a_date_that_is_no_date_stops_the_build_with_its_line(tmp_path) -> None:
    small = SmallCorpus(tmp_path, assertions=[HELD.replace("2017-02-17", "17 February")]).write()
    with pytest.raises(DateError, match=r"small\.yaml:17: a:small-held: .*17 February"):
        build(tmp_path / "out", None, small.corpus)


def test_a_broken_shape_stops_the_build_with_its_line(tmp_path) -> None:
    claims = (
        "- id: a:{name}-claim\n  quote: The islands are ours\n  modality: Asserted\n  voices: [person:streltsov]\n"
        "  says:\n  - {{type: TerritorialClaim, id: claim:x, label: A claim, claimant: state:japan,"
        " claimed: territory:southern-kurils}}\n"
        "  - {{type: TerritorialClaim, id: claim:x, label: A claim, claimant: state:russia,"
        " claimed: territory:southern-kurils}}\n"
    )
    small = SmallCorpus(tmp_path, assertions=[claims]).write()
    with pytest.raises(InvalidDataError, match=r"small\.yaml:\d+: claim:x"):
        build(tmp_path / "out", None, small.corpus)


def test_a_build_that_fails_leaves_the_former_store_in_place(small, tmp_path) -> None:
    out = tmp_path / "out"
    before = build(out, small.texts, small.corpus).version
    files = sorted(path.name for path in out.iterdir())
    small.path.write_text(small.yaml().replace("met in Bonn", "met in Berlin"))
    with pytest.raises(EvidenceError, match="not in the text.*the nearest text is"):
        build(out, small.texts, small.corpus)
    assert read_manifest(out).version == before
    assert sorted(path.name for path in out.iterdir()) == files
    assert asks(out, "person:lavrov cq:met person:kishida")


def test_a_folder_of_texts_that_is_not_there_is_told(small, tmp_path) -> None:
    with pytest.raises(UnreadableDocumentError, match="no such folder"):
        build(tmp_path / "out", tmp_path / "nowhere", small.corpus)


def test_a_second_writer_is_told_and_harms_nothing(small, tmp_path) -> None:
    with writer(tmp_path / "out"), pytest.raises(StoreBusyError, match="another build"):
        build(tmp_path / "out", None, small.corpus)
    assert build(tmp_path / "out", None, small.corpus).version


def test_a_store_is_current_until_what_it_is_built_from_changes(small, tmp_path) -> None:
    out = tmp_path / "out"
    assert not is_current(out, None, small.corpus)
    build(out, None, small.corpus)
    assert is_current(out, None, small.corpus)
    small.path.write_text(small.yaml() + "\n")
    assert not is_current(out, None, small.corpus)


def test_no_store_is_told(tmp_path) -> None:
    with pytest.raises(NoStoreError, match="communique build"):
        read_manifest(tmp_path)


def test_what_a_killed_writer_left_is_removed_and_evicts_no_store(small, tmp_path) -> None:
    out = tmp_path / "out"
    first = build(out, None, small.corpus)
    (out / "store-dead.partial").mkdir()
    (out / "build.json.partial").write_text("{")
    small.path.write_text(small.yaml().replace("status: Held", "status: Cancelled"))
    second = build(out, None, small.corpus)
    stores = {path.name for path in out.glob("store-*")}
    assert stores == {f"store-{report.version[:16]}" for report in (first, second)}
    assert not list(out.glob("*.partial"))


def test_a_damaged_store_is_built_again(small, tmp_path) -> None:
    out = tmp_path / "out"
    build(out, None, small.corpus)
    (out / read_manifest(out).store / "CURRENT").unlink()
    build(out, None, small.corpus)
    assert asks(out, "person:lavrov cq:met person:kishida")


def _build_and_die(out, corpus, step: int) -> None:
    def progress(_: str, done: int, __: int) -> None:
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    build(out, None, corpus, progress=progress)


@pytest.mark.kills
@pytest.mark.parametrize("step", range(len(STEPS) + 1))
def test_a_build_that_is_killed_leaves_a_store_that_answers_and_the_next_build_works(
    small, tmp_path, step: int
) -> None:
    out = tmp_path / "out"
    build(out, None, small.corpus)
    small.path.write_text(small.yaml().replace("status: Held", "status: Cancelled"))
    context = multiprocessing.get_context("spawn")
    killed = context.Process(target=_build_and_die, args=(out, small.corpus, step))
    killed.start()
    killed.join(DEADLINE)
    assert killed.exitcode == -signal.SIGKILL
    was_done = step == len(STEPS)
    assert asks(out, "person:lavrov cq:met person:kishida") != was_done
    build(out, None, small.corpus)
    assert not asks(out, "?one cq:met ?other")


def test_the_store_holds_what_the_canonical_n_quads_say(small, tmp_path) -> None:
    build(tmp_path / "out", None, small.corpus)
    manifest = read_manifest(tmp_path / "out")
    lines = (tmp_path / "out" / manifest.dataset).read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines))
    named = [
        q for q in opened(tmp_path / "out") if isinstance(q, Quad) and not isinstance(q.graph_name, DefaultGraph)
    ]
    assert len(named) == len(lines)
