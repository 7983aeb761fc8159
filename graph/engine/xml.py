"""XML that is none: what Oxigraph would write, and no XML parser would read.

It writes control characters of a literal as they are, though XML 1.0 has no place for them, and a predicate that
ends in no XML name as an element called ``oxprefix:``. Both are found in the bytes, since ``<`` is escaped elsewhere.
"""

import re
from typing import Final

from graph.engine import UnwritableError

_IMPOSSIBLE: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|<oxprefix: ")
_LONGEST: Final = len(b"<oxprefix: ")


class Checked:
    """Reads the blocks of an answer as they come."""

    def __init__(self) -> None:
        self._tail = b""

    def __call__(self, block: bytes) -> None:
        """Raise :class:`UnwritableError` for what is no XML, be it on the border of two blocks."""
        found = _IMPOSSIBLE.search(self._tail + block)
        if found:
            what = "a predicate that ends in no XML name" if found[0].startswith(b"<") else "a control character"
            raise UnwritableError(f"XML cannot express {what}, which the answer holds: ask for another format")
        self._tail = block[-_LONGEST:]
