"""The saved queries of ``queries/*.rq``: what each is called, asks, takes and gives, as its head declares.

.. code-block:: sparql

    #+ title: Who met whom
    #+ description: Pairs of people who took part in one held meeting for different states.
    #+ question: Whom did a person meet, where and when?
    #+ parameters:
    #+   - {name: person, type: person, description: One of the two.}
    #+   - {name: from, type: date, reads: first, description: Not before this day.}
    #+ columns: {person: iri, other: iri, earliest: date}
    SELECT … WHERE { VALUES (?person ?from) { (UNDEF UNDEF) } … }

The query is valid as it stands: each parameter is a variable of a row of UNDEF, which an argument replaces.
Where it can, it finds first what stands on the page asked for and then what is told of it: ``?pageEnd`` in a row of
UNDEF, and an inner ``LIMIT 1000000000``, become the number of rows up to the end of the page. An inner
``LIMIT 999999`` tells Oxigraph to begin there: for a property of anything it expects a million triples, and it begins
with the least.

A head may say ``#+ computed: connection``: the answer is worked out by a program (:mod:`graph.saved_query` knows
which), and the SPARQL selects what it is worked out from.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from graph.heads import HeadError, read_head, required
from graph.names import TYPES
from graph.namespaces import prologue

ROW: Final = re.compile(
    r"VALUES\s*\(\s*(?P<variables>\?\w+(?:\s+\?\w+)*)\s*\)\s*\{\s*\(\s*UNDEF(?:\s+UNDEF)*\s*\)\s*\}"
)
PAGE_END: Final = "?pageEnd"
PAGE_LIMIT: Final = re.compile(r"LIMIT 1000000000\b")
PLAIN_TYPES: Final = {"date": "a date such as 2017-03-20", "integer": "a whole number such as 10"}
COMPUTED: Final = ("connection",)
COLUMN_TYPES: Final = ("iri", "date", "integer", "text", "value")
READINGS: Final = ("day", "first", "last")

_KEYS: Final = frozenset({"title", "description", "question", "parameters", "columns"})
_PARAMETER_KEYS: Final = frozenset(
    {"name", "variable", "type", "reads", "description", "required", "default", "choices", "choices-query"}
)
_NAME = re.compile(r"[a-z]+(-[a-z]+)*")


@dataclass(frozen=True)
class Parameter:
    """Something that a query may be given; ``reads`` says which day of a less precise date is meant."""

    name: str
    variable: str
    type: str
    description: str
    required: bool = False
    default: str | None = None
    choices: tuple[str, ...] = ()
    choices_query: str | None = None
    reads: Literal["day", "first", "last"] = "day"

    @property
    def expected(self) -> str:
        """What an argument has to be, in words."""
        if self.choices:
            return f"one of: {', '.join(self.choices)}"
        if self.type == "date" and self.reads != "day":
            return f"{PLAIN_TYPES['date']}, or 2017-03 or 2017 for its {self.reads} day"
        return PLAIN_TYPES.get(self.type) or TYPES[self.type].expected


@dataclass(frozen=True)
class Column:
    """One column of the answer; one of type ``iri`` is followed by a column of labels."""

    name: str
    type: str


@dataclass(frozen=True)
class SavedQuery:
    """A question with a name: what it takes, what it gives, and the SPARQL that answers it.

    ``computed`` names the program that answers it in the place of the SPARQL; empty where none does.
    """

    name: str
    title: str
    description: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str
    plain: str
    """The same without the index, by which its rows are explained: what they rest on is no look-up."""
    computed: str = ""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of all columns of the answer, with ``XLabel`` after each column X that holds IRIs."""
        return tuple(
            name
            for column in self.columns
            for name in ([column.name, column.name + "Label"] if column.type == "iri" else [column.name])
        )

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, if there is one."""
        return next((each for each in self.parameters if each.name == name), None)


@cache
def _catalogue() -> Mapping[str, SavedQuery]:
    found = sorted(file.name for file in files("queries").iterdir() if file.name.endswith(".rq"))
    return {name.removesuffix(".rq"): _read(name) for name in found}


def _read(name: str) -> SavedQuery:
    folder, plain = files("queries"), files("queries").joinpath("plain", name)
    text = plain.read_text(encoding="utf-8") if plain.is_file() else None
    return saved_query(name.removesuffix(".rq"), folder.joinpath(name).read_text(encoding="utf-8"), text)


def catalogue() -> dict[str, SavedQuery]:
    """Every saved query by its name, in the order of names; raises :class:`HeadError` on a bad head."""
    return dict(_catalogue())


def saved_query(name: str, text: str, plain: str | None = None) -> SavedQuery:
    """The saved query of a file's name and text, and of its plain form if it has another; raises HeadError."""
    head = read_head(text, name)
    _require_keys(name, head, _KEYS | {"not-on", "computed"}, _KEYS)
    computed = str(head.get("computed", ""))
    if computed and computed not in COMPUTED:
        raise HeadError(f"{name}: nothing computes '{computed}'; there is: {', '.join(COMPUTED)}")
    parameters = tuple(_parameter(name, item) for item in head["parameters"] or ())
    query = SavedQuery(
        name=name,
        title=required(head, "title", name),
        description=required(head, "description", name),
        question=required(head, "question", name),
        parameters=parameters,
        columns=tuple(_column(name, item) for item in head["columns"].items()),
        text=text,
        plain=plain or text,
        computed=computed,
    )
    _require_rows(query)
    return query


