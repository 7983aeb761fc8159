"""What a proof is made of: quotes, leaves, absences and steps; and the answer to *why*.

A *support* of a triple is a set of triples that are stated, from which the rules conclude it. A triple that several
assertions state is one leaf with the quotes of all of them, so that two documents on one meeting are one support
with twice the evidence, and not two supports.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import Triple

Kind = Literal["quote", "authority", "wikidata", "link", "axiom", "record"]
Standing = Literal["premise", "admitted", "said", "none"]


class NotInGraphError(ValueError):
    """A triple is neither in the merged view nor in the ontology."""


class ProofLimitError(ValueError):
    """The search for proofs came to its bound before it found one."""


@dataclass(frozen=True, order=True)
class Quote:
    """Exact words: where they stand (code points), who says so, and in what manner; ``sentence`` counts from 1."""

    document: str
    start: int
    end: int
    exact: str
    assertion: str
    document_title: str = ""
    attribution: str = ""
    modality: str = ""
    sentence: int | None = None
    passage: str = ""


@dataclass(frozen=True)
class Leaf:
    """A triple that is stated, and by what.

    ``kind`` is *quote* (assertions say it; ``quotes`` are their passages), *wikidata* (Wikidata says it, read there
    on the day ``recorded``), *link* (somebody judged so that day), *authority*, *record* (a fact about a document or
    an assertion, with the assertion's quotes) or *axiom* (the ontology).

    ``sources`` are IRIs: the assertions, the judgement, the Wikidata statement or item from which the authority file
    has it, the slice, else the graph. Of a tenure that was read in a slice they are the statement, and then the links
    by which its person and office are known; ``revision`` is the item's as it was read, where the slice tells it.
    """

    triple: Triple
    kind: Kind
    sources: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()
    recorded: str = ""
    revision: str = ""


@dataclass(frozen=True)
class Absence:
    """What a rule's FILTER NOT EXISTS looked for and did not find, among premises and conclusions, in a data version.

    ``number`` counts the rule's filters of that kind from 0; ``bindings`` are the rule's variables (name and term, by
    name) under which it looked; ``patterns`` is the block with them filled in, as SPARQL, for readers.
    """

    rule: str
    number: int
    bindings: tuple[tuple[str, str], ...]
    patterns: tuple[str, ...]
    version: str


@dataclass(frozen=True)
class Step:
    """A conclusion, the rule that draws it, and the proofs of its premises; ``absent`` is what must not be there."""

    triple: Triple
    rule: str
    premises: "tuple[Proof, ...]"
    absent: tuple[Absence, ...] = ()


Proof = Leaf | Step


@dataclass(frozen=True)
class Ground:
    """How a triple stands in the graph.

    ``standing``: *premise* (rules may build on it), *admitted* (in the merged view, and no premise), *said* (in an
    assertion's graph only), *none* (inferred only). ``leaf`` is where it is stated, None where it is not.
    ``entailed``: whether it is also, or only, inferred.
    """

    leaf: Leaf | None
    standing: Standing
    entailed: bool

    @property
    def holds(self) -> bool:
        """Whether rules may build on it: as a premise, or as a conclusion of theirs."""
        return self.entailed or self.standing == "premise"


@dataclass(frozen=True)
class Bound:
    """How far to look: supports kept of a triple, rules deep, rows of a rule's body, triples, queries, seconds."""

    supports: int = 20
    depth: int = 24
    rows: int = 500
    triples: int = 3000
    queries: int = 400
    seconds: float = 10.0


@dataclass(frozen=True)
class Explanation:
    """Why a triple holds: one proof for each minimal support, the smallest first.

    ``cut`` says by which bounds the search was cut, if it was: then each proof is still a proof, yet there may be
    others, and a smaller support. ``version`` is the data's.
    """

    triple: Triple
    proofs: tuple[Proof, ...]
    cut: tuple[str, ...]
    version: str

    @property
    def supports(self) -> tuple[frozenset[Triple], ...]:
        """The supports, in the order of the proofs."""
        return tuple(frozenset(leaf.triple for leaf in leaves(proof)) for proof in self.proofs)


def leaves(proof: Proof) -> Iterator[Leaf]:
    """The leaves of a proof, left to right; one that is used twice comes twice."""
    if isinstance(proof, Leaf):
        yield proof
        return
    for premise in proof.premises:
        yield from leaves(premise)


def steps(proof: Proof) -> Iterator[Step]:
    """The steps of a proof, each before those under it."""
    if isinstance(proof, Step):
        yield proof
        for premise in proof.premises:
            yield from steps(premise)
