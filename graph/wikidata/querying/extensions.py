"""What else the query service has beyond SPARQL: hints, which are taken away, functions, and services of its own."""

from collections.abc import Iterable, Iterator
from typing import Final

from graph.engine.text.rewriting import Edit
from graph.engine.text.structure import Structure
from graph.namespaces import WIKIDATA
from graph.wikidata.querying.geography import LATITUDE, LONGITUDE, METRE
from graph.wikidata.querying.label_clause import AUTO
from graph.wikidata.querying.names import gone, iri_of, refusal
from graph.wikidata.querying.prefixes import PRESET
from graph.wikidata.terms import GENID

_HINTS: Final = {PRESET["hint"] + name for name in ("Query", "SubQuery", "Group", "GroupAndSubGroups", "Prior")}
_GEOF: Final = PRESET["geof"]
_TRIPLE: Final = 3
# What stands before the arguments in their brackets, and after them.
_CALLS: Final = {
    WIKIDATA["wikibase"] + "isSomeValue": ("STRSTARTS(STR", f', "{GENID}")'),
    _GEOF + "longitude": LONGITUDE,
    _GEOF + "latitude": LATITUDE,
}
_DISTANCE: Final = _GEOF + "distance"
_GLOBE: Final = _GEOF + "globe"
_NOT_HAD: Final = (_GEOF + "northEast", _GEOF + "southWest", WIKIDATA["wikibase"] + "decodeUri")
_SUB_SELECT: Final = "write a sub-SELECT with LIMIT"
_ADVICE: Final = {
    WIKIDATA["wikibase"] + "mwapi": 'it searches the live site; ask for a name that is here: ?item rdfs:label "…"@en',
    PRESET["gas"] + "service": "write a path, such as wdt:P279*",
    PRESET["bd"] + "sample": _SUB_SELECT,
    PRESET["bd"] + "slice": _SUB_SELECT,
}
_OWN_SERVICES: Final = tuple(PRESET[name] for name in ("wikibase", "bd", "bds", "gas", "mwapi"))
# What no record has, so that a query for it would find nothing, and not say why.
_NORMALISED: Final = "is a normalised value, which no record here has: ask by"
_NOT_RECORDED: Final = {
    PRESET["psn"]: f"{_NORMALISED} psv:",
    PRESET["pqn"]: f"{_NORMALISED} pqv:",
    PRESET["prn"]: f"{_NORMALISED} prv:",
    PRESET["wdtn"]: "is an identifier as an IRI, which no record here has: ask for its text by wdt:",
    PRESET["bds"]: "is full-text search, which is not had here: ask by rdfs:label, or filter with CONTAINS",
    PRESET["hint"]: "is no hint: they are those for hint:Query, SubQuery, Group, GroupAndSubGroups and Prior",
}


def without_hints(structure: Structure, numbers: Iterable[int]) -> Iterator[Edit]:
    """Each triple whose subject is a hint to the optimiser goes. ``numbers`` are those of the tokens that are read.

    Raises :class:`UntranslatableError` for a name of what no record has.
    """
    past = -1
    for number in numbers:
        token = structure.tokens[number]
        if number <= past or token.kind not in ("name", "iri"):
            continue
        named = iri_of(structure, token) or ""
        if named in _HINTS and structure.is_sign(structure.around[number], "{"):
            past = _end_of_triple(structure, number)
            yield gone(structure, number, past)
        else:
            _refuse_unrecorded(structure, number, named)


def _refuse_unrecorded(structure: Structure, number: int, named: str) -> None:
    if structure.is_word(number - 1, "prefix") or structure.is_word(number - 2, "prefix"):
        return
    for namespace, fault in _NOT_RECORDED.items():
        if named.startswith(namespace):
            raise refusal(structure, number, f"{structure.tokens[number].text} {fault}")


def calls(structure: Structure, numbers: Iterable[int]) -> Iterator[Edit]:
    """The service's functions in terms of SPARQL's own; raises :class:`UntranslatableError` for one that has none."""
    for number in numbers:
        token = structure.tokens[number]
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
        elif name == _GLOBE:
            yield Edit(token.start, end, _globe(structure, number))
        elif name == _DISTANCE and _commas(structure, number + 1) == 1:
            yield Edit(token.start, token.start, "(")
            yield Edit(end - 1, end, f", {METRE}) / 1000)")


def _globe(structure: Structure, number: int) -> str:
    """The globe of a point, which is written before it; that of the Earth is not."""
    point = structure.tokens[number + 2].text
    if point[0] not in "?$" or structure.ends[number + 1] != number + 3:
        message = f"{structure.tokens[number].text} is taken with a variable only: BIND what it is of"
        raise refusal(structure, number, message)
    return f'IF(STRSTARTS(STR({point}), "<"), IRI(REPLACE(STR({point}), "^<(.*)>.*$", "$1")), "")'


def in_english(structure: Structure, numbers: Iterable[int]) -> Iterator[Edit]:
    """``"[AUTO_LANGUAGE]"`` in any text, for which the service's page writes the reader's language."""
    for number in numbers:
        token = structure.tokens[number]
        if token.kind == "string" and AUTO in token.text:
            yield Edit(token.start, token.end, token.text.replace(AUTO, "en"))


def refuse_own_service(structure: Structure, keyword: int, target: int) -> None:
    """Raise :class:`UntranslatableError` for a SERVICE that only the query service itself has."""
    token = structure.tokens[target]
    named = iri_of(structure, token) or ""
    if named.startswith(_OWN_SERVICES):
        advice = f": {_ADVICE[named]}" if named in _ADVICE else ""
        raise refusal(structure, keyword, f"SERVICE {token.text} is Wikidata's own, and is not had here{advice}")


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
