"""The authority files: who and what exists, under which names, and what they must never say."""

import csv
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.dates import bounds
from graph.namespaces import PREFIXES, cq, is_minted, kind, shorten, slug, term
from graph.sources import default_authority
from graph.wikidata.links import exact, read_links

FILES = {
    "states": "state", "persons": "person", "offices": "office postkind", "organisations": "organisation",
    "groups": "group", "places": "place name", "territories": "territory name",
    "formats": "format slot series", "topics": "topic", "systems": "system", "tenures": "tenure",
    "coverage": "coverage",
}  # fmt: skip
TYPES = {
    "state": "cq:State", "person": "foaf:Person", "office": "org:Post", "postkind": "cq:PostKind",
    "organisation": "cq:Organisation cq:Outlet", "group": "cq:Group", "place": "cq:Place",
    "territory": "cq:Territory", "name": "skosxl:Label", "format": "cq:Format", "slot": "cq:Slot",
    "series": "cq:Series", "topic": "cq:Topic", "system": "cq:System", "tenure": "org:Membership",
    "coverage": "cq:Coverage",
}  # fmt: skip
EXPECTED = {
    "state": "russia japan usa china north-korea south-korea ukraine iran",
    "person": "putin abe lavrov shoigu kishida inada oreshkin ushakov poznikhir kistanov streltsov",
    "office": """ru-president jp-prime-minister ru-foreign-minister jp-foreign-minister ru-defence-minister
        jp-defence-minister ru-deputy-foreign-minister jp-deputy-foreign-minister
        ru-first-deputy-foreign-minister jp-first-deputy-foreign-minister ru-economic-development-minister
        ru-presidential-envoy ru-presidential-aide ru-deputy-chief-main-operations-directorate
        jp-mfa-spokesperson us-foreign-minister us-defence-minister head-of-japanese-studies-centre""",
    "postkind": """head-of-state head-of-government foreign-minister defence-minister
        deputy-foreign-minister first-deputy-foreign-minister""",
    "organisation": """eastrussia moscow-times yomiuri-shimbun sankei-shimbun japan-times argumenty-i-fakty
        un un-security-council g7 ru-foreign-ministry jp-foreign-ministry ru-defence-ministry pentagon
        jp-joint-economic-activity-council ifes-japanese-studies-centre institute-of-far-eastern-studies""",
    "group": """japanese-experts japanese-media japanese-analysts japanese-officials
        japanese-government-sources japanese-political-scientists japan-times-sources
        russian-representatives former-kuril-inhabitants western-countries japanese-nationalists""",
    "place": """tokyo moscow bonn geneva hokkaido nemuro kunashir iturup shikotan habomai kuril-islands
        sakhalin-oblast korean-peninsula asia-pacific east-asia northeast-asia east-china-sea
        south-china-sea""",
    "territory": "southern-kurils crimea",
    "format": "2plus2 deputy-foreign-ministers strategic-dialogue summit foreign-ministers",
    "series": """ru-jp-2plus2 jp-us-2plus2 ru-jp-strategic-dialogue ru-jp-deputy-foreign-ministers
        ru-jp-summit""",
    "topic": """joint-economic-activity peace-treaty territorial-issue international-security
        asia-pacific-security military-cooperation north-korea-nuclear-programme north-korea-sanctions
        korean-settlement missile-defence kuril-militarisation china-threat
        russia-china-military-cooperation china-naval-expansion crimea-annexation rule-of-law
        legal-basis-of-joint-activity economic-cooperation anti-piracy counter-terrorism
        japan-russia-rapprochement western-unity un-security-council-resolutions visa-free-exchanges
        mutual-trust aquaculture fish-processing seafood-markets wind-energy geothermal-energy housing
        recreational-fishing telemedicine tourism air-transport deep-sea-fishing environmental-protection
        healthcare hotels""",
    "system": """thaad aegis aegis-ashore patriot s-400 anti-ship-missiles army-division
        us-global-missile-defence""",
}
DISPUTED = (
    "territory:southern-kurils", "territory:crimea", "place:kuril-islands", "place:kunashir", "place:iturup",
    "place:shikotan", "place:habomai",
)  # fmt: skip
NAMES = {
    "territory:southern-kurils": """Southern Kurils|South Kuril Islands|four southern Kuril Islands|
        Northern Territories|北方領土|Южные Курилы|Северные территории""",
    "place:kunashir": "Kunashir|Kunashiri|Кунашир|国後島", "place:iturup": "Iturup|Etorofu|Итуруп|択捉島",
    "place:shikotan": "Shikotan|Шикотан|色丹島", "place:habomai": "Habomai|Хабомаи|歯舞群島",
    "person:lavrov": "Sergei Lavrov|Sergey Lavrov|Sergej Lavrov|Лавров|Сергей Лавров|ラブロフ|セルゲイ・ラブロフ",
    "person:shoigu": "Shoigu|Shoygu", "person:kishida": "岸田文雄|Фумио Кисида|Kishida",
    "person:inada": "稲田朋美|Томоми Инада|Inada",
    "state:north-korea": "DPRK|КНДР|北朝鮮",
}  # fmt: skip
USERS = {
    "Northern Territories@en": "state:japan", "北方領土@ja": "state:japan", "Северные территории@ru": "state:japan",
    "Southern Kurils@en": "state:russia", "Южные Курилы@ru": "state:russia", "Kunashir@en": "state:russia",
    "Kunashiri@en": "state:japan", "Shikotan@en": "state:russia state:japan",
}  # fmt: skip
SLOTS = {
    "2plus2": "foreign-minister defence-minister", "foreign-ministers": "foreign-minister",
    "deputy-foreign-ministers": "deputy-foreign-minister",
    "strategic-dialogue": "first-deputy-foreign-minister", "summit": "",
}  # fmt: skip
LANGUAGES = {"en", "ru", "ja"}
PREFERRED, ALTERNATIVE = term("skos:prefLabel"), term("skos:altLabel")
# One argument of a query may name a thing of any of these kinds.
LOOKED_UP_TOGETHER = ("state person organisation group", "state place territory")
WIKIDATA = Path(__file__).parents[2] / "shared" / "wikidata"
# Under which names the recorded tables of holders list the offices.
RECORDED = {
    "ru-president": "President", "ru-foreign-minister": "Minister of Foreign Affairs",
    "ru-defence-minister": "Minister of Defence",
    "ru-economic-development-minister": "Minister of Economic Development", "jp-prime-minister": "Prime Minister",
    "jp-foreign-minister": "Minister for Foreign Affairs", "jp-defence-minister": "Minister of Defence",
}  # fmt: skip
HOLDERS = {"ru": "russia-cabinet", "jp": "japan-ministers"}
ITEMS = exact(read_links(default_authority()))
BOUNDS = ("startEarliest", "startLatest", "endEarliest", "endLatest")


