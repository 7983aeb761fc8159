"""Identifiers: what stands for an entity, a type and a property in the Reconciliation Service API.

An entity's identifier is its IRI without the identifier space (``person/lavrov``), so that the two joined are the
IRI, as the specification has it (0.2, 2.5). Types and properties, which come from several vocabularies, go by their
compact IRIs. What is sent may be written in any of the ways: identifier, compact IRI, IRI; items also as ``Q159``.
"""

import re
from typing import Final

from graph.labels import node
from graph.namespaces import PREFIXES, RESOURCES, expand, kind, shorten
from server.statements import NESTED

IDENTIFIER_SPACE: Final = RESOURCES
ITEMS: Final = PREFIXES["wd"]
_ITEM: Final = re.compile(r"Q[1-9][0-9]*")


def id_of(iri: str) -> str:
    """The identifier of an entity."""
    return iri.removeprefix(IDENTIFIER_SPACE)


def term_id(iri: str) -> str:
    """The identifier of a type or a property."""
    return shorten(iri)


def iri_of(text: str) -> str | None:
    """The IRI that an identifier, a compact IRI or an IRI stands for; None for any other text."""
    text = text.strip().removeprefix("<").removesuffix(">")
    prefix, colon, _ = text.partition(":")
    if "://" in text:
        found = text
    elif colon:
        found = expand(text) if prefix in PREFIXES else ""
    elif _ITEM.fullmatch(text):
        found = ITEMS + text
    else:
        found = IDENTIFIER_SPACE + text if kind(IDENTIFIER_SPACE + text) and "/" in text else ""
    return found if found and node(found) else None


def is_entity(iri: str) -> bool:
    """Whether an IRI is that of a thing of ours which stands on its own."""
    found = kind(iri)
    return found is not None and found not in NESTED


def is_item(iri: str) -> bool:
    """Whether an IRI is that of an item of Wikidata."""
    return iri.startswith(ITEMS) and _ITEM.fullmatch(iri.removeprefix(ITEMS)) is not None
