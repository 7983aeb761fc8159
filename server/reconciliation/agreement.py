"""Whether the values of a property agree with what a query wants: the same thing, the same day, the same text.

Agreement is 100. Less is likeness: it moves a candidate up or down, and never makes a match.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.engine import Term
from graph.names import fold
from graph.namespaces import expand
from graph.wikidata.reconciliation.likeness import likeness
from server.reconciliation.identifiers import iri_of
from server.reconciliation.offer import Offer
from server.reconciliation.reading import Wanted

SAME: Final = 100.0
NEARLY: Final = 0.99
"""What is only alike is never as good as what is the same."""
_DATES: Final = frozenset(map(expand, ("xsd:date", "xsd:dateTime", "edtf:EDTF")))
_NUMBERS: Final = frozenset(map(expand, ("xsd:integer", "xsd:decimal", "xsd:double", "xsd:float")))
_fold: Final = lru_cache(20_000)(fold)


class Target:
    """A value that is wanted, looked up once: the thing that it names, and its letters."""

    def __init__(self, wanted: Wanted, offer: Offer) -> None:
        self._text, self._is_id, self._offer = wanted.text, wanted.is_id, offer
        self._meant = {iri for iri in (iri_of(wanted.text),) if iri}
        if not self._meant and not self._is_id:
            self._meant = set(offer.names.exact(wanted.text))
        self._folded = _fold(wanted.text)

    def agreement(self, term: Term) -> float:
        """How well a value fits, 0 to 100."""
        if isinstance(term, NamedNode):
            return self._thing(term.value)
        if not isinstance(term, Literal) or self._is_id:
            return 0.0
        return SAME if term.value == self._text else self._literal(term)

    def _thing(self, iri: str) -> float:
        """What is wanted by the name of another thing is that other thing, however alike the names."""
        if self._meant or self._is_id:
            return SAME if iri in self._meant else 0.0
        entity = self._offer.entities.get(iri)
        names = (name.text for name in entity.names) if entity else self._offer.vocabulary.names(iri)
        return max(map(self._named, names), default=0.0)

    def _literal(self, term: Literal) -> float:
        """A date agrees with a day, month or year that it lies in; a number with its value; a text by its letters."""
        kind = term.datatype.value
        if kind in _DATES:
            day = self._text.partition("T")[0]
            return SAME if day and (term.value == day or term.value.startswith(f"{day}-")) else 0.0
        if kind in _NUMBERS:
            with suppress(ValueError):
                return SAME if float(term.value) == float(self._text) else 0.0
            return 0.0
        return self._named(term.value)

    def _named(self, name: str) -> float:
        return SAME if self._folded and _fold(name) == self._folded else NEARLY * likeness(name, self._text)


def agreement(terms: Iterable[Term], targets: Sequence[Target]) -> float | None:
    """How well the best of some values fits the best of those wanted, 0 to 100; None where nothing is known."""
    return max((target.agreement(term) for term in terms for target in targets), default=None)
