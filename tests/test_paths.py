"""Chains of held meetings in the order of time: against every chain there is, and in the documents."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.catalogue import COMPUTED
from graph.engine import Engine, EngineBusyError, Solutions
from graph.names import ArgumentError, Names
from graph.paths.contacts import UNKNOWN, Contacts, Meeting
from graph.paths.gathering import MOST_KEPT, Gathering
from graph.paths.search import Question, Route, earliest, fewest, routes
from graph.saved_query import HeadError, answer, catalogue, saved_query

FIRST = date(2017, 3, 1)
PEOPLE = "abcdef"


def on(day: int) -> date:
    return FIRST + timedelta(day)


@st.composite
def meetings(draw: st.DrawFn) -> list[Meeting]:
    """A few meetings of a few people in a fortnight; some may be on any of several days, or have an open start."""
    made = []
    for number in range(draw(st.integers(0, 7))):
        start, length = draw(st.integers(0, 9)), draw(st.sampled_from([0, 0, 0, 1, 3]))
        people = draw(st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=3))
        first = draw(st.sampled_from([on(start), on(start), on(start), None]))
        made.append(Meeting(f"m{number}", first, on(start + length), sorted(people)))
    return made


def chains(
    held: list[Meeting], source: str, target: str, since: date | None, before: date
) -> Iterator[list[Meeting]]:
    """Every chain that time certainly allows, one meeting never twice: by trying all."""
    usable = [m for m in held if m.latest < before and (since is None or (m.earliest and m.earliest >= since))]
    for count in range(1, len(usable) + 1):
        for tried in itertools.permutations(usable, count):
            later = all(b.earliest and a.latest < b.earliest for a, b in itertools.pairwise(tried))
            if later and passes(tried, source, target):
                yield list(tried)


def passes(tried: tuple[Meeting, ...], source: str, target: str) -> bool:
    """Whether people can be chosen who carry the word from each meeting to the next, a hop at each."""
    carriers = {source}
    for meeting in tried:
        carriers = {
            other for person in carriers & {*meeting.people} for other in meeting.people if other != person
        }  # fmt: skip
    return target in carriers


def is_a_chain(contacts: Contacts, route: Route, asked: Question) -> bool:
    """Whether the hops join, in time, the one person with the other."""
    ends = route[0].person == asked.source and route[-1].other == asked.target
    joined = all(a.other == b.person for a, b in itertools.pairwise(route))
    there = all({hop.person, hop.other} <= {*contacts.members[hop.meeting]} for hop in route)
    moved = all(hop.person != hop.other for hop in route)
    times = [(contacts.starts[hop.meeting], contacts.ends[hop.meeting]) for hop in route]
    later = all(a[1] < b[0] for a, b in itertools.pairwise(times))
    within = times[0][0] >= asked.since and times[-1][1] < asked.before
    return ends and joined and there and moved and later and within


asked_of = given(
    meetings(),
    st.permutations(PEOPLE),
    st.integers(0, 12).map(on) | st.none(),
    st.integers(1, 14).map(on),
)


def compare(held: list[Meeting], people: list[str], since: date | None, before: date) -> None:
    contacts = Contacts(held)
    source, target = (contacts.number.get(person) for person in people[:2])
    if source is None or target is None:
        return
    asked = Question(source, target, since.toordinal() if since else UNKNOWN, before.toordinal())
    all_chains = list(chains(held, people[0], people[1], since, before))
    first, short = earliest(contacts, asked), fewest(contacts, asked)
    if not all_chains:
        assert first is None
        assert short is None
        assert routes(contacts, asked) is None
        return
    assert first
    assert short
    arrival = min(chain[-1].latest for chain in all_chains).toordinal()
    for one, other in ((first, short), routes(contacts, asked) or ((), ())):
        assert is_a_chain(contacts, one, asked)
        assert is_a_chain(contacts, other, asked)
        assert contacts.ends[one[-1].meeting] == arrival
        assert len(other) == min(map(len, all_chains))


@settings(max_examples=400, deadline=None)
@asked_of
def test_the_chains_are_the_first_and_the_shortest_of_all(
    held: list[Meeting], people: list[str], since: date | None, before: date
) -> None:
    compare(held, people, since, before)


def test_a_fault_in_the_order_of_time_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: meetings on one day pass the word on, as if their order were known."""
    held = [Meeting("m0", on(1), on(1), ["a", "b"]), Meeting("m1", on(1), on(1), ["b", "c"])]
    compare(held, ["a", "c"], None, on(9))
    later = Contacts.later
    monkeypatch.setattr(Contacts, "later", lambda self, person, day: later(self, person, day - 1))
    with pytest.raises(AssertionError):
        compare(held, ["a", "c"], None, on(9))


