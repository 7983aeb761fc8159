"""Links: the file of judgements, what it refuses, what it publishes, and whether the shipped one is verified."""

import csv
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dataset import TurtleError, assemble
from graph.namespaces import GRAPH_LINKS, PREFIXES, cq, expand, kind, shorten, term
from graph.sources import default_authority
from graph.wikidata.classes import fits
from graph.wikidata.links import (
    NAME,
    PREDICATES,
    STATUSES,
    Link,
    LinkError,
    check_links,
    exact,
    links_in,
    published,
    read_links,
    write_links,
)
from graph.wikidata.model import Entity, Item, Snak, Statement

RECORDS = Path(__file__).parents[3] / "shared" / "wikidata"
SHIPPED = read_links(default_authority())
LAVROV = Link(
    expand("person:lavrov"),
    "skos:exactMatch",
    "Q58217",
    "accepted",
    "semapv:ManualMappingCuration",
    "A. Judge",
    "2026-11-22",
    agreed=("minister on 2017-03-20",),
)
BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that are shown as nothing."""
ONE_LINE = st.text(
    st.characters(categories=["L", "N", "P", "S"], include_characters=" ", exclude_characters=BLANK), max_size=12
).map(lambda text: text.replace("|", "/").strip())


def entity(name: str, *, redirects: tuple[str, ...] = (), retrieved: str = "2026-01-01", **values: str) -> Entity:
    """An entity with statements of items: ``entity("Q1", P31="Q5 Q6")``."""
    statements = tuple(
        Statement(
            f"{PREFIXES['wds']}{name}-{property_}-{item}",
            f"{name}${item}",
            name,
            Snak(property_, Item(item)),
            "normal",
        )
        for property_, items in values.items()
        for item in items.split()
    )
    return Entity(name, "1", "", retrieved, "", statements=statements, redirects=redirects)


def entities(*each: Entity) -> dict[str, Entity]:
    return {one.id: one for one in each}


# The file


def test_the_shipped_file_is_as_it_would_be_written(tmp_path) -> None:
    write_links(tmp_path, reversed(SHIPPED))
    assert (tmp_path / NAME).read_bytes() == (default_authority() / NAME).read_bytes()


@st.composite
def judgements(draw: st.DrawFn) -> Link:
    status = draw(st.sampled_from(STATUSES))
    item = "" if status == "no-item" else f"Q{draw(st.integers(1, 10**9))}"
    agreed = tuple(sorted({text for text in draw(st.lists(ONE_LINE, max_size=3)) if text}))
    texts = [draw(ONE_LINE) for _ in range(4)]
    subject = expand(f"person:p{draw(st.integers(0, 99))}")
    predicate = draw(st.sampled_from(PREDICATES))
    author = draw(ONE_LINE.filter(bool))
    share = draw(st.sampled_from(["", "0", "1", "0.846", ".5"]))
    day = draw(st.dates()).isoformat()
    return Link(
        subject, predicate, item, status, "semapv:LexicalMatching", author, day, *texts[:3], agreed, share, texts[3]
    )


@given(st.lists(judgements(), unique_by=lambda link: (*link.pair, link.predicate), max_size=6))
def test_what_is_written_is_read_and_what_is_published_is_found_again(tmp_path_factory, links: list[Link]) -> None:
    folder = tmp_path_factory.mktemp("links")
    write_links(folder, links)
    assert sorted(read_links(folder), key=repr) == sorted(map(unplaced, read_links(folder)), key=repr)
    assert {*map(unplaced, read_links(folder))} == {*links} == {*links_in(published(links))}


def unplaced(link: Link) -> Link:
    return replace(link, place="")


def test_no_file_is_no_link(tmp_path) -> None:
    assert read_links(tmp_path) == ()


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("accepted", "welcome", "status is 'welcome'"),
        ("wd:Q58217", "wd:58217", "no item of Wikidata"),
        ("wd:Q58217", "sssom:NoTermFound", "goes with the status no-item"),
        ("person:lavrov", "persn:lavrov", "no known prefix"),
        ("person:lavrov", "wd:Q1", "no resource of ours"),
        ("2026-11-22", "2026-11-31", "the day of the judgement is '2026-11-31'"),
        ("A. Judge", "", "who judged is missing"),
        ("skos:exactMatch", "owl:sameAs", "predicate is 'owl:sameAs'"),
        ("semapv:ManualMappingCuration", "", "justification is missing"),
        ("\tminister", "\tminister\tmore", "15 cells, where 14 columns are"),
        ("\t\tskos:", "\tNot\tskos:", "predicate_modifier is 'Not'"),
        ("subject_id", "subject", "the columns are not"),
        ("id/person/", "id/place/", "the prefix 'person' stands for"),
        ("#curie_map:", "#curie_map: [", "are not YAML"),
        ("#curie_map:", "#day: 2017-99-99\n#curie_map:", "are not YAML"),
        ("#curie_map:", f"#deep: {'[' * 5000}\n#curie_map:", "are not YAML"),
        ("#curie_map:", f"#long: {'x' * 20_000}\n#curie_map:", "the head is longer than"),
        ("wd:Q58217", "wd:Q99999999999", "no item of Wikidata"),
        ("minister on", f"{'x' * 2_001} on", "a text is longer than"),
        ("A. Judge", "A. Judge\ufeff", "another control character"),
        ("A. Judge", "A. \u202eegduJ", "who judged has an invisible character, U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("A. Judge", "A.\u200bJudge", "who judged has an invisible character, U+200B ZERO WIDTH SPACE"),
        ("A. Judge", "\u3164", "who judged has an invisible character, U+3164 HANGUL FILLER"),
        ("03-20\t\n", "03-20\tSeen\u2066 by me.\n", "the comment has an invisible character, U+2066 LEFT-TO-RIGHT"),
    ],
)
def test_a_fault_in_the_file_is_told_with_its_line(tmp_path, before: str, after: str, message: str) -> None:
    write_links(tmp_path, [LAVROV])
    text = (tmp_path / NAME).read_text(encoding="utf-8")
    assert before in text
    (tmp_path / NAME).write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(LinkError, match=NAME) as caught:
        read_links(tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"\xff", b"#\n", b"subject_id\n", b"#a\n# b: [\n"])
def test_what_is_no_such_file_is_refused(tmp_path, data: bytes) -> None:
    (tmp_path / NAME).write_bytes(data)
    with pytest.raises(LinkError):
        read_links(tmp_path)


def test_a_link_that_cannot_be_written_leaves_the_former_file(tmp_path) -> None:
    write_links(tmp_path, [LAVROV])
    former = (tmp_path / NAME).read_bytes()
    with pytest.raises(LinkError, match="a tab"):
        write_links(tmp_path, [LAVROV, replace(LAVROV, object="Q1", comment="one\ttwo")])
    assert (tmp_path / NAME).read_bytes() == former
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize("margin", ["", " "])
def test_what_a_person_added_to_the_head_stays(tmp_path, margin: str) -> None:
    write_links(tmp_path, [LAVROV])
    made = (tmp_path / NAME).read_text(encoding="utf-8")
    added = "## Who did this:\n#creator_label:\n#- A. Judge\n#\n#- B. Judge\n#mapping_set_version: '7'\n"
    changed = made.replace("/publicdomain/zero/1.0/", "/licenses/by/4.0/").replace(
        "#curie_map:", added + "#curie_map:"
    )
    changed = changed.replace(
        "#curie_map:\n", "#curie_map:\n#  # those in use\n#  state: " + PREFIXES["state"] + "\n"
    )
    (tmp_path / NAME).write_text("\n".join(margined(changed, margin)) + "\n", encoding="utf-8")
    write_links(tmp_path, read_links(tmp_path))
    written = (tmp_path / NAME).read_text(encoding="utf-8")
    for line in (
        *added.splitlines(),
        "#  # those in use",
        '#license: "https://creativecommons.org/licenses/by/4.0/"',
    ):
        assert line in written.splitlines()
    assert [*map(unplaced, read_links(tmp_path))] == [LAVROV]
    write_links(tmp_path, read_links(tmp_path))
    assert (tmp_path / NAME).read_text(encoding="utf-8") == written, "writing again changes nothing"


def margined(text: str, margin: str) -> list[str]:
    """Lines with a blank after each ``#``, as other programs write heads."""
    return [f"#{margin}{line[1:]}" if line.startswith("#") else line for line in text.splitlines()]


