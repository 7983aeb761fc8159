"""What is given back and passed on: QuickStatements with a list to review, Wikibase JSON, nanopublications.

All of it is made from a dataset alone, and written by whoever asks: nothing is ever sent anywhere.
"""

from graph.wikidata.exports.batch import as_batch
from graph.wikidata.exports.doubted import doubted_in
from graph.wikidata.exports.entity_json import as_lines
from graph.wikidata.exports.items import graph_entities
from graph.wikidata.exports.nanopublications import (
    NanopublicationError,
    Publication,
    as_trig,
    nanopublications,
    publishable,
)
from graph.wikidata.exports.proposals import proposals
from graph.wikidata.exports.review import as_review
from graph.wikidata.exports.same_as import WARNING, same_as

__all__ = [
    "WARNING",
    "NanopublicationError",
    "Publication",
    "as_batch",
    "as_lines",
    "as_review",
    "as_trig",
    "doubted_in",
    "graph_entities",
    "nanopublications",
    "proposals",
    "publishable",
    "same_as",
]
