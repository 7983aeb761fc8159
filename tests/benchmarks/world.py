"""A generated world of any size in the real model: N-Quads of every graph of a built store, by seed.

Of the meetings, each tenth is told of by itself (persons, posts, place; plans before it, second reports, denials);
the others stand in chronicles of 25, every third of those with the states that took part.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from graph.dataset import read_ontology
from graph.gaps import Session
from graph.namespaces import term

from .cast import FORMATS, Cast, Series, office_node, person_node, state_name, state_node
from .evidence import Library
from .listing import Listing
from .sayings import write_sayings
from .writing import TERMS, Fact, Sink, When, day, facts, in_month, lasting, node, on_day, text

LISTED = 25
_FIRST_DAY = date(1980, 1, 7)
_NEWSPAPERS = 3


@dataclass(frozen=True)
class Attendance:
    """Who takes part, in which office of which state; ``stated`` says whether the words give the state."""

    person: str
    state: int
    role: int
    stated: bool

    def iri(self, meeting: str, status: str) -> str:
        """The participation's term, which differs by status: a plan is no presence."""
        side = f"state.s{self.state}" if self.stated else "no.side"
        office = office_node(self.state, self.role).rpartition("/")[2][:-1]
        return node(f"participation:meeting.{meeting}.person.{self.person}.{office}.{side}.{status.lower()}")


@dataclass
class Report:
    """What one assertion says of a meeting."""

    status: str
    when: When | None
    place: str | None
    present: tuple[Attendance, ...]
    told: date
    modality: str = "Asserted"
    admission: str = "Premise"
    assertion: str = ""


