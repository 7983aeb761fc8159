"""``SERVICE wikibase:label { … }`` as it is written: its languages, and the labels that it asks for by name.

After Wikidata's user manual (*Label service*) and the service's own source. ``[AUTO_LANGUAGE]``, for which a browser
puts the reader's language before it sends a query, is English here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, RdfFormat, parse

from graph.engine.text.lexer import Token
from graph.engine.text.structure import Structure
from graph.namespaces import WIKIDATA
from graph.wikidata.querying.names import iri_of, refusal
from graph.wikidata.querying.prefixes import PRESET

LABEL: Final = PRESET["rdfs"] + "label"
ALIAS: Final = PRESET["skos"] + "altLabel"
DESCRIPTION: Final = PRESET["schema"] + "description"
SERVICE: Final = WIKIDATA["wikibase"] + "label"
MOST: Final = 20
"""Languages, and labels, that one clause may ask for."""
_PARAMETER: Final = PRESET["bd"] + "serviceParam"
_LANGUAGE: Final = WIKIDATA["wikibase"] + "language"
_REORDERING: Final = WIKIDATA["wikibase"] + "disableReordering"
_AUTO: Final = "[AUTO_LANGUAGE]"
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_TRUTHS: Final = ("true", "false")
_PARTS: Final = 3
_SEPARATORS: Final = {".": 0, ";": 1, ",": 2}
_EXPECTED: Final = (
    'bd:serviceParam wikibase:language "…" and triples such as ?item rdfs:label ?name are taken in the label service'
)


@dataclass(frozen=True)
class Wanted:
    """One label, alias or description: of what (as it is written), by which property, under which variable."""

    subject: str
    property: str
    name: str


@dataclass(frozen=True)
class LabelClause:
    """A clause by its first and last token; without ``wanted`` it is for what the query selects.

    ``stays`` is for a clause that is to be answered where it stands, and not at the end of its group.
    """

    first: int
    last: int
    languages: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    stays: bool = False


def label_clause(structure: Structure, first: int, opening: int) -> LabelClause:
    """The clause from its keyword on, whose group opens there; raises :class:`UntranslatableError`."""
    languages: list[str] = []
    wanted: list[Wanted] = []
    stays = False
    for subject, verb, object_ in _triples(structure, opening):
        tokens = structure.tokens
        if iri_of(structure, tokens[subject]) != _PARAMETER:
            wanted.append(_wanted(structure, subject, verb, object_))
        elif iri_of(structure, tokens[verb]) == _LANGUAGE:
            languages += _languages(structure, object_)
        elif iri_of(structure, tokens[verb]) == _REORDERING:
            stays = _truth(structure, object_)
        else:
            raise refusal(structure, verb, f"the label service has no parameter {tokens[verb].text}")
    if not languages:
        raise refusal(structure, first, 'the label service needs a language: bd:serviceParam wikibase:language "en"')
    if max(len(languages), len(wanted)) > MOST:
        raise refusal(structure, first, f"at most {MOST} languages and {MOST} labels are taken in a label service")
    return LabelClause(first, structure.ends[opening], tuple(dict.fromkeys(languages)), tuple(wanted), stays)


def _triples(structure: Structure, opening: int) -> Iterator[tuple[int, int, int]]:
    """The triples of the group by the numbers of their tokens."""
    held: list[int] = []
    for number in range(opening + 1, structure.ends[opening]):
        token = structure.tokens[number]
        if len(held) < _PARTS and _is_term(token):
            held.append(number)
        elif token.text in _SEPARATORS and len(held) in (_PARTS, _SEPARATORS[token.text]):
            if len(held) == _PARTS:
                yield held[0], held[1], held[2]
            held = held[: _SEPARATORS[token.text]]
        else:
            raise refusal(structure, number, _EXPECTED)
    if len(held) == _PARTS:
        yield held[0], held[1], held[2]
    elif len(held) == _PARTS - 1:
        raise refusal(structure, held[-1], _EXPECTED)


def _is_term(token: Token) -> bool:
    return token.kind in ("iri", "name", "variable", "string") or token.text in _TRUTHS


def _languages(structure: Structure, number: int) -> list[str]:
    """The languages in a literal, in lower case; what is no language has no labels, and is passed over."""
    token = structure.tokens[number]
    if token.kind != "string":
        raise refusal(structure, number, 'write the languages as they are: "en" or "ru,en,mul"')
    given = [each.strip().replace(_AUTO, "en") for each in _decoded(structure, number).split(",")]
    return [each.lower() for each in given if _TAG.fullmatch(each)] or [""]


def _decoded(structure: Structure, number: int) -> str:
    """The text of a string without its quotes and escapes, which SPARQL and Turtle write alike."""
    try:
        (read,) = parse(f"<a:a> <a:a> {structure.tokens[number].text} .", format=RdfFormat.TURTLE)
    except SyntaxError as error:
        raise refusal(structure, number, "this string has an escape that SPARQL does not know") from error
    return read.object.value if isinstance(read.object, Literal) else ""


def _truth(structure: Structure, number: int) -> bool:
    """``true`` or ``false``, as they are."""
    if structure.tokens[number].text not in _TRUTHS:
        raise refusal(structure, number, "wikibase:disableReordering is true or false, without quotes")
    return structure.tokens[number].text == "true"


def _wanted(structure: Structure, subject: int, verb: int, object_: int) -> Wanted:
    what, name = structure.tokens[subject], structure.tokens[object_]
    property_ = iri_of(structure, structure.tokens[verb])
    if what.kind == "string" or property_ not in (LABEL, ALIAS, DESCRIPTION) or name.kind != "variable":
        raise refusal(structure, verb, _EXPECTED)
    return Wanted(what.text, property_, name.text[1:])
