"""What can go wrong with a write to a plain store. Whatever it is, nothing of the write is kept."""

from collections.abc import Mapping
from typing import Any


class WriteError(ValueError):
    """A write came to nothing; ``line`` and ``column`` count from 1 and are None where unknown."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class UpdateSyntaxError(WriteError):
    """The text is not a SPARQL update. The message is Oxigraph's own, ``error at <line>:<column>: expected …``."""


class UpdateEvaluationError(WriteError):
    """The update is well formed, yet cannot be carried out: an unknown function, a graph that is not there."""


class UploadSyntaxError(WriteError):
    """An upload is not RDF of its media type, or more than a reader should be asked to read (nesting, entities)."""


class MediaTypeError(WriteError):
    """An upload has a media type that is not among those that can be read."""


class GraphIriError(WriteError):
    """What should name a graph is no absolute IRI."""


class NoGraphError(WriteError):
    """The graph to delete is not there."""


class UpdateTimeoutError(WriteError):
    """The write took longer than it may (``update_seconds``); its process was killed."""


class UpdateMemoryError(WriteError):
    """The write needed more memory than it may (``update_memory``); its process ended."""


class DiskError(WriteError):
    """The disk did not take the write: it is full, or it fails."""


class WriterGoneError(WriteError):
    """The writing process ended (somebody killed it, or it crashed); the next write starts another."""


_KINDS = {
    each.__name__: each
    for each in (
        UpdateSyntaxError,
        UpdateEvaluationError,
        UploadSyntaxError,
        MediaTypeError,
        GraphIriError,
        NoGraphError,
        UpdateMemoryError,
        DiskError,
    )
}


def told(fault: WriteError) -> dict[str, Any]:
    """A fault as a message from the writing process."""
    return {"fault": type(fault).__name__, "message": str(fault), "line": fault.line, "column": fault.column}


def heard(message: Mapping[str, Any]) -> WriteError:
    """The fault that a message tells of."""
    return _KINDS[message["fault"]](message["message"], message["line"], message["column"])
