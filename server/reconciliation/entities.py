"""The entities that are offered for reconciliation, with every name of each: read once for a version of the data.

Offered is what the merged view names and what stands on its own; its types are the most specific ones that it has.
A name of a disputed place keeps the parties that use it.
"""

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode
from werkzeug.exceptions import NotImplemented as NotOffered

from graph.labels import ALTERNATIVE, PREFERRED, Selects
from graph.namespaces import RESOURCES, expand, prologue
from server.reconciliation.identifiers import is_entity, is_item
from server.reconciliation.vocabulary import Vocabulary

_LANGUAGES: Final = {"en": 0, "": 1}
OURS: Final = f'FILTER (STRSTARTS(STR(?thing), "{RESOURCES}"))'
_NAMING: Final = tuple(iri for iri in (*PREFERRED, *ALTERNATIVE) if iri != expand("skosxl:literalForm"))
_HIDDEN: Final = expand("skos:hiddenLabel")
_NAMED: Final = "|".join(f"<{iri}>" for iri in _NAMING)
_NAMES: Final = (
    f"SELECT ?thing ?naming ?label {{ VALUES ?naming {{ {' '.join(f'<{iri}>' for iri in _NAMING)} }}"
    f" ?thing ?naming ?label {OURS} }}"
)
_TYPES: Final = f"SELECT DISTINCT ?thing ?type {{ ?thing {_NAMED} ?label ; a ?type {OURS} }}"
_USED: Final = (
    prologue("skosxl", "cq") + "SELECT ?thing ?label ?party { ?thing skosxl:altLabel|skosxl:prefLabel ?name ."
    f" ?name skosxl:literalForm ?label OPTIONAL {{ ?name cq:usedBy ?party }} {OURS} }}"
)
_DEFINITIONS: Final = (
    prologue("skos") + f'SELECT ?thing ?text {{ ?thing skos:definition ?text {OURS} FILTER (LANG(?text) = "en") }}'
)

_LINKED: Final = prologue("skos") + f"SELECT ?thing ?item {{ ?thing skos:exactMatch ?item {OURS} }}"


@dataclass(frozen=True)
class Name:
    """One name: the text, its language ('' for none), whether it is the preferred one, and who uses it (IRIs).

    A hidden one (``skos:hiddenLabel``) is only there to be found by; it is shown nowhere, and makes no match.
    """

    text: str
    language: str
    preferred: bool
    parties: tuple[str, ...] = ()
    hidden: bool = False


_NO_NAME: Final = Name("", "", preferred=False, hidden=True)


@dataclass
class Entity:
    """One thing: its IRI, its names (the best label first), its most specific types and all of them."""

    iri: str
    names: tuple[Name, ...]
    types: tuple[str, ...] = ()
    all_types: frozenset[str] = field(default_factory=frozenset)
    definition: str = ""

    @property
    def label(self) -> str:
        """What to call it: in English if it has a name there."""
        return self.names[0].text


def read_entities(engine: Selects, vocabulary: Vocabulary, most: int) -> dict[str, Entity]:
    """The entities by IRI, in the order of IRIs; raises 501 where the graph has more than ``most`` names."""
    names = _names(engine, most)
    types: dict[str, set[str]] = defaultdict(set)
    for thing, type_ in _iris(engine, _TYPES):
        types[thing].add(type_)
    definitions = {thing: text.value for thing, text in _literals(engine, _DEFINITIONS)}
    found = {}
    for iri in sorted(names):
        if is_entity(iri) and iri in types:
            every = vocabulary.closure(types[iri])
            ordered = tuple(sorted(names[iri], key=_order))
            found[iri] = Entity(iri, ordered, vocabulary.most_specific(types[iri]), every, definitions.get(iri, ""))
    return found


def linked(engine: Selects, entities: Container[str]) -> dict[str, tuple[str, ...]]:
    """The entities by the items of Wikidata that they are: more than one only where the graph is at odds."""
    found: dict[str, set[str]] = defaultdict(set)
    for thing, item in _iris(engine, _LINKED):
        if thing in entities and is_item(item):
            found[item].add(thing)
    return {item: tuple(sorted(things)) for item, things in found.items()}


def _names(engine: Selects, most: int) -> dict[str, set[Name]]:
    found: dict[str, dict[tuple[str, str], Name]] = defaultdict(dict)
    rows = engine.select(f"{_NAMES} LIMIT {most + 1}").rows
    if len(rows) > most:
        raise NotOffered(f"this graph has more than {most:,} names (the limit reconciled_names): too many to compare")
    for thing, naming, label in rows:
        if isinstance(thing, NamedNode) and isinstance(naming, NamedNode) and isinstance(label, Literal):
            key = (label.value, label.language or "")
            former = found[thing.value].get(key, _NO_NAME)
            preferred = former.preferred or naming.value in PREFERRED
            found[thing.value][key] = Name(*key, preferred, hidden=former.hidden and naming.value == _HIDDEN)
    for iri, (text, language), parties in _used(engine):
        former = found[iri].get((text, language), _NO_NAME)
        found[iri][text, language] = Name(text, language, former.preferred, parties)
    return {iri: set(held.values()) for iri, held in found.items()}


def _used(engine: Selects) -> Iterator[tuple[str, tuple[str, str], tuple[str, ...]]]:
    """Names that are nodes of their own: the thing, the text with its language, and who uses it."""
    found: dict[tuple[str, tuple[str, str]], set[str]] = defaultdict(set)
    for thing, label, party in engine.select(_USED).rows:
        if isinstance(thing, NamedNode) and isinstance(label, Literal):
            users = found[thing.value, (label.value, label.language or "")]
            if isinstance(party, NamedNode):
                users.add(party.value)
    for (iri, key), parties in found.items():
        yield iri, key, tuple(sorted(parties))


def _iris(engine: Selects, query: str) -> Iterator[tuple[str, str]]:
    for first, second in engine.select(query).rows:
        if isinstance(first, NamedNode) and isinstance(second, NamedNode):
            yield first.value, second.value


def _literals(engine: Selects, query: str) -> Iterator[tuple[str, Literal]]:
    for first, second in engine.select(query).rows:
        if isinstance(first, NamedNode) and isinstance(second, Literal):
            yield first.value, second


def _order(name: Name) -> tuple[bool, bool, int, str, str]:
    """Preferred names first, hidden ones last, English before other languages."""
    return (not name.preferred, name.hidden, _LANGUAGES.get(name.language, 2), name.language, name.text)
