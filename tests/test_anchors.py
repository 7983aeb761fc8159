"""Anchors are computed, locked, and checked against quotes and texts."""

import json

import pytest
from small_corpus import HELD, LISTED, PLANNED, SmallCorpus

from graph.anchors import StaleLockError, anchor, read_lock, text_of, verified
from graph.assertions import read_assertions
from graph.coverage import CoverageError, accounts, unaccounted
from graph.documents import EvidenceError, UnreadableDocumentError, texts_by_hash

FULL = [
    HELD,
    PLANNED,
    "- id: a:{name}-rest\n  quote: [was not named, Nothing else happened]\n"
    "  flags: [suspect-translation]\n  note: x\n",
]


def test_locked_offsets_give_back_the_quotes_as_they_stand(tmp_path) -> None:
    small = SmallCorpus(tmp_path).write()
    lock = read_lock(read_assertions(small.path))
    found = [small.text[a.start : a.end] for a in lock.quotes]
    assert found == [
        "Foreign ministers Sergei Lavrov and Fumio Kishida met in Bonn on 17 February 2017",
        "Tomomi Inada will join them on\n20 May 2017",
    ]
    assert [a.sentences for a in lock.quotes] == [[2], [3]]
    assert lock.quotes[1].exact == "Tomomi Inada will join them on\n20 May 2017"


def test_a_lock_is_the_same_bytes_each_time(tmp_path) -> None:
    small = SmallCorpus(tmp_path).write()
    (path,) = anchor(small.corpus, small.texts)
    first = path.read_bytes()
    anchor(small.corpus, small.texts)
    assert path.read_bytes() == first


def test_a_quote_that_is_not_in_the_text_is_told_with_file_line_and_nearest_text(tmp_path) -> None:
    small = SmallCorpus(tmp_path, assertions=[HELD.replace("met in Bonn", "met in Berlin")]).write(locked=False)
    with pytest.raises(EvidenceError) as error:
        anchor(small.corpus, small.texts)
    assert f"{small.path}:14: a:small-held: the quote is not in the text" in str(error.value)
    assert "nearest text is: “Foreign ministers Sergei Lavrov" in str(error.value)


def test_a_quote_changed_after_locking_stops_without_the_text_too(tmp_path) -> None:
    small = SmallCorpus(tmp_path).write()
    small.path.write_text(small.yaml().replace("met in Bonn", "met at Bonn"))
    with pytest.raises(
        StaleLockError, match=r"a:small-held: the quote or its place is not as it was locked.*communique anchor"
    ):
        read_lock(read_assertions(small.path))


def test_an_offset_typed_by_hand_is_found_out_by_the_text(tmp_path) -> None:
    small = SmallCorpus(tmp_path).write()
    file = read_assertions(small.path)
    data = json.loads(file.lock_path.read_text())
    data["quotes"][0]["start"] += 1
    data["quotes"][0]["end"] += 1
    file.lock_path.write_text(json.dumps(data))
    with pytest.raises(StaleLockError, match="not those of the text"):
        verified(file, small.text)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("exact", "Lavrov conceded the islands"),
        ("start", 5),
        ("end", 10_000),
        ("hash", "0" * 12),
        ("assertion", "a:x"),
    ],
)
def test_a_lock_with_an_invented_quote_or_place_is_refused_without_the_text_too(tmp_path, key: str, value) -> None:
    file = read_assertions(SmallCorpus(tmp_path).write().path)
    data = json.loads(file.lock_path.read_text())
    data["quotes"][0][key] = value
    file.lock_path.write_text(json.dumps(data))
    with pytest.raises(StaleLockError, match="communique anchor"):
        read_lock(file)


@pytest.mark.parametrize(("key", "value"), [("document", "document:other"), ("sha256", "0" * 64)])
def test_a_lock_of_another_document_is_refused(tmp_path, key: str, value: str) -> None:
    file = read_assertions(SmallCorpus(tmp_path).write().path)
    data = json.loads(file.lock_path.read_text())
    file.lock_path.write_text(json.dumps({**data, key: value}))
    with pytest.raises(StaleLockError, match="another document"):
        read_lock(file)


