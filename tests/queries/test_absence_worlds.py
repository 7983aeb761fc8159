"""Absence in random small worlds: ``not-met-since`` and ``never-met`` against an oracle in plain Python.

The oracle reads the world as it was drawn: meetings as lists of tellings, coverages as scopes. It knows no RDF.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.dates import bounds

Ask = Callable[..., list[tuple[str | int | None, ...]]]
STATES = ("russia", "japan", "usa")
STRANGER = "tillerson"  # of whom it is not told for which state
HOME = {"lavrov": "russia", "shoigu": "russia", "kishida": "japan"}
SERIES, SERIES_STATES = "series:ru-jp-2plus2", {"russia", "japan"}
SERIES_FORMAT, SUMMIT = "format:2plus2", "format:summit"
FORMS = (None, SERIES, SUMMIT)
DAYS = (None, "2015-05-10", "2016-03", "2016", "[..2015-12-31]", "[2016-06-01..]", "2017-01-05/2017-01-20")
SINCE = ("2015-01-01", "2015-06-01", "2016-02-15", "2017-01-10")
PERIODS = ("../2016-12-31", "2015-01-01/2016-12-31", "2015-01-01/..", "/2016-12-31", "../2017-12-31")
NO_DAY, LAST_DAY = "0000-00-00", "9999-99-99"
UNTIL = ("2016-12-31", "2017-12-31", LAST_DAY)


@dataclass(frozen=True)
class Telling:
    """What one assertion says of a meeting."""

    status: str
    premise: bool
    when: str | None
    present: tuple[str, ...]
    form: str | None


@dataclass(frozen=True)
class Coverage:
    """A scope, and whether it is complete by words that count."""

    states: tuple[str, ...]
    limit: str | None
    period: str
    complete: bool
    source: str


World = tuple[tuple[tuple[Telling, ...], ...], tuple[Coverage, ...]]
Question = tuple[str, str | None, str | None, str, str]
"""Who, whom, in which format, since when, until when."""

tellings = st.builds(
    Telling,
    st.sampled_from(("Held", "Held", "Held", "Planned", "Cancelled")),
    st.booleans(),
    st.sampled_from(DAYS),
    st.lists(st.sampled_from((*STATES, *HOME, STRANGER)), max_size=3, unique=True).map(tuple),
    st.sampled_from(FORMS),
).filter(lambda told: told.status != "Planned" or not told.premise)
meetings = st.lists(tellings, min_size=1, max_size=2).map(tuple)
coverages = st.builds(
    Coverage,
    st.sampled_from([pair for size in (2, 3) for pair in combinations(STATES, size)]),
    st.sampled_from((None, SERIES, SERIES_FORMAT)),
    st.sampled_from(PERIODS),
    st.sampled_from((True, True, False)),
    st.sampled_from(("authority", "Premise", "Admitted")),
)


def limits(told: Telling) -> tuple[str, str]:
    """The first and the last possible day; without a date, all time."""
    if told.when is None:
        return NO_DAY, LAST_DAY
    found = bounds(told.when)
    first, last = found.start_earliest, found.end_latest
    return first.isoformat() if first else NO_DAY, last.isoformat() if last else LAST_DAY


class Sitting:
    """What follows from the tellings of one meeting."""

    def __init__(self, told: tuple[Telling, ...]) -> None:
        self.told = told
        self.premises = [each for each in told if each.premise]
        held = [each for each in told if each.status == "Held"]
        self.told_held = bool(held)
        self.settled = any(p.status == "Held" for p in self.premises) and all(
            p.status == "Held" for p in self.premises
        )
        dating = [each for each in held if each.when] or [each for each in told if each.when]
        if self.settled and not any(each.premise and each.status == "Held" for each in dating):
            dating = []
        days = [limits(each) for each in dating]
        self.first = min((first for first, _ in days), default=NO_DAY)
        self.last = max((last for _, last in days), default=LAST_DAY)

    def sides(self, party: str, premised: bool, by_series: bool) -> set[str]:
        """For which states a party (or a state itself) was there, as told by anybody or by premises that say held."""
        told = [t for t in self.premises if t.status == "Held"] if premised else self.told
        found = {
            HOME.get(one, one) for each in told for one in each.present if one == party or HOME.get(one) == party
        }
        told = self.premises if premised else self.told
        if by_series and party in SERIES_STATES and any(each.form == SERIES for each in told):
            found.add(party)
        return found

    def in_form(self, form: str | None, premised: bool) -> bool:
        told = {each.form for each in (self.premises if premised else self.told)}
        return form is None or form in told or (form == SERIES_FORMAT and SERIES in told)

    def leaves_open(self, asked: set[str]) -> bool:
        """Whether a state that is asked for was there, and with it whom nobody tells of, or tells for which state."""
        present = {HOME.get(one, one) for each in self.told for one in each.present}
        told = present | (SERIES_STATES if any(each.form == SERIES for each in self.told) else set())
        return bool(present & asked & set(STATES)) and (STRANGER in present or len(told) == 1)

    def joins(self, who: str, other: str | None, form: str | None, premised: bool) -> bool:
        """Whether the two were there for different states, or the one with anybody for another state.

        A state that is asked for alone was there if it was represented, or by the series that is asked for.
        """
        by_series = bool(other) or who in HOME or form == SERIES
        mine = self.sides(who, premised, by_series)
        others = (self.sides(each, premised, by_series) for each in ([other] if other else STATES))
        return bool(mine) and any(theirs - mine for theirs in others)


def covers(cover: Coverage, asked: Question) -> bool:
    """Whether a coverage certifies that nothing of the kind lay in a period."""
    who, other, form, since, until = asked
    begins, _, ends = cover.period.partition("/")
    start = NO_DAY if begins == ".." else begins or LAST_DAY
    end = LAST_DAY if ends == ".." else ends
    if not cover.complete or cover.source == "Admitted" or start > since or end < until:
        return False
    if cover.limit not in (None, form) and not (cover.limit == SERIES_FORMAT and form == SERIES):
        return False
    if other and who != other and {who, other} <= set(cover.states):
        return True
    known = SERIES_STATES | set(HOME)
    return form == SERIES and {who, other or who} <= known and set(cover.states) >= SERIES_STATES


def expected(world: World, asked: Question) -> str:
    """met, possibly met, not met or unknown."""
    who, other, form, since, until = asked
    sittings = [each for each in map(Sitting, world[0]) if each.told_held and each.in_form(form, False)]
    inside = [each for each in sittings if each.first <= until and each.last >= since]
    together = [each for each in inside if who != other and each.joins(who, other, form, False)]
    for each in together:
        sure = each.settled and each.joins(who, other, form, True) and each.in_form(form, True)
        if sure and since <= each.first and each.last <= until:
            return "met"
    if together:
        return "possibly met"
    persons = {who, other} & set(HOME)
    hindered = inside if form == SERIES and (persons or other is None) else []
    if other:
        hindered = hindered + [each for each in inside if each.leaves_open({who, other})]
    if not hindered and any(covers(each, asked) for each in world[1]):
        return "not met"
    return "unknown"


AUTHORITY = "<https://w3id.org/communique/graph/authority>"


def written(world: World, n: int) -> str:
    """The world as TriG; its states, persons and series carry its number, so that many stand in one store."""
    states = "".join(f" {curie(each, n)} a cq:State ." for each in STATES)
    persons = "".join(f" {curie(each, n)} a foaf:Person ." for each in HOME)
    between = ", ".join(curie(each, n) for each in sorted(SERIES_STATES))
    series = f" {SERIES}-{n} a cq:Series ; cq:ofFormat {SERIES_FORMAT} ; cq:between {between} ."
    text = f"{AUTHORITY} {{{states}{persons}{series} }}\n"
    for m, told in enumerate(world[0]):
        for k, each in enumerate(told):
            name, grant = f"w{n}-m{m}", "Premise" if each.premise else "Admitted"
            text += assertion(f"{name}-{k}", grant, meeting(name, n, k, each))
    for m, cover in enumerate(world[1]):
        said = scope(f"w{n}-c{m}", n, cover)
        text += (
            f"{AUTHORITY} {{ {said} }}"
            if cover.source == "authority"
            else assertion(f"w{n}-c{m}", cover.source, said)
        )
    return text


def assertion(name: str, admission: str, said: str) -> str:
    return (
        '<https://w3id.org/communique/graph/provenance> { document:d a cq:Document ; cq:when "2018"^^edtf:EDTF .'
        f" a:{name} a cq:Assertion ; cq:inDocument document:d ; cq:modality cq:Asserted ;"
        f" cq:admission cq:{admission} . }} a:{name} {{ {said} }}\n"
    )


def meeting(name: str, n: int, k: int, told: Telling) -> str:
    said = f"meeting:{name} a cq:Meeting ; cq:status cq:{told.status} ."
    said += f' meeting:{name} cq:when "{told.when}"^^edtf:EDTF .' if told.when else ""
    said += (
        f" meeting:{name} {'cq:inSeries' if told.form == SERIES else 'cq:inFormat'} {form(told.form, n)} ."
        if told.form
        else ""
    )
    for one in told.present:
        part = f"p:{name}.{k}.{one}"
        said += (
            f" meeting:{name} cq:hasParticipation {part} . {part} a cq:Participation ; cq:status cq:{told.status} ;"
        )
        said += f" cq:participant {curie(one, n)} ;" if one in (*HOME, STRANGER) else ""
        said += f" cq:representing {curie(HOME.get(one, one), n)} ." if one != STRANGER else " ."
    return said


def scope(name: str, n: int, cover: Coverage) -> str:
    states = ", ".join(curie(each, n) for each in cover.states)
    said = f'coverage:{name} a cq:Coverage ; cq:coversState {states} ; cq:when "{cover.period}"^^edtf:EDTF ;'
    if cover.limit:
        said += f" cq:covers{'Series' if cover.limit == SERIES else 'Format'} {form(cover.limit, n)} ;"
    return said + f" cq:completeness cq:{'Complete' if cover.complete else 'Selective'} ."


def curie(party: str | None, n: int) -> str:
    return f"person:{party}-{n}" if party in (*HOME, STRANGER) else f"state:{party}-{n}" if party else ""


def form(given: str | None, n: int) -> str:
    return f"{given}-{n}" if given == SERIES else given or ""


worlds = st.tuples(st.lists(meetings, max_size=3).map(tuple), st.lists(coverages, min_size=1, max_size=2).map(tuple))
questions = st.tuples(
    st.sampled_from((*STATES, *HOME)),
    st.sampled_from((None, *STATES, *HOME)),
    st.sampled_from((None, SERIES, SERIES, SERIES_FORMAT, SUMMIT)),
    st.sampled_from(SINCE),
    st.sampled_from(UNTIL),
).filter(lambda asked: asked[3] <= asked[4])


# A fault is told of as it is found: the worlds are small, and to make them smaller takes minutes.
@settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
@given(st.lists(st.tuples(worlds, st.lists(questions, min_size=4, max_size=4)), min_size=20, max_size=20))
def test_the_oracle_says_the_same(ask_world: Callable[..., Ask], drawn: list[tuple[World, list[Question]]]) -> None:
    ask = ask_world(*(written(world, n) for n, (world, _) in enumerate(drawn)))
    for n, (world, questions) in enumerate(drawn):
        for asked in questions:
            who, other, kind, since, until = asked
            named = {"who": curie(who, n), "other": curie(other, n), "format": form(kind, n)}
            named["until"] = "" if until == LAST_DAY else until
            found = {row[0] for row in ask("not-met-since", "answer", **named, since=since)}
            assert found == {expected(world, asked)}, (world, asked)
            if other:
                ever = expected(world, (who, other, kind, NO_DAY, until))
                found = {row[0] for row in ask("never-met", "answer", **named)}
                assert found == {{"met": "no", "not met": "yes"}.get(ever, "unknown")}, (world, asked)
