"""SERVICE for Wikidata: asked live and with care, kept with its date, answered from the slices where it has to be."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from small_wikidata import store_with, world
from stand_in_site import Fault, Reply, StandIn, broken_off, busy, serving

from graph.engine import (
    Engine,
    Federated,
    QueryEvaluationError,
    QuerySyntaxError,
    Response,
    ServiceRefusedError,
    open_engine,
)
from graph.engine.cached import Cached
from graph.engine.text.complexity import refuse_complexity
from graph.engine.whole import Whole
from graph.limits import Limits
from graph.namespaces import WIKIDATA
from graph.reach.allowed import Reach
from graph.reach.client import USER_AGENT, Client
from graph.reach.engine import Reaching
from graph.reach.kept import Kept, KeptAnswers
from graph.reach.live import AT_ONCE
from graph.reach.solutions import ServiceFailedError
from graph.wikidata.querying.engine import SERVICES, WITH_LABELS, OnSlices

CSV = "text/csv"
START = 1_500_000_000.0
STARTED = "2017-07-14T02:40:00Z"
HOUR = 3600.0
LIVE = Triple(
    NamedNode(WIKIDATA["wd"] + "Q950"), NamedNode(WIKIDATA["wdt"] + "P31"), NamedNode(WIKIDATA["wd"] + "Q146")
)
NAMES = f"PREFIX wd: <{WIKIDATA['wd']}> PREFIX wdt: <{WIKIDATA['wdt']}>"
CATS = f"{NAMES} SELECT ?x {{ SERVICE <URL> {{ ?x wdt:P31 wd:Q146 }} }} ORDER BY ?x"


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store_with(tmp_path_factory.mktemp("federation"), world())


@pytest.fixture(scope="module")
def behind(folder: Path) -> Engine:
    return open_engine(folder)


@pytest.fixture
def site() -> Iterator[StandIn]:
    """A live service that knows another cat than the slices do."""
    with serving(StandIn(triples=[LIVE])) as standing:
        yield standing


@pytest.fixture
def clock() -> Clock:
    return Clock()


def url(site: StandIn) -> str:
    return f"{site.url}/sparql"


def reaching(behind: Engine, site: StandIn, clock: Clock, *, allowed: bool = True, **limits: float) -> Reaching:
    client = Client(replace(Limits(), **limits), addresses=lambda _: True, contact="me@example.org")  # type: ignore[arg-type]
    reach = Reach(client, (url(site),) if allowed else (), now=clock)
    return Reaching(behind, reach, OnSlices(behind, frozenset((url(site),))))


def ask(engine: Engine, site: StandIn, query: str = CATS) -> tuple[list[str], Federated, Response]:
    response = engine.respond(query.replace("URL", url(site)), CSV)
    lines = b"".join(response.body).decode().split()[1:]
    (told,) = response.federated
    return [line.rpartition("/")[2] for line in lines], told, response


def test_live(behind: Engine, site: StandIn, clock: Clock) -> None:
    found, told, response = ask(reaching(behind, site, clock), site)
    assert found == ["Q950"]
    assert told == Federated(url(site), "live", STARTED)
    assert response.volatile
    (asked,) = site.asked
    assert (asked.method, asked.path) == ("POST", "/sparql")
    assert asked.agent.startswith(f"{USER_AGENT} (me@example.org) httpcore/")
    assert asked.headers["accept"] == "application/sparql-results+json"


def test_an_answer_is_kept_with_its_date(behind: Engine, site: StandIn, clock: Clock) -> None:
    engine = reaching(behind, site, clock)
    ask(engine, site)
    clock.now += HOUR - 1
    found, told, response = ask(engine, site, CATS.replace("SERVICE", "#\n SERVICE").replace("{ ?x", "{   ?x"))
    assert (found, told) == (["Q950"], Federated(url(site), "cache", STARTED))
    assert response.volatile
    assert len(site.asked) == 1
    clock.now += 2
    assert ask(engine, site)[1] == Federated(url(site), "live", "2017-07-14T03:40:01Z")
    assert len(site.asked) == 2


def test_another_query_is_another_answer(behind: Engine, site: StandIn, clock: Clock) -> None:
    engine = reaching(behind, site, clock)
    ask(engine, site)
    assert ask(engine, site, CATS.replace("Q146", "Q726"))[0] == []
    assert len(site.asked) == 2


def test_what_differs_each_time_is_not_kept(behind: Engine, site: StandIn, clock: Clock) -> None:
    engine = reaching(behind, site, clock)
    for _ in range(2):
        assert ask(engine, site, CATS.replace("Q146 }", "Q146 BIND(RAND() AS ?r) }"))[1].source == "live"
    assert len(site.asked) == 2


def test_an_old_answer_stands_in_for_a_service_that_fails(behind: Engine, site: StandIn, clock: Clock) -> None:
    engine = reaching(behind, site, clock)
    ask(engine, site)
    clock.now += 5 * 24 * HOUR
    site.fail("/sparql", busy(status=500), busy(status=500))
    found, told, _ = ask(engine, site)
    assert (found, told.source, told.date) == (["Q950"], "cache", STARTED)
    assert "status 500" in told.reason
    clock.now += 26 * 24 * HOUR
    assert ask(engine, site)[1].source == "slices"


FAULTS = {
    "too many": (busy("7"), "status 429"),
    "a ban": (busy(status=403), "status 403"),
    "a fault of its own": (busy(status=500), "status 500"),
    "a time-out after half an answer": (broken_off(), "no SPARQL results"),
    "text": (Fault(Reply(200, b"Please slow down", "text/plain")), "'text/plain'"),
    "a connection that breaks": (Fault(cut=10), "gave no answer"),
    "another form": (Fault(Reply(200, b'{"head": {}, "boolean": true}', "application/sparql-results+json")), "true"),
}


@pytest.mark.parametrize(("fault", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_service_that_fails_is_answered_from_the_slices(
    behind: Engine, site: StandIn, clock: Clock, fault: Fault, reason: str
) -> None:
    site.fail("/sparql", fault)
    found, told, response = ask(reaching(behind, site, clock), site)
    assert found == ["Q901", "Q902", "Q903"]
    assert (told.source, told.version, told.date) == ("slices", behind.version, "")
    assert reason in told.reason
    assert response.volatile


def test_a_service_that_cannot_be_reached_is_answered_from_the_slices(behind: Engine, clock: Clock) -> None:
    with serving(StandIn()) as site:
        pass
    found, told, _ = ask(reaching(behind, site, clock), site)
    assert (len(found), told.source) == (3, "slices")
    assert "gave no answer" in told.reason


def test_a_service_that_hangs_is_answered_from_the_slices(behind: Engine, site: StandIn, clock: Clock) -> None:
    left = threading.Event()
    site.fail("/sparql", Fault(before=lambda: left.wait(10)))
    twice = CATS.replace("ORDER", "# ").replace("Q146 } }", "Q146 } SERVICE <URL> { ?x wdt:P31 wd:Q146 } }")
    response = reaching(behind, site, clock, service_seconds=0.3).respond(twice.replace("URL", url(site)), CSV)
    left.set()
    assert [each.source for each in response.federated] == ["slices", "slices"]
    assert all("longer than 0.3 seconds" in each.reason for each in response.federated)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (busy("7"), 7),
        (busy(), 60),
        (busy("nonsense"), 60),
        (busy("99999999"), 3600),
        (busy("Fri, 14 Jul 2017 02:40:30 GMT"), 30),
        (busy("12", 503), 12),
        (busy(status=403), 3600),
    ],
)
def test_a_service_is_left_alone_for_as_long_as_it_says(
    behind: Engine, site: StandIn, clock: Clock, fault: Fault, seconds: int
) -> None:
    engine = reaching(behind, site, clock)
    site.fail("/sparql", fault)
    ask(engine, site)
    clock.now += seconds - 1
    told = ask(engine, site)[1]
    assert (told.source, len(site.asked)) == ("slices", 1)
    assert "wants to be left alone until 2017-07-14T0" in told.reason
    clock.now += 1
    assert (ask(engine, site)[1].source, len(site.asked)) == ("live", 2)


def test_the_pause_after_a_ban_is_not_shortened_by_an_answer_that_comes_later(
    behind: Engine, site: StandIn, clock: Clock
) -> None:
    engine = reaching(behind, site, clock)
    asked, banned = threading.Event(), threading.Event()

    def wait() -> None:
        asked.set()
        banned.wait(10)

    site.fail("/sparql", replace(busy("5"), before=wait), busy(status=403))
    slow = threading.Thread(target=ask, args=(engine, site))
    slow.start()
    assert asked.wait(10)
    assert "status 403" in ask(engine, site, CATS.replace("Q146", "Q726"))[1].reason
    banned.set()
    slow.join()
    clock.now += HOUR - 1
    assert (ask(engine, site)[1].source, len(site.asked)) == ("slices", 2)
    clock.now += 1
    assert (ask(engine, site)[1].source, len(site.asked)) == ("live", 3)


def test_a_query_that_the_service_finds_faulty_is_an_error(behind: Engine, site: StandIn, clock: Clock) -> None:
    site.fail("/sparql", busy(status=400))
    engine = reaching(behind, site, clock)
    with pytest.raises(ServiceFailedError, match="status 400"):
        ask(engine, site)
    ask(engine, site)
    clock.now += 2 * HOUR
    site.fail("/sparql", busy(status=400))
    with pytest.raises(ServiceFailedError, match="status 400"):
        ask(engine, site)


def test_without_slices_a_failure_is_an_error_unless_silent(engine: Engine, site: StandIn, clock: Clock) -> None:
    site.fail("/sparql", busy(), busy())
    with pytest.raises(ServiceFailedError, match="status 429"):
        ask(reaching(engine, site, clock), site)
    found, told, response = ask(reaching(engine, site, clock), site, CATS.replace("SERVICE", "SERVICE SILENT"))
    assert (found, told.source, response.volatile) == ([], "none", True)


def test_what_is_not_allowed_is_answered_from_the_slices_and_asks_nobody(
    behind: Engine, site: StandIn, clock: Clock
) -> None:
    found, told, response = ask(reaching(behind, site, clock, allowed=False), site)
    assert found == ["Q901", "Q902", "Q903"]
    assert told == Federated(url(site), "slices", version=behind.version)
    assert not response.volatile
    assert site.asked == []


class Small:
    """An engine whose answers are short, and whole, as the pool's are."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.version = engine.version
        self.asked = 0

    def respond(self, query: str, media_type: str, *more: object) -> Response:
        self.asked += 1
        response = self._engine.respond(query, media_type, *more)  # type: ignore[arg-type]
        return replace(response, body=Whole(b"".join(response.body)))


