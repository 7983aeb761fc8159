"""Derivation: all that follows from what a dataset says. The build and every view of it derive in the same way."""

from graph.dataset import Dataset
from graph.index import index
from graph.outer_bounds import outer_bounds
from graph.rules import entail


def derive(dataset: Dataset) -> None:
    """Fill in what is entailed, and the index; whatever was there of them is replaced. Raises RuleError."""
    dataset.entailed = entail(dataset.premises()) | outer_bounds(dataset)
    dataset.index = index(dataset)
