"""Whether a name of a person is only a part of one: a surname, which others bear, too, though nobody else here does.

A name of one word is such a part; initials are no word. In a script that puts no space between the words of a name,
it is what a longer name of the same person holds, or two signs that are not the preferred name.
"""

import re
from typing import Final

from graph.namespaces import expand
from server.reconciliation.entities import Entity, Name

_PERSON: Final = expand("foaf:Person")
_BETWEEN: Final = re.compile(r"[\s,\u30fb\uff65\u00b7\u2022=\uff1d]+")
_UNSPACED: Final = re.compile(
    r"[\u3005\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Hiragana, Chinese characters and Hangul; in Katakana, names of foreigners have a dot between their words."""
_SHORTEST: Final = 3
_WHOLE: Final = 2


def is_surname(entity: Entity, name: Name) -> bool:
    """Whether this name of an entity is that of a person, and only a part of it."""
    if _PERSON not in entity.all_types:
        return False
    words = [word for word in _BETWEEN.split(name.text) if word]
    if len(words) == 1 and _UNSPACED.fullmatch(words[0]):
        return _is_part(words[0], entity) or (len(words[0]) < _SHORTEST and not name.preferred)
    return sum(not _is_initial(word) for word in words) < _WHOLE


def _is_part(text: str, entity: Entity) -> bool:
    """Whether a longer name of the entity holds it."""
    others = ("".join(_BETWEEN.split(name.text)) for name in entity.names if not name.hidden)
    return any(text in other and text != other for other in others)


def _is_initial(word: str) -> bool:
    letters = word.strip(".")
    return len(letters) == 1 and not _UNSPACED.fullmatch(letters)