def test_what_answered_is_told_with_a_cached_answer_too(behind: Engine, site: StandIn, clock: Clock) -> None:
    small = Small(reaching(behind, site, clock, allowed=False))
    cached = Cached(small, Limits())  # type: ignore[arg-type]
    first, again = ask(cached, site), ask(cached, site)
    assert (first[:2], again[2].source, small.asked) == (again[:2], "cached", 1)
    lively = Small(reaching(behind, site, clock))
    cached = Cached(lively, Limits())  # type: ignore[arg-type]
    assert [ask(cached, site)[1].source for _ in range(2)] == ["live", "cache"]
    assert lively.asked == 2


def test_a_store_without_slices_refuses_as_before(engine: Engine, site: StandIn, clock: Clock) -> None:
    with pytest.raises(ServiceRefusedError, match="sends no requests to"):
        ask(reaching(engine, site, clock, allowed=False), site)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_the_services_of_wikidata(behind: Engine, service: str) -> None:
    offline = Reaching(behind, Reach(Client(Limits())), OnSlices(behind))
    response = offline.respond(CATS.replace("URL", service), CSV)
    assert [each.service for each in response.federated] == [service]


VARIANTS = (
    "https://query.wikidata.org/sparql/", "http://query.wikidata.org/sparql", "https://query.wikidata.org/sparql?",
    "HTTPS://query.wikidata.org/sparql", "https://QUERY.wikidata.org/sparql", "//query.wikidata.org/sparql",
    "https://query.wikidata.org:443/sparql", "https://query.wikidata.org/sparq\\u006C",
    "https://query.wikidata.org/x/../sparql", "https://me@query.wikidata.org/sparql",
    "https://query.wikidata.org/%73parql", "https://qlever.dev/api/wikidata#",
)  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_another_spelling_is_another_service(behind: Engine, variant: str) -> None:
    offline = Reaching(behind, Reach(Client(Limits())), OnSlices(behind))
    with pytest.raises((ServiceRefusedError, QuerySyntaxError)):
        offline.respond(CATS.replace("URL", variant), CSV)


