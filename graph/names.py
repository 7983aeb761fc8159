"""Names: from what people call a thing, in any language, to its IRI; and from an IRI to a label.

A name as it is written goes before one that is only alike: compared with case, width (NFKC), spaces, hyphens, quotes
and other punctuation folded away, so that "2 + 2" is "2+2". What is alike is gathered kind by kind, when it is first
asked for; of a kind with too many things to gather, a name must be written exactly.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.labels import ALTERNATIVE, PREFERRED, Labels, Selects, values
from graph.namespaces import (
    GRAPH_ONTOLOGY,
    KINDS,
    PREFIXES,
    RESOURCES,
    UnknownPrefixError,
    expand,
    kind,
    prologue,
    shorten,
    slug,
)

MOST_GATHERED: Final = 10_000
MOST_CANDIDATES: Final = 50
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
    "agent": _type("a person or a state", "foaf:Person cq:State"),
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

_NAMING: Final = (*PREFERRED, *ALTERNATIVE)
_LANGUAGES: Final = ("en", "ru", "ja", "")
_NODES: Final = "(<{}>|<{}>)/<{}>".format(*map(expand, ("skosxl:altLabel", "skosxl:prefLabel", "skosxl:literalForm")))
# Parts of other things: their slugs say what they join, and would hide the things that people name.
_PARTS: Final = frozenset({"name", "participation", "passage", "slot", "voice"})
_OTHERS: Final = "cq:Agreement cq:Deployment cq:Dispute cq:Document cq:Incumbency cq:Proposal cq:Statement "
_ANYTHING: Final = _type("", _OTHERS + "cq:TerritorialClaim cq:Status cq:PostKind org:Post cq:Slot skosxl:Label")


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


def fold(name: str) -> str:
    """The form in which names are compared; folding it again changes nothing."""
    folded = _fold_once(name)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return "".join(sign for sign in text if sign in _KEPT_SIGNS or unicodedata.category(sign)[0] in "LMN")


def _anywhere(pattern: str) -> str:
    """A pattern on the merged view, or on any named graph: the ontology, or what one assertion says."""
    return f"{{ {pattern} }} UNION {{ GRAPH ?anywhere {{ {pattern} }} }}"


class Names:
    """The names and labels of one version of the data."""

    def __init__(self, engine: Selects) -> None:
        self._engine = engine
        self._labels = Labels(engine)
        self._gathered: dict[str, dict[str, set[str]]] = {}
        self._terms: dict[str, set[str]] | None = None
        self._paths: list[str] | None = None

    def label(self, iri: str) -> str | None:
        """The English label of a resource, else one in another language, else None."""
        found = self.label_literal(iri)
        return found.value if found else None

    def label_literal(self, iri: str) -> Literal | None:
        """The label with its language."""
        return self._labels.of(iri)

    def learn(self, iris: Iterable[str]) -> None:
        """Ask for the labels of all these at once, before they are asked for one by one."""
        self._labels.learn(iris)

    def of_type(self, kind_of_thing: str) -> tuple[tuple[str, str], ...]:
        """Everything of a type (its preferred classes only) as (IRI, label), in the order of labels."""
        classes = TYPES[kind_of_thing].tiers[0]
        return self.labelled({iri for each in classes for found in self._alike(each).values() for iri in found})

    def labelled(self, iris: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Each IRI with its label, or with its compact form where it has none, in the order of labels."""
        return tuple(sorted(self._each_labelled(iris), key=lambda pair: (pair[1].casefold(), pair[0])))

    def _each_labelled(self, iris: Iterable[str]) -> tuple[tuple[str, str], ...]:
        held = list(iris)
        self.learn(held)
        return tuple((iri, self.label(iri) or shorten(iri)) for iri in held)

    def resolve(self, text: str, type: str, parameter: str | None = None) -> NamedNode:
        """The one thing of the type that a text names: by IRI, compact IRI, slug or any name in any language.

        Raises :class:`ArgumentError` with the candidates if there are several, and with near names if none.
        """
        asked, text = parameter or type, text.strip()
        kinds = (self._of_preferred_tier(matches, type) for matches in self._matches(text, type))
        found = next(filter(None, kinds), [])
        if len(found) == 1:
            return NamedNode(found[0])
        if found:
            candidates = self.labelled(found)[:MOST_CANDIDATES]
            raise ArgumentError(asked, f"'{text}' names several", TYPES[type].expected, candidates)
        expected = f"{TYPES[type].expected}: an IRI, a slug or any of its names in any language"
        raise ArgumentError(asked, self._why_not(text, type), expected, self._near(text, type))

    def _matches(self, text: str, kind_of_thing: str) -> Iterator[set[str]]:
        """What a text names: by IRI if it is one, else by slug, by name as written, by a name that is alike."""
        iri = _as_iri(text)
        if iri:
            yield set(self._types((iri,)))
            return
        by_slug = self._by_slug(text.casefold())
        yield by_slug
        if not by_slug:
            yield self._by_name(text) if text else set()
            yield self._by_alike(fold(text), kind_of_thing)
            family, comma, given = text.partition(",")
            yield self._by_alike(fold(given + family), kind_of_thing) if comma else set()

    def _by_slug(self, text: str) -> set[str]:
        minted = (f"{RESOURCES}{each}/{text}" for each in KINDS if each not in _PARTS)
        return {*self._types(minted), *self._ontology().get(text, ())}

    def _ontology(self) -> dict[str, set[str]]:
        """The terms of the ontology by slug."""
        if self._terms is None:
            found: dict[str, set[str]] = defaultdict(set)
            for (term,) in self._engine.select(f"SELECT DISTINCT ?t {{ GRAPH {GRAPH_ONTOLOGY} {{ ?t a ?c }} }}").rows:
                if isinstance(term, NamedNode):
                    found[slug(term.value).casefold()].add(term.value)
            self._terms = found
        return self._terms

    def _by_name(self, text: str) -> set[str]:
        """What has exactly this name, in one of our languages or in none; a name node names its thing."""
        literals = " ".join(str(Literal(text, language=each) if each else Literal(text)) for each in _LANGUAGES)
        naming = ", ".join(f"<{iri}>" for iri in _NAMING)
        pattern = _anywhere(f"?thing ?naming ?label FILTER (?naming IN ({naming}))")
        found = self._iris(f"SELECT DISTINCT ?thing {{ VALUES ?label {{ {literals} }} {pattern} }}")
        nodes = values(iri for iri in found if kind(iri) == "name")
        pattern = _anywhere("?thing skosxl:altLabel|skosxl:prefLabel ?name")
        query = f"SELECT DISTINCT ?thing {{ VALUES ?name {{ {nodes} }} {pattern} }}"
        return found | (self._iris(prologue("skosxl") + query) if nodes else set())

    def _iris(self, query: str) -> set[str]:
        return {row[0].value for row in self._engine.select(query).rows if isinstance(row[0], NamedNode)}

    def _by_alike(self, folded: str, kind_of_thing: str) -> set[str]:
        if not folded:
            return set()
        return {iri for each in _classes(kind_of_thing) for iri in self._alike(each).get(folded, ())}

    def _alike(self, class_: str) -> dict[str, set[str]]:
        """The things of a class by the folded form of each of their names; nothing where they are too many."""
        if class_ not in self._gathered:
            self._gathered[class_] = self._gather(class_)
        return self._gathered[class_]

    def _gather(self, class_: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        iris = self._iris(f"SELECT ?thing {{ ?thing a <{class_}> }} LIMIT {MOST_GATHERED + 1}")
        more = f"SELECT DISTINCT ?thing {{ GRAPH ?anywhere {{ ?thing a <{class_}> }} }} LIMIT {MOST_GATHERED + 1}"
        unmerged = self._iris(more) - iris
        if len(iris) + len(unmerged) > MOST_GATHERED:
            return found
        given = f"VALUES ?thing {{ {values(sorted(unmerged))} }}"
        for naming in self._naming():
            rows = [*self._labels_by(f"?thing a <{class_}> ; {naming} ?label")]
            rows += self._labels_by(f"{given} GRAPH ?anywhere {{ ?thing {naming} ?label }}") if unmerged else []
            for thing, label in rows:
                found[fold(label)].add(thing)
        return found

    def _naming(self) -> list[str]:
        """The properties, or paths of them, by which anything here is named."""
        if self._paths is None:
            paths = (*(f"<{iri}>" for iri in _NAMING), _NODES)
            found = (self._iris(f"SELECT ?thing {{ {_anywhere(f'?thing {path} ?name')} }} LIMIT 1") for path in paths)
            self._paths = [path for path, used in zip(paths, found, strict=True) if used]
        return self._paths

    def _labels_by(self, pattern: str) -> Iterator[tuple[str, str]]:
        for thing, label in self._engine.select(f"SELECT ?thing ?label {{ {pattern} }}").rows:
            if isinstance(thing, NamedNode) and isinstance(label, Literal):
                yield thing.value, label.value

    def _types(self, iris: Iterable[str]) -> dict[str, set[str]]:
        """The types of those that have any."""
        found: dict[str, set[str]] = defaultdict(set)
        pattern = _anywhere("?thing a ?type")
        query = f"SELECT DISTINCT ?thing ?type {{ VALUES ?thing {{ {values(iris)} }} {pattern} }}"
        for thing, type_ in self._engine.select(query).rows:
            if isinstance(thing, NamedNode) and isinstance(type_, NamedNode):
                found[thing.value].add(type_.value)
        return found

    def _of_preferred_tier(self, iris: Iterable[str], kind_of_thing: str) -> list[str]:
        types = self._types(iris) if iris else {}
        known = sorted(types)
        for tier in TYPES[kind_of_thing].tiers:
            found = [iri for iri in known if not types[iri].isdisjoint(tier)]
            if found:
                return found
        return [] if TYPES[kind_of_thing].tiers else [iri for iri in known if kind(iri)] or known

    def _why_not(self, text: str, kind_of_thing: str) -> str:
        others = set().union(*self._matches(text, kind_of_thing))
        if not others:
            return f"nothing here is called '{text}'"
        listed = self.labelled(others)[:MOST_CANDIDATES]
        return f"'{text}' names something else: " + ", ".join(f"{label} ({shorten(iri)})" for iri, label in listed)

    def _near(self, text: str, kind_of_thing: str) -> tuple[tuple[str, str], ...]:
        names: dict[str, set[str]] = defaultdict(set)
        for each in _classes(kind_of_thing):
            for name, found in self._alike(each).items():
                names[name] |= found
        wanted = fold(text)
        holding = sorted((name for name in names if wanted and wanted in name), key=lambda name: (len(name), name))
        close = [*holding[:_NEAR], *get_close_matches(wanted, names, n=_NEAR)]
        return self._each_labelled(list(dict.fromkeys(iri for name in close for iri in sorted(names[name])))[:_NEAR])


def _classes(kind_of_thing: str) -> Iterator[str]:
    """The classes of a type, the preferred ones first; for anything, all that are named."""
    types = [TYPES[kind_of_thing]] if TYPES[kind_of_thing].tiers else [*TYPES.values(), _ANYTHING]
    yield from dict.fromkeys(class_ for each in types for tier in each.tiers for class_ in tier)


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
