"""Values as QuickStatements writes them (version 1 syntax, with TABs; wikidata.org, *Help:QuickStatements*).

Its strings stand between double quotes with no way to escape anything. So white space is folded (no TAB, no line
end), and a text that some version of the tool would read otherwise is left out rather than changed: one with ``|``, a
backslash, an odd number of double quotes, the marks of a comment, or a control character.
"""

import re
from typing import Final

from graph.documents import fold
from graph.wikidata.exports.quotation import LONGEST
from graph.wikidata.model import GREGORIAN, Item, Monolingual, Snak, Text, Time

_UNCARRIED: Final = re.compile(r"[|\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|/\*|\*/")
_LANGUAGE: Final = re.compile(r"[a-z]+(-[a-z]+)*")


def is_carried(text: str) -> bool:
    """Whether every version of the tool reads the text, folded, as it stands."""
    folded = fold(text)
    return bool(folded) and not _UNCARRIED.search(folded) and folded.count('"') % 2 == 0


def value_text(snak: Snak) -> str:
    """The value of a snak as the tool writes it; ``""`` for one that it cannot carry."""
    match snak.value:
        case Item(identifier):
            return identifier
        case Text(text):
            return f'"{fold(text)}"' if is_carried(text) else ""
        case Monolingual(text, language):
            return f'{language}:"{fold(text)}"' if _is_monolingual(text, language) else ""
        case Time(time, precision, calendar):
            return f"{time}/{precision}" if calendar == GREGORIAN else ""
    return ""


def _is_monolingual(text: str, language: str) -> bool:
    return is_carried(text) and len(fold(text)) <= LONGEST and bool(_LANGUAGE.fullmatch(language))