def known(*held: tuple[int, str]) -> Contacts:
    """Meetings of a day, each with who was there."""
    return Contacts([Meeting(f"m{n}", on(day), on(day), list(people)) for n, (day, people) in enumerate(held)])


def ask(contacts: Contacts, people: str, before: int = 99) -> list[str] | None:
    """The days and people of both chains."""
    asked = Question(*(contacts.number[person] for person in people), UNKNOWN, on(before).toordinal())  # type: ignore[call-arg]
    found = routes(contacts, asked)
    if found is None:
        return None
    return ["".join(contacts.people[hop.person] for hop in route) + people[1] for route in found]


def test_a_static_path_that_time_forbids_is_none() -> None:
    assert ask(known((5, "ab"), (3, "bc")), "ac") is None
    assert ask(known((3, "ab"), (5, "bc")), "ac") == ["abc", "abc"]
    assert ask(known((3, "ab"), (5, "bc")), "ca") is None


def test_the_first_to_arrive_may_take_more_hops() -> None:
    assert ask(known((1, "ab"), (2, "bc"), (3, "cd"), (9, "ad")), "ad") == ["abcd", "ad"]
    assert ask(known((1, "ab"), (2, "bc"), (3, "cd"), (9, "ad")), "ad", before=3) is None


def test_a_very_long_chain_is_found() -> None:
    people = [f"p{number:05d}" for number in range(3000)]
    contacts = Contacts([Meeting(f"m{n}", on(n), on(n), people[n : n + 2]) for n in range(2999)])
    found = routes(contacts, Question(0, 2999, UNKNOWN, on(9999).toordinal()))
    assert found
    assert [len(route) for route in found] == [2999, 2999]


@dataclass
class Stub:
    """An engine with meetings of its own, which counts what it is asked."""

    version: str
    asked: int = 0

    def select(self, query: str) -> Solutions:  # noqa: ARG002
        self.asked += 1
        return Solutions((), ())


def test_contacts_are_gathered_once_for_a_version_and_the_last_few_are_kept() -> None:
    gathering, engines = Gathering(), [Stub(str(number)) for number in range(MOST_KEPT + 1)]
    first = [gathering.of(engine) for engine in engines]
    assert gathering.of(replace(engines[-1])) is first[-1]
    assert gathering.of(engines[0]) is not first[0]
    assert [engine.asked for engine in engines] == [2, *[1] * MOST_KEPT]


def test_without_a_version_they_are_gathered_each_time() -> None:
    gathering, engine = Gathering(), Stub("")
    assert gathering.of(engine) is not gathering.of(engine)


def test_who_asks_while_they_are_gathered_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.paths.gathering._SECONDS_TO_WAIT", 0.01)
    gathering = Gathering()

    class Asks(Stub):
        def select(self, query: str) -> Solutions:
            with pytest.raises(EngineBusyError, match="ask again"):
                gathering.of(Stub("another"))
            return super().select(query)

    gathering.of(Asks("one"))


