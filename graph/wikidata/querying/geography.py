"""Places: the functions on points, and ``SERVICE wikibase:around`` and ``wikibase:box`` as filters on what is here.

Distances are in kilometres on a sphere. Places are those of the Earth: a point of another globe is written with that
globe's IRI, and is in no circle and no box, as on the service unless it is asked for that globe.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.engine.text.lexer import Token
from graph.engine.text.rewriting import Edit
from graph.engine.text.structure import Structure
from graph.namespaces import WIKIDATA
from graph.wikidata.querying.names import decoded, iri_of, refusal
from graph.wikidata.querying.parameters import text_of_term, triples
from graph.wikidata.querying.prefixes import PRESET
from graph.wikidata.querying.selection import Selections

AROUND: Final = WIKIDATA["wikibase"] + "around"
BOX: Final = WIKIDATA["wikibase"] + "box"
METRE: Final = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
_DISTANCE: Final = f"<{PRESET['geof']}distance>"
_DOUBLE: Final = f"<{PRESET['xsd']}double>"
_POINT: Final = r'"^.*[(]\\s*(\\S+)\\s+(\\S+)\\s*[)].*$"'
LONGITUDE: Final = (f"{_DOUBLE}(REPLACE(STR", f', {_POINT}, "$1"))')
"""What stands before the point in its brackets, and after it."""
LATITUDE: Final = (f"{_DOUBLE}(REPLACE(STR", f', {_POINT}, "$2"))')
"""The same for the latitude."""
_EARTH: Final = WIKIDATA["wd"] + "Q2"
_PARAMETERS: Final = {
    AROUND: ("center", "radius", "distance", "globe"),
    BOX: ("cornerSouthWest", "cornerNorthEast", "cornerEast", "cornerWest", "globe"),
}
_EXPECTED: Final = "this service takes one triple such as ?place wdt:P625 ?location, and bd:serviceParam for the rest"


@dataclass(frozen=True)
class GeoClause:
    """A search for places, by its first and last token; the tokens of its triple, and of its parameters' values."""

    first: int
    last: int
    service: str
    triple: tuple[int, int, int]
    given: dict[str, int]


def geo_clause(structure: Structure, service: str, first: int, opening: int) -> GeoClause:
    """The clause from its keyword on, whose group opens there; raises :class:`UntranslatableError`."""
    found: list[tuple[int, int, int]] = []
    given: dict[str, int] = {}
    for subject, verb, object_ in triples(structure, opening, _EXPECTED):
        if iri_of(structure, structure.tokens[subject]) == PRESET["bd"] + "serviceParam":
            given[_parameter(structure, service, verb)] = object_
        elif found or not _is_search(structure, subject, verb, object_):
            raise refusal(structure, subject, _EXPECTED)
        else:
            found.append((subject, verb, object_))
    if not found:
        raise refusal(structure, first, _EXPECTED)
    if "globe" in given and iri_of(structure, structure.tokens[given["globe"]]) != _EARTH:
        raise refusal(structure, given["globe"], "places are searched on the Earth only: wikibase:globe wd:Q2")
    return GeoClause(first, structure.ends[opening], service, found[0], given)


def as_filter(structure: Structure, clause: GeoClause, selections: Selections) -> Edit:
    """What takes the place of the clause; raises :class:`UntranslatableError` for parameters that do not fit."""
    place, verb, location = (text_of_term(structure, each) for each in clause.triple)
    write: Callable[..., str] = _circle if clause.service == AROUND else _box
    before = structure.tokens[clause.first - 1].text
    dot = "" if before in ("{", "}", ".") else ". "
    on_earth = f'STRSTARTS(LCASE(STR({location})), "point")'
    text = f"{dot}{place} {verb} {location} . FILTER({on_earth} && {write(structure, clause, location, selections)})"
    if "distance" in clause.given:
        text += (
            f" BIND({_kilometres(structure, clause, location)} AS {_variable(structure, clause.given['distance'])})"
        )
    return Edit(structure.tokens[clause.first].start, structure.tokens[clause.last].end, text)


