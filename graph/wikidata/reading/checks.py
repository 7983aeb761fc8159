"""What JSON must be where it is read: a map, a list, a text of some form; else an error that says where."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar, cast

Json = Mapping[str, object]
_Choice = TypeVar("_Choice", bound=str)


class EntityError(ValueError):
    """Entity JSON is not what Wikibase writes; the message says where."""


def as_map(given: object, where: str) -> Json:
    """A JSON object; ``[]``, which is how PHP writes an empty one, is empty."""
    if given == []:
        return {}
    if not isinstance(given, dict):
        raise EntityError(f"{where}: {_kind(given)} stands where an object was expected")
    return cast(Json, given)


def as_list(given: object, where: str) -> Sequence[object]:
    """A JSON list."""
    if not isinstance(given, list):
        raise EntityError(f"{where}: {_kind(given)} stands where a list was expected")
    return given


def as_text(given: object, where: str, name: str) -> str:
    """A text that can be written as UTF-8."""
    if not isinstance(given, str):
        raise EntityError(f"{where}: {name} is {_kind(given)}, not a text")
    try:
        given.encode()
    except UnicodeEncodeError as error:
        raise EntityError(f"{where}: {name} has half of a surrogate pair") from error
    return given


def as_matching(pattern: re.Pattern[str], given: object, where: str, name: str) -> str:
    """A text of a form."""
    text = as_text(given, where, name)
    if not pattern.fullmatch(text):
        raise EntityError(f"{where}: {name} is '{text[:80]}', which is not of its form")
    return text


def as_one_of(choices: Collection[_Choice], given: object, where: str, name: str) -> _Choice:
    """One of some texts."""
    for choice in choices:
        if given == choice:
            return choice
    raise EntityError(f"{where}: {name} is {str(given)[:80]!r}, not one of {', '.join(choices)}")


def is_of(guid: str, entity: str) -> bool:
    """Whether a GUID is that of a statement of an entity, which is the part before its ``$``, in any case."""
    return guid.partition("$")[0].upper() == entity


def _kind(given: object) -> str:
    return "nothing" if given is None else f"{type(given).__name__} {str(given)[:40]!r}"
