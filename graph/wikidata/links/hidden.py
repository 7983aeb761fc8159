"""Characters that nobody sees, and that make a text look like another one, as the bidirectional controls do."""

import unicodedata
from typing import Final

_FORMAT: Final = "Cf"
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs that are shown as nothing, though Unicode does not call them format characters."""


def hidden(text: str) -> str:
    """The first such character by its code and name; empty where there is none."""
    return next((f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip() for sign in text if _is_hidden(sign)), "")


def shown(text: str) -> str:
    """The text without them."""
    return "".join(sign for sign in text if not _is_hidden(sign))


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) == _FORMAT or sign in _BLANK
