"""What a thing said rests on: its document, the quoted words, and whose voice it is; for references and lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from graph.dataset import TYPE
from graph.documents import fold
from graph.facts import Known, follow, known, nodes
from graph.namespaces import cq, slug, term


@dataclass(frozen=True)
class Document:
    """A document: its IRI, title, the code of its language, and what else is known of it, ``""`` where it is not.

    ``published`` is EDTF, ``recorded`` the day on which it entered the graph. ``translated`` says that the text is a
    translation.
    """

    iri: str
    title: str
    language: str
    url: str = ""
    published: str = ""
    genre: str = ""
    translated: bool = False
    recorded: str = ""


@dataclass(frozen=True)
class Source:
    """An assertion: its IRI, its document, its quotes in the order of the text, and who says it, in which mood.

    ``own`` says that the author or the publisher of the document says it, and reports nobody else.
    """

    assertion: str
    document: Document
    quotes: tuple[str, ...]
    attribution: str
    modality: str
    own: bool

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """Why editors may take it for a weak source of a fact, in words; nothing if there is no reason."""
        document = self.document
        found = (
            "an opinion piece" if document.genre == "opinion" else "",
            f"said as {self.modality.lower()}" if self.modality not in ("", "Asserted") else "",
            "reported of somebody else" if not self.own else "",
            "a translation" if document.translated else "",
        )
        return tuple(each for each in found if each)


def sources(provenance: Iterable[Triple]) -> dict[str, Source]:
    """The source behind each assertion, by the assertion's IRI."""
    facts = known(provenance)
    read = _documents(facts)
    found = {}
    for node, about in facts.items():
        for document in nodes(about, "cq:inDocument"):
            if document in read:
                own = {*nodes(facts[document], "dcterms:creator"), *nodes(facts[document], "dcterms:publisher")}
                found[node.value] = Source(
                    node.value,
                    read[document],
                    _quotes(facts, about),
                    value(about, "cq:attribution"),
                    slug(value(about, "cq:modality")),
                    bool(own.intersection(nodes(about, "cq:speaker"))),
                )
    return found


def documents(provenance: Iterable[Triple]) -> dict[NamedNode, Document]:
    """Every document."""
    return _documents(known(provenance))


def _documents(facts: Mapping[NamedNode, Known]) -> dict[NamedNode, Document]:
    return {node: _document(node.value, about) for node, about in facts.items() if cq("Document") in about[TYPE]}


def _document(iri: str, about: Known) -> Document:
    return Document(
        iri,
        fold(value(about, "dcterms:title")),
        value(about, "dcterms:language"),
        value(about, "schema:url"),
        value(about, "cq:when"),
        value(about, "cq:genre"),
        bool(value(about, "cq:translatedFrom")),
        value(about, "cq:recordedOn"),
    )


def _quotes(facts: Mapping[NamedNode, Known], about: Known) -> tuple[str, ...]:
    placed = []
    for passage in nodes(about, "cq:restsOn"):
        selectors = follow(facts, [passage], "oa:hasSelector")
        texts = [value(facts[each], "oa:exact") for each in selectors]
        starts = [value(facts[each], "oa:start") for each in selectors]
        placed.append((int(max(starts, default="") or 0), passage.value, fold("".join(texts))))
    return tuple(text for _, _, text in sorted(placed) if text)


def value(about: Known, name: str) -> str:
    """The first value of a property in the order of the texts, ``""`` where there is none."""
    return min((each.value for each in about.get(term(name), ())), default="")
