"""The index: where saved queries look things up in a large graph, as data in a graph of its own.

It says nothing that the other graphs do not say, and is no part of *merged*: lists (``rdfs:member``) of what touches
a month (``schema:temporalCoverage``), each with the number of things that stand before its own in time
(``schema:position``), so that a first page need not sort everything.

=============  ===========================  ===============================================================
list           belongs to                   lists
=============  ===========================  ===============================================================
meetings       ``schema:about cq:Meeting``  meetings
meetings       ``schema:actor`` a state     meetings at which it was, or was to be, represented
meetings       ``schema:superEvent``        meetings of a format or series
history        ``schema:about``             changes and held meetings of a format or series
timeline       ``schema:about cq:Event``    events, and dated statements, deployments and agreements
timeline       ``schema:about`` a state     the same, where they concern it
encounters     ``schema:about``             who met whom (``cq:Encounter``)
encounters     ``schema:attendee`` a state  the same, where one of the two stood for it
offices        ``schema:about org:Post``    what shows somebody in an office
planned        ``schema:eventStatus``       what was announced by then and not yet over
pair           ``schema:participant``       meetings at which two states were both represented (whenever)
company        ``schema:contributor``       the same, and changes, also by between whom the series is
vacancies      ``schema:about``             vacant slots of held meetings (``cq:Vacancy``), by the dates of these
vacancies      ``CAPACITY``                 the same, of a format or series
=============  ===========================  ===============================================================

Besides, what a list of meetings shows of each (:mod:`graph.cards`), the days from one meeting of a format and company
to the next (:mod:`graph.gaps`), the assertions from which an encounter follows (:mod:`graph.grounds`), what of a held
meeting no premise says (:mod:`graph.doubts`), and the assertions that disagree (:mod:`graph.disagreements`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, combinations
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.cards import cards
from graph.dataset import TYPE, Dataset
from graph.disagreements import disagreements
from graph.doubts import doubts
from graph.facts import Known, day, follow, known, nodes
from graph.gaps import gaps
from graph.grounds import grounds, premised
from graph.namespaces import GRAPH_INDEX, cq, kind, slug, term
from graph.periods import EVER, Lists, Span, limits

ACTOR, ABOUT, SUPER_EVENT = term("schema:actor"), term("schema:about"), term("schema:superEvent")
ATTENDEE, EVENT_STATUS = term("schema:attendee"), term("schema:eventStatus")
PARTICIPANT, CONTRIBUTOR = term("schema:participant"), term("schema:contributor")
CAPACITY = term("schema:remainingAttendeeCapacity")
WHENEVER: Final = limits(EVER)
_MEMBER, _POSITION = term("rdfs:member"), term("schema:position")
_PERIOD = term("schema:temporalCoverage")
_INTEGER = term("xsd:integer")
_EVENTS: Final = frozenset(cq(name) for name in ("Meeting", "Visit", "Call", "Event", "FormatChange", "Founding"))
_IF_DATED: Final = frozenset(cq(name) for name in ("Statement", "Deployment", "Agreement"))
_ANNOUNCED: Final = frozenset(cq(name) for name in ("Meeting", "Visit", "Call"))
_PLANS: Final = frozenset((cq("Planned"), cq("Postponed")))
_PLANNED: Final = ("planned", EVENT_STATUS, (cq("Planned"),))

Heading = tuple[str, NamedNode, tuple[NamedNode, ...]]
"""What a list is called, and by which property it belongs to whom."""


def index(dataset: Dataset) -> set[Triple]:
    """The lists and the disagreements of a dataset with its conclusions."""
    merged = _Merged(dataset)
    found: dict[Heading, Lists] = defaultdict(Lists)
    for item, about in merged.facts.items():
        for heading, span in merged.headings(item, about):
            found[heading].add(item.value, span)
    lists = chain.from_iterable(listed(heading, held) for heading, held in found.items())
    told = chain(cards(merged.facts), gaps(merged.facts, dataset.assertions), grounds(merged.facts))
    doubted = doubts(merged.facts, dataset.assertions, dataset.entailed)
    return {*lists, *told, *doubted, *disagreements(dataset)}


def listed(heading: Heading, lists: Lists) -> Iterator[Triple]:
    """The lists under one heading as triples."""
    name, relation, owners = heading
    for period, position in lists.positions(undated_last=name.startswith("timeline")).items():
        node = NamedNode(f"{GRAPH_INDEX.value}#{name}.{period}")
        yield from (Triple(node, relation, owner) for owner in owners)
        yield Triple(node, _PERIOD, Literal(period))
        yield Triple(node, _POSITION, Literal(str(position), datatype=_INTEGER))
        yield from (Triple(node, _MEMBER, NamedNode(item)) for item in lists.members[period])


def pairs(name: str, relation: NamedNode, states: Iterable[NamedNode]) -> Iterator[Heading]:
    """A heading for each two of some states."""
    for one, other in combinations(sorted(states, key=str), 2):
        yield f"{name}.{slug(one.value)}.{slug(other.value)}", relation, (one, other)


class _Merged:
    """The merged graph by subject, and under which headings its things stand."""

    def __init__(self, dataset: Dataset) -> None:
        self.facts = known(dataset.merged())
        self._assertions = dataset.assertions
        self._tenures: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for about in self.facts.values():
            for person in nodes(about, "org:member"):
                self._tenures[person] += self._follow(nodes(about, "cq:heldPost"), "org:postIn")

    def headings(self, item: NamedNode, about: Known) -> Iterator[tuple[Heading, Span]]:
        """Under which headings a thing stands, from when to when."""
        types, span = set(about.get(TYPE, ())), (day(about, "earliest"), day(about, "latest"))
        if cq("Encounter") in types:
            yield from self._encounters(about)
        if cq("Vacancy") in types:
            yield from self._vacancies(about)
        yield from ((heading, span) for heading in self._events(types, about, span))
        yield from ((heading, WHENEVER) for heading in self._pairs(types, about))
        if types & _ANNOUNCED:
            yield from ((_PLANNED, told) for told in self._announced(item, about))

    def _events(self, types: set[NamedNode | Literal], about: Known, span: Span) -> Iterator[Heading]:
        """The headings of something with dates of its own."""
        if cq("Meeting") in types:
            yield from self._meetings(about)
        if types & {cq("Meeting"), cq("FormatChange")}:
            yield from self._histories(about)
        if types & _EVENTS or (types & _IF_DATED and span != (None, None)):
            yield "timeline", ABOUT, (cq("Event"),)
            for state in self._states(self._concerned(about)):
                yield f"timeline.{slug(state.value)}", ABOUT, (state,)
        if self._shows_office(about):
            yield "offices", ABOUT, (term("org:Post"),)

    def _encounters(self, about: Known) -> Iterator[tuple[Heading, Span]]:
        """Of an encounter, which is dated by its meeting."""
        meeting = self.facts[nodes(about, "cq:at")[0]]
        span = day(meeting, "earliest"), day(meeting, "latest")
        yield ("encounters", ABOUT, (cq("Encounter"),)), span
        for state in self._states(self._sides(meeting, set(nodes(about, "cq:joins")))):
            yield (f"encounters.{slug(state.value)}", ATTENDEE, (state,)), span

    def _vacancies(self, about: Known) -> Iterator[tuple[Heading, Span]]:
        """Of a vacant slot, which is dated by its meeting."""
        meeting = self.facts[nodes(about, "cq:vacantAt")[0]]
        span = day(meeting, "earliest"), day(meeting, "latest")
        yield ("vacancies", ABOUT, (cq("Vacancy"),)), span
        for form in self._forms(meeting):
            yield (f"vacancies.{kind(form.value)}.{slug(form.value)}", CAPACITY, (form,)), span

    def _forms(self, about: Known) -> set[NamedNode]:
        """The formats and series of a meeting."""
        series = nodes(about, "cq:inSeries")
        return {*nodes(about, "cq:inFormat"), *series, *self._follow(series, "cq:ofFormat")}

    def _follow(self, found: Iterable[NamedNode], *names: str) -> list[NamedNode]:
        return follow(self.facts, found, *names)

    def _states(self, parties: Iterable[NamedNode]) -> set[NamedNode]:
        return {one for one in parties if one in self.facts and cq("State") in self.facts[one].get(TYPE, ())}

    def _represented(self, about: Known) -> list[NamedNode]:
        return self._follow(nodes(about, "cq:hasParticipation"), "cq:representing")

    def _sides(self, meeting: Known, joined: set[NamedNode]) -> list[NamedNode]:
        """Whom some of those at a meeting represented, by premises."""
        attended = premised(self.facts, meeting)
        return [
            state
            for part in attended
            if joined & {*nodes(part, "cq:participant")}
            for state in nodes(part, "cq:representing")
        ]

    def _meetings(self, about: Known) -> Iterator[Heading]:
        """The lists of meetings on which one stands."""
        yield "meetings", ABOUT, (cq("Meeting"),)
        for state in self._states(self._represented(about)):
            yield f"meetings.state.{slug(state.value)}", ACTOR, (state,)
        for form in self._forms(about):
            yield f"meetings.{kind(form.value)}.{slug(form.value)}", SUPER_EVENT, (form,)

    def _histories(self, about: Known) -> Iterator[Heading]:
        """The formats and series to whose history something belongs: a change, or a meeting that was held."""
        if cq("Meeting") in about[TYPE] and cq("Held") not in about.get(cq("status"), ()):
            return
        series = nodes(about, "cq:inSeries", "cq:ofSeries")
        for form in {*nodes(about, "cq:inFormat", "cq:ofFormat"), *series, *self._follow(series, "cq:ofFormat")}:
            yield f"history.{kind(form.value)}.{slug(form.value)}", ABOUT, (form,)

    def _pairs(self, types: set[NamedNode | Literal], about: Known) -> Iterator[Heading]:
        """The pairs of states that something joins."""
        between = self._follow(nodes(about, "cq:ofSeries", "cq:inSeries"), "cq:between")
        represented = self._represented(about)
        if cq("Meeting") in types:
            yield from pairs("pair", PARTICIPANT, self._states(represented))
        if types & {cq("Meeting"), cq("FormatChange")}:
            yield from pairs("company", CONTRIBUTOR, self._states([*represented, *between]))

    def _concerned(self, about: Known) -> Iterator[NamedNode]:
        """Who was represented, spoke, acted, or was visited."""
        yield from self._represented(about)
        yield from nodes(about, "cq:speaker", "cq:holder", "cq:operator", "cq:party", "cq:by")
        yield from self._follow(nodes(about, "cq:speakerPost"), "org:postIn")
        yield from self._follow(nodes(about, "cq:ofSeries", "cq:inSeries"), "cq:between")
        for person in nodes(about, "cq:speaker", "cq:holder", "cq:by"):
            yield from self._tenures.get(person, ())
        if cq("Visit") in about.get(TYPE, ()):
            places = nodes(about, "schema:location")
            yield from (*places, *self._follow(places, "geo:sfWithin"))

    def _shows_office(self, about: Known) -> bool:
        """Whether it shows somebody in an office: as a tenure, by what they said, or by who came."""
        parts = (self.facts[part] for part in nodes(about, "cq:hasParticipation") if part in self.facts)
        attended = any(cq("heldPost") in part and cq("Held") in part.get(cq("status"), ()) for part in parts)
        return attended or cq("speakerPost") in about or cq("Incumbency") in about.get(TYPE, ())

    def _announced(self, item: NamedNode, about: Known) -> Iterator[Span]:
        """From when something may have been announced until it is over, if it was."""
        told: list[str | None] = []
        over: list[str | None] = []
        for assertion in nodes(about, "cq:statedIn"):
            said = known(t for t in self._assertions[assertion] if t.subject == item)[item]
            if not _PLANS.isdisjoint(said[cq("status")]):
                documents = self._follow([assertion], "cq:inDocument")
                told += [day(self.facts[document], "startEarliest") for document in documents]
                over.append(day(said, "endLatest"))
        if told:
            first, last = limits(EVER)
            yield min(each or first for each in told), max(each or last for each in over)
