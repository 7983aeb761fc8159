"""Quotes to offsets, and texts to sentences."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.documents import (
    EvidenceError,
    UnreadableDocumentError,
    fold,
    locate,
    nearest,
    read,
    sentences,
    texts_by_hash,
)

TEXT = """The ministers met in Tokyo.
Japanese Prime

Minister Shinzo Abe plans to visit Russia.
They met again in Bonn."""
WORDS = st.lists(st.text("abcde", min_size=1, max_size=4), min_size=3, max_size=30)


def sentence_texts(text: str) -> list[str]:
    return [fold(text[span.start : span.end]) for span in sentences(text)]


def test_a_quote_is_found_across_a_broken_line_and_its_offsets_give_the_raw_text() -> None:
    span = locate(TEXT, "Japanese Prime Minister Shinzo Abe")
    assert TEXT[span.start : span.end] == "Japanese Prime\n\nMinister Shinzo Abe"


def test_a_missing_quote_is_told_with_the_nearest_text() -> None:
    with pytest.raises(EvidenceError, match="the nearest text is: “Minister Shinzo Abe plans"):
        locate(TEXT, "Minister Shinzo Abe planned to visit Russia")


def test_an_ambiguous_quote_asks_for_its_prefix_and_is_found_with_it() -> None:
    with pytest.raises(EvidenceError, match="stands 2 times.*`prefix:`"):
        locate(TEXT, "met")
    span = locate(TEXT, "met", prefix="They")
    assert TEXT[: span.end].endswith("They met")


def test_an_empty_quote_is_refused() -> None:
    with pytest.raises(EvidenceError, match="empty"):
        locate(TEXT, " \n ")


def test_offsets_count_code_points_not_bytes_or_utf16_units() -> None:
    text = "𝒜 Кунашир — 国後島. The island."
    assert locate(text, "The island").start == text.index("The")


@given(WORDS, st.data())
def test_whatever_is_quoted_from_a_text_is_found_where_it_stands(words: list[str], data: st.DataObject) -> None:
    numbered = [f"{word}{number}" for number, word in enumerate(words)]
    spaces = data.draw(
        st.lists(st.sampled_from([" ", "\n", " \n\n ", "\t"]), min_size=len(words), max_size=len(words))
    )
    text = "".join(word + space for word, space in zip(numbered, spaces, strict=True))
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    span = locate(text, " ".join(numbered[start:end]), " ".join(numbered[:start]))
    assert fold(text[span.start : span.end]) == " ".join(numbered[start:end])
    assert text[: span.start].split() == numbered[:start]


@given(WORDS)
def test_the_nearest_text_stands_in_the_text(words: list[str]) -> None:
    text = " ".join(words)
    assert nearest(text, "abc de") in text


def test_a_sentence_goes_on_over_a_page_break_but_a_heading_does_not() -> None:
    text = "Heading without a stop\nFirst one. It ends with the Prime\n\nMinister of Japan. Last one."
    assert sentence_texts(text) == [
        "Heading without a stop",
        "First one.",
        "It ends with the Prime Minister of Japan.",
        "Last one.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. Military base. It stands.", ["The U.S. Military base.", "It stands."]),
        ("They met Nov. 2, 2013, in Tokyo. Then not.", ["They met Nov. 2, 2013, in Tokyo.", "Then not."]),
        ('He said "so." Then he left.', ['He said "so."', "Then he left."]),
        ('It is absurd. "Why?" asked he.', ["It is absurd.", '"Why?" asked he.']),
        ("Встретились в Токио. Потом нет.", ["Встретились в Токио.", "Потом нет."]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_sentences_end_where_they_end(text: str, expected: list[str]) -> None:
    assert sentence_texts(text) == expected


@given(st.text(max_size=300))
def test_sentences_cover_all_but_white_space_in_order(text: str) -> None:
    spans = sentences(text)
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), len(text)]
    assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_a_text_that_is_not_utf8_is_told_with_its_file(tmp_path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableDocumentError, match="bad.txt"):
        read(tmp_path / "bad.txt")
    with pytest.raises(UnreadableDocumentError, match="bad.txt"):
        texts_by_hash(tmp_path)
