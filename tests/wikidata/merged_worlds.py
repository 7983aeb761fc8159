"""Small worlds of the merge: the two documents, hand-made slices of some people, links of the authority file.

The statements are facts of Wikidata under identifiers of our own making.
"""

from collections.abc import Callable, Iterable
from functools import cache

from pyoxigraph import NamedNode, Triple

from graph.anchors import locks
from graph.assertions import read_corpus
from graph.dataset import Dataset, assemble, read_authority, read_ontology
from graph.derivation import derive
from graph.namespaces import expand, shorten, slice_graph
from graph.sources import default_authority, default_corpus
from graph.wikidata.links import Link, published, read_links
from graph.wikidata.merging import merge
from graph.wikidata.model import Entity, Item, Rank, Snak, Statement, Time
from graph.wikidata.shape import triples_of
from graph.wikidata.slices import newest
from graph.wikidata.slices.description import Slice, triples_about

READ = "2026-04-21"
REVISION = "1000"
LAVROV, SHOIGU, KISHIDA, ONODERA = "Q58217", "Q32024", "Q359480", "Q49969"
RU_FOREIGN, RU_DEFENCE, JP_FOREIGN, JP_DEFENCE = "Q1418873", "Q17287317", "Q1355043", "Q6500838"
DAY, YEAR = 11, 9
SOME = Snak("P582", None, "somevalue", "time")
NONE = Snak("P582", None, "novalue", "time")


def day(property_: str, text: str, precision: int = DAY) -> Snak:
    return Snak(property_, Time(f"+{text}T00:00:00Z", precision), "value", "time")


def since(text: str, precision: int = DAY) -> Snak:
    return day("P580", text, precision)


def until(text: str, precision: int = DAY) -> Snak:
    return day("P582", text, precision)


def held(person: str, office: str, number: int, *when: Snak, rank: Rank | None = "normal") -> Statement:
    """A statement *position held*; its number tells it from the person's others."""
    guid = f"{person}${number:08X}-0000-4000-8000-000000000000"
    main = Snak("P39", Item(office), "value", "wikibase-item")
    return Statement(expand(f"wds:{guid.replace('$', '-')}"), guid, person, main, rank, when)


def entity(
    person: str,
    *statements: Statement,
    revision: str = REVISION,
    partial: bool = False,
    redirects: tuple[str, ...] = (),
) -> Entity:
    graph = slice_graph(person, revision).value
    return Entity(
        person, revision, "", READ, graph, partial, {"en": person}, statements=statements, redirects=redirects
    )


@cache
def local() -> Dataset:
    """The two documents with the authority file, derived; nothing of Wikidata but that file's tenures."""
    corpus = read_corpus(default_corpus())
    dataset = assemble(list(locks(corpus, None)), read_authority(default_authority()), read_ontology())
    derive(dataset)
    return dataset


TOLD = "streltsov-2plus2-first"
"""The assertion that tells of the first 2+2."""
_PERSONS = ("lavrov", "shoigu", "kishida", "onodera")
_OFFICES = ("ru-foreign-minister", "ru-defence-minister", "jp-foreign-minister", "jp-defence-minister")
_AROUND = {
    *(f"person:{name}" for name in _PERSONS),
    *(f"office:{name}" for name in _OFFICES),
    *(f"slot:2plus2-{name}" for name in ("foreign-minister", "defence-minister")),
    "format:2plus2",
    "state:russia",
    "state:japan",
    "tenure:lavrov-ru-foreign-minister-2004",
    "tenure:onodera-jp-defence-minister-2012",
    "tenure:kishida-jp-defence-minister-2017",
}


@cache
def toy() -> Dataset:
    """The first 2+2 alone, derived: one assertion, the four ministers and their offices, three tenures, no axioms."""
    whole, name = local(), NamedNode(expand(f"a:{TOLD}"))
    dataset = Dataset(
        {name: whole.assertions[name]},
        {name: whole.admitted[name]},
        {t for t in whole.provenance if TOLD in str(t)},
        {t for t in whole.authority if shorten(getattr(t.subject, "value", "")) in _AROUND},
    )
    derive(dataset)
    return dataset


Ground = Callable[[], Dataset]
"""What a world stands on: ``local``, or ``toy``."""


@cache
def links() -> tuple[Link, ...]:
    return read_links(default_authority())


def world(*slices: Entity, linked: Iterable[Link] | None = None, ground: Ground = local) -> Dataset:
    """The documents with these slices and links, merged."""
    dataset = beside(*slices, linked=linked, ground=ground)
    merge(dataset)
    return dataset


def beside(*slices: Entity, linked: Iterable[Link] | None = None, ground: Ground = local) -> Dataset:
    """The same before the merge."""
    whole = ground()
    dataset = Dataset(
        whole.assertions,
        whole.admitted,
        whole.provenance,
        whole.authority,
        whole.ontology,
        whole.entailed,
        whole.index,
    )
    dataset.links = published(links() if linked is None else linked)
    for each in slices:
        put(dataset, each)
    dataset.wikidata = newest(dataset.slices, dataset.retrieved)
    return dataset


def put(dataset: Dataset, each: Entity) -> None:
    statements = frozenset(s.iri for s in each.statements) if each.partial else frozenset()
    told = Slice(each.graph, each.id, each.revision, "", each.retrieved, partial=each.partial, statements=statements)
    dataset.slices[NamedNode(each.graph)] = triples_of(each)
    dataset.retrieved |= set(triples_about(told))


ITEMS = (LAVROV, SHOIGU, KISHIDA, ONODERA)


def the_four() -> tuple[Entity, ...]:
    """Who held the four offices of the first 2+2, as Wikidata says, in slices of whole entities."""
    return (
        entity(LAVROV, held(LAVROV, RU_FOREIGN, 1, since("2004-03-09"))),
        entity(SHOIGU, held(SHOIGU, RU_DEFENCE, 1, since("2012-11-06"))),
        entity(
            KISHIDA,
            held(KISHIDA, JP_FOREIGN, 1, since("2012-12-26"), until("2017-08-03")),
            held(KISHIDA, JP_DEFENCE, 2, since("2017-07-28"), until("2017-08-03")),
        ),
        entity(
            ONODERA,
            held(ONODERA, JP_DEFENCE, 1, since("2012-12-26"), until("2014-09-03")),
            held(ONODERA, JP_DEFENCE, 2, since("2017-08-03"), until("2018-10-02")),
        ),
    )


def told(graph: Iterable[Triple], subject: NamedNode) -> dict[str, set[str]]:
    """What a graph says of a subject, by the compact name of the property."""
    found: dict[str, set[str]] = {}
    for t in graph:
        if t.subject == subject:
            found.setdefault(shorten(t.predicate.value), set()).add(shorten(getattr(t.object, "value", "")))
    return found
