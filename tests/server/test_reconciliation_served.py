"""The Reconciliation Service API behind the server that really runs, as a client across the network has it."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from test_serving import Server


@pytest.fixture(scope="module")
def server(small_store: Path) -> Iterator[Server]:
    with Server(small_store) as running:
        yield running


def test_forms_are_answered_and_pages_kept(server: Server) -> None:
    endpoint = server.url + "reconcile"
    manifest = httpx.get(endpoint).json()
    assert manifest["batchSize"] == 100
    posted = httpx.post(
        endpoint, data={"queries": json.dumps({"q+": {"query": "2 + 2"}, "&": {"query": "北方領土"}})}
    )
    assert posted.json()["q+"]["result"][0]["id"] == "format/2plus2"
    disputed = posted.json()["&"]["result"][0]
    assert (disputed["id"], disputed["match"]) == ("territory/southern-kurils", True)
    assert "“北方領土”: a name used by Japan" in disputed["description"]
    asked = {"queries": json.dumps({"q": {"query": "2+2"}})}
    first, second = (httpx.get(endpoint, params=asked) for _ in range(2))
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("miss", "hit")
    assert first.json() == second.json()
    different = httpx.post(endpoint, data={"queries": json.dumps({"q": {"query": "Japan"}})})
    assert different.headers["etag"] != posted.headers["etag"]


def test_what_is_refused_is_refused_by_the_server_too(server: Server) -> None:
    endpoint = server.url + "reconcile"
    many = {"queries": json.dumps({str(number): {"query": "x"} for number in range(101)})}
    assert httpx.post(endpoint, data=many).status_code == 413
    assert httpx.post(endpoint, content=b"queries={}", headers={"Content-Type": "text/plain"}).status_code == 415
    asked = httpx.options(endpoint, headers={"Origin": "http://a", "Access-Control-Request-Method": "POST"})
    assert "POST" in asked.headers["access-control-allow-methods"]


def test_the_addresses_of_the_manifest_lead_somewhere(server: Server) -> None:
    manifest = httpx.get(server.url + "reconcile").json()
    for template in (manifest["view"]["url"], manifest["preview"]["url"]):
        shown = httpx.get(template.replace("{{id}}", "territory%2Fsouthern-kurils"))
        assert (shown.status_code, "Southern Kurils" in shown.text) == (200, True)
    suggest = manifest["suggest"]["entity"]
    found = httpx.get(suggest["service_url"] + suggest["service_path"], params={"prefix": "лавр"}).json()
    assert [each["id"] for each in found["result"]] == ["person/lavrov"]
    flyout = suggest["flyout_service_url"] + suggest["flyout_service_path"].replace("${id}", "person%2Flavrov")
    assert "Sergey Lavrov" in httpx.get(flyout).json()["html"]
