"""The slice that is shipped: each of its facts stands in the records, and what it is for."""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from slicing import SHARED, of_shared

from graph.sources import shipped_slices
from graph.wikidata.entities import entities
from graph.wikidata.model import Entity
from graph.wikidata.slices import newest, read_slices
from graph.wikidata.slices.facts import FACT_COLUMNS, SOURCES, read_sources, rows_of
from graph.wikidata.times import bounds_of, tenure_bounds

TABLES_OF_FACTS = sorted(path for path in shipped_slices().glob("*.tsv") if path.name != SOURCES)
ROWS = [row for path in TABLES_OF_FACTS for _, row in rows_of(path, FACT_COLUMNS)]
# By the table of posts the deputy (P2098) of Q1418873; it has no row of its own there.
DEPUTY = "Q111032465"
# How the tables of holders call the offices.
OFFICES = {
    "ru-holders": {
        "President": "Q218295", "Prime Minister": "Q842386", "Minister of Foreign Affairs": "Q1418873",
        "Deputy Minister of Foreign Affairs": DEPUTY,
        "Minister of Defence": "Q17287317", "Minister of Economic Development": "Q107688593",
    },
    "jp-holders": {
        "Prime Minister": "Q274948", "Minister for Foreign Affairs": "Q1355043", "Minister of Defence": "Q6500838",
        "Minister of the Environment": "Q1104488",
        "Minister of Education, Culture, Sports, Science and Technology": "Q842359",
    },
    "us-holders": {"Secretary of State": "Q14213", "Secretary of Defence": "Q735015"},
}  # fmt: skip
TABLES = {
    "ru-holders": "russia-cabinet__html__holders21.csv", "ru-births": "russia-cabinet__html__bio.csv",
    "ru-posts": "russia-cabinet__html__positions.csv", "jp-holders": "japan-ministers__html__holders21.csv",
    "jp-defence": "japan-ministers__sources__minister-defence__wikidata.csv",
    "jp-posts": "japan-ministers__html__positions.csv", "us-holders": "us-cabinet__html__holders21.csv",
    "us-posts": "us-cabinet__html__positions.csv", "foreign": "world__sources__foreign__wikidata.csv",
}  # fmt: skip
RECORDS = {"putin": "Q7747", "father": "Q19300851", "junior": "Q130234762"}


@pytest.fixture(scope="module")
def found() -> dict[str, Entity]:
    slices = read_slices(shipped_slices())
    return entities(newest(slices.graphs, slices.retrieved), slices.retrieved)


def holders(found: dict[str, Entity], office: str, day: str) -> set[str]:
    """Who certainly held an office on a day, or may still have held it when that was read."""
    at, held = date.fromisoformat(day), set()
    for entity in found.values():
        for each in entity.of("P39"):
            bounds = tenure_bounds(each.qualifier("P580"), each.qualifier("P582"))
            started = bounds.start_latest is not None and bounds.start_latest <= at
            ended = bounds.end_latest is not None and bounds.end_latest < at
            if each.item == office and each.rank != "deprecated" and started and not ended:
                held.add(next(iter(entity.labels.values())))
    return held


@pytest.mark.parametrize(
    ("office", "day", "names"),
    [
        ("Q1355043", "2017-03-20", {"Fumio Kishida"}),
        ("Q6500838", "2017-03-20", {"Tomomi Inada"}),
        ("Q1418873", "2017-03-20", {"Sergey Lavrov"}),
        ("Q17287317", "2017-03-20", {"Sergey Shoygu"}),
        ("Q274948", "2017-03-20", {"Shinzō Abe"}),
        ("Q218295", "2017-03-20", {"Vladimir Putin"}),
        ("Q107688593", "2017-03-20", {"Maxim Oreshkin"}),
        ("Q6500838", "2017-07-30", {"Fumio Kishida"}),
        ("Q14213", "2017-03-20", {"Rex Tillerson"}),
        ("Q735015", "2017-03-20", {"James Mattis"}),
        ("Q274948", "2006-10-01", {"Shinzō Abe"}),
        (DEPUTY, "2010-01-01", {"Aleksandr Yakovenko", "Alexander Grushko", "Vladimir Titov"}),
        # The records have no foreign minister of Japan from October 2005 to August 2007.
        ("Q1355043", "2006-10-01", set()),
    ],
)
def test_it_knows_who_held_the_offices(found: dict[str, Entity], office: str, day: str, names: set[str]) -> None:
    assert holders(found, office, day) == names


