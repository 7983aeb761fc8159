"""Property paths: as text, and unfolded into patterns, so that each step along them has a name.

``p1/p2``, ``p1|p2``, ``^p`` and ``!p`` mean what SPARQL 1.1 says (18.4) and become joins, unions and filters.
``p?``, ``p*`` and ``p+`` stay, with one step of theirs beside them, which :mod:`graph.proofs.rows.walks` takes as
often as it needs to.
"""

from collections.abc import Sequence
from functools import reduce

from pyoxigraph import NamedNode
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.term import URIRef

from graph.proofs.rows.model import CannotExplainError
from graph.proofs.rows.names import Names
from graph.proofs.rows.parts import joined
from graph.proofs.rows.patterns import Basic, Closure, Filter, Pattern, Plain, Slot, Union, Walk

Step = Path | URIRef


def walk(names: Names, subject: Slot, path: Step, object_: Slot) -> Pattern:
    """The pattern of a path between two places: as it was written too, unless it is but a sequence."""
    if isinstance(path, MulPath):
        start, end = names.fresh(), names.fresh()
        meaning = unfold(names, start, path.path, end)
        return Closure(subject, text(path), object_, meaning, str(path.mod), start, end)
    meaning = unfold(names, subject, path, object_)
    return meaning if isinstance(meaning, Basic) else Walk(subject, text(path), object_, meaning)


def unfold(names: Names, subject: Slot, path: Step, object_: Slot) -> Pattern:
    """What a path means, down to single properties."""
    if isinstance(path, URIRef):
        return Basic(((subject, NamedNode(path), object_),))
    if isinstance(path, InvPath):
        return unfold(names, object_, path.arg, subject)
    if isinstance(path, SequencePath):
        places = [subject, *(names.fresh() for _ in path.args[1:]), object_]
        steps = zip(places, path.args, places[1:], strict=False)
        return reduce(joined, (unfold(names, start, step, end) for start, step, end in steps))
    if isinstance(path, AlternativePath):
        return _either(names, [unfold(names, subject, each, object_) for each in path.args])
    if isinstance(path, NegatedPath):
        return _any_but(names, subject, path, object_)
    return walk(names, subject, path, object_)


def _either(names: Names, branches: Sequence[Pattern]) -> Pattern:
    return reduce(lambda left, right: Union(left, right, names.fresh()), branches)


def _any_but(names: Names, subject: Slot, path: NegatedPath, object_: Slot) -> Pattern:
    """``!(p|q)``: a property other than these."""
    taken = names.fresh()
    condition = Plain(("(", taken, f" NOT IN ({', '.join(map(text, path.args))}))"))
    return Filter(Basic(((subject, taken, object_),)), condition)


def text(path: Step) -> str:
    """A path as SPARQL, with brackets around all that has parts."""
    if isinstance(path, URIRef):
        return str(NamedNode(path))
    if isinstance(path, InvPath):
        return f"(^{text(path.arg)})"
    if isinstance(path, MulPath):
        return f"({text(path.path)}{path.mod})"
    if isinstance(path, SequencePath):
        return f"({'/'.join(map(text, path.args))})"
    if isinstance(path, AlternativePath):
        return f"({'|'.join(map(text, path.args))})"
    if isinstance(path, NegatedPath):
        return f"(!({'|'.join(map(text, path.args))}))"
    # rdflib forgets which property was meant by ^p within !(...).
    raise CannotExplainError("a property that is excluded backwards, as by !(^p)")
