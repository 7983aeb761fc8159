"""How views are made: once, within limits, whole or not at all; and that what they hold is what should be held."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Store
from test_known_at import EASTRUSSIA, MOSCOW_TIMES

from graph.dataset import Dataset
from graph.derivation import derive
from graph.engine.embedded import Embedded
from graph.limits import Limits
from graph.namespaces import GRAPH_ENTAILED, GRAPH_MERGED, expand
from graph.rules import entail
from graph.store import current
from graph.store.corpus import canonical
from graph.views import Views, makers
from graph.views.calendar import Calendar, as_json, calendar, documents_known, from_json
from graph.views.clocks import Clocks, read_clocks
from graph.views.makers import ViewBusyError, ViewFailedError
from graph.views.selection import only_known, only_valid, read_dataset
from graph.wikidata.deriving import derive_with_wikidata

DAY = Clocks(known_at="2017-03-20")


@pytest.fixture(scope="module")
def dataset(built: Path) -> Dataset:
    return read_dataset(Store.read_only(str(current(built).path)))


@pytest.fixture(scope="module")
def told(dataset: Dataset) -> Calendar:
    made = calendar(dataset)
    assert from_json(as_json(made)) == made
    return made


@pytest.fixture
def fresh(built: Path, tmp_path: Path) -> Iterator[Callable[..., Views]]:
    """Views that have not been made yet, within limits."""
    made: list[Views] = []

    def views(**limits: float) -> Views:
        given = {"view_waiting_seconds": 120.0, **limits}
        made.append(Views(built, Limits(**given), Embedded, tmp_path / "views"))  # type: ignore[arg-type]
        return made[-1]

    yield views
    for each in made:
        each.close()


def kept(room: Path) -> set[str]:
    return {path.name for path in room.iterdir() if path.is_dir()}


def open_once(views: Views, built: Path, clocks: Clocks = DAY) -> int:
    """Make the view at some clocks; the number of its quads in the default graph."""
    with views.engine(views.at(clocks, "certain", current(built).version)) as engine:
        return len(engine.select("SELECT ?s { ?s ?p ?o }").rows)


def test_a_view_that_leaves_nothing_out_is_the_version_byte_for_byte(built, dataset) -> None:
    made = replace(dataset)
    derive(made)
    derive_with_wikidata(made)
    assert canonical(made.quads()) == next(built.glob("dataset-*.nq")).read_bytes()
    again = only_known(dataset, documents_known(dataset, "2017-04-27", "certain"))
    assert (again.assertions, again.admitted, again.provenance) == (
        dataset.assertions,
        dataset.admitted,
        dataset.provenance,
    )


DAYS = st.integers(0, 1800).map(lambda n: (date(2013, 1, 1) + timedelta(n)).isoformat())
CERTAINTY = st.sampled_from(["certain", "possible"])


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_what_is_known_is_what_the_known_documents_say(dataset, data) -> None:
    day, certainty = data.draw(DAYS), data.draw(CERTAINTY)
    wanted = {NamedNode(expand(MOSCOW_TIMES))} if day >= "2017-03-20" else set()
    if day >= ("2017-04-27" if certainty == "certain" else "2017-03-30"):
        wanted.add(NamedNode(expand(EASTRUSSIA)))
    assert documents_known(dataset, day, certainty) == wanted
    view = only_known(dataset, wanted)
    inside = NamedNode(expand("cq:inDocument"))
    document = {t.subject: t.object for t in dataset.provenance if t.predicate == inside}
    assert view.assertions == {
        name: dataset.assertions[name] for name in dataset.assertions if document[name] in wanted
    }
    assert view.provenance <= dataset.provenance
    assert not [t for t in view.provenance if t.predicate == inside and t.object not in wanted]


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_certain_is_part_of_possible_and_equal_hashes_are_equal_sets(dataset, told, data) -> None:
    day, other = data.draw(DAYS), data.draw(DAYS)
    certain, possible = (only_valid(dataset, day, each) for each in ("certain", "possible"))
    assert all(certain.assertions[name] <= possible.assertions[name] for name in dataset.assertions)
    assert documents_known(dataset, day, "certain") <= documents_known(dataset, day, "possible")
    for certainty in ("certain", "possible"):
        known = [documents_known(dataset, each, certainty) for each in (day, other)]
        assert (told.known(day, certainty) == told.known(other, certainty)) == (known[0] == known[1])
        valid = [only_valid(dataset, each, certainty).assertions for each in (day, other)]
        assert valid[0] == valid[1] or told.valid(day, certainty) != told.valid(other, certainty)


@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_what_a_view_entails_is_what_follows_from_its_own_premises(dataset, data) -> None:
    """From its quads as they were written: premises are filtered out of them by the admission that they tell."""
    known, valid, certainty = data.draw(DAYS), data.draw(st.none() | DAYS), data.draw(CERTAINTY)
    view = only_known(dataset, documents_known(dataset, known, certainty))
    view = only_valid(view, valid, certainty) if valid else view
    derive(view)
    store = Store()
    store.bulk_extend(view.quads())
    written = read_dataset(store)
    entailed = {quad.triple for quad in store.quads_for_pattern(None, None, None, GRAPH_ENTAILED)}
    concluded = entail(written.premises())
    assert concluded <= entailed
    bounds = {NamedNode(expand("cq:earliest")), NamedNode(expand("cq:latest"))}
    assert {t for t in entailed - concluded if t.predicate not in bounds} == set()


def test_the_default_graph_of_a_view_is_its_merged_graph(fresh, built, tmp_path) -> None:
    open_once(fresh(), built)
    (path,) = kept(tmp_path / "views")
    store = Store.read_only(str(tmp_path / "views" / path))
    merged, default = (
        {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
        for graph in (GRAPH_MERGED, DefaultGraph())
    )
    assert merged == default != set()


def test_equal_sets_share_one_view_and_a_whole_one_is_the_version_itself(views, built) -> None:
    version = current(built).version

    def at(certainty="certain", **given):
        return views.at(Clocks(**given), certainty, version)

    one = at(known_at="2017-03-20")
    assert one == at(known_at="2017-03-29") == at("possible", known_at="2017-03-25") == at(known_at="2017-04-26")
    assert one != at("possible", known_at="2017-03-30")
    assert at(known_at="2017-04-27").id == at(known_at="2999-01-01").id == version
    assert at(known_at="1900-01-01") == at("possible", known_at="2017-03-19")
    assert at(recorded_at="2030-01-01").id == version
    assert at(valid_at="2017-03-20") != at("possible", valid_at="2017-03-20")
    assert at(valid_at="1600-01-01") == at(valid_at="1700-01-01")


def test_two_at_once_make_it_once(fresh, built, monkeypatch) -> None:
    started = []
    child = makers.Child
    monkeypatch.setattr(makers, "Child", lambda *given: started.append(given) or child(*given))
    views, found = fresh(), []
    threads = [threading.Thread(target=lambda: found.append(open_once(views, built))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(found)) == 1
    assert len(found) == 4
    assert len(started) == 2, "one process for the calendar, and one for the view"


def test_another_process_takes_what_the_first_has_made(fresh, built, tmp_path) -> None:
    open_once(fresh(), built)
    made = {path.name: path.stat().st_ino for path in (tmp_path / "views").iterdir()}
    open_once(fresh(), built)
    assert {path.name: path.stat().st_ino for path in (tmp_path / "views").iterdir()} == made


def test_who_does_not_wait_is_told_to_come_back_and_gets_it_then(fresh, built) -> None:
    views = fresh(view_waiting_seconds=0.0)
    with pytest.raises(ViewBusyError, match="again"):
        open_once(views, built)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            assert open_once(views, built)
            return
        except ViewBusyError:
            time.sleep(0.05)
    pytest.fail("it was never made")


def test_more_than_a_few_do_not_wait(fresh, built) -> None:
    views = fresh(view_waiting_seconds=0.0, waiting_views=1)
    version = current(built).version
    with pytest.raises(ViewBusyError, match="being gathered"):
        views.at(DAY, "certain", version)
    with views.engine(views.at(Clocks(), "certain", version)), pytest.raises(ViewBusyError, match="other views"):
        views.engine(views.at(Clocks(recorded_at="1900-01-01"), "certain", version)).__enter__()


def makings() -> list[int]:
    """The processes of ours that make a view just now."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if b"graph.views.making" in words and parent == os.getpid():
            found.append(int(path.name))
    return found


