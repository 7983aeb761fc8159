"""What the service says of itself, as RDF in the format asked for."""

from collections.abc import Iterable
from typing import Final

from flask import Response
from pyoxigraph import RdfFormat, Triple, serialize

from graph.namespaces import PREFIXES
from server.negotiation import content_type

VOID: Final = "http://rdfs.org/ns/void#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_PREFIXES: Final = {**PREFIXES, "void": VOID, "sd": SD, "formats": "http://www.w3.org/ns/formats/"}


def describe(triples: Iterable[Triple], media_type: str) -> Response:
    """A response with the triples, by subject in the order given."""
    found = list(dict.fromkeys(triples))
    places: dict[object, int] = {}
    found.sort(key=lambda triple: places.setdefault(triple.subject, len(places)))
    text = "\n".join(map(str, found))
    prefixes = {name: namespace for name, namespace in _PREFIXES.items() if f"<{namespace}" in text}
    form = RdfFormat.from_media_type(media_type)
    if form is None:
        raise ValueError(f"no RDF format has the media type {media_type}")
    response = Response(serialize(found, format=form, prefixes=prefixes), content_type=content_type(media_type))
    response.vary.add("Accept")
    return response
