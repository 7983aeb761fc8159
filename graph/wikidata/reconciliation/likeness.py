"""How alike two names are: folded to the same letters, then compared by rapidfuzz with the order of words free.

Likeness finds candidates; it never decides. "Sergei Shoigu" and "Sergey Shoygu" are one man and 84.6 alike as plain
text; "Valery Kistanov" and "Valery Ivanov" are two and 85.7 alike; father and son are both "Vladimir Putin".
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

_KEPT_SIGNS: Final = "+&"
_REMEMBERED: Final = 100_000
# A name that is only a part of the other ("Lavrov") is never as like it as the whole; one word of many is no name.
_PART: Final = 90.0
_LEAST_SHARE: Final = 0.25

# Cyrillic in the letters of the BGN/PCGN romanisation, as newspapers write names: without its marks and signs.
_CYRILLIC: Final = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџѓќѕ",
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya "
        "i yi ye g u j lj nj c d dz gj kj dz".replace("_", "\0").split(" "),
        strict=True,
    )
)
_UNMARKED: Final = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
_LETTERS: Final = str.maketrans({**{k: v.replace("\0", "") for k, v in _CYRILLIC.items()}, **_UNMARKED})
_MARKS: Final = re.compile("[\u0300-\u036f]")
_APOSTROPHES: Final = re.compile("['’‘ʼʹʺ`´\"“”]")
# No word ends here: between two Han characters, or at a sign that joins ("2 + 2").
_JOINED: Final = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|\s+(?=[+&])|(?<=[+&])\s+")
# What romanisations write in more than one way, as one: Sergei, Sergey; Yury, Yurii; Ōno, Ohno; Alexander.
_SPELLINGS: Final = tuple(
    (re.compile(pattern), one)
    for pattern, one in (
        (r"ks", "x"),
        (r"kh", "h"),
        (r"oh(?![aeiou])|ou|oo", "o"),
        (r"uu", "u"),
        (r"[yj]", "i"),
        (r"w", "v"),
        (r"ph", "f"),
        (r"i+e", "e"),
        (r"i{2,}", "i"),
        (r"(?<=[bdt])er\b", "r"),
    )
)


def fold(name: str) -> str:
    """The letters of a name: without case, width, diacritics and punctuation, Cyrillic as Latin, words by one space.

    Kana and Han stay as they are: what a reading says of the spelling is not known. Folding again changes nothing.
    """
    folded = _fold_once(name)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


@lru_cache(_REMEMBERED)
def spell(name: str) -> str:
    """The folded name with the ways of romanising as one, its words in the order of the alphabet."""
    text = fold(name)
    for pattern, one in _SPELLINGS:
        text = pattern.sub(one, text)
    return " ".join(sorted(text.split()))


def likeness(a: str, b: str) -> float:
    """How alike two names are, 0 to 100; 100 is the same words, in any order, script of ours or romanisation."""
    return likeness_of_spelled(spell(a), spell(b))


def likeness_of_spelled(a: str, b: str) -> float:
    """The same, of names that :func:`spell` has gone over."""
    if not a or not b:
        return 0.0
    whole = fuzz.ratio(a, b)
    (_, shorter), (length, longer) = sorted((len(name), name) for name in (a, b))
    is_part = set(shorter.split()) < set(longer.split()) and len(shorter) >= length * _LEAST_SHARE
    return max(whole, _PART) if is_part else whole


def word_by_word(a: str, b: str) -> float:
    """How alike the least alike of all their words is to the word of the other name that is likest to it, 0 to 100.

    "Oleh Honcharuk" and "Oleksiy Honcharuk" are 89.7 alike as a whole, and 66.7 by this.
    """
    words, others = spell(a).split(), spell(b).split()
    pairs = [(words, others), (others, words)]
    return min((max((fuzz.ratio(x, y) for y in to), default=0.0) for of, to in pairs for x in of), default=0.0)


def _fold_once(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _MARKS.sub("", unicodedata.normalize("NFD", text.translate(_LETTERS)))
    text = _JOINED.sub("", unicodedata.normalize("NFC", _APOSTROPHES.sub("", text)))
    kept = (sign if sign in _KEPT_SIGNS or unicodedata.category(sign)[0] in "LMN" else " " for sign in text)
    return " ".join("".join(kept).split())
