"""The RDF that a request brings: its body, or each file of a ``multipart/form-data`` form."""

from collections.abc import Iterator
from typing import Final

from flask import request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from graph.store.plain import Upload
from server.negotiation import GRAPH_EXTENSIONS
from server.parameters import refuse_charset

FORM: Final = "multipart/form-data"
_MOST: Final = 1000
# What clients call a file whose type they do not know; then its name tells.
_UNKNOWN: Final = frozenset({"", "application/octet-stream"})


def uploads(base: str) -> list[Upload]:
    """What the request brings for a graph whose IRI is the base of relative ones; raises 415 for what is no RDF."""
    body = request.get_data(cache=False)
    if request.mimetype == FORM:
        return list(_files(body, base))
    refuse_charset()
    return [Upload(body, _rdf(request.mimetype, "the body"), base)]


def _files(body: bytes, base: str) -> Iterator[Upload]:
    """Each file of the form; raises 400 for a form that cannot be read, or has none."""
    try:
        parts = list(_parts(body, request.mimetype_params.get("boundary", "")))
    except ValueError as error:
        raise BadRequest(f"the form cannot be read: {error}") from error
    if not parts:
        raise BadRequest("the form has no file")
    for part, data in parts:
        name = part.filename if isinstance(part, File) else part.name
        yield Upload(data, _media_type(part.headers, name or ""), base)


def _parts(body: bytes, boundary: str) -> Iterator[tuple[File | Field, bytes]]:
    if not boundary:
        raise ValueError("its Content-Type names no boundary")
    decoder = MultipartDecoder(boundary.encode(), max_parts=_MOST)
    decoder.receive_data(body)
    decoder.receive_data(None)
    part, data = None, bytearray()
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, Field | File):
            part, data = event, bytearray()
        elif isinstance(event, Data) and part is not None:
            data += event.data
            if not event.more_data:
                yield part, bytes(data)


def _media_type(headers: Headers, name: str) -> str:
    """The media type of a file: what its part says, or else what its name ends in."""
    said, parameters = parse_options_header(headers.get("Content-Type"))
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"the charset of '{name}' is '{parameters['charset']}': send UTF-8")
    if said.lower() in _UNKNOWN:
        said = GRAPH_EXTENSIONS.get(name.rpartition(".")[2].lower(), "")
    return _rdf(said.lower(), f"'{name}'")


def _rdf(media_type: str, what: str) -> str:
    if media_type not in GRAPH_EXTENSIONS.values():
        known = ", ".join(GRAPH_EXTENSIONS.values())
        raise UnsupportedMediaType(f"{what} is of the type '{media_type or 'nothing'}': send one of {known}")
    return media_type
