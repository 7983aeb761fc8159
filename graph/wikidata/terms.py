"""Wikidata's terms that :mod:`graph.namespaces` does not have, and how the IRIs of its nodes are made.

Our prefix ``schema`` is https://schema.org/ ; Wikidata writes http://schema.org/ , so its terms are made here only.
"""

import re
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from graph.namespaces import WIKIDATA, term

SCHEMA: Final = "http://schema.org/"
DATA: Final = "https://www.wikidata.org/wiki/Special:EntityData/"
GENID: Final = "http://www.wikidata.org/.well-known/genid/"
COMMONS_FILE: Final = "http://commons.wikimedia.org/wiki/Special:FilePath/"
COMMONS_DATA: Final = "http://commons.wikimedia.org/data/main/"
NO_UNIT: Final = WIKIDATA["wd"] + "Q199"
LICENCE: Final = NamedNode("http://creativecommons.org/ns#license")
CC0: Final = NamedNode("http://creativecommons.org/publicdomain/zero/1.0/")

ENTITY: Final = re.compile(r"[QP][1-9][0-9]*|L[1-9][0-9]*(-[FS][1-9][0-9]*)?|E[1-9][0-9]*|M[1-9][0-9]*")
REVISION: Final = re.compile(r"[0-9]{0,20}")
PROPERTY: Final = re.compile(r"P[1-9][0-9]*")
GUID: Final = re.compile(r"(?:[QPM][1-9][0-9]*|L[1-9][0-9]*(?:-[FS][1-9][0-9]*)?)\$[-A-Za-z0-9]+", re.IGNORECASE)
_STATEMENT: Final = re.compile(r"([QPM][1-9][0-9]*|L[1-9][0-9]*(?:-[FS][1-9][0-9]*)?)-(.+)", re.IGNORECASE)


@cache
def schema(name: str) -> NamedNode:
    """The term of http://schema.org/ , which Wikidata writes with http."""
    return NamedNode(SCHEMA + name)


@cache
def wikibase(name: str) -> NamedNode:
    """The term of Wikibase's ontology."""
    return term(f"wikibase:{name}")


@cache
def prop(prefix: str, identifier: str) -> NamedNode:
    """A property in one of its roles: ``prop("pqv", "P580")``."""
    return NamedNode(WIKIDATA[prefix] + identifier)


@cache
def entity_node(identifier: str) -> NamedNode:
    """The entity of that identifier."""
    return NamedNode(WIKIDATA["wd"] + identifier)


def data_node(identifier: str) -> NamedNode:
    """The document about an entity, which bears its revision."""
    return NamedNode(DATA + identifier)


def statement_node(guid: str) -> NamedNode:
    """The node of a statement: ``Q7747$6841bac1-…`` is ``wds:Q7747-6841bac1-…``, with the case as it stands."""
    return NamedNode(WIKIDATA["wds"] + guid.replace("$", "-", 1))


def guid_of(iri: str) -> str:
    """The GUID of a statement's node; empty for any other IRI, such as that of a row without GUID."""
    match = _STATEMENT.fullmatch(iri.removeprefix(WIKIDATA["wds"])) if iri.startswith(WIKIDATA["wds"]) else None
    return f"{match[1]}${match[2]}" if match else ""


def identifier_of(iri: str) -> str:
    """The identifier of an entity's IRI (``Q7747``); empty for any other IRI."""
    rest = iri.removeprefix(WIKIDATA["wd"])
    return rest if rest != iri and ENTITY.fullmatch(rest) else ""


_DATATYPES: Final = (
    "commonsMedia", "entity-schema", "external-id", "geo-shape", "globe-coordinate", "math", "monolingualtext",
    "musical-notation", "quantity", "string", "tabular-data", "time", "url", "wikibase-form", "wikibase-item",
    "wikibase-lexeme", "wikibase-property", "wikibase-sense",
)  # fmt: skip


def datatype_node(datatype: str) -> NamedNode:
    """A datatype of properties as RDF names it: ``wikibase-item`` is ``wikibase:WikibaseItem``."""
    return wikibase("".join(part[:1].upper() + part[1:] for part in datatype.split("-")))


DATATYPES: Final = {datatype_node(name).value: name for name in _DATATYPES}
"""The known datatypes of properties, by their IRIs."""
