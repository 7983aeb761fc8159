"""The view with Wikidata: the local one, with tenures from slices in the place of those that the authority file has.

Which graph says what: assertions, authority file, provenance and links as without Wikidata; each slice what Wikidata
says; *tenures* what links make of that; *entailed-with-wikidata* what rules conclude in the view and do not conclude
locally. *with-wikidata* is the whole view. What the view leaves out (authority tenures whose place is taken, and what
followed from these alone) goes on standing in the local graphs.

Where the view is asked as if it were the only one (``merged=true``), the graphs *merged*, *entailed*, *authority* and
*index* are its own: *entailed* has all that is concluded in it.
"""

from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from typing import Final

from pyoxigraph import NamedNode, Triple

from graph.dataset import Dataset
from graph.index import index
from graph.namespaces import kind, term
from graph.outer_bounds import outer_bounds
from graph.rules import entail
from graph.wikidata.entities import Entities
from graph.wikidata.merging.linked import Linked, redirected
from graph.wikidata.merging.superseded import superseded
from graph.wikidata.merging.tenures import tenures
from graph.wikidata.terms import identifier_of

_SAME: Final = term("skos:exactMatch")


class MergedDataset(Dataset):
    """A dataset whose view is the one with Wikidata; its graphs hold nothing that the view leaves out."""

    def premises(self) -> set[Triple]:
        """What rules may build on: also tenures that links let us read, and which offices are linked."""
        return super().premises() | self.tenures | offices_linked(self.links, redirected(self.wikidata))

    def merged(self) -> set[Triple]:
        """The view with Wikidata."""
        return self.with_wikidata


def merge(dataset: Dataset, known: Entities | None = None) -> None:
    """Fill in the graphs of the merge of a dataset that is derived and has its newest slices. Raises RuleError.

    ``known`` are the entities that these are about, for those who have read them.
    Without anything of Wikidata they are empty: there is no view but the local one.
    """
    dataset.tenures, dataset.entailed_with_wikidata, dataset.with_wikidata = set(), set(), set()
    if not dataset.wikidata:
        return
    view = without_slices(dataset, known)
    view.entailed = entail(view.premises()) | outer_bounds(dataset)
    dataset.tenures = view.tenures
    dataset.entailed_with_wikidata = view.entailed - dataset.entailed
    dataset.with_wikidata = view.merged() | dataset.links | dataset.wikidata


def without_slices(dataset: Dataset, known: Entities | None = None) -> Dataset:
    """The view but for what stands in slices alone, before entailment.

    What rules see of links and slices (tenures, which offices are linked) stands in its authority file. Where there
    are no slices, it is the local view.
    """
    if not dataset.wikidata:
        return dataset
    linked = Linked.of(dataset, known)
    read = tenures(linked, dataset.authority)
    told = {triple for tenure in read for triple in tenure.triples()}
    gone = superseded(dataset.authority, linked, read)
    kept = {t for t in dataset.authority if t.subject not in gone}
    return replace(dataset, authority=kept | told | offices_linked(dataset.links, linked.redirected), tenures=told)


def offices_linked(links: Iterable[Triple], gone: Collection[str] = ()) -> set[Triple]:
    """The accepted links of offices, of which rules may conclude that a meeting seats one.

    ``gone`` are the identifiers that redirect to others: a link to one of them is stale.
    """
    found = (t for t in links if t.predicate == _SAME and kind(_iri(t.subject)) == "office")
    return {t for t in found if identifier_of(_iri(t.object)) not in gone}


def _iri(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else ""


def merged_dataset(dataset: Dataset) -> Dataset:
    """The dataset that has the view with Wikidata for its merged view, and an index of that.

    It is the same one where there is nothing of Wikidata in it.
    """
    if not dataset.with_wikidata:
        return dataset
    merged = MergedDataset(**{field.name: getattr(dataset, field.name) for field in fields(dataset)})
    merged.authority = dataset.authority & dataset.with_wikidata
    merged.entailed = (dataset.entailed & dataset.with_wikidata) | dataset.entailed_with_wikidata
    merged.index = index(replace(dataset, authority=merged.authority | dataset.tenures, entailed=merged.entailed))
    return merged
