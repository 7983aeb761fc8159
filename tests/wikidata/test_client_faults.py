"""What goes wrong on the way, and what the client does then: waits as it is told, tries again, gives up, says so."""

import asyncio
import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fetched_from import API, CONTACT, DATA, DAY, Hasty, asked_data, fetched, outcomes, record_of, small_site
from small_entities import MINISTER, OFFICE, OLD_OFFICE
from stand_in_site import Fault, Reply, StandIn, broken_off, busy, serving, told

from graph.limits import Limits
from graph.wikidata.client import Site, SiteError, fetch
from graph.wikidata.client.pace import AT_ONCE, TRIES, Pace, wait_after
from graph.wikidata.records import kept

JSON = "application/json; charset=utf-8"


@pytest.fixture
def site() -> Iterator[StandIn]:
    with serving(small_site()) as site:
        yield site


def data_of(site: StandIn, id_: str) -> bytes:
    return json.dumps({"entities": {id_: site.holdings.latest(id_)}}).encode()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0"}, None),
        ({"Retry-After": "Tue, 21 Apr 2026 13:00:30 GMT", "Date": "Tue, 21 Apr 2026 13:00:00 GMT"}, 30),
        ({"Retry-After": "Tue, 21 Apr 2026 12:00:30 GMT", "Date": "no date"}, 30),
        ({"Retry-After": "Tue, 21 Apr 2026 11:00:00 GMT", "Date": "Tue, 21 Apr 2026 13:00:00 GMT"}, None),
        ({"Retry-After": "soon"}, 5),
        ({}, 5),
    ],
)
@pytest.mark.parametrize("status", [429, 502, 503])
def test_it_waits_as_long_as_it_is_told(
    site: StandIn, tmp_path: Path, headers: dict[str, str], seconds: float | None, status: int
) -> None:
    clock = Hasty()
    site.fail(DATA, Fault(Reply(status, b"not now", "text/plain", headers)))
    assert outcomes(fetched(site, tmp_path, [MINISTER], clock)) == {MINISTER: "fetched"}
    assert clock.slept == ([] if seconds is None else [seconds])
    assert len(site.on(DATA)) == 2


def test_where_nothing_is_told_it_waits_twice_as_long_each_time_and_then_gives_up(
    site: StandIn, tmp_path: Path
) -> None:
    clock = Hasty()
    site.fail(API, *[busy(status=503)] * 10)
    with pytest.raises(SiteError, match=r"api\.php.* answered 503: Too many requests"):
        fetched(site, tmp_path, [MINISTER], clock)
    assert clock.slept == [5, 10, 20, 40, 80]
    assert len(site.asked) == TRIES == 6


def test_the_waits_are_bounded() -> None:
    assert [wait_after(failures) for failures in (1, 2, 5, 6, 100, 10**6)] == [5, 10, 80, 120, 120, 120]


def test_a_wait_that_is_too_long_ends_the_fetch_at_once(site: StandIn, tmp_path: Path) -> None:
    clock = Hasty()
    site.fail(API, busy("601"))
    with pytest.raises(SiteError, match="answered 429"):
        fetched(site, tmp_path, [MINISTER], clock)
    assert (clock.slept, len(site.asked)) == ([], 1)


def test_who_is_told_to_wait_asks_nothing_else_meanwhile() -> None:
    """Ten want to ask: three may; one of them is told to wait, so the seven that have not begun wait, too."""
    begun: list[tuple[float, int]] = []

    async def run() -> None:
        clock, leave = Hasty(), asyncio.Event()
        pace = Pace(clock)

        async def one(number: int) -> None:
            async with pace.turn():
                begun.append((clock.now(), number))
                await leave.wait()

        tasks = [asyncio.create_task(one(number)) for number in range(10)]
        await settled()
        assert [number for _, number in begun] == [0, 1, 2]
        pace.pause(7)
        pace.pause(3)
        leave.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert AT_ONCE == 3
    assert [when for when, _ in begun] == [0.0] * 3 + [7.0] * 7


async def settled() -> None:
    """Let every task go as far as it can."""
    for _ in range(100):
        await asyncio.sleep(0)


def test_a_lag_of_the_replicas_is_waited_for(site: StandIn, tmp_path: Path) -> None:
    site.lag = 9.0
    clock = Hasty(on_sleep=lambda: setattr(site, "lag", 0.0))
    assert outcomes(fetched(site, tmp_path, [MINISTER], clock)) == {MINISTER: "fetched"}
    assert clock.slept == [5]
    assert [each.path for each in site.asked] == [API, API, f"{DATA}{MINISTER}.json"]


def test_a_lag_that_goes_on_ends_the_fetch_with_what_the_site_said(site: StandIn, tmp_path: Path) -> None:
    site.lag = 9.0
    with pytest.raises(SiteError, match="maxlag: Waiting for a database server: 9 seconds lagged"):
        fetched(site, tmp_path, [MINISTER])
    assert len(site.asked) == TRIES