def turtle(name: str) -> list[ox.Quad]:
    text = files("graph").joinpath("authority", f"{name}.ttl").read_text(encoding="utf-8")
    parser = ox.parse(text, ox.RdfFormat.TURTLE)
    quads = list(parser)
    assert parser.prefixes.items() <= PREFIXES.items(), f"{name}.ttl has a prefix of its own"
    return quads


@pytest.fixture(scope="module")
def authority() -> ox.Store:
    store = ox.Store()
    for name in FILES:
        store.extend(turtle(name))
    return store


def objects(store: ox.Store, subject: ox.NamedNode, predicate: ox.NamedNode) -> list[ox.NamedNode]:
    return [quad.object for quad in store.quads_for_pattern(subject, predicate, None)]


def curies(nodes: Iterable[ox.NamedNode]) -> set[str]:
    return {shorten(each.value) for each in nodes}


def subjects(store: ox.Store, kinds: Iterable[str] = TYPES) -> list[ox.NamedNode]:
    return sorted({quad.subject for quad in store if kind(quad.subject.value) in kinds}, key=str)


def labels(store: ox.Store, subject: ox.NamedNode) -> list[ox.Literal]:
    return objects(store, subject, PREFERRED) + objects(store, subject, ALTERNATIVE)


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def reached(store: ox.Store, start: ox.NamedNode) -> set[ox.NamedNode]:
    found, waiting = set(), [start]
    while waiting:
        step = set(objects(store, waiting.pop(), term("geo:sfWithin"))) - found
        found |= step
        waiting.extend(step)
    return found


def clashes(store: ox.Store, kinds: list[str]) -> dict[str, set[str]]:
    holders = defaultdict(set)
    for subject in subjects(store, kinds):
        for label in labels(store, subject):
            holders[folded(label.value)].add(shorten(subject.value))
    return {label: found for label, found in holders.items() if len(found) > 1}