def test_what_takes_too_long_is_killed_and_leaves_nothing(fresh, built, tmp_path) -> None:
    views = fresh(view_seconds=0.1)
    with pytest.raises(ViewFailedError, match=r"longer than 0\.1 s"):
        open_once(views, built)
    assert makings() == []
    assert kept(tmp_path / "views") == set()


@pytest.mark.kills
def test_a_killed_process_leaves_nothing_half_written(fresh, built, tmp_path) -> None:
    room, version = tmp_path / "views", current(built).version
    views = fresh()
    views.at(DAY, "certain", version)
    for turn in range(6):
        raised: list[Exception] = []

        def ask(raised=raised) -> None:
            try:
                open_once(views, built)
            except ViewFailedError as error:
                raised.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        while not (found := makings()):
            time.sleep(0.002)
        time.sleep(0.3 * turn)
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        thread.join()
        assert not list(room.glob("*.partial"))
        if not raised:
            break
        assert "process ended" in str(raised[0])
        assert kept(room) == set()
    assert open_once(views, built) == open_once(fresh(), built)


def test_views_past_the_limits_go_unless_they_are_read(fresh, built, tmp_path) -> None:
    views = fresh(kept_views=1)
    version = current(built).version
    never, later = Clocks(recorded_at="1900-01-01"), Clocks(known_at="2017-03-19")
    with views.engine(views.at(never, "certain", version)):
        open_once(views, built)
        assert len(kept(tmp_path / "views")) == 2, "the first one is being read"
    open_once(views, built, later)
    assert len(kept(tmp_path / "views")) == 1
    assert open_once(views, built) > open_once(views, built, later)