@pytest.mark.parametrize("code", ["readonly", "ratelimited", "internal_api_error_DBQueryError"])
def test_errors_that_pass_are_waited_for_though_they_come_as_200(site: StandIn, tmp_path: Path, code: str) -> None:
    site.fail(API, Fault(told({"error": {"code": code, "info": "not now"}}, Retry_After="8")))
    clock = Hasty()
    assert outcomes(fetched(site, tmp_path, [MINISTER], clock)) == {MINISTER: "fetched"}
    assert clock.slept == [8]


@pytest.mark.parametrize("error", [{"code": "badvalue", "info": "Unrecognized value"}, "a text", None, ["maxlag"]])
def test_other_errors_that_come_as_200_end_the_fetch(site: StandIn, tmp_path: Path, error: Any) -> None:
    site.fail(API, Fault(told({"error": error})))
    with pytest.raises(SiteError, match=r"api\.php\?.* answers: "):
        fetched(site, tmp_path, [MINISTER])
    assert len(site.asked) == 1


def test_a_refused_agent_is_told_and_nothing_is_tried_again(site: StandIn, tmp_path: Path) -> None:
    site.fail(API, Fault(Reply(403, b"Please set a user-agent", "text/plain")))
    with pytest.raises(SiteError, match=r"403: Please set a user-agent.*the User-Agent was 'communique/"):
        fetched(site, tmp_path, [MINISTER])
    assert len(site.asked) == 1


def test_a_site_that_is_not_there_is_told(tmp_path: Path) -> None:
    with serving(StandIn()) as site:
        pass
    clock = Hasty()
    with pytest.raises(SiteError, match="cannot be reached"):
        fetched(site, tmp_path, [MINISTER], clock)
    assert len(clock.slept) == TRIES - 1


def test_a_site_that_is_no_wikibase_is_told(site: StandIn, tmp_path: Path) -> None:
    site.fail(API, *[Fault(Reply(200, b"<p>It works!"))] * TRIES)
    with pytest.raises(SiteError, match="answers with 'text/html', not with JSON: <p>It works!"):
        fetched(site, tmp_path, [MINISTER])


