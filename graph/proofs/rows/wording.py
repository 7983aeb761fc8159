"""What was absent, as a reader sees it: the query's own words, with the terms that were known in them."""

import re
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Variable

from graph.engine import Term
from graph.namespaces import shorten

LONGEST: Final = 600
_TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|<([^<>"{}|^`\\\s]*)>|\?(\w+)')

_OWN: Final = re.compile(r"^v\d*_\d+_")
"""What :class:`graph.proofs.rows.names.Names` puts before a name."""


def filled_in(text: str, solution: Mapping[Variable, Term]) -> str:
    """A pattern's text with the terms of a solution in the place of its variables, and short IRIs."""
    terms = {variable.value: term for variable, term in solution.items()}

    def word(found: re.Match[str]) -> str:
        if found[1] is not None:
            return _short(NamedNode(found[1]))
        if found[2] is not None:
            return _short(terms[found[2]]) if found[2] in terms else "?" + _OWN.sub("", found[2])
        return found[0]

    made = _TOKENS.sub(word, text)
    return made if len(made) <= LONGEST else made[:LONGEST] + " …"


def _short(term: Term) -> str:
    if isinstance(term, NamedNode):
        short = shorten(term.value)
        return short if short != term.value else str(term)
    return f'"{term.value}"' if isinstance(term, Literal) else str(term)
