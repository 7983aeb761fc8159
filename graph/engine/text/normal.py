r"""When two queries are the same: spaces and comments between tokens do not count; everything else does.

What could be read in two ways is left as it is: better to answer a query twice than to answer another one. ``<`` may
begin an IRI or be "less than"; where what looks like an IRI holds a quote or ``#``, the reading of all that follows
depends on it (but for ``://`` before them: no expression holds that). A quote that closes nowhere, and ``\u``
escapes, could hide where a string ends.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVar

T = TypeVar("T")

_LONGEST_KEPT: Final = 16 * 1024
_MOST_KEPT: Final = 1024
_GAP: Final = r"[\x20\t\r\n]++ | \#[^\r\n]*+"
_ESCAPE: Final = r"\\[tbnrf\"'\\]"
_ESCAPES: Final = ("\\u", "\\U")
# Groups: what has to stay as it is, between gaps; and what nothing else takes.
_PIECES: Final = re.compile(
    rf"""
    ((?: [^\x20\t\r\n\#"'<\\]++
       | \"\"\"(?:\"?\"?(?:[^\"\\]|{_ESCAPE}))*+\"\"\" | '''(?:'?'?(?:[^'\\]|{_ESCAPE}))*+'''
       | "(?:[^"\\\r\n]|{_ESCAPE})*+" | '(?:[^'\\\r\n]|{_ESCAPE})*+'
       | <(?:[^\x00-\x20<>"{{}}|^`\\'\#:]|:(?!//))*+(?:://[^\x00-\x20<>"{{}}|^`\\]*+)?+>
       | <(?![^\x00-\x20<>"{{}}|^`]*+>)
       | \\[^uU]
    )++)
  | {_GAP}
  | (.)
    """,
    re.VERBOSE | re.DOTALL,
)
_VARYING: Final = ("now", "rand", "uuid", "bnode")
_VOLATILE: Final = re.compile(rf"(?:{'|'.join(_VARYING)})(?:{_GAP})*+\(", re.VERBOSE | re.IGNORECASE)


def _remembering(function: Callable[[str], T]) -> Callable[[str], T]:
    """The same function, which remembers what it said of short texts."""
    remembered = lru_cache(_MOST_KEPT)(function)
    return lambda text: remembered(text) if len(text) <= _LONGEST_KEPT else function(text)


@_remembering
def normalised(query: str) -> str:
    """The query with one space for each run of spaces and comments; as it is where that could change its meaning."""
    if any(escape in query for escape in _ESCAPES):
        return query
    pieces = _PIECES.findall(query)
    if any(unsure for _, unsure in pieces):
        return query
    return " ".join(kept for kept, _ in pieces if kept)


@_remembering
def is_volatile(query: str) -> bool:
    """Whether the answer may differ each time on the same data: it calls the clock, chance, or makes new nodes.

    True also where it cannot be told: where the words stand in a string, or may be spelt with escapes.
    """
    lower = query.lower()
    if _ESCAPES[0] in lower:
        return True
    return any(name in lower for name in _VARYING) and _VOLATILE.search(query) is not None
