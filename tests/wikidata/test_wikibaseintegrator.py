"""WikibaseIntegrator, a client that others wrote, reads from the stand-in, and gets the statements that we get."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fetched_from import fetched, record_of, small_site
from small_entities import MINISTER, OFFICE, OLD_OFFICE
from stand_in_site import StandIn, read_holdings, serving

from graph.wikidata.model import Entity, Item, Monolingual, Snak, Text, Time
from graph.wikidata.reading import read_entity

pytestmark = pytest.mark.source

SHARED = Path(__file__).parents[3] / "shared" / "wikidata" / "entities"


@pytest.fixture
def site() -> Iterator[StandIn]:
    with serving(small_site()) as site:
        yield site


def theirs(site: StandIn, id_: str) -> Any:
    """The item as WikibaseIntegrator reads it."""
    from wikibaseintegrator import WikibaseIntegrator

    return WikibaseIntegrator().item.get(
        id_, mediawiki_api_url=f"{site.url}/w/api.php", user_agent="communique-tests/1 (test@example.org)"
    )


def ours(site: StandIn, folder: Path, id_: str) -> Entity:
    """The item as we fetch and read it."""
    fetched(site, folder, [id_])
    return read_entity(json.loads(record_of(folder, id_).read()))


def their_statements(item: Any) -> set[tuple[Any, ...]]:
    return {
        (
            claim.id,
            claim.mainsnak.property_number,
            claim.rank.value,
            their_value(claim.mainsnak),
            frozenset((snak.property_number, their_value(snak)) for snak in claim.qualifiers),
            len(claim.references),
        )
        for claims in item.claims.claims.values()
        for claim in claims
    }


def their_value(snak: Any) -> Any:
    """The part of a value by which both sides can be compared; the kind of snak where there is none."""
    if snak.snaktype.value != "value":
        return snak.snaktype.value
    value = snak.datavalue["value"]
    if isinstance(value, str):
        return value
    found = next(value[key] for key in ("id", "time", "text", "amount", "latitude") if key in value)
    return as_in_rdf(found) if "time" in value else found


def as_in_rdf(time: str) -> str:
    """A month or day that is not known is 00 in Wikidata's JSON, and 01 in its RDF and so in our model."""
    return re.sub(r"-00(?=[-T])", "-01", time)


def our_statements(entity: Entity) -> set[tuple[Any, ...]]:
    return {
        (
            each.guid,
            each.property,
            each.rank,
            our_value(each.main),
            frozenset((snak.property, our_value(snak)) for snak in each.qualifiers),
            len(each.references),
        )
        for each in entity.statements
    }


def our_value(snak: Snak) -> Any:
    value = snak.value
    if value is None:
        return snak.kind
    if isinstance(value, Item):
        return value.id
    if isinstance(value, Time):
        return value.time
    if isinstance(value, Text | Monolingual):
        return value.text
    return getattr(value, "amount", None) or getattr(value, "latitude", None)


def test_another_client_reads_the_same_statements(site: StandIn, tmp_path: Path) -> None:
    item, entity = theirs(site, MINISTER), ours(site, tmp_path, MINISTER)
    assert our_statements(entity) == their_statements(item)
    assert {(each[1], each[3]) for each in our_statements(entity)} == {("P39", OFFICE)}
    assert (str(item.lastrevid), item.labels.get("en").value) == (entity.revision, entity.labels["en"])


def test_another_client_follows_redirects_and_misses_what_is_missing(site: StandIn) -> None:
    from wikibaseintegrator.wbi_exceptions import MissingEntityException

    assert theirs(site, OLD_OFFICE).id == OFFICE
    with pytest.raises(MissingEntityException):
        theirs(site, "Q77777")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the records of ../shared/wikidata are not there")
@pytest.mark.parametrize("id_", ["Q7747", "Q19300851", "Q130234762"])
def test_another_client_reads_the_same_of_real_records(tmp_path: Path, id_: str) -> None:
    with serving(StandIn(read_holdings([SHARED / f"{id_}.json"]))) as site:
        assert our_statements(ours(site, tmp_path, id_)) == their_statements(theirs(site, id_))
