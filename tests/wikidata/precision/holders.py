"""The tables of office holders, as items of Wikidata: who held what, from when to when, born and died when."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.wikidata.model import Entity, Item, Snak, Statement, Time

RECORDED = "2022-08-02"
HUMAN = "Q5"


@dataclass(frozen=True)
class Row:
    """One row: a person by item and name, and what it tells; dates as they stand, empty where there are none."""

    person: str
    name: str
    office: str = ""
    start: str = ""
    end: str = ""
    birth: str = ""
    death: str = ""


def rows(folder: Path) -> list[Row]:
    """Every row of every table that tells of a person."""
    return [row for path in sorted(folder.glob("*.csv")) for row in _rows(path) if row.person and row.name]


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        table = path.name.partition("__")[0]
        for cells in csv.DictReader(file):
            if "personID" in cells:
                office = f"{table}: {cells['position']}"
                life = (cells.get("DOB", ""), cells.get("DOD", ""))
                yield Row(cells["personID"], cells["person"], office, cells["start"], cells["end"], *life)
            elif "dob" in cells:
                yield Row(cells["id"], cells["name"], birth=cells["dob"], death=cells["dod"])
            elif "countryLabel" in cells:
                office = f"{cells['countryLabel']}: {cells['positionLabel']}"
                yield Row(cells["person"], cells["name"], office, cells["start"])


def entities(of: list[Row]) -> dict[str, Entity]:
    """The persons of some rows as items."""
    by_person: dict[str, list[Row]] = defaultdict(list)
    for row in of:
        by_person[row.person].append(row)
    return {person: _entity(person, told) for person, told in by_person.items()}


def _entity(person: str, told: list[Row]) -> Entity:
    names = list(dict.fromkeys(row.name for row in told))
    statements = [_statement(person, Snak("P31", Item(HUMAN)))]
    statements += [_held(person, row) for row in told if row.office]
    for property_, days in (("P569", {row.birth for row in told}), ("P570", {row.death for row in told})):
        statements += [_statement(person, Snak(property_, time(day))) for day in sorted(days - {""})]
    return Entity(
        person,
        "",
        "",
        RECORDED,
        "",
        True,
        {"en": names[0]},
        aliases={"en": tuple(names[1:])},
        statements=tuple(statements),
    )


def _held(person: str, row: Row) -> Statement:
    days = (("P580", row.start), ("P582", row.end))
    qualifiers = tuple(Snak(name, time(day)) for name, day in days if day)
    return _statement(person, Snak("P39", Item(row.office)), qualifiers)


def _statement(person: str, main: Snak, qualifiers: tuple[Snak, ...] = ()) -> Statement:
    return Statement("", "", person, main, None, qualifiers)


def time(day: str) -> Time:
    """A day, month or year of a table as Wikidata writes it."""
    parts = day.split("-")
    return Time(f"+{'-'.join([*parts, '00', '00'][:3])}T00:00:00Z", 8 + len(parts))
