"""``/why``: why a triple holds, as a page, in JSON and in RDF."""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, json, render_template, request
from werkzeug.exceptions import NotFound

from graph.limits import Limits
from graph.names import ArgumentError
from graph.proofs import Bound, Explanation, NotInGraphError, why_all
from graph.proofs.words import Words
from server.clock import engine, without
from server.delivery import keep_answers, stamp
from server.exchange import exchange_of
from server.negotiation import EXTENSIONS, HTML, choose, content_type
from server.parameters import Fields, fields
from server.rdf import describe
from server.saved import names_now
from server.why_data import as_json, as_prov
from server.why_shown import Page, shown
from server.why_terms import arguments, read_triple

PLACES: Final = ("subject", "predicate", "object")
JSON: Final = "application/json"
TURTLE: Final = "text/turtle"
_OFFERS: Final = (HTML, JSON, TURTLE)
_BY_TIME: Final = "seconds"

blueprint = Blueprint("why", __name__)
keep_answers(blueprint)


@blueprint.get("/why")
def why() -> Response:
    """The proofs of the triple that three parameters name."""
    return _respond(choose(_OFFERS))


@blueprint.get("/why.<any(html, json, ttl):extension>")
def why_as(extension: str) -> Response:
    """The same in one representation."""
    return _respond(JSON if extension == "json" else EXTENSIONS[extension])


def bound(limits: Limits) -> Bound:
    """How far a request may look."""
    return Bound(
        supports=limits.proof_supports,
        depth=limits.proof_depth,
        queries=limits.proof_queries,
        seconds=limits.proof_seconds,
    )


def explain(given: Fields) -> Explanation:
    """Why the triple holds that a request names; raises ArgumentError, or 404 where the graph does not have it."""
    for name in PLACES:
        if sum(key == name for key, _ in given) > 1:
            raise ArgumentError(name, "is given more than once", "one value")
    subject, predicate, value = (dict(given).get(name, "") for name in PLACES)
    triple = read_triple(subject, predicate, value, engine(), names_now())
    limits: Limits = current_app.extensions["limits"]
    try:
        return why_all(engine(), (triple,), bound(limits))[triple]
    except NotInGraphError as error:
        raise NotFound(str(error)) from error


def _respond(media_type: str) -> Response:
    given = without(fields(request.query_string))
    if media_type == HTML and not any(value.strip() for _, value in given):
        return _page({})
    try:
        explanation = explain(given)
    except ArgumentError as error:
        if media_type != HTML:
            raise
        return _page(dict(given), error=error)
    response = _written(explanation, media_type)
    if _BY_TIME in explanation.cut:
        # Another time more may be found: such an answer is not kept.
        exchange_of(request.environ).version = explanation.version
        stamp(response)
    return response


def _written(explanation: Explanation, media_type: str) -> Response:
    words = Words(engine(), explanation)
    if media_type == TURTLE:
        return describe(as_prov(explanation, words), TURTLE)
    if media_type == JSON:
        return _varied(Response(json.dumps(as_json(explanation, words)), content_type=JSON))
    return _page(arguments(explanation.triple), found=shown(explanation, words), cut=explanation.cut)


def _page(
    given: dict[str, str], found: Page | None = None, cut: tuple[str, ...] = (), error: ArgumentError | None = None
) -> Response:
    page = render_template(
        "why.html", given=given, found=found, cut=cut, error=error, places=PLACES, arguments=urlencode(given)
    )
    return _varied(Response(page, 400 if error else 200, content_type=content_type(HTML)))


def _varied(response: Response) -> Response:
    response.vary.add("Accept")
    return response
