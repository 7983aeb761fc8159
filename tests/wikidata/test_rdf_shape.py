"""The RDF shape: what Wikidata's dump has, from JSON and back."""

import json
import time as clock

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slicing import GREGORIAN, JULIAN, SHARED, entity, kishida, of_shared, snak, statement, text, triple
from slicing import time as time_json

from graph.namespaces import WIKIDATA, expand
from graph.wikidata.entities import ShapeError, entities
from graph.wikidata.model import (
    Coordinate,
    Entity,
    Item,
    Monolingual,
    Quantity,
    Reference,
    Sitelink,
    Snak,
    Statement,
    Text,
    Time,
)
from graph.wikidata.reading import read_entity
from graph.wikidata.shape import triples_of
from graph.wikidata.shape.dates import exported, settled
from graph.wikidata.shape.order import in_order
from graph.wikidata.shape.values import php_float
from graph.wikidata.terms import GENID, NO_UNIT, guid_of, schema, statement_node, wikibase

XSD, OFFICE = "http://www.w3.org/2001/XMLSchema#", "Q1355043"


def literal(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


def values(triples: set[ox.Triple], subject: str, predicate: str) -> set[str]:
    pair = ox.NamedNode(expand(subject)), ox.NamedNode(expand(predicate))
    return {each.object.value for each in triples if (each.subject, each.predicate) == pair}


@pytest.fixture(scope="module")
def shaped() -> set[ox.Triple]:
    return triples_of(read_entity(kishida()))


def test_a_statement_has_its_node_its_value_its_qualifiers_and_its_reference(shaped: set[ox.Triple]) -> None:
    node = "wds:Q359480-A-1"
    assert {
        triple("wd:Q359480", "p:P39", node),
        triple(node, "rdf:type", "wikibase:Statement"),
        triple(node, "ps:P39", f"wd:{OFFICE}"),
        triple(node, "wikibase:rank", "wikibase:NormalRank"),
        triple(node, "pq:P580", literal("2012-12-26T00:00:00Z", "dateTime")),
        triple(node, "prov:wasDerivedFrom", f"wdref:{'aa' * 20}"),
        triple(f"wdref:{'aa' * 20}", "rdf:type", "wikibase:Reference"),
        ox.Triple(
            ox.NamedNode(expand(f"wdref:{'aa' * 20}")),
            ox.NamedNode(expand("pr:P854")),
            ox.NamedNode("https://example.org/a"),
        ),
    } <= shaped
    (whole,) = values(shaped, node, "pqv:P580")
    said = {
        (each.predicate.value.rpartition("#")[2], each.object.value) for each in shaped if each.subject.value == whole
    }
    assert said == {
        ("type", expand("wikibase:TimeValue")), ("timeValue", "2012-12-26T00:00:00Z"), ("timePrecision", "11"),
        ("timeTimezone", "0"), ("timeCalendarModel", GREGORIAN),
    }  # fmt: skip


def test_truthy_is_what_is_of_the_best_rank_and_nothing_deprecated(shaped: set[ox.Triple]) -> None:
    best = {each.subject.value for each in shaped if each.object.value == expand("wikibase:BestRank")}
    assert best == {expand(f"wds:{name}") for name in ("q359480-B-2", "Q359480-D-4", "Q359480-E-5", "Q359480-F-6")}
    assert values(shaped, "wd:Q359480", "wdt:P39") == {expand("wd:Q274948")}


def test_novalue_is_a_class_and_somevalue_an_iri_that_is_the_same_each_time(shaped: set[ox.Triple]) -> None:
    assert triple("wds:Q359480-F-6", "rdf:type", "wdno:P26") in shaped
    assert triple("wd:Q359480", "rdf:type", "wdno:P26") in shaped
    assert triple("wds:q359480-B-2", "rdf:type", "wdno:P582") in shaped
    (child,) = values(shaped, "wd:Q359480", "wdt:P40")
    assert child.startswith(GENID)
    assert values(shaped, "wds:Q359480-E-5", "ps:P40") == {child}
    assert values(shaped, "wds:Q359480-C-3", "pq:P582") != {child}
    assert triples_of(read_entity(kishida())) == shaped


def test_names_and_the_document_are_as_in_the_dump(shaped: set[ox.Triple]) -> None:
    label, node = ox.Literal("岸田文雄", language="ja"), ox.NamedNode(expand("wd:Q359480"))
    assert {each.predicate.value for each in shaped if each.object == label} == {
        expand("rdfs:label"), expand("skos:prefLabel"), "http://schema.org/name",
    }  # fmt: skip
    document = ox.NamedNode("https://www.wikidata.org/wiki/Special:EntityData/Q359480")
    assert {
        ox.Triple(document, schema("about"), node),
        ox.Triple(document, schema("version"), literal("7", "integer")),
        ox.Triple(document, schema("dateModified"), literal("2026-04-21T13:42:27Z", "dateTime")),
    } <= shaped
    page = ox.NamedNode("https://en.wikipedia.org/wiki/Fumio_Kishida")
    assert ox.Triple(page, schema("about"), node) in shaped
    assert ox.Triple(page, schema("name"), ox.Literal("Fumio Kishida", language="en")) in shaped


def test_a_property_is_described_with_its_datatype_and_its_roles() -> None:
    """As *RDF Dump Format, Properties* has it, whether or not the property says anything by itself."""
    made = triples_of(read_entity(entity("P1476", type="property", datatype="monolingualtext")))
    assert {each for each in made if each.subject.value == expand("wd:P1476")} == {
        triple("wd:P1476", "rdf:type", "wikibase:Property"),
        triple("wd:P1476", "wikibase:propertyType", "wikibase:Monolingualtext"),
        triple("wd:P1476", "wikibase:directClaim", "wdt:P1476"),
        triple("wd:P1476", "wikibase:claim", "p:P1476"),
        triple("wd:P1476", "wikibase:statementProperty", "ps:P1476"),
        triple("wd:P1476", "wikibase:statementValue", "psv:P1476"),
        triple("wd:P1476", "wikibase:qualifier", "pq:P1476"),
        triple("wd:P1476", "wikibase:qualifierValue", "pqv:P1476"),
        triple("wd:P1476", "wikibase:reference", "pr:P1476"),
        triple("wd:P1476", "wikibase:referenceValue", "prv:P1476"),
        triple("wd:P1476", "wikibase:novalue", "wdno:P1476"),
    }
    untold = statement("P1476$a", {"snaktype": "somevalue", "property": "P31"})
    assert triples_of(read_entity(entity("P1476", untold, type="property", datatype="url"))) >= {
        triple("wd:P1476", "wikibase:propertyType", "wikibase:Url")
    }, "it knows its own datatype also where those of the properties it uses are not told"


def test_pages_that_were_not_asked_for_are_not_counted() -> None:
    def counted(content: dict, what: str) -> set[str]:
        return {each.object.value for each in triples_of(read_entity(content)) if each.predicate == wikibase(what)}

    without = {name: told for name, told in entity("Q1").items() if name != "sitelinks"}
    assert counted(entity("Q1"), "sitelinks") == {"0"}
    assert counted(without, "sitelinks") == set()
    assert counted(without, "statements") == {"0"}


def test_a_statement_without_rank_is_never_the_best_nor_a_normal_one_of_a_partial_entity() -> None:
    def best(*ranks: str | None, partial: bool = False) -> int:
        held = tuple(
            Statement(statement_node(f"Q1$a{n}").value, f"Q1$a{n}", "Q1", Snak("P31", Item(f"Q{n + 2}")), rank)
            for n, rank in enumerate(ranks)
        )
        shaped = triples_of(Entity("Q1", "7", "", "", "", partial=partial, statements=held))
        assert sum(each.object.value == expand("wikibase:BestRank") for each in shaped) == sum(
            each.predicate.value.startswith(WIKIDATA["wdt"]) for each in shaped
        )
        return sum(each.object.value == expand("wikibase:BestRank") for each in shaped)

    assert best("normal", "normal", "deprecated") == 2
    assert best("preferred", "normal") == 1
    assert best("preferred", None) == 1
    assert best("normal", None) == 0
    assert best(None) == 0
    assert best("normal", partial=True) == 0
    assert best("preferred", "normal", partial=True) == 1


@pytest.mark.parametrize(
    ("text_", "precision", "calendar", "literal_"),
    [
        ("+2012-05-07T00:00:00Z", 11, GREGORIAN, "2012-05-07T00:00:00Z"),
        ("+1991-00-00T00:00:00Z", 9, GREGORIAN, "1991-01-01T00:00:00Z"),
        ("+1991-07-25T00:00:00Z", 9, GREGORIAN, "1991-01-01T00:00:00Z"),
        ("+2004-08-31T00:00:00Z", 10, GREGORIAN, "2004-08-01T00:00:00Z"),
        ("+2017-02-30T00:00:00Z", 11, GREGORIAN, "2017-02-28T00:00:00Z"),
        ("+2016-02-30T00:00:00Z", 11, GREGORIAN, "2016-02-29T00:00:00Z"),
        ("+2017-04-31T00:00:00Z", 11, GREGORIAN, "2017-04-30T00:00:00Z"),
        ("+2017-13-00T00:00:00Z", 11, GREGORIAN, "2017-12-01T00:00:00Z"),
        ("+00000000200-00-00T00:00:00Z", 9, GREGORIAN, "0200-01-01T00:00:00Z"),
        # 1 BCE is the year 0 of XSD 1.1, the year -1 of Wikidata; 44 BCE is -43.
        ("-0001-00-00T00:00:00Z", 9, GREGORIAN, "0000-01-01T00:00:00Z"),
        ("-0044-03-15T00:00:00Z", 11, GREGORIAN, "-0043-03-15T00:00:00Z"),
        ("-2000000200-05-22T00:00:00Z", 8, GREGORIAN, "-2000000200-01-01T00:00:00Z"),
        ("-13798000000-00-00T00:00:00Z", 3, GREGORIAN, "-13798000000-01-01T00:00:00Z"),
        # The October Revolution began on 25 October 1917 of the Julian calendar, 7 November of the Gregorian.
        ("+1917-10-25T00:00:00Z", 11, JULIAN, "1917-11-07T00:00:00Z"),
        ("+1582-10-05T00:00:00Z", 11, JULIAN, "1582-10-15T00:00:00Z"),
        ("+1917-10-00T00:00:00Z", 10, JULIAN, "1917-10-01T00:00:00Z"),
        # The Ides of March of 44 BCE, and Wikibase's own tests of its export.
        ("-0044-03-15T00:00:00Z", 11, JULIAN, "-0043-03-13T00:00:00Z"),
        ("-0100-07-12T00:00:00Z", 11, JULIAN, "-0099-07-10T00:00:00Z"),
        ("+0200-02-31T00:00:00Z", 11, JULIAN, "0200-03-02T00:00:00Z"),
        ("-4713-01-02T00:00:00Z", 11, JULIAN, "-4713-11-25T00:00:00Z"),
        ("-4713-01-01T00:00:00Z", 11, JULIAN, "-4712-01-01T00:00:00Z"),
        ("+1465073-01-01T00:00:00Z", 11, JULIAN, "1465073-01-01T00:00:00Z"),
        ("+0000-01-01T00:00:00Z", 11, GREGORIAN, None),
        ("+2014-01-05T12:34:56Z", 14, "http://www.wikidata.org/entity/Q42", None),
    ],
)
def test_dates_are_exported_as_wikibase_does(text_: str, precision: int, calendar: str, literal_: str | None) -> None:
    assert exported(Time(text_, precision, calendar)) == literal_


YEARS = st.integers(-6000, 12000) | st.integers(-(10**15), 10**15)
TIMES = st.builds(
    lambda year, month, day, precision, calendar: Time(
        f"{year:+05}-{month:02}-{day:02}T00:00:00Z", precision, calendar
    ),
    YEARS, st.integers(0, 14), st.integers(0, 40), st.integers(0, 14),
    st.sampled_from([GREGORIAN, JULIAN, "http://www.wikidata.org/entity/Q42"]),
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(TIMES)
def test_a_settled_time_stays_and_is_exported_as_before(time_: Time) -> None:
    assert exported(settled(time_)) == exported(time_)
    assert settled(settled(time_)) == settled(time_)


WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
IDS = st.integers(1, 10**6).map("Q{}".format)
NUMBERS = st.decimals(-(10**9), 10**9, places=3).map(lambda number: f"{number:+}")
DEGREES = st.integers(-180_000, 180_000).map(lambda number: number / 1000)
# The item 1 as a unit is no unit: the model holds it as "1".
UNITS = st.just("1") | IDS.map(expand("wd:{}").format).filter(lambda unit: unit != NO_UNIT)
OF_A_DATATYPE = {
    "wikibase-item": IDS.map(Item), "time": TIMES.map(settled), "string": WORDS.map(Text),
    "external-id": WORDS.map(Text),
    "commonsMedia": WORDS.map(Text), "geo-shape": WORDS.map("Data:{}.map".format).map(Text),
    "url": st.sampled_from(["https://example.org/a?b=c#d", "no address", "ftp://example.org/é"]).map(Text),
    "monolingualtext": st.builds(Monolingual, WORDS, st.sampled_from(["en", "ja", "sr-ec", "zh-hans", "mul"])),
    "quantity": st.builds(Quantity, NUMBERS, UNITS, st.none() | NUMBERS, st.none() | NUMBERS),
    "globe-coordinate": st.builds(
        Coordinate, DEGREES, DEGREES, st.none() | st.sampled_from([0.1, 1.0, 0.0002]), IDS.map(expand("wd:{}").format)
    ),
}  # fmt: skip
PROPERTIES = {f"P{number}": datatype for number, datatype in enumerate(OF_A_DATATYPE, 10)}


@st.composite
def snaks(
    draw: st.DrawFn, property_: str | None = None, kinds: tuple = ("value", "value", "somevalue", "novalue")
) -> Snak:
    name = property_ or draw(st.sampled_from(sorted(PROPERTIES)))
    kind = draw(st.sampled_from(kinds))
    value = draw(OF_A_DATATYPE[PROPERTIES[name]]) if kind == "value" else None
    return Snak(name, value, kind, PROPERTIES[name])


@st.composite
def wholes(draw: st.DrawFn) -> Entity:
    """Entities as they are read: in order, each snak once, a property and reference with one meaning throughout."""
    held, hashes = [], st.integers(0, 10**6).map("{:040x}".format)
    for number in range(draw(st.integers(0, 4))):
        main, said = draw(snaks()), {}
        for each in draw(st.lists(snaks(), max_size=4)):
            if each.property != main.property or (each != main and each.kind == "value"):
                said[each.property, each.kind, each.value] = each
        cited = [
            Reference(f"{number}{draw(hashes)[1:]}{n}", in_order([draw(snaks(kinds=("value",)))]))
            for n in range(draw(st.integers(0, 2)))
        ]
        guid = f"Q1${draw(st.uuids())}"
        rank = draw(st.sampled_from(["preferred", "normal", "deprecated"]))
        held.append(
            Statement(statement_node(guid).value, guid, "Q1", main, rank, in_order(said.values()), in_order(cited))
        )
    names = draw(st.dictionaries(st.sampled_from(["en", "ru", "ja"]), WORDS.filter(bool), max_size=3))
    return Entity(
        "Q1", "5", "2026-04-21T13:42:27Z", "", "", labels=names, descriptions=names,
        aliases={language: (text_,) for language, text_ in names.items()}, statements=in_order(held),
        redirects=tuple(draw(st.sampled_from([(), ("Q2",), ("Q2", "Q3")]))),
        sitelinks=(Sitelink("enwiki", "A B", "https://en.wikipedia.org/wiki/A_B", ("Q17437796",)),),
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(wholes())
def test_an_entity_comes_back_from_rdf_as_it_was(whole: Entity) -> None:
    shaped = triples_of(whole)
    assert entities(shaped, set()) == {"Q1": whole}
    assert triples_of(entities(shaped, set())["Q1"]) == shaped


@settings(max_examples=50, deadline=None)
@given(wholes())
def test_and_from_a_store_which_writes_numbers_in_its_own_way(whole: Entity) -> None:
    store = ox.Store()
    store.extend(ox.Quad(each.subject, each.predicate, each.object) for each in triples_of(whole))
    back = entities((quad.triple for quad in store), set())["Q1"]
    assert [each.guid for each in back.statements] == [each.guid for each in whole.statements]


def test_what_is_not_in_the_shape_is_refused() -> None:
    shaped = triples_of(read_entity(kishida()))
    node = expand("wds:Q359480-A-1")
    with pytest.raises(ShapeError, match="nothing is said of the statement"):
        entities({each for each in shaped if each.subject.value != node}, set())
    with pytest.raises(ShapeError, match="P39 was expected"):
        entities(shaped | {triple("wds:Q359480-A-1", "ps:P39", "wd:Q1")}, set())
    with pytest.raises(ShapeError, match="give it an IRI"):
        entities({*shaped, ox.Triple(ox.BlankNode("a"), schema("about"), ox.NamedNode(node))}, set())
    with pytest.raises(ShapeError, match="its value lacks"):
        entities({each for each in shaped if not each.predicate.value.endswith("timePrecision")}, set())


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (51.566527777778, "51.566527777778"),
        (1 / 36000, "2.7777777777778E-5"),
        (65.0, "65"),
        (1e-6, "1.0E-6"),
        (-0.5, "-0.5"),
    ],
)
def test_numbers_are_written_as_php_does(number: float, written: str) -> None:
    assert php_float(number) == written


def test_guids_keep_their_case() -> None:
    guid = "q7747$6C005620-3B92-4FE7-9EA0-C66DD660B9EB"
    assert statement_node(guid).value == expand("wds:q7747-6C005620-3B92-4FE7-9EA0-C66DD660B9EB")
    assert guid_of(statement_node(guid).value) == guid
    assert guid_of(expand("row:q1-p39-ab")) == guid_of(expand("wd:Q7747")) == ""


def test_an_address_that_is_no_iri_is_mended_or_stays_a_text() -> None:
    def of(address: str) -> set[str]:
        cited = statement("Q1$a", snak("P856", text(address), "url"))
        return values(triples_of(read_entity(entity("Q1", cited))), "wds:Q1-a", "ps:P856")

    assert of("https://example.org/a b") == {"https://example.org/a%20b"}
    assert of("nowhere") == {"nowhere"}


# The dump of Q42.


@pytest.fixture(scope="module")
def dump() -> set[ox.Triple]:
    def named(node: ox.NamedNode) -> ox.NamedNode:
        return ox.NamedNode(GENID + node.value) if isinstance(node, ox.BlankNode) else node

    parsed = ox.parse((SHARED / "rdf" / "Q42.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    return {ox.Triple(named(quad.subject), quad.predicate, named(quad.object)) for quad in parsed}


@of_shared
def test_the_dump_of_q42_comes_back(dump: set[ox.Triple]) -> None:
    """All but what is said in ``left_out``; value nodes are compared by what they say, unknown values by where."""
    assert len(dump) == 4455
    left_out = {
        each
        for each in dump
        # Normalised values: they need tables of units and of URI patterns.
        if any(part in each.predicate.value for part in ("-normalized/", "quantityNormalized"))
        # What is said of the whole dump.
        or each.subject.value == expand("wikibase:Dump")
        # How many identifiers there are: the dump does not tell which properties are some.
        or each.predicate.value == expand("wikibase:identifiers")
    }
    assert len(left_out) == 71 + 6 + 1
    made = triples_of(entities(dump, set())["Q42"])
    assert compared(made) == compared(dump - left_out)


def compared(triples: set[ox.Triple]) -> set[tuple[str, str, str]]:
    said: dict[str, list[str]] = {}
    for each in triples:
        if each.subject.value.startswith(WIKIDATA["wdv"]):
            said.setdefault(each.subject.value, []).append(f"{each.predicate} {each.object}")

    def name(node: ox.NamedNode | ox.Literal) -> str:
        if node.value.startswith(GENID):
            return "unknown"
        return "; ".join(sorted(said[node.value])) if node.value in said else str(node)

    return {(name(each.subject), each.predicate.value, name(each.object)) for each in triples}


def of_the_best_rank(triples: set[ox.Triple]) -> set[tuple[str, ox.NamedNode | ox.Literal]]:
    best = {each.subject for each in triples if each.object.value == expand("wikibase:BestRank")}
    return {
        (each.predicate.value.removeprefix(WIKIDATA["ps"]), each.object)
        for each in triples
        if each.subject in best
        and each.predicate.value.startswith(WIKIDATA["ps"])
        and "value" not in each.predicate.value
    }


def truthy(triples: set[ox.Triple]) -> set[tuple[str, ox.NamedNode | ox.Literal]]:
    return {
        (each.predicate.value.removeprefix(WIKIDATA["wdt"]), each.object)
        for each in triples
        if each.predicate.value.startswith(WIKIDATA["wdt"])
    }


@of_shared
def test_truthy_values_are_those_of_best_rank_in_the_dump_and_in_what_is_made(dump: set[ox.Triple]) -> None:
    assert truthy(dump) == of_the_best_rank(dump)
    assert len(of_the_best_rank(dump)) > 290
    made = triples_of(read_entity(json.loads((SHARED / "entities" / "Q7747.json").read_bytes())))
    assert truthy(made) == of_the_best_rank(made)
    assert {found for property_, found in truthy(made) if property_ == "P39"} == {ox.NamedNode(expand("wd:Q218295"))}


@of_shared
def test_of_putins_22_offices_one_is_the_best_and_one_deprecated() -> None:
    made = triples_of(read_entity(json.loads((SHARED / "entities" / "Q7747.json").read_bytes())))
    nodes = {each.object for each in made if each.predicate.value == expand("p:P39")}
    assert len(nodes) == 22
    ranks = [
        each.object.value.rpartition("#")[2]
        for each in made
        if each.subject in nodes and "#rank" in each.predicate.value
    ]
    assert sorted(ranks) == ["DeprecatedRank", *["NormalRank"] * 20, "PreferredRank"]
    best = {each.subject.value for each in made if each.subject in nodes and "#BestRank" in each.object.value}
    assert best == {expand("wds:q7747-6C005620-3B92-4FE7-9EA0-C66DD660B9EB")}
    deprecated = expand("wds:Q7747-977ea702-4905-638b-8fda-59786919692f")
    assert deprecated not in best


@of_shared
def test_real_records_come_back_from_rdf_and_that_of_the_largest_soon() -> None:
    for path in sorted(SHARED.glob("entities/*.json")):
        found = json.loads(path.read_bytes())
        started = clock.process_time()
        whole = read_entity(found)
        shaped = triples_of(whole)
        assert clock.process_time() - started < 2, path
        assert entities(shaped, set()) == {whole.id: whole}, path


def test_a_time_that_has_no_date_is_a_text() -> None:
    made = triples_of(
        read_entity(entity("Q1", statement("Q1$a", snak("P569", time_json("+0000-01-01T00:00:00Z"), "time"))))
    )
    assert ox.Literal("+0000-01-01T00:00:00Z") in {each.object for each in made}
