"""What else the query service has beyond SPARQL: hints, which are taken away, functions, and services of its own."""

from collections.abc import Iterator
from typing import Final

from graph.engine.text.rewriting import Edit
from graph.engine.text.structure import Structure
from graph.namespaces import WIKIDATA
from graph.wikidata.querying.names import gone, iri_of, refusal
from graph.wikidata.querying.prefixes import PRESET
from graph.wikidata.terms import GENID

_HINTS: Final = {PRESET["hint"] + name for name in ("Query", "SubQuery", "Group", "GroupAndSubGroups", "Prior")}
_GEOF: Final = PRESET["geof"]
_TRIPLE: Final = 3
_METRE: Final = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
_POINT: Final = r'"^.*[(]\\s*(\\S+)\\s+(\\S+)\\s*[)].*$"'
# What stands before the arguments in their brackets, and after them.
_CALLS: Final = {
    WIKIDATA["wikibase"] + "isSomeValue": ("STRSTARTS(STR", f', "{GENID}")'),
    _GEOF + "longitude": (f"<{PRESET['xsd']}double>(REPLACE(STR", f', {_POINT}, "$1"))'),
    _GEOF + "latitude": (f"<{PRESET['xsd']}double>(REPLACE(STR", f', {_POINT}, "$2"))'),
}
_DISTANCE: Final = _GEOF + "distance"
_NOT_HAD: Final = (_GEOF + "globe", _GEOF + "northEast", _GEOF + "southWest", WIKIDATA["wikibase"] + "decodeUri")
_OWN_SERVICES: Final = tuple(PRESET[name] for name in ("wikibase", "bd", "bds", "gas", "mwapi"))


def without_hints(structure: Structure) -> Iterator[Edit]:
    """Each triple whose subject is a hint to the optimiser goes."""
    number = 0
    while number < len(structure.tokens):
        token = structure.tokens[number]
        in_group = structure.is_sign(structure.around[number], "{")
        if in_group and token.kind in ("name", "iri") and iri_of(structure, token) in _HINTS:
            last = _end_of_triple(structure, number)
            yield gone(structure, number, last)
            number = last
        number += 1


def calls(structure: Structure) -> Iterator[Edit]:
    """The service's functions in terms of SPARQL's own; raises :class:`UntranslatableError` for one that has none."""
    for number, token in enumerate(structure.tokens):
        closing = structure.ends.get(number + 1)
        if token.kind not in ("name", "iri") or closing is None or not structure.is_sign(number + 1, "("):
            continue
        name, end = iri_of(structure, token), structure.tokens[closing].end
        if name in _NOT_HAD:
            raise refusal(structure, number, f"{token.text} is a function of Wikidata's service, and is not had here")
        if name in _CALLS:
            before, after = _CALLS[name]
            yield Edit(token.start, token.end, before)
            yield Edit(end, end, after)
        elif name == _DISTANCE and _commas(structure, number + 1) == 1:
            yield Edit(token.start, token.start, "(")
            yield Edit(end - 1, end, f", {_METRE}) / 1000)")


def refuse_own_service(structure: Structure, keyword: int, target: int) -> None:
    """Raise :class:`UntranslatableError` for a SERVICE that only the query service itself has."""
    token = structure.tokens[target]
    if (iri_of(structure, token) or "").startswith(_OWN_SERVICES):
        raise refusal(structure, keyword, f"SERVICE {token.text} is Wikidata's own, and is not had here")


def _end_of_triple(structure: Structure, first: int) -> int:
    """The last token of the triples that begin there, without the dot after them."""
    last = first + _TRIPLE - 1
    while structure.is_sign(last + 1, ";") or structure.is_sign(last + 1, ","):
        last += _TRIPLE if structure.is_sign(last + 1, ";") else _TRIPLE - 1
    if last >= len(structure.tokens) or structure.around[last] != structure.around[first]:
        raise refusal(structure, first, 'a hint is written as a triple: hint:Query hint:optimizer "None" .')
    return last


def _commas(structure: Structure, opening: int) -> int:
    inside = range(opening + 1, structure.ends[opening])
    return sum(structure.around[each] == opening and structure.is_sign(each, ",") for each in inside)
