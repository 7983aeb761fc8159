"""Assertion files are checked strictly, and every complaint names file and line."""

import pytest
from small_corpus import HELD, PLANNED, SmallCorpus

from graph.assertions import AssertionFileError, read_assertions, read_corpus
from graph.yaml_file import YamlError, read_yaml


def complaint(small: SmallCorpus) -> str:
    with pytest.raises(AssertionFileError) as error:
        read_corpus(small.write(locked=False).corpus)
    return str(error.value)


def line_of(small: SmallCorpus, words: str) -> int:
    return next(n for n, line in enumerate(small.yaml().splitlines(), 1) if words in line)


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("    status: Held", "    statsu: Held", "statsu: Held", "statsu: Extra inputs are not permitted"),
        ("person:lavrov", "persn:lavrov", "persn:lavrov", "'persn:lavrov' has no known prefix"),
        ("person:lavrov", "topic:lavrov", "topic:lavrov", "names a topic; expected one of: person"),
        ("status: Held", "status: Hold", "status: Hold", "Input should be 'Held', 'Planned'"),
        ("  modality: Asserted\n", "", "a:small-held", "needs `modality:` and `voices:`"),
        ("[person:streltsov]", "[person:lavrov]", "[person:lavrov]", "the outermost voice is person:lavrov"),
        ("type: Meeting", "type: Metting", "says:", "does not match any of the expected tags"),
        ("meeting:small-bonn", "meeting:Small Bonn", "Small Bonn", "'meeting:Small Bonn' cannot name a meeting"),
        ("a:{name}-held", "meeting:{name}-held", "meeting:small-held", "names a meeting; expected one of: assertion"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path, old: str, new: str, at: str, says: str) -> None:
    small = SmallCorpus(tmp_path, assertions=[HELD.replace(old, new)])
    told = complaint(small)
    assert says in told
    line = line_of(small, at)
    assert any(f"{small.path}:{n}:" in told for n in (line - 1, line)), told


def test_two_assertions_of_one_name_are_refused(tmp_path) -> None:
    assert "names an assertion already" in complaint(SmallCorpus(tmp_path, assertions=[HELD, HELD]))


def test_an_inference_needs_its_ground_and_the_ground_must_exist(tmp_path) -> None:
    without = HELD.replace("  says:", "  infers: year\n  says:")
    assert "go together" in complaint(SmallCorpus(tmp_path, assertions=[without]))
    unknown = HELD.replace("  says:", "  infers: year\n  inferred from: a:nowhere\n  says:")
    assert "a:nowhere is no assertion of the corpus" in complaint(SmallCorpus(tmp_path, assertions=[unknown]))


def test_what_is_garbled_is_asserted_by_nobody_and_needs_a_note(tmp_path) -> None:
    item = "- id: a:garbled\n  quote: Nothing else happened\n  flags: [suspect-translation]\n"
    assert "needs a `note:`" in complaint(SmallCorpus(tmp_path, assertions=[item]))
    file = read_assertions(
        SmallCorpus(tmp_path, assertions=[item + "  note: all is well\n"]).write(locked=False).path
    )
    assert not file.content.assertions[0].says
    assert not file.content.assertions[0].voices


@pytest.mark.parametrize("more", ["  modality: Asserted\n", "  voices: [person:streltsov]\n"])
def test_what_is_garbled_has_no_voice(tmp_path, more: str) -> None:
    item = "- id: a:x\n  quote: Nothing else\n  flags: [suspect-translation]\n  note: x\n" + more
    assert "asserted by nobody" in complaint(SmallCorpus(tmp_path, assertions=[item]))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("recorded: 2026-11-21", "recorded: 2026-99-99", "recorded"),
        ("recorded: 2026-11-21", "recorded: ２０２６-11-21", "recorded"),
        ("  genre: news", "  genre: news\n  url: https://a b/<x>", "url"),
        ("id: meeting:small-bonn", "id: meeting:small/bonn", "cannot name a meeting"),
        ("id: meeting:small-bonn", "id: meeting:small#bonn", "cannot name a meeting"),
        ("id: meeting:small-bonn", "id: meeting:small.bonn", "cannot name a meeting"),
    ],
)
def test_odd_values_are_told_with_their_line(tmp_path, old: str, new: str, says: str) -> None:
    small = SmallCorpus(tmp_path).write(locked=False)
    small.path.write_text(small.yaml().replace(old, new), encoding="utf-8")
    with pytest.raises(AssertionFileError, match=rf"small\.yaml:\d+: .*{says}"):
        read_corpus(small.corpus)


def test_nobody_need_sign_a_document_and_a_body_may(tmp_path) -> None:
    small = SmallCorpus(
        tmp_path, assertions=[HELD.replace("[person:streltsov]", "[organisation:moscow-times]")]
    ).write(locked=False)
    text = small.yaml()
    for author in ("", "  author: organisation:ru-foreign-ministry\n"):
        small.path.write_text(text.replace("  author: person:streltsov\n", author), encoding="utf-8")
        assert read_corpus(small.corpus)


def test_a_file_must_bear_its_documents_name(tmp_path) -> None:
    small = SmallCorpus(tmp_path).write(locked=False)
    small.path.rename(small.path.with_name("other.yaml"))
    with pytest.raises(AssertionFileError, match=r"belongs in small\.yaml"):
        read_corpus(small.corpus)


def test_an_empty_folder_and_an_empty_file_are_told(tmp_path) -> None:
    with pytest.raises(AssertionFileError, match="no assertion file"):
        read_corpus(tmp_path)
    (tmp_path / "empty.yaml").write_text("")
    with pytest.raises(AssertionFileError, match=r"empty\.yaml:1"):
        read_corpus(tmp_path)


def test_dates_and_no_stay_text(tmp_path) -> None:
    (tmp_path / "x.yaml").write_text("on: 2017-03-20\nmonth: 2017-03\ncountry: NO\nother: [2017-03-20, yes]\n")
    assert read_yaml(tmp_path / "x.yaml").data == {
        "on": "2017-03-20", "month": "2017-03", "country": "NO", "other": ["2017-03-20", "yes"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &a [1, 1]\nb: &b [*a, *a]\n", "x.yaml:2: an alias within"),
        ("[" * 100, "x.yaml:1: nested more than"),
        ("a: !!binary aGk=\n", "x.yaml:1: the tag"),
        ('a: "b\\0"\n', "x.yaml:1: the character U+0000"),
        ('a: "\\uD800"\n', "x.yaml:1: the character U+D800"),
        ("a: " + "x" * 4_000_001, "too many for one file"),
    ],
)
def test_what_costs_more_than_it_says_is_refused(tmp_path, text: str, says: str) -> None:
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(YamlError) as error:
        read_yaml(tmp_path / "x.yaml")
    assert says in str(error.value)


@pytest.mark.parametrize("data", [b"a: [1", b"\xff\xfe", b"a: 1\na: 2\n", b"\t- x", b"a: *nowhere"])
def test_what_is_not_yaml_is_told_with_its_file(tmp_path, data: bytes) -> None:
    (tmp_path / "x.yaml").write_bytes(data)
    with pytest.raises(YamlError, match=r"x\.yaml"):
        read_yaml(tmp_path / "x.yaml")


def test_planned_and_held_are_read_as_they_stand(tmp_path) -> None:
    file = read_assertions(SmallCorpus(tmp_path, assertions=[HELD, PLANNED]).write(locked=False).path)
    assert [assertion.says[0].status for assertion in file.content.assertions] == ["Held", "Planned"]
