"""``SERVICE wikibase:label { … }`` as it is written: its languages, and the labels that it asks for by name.

After Wikidata's user manual (*Label service*) and the service's own source. ``[AUTO_LANGUAGE]``, for which a browser
puts the reader's language before it sends a query, is English here.
"""

import re
from dataclasses import dataclass
from typing import Final

from graph.engine.text.structure import Structure
from graph.namespaces import WIKIDATA
from graph.wikidata.querying.names import decoded, iri_of, refusal
from graph.wikidata.querying.parameters import triples
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
AUTO: Final = "[AUTO_LANGUAGE]"
"""What the reader's language stands for; it is English here."""
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_TRUTHS: Final = ("true", "false")
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
    for subject, verb, object_ in triples(structure, opening, _EXPECTED):
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


def _languages(structure: Structure, number: int) -> list[str]:
    """The languages in a literal, in lower case; what is no language has no labels, and is passed over."""
    token = structure.tokens[number]
    if token.kind != "string":
        raise refusal(structure, number, 'write the languages as they are: "en" or "ru,en,mul"')
    given = [each.strip().replace(AUTO, "en") for each in decoded(structure, number).split(",")]
    return [each.lower() for each in given if _TAG.fullmatch(each)] or [""]


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