def _circle(structure: Structure, clause: GeoClause, location: str, selections: Selections) -> str:
    """Whether a location is within the circle."""
    _require(structure, clause, selections, "center", "radius")
    radius = structure.tokens[clause.given["radius"]]
    if radius.kind == "string" and not _is_amount(decoded(structure, clause.given["radius"])):
        raise refusal(structure, clause.given["radius"], 'the radius is a number of kilometres: "10"')
    most = f"{_DOUBLE}(STR({text_of_term(structure, clause.given['radius'])}))"
    return f"{_kilometres(structure, clause, location)} <= {most}"


def _kilometres(structure: Structure, clause: GeoClause, location: str) -> str:
    return f"{_DISTANCE}({text_of_term(structure, clause.given['center'])}, {location}, {METRE}) / 1000"


def _box(structure: Structure, clause: GeoClause, location: str, selections: Selections) -> str:
    """Whether a location is within the box; one whose west lies east of its east goes over the date line."""
    sides = ("cornerWest", "cornerEast") if "cornerEast" in clause.given else ("cornerSouthWest", "cornerNorthEast")
    _require(structure, clause, selections, *sides)
    west, east = (text_of_term(structure, clause.given[each]) for each in sides)
    (x, y), (x1, y1), (x2, y2) = map(_parts, (location, west, east))
    across = f"({x1} <= {x2} && {x1} <= {x} && {x} <= {x2} || {x1} > {x2} && ({x1} <= {x} || {x} <= {x2}))"
    along = f"{y1} <= {y} && {y} <= {y2}"
    if "cornerEast" in clause.given:
        along = f"({along} || {y2} <= {y} && {y} <= {y1})"
    return f"{across} && {along}"


def _parts(point: str) -> tuple[str, str]:
    longitude, latitude = (f"{before}({point}){after}" for before, after in (LONGITUDE, LATITUDE))
    return longitude, latitude


def _require(structure: Structure, clause: GeoClause, selections: Selections, *names: str) -> None:
    """The parameters are there, and those that are variables have their values where the clause stands."""
    group = structure.around[clause.first]
    known = selections.variables(group) if group in structure.ends else {}
    for name in names:
        if name not in clause.given:
            raise refusal(structure, clause.first, f"this service needs bd:serviceParam wikibase:{name}")
        value = structure.tokens[clause.given[name]]
        stands = any(each.text[1:] == value.text[1:] for each in _before(structure, group, clause.first))
        if value.kind == "variable" and not (value.text[1:] in known and stands):
            message = f"{value.text} has no value here: put what gives it into this group, before the SERVICE"
            raise refusal(structure, clause.given[name], message)


def _before(structure: Structure, group: int, first: int) -> Iterator[Token]:
    return (each for each in structure.tokens[group + 1 : first] if each.kind == "variable")


def _parameter(structure: Structure, service: str, verb: int) -> str:
    named = iri_of(structure, structure.tokens[verb]) or ""
    name = named.removeprefix(WIKIDATA["wikibase"])
    if named == name or name not in _PARAMETERS[service]:
        taken = ", ".join(f"wikibase:{each}" for each in _PARAMETERS[service])
        raise refusal(structure, verb, f"this service has no parameter {structure.tokens[verb].text}, but: {taken}")
    return name


def _is_search(structure: Structure, subject: int, verb: int, object_: int) -> bool:
    kinds = tuple(structure.tokens[each].kind for each in (subject, verb, object_))
    return kinds in (("variable", "name", "variable"), ("variable", "iri", "variable"))


def _variable(structure: Structure, number: int) -> str:
    token = structure.tokens[number]
    if token.kind != "variable":
        raise refusal(structure, number, "wikibase:distance names a variable")
    return token.text


def _is_amount(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdecimal()
