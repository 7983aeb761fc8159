"""Fetching from a site: what is asked, in which order, and what is kept of it."""

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fetched_from import API, CONTACT, DATA, DAY, Hasty, asked_data, fetched, outcomes, record_of, small_site
from patience import DEADLINE
from small_entities import MINISTER, OFFICE, OLD_OFFICE, item
from stand_in_site import Fault, StandIn, busy, serving, told

from graph.wikidata.client import FetchAtWorkError, IdentifierError, Site, SiteError, fetch
from graph.wikidata.reading import read_entity
from graph.wikidata.records import kept


@pytest.fixture
def site() -> Iterator[StandIn]:
    with serving(small_site(more=120)) as site:
        yield site


def test_a_record_has_the_bytes_that_the_site_sent(site: StandIn, tmp_path: Path) -> None:
    (result,) = fetched(site, tmp_path, [MINISTER])
    assert (result.outcome, result.entity, result.revision) == ("fetched", MINISTER, "12")
    (record,) = kept(tmp_path)
    assert record.url == f"{site.url}{DATA}{MINISTER}.json?revision=12"
    sent = httpx.get(record.url, headers={"User-Agent": "another/1 (test@example.org)"}).content
    assert record.read() == sent
    assert (record.sha256, record.media_type) == (hashlib.sha256(sent).hexdigest(), "application/json")
    assert (record.revision, record.retrieved) == ("12", DAY)
    assert record.last_modified == "Mon, 13 May 2024 12:00:00 GMT"


def test_fifty_are_asked_about_in_a_call_and_each_is_fetched_once(site: StandIn, tmp_path: Path) -> None:
    ids = [f"Q{n}" for n in range(1, 121)]
    results = fetched(site, tmp_path, [*ids, "q1", " Q2 "])
    assert [result.id for result in results] == ids
    assert {result.outcome for result in results} == {"fetched"}
    calls = [each.parameters() for each in site.on(API)]
    assert [len(call["ids"].split("|")) for call in calls] == [50, 50, 20]
    assert {(call["props"], call["maxlag"], call["format"]) for call in calls} == {("info", "5", "json")}
    assert sorted(asked_data(site)) == sorted(f"Q{n}.json?revision={100 + n}" for n in range(1, 121))
    assert len(kept(tmp_path)) == 120


def test_who_asks_says_who_they_are_and_takes_compressed_answers(site: StandIn, tmp_path: Path) -> None:
    fetched(site, tmp_path, [MINISTER])
    assert {each.agent for each in site.asked} == {Site(site.url, CONTACT).agent}
    assert all(each.headers["accept-encoding"] == "gzip" for each in site.asked)


def test_three_requests_are_under_way_at_once_and_never_four(site: StandIn, tmp_path: Path) -> None:
    three = threading.Barrier(3, timeout=DEADLINE)
    site.fail(DATA, *[Fault(before=three.wait)] * 30)
    results = fetched(site, tmp_path, [f"Q{n}" for n in range(1, 31)])
    assert {result.outcome for result in results} == {"fetched"}
    assert site.most_at_once == 3


def test_what_is_kept_is_not_asked_for_again(site: StandIn, tmp_path: Path) -> None:
    fetched(site, tmp_path, [MINISTER])
    site.asked.clear()
    assert outcomes(fetched(site, tmp_path, [MINISTER, OFFICE])) == {MINISTER: "kept", OFFICE: "fetched"}
    assert [each.parameters().get("ids") for each in site.on(API)] == [OFFICE]
    site.asked.clear()
    assert outcomes(fetched(site, tmp_path, [MINISTER, OFFICE])) == {MINISTER: "kept", OFFICE: "kept"}
    assert site.asked == []


def test_a_refresh_fetches_what_has_changed_beside_what_is_kept(site: StandIn, tmp_path: Path) -> None:
    fetched(site, tmp_path, [MINISTER, OFFICE])
    site.holdings.add(item(OFFICE, "minister of more examples", 22))
    site.asked.clear()
    (minister, office) = fetched(site, tmp_path, [MINISTER, OFFICE], refresh=True)
    assert (minister.outcome, office.outcome, office.revision) == ("unchanged", "fetched", "22")
    assert asked_data(site) == [f"{OFFICE}.json?revision=22"]
    assert sorted(record.revision for record in kept(tmp_path)) == ["12", "21", "22"]


def test_what_another_site_has_under_the_same_identifier_is_another_thing(site: StandIn, tmp_path: Path) -> None:
    fetched(site, tmp_path, [MINISTER])
    with serving(small_site()) as other:
        assert outcomes(fetched(other, tmp_path, [MINISTER])) == {MINISTER: "fetched"}


