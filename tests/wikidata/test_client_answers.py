"""Reading what sites answer, whatever it is; and who asks, and where."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from fetched_from import Hasty
from hypothesis import example, given
from hypothesis import strategies as st
from small_entities import MINISTER, OFFICE, small_entities

from graph.wikidata.client import AnswerError, ContactError, Site, SiteAddressError, SiteError
from graph.wikidata.client.answers import Version, read_data, read_versions
from graph.wikidata.client.pace import retry_after
from graph.wikidata.client.sending import Answer, BusyError, FaultError

WANTED = Version(MINISTER, "12")
LATEST = small_entities()[1]


def answer(data: bytes, status: int = 200, media_type: str = "application/json", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer("https://example.org/x", status, {"content-type": media_type, **named}, data)


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([MINISTER, OFFICE, "Q1"])
KEYS = st.text(max_size=5) | st.sampled_from(
    [
        "entities",
        "error",
        "code",
        "info",
        "id",
        "lastrevid",
        "missing",
        "redirects",
        "type",
        "claims",
        "labels",
        MINISTER,
    ]
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
PARTS = ["labels", "claims", "id", "type", "lastrevid", "modified", "aliases", "descriptions", "sitelinks"]


@given(JSON | st.fixed_dictionaries({"entities": st.fixed_dictionaries({MINISTER: JSON})}))
@example({"error": {"code": "maxlag"}})
@example({"entities": {OFFICE: {"id": OFFICE, "lastrevid": 5}}})
@example({"error": {"code": "no-such-entity", "id": [MINISTER]}})
def test_any_json_is_versions_or_an_error_of_ours(content: Any) -> None:
    try:
        found = read_versions(answer(json.dumps(content).encode()), [MINISTER], Hasty())
    except (AnswerError, SiteError):
        return
    assert list(found) == [MINISTER]
    told = content["entities"][MINISTER]
    assert found[MINISTER] == (None if "missing" in told else Version(told["id"], f"{told['lastrevid']:d}"))
    assert "missing" in told or told["id"] in (MINISTER, OFFICE, "Q1")


@pytest.mark.parametrize("told", [("Q1/../../x", 5), ("Q1", True), ("Q1", 0), ("Q1", "5"), ("Q1", None), (None, 5)])
def test_what_goes_into_an_address_is_an_identifier_and_a_number(told: tuple[Any, Any]) -> None:
    content = {"entities": {MINISTER: {"id": told[0], "lastrevid": told[1]}}}
    with pytest.raises(FaultError, match="names no identifier and revision"):
        read_versions(answer(json.dumps(content).encode()), [MINISTER], Hasty())


@given(st.binary(max_size=200), st.integers(100, 599), st.sampled_from(["application/json", "text/html", ""]))
def test_any_bytes_are_an_error_of_ours(data: bytes, status: int, media_type: str) -> None:
    came = answer(data, status, media_type)
    with pytest.raises(AnswerError):
        read_versions(came, [MINISTER], Hasty())
    if status != 404:
        with pytest.raises(AnswerError):
            read_data(came, MINISTER, WANTED, Hasty())


@given(st.dictionaries(st.sampled_from(PARTS), JSON, max_size=3))
def test_an_entity_is_taken_whole_or_not_at_all(changes: dict[str, Any]) -> None:
    """Whatever stands in the parts of an entity, it is the version that was asked for, or an error of ours."""
    came = answer(json.dumps({"entities": {MINISTER: {**LATEST, **changes}}}).encode())
    try:
        found = read_data(came, MINISTER, WANTED, Hasty())
    except (AnswerError, SiteError):
        return
    assert found in (WANTED, None)


def test_depth_is_an_error_of_ours() -> None:
    for data in (b"[" * 10**6, b'{"entities":' * 10**6):
        with pytest.raises(FaultError, match="says that it is JSON, and is not"):
            read_data(answer(data), MINISTER, WANTED, Hasty())


def test_a_busy_answer_tells_how_long() -> None:
    lagged = answer(b'{"error": {"code": "maxlag", "info": "Waiting"}}', retry_after="5")
    with pytest.raises(BusyError, match="maxlag: Waiting") as caught:
        read_versions(lagged, [MINISTER], Hasty())
    assert caught.value.seconds == 5


@given(st.text() | st.from_regex(r"[0-9]{1,30}", fullmatch=True), st.text())
@example("9" * 400, "")
@example("Fri, 31 Dec 9999 23:59:59 -2359", "Sat, 01 Jan 0001 00:00:00 +2359")
@example("Tue, 21 Apr 2026 12:00:30", "")
def test_any_retry_after_is_a_time_to_wait_or_none(text: str, date: str) -> None:
    seconds = retry_after({"retry-after": text, "date": date}, Hasty())
    assert seconds is None or seconds >= 0


@given(st.integers(0, 10**6), st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1)))
def test_a_date_and_the_seconds_to_it_are_the_same(seconds: int, moment: datetime) -> None:
    now = moment.replace(microsecond=0, tzinfo=UTC)
    date, then = (format_datetime(each, usegmt=True) for each in (now, now + timedelta(seconds=seconds)))
    by_date = retry_after({"retry-after": then, "date": date}, Hasty())
    assert by_date == retry_after({"retry-after": str(seconds)}, Hasty()) == seconds


@pytest.mark.parametrize("url", ["https://www.wikidata.org", "https://wikidata.org/", "http://test.wikidata.org"])
def test_wikidata_is_not_asked_without_a_contact(url: str) -> None:
    with pytest.raises(ContactError, match=r"--contact or COMMUNIQUE_CONTACT \(https://meta\.wikimedia\.org"):
        Site(url)
    agent = Site(url, "me@example.org").agent
    assert agent.startswith("communique/")
    assert " (me@example.org) httpx/" in agent


def test_a_site_of_ones_own_may_be_asked_without_one() -> None:
    assert "(" not in Site("http://127.0.0.1:8181").agent
    assert Site("http://notwikidata.org").url


@pytest.mark.parametrize("contact", ["me@example.org", "https://example.org/me", "wiki User:Ann Example"])
def test_a_contact_is_an_address_a_page_or_a_user(contact: str) -> None:
    assert f"({contact})" in Site(contact=contact).agent


@pytest.mark.parametrize(
    "contact",
    ["me", " ", "me@example.org\r\nX-Forged: 1", "me@example.org)", "mé@example.org", "@", "User:", "http://"],
)
def test_what_is_no_contact_is_refused(contact: str) -> None:
    with pytest.raises(ContactError, match="no e-mail address, URL or user page"):
        Site(contact=contact)


@pytest.mark.parametrize(
    "url",
    [
        "", "www.wikidata.org", "ftp://example.org", "file:///etc/passwd", "http://", "http://[::1", "http://a:b/",
        "http://a:99999", "http://me@example.org", "http://example.org/wiki", "http://example.org/?q", "http://a b/",
        "http://example.org#x", "http://exämple.org", "http://example.org\n",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_site_is_refused(url: str) -> None:
    with pytest.raises(SiteAddressError, match="no address of a site"):
        Site(url, "me@example.org")


@pytest.mark.parametrize(
    ("own", "url", "has"),
    [
        ("https://a.org", "https://a.org/x", True),
        ("https://a.org/", "https://A.org:443/x", True),
        ("https://a.org", "http://a.org/x", False),
        ("https://a.org", "https://b.a.org/x", False),
        ("https://a.org", "https://a.org.evil/x", False),
        ("https://a.org", "https://a.org@evil/x", False),
        ("http://a.org", "https://a.org/x", True),
        ("http://a.org:81", "https://a.org/x", False),
        ("http://a.org", "https://a.org:444/x", False),
        ("http://a.org", "http://a.org:81/x", False),
        ("http://a.org", "http://[::1", False),
        ("http://a.org", "//a.org/", False),
    ],
)
def test_what_is_on_a_site(own: str, url: str, has: bool) -> None:
    assert Site(own).has(url) is has


@given(st.text())
def test_any_text_is_on_the_site_or_not(url: str) -> None:
    assert Site("http://a.org").has(url) in (True, False)


def test_urls_say_what_they_were_asked_for() -> None:
    site = Site("http://a.org/")
    assert site.entity_data("Q1", "5") == "http://a.org/wiki/Special:EntityData/Q1.json?revision=5"
    assert site.asked(site.entity_data("Q1", "5")) == "Q1"
    assert site.asked(site.entities(["Q2"])) == "Q2"
    assert site.asked(site.entities(["Q2", "Q3"])) == ""
    other = Site("http://b.org")
    assert other.asked(site.entities(["Q2"])) == other.asked(site.entity_data("Q2", "5")) == ""
    assert site.asked("file:///Q7747.json") == ""
    longest = site.entities([f"Q{2**31 - n}" for n in range(1, 51)], props="info")
    assert len(longest) < 1000, "a GET is long enough for fifty"
