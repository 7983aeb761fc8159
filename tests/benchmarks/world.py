"""A generated world of any size in the real model: the dataset of a build, by seed, with all that follows from it.

Of the meetings, each tenth is told of by itself (persons, posts, place; plans before it, second reports, denials);
the others stand in chronicles of 25, every third of those with the states that took part, some with offices unnamed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pyoxigraph import Quad

from graph.accounts import accounts
from graph.dataset import Dataset
from graph.derivation import derive
from graph.namespaces import GRAPH_MERGED

from .cast import FORMATS, Cast, Series, office_node, person_node, state_name, state_node
from .evidence import Library
from .sayings import write_sayings
from .writing import TERMS, Fact, Sink, When, facts, in_month, lasting, node, on_day, text, truth

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


class World:
    """Meetings through forty years, in the order of time."""

    def __init__(self, meetings: int, seed: int = 1) -> None:
        self.meetings, self.sink, self.random = meetings, Sink(), Random(seed)
        self.cast = Cast(meetings, self.random)
        self.library = Library(self.cast, self.sink, self.random)
        self.days = min(40 * 365 - 90, 400 + meetings)

    def write(self) -> None:
        """All of it, graph by graph as it comes."""
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

    # Meetings in chronicles

    def _list(self, listed: list[int]) -> None:
        """One assertion on several meetings, all held, or all planned."""
        if not listed:
            return
        planned = listed[0] // LISTED % 8 == 5
        told = self.day(listed[0]) - timedelta(days=40) if planned else self.day(listed[-1]) + timedelta(days=9)
        status, admission = ("Planned", "Admitted") if planned else ("Held", "Premise")
        assertion = self.library.assertion(f"chronicle-{listed[0] // (4 * LISTED)}", told, admission=admission)
        for n in listed:
            self.sink.said(assertion, self._listed(n, self.cast.drawn_series(), status))

    def _listed(self, n: int, series: Series, status: str) -> list[str]:
        """Of every third the sides are told, and of some of these that their foreign ministers came, unnamed."""
        given: list[Fact] = [("cq:status", TERMS[f"cq:{status}"]), ("cq:inSeries", node(f"series:{series.slug}"))]
        parts = []
        for side in series.sides if n % 3 == 1 else ():
            post = office_node(side, 0) if n % 5 == 0 else None
            office = post.rpartition("/")[2][:-1] if post else "no-post"
            part = node(f"participation:meeting.m{n}.unnamed.1.{office}.state.s{side}.{status.lower()}")
            given.append(("cq:hasParticipation", part))
            parts += facts(part, ("rdf:type", TERMS["cq:Participation"]), ("cq:status", TERMS[f"cq:{status}"]))
            parts += facts(
                part, ("cq:representing", state_node(side)), ("cq:heldPost", post), ("cq:unnamed", truth(True))
            )
        return [*self._meeting(n, series.sides, *given, *on_day(self.day(n)).facts), *parts]

    def _meeting(self, n: int, sides: tuple[int, int], *given: Fact) -> list[str]:
        names = " and ".join(state_name(side)[0] for side in sides)
        label = ("skos:prefLabel", text(f"Meeting {n} of {names}", "en"))
        return facts(node(f"meeting:m{n}"), ("rdf:type", TERMS["cq:Meeting"]), label, *given)

    # Meetings told of by themselves

    def _tell(self, n: int) -> None:
        sides = self.cast.pair()
        reports = self._reports(n, sides)
        topic = node(f"topic:{self.random.randrange(self.cast.topics)}") if n % 3 else None
        # Of the meetings whose format is defined by who sits there, every other leaves it to the rules.
        form = ("cq:inFormat", TERMS[self._format(n)] if n % 4 else None)
        for report in reports:
            self._report(n, sides, report, form, ("schema:about", topic))

    @staticmethod
    def _format(n: int) -> str:
        return f"format:{FORMATS[n // 10 % len(FORMATS)]}"

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
        assertion = self.assertion(report.told, report.modality, report.admission, voice)
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
        self.sink.said(assertion, said)


def make_world(meetings: int, seed: int = 1) -> Dataset:
    """A world with all that follows from it, as a build derives it."""
    world = World(meetings, seed)
    world.write()
    made = world.sink.dataset
    made.provenance |= accounts(made.assertions, made.admitted, made.provenance)
    derive(made)
    return made


def quads(dataset: Dataset) -> Iterator[Quad]:
    """Every graph's quads, merged also as the default graph, as a built store has them."""
    for quad in dataset.quads():
        yield quad
        if quad.graph_name == GRAPH_MERGED:
            yield Quad(quad.subject, quad.predicate, quad.object)
