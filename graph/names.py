"""Names: from what people call a thing, in any language, to its IRI; and from an IRI to a label.

Names are compared with case, width (NFKC), spaces, hyphens, quotes and other punctuation folded away: "2 + 2" is
"2+2", and "northern territories" is "Northern Territories".
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode

from graph.engine import Solutions, Term
from graph.namespaces import GRAPH_ONTOLOGY, PREFIXES, UnknownPrefixError, expand, kind, prologue, shorten, slug

_NEAR: Final = 5
_KEPT_SIGNS: Final = "+&"


@dataclass(frozen=True)
class Type:
    """What an argument may name: in words, and as classes, the preferred ones first; no classes is any thing."""

    expected: str
    tiers: tuple[tuple[str, ...], ...]


def _type(expected: str, *tiers: str) -> Type:
    return Type(expected, tuple(tuple(expand(name) for name in tier.split()) for tier in tiers))


TYPES: Final[dict[str, Type]] = {
    "person": _type("a person", "foaf:Person"),
    "state": _type("a state", "cq:State"),
    "office": _type("an office", "org:Post"),
    "party": _type(
        "a person, state, body or group", "cq:State cq:Organisation cq:Outlet cq:Group foaf:Person", "org:Post"
    ),
    "meeting": _type("a meeting, visit or call", "cq:Meeting", "cq:Visit cq:Call cq:Event cq:Founding"),
    "format": _type("a format of meetings", "cq:Format", "cq:Series"),
    "territory": _type("a territory or place", "cq:Territory", "cq:Place"),
    "place": _type("a place", "cq:Place cq:Territory", "cq:State"),
    "topic": _type(
        "a topic, or anything else that is spoken about",
        "cq:Topic",
        "cq:Territory cq:Place",
        "cq:State cq:Organisation cq:Outlet cq:Group foaf:Person cq:System cq:Format cq:Series",
        "cq:Event cq:Meeting cq:Visit cq:Call cq:Founding cq:FormatChange cq:Agreement cq:Proposal cq:Deployment",
    ),
    "status": _type("a status", "cq:Status"),
    "thing": _type("anything in the graph"),
}

_PREFERRED: Final = (expand("skos:prefLabel"), expand("dcterms:title"), expand("rdfs:label"))
_ALTERNATIVE: Final = (expand("skos:altLabel"), expand("skosxl:literalForm"), expand("skos:hiddenLabel"))
_DESCRIBING: Final = (expand("cq:attribution"), expand("cq:summary"))
_LABELS: Final = (*_PREFERRED, *_ALTERNATIVE, *_DESCRIBING)
_LANGUAGES: Final = {"en": 0, "": 1}


class ArgumentError(ValueError):
    """An argument does not name what its parameter expects; the candidates are (IRI, label)."""

    def __init__(
        self, parameter: str, problem: str, expected: str, candidates: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.parameter = parameter
        self.expected = expected
        self.candidates = tuple(candidates)
        listed = "; ".join(f"{label} ({shorten(iri)})" for iri, label in self.candidates)
        super().__init__(
            f"{parameter}: {problem}; expected {expected}" + (f". Candidates: {listed}" if listed else "")
        )


class Selects(Protocol):
    """The part of an engine that names need."""

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""


def fold(name: str) -> str:
    """The form in which names are compared; folding it again changes nothing."""
    folded = _fold_once(name)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return "".join(sign for sign in text if sign in _KEPT_SIGNS or unicodedata.category(sign)[0] in "LMN")


def _everywhere(pattern: str) -> str:
    """A pattern on the merged view, on the ontology, and on what each assertion says."""
    return (
        f"{{ {pattern} }} UNION {{ GRAPH {GRAPH_ONTOLOGY} {{ {pattern} }} }} "
        f"UNION {{ ?assertion a cq:Assertion GRAPH ?assertion {{ {pattern} }} }}"
    )


_TYPES_QUERY: Final = prologue("cq") + f"SELECT DISTINCT ?thing ?type {{ {_everywhere('?thing a ?type')} }}"
_LABELS_QUERY: Final = (
    prologue("cq")
    + "SELECT DISTINCT ?thing ?property ?label {"
    + f" VALUES ?property {{ {' '.join(f'<{iri}>' for iri in _LABELS)} }} {_everywhere('?thing ?property ?label')} }}"
)
_NAME_NODES_QUERY: Final = (
    prologue("cq", "skosxl")
    + "SELECT DISTINCT ?thing ?property ?label { VALUES ?property { skosxl:literalForm } "
    + _everywhere("?thing skosxl:altLabel|skosxl:prefLabel ?name . ?name ?property ?label")
    + " }"
)

# Parts of other things: their slugs say what they join, and would hide the things that people name.
_PARTS: Final = frozenset({"name", "participation", "passage", "slot", "voice"})


class Names:
    """The names and labels of one version of the data."""

    def __init__(self, engine: Selects) -> None:
        self._types: dict[str, set[str]] = defaultdict(set)
        self._labels: dict[str, tuple[tuple[int, int, str, str], Literal]] = {}
        self._named: dict[str, set[str]] = defaultdict(set)
        self._slugs: dict[str, set[str]] = defaultdict(set)
        for thing, found in engine.select(_TYPES_QUERY).rows:
            if isinstance(thing, NamedNode) and isinstance(found, NamedNode):
                self._types[thing.value].add(found.value)
                if kind(thing.value) not in _PARTS:
                    self._slugs[slug(thing.value).casefold()].add(thing.value)
        for query in (_LABELS_QUERY, _NAME_NODES_QUERY):
            for thing, given, label in engine.select(query).rows:
                self._add_label(thing, given, label)

    def _add_label(self, thing: Term | None, given: Term | None, label: Term | None) -> None:
        if not (isinstance(thing, NamedNode) and isinstance(given, NamedNode) and isinstance(label, Literal)):
            return
        if given.value not in _DESCRIBING:
            self._named[fold(label.value)].add(thing.value)
        rank = _rank(given.value, label)
        if thing.value not in self._labels or rank < self._labels[thing.value][0]:
            self._labels[thing.value] = (rank, label)

    def label(self, iri: str) -> str | None:
        """The English label of a resource, else one in another language, else None."""
        found = self.label_literal(iri)
        return found.value if found else None

    def label_literal(self, iri: str) -> Literal | None:
        """The label with its language."""
        found = self._labels.get(iri)
        return found[1] if found else None

    def of_type(self, kind_of_thing: str) -> tuple[tuple[str, str], ...]:
        """Everything of a type (its preferred classes only) as (IRI, label), in the order of labels."""
        tiers = TYPES[kind_of_thing].tiers
        return self.labelled(iri for iri in self._types if not tiers or self._is_a(iri, tiers[0]))

    def labelled(self, iris: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Each IRI with its label, or with its compact form where it has none, in the order of labels."""
        return tuple(sorted(self._each_labelled(iris), key=lambda pair: (pair[1].casefold(), pair[0])))

    def _each_labelled(self, iris: Iterable[str]) -> tuple[tuple[str, str], ...]:
        return tuple((iri, self.label(iri) or shorten(iri)) for iri in iris)

    def resolve(self, text: str, type: str, parameter: str | None = None) -> NamedNode:
        """The one thing of the type that a text names: by IRI, compact IRI, slug or any name in any language.

        Raises :class:`ArgumentError` with the candidates if there are several, and with near names if none.
        """
        asked = parameter or type
        found = self._of_preferred_tier(self._matches(text.strip()), type)
        if len(found) == 1:
            return NamedNode(found[0])
        if found:
            raise ArgumentError(asked, f"'{text}' names several", TYPES[type].expected, self.labelled(found))
        raise ArgumentError(asked, self._why_not(text.strip()), self._expected(type), self._near(text, type))

    def _matches(self, text: str) -> set[str]:
        """What a text names: by IRI if it is one, else by slug, else by name."""
        iri = _as_iri(text)
        if iri:
            return {iri} if iri in self._types else set()
        return self._slugs.get(text.casefold()) or self._named.get(fold(text) or " ") or self._inverted(text)

    def _inverted(self, text: str) -> set[str]:
        """What a name in the order of a catalogue names: ``Lavrov, Sergei``."""
        family, comma, given = text.partition(",")
        return self._named.get(fold(given + family), set()) if comma else set()

    def _of_preferred_tier(self, iris: Iterable[str], kind_of_thing: str) -> list[str]:
        iris = sorted(iris)
        for tier in TYPES[kind_of_thing].tiers:
            found = [iri for iri in iris if self._is_a(iri, tier)]
            if found:
                return found
        if TYPES[kind_of_thing].tiers:
            return []
        return [iri for iri in iris if kind(iri)] or iris

    def _is_a(self, iri: str, classes: tuple[str, ...]) -> bool:
        return not self._types.get(iri, set()).isdisjoint(classes)

    def _why_not(self, text: str) -> str:
        others = self._matches(text)
        if not others:
            return f"nothing here is called '{text}'"
        named = ", ".join(f"{label} ({shorten(iri)})" for iri, label in self.labelled(others))
        return f"'{text}' names something else: {named}"

    @staticmethod
    def _expected(kind_of_thing: str) -> str:
        return f"{TYPES[kind_of_thing].expected}: an IRI, a slug or any of its names in any language"

    def _near(self, text: str, kind_of_thing: str) -> tuple[tuple[str, str], ...]:
        names = {
            name: found
            for name, iris in self._named.items()
            if (found := self._of_preferred_tier(iris, kind_of_thing))
        }
        wanted = fold(text)
        holding = sorted((name for name in names if wanted and wanted in name), key=lambda name: (len(name), name))
        close = [*holding[:_NEAR], *get_close_matches(wanted, names, n=_NEAR)]
        return self._each_labelled(dict.fromkeys(iri for name in close for iri in names[name]))[:_NEAR]


def _as_iri(text: str) -> str | None:
    if "://" in text:
        return text.removeprefix("<").removesuffix(">")
    prefix, colon, _ = text.partition(":")
    if not colon or prefix not in PREFIXES:
        return None
    try:
        return expand(text)
    except UnknownPrefixError:
        return None


def _rank(given: str, label: Literal) -> tuple[int, int, str, str]:
    """Preferred names before alternative ones and descriptions, English before other languages."""
    groups = (_PREFERRED, _ALTERNATIVE, _DESCRIBING)
    group = next(number for number, members in enumerate(groups) if given in members)
    language = label.language or ""
    return (group, _LANGUAGES.get(language, 2), language, label.value)
