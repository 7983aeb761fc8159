"""A proof as people see it, on a page or in the shell: sentences in a tree, and the evidence numbered below it."""

from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Triple

from graph.proofs import Explanation, Leaf, Proof, leaves
from graph.proofs.words import Words
from server.statements import Evidence, Quote
from server.why_terms import address


@dataclass
class Part:
    """A word or a name in a sentence; ``iri`` where it leads."""

    text: str
    iri: str = ""


@dataclass
class Shown:
    """One node: its triple in words, what gives it, the numbers of its evidence, and what stands under it.

    A step that was shown before comes without what is under it, and is marked as repeated.
    """

    statement: list[Part]
    ground: str
    kind: str
    why: str
    rule: str = ""
    sources: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    under: "list[Shown]" = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    repeated: bool = False

    @property
    def text(self) -> str:
        """The triple in words."""
        return " ".join(part.text for part in self.statement)


@dataclass
class Page:
    """All proofs of a triple, and the assertions under them by number from 1."""

    statement: list[Part]
    proofs: list[Shown]
    sizes: list[int]
    evidence: list[Evidence]


def shown(explanation: Explanation, words: Words) -> Page:
    """An explanation as people see it."""
    evidence = _evidence(explanation)
    numbers = {item.assertion: number for number, item in enumerate(evidence, 1)}
    return Page(
        _statement(explanation.triple, words),
        [_shown(proof, words, numbers, set()) for proof in explanation.proofs],
        [len(support) for support in explanation.supports],
        evidence,
    )


def _evidence(explanation: Explanation) -> list[Evidence]:
    """Each assertion with its quotes, in the order in which the proofs come to them."""
    found: dict[str, Evidence] = {}
    for quote in (quote for proof in explanation.proofs for leaf in leaves(proof) for quote in leaf.quotes):
        item = found.setdefault(
            quote.assertion,
            Evidence(quote.assertion, quote.document, quote.document_title, quote.attribution, quote.modality),
        )
        words = Quote(quote.exact, quote.start, quote.end)
        item.quotes += [words] if words not in item.quotes else []
    return list(found.values())


def _statement(triple: Triple, words: Words) -> list[Part]:
    linked = (triple.subject, triple.object)
    return [
        Part(text, term.value if isinstance(term, NamedNode) and term in linked else "")
        for term, text in words.parts(triple)
    ]


def _shown(proof: Proof, words: Words, numbers: dict[str, int], seen: set[int]) -> Shown:
    statement, why = _statement(proof.triple, words), address(proof.triple)
    if isinstance(proof, Leaf):
        told = sorted({numbers[quote.assertion] for quote in proof.quotes})
        return Shown(statement, words.ground(proof), proof.kind, why, sources=list(proof.sources), numbers=told)
    repeated = id(proof) in seen
    seen.add(id(proof))
    found = Shown(statement, words.title(proof.rule), "step", why, rule=proof.rule, repeated=repeated)
    if not repeated:
        found.under = [_shown(premise, words, numbers, seen) for premise in proof.premises]
        found.absent = [words.absence(absence) for absence in proof.absent]
    return found
