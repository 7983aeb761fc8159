"""What an assertion may say: one model per type of thing, with the keys that its node may carry.

The keys are those of ``ontology/context.jsonld``, which maps them to terms. JSON-LD would drop an unknown key and
take a misspelt prefix for an IRI scheme; so keys, prefixes and kinds are checked here, strictly, before it reads.
"""

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from graph.namespaces import RESOURCES, expand, kind

# What people name has no dot and no plus, which join names where IRIs are minted from several.
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AGENTS = ("person", "state", "organisation", "group", "office")
_PLACES = ("place", "territory", "state")
_EVENTS = ("meeting", "visit", "call", "event", "change")


def _reference(kinds: tuple[str, ...]) -> Callable[[str], str]:
    def check(value: str) -> str:
        iri = expand(value)
        found = kind(iri)
        if kinds and found not in kinds:
            raise ValueError(f"'{value}' names a {found or 'foreign resource'}; expected one of: {', '.join(kinds)}")
        if found is None:
            raise ValueError(f"'{value}' does not name a resource of ours")
        if not _NAME.fullmatch(iri.removeprefix(f"{RESOURCES}{found}/")):
            raise ValueError(f"'{value}' cannot name a {found}: use lower-case letters, digits and single hyphens")
        return value

    return check


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _as_text(value: Any) -> Any:
    """YAML reads a bare year as a number; an EDTF date is text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Agent = Annotated[str, AfterValidator(_reference(_AGENTS))]
Office = Annotated[str, AfterValidator(_reference(("office",)))]
Party = Annotated[str, AfterValidator(_reference(("state", "organisation", "group")))]
Person = Annotated[str, AfterValidator(_reference(("person",)))]
Location = Annotated[str, AfterValidator(_reference(_PLACES))]
EventRef = Annotated[str, AfterValidator(_reference(_EVENTS))]
Cause = Annotated[str, AfterValidator(_reference((*_EVENTS, "agreement")))]
Topic = Annotated[str, AfterValidator(_reference(("topic",)))]
FormatRef = Annotated[str, AfterValidator(_reference(("format",)))]
SeriesRef = Annotated[str, AfterValidator(_reference(("series",)))]
SystemRef = Annotated[str, AfterValidator(_reference(("system",)))]
Body = Annotated[str, AfterValidator(_reference(("organisation",)))]
Anything = Annotated[str, AfterValidator(_reference(()))]
AssertionRef = Annotated[str, AfterValidator(_reference(("assertion",)))]
Edtf = Annotated[str, BeforeValidator(_as_text)]
EventStatus = Literal["Held", "Planned", "Suspended", "Postponed", "Cancelled"]


def identified(*kinds: str) -> Any:
    """The type of an ``id`` of one of the kinds."""
    return Annotated[str, AfterValidator(_reference(kinds))]


def some(item: Any) -> Any:
    """The type of a key that takes one item or a list of them."""
    return Annotated[list[item], BeforeValidator(_as_list), Field(min_length=1)]


class Strict(BaseModel):
    """A node whose keys are all known: the keys with spaces are given by their alias."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False, frozen=True)


class Participant(Strict):
    """One participation: who (absent where the words name nobody), in which post, for which side."""

    who: Agent | None = None
    post: some(Office) = Field(default=[], alias="as")  # type: ignore[valid-type]
    side: Party | None = Field(default=None, alias="for")


class _Occurrence(Strict):
    label: str | None = None
    status: EventStatus | None = None
    on: Edtf | None = None
    where: some(Location) | None = None  # type: ignore[valid-type]
    participants: list[Participant] = []
    about: some(Anything) | None = None  # type: ignore[valid-type]
    result_of: some(Cause) | None = Field(default=None, alias="result of")  # type: ignore[valid-type]
    prelude_to: some(EventRef) | None = Field(default=None, alias="prelude to")  # type: ignore[valid-type]


class Meeting(_Occurrence):
    """People or delegations meet."""

    type: Literal["Meeting"]
    id: identified("meeting")  # type: ignore[valid-type]
    in_format: FormatRef | None = Field(default=None, alias="in format")
    in_series: SeriesRef | None = Field(default=None, alias="in series")
    during: EventRef | None = None
    different_from: some(identified("meeting")) | None = Field(default=None, alias="different from")  # type: ignore[valid-type]


class Visit(_Occurrence):
    """Somebody goes to a place; that alone makes nobody meet."""

    type: Literal["Visit"]
    id: identified("visit")  # type: ignore[valid-type]


class Call(_Occurrence):
    """A conversation at a distance."""

    type: Literal["Call"]
    id: identified("call")  # type: ignore[valid-type]


class Event(_Occurrence):
    """Any other event: an exercise, a launch, an interview."""

    type: Literal["Event"]
    id: identified("event")  # type: ignore[valid-type]


class Founding(_Occurrence):
    """A body is set up."""

    type: Literal["Founding"]
    id: identified("event")  # type: ignore[valid-type]
    founded: Body
    by: some(Agent) | None = None  # type: ignore[valid-type]


class Organisation(Strict):
    """What the words say of a body that the authority file knows."""

    type: Literal["Organisation"]
    id: identified("organisation")  # type: ignore[valid-type]
    headed_by: Person = Field(alias="headed by")


