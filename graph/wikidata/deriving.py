"""All that comes of having Wikidata beside the documents: its newest slices, the comparison, and the merge.

Made from the graphs of a dataset alone, whoever filled them: a build, or a view of what was known at some time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Triple

from graph.dataset import Dataset
from graph.wikidata.comparison import comparisons
from graph.wikidata.entities import Entities, entities
from graph.wikidata.links import Link, check_links, published
from graph.wikidata.merging import merge
from graph.wikidata.slices import Slices, newest


@dataclass(frozen=True)
class Newest:
    """What Wikidata says by the newest slices of a dataset: the view, and the entities that it is about."""

    view: set[Triple]
    entities: Entities

    @classmethod
    def of(cls, dataset: Dataset) -> "Newest":
        """That of a dataset that has its slices. Reading it takes a while where there are large ones: do it once."""
        view = newest(dataset.slices, dataset.retrieved)
        return cls(view, entities(view, dataset.retrieved))


def put_beside(dataset: Dataset, slices: Slices, links: Iterable[Link]) -> Newest:
    """Give a dataset what Wikidata says and the links to it; raises LinkError for links that cannot stand."""
    held = [*links]
    dataset.slices, dataset.retrieved = slices.graphs, slices.retrieved
    told = Newest.of(dataset)
    check_links(held, told.entities)
    dataset.links = published(held)
    return told


def derive_with_wikidata(dataset: Dataset, known: Newest | None = None) -> None:
    """Fill in what follows from both sides; whatever was there of it is replaced."""
    told = known or Newest.of(dataset)
    dataset.wikidata = told.view
    dataset.comparisons = comparisons(dataset, told.entities)
    merge(dataset, told.entities)
