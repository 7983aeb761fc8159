"""Who and what exists in a generated world: states, offices, persons, places and topics, named in three languages."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from random import Random

from .writing import TERMS, Sink, between, day, facts, node, number, text, truth

_SYLLABLES = (
    ("ka", "ка", "カ"), ("lo", "ло", "ロ"), ("mi", "ми", "ミ"), ("ne", "не", "ネ"), ("ra", "ра", "ラ"),
    ("so", "со", "ソ"), ("ta", "та", "タ"), ("vi", "ви", "ヴィ"), ("zu", "зу", "ズ"), ("do", "до", "ド"),
    ("ge", "ге", "ゲ"), ("ha", "ха", "ハ"), ("bi", "би", "ビ"), ("pu", "пу", "プ"), ("ro", "ро", "ロ"),
)  # fmt: skip
_LANGUAGES = ("en", "ru", "ja")
ROLES = (
    ("foreign-minister", "Foreign minister", 35), ("defence-minister", "Defence minister", 12),
    ("head-of-state", "President", 18), ("head-of-government", "Prime minister", 12),
    ("deputy-foreign-minister", "Deputy foreign minister", 12), ("economy-minister", "Economy minister", 6),
    ("ambassador", "Ambassador at large", 5),
)  # fmt: skip
FORMATS = (
    "2plus2", "summit", "foreign-ministers", "deputies", "strategic-dialogue", "economic-commission",
    "border-commission", "consular-talks", "cyber-dialogue", "defence-talks", "energy-dialogue", "fisheries-talks",
    "human-rights-dialogue", "nuclear-talks", "parliaments", "security-council", "space-commission", "trade-talks",
    "transport-talks", "youth-commission",
)  # fmt: skip
_SEATS = {
    "2plus2": ("foreign-minister", "defence-minister"),
    "foreign-ministers": ("foreign-minister",),
    "summit": ("head-of-state",),
}
_SHARED = ("deputy-foreign-minister", "ambassador")
RECORDED = date(2026, 11, 21)
STANCES = ("Supports", "Opposes", "Concerned", "Conditional", "Justifies", "Observes")
YEARS = range(1980, 2020)
_TERMS_IN_OFFICE = (3, 5, 4, 8, 20)


@cache
def name(seed: int, syllables: int) -> tuple[str, ...]:
    """A name in three languages, another for each number."""
    parts = []
    for _ in range(syllables):
        seed, place = divmod(seed, len(_SYLLABLES))
        parts.append(_SYLLABLES[place])
    return tuple("".join(part[n] for part in parts).capitalize() for n in range(len(_LANGUAGES)))


def labels(words: tuple[str, ...], given: tuple[str, ...] = ("", "", "")) -> list[tuple[str, str | None]]:
    """Labels in three languages, and alternative ones."""
    whole = [f"{first} {last}".strip() for first, last in zip(given, words, strict=True)]
    pairs = [("skos:prefLabel", text(each, tag)) for each, tag in zip(whole, _LANGUAGES, strict=True)]
    return [*pairs, ("skos:altLabel", text(words[0], "en")), ("skos:altLabel", text(f"The {whole[0]}", "en"))]


@dataclass(frozen=True)
class Series:
    """A format between two states."""

    slug: str
    sides: tuple[int, int]


class Cast:
    """All of it, by seed and size; chances are skewed: the busiest of 160 states are in each twelfth meeting."""

    def __init__(self, meetings: int, random: Random) -> None:
        self.random = random
        self.states = min(160, 4 + meetings // 100)
        self.territories = max(2, self.states // 3)
        self.topics = 40 + self.states * 2
        self.systems = 5 + self.states // 3
        self.outlets = 4 + self.states // 6
        self._chances = list(accumulate(1 / (n + 8) for n in range(self.states)))
        self._roles = list(accumulate(weight for *_, weight in ROLES))
        self.holders: dict[tuple[int, int], list[tuple[int, str]]] = {}
        self.persons: list[str] = []
        self.place_names: dict[str, str] = {}
        self._appoint()
        self.series = [self._series(n) for n in range(self.states * 20)]

    def _appoint(self) -> None:
        for state in range(self.states):
            for role in range(len(ROLES)):
                year, terms = YEARS.start, []
                while year < YEARS.stop:
                    year += self.random.choice(_TERMS_IN_OFFICE)
                    terms.append((year, f"p{len(self.persons)}"))
                    self.persons.append(terms[-1][1])
                self.holders[state, role] = terms

    def _series(self, n: int) -> Series:
        return Series(f"s{n}-{FORMATS[n % len(FORMATS)]}", self.pair())

    def state(self) -> int:
        """A state; the first ones more often."""
        return self._drawn(self._chances)

    def pair(self) -> tuple[int, int]:
        """Two different states."""
        one, other = self.state(), self.state()
        return (one, other) if one != other else (one, (one + 1) % self.states)

    def role(self) -> int:
        """An office's kind; foreign ministers most often."""
        return self._drawn(self._roles)

    def _drawn(self, chances: list[float]) -> int:
        return bisect_left(chances, self.random.random() * chances[-1])

    def holder(self, state: int, role: int, year: int) -> str:
        """Who holds an office in a year."""
        return next(person for until, person in self.holders[state, role] if year < until)

    def drawn_series(self) -> Series:
        """A series; the first ones more often."""
        return self.series[int(self.random.random() ** 1.3 * len(self.series))]

    def write(self, sink: Sink) -> None:
        """The authority graph."""
        for n in range(self.states):
            sink.authority(self._state(n))
        for n in range(self.territories):
            sink.authority(self._territory(n))
        sink.authority(self._persons())
        sink.authority(self._tenures())
        sink.authority(self._coverages())
        sink.authority(self._formats())
        sink.authority(self._subjects())

    def _state(self, n: int) -> list[str]:
        found = facts(state_node(n), ("rdf:type", TERMS["cq:State"]), *labels(state_name(n)))
        for role, (slug, title, _) in enumerate(ROLES):
            found += facts(
                office_node(n, role),
                ("rdf:type", TERMS["org:Post"]),
                ("skos:prefLabel", text(f"{title} of {state_name(n)[0]}", "en")),
                ("org:postIn", state_node(n)),
                ("cq:postKind", node(f"postkind:{slug}")),
                ("cq:heldByOne", truth(slug not in _SHARED)),
            )
        region = node(f"place:r{n}")
        self.place_names[region] = f"Region {name(n * 7, 3)[0]}"
        place = ("rdf:type", TERMS["cq:Place"])
        found += facts(
            region, place, *labels(name(n * 7, 3), ("Region", "Область", "州")), ("geo:sfWithin", state_node(n))
        )
        for city in range(4):
            self.place_names[node(f"place:c{n}-{city}")] = name(n * 4 + city, 4)[0]
            found += facts(
                node(f"place:c{n}-{city}"), place, *labels(name(n * 4 + city, 4)), ("geo:sfWithin", region)
            )
        return found

    def _territory(self, n: int) -> list[str]:
        it, place, sea = node(f"territory:t{n}"), ("rdf:type", TERMS["cq:Place"]), node(f"place:sea{n}")
        names = [(node(f"name:t{n}-{tag}"), word, tag) for word, tag in zip(name(n * 11, 5), _LANGUAGES, strict=True)]
        found = facts(it, ("rdf:type", TERMS["cq:Territory"]), *labels(name(n * 5, 5), ("Isles", "Острова", "諸島")))
        found += facts(it, ("geo:sfWithin", sea), *(("skosxl:altLabel", label) for label, *_ in names))
        for user, (label, word, tag) in enumerate(names):
            found += facts(label, ("rdf:type", TERMS["skosxl:Label"]), ("skosxl:literalForm", text(word, tag)))
            found += facts(label, ("cq:usedBy", state_node((n + user) % self.states)))
        for island in range(3):
            island_name = labels(name(n * 3 + island, 6))
            found += facts(node(f"place:i{n}-{island}"), place, *island_name, ("geo:sfWithin", it))
        return found + facts(sea, place, *labels(name(n * 13, 5), ("Sea", "Море", "海")))

    def _persons(self) -> list[str]:
        found = []
        for n, person in enumerate(self.persons):
            written = labels(name(n, 5), name(n * 17 % 60, 2))
            found += facts(person_node(person), ("rdf:type", TERMS["foaf:Person"]), *written)
        return found

    def _tenures(self) -> list[str]:
        """Who held which office from when to when: whole years, one holder after the other."""
        found = []
        for (state, role), terms in self.holders.items():
            since = YEARS.start
            for until, person in terms:
                it = node(f"tenure:{person}")
                when = between(date(since, 1, 1), date(until - 1, 12, 31))
                found += facts(it, ("rdf:type", TERMS["org:Membership"]), ("org:member", person_node(person)))
                found += facts(it, ("cq:heldPost", office_node(state, role)), *when.facts)
                found += facts(
                    it, ("prov:wasDerivedFrom", node(f"wd:Q{person[1:]}")), ("cq:recordedOn", day(RECORDED))
                )
                since = until
        return found

    def _coverages(self) -> list[str]:
        """All is covered in part, and the first series in full."""
        found = []
        told = between(date(YEARS.start, 1, 1), date(YEARS.stop - 1, 12, 31))
        for slug, states, how in (
            ("all", range(self.states), "Selective"),
            (self.series[0].slug, self.series[0].sides, "Complete"),
        ):
            it = node(f"coverage:{slug}")
            series = node(f"series:{slug}") if how == "Complete" else None
            found += facts(it, ("rdf:type", TERMS["cq:Coverage"]), *labels((slug,) * 3), *told.facts)
            found += facts(it, ("cq:completeness", TERMS[f"cq:{how}"]), ("cq:coversSeries", series))
            found += facts(it, *(("cq:coversState", state_node(state)) for state in states))
        return found

    def _formats(self) -> list[str]:
        found = []
        for slug, title, _ in ROLES:
            kind = ("rdf:type", TERMS["cq:PostKind"])
            found += facts(node(f"postkind:{slug}"), kind, ("skos:prefLabel", text(title, "en")))
        for slug in FORMATS:
            it, seats = node(f"format:{slug}"), _SEATS.get(slug, ())
            found += facts(it, ("rdf:type", TERMS["cq:Format"]), ("skos:prefLabel", text(slug.title(), "en")))
            found += facts(it, ("cq:definedBySlots", truth(True) if seats else None))
            for kind in seats:
                slot = node(f"slot:{slug}-{kind}")
                label = ("skos:prefLabel", text(f"Seat of the {kind}", "en"))
                found += facts(it, ("cq:hasSlot", slot))
                found += facts(slot, ("rdf:type", TERMS["cq:Slot"]), label, ("cq:perSide", number(1)))
                found += facts(slot, ("cq:postKind", node(f"postkind:{kind}")))
        for series in self.series:
            one, other = (state_name(side)[0] for side in series.sides)
            title = ("skos:prefLabel", text(f"{one} and {other}: {series.slug}", "en"))
            found += facts(node(f"series:{series.slug}"), ("rdf:type", TERMS["cq:Series"]), title)
            of = ("cq:ofFormat", node(f"format:{series.slug.partition('-')[2]}"))
            between = (("cq:between", state_node(side)) for side in series.sides)
            found += facts(node(f"series:{series.slug}"), of, *between)
        return found

    def _subjects(self) -> list[str]:
        found = []
        for n in range(self.topics):
            wider = node(f"topic:{n // 8}") if n % 8 == 1 and n > 1 else None
            named = labels(name(n * 19, 5), ("On", "О", "件"))
            found += facts(node(f"topic:{n}"), ("rdf:type", TERMS["cq:Topic"]), *named, ("skos:broader", wider))
        kinds = (
            ("system", "cq:System", self.systems),
            ("organisation", "cq:Outlet", self.outlets),
            ("group", "cq:Group", 8),
        )
        for kind, a, count in kinds:
            for n in range(count):
                found += facts(
                    node(f"{kind}:{kind}{n}"), ("rdf:type", TERMS[a]), *labels(name(n * 23, 5), (kind,) * 3)
                )
        return found


def state_node(n: int) -> str:
    """A state's term."""
    return TERMS[f"state:s{n}"]


def state_name(n: int) -> tuple[str, ...]:
    """What a state is called."""
    return name(n * 29, 4)


def office_node(state: int, role: int) -> str:
    """The term of a state's office."""
    return TERMS[f"office:s{state}-{ROLES[role][0]}"]


def person_node(person: str) -> str:
    """A person's term."""
    return TERMS[f"person:{person}"]
