"""Entity JSON in small, written by hand, and where the real records are."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from graph.namespaces import expand

SHARED = Path(__file__).parents[3] / "shared" / "wikidata"
PARTS = ("labels", "descriptions", "aliases", "sitelinks")
GREGORIAN, JULIAN = "http://www.wikidata.org/entity/Q1985727", "http://www.wikidata.org/entity/Q1985786"


def of_shared(test):
    """A test on the real records, which is skipped where they are not there."""
    there = pytest.mark.skipif(not SHARED.is_dir(), reason=f"there are no records in {SHARED}")
    return pytest.mark.shared(there(test))


def item(id_: str) -> dict:
    return {"type": "wikibase-entityid", "value": {"entity-type": "item", "id": id_}}


def text(value: str) -> dict:
    return {"type": "string", "value": value}


def time(value: str, precision: int = 11, calendar: str = GREGORIAN) -> dict:
    moment = {"time": value, "precision": precision, "calendarmodel": calendar}
    return {"type": "time", "value": {**moment, "timezone": 0, "before": 0, "after": 0}}


def snak(property_: str, value: dict | str, datatype: str = "wikibase-item") -> dict:
    if isinstance(value, str):
        return {"snaktype": value, "property": property_, "datatype": datatype}
    return {"snaktype": "value", "property": property_, "datavalue": value, "datatype": datatype}


def statement(id_: str, main: dict, rank: str = "normal", qualifiers: Iterable[dict] = (), references=()) -> dict:
    grouped: dict[str, list[dict]] = {}
    for each in qualifiers:
        grouped.setdefault(each["property"], []).append(each)
    cited = [{"hash": hash_, "snaks": {each["property"]: [each]}} for hash_, each in references]
    return {
        "id": id_, "mainsnak": main, "rank": rank, "type": "statement", "qualifiers": grouped, "references": cited,
    }  # fmt: skip


def entity(id_: str, *statements: dict, revision: int | None = 7, **more) -> dict:
    claims: dict[str, list[dict]] = {}
    for each in statements:
        claims.setdefault(each["mainsnak"]["property"], []).append(each)
    told = {"lastrevid": revision, "modified": "2026-04-21T13:42:27Z"} if revision else {}
    return {"id": id_, "type": "item", **{name: {} for name in PARTS}, "claims": claims, **told, **more}


def kishida(revision: int | None = 7, **more) -> dict:
    """A minister of two offices, one of them preferred, with a qualifier of each kind."""
    return entity(
        "Q359480",
        statement(
            "Q359480$A-1", snak("P39", item("Q1355043")), "normal",
            [
                snak("P580", time("+2012-12-26T00:00:00Z"), "time"),
                snak("P582", time("+2017-08-03T00:00:00Z"), "time"),
            ],
            [("aa" * 20, snak("P854", text("https://example.org/a"), "url"))],
        ),
        statement(
            "q359480$B-2", snak("P39", item("Q274948")), "preferred",
            [snak("P580", time("+2021-00-00T00:00:00Z", 9), "time"), snak("P582", "novalue", "time")],
        ),
        statement("Q359480$C-3", snak("P39", item("Q6500838")), "deprecated", [snak("P582", "somevalue", "time")]),
        statement("Q359480$D-4", snak("P31", item("Q5"))),
        statement("Q359480$E-5", snak("P40", "somevalue")),
        statement("Q359480$F-6", snak("P26", "novalue")),
        revision=revision,
        labels={"en": {"language": "en", "value": "Fumio Kishida"}, "ja": {"value": "岸田文雄"}},
        descriptions={"en": {"language": "en", "value": "Japanese politician"}},
        aliases={"en": [{"language": "en", "value": "Kishida Fumio"}]},
        sitelinks={"enwiki": {"site": "enwiki", "title": "Fumio Kishida", "badges": ["Q17437796"]}},
        **more,
    )  # fmt: skip


def triple(subject: str, predicate: str, found: str | Literal) -> Triple:
    """A triple of compact IRIs."""
    term = NamedNode(expand(found)) if isinstance(found, str) else found
    return Triple(NamedNode(expand(subject)), NamedNode(expand(predicate)), term)