@given(
    st.lists(
        st.sampled_from(["#a: 1", "#license: x", "#curie_map:", "#- b", "#  c: 2", "##", "#", "#{d: e}", "#---"])
    )
)
def test_no_head_is_written_that_cannot_be_read(tmp_path_factory, lines: list[str]) -> None:
    folder = tmp_path_factory.mktemp("heads")
    (folder / NAME).write_text("\n".join(lines), encoding="utf-8")
    try:
        write_links(folder, [LAVROV])
    except LinkError:
        assert (folder / NAME).read_text(encoding="utf-8") == "\n".join(lines)
    else:
        assert [*map(unplaced, read_links(folder))] == [LAVROV]
        assert {line.rstrip() for line in lines if line.startswith("#a")} <= {
            *(folder / NAME).read_text().splitlines()
        }


# What cannot stand


@pytest.mark.parametrize(
    ("others", "known", "message"),
    [
        ([replace(LAVROV, object="Q1")], entities(), "is linked as the same to two items"),
        ([replace(LAVROV, subject=expand("person:abe"))], entities(), "is the item of two things"),
        (
            [replace(LAVROV, object="Q1", predicate="skos:closeMatch")],
            entities(),
            "is linked as the same to two items",
        ),
        (
            [replace(LAVROV, subject=expand("person:abe"), object="Q7", predicate="skos:closeMatch")],
            entities(entity("Q7", redirects=("Q58217",), retrieved="2026-12-01")),
            "Q7 is the item of two things",
        ),
        (
            [
                replace(LAVROV, status="candidate", predicate="skos:closeMatch"),
                replace(LAVROV, status="rejected", predicate="skos:broadMatch"),
            ],
            entities(),
            "is accepted, and beside that",
        ),
        (
            [replace(LAVROV, object="Q1", status="stale")],
            entities(entity("Q1", P1889="Q2"), entity("Q58217", redirects=("Q2",))),
            "calls the two items different (P1889)",
        ),
        ([], entities(entity("Q58217", P31="Q28640", P279="Q5")), "does not fit"),
        ([], entities(entity("Q58217", P279="Q5")), "does not fit"),
        ([replace(LAVROV, status="rejected")], entities(), "is judged twice, as accepted and as rejected: keep one"),
        ([replace(LAVROV, author="B. Judge")], entities(), "is judged twice, both times as accepted: keep one row"),
        (
            [replace(LAVROV, status="rejected", predicate="skos:closeMatch")],
            entities(),
            "is accepted, and beside that",
        ),
        ([replace(LAVROV, status="no-item", object="")], entities(), "is said to have none"),
        ([], entities(entity("Q7", redirects=("Q58217",))), "Q58217 redirects to Q7"),
        ([], entities(entity("Q58217", P31="Q515")), "of a class that does not fit (Q515)"),
        ([], entities(entity("Q58217", P31="Q4"), entity("Q4", P279="Q6256")), "of a class that does not fit"),
        (
            [replace(LAVROV, object="Q1", status="stale")],
            entities(entity("Q1", P1889="Q58217")),
            "calls the two items different (P1889)",
        ),
    ],
)
def test_what_contradicts_is_refused(others: list[Link], known: dict[str, Entity], message: str) -> None:
    with pytest.raises(LinkError) as caught:
        check_links([LAVROV, *others], known)
    assert message in str(caught.value)
    assert "person:" in str(caught.value) or "Q58217" in str(caught.value)