def test_the_files_are_the_ones_expected() -> None:
    found = {each.name for each in files("graph").joinpath("authority").iterdir()}
    assert {name for name in found if name.endswith(".ttl")} == {f"{name}.ttl" for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_a_file_holds_its_kinds_only(name: str) -> None:
    assert {kind(quad.subject.value) for quad in turtle(name)} == set(FILES[name].split())


@pytest.mark.parametrize("of_kind", EXPECTED)
def test_every_expected_resource_is_there(authority: ox.Store, of_kind: str) -> None:
    present = {slug(subject.value) for subject in subjects(authority, [of_kind])}
    assert set(EXPECTED[of_kind].split()) - present == set()


def test_every_resource_has_the_one_type_of_its_kind(authority: ox.Store) -> None:
    for subject in subjects(authority):
        (found,) = curies(objects(authority, subject, term("rdf:type")))
        assert found in TYPES[kind(subject.value)].split(), subject


def test_every_reference_resolves_and_none_is_blank(authority: ox.Store) -> None:
    known = set(subjects(authority))
    referred = {quad.object for quad in authority if not isinstance(quad.object, ox.Literal)}
    assert [each for each in referred | known if isinstance(each, ox.BlankNode)] == []
    assert curies(each for each in referred - known if is_minted(each.value) and kind(each.value)) == set()


def test_labels_are_in_the_three_languages_and_given_once(authority: ox.Store) -> None:
    for subject in subjects(authority):
        found = labels(authority, subject)
        assert {label.language for label in found} <= LANGUAGES, subject
        assert [label for label, count in Counter(found).items() if count > 1] == [], subject
        assert [label for label in found if label.value != " ".join(label.value.split())] == [], subject


def test_every_resource_has_three_preferred_labels_and_a_definition(authority: ox.Store) -> None:
    for subject in subjects(authority, TYPES.keys() - {"name", "tenure"}):
        tags = [label.language for label in objects(authority, subject, PREFERRED)]
        assert sorted(tags) == sorted(LANGUAGES), subject
        (definition,) = objects(authority, subject, term("skos:definition"))
        assert definition.language == "en", subject
        assert definition.value.index(".") == len(definition.value) - 1, subject


@pytest.mark.parametrize("kinds", [*TYPES, *LOOKED_UP_TOGETHER])
def test_no_two_resources_share_a_label(authority: ox.Store, kinds: str) -> None:
    assert clashes(authority, kinds.split()) == {}


@pytest.mark.parametrize("curie", NAMES)
def test_things_are_found_under_all_their_names(authority: ox.Store, curie: str) -> None:
    known = {folded(label.value) for label in labels(authority, term(curie))}
    assert {folded(name) for name in NAMES[curie].split("|")} - known == set()


@pytest.mark.parametrize("pair", ["state:japan place:tokyo", "state:russia place:moscow"])
def test_a_capital_is_no_name_of_its_state(authority: ox.Store, pair: str) -> None:
    state, capital = ({folded(each.value) for each in labels(authority, term(one))} for one in pair.split())
    assert state.isdisjoint(capital)


@pytest.mark.parametrize("curie", DISPUTED)
def test_no_disputed_place_has_a_sovereign(authority: ox.Store, curie: str) -> None:
    place = term(curie)
    linked = {quad.object for quad in authority.quads_for_pattern(place, None, None)}
    linked |= {quad.subject for quad in authority.quads_for_pattern(None, None, place)}
    linked |= (containers := reached(authority, place))
    assert {each for each in linked if isinstance(each, ox.NamedNode) and kind(each.value) == "state"} == set()
    assert term("place:sakhalin-oblast") not in containers


def test_places_lie_in_what_is_one_step_up(authority: ox.Store) -> None:
    for subject in subjects(authority):
        assert len(objects(authority, subject, term("geo:sfWithin"))) <= 1, subject
    for island in ("kunashir", "iturup", "shikotan", "habomai"):
        found = objects(authority, term(f"place:{island}"), term("geo:sfWithin"))
        assert curies(found) == {"territory:southern-kurils"}
    assert curies(reached(authority, term("place:nemuro"))) == {"place:hokkaido", "state:japan"}


@pytest.mark.parametrize("curie", DISPUTED)
def test_every_name_of_a_disputed_place_is_a_name_node(authority: ox.Store, curie: str) -> None:
    place = term(curie)
    names = objects(authority, place, term("skosxl:altLabel"))
    forms = [form for name in names for form in objects(authority, name, term("skosxl:literalForm"))]
    single = [label for label in labels(authority, place) if " / " not in label.value]
    assert len(names) == len(forms)
    assert Counter(forms) == Counter(single)


@pytest.mark.parametrize("name", USERS)
def test_a_name_records_who_uses_it(authority: ox.Store, name: str) -> None:
    text, _, language = name.partition("@")
    form = ox.Literal(text, language=language)
    (quad,) = authority.quads_for_pattern(None, term("skosxl:literalForm"), form)
    assert curies(objects(authority, quad.subject, cq("usedBy"))) == set(USERS[name].split())


@pytest.mark.parametrize("name", SLOTS)
def test_a_format_asks_for_its_kinds_of_post(authority: ox.Store, name: str) -> None:
    slots = objects(authority, term(f"format:{name}"), cq("hasSlot"))
    asked = {slug(each.value) for slot in slots for each in objects(authority, slot, cq("postKind"))}
    assert asked == set(SLOTS[name].split())
    assert all([count.value for count in objects(authority, slot, cq("perSide"))] == ["1"] for slot in slots)


def test_a_series_is_one_format_between_two_states(authority: ox.Store) -> None:
    for series in subjects(authority, ["series"]):
        assert len(objects(authority, series, cq("ofFormat"))) == 1
        assert [kind(each.value) for each in objects(authority, series, cq("between"))] == ["state", "state"]


def test_an_office_belongs_to_one_state_or_body(authority: ox.Store) -> None:
    for office in subjects(authority, ["office"]):
        (home,) = objects(authority, office, term("org:postIn"))
        assert kind(home.value) in {"state", "organisation"}


def test_nobody_is_given_a_post_but_by_a_tenure(authority: ox.Store) -> None:
    persons = set(subjects(authority, ["person"]))
    predicates = {shorten(quad.predicate.value) for quad in authority if quad.subject in persons}
    assert predicates == {"rdf:type", "skos:prefLabel", "skos:altLabel", "skos:definition"}
    assert {kind(quad.subject.value) for quad in authority if quad.object in persons} == {"tenure"}


def recorded_holders(country: str) -> list[dict[str, str]]:
    """The recorded table of who held the offices of a state."""
    table = WIKIDATA / "tenures" / f"{HOLDERS[country]}__html__holders21.csv"
    with table.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_bounds_of_a_date_are_those_that_it_means(authority: ox.Store) -> None:
    dated = list(authority.quads_for_pattern(None, cq("when"), None))
    assert len(dated) == 16
    for quad in dated:
        found = bounds(quad.object.value)
        days = (found.start_earliest, found.start_latest, found.end_earliest, found.end_latest)
        given = [objects(authority, quad.subject, cq(name)) for name in BOUNDS]
        assert [[each.value for each in found] for found in given] == [[str(day)] if day else [] for day in days]


def test_a_tenure_is_somebodys_in_an_office_that_one_person_holds_and_has_its_source(authority: ox.Store) -> None:
    for tenure in subjects(authority, ["tenure"]):
        (person,) = objects(authority, tenure, term("org:member"))
        (office,) = objects(authority, tenure, cq("heldPost"))
        assert slug(tenure.value).startswith(f"{slug(person.value)}-{slug(office.value)}-")
        assert [each.value for each in objects(authority, office, cq("heldByOne"))] == ["true"]
        (source,) = objects(authority, tenure, term("prov:wasDerivedFrom"))
        item = ITEMS[person.value]
        stated = source.value.startswith(f"{PREFIXES['wd']}statement/")
        assert slug(source.value).partition("-")[0].upper() == item
        assert stated == ("-" in slug(source.value))


@pytest.mark.shared
def test_the_tenures_are_all_that_the_records_have_of_these_offices_and_years(authority: ox.Store) -> None:
    if not WIKIDATA.is_dir():
        pytest.skip(f"{WIKIDATA} is absent: tenures were not compared with the records")
    recorded = {
        (office, row["personID"], f"{row['start']}/{row['end'] or '..'}")
        for office, name in RECORDED.items()
        for row in recorded_holders(office[:2])
        if row["position"] == name and row["start"] < "2018" and (row["end"] or "2018") >= "2013"
    }
    assert len(recorded) == 15
    assert {
        (
            slug(objects(authority, tenure, cq("heldPost"))[0].value),
            ITEMS[objects(authority, tenure, term("org:member"))[0].value],
            objects(authority, tenure, cq("when"))[0].value,
        )
        for tenure in subjects(authority, ["tenure"])
    } == recorded


def test_a_format_says_whether_its_slots_define_it_and_if_not_why(authority: ox.Store) -> None:
    by_slots = {
        slug(quad.subject.value): quad.object.value
        for quad in authority.quads_for_pattern(None, cq("definedBySlots"), None)
    }
    assert by_slots == {
        "2plus2": "true", "foreign-ministers": "true", "deputy-foreign-ministers": "true",
        "strategic-dialogue": "false", "summit": "false",
    }  # fmt: skip
    for name, defined in by_slots.items():
        assert bool(objects(authority, term(f"format:{name}"), term("skos:scopeNote"))) == (defined == "false")
