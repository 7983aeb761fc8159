"""The supports of rows with what stands under each of their triples: the quotes, or the proofs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pyoxigraph import NamedNode, Triple

from graph.engine import Engine
from graph.namespaces import GRAPH_ENTAILED, GRAPH_INDEX, kind
from graph.proofs import Bound, Explanation, Ground, Leaf, NotInGraphError, Quote, grounds, leaves, why_all
from graph.proofs.grounds import quotes_of
from graph.proofs.rows.model import Fact, RowExplanation, Support

Standing = Literal["quote", "authority", "wikidata", "link", "axiom", "record", "entailed", "look-up", "stated"]
_NO_GROUND: Final = Ground(None, "none", entailed=False)


@dataclass(frozen=True)
class ToldFact:
    """A fact and what it rests on.

    ``kind`` is that of its leaf, or *entailed* (a rule concludes it: ``proofs``), *look-up* (the index has it, which
    says nothing of its own), *stated* (it stands in the data, and no words are known for it).
    """

    fact: Fact
    kind: Standing
    leaf: Leaf | None = None
    proofs: Explanation | None = None

    def leaves(self) -> Iterator[Leaf]:
        """Its leaf, or those of its proofs."""
        if self.leaf is not None:
            yield self.leaf
        for proof in self.proofs.proofs if self.proofs else ():
            yield from leaves(proof)


@dataclass(frozen=True)
class ToldSupport:
    """One support of a row: its facts, those in words first, and what was absent."""

    facts: tuple[ToldFact, ...]
    absences: tuple[str, ...]


@dataclass(frozen=True)
class ToldRow:
    """The minimal supports of a row; ``cut`` says in words what was left out."""

    supports: tuple[ToldSupport, ...]
    cut: tuple[str, ...]

    def quotes(self) -> tuple[Quote, ...]:
        """All words under its supports, each once, in the order of documents."""
        facts = (fact for support in self.supports for fact in support.facts)
        return tuple(sorted({quote for fact in facts for leaf in fact.leaves() for quote in leaf.quotes}))


def tell(engine: Engine, rows: Sequence[RowExplanation], bound: Bound) -> tuple[ToldRow, ...]:
    """What stands under the supports of the rows of a page, asked for together; the proofs share the bound."""
    facts = {fact for row in rows for support in row.supports for fact in support.facts}
    told = _Telling(engine, facts, bound)
    return tuple(ToldRow(tuple(told.support(each) for each in row.supports), row.cut) for row in rows)


class _Telling:
    def __init__(self, engine: Engine, facts: Iterable[Fact], bound: Bound) -> None:
        ordered = sorted(facts, key=lambda fact: (str(fact.triple), str(fact.graph)))
        self._grounds = grounds(engine, [fact.triple for fact in ordered])
        said = {fact.graph.value for fact in ordered if _is_assertion(fact.graph)}  # type: ignore[union-attr]
        self._quotes = quotes_of(engine, said)
        self._facts = {fact: self._fact(fact) for fact in ordered}
        entailed = [fact.triple for fact, told in self._facts.items() if told.kind == "entailed"]
        proofs = _proofs(engine, entailed, bound)
        for fact, told in self._facts.items():
            if told.kind == "entailed":
                self._facts[fact] = ToldFact(fact, "entailed", proofs=proofs.get(fact.triple))

    def support(self, support: Support) -> ToldSupport:
        told = sorted((self._facts[fact] for fact in support.facts), key=_in_order)
        return ToldSupport(tuple(told), tuple(sorted(support.absences)))

    def _fact(self, fact: Fact) -> ToldFact:
        if fact.graph == GRAPH_INDEX:
            return ToldFact(fact, "look-up")
        if fact.graph is not None and _is_assertion(fact.graph):
            said = fact.graph.value
            return ToldFact(fact, "quote", Leaf(fact.triple, "quote", (said,), self._quotes.get(said, ())))
        ground = self._grounds.get(fact.triple, _NO_GROUND)
        if ground.entailed and (ground.leaf is None or fact.graph == GRAPH_ENTAILED):
            return ToldFact(fact, "entailed")
        return ToldFact(fact, ground.leaf.kind, ground.leaf) if ground.leaf else ToldFact(fact, "stated")


def _proofs(engine: Engine, triples: Sequence[Triple], bound: Bound) -> Mapping[Triple, Explanation]:
    """The proofs of what is entailed; none where the store was made by rules that are not known here."""
    try:
        return why_all(engine, triples, bound) if triples else {}
    except NotInGraphError:
        return {}


def _is_assertion(graph: NamedNode | None) -> bool:
    return graph is not None and kind(graph.value) == "assertion"


def _in_order(told: ToldFact) -> tuple[int, str, str]:
    order = ("quote", "entailed", "wikidata", "link", "authority", "stated", "record", "axiom", "look-up")
    return order.index(told.kind), str(told.fact.triple), str(told.fact.graph)
