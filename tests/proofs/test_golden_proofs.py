"""Proofs worked out by hand from the two documents: what each rests on, down to the words."""

from dataclasses import dataclass, field

import pytest
from proof_worlds import kinds, quoted
from pyoxigraph import Literal, Triple

from graph.engine import Engine
from graph.namespaces import shorten, term
from graph.proofs import Absence, Bound, Explanation, Proof, check, leaves, steps, why

TALKS, BONN, FIRST = (
    "meeting:ru-jp-2plus2-2017-03-20",
    "meeting:ru-jp-fm-bonn-2017-02",
    "meeting:ru-jp-2plus2-2013-11-02",
)
DEPUTY = "participation:meeting.ru-jp-deputy-fm-2017-03-18.unnamed.1.ru-deputy-foreign-minister.no.side.held"
SUMMITS = "meeting:ru-jp-summit-2016-12", "meeting:ru-jp-summit-2017-04"
BONN_WORDS = {"foreign ministers reached the decision to hold it", "in Bonn last month"}


@dataclass(frozen=True)
class Golden:
    """What every proof of a triple has: rules, words among its quotes, statements by kind; and how many there are."""

    triple: tuple[str, str, str]
    proofs: int
    rules: set[str]
    words: set[str] = field(default_factory=set)
    stated: dict[str, set[str]] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    size: int = 0


