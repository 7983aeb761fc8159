"""Turns: names are compared in this process, so few requests do it at the same time; others wait, not for ever.

What the engine does is done by workers of its own; what is done here would else hold up every other page. A turn is
over after the limit ``query_seconds``, however many short queries it is made of.
"""

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from time import monotonic
from typing import Final, Literal, ParamSpec, TypeVar

from flask import g

from graph.engine import EngineBusyError, QueryTimeoutError
from server.clock import engine
from server.reconciliation.offer import limits

AT_ONCE: Final = 2
_TURNS: Final = BoundedSemaphore(AT_ONCE)
_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


def in_turn(view: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """A view that waits for its turn; raises :class:`EngineBusyError` after the limit ``waiting_seconds``."""

    @wraps(view)
    def waiting(*given: _Given.args, **named: _Given.kwargs) -> _Answer:
        engine()  # a view that must be made first is waited for outside
        if not _TURNS.acquire(timeout=limits().waiting_seconds):
            raise EngineBusyError(
                "too many reconcile at the same time; come back in a moment, or send smaller batches"
            )
        g.turn_ends = monotonic() + limits().query_seconds
        try:
            return view(*given, **named)
        finally:
            _TURNS.release()

    return waiting


def go_on() -> Literal[True]:
    """Asked before each part of an answer; raises :class:`graph.engine.QueryTimeoutError` if the turn is over."""
    if monotonic() > g.turn_ends:
        raise QueryTimeoutError(
            f"the answer took more than {limits().query_seconds:g} seconds, which is the limit: ask for fewer things"
        )
    return True