def _text(value: Any) -> str:
    return " ".join(str(value).split())


def _require_keys(name: str, given: Mapping[str, Any], known: frozenset[str], needed: frozenset[str]) -> None:
    for wrong in sorted(set(given) - known):
        raise HeadError(f"{name}: '{wrong}' is no key of a head here; keys are: {', '.join(sorted(known))}")
    for missing in sorted(needed - set(given)):
        raise HeadError(f"{name}: the head lacks '{missing}'")


def _parameter(query: str, given: Mapping[str, Any]) -> Parameter:
    _require_keys(query, given, _PARAMETER_KEYS, frozenset({"name", "type", "description"}))
    name, kind, reads = str(given["name"]), str(given["type"]), given.get("reads", "day")
    if not _NAME.fullmatch(name):
        raise HeadError(f"{query}: call the parameter '{name}' in kebab-case, such as other-state")
    if kind not in PLAIN_TYPES and kind not in TYPES:
        raise HeadError(f"{query}: '{kind}' is no type; types are: {', '.join([*PLAIN_TYPES, *TYPES])}")
    if reads not in READINGS:
        raise HeadError(f"{query}: '{name}' reads one of: {', '.join(READINGS)}")
    choices = given.get("choices-query")
    return Parameter(
        name=name,
        variable=str(given.get("variable") or _camel_case(name)),
        type=kind,
        description=_text(given["description"]),
        required=bool(given.get("required", False)),
        default=None if given.get("default") is None else str(given["default"]),
        choices=tuple(map(str, given.get("choices") or ())),
        choices_query=prologue() + str(choices) if choices else None,
        reads=reads,
    )


def _camel_case(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(map(str.capitalize, others))


def _column(query: str, item: tuple[str, str]) -> Column:
    name, kind = item
    if kind not in COLUMN_TYPES:
        raise HeadError(f"{query}: column '{name}' has the type '{kind}'; types are: {', '.join(COLUMN_TYPES)}")
    return Column(name, kind)


def _require_rows(query: SavedQuery) -> None:
    """Each parameter stands in a row of UNDEF, and nothing else does."""
    declared = {variable for row in ROW.finditer(query.text) for variable in row["variables"].split()}
    wanted = {"?" + parameter.variable for parameter in query.parameters}
    for variable in sorted(wanted - declared):
        raise HeadError(f"{query.name}: no row 'VALUES ({variable}) {{ (UNDEF) }}' takes the parameter {variable}")
    for variable in sorted(declared - wanted - {PAGE_END}):
        raise HeadError(f"{query.name}: {variable} stands in a row of UNDEF, but the head has no such parameter")
