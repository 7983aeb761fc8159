"""Whether the values of a property agree with what a query wants: the same thing, the same day, the same text.

Agreement is 100. Less is likeness: it moves a candidate up or down, and never makes a match.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.dates import Bounds, DateError, bounds
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
_TIME: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[^/]*")
_fold: Final = lru_cache(20_000)(fold)


class Target:
    """A value that is wanted, looked up once: the thing that it names, and its letters."""

    def __init__(self, wanted: Wanted, offer: Offer) -> None:
        self._text, self._is_id, self._offer = wanted.text, wanted.is_id, offer
        self._meant = {iri for iri in (iri_of(wanted.text), offer.meant(wanted.text)) if iri}
        if not self._meant and not self._is_id:
            self._meant = set(offer.names.exact(wanted.text))
        self._folded = _fold(wanted.text)

    def agreement(self, term: Term) -> float | None:
        """How well a value fits, 0 to 100; None where it may or may not be what is wanted."""
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

    def _literal(self, term: Literal) -> float | None:
        """A date agrees with a day, month or year that it lies in; a number with its value; a text by its letters."""
        kind = term.datatype.value
        if kind in _DATES:
            return _dated(term.value, self._text)
        if kind in _NUMBERS:
            with suppress(ValueError):
                return SAME if float(term.value) == float(self._text) else 0.0
            return 0.0
        return self._named(term.value)

    def _named(self, name: str) -> float:
        return SAME if self._folded and _fold(name) == self._folded else NEARLY * likeness(name, self._text)


def agreement(terms: Iterable[Term], targets: Sequence[Target]) -> float | None:
    """How well the best of some values fits the best of those wanted, 0 to 100; None where nothing is known.

    What may agree, or may not, makes it unknown, unless something does agree.
    """
    found = [target.agreement(term) for term in terms for target in targets]
    known = [each for each in found if each is not None]
    best = max(known, default=None)
    return best if best == SAME or len(known) == len(found) else None


def _dated(value: str, wanted: str) -> float | None:
    """Whether a date lies in the time that is wanted, both EDTF; None where only a part of it may, or it is none."""
    try:
        sought = bounds(_day(wanted))
    except DateError:
        return 0.0
    try:
        held = bounds(_day(value))
    except DateError:
        return None
    if sought.contains(held):
        return SAME
    return None if _overlap(sought, held) else 0.0


def _day(text: str) -> str:
    """The day of a time of day; any other text as it is."""
    found = _TIME.fullmatch(text)
    return found[1] if found else text


def _overlap(one: Bounds, other: Bounds) -> bool:
    """Whether there is a day on which both may have been."""
    starts = [each.start_earliest or date.min for each in (one, other)]
    ends = [each.end_latest or date.max for each in (one, other)]
    return max(starts) <= min(ends)
