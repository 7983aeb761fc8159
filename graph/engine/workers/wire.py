"""Errors on their way from a worker to the process that asked: JSON there, the same error here."""

from collections.abc import Mapping
from typing import Any

import graph.engine
from graph.engine import QueryCrashError, QueryMemoryError, QuerySyntaxError


def packed(error: BaseException) -> dict[str, object]:
    """An error as a message; what is none of ours is a crash, but for want of memory."""
    ours = [each.__name__ for each in type(error).__mro__ if each in _CLASSES.values()]
    name = ours[0] if ours else (QueryMemoryError if isinstance(error, MemoryError) else QueryCrashError).__name__
    said = str(error) if ours else f"the engine failed: {type(error).__name__}: {error}"
    place = {"line": error.line, "column": error.column} if isinstance(error, QuerySyntaxError) else {}
    return {"error": name, "message": said, **place}


def unpacked(message: Mapping[str, Any]) -> Exception:
    """The error that a message tells of."""
    error = _CLASSES[message["error"]](message["message"])
    if isinstance(error, QuerySyntaxError):
        error.line, error.column = message.get("line"), message.get("column")
    return error


_CLASSES: dict[str, type[Exception]] = {
    name: each for name, each in vars(graph.engine).items() if isinstance(each, type) and issubclass(each, Exception)
}
