"""What users ask of a generated world: arguments for each saved query, drawn with the world's own skew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .cast import FORMATS, ROLES, YEARS, Cast

Arguments = dict[str, str]


@dataclass(frozen=True)
class Question:
    """A saved query with arguments; ``form`` names which of them are given."""

    query: str
    arguments: tuple[tuple[str, str], ...]

    @property
    def form(self) -> str:
        """The query and its parameters, such as ``meetings?state&from&to``."""
        return "&".join((f"{self.query}?", *(name for name, _ in self.arguments))).replace("?&", "?").rstrip("?")


class Asker:
    """Draws arguments; the same for the same size and seed."""

    def __init__(self, meetings: int, seed: int = 7) -> None:
        self.cast = Cast(meetings, Random(1))
        self.random = Random(seed)
        self.meetings = meetings

    def questions(self, of_each: int) -> Iterator[Question]:
        """So many of each form, one form after the other."""
        for query, made in self._forms():
            for _ in range(of_each):
                yield Question(query, tuple(made().items()))

    def _forms(self) -> Iterator[tuple[str, Callable[[], Arguments]]]:
        yield "who-met-whom", lambda: {"person": self.person()}
        yield "who-met-whom", lambda: {"state": self.state(), **self.period(1)}
        yield "who-met-whom", lambda: {"person": self.person(), **self.period(5)}
        yield "who-met-whom", lambda: self.period(1)
        yield "who-met-whom", dict
        yield "meetings", lambda: {"state": self.state(), **self.period(1)}
        yield "meetings", lambda: dict(zip(("state", "other-state"), self.states(), strict=True))
        yield "meetings", lambda: {"state": self.state(), "status": "Planned"}
        yield "meetings", lambda: {"format": self.format(), **self.period(1)}
        yield "meetings", lambda: {"state": self.state(), "format": self.format()}
        yield "meetings", lambda: self.period(1)
        yield "meetings", dict
        yield "participants", lambda: {"meeting": self.meeting()}
        yield "timeline", lambda: {"state": self.state(), **self.period(1)}
        yield "timeline", lambda: {"state": self.state()}
        yield "timeline", lambda: self.period(1)
        yield "timeline", dict
        yield "last-meeting", lambda: dict(zip(("person", "other"), self.persons(), strict=True))
        yield "last-meeting", lambda: dict(zip(("person", "other"), self.persons(), strict=True)) | self.on("before")
        yield "planned-as-of", lambda: self.on("date")
        yield "format-history", lambda: {"format": self.series()}
        yield (
            "format-history",
            lambda: {"format": self.format()} | dict(zip(("state", "other-state"), self.states(), strict=True)),
        )
        yield "format-history", lambda: {"format": self.format(), "state": self.state()}
        yield "format-history", lambda: {"format": self.format()}
        yield "office-holders", lambda: {"office": self.office()}
        yield "office-holders", lambda: {"office": self.office(), **self.on("date")}
        yield "office-holders", lambda: self.on("date")
        yield "office-holders", dict
        yield "who-claims", lambda: {"territory": self.territory()}
        yield "names-of", lambda: {"territory": self.territory()}
        yield "positions", lambda: {"about": self.topic()}
        yield "positions", lambda: {"about": self.topic(), "holder": self.state()}
        yield "statements", lambda: {"speaker": self.person()}
        yield "statements", lambda: {"speaker": self.state()}
        yield "statements", lambda: {"about": self.topic()}
        yield "statements", dict
        yield "proposals", lambda: {"proposer": self.state()}
        yield "proposals", lambda: {"sector": self.topic()}
        yield "proposals", dict
        yield "deployments", lambda: {"operator": self.state()}
        yield "deployments", dict
        yield "agreements", lambda: {"party": self.state()}
        yield "agreements", dict
        yield "disagreements", dict
        yield "wikidata-disagreements", dict
        yield "evidence-for", lambda: {"resource": self.meeting()}
        yield "evidence-for", lambda: {"resource": self.person()}
        yield "evidence-for", lambda: {"resource": self.state()}
        yield "sources", dict
        yield from self._reasoned()

    def _reasoned(self) -> Iterator[tuple[str, Callable[[], Arguments]]]:
        """Forms of the queries that ask for what is inferred, or absent."""
        yield "co-attendance", lambda: self.period(1)
        yield "connection", self.chain
        yield "contacts", lambda: {"person": self.person()}
        yield "contacts", lambda: {"person": self.person(), **self.period(5)}
        yield "first-since", lambda: {"who": self.person(), **self.on("since")}
        yield "first-since", lambda: {**self.pair(self.states()), **self.on("since")}
        yield "incomplete-formats", lambda: {"format": self.format(), "state": self.state(), **self.period(1)}
        yield "incomplete-formats", lambda: {"state": self.state()}
        yield "inferred-with-proof", lambda: {"thing": self.meeting()}
        yield "inferred-with-proof", lambda: {"thing": self.person()}
        yield (
            "longest-gap",
            lambda: {"format": self.format()} | dict(zip(("state", "other-state"), self.states(), strict=True)),
        )
        yield "never-met", lambda: self.pair(self.persons())
        yield "never-met", lambda: self.pair(self.states())
        yield "not-met-since", lambda: {**self.pair(self.persons()), **self.on("since")}
        yield "not-met-since", lambda: {**self.pair(self.states()), **self.on("since")}
        yield "who-held-office-at", lambda: {"office": self.office(), **self.on("date")}

    @staticmethod
    def pair(both: tuple[str, str]) -> Arguments:
        """Two who met, or did not."""
        return dict(zip(("who", "other"), both, strict=True))

    def chain(self) -> Arguments:
        """From one office holder to another of the same year, before the next ends."""
        year = self.random.choice(YEARS)
        found = (self.cast.holder(state, self.cast.role(), year) for state in self.cast.pair())
        ends = (f"person:{person}" for person in found)
        return dict(zip(("from-person", "to-person"), ends, strict=True)) | {"before": f"{year + 2}-01-01"}

    def state(self) -> str:
        """A state, the busy ones more often."""
        return f"state:s{self.cast.state()}"

    def states(self) -> tuple[str, str]:
        """Two states."""
        one, other = self.cast.pair()
        return f"state:s{one}", f"state:s{other}"

    def person(self) -> str:
        """An office holder, those in office longer and of busier states more often."""
        return f"person:{self.cast.holder(self.cast.state(), self.cast.role(), self.random.choice(YEARS))}"

    def persons(self) -> tuple[str, str]:
        """Office holders of two states in one year."""
        year = self.random.choice(YEARS)
        one, other = (self.cast.holder(state, self.cast.role(), year) for state in self.cast.pair())
        return f"person:{one}", f"person:{other}"

    def meeting(self) -> str:
        """A meeting that is told of by itself."""
        return f"meeting:m{self.random.randrange(self.meetings // 10) * 10 + 3}"

    def office(self) -> str:
        """An office of a state."""
        return f"office:s{self.cast.state()}-{ROLES[self.cast.role()][0]}"

    def format(self) -> str:
        """A format."""
        return f"format:{self.random.choice(FORMATS)}"

    def series(self) -> str:
        """A series."""
        return f"series:{self.cast.drawn_series().slug}"

    def territory(self) -> str:
        """A territory, or an island of one."""
        n = self.random.randrange(self.cast.territories)
        return self.random.choice((f"territory:t{n}", f"place:i{n}-1"))

    def topic(self) -> str:
        """A topic, or a territory."""
        return f"topic:{int(self.random.random() ** 2 * self.cast.topics)}"

    def on(self, name: str) -> Arguments:
        """A day."""
        return {name: self._day().isoformat()}

    def period(self, years: int) -> Arguments:
        """From a day to another."""
        first = self._day()
        return {"from": first.isoformat(), "to": (first + timedelta(days=365 * years)).isoformat()}

    def _day(self) -> date:
        days = min(40 * 365 - 90, 400 + self.meetings)
        return date(1980, 1, 7) + timedelta(days=self.random.randrange(days))
