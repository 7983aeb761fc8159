"""References: the ground of each statement that is passed on, as Wikidata writes them."""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Triple

from graph.dataset import Dataset
from graph.facts import known, nodes
from graph.namespaces import GRAPH_AUTHORITY, cq, kind
from graph.wikidata.exports.quotation import quotation
from graph.wikidata.exports.sources import Document, Source, sources, value
from graph.wikidata.exports.times import time_of
from graph.wikidata.exports.values import ITEM, local
from graph.wikidata.model import DAY, Item, Monolingual, Reference, Snak, Text, Time

STATED_IN, QUOTATION, URL, TITLE, PUBLISHED, RETRIEVED = "P248", "P1683", "P854", "P1476", "P577", "P813"
_AUTHORITY: Final = Snak(STATED_IN, Item(GRAPH_AUTHORITY.value), datatype=ITEM)


def grounds(dataset: Dataset) -> Iterator[tuple[set[Triple], Reference]]:
    """What is passed on, by its ground: the authority file, documents' metadata, what each assertion is granted."""
    yield from _authority(dataset.authority)
    yield from _documents(dataset.provenance)
    held = sources(dataset.provenance)
    for name, graph in sorted(dataset.granted().items(), key=lambda each: each[0].value):
        yield graph, assertion_reference(held[name.value])


def assertion_reference(source: Source) -> Reference:
    """Document, its metadata, the words, who says so, and the assertion's IRI."""
    quotes = [text for text in map(quotation, source.quotes) if text]
    language = source.document.language
    return _reference(
        *metadata(source.document),
        *(Snak(QUOTATION, Monolingual(text, language), datatype="monolingualtext") for text in quotes),
        Snak(
            local("cq:attribution", "monolingualtext"),
            Monolingual(source.attribution, "en"),
            datatype="monolingualtext",
        ),
        Snak(local("cq:modality", ITEM), Item(cq(source.modality).value), datatype=ITEM),
        Snak(local("cq:statedIn", "url"), Text(source.assertion), datatype="url"),
    )


def metadata(document: Document) -> Iterator[Snak]:
    """What tells which document it is: its item, URL, title, and day of publication if that is known as such."""
    yield Snak(STATED_IN, Item(document.iri), datatype=ITEM)
    if document.url:
        yield Snak(URL, Text(document.url), datatype="url")
    yield Snak(TITLE, Monolingual(document.title, document.language), datatype="monolingualtext")
    if time := time_of(document.published):
        yield Snak(PUBLISHED, time, datatype="time")


def _authority(authority: Iterable[Triple]) -> Iterator[tuple[set[Triple], Reference]]:
    """The authority file; of a tenure in it, the statement of Wikidata from which it was taken, too."""
    rest: set[Triple] = set()
    tenures: dict[NamedNode, set[Triple]] = {}
    for t in authority:
        if isinstance(t.subject, NamedNode) and kind(t.subject.value) == "tenure":
            tenures.setdefault(t.subject, set()).add(t)
        else:
            rest.add(t)
    yield rest, _reference(_AUTHORITY)
    for tenure, about in sorted(tenures.items(), key=lambda each: each[0].value):
        yield about, _taken(tenure, about)


def _taken(tenure: NamedNode, triples: Iterable[Triple]) -> Reference:
    about = known(triples)[tenure]
    origins = [Snak(URL, Text(each.value), datatype="url") for each in nodes(about, "prov:wasDerivedFrom")]
    day = value(about, "cq:recordedOn")
    seen = [Snak(RETRIEVED, Time(f"+{day}T00:00:00Z", DAY), datatype="time")] if day else []
    return _reference(_AUTHORITY, *origins, *seen)


def _documents(provenance: Iterable[Triple]) -> Iterator[tuple[set[Triple], Reference]]:
    """The metadata of each document, which the document itself gives."""
    found: dict[NamedNode, set[Triple]] = {}
    for t in provenance:
        if (
            isinstance(t.subject, NamedNode)
            and kind(t.subject.value) == "document"
            and t.predicate != cq("inferredFrom")
        ):
            found.setdefault(t.subject, set()).add(t)
    for document, about in sorted(found.items(), key=lambda each: each[0].value):
        yield about, _reference(Snak(STATED_IN, Item(document.value), datatype=ITEM))


def _reference(*snaks: Snak) -> Reference:
    """A reference whose hash is given later, with its identifiers."""
    return Reference("", snaks)