def test_another_spelling_is_not_asked(behind: Engine, site: StandIn, clock: Clock) -> None:
    engine = reaching(behind, site, clock)
    for variant in (
        url(site) + "/",
        url(site).upper(),
        url(site) + "?a",
        url(site).replace("127.0.0.1", "localhost"),
    ):
        with pytest.raises(ServiceRefusedError):
            engine.respond(CATS.replace("URL", variant), CSV)
    with pytest.raises(ServiceRefusedError):
        engine.respond(f"SELECT * {{ VALUES ?u {{ <{url(site)}> }} SERVICE ?u {{ ?s ?p ?o }} }}", CSV)
    assert site.asked == []


def test_by_a_prefix(behind: Engine) -> None:
    offline = Reaching(behind, Reach(Client(Limits())), OnSlices(behind))
    query = "PREFIX w: <https://query.wikidata.org/> SELECT * { SERVICE w:sparql { ?x wdt:P31 wd:Q146 } }"
    assert len(offline.select(query).rows) == 3


LABELLED = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?x ?xLabel { SERVICE <URL> { SELECT ?x ?xLabel {
  ?x wdt:P31 wd:Q726 . SERVICE wikibase:label { bd:serviceParam wikibase:language "en" } } } }"""


def test_the_label_service_within_is_answered_too(behind: Engine) -> None:
    offline = Reaching(behind, Reach(Client(Limits())), OnSlices(behind))
    found = offline.select(LABELLED.replace("URL", WITH_LABELS)).rows
    assert [row[1] for row in found] == [Literal("Bucephalus", language="en")]


def test_only_wikidata_itself_is_sent_its_label_service(behind: Engine, site: StandIn, clock: Clock) -> None:
    recorded = OnSlices(behind)
    inner = "SELECT ?x ?xLabel { ?x wdt:P31 wd:Q5 SERVICE wikibase:label { bd:serviceParam wikibase:language 'en' } }"
    assert recorded.sent(WITH_LABELS, inner) == inner
    sent = recorded.sent("https://qlever.dev/api/wikidata", inner)
    assert "PREFIX wdt:" in sent
    assert "SERVICE" not in sent
    ask(reaching(behind, site, clock), site, LABELLED)
    assert "SERVICE" not in site.asked[0].parameters()["query"]


@pytest.mark.parametrize("allowed", [True, False])
@pytest.mark.parametrize(
    "inner",
    ["SERVICE <URL> { ?s ?p ?o }", "SERVICE <http://127.0.0.1:9/> {}", "{ SELECT * { SERVICE ?x { ?s ?p ?o } } }"],
)
def test_another_service_within_is_refused(
    behind: Engine, site: StandIn, clock: Clock, inner: str, allowed: bool
) -> None:
    with pytest.raises(ServiceRefusedError, match=r"SERVICE \(line 1, column 13\): a SERVICE clause inside another"):
        ask(reaching(behind, site, clock, allowed=allowed), site, f"SELECT ?x {{ SERVICE <URL> {{ {inner} }} }}")
    assert site.asked == []


def test_faults_within_have_their_place(behind: Engine, site: StandIn, clock: Clock) -> None:
    offline = reaching(behind, site, clock, allowed=False)
    with pytest.raises(QuerySyntaxError, match="^line 2, column 5: the prefix 'foo:'"):
        ask(offline, site, "SELECT * { SERVICE <URL> {\n ?x foo:P31 ?y } }")
    with pytest.raises(QueryEvaluationError, match="^line 2, column 2: SERVICE gas:service"):
        ask(offline, site, "SELECT * { SERVICE <URL> {\n SERVICE gas:service {} } }")
    with pytest.raises(QuerySyntaxError, match="^line 3, column 5: the prefix 'foo:'"):
        ask(offline, site, "SELECT * { SERVICE <URL> {\n ?x ?y ?z }\n ?x foo:y 1 }")


def test_solutions_of_the_slices_join_with_the_rest(behind: Engine, site: StandIn, clock: Clock) -> None:
    query = CATS.replace("{ SERVICE", "{ VALUES ?x { wd:Q902 wd:Q1 } SERVICE")
    assert ask(reaching(behind, site, clock, allowed=False), site, query)[0] == ["Q902"]
    twice = "SELECT * { SERVICE <URL> { ?x wdt:P31 wd:Q726 } SERVICE <URL> { ?y wdt:P31 wd:Q10855242 } }"
    response = reaching(behind, site, clock, allowed=False).respond(twice.replace("URL", url(site)), CSV)
    assert [each.source for each in response.federated] == ["slices", "slices"]


def test_the_slices_answer_within_the_bounds_of_a_service(behind: Engine, site: StandIn, clock: Clock) -> None:
    small = reaching(behind, site, clock, allowed=False, service_bytes=200)
    with pytest.raises(ServiceFailedError, match="more than 200 bytes"):
        ask(small, site, "SELECT * { SERVICE <URL> { ?x ?y ?z } }")


def dated(count: int) -> list[Triple]:
    """So many entities, each with a day, a typed literal."""
    wdt, day = NamedNode(WIKIDATA["wdt"] + "P569"), NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
    entities = (NamedNode(f"{WIKIDATA['wd']}Q{number}") for number in range(1, count + 1))
    return [Triple(each, wdt, Literal("2000-01-01T00:00:00Z", datatype=day)) for each in entities]


DAYS = f"{NAMES} SELECT ?x {{\n SERVICE <URL> {{ ?x wdt:P569 ?y }} }}"


class Narrow(Small):
    """An engine that takes a thousand terms of data."""

    limits = Limits(query_data=1000)

    def respond(self, query: str, media_type: str, *more: object) -> Response:
        refuse_complexity(query, self.limits)
        return super().respond(query, media_type, *more)


def test_many_typed_values_are_joined(behind: Engine, clock: Clock) -> None:
    with serving(StandIn(triples=dated(3000))) as site:
        assert len(ask(reaching(behind, site, clock), site, DAYS)[0]) == 3000


def test_an_answer_that_is_too_large_to_be_joined_is_the_fault_of_its_clause(behind: Engine, clock: Clock) -> None:
    narrow: Engine = Narrow(behind)  # type: ignore[assignment]
    with serving(StandIn(triples=dated(300))) as site, pytest.raises(ServiceFailedError) as caught:
        ask(reaching(narrow, site, clock, query_data=1000), site, DAYS)
    said = "SERVICE (line 2, column 2): the answer is too large to be joined: at most 1000 terms"
    assert str(caught.value).startswith(said)
    many = DAYS.replace("SERVICE", f"VALUES ?z {{ {'1 ' * 1001}}} SERVICE")
    with serving(StandIn()) as site, pytest.raises(QueryEvaluationError, match="^line 2, column"):
        ask(reaching(narrow, site, clock, query_data=1000), site, many)


def test_only_so_many_queries_are_sent_at_once(behind: Engine, site: StandIn, clock: Clock) -> None:
    engine = reaching(behind, site, clock)
    together = threading.Barrier(AT_ONCE)
    site.fail("/sparql", *[Fault(before=lambda: together.wait(10))] * AT_ONCE)
    queries = [CATS.replace("Q146", f"Q{number}") for number in range(2 * AT_ONCE)]
    threads = [threading.Thread(target=ask, args=(engine, site, query)) for query in queries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(site.asked), site.most_at_once) == (2 * AT_ONCE, AT_ONCE)


def test_kept_answers_are_bounded_by_bytes() -> None:
    kept = KeptAnswers(Limits(federated_bytes=5_000))
    for number in range(50):
        kept.keep(("service", f"{number}"), Kept("x" * 500, number))
        assert kept.bytes <= 5_000
    assert kept.find(("service", "49"), 50.0) == Kept("x" * 500, 49)
    assert kept.find(("service", "0"), 50.0) is None
    kept.keep(("service", "large"), Kept("x" * 5_000, 50))
    assert kept.find(("service", "large"), 50.0) is None
    assert kept.find(("service", "49"), 50.0) is not None


def test_nothing_is_kept_where_nothing_may_be(behind: Engine, site: StandIn, clock: Clock) -> None:
    engine = reaching(behind, site, clock, federated_bytes=0)
    assert [ask(engine, site)[1].source for _ in range(2)] == ["live", "live"]
    engine = reaching(behind, site, clock, federated_seconds=0.0)
    ask(engine, site)
    clock.now += 1
    assert ask(engine, site)[1].source == "live"
