"""What comes of comparing: a finding with its typed verdict, in our words, with what it rests on upon both sides."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from pyoxigraph import NamedNode

from graph.dates import Bounds
from graph.namespaces import cq, kind, slug
from graph.wikidata.model import Entity, Statement

_SIGNS: Final = re.compile(r"[^a-z0-9]+")
_DIGITS: Final = 8

Verdict = Literal[
    "agree", "agree-within-precision", "silent", "undated", "other-holder", "other-dates", "ended-before",
    "starts-after", "overlap", "duplicate", "deprecated-only", "chain-gap", "link-stale", "other-view", "not-linked",
    "not-retrieved",
]  # fmt: skip
_TERMS: Final[dict[Verdict, str]] = {
    "agree": "Agrees",
    "agree-within-precision": "AgreesWithinPrecision",
    "silent": "Silent",
    "undated": "Undated",
    "other-holder": "OtherHolder",
    "other-dates": "OtherDates",
    "ended-before": "EndedBefore",
    "starts-after": "StartsAfter",
    "overlap": "Overlap",
    "duplicate": "Duplicate",
    "deprecated-only": "DeprecatedOnly",
    "chain-gap": "ChainGap",
    "link-stale": "StaleLink",
    "other-view": "OtherView",
    "not-linked": "NotLinked",
    "not-retrieved": "NotRetrieved",
}
VERDICTS: Final = tuple(_TERMS)
NO_DIFFERENCE: Final[tuple[Verdict, ...]] = (
    "agree",
    "agree-within-precision",
    "silent",
    "not-linked",
    "not-retrieved",
)
"""The verdicts by which nothing differs: both sides agree, or one of them has nothing to say."""


def individual(verdict: Verdict) -> NamedNode:
    """The term of a verdict: ``cq:OtherHolder``."""
    return cq(_TERMS[verdict])


def verdict_of(iri: str) -> Verdict | None:
    """The verdict that a term is, or None for any other IRI."""
    return next((verdict for verdict in VERDICTS if individual(verdict).value == iri), None)


@dataclass(frozen=True)
class Mention:
    """A statement of Wikidata as a finding shows it: the statement, and the entity at the revision that has it."""

    statement: Statement
    entity: Entity

    @property
    def read(self) -> str:
        """The day on which the statement was read; empty where it is not known."""
        return self.statement.retrieved or self.entity.retrieved

    @property
    def graph(self) -> str:
        """The slice in which the statement stands; empty where it is not known."""
        return self.statement.graph or self.entity.graph


@dataclass(frozen=True)
class Finding:
    """One comparison.

    ``aspect`` is the compact IRI of the property compared, ``about`` the things (IRIs, ours or Wikidata's), ``nodes``
    what of ours was compared and ``assertions`` what says it. ``label`` names the comparison, ``sentence`` tells it.
    ``with_source`` says that our side was read from the very statement, or item, beside which it is put.
    """

    name: tuple[str, ...]
    verdict: Verdict
    aspect: str
    about: tuple[str, ...]
    label: str
    sentence: str
    nodes: tuple[str, ...] = ()
    assertions: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    slices: tuple[str, ...] = ()
    days: Bounds | None = None
    with_source: bool = False


def part(iri: str) -> str:
    """What an IRI adds to the name of a comparison."""
    return _SIGNS.sub("-", slug(iri).lower()).strip("-") or "x"


def whole(iri: str) -> tuple[str, str]:
    """The same with its kind, where things of several kinds may be compared."""
    return kind(iri) or "thing", part(iri)


def digits(*mentions: Mention) -> str:
    """What tells a comparison of these statements from that of any others."""
    return sha256(" ".join(each.statement.iri for each in mentions).encode()).hexdigest()[:_DIGITS]