def test_bytes_are_bounded_too(fresh, built, tmp_path) -> None:
    views = fresh(view_bytes=1)
    for clocks in (Clocks(recorded_at="1900-01-01"), DAY):
        open_once(views, built, clocks)
    assert len(kept(tmp_path / "views")) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("known-at", value) for value in ("", " ", "2017", "2017-03", "2017-02-30", "0000-01-01", "20170320")),
        *(("known-at", value) for value in ("2017-03-20T10:00:00Z", "2017-03-20~", "[2017-03-20]", "٢٠١٧-03-20")),
        *(("valid-at", value) for value in ("tomorrow", "2017-03-20/2017-03-21", "-2017-03-20", "x" * 10_000, "\0")),
        *(("recorded-at", value) for value in ("2026", "2026-11-21T25:00:00Z", "2026-11-21 10:00", "9999-99-99")),
        *(("certainty", value) for value in ("", "Certain", "maybe", "certain,possible")),
    ],
)
def test_a_clock_is_one_whole_day(name, value) -> None:
    with pytest.raises(ValueError, match=name):
        read_clocks([(name, value), *([("known-at", "2017-03-20")] if name == "certainty" else [])])


def test_a_clock_is_set_once_and_certainty_belongs_to_one() -> None:
    with pytest.raises(ValueError, match="more than once"):
        read_clocks([("known-at", "2017-03-20"), ("known-at", "2017-03-20")])
    with pytest.raises(ValueError, match="at a clock"):
        read_clocks([("certainty", "possible")])
    assert not read_clocks([("person", "Lavrov")])