class FormatChange(Strict):
    """A format or series is created, suspended or resumed."""

    type: Literal["FormatChange"]
    id: identified("change")  # type: ignore[valid-type]
    label: str | None = None
    becomes: Literal["Created", "SuspendedFormat", "Resumed"]
    status: EventStatus | None = None
    of_format: FormatRef | None = Field(default=None, alias="of format")
    of_series: SeriesRef | None = Field(default=None, alias="of series")
    on: Edtf | None = None
    by: some(Agent) | None = None  # type: ignore[valid-type]
    at: EventRef | None = None
    because: str | None = None
    lasting: str | None = Field(default=None, pattern=r"^[<>~]?P\d+[YMD]$")


class Statement(Strict):
    """What somebody said, or the position somebody holds; the summary is ours, the words are the quote's."""

    type: Literal["Statement"]
    id: identified("statement")  # type: ignore[valid-type]
    label: str | None = None
    speaker: some(Agent) | None = None  # type: ignore[valid-type]
    speaking_as: Office | None = Field(default=None, alias="speaking as")
    holder: some(Agent) | None = None  # type: ignore[valid-type]
    addressee: some(Agent) | None = None  # type: ignore[valid-type]
    about: some(Anything)  # type: ignore[valid-type]
    stance: Literal["Supports", "Opposes", "Concerned", "Conditional", "Justifies", "Observes"] | None = None
    summary: str = Field(min_length=8)
    on: Edtf | None = None
    at: EventRef | None = None


class Proposal(Strict):
    """Something proposed to another side: what sector, where."""

    type: Literal["Proposal"]
    id: identified("proposal")  # type: ignore[valid-type]
    label: str | None = None
    proposer: some(Agent)  # type: ignore[valid-type]
    addressee: some(Agent) | None = None  # type: ignore[valid-type]
    sector: some(Topic) | None = None  # type: ignore[valid-type]
    where: some(Location) | None = None  # type: ignore[valid-type]
    status: Literal["Proposed", "Decided", "Agreed", "Planned", "Considered"]
    count: int | None = Field(default=None, ge=1)
    summary: str = Field(min_length=8)
    purpose: str | None = None
    at: EventRef | None = None


class Deployment(Strict):
    """A weapon system or unit is put somewhere, or is to be."""

    type: Literal["Deployment"]
    id: identified("deployment")  # type: ignore[valid-type]
    label: str | None = None
    operator: some(Agent)  # type: ignore[valid-type]
    systems: some(SystemRef)  # type: ignore[valid-type]
    where: some(Location) | None = None  # type: ignore[valid-type]
    status: Literal["Deployed", "Underway", "Planned", "Considered"]
    on: Edtf | None = None
    summary: str | None = None


class Agreement(Strict):
    """What parties agreed, or mean to."""

    type: Literal["Agreement"]
    id: identified("agreement")  # type: ignore[valid-type]
    label: str | None = None
    parties: list[Agent] = Field(min_length=1)
    status: Literal["Agreed", "Planned", "Considered", "Decided"]
    on: Edtf | None = None
    at: EventRef | None = None
    about: some(Anything) | None = None  # type: ignore[valid-type]
    summary: str = Field(min_length=8)


class TerritorialClaim(Strict):
    """A party's claim to a territory: a fact about the party, never about the territory."""

    type: Literal["TerritorialClaim"]
    id: identified("claim")  # type: ignore[valid-type]
    label: str | None = None
    claimant: Party
    claimed: identified("territory")  # type: ignore[valid-type]
    name_used: str | None = Field(default=None, alias="name used")
    against: Party | None = None
    basis: str | None = None


class Name(Strict):
    """A name of a place, and the party that uses it."""

    type: Literal["Name"]
    id: identified("name")  # type: ignore[valid-type]
    names: Location
    form: str
    language: str | None = Field(default=None, pattern="^[a-z]{2}$")
    used_by: some(Agent) | None = Field(default=None, alias="used by")  # type: ignore[valid-type]


class Incumbency(Strict):
    """The words show a person in a post at a date; no tenure follows."""

    type: Literal["Incumbency"]
    member: Person
    post: Office = Field(alias="as")
    on: Edtf | None = None


class Coverage(Strict):
    """How fully the words tell of the meetings of some states with each other, over a period."""

    type: Literal["Coverage"]
    id: identified("coverage")  # type: ignore[valid-type]
    label: str | None = None
    states: list[identified("state")] = Field(min_length=2, alias="covers states")  # type: ignore[valid-type]
    in_format: FormatRef | None = Field(default=None, alias="covers format")
    series: SeriesRef | None = Field(default=None, alias="covers series")
    on: Edtf
    completeness: Literal["Complete", "Selective"]


Node = Annotated[
    Meeting | Visit | Call | Event | Founding | Organisation | FormatChange | Statement | Proposal | Deployment
    | Agreement | TerritorialClaim | Name | Incumbency | Coverage,
    Field(discriminator="type"),
]  # fmt: skip


def references(node: Strict) -> Iterable[str]:
    """Every compact IRI that a node mentions but its own ``id``."""
    for name, value in node.model_dump(exclude_none=True, exclude={"id", "type"}).items():
        yield from _mentions(name, value)


_TEXTS = frozenset((
    "label", "summary", "basis", "name_used", "because", "purpose", "form", "language", "on", "status", "lasting",
    "stance", "completeness", "becomes", "count",
))  # fmt: skip


def _mentions(name: str, value: Any) -> Iterable[str]:
    if name in _TEXTS:
        return
    for item in _as_list(value):
        if isinstance(item, dict):
            yield from (found for key, inner in item.items() for found in _mentions(key, inner))
        elif isinstance(item, str):
            yield item
