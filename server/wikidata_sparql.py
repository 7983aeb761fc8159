"""``/wikidata/sparql``: queries written for the Wikidata Query Service, on the newest slices.

The protocol, formats and errors are those of ``/sparql``; the default graph is what Wikidata says, its prefixes are
declared, and its label service is answered.
"""

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from graph.namespaces import GRAPH_WIKIDATA
from graph.wikidata.querying.engine import OnSlices
from server import clock
from server.addresses import WIKIDATA_SPARQL
from server.federated import tell_federated
from server.parameters import Fields, fields, operation_fields
from server.sparql import DIRECT, answer, form_or_description, read_operation

INCOMPLETE: Final = "Incomplete"
"""The header that names properties of which a query by ``wdt:`` may miss values."""

_ABOUT: Final = (
    "It answers queries that are written for the Wikidata Query Service from the newest records that are kept here:"
    " their prefixes are declared, and their label service is answered. What is not kept here is not known here."
)
_EXAMPLE: Final = """SELECT ?position ?positionLabel ?start ?end WHERE {
  wd:Q58217 p:P39 ?held .
  ?held ps:P39 ?position .
  OPTIONAL { ?held pq:P580 ?start . }
  OPTIONAL { ?held pq:P582 ?end . }
  SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],mul,en". }
} ORDER BY ?start"""

blueprint = Blueprint("wikidata_sparql", __name__)
tell_federated(blueprint)


@blueprint.get(WIKIDATA_SPARQL)
def query_by_get() -> Response:
    """``query=`` in the URL; without any parameter, the form or the service description."""
    given = fields(request.query_string)
    return _answer(given) if clock.without(given) else form_or_description(GRAPH_WIKIDATA)


@blueprint.post(WIKIDATA_SPARQL)
def query_by_post() -> Response:
    """A form, or the query itself as the body; the graphs may be named in the URL."""
    given = operation_fields("query", DIRECT)
    clock.take(given)
    return _answer(given)


@blueprint.context_processor
def page() -> dict[str, str]:
    """What the page of the endpoint says of it, and the query to begin with."""
    return {"about": _ABOUT, "example": _EXAMPLE}


def _answer(given: Fields) -> Response:
    operation = read_operation(given)
    if operation.explain:
        raise BadRequest("what Wikidata says rests on no words of documents: ask without explain")
    slices = OnSlices(clock.engine())
    answered = answer(slices, operation)
    names_graphs = operation.default_graphs or operation.named_graphs
    if missed := () if names_graphs else slices.incomplete(operation.query):
        answered.headers[INCOMPLETE] = ", ".join(f"wdt:{each}" for each in missed)
    return answered
