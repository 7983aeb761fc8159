"""Supports of a group: of what its aggregates are made.

Where all of them are MIN, MAX or SAMPLE, one member that has the value is enough for each: that no other is smaller
is not part of a support. Where one counts, adds or joins, the support is the whole group: every triple of every
member. Where there is none, any member is enough.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from pyoxigraph import Variable

from graph.engine import Term
from graph.proofs.rows.model import Support
from graph.proofs.rows.patterns import Extend, Group, Pattern
from graph.proofs.rows.supports import Supports, both, minimal

if TYPE_CHECKING:
    from graph.proofs.rows.search import Place, Search

_BY_ONE: Final = frozenset({"MIN", "MAX", "SAMPLE"})

Member = tuple[Mapping[Variable, Term], Supports]


def group_supports(search: "Search", group: Group, values: Mapping[Variable, Term], place: "Place") -> Supports:
    """The supports of one group, of which the keys and the values of the aggregates are known."""
    pattern, arguments = _with_arguments(group)
    keys = {key: values.get(key) for key in group.keys}
    members = _members(search, pattern, keys, place)
    if not members:
        return (Support(absences=frozenset({f"no member of {search.text(group.pattern)}"})),)
    wanted = [values.get(each.result) for each in group.aggregates]
    if all(each.name in _BY_ONE for each in group.aggregates) and None not in wanted:
        chosen = [
            _any(supports for solution, supports in members if solution.get(argument) == value)
            for argument, value in zip(arguments, wanted, strict=True)
        ]
        return both(chosen or [_any(supports for _, supports in members)], search.bound.supports)
    return (_whole(members),)


def _with_arguments(group: Group) -> tuple[Pattern, list[Variable]]:
    """The pattern of the members, with what is aggregated under the name of the aggregate."""
    pattern = group.pattern
    for each in group.aggregates:
        if each.argument is not None and each.name in _BY_ONE:
            pattern = Extend(pattern, each.result, each.argument)
    return pattern, [each.result for each in group.aggregates]


def _members(
    search: "Search", pattern: Pattern, keys: Mapping[Variable, Term | None], place: "Place"
) -> Sequence[Member]:
    found = search.members(pattern, keys, place, search.bound.members)
    explained = ((solution, search.supports(pattern, solution, place)) for solution in found)
    return [(solution, supports) for solution, supports in explained if supports]


def _any(supports: Iterable[Supports]) -> Supports:
    return minimal(each for found in supports for each in found)


def _whole(members: Sequence[Member]) -> Support:
    support = Support()
    for _, supports in members:
        for each in supports:
            support |= each
    return support
