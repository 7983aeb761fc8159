"""How a view hands its answer over: the body, whether it may be kept, and the validator of what it is.

A body that is finished and small goes with its length. Any other one the front streams, so that a client who reads
slowly holds no thread; where there is no front, Flask iterates over it.

An ETag is ``<16 of the data version>-<16 of a hash>``; the hash is over everything else that the answer depends on:
the program, the address, the request's body and the media type. So it can be told without the answer.
"""

import re
from hashlib import sha256
from importlib.metadata import version as version_of
from typing import Final

from flask import Blueprint, Response, g, request

from graph.engine import Response as Answer
from server.clock import version
from server.exchange import exchange_of

_SHOWN: Final = 16
_UNUSUAL: Final = re.compile(r"[^A-Za-z0-9._-]")
_PROGRAM: Final = version_of("communique")


def deliver(answer: Answer, content_type: str, filename: str | None = None) -> Response:
    """The engine's answer as a response; it is kept unless it is volatile."""
    exchange = exchange_of(request.environ)
    exchange.answered(answer)
    whole = answer.body.whole
    if whole is not None:
        response = Response(whole, content_type=content_type)
    elif exchange.in_front:
        exchange.body = answer.body
        response = Response(content_type=content_type)
    else:
        response = Response(answer.body, content_type=content_type)
    if filename:
        response.headers["Content-Disposition"] = f'inline; filename="{_UNUSUAL.sub("_", filename)}"'
    return stamp(response)


def stamp(response: Response) -> Response:
    """Say whether the answer may be kept and checked again: by its ETag; or not at all, where it is volatile.

    A view that makes a page of an engine's answer calls ``exchange_of(environ).answered(answer)`` before.
    """
    exchange = exchange_of(request.environ)
    response.vary.add("Accept")
    if exchange.storable:
        response.set_etag(etag_of(exchange.version, response.content_type or ""))
        response.cache_control.no_cache = True
    else:
        response.cache_control.no_store = True
    return response


def etag_of(version: str, content_type: str) -> str:
    """The ETag, without quotation marks, of this request's answer from a version of the data."""
    exchange = exchange_of(request.environ)
    media_type = content_type.partition(";")[0].encode()
    parts = (_PROGRAM.encode(), request.path.encode(), request.query_string, exchange.content, media_type)
    digest = sha256(b"".join(len(part).to_bytes(4) + part for part in parts)).hexdigest()
    return f"{version[:_SHOWN]}-{digest[:_SHOWN]}"


def keep_answers(blueprint: Blueprint) -> None:
    """Let the finished pages of a blueprint be kept, each of which depends on its address and on the data only."""
    blueprint.before_request(_note_version)
    blueprint.after_request(_keep)


def _note_version() -> None:
    g.version = version()


def _keep(response: Response) -> Response:
    """Stamp a page, unless the data were replaced while it was made: it may then show some of both."""
    exchange = exchange_of(request.environ)
    if response.status_code == 200 and not exchange.version:  # noqa: PLR2004
        exchange.version = g.version
        exchange.storable = bool(g.version) and version() == g.version
        exchange.cache = "miss"
        stamp(response)
    return response