def test_it_has_the_three_of_one_name_and_the_two(found: dict[str, Entity]) -> None:
    putin, father, son = (found[name] for name in ("Q7747", "Q19300851", "Q130234762"))
    assert putin.labels == father.labels == {"en": "Vladimir Putin"} == {"en": son.aliases["en"][0]}
    assert putin.items("P22") == {father.id}
    assert son.items("P22") == father.items("P40") == {putin.id}
    assert father.id in putin.items("P1889")
    born = [bounds_of(each.main.value).start_earliest for each in father.of("P569")]
    assert born == [date(1911, 2, 23)]
    assert {each.main.kind for each in son.of("P569") if each.rank == "preferred"} == {"somevalue"}
    two = [entity for entity in found.values() if entity.labels.get("en") == "Masaharu Nakagawa"]
    held = {entity.id: entity.items("P39") for entity in two}
    assert held == {"Q1906668": {"Q842359"}, "Q474554": {"Q1104488"}}


def test_all_of_putins_22_offices_are_there_with_rank_and_guid(found: dict[str, Entity]) -> None:
    held = [*found["Q7747"].of("P39")]
    assert Counter(each.rank for each in held) == {"normal": 20, "preferred": 1, "deprecated": 1}
    assert all(each.guid for each in held)
    undated = [each for each in held if not each.qualifier("P580") and not each.qualifier("P582")]
    assert Counter(each.rank for each in undated) == {"normal": 5, "deprecated": 1}
    assert found["Q7747"].revision == "2483686458"


def test_every_offices_country_and_jurisdiction_is_told(found: dict[str, Entity]) -> None:
    offices = {each for held in OFFICES.values() for each in held.values()} - {DEPUTY}
    assert {one: found[one].items("P17") for one in offices if not found[one].items("P1001")} == {}
    assert {one for each in offices for one in found[each].items("P17")} == {"Q159", "Q17", "Q30"}


def test_it_is_small_and_all_of_it_is_partial(found: dict[str, Entity]) -> None:
    assert len(ROWS) < 400
    assert all(entity.partial and entity.retrieved for entity in found.values())
    assert len({tuple(row.values()) for row in ROWS}) == len(ROWS)


# Against the records.


def recorded_table(key: str) -> list[dict[str, str]]:
    with (SHARED / "tenures" / TABLES[key]).open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def facts_of_table(key: str) -> Iterator[tuple[str, ...]]:
    """Item, property, value, start, end and statement of all that a table says."""
    for row in recorded_table(key):
        if key in OFFICES:
            yield row["personID"], "label", f'"{row["person"]}"@en', "", "", ""
            yield row["personID"], "P569", row.get("DOB", ""), "", "", ""
            if row["position"] in OFFICES[key]:
                yield row["personID"], "P39", OFFICES[key][row["position"]], row["start"], row["end"], ""
        elif key.endswith("-posts"):
            yield row["id"], "label", f'"{row["position"]}"@en', "", "", ""
            yield row["id"], "P17", row["country"], "", "", ""
            yield row["id"], "P1001", row["jurisdiction"], "", "", ""
        elif key == "ru-births":
            yield row["id"], "label", f'"{row["name"]}"@en', "", "", ""
            if row["dobp"] == "11":
                yield row["id"], "P569", row["dob"], "", "", ""
        elif key == "jp-defence":
            guid = row["psid"].replace("-", "$", 1)
            yield row["item"], "P39", "Q6500838", row["startDate"], row["endDate"], guid
        else:
            yield row["country"], "label", f'"{row["countryLabel"]}"@en', "", "", ""
            yield row["person"], "P39", row["position"], row["start"], "", row["psid"].replace("-", "$", 1)