class TestTheDocuments:
    """Putin and Abe met in December 2016; Lavrov and Kishida in Bonn, and with Shoigu and Inada in Tokyo."""

    @pytest.fixture
    def connection(self, corpus_engine: Engine):
        names = Names(corpus_engine)

        def asked(source: str, target: str, before: str, **more: str) -> list[dict[str, str | None]]:
            given = {"from-person": source, "to-person": target, "before": before, **more}
            page = answer(catalogue()["connection"], given, corpus_engine, names)
            return [
                {
                    name: cell and cell.value.rpartition("/")[2] if name != "sentence" else cell and cell.value
                    for name, cell in zip(page.columns, row, strict=True)
                }
                for row in page.rows
            ]

        return asked

    def test_from_lavrov_to_inada_at_the_2plus2_by_two_documents(self, connection) -> None:
        rows = connection("Lavrov", "Inada", "2017-04-01")
        assert [(row["route"], row["hop"], row["person"], row["meeting"], row["other"]) for row in rows] == [
            ("earliest and fewest", "1", "lavrov", "ru-jp-2plus2-2017-03-20", "inada")
        ] * 2
        assert [row["evidence"] for row in rows] == ["kistanov-2plus2-held", "streltsov-2plus2-held"]
        assert rows[0]["sentence"] == (
            "A word could have passed from Sergei Lavrov to Tomomi Inada by 20 March 2017, at “2+2 meeting of Russia "
            "and Japan, Tokyo, 20 March 2017” (20 March 2017, Tokyo)."
        )
        assert rows[1]["sentence"] is None

    def test_within_a_delegation_a_word_passes_too(self, connection) -> None:
        assert connection("Lavrov", "Shoigu", "2017-04-01")[0]["meeting"] == "ru-jp-2plus2-2017-03-20"

    def test_the_foreign_ministers_in_bonn_are_inferred_and_the_sentence_says_so(self, connection) -> None:
        (row,) = connection("Lavrov", "Kishida", "2017-04-01")
        assert (row["meeting"], row["earliest"], row["latest"]) == (
            "ru-jp-fm-bonn-2017-02",
            "2017-02-01",
            "2017-02-28",
        )
        assert row["quote"] == "foreign ministers reached the decision to hold it … in Bonn last month"
        assert row["sentence"].endswith(
            "(some time from 1 February 2017 to 28 February 2017, Bonn) "
            "(attendance of Sergei Lavrov and Fumio Kishida inferred from the office)."
        )

    @pytest.mark.parametrize(
        ("source", "target", "before", "more"),
        [
            ("Putin", "Inada", "2017-04-01", {}),  # nobody of the summit sat at the 2+2
            ("Putin", "Abe", "2016-12-31", {}),  # the summit may have been on the last of December
            ("Lavrov", "Inada", "2017-03-20", {}),
            ("Putin", "Abe", "2018", {"from": "2016-12-02"}),  # it may have been on the first
            ("Putin", "Abe", "2018", {"from": "2017"}),  # the summit of April 2017 was only planned
            ("Putin", "Oreshkin", "2018", {}),  # he met nobody in the documents
        ],
    )
    def test_no_chain(self, connection, source: str, target: str, before: str, more: dict[str, str]) -> None:
        assert connection(source, target, before, **more) == []

    def test_one_day_later_there_is(self, connection) -> None:
        assert connection("Putin", "Abe", "2017-01-01", **{"from": "2016-12"})[0]["meeting"] == "ru-jp-summit-2016-12"

    @pytest.mark.parametrize(
        ("more", "wrong"),
        [
            ({"to-person": "Lavrov"}, "to-person: is the same person"),
            ({"from": "2017-05"}, "before: leaves no day"),
            ({"until": "2017"}, "until: connection has no such parameter"),
        ],
    )
    def test_what_is_refused(self, corpus_engine: Engine, more: dict[str, str], wrong: str) -> None:
        given = {"from-person": "Lavrov", "to-person": "Inada", "before": "2017-04", **more}
        with pytest.raises(ArgumentError, match=wrong):
            answer(catalogue()["connection"], given, corpus_engine, Names(corpus_engine))


def test_a_head_may_name_only_what_computes() -> None:
    text = catalogue()["connection"].text
    assert saved_query("connection", text).computed == "connection"
    with pytest.raises(HeadError, match="nothing computes 'guess'; there is: connection"):
        saved_query("connection", text.replace("computed: connection", "computed: guess"))
    assert {query.computed for query in catalogue().values()} - {""} == set(COMPUTED)
