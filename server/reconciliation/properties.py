"""The properties that are offered: those by which the graph relates the entities of each type, and a few paths.

A property's identifier is its compact IRI; of a text that stands in several languages there is one property for each
(``skos:prefLabel@ja``). A path has a name of its own: what people ask of a person, an office or a meeting stands two
steps away, at the tenure, the participation or the claim that joins them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.labels import Selects
from graph.namespaces import RESOURCES, expand, prologue
from server.reconciliation.entities import OURS
from server.reconciliation.identifiers import term_id
from server.reconciliation.vocabulary import Vocabulary
from server.statements import NESTED

ITEM: Final = "skos:exactMatch"
"""The property whose values are items of Wikidata: two things with one item are one."""
PREFIXES: Final = prologue("cq", "org", "skosxl")
_STATED: Final = (
    "SELECT ?property ?language ?type (COUNT(DISTINCT ?thing) AS ?number) (SAMPLE(?value) AS ?one)"
    f" {{ ?thing a ?type ; ?property ?value {OURS}"
    ' BIND (IF(isLiteral(?value), LANG(?value), "") AS ?language) } GROUP BY ?property ?language ?type'
)
_LEFT_OUT: Final = frozenset({expand("rdf:type")})


@dataclass(frozen=True)
class Property:
    """One property: how it is called, the SPARQL path of its values, and how many entities of each type have it."""

    id: str
    name: str
    description: str
    path: str
    language: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    also: tuple[str, ...] = ()

    def pattern(self, thing: str, value: str) -> str:
        """The graph pattern that relates two variables by it."""
        only = f' FILTER (LANG({value}) = "{self.language}")' if self.language else ""
        return f"{thing} {self.path} {value}{only}"


PATHS: Final = (
    Property(
        "held-post",
        "held office",
        "An office that the person holds or held, at some time: by a tenure, a meeting's account, or an incumbency.",
        "(^org:member|^cq:participant)/cq:heldPost",
    ),
    Property(
        "held-by",
        "is held by",
        "A person who holds or held the office, at some time.",
        "^cq:heldPost/(org:member|cq:participant)",
    ),
    Property(
        "participant", "has participant", "A person or body that took part.", "cq:hasParticipation/cq:participant"
    ),
    Property("represented", "has side", "A state that was represented.", "cq:hasParticipation/cq:representing"),
    Property(
        "claimant",
        "is claimed by",
        "A party that claims the territory; a claim is not a fact.",
        "^cq:territory/cq:claimant",
    ),
    Property("named-by", "has name used by", "A party that uses one of the names.", "skosxl:altLabel/cq:usedBy"),
)


class Properties:
    """The properties of one version of the data, by identifier."""

    def __init__(self, engine: Selects, offered: Set[str], vocabulary: Vocabulary) -> None:
        """``offered`` are the types of which there are entities."""
        self._vocabulary = vocabulary
        found = [*_stated(engine, offered, vocabulary), *_paths(engine, offered)]
        self._held = {each.id: each for each in sorted(found, key=_order)}

    def get(self, identifier: str) -> Property | None:
        """The property of an identifier, if there is one."""
        return self._held.get(identifier)

    def all(self) -> tuple[Property, ...]:
        """Every property, what most entities have first."""
        return tuple(self._held.values())

    def of_type(self, class_: str) -> tuple[Property, ...]:
        """What entities of a class, or of classes in it, have: what most of them have first."""
        counted = [(self._count(each, class_), each) for each in self.all()]
        return tuple(each for count, each in sorted(counted, key=lambda pair: -pair[0]) if count)

    def _count(self, found: Property, class_: str) -> int:
        return max((n for each, n in found.counts.items() if class_ in self._vocabulary.closure([each])), default=0)


def _stated(engine: Selects, offered: Set[str], vocabulary: Vocabulary) -> Iterator[Property]:
    """The properties by which the graph describes entities, but for their types and for nodes without a name."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for named, language, type_, number, value in engine.select(_STATED).rows:
        match named, language, type_, number:
            case NamedNode(), Literal(), NamedNode(), Literal() if type_.value in offered and not _is_nested(value):
                counts[named.value, language.value][type_.value] = int(number.value)
    for (iri, tongue), counted in counts.items():
        if iri not in _LEFT_OUT:
            yield _property(iri, tongue, counted, vocabulary)


def _property(iri: str, language: str, counts: Counter[str], vocabulary: Vocabulary) -> Property:
    mark = f"@{language}" if language else ""
    return Property(
        term_id(iri) + mark,
        vocabulary.name(iri) + (f" ({language})" if language else ""),
        vocabulary.definition(iri),
        f"<{iri}>",
        language,
        counts,
        vocabulary.names(iri),
    )


def _paths(engine: Selects, offered: Set[str]) -> Iterator[Property]:
    """The paths that lead somewhere from entities of this graph."""
    for path in PATHS:
        query = (
            f"{PREFIXES}SELECT ?type (COUNT(DISTINCT ?thing) AS ?number)"
            f" {{ {path.pattern('?thing', '?value')} . ?thing a ?type {OURS} }} GROUP BY ?type"
        )
        counts = {
            type_.value: int(number.value)
            for type_, number in engine.select(query).rows
            if isinstance(type_, NamedNode) and isinstance(number, Literal) and type_.value in offered
        }
        if counts:
            yield replace(path, counts=counts)


def _is_nested(value: object) -> bool:
    return isinstance(value, NamedNode) and value.value.removeprefix(RESOURCES).partition("/")[0] in NESTED


def _order(found: Property) -> tuple[int, str, str]:
    return (-max(found.counts.values()), found.name, found.id)