GOLDEN = {
    # Each side is stated and follows from the post, and either document's word settles the status: 2 × 2 × 2.
    "met": Golden(
        ("person:lavrov", "cq:met", "person:inada"),
        8,
        {"met", "settled-held"},
        {
            "On March 20, a 2 + 2 meeting was held",
            "Defense Minister Tomomi Inada protested",
            "Russian Foreign Minister Sergei Lavrov announced",
            "held a 2+2 format meeting there on March 20",
            "Russian Foreign Minister Sergei Lavrov",
            "Japanese Defense Minister Tomomi Inada",
        },
        {"authority": {"person:inada rdf:type foaf:Person", "state:japan rdf:type cq:State"}},
        {"cq:counters", "cq:representing"},
    ),
    "unnamed Russian at Bonn": Golden(
        ("person:lavrov", "cq:tookPartIn", BONN),
        1,
        {"took-part", "settled-held", "role-to-person", "tenure-covers-open"},
        BONN_WORDS,
        {
            "wikidata": {
                "tenure:lavrov-ru-foreign-minister-2004 org:member person:lavrov",
                "tenure:lavrov-ru-foreign-minister-2004 cq:heldPost office:ru-foreign-minister",
                "tenure:lavrov-ru-foreign-minister-2004 cq:startLatest 2004-03-09",
            },
            "quote": {f"{BONN} cq:startEarliest 2017-02-01", f"{BONN} cq:endLatest 2017-02-28"},
            "authority": {"office:ru-foreign-minister cq:heldByOne true"},
        },
        {"cq:coversDateOf", "cq:mayCoverDateOf", "cq:counters"},
    ),
    "unnamed Japanese at Bonn": Golden(
        ("person:kishida", "cq:tookPartIn", BONN),
        1,
        {"took-part", "settled-held", "role-to-person", "tenure-covers"},
        BONN_WORDS,
        {
            "wikidata": {
                "tenure:kishida-jp-foreign-minister-2012 org:member person:kishida",
                "tenure:kishida-jp-foreign-minister-2012 cq:startLatest 2012-12-26",
                "tenure:kishida-jp-foreign-minister-2012 cq:endEarliest 2017-08-03",
            },
        },
    ),
    "the deputy stands for his state": Golden(
        (DEPUTY, "cq:representing", "state:russia"),
        1,
        {"represented"},
        {"On March 18, at the level of deputy foreign ministers"},
        {
            "quote": {
                f"{DEPUTY} rdf:type cq:Participation",
                f"{DEPUTY} cq:heldPost office:ru-deputy-foreign-minister",
            },
            "authority": {
                "office:ru-deputy-foreign-minister org:postIn state:russia",
                "state:russia rdf:type cq:State",
            },
        },
        size=4,
    ),
    # Both claims, with type, territory and claimant; that both claimants are states; the territory's English name.
    "dispute": Golden(
        ("dispute:southern-kurils", "cq:territory", "territory:southern-kurils"),
        1,
        {"dispute"},
        {'They are claimed by Japan, calling them their "northern territories"', "its own territory"},
        {"quote": {"claim:russia-own-territory cq:claimant state:russia"}},
        size=9,
    ),
    "held, by either account": Golden(
        (TALKS, "cq:settledStatus", "cq:Held"), 2, {"settled-held"}, set(), {}, {"cq:counters"}, size=2
    ),
    "planned, by either account": Golden(
        ("visit:abe-russia-2017-04", "cq:settledStatus", "cq:Planned"),
        2,
        {"settled-planned"},
        absent={"cq:settledStatus"},
        size=2,
    ),
    "vacant": Golden(
        ("vacancy:ru-jp-2plus2-2013-11-02.2plus2-defence-minister.japan", "cq:vacantAt", FIRST),
        2,
        {"settled-held"},
        {"held their first such 2+2 meeting Nov. 2, 2013"},
        {"authority": {"format:2plus2 cq:hasSlot slot:2plus2-defence-minister"}},
        {"cq:fitsSlot", "cq:counters"},
    ),
    "host state": Golden(
        (TALKS, "cq:hostState", "state:japan"),
        2,
        {"host-state", "settled-held"},
        {"All of them were held in Tokyo", "in Tokyo, March 20, 2017"},
        {"authority": {"place:tokyo geo:sfWithin state:japan"}},
        {"cq:territory", "cq:counters"},
        size=5,
    ),
    # By the meetings of 18, 20 and 30 March: the summit's agreement led to each, each was a prelude to the next.
    "leads to": Golden(
        (SUMMITS[0], "cq:leadsTo", SUMMITS[1]),
        3,
        {"leads-to-chain", "leads-to-agreement", "leads-to-result", "leads-to-prelude"},
        {"result of the agreement", "a prelude to the next meeting of their leaders"},
        {
            "quote": {
                f"agreement:ru-jp-december-2016 cq:at {SUMMITS[0]}",
                "agreement:ru-jp-december-2016 cq:status cq:Agreed",
            }
        },
        size=7,
    ),
    "Nemuro lies in Japan": Golden(
        ("place:nemuro", "geo:sfWithin", "state:japan"),
        1,
        {"containment"},
        set(),
        {"authority": {"place:nemuro geo:sfWithin place:hokkaido", "place:hokkaido geo:sfWithin state:japan"}},
        size=2,
    ),
    "a tenure covers": Golden(
        ("tenure:inada-jp-defence-minister-2016", "cq:coversDateOf", TALKS),
        2,
        {"tenure-covers", "settled-held"},
        {"On March 20, a 2 + 2 meeting was held"},
        {"wikidata": {"tenure:inada-jp-defence-minister-2016 cq:endEarliest 2017-07-28"}},
    ),
    # Neither document has another day for it, and the plans of it are no sources that count.
    "the earliest day": Golden(
        (TALKS, "cq:earliest", "2017-03-20"),
        1,
        {"outer-bounds"},
        {"On March 20, a 2 + 2 meeting was held", "in Tokyo, March 20, 2017"},
        {"quote": {f"{TALKS} cq:startEarliest 2017-03-20", f"{TALKS} cq:when 2017-03-20"}},
        size=2,
    ),
    # Each is a meeting of the series with four bounds, settled as held. That the second is in the series also follows
    # from its format and sides, in more ways than the bound.
    "1,234 days": Golden(
        ("gap:ru-jp-2plus2-2013-11-02.ru-jp-2plus2-2017-03-20", "cq:leastDays", "1234"),
        20,
        {"gap", "settled-held"},
        {"held their first such 2+2 meeting Nov. 2, 2013", "On March 20, a 2 + 2 meeting was held"},
        {"quote": {f"{FIRST} cq:endLatest 2013-11-02", f"{TALKS} cq:startEarliest 2017-03-20"}},
        {"cq:counters"},
    ),
    "the encounter at Bonn": Golden(
        ("encounter:ru-jp-fm-bonn-2017-02.kishida.lavrov", "cq:at", BONN),
        4,
        {"met", "role-to-person", "settled-held", "tenure-covers", "tenure-covers-open"},
        BONN_WORDS,
    ),
    "Bonn falls short of 2+2": Golden(
        (BONN, "cq:fallsShortOf", "format:2plus2"),
        0,
        {"settled-held"},
        BONN_WORDS,
        absent={"cq:fitsSlot", "cq:counters"},
    ),
}