def test_a_lock_with_too_few_or_too_many_quotes_is_refused(tmp_path) -> None:
    file = read_assertions(SmallCorpus(tmp_path).write().path)
    data = json.loads(file.lock_path.read_text())
    for quotes in (data["quotes"][:1], data["quotes"] + data["quotes"][:1]):
        file.lock_path.write_text(json.dumps({**data, "quotes": quotes}))
        with pytest.raises(StaleLockError, match="quotes of 2"):
            read_lock(file)


def test_a_wrong_length_is_told(tmp_path) -> None:
    small = SmallCorpus(tmp_path).write()
    small.path.write_text(small.yaml().replace(f"length: {len(small.text)}", "length: 7"))
    with pytest.raises(UnreadableDocumentError, match="code points, not 7"):
        anchor(small.corpus, small.texts)


def test_a_fault_in_one_file_leaves_every_lock_as_it_was(tmp_path) -> None:
    first = SmallCorpus(tmp_path, name="aaa").write()
    before = first.path.with_suffix(".lock.json").read_bytes()
    second = SmallCorpus(
        tmp_path, name="bbb", text=first.text + "More.", assertions=[HELD.replace("met in Bonn", "met in Rome")]
    )
    first.path.write_text(first.yaml().replace("Nothing", "nothing"))
    second.write(locked=False)
    with pytest.raises(EvidenceError):
        anchor(first.corpus, first.texts)
    assert first.path.with_suffix(".lock.json").read_bytes() == before
    assert not list(first.corpus.glob("*.partial"))


@pytest.mark.parametrize("content", ["", "{}", '{"quotes": 3}', "\x00"])
def test_a_broken_lock_is_told(tmp_path, content: str) -> None:
    file = read_assertions(SmallCorpus(tmp_path).write().path)
    file.lock_path.write_text(content)
    with pytest.raises(StaleLockError, match=r"small\.lock\.json"):
        read_lock(file)


def test_a_changed_text_is_not_taken_for_the_document(tmp_path) -> None:
    small = SmallCorpus(tmp_path).write()
    (small.texts / "small.txt").write_text(small.text + " ")
    file = read_assertions(small.path)
    with pytest.raises(UnreadableDocumentError, match=r"no text in .* has this SHA-256"):
        text_of(file, texts_by_hash(small.texts), small.texts)


def test_every_sentence_is_accounted_for_or_told(tmp_path) -> None:
    (found,) = accounts(SmallCorpus(tmp_path, assertions=FULL).write().corpus)
    assert (found.sentences, found.asserted, found.unaccounted) == (5, 4, (1,))
    assert unaccounted([found]) == ["small: sentences 1 carry no assertion and are not listed"]


def test_a_listed_sentence_is_accounted_for_by_its_reason(tmp_path) -> None:
    small = SmallCorpus(tmp_path, assertions=FULL, tail=LISTED).write()
    (found,) = accounts(small.corpus, small.texts)
    assert (found.unaccounted, found.listed) == ((), {"heading": 1})


def test_too_much_quoted_is_told(tmp_path) -> None:
    (found,) = accounts(SmallCorpus(tmp_path, assertions=FULL, tail=LISTED).write().corpus)
    assert found.quoted_share > 0.5
    assert "of the text is quoted" in unaccounted([found])[0]


@pytest.mark.parametrize(
    ("old", "new", "says"), [("7c68b2d70cd8", "f" * 12, "has the hash"), ("sentence: 1", "sentence: 99", "hash None")]
)
def test_a_listed_sentence_must_be_the_one_that_was_meant(tmp_path, old: str, new: str, says: str) -> None:
    small = SmallCorpus(tmp_path, assertions=FULL, tail=LISTED.replace(old, new)).write()
    with pytest.raises(CoverageError, match=says):
        accounts(small.corpus)
