"""A remote store's answer, read and written anew in the format that is wanted.

Every answer is read, whatever is wanted: solutions as JSON, triples as N-Triples or Turtle. Only so is it certain
that an answer is whole. `oxigraph serve` ends one that it breaks off like any other, with its complaint as the last
words; CSV would take them for a row, and Oxigraph's parser of XML results does not miss what is missing.
"""

import io
import re
from collections.abc import Callable
from typing import IO, Final

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results, serialize

from graph.engine import QueryTimeoutError, UnwritableError
from graph.engine.remote.complaints import MOST_READ, RemoteFailedError, complaint
from graph.engine.remote.cut import refuse_cut
from graph.engine.remote.transfer import Transfer

_JSON: Final = "application/sparql-results+json"
_READABLE: Final = {"application/n-triples": RdfFormat.N_TRIPLES, "text/turtle": RdfFormat.TURTLE}
ACCEPT: Final = {
    True: f"{_JSON}, application/json;q=0.5",
    False: "application/n-triples, text/turtle;q=0.5",
}
_TAIL: Final = 200
_OK: Final = 200
# A yes or no takes some sixty bytes.
_LONGEST_TRUTH: Final = 64 * 1024
# Virtuoso calls a blank node `nodeID://b10000` in JSON, which is no name of a blank node.
_NODE_ID: Final = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')
_LONGEST_NODE_ID: Final = 64


class Incoming(io.RawIOBase):
    """The bytes of an answer, as a file that a parser reads; its last words are kept for complaints."""

    def __init__(self, read: Callable[[], bytes], change: Callable[[bytes], bytes] | None = None) -> None:
        super().__init__()
        self._read = read
        self._change = change or bytes
        self._block = b""
        self._held = b""
        self.tail = b""
        self.error: BaseException | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes, empty at the end; raises what broke the answer off."""
        if not self._block:
            self._block = self._next()
        size = len(self._block) if size < 0 else size
        block, self._block = self._block[:size], self._block[size:]
        return block

    def rest(self, most: int) -> bytes:
        """All that is left, or more than so many bytes of it."""
        held = bytearray()
        while len(held) <= most and (block := self.read()):
            held += block
        return bytes(held)

    def _next(self) -> bytes:
        """The next block; its end is held back while something to be changed may lie on the border."""
        while True:
            try:
                came = self._read()
            except BaseException as error:
                self.error = error
                raise
            self.tail = (self.tail + came)[-_TAIL:]
            block = self._change(self._held + came)
            keep = _LONGEST_NODE_ID if came and self._change is not bytes else 0
            self._held = block[max(0, len(block) - keep) :] if keep else b""
            block = block[: len(block) - len(self._held)]
            if block or not came:
                return block


def convert(query: str, form: str, transfer: Transfer, media_type: str, output: IO[bytes]) -> None:
    """Write the answer to a query of that form as a media type.

    Raises the errors of :mod:`graph.engine` and of :mod:`graph.engine.remote.complaints`, and those of the output.
    """
    solutions = form in ("SELECT", "ASK")
    incoming = Incoming(transfer.read, _named if solutions else None)
    kind = _kind(query, transfer, incoming)
    try:
        if form == "ASK":
            _truth(incoming, kind, media_type, output)
        elif solutions:
            _solutions(incoming, kind, media_type, output)
        else:
            _triples(incoming, kind, media_type, output)
    except SyntaxError as error:
        raise _cut_off(incoming, error) from error
    except OSError as error:
        if incoming.error:
            raise
        raise UnwritableError(f"{media_type} cannot express this answer: {error}") from error


def _kind(query: str, transfer: Transfer, incoming: Incoming) -> str:
    """The media type of an answer that is one; raises what it says if it is none."""
    head = transfer.head()
    content_type = head.headers.get("Content-Type", "")
    if head.status_code != _OK:
        raise complaint(query, head.status_code, content_type, incoming.rest(MOST_READ))
    if head.headers.get("Content-Encoding", "identity") != "identity":
        raise RemoteFailedError("the store encodes its answer, though it was asked not to")
    refuse_cut(query, head.headers)
    return str(content_type).partition(";")[0].strip().casefold()


def _truth(incoming: Incoming, kind: str, media_type: str, output: IO[bytes]) -> None:
    _refuse_kind(kind, _JSON)
    data = incoming.rest(_LONGEST_TRUTH)
    if not data.rstrip().endswith(b"}"):
        raise _cut_off(incoming, None)
    found = parse_query_results(data, format=QueryResultsFormat.JSON)
    if not isinstance(found, QueryBoolean):
        raise RemoteFailedError("the store answered with rows where true or false was asked for")
    found.serialize(output, _results_format(media_type))


def _solutions(incoming: Incoming, kind: str, media_type: str, output: IO[bytes]) -> None:
    _refuse_kind(kind, _JSON)
    found = parse_query_results(incoming, format=QueryResultsFormat.JSON)  # type: ignore[arg-type]
    if isinstance(found, QueryBoolean):
        raise RemoteFailedError("the store answered with true or false where rows were asked for")
    found.serialize(output, _results_format(media_type))


def _triples(incoming: Incoming, kind: str, media_type: str, output: IO[bytes]) -> None:
    _refuse_kind(kind, *_READABLE)
    wanted = RdfFormat.from_media_type(media_type)
    found = parse(incoming, format=_READABLE[kind])  # type: ignore[arg-type]
    serialize((quad.triple for quad in found), output, format=wanted)


def _refuse_kind(kind: str, *wanted: str) -> None:
    if kind not in wanted and not (kind == "application/json" and _JSON in wanted):
        raise RemoteFailedError(f"the store answered in '{kind or 'no media type'}', not in {' or '.join(wanted)}")


def _results_format(media_type: str) -> QueryResultsFormat:
    found = QueryResultsFormat.from_media_type(media_type)
    assert found, media_type  # noqa: S101 - one of our own formats
    return found


def _cut_off(incoming: Incoming, error: SyntaxError | None) -> Exception:
    """What it means that an answer cannot be read to its end; oxigraph's last words say why."""
    said = incoming.tail.decode("utf-8", "replace")
    if "has been cancelled" in said:
        return QueryTimeoutError("the store stopped the query at its own time limit")
    return RemoteFailedError(f"the store's answer is not whole, or is none: {error or 'it ends too early'}")


def _named(block: bytes) -> bytes:
    return _NODE_ID.sub(rb"\1nodeID-", block)
