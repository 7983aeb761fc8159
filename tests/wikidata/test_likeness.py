"""How alike names are: what folding makes one, and why no threshold on names can decide."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from graph.wikidata.reconciliation.likeness import fold, likeness, spell, word_by_word

NAMES = st.text(st.sampled_from("abeksyijouhvЁёйщъяцÉøßß岸田文雄ラブロフが -·’.+&"), max_size=16)


def plain(a: str, b: str) -> float:
    """What rapidfuzz says of the letters as they stand, with the order of words free."""
    return fuzz.token_sort_ratio(a.casefold(), b.casefold())


def test_no_threshold_on_plain_names_separates_one_man_from_two() -> None:
    one, two = plain("Sergei Shoigu", "Sergey Shoygu"), plain("Valery Kistanov", "Valery Ivanov")
    assert (round(one, 1), round(two, 1)) == (84.6, 85.7)
    assert not [least for least in range(101) if one >= least > two]


def test_no_threshold_on_folded_names_separates_father_and_son() -> None:
    assert likeness("Vladimir Putin", "Владимир Путин") == likeness("Vladimir Putin", "Vladimir Putin") == 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Сергей ШОЙГУ", "sergey shoygu"),
        ("Семён Щербаков", "Семен Щербаков"),
        ("Tarō Kōno", "Taro Kono"),
        ("岸田 文雄", "岸田文雄"),
        ("ラブロフ", "ラブロフ"),
        ("2 + 2", "2+2"),
        ("Łódź", "lodz"),
        ("O’Brien", "O'Brien"),
        ("Dae-jung", "Dae jung"),
        ("Straße", "STRASSE"),
    ],
)
def test_the_same_letters_are_folded_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("one", "other"), [("が", "か"), ("Ivan", "Iван"), ("岸田", "稲田")])
def test_other_letters_are_not(one: str, other: str) -> None:
    assert (fold(one) == fold(other)) is (one == "Ivan")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sergei Shoigu", "Шойгу Сергей"),
        ("Yury Ushakov", "Yurii Ushakov"),
        ("Maxim Oreshkin", "Maksim Oreshkin"),
        ("Mikhail Mishustin", "Mihail Mishustin"),
        ("Shōichi Ōno", "Ohno Shoichi"),
        ("Kishida, Fumio", "Fumio Kishida"),
        ("Alexander Petrov", "Александр Петров"),
    ],
)
def test_romanisations_and_orders_of_one_name_are_wholly_alike(one: str, other: str) -> None:
    assert likeness(one, other) == 100


def test_a_part_of_a_name_is_less_alike_than_the_whole() -> None:
    assert likeness("Lavrov", "Sergey Lavrov") == 90
    assert likeness("of", "Ministry of Foreign Affairs of Japan") < 50, "one word of many is no name"
    assert word_by_word("Lavrov", "Sergey Lavrov") < 50


def test_word_by_word_two_of_one_family_are_told_apart() -> None:
    assert likeness("Oleh Honcharuk", "Oleksiy Honcharuk") > 85
    assert word_by_word("Oleh Honcharuk", "Oleksiy Honcharuk") == pytest.approx(66.7, abs=0.1)
    assert word_by_word("Valery Kistanov", "Valery Ivanov") == pytest.approx(71.4, abs=0.1)
    assert word_by_word("Sergei Shoigu", "Shoygu Sergey") == 100


def test_a_name_without_letters_is_like_nothing() -> None:
    assert fold("!?") == ""
    assert likeness("!?", "!?") == likeness("", "Lavrov") == word_by_word("", "") == 0


@given(NAMES)
@settings(max_examples=150, deadline=None)
def test_folding_again_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(NAMES, NAMES)
@settings(max_examples=150, deadline=None)
def test_likeness_is_the_same_from_both_sides_and_within_bounds(a: str, b: str) -> None:
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b) <= 100
    assert word_by_word(a, b) == word_by_word(b, a)
    assert likeness(a, a) == (100 if spell(a) else 0)
