"""Why a triple holds: all its minimal supports, each with one proof."""

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode, Triple

from graph.engine import Engine
from graph.namespaces import shorten
from graph.proofs.asking import Asking
from graph.proofs.grounds import grounds
from graph.proofs.model import Bound, Explanation, NotInGraphError, ProofLimitError
from graph.proofs.ruleset import own_rules
from graph.proofs.search import Found, Search
from graph.proofs.supports import Entry, Supports, tree
from graph.rules import Rule
from graph.rules.computed import COMPUTED

_BOUND = Bound()


def why(engine: Engine, triple: Triple, bound: Bound = _BOUND, rules: Sequence[Rule] | None = None) -> Explanation:
    """All minimal supports of a triple within a bound, each with one proof; the answer says whether it was cut.

    Raises :class:`NotInGraphError` for a triple that is not in the data, or only said and not admitted, and
    :class:`ProofLimitError` where the bound was reached before any proof.
    """
    (found,) = why_all(engine, (triple,), bound, rules).values()
    if not found.proofs and found.cut:
        raise ProofLimitError(f"no proof of {_short(triple)} was found within the bound on {' and '.join(found.cut)}")
    return found


def why_all(
    engine: Engine, triples: Iterable[Triple], bound: Bound = _BOUND, rules: Sequence[Rule] | None = None
) -> dict[Triple, Explanation]:
    """The same for many triples by one search, whose bound they share; raises :class:`NotInGraphError`."""
    wanted = tuple(dict.fromkeys(triples))
    found = Search(Asking(engine, bound), bound, own_rules() if rules is None else rules, COMPUTED).run(wanted)
    for triple in wanted:
        _refuse_unknown(triple, found)
    supports = Supports(found, bound.supports)
    entries = {triple: supports.of(triple) for triple in wanted}
    return _explained(engine, entries, (*sorted(found.cut), *(("supports",) if supports.cut else ())))


def supports(engine: Engine, triple: Triple, bound: Bound = _BOUND) -> tuple[frozenset[Triple], ...]:
    """The minimal supports of a triple, the smallest first; raises what :func:`why` raises."""
    return why(engine, triple, bound).supports


def _refuse_unknown(triple: Triple, found: Found) -> None:
    standing, entailed = found.places.get(triple, ("none", False))
    if standing == "said" and not entailed:
        raise NotInGraphError(f"{_short(triple)} is said by somebody, and not admitted as a fact")
    if standing == "none" and not entailed and not found.cut:
        raise NotInGraphError(f"{_short(triple)} is not in the graph")


def _short(triple: Triple) -> str:
    return " ".join(shorten(term.value) if isinstance(term, NamedNode) else str(term) for term in triple)


def _explained(
    engine: Engine, entries: dict[Triple, tuple[Entry, ...]], cut: tuple[str, ...]
) -> dict[Triple, Explanation]:
    stated = {triple for held in entries.values() for entry in held for triple in entry.support}
    leaves = {
        triple: ground.leaf for triple, ground in grounds(engine, sorted(stated, key=str)).items() if ground.leaf
    }
    return {
        triple: Explanation(triple, tuple(tree(entry, leaves) for entry in held), cut, engine.version)
        for triple, held in entries.items()
    }