def explain(engine: Engine, triple: tuple[str, str, str]) -> Explanation:
    subject, predicate, value = triple
    number = term("xsd:date") if "-" in value else term("xsd:integer")
    day = Literal(value, datatype=number) if value[0].isdigit() else term(value)
    return why(engine, Triple(term(subject), term(predicate), day))


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_proof(name: str, corpus_engine: Engine) -> None:
    golden = GOLDEN[name]
    found = explain(corpus_engine, golden.triple)
    assert found.cut == (("supports",) if golden.proofs == Bound().supports else ())
    assert len(found.proofs) == golden.proofs or (not golden.proofs and found.proofs)
    check(corpus_engine, found.proofs)
    for proof in found.proofs:
        assert golden.rules <= {step.rule for step in steps(proof)}
        assert golden.words <= quoted(proof)
        held = kinds(proof)
        assert {kind: held.get(kind, set()) & some for kind, some in golden.stated.items()} == golden.stated
        looked = " ".join(shortened(absence) for absence in absences(proof))
        assert not [name for name in golden.absent if name not in looked]
    if golden.size:
        assert {len(support) for support in found.supports} == {golden.size}


def absences(proof: Proof) -> list[Absence]:
    return [absence for step in steps(proof) for absence in step.absent]


def shortened(absence: Absence) -> str:
    words = " ".join(absence.patterns).replace("<", " ").replace(">", " ").split()
    return " ".join(map(shorten, words))


def test_each_proof_of_a_settled_status_quotes_its_own_document(corpus_engine: Engine) -> None:
    found = explain(corpus_engine, (TALKS, "cq:settledStatus", "cq:Held"))
    told = [{shorten(quote.document) for leaf in leaves(proof) for quote in leaf.quotes} for proof in found.proofs]
    assert sorted(map(sorted, told)) == [["document:kistanov-2plus2-2017"], ["document:streltsov-new-friends-2017"]]
    assert {leaf.kind for proof in found.proofs for leaf in leaves(proof)} == {"record"}


def test_the_plan_of_the_visit_is_told_with_its_voices(corpus_engine: Engine) -> None:
    found = explain(corpus_engine, ("visit:abe-russia-2017-04", "cq:settledStatus", "cq:Planned"))
    told = {quote.attribution for proof in found.proofs for leaf in leaves(proof) for quote in leaf.quotes}
    assert any("Japan Times" in words for words in told)
    assert any(words.startswith("Dmitry Streltsov") for words in told)


def test_wikidata_leaves_name_the_statement_and_the_day_it_was_read(corpus_engine: Engine) -> None:
    (proof,) = explain(corpus_engine, ("person:lavrov", "cq:tookPartIn", BONN)).proofs
    tenure = [leaf for leaf in leaves(proof) if leaf.kind == "wikidata"]
    assert {len(leaf.sources) for leaf in tenure} == {1}
    assert all("wikidata.org/entity/" in leaf.sources[0] and "Q58217" in leaf.sources[0] for leaf in tenure)
    assert {len(leaf.recorded) for leaf in tenure} == {len("2022-12-10")}


def test_they_met_at_bonn_and_in_tokyo_each_by_its_own_words(corpus_engine: Engine) -> None:
    found = explain(corpus_engine, ("person:kishida", "cq:met", "person:lavrov"))
    at_bonn = [proof for proof in found.proofs if quoted(proof) >= BONN_WORDS]
    in_tokyo = [proof for proof in found.proofs if "held a 2+2 format meeting there on March 20" in quoted(proof)]
    assert at_bonn
    assert in_tokyo
    assert len(at_bonn) + len(in_tokyo) == len(found.proofs)
    assert not [proof for proof in in_tokyo if "wikidata" in kinds(proof)]
