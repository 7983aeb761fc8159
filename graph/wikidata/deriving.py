"""All that comes of having Wikidata beside the documents: its newest slices, the comparison, and the merge.

Made from the graphs of a dataset alone, whoever filled them: a build, or a view of what was known at some time.
"""

from collections.abc import Iterable

from graph.dataset import Dataset
from graph.wikidata.comparison import comparisons
from graph.wikidata.entities import entities
from graph.wikidata.links import Link, check_links, published
from graph.wikidata.merging import merge
from graph.wikidata.slices import Slices, newest


def put_beside(dataset: Dataset, slices: Slices, links: Iterable[Link]) -> None:
    """Give a dataset what Wikidata says and the links to it; raises LinkError for links that cannot stand."""
    held = [*links]
    dataset.slices, dataset.retrieved = slices.graphs, slices.retrieved
    check_links(held, entities(newest(dataset.slices, dataset.retrieved), dataset.retrieved))
    dataset.links = published(held)


def derive_with_wikidata(dataset: Dataset) -> None:
    """Fill in what follows from both sides; whatever was there of it is replaced."""
    dataset.wikidata = newest(dataset.slices, dataset.retrieved)
    dataset.comparisons = comparisons(dataset)
    merge(dataset)
