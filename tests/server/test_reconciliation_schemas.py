"""Every answer of the Reconciliation Service API is valid by the JSON Schemas of its specification, version 0.2."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reconciled import Asker

from graph.engine import Engine
from server.app import create_app

SPECIFICATION = Path(__file__).resolve().parents[3] / "shared" / "wikidata" / "reconciliation" / "0.2"
pytestmark = [
    pytest.mark.source,
    pytest.mark.shared,
    pytest.mark.skipif(not SPECIFICATION.is_dir(), reason="the schemas of ../shared/wikidata are not here"),
]
Valid = Callable[[str, Any], bool]


@pytest.fixture(scope="module")
def valid() -> Valid:
    """Whether a document is valid by the schema of a name; the schemas refer to each other by their ids."""
    from jsonschema import Draft7Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT7

    schemas = {path.stem: read(path) for path in (SPECIFICATION / "schemas").glob("*.json")}
    registry = Registry().with_resources((each["$id"], DRAFT7.create_resource(each)) for each in schemas.values())

    def is_valid(name: str, document: Any) -> bool:
        return Draft7Validator(schemas[name], registry=registry).is_valid(document)

    return is_valid


@pytest.fixture(scope="module")
def asks(corpus_engine: Engine) -> Asker:
    return Asker(create_app(corpus_engine).test_client())


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def examples(name: str, kind: str) -> list[Any]:
    """The specification's own examples."""
    paths = sorted((SPECIFICATION / "examples" / name / kind).glob("*.json"))
    return [pytest.param(read(path), id=path.stem) for path in paths]


@pytest.mark.parametrize("name", ["manifest", "reconciliation-query-batch", "data-extension-response"])
def test_the_validator_tells_right_from_wrong(valid: Valid, name: str) -> None:
    assert all(valid(name, each.values[0]) for each in examples(name, "valid"))
    assert not any(valid(name, each.values[0]) for each in examples(name, "invalid"))


def test_the_manifest_is_valid(asks: Asker, valid: Valid) -> None:
    manifest = asks.get()
    assert valid("manifest", manifest)
    assert all(valid("type", each) for each in manifest["defaultTypes"])


@pytest.mark.parametrize("batch", examples("reconciliation-query-batch", "valid"))
def test_the_example_batches_are_answered(asks: Asker, valid: Valid, batch: dict[str, Any]) -> None:
    found = asks.batch(batch)
    assert valid("reconciliation-result-batch", found)
    assert found.keys() == batch.keys()
    assert not any(each["match"] for answer in found.values() for each in answer["result"])


@pytest.mark.parametrize("batch", examples("reconciliation-query-batch", "invalid"))
def test_the_invalid_example_batches_are_refused(asks: Asker, batch: dict[str, Any]) -> None:
    assert asks.client.post("/reconcile", data={"queries": json.dumps(batch)}).status_code == 400


def test_full_answers_are_valid(asks: Asker, valid: Valid) -> None:
    office = {
        "pid": "held-post",
        "v": ["Foreign Minister of Russia", {"id": "office/ru-foreign-minister", "name": "x"}],
    }
    batch = {
        "by name": {"query": "Kunashiri"},
        "in full": {
            "query": "Lavrov", "type": ["foaf:Person"], "limit": 5, "type_strict": "should", "properties": [office],
        },
        "by properties": {"properties": [office, {"pid": "skos:exactMatch", "v": "Q58217"}]},
    }  # fmt: skip
    assert valid("reconciliation-query-batch", batch)
    found = asks.batch(batch)
    assert valid("reconciliation-result-batch", found)
    assert all(found[key]["result"][0]["match"] for key in batch)


@pytest.mark.parametrize("query", examples("data-extension-query", "valid"))
def test_the_example_extensions_ask_for_properties_of_others(asks: Asker, query: dict[str, Any]) -> None:
    refused = asks.client.post("/reconcile", data={"extend": json.dumps(query)})
    assert (refused.status_code, "'variantName'" in refused.json["detail"]) == (400, True)


def test_every_property_of_every_type_extends_validly(asks: Asker, valid: Valid) -> None:
    for type_ in asks.get("/suggest/type", prefix="e")["result"]:
        proposal = asks.get("/extend/propose", type=type_["id"], limit=200)
        assert valid("data-extension-property-proposal", proposal)
        ids = [each["id"] for each in asks.get("/suggest/entity", prefix="a", type=type_["id"])["result"]]
        properties = [{"id": each["id"], "settings": {"limit": "3"}} for each in proposal["properties"]]
        assert valid("data-extension-query", {"ids": ids, "properties": properties})
        found = asks.extend(ids, *properties)
        assert valid("data-extension-response", found)
        assert all(1 <= len(cells) <= 3 for row in found["rows"].values() for cells in row.values() if cells)


def test_suggestions_are_valid(asks: Asker, valid: Valid) -> None:
    for prefix in ("", "a", "島", "person/lavrov", "held"):
        for kind, name in (("entity", "entities"), ("property", "properties"), ("type", "types")):
            assert valid(f"suggest-{name}-response", asks.get(f"/suggest/{kind}", prefix=prefix))
