"""Small entities in Wikidata's JSON, written for the tests: who they are is made up, their shape is not."""

from typing import Any

MINISTER = "Q9000001"
OFFICE = "Q9000002"
OLD_OFFICE = "Q9000003"
TEXT = {"language": "en", "value": "minister of examples"}


def item(id_: str, label: str, revision: int = 1, *claims: dict[str, Any]) -> dict[str, Any]:
    """An item with an English label and statements."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for claim in claims:
        grouped.setdefault(claim["mainsnak"]["property"], []).append(claim)
    return {
        "pageid": int(id_[1:]),
        "ns": 0,
        "title": id_,
        "lastrevid": revision,
        "modified": f"2024-05-{revision % 28 + 1:02d}T12:00:00Z",
        "type": "item",
        "id": id_,
        "labels": {"en": {"language": "en", "value": label}},
        "descriptions": {},
        "aliases": {},
        "claims": grouped,
        "sitelinks": {},
    }


def held(subject: str, office: str, start: str, rank: str = "normal") -> dict[str, Any]:
    """A statement that the subject has held an office (P39) from a day on (P580)."""
    qualifier = {
        "snaktype": "value",
        "property": "P580",
        "hash": "5b7b1bd3a8a8d2b4cbb8d3f9f2a6f5ed0ff2a9b1",
        "datavalue": {"value": _day(start), "type": "time"},
        "datatype": "time",
    }
    return {
        "mainsnak": {
            "snaktype": "value",
            "property": "P39",
            "hash": "0b7b1bd3a8a8d2b4cbb8d3f9f2a6f5ed0ff2a9b2",
            "datavalue": {
                "value": {"entity-type": "item", "numeric-id": int(office[1:]), "id": office},
                "type": "wikibase-entityid",
            },
            "datatype": "wikibase-item",
        },
        "type": "statement",
        "qualifiers": {"P580": [qualifier]},
        "qualifiers-order": ["P580"],
        "id": f"{subject}$6841bac1-4b9f-4a5a-8f0e-2f6f5d1c{int(office[1:]) % 10000:04d}",
        "rank": rank,
    }


def _day(day: str) -> dict[str, Any]:
    return {
        "time": f"+{day}T00:00:00Z",
        "timezone": 0,
        "before": 0,
        "after": 0,
        "precision": 11,
        "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
    }


def small_entities() -> list[dict[str, Any]]:
    """A minister in two revisions, of which the second has the office, and the office."""
    return [
        item(MINISTER, "Ann Example", 11),
        item(MINISTER, "Ann Example", 12, held(MINISTER, OFFICE, "2012-05-07")),
        item(OFFICE, "minister of examples", 21),
    ]