def faults(site: StandIn) -> dict[str, Fault]:
    """Answers of status 200, or the beginning of one, that are not the record of the minister's revision 12."""
    good = data_of(site, MINISTER)
    former = json.dumps({"entities": {MINISTER: site.holdings.revisions[MINISTER][11]}}).encode()
    nameless = json.dumps({"entities": {MINISTER: {"type": "item"}}}).encode()
    return {
        "a body that is cut": Fault(cut=100),
        "no body": Fault(cut=0),
        "a trace in the middle": broken_off(),
        "half of it, as if whole": Fault(Reply(200, good[: len(good) // 2], JSON)),
        "nothing": Fault(Reply(200, b"", JSON)),
        "a page": Fault(Reply(200, good, "text/html")),
        "a list": Fault(Reply(200, b"[]", JSON)),
        "no entities": Fault(told({"entities": {}})),
        "another entity": Fault(Reply(200, data_of(site, OFFICE), JSON)),
        "another revision": Fault(Reply(200, former, JSON)),
        "an entity without a name": Fault(Reply(200, nameless, JSON)),
        "depth": Fault(Reply(200, b"[" * 200_000, JSON)),
        "deep objects": Fault(Reply(200, b'{"entities":' * 100_000, JSON)),
        "no UTF-8": Fault(Reply(200, b'{"entities": "\xff"}', JSON)),
        "no gzip": Fault(Reply(200, good, JSON, {"Content-Encoding": "gzip"})),
        "a failing server": Fault(Reply(500, b"oops")),
        "a failing gateway": Fault(Reply(502, b"oops")),
    }


@pytest.fixture(scope="module")
def names() -> list[str]:
    return list(faults(small_site()))


def test_what_is_not_the_record_is_asked_for_again_and_never_kept(
    site: StandIn, tmp_path: Path, names: list[str]
) -> None:
    for name in names:
        folder = tmp_path / name.replace(" ", "-")
        site.fail(DATA, faults(site)[name])
        site.asked.clear()
        assert outcomes(fetched(site, folder, [MINISTER])) == {MINISTER: "fetched"}, name
        assert asked_data(site) == [f"{MINISTER}.json?revision=12"] * 2, name
        assert json.loads(record_of(folder, MINISTER).read())["entities"][MINISTER]["lastrevid"] == 12


def test_what_never_gets_better_is_told_and_harms_no_other(site: StandIn, tmp_path: Path, names: list[str]) -> None:
    for name in names:
        folder = tmp_path / name.replace(" ", "-")
        site.fail(f"{DATA}{MINISTER}", *[faults(site)[name]] * TRIES)
        minister, office = fetched(site, folder, [MINISTER, OFFICE])
        assert (minister.outcome, office.outcome) == ("failed", "fetched"), name
        assert f"{DATA}{MINISTER}.json?revision=12 " in minister.message, name
        assert len(kept(folder)) == 1


def test_an_answer_without_end_is_not_read_to_it(site: StandIn, tmp_path: Path) -> None:
    limits = replace(Limits(), fetch_bytes=10_000)
    bomb = b'{"entities": "' + b" " * 5_000_000
    site.fail(DATA, Fault(Reply(200, bomb, JSON)))
    minister, office = fetched(site, tmp_path, [MINISTER, OFFICE], limits=limits)
    assert {minister.outcome, office.outcome} == {"failed", "fetched"}
    failed = minister if minister.outcome == "failed" else office
    assert "more than 10000 bytes (fetch_bytes)" in failed.message


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate", "nonsense"])
def test_what_is_packed_otherwise_is_not_unpacked(site: StandIn, tmp_path: Path, encoding: str) -> None:
    """Each layer of gzip may make a body a thousand times as large."""
    bomb = gzip.compress(gzip.compress(b" " * 10_000_000, 9), 9)
    site.fail(DATA, Fault(Reply(200, bomb, JSON, {"Content-Encoding": encoding})))
    (result,) = fetched(site, tmp_path, [MINISTER])
    assert f"sent the encoding '{encoding}', which it was not asked for" in result.message


def test_an_answer_that_does_not_come_is_asked_for_again(site: StandIn, tmp_path: Path) -> None:
    answered = threading.Event()
    site.fail(DATA, Fault(before=lambda: answered.wait(20)), Fault(before=answered.set))
    limits = replace(Limits(), fetch_seconds=0.3)
    assert outcomes(fetched(site, tmp_path, [MINISTER], limits=limits)) == {MINISTER: "fetched"}
    assert len(site.on(DATA)) == 2


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(site: StandIn, tmp_path: Path) -> None:
    """Each byte comes in time, and all of them never would."""
    gone = threading.Event()
    site.fail(DATA, Fault(between=lambda: gone.wait(0.05)), Fault(before=gone.set))
    limits = replace(Limits(), fetch_seconds=0.3)
    assert outcomes(fetched(site, tmp_path, [MINISTER], limits=limits)) == {MINISTER: "fetched"}
    assert len(site.on(DATA)) == 2


def moved(status: int, location: str) -> Fault:
    return Fault(Reply(status, headers={"Location": location}))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_site_is_followed(site: StandIn, tmp_path: Path, status: int) -> None:
    site.fail(DATA, moved(status, f"{DATA}{MINISTER}.json?revision=12&again"))
    fetched(site, tmp_path, [MINISTER])
    assert asked_data(site) == [f"{MINISTER}.json?revision=12", f"{MINISTER}.json?revision=12&again"]
    assert record_of(tmp_path, MINISTER).url == f"{site.url}{DATA}{MINISTER}.json?revision=12"


def test_a_redirect_to_anywhere_else_is_not_followed(site: StandIn, tmp_path: Path) -> None:
    with serving(small_site()) as other:
        port = site.url.rpartition(":")[2]
        targets = [
            f"{other.url}{DATA}{MINISTER}.json",
            f"//{other.url.partition('//')[2]}/",
            f"http://localhost:{port}{DATA}{MINISTER}.json",
            f"http://me@127.0.0.1:{port}/",
            f"https://127.0.0.1:{port}/",
            "file:///etc/passwd",
            "http://a]b/",
        ]
        for target in targets:
            site.fail(DATA, moved(302, target))
            (result,) = fetched(site, tmp_path, [MINISTER])
            assert (result.outcome, "redirects to" in result.message) == ("failed", True), target
        assert len(site.on(DATA)) == len(targets)
        assert other.asked == []
    assert kept(tmp_path) == ()


@pytest.mark.parametrize("target", ["http://[::1", "http:[::1", "http://127.0.0.1:x/", "http://\xe9\xff/", "//[x"])
def test_a_redirect_to_no_address_is_not_followed(site: StandIn, tmp_path: Path, target: str) -> None:
    site.fail(DATA, *[moved(302, target)] * TRIES)
    assert outcomes(fetched(site, tmp_path, [MINISTER])) == {MINISTER: "failed"}
    assert {each.path for each in site.on("/")} == {API, f"{DATA}{MINISTER}.json"}


def test_redirects_without_end_end(site: StandIn, tmp_path: Path) -> None:
    site.fail(DATA, *[moved(301, f"{DATA}{MINISTER}.json")] * 50)
    (result,) = fetched(site, tmp_path, [MINISTER])
    assert result.message.endswith("redirects more than 5 times")
    assert len(site.on(DATA)) == 6


def test_a_redirected_entity_whose_target_went_on_is_kept_as_it_is_now(site: StandIn, tmp_path: Path) -> None:
    new = {**site.holdings.revisions[OFFICE][21], "lastrevid": 22}
    site.fail(API, Fault(), Fault(before=lambda: site.holdings.add(new)))
    (result,) = fetched(site, tmp_path, [OLD_OFFICE])
    assert (result.outcome, result.revision) == ("redirected", "22")


def test_a_disk_that_fails_is_no_fault_of_the_site(site: StandIn, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("no folder")
    with pytest.raises(NotADirectoryError):
        fetch([MINISTER], place, Site(site.url, CONTACT), retrieved=DAY, clock=Hasty())
