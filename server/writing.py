"""What every write over HTTP has in common: whether it is allowed, on which version it is made, what it answers.

A write may say on which version of the data it is meant (``If-Match``, ``If-None-Match``, RFC 9110). Every ETag of
this service begins with the data version, so any of them does, and so does the ``Data-Version`` of an earlier write:
the condition holds as long as nothing in the store has changed. It is checked under the lock of the one writer.
"""

from collections.abc import Iterable
from typing import Final

from flask import Response, current_app, request
from werkzeug.datastructures import ETags
from werkzeug.exceptions import Forbidden, PreconditionFailed

from graph.store.plain import Condition, PlainStore
from server.access import Tokens

DATA_VERSION: Final = "Data-Version"
_NO_PLAIN_STORE: Final = (
    "nobody may write here over HTTP: a corpus is written by `communique build` only, and a plain store where it is"
    " served by `communique serve --plain DIR --allow-updates`"
)
_NO_UPDATES: Final = "writing is switched off: it needs `communique serve --plain DIR --allow-updates` and a token"
_SHOWN: Final = 16


def store_for(scope: str) -> PlainStore:
    """The store, if it may be written by whoever asks; raises 403 where nobody may, 401 or 403 for their token."""
    plain: PlainStore | None = current_app.extensions.get("plain")
    if plain is None:
        raise Forbidden(_NO_PLAIN_STORE)
    if not current_app.extensions.get("updates"):
        raise Forbidden(_NO_UPDATES)
    tokens: Tokens | None = current_app.extensions.get("tokens")
    if tokens is None:
        raise Forbidden(f"there are no tokens: make one with `communique token DIR --scope {scope}`")
    tokens.check(request.headers.get("Authorization"), scope)
    return plain


def condition() -> Condition | None:
    """The conditions of the request, to be checked against the version that the write would replace."""
    match, none_match = request.if_match, request.if_none_match
    if "If-Match" not in request.headers and "If-None-Match" not in request.headers:
        return None

    def check(version: str, exists: bool) -> None:
        if "If-Match" in request.headers and not _matches(match, match.as_set(), version, exists):
            raise PreconditionFailed(f"If-Match does not hold: the data version is {version}{_unless(exists)}")
        if "If-None-Match" in request.headers and _matches(
            none_match, none_match.as_set(include_weak=True), version, exists
        ):
            raise PreconditionFailed(f"If-None-Match does not hold: the data version is {version}{_unless(exists)}")

    return check


def written(version: str, status: int = 204) -> Response:
    """The answer to a write: no body, and the version that it made."""
    response = Response(status=status)
    response.headers[DATA_VERSION] = version
    response.cache_control.no_store = True
    del response.headers["Content-Type"]
    return response


def _matches(given: ETags, tags: Iterable[str], version: str, exists: bool) -> bool:
    if given.star_tag:
        return exists
    return exists and any(tag == version or tag.startswith(f"{version[:_SHOWN]}-") for tag in tags)


def _unless(exists: bool) -> str:
    return "" if exists else ", and there is no such graph"
