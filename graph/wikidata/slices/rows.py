"""Rows that the query service returned (CSV, or SPARQL results in JSON) → facts.

- ``personID``, ``item``, ``person`` or ``id``, the first of these that is there: the item that the row is of;
- ``itemLabel``, ``personLabel``, ``name``, or ``person`` beside ``personID``: its English label;
- ``position`` or ``positionID``: the office that it held (P39); ``positionLabel``: the office's English label;
- ``start`` or ``startDate``, ``end`` or ``endDate``: from when, to when (P580, P582);
- ``psid`` or ``statement``: the statement; ``rank``: its rank;
- ``DOB`` or ``dob``, ``DOD`` or ``dod``: birth and death (P569, P570);
- ``startPrecision``, ``endPrecision``, ``dobp``, ``dodp``: how precise that date is (11 a day, 10 a month, 9 a year,
  8 a decade …, from 0 to 14).

In a table with ``jurisdiction`` the rows are of offices: ``id``, with the label ``position``, ``country`` (P17) and
``jurisdiction`` (P1001). Columns that are known and hold no fact that can be read (``gender``, ``image`` …) are
passed over; any other is refused. A date is as precise as it is written. One with a time of day, as the query service
writes it, says more than Wikidata may: where no column tells its precision, the first of January is read as its year,
and any other first of a month as its month, so that no precision is made up. The query service's year 0 is 1 BCE; in
a date without a time of day -0044 is 44 BCE, as Wikidata itself writes it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from shlex import quote
from typing import Final, cast

from pyoxigraph import Triple

from graph.namespaces import WIKIDATA
from graph.wikidata.model import DAY, GREGORIAN, MONTH, YEAR, Item, Rank, Snak, Time
from graph.wikidata.reading.checks import is_of
from graph.wikidata.shape.dates import exported, imported, settled
from graph.wikidata.slices.description import Slice
from graph.wikidata.slices.faults import SliceError
from graph.wikidata.slices.parts import END, START, Fact, Name, date_of, partial, snak
from graph.wikidata.terms import ENTITY, GENID, guid_of, identifier_of

Row = Mapping[str, str]
Positions = Mapping[str, str]
Told = Iterator[tuple[str, Fact | Name]]

_SUBJECTS: Final = ("personID", "item", "person", "id")
_LABELS: Final = ("itemLabel", "personLabel", "name")
_POSITIONS: Final = ("positionID", "position")
_STATEMENTS: Final = ("psid", "statement")
_DATES: Final = {
    START: (("start", "startDate"), ("startPrecision",)),
    END: (("end", "endDate"), ("endPrecision",)),
    "P569": (("DOB", "dob"), ("dobp",)),
    "P570": (("DOD", "dod"), ("dodp",)),
}
_PASSED_OVER: Final = (
    "after", "before", "country", "countryLabel", "deputy", "end", "enwiki", "gender", "image", "list", "start",
)  # fmt: skip
KNOWN: Final = frozenset(
    (*_SUBJECTS, *_LABELS, *_POSITIONS, *_STATEMENTS, *_PASSED_OVER, "positionLabel", "jurisdiction", "rank")
).union(*(names for pair in _DATES.values() for names in pair))

_TOLD: Final = 400
_MOMENT: Final = re.compile(r"-?[0-9]{4,}-([0-9]{2})-([0-9]{2})(T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z)")
_PRECISION: Final = re.compile(r"[0-9]|1[0-4]")
_RANK: Final = re.compile(r"(?:.*[#/])?(preferred|normal|deprecated)(?:rank)?", re.IGNORECASE)


def facts_in(
    columns: Sequence[str], rows: Iterable[Row], positions: Positions, source: Slice, place: str
) -> Iterator[tuple[Slice, set[Triple]]]:
    """The partial slices that rows tell, one for each item; raises SliceError.

    ``positions`` gives the offices' items by the names that the table has for them; that by ``""`` is the office of
    all rows of a table that names none.
    """
    if len({*columns}) != len(columns):
        raise SliceError(f"{place}: a column stands twice in {', '.join(columns)[:_TOLD]}: leave one out")
    strange = [name for name in columns if name not in KNOWN]
    if strange:
        raise SliceError(
            f"{place}: the column {', '.join(map(repr, strange))[:_TOLD]} is not known: leave it out, or name it as "
            f"one of {', '.join(sorted(KNOWN))}"
        )
    reader = _of_office if "jurisdiction" in columns else _of_person
    told: dict[str, list[Fact | Name]] = defaultdict(list)
    for number, row in enumerate(rows, 1):
        for item, each in reader(row, positions, f"{place}, row {number}"):
            told[item].append(each)
    for item in sorted(told):
        facts = [each for each in told[item] if isinstance(each, Fact)]
        _check_same(facts, place)
        names = [each for each in told[item] if isinstance(each, Name)]
        yield partial(replace(source, entity=item), facts, names)


def offices_named(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[tuple[str, bool]]:
    """What each row of a person calls the office, where that is no item, and whether the row has dates of it.

    The name is empty where the row has none. In a table of offices nothing is named so.
    """
    subject = next((name for name in _SUBJECTS if name in columns), "")
    for row in () if "jurisdiction" in columns else rows:
        named = _first(row, _POSITIONS)
        if row.get(subject) and not _is_item(named):
            yield named, any(_first(row, _DATES[property_][0]) for property_ in (START, END))


def _check_same(facts: Iterable[Fact], place: str) -> None:
    """A statement in several rows, which the query service returns for several qualifiers, has one value and rank."""
    seen: dict[str, Fact] = {}
    for each in facts:
        first = seen.setdefault(each.guid, each) if each.guid else each
        if first.main != each.main or (first.rank and each.rank and first.rank != each.rank):
            raise SliceError(f"{place}: the statement {each.guid} stands in it with two values or ranks")
        seen[each.guid] = first if first.rank else each


def _of_office(row: Row, _positions: Positions, place: str) -> Told:
    item = _item(row.get("id", ""), place)
    if not item:
        return
    if row.get("position"):
        yield item, Name("label", row["position"], "en")
    for property_, column in (("P17", "country"), ("P1001", "jurisdiction")):
        if row.get(column):
            yield item, Fact(item, snak(property_, Item(_item(row[column], place))))


def _of_person(row: Row, positions: Positions, place: str) -> Told:
    subject = next((name for name in _SUBJECTS if name in row), "")
    item = _item(row.get(subject, ""), place)
    if not item:
        return
    labels = (*_LABELS, "person") if subject == "personID" else _LABELS
    label = _first(row, labels)
    if label:
        yield item, Name("label", label, "en")
    for property_ in ("P569", "P570"):
        yield from ((item, Fact(item, each)) for each in _dates(property_, row, place))
    yield from _tenure(item, row, positions, place)


def _tenure(item: str, row: Row, positions: Positions, place: str) -> Told:
    dates = (*_dates(START, row, place), *_dates(END, row, place))
    named = _first(row, _POSITIONS)
    office = named if _is_item(named) else positions.get(named, "")
    if office:
        held = snak("P39", Item(_item(office, place)))
        yield item, Fact(item, held, dates, _rank(row, place), _guid(_first(row, _STATEMENTS), item, place))
        if row.get("positionLabel"):
            yield _item(office, place), Name("label", row["positionLabel"], "en")
    elif not positions and (named or dates):
        told = f"'{named}' is no identifier of an office" if named else "no column names the office"
        raise SliceError(f"{place}: {told}: give its item: --position {quote(f'{named}=' * bool(named) + 'Q…')}")


def _first(row: Row, names: Iterable[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _dates(property_: str, row: Row, place: str) -> tuple[Snak, ...]:
    names, precisions = _DATES[property_]
    text = _first(row, names)
    if not text:
        return ()
    if text.startswith((GENID, "_:")):
        return (snak(property_, None, "somevalue"),)
    precision = _first(row, precisions)
    if precision and not _PRECISION.fullmatch(precision):
        raise SliceError(f"{place}: '{precision[:80]}' is no precision of a date, which is a number from 0 to 14")
    value = _time(text, int(precision) if precision else None)
    if value is None:
        raise SliceError(f"{place}: '{text}' is no date, as {property_} has one")
    return (snak(property_, value),)


def _time(text: str, told: int | None) -> Time | None:
    """A date with the precision that is told, or else with that which it shows; None for a text that is no date."""
    moment = _MOMENT.fullmatch(text)
    if moment:
        month, day, clock = moment.groups()
        shown = YEAR if month == day == "01" else MONTH if day == "01" else DAY
        precision = shown if told is None else told
        if exported(imported(text, DAY, GREGORIAN)) != text:
            return None
        kept = text if precision > DAY else text.removesuffix(clock) + "T00:00:00Z"
        found = settled(imported(kept, precision, GREGORIAN))
        return found if exported(found) else None
    written = date_of(text)
    if written is None or told is None:
        return written
    return settled(replace(written, precision=told if written.precision == DAY else min(told, written.precision)))


def _is_item(text: str) -> bool:
    item = identifier_of(text) or text
    return item.startswith("Q") and ENTITY.fullmatch(item) is not None


def _item(text: str, place: str) -> str:
    """The identifier of an item; empty where none is given."""
    if text and not _is_item(text):
        raise SliceError(f"{place}: '{text}' is no item, such as Q7747")
    return identifier_of(text) or text


def _guid(text: str, item: str, place: str) -> str:
    """The GUID of a statement's IRI or of its last part; empty where none is given."""
    guid = guid_of(text if text.startswith(WIKIDATA["wds"]) else WIKIDATA["wds"] + text)
    if text and not is_of(guid, item):
        raise SliceError(f"{place}: '{text}' is no statement{f' of {item}' * bool(guid)}")
    return guid


def _rank(row: Row, place: str) -> Rank | None:
    text = row.get("rank", "")
    match = _RANK.fullmatch(text)
    if text and match is None:
        raise SliceError(f"{place}: '{text}' is no rank")
    return cast(Rank, match[1].lower()) if match else None
