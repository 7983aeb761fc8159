"""Uploads: RDF in one of its syntaxes, read for one graph of a plain store.

Nothing is fetched: Oxigraph's parsers know no remote JSON-LD context and no external XML entity, and the writing
process can open no socket. What would overflow a parser's stack (nesting) or fill memory (XML entities that stand
for more entities) is refused before it is parsed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final
from xml.parsers import expat

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from graph.store.faults import MediaTypeError, UploadSyntaxError

UPLOAD_TYPES: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
}
DEPTH: Final = 200
"""Oxigraph recurses into triple terms and JSON-LD (4,000 levels end the process), and needs the square of an XML
document's depth (20,000 levels: 15 s). No data that people write is nested more than a few levels."""
BULK: Final = 256 * 1024
"""Uploads of more bytes are loaded in bulk: twice as fast, and in bounded memory; but they cannot be taken back."""
_EXPANSION: Final = 10
_EXPANSION_FLOOR: Final = 64 * 1024
_WITHOUT_GRAPHS: Final = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML)

_STEPS: Final[dict[int | bytes, int]] = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1, b"<<": 1, b">>": -1}
_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"{}[]"))
_TURTLE_TOKEN = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    rb'|"(?:[^"\\\r\n]|\\.)*"'
    rb"|'(?:[^'\\\r\n]|\\.)*'"
    rb"|<[^<>\"{}|^`\x00-\x20]*>|\#[^\r\n]*",
    re.DOTALL,
)
_TRIPLE_BRACKET = re.compile(rb"<<|>>")
_ENTITY = re.compile(rb'<!ENTITY\s*%?\s*([^\s"]+)\s*"([^"]*)"')
_REFERENCE = re.compile(rb"&([^;&\s#][^;&\s]*);")


@dataclass(frozen=True)
class Upload:
    """RDF to put into a graph: its bytes, its media type (no parameters), and the IRI that relative ones rest on."""

    data: bytes
    media_type: str
    base: str


def refuse_unreadable(upload: Upload) -> None:
    """Refuse, before it is parsed, what cannot be or should not; raises MediaTypeError and UploadSyntaxError."""
    form = UPLOAD_TYPES.get(upload.media_type)
    if form is None:
        raise MediaTypeError(f"'{upload.media_type}' cannot be read; send one of {', '.join(UPLOAD_TYPES)}")
    if form == RdfFormat.RDF_XML:
        _refuse_entities(upload.data)
        _refuse_deep_xml(upload.data)
    elif form == RdfFormat.JSON_LD:
        brackets = _JSON_STRING.sub(b"", upload.data).translate(None, _NO_BRACKETS)
        _refuse_depth(accumulate(map(_STEPS.__getitem__, brackets)))
    elif upload.data.count(b"<<") > DEPTH:
        bare = _TURTLE_TOKEN.sub(b"", upload.data)
        _refuse_depth(accumulate(map(_STEPS.__getitem__, _TRIPLE_BRACKET.findall(bare))))


def quads_of(upload: Upload, graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    """An upload's triples as quads of the graph, with blank nodes of their own; raises UploadSyntaxError."""
    form = UPLOAD_TYPES[upload.media_type]
    try:
        for quad in parse(
            upload.data, form, base_iri=upload.base or None, without_named_graphs=True, rename_blank_nodes=True
        ):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        raise _syntax_error(upload, error) from error


def bulk_load(store: Store, upload: Upload, graph: NamedNode | DefaultGraph) -> None:
    """Load a large upload in little memory; a failure leaves the store as it was before this upload."""
    form = UPLOAD_TYPES[upload.media_type]
    if form not in _WITHOUT_GRAPHS:
        store.bulk_extend(quads_of(upload, graph))
        return
    try:
        store.bulk_load(upload.data, form, base_iri=upload.base or None, to_graph=graph)
    except SyntaxError as error:
        raise _syntax_error(upload, error) from error


def _syntax_error(upload: Upload, error: SyntaxError) -> UploadSyntaxError:
    message = str(error.args[0]) if error.args else str(error)
    return UploadSyntaxError(f"{upload.media_type}: {message}", error.lineno, error.offset)


def _refuse_depth(depths: Iterator[int]) -> None:
    if max(depths, default=0) > DEPTH:
        raise UploadSyntaxError(f"the data are nested more than {DEPTH} levels deep; write them flatter")


def _refuse_entities(data: bytes) -> None:
    """Entities that stand for others multiply: 1 KB can stand for a TB. Oxigraph reads them even in comments."""
    lengths: dict[bytes, int] = {}
    total = 0
    for name, value in _ENTITY.findall(data):
        lengths[name] = len(value) + _expanded(value, lengths)
        total += lengths[name]
    if lengths and total + _expanded(data, lengths) > _EXPANSION * len(data) + _EXPANSION_FLOOR:
        raise UploadSyntaxError("application/rdf+xml: its entities stand for far more than was sent; write them out")


def _expanded(data: bytes, lengths: dict[bytes, int]) -> int:
    return sum(lengths.get(name, 0) for name in _REFERENCE.findall(data))


def _refuse_deep_xml(data: bytes) -> None:
    """Reads it once as XML: that tells its depth, and where it is not XML."""
    depth = 0

    def opens(_: str, __: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        _refuse_depth(iter((depth,)))

    def closes(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = opens, closes
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        message = f"application/rdf+xml: not well-formed XML: {expat.ErrorString(error.code)}"
        raise UploadSyntaxError(message, error.lineno, error.offset + 1) from error
