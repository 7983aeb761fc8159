"""Labels as sources write them, and what they tell beside: noise of every kind, drawn with a seed."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from graph.dates import Bounds, bounds
from graph.namespaces import mint
from graph.wikidata.reconciliation.likeness import spell

from .holders import RECORDED, Row

_SPELLINGS = (
    ("ey", "ei"), ("ei", "ey"), ("iy", "y"), ("ii", "y"), ("y", "iy"), ("y", "ii"), ("x", "ks"), ("ks", "x"),
    ("kh", "h"), ("yu", "iu"), ("ya", "ia"), ("ō", "ou"), ("ō", "oh"), ("ū", "uu"), ("shch", "sch"), ("ts", "tz"),
    ("v", "w"), ("f", "ph"), ("i", "y"), ("-", ""), ("-", " "), ("c", "k"), ("ye", "e"), ("e", "ye"),
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def as_it_is(name: str, draw: Random) -> str:
    return name


def surname(name: str, draw: Random) -> str:
    return name.rsplit(maxsplit=1)[-1]


def swapped(name: str, draw: Random) -> str:
    *given, family = name.split()
    return f"{family}{draw.choice([',', ''])} {' '.join(given)}".strip()


def respelled(name: str, draw: Random) -> str:
    """The name in another romanisation: one or two groups of letters are written otherwise."""
    for _ in range(draw.choice((1, 1, 2))):
        fitting = [pair for pair in _SPELLINGS if pair[0] in name]
        name = name.replace(*draw.choice(fitting), 1) if fitting else name
    return name


def plain(name: str, draw: Random) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def mistyped(name: str, draw: Random) -> str:
    """One letter is left out, doubled, replaced, or changes places with the next."""
    at = draw.randrange(len(name) - 1)
    first, second = name[at], name[at + 1]
    typed = draw.choice((second, first * 2 + second, draw.choice(_LETTERS) + second, second + first))
    return name[:at] + typed + name[at + 2 :]


def initials(name: str, draw: Random) -> str:
    *given, family = name.split()
    return " ".join([*(f"{each[0]}." for each in given), family])


LABELS: dict[str, tuple[Callable[[str, Random], str], int]] = {
    "as it is": (as_it_is, 15), "surname only": (surname, 10), "order swapped": (swapped, 15),
    "other romanisation": (respelled, 25), "without diacritics": (plain, 10), "a letter mistyped": (mistyped, 20),
    "initials": (initials, 5),
}  # fmt: skip
"""The kinds of label, with how many of 100 are of it."""
TOLD = 0.85
"""How often the office with a date, and the birth, are told where the row has them."""
WRONG = 0.15
"""How often what is told is another's, and simply wrong: drawn at random, or from those of the same surname."""


class Told:
    """The rows, all together and by surname."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.families: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.families[surname(row.name, Random())].append(row)


@dataclass(frozen=True)
class Proposal:
    """A label with what is told of it; ``truth`` is the item, empty where the tables have none.

    ``drawn`` is the item of the person whose name it is; if the facts are a namesake's, ``truth`` is the namesake's.
    """

    label: str
    kind: str
    context: str
    truth: str
    drawn: str
    office: str = ""
    when: Bounds | None = None
    birth: Bounds | None = None


def proposal(told: Told, absent: frozenset[str], draw: Random) -> Proposal:
    """One label of a person drawn at random from the rows; those who are absent have no item.

    A label with the facts of a namesake is a label of the namesake.
    """
    row = draw.choice(told.rows)
    kind = draw.choices([*LABELS], [weight for _, weight in LABELS.values()])[0]
    others = draw.choice((told.rows, told.families[surname(row.name, draw)]))
    about = draw.choice(others) if draw.random() < WRONG else row
    who = about if spell(about.name) == spell(row.name) else row
    has_office, has_birth = (bool(each) and draw.random() < TOLD for each in (about.office, about.birth))
    return Proposal(
        LABELS[kind][0](row.name, draw),
        kind,
        _told(has_office, has_birth, about.person != who.person),
        "" if who.person in absent else who.person,
        "" if row.person in absent else row.person,
        about.office if has_office else "",
        _day_in(about, draw) if has_office else None,
        bounds(about.birth) if has_birth else None,
    )


def _told(office: bool, birth: bool, wrong: bool) -> str:
    facts = {"office and date": office, "birth": birth}
    told = " + ".join(name for name, is_told in facts.items() if is_told)
    return f"{told} of another" if told and wrong else told or "nothing"


def _day_in(row: Row, draw: Random) -> Bounds:
    """Some day of a tenure: as far as its dates say, so that a year alone may lead before its start."""
    first = bounds(row.start).start_earliest or date.min
    last = bounds(row.end).end_latest if row.end else date.fromisoformat(RECORDED)
    day = first + timedelta(draw.randrange(max((last - first).days, 0) + 1) if last else 0)
    return Bounds(day, day, day, day)


NOBODY = mint("person", "proposed").value