class World:
    """Meetings through forty years, in the order of time."""

    def __init__(self, meetings: int, sink: Sink, seed: int = 1) -> None:
        self.meetings, self.sink, self.random = meetings, sink, Random(seed)
        self.cast = Cast(meetings, self.random)
        self.library = Library(self.cast, sink, self.random)
        self.days = min(40 * 365 - 90, 400 + meetings)
        self.listing = Listing()
        self._met: set[tuple[str, str]] = set()

    def write(self) -> None:
        """All of it, graph by graph as it comes."""
        self.sink.ontology(f"{t.subject} {t.predicate} {t.object}" for t in read_ontology())
        self.cast.write(self.sink)
        listed: list[int] = []
        for n in range(self.meetings):
            if n % 10 == 3:
                self._tell(n)
                continue
            listed.append(n)
            if len(listed) == LISTED:
                self._list(listed)
                listed = []
        self._list(listed)
        write_sayings(self)
        self.listing.documents(self.library.counts)
        self.listing.write(self.sink)

    def day(self, n: int) -> date:
        """The day of a meeting; they follow each other."""
        return _FIRST_DAY + timedelta(days=n * self.days // self.meetings)

    def newspaper(self, told: date) -> str:
        """One of the documents of a week, each dated to its last day."""
        return f"news-{self.week(told).toordinal() * _NEWSPAPERS + self.random.randrange(_NEWSPAPERS)}"

    @staticmethod
    def week(told: date) -> date:
        """The day on which the papers of a week are dated."""
        return told + timedelta(days=6 - told.weekday())

    def assertion(
        self, told: date, modality: str = "Asserted", admission: str = "Premise", voice: str | None = None
    ) -> str:
        """A new assertion in a newspaper of that week."""
        return self.library.assertion(self.newspaper(told), self.week(told), modality, admission, voice)

    def bounds(self, it: str, first: date, last: date) -> None:
        """The outer bounds that a build entails."""
        self.sink.entailed(facts(it, ("cq:earliest", day(first)), ("cq:latest", day(last))))

    # Meetings in chronicles

    def _list(self, listed: list[int]) -> None:
        """One assertion on several meetings, all held, or all planned."""
        if not listed:
            return
        planned = listed[0] // LISTED % 8 == 5
        told = self.day(listed[0]) - timedelta(days=40) if planned else self.day(listed[-1]) + timedelta(days=9)
        status, admission = ("Planned", "Admitted") if planned else ("Held", "Premise")
        document = f"chronicle-{listed[0] // (4 * LISTED)}"
        assertion = self.library.assertion(document, told, admission=admission)
        said: list[str] = []
        stated: list[str] = []
        for n in listed:
            series = self.cast.drawn_series()
            for it, found in self._listed(n, series, status):
                said += found
                stated += facts(it, ("cq:statedIn", assertion))
            self.bounds(node(f"meeting:m{n}"), self.day(n), self.day(n))
            self._list_listed(n, series, held=not planned)
            if planned:
                self.listing.planned(f"meeting:m{n}", (self.library.dates[document], self.day(n)))
        self.sink.said(assertion, said)
        self.sink.stated(stated)

    def _list_listed(self, n: int, series: Series, *, held: bool) -> None:
        item, day = f"meeting:m{n}", self.day(n)
        forms = (f"series:{series.slug}", f"format:{series.slug.partition('-')[2]}")
        sides = series.sides if n % 3 == 1 else ()
        self.listing.meeting(item, (day, day), sides, forms, series.sides)
        self.listing.card(item, ("Held" if held else "Planned",), forms[1], (), 1)
        self.listing.states(item, sides)
        if held:
            session = Session(term(item), day.isoformat(), (day.isoformat(), day.isoformat()))
            self.listing.held(item, (day, day), series.sides, forms, session)

    def _listed(self, n: int, series: Series, status: str) -> Iterator[tuple[str, list[str]]]:
        it = node(f"meeting:m{n}")
        given: list[Fact] = [("cq:status", TERMS[f"cq:{status}"]), ("cq:inSeries", node(f"series:{series.slug}"))]
        if n % 3 == 1:
            for side in series.sides:
                part = node(f"participation:meeting.m{n}.unnamed.1.no-post.state.s{side}.{status.lower()}")
                given.append(("cq:hasParticipation", part))
                about = facts(part, ("rdf:type", TERMS["cq:Participation"]), ("cq:status", TERMS[f"cq:{status}"]))
                yield part, [*about, *facts(part, ("cq:representing", state_node(side)))]
        yield it, self._meeting(n, series.sides, *given, *on_day(self.day(n)).facts)

    def _meeting(self, n: int, sides: tuple[int, int], *given: Fact) -> list[str]:
        names = " and ".join(state_name(side)[0] for side in sides)
        label = ("skos:prefLabel", text(f"Meeting {n} of {names}", "en"))
        return facts(node(f"meeting:m{n}"), ("rdf:type", TERMS["cq:Meeting"]), label, *given)

    # Meetings told of by themselves

    def _tell(self, n: int) -> None:
        sides = self.cast.pair()
        reports = self._reports(n, sides)
        topic = node(f"topic:{self.random.randrange(self.cast.topics)}") if n % 3 else None
        for report in reports:
            self._report(n, sides, report, ("cq:inFormat", TERMS[self._format(n)]), ("schema:about", topic))
        counting = [r for r in reports if r.admission != "StatementOnly"]
        dates = [r.when for r in counting if r.status == "Held"] or [r.when for r in counting]
        span = min(d.first for d in dates if d), max(d.last for d in dates if d)
        self.bounds(node(f"meeting:m{n}"), *span)
        self._list_told(n, span, counting)
        self._conclude(n, span, [r for r in reports if r.admission == "Premise"])
        self._compare(n, reports)

    @staticmethod
    def _format(n: int) -> str:
        return f"format:{FORMATS[n // 10 % len(FORMATS)]}"

    def _list_told(self, n: int, span: tuple[date, date], counting: list[Report]) -> None:
        present = [(one, report) for report in counting for one in report.present]
        sides = {one.state for one, report in present if one.stated or report.admission == "Premise"}
        item, form = f"meeting:m{n}", self._format(n)
        self.listing.meeting(item, span, sides, (form,))
        documents = {r.assertion.rpartition("-")[0] for r in counting}
        places = {r.place for r in counting if r.place}
        self.listing.card(item, {r.status for r in counting}, form, places, len(documents))
        self.listing.states(item, sides)
        held = [r.when for r in counting if r.status == "Held" and r.when]
        if held:
            self.listing.held(item, span, sides, (form,), _session(item, held))
        if any(report.status == "Held" for _, report in present):
            self.listing.office(item, span)
        plans = [r for r in counting if r.status in ("Planned", "Postponed")]
        if plans:
            over = max(plan.when.last for plan in plans if plan.when)
            self.listing.planned(f"meeting:m{n}", (min(self.week(plan.told) for plan in plans), over))

    def _compare(self, n: int, reports: list[Report]) -> None:
        """Which reports disagree: on the day, the place, or on whether it was held."""
        item = f"meeting:m{n}"
        held = [r for r in reports if r.status == "Held" and r.modality == "Asserted"]
        if any(r.modality == "Denied" for r in reports):
            said = {r.assertion: "held" if r in held else "not held" for r in reports if r.status == "Held"}
            self.listing.differ(item, "cq:status", said)
        if len(held) > 1:
            one, other = held
            if one.when and other.when and (one.when.last < other.when.first or other.when.last < one.when.first):
                self.listing.differ(item, "cq:when", {r.assertion: r.when.edtf for r in held if r.when})
            if one.place and other.place and one.place != other.place:
                places = {r.assertion: self.cast.place_names[r.place] for r in held if r.place}
                self.listing.differ(item, "schema:location", places)

    def _reports(self, n: int, sides: tuple[int, int]) -> list[Report]:
        chance, when = self.random.random, self._when(n)
        outcome = self.random.choices(("Held", "Planned", "Cancelled", "Postponed", "Suspended"), (80, 11, 5, 3, 1))[
            0
        ]
        place = TERMS[f"place:c{sides[0]}-{n % 4}"] if chance() < 0.8 else None
        present = self._present(sides, when.first.year)
        after, before = when.last + timedelta(days=n % 9), when.first - timedelta(days=20 + n % 40)
        admission = "Admitted" if outcome == "Planned" else "Premise"
        main = Report(outcome, when, place, present, before if outcome == "Planned" else after, admission=admission)
        if outcome not in {"Held", "Planned"}:
            main.told = when.first - timedelta(days=3)
            main.present = ()
        if outcome == "Held" and chance() < 0.1:
            main.admission = "Admitted"
        found = [main]
        if outcome != "Planned" and chance() < 0.2:
            found.append(Report("Planned", in_month(when.first), place, present[:1], before, admission="Admitted"))
        if outcome == "Held" and chance() < 0.2:
            found.append(self._second(main, sides, after))
        if outcome == "Held" and chance() < 0.02:
            found.append(Report("Held", None, None, (), after, "Denied", "StatementOnly"))
        return found

    def _second(self, main: Report, sides: tuple[int, int], after: date) -> Report:
        """What another document says: less of who came; now and then another day or place."""
        when, place = main.when, main.place
        if when and self.random.random() < 0.05:
            when = on_day(when.last + timedelta(days=1))
        if self.random.random() < 0.05:
            place = TERMS[f"place:r{sides[1]}"]
        return Report("Held", when, place, main.present[:3], after + timedelta(days=8))

    def _when(self, n: int) -> When:
        first = self.day(n)
        makers: tuple[Callable[[], When], ...] = (
            lambda: on_day(first),
            lambda: in_month(first),
            lambda: lasting(first, 2),
        )
        return self.random.choices(makers, (80, 12, 8))[0]()

    def _present(self, sides: tuple[int, int], year: int) -> tuple[Attendance, ...]:
        found = {}
        for state in sides:
            for _ in range(self.random.choice((1, 1, 2))):
                role = self.cast.role()
                found[self.cast.holder(state, role, year)] = (state, role, self.random.random() < 0.6)
        return tuple(Attendance(person, *where) for person, where in found.items())

    def _report(self, n: int, sides: tuple[int, int], report: Report, *given: Fact) -> None:
        voice = person_node(report.present[0].person) if report.admission == "Admitted" and report.present else None
        assertion = report.assertion = self.assertion(report.told, report.modality, report.admission, voice)
        status = ("cq:status", TERMS[f"cq:{report.status}"])
        parts = {one.iri(f"m{n}", report.status): one for one in report.present}
        dated = report.when.facts if report.when else ()
        located = ("schema:location", report.place)
        said = self._meeting(n, sides, *given, status, located, *dated, *(("cq:hasParticipation", p) for p in parts))
        for part, one in parts.items():
            side = state_node(one.state) if one.stated else None
            said += facts(part, ("rdf:type", TERMS["cq:Participation"]), status, ("cq:representing", side))
            office = ("cq:heldPost", office_node(one.state, one.role))
            said += facts(part, ("cq:participant", person_node(one.person)), office)
        if report.admission == "StatementOnly":
            self.sink.only_said(assertion, said)
            return
        self.sink.said(assertion, said)
        things = (node(f"meeting:m{n}"), *parts)
        self.sink.stated(facts(it, ("cq:statedIn", assertion))[0] for it in things)

    def _conclude(self, n: int, span: tuple[date, date], premises: list[Report]) -> None:
        """What the rules conclude: sides by office, who took part, who met whom."""
        meeting = f"m{n}"
        unsided = {(one.iri(meeting, r.status), one) for r in premises for one in r.present if not one.stated}
        for part, one in sorted(unsided, key=lambda pair: pair[0]):
            self.sink.entailed(facts(part, ("cq:representing", state_node(one.state))))
        held = [r for r in premises if r.status == "Held"]
        present = sorted({(one.person, one.state) for r in held for one in r.present}, key=lambda p: f"{p[0]}>")
        for person, state in present:
            self.sink.entailed(facts(person_node(person), ("cq:tookPartIn", node(f"meeting:{meeting}"))))
            for other, other_state in present:
                if state != other_state and person < other:
                    self._meet(meeting, person, other)
                    stated = {r.assertion: {one.person for one in r.present} & {person, other} for r in held}
                    told = {assertion: who for assertion, who in stated.items() if who}
                    item = f"encounter:{meeting}.{person}.{other}"
                    self.listing.encounter(item, span, (state, other_state), told)

    def _meet(self, meeting: str, one: str, other: str) -> None:
        it = node(f"encounter:{meeting}.{one}.{other}")
        joins = (("cq:joins", person_node(each)) for each in (one, other))
        self.sink.entailed(
            facts(it, ("rdf:type", TERMS["cq:Encounter"]), ("cq:at", node(f"meeting:{meeting}")), *joins)
        )
        if (one, other) not in self._met:
            self._met.add((one, other))
            self.sink.entailed(facts(person_node(one), ("cq:met", person_node(other))))
            self.sink.entailed(facts(person_node(other), ("cq:met", person_node(one))))


def _session(meeting: str, held: list[When]) -> Session:
    """When a meeting was held, by all who say so."""
    first, start_by = min(w.first for w in held), max(w.start_by for w in held)
    end = min(w.end_from for w in held).isoformat(), max(w.last for w in held).isoformat()
    return Session(term(meeting), first.isoformat() if first == start_by else None, end)


def write_world(path: Path, meetings: int, seed: int = 1) -> int:
    """Write a world as N-Quads, merged also as the default graph; how many quads there are, repetitions included."""
    with path.open("w", encoding="utf-8", buffering=1 << 20) as file:
        sink = Sink(file.write)
        World(meetings, sink, seed).write()
    return sink.quads