def shown(snak: dict) -> str:
    """A value as the tables of facts write it."""
    if snak["snaktype"] != "value":
        return "?" if snak["snaktype"] == "somevalue" else "-"
    value = snak["datavalue"]["value"]
    if isinstance(value, str):
        return f'"{value}"'
    if "text" in value:
        return f'"{value["text"]}"@{value["language"]}'
    if "time" in value:
        return value["time"][1 : {10: 8, 11: 11}.get(value["precision"], 5)]
    return str(value.get("id"))


def facts_of_record(key: str) -> Iterator[tuple[object, ...]]:
    """Item, property, value, start, end, statement, rank and other qualifiers of all that a record says."""
    told = json.loads((SHARED / "entities" / f"{RECORDS[key]}.json").read_bytes())["entities"][RECORDS[key]]
    yield told["id"], "label", f'"{told["labels"]["en"]["value"]}"@en', "", "", "", "", set()
    for each in told["aliases"]["en"]:
        yield told["id"], "alias", f'"{each["value"]}"@en', "", "", "", "", set()
    for property_, statements in told["claims"].items():
        for each in statements:
            said = {name: [shown(one) for one in held] for name, held in each.get("qualifiers", {}).items()}
            start, end = ("".join(said.pop(name, [])) for name in ("P580", "P582"))
            others = {f"{name}={one}" for name, held in said.items() for one in held}
            if each["mainsnak"]["datatype"] in ("wikibase-item", "time"):
                value = shown(each["mainsnak"])
                yield told["id"], property_, value, start, end, each["id"], each["rank"], others


@of_shared
@pytest.mark.parametrize("key", [*TABLES, *RECORDS])
def test_every_fact_stands_in_its_record(key: str) -> None:
    names = ("item", "property", "value", "start", "end", "statement")
    rows = [row for row in ROWS if row["source"] == key]
    assert rows
    if key in TABLES:
        recorded = set(facts_of_table(key))
        assert [row for row in rows if tuple(row[name] for name in names) not in recorded] == []
        assert [row for row in rows if row["rank"] or row["qualifiers"] or row["revision"]] == []
        return
    told = [*facts_of_record(key)]
    for row in rows:
        others = set(filter(None, re.split(r"; (?=P[0-9])", row["qualifiers"])))
        assert (*(row[name] for name in names), row["rank"], others) in told, row


@of_shared
def test_the_deputies_office_is_the_one_that_the_table_of_posts_names() -> None:
    (deputies,) = {row["deputy"] for row in recorded_table("ru-posts") if row["id"] == "Q1418873"}
    assert deputies == DEPUTY


@of_shared
def test_the_tenures_are_all_that_the_tables_have_of_these_offices() -> None:
    """A tenure that has a statement in another table is told by that; Vladimir Putin's are in the entity's record."""
    told = {(row["item"], row["value"], row["start"]) for row in ROWS if row["property"] == "P39"}
    for key, offices in OFFICES.items():
        wanted = {
            name: item for name, item in offices.items() if "Environment" not in name and "Education" not in name
        }
        held = [row for row in recorded_table(key) if row["position"] in wanted]
        assert {(row["personID"], wanted[row["position"]], row["start"]) for row in held} <= told


@of_shared
def test_the_sources_are_the_recorded_files_of_their_days() -> None:
    sources = read_sources(shipped_slices() / SOURCES)
    assert set(sources) == {*TABLES, *RECORDS}
    manifest = {}
    for name, day in (("tenures", "snapshot_date"), ("entities", "modified")):
        with (SHARED / f"manifest_{name}.csv").open(encoding="utf-8", newline="") as file:
            manifest |= {row["file"]: (row["repo"], row["commit"], row[day][:10]) for row in csv.DictReader(file)}
    for key, source in sources.items():
        name = f"tenures/{TABLES[key]}" if key in TABLES else f"entities/{RECORDS[key]}.json"
        repo, commit, day = manifest[name]
        assert source.url.startswith(f"https://raw.githubusercontent.com/{repo}/{commit}/"), key
        assert (source.retrieved, source.sha256) == (day, hashlib.sha256((SHARED / name).read_bytes()).hexdigest())
