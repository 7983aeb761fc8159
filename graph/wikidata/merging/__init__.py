"""Merge: local data and Wikidata's read through the links between them, as a view in graphs of its own.

Nothing of either side is changed. What Wikidata says of the holders of our offices becomes tenures in our vocabulary
(:mod:`graph.wikidata.merging.tenures`); what rules conclude with these stands apart from what they conclude without
(:mod:`graph.wikidata.merging.view`). All of it is a function of the local graphs, the links and the slices, so that
without a link everything is as it was before there was one.
"""

from graph.wikidata.merging.increment import MergedIncrement
from graph.wikidata.merging.view import merge, merged_dataset

__all__ = ["MergedIncrement", "merge", "merged_dataset"]
