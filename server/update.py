"""``/update``: updates by the SPARQL 1.1 Protocol, on a plain store, with a token."""

import re
from typing import Final

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import BadRequest

from graph.engine import QuerySyntaxError, ServiceRefusedError
from graph.engine.text.dataset_clause import rewritten
from graph.engine.text.faults import syntax_error
from graph.engine.text.guard import LoadRefusedError, refuse_reach
from graph.engine.text.rewriting import Rewritten
from graph.engine.text.syntax import refuse_unreadable
from graph.reach.load import prepare_update
from graph.store.faults import UpdateSyntaxError
from server.addresses import here
from server.exchange import exchange_of
from server.parameters import every, once, operation_fields, refuse
from server.writing import condition, store_for, written

DIRECT: Final = "application/sparql-update"
_OF_QUERIES: Final = ("query", "default-graph-uri", "named-graph-uri")
_PLACE: Final = re.compile(r"(?<=error at )(\d+):(\d+)")

blueprint = Blueprint("update", __name__)


@blueprint.post("/update")
def update() -> Response:
    """Run an update, all of it or nothing; the answer has the version that it made, and its ETag."""
    store = store_for("update")
    given = operation_fields("update", DIRECT)
    refuse(given, _OF_QUERIES, "this is a place for updates")
    text = once(given, "update")
    if text is None:
        raise BadRequest("a request needs the parameter 'update'")
    exchange_of(request.environ).asks(text)
    g.query = text
    made = rewritten(_prepared(text), here(), every(given, "using-graph-uri"), every(given, "using-named-graph-uri"))
    refuse_reach(made.text)
    try:
        version = store.update(made.text, condition())
    except UpdateSyntaxError as error:
        raise _as_sent(made, error) from error
    response = written(version)
    response.set_etag(version)
    return response


def _prepared(text: str) -> str:
    """The update with nothing in it that reaches out; what cannot be read is told before what may not be fetched."""
    try:
        return prepare_update(text, current_app.extensions.get("reach"), exchange_of(request.environ).cancellation)
    except (LoadRefusedError, ServiceRefusedError):
        refuse_unreadable(text, here())
        raise


def _as_sent(made: Rewritten, error: UpdateSyntaxError) -> QuerySyntaxError:
    """The engine's error with the place in the text that the client knows."""

    def place(found: re.Match[str]) -> str:
        line, column = made.place(int(found[1]), int(found[2]))
        return f"{line}:{column}"

    return syntax_error(made.sent, SyntaxError(_PLACE.sub(place, str(error), count=1)))
