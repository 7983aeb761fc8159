"""``/reconcile``: the Reconciliation Service API 0.2 of W3C's community group, over the graph; for OpenRefine.

GET without parameters is the manifest; ``queries`` and ``extend``, in the URL or in a posted form, are answered.
Everything is read only, at the clocks of the request, and may be asked from any site (CORS; JSONP for old clients).
"""

import re
from typing import Any, Final

from flask import Blueprint, Response, json, request
from werkzeug.exceptions import BadRequest, NotFound, UnsupportedMediaType

from server import clock
from server.addresses import site
from server.delivery import keep_answers
from server.parameters import FORM, Fields, fields, once, text_body
from server.reconciliation.candidates import answer
from server.reconciliation.extension import extend, propose
from server.reconciliation.manifest import PATH, manifest
from server.reconciliation.offer import limits, offer_now
from server.reconciliation.preview import flyout, preview
from server.reconciliation.reading import MOST_CHARACTERS, STRICTNESS, read_batch, read_extension
from server.reconciliation.suggesting import suggest_entities, suggest_properties, suggest_types
from server.reconciliation.turns import in_turn

JSON: Final = "application/json"
SCRIPT: Final = "text/javascript; charset=utf-8"
_CALLBACK: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*")
_LONGEST_CALLBACK: Final = 200
_NUMBER: Final = re.compile(r"[0-9]{1,9}")

blueprint = Blueprint("reconciliation", __name__, url_prefix=PATH)
keep_answers(blueprint)


@blueprint.get("")
@in_turn
def by_get() -> Response:
    """The manifest; or the answer to ``queries`` or ``extend``."""
    return _answer(fields(request.query_string))


@blueprint.post("")
@in_turn
def by_post() -> Response:
    """The answer to ``queries`` or ``extend`` of a form; clocks may stand in it or in the URL."""
    if request.mimetype != FORM:
        raise UnsupportedMediaType(
            f"send {FORM} with 'queries' or 'extend', not '{request.content_type or 'nothing'}'"
        )
    given = [*fields(request.query_string), *fields(text_body().encode())]
    clock.take(given)
    return _answer(given, has_manifest=False)


@blueprint.get("/suggest/entity")
@in_turn
def entities() -> Response:
    """Entities whose names have the letters of ``prefix``, after ``cursor`` others; of a ``type`` if one is given."""
    given = fields(request.query_string)
    strict = once(given, "type_strict") or STRICTNESS[0]
    if strict not in STRICTNESS:
        raise BadRequest(f"'type_strict' is '{strict[:MOST_CHARACTERS]}': expected one of {', '.join(STRICTNESS)}")
    type_ = "" if strict == "should" else _text(given, "type", "")
    return _told(given, suggest_entities(offer_now(), _text(given, "prefix"), _number(given, "cursor") or 0, type_))


@blueprint.get("/suggest/property")
@in_turn
def properties() -> Response:
    """Properties, in the same way."""
    given = fields(request.query_string)
    return _told(given, suggest_properties(offer_now(), _text(given, "prefix"), _number(given, "cursor") or 0))


@blueprint.get("/suggest/type")
@in_turn
def types() -> Response:
    """Types, in the same way."""
    given = fields(request.query_string)
    return _told(given, suggest_types(offer_now(), _text(given, "prefix"), _number(given, "cursor") or 0))


@blueprint.get("/flyout/<any(entity, property, type):kind>")
@in_turn
def flown_out(kind: str) -> Response:
    """A few words on what an ``id`` stands for, as HTML in JSON."""
    given = fields(request.query_string)
    found = flyout(offer_now(), kind, _text(given, "id"))
    if found is None:
        raise NotFound(f"there is no {kind} '{_text(given, 'id')}' here")
    return _told(given, found)


@blueprint.get("/preview")
@in_turn
def previewed() -> Response:
    """A small page on the entity of ``id``, for a frame."""
    identifier = _text(fields(request.query_string), "id")
    found = preview(offer_now(), identifier)
    if found is None:
        raise NotFound(f"there is no entity '{identifier}' here")
    return found


@blueprint.get("/extend/propose")
@in_turn
def proposed() -> Response:
    """The properties that entities of a ``type`` have, at most ``limit`` of them."""
    given = fields(request.query_string)
    return _told(given, propose(_text(given, "type", ""), _number(given, "limit"), offer_now()))


def _answer(given: Fields, has_manifest: bool = True) -> Response:
    """Whichever of the two is asked; the manifest where neither is."""
    queries, extension = once(given, "queries"), once(given, "extend")
    if queries is not None and extension is not None:
        raise BadRequest("send 'queries' or 'extend', not both")
    if queries is not None:
        batch = read_batch(queries, limits().reconciled_queries)
        return _told(given, answer(batch, offer_now(), clock.engine(), limits().extended_values))
    if extension is not None:
        wanted = read_extension(extension, limits().extended_values)
        return _told(given, extend(wanted, offer_now(), clock.engine(), limits().extended_values))
    if not has_manifest or once(given, "query") is not None:
        raise BadRequest("send 'queries', a batch of reconciliation queries in JSON, or 'extend'")
    return _told(given, manifest(offer_now(), site(), list(clock.among(given)), limits()))


def _told(given: Fields, document: dict[str, Any]) -> Response:
    """A document as JSON; as a call of the function that ``callback`` names, where a script asks so."""
    body = json.dumps(document)
    callback = once(given, "callback") if request.method in ("GET", "HEAD") else None
    if callback is None:
        return Response(body, content_type=JSON)
    if len(callback) > _LONGEST_CALLBACK or not _CALLBACK.fullmatch(callback):
        raise BadRequest("callback: the name of a function in JavaScript is expected, of ASCII letters")
    script = body.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Response(f"/**/{callback}({script});", content_type=SCRIPT)


def _text(given: Fields, name: str, default: str | None = None) -> str:
    """A parameter of the URL; raises 400 where it is missing and has no default, or is too long for a name."""
    found = once(given, name)
    if found is None:
        if default is None:
            raise BadRequest(f"a request needs the parameter '{name}'")
        return default
    if len(found) > MOST_CHARACTERS:
        raise BadRequest(f"'{name}' has {len(found):,} characters, and at most {MOST_CHARACTERS:,} are read")
    return found


def _number(given: Fields, name: str) -> int | None:
    """A parameter that is a whole number; None where it is not given; raises 400 for anything else."""
    found = once(given, name)
    if found is not None and not _NUMBER.fullmatch(found):
        raise BadRequest(f"'{name}' is '{found}': a whole number is expected")
    return None if found is None else int(found)
