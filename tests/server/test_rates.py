"""How often somebody may ask: buckets, addresses, proxies, and guesses at tokens."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_in import Engine, ask, front_on, get
from test_front import named_host  # noqa: F401 - a fixture for every test

from graph.limits import Limits
from server.front import Front
from server.front.rates import ProxyError, Rate, address_of, is_write, read_trusted, shared_by


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_twice_as_many_at_once_and_then_one_by_one() -> None:
    clock = Clock()
    rate = Rate(10, now=clock)
    assert [rate.take("a") for _ in range(20)] == [0.0] * 20
    assert rate.take("a") == pytest.approx(0.1)
    assert rate.take("b") == 0.0
    clock.seconds += 0.1001
    assert rate.take("a") == 0.0
    assert rate.take("a") > 0
    clock.seconds += 60
    assert [rate.take("a") for _ in range(20)] == [0.0] * 20
    assert rate.take("a") > 0


def test_a_refusal_costs_nothing_and_looking_neither() -> None:
    clock = Clock()
    rate = Rate(1, now=clock)
    rate.take("a"), rate.take("a")
    waits = {rate.take("a"), rate.take("a"), rate.wait("a")}
    assert len(waits) == 1
    clock.seconds += waits.pop() + 0.001
    assert rate.take("a") == 0.0


@given(st.floats(0.1, 1000), st.lists(st.floats(0, 3), max_size=60))
def test_never_more_than_the_rate_and_the_burst(a_second: float, pauses: list[float]) -> None:
    clock = Clock()
    rate = Rate(a_second, now=clock)
    taken = 0
    for pause in pauses:
        clock.seconds += pause
        taken += not rate.take("a")
    assert taken <= max(1, 2 * a_second) + a_second * sum(pauses) + 1e-6 * len(pauses) + 1


def test_a_rate_of_nothing_is_no_limit() -> None:
    rate = Rate(0)
    assert not any(rate.take("a") for _ in range(10_000))


def test_a_slow_rate_lets_the_first_through() -> None:
    rate = Rate(0.1, now=Clock())
    assert rate.take("a") == 0.0
    assert rate.take("a") == pytest.approx(10)


def test_only_so_many_askers_are_remembered() -> None:
    rate = Rate(1, most=100, now=Clock())
    for number in range(1000):
        rate.take(str(number))
    assert len(rate._full) == 100


def test_a_clock_that_is_set_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    front = front_on(Engine(), Limits(queries_per_second=0.5))
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert [get(front, f"/sparql?query={n}").status for n in range(2)] == [200, 429]


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix", "unix"),
        ("2001:db8:1:2::9%eth0", "2001:db8:1:2::/64"),
    ],
)
def test_who_counts_as_one_asker(address: str, shared: str) -> None:
    assert shared_by(address) == shared


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", '2001:db8::1%x"}', "2001:db8::1"),
        ("198.51.100.1", "192.0.2.1", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
    ],
)
def test_a_proxy_is_believed_only_if_it_is_trusted(peer: str, forwarded: str, found: str) -> None:
    trusted = read_trusted(["10.0.0.0/24"])
    assert address_of(peer, forwarded, trusted) == found
    assert address_of(peer, forwarded, ()) == peer


def test_trusted_proxies_are_given_or_read_from_the_environment() -> None:
    held = {"COMMUNIQUE_TRUSTED_PROXIES": "10.0.0.1, 2001:db8::/32"}
    assert [str(network) for network in read_trusted((), held)] == ["10.0.0.1/32", "2001:db8::/32"]
    assert [str(network) for network in read_trusted(["127.0.0.1"], held)] == ["127.0.0.1/32"]
    assert read_trusted((), {}) == ()
    with pytest.raises(ProxyError, match="separated by commas"):
        read_trusted(["localhost"], {})


def test_what_writes() -> None:
    assert is_write("POST", "/update")
    assert is_write("DELETE", "/graphs/x")
    assert not is_write("GET", "/graphs")
    assert not is_write("POST", "/sparql")


def limited(ask_one: Callable[[int], int], most: int) -> int:
    """How many are let through before the first that is not."""
    for number in range(most):
        if ask_one(number) == 429:
            return number
    return most


def test_evaluations_are_limited_by_address_and_kept_answers_are_not() -> None:
    front = front_on(Engine(), Limits(queries_per_second=2))
    assert limited(lambda n: get(front, f"/sparql?query={n}").status, 10) == 4
    reply = get(front, "/sparql?query=more")
    assert (reply.status, reply.headers["retry-after"]) == (429, "1")
    assert [get(front, "/sparql?query=1").status for _ in range(20)] == [200] * 20
    assert ask(front, "GET", "/sparql?query=x", address="192.0.2.2").status == 200
    assert get(front, "/healthz").status == 200
    assert "communique_rate_limited_total 2.0" in front.metrics.text().decode()


def test_posted_queries_are_limited_too() -> None:
    front = front_on(Engine(), Limits(queries_per_second=2))
    assert limited(lambda n: ask(front, "POST", "/sparql", {}, b"%d" % n).status, 10) == 4
    assert ask(front, "POST", "/sparql", {}, b"1").headers["x-cache"] == "hit"


def write(front: Front, token: str, address: str = "192.0.2.1") -> int:
    headers = {"authorization": token} if token else {}
    return ask(front, "POST", "/update", headers, b"x", address=address).status


def test_writes_are_limited_by_token_not_by_address() -> None:
    front = front_on(Engine(), Limits(writes_per_second=2, queries_per_second=1))
    assert limited(lambda n: write(front, "Bearer good", f"192.0.2.{n}"), 10) == 4
    assert write(front, "Bearer other") == 401


def test_guesses_are_limited_by_address() -> None:
    front = front_on(Engine(), Limits(failures_per_second=2))
    assert limited(lambda n: write(front, f"Bearer guess{n}"), 10) == 4
    assert write(front, "Bearer good") == 429
    assert write(front, "Bearer good", "192.0.2.2") == 200


def test_a_network_of_ipv6_is_one_asker() -> None:
    front = front_on(Engine(), Limits(queries_per_second=2))
    asked = limited(lambda n: ask(front, "GET", f"/sparql?query={n}", address=f"2001:db8::{n}").status, 10)
    assert asked == 4


def test_behind_a_trusted_proxy_clients_are_told_apart() -> None:
    front = front_on(Engine(), Limits(queries_per_second=2), trusted=read_trusted(["192.0.2.1"]))
    told = [get(front, f"/sparql?query={n}", x_forwarded_for=f"203.0.113.{n}").status for n in range(10)]
    assert told == [200] * 10
