"""Identifiers of items and properties, as Wikibase reads them: a letter and a positive number of 32 bits."""

import re
from typing import Final

_ID: Final = re.compile(r"[QP]([1-9][0-9]{0,9})")
_GREATEST: Final = 2**31 - 1


class IdentifierError(ValueError):
    """A text is no identifier of an item or property."""


def identifier(text: str) -> str:
    """The identifier in the case that Wikidata writes; raises :class:`IdentifierError`."""
    id_ = text.strip().upper()
    if not is_identifier(id_):
        raise IdentifierError(f"'{text}' is no identifier of an item or property: Q7747 and P39 are")
    return id_


def is_identifier(text: object) -> bool:
    """Whether something is an identifier as Wikidata writes it."""
    found = _ID.fullmatch(text) if isinstance(text, str) else None
    return found is not None and int(found[1]) <= _GREATEST
