"""The index of a generated world, gathered while it is told: what is listed when and for which state."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from pyoxigraph import NamedNode

from graph.cards import card, numbered, states
from graph.disagreements import differ
from graph.gaps import Company, Session, ended, gap
from graph.grounds import grounded
from graph.index import (
    ABOUT,
    ACTOR,
    ATTENDEE,
    CONTRIBUTOR,
    EVENT_STATUS,
    PARTICIPANT,
    SUPER_EVENT,
    WHENEVER,
    Heading,
    listed,
    pairs,
)
from graph.namespaces import GRAPH_INDEX, expand, term
from graph.periods import Lists

from .cast import state_name
from .writing import TERMS, Sink

Dates = tuple[date, date]


class Listing:
    """The lists, and who disagrees."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str], Lists] = defaultdict(Lists)
        self._tenures: dict[str, set[int]] = defaultdict(set)
        self._waiting: list[tuple[str, Dates | None, set[int], tuple[str, ...]]] = []
        self._sessions: dict[tuple[Company, NamedNode], list[Session]] = defaultdict(list)
        self._told: list[str] = []

    def _add(self, heading: str, owner: str, item: str, span: Dates | None) -> None:
        days = (span[0].isoformat(), span[1].isoformat()) if span else (None, None)
        self._lists[heading, owner].add(expand(item), days)

    def meeting(
        self, item: str, span: Dates, represented: Iterable[int], forms: Iterable[str], sides: Iterable[int] = ()
    ) -> None:
        """A meeting, the states represented there, its format and series, and between whom that is."""
        company = set(represented)
        self._add("meetings", "cq:Meeting", item, span)
        for state in company:
            self._add("meetings", f"state:s{state}", item, span)
        for form in forms:
            self._add("meetings", form, item, span)
        self._join("pair", item, company)
        self._join("company", item, company.union(sides))
        self.item(item, span, company.union(sides), ())

    def _join(self, name: str, item: str, states: Iterable[int]) -> None:
        for one, other in combinations(sorted(states, key=lambda state: f"{state}>"), 2):
            self._lists[name, f"state:s{one}+state:s{other}"].add(expand(item), WHENEVER)

    def change(self, item: str, span: Dates | None, forms: Iterable[str], sides: Iterable[int]) -> None:
        """A change of a format or series between states."""
        for form in forms:
            self.history(item, span, form)
        self._join("company", item, set(sides))

    def held(self, item: str, span: Dates, company: Iterable[int], forms: Iterable[str], session: Session) -> None:
        """A held meeting, in the history of its format and series, and in the row of those in like company."""
        for form in forms:
            self.history(item, span, form)
            if form.startswith("format:"):
                sides = tuple(sorted(expand(f"state:s{state}") for state in set(company)))
                self._sessions[sides, term(form)].append(session)

    def card(self, item: str, statuses: Iterable[str], form: str, places: Iterable[str], documents: int) -> None:
        """What a list of meetings shows of one."""
        given = {term(f"cq:{status}") for status in statuses}, [term(form)], [NamedNode(one[1:-1]) for one in places]
        self._told += map(str, card(term(item), *given, documents))

    def states(self, item: str, sides: Iterable[int]) -> None:
        """The states represented, in words."""
        self._told += map(str, states(term(item), (state_name(side)[0] for side in sides)))

    def history(self, item: str, span: Dates | None, form: str) -> None:
        """A change of a format or series, or a held meeting of it."""
        self._add("history", form, item, span)

    def office(self, item: str, span: Dates | None) -> None:
        """Something that shows somebody in an office."""
        self._add("offices", "org:Post", item, span)

    def item(self, item: str, span: Dates | None, states: Iterable[int], persons: Iterable[str]) -> None:
        """Anything of a timeline, the states concerned, and the persons whose tenures concern states."""
        self._add("timeline", "cq:Event", item, span)
        known = set(states)
        for state in known:
            self._add("timeline", f"state:s{state}", item, span)
        if persons:
            self._waiting.append((item, span, known, tuple(persons)))

    def encounter(self, item: str, span: Dates, states: Iterable[int], stated: dict[str, set[str]]) -> None:
        """Two who met, for which states, and of whom each premise says that they came."""
        self._add("encounters", "cq:Encounter", item, span)
        for state in set(states):
            self._add("encounters", f"state:s{state}", item, span)
        given = {NamedNode(one[1:-1]): {term(f"person:{each}") for each in who} for one, who in stated.items()}
        self._told += map(str, grounded(term(item), given))

    def planned(self, item: str, span: Dates) -> None:
        """Something announced, from then until it is over."""
        self._add("planned", "cq:Planned", item, span)

    def tenure(self, person: str, state: int) -> None:
        """A person shown in an office of a state."""
        self._tenures[person].add(state)

    def differ(self, subject: str, aspect: str, sides: dict[str, str]) -> None:
        """Assertions that cannot both be right, and what each says."""
        for assertion, said in sides.items():
            self._told += map(str, differ(term(subject), term(aspect), NamedNode(assertion[1:-1]), said))

    def documents(self, counts: dict[str, int]) -> None:
        """The documents, and how many assertions were read from each."""
        for number, name in enumerate(sorted(counts, key=lambda each: expand(f"document:{each}"))):
            self._told += map(str, numbered(term(f"document:{name}"), number, counts[name]))

    def write(self, sink: Sink) -> None:
        """All of it."""
        for item, span, known, persons in self._waiting:
            for state in {state for person in persons for state in self._tenures[person]} - known:
                self._add("timeline", f"state:s{state}", item, span)
        for (name, owner), lists in self._lists.items():
            sink.index(_written(_heading(name, owner), lists))
        together = {key: held for key, held in self._sessions.items() if key[0]}
        sink.index(str(gap(session, day_before)) for session, day_before in ended(together))
        sink.index(self._told)


def _written(heading: Heading, lists: Lists) -> Iterator[str]:
    """The lists under a heading; their many members as text at once."""
    empty = Lists({period: set() for period in lists.members}, lists.starts)
    yield from map(str, listed(heading, empty))
    for period, members in lists.members.items():
        start = f"<{GRAPH_INDEX.value}#{heading[0]}.{period}> {TERMS['rdfs:member']} "
        yield from [f"{start}<{item}>" for item in members]


def _heading(name: str, owner: str) -> Heading:
    if "+" in owner:
        relation = PARTICIPANT if name == "pair" else CONTRIBUTOR
        return next(pairs(name, relation, map(term, owner.split("+"))))
    kind, _, slug = owner.partition(":")
    relation = ABOUT
    if name == "planned":
        relation = EVENT_STATUS
    elif name == "meetings":
        relation = {"cq": ABOUT, "state": ACTOR}.get(kind, SUPER_EVENT)
    if kind in ("cq", "org"):
        return name, relation, (term(owner),)
    if name == "encounters":
        relation = ATTENDEE
    full = f"{name}.{slug}" if name in ("timeline", "encounters") else f"{name}.{kind}.{slug}"
    return full, relation, (term(owner),)