def test_a_redirect_is_recorded_as_such(site: StandIn, tmp_path: Path) -> None:
    (result,) = fetched(site, tmp_path, [OLD_OFFICE])
    assert (result.outcome, result.entity, result.revision) == ("redirected", OFFICE, "21")
    entity = read_entity(json.loads(record_of(tmp_path, OLD_OFFICE).read()))
    assert (entity.id, entity.redirects) == (OFFICE, (OLD_OFFICE,))
    site.asked.clear()
    assert outcomes(fetched(site, tmp_path, [OLD_OFFICE], refresh=True)) == {OLD_OFFICE: "unchanged"}
    assert len(site.asked) == 1


def test_what_is_missing_is_told_for_each(site: StandIn, tmp_path: Path) -> None:
    results = fetched(site, tmp_path, [MINISTER, "Q77777", "P77777"])
    assert outcomes(results) == {MINISTER: "fetched", "Q77777": "missing", "P77777": "missing"}
    assert len(kept(tmp_path)) == 1


def test_what_is_deleted_between_the_two_requests_is_missing(site: StandIn, tmp_path: Path) -> None:
    site.fail(DATA, Fault(before=lambda: site.holdings.delete(OFFICE)))
    assert outcomes(fetched(site, tmp_path, [OFFICE])) == {OFFICE: "missing"}
    assert kept(tmp_path) == ()


def test_an_identifier_that_the_site_does_not_know_does_not_harm_the_others(site: StandIn, tmp_path: Path) -> None:
    told_so = {"error": {"code": "no-such-entity", "info": "Could not find an entity", "id": "P7"}}
    site.fail(API, Fault(told(told_so)))
    assert outcomes(fetched(site, tmp_path, [MINISTER, "P7"])) == {MINISTER: "fetched", "P7": "missing"}
    assert [each.parameters()["ids"] for each in site.on(API)] == [f"{MINISTER}|P7", MINISTER]


@pytest.mark.parametrize("text", ["", "Putin", "Q0", "Q07", "Q1|Q2", "L1", "Q2147483648", "Q١", "Q1\n2", "42"])
def test_what_is_no_identifier_is_refused_before_anything_is_asked(site: StandIn, tmp_path: Path, text: str) -> None:
    with pytest.raises(IdentifierError, match="no identifier of an item or property"):
        fetched(site, tmp_path, [MINISTER, text])
    assert site.asked == []


def test_a_fetch_that_ended_early_goes_on_where_it_stood(site: StandIn, tmp_path: Path) -> None:
    ids = [f"Q{n}" for n in range(1, 21)]
    site.fail(DATA, *[Fault()] * 7, *[busy(str(10**6))] * 3)
    seen: list[str] = []
    with pytest.raises(SiteError, match="answered 429"):
        fetched(site, tmp_path, ids, on_result=lambda result: seen.append(result.id))
    assert len(seen) == len(kept(tmp_path)) >= 5, "at most two others were under way when the fetch ended"
    site.forgive()
    site.asked.clear()
    results = fetched(site, tmp_path, ids)
    assert {result.id for result in results if result.outcome == "kept"} == set(seen)
    assert {each.partition(".")[0] for each in asked_data(site)} == set(ids) - set(seen)
    assert len(kept(tmp_path)) == 20


def test_two_fetches_at_once_into_one_folder_leave_what_one_would(site: StandIn, tmp_path: Path) -> None:
    """The second is refused, before it asks for anything: both together would ask for too much at once."""
    ids = [f"Q{n}" for n in range(1, 31)]
    refused: list[str] = []

    def second() -> None:
        with pytest.raises(FetchAtWorkError) as found:
            fetched(site, tmp_path / "both", ids)
        refused.append(str(found.value))

    site.fail(API, Fault(before=second))
    assert outcomes(fetched(site, tmp_path / "both", ids)) == dict.fromkeys(ids, "fetched")
    assert len(refused) == len(site.on(API)) == 1
    fetched(site, tmp_path / "one", ids)
    assert contents(tmp_path / "both") == contents(tmp_path / "one")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_day_that_is_recorded_is_the_one_given(site: StandIn, tmp_path: Path) -> None:
    fetch([MINISTER], tmp_path, Site(site.url, CONTACT), retrieved="2020-02-29", clock=Hasty())
    assert [record.retrieved for record in kept(tmp_path)] == ["2020-02-29"]
