"""Where assertions cannot both be right, found once for a build by ``ontology/index/disagreement.rq``.

Only what several assertions describe is looked at.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from graph.dataset import TYPE, Dataset
from graph.namespaces import GRAPH_INDEX, GRAPH_ONTOLOGY, cq, kind, slug, term

SUBJECT, ASPECT, VALUE = term("rdf:subject"), term("rdf:predicate"), term("rdf:object")
SIDE = term("prov:wasDerivedFrom")
_PREF_LABEL = term("skos:prefLabel")
_EVERYWHERE = frozenset(
    (cq("inDocument"), cq("modality"), cq("startEarliest"), cq("endLatest"), TYPE, term("geo:sfWithin"))
)


def disagreements(dataset: Dataset) -> set[Triple]:
    """Each side of each disagreement: an assertion, and what it says of an aspect of a subject."""
    sides = {(subject, aspect, each) for subject, aspect, *both in _pairs(dataset) for each in both}
    labels = _labels(dataset)
    denied = {t.subject for t in dataset.provenance if t.predicate == cq("modality") and t.object == cq("Denied")}
    found: set[Triple] = set()
    for subject, aspect, assertion in sides:
        said = _said(dataset.assertions[assertion], subject, aspect, labels)
        found.update(differ(subject, aspect, assertion, f"not {said}" if assertion in denied else said))
    return found


def differ(subject: NamedNode, aspect: NamedNode, assertion: NamedNode, said: str) -> Iterator[Triple]:
    """Triples that tell one side of a disagreement, in words."""
    name = f"{kind(subject.value) or 'thing'}.{slug(subject.value)}.{slug(aspect.value)}.{slug(assertion.value)}"
    node = NamedNode(f"{GRAPH_INDEX.value}#differ.{name}")
    yield Triple(node, SUBJECT, subject)
    yield Triple(node, ASPECT, aspect)
    yield Triple(node, SIDE, assertion)
    yield Triple(node, VALUE, Literal(said))


def _labels(dataset: Dataset) -> dict[object, set[str]]:
    """English labels: those of things, and, where there are none, those of terms."""
    found: dict[object, set[str]] = {}
    for triples in (dataset.ontology, dataset.merged()):
        english: dict[object, set[str]] = defaultdict(set)
        for t in triples:
            if t.predicate == _PREF_LABEL and isinstance(t.object, Literal) and t.object.language == "en":
                english[t.subject].add(t.object.value)
        found |= english
    return found


def _said(said: Iterable[Triple], subject: NamedNode, aspect: NamedNode, labels: Mapping[object, set[str]]) -> str:
    """What an assertion says of an aspect of a subject, in words."""
    words: set[str] = set()
    for t in said:
        if t.subject == subject and t.predicate == aspect:
            words |= labels.get(t.object) or {getattr(t.object, "value", str(t.object))}
    return "; ".join(sorted(words))


def _pairs(dataset: Dataset) -> Iterator[tuple[NamedNode, NamedNode, NamedNode, NamedNode]]:
    store = Store()
    store.bulk_extend(_looked_at(dataset))
    found = store.query(files("ontology").joinpath("index", "disagreement.rq").read_text(encoding="utf-8"))
    assert isinstance(found, QuerySolutions)  # noqa: S101 - the file is ours
    for row in found:
        subject, aspect, one, other = row
        yield subject, aspect, one, other


def _looked_at(dataset: Dataset) -> Iterator[Quad]:
    """What several assertions describe, by whom, and where places lie."""
    told = Counter(subject for graph in dataset.assertions.values() for subject in {t.subject for t in graph})
    for name, graph in dataset.assertions.items():
        yield from (Quad(t.subject, t.predicate, t.object, name) for t in graph if told[t.subject] > 1)
    for t in dataset.merged():
        if t.predicate in _EVERYWHERE:
            yield Quad(t.subject, t.predicate, t.object)
    yield from (
        Quad(t.subject, t.predicate, t.object, GRAPH_ONTOLOGY) for t in dataset.ontology if t.predicate == TYPE
    )