@pytest.mark.parametrize(
    ("others", "known"),
    [
        ([replace(LAVROV, object="Q1", status="rejected")], entities(entity("Q58217", P31="Q5"))),
        ([replace(LAVROV, object="Q1", status="candidate")], entities(entity("Q58217"))),
        ([replace(LAVROV, object="Q1", status="stale")], entities(entity("Q1", P1889="Q2"))),
        ([replace(LAVROV, object="Q1", predicate="skos:broadMatch")], entities(entity("Q1", P1889="Q58217"))),
        ([replace(LAVROV, object="", status="no-item", predicate="skos:broadMatch")], entities()),
        # Whoever judged could not have seen it: this makes the link stale, which the comparison tells.
        ([], entities(entity("Q7", redirects=("Q58217",), retrieved="2026-11-23"))),
    ],
)
def test_what_may_stand_stands(others: list[Link], known: dict[str, Entity]) -> None:
    check_links([LAVROV, *others], known)


@pytest.mark.parametrize(
    ("subject", "known", "fit"),
    [
        ("person:x", [entity("Q1", P31="Q5")], True),
        ("person:x", [entity("Q1", P31="Q99")], False),
        ("person:x", [entity("Q1")], None),
        ("state:x", [entity("Q1", P31="Q99")], None),
        ("state:x", [entity("Q1", P31="Q3624078")], True),
        ("state:x", [entity("Q1", P31="Q515")], None),
        ("state:x", [entity("Q1", P31="Q5")], False),
        ("office:x", [entity("Q1", P31="Q99"), entity("Q99", P279="Q98"), entity("Q98", P279="Q83307")], True),
        ("postkind:x", [entity("Q1", P279="Q83307")], True),
        ("state:x", [entity("Q1", P279="Q3624078")], False),
        ("meeting:x", [entity("Q1072326")], False),
        ("office:x", [entity("Q1", P31="Q4167410")], False),
        ("person:x", [entity("Q1", P31="Q5"), entity("Q5", P279="Q99")], True),
        ("format:x", [entity("Q1072326")], True),
        ("office:x", [entity("Q1", P31="Q2"), entity("Q2", P279="Q2 Q5")], False),
    ],
)
def test_whether_a_class_fits(subject: str, known: list[Entity], fit: bool | None) -> None:
    assert fits(expand(subject), known[0], entities(*known)) is fit


