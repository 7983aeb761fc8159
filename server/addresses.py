"""Addresses of this service, as the client calls it: the base of relative IRIs, and names of what it describes.

The application's extension ``public_url`` (scheme and host, with no path), where it is set, goes before ``Host``.
"""

from typing import Final
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

from flask import current_app, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest

from server.asgi import is_host

GRAPHS: Final = "/graphs"
VOID: Final = "/.well-known/void"
WIKIDATA_SPARQL: Final = "/wikidata/sparql"
_SAFE: Final = "/%!$&'()*+,;=:@~"


def site() -> str:
    """Scheme and host; raises 400 for a ``Host`` that is none."""
    public: str | None = current_app.extensions.get("public_url")
    if not public and not is_host(request.host):
        raise BadRequest(f"the header Host is '{request.headers.get('Host', '')}': send the name of this service")
    root = (public or request.host_url).rstrip("/")
    try:
        NamedNode(root + "/")
    except ValueError as error:
        raise BadRequest(f"the header Host is '{request.headers.get('Host')}': {error}") from error
    return root


def here() -> str:
    """The URL of the request, without its parameters."""
    return site() + _path()


def graph_url(root: str, name: str | None) -> NamedNode:
    """Where the Graph Store Protocol serves a graph; None is the default graph."""
    return NamedNode(f"{root}{GRAPHS}?default" if name is None else f"{root}{GRAPHS}?graph={quote(name, safe='')}")


def _path() -> str:
    """The path with the percent-encoding of the client, which WSGI alone would lose: ``%2F`` is not ``/``."""
    raw = str(request.environ.get("REQUEST_URI", "")).partition("?")[0].encode("latin-1", "replace")
    if unquote_to_bytes(raw).decode("utf-8", "replace") != request.path:
        raw = request.path.encode()
    return quote_from_bytes(raw, safe=_SAFE)
