"""Which representation a request gets: by ``Accept`` (Werkzeug ranks it), or by a suffix of the path.

A format also goes by other names (``application/json`` for SPARQL results and for JSON-LD), unless the request names
the format itself: then what it says of it holds, and an alias does not raise it.

Every answer that depends on ``Accept`` says so in ``Vary``; a request for what is not offered gets 406 with what is.
"""

from collections.abc import Sequence
from typing import Final

from flask import request
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import parse_options_header

HTML: Final = "text/html"

EXTENSIONS: Final = {
    "html": HTML,
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
EXTENSION_OF: Final = {media_type: extension for extension, media_type in EXTENSIONS.items()}
# The formats of RDF graphs, in and out, by the ends of file names.
GRAPH_EXTENSIONS: Final = {name: EXTENSIONS[name] for name in ("ttl", "nt", "jsonld", "rdf")}

# What clients also call a format.
_ALIASES: Final = {
    "application/sparql-results+json": ("application/json",),
    "application/sparql-results+xml": ("application/xml", "text/xml"),
    "application/n-triples": ("text/plain",),
    "application/ld+json": ("application/json",),
    "application/rdf+xml": ("application/xml", "text/xml"),
    HTML: ("application/xhtml+xml",),
}
_TEXT_WITH_CHARSET: Final = frozenset({"text/csv", "text/tab-separated-values", "text/turtle", HTML})


def choose(offers: Sequence[str]) -> str:
    """The offered media type that the request likes best; the first where no wish can be read; raises 406."""
    accepted = request.accept_mimetypes
    if not list(accepted):
        return offers[0]
    names = _names(offers)
    best = accepted.best_match(names)
    if best is None:
        raise NotAcceptable(f"available here: {', '.join(offers)}; asked for: {request.headers.get('Accept')}")
    return names[best]


def _names(offers: Sequence[str]) -> dict[str, str]:
    """Every name under which an offer may be asked for: its own, then aliases, then those with parameters."""
    names = {offer: offer for offer in offers}
    wishes = [(wish, parse_options_header(wish)[0].lower()) for wish in request.accept_mimetypes.values()]
    for offer in offers:
        if all(bare != offer for _, bare in wishes):
            for alias in _ALIASES.get(offer, ()):
                names.setdefault(alias, offer)
    for wish, bare in wishes:
        if bare in names:
            names.setdefault(wish, names[bare])
    return names


def prefers_html() -> bool:
    """Whether the client is a reader of pages: it would rather have HTML than JSON."""
    accepted = request.accept_mimetypes
    return accepted.provided and accepted.best_match(["application/json", HTML]) == HTML


def content_type(media_type: str) -> str:
    """The ``Content-Type`` of a representation: with a charset where the type has one."""
    return f"{media_type}; charset=utf-8" if media_type in _TEXT_WITH_CHARSET else media_type


def split_suffix(path: str, extensions: Sequence[str]) -> tuple[str, str | None]:
    """A path and the media type that its suffix asks for, or None where it has no suffix of those."""
    stem, dot, extension = path.rpartition(".")
    if dot and extension in extensions:
        return stem, EXTENSIONS[extension]
    return path, None