# What is published


def test_only_what_is_accepted_is_a_match_and_nothing_is_made_one_resource() -> None:
    links = [LAVROV, *(replace(LAVROV, object=f"Q{n}", status=each) for n, each in enumerate(STATUSES[3:], 1))]
    triples = published([*links, replace(LAVROV, object="Q9", status="rejected")])
    matches = {t for t in triples if t.predicate.value.startswith(PREFIXES["skos"])}
    assert matches == {ox.Triple(term("person:lavrov"), term("skos:exactMatch"), term("wd:Q58217"))}
    assert not [t for t in triples if t.predicate == term("owl:sameAs")]


def test_the_graph_has_the_matches_and_who_judged(corpus_engine) -> None:
    matched = corpus_engine.select(
        "SELECT ?item { <%s> <%s> ?item }" % (expand("person:shoigu"), expand("skos:exactMatch"))  # noqa: UP031
    )
    assert [item.value for (item,) in matched.rows] == [f"{PREFIXES['wd']}Q32024"]
    judged = corpus_engine.select(
        f"SELECT ?who ?day {{ GRAPH {GRAPH_LINKS} {{ ?link {term('owl:annotatedSource')} {term('person:putin')} ;"
        f" {term('owl:annotatedTarget')} {term('wd:Q19300851')} ; {cq('linkStatus')} {cq('LinkRejected')} ;"
        f" {term('sssom:author_label')} ?who ; {term('sssom:mapping_date')} ?day }} }}"
    )
    assert [tuple(cell.value for cell in row) for row in judged.rows] == [("The editors of Communiqué", "2026-11-22")]


@pytest.mark.parametrize("predicate", PREDICATES)
def test_no_authority_file_says_what_is_the_same_without_who_judged_so(predicate: str) -> None:
    said = ox.Triple(term("person:lavrov"), term(predicate), term("wd:Q58217"))
    with pytest.raises(TurtleError, match=r"person:lavrov .* write a link into links\.sssom\.tsv"):
        assemble([], {said}, set())


# The shipped links


def test_the_shipped_links_stand_and_each_accepted_one_says_what_agreed() -> None:
    check_links(SHIPPED, {})
    assert [shorten(link.subject) for link in SHIPPED if link.status == "accepted" and not link.agreed] == []
    assert len(exact(SHIPPED)) == 45


def test_the_traps_are_judged() -> None:
    judged = {(shorten(link.subject), link.object): link.status for link in SHIPPED}
    assert judged["person:putin", "Q19300851"] == judged["person:putin", "Q130234762"] == "rejected"
    assert judged["office:ru-presidential-aide", "Q4426315"] == "rejected"
    assert judged["place:nemuro", "Q820725"] == judged["place:nemuro", "Q502205"] == "candidate"
    assert exact(SHIPPED)[expand("place:geneva")] == "Q71"


KINDS = {"newspaper": "organisation", "organization": "organisation", "class": "postkind format"}


@pytest.mark.shared
def test_nothing_is_linked_that_is_not_verified() -> None:
    if not RECORDS.is_dir():
        pytest.skip(f"{RECORDS} is absent: links were not compared with the verified identifiers")
    with (RECORDS / "verified_ids.csv").open(encoding="utf-8", newline="") as lines:
        verified = {row["id"]: row for row in csv.DictReader(lines) if row["status"].startswith("verified")}
    holders = {row["personID"] for table in (RECORDS / "tenures").glob("*holders21.csv") for row in rows_of(table)}
    for link in SHIPPED:
        if link.status == "accepted":
            row = verified.get(link.object)
            assert row or (link.object in holders and kind(link.subject) == "person"), link
            if row:
                assert row["status"] in ("verified", "verified (1 source)"), link
                assert kind(link.subject) in KINDS.get(row["kind"], row["kind"]).split(), link


def rows_of(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
